// Every form of the console against what people and machines put into it: nothing, spaces, far too much, emoji, text
// that runs the other way, markup; pressed twice, left by the back button, sent by somebody who is signed out, or after
// another admin was faster. Nothing typed is lost, nothing runs, nothing is written twice.

import { join } from 'node:path';

import { root } from './product.ts';
import { errorOf, expect, get, post, signInLink, test, type Page, type Product } from './todoke.ts';

interface FormCase {
  name: string;
  path: string;
  /** What opens it, where it is not there at once. */
  open?: string;
  /** Its texts; the first one is looked at. */
  fields: string[];
  submit: string;
  /** What it would send. */
  writes: string;
  /** What it takes; nothing of it is ever written here. */
  good?: Record<string, string>;
}

const FORMS: FormCase[] = [
  {
    name: 'a new member',
    path: '/console/members/new',
    fields: ['name', 'reading', 'login_email', 'lineworks_id', 'slack_id', 'notification_email', 'department', 'title', 'employee_number'],
    submit: 'save',
    writes: '**/api/v1/members',
    good: { name: '森 ひなた', login_email: 'forms@minato.example' },
  },
  { name: 'a new company', path: '/console/members/companies', open: 'add-company', fields: ['name'], submit: 'save-company', writes: '**/api/v1/companies', good: { name: '山田物流' } },
  { name: 'the workspace', path: '/console/settings/workspace', fields: ['name'], submit: 'save-workspace', writes: '**/api/settings/workspace', good: { name: 'みなと商事' } },
  { name: 'what LINE may cost', path: '/console/settings/workspace', fields: ['reserve'], submit: 'save-line-cost', writes: '**/api/settings/line**', good: { reserve: '100' } },
  { name: 'a new key', path: '/console/settings/keys', open: 'new-key', fields: ['name'], submit: 'create-key', writes: '**/api/keys', good: { name: '販売管理' } },
  { name: 'a new door', path: '/console/settings/doors', open: 'new-door', fields: ['name'], submit: 'create-door', writes: '**/api/doors' },
  { name: 'a new webhook', path: '/console/settings/webhooks', open: 'new-webhook', fields: ['url'], submit: 'save-webhook', writes: '**/api/webhooks', good: { url: 'https://hooks.example.com/forms' } },
  {
    name: 'a new kind',
    path: '/console/rules',
    open: 'add-kind',
    fields: ['code', 'name_ja', 'name_en'],
    submit: 'save-kind',
    writes: '**/api/v1/kinds',
    good: { code: 'forms.twice', name_ja: '二度押し', name_en: 'Pressed twice' },
  },
  {
    name: 'LINE WORKS',
    path: '/console/integrations/lineworks',
    fields: ['client_id', 'client_secret', 'service_account', 'domain_id', 'bot_admin', 'bot_subadmin', 'bot_name'],
    submit: 'save',
    writes: '**/api/integrations**',
  },
  { name: 'LINE', path: '/console/integrations/line', fields: ['login_channel_id', 'login_channel_secret', 'channel_secret', 'channel_access_token', 'friend_link'], submit: 'save', writes: '**/api/integrations**' },
  {
    name: 'Slack',
    path: '/console/integrations/slack',
    fields: ['signing_secret', 'bot_token'],
    submit: 'save',
    writes: '**/api/integrations**',
    good: { signing_secret: '8f742231b10e8888abcd99yyyzzz85a5', bot_token: 'xoxb-1-2-abc' },
  },
  { name: 'mail', path: '/console/integrations/mail', fields: ['host', 'port', 'user', 'password', 'from_name', 'from_address', 'reply_to'], submit: 'save', writes: '**/api/integrations**' },
  { name: 'signing in', path: '/sign-in', fields: ['email'], submit: 'send-code', writes: '**/api/sign-in/code', good: { email: 'nobody@minato.example' } },
];

const WRONG = { nothing: '', spaces: ' \u3000\t ', 'ten thousand characters': 'あ'.repeat(10_000) };
const HOSTILE = {
  emoji: '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'right to left': '\u202eمرحبا\u202c',
  markup: `"><svg/onload=window.ran=1><b>'{{7*7}}\${7*7}`,
  'broken encoding': 'é\ufffd\u0000\ud83d',
};

for (const form of FORMS) {
  test(`${form.name}: what is wrong is said, what is odd stays text, pressed twice is sent once`, async ({ as, browser, product }) => {
    const page = form.path === '/sign-in' ? await (await browser.newContext()).newPage() : await as('suzuki', '/console');
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('dialog', (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    // The server is busy, and says so when the test lets it: whatever is sent is seen, and nothing of it is kept.
    let sent = 0;
    let held = Promise.resolve();
    await page.route(form.writes, async (route) => {
      if (route.request().method() === 'GET') return route.continue();
      sent += 1;
      await held;
      await route.fulfill({ status: 503, json: { code: 'busy', message: 'いまは応じられません。' } }).catch(() => {});
    });
    await begin(page, product, form);
    const first = field(page, form.fields[0] ?? '');
    const said = page.locator('[aria-invalid=true], [data-testid=form-error], [data-testid=check-result]').filter({ visible: true }).first();

    for (const [what, text] of Object.entries(WRONG)) {
      for (const name of form.fields) await field(page, name).fill(text);
      await page.getByTestId(form.submit).click();
      await expect(said, what).toBeVisible();
      expect(sent, what).toBe(0);
      if (text.length > 100) expect((await first.inputValue()).length, what).toBe(text.length);
    }
    for (const [what, text] of Object.entries(HOSTILE)) {
      for (const name of form.fields) await field(page, name).fill(text);
      await page.getByTestId(form.submit).click();
      await expect(said, what).toBeVisible();
      await expect(page.locator('[aria-busy=true]'), what).toHaveCount(0);
      expect(await first.inputValue(), what).not.toBe('');
      expect(await page.evaluate(() => [(window as { ran?: number }).ran, document.querySelectorAll('[onload]').length]), what).toEqual([undefined, 0]);
    }
    if (form.good) {
      for (const name of form.fields) await field(page, name).fill(form.good[name] ?? '');
      sent = 0;
      let release = () => {};
      held = new Promise((done) => (release = done));
      await page.getByTestId(form.submit).dblclick();
      await first.press('Enter');
      await expect.poll(() => sent).toBe(1);
      release();
      await expect(said).toBeVisible();
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
      expect(sent).toBe(1);
      await expect(first).toHaveValue(form.good[form.fields[0] ?? ''] ?? '');
    }
    expect(troubles).toEqual([]);
    if (form.path === '/sign-in') await page.context().close();
  });
}

test('the key file: not a key, a picture, far too large; then the fields still stand', async ({ as }) => {
  const page = await as('suzuki', '/console/integrations/lineworks');
  await field(page, 'client_id').fill('abc');
  for (const [name, content] of [['photo.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 254])], ['empty.key', Buffer.alloc(0)], ['big.key', Buffer.alloc(70_000, 65)]] as const) {
    await field(page, 'private_key').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: content });
    await page.getByTestId('save').click();
    await expect(errorOf(page, 'private_key'), name).not.toBeEmpty();
  }
  await expect(field(page, 'client_id')).toHaveValue('abc');
});

test.describe('what was typed', () => {
  test('survives an ended session: said, signed in again, back in the fields; secrets are not', async ({ as, product }) => {
    const page = await as('suzuki', '/console/integrations/mail');
    await field(page, 'host').fill('smtp.example.co.jp');
    await field(page, 'user').fill('todoke');
    await field(page, 'password').fill('very-secret-password');
    await field(page, 'from_address').fill('todoke@example.co.jp');
    await page.context().clearCookies();
    await page.getByTestId('save').click();
    await expect(page.getByTestId('sign-in-again')).toBeVisible();
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain('very-secret');

    await page.goto(await signInLink(product, 'suzuki'));
    await expect(page.getByTestId('account')).toBeVisible();
    await page.goto(`${product.url}/console/integrations/mail`);
    await expect(page.getByTestId('kept-restored')).toBeVisible();
    await expect(field(page, 'host')).toHaveValue('smtp.example.co.jp');
    await expect(field(page, 'from_address')).toHaveValue('todoke@example.co.jp');
    await expect(field(page, 'password')).toHaveValue('');
    await picture(page, 'kept');
    await page.getByTestId('drop-kept').click();
    await expect(field(page, 'host')).toHaveValue('');
    await page.reload();
    await expect(field(page, 'host')).toHaveValue('');
    await expect(page.getByTestId('kept-restored')).toHaveCount(0);
  });

  for (const [name, path, open, change, submit] of [
    ['a member', 'member', '', { department: '経理部', title: '課長' }, 'save'],
    ['the workspace', '/console/settings/workspace', '', { name: 'みなと商事(新)' }, 'save-workspace'],
    ['a new webhook', '/console/settings/webhooks', 'new-webhook', { url: 'https://hooks.example.com/kept' }, 'save-webhook'],
    ['a new kind', '/console/rules', 'add-kind', { code: 'forms.kept', name_ja: '火災', name_en: 'Fire' }, 'save-kind'],
    ['LINE', '/console/settings/workspace', '', { reserve: '250' }, 'save-line-cost'],
  ] as const) {
    test(`${name}: refused while signed out, there again afterwards, gone for somebody else`, async ({ as, product }) => {
      const place = path === 'member' ? `/console/members/${product.members.kato}` : path;
      const form: FormCase = { name, path: place, fields: [], submit, writes: '', ...(open ? { open } : {}) };
      const page = await as('suzuki', place);
      await begin(page, product, form);
      for (const [one, text] of Object.entries(change)) await field(page, one).fill(text);
      await page.context().clearCookies();
      await page.getByTestId(submit).click();
      await expect(page.getByTestId('form-error')).toBeVisible();
      const again = page.getByTestId('sign-in-again');
      expect(await again.getAttribute('href')).toContain('/sign-in?to=%2Fconsole');
      await page.goto(await signInLink(product, 'suzuki'));
      await expect(page.getByTestId('account')).toBeVisible();
      await begin(page, product, form);
      await expect(page.getByTestId('kept-restored')).toBeVisible();
      for (const [one, text] of Object.entries(change)) await expect(field(page, one)).toHaveValue(text);

      // The same tab, another person.
      await page.goto(await anotherAdmin(product));
      await expect(page.getByTestId('account')).toContainText('別の管理者');
      await begin(page, product, form);
      await expect(field(page, Object.keys(change)[0] ?? '')).toBeVisible();
      await expect(page.getByTestId('kept-restored')).toHaveCount(0);
    });
  }

  test('is there after the back button and after a reload, and gone once it is saved or signed out', async ({ as, product }) => {
    const page = await as('suzuki', '/console/members/new');
    await field(page, 'name').fill('戻る 太郎');
    await page.getByTestId('cancel').click();
    await expect(page).toHaveURL(/\/members$/);
    await page.goBack();
    await expect(field(page, 'name')).toHaveValue('戻る 太郎');
    await page.reload();
    await expect(field(page, 'name')).toHaveValue('戻る 太郎');
    await field(page, 'login_email').fill(`back-${Date.now()}@minato.example`);
    await page.getByTestId('save').click();
    await expect(page).toHaveURL(/\/members$/);
    await page.goto(`${product.url}/console/members/new`);
    await expect(field(page, 'name')).toHaveValue('');
  });
});

test.describe('two admins', () => {
  /** Another admin, from another browser. */
  const other = async (page: Page, product: Product, path: string, data: object) => {
    const answer = await page.request.put(product.url + path, { headers: { origin: product.url }, data });
    expect(answer.status(), await answer.text()).toBe(200);
  };
  const now = async (page: Page, product: Product, path: string) => (await page.request.get(product.url + path)).json();

  test('what LINE may cost: the difference, field by field, and both kept', async ({ as, product }) => {
    const page = await as('suzuki', '/console/settings/workspace');
    const path = '/api/settings/line';
    const before = await now(page, product, path);
    await field(page, 'reserve').fill('120');
    await other(page, product, path, { spare: !before.spare, reserve: 300 });
    await page.getByTestId('save-line-cost').click();
    await expect(page.getByTestId('difference-row')).toHaveCount(2);
    await expect(page.locator('[data-field=reserve]')).toContainText('300');
    await expect(page.locator('[data-field=reserve]')).toContainText('120');
    await expect(page.locator('[data-field=spare]')).toContainText('変更していません');
    expect(await now(page, product, path)).toEqual({ spare: !before.spare, reserve: 300 });
    await picture(page, 'difference');
    await page.getByTestId('keep-both').click();
    await expect(page.getByTestId('changed-meanwhile')).toHaveCount(0);
    await expect.poll(() => now(page, product, path)).toEqual({ spare: !before.spare, reserve: 120 });
    await other(page, product, path, before);
  });

  test('a kind: theirs is taken', async ({ as, product }) => {
    const code = `forms.k${Date.now()}`;
    await post(product, '/api/v1/kinds', { code, name_ja: '火災', name_en: 'Fire', urgency: 'normal', icon: 'bell' });
    const page = await as('suzuki', '/console/rules');
    await page.getByTestId(`rule-${code}`).getByTestId('edit-kind').click();
    await field(page, 'name_ja').fill('出火');
    await other(page, product, `/api/v1/kinds/${code}`, { name_ja: '火災報知', name_en: 'Fire', urgency: 'critical', icon: 'bell', archived: false });
    await page.getByTestId('save-kind').click();
    await expect(page.locator('[data-field=name_ja]')).toContainText('火災報知');
    await page.getByTestId('take-theirs').click();
    await expect(field(page, 'name_ja')).toHaveValue('火災報知');
    await page.getByTestId('save-kind').click();
    await expect(page.getByTestId('kind-dialog')).toBeHidden();
    await page.request.delete(`${product.url}/api/v1/kinds/${code}`, { headers: { origin: product.url } });
  });

  test('a webhook: mine is put over it', async ({ as, product }) => {
    const page = await as('suzuki', '/console/settings/webhooks');
    const made = await page.request.post(`${product.url}/api/webhooks`, { headers: { origin: product.url }, data: { url: 'https://hooks.example.com/two', events: ['action.taken'] } });
    const { info } = await made.json();
    await page.goto(`${product.url}/console/settings/webhooks/${info.id}`);
    await page.getByTestId('edit-webhook').click();
    await field(page, 'url').fill('https://hooks.example.com/mine');
    await other(page, product, `/api/webhooks/${info.id}`, { url: 'https://hooks.example.com/theirs', events: ['action.taken', 'delivery.failed'] });
    await page.getByTestId('save-webhook').click();
    await expect(page.locator('[data-field=url]')).toContainText('/theirs');
    await page.getByTestId('keep-mine').click();
    await expect(page.getByTestId('webhook-dialog')).toBeHidden();
    const all = (await now(page, product, '/api/webhooks')) as { id: string; url: string; events: string[] }[];
    expect(all.find((one) => one.id === info.id)).toMatchObject({ url: 'https://hooks.example.com/mine', events: ['action.taken'] });
    await page.request.delete(`${product.url}/api/webhooks/${info.id}`, { headers: { origin: product.url } });
  });

  test('quiet time and a company\'s name: told what it is now, then put over it', async ({ as, product }) => {
    const page = await as('suzuki', '/console/settings/quiet');
    const path = '/api/settings/quiet';
    const { time, rooms } = await now(page, product, path);
    await expect(page.getByTestId('quiet-form')).toBeVisible();
    const theirs = time.from === '20:00' ? '19:00' : '20:00';
    await other(page, product, path, { time: { from: theirs, until: '06:00', days: [], holidays: false }, rooms: false });
    const used = page.getByTestId('quiet-used');
    if (!(await used.isChecked())) await used.check();
    await page.getByTestId('quiet-form').getByTestId('field-from').fill('23:15');
    await page.getByTestId('save-quiet').click();
    await expect(page.getByTestId('changed-meanwhile')).toContainText(`${theirs}〜06:00`);
    await page.getByTestId('save-quiet').click();
    await expect(page.getByTestId('changed-meanwhile')).toHaveCount(0);
    expect((await now(page, product, path)).time.from).toBe('23:15');
    await other(page, product, path, { time, rooms });

    const company = await post<{ id: string }>(product, '/api/v1/companies', { name: `港運 ${Date.now()}` });
    await page.goto(`${product.url}/console/members/companies`);
    await page.getByTestId('company').filter({ hasText: '港運' }).first().getByTestId('rename').click();
    await field(page, 'name').fill('港運輸');
    await other(page, product, `/api/v1/companies/${company.id}`, { name: '港ロジ' });
    await page.getByTestId('save-company').click();
    await expect(errorOf(page, 'name')).toContainText('港ロジ');
    await page.getByTestId('save-company').click();
    await expect(page.getByTestId('company').filter({ hasText: '港運輸' })).toHaveCount(1);
    await page.request.delete(`${product.url}/api/v1/companies/${company.id}`, { headers: { origin: product.url } });
  });
});

/** For people to look at: target/screenshots/forms-….png. */
const picture = (page: Page, name: string) => page.screenshot({ path: join(root, `target/screenshots/forms-${name}.png`), fullPage: true });

const field = (page: Page, name: string) => page.getByTestId(`field-${name}`);

/** A way in for an admin of this file's own. */
async function anotherAdmin(product: Product): Promise<string> {
  const found = await get<{ items: { id: string }[] }>(product, '/api/v1/members?q=other-admin');
  const id = found.items[0]?.id ?? (await post<{ id: string }>(product, '/api/v1/members', { name: '別の管理者', login_email: 'other-admin@minato.example', role: 'admin' })).id;
  return (await post<{ url: string }>(product, `/api/v1/members/${id}/sign-in-link`, {})).url;
}

/** Goes to a form and opens it. */
async function begin(page: Page, product: Product, form: FormCase): Promise<void> {
  await page.goto(product.url + form.path);
  if (form.open) await page.getByTestId(form.open).click();
  await expect(page.getByTestId(form.submit)).toBeVisible();
}
