// Answers that come late: by then the page is left, another dialog is open, or more was typed. What came of it is said
// wherever the reader is, can be undone from there, and takes nothing away that they do meanwhile.

import { expect, get, post, test, type Page, type Product } from './todoke.ts';

/** A channel of the sandbox's Slack that no other test looks at. */
const CHANNEL = 'C0MINATO003';
const MONTH = '2026-03';

const field = (page: Page, name: string) => page.getByTestId(`field-${name}`);

test('a company\'s room: left while it is saved or removed, said all the same, undone from elsewhere', async ({ as, product, sandbox }) => {
  const { id } = await post<{ id: string }>(product, '/api/v1/companies', { name: `後藤運送 ${crypto.randomUUID()}` });
  const path = `/api/rules/companies/${id}`;
  const page = await as('suzuki', '/console/rules/companies');
  const troubles = traps(page);
  // Another file's tests may have invited it before.
  await sandbox.post('slack/invite', { channel: CHANNEL }).catch((error: Error) => expect(error.message).toContain('already so'));
  const { services } = await call<{ services: { integration: string; provider: string }[] }>(page, product, 'GET', `${path}/rooms`);
  const integration = services.find((one) => one.provider === 'slack')?.integration;
  const { room } = await call<{ room: { id: string } }>(page, product, 'POST', '/api/rooms/find', { integration, provider_id: CHANNEL });
  await call(page, product, 'PUT', path, { room: room.id, kinds: ['fleet.alarm'], version: 0 });
  const kinds = async () => (await call<{ kinds: string[] }>(page, product, 'GET', path)).kinds.sort();
  const leave = async () => {
    await page.getByTestId('back').click();
    await expect(page).toHaveURL(/\/rules\/companies$/);
    await expect(page.getByTestId('save-company')).toHaveCount(0);
  };

  await page.goto(`${product.url}/console/rules/companies/${id}`);
  await page.getByTestId('company-kind-fleet.moving').click();
  const saving = await hold(page, `**${path}`, 'PUT');
  await page.getByTestId('save-company').click();
  await saving.sent;
  await leave();
  saving.release();
  await expect(page.getByTestId('toasts')).toContainText('保存しました');
  expect(await kinds()).toEqual(['fleet.alarm', 'fleet.moving']);
  await page.getByTestId('undo').click();
  await expect.poll(kinds).toEqual(['fleet.alarm']);

  // What was saved is not offered again as unsaved.
  await page.goto(`${product.url}/console/rules/companies/${id}`);
  await expect(page.getByTestId('company-kind-fleet.moving')).toHaveAttribute('aria-checked', 'false');
  await expect(page.getByTestId('kept-restored')).toHaveCount(0);
  const removing = await hold(page, `**${path}`, 'DELETE');
  await page.getByTestId('remove-company').click();
  await removing.sent;
  await leave();
  removing.release();
  await expect(page.getByTestId('toasts')).toContainText('ルームの設定を削除しました');
  expect(await kinds()).toEqual([]);
  await page.getByTestId('undo').click();
  await expect.poll(kinds).toEqual(['fleet.alarm']);
  await page.request.delete(product.url + path, { headers: { origin: product.url } });
  expect(troubles).toEqual([]);
});

test('a member: what was saved is undone after the page was left', async ({ as, product }) => {
  const id = await makeMember(product);
  const page = await as('suzuki', `/console/members/${id}`);
  const troubles = traps(page);
  const title = async () => (await get<{ title?: string }>(product, `/api/v1/members/${id}`)).title ?? '';
  await field(page, 'title').fill('課長');
  await page.getByTestId('save').click();
  await expect(page.getByTestId('undo')).toBeVisible();
  expect(await title()).toBe('課長');
  await page.getByTestId('nav-rules').click();
  await expect(page.getByTestId('member-form')).toHaveCount(0);
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('toasts')).toContainText('元に戻しました');
  expect(await title()).toBe('');
  expect(troubles).toEqual([]);
});

test('a correction that was cancelled while it was on its way leaves another day\'s form alone', async ({ as, product }) => {
  const member = await makeMember(product);
  const page = await as('suzuki', `/console/apps/attendance/${member}?month=${MONTH}`);
  const troubles = traps(page);
  const dialog = page.getByTestId('correction-dialog');
  const reason = dialog.getByTestId('field-reason');
  const day = (date: string) => page.locator(`[data-testid=day][data-date="${MONTH}-${date}"]`);
  const begin = async (date: string) => {
    await day(date).getByTestId('correct').click();
    await expect(dialog).toBeVisible();
  };
  /** Sends a day, and closes its form before the answer is there. */
  const send = async (date: string) => {
    await begin(date);
    for (const at of [0, 1]) {
      await dialog.getByTestId('add-punch').click();
      await dialog.getByTestId('punch-time').nth(at).fill(at === 0 ? '9:00' : '18:00');
    }
    await reason.fill('直行');
    const held = await hold(page, `**/api/attendance/months/${MONTH}/corrections**`, 'POST');
    await dialog.getByTestId('save-correction').click();
    await held.sent;
    await dialog.getByRole('button', { name: 'キャンセル' }).click();
    await expect(dialog).toBeHidden();
    return held;
  };

  const done = await send('02');
  await begin('03');
  await reason.fill('出張');
  done.release();
  await expect(page.getByTestId('toasts')).toContainText('打刻を修正しました');
  await expect(day('02')).toContainText('09:00');
  await expect(dialog).toBeVisible();
  await expect(reason).toHaveValue('出張');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  const refused = await send('04');
  await begin('05');
  await reason.fill('研修');
  refused.release({ status: 503, json: { code: 'busy', message: 'いまは応じられません。' } });
  await expect(page.getByTestId('toasts')).toContainText('いまは応じられません。');
  await expect(dialog).toBeVisible();
  await expect(reason).toHaveValue('研修');
  await expect(dialog.getByTestId('form-error')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  // The whole page is left, and then somebody else was faster.
  const late = await send('06');
  await page.getByTestId('back').click();
  await expect(page.getByTestId('month-people')).toBeVisible();
  late.release({ status: 409, json: { code: 'changed_meanwhile', message: 'ほかの人が先に変更しました。' } });
  await expect(page.getByTestId('toasts')).toContainText('ほかの人が先に変更しました。');
  expect(troubles).toEqual([]);
});

test('quiet time that somebody else set: taken into the form, and the next save changes nothing of it', async ({ as, product }) => {
  const page = await as('suzuki', '/console/settings/quiet');
  const path = '/api/settings/quiet';
  const form = page.getByTestId('quiet-form');
  await expect(form).toBeVisible();
  const before = await call<{ time: object; rooms: boolean }>(page, product, 'GET', path);
  const theirs = { time: { from: '20:05', until: '06:00', days: [7], holidays: false }, rooms: !before.rooms };
  await call(page, product, 'PUT', path, theirs);
  const used = page.getByTestId('quiet-used');
  if (!(await used.isChecked())) await used.check();
  await form.getByTestId('field-from').fill('23:15');
  await page.getByTestId('save-quiet').click();
  await expect(page.getByTestId('changed-meanwhile')).toContainText('20:05〜06:00');
  await page.getByTestId('take-theirs').click();
  await expect(page.getByTestId('changed-meanwhile')).toHaveCount(0);
  await expect(form.getByTestId('field-from')).toHaveValue('20:05');
  await expect(form.getByTestId('field-until')).toHaveValue('06:00');
  await expect(page.getByTestId('quiet-day-7')).toBeChecked();
  await expect(page.getByTestId('quiet-day-6')).not.toBeChecked();
  await expect(page.getByTestId('quiet-rooms')).toBeChecked({ checked: theirs.rooms });
  await page.getByTestId('save-quiet').click();
  await expect(page.getByTestId('toasts')).toContainText('保存しました');
  await expect(page.getByTestId('changed-meanwhile')).toHaveCount(0);
  expect(await call(page, product, 'GET', path)).toMatchObject(theirs);
  await page.reload();
  await expect(form.getByTestId('field-from')).toHaveValue('20:05');
  await expect(page.getByTestId('kept-restored')).toHaveCount(0);
  await call(page, product, 'PUT', path, { time: before.time, rooms: before.rooms });
});

test('a new member, left while it is made: said elsewhere, nobody is taken away, and the form is empty again', async ({ as, product }) => {
  const page = await as('suzuki', '/console/members/new');
  const troubles = traps(page);
  const name = `後藤 ${Date.now()}`;
  await field(page, 'name').fill(name);
  await field(page, 'login_email').fill(`late-${Date.now()}@minato.example`);
  const held = await hold(page, '**/api/v1/members', 'POST');
  await page.getByTestId('save').click();
  await held.sent;
  const kept = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  expect(await kept()).toContain(name);
  await page.getByTestId('nav-rules').click();
  await expect(page.getByTestId('rules-fleet')).toBeVisible();
  held.release();
  await expect(page.getByTestId('toasts')).toContainText(`「${name}」を追加しました。`);
  await expect(page).toHaveURL(`${product.url}/console/rules`);
  await expect(page.getByTestId('rules-fleet')).toBeVisible();
  expect(await kept()).not.toContain(name);
  await page.goto(`${product.url}/console/members/new`);
  await expect(page.getByTestId('account')).toBeVisible();
  await expect(field(page, 'name')).toHaveValue('');
  await expect(page.getByTestId('kept-restored')).toHaveCount(0);
  expect(troubles).toEqual([]);
});

test.describe('what is typed while the form is saved', () => {
  test('stays in it, is kept by the browser, and goes with the next save', async ({ as, product }) => {
    const page = await as('suzuki', '/console/settings/workspace');
    const path = '/api/settings/line';
    const before = await call<{ spare: boolean; reserve: number }>(page, product, 'GET', path);
    const reserve = async () => (await call<{ reserve: number }>(page, product, 'GET', path)).reserve;
    await field(page, 'reserve').fill('121');
    const held = await hold(page, `**${path}**`, 'PUT');
    await page.getByTestId('save-line-cost').click();
    await held.sent;
    await field(page, 'reserve').fill('131');
    held.release();
    await expect(page.getByTestId('toasts')).toContainText('保存しました');
    await expect(field(page, 'reserve')).toHaveValue('131');
    expect(await reserve()).toBe(121);
    await page.reload();
    await expect(page.getByTestId('kept-restored')).toBeVisible();
    await expect(field(page, 'reserve')).toHaveValue('131');
    await page.getByTestId('save-line-cost').click();
    await expect.poll(reserve).toBe(131);
    await expect(page.getByTestId('changed-meanwhile')).toHaveCount(0);
    await expect(page.getByTestId('kept-restored')).toHaveCount(0);
    await call(page, product, 'PUT', path, before);
  });

  test('stays among the settings of the attendance app too', async ({ as, product }) => {
    const page = await as('suzuki', '/console/apps/attendance/settings');
    const path = '/api/attendance/settings';
    const before = await call<{ remind_at: string }>(page, product, 'GET', path);
    const remind = async () => (await call<{ remind_at: string }>(page, product, 'GET', path)).remind_at;
    await field(page, 'remind_at').fill('22:05');
    const held = await hold(page, `**${path}`, 'PUT');
    await page.getByTestId('save-attendance').click();
    await held.sent;
    await field(page, 'remind_at').fill('21:35');
    held.release();
    await expect(page.getByTestId('toasts')).toContainText('保存しました');
    await expect(field(page, 'remind_at')).toHaveValue('21:35');
    expect(await remind()).toBe('22:05');
    await page.getByTestId('save-attendance').click();
    await expect.poll(remind).toBe('21:35');
    await expect(page.getByTestId('changed-meanwhile')).toHaveCount(0);
    await call(page, product, 'PUT', path, { remind_at: before.remind_at });
  });
});

interface Held {
  /** The page has sent it. */
  sent: Promise<void>;
  /** Lets it through to the server, or answers it. */
  release: (answer?: { status: number; json: object }) => void;
}

/** Holds what is sent there until it is let go; what is sent later passes. */
async function hold(page: Page, path: string, method: string): Promise<Held> {
  let arrive = () => {};
  let release: Held['release'] = () => {};
  const sent = new Promise<void>((done) => (arrive = done));
  const released = new Promise<Parameters<Held['release']>[0]>((done) => (release = done));
  let first = true;
  await page.route(path, async (route) => {
    if (route.request().method() !== method || !first) return route.fallback();
    first = false;
    arrive();
    const answer = await released;
    await (answer ? route.fulfill(answer) : route.continue());
  });
  return { sent, release };
}

/** What broke on the page: a panic of the program is an error of the page. */
function traps(page: Page): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  return troubles;
}

/** A call with the session of the page, as another window of the same person would make it. */
async function call<T>(page: Page, product: Product, method: string, path: string, data?: object): Promise<T> {
  const answer = await page.request.fetch(product.url + path, { method, headers: { origin: product.url }, ...(data ? { data } : {}) });
  expect(answer.status(), await answer.text()).toBe(200);
  return (await answer.json()) as T;
}

async function makeMember(product: Product): Promise<string> {
  const { id } = await post<{ id: string }>(product, '/api/v1/members', { name: '遅番 花子', login_email: `late-${crypto.randomUUID()}@minato.example` });
  return id;
}
