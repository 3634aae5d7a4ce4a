// All five messengers on the pages: linking them, answering a notice from a page, connecting them, and the message
// as each draws it.

import { errorOf, expect, get, notify, post, test, type Locator, type Page, type Product } from './todoke.ts';

const ACTIONS = [
  { id: 'take', label: '対応します', style: 'primary' },
  { id: 'ask', label: '他の人に対応を依頼' },
];

test.describe('linking', () => {
  test('LINE: login, then the QR code; it turns to linked by itself, and can be unlinked', async ({ as, sandbox }) => {
    const page = await as('nakamura');
    const card = page.getByTestId('channel-line');
    await expect(card).toContainText('宛先が登録されていません');
    await page.getByTestId('link-line').click();
    await page.getByRole('button', { name: '中村 翔' }).click();
    // Not added at the login: that is what the code is for.
    const box = page.getByRole('checkbox');
    if (await box.count()) await box.uncheck();
    await page.getByRole('button', { name: '許可する' }).click();
    const later = page.getByRole('button', { name: '追加しない' });
    if (await later.count()) await later.click();

    await expect(page.getByTestId('link-result')).toContainText('公式アカウントを友だちに追加');
    await expect(page).toHaveURL(/\/me$/);
    await expect(card.getByTestId('friend-qr')).toBeVisible();
    await expect(card.getByTestId('add-friend')).toHaveAttribute('href', /^https?:\/\//);
    // Nothing can be tried before.
    await expect(page.getByTestId('test-line')).toHaveCount(0);

    const { url } = await page.evaluate(async () => (await (await fetch('/api/me/channels/line/friend')).json()) as { url: string });
    await sandbox.post('line/scan', { person: 'nakamura', link: url });
    await expect(card).toContainText('連携済み');
    await expect(card.getByTestId('friend')).toHaveCount(0);
    await page.getByTestId('test-line').click();
    await expect(page.getByTestId('test-result-line')).toContainText('届けました');

    await page.getByTestId('unlink-line').click();
    await expect(card).toContainText('解除しますか。');
    await page.getByTestId('unlink-line-sure').click();
    await expect(page.getByTestId('link-line')).toBeVisible();
  });

  test('LINE: cancelled at the provider, said in words, and gone after reloading', async ({ as }) => {
    const page = await as('kato');
    await page.getByTestId('link-line').click();
    await page.getByRole('button', { name: 'キャンセル' }).click();
    await expect(page.getByTestId('link-result')).toHaveText(/操作を取り消しました。/);
    await page.reload();
    await expect(page.getByTestId('link-line')).toBeVisible();
    await expect(page.getByTestId('link-result').and(page.locator('[role]'))).toHaveCount(0);
  });

  test('Google Chat: a URL of somebody else under its field, then the right one', async ({ as, sandbox }) => {
    const page = await as('tanaka');
    const card = page.getByTestId('channel-google_chat');
    await page.getByTestId('link-google_chat').click();
    await expect(errorOf(page, 'url')).toHaveText('入力してください。');
    await page.getByTestId('field-url').fill('https://example.jp/v1/spaces/AAAA/messages?key=a&token=b');
    await page.getByTestId('link-google_chat').click();
    await expect(errorOf(page, 'url')).toContainText('Google ChatのWebhook URL');
    const { space } = await sandbox.ask<{ space: string }>('google_chat/space', { person: 'tanaka', name: '田中の通知' });
    const { url } = await sandbox.ask<{ url: string }>('google_chat/webhook', { person: 'tanaka', space, name: 'Todoke' });
    await page.getByTestId('field-url').fill(url);
    await page.getByTestId('link-google_chat').click();
    await expect(card).toContainText('連携済み');
    // A credential: the page never shows it again.
    expect(await page.content()).not.toContain(new URL(url).searchParams.get('token'));
  });

  test('Slack: an ID that is none, then the own', async ({ as, product }) => {
    const page = await as('yoshida');
    const card = page.getByTestId('channel-slack');
    const { addresses } = await get<{ addresses: { channel: string; value: string }[] }>(product, `/api/v1/members/${product.members.yoshida}`);
    const own = addresses.find((address) => address.channel === 'slack')?.value ?? '';
    await page.getByTestId('unlink-slack').click();
    await page.getByTestId('unlink-slack-sure').click();
    await page.getByTestId('field-member_id').fill('yoshida');
    await page.getByTestId('link-slack').click();
    await expect(errorOf(page, 'member_id')).not.toBeEmpty();
    await page.getByTestId('field-member_id').fill(` ${own}\n`);
    await page.getByTestId('link-slack').click();
    await expect(page.getByTestId('unlink-slack')).toBeVisible();
    await expect(card).not.toContainText('宛先が登録されていません');
  });
});

test('a button of a notice: pressed by one, told to all, on the list and on the notice\'s page', async ({ as, product }) => {
  const title = `来客です ${Date.now()}`;
  const first = await as('watanabe');
  const second = await as('yamada', '/me', { width: 390, height: 844 });
  await expect(first.getByTestId('page-title')).toBeVisible();
  await expect(second.getByTestId('page-title')).toBeVisible();
  const { id } = await ask(product, title);
  const own = (page: Page) => page.getByTestId('notice').filter({ hasText: title });
  await expect(own(first).getByTestId('action-take')).toHaveText('対応します');
  await expect(own(second).getByTestId('action-take')).toBeVisible();
  await own(second).getByTestId('action-take').click();
  await expect(own(second).getByTestId('claim')).toContainText('山田 蓮さんが「対応します」を選びました');
  await expect(own(first).getByTestId('claim')).toContainText('山田 蓮さん');
  await expect(own(first).getByTestId('action-take')).toHaveCount(0);

  // Messengers link to the event.
  await first.goto(`${product.url}/me/notices/${id}`);
  await expect(first.getByTestId('page-title')).toHaveText(title);
  await expect(first.getByTestId('message')).toContainText('金曜までにお願いします');
});

test('who took it stands on the delivery, live', async ({ as, product }) => {
  const title = `停電です ${Date.now()}`;
  const { id } = await ask(product, title);
  const { deliveries } = await get<{ deliveries: { id: string; target: object }[] }>(product, `/api/v1/events/${id}`);
  const page = await as('suzuki', `/console/deliveries/${deliveries[0]?.id}`);
  const claim = page.getByTestId('claim');
  await expect(claim).toContainText('まだだれも選んでいません。');
  await expect(claim).toContainText('対応します / 他の人に対応を依頼');
  const member = await as('watanabe', `/me/notices/${id}`);
  await member.getByTestId('action-ask').click();
  await expect(claim).toContainText('渡辺 大輔さんが「他の人に対応を依頼」を選びました');
});

test.describe('連携', () => {
  test('each service has its row, and API 1.0 says that it is retired', async ({ as }) => {
    const page = await as('suzuki', '/console/integrations');
    for (const service of ['lineworks', 'line', 'slack', 'google-chat', 'mail', 'lineworks-v1']) {
      await expect(page.getByTestId(`service-${service}`)).toBeVisible();
    }
    await expect(page.getByTestId('service-lineworks-v1')).toContainText('提供終了');
    await page.getByTestId('connect-lineworks-v1').click();
    await expect(page.getByTestId('retired')).toContainText('API 1.0は提供が終了しています。');
  });

  test('LINE: wrong token at its step, then saved, with what to register over there', async ({ as, sandbox }) => {
    const account = (await sandbox.credentials()).line[1];
    test.skip(!account, 'The sandbox has one LINE account.');
    if (!account) return;
    const page = await as('suzuki', '/console/integrations/line');
    await page.getByTestId('save').click();
    await expect(errorOf(page, 'login_channel_id')).toHaveText('入力してください。');
    await fill(page, {
      login_channel_id: account.login_channel_id,
      login_channel_secret: account.login_channel_secret,
      channel_secret: account.channel_secret,
      channel_access_token: 'wrong',
    });
    await page.getByTestId('check-connection').click();
    await expect(page.locator('[data-testid=step][data-mark=failed]')).toContainText('Messaging APIに接続できる');
    await fill(page, { channel_access_token: account.channel_access_token });
    await page.getByTestId('save').click();
    await expect(page.getByTestId('integration-state')).toHaveText('連携中');
    await expect(page.getByTestId('todo')).toContainText('/auth/callback/line');
    await expect(page.getByTestId('settings')).toContainText(account.basic_id);
    await page.getByTestId('replace').click();
    await page.getByTestId('replace-save').click();
    await expect(page.getByTestId('replace-dialog')).toContainText('入れ替える値を入力してください。');
  });

  test('LINE by key: other fields, and the key file by dropping', async ({ as }) => {
    const page = await as('suzuki', '/console/integrations/line');
    await page.getByTestId('via-key').click();
    await expect(page.getByTestId('field-channel_access_token')).toHaveCount(0);
    await page.getByTestId('paste-private_key').locator('xpath=ancestor::details').locator('summary').click();
    await page.getByTestId('paste-private_key').fill('{"kty":"RSA"}');
    await page.getByTestId('paste-private_key').blur();
    await expect(errorOf(page, 'private_key')).toContainText('秘密鍵');
    await page.getByTestId('via-token').click();
    await expect(page.getByTestId('field-channel_access_token')).toBeVisible();
  });

  test('Slack: saved without a token, and finished by 「Slackに追加」', async ({ as, sandbox }) => {
    const { slack } = await sandbox.credentials();
    const page = await as('suzuki', '/console/integrations/slack');
    await page.getByTestId('via-token').click();
    await fill(page, { bot_token: 'xoxp-1' });
    await page.getByTestId('save').click();
    await expect(errorOf(page, 'bot_token')).toContainText('xoxb-');
    await page.getByTestId('via-install').click();
    // There is nothing to try yet.
    await expect(page.getByTestId('check-connection')).toHaveCount(0);
    await fill(page, { client_id: slack.client_id, client_secret: slack.client_secret, signing_secret: slack.signing_secret });
    await page.getByTestId('save').click();
    await expect(page.getByTestId('integration-state')).toHaveText('設定の途中');
    await expect(page.getByTestId('todo')).toContainText('/auth/callback/slack');
    await expect(page.getByTestId('install')).toHaveText('Slackに追加');
    await page.getByTestId('delete').click();
    await page.getByTestId('field-confirm').fill('Slack');
    await page.getByTestId('delete-confirm').click();
    await expect(page).toHaveURL(/\/integrations$/);
  });

  test('Google Chat: webhooks alone need nothing; an app needs its key file', async ({ as }) => {
    const page = await as('suzuki', '/console/integrations/google_chat');
    await page.getByTestId('webhooks-no').click();
    await page.getByTestId('save').click();
    await expect(errorOf(page, 'service_account')).toHaveText('入力してください。');
    await page.getByTestId('webhooks-yes').click();
    await expect(page.getByTestId('check-connection')).toHaveCount(0);
    await page.getByTestId('field-audience').selectOption('project_number');
    await expect(page.getByTestId('field-project_number')).toBeVisible();
    await page.getByTestId('save').click();
    await expect(page.getByTestId('todo')).toContainText('メンバーは「わたしの通知」で');
    await expect(page.getByTestId('settings')).toContainText('使う');
    // It keeps nothing that could be replaced.
    await expect(page.getByTestId('replace')).toBeHidden();
    await page.getByTestId('delete').click();
    await page.getByTestId('field-confirm').fill('Google Chat');
    await page.getByTestId('delete-confirm').click();
    await expect(page).toHaveURL(/\/integrations$/);
  });
});

test('a delivery shows its message as each messenger draws it', async ({ as, product }) => {
  const title = `出張申請 ${Date.now()}`;
  await notify(product, 'ito', title, { link: 'https://erp.minato.example/t/1', fields: [{ label: '金額', value: '48,000円' }], actions: ACTIONS });
  const page = await as('suzuki', `/console/deliveries?q=${encodeURIComponent('伊藤')}`);
  const row = page.getByTestId('delivery-row').filter({ hasText: title });
  await row.filter({ has: page.locator('.mark[data-channel=slack]') }).click();
  const bubble = page.getByTestId('bubble');
  await expect(bubble).toHaveAttribute('data-channel', 'slack');
  for (const channel of ['slack', 'line', 'google_chat', 'lineworks']) {
    await page.getByTestId(`preview-${channel}`).click();
    await expect(bubble).toHaveAttribute('data-channel', channel);
    for (const words of [title, '48,000円', '対応します', '開く']) await expect(bubble).toContainText(words);
    await expect(bubble.getByRole('link', { name: '開く' })).toHaveAttribute('href', 'https://erp.minato.example/t/1');
  }
  await page.getByTestId('preview-email').click();
  await expect(page.getByTestId('mail-subject')).toContainText(title);
});

/** A notice that asks two people. */
async function ask(product: Product, title: string): Promise<{ id: string }> {
  return post(product, '/api/v1/events', {
    kind: 'tasks.assigned',
    to: [{ email: 'watanabe@minato.example' }, { email: 'yamada@minato.example' }],
    title,
    body: '金曜までにお願いします',
    actions: ACTIONS,
  });
}

async function fill(page: Page, values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const field: Locator = page.getByTestId(`field-${name}`);
    await field.fill(value);
  }
}
