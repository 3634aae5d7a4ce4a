// Quiet time: an admin sets it for everybody, a member for themselves; what comes meanwhile waits and says so.

import { expect, notify, test } from './todoke.ts';

/** `HH:MM` in Tokyo, some minutes from now. */
function clock(minutes: number): string {
  const at = new Date(Date.now() + (9 * 60 + minutes) * 60_000);
  return at.toISOString().slice(11, 16);
}

test('an admin sets quiet time and the calendar, and takes them back', async ({ as }) => {
  const page = await as('suzuki', '/console/settings/quiet');
  const form = page.getByTestId('quiet-form');
  await expect(page.getByTestId('quiet-used')).not.toBeChecked();
  await page.getByTestId('quiet-used').check();
  await expect(page.getByTestId('field-from').first()).toHaveValue('22:00');
  for (const day of [1, 2, 3, 4, 5]) await page.getByTestId(`quiet-day-${day}`).check({ force: true });
  await page.getByTestId('save-quiet').click();
  await expect(form.locator('.field-error').filter({ hasText: 'すべての曜日' })).toBeVisible();
  for (const day of [1, 2, 3, 4, 5]) await page.getByTestId(`quiet-day-${day}`).uncheck({ force: true });
  // Far from now, so that no other test waits.
  await form.getByTestId('field-from').fill(clock(600));
  await form.getByTestId('field-until').fill(clock(610));
  for (const day of [6, 7]) await page.getByTestId(`quiet-day-${day}`).uncheck({ force: true });
  await page.getByTestId('quiet-holidays').uncheck();
  await page.getByTestId('save-quiet').click();
  await expect(page.getByText('保存しました').first()).toBeVisible();
  await page.reload();
  await expect(form.getByTestId('field-from')).toHaveValue(/^\d\d:\d\d$/);
  await expect(page.getByTestId('quiet-used')).toBeChecked();

  const days = page.getByTestId('days-form');
  await days.getByTestId('field-from').fill('2027-12-29');
  await days.getByTestId('field-until').fill('2027-12-01');
  await page.getByTestId('add-days').click();
  await expect(days.locator('[aria-invalid=true]')).toHaveCount(1);
  await days.getByTestId('field-until').fill('2028-01-03');
  await days.getByTestId('field-name').fill('年末年始');
  await page.getByTestId('add-days').click();
  const line = page.getByTestId('company-days').locator('li');
  await expect(line).toContainText('2027/12/29(水) 〜 2028/01/03(月)');
  await expect(line).toContainText('年末年始');
  await line.getByTestId('remove-days').click();
  await expect(page.getByText('登録された日はありません。')).toBeVisible();
  await page.getByTestId('holidays').locator('summary').click();
  await expect(page.getByTestId('holidays')).toContainText('勤労感謝の日');

  await page.getByTestId('quiet-used').uncheck();
  await page.getByTestId('save-quiet').click();
  await expect(page.getByTestId('save-quiet')).not.toHaveAttribute('aria-busy', 'true');
  await page.reload();
  await expect(page.getByTestId('quiet-used')).not.toBeChecked();
});

test('in their own quiet time a member gets nothing, reads why, and all of it when it ends', async ({ as, product, sandbox }) => {
  const page = await as('kobayashi', '/me');
  const quiet = page.getByTestId('quiet');
  await expect(quiet.getByTestId('quiet-workspace')).toBeChecked();
  await quiet.getByTestId('quiet-own').check();
  await quiet.getByTestId('field-from').fill(clock(-30));
  await quiet.getByTestId('field-until').fill(clock(90));
  await quiet.getByTestId('save-quiet').click();
  await expect(quiet.locator('.quiet-now')).toContainText('いまは休んでいます');

  const before = (await sandbox.mails('kobayashi')).length;
  const title = `夜のお知らせ ${Date.now()}`;
  await notify(product, 'kobayashi', title);
  const notice = page.getByTestId('notice').filter({ hasText: title });
  await notice.getByTestId('why').locator('summary').click();
  await expect(notice.getByTestId('reason-email')).toContainText('通知を休む時間だったため');
  await expect(notice.getByTestId('reason-email')).toContainText('送信予定');
  expect((await sandbox.mails('kobayashi')).length).toBe(before);

  await quiet.getByTestId('quiet-never').check();
  await expect.poll(async () => (await sandbox.mails('kobayashi')).length).toBeGreaterThan(before);
  await expect(notice.getByTestId('state-email')).toHaveAttribute('data-state', 'sent');
  await quiet.getByTestId('quiet-workspace').check();
  await expect(quiet.locator('.quiet-now')).toBeEmpty();
  await page.reload();
  await expect(quiet.getByTestId('quiet-workspace')).toBeChecked();
});
