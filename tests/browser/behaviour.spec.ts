// What every page owes its reader: language and theme are remembered, the keyboard is enough, a lost connection
// is said and made good.

import { expect, notify, test, type Page } from './todoke.ts';

test('language and theme are remembered, on every page and in both bundles', async ({ as, product }) => {
  const page = await as('tanaka');
  const root = page.locator('html');
  await expect(root).toHaveAttribute('lang', 'ja');
  await page.getByTestId('language').click();
  await expect(page.getByTestId('page-title')).toHaveText('My notices');
  await expect(root).toHaveAttribute('lang', 'en');
  await expect(page).toHaveTitle('My notices · Todoke');

  const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
  const light = await ink();
  await page.getByTestId('theme').click();
  await page.getByTestId('theme').click();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await expect.poll(ink).not.toBe(light);

  for (const path of ['/me', '/console', '/sign-in']) {
    await page.goto(product.url + path);
    await expect(page.getByTestId('page-title')).toBeVisible();
    await expect(root).toHaveAttribute('lang', 'en');
    await expect(root).toHaveAttribute('data-theme', 'dark');
  }
  // Session tokens are never kept where scripts can read them.
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, cookie: document.cookie }));
  expect(JSON.parse(stored)).toEqual({ 'todoke.language': 'en', 'todoke.theme': 'dark', cookie: '' });
});

test('the browser\'s language decides at first', async ({ browser, product }) => {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${product.url}/sign-in`);
  await expect(page.getByTestId('page-title')).toHaveText('Sign in');
  await context.close();
});

test('signing in and the switches with the keyboard alone', async ({ page, product, sandbox }) => {
  await page.goto(`${product.url}/sign-in`);
  await expect(page.getByTestId('field-email')).toBeFocused();
  const before = (await sandbox.mails('nakamura')).length;
  await page.keyboard.type('nakamura@minato.example');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('field-code')).toBeFocused();
  await expect.poll(async () => (await sandbox.mails('nakamura')).length).toBe(before + 1);
  const mail = (await sandbox.mails('nakamura')).at(-1);
  await page.keyboard.type(/\b\d{3} ?\d{3}\b/.exec(mail?.text ?? '')?.[0] ?? '');
  await expect(page.getByTestId('page-title')).toHaveText('わたしの通知');

  // The first stop leads past the header.
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();

  const email = page.getByTestId('switch-email');
  await tabTo(page, 'switch-email');
  await expect.poll(() => outline(page)).not.toBe('none');
  await page.keyboard.press('Space');
  await expect(email).toHaveAttribute('aria-checked', 'false');
  await expect(email).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(email).toHaveAttribute('aria-checked', 'true');

  // Kinds: opened and switched.
  await page.keyboard.press('Tab');
  await tabTo(page, 'app-tasks summary');
  await page.keyboard.press('Enter');
  await tabTo(page, 'switch-tasks.overdue-email');
  await page.keyboard.press('Space');
  await expect(page.getByTestId('switch-tasks.overdue-email')).toHaveAttribute('aria-checked', 'false');
});

test('the console by keyboard: / searches, g and a letter moves, the title gets the focus', async ({ as }) => {
  const page = await as('suzuki', '/console/members');
  await expect(page.getByTestId('members')).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByTestId('search')).toBeFocused();
  await page.keyboard.type('sato@');
  await expect(page.getByTestId('member')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('search')).toHaveValue('');
  await page.keyboard.press('Tab');
  await page.getByTestId('page-title').focus();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await expect(page).toHaveURL(/\/console\/integrations$/);
  await expect(page.getByTestId('page-title')).toBeFocused();
  await expect(page).toHaveTitle('連携 · Todoke');
});

test('a dialog keeps the focus, closes by Escape and gives the focus back', async ({ as }) => {
  const page = await as('suzuki', '/console/settings/keys');
  await page.getByTestId('new-key').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByTestId('key-dialog');
  await expect(dialog.getByTestId('field-name')).toBeFocused();
  for (let stop = 0; stop < 12; stop += 1) {
    await page.keyboard.press('Tab');
    const inside = await dialog.evaluate((dialog) => document.activeElement === document.body || dialog.contains(document.activeElement));
    expect(inside).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('new-key')).toBeFocused();
});

test('a lost connection is said, and what was missed is there when it is back', async ({ as, product }) => {
  const page = await as('kobayashi', '/sign-in');
  let cut = false;
  const open: { close: () => Promise<void> }[] = [];
  await page.routeWebSocket('**/api/live', (socket) => {
    if (cut) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    open.push(socket);
  });
  await page.goto(`${product.url}/me`);
  await expect(page.getByTestId('channel-email')).toBeVisible();
  await expect.poll(() => open.length).toBe(1);
  await expect(page.getByTestId('offline')).toHaveCount(0);
  cut = true;
  await open[0]?.close();
  await expect(page.getByTestId('offline')).toContainText('接続が切れています。');
  const title = `切れているあいだの通知 ${Date.now()}`;
  await notify(product, 'kobayashi', title);
  await expect(page.getByText(title)).toHaveCount(0);
  cut = false;
  // Its next attempt, or at once when the network says so.
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(page.getByTestId('offline')).toHaveCount(0, { timeout: 40_000 });
  await expect(page.getByText(title)).toBeVisible();
});

test('a load that fails says so, offers to try again and never looks like signed out', async ({ as, product }) => {
  const page = await as('ito', '/sign-in');
  let broken = true;
  await page.route('**/api/me/settings', (route) => (broken ? route.fulfill({ status: 503, body: 'upstream' }) : route.continue()));
  await page.goto(`${product.url}/me`);
  await expect(page.getByTestId('failed')).toContainText('読み込めませんでした');
  await expect(page.getByTestId('account')).toContainText('伊藤 さくら');
  await expect(page).toHaveURL(/\/me$/);
  broken = false;
  await page.getByTestId('retry').click();
  await expect(page.getByTestId('switch-email')).toBeVisible();
  await expect(page.getByTestId('failed')).toHaveCount(0);
});

test('a switch that the server refuses goes back and says why', async ({ as, product }) => {
  const page = await as('ito', '/sign-in');
  await page.goto(`${product.url}/me`);
  await page.route('**/api/me/channels/email', (route) => route.abort());
  const email = page.getByTestId('switch-email');
  await expect(email).toHaveAttribute('aria-checked', 'true');
  await email.click();
  await expect(page.locator('.toast, [role=alert]').filter({ hasText: /./ }).first()).toBeVisible();
  await expect(email).toHaveAttribute('aria-checked', 'true');
});

test('at 390 px nothing is wider than the phone', async ({ as, product }) => {
  const page = await as('suzuki', '/me', { width: 390, height: 844 });
  for (const path of ['/me', '/console', '/console/unreachable', '/console/deliveries', '/console/integrations', '/console/integrations/lineworks', '/console/integrations/mail', '/console/integrations/line', '/console/integrations/google_chat', '/console/members', '/console/members/new', '/console/settings', '/console/settings/workspace', '/console/settings/roles', '/console/settings/keys', '/console/settings/doors', '/console/settings/webhooks', '/console/settings/audit', '/console/settings/data', '/console/settings/api']) {
    await page.goto(product.url + path);
    await expect(page.getByTestId('page-title')).toBeVisible();
    await expect(page.getByTestId('loading')).toHaveCount(0);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, path).toBeLessThanOrEqual(390);
    // The brand stays in one line.
    expect((await page.locator('.brand-name').boundingBox())?.height, path).toBeLessThan(32);
  }
});

test('at 390 px every entry of the navigation is in view, in both languages', async ({ as }) => {
  const page = await as('suzuki', '/console/settings', { width: 390, height: 844 });
  for (const language of ['ja', 'en']) {
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    for (const name of ['home', 'deliveries', 'integrations', 'rules', 'members', 'apps', 'settings']) {
      const entry = page.getByTestId(`nav-${name}`);
      const box = await entry.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 390, `${name} ${language}`).toBe(true);
      // And its word is whole.
      expect(await entry.evaluate((entry) => entry.scrollWidth <= entry.clientWidth + 1), `${name} ${language}`).toBe(true);
    }
    await page.getByTestId('language').click();
  }
});

test('a member who opens the console sees no navigation of it', async ({ as }) => {
  const page = await as('ito', '/console');
  await expect(page.getByTestId('page-title')).toHaveText('管理者のページです');
  await expect(page.getByTestId('nav-members')).toBeHidden();
});

/** Presses Tab until a test id (or what is inside it) has the focus. */
async function tabTo(page: Page, place: string): Promise<void> {
  const [id, inside] = place.split(' ');
  const wanted = inside ? page.getByTestId(id ?? '').locator(inside) : page.getByTestId(id ?? '');
  for (let stop = 0; stop < 80; stop += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${place}.`);
}

const outline = (page: Page) => page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
