// The console with bad input: each error under its field, nothing half-saved, nothing typed lost.

import { drop, errorOf, expect, get, notify, put, test, type Page } from './todoke.ts';

const REQUIRED = '入力してください。';

test.describe('LINE WORKS form', () => {
  test('every field has its own error, and nothing is saved', async ({ as }) => {
    const page = await as('suzuki', '/console/integrations/lineworks');
    const before = await count(page);
    await page.getByTestId('save').click();
    for (const name of ['client_id', 'client_secret', 'service_account', 'private_key', 'domain_id', 'bot_admin']) {
      await expect(errorOf(page, name)).toHaveText(REQUIRED);
    }
    await expect(page.getByTestId('field-client_id')).toBeFocused();

    await field(page, 'client_id').fill('abc');
    await expect(errorOf(page, 'client_id')).toBeEmpty();
    // On leaving a field, not only on saving.
    await field(page, 'domain_id').fill('40o29600');
    await field(page, 'domain_id').blur();
    await expect(errorOf(page, 'domain_id')).toContainText('数字だけで入力してください。');
    await field(page, 'service_account').fill('sato@minato');
    await field(page, 'service_account').blur();
    await expect(errorOf(page, 'service_account')).toContainText('Service Accountの形');
    await drop(page.locator('.drop'), 'holiday.jpg', 'not a key at all');
    await expect(errorOf(page, 'private_key')).toContainText('秘密鍵(.keyファイル)の内容ではありません。');

    await page.getByTestId('check-connection').click();
    await expect(page.getByTestId('check')).toHaveCount(0);
    await expect(field(page, 'domain_id')).toHaveValue('40o29600');
    expect(await count(page)).toBe(before);

    // Full-width digits are what an input method leaves.
    await field(page, 'domain_id').fill('４００２９６００');
    await field(page, 'domain_id').blur();
    await expect(field(page, 'domain_id')).toHaveValue('40029600');
    await expect(errorOf(page, 'domain_id')).toBeEmpty();
  });

  test('a wrong secret fails at its step, with the provider\'s words, and saving does not go on', async ({ as, sandbox }) => {
    const page = await as('suzuki', '/console/integrations/lineworks');
    const before = await count(page);
    const { lineworks } = await sandbox.credentials();
    await field(page, 'client_id').fill(lineworks.client_id);
    await field(page, 'client_secret').fill('wrong');
    await field(page, 'service_account').fill(lineworks.service_account);
    await drop(page.locator('.drop'), 'a.key', lineworks.private_key);
    await field(page, 'domain_id').fill(`${lineworks.domain_id}`);
    await field(page, 'bot_admin').fill('sato@minato');
    await page.getByTestId('save').click();
    await expect(page.getByTestId('check-result')).toContainText('確認できない項目があります。');
    const marks = await page.getByTestId('step').evaluateAll((all) => all.map((one) => one.getAttribute('data-mark')));
    expect(marks).toEqual(['passed', 'failed', 'skipped', 'skipped', 'skipped']);
    await expect(page).toHaveURL(/\/integrations\/lineworks$/);
    expect(await count(page)).toBe(before);

    await field(page, 'client_secret').fill(lineworks.client_secret);
    await field(page, 'bot_admin').fill('nobody@minato');
    await page.getByTestId('check-connection').click();
    await expect(page.locator('[data-testid=step][data-mark=failed]')).toContainText('Bot主担当者が見つかる');
    expect(await count(page)).toBe(before);
  });
});

test('the mail form: errors under their fields, a wrong password at its step', async ({ as, sandbox }) => {
  const page = await as('suzuki', '/console/integrations/mail');
  const before = await count(page);
  await page.getByTestId('save').click();
  await expect(errorOf(page, 'host')).toHaveText(REQUIRED);
  await expect(errorOf(page, 'from_address')).toHaveText(REQUIRED);
  for (const [name, value, words] of [
    ['host', 'smtp!minato', 'サーバー名の形ではありません。'],
    ['port', '25', '25番ポートは使えません。'],
    ['port', '70000', '1から65535までの数字'],
    ['from_address', 'todoke', 'メールアドレスの形ではありません。'],
    ['reply_to', 'x@', 'メールアドレスの形ではありません。'],
  ] as const) {
    await field(page, name).fill(value);
    await field(page, name).blur();
    await expect(errorOf(page, name)).toContainText(words);
  }
  const { smtp } = await sandbox.credentials();
  await field(page, 'host').fill(smtp.host);
  await field(page, 'security').selectOption('plain');
  await field(page, 'port').fill(`${smtp.port}`);
  await field(page, 'user').fill(smtp.user);
  await field(page, 'password').fill('wrong');
  await field(page, 'from_address').fill('todoke@minato.example');
  await field(page, 'reply_to').fill('');
  await page.getByTestId('check-connection').click();
  await expect(page.locator('[data-testid=step][data-mark=failed]')).toContainText('サーバーにサインインできる');
  await field(page, 'password').fill(smtp.password);
  await page.getByTestId('check-connection').click();
  await expect(page.getByTestId('check')).toHaveAttribute('data-passed', 'true');
  // Plain only to this machine.
  await field(page, 'host').fill('smtp.minato.example');
  await page.getByTestId('check-connection').click();
  await expect(page.locator('.field-error:not(:empty), [data-testid=check-result], [data-testid=form-error]').first()).toBeVisible();
  await expect(page.getByTestId('check').and(page.locator('[data-passed=true]'))).toHaveCount(0);
  expect(await count(page)).toBe(before);
});

test.describe('members', () => {
  test('a new member: checked on leaving a field, a login that is taken, then added and found', async ({ as }) => {
    const page = await as('suzuki', '/console/members');
    await expect(page.getByTestId('member-count')).toHaveText('12人');
    await page.getByTestId('add-member').click();
    await page.getByTestId('save').click();
    await expect(errorOf(page, 'name')).toHaveText(REQUIRED);
    await expect(errorOf(page, 'login_email')).toHaveText(REQUIRED);
    await expect(field(page, 'name')).toBeFocused();
    await field(page, 'name').fill('森 ひなた');
    await field(page, 'login_email').fill('mori');
    await field(page, 'login_email').blur();
    await expect(errorOf(page, 'login_email')).toHaveText('メールアドレスの形ではありません。');
    await field(page, 'notification_email').fill('mori@@minato.example');
    await field(page, 'notification_email').blur();
    await expect(errorOf(page, 'notification_email')).toHaveText('メールアドレスの形ではありません。');
    await field(page, 'notification_email').fill('');
    await field(page, 'login_email').fill('ito@minato.example');
    await page.getByTestId('save').click();
    await expect(errorOf(page, 'login_email')).toContainText('すでに登録されています。');
    await expect(field(page, 'name')).toHaveValue('森 ひなた');
    await field(page, 'login_email').fill(' Mori@minato.example');
    await field(page, 'reading').fill('もり ひなた');
    await page.getByTestId('save').click();
    await expect(page).toHaveURL(/\/console\/members$/);
    await expect(page.getByTestId('member-count')).toHaveText('13人');
    await page.getByTestId('search').fill('もり');
    await expect(page.getByTestId('member')).toHaveCount(1);
    await expect(page.getByTestId('member')).toContainText('mori@minato.example');
    await page.getByTestId('search').fill('だれもいない');
    await page.getByTestId('clear-filters').click();
    await expect(page.getByTestId('member-count')).toHaveText('13人');
  });

  test('editing: saved, and somebody who was faster is not overwritten silently', async ({ as, product }) => {
    const id = product.members.yoshida;
    const page = await as('suzuki', `/console/members/${id}`);
    await expect(page.getByTestId('page-title')).toHaveText('吉田 凛');
    await field(page, 'title').fill('係長');
    await page.getByTestId('save').click();
    await expect.poll(async () => (await member(product, id)).title).toBe('係長');

    await page.reload();
    await expect(field(page, 'title')).toHaveValue('係長');
    // Meanwhile, over the API:
    const { id: _id, company_name: _name, addresses, ...known } = await member(product, id);
    const lineworks_id = addresses.find((address) => address.channel === 'lineworks')?.value;
    await put(product, `/api/v1/members/${id}`, { ...known, lineworks_id, department: '企画部' });
    await field(page, 'title').fill('課長');
    await page.getByTestId('save').click();
    await expect(page.getByTestId('changed-meanwhile')).toBeVisible();
    await expect(field(page, 'title')).toHaveValue('課長');
    expect((await member(product, id)).title).toBe('係長');
    await page.getByTestId('take-theirs').click();
    await expect(field(page, 'department')).toHaveValue('企画部');
    await expect(page.getByTestId('changed-meanwhile')).toHaveCount(0);
  });

  test('a member is no admin: the console says so and shows nothing', async ({ as }) => {
    const page = await as('ito', '/console/members');
    await expect(page.getByTestId('page-title')).toHaveText('管理者のページです');
    await expect(page.getByTestId('members')).toHaveCount(0);
  });
});

test('an API key: named, shown once, tried, revoked by typing its name', async ({ as, product }) => {
  const page = await as('suzuki', '/console/settings/keys');
  await page.getByTestId('new-key').click();
  await page.getByTestId('create-key').click();
  await expect(errorOf(page, 'name')).toHaveText(REQUIRED);
  await field(page, 'name').fill('販売管理');
  await page.getByTestId('create-key').click();
  const key = await page.getByTestId('key-value').innerText();
  await expect(page.getByTestId('curl')).toContainText(key);
  await page.getByTestId('copy-key-value').click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  await page.getByTestId('key-done').click();
  await expect(page.getByText(key)).toHaveCount(0);
  const line = page.getByTestId('key').filter({ hasText: '販売管理' });
  await expect(line).toBeVisible();
  const works = () =>
    fetch(`${product.url}/api/v1/events/ev_00000000000000000000000000`, { headers: { authorization: `Bearer ${key}` } }).then((answer) => answer.status);
  expect(await works()).not.toBe(401);
  await line.getByTestId('revoke').click();
  await expect(page.getByTestId('revoke-confirm')).toBeDisabled();
  await page.getByTestId('revoke-dialog').getByTestId('field-confirm').fill('販売管理');
  await page.getByTestId('revoke-confirm').click();
  await expect(page.getByTestId('revoke-dialog')).toBeHidden();
  await expect(line).toContainText('失効');
  expect(await works()).toBe(401);
});

test('the live list never moves under the pointer: what is new waits for a press', async ({ as, product }) => {
  const page = await as('suzuki', '/console/deliveries?q=伊藤');
  await expect(page.getByTestId('live')).toHaveText('ライブ');
  await notify(product, 'ito', '一つ目');
  const rows = page.getByTestId('delivery-row');
  // One line for each of the five channels.
  await expect(rows.filter({ hasText: '一つ目' })).toHaveCount(5);
  // Of others nothing comes here.
  await notify(product, 'tanaka', '田中さんだけへ');
  await rows.first().hover();
  await notify(product, 'ito', '二つ目');
  await expect(page.getByTestId('fresh')).toHaveText('新着 5 件を表示');
  await expect(rows.filter({ hasText: '二つ目' })).toHaveCount(0);
  await page.getByTestId('fresh').click();
  await expect(rows.filter({ hasText: '二つ目' })).toHaveCount(5);
  await expect(rows.filter({ hasText: '田中さんだけへ' })).toHaveCount(0);
});

test('a delivery that failed says why, and resending it delivers', async ({ as, product, sandbox }) => {
  const page = await as('suzuki', '/console/deliveries?q=渡辺');
  await expect(page.getByTestId('live')).toHaveText('ライブ');
  await sandbox.post('faults', { provider: 'smtp', kind: 'server_error', status: 554, when: 'count', times: 1 });
  await notify(product, 'watanabe', '届かない通知');
  await page.locator('[data-testid=delivery-row][data-state=failed]').click();
  await expect(page.getByTestId('failed-because')).toBeVisible();
  await expect(page.getByTestId('attempt')).toContainText('554');
  const state = page.getByTestId('delivery-summary').locator('[data-state]');
  await expect(state).toHaveAttribute('data-state', 'failed');
  await page.getByTestId('resend').click();
  // The page hears of it.
  await expect(state).toHaveAttribute('data-state', 'sent');
  await expect(page.getByTestId('attempt')).toHaveCount(2);
  await expect(page.getByTestId('failed-because')).toHaveCount(0);
});

const field = (page: Page, name: string) => page.getByTestId(`field-${name}`);

/** How many integrations there are. */
const count = (page: Page) =>
  page.evaluate(async () => ((await (await fetch('/api/integrations')).json()) as unknown[]).length);

interface Member {
  id: string;
  company_name: string;
  title: string;
  addresses: { channel: string; value: string }[];
}

const member = (product: Parameters<typeof get>[0], id: string) => get<Member>(product, `/api/v1/members/${id}`);
