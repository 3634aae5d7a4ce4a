// 設定: each section with good and bad input.

import { errorOf, expect, notify, test, type Page } from './todoke.ts';

const field = (page: Page, name: string) => page.getByTestId(`field-${name}`);

test('the list of sections leads to each, and back on a phone', async ({ as }) => {
  const page = await as('suzuki', '/console/settings', { width: 390, height: 844 });
  for (const code of ['workspace', 'roles', 'keys', 'doors', 'webhooks', 'quiet', 'audit', 'data', 'api']) {
    await page.getByTestId(`section-${code}`).click();
    await expect(page).toHaveURL(new RegExp(`/console/settings/${code}$`));
    await expect(page.getByTestId('page-title')).toBeFocused();
    await page.getByTestId('back').first().click();
    await expect(page.getByTestId('sections')).toBeVisible();
  }
  await page.goto(new URL('/console/settings/no-such', page.url()).href);
  await expect(page.getByTestId('page-title')).toHaveText('この設定は見つかりません');
});

test('the workspace: errors on fields, and the later of two admins is told', async ({ as }) => {
  const page = await as('suzuki', '/console/settings/workspace');
  await field(page, 'name').fill('   ');
  await page.getByTestId('save-workspace').click();
  await expect(errorOf(page, 'name')).not.toBeEmpty();
  await field(page, 'name').fill('x'.repeat(101));
  await page.getByTestId('save-workspace').click();
  await expect(errorOf(page, 'name')).not.toBeEmpty();
  await page.reload();
  // What was typed is kept until it is saved or not wanted.
  await expect(field(page, 'name')).toHaveValue('x'.repeat(101));
  await page.getByTestId('drop-kept').click();
  const name = await field(page, 'name').inputValue();

  const other = await as('suzuki', '/console/settings/workspace');
  await field(other, 'zone').selectOption('Asia/Seoul');
  await other.getByTestId('save-workspace').click();
  await expect(other.getByTestId('toasts')).toContainText('保存しました。');

  await field(page, 'language').selectOption('en');
  await page.getByTestId('save-workspace').click();
  await expect(page.getByTestId('changed-meanwhile')).toContainText('韓国');
  // What was chosen is still there; both are kept.
  await expect(field(page, 'language')).toHaveValue('en');
  await page.getByTestId('keep-both').click();
  await expect(field(page, 'zone')).toHaveValue('Asia/Seoul');
  await expect(page.getByTestId('toasts')).toContainText('保存しました。');
  await field(page, 'zone').selectOption('Asia/Tokyo');
  await field(page, 'language').selectOption('ja');
  await page.getByTestId('save-workspace').click();
  await expect(page.getByTestId('changed-meanwhile')).toHaveCount(0);
  await page.reload();
  await expect(field(page, 'name')).toHaveValue(name);
  await expect(field(page, 'zone')).toHaveValue('Asia/Tokyo');

  await field(page, 'reserve').fill('たくさん');
  await page.getByTestId('save-line-cost').click();
  await expect(errorOf(page, 'reserve')).toContainText('0から1,000,000');
});

test('a role is given and taken back; the audit tells both by name', async ({ as }) => {
  const page = await as('suzuki', '/console/settings/roles');
  await page.getByTestId('add-role').click();
  await page.getByTestId('give-role').click();
  await expect(page.getByTestId('role-dialog')).toContainText('メンバーを選んでください。');
  await page.getByTestId('field-person').fill('加藤');
  await page.getByTestId('person').filter({ hasText: '加藤' }).click();
  await page.getByTestId('role-dialog').getByTestId('field-role').selectOption('admin');
  await page.getByTestId('give-role').click();
  const kato = page.getByTestId('role-holder').filter({ hasText: '加藤' });
  await expect(kato).toHaveAttribute('data-role', 'admin');
  await kato.getByTestId('role').selectOption('member');
  await expect(kato).toHaveCount(0);
  await page.goto(new URL('/console/settings/audit', page.url()).href);
  await page.getByTestId('search').fill('加藤');
  const entries = page.getByTestId('audit-entry').filter({ hasText: '加藤' });
  await expect(entries.first()).toHaveAttribute('data-action', 'member.changed');
  await page.getByTestId('search').fill('そんな人はいない');
  await expect(page.getByTestId('nothing-found')).toBeVisible();
  await page.getByTestId('clear-filters').click();
  await expect(page.getByTestId('audit-entry').first()).toBeVisible();
});

test('a door to a person: made, shown once, its curl line delivers, revoked', async ({ as, product, sandbox }) => {
  const page = await as('suzuki', '/console/settings/doors');
  await page.getByTestId('new-door').click();
  await page.getByTestId('create-door').click();
  await expect(errorOf(page, 'name')).toHaveText('入力してください。');
  await expect(page.getByTestId('door-dialog')).toContainText('届け先を選んでください。');
  await field(page, 'name').fill('サーバー監視');
  await page.getByTestId('field-person').fill('渡辺');
  await page.getByTestId('person').filter({ hasText: '渡辺' }).click();
  await page.getByTestId('create-door').click();
  const token = await page.getByTestId('door-token').innerText();
  await expect(page.getByTestId('curl')).toContainText(token);
  await page.getByTestId('door-done').click();
  await expect(page.getByText(token)).toHaveCount(0);
  const send = () =>
    fetch(`${product.url}/api/notify`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams({ message: '棟の温度が高いです' }),
    }).then((answer) => answer.status);
  expect(await send()).toBe(200);
  await expect
    .poll(async () => (await sandbox.mails('watanabe')).some((mail) => `${mail.subject}${mail.text}`.includes('棟の温度が高いです')))
    .toBe(true);
  const line = page.getByTestId('door').filter({ hasText: 'サーバー監視' });
  await line.getByTestId('revoke').click();
  await page.getByTestId('revoke-dialog').getByTestId('field-confirm').fill('サーバー監視');
  await page.getByTestId('revoke-confirm').click();
  await expect(line).toContainText('失効');
  expect(await send()).toBe(401);
});

test('a webhook: made, secret once, tested, replaced, deleted', async ({ as }) => {
  const page = await as('suzuki', '/console/settings/webhooks');
  await page.getByTestId('new-webhook').click();
  await field(page, 'url').fill('ftp://example.jp');
  await page.getByTestId('save-webhook').click();
  await expect(errorOf(page, 'url')).not.toBeEmpty();
  await field(page, 'url').fill('https://hooks.example.com/todoke');
  await page.getByTestId('save-webhook').click();
  const secret = await page.getByTestId('webhook-secret').innerText();
  expect(secret).toMatch(/^whsec_/);
  await page.getByTestId('webhook-done').click();
  await page.getByTestId('webhook').filter({ hasText: 'hooks.example.com' }).click();
  await expect(page.getByTestId('page-title')).toHaveText('hooks.example.com');
  await page.getByTestId('test-webhook').click();
  await expect(page.getByTestId('message').first()).toBeVisible();
  await page.getByTestId('roll-secret').click();
  await page.getByTestId('roll-confirm').click();
  expect(await page.getByTestId('webhook-secret').innerText()).not.toBe(secret);
  await page.getByTestId('webhook-done').click();
  await page.getByTestId('delete-webhook').click();
  await page.getByTestId('delete-dialog').getByTestId('field-confirm').fill('hooks.example.com');
  await page.getByTestId('delete-confirm').click();
  await expect(page).toHaveURL(/\/settings\/webhooks$/);
  await expect(page.getByTestId('webhook').filter({ hasText: 'hooks.example.com' })).toHaveCount(0);
});

test('the export is a file with a line for each record and no key in it', async ({ as, product }) => {
  const event = await notify(product, 'ito', '書き出しに入る通知');
  const page = await as('suzuki', '/console/settings/data');
  const coming = page.waitForEvent('download');
  await page.getByTestId('export').click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^todoke-\d{4}-\d{2}-\d{2}\.jsonl$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const lines = text.trimEnd().split('\n').map((line) => JSON.parse(line) as { table: string; row: { id?: string } });
  expect(lines.some(({ table, row }) => table === 'events' && row.id === event.id)).toBe(true);
  expect(text).not.toContain(product.key);
  await expect(page.getByTestId('toasts')).toContainText('件を書き出しました。');
});

test('the API page sends with the reader\'s rights and shows the same for a terminal', async ({ as }) => {
  const page = await as('suzuki', '/console/settings/api');
  await expect(page.getByTestId('api-curl')).toContainText('/api/v1/events');
  await page.getByTestId('api-body').fill('{"kind":');
  await page.getByTestId('api-send').click();
  await expect(page.getByTestId('api-form')).toContainText('JSONとして読めません。');
  await page.getByTestId('api-body').fill('{"kind":"tasks.assigned","title":"試し","to":[]}');
  await page.getByTestId('api-send').click();
  await expect(page.getByTestId('api-answer')).toHaveAttribute('data-state', 'refused');
  const kinds = await field(page, 'operation').locator('option', { hasText: 'GET /api/v1/kinds' }).first().getAttribute('value');
  await field(page, 'operation').selectOption(kinds ?? '');
  await page.getByTestId('api-send').click();
  await expect(page.getByTestId('api-answer-body')).toContainText('tasks.assigned');
});
