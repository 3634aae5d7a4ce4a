// アプリ / 勤怠: which words punch, and what becomes of a month: punched on a phone, corrected, submitted, sent back.

import { readFile } from 'node:fs/promises';

import type { Browser } from '@playwright/test';

import { errorOf, expect, say, test, type Locator, type Page, type Product } from './todoke.ts';

const PATH = '/console/apps/attendance';
const SETTINGS = '/api/attendance/settings';
const BOT = 'Todoke通知';
const PLAIN = {
  on: true,
  clock_in: ['出勤'],
  clock_out: ['退勤'],
  break_start: ['休憩'],
  break_end: ['戻り'],
  triggers: [],
  rooms: true,
  integrations: [],
};

/** The days of sheets are Tokyo's. */
const today = () => new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Tokyo' });
const month = () => today().slice(0, 7);

test('g and a lead to the apps, and they say where they stand', async ({ as, product }) => {
  const page = await as('suzuki', '/console');
  await set(page, product, PLAIN);
  await expect(page.getByTestId('page-title')).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page).toHaveURL(/\/console\/apps$/);
  await expect(page.getByTestId('nav-apps')).toHaveAttribute('aria-current', 'page');
  await expect(page.getByTestId('app-state')).toContainText('オン');
  await expect(page.getByTestId('app-state')).toContainText('LINE WORKS');
  await page.getByTestId('to-settings').click();
  await page.getByTestId('attendance-on').click();
  await page.getByTestId('save-attendance').click();
  await expect(page.getByTestId('toasts')).toContainText('保存しました');
  await page.goBack();
  await expect(page.getByTestId('app-state')).toContainText('打刻を受け付けていません');
  await page.getByTestId('to-months').click();
  await expect(page.getByTestId('month-people')).toBeVisible();
});

test('keywords: words, signs, emoji; what cannot be stays in its line with the reason', async ({ as, product }) => {
  const page = await as('suzuki', '/console');
  await set(page, product, PLAIN);
  await page.goto(`${product.url}${PATH}/settings`);
  const field = page.getByTestId('field-clock_in');
  const words = page.getByTestId('words-clock_in').locator('li');
  await expect(words).toHaveText(['出勤']);
  const enter = async (text: string) => {
    await field.fill(text);
    await field.press('Enter');
  };
  await enter('   ');
  await expect(field).toHaveValue('');
  await expect(words).toHaveCount(1);

  for (const [text, reason] of [
    ['退勤', '同じ値が2回'],
    ['出勤。', '同じ値が2回'],
    ['長'.repeat(10_000), '50'],
  ] as const) {
    await enter(text);
    await expect(errorOf(page, 'clock_in')).toContainText(reason);
    await expect(field).toHaveValue(text);
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(words).toHaveCount(1);
  }
  // Nor is it saved with the rest.
  await page.getByTestId('save-attendance').click();
  await expect(field).toBeFocused();
  expect((await settings(page, product)).clock_in).toEqual(['出勤']);

  await enter('<b>出</b>');
  await enter('مرحبا');
  await field.fill('☀️');
  await page.getByTestId('add-clock_in').click();
  await expect(words).toHaveText(['出勤', '<b>出</b>', 'مرحبا', '☀️']);
  await expect(page.getByTestId('words-clock_in').locator('b')).toHaveCount(0);

  const tried = page.getByTestId('tried');
  const attempt = async (text: string, punch: string) => {
    await page.getByTestId('field-try').fill(text);
    await page.getByTestId('try').click();
    await expect(tried).toHaveAttribute('data-punch', punch);
  };
  await attempt('☀', 'clock_in');
  await attempt('退勤。', 'clock_out');
  await attempt('出勤します', 'none');
  await attempt('<b>出</b>', 'clock_in');
  await attempt('長'.repeat(10_000), 'none');
  // Nothing of this was saved.
  expect((await settings(page, product)).clock_in).toEqual(['出勤']);

  // Typed, not added, and meant all the same.
  await page.getByTestId('field-triggers').fill('打刻');
  await page.getByTestId('save-attendance').click();
  await expect(page.getByTestId('toasts')).toContainText('保存しました');
  const saved = await settings(page, product);
  expect(saved).toMatchObject({ clock_in: ['出勤', '<b>出</b>', 'مرحبا', '☀️'], triggers: ['打刻'] });
  await attempt('出勤', 'none');
  await expect(tried).toContainText('打刻 出勤');
  await attempt('打刻 出勤', 'clock_in');

  await page.reload();
  await expect(words).toHaveCount(4);
  await page.getByTestId('words-triggers').getByTestId('remove-word').click();
  for (let left = 4; left > 0; left -= 1) await words.first().getByTestId('remove-word').click();
  await page.getByTestId('save-attendance').click();
  await expect(errorOf(page, 'clock_in')).not.toBeEmpty();
  expect(await settings(page, product)).toMatchObject(saved);
  await enter('出勤');
  await page.getByTestId('save-attendance').click();
  await expect.poll(async () => (await settings(page, product)).clock_in).toEqual(['出勤']);
});

test('of two admins the later one sees what the other saved, and keeps what was typed', async ({ as, product }) => {
  const one = await as('suzuki', '/console');
  await set(one, product, PLAIN);
  await one.goto(`${product.url}${PATH}/settings`);
  const other = await as('suzuki', `${PATH}/settings`);
  await expect(other.getByTestId('attendance-form')).toBeVisible();
  await one.getByTestId('field-clock_in').fill('朝');
  await one.getByTestId('save-attendance').click();
  await expect(one.getByTestId('toasts')).toContainText('保存しました');
  await other.getByTestId('field-clock_out').fill('夜');
  await other.getByTestId('save-attendance').click();
  await expect(other.getByTestId('changed-meanwhile')).toContainText('出勤、朝');
  await expect(other.getByTestId('words-clock_out').locator('li')).toHaveText(['退勤', '夜']);
  expect((await settings(one, product)).clock_out).toEqual(['退勤']);
  await other.getByTestId('take-theirs').click();
  await expect(other.getByTestId('words-clock_in').locator('li')).toHaveText(['出勤', '朝']);
  await expect(other.getByTestId('changed-meanwhile')).toHaveCount(0);
  await other.getByTestId('field-clock_out').fill('夜');
  await other.getByTestId('save-attendance').click();
  await expect.poll(async () => settings(one, product)).toMatchObject({ clock_in: ['出勤', '朝'], clock_out: ['退勤', '夜'] });
});

test('a month: punched on a phone, corrected with a reason, submitted, sent back, taken away as a file', async ({ as, browser, product }) => {
  const admin = await as('suzuki', '/console');
  await set(admin, product, PLAIN);
  const phones = await talk(browser, 'kato', product);
  await admin.goto(`${product.url}${PATH}?q=kato`);
  await admin.getByTestId('month-person').locator('a').click();
  await expect(admin).toHaveURL(new RegExp(`${PATH}/${product.members.kato}\\?month=${month()}$`));
  await expect(admin.getByTestId('page-title')).toHaveText('加藤 陽斗');
  await expect(admin.getByTestId('month-state')).toHaveAttribute('data-state', 'open');

  await say(phones, '出勤', '出勤を記録しました');
  await admin.reload();
  const day = admin.locator(`[data-testid=day][data-date="${today()}"]`);
  await expect(day.getByTestId('working')).toBeVisible();
  await expect(day).toContainText(/\d\d:\d\d/);

  // What cannot be is said where it is.
  await day.getByTestId('correct').click();
  const dialog = admin.getByTestId('correction-dialog');
  const times = dialog.getByTestId('punch-time');
  await expect(times).toHaveCount(1);
  await dialog.getByTestId('add-punch').click();
  await expect(dialog.getByTestId('punch-kind').nth(1)).toHaveValue('clock_out');
  await times.nth(0).fill('０３０');
  await times.nth(1).fill('99:99');
  await dialog.getByTestId('save-correction').click();
  await expect(dialog.getByTestId('punch').nth(1)).toContainText('47:59');
  await expect(errorOf(admin, 'reason')).not.toBeEmpty();
  await times.nth(1).fill('0:10');
  await dialog.getByTestId('field-reason').fill('長'.repeat(10_000));
  await dialog.getByTestId('save-correction').click();
  await expect(errorOf(admin, 'reason')).toContainText('200');
  await dialog.getByTestId('field-reason').fill('<b>直行</b> مرحبا');
  await dialog.getByTestId('save-correction').click();
  await expect(dialog.locator('[aria-invalid=true]')).toHaveCount(1);
  await expect(dialog.getByTestId('punch').filter({ hasText: '打刻の順番' })).toHaveCount(1);
  await times.nth(0).fill('0:00');
  await times.nth(1).fill('030');
  await dialog.getByTestId('save-correction').click();
  await expect(dialog).toBeHidden();
  await expect(day).toContainText('00:00');
  await expect(day).toContainText('00:30');
  await expect(day.getByTestId('corrected')).toBeVisible();
  await expect(admin.getByTestId('correction').first()).toContainText('<b>直行</b> مرحبا');
  await expect(admin.getByTestId('corrections').locator('b')).toHaveCount(0);

  // The same form twice: the second was made over older punches, and is told so.
  const again = await as('suzuki', `${PATH}/${product.members.kato}`);
  await again.locator(`[data-date="${today()}"]`).getByTestId('correct').click();
  await correct(day, '0:01', '入館の記録');
  await expect(admin.getByTestId('correction').first()).toContainText('入館の記録');
  await again.getByTestId('field-reason').fill('出張');
  await again.getByTestId('punch-time').first().fill('0:02');
  await again.getByTestId('save-correction').click();
  await expect(again.getByTestId('correction-dialog')).toContainText('出勤 00:01');
  await expect(again.getByTestId('field-reason')).toHaveValue('出張');
  await again.getByTestId('save-correction').click();
  await expect(again.getByTestId('correction-dialog')).toBeHidden();
  await expect(again.locator(`[data-date="${today()}"]`)).toContainText('00:02');

  // Made over an older sheet, the submission is refused; the newest is there to be looked at.
  await admin.getByTestId('submit').click();
  await admin.getByTestId('submit-confirm').click();
  await expect(admin.getByTestId('submit-dialog').getByTestId('form-error')).toBeVisible();
  await expect(day).toContainText('00:02');
  await admin.getByTestId('submit-confirm').click();
  await expect(admin.getByTestId('submit-dialog')).toBeHidden();
  await expect(admin.getByTestId('month-state')).toHaveAttribute('data-state', 'submitted');
  await expect(admin.getByTestId('correct')).toHaveCount(0);
  const before = await day.innerText();
  await say(phones, '出勤', '提出');
  await admin.reload();
  await expect(day).toContainText('00:02');
  expect(await day.innerText()).toBe(before);

  // The file of the person, and that of everybody.
  for (const path of [`${PATH}/${product.members.kato}?month=${month()}`, `${PATH}?month=${month()}`]) {
    await admin.goto(product.url + path);
    const [file] = await Promise.all([admin.waitForEvent('download'), admin.getByTestId('csv').click()]);
    expect(file.suggestedFilename()).toBe(`attendance-${month()}.csv`);
    const text = await readFile(await file.path(), 'utf8');
    expect(text.startsWith('\u{feff}社員番号,氏名,')).toBe(true);
    expect(text).toContain(`加藤 陽斗,ひかり運輸,${today()},00:02,00:30,`);
    expect(text).toContain('提出済み');
  }
  await admin.goto(`${product.url}${PATH}?state=submitted`);
  const line = admin.getByTestId('month-person').filter({ hasText: '加藤 陽斗' });
  await expect(line.getByTestId('month-state')).toHaveAttribute('data-state', 'submitted');
  await expect(line).toContainText('0:28');

  // Sent back, it goes on.
  await line.locator('a').click();
  await admin.getByTestId('send-back').click();
  await admin.getByTestId('send-back-confirm').click();
  await expect(errorOf(admin, 'reason')).not.toBeEmpty();
  await admin.getByTestId('field-reason').fill('出張の日を確認してください');
  await admin.getByTestId('send-back-confirm').click();
  await expect(admin.getByTestId('month-state')).toHaveAttribute('data-state', 'sent_back');
  await expect(admin.getByTestId('sent-back-reason')).toContainText('出張の日を確認してください');
  await day.getByTestId('correct').click();
  await expect(times).toHaveCount(2);
  for (let left = 2; left > 0; left -= 1) await dialog.getByTestId('remove-punch').first().click();
  await dialog.getByTestId('field-reason').fill('休み');
  await dialog.getByTestId('save-correction').click();
  await expect(day).toContainText('—');
  await say(phones, '出勤', '出勤を記録しました');
});

test('months are leafed through, and the sheet keeps its month', async ({ as, product }) => {
  const page = await as('suzuki', `${PATH}?month=2026-01`);
  await page.getByTestId('month-before').click();
  await expect(page).toHaveURL(/month=2025-12/);
  await expect(page.getByTestId('month')).toHaveValue('2025-12');
  await page.getByTestId('search').fill('やまもと');
  await expect(page.getByTestId('month-person')).toHaveCount(1);
  await page.getByTestId('month-person').locator('a').click();
  await expect(page.getByTestId('day')).toHaveCount(31);
  await page.getByTestId('month').fill('2024-02');
  await page.getByTestId('month').dispatchEvent('change');
  await expect(page.getByTestId('day')).toHaveCount(29);
  await page.getByTestId('back').click();
  await expect(page).toHaveURL(/month=2024-02/);
  await page.getByTestId('search').fill('zzzz');
  await expect(page.getByTestId('nothing-found')).toBeVisible();
  await page.getByTestId('clear-filters').click();
  await expect(page.getByTestId('month-person').first()).toBeVisible();
  for (const path of [`${PATH}/nobody`, `${PATH}/mb_00000000000000000000000000`, '/console/apps/nothing']) {
    await page.goto(product.url + path);
    await expect(page.getByTestId('page-title')).toContainText('見つかりません');
  }
});

test('who runs one company sees its months, and nothing of the settings', async ({ as, product }) => {
  const page = await as('watanabe', '/console');
  await page.getByTestId('nav-apps').click();
  await expect(page.getByTestId('to-months')).toBeVisible();
  await expect(page.getByTestId('to-settings')).toHaveCount(0);
  await page.getByTestId('to-months').click();
  await expect(page.getByTestId('month-person').first()).toBeVisible();
  await expect(page.getByTestId('tab-settings')).toHaveCount(0);
  const lines = page.getByTestId('month-person');
  for (const line of await lines.all()) await expect(line).toContainText('ひかり運輸');
  await expect(lines.filter({ hasText: '山本 葵' })).toHaveCount(0);
  await page.goto(`${product.url}${PATH}/${product.members.yamamoto}`);
  await expect(page.getByTestId('page-title')).toContainText('見つかりません');
  await page.goto(`${product.url}${PATH}/${product.members.tanaka}`);
  await expect(page.getByTestId('sheet')).toBeVisible();
});

/** Corrects the first punch of a day. */
async function correct(day: Locator, time: string, reason: string): Promise<void> {
  await day.getByTestId('correct').click();
  const dialog = day.page().getByTestId('correction-dialog');
  await dialog.getByTestId('punch-time').first().fill(time);
  await dialog.getByTestId('field-reason').fill(reason);
  await dialog.getByTestId('save-correction').click();
  await expect(dialog).toBeHidden();
}

/** The bot's talk on a LINE WORKS phone. */
async function talk(browser: Browser, short: string, product: Product): Promise<Page> {
  const phones = await (await browser.newContext()).newPage();
  await phones.goto(`${product.sandbox}/?open=${short}`);
  await expect(phones.locator('[data-live=live]')).toBeVisible();
  await phones.locator('.phone [data-tab=bots]').click();
  await phones.locator('.phone [data-talk^="bot:"]').filter({ hasText: BOT }).click();
  return phones;
}

async function set(page: Page, product: Product, data: object): Promise<void> {
  const done = await page.request.put(product.url + SETTINGS, { headers: { origin: product.url }, data });
  expect(done.status(), await done.text()).toBe(200);
}

const settings = async (page: Page, product: Product) => (await page.request.get(product.url + SETTINGS)).json();
