// 配信: narrowing the list, work on many at once that can be left and found again, the detail and its paper form.

import { expect, notify, test, type Page, type Product } from './todoke.ts';

/** Notices to the member that wait for an hour. */
async function waiting(product: Product, title: string, count: number): Promise<void> {
  const deliver_at = new Date(Date.now() + 3_600_000).toISOString();
  for (let number = 1; number <= count; number += 1) await notify(product, 'yamamoto', `${title} ${number}`, { deliver_at });
}

const rows = (page: Page, state?: string) =>
  page.locator(`[data-testid=delivery-row]${state ? `[data-state=${state}]` : ''}`);

test('what waits is cancelled together, and sent again together', async ({ as, product }) => {
  const title = 'まとめて操作する通知';
  await waiting(product, title, 3);
  const page = await as('suzuki', `/console/deliveries?q=${encodeURIComponent(title)}`);
  await expect(rows(page).first()).toBeVisible();
  // Channels that the person turned off are listed too, and do not wait.
  const [all, count] = [await rows(page).count(), await rows(page, 'waiting').count()];
  expect(count).toBeGreaterThanOrEqual(3);
  await expect(page.getByTestId('pick')).toHaveCount(0);

  await page.getByTestId('pick-several').click();
  await expect(page.getByTestId('bulk-cancel')).toBeDisabled();
  await page.getByTestId('pick-all').click();
  await page.getByTestId('bulk-resend').click();
  // Nothing of it failed: it says so, and offers nothing to press.
  await expect(page.getByTestId('bulk-count')).toContainText('再送できるものはありません');
  await expect(page.getByTestId('bulk-confirm')).toHaveCount(0);
  await page.getByTestId('bulk-close').click();

  await page.getByTestId('bulk-cancel').click();
  await expect(page.getByTestId('bulk-count')).toContainText(`選択した${all}件のうち、待機中の${count}件を取り消します`);
  await page.getByTestId('bulk-confirm').click();
  await expect(page.locator('[data-testid=bulk-job][data-state=done]')).toContainText(`${count}件を取り消しました`);
  await expect(rows(page, 'cancelled')).toHaveCount(count);

  // Left and found again.
  await page.goto(`${product.url}/console/deliveries?state=cancelled&q=${encodeURIComponent(title)}`);
  await expect(page.locator('[data-testid=bulk-job][data-state=done]').first()).toBeVisible();
  await expect(rows(page)).toHaveCount(count);
  await page.getByTestId('pick-several').click();
  await page.getByTestId('pick').nth(0).check();
  await page.getByTestId('pick').nth(1).check();
  await expect(page.getByTestId('picked')).toHaveText('2件を選択中');
  await page.getByTestId('bulk-resend').click();
  await page.getByTestId('bulk-confirm').click();
  await expect(page.locator('[data-testid=bulk-job][data-state=done]').first()).toContainText('2件の再送を受け付けました');
  await page.goto(`${product.url}/console/deliveries?state=sent&q=${encodeURIComponent(title)}`);
  await expect(async () => {
    await page.reload();
    await expect(rows(page, 'sent')).toHaveCount(2, { timeout: 1_000 });
  }).toPass();
});

test('the list is narrowed by person and by day, and the address keeps it', async ({ as, product }) => {
  await notify(product, 'yamamoto', '期間と宛先で探す通知');
  const page = await as('suzuki', '/console/deliveries');
  await rows(page).filter({ hasText: '期間と宛先で探す通知' }).first().click();
  await page.getByTestId('of-target').click();
  await expect(page.getByTestId('filter-person')).toContainText('山本');
  const others = rows(page).filter({ hasNotText: '山本' });
  await expect(rows(page).first()).toBeVisible();
  await expect(others).toHaveCount(0);

  const today = await page.evaluate(() => new Date().toLocaleDateString('sv-SE'));
  await page.getByTestId('filter-until').fill('2020-01-01');
  await expect(page.getByTestId('nothing-found')).toBeVisible();
  await page.getByTestId('filter-until').fill(today);
  await page.getByTestId('filter-from').fill(today);
  await expect(rows(page).first()).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('filter-from')).toHaveValue(today);
  await page.getByTestId('filter-person').click();
  await expect(page.getByTestId('filter-person')).toHaveCount(0);
  await expect(page).not.toHaveURL(/person=/);
});

test('the detail says how long it still waits, shows every messenger, and prints', async ({ as, product }) => {
  const title = '一時間後に送る通知';
  await waiting(product, title, 1);
  const page = await as('suzuki', `/console/deliveries?q=${encodeURIComponent(title)}`);
  await rows(page).first().click();
  await expect(page.getByTestId('ahead')).toContainText(/およそ(5\d|60)分後に送ります/);
  await page.getByTestId('preview-compare').click();
  await expect(page.locator('.talk')).toHaveCount(5);
  await expect(page.getByTestId('mail-preview')).toBeVisible();

  await page.emulateMedia({ media: 'print' });
  await expect(page.getByTestId('page-title')).toBeVisible();
  await expect(page.getByTestId('decision')).toBeVisible();
  for (const gone of ['nav-deliveries', 'back', 'preview-compare', 'print']) {
    await expect(page.getByTestId(gone)).toBeHidden();
  }
});
