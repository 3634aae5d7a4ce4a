// お知らせ: written, looked at, tested, sent once, stopped; and nothing typed is ever lost.

import { arrived, errorOf, expect, test, type Page } from './todoke.ts';

const field = (page: Page, name: string) => page.getByTestId(`field-${name}`).first();

async function address(page: Page, name: string): Promise<void> {
  await page.getByTestId('find-member').fill(name);
  await page.getByTestId('found-member').first().click();
  await expect(page.getByTestId('to-member').filter({ hasText: name })).toBeVisible();
  await page.getByTestId('find-member').fill('');
}

test('written, previewed, counted, sent once and found in the list', async ({ as, product, sandbox }) => {
  const title = `停電のお知らせ ${Date.now()}`;
  const page = await as('suzuki', '/console/deliveries');
  await page.getByTestId('to-announcements').click();
  await page.getByTestId(/^write/).first().click();
  await expect(page.getByTestId('announcement-form')).toBeVisible();

  await page.getByTestId('review').click();
  await expect(errorOf(page, 'title')).not.toBeEmpty();
  await expect(page.getByTestId('error-to')).toHaveText('宛先を一つ以上選んでください。');

  await field(page, 'title').fill(title);
  await field(page, 'body').fill('23日 9時から点検のため停電します。\n<b>PC</b>を切ってください。');
  await field(page, 'link').fill('https://portal.minato.example/power');
  await page.getByTestId('add-field').click();
  await field(page, 'label').fill('場所');
  await field(page, 'value').fill('本社 3階');
  await page.getByTestId('preview-compare').click();
  await expect(page.locator('.talk')).toHaveCount(5);
  await expect(page.locator('.talk').first()).toContainText('<b>PC</b>');
  await address(page, '山本');
  await expect(page.getByTestId('reach')).toContainText('1人');

  // What was typed is there after a reload.
  await page.reload();
  await expect(field(page, 'title')).toHaveValue(title);
  await expect(page.getByTestId('to-member')).toHaveCount(1);
  await expect(field(page, 'value')).toHaveValue('本社 3階');

  await page.getByTestId('review').click();
  await page.getByTestId('send-now').dblclick();
  await expect(page).toHaveURL(/\/announcements\/ev_/);
  await expect(page.getByTestId('announcement-summary').locator('[data-state=done]')).toBeVisible();
  await expect(page.getByTestId('audience')).toContainText('山本');
  const mail = await arrived(sandbox, 'yamamoto', title);
  expect(mail?.text).toContain('本社 3階');

  await page.goto(`${product.url}/console/announcements`);
  await expect(page.getByTestId('announcement').filter({ hasText: title })).toHaveCount(1);
  // The next one begins empty.
  await page.goto(`${product.url}/console/announcements/new`);
  await expect(field(page, 'title')).toHaveValue('');
});

test('a scheduled one is stopped, and says how many had gone', async ({ as }) => {
  const title = `予約のお知らせ ${Date.now()}`;
  const page = await as('suzuki', '/console/announcements/new');
  await field(page, 'title').fill(title);
  await page.getByTestId('to-everyone').click();
  await page.getByTestId('when-later').click();
  await page.getByTestId('review').click();
  await expect(errorOf(page, 'date')).not.toBeEmpty();
  await field(page, 'date').fill('2020-01-01');
  await field(page, 'time').fill('09:00');
  await page.getByTestId('review').click();
  await page.getByTestId('send-now').click();
  await expect(page.getByTestId('error-at')).toContainText('過ぎた日時');
  const next = new Date(Date.now() + 2 * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Tokyo' });
  await field(page, 'date').fill(next);
  await page.getByTestId('review').click();
  await page.getByTestId('send-now').click();
  await expect(page.getByTestId('goes-out')).toContainText('09:00');
  await page.getByTestId('stop').click();
  await expect(page.getByTestId('stop-counts')).toContainText('すでに送った0件');
  await page.getByTestId('stop-now').click();
  await expect(page.getByTestId('stopped')).toBeVisible();
  await expect(page.getByTestId('stop')).toHaveCount(0);
  await page.getByTestId('back').click();
  await expect(page.getByTestId('announcement').filter({ hasText: title }).locator('[data-state=stopped]')).toBeVisible();
});

test('an expired session in the middle of the form loses nothing', async ({ as, product }) => {
  const page = await as('suzuki', '/console/announcements/new');
  const title = `途中のお知らせ ${Date.now()}`;
  await field(page, 'title').fill(title);
  await page.getByTestId('to-everyone').click();
  await page.getByTestId('review').click();
  const kept = await page.context().cookies();
  await page.context().clearCookies();
  await page.getByTestId('send-now').click();
  await expect(page.getByTestId('signed-out')).toBeVisible();
  await expect(page.getByTestId('sign-in-again')).toHaveAttribute('href', /sign-in\?to=.*announcements/);
  await expect(field(page, 'title')).toHaveValue(title);
  await page.context().addCookies(kept);
  await page.goto(`${product.url}/console/announcements/new`);
  await expect(field(page, 'title')).toHaveValue(title);
  await page.getByTestId('drop-draft').click();
  await expect(field(page, 'title')).toHaveValue('');
  await page.getByTestId('undo').click();
  await expect(field(page, 'title')).toHaveValue(title);
  await page.getByTestId('drop-draft').click();
});
