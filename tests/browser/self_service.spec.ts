// わたしの通知: read and unread, language, devices, and what a phone needs to install it.

import { expect, notify, post, test, type Page } from './todoke.ts';

test('a notice is new until it is opened, or until all are read', async ({ as, product }) => {
  const page = await as('nakamura', '/me');
  const titles = [1, 2].map((number) => `未読のお知らせ ${number} ${Date.now()}`);
  for (const title of titles) await notify(product, 'nakamura', title);
  const notice = (title: string) => page.getByTestId('notice').filter({ hasText: title });
  for (const title of titles) await expect(notice(title)).toHaveClass(/notice-unread/);
  await notice(titles[0] ?? '').getByRole('link').click();
  await expect(page.getByTestId('message')).toBeVisible();
  await page.goBack();
  await expect(notice(titles[0] ?? '')).not.toHaveClass(/notice-unread/);
  await expect(notice(titles[1] ?? '')).toHaveClass(/notice-unread/);
  await page.getByTestId('read-all').click();
  await expect(page.getByTestId('read-all')).toHaveCount(0);
  await page.reload();
  await expect(notice(titles[1] ?? '')).toBeVisible();
  await expect(page.locator('.notice-unread')).toHaveCount(0);
});

test('the language is chosen for page and notices', async ({ as }) => {
  const page = await as('ito', '/me');
  await page.getByTestId('language-en').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByTestId('language-en')).toHaveAttribute('aria-pressed', 'true');
  await page.getByTestId('language-ja').click();
  await expect(page.getByTestId('page-title')).toHaveText('わたしの通知');
});

test('a device is signed out from another, and at last everywhere', async ({ browser, product }) => {
  // Somebody of its own: signing out everywhere would take the sign-ins of other tests along.
  const member = await post<{ id: string }>(product, '/api/v1/members', {
    name: '端末 太郎',
    login_email: `devices-${Date.now()}@minato.example`,
  });
  const [first, second] = await Promise.all([1, 2].map(async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto((await post<{ url: string }>(product, `/api/v1/members/${member.id}/sign-in-link`, {})).url);
    await expect(page.getByTestId('devices')).toBeVisible();
    return page;
  })) as [Page, Page];
  await second.getByTestId('devices').locator('summary').click();
  const others = second.getByTestId('device').filter({ has: second.getByTestId('sign-out-device') });
  await expect(second.getByTestId('device').filter({ hasText: 'この端末' })).toHaveCount(1);
  const count = await others.count();
  expect(count).toBeGreaterThan(0);
  for (let left = count; left > 0; left -= 1) {
    await others.first().getByTestId('sign-out-device').click();
    await expect(others).toHaveCount(left - 1);
  }
  await first.reload();
  await expect(first).toHaveURL(/\/sign-in/);
  await second.getByTestId('everywhere').click();
  await expect(second.getByText('この端末も含めて')).toBeVisible();
  await second.getByTestId('everywhere-sure').click();
  await expect(second).toHaveURL(/\/sign-in/);
  for (const page of [first, second]) await page.context().close();
  const gone = await fetch(`${product.url}/api/v1/members/${member.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${product.key}` },
  });
  expect(gone.status).toBeLessThan(300);
});

test('it can be installed: a manifest, and icons that are there', async ({ page, product, request }) => {
  await page.goto(`${product.url}/sign-in`);
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const answer = await request.get(product.url + (href ?? ''));
  const manifest = (await answer.json()) as { start_url: string; display: string; icons: { src: string; type: string }[] };
  expect([manifest.start_url, manifest.display]).toEqual(['/me', 'standalone']);
  const links = await page.locator('link[rel~=icon], link[rel=apple-touch-icon]').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  for (const src of [...manifest.icons.map((icon) => icon.src), ...links]) {
    const icon = await request.get(product.url + src);
    expect([icon.status(), icon.headers()['content-type']?.split('/')[0]], src).toEqual([200, 'image']);
  }
});
