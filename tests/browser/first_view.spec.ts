// What a page asks for while its program is still loading (frontend/ahead.js): all of it is used, and nothing is asked
// for twice.

import { expect, test, type Login } from './todoke.ts';

// What is `heard` live is asked for again when the live connection opens: nobody told what came before it.
const PAGES: { who: Login; path: string; asked: string[]; heard: string[] }[] = [
  { who: 'yamamoto', path: '/me', asked: ['/api/me'], heard: ['/api/me/notices', '/api/me/quiet', '/api/me/settings'] },
  { who: 'suzuki', path: '/console', asked: ['/api/me'], heard: ['/api/home'] },
  { who: 'suzuki', path: '/console/deliveries', asked: ['/api/bulk', '/api/me', '/api/v1/kinds', '/api/v1/rooms'], heard: ['/api/deliveries'] },
  { who: 'suzuki', path: '/console/integrations', asked: ['/api/me'], heard: ['/api/integrations'] },
  { who: 'suzuki', path: '/console/members', asked: ['/api/me', '/api/members/invitations', '/api/v1/companies', '/api/v1/members'], heard: [] },
  { who: 'suzuki', path: '/console/rules', asked: ['/api/me', '/api/v1/companies'], heard: ['/api/rules'] },
];

for (const { who, path, asked, heard } of PAGES) {
  test(`${path} asks early, once`, async ({ as }) => {
    const page = await as(who, '/healthz');
    const seen: string[] = [];
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname.startsWith('/api/') && url.pathname !== '/api/live') seen.push(url.pathname + url.search);
    });
    await page.goto(new URL(path, page.url()).href);
    await expect(page.getByTestId('page-title')).toBeVisible();
    await expect(page.getByTestId('loading')).toHaveCount(0);
    await expect.poll(() => page.evaluate(() => (globalThis as unknown as { todokeAhead: Map<string, unknown> }).todokeAhead.size)).toBe(0);
    const times = (one: string) => seen.filter((other) => other === one).length;
    for (const one of heard) await expect.poll(() => times(one), one).toBeGreaterThan(1);
    for (const one of asked) expect(times(one), one).toBe(1);
  });
}

test('an answer that does not come is asked for again', async ({ as }) => {
  const page = await as('yamamoto', '/healthz');
  const held: string[] = [];
  await page.route('**/api/me/settings', (route) => (held.push(route.request().url()) === 1 ? undefined : route.continue()));
  await page.goto(new URL('/me', page.url()).href);
  await expect(page.locator('.channel').first()).toBeVisible({ timeout: 20_000 });
  expect(held).toHaveLength(2);
});

test('a program that cannot be loaded is not waited for', async ({ as }) => {
  const page = await as('yamamoto', '/healthz');
  await page.route('**/assets/*.wasm', (route) => route.abort());
  await page.goto(new URL('/me', page.url()).href);
  await expect(page.getByRole('link', { name: '再読み込み' })).toBeVisible();
  await page.unroute('**/assets/*.wasm');
  await page.getByRole('link', { name: '再読み込み' }).click();
  await expect(page.getByTestId('page-title')).toBeVisible();
});

test('a page without its script says so by itself', async ({ as }) => {
  test.slow();
  const page = await as('yamamoto', '/healthz');
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.goto(new URL('/console', page.url()).href);
  const words = page.getByRole('link', { name: '再読み込み' });
  await expect(words).toBeHidden();
  await expect(words).toBeVisible({ timeout: 30_000 });
});

test.describe('the next time', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a page is shown as it was, and anew the time after', async ({ as, product }) => {
    const page = await as('yamamoto', '/me');
    await expect(page.getByTestId('page-title')).toBeVisible();
    await page.evaluate(() => navigator.serviceWorker.ready);
    const shells = () => page.evaluate(async () => (await (await caches.open('shells')).keys()).map((one) => new URL(one.url).pathname));
    test.skip((await (await fetch(`${product.url}/shells.js`)).text()) === '', 'A fast build keeps no pages.');
    await page.reload();
    await expect.poll(shells).toEqual(['/me']);
    // What is kept is what is shown, while the server's page would be another.
    await page.evaluate(async () => {
      const cache = await caches.open('shells');
      const kept = await cache.match('/me');
      const html = (await kept?.text())?.replace('<body>', '<body data-kept="1">');
      await cache.put('/me', new Response(html, { headers: kept?.headers }));
    });
    await page.reload();
    await expect(page.locator('body[data-kept]')).toHaveCount(1);
    await expect(page.getByTestId('page-title')).toBeVisible();
    await expect.poll(() => page.evaluate(async () => (await (await caches.open('shells')).match('/me'))?.text())).not.toContain('data-kept');
    await page.reload();
    await expect(page.getByTestId('page-title')).toBeVisible();
    await expect(page.locator('body[data-kept]')).toHaveCount(0);
  });

  test('a page of a version that is no more is loaded anew', async ({ as, product }) => {
    const page = await as('yamamoto', '/me');
    await page.evaluate(() => navigator.serviceWorker.ready);
    test.skip((await (await fetch(`${product.url}/shells.js`)).text()) === '', 'A fast build keeps no pages.');
    await page.reload();
    await expect(page.getByTestId('page-title')).toBeVisible();
    await page.evaluate(async () => {
      const cache = await caches.open('shells');
      const kept = await cache.match('/me');
      const html = (await kept?.text())?.replaceAll(/self_service-[0-9a-f]+\.js/g, 'self_service-000000000000.js');
      await cache.put('/me', new Response(html, { headers: kept?.headers }));
    });
    await page.reload().catch(() => {});
    await expect(page.getByTestId('page-title')).toBeVisible();
  });
});

test('a language that was chosen here is the one that is asked in', async ({ as }) => {
  const page = await as('yamamoto', '/healthz');
  await page.evaluate(() => localStorage.setItem('todoke.language', 'en'));
  const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/api/me/settings');
  await page.goto(new URL('/me', page.url()).href);
  expect((await asked).headers()['accept-language']).toBe('en');
});
