// Signing in by code, the set-up page, unsubscribing from a mail.

import { pretendNew } from './pages.ts';
import { arrived, errorOf, expect, notify, test, type Login, type Page, type Sandbox } from './todoke.ts';

test('a code from the mailbox signs in and leads back to the page that was asked for', async ({ page, product, sandbox }) => {
  await page.goto(`${product.url}/console/members`);
  await expect(page).toHaveURL(/\/sign-in\?to=/);
  const code = await askForCode(page, sandbox, 'suzuki');
  // As it stands in the mail, with what people copy along.
  await page.getByTestId('field-code').fill(` ${code.slice(0, 3)} ${code.slice(3)} `);
  await expect(page).toHaveURL(`${product.url}/console/members`);
  await expect(page.getByTestId('members')).toBeVisible();

  await page.getByTestId('account').click();
  await page.getByTestId('sign-out').click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto(`${product.url}/me`);
  await expect(page.getByTestId('send-code')).toBeVisible();
});

test('a wrong code says so, keeps what was typed, and a right one still works', async ({ page, product, sandbox }) => {
  await page.goto(`${product.url}/sign-in`);
  const code = await askForCode(page, sandbox, 'kato');
  const wrong = code === '000000' ? '000001' : '000000';
  const field = page.getByTestId('field-code');
  await field.fill(wrong);
  await expect(errorOf(page, 'code')).toHaveText('確認コードが正しくないか、期限が切れています。');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(wrong);
  // What is said follows the language.
  await page.getByTestId('language').click();
  await expect(errorOf(page, 'code')).toHaveText('The code is wrong or has expired.');
  await page.getByTestId('language').click();
  await field.fill('123');
  await page.getByTestId('sign-in').click();
  await expect(errorOf(page, 'code')).toHaveText('6桁の数字を入力してください。');
  await field.fill(code);
  await expect(page.getByTestId('page-title')).toHaveText('わたしの通知');
});

test('a used code is refused', async ({ page, product, sandbox, browser }) => {
  await page.goto(`${product.url}/sign-in`);
  const code = await askForCode(page, sandbox, 'yamada');
  await page.getByTestId('field-code').fill(code);
  await expect(page).toHaveURL(`${product.url}/me`);
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${product.url}/sign-in`);
  await other.getByTestId('field-email').fill('yamada@minato.example');
  // The page asks for a new code on the way here; the used one must not come back to life.
  await other.getByTestId('send-code').click();
  await other.getByTestId('field-code').fill(code);
  await expect(errorOf(other, 'code')).not.toBeEmpty();
  await other.context().close();
});

test('the address is checked, an unknown one gets the same answer, and there is a way back', async ({ page, product }) => {
  await page.goto(`${product.url}/sign-in`);
  const email = page.getByTestId('field-email');
  await page.getByTestId('send-code').click();
  await expect(errorOf(page, 'email')).toHaveText('入力してください。');
  await email.fill('sato');
  await page.getByTestId('send-code').click();
  await expect(errorOf(page, 'email')).toHaveText('メールアドレスの形ではありません。');
  await email.fill('nobody@minato.example');
  await page.getByTestId('send-code').click();
  await expect(page.getByTestId('page-title')).toHaveText('確認コードを入力');
  await page.getByTestId('other-address').click();
  await expect(email).toHaveValue('nobody@minato.example');
});

test('the browser\'s back button leaves the page that needed signing in', async ({ page, product }) => {
  await page.goto(`${product.url}/sign-in`);
  await expect(page.getByTestId('send-code')).toBeVisible();
  await page.goto(`${product.url}/setup`);
  await page.getByTestId('to-sign-in').click();
  await expect(page.getByTestId('send-code')).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('page-title')).toHaveText('セットアップは完了しています');
});

test('a link to sign in works once', async ({ as, product, browser }) => {
  const page = await as('suzuki', '/console/members');
  const link = await page.evaluate(async (id) => {
    const answer = await fetch(`/api/v1/members/${id}/sign-in-link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return ((await answer.json()) as { url: string }).url;
  }, product.members.nakamura);
  const first = await (await browser.newContext()).newPage();
  await first.goto(link);
  await expect(first.getByTestId('account')).toContainText('中村 翔');
  const second = await (await browser.newContext()).newPage();
  await second.goto(link);
  await expect(second.getByTestId('link-failed')).toHaveText('このリンクは使用済みか、期限が切れています。');
  await second.getByTestId('to-sign-in').click();
  await expect(second.getByTestId('send-code')).toBeVisible();
  await first.context().close();
  await second.context().close();
});

test('the set-up page checks every field, and the server has the last word', async ({ page, product }) => {
  await pretendNew(page);
  await page.goto(`${product.url}/setup`);
  await page.getByTestId('set-up').click();
  for (const name of ['token', 'workspace', 'name', 'email']) {
    await expect(errorOf(page, name)).toHaveText('入力してください。');
  }
  await expect(page.getByTestId('field-token')).toBeFocused();
  await page.getByTestId('field-token').fill('not-the-token');
  await page.getByTestId('field-workspace').fill('あ'.repeat(101));
  await page.getByTestId('field-name').fill('佐藤 花子');
  await page.getByTestId('field-email').fill('sato@');
  await page.getByTestId('set-up').click();
  await expect(errorOf(page, 'token')).toBeEmpty();
  await expect(errorOf(page, 'workspace')).toContainText('長すぎます。');
  await expect(errorOf(page, 'email')).toHaveText('メールアドレスの形ではありません。');
  await page.getByTestId('field-workspace').fill('みなと商事');
  await page.getByTestId('field-email').fill(' Sato@minato.example ');
  await page.getByTestId('set-up').click();
  await expect(page.locator('.field-error:not(:empty), [data-testid=form-error]').first()).toBeVisible();
  // Nothing typed is lost.
  await expect(page.getByTestId('field-workspace')).toHaveValue('みなと商事');
  await expect(page.getByTestId('field-token')).toHaveValue('not-the-token');
});

test('opening the link at the foot of a mail changes nothing; the button does', async ({ page, product, sandbox, as }) => {
  const title = `停止の確認 ${Date.now()}`;
  await notify(product, 'kobayashi', title);
  const mail = await arrived(sandbox, 'kobayashi', title);
  const link = /https?:\/\/\S+\/u\/[^\s<>]+/.exec(mail.text ?? '')?.[0] ?? '';
  const headers = new Map(mail.headers.map(([name, value]) => [name.toLowerCase(), value]));
  expect(headers.get('list-unsubscribe-post')).toContain('List-Unsubscribe=One-Click');
  expect(headers.get('list-unsubscribe')).toContain('/u/');

  await page.goto(new URL(new URL(link).pathname, product.url).href);
  await expect(page.getByTestId('page-title')).toHaveText('メールの配信停止');
  await expect(page.locator('.lead')).toContainText('タスク');
  const me = await as('kobayashi');
  const kind = me.getByTestId('switch-tasks.assigned-email');
  await me.getByTestId('app-tasks').locator('summary').click();
  await expect(kind).toHaveAttribute('aria-checked', 'true');

  await page.getByTestId('stop').click();
  await expect(page.getByTestId('stopped')).toBeVisible();
  await me.reload();
  await me.getByTestId('app-tasks').locator('summary').click();
  await expect(kind).toHaveAttribute('aria-checked', 'false');
  // Other kinds and the channel as a whole stay.
  await expect(me.getByTestId('switch-tasks.completed-email')).toHaveAttribute('aria-checked', 'true');
  await expect(me.getByTestId('switch-email')).toHaveAttribute('aria-checked', 'true');
});

test('a made-up unsubscribe link says that it is none', async ({ page, product }) => {
  await page.goto(`${product.url}/u/not-a-token`);
  await page.getByTestId('stop').click();
  await expect(page.getByTestId('form-error')).not.toBeEmpty();
  await expect(page.getByTestId('stopped')).toHaveCount(0);
});

/** Asks for a code on the sign-in page and reads it from the mail that comes. */
async function askForCode(page: Page, sandbox: Sandbox, login: Login): Promise<string> {
  const before = (await sandbox.mails(login)).length;
  await page.getByTestId('field-email').fill(` ${login.toUpperCase()}@minato.example`);
  await page.getByTestId('send-code').click();
  await expect(page.getByTestId('field-code')).toBeFocused();
  await expect.poll(async () => (await sandbox.mails(login)).length).toBeGreaterThan(before);
  const text = (await sandbox.mails(login)).at(-1)?.text ?? '';
  const code = /\b(\d{3}) ?(\d{3})\b/.exec(text);
  expect(code, text).not.toBeNull();
  return `${code?.[1]}${code?.[2]}`;
}
