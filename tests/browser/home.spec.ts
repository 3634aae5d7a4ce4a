// ホーム: what is wrong now, today's numbers as they move, and the way to the other programs of the console.

import { arrived, expect, notify, test, type Page } from './todoke.ts';

const sent = async (page: Page) => Number((await page.getByTestId('today-email').getByTestId('sent').innerText()).replace(',', ''));

test('the numbers move while somebody looks, and the focus stays', async ({ as, product, sandbox }) => {
  const page = await as('suzuki', '/console');
  await expect(page.getByTestId('page-title')).toHaveText('ホーム');
  await expect(page.getByTestId('problems')).toBeVisible();
  await expect(page.getByTestId('days')).toBeVisible();
  await page.getByTestId('announce').focus();

  const title = `見積書 ${Date.now()}`;
  await notify(product, 'kato', title);
  await arrived(sandbox, 'kato', title);
  // What came before: the test's own notice is among them, at the latest after the next news.
  await expect.poll(() => sent(page)).toBeGreaterThan(0);
  const before = await sent(page);
  const second = `${title} 2`;
  await notify(product, 'kato', second);
  await arrived(sandbox, 'kato', second);
  await expect.poll(() => sent(page)).toBeGreaterThan(before);
  await expect(page.getByTestId('announce')).toBeFocused();

  // The same numbers for those who do not see the drawing.
  const table = page.getByTestId('days-table');
  await table.locator('summary').click();
  await expect(table.locator('tbody tr')).toHaveCount(30);
  const cells = await table.locator('tbody tr').first().locator('td').allInnerTexts();
  expect(Number(cells[0]?.replace(',', ''))).toBeGreaterThanOrEqual(before + 1);
});

test('what is wrong stands first, says why, and leads to where it is put right', async ({ as }) => {
  const page = await as('suzuki', '/healthz');
  let wrong = true;
  await page.route('**/api/home', async (route) => {
    const answer = await route.fetch();
    const home = await answer.json();
    if (wrong) {
      const [first] = home.overview.integrations;
      Object.assign(first, { state: 'broken', cause: { code: 'credentials', detail: '401' }, since: home.now - 3_600_000 });
      home.overview.behind = { waiting: 1234, oldest: home.now - 120_000 };
      home.unreachable = 2;
      home.overview.lost_rooms = [{ id: `rm_${'0'.repeat(26)}`, name: '<b>配送</b>', provider: 'slack', integration: first.id, since: home.now }];
    } else {
      home.days.at(-1).counts = home.days.at(-1).counts.filter(([, state]: string[]) => state === 'sent');
    }
    await route.fulfill({ json: home });
  });
  await page.goto(new URL('/console', page.url()).href);
  await expect(page.getByTestId('problem-broken')).toHaveAttribute('href', /^\/console\/integrations\/in_/);
  await expect(page.getByTestId('problem-behind')).toContainText('1,234件の送信が遅れています');
  await expect(page.getByTestId('problem-room')).toContainText('「<b>配送</b>」');
  await page.getByTestId('problem-unreachable').focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/console\/unreachable$/);
  await expect(page.getByTestId('page-title')).toBeFocused();
  await expect(page.getByTestId('all-reached').or(page.getByTestId('unreachable'))).toBeVisible();

  wrong = false;
  await page.getByTestId('back').click();
  await expect(page.getByTestId('no-problems')).toBeVisible();
  await expect(page.getByTestId('problem-broken')).toHaveCount(0);
});

test('the check list says what is done and goes when all is', async ({ as }) => {
  const page = await as('suzuki', '/healthz');
  let setup = { mail: true, messenger: true, members: true, linked: false, system: false, sent: false };
  await page.route('**/api/home', async (route) => {
    const answer = await route.fetch();
    const home = await answer.json();
    home.overview.setup = setup;
    await route.fulfill({ json: home });
  });
  await page.goto(new URL('/console', page.url()).href);
  await expect(page.getByTestId('setup')).toContainText('あと3つです');
  await expect(page.getByTestId('step-mail')).toHaveAttribute('data-done', 'true');
  await expect(page.getByTestId('step-linked').getByTestId('next-step')).toHaveAttribute('href', '/console/members');
  setup = { mail: true, messenger: true, members: true, linked: true, system: true, sent: true };
  await page.reload();
  await expect(page.getByTestId('today')).toBeVisible();
  await expect(page.getByTestId('setup')).toHaveCount(0);
});

test('a failed load says so and is tried again', async ({ as }) => {
  const page = await as('suzuki', '/healthz');
  let fail = true;
  await page.route('**/api/home', (route) => (fail ? route.fulfill({ status: 503, json: { code: 'unavailable', message: '', errors: [] } }) : route.continue()));
  await page.goto(new URL('/console', page.url()).href);
  await expect(page.getByTestId('failed')).toBeVisible();
  fail = false;
  await page.getByTestId('retry').click();
  await expect(page.getByTestId('problems')).toBeVisible();
});

test('from one program to the next and back: the entry is marked, the title has the focus', async ({ as }) => {
  const page = await as('suzuki', '/console');
  await expect(page.getByTestId('nav-home')).toHaveAttribute('aria-current', 'page');
  for (const [name, path] of [
    ['members', '/console/members'],
    ['settings', '/console/settings'],
    ['deliveries', '/console/deliveries'],
  ] as const) {
    await page.getByTestId(`nav-${name}`).click();
    await expect(page).toHaveURL(new RegExp(`${path}$`));
    await expect(page.getByTestId(`nav-${name}`)).toHaveAttribute('aria-current', 'page');
    await expect(page.getByTestId('page-title')).toBeFocused();
    await expect(page.locator('[aria-current=page]')).toHaveCount(1);
  }
  await page.goBack();
  await expect(page).toHaveURL(/\/console\/settings$/);
  await page.goBack();
  await page.goBack();
  await expect(page.getByTestId('problems')).toBeVisible();
});
