// メンバー: thousands at once by a file that can be stopped before anything changes, and one at a time by two people.

import { readFile } from 'node:fs/promises';

import { arrived, errorOf, expect, get, post, put, test, type Page, type Product } from './todoke.ts';

const DOMAIN = '@import.example';

interface Member {
  id: string;
  name: string;
  login_email: string;
  company_name: string | null;
  department: string;
  title: string;
  usable: boolean;
  version: number;
}

/** Other files count the members: what came in goes again. */
test.afterEach(async ({ product }) => {
  for (;;) {
    const { items } = await get<{ items: Member[] }>(product, `/api/v1/members?q=${encodeURIComponent(DOMAIN)}&limit=200`);
    if (items.length === 0) break;
    for (const { id } of items) await remove(product, `/api/v1/members/${id}`);
  }
  for (const { id, members } of await get<{ id: string; members: number }[]>(product, '/api/v1/companies')) {
    const name = (await get<{ id: string; name: string }[]>(product, '/api/v1/companies')).find((one) => one.id === id)?.name;
    if (members === 0 && name?.startsWith('取込')) await remove(product, `/api/v1/companies/${id}`);
  }
});

test('a Shift_JIS file: columns found, line by line shown, stopped without a trace, then applied', async ({ as, product }) => {
  const page = await as('suzuki', '/console/members');
  await page.getByTestId('import-members').click();
  const file = [
    '氏名,フリガナ,メールアドレス,会社名,部署,好きな色',
    `森 ひなた,モリ,mori${DOMAIN},取込商事,"営業, 第一",青`,
    `=1+1,,formula${DOMAIN},,,`,
    `林,,MORI${DOMAIN},,,`,
    ',,nobody,,,',
    '伊藤 健,イトウ,ito@minato.example,,総務,',
  ].join('\r\n');
  await choose(page, '社員.csv', shiftJis(file));
  await expect(page.getByTestId('column')).toHaveCount(6);
  await expect(page.getByTestId('column').nth(2)).toHaveValue('login_email');
  await expect(page.getByTestId('column').nth(5)).toHaveValue('');
  await page.getByTestId('check-rows').click();
  await expect(page.getByTestId('preview-row')).toHaveCount(2);
  await expect(page.getByTestId('preview-row').first()).toContainText('2回');
  await expect(page.getByTestId('preview-row').first()).toContainText('(2)');
  await expect(page.getByTestId('new-companies')).toContainText('取込商事');
  await page.getByTestId('lines-all').click();
  await expect(page.getByTestId('preview-row')).toHaveCount(5);
  await expect(page.locator('[data-testid=preview-row][data-outcome=created]')).toHaveCount(2);
  const before = await find(product, 'ito@minato.example');

  // Left here, nothing has changed.
  await page.getByTestId('leave-import').click();
  await expect(page.getByTestId('field-file')).toBeAttached();
  expect(await find(product, DOMAIN)).toHaveLength(0);
  expect(await find(product, 'ito@minato.example')).toEqual(before);

  await choose(page, '社員.csv', shiftJis(file));
  await page.getByTestId('check-rows').click();
  const [refused] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-refused').click()]);
  const lines = (await readFile(await refused.path(), 'utf8')).split('\r\n');
  expect(lines[0]).toBe('\ufeff氏名,フリガナ,メールアドレス,会社名,部署,好きな色,理由');
  expect(lines).toHaveLength(4);
  await page.getByTestId('start-import').click();
  await expect(page.getByTestId('import-job')).toHaveAttribute('data-state', 'done');
  await expect(page.getByTestId('import-counts')).toHaveText('追加 2 · 変更 1 · 変更なし 0 · 問題あり 2');
  const [mori] = await find(product, `mori${DOMAIN}`);
  expect([mori?.company_name, mori?.department]).toEqual(['取込商事', '営業, 第一']);

  // The result is found again, and its file says who became what.
  await page.goto(`${product.url}/console/members/import`);
  await page.getByTestId('open-import').first().click();
  const [result] = await Promise.all([page.waitForEvent('download'), page.getByTestId('result-file').click()]);
  const said = await readFile(await result.path(), 'utf8');
  expect(said).toContain(`2,追加,mori${DOMAIN},森 ひなた,,`);
  expect(said).toContain("'=1+1");
  await put(product, `/api/v1/members/${before[0]?.id}`, { department: before[0]?.department });
});

test('what is exported comes in again as it is, in either encoding', async ({ as, product }) => {
  await post(product, '/api/v1/members', { name: '=HYPERLINK("x")', login_email: `one${DOMAIN}`, department: '経理, "本社"' });
  const page = await as('suzuki', `/console/members?q=${encodeURIComponent(DOMAIN)}`);
  for (const encoding of ['utf-8', 'shift_jis']) {
    await page.goto(`${product.url}/console/members?q=${encodeURIComponent(DOMAIN)}`);
    await page.getByTestId('export-members').click();
    await page.getByTestId(`encoding-${encoding}`).check();
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-do').click()]);
    const bytes = await readFile(await saved.path());
    const text = new TextDecoder(encoding).decode(bytes);
    expect(bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))).toBe(encoding === 'utf-8');
    expect(text.split('\r\n')).toHaveLength(3);
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
    await page.goto(`${product.url}/console/members/import`);
    await choose(page, 'again.csv', bytes);
    await page.getByTestId('check-rows').click();
    await expect(page.locator('[data-testid=preview-row][data-outcome=same]')).toHaveCount(1);
    await expect(page.getByTestId('start-import')).toHaveCount(0);
  }
});

test('files that are none say why, and hundreds of rows can be left and found again', async ({ as, product }) => {
  const page = await as('suzuki', '/console/members/import');
  const heading = `名前,ログインメール\n`;
  for (const [bytes, words] of [
    [Buffer.from(heading), '行がありません'],
    [Buffer.from(`${heading}"森,a@b.jp\n`), '2行目の引用符'],
    [Buffer.from([0x61, 0x0a, 0x81, 0xff, 0xfe, 0xfd]), '文字コードを読み取れません'],
    [Buffer.alloc(5 * 1024 * 1024 + 1, 0x61), '5 MBより大きい'],
  ] as const) {
    await choose(page, 'x.csv', bytes);
    await expect(page.getByTestId('file-problem')).toContainText(words);
  }
  // Without the login email nobody can be told from another.
  await choose(page, 'x.csv', Buffer.from('氏名,電話\n森,03\n'));
  await expect(page.getByTestId('needs-login')).toBeVisible();
  await expect(page.getByTestId('check-rows')).toBeDisabled();
  await page.getByTestId('other-file').click();

  const rows = Array.from({ length: 600 }, (_, index) => `社員 ${index},m${index}${DOMAIN}`);
  await choose(page, 'many.csv', Buffer.from(`\ufeff${heading}${rows.join('\n')}`));
  await page.getByTestId('check-rows').click();
  await page.getByTestId('start-import').click();
  await expect(page.getByTestId('import-job')).toBeVisible();
  await expect(page).toHaveURL(/\?id=im_/);
  const address = page.url();
  await page.getByTestId('nav-members').click();
  await page.goto(address);
  await expect(page.getByTestId('import-job')).toHaveAttribute('data-state', 'done');
  await expect(page.getByTestId('import-counts')).toContainText('追加 600');
  await page.getByTestId('to-members').click();
  await page.getByTestId('search').fill('ｍ５９９＠');
  await expect(page.getByTestId('member-count')).toHaveText('1人');
});

test('two admins: the later one sees the difference and keeps what was typed', async ({ as, product }) => {
  const made = await post<Member>(product, '/api/v1/members', { name: '林 蓮', login_email: `hayashi${DOMAIN}`, title: '係長' });
  const page = await as('suzuki', `/console/members/${made.id}`);
  await page.getByTestId('field-title').fill('課長');
  await page.getByTestId('field-department').fill('経理部');
  await put(product, `/api/v1/members/${made.id}`, { title: '部長', employee_number: 'A-7' });
  await page.getByTestId('save').click();
  await expect(page.getByTestId('difference-row')).toHaveCount(2);
  await expect(page.locator('[data-field=title]')).toContainText('部長');
  await expect(page.locator('[data-field=title]')).toContainText('課長');
  await expect(page.locator('[data-field=employee_number]')).toContainText('変更していません');
  await expect(page.getByTestId('field-department')).toHaveValue('経理部');
  await page.getByTestId('keep-both').click();
  await expect(page.getByTestId('changed-meanwhile')).toHaveCount(0);
  await expect.poll(async () => {
    const { title, department, employee_number } = await get<Member & { employee_number: string }>(product, `/api/v1/members/${made.id}`);
    return [title, department, employee_number];
  }).toEqual(['課長', '経理部', 'A-7']);
});

test('one person: invited by mail, given a way in, erased by name', async ({ as, product, sandbox }) => {
  const page = await as('suzuki', `/console/members/${product.members.kato}`);
  await page.getByTestId('invite').click();
  const mail = await arrived(sandbox, 'kato', '通知を受け取る準備ができました');
  expect(mail?.text).toContain('/s/');
  await page.getByTestId('make-link').click();
  await expect(page.getByTestId('made-link')).toContainText('/s/');
  await page.reload();
  await expect(page.getByTestId('invite')).toContainText('もう一度');

  const made = await post<Member>(product, '/api/v1/members', { name: '消去 花子', login_email: `gone${DOMAIN}` });
  await page.goto(`${product.url}/console/members/${made.id}`);
  await page.getByTestId('erase').click();
  await expect(page.getByTestId('consequences')).toBeVisible();
  await expect(page.getByTestId('erase-confirm')).toBeDisabled();
  await page.getByTestId('field-confirm').fill('消去 花子');
  await page.getByTestId('erase-confirm').click();
  await expect(page).toHaveURL(/\/console\/members$/);
  expect(await find(product, `gone${DOMAIN}`)).toHaveLength(0);
});

test('companies: added, renamed, refused twice, deleted when empty', async ({ as }) => {
  const page = await as('suzuki', '/console/members/companies');
  await page.getByTestId('add-company').click();
  await page.getByTestId('field-name').fill('取込物産');
  await page.getByTestId('save-company').click();
  const row = page.getByTestId('company').filter({ hasText: '取込物産' });
  await expect(row).toContainText('0人');
  await page.getByTestId('add-company').click();
  await page.getByTestId('field-name').fill('取込物産');
  await page.getByTestId('save-company').click();
  await expect(errorOf(page, 'name')).toContainText('すでに登録されています。');
  await page.keyboard.press('Escape');
  await row.getByTestId('rename').click();
  await page.getByTestId('field-name').fill('取込商会');
  await page.getByTestId('save-company').click();
  const renamed = page.getByTestId('company').filter({ hasText: '取込商会' });
  await expect(renamed).toBeVisible();
  await renamed.getByTestId('delete').click();
  await page.getByTestId('field-confirm').fill('取込商会');
  await page.getByTestId('delete-company-confirm').click();
  await expect(renamed).toHaveCount(0);
});

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.getByTestId('field-file').setInputFiles({ name, mimeType: 'text/csv', buffer });
}

async function find(product: Product, words: string): Promise<Member[]> {
  return (await get<{ items: Member[] }>(product, `/api/v1/members?q=${encodeURIComponent(words)}`)).items;
}

async function remove(product: Product, path: string): Promise<void> {
  await fetch(new URL(path, product.url), { method: 'DELETE', headers: { authorization: `Bearer ${product.key}` } });
}

/** Node reads Shift_JIS and does not write it: the table is turned around. */
function shiftJis(text: string): Buffer {
  const decoder = new TextDecoder('shift_jis');
  const table = new Map<string, number[]>();
  for (let lead = 0x81; lead <= 0xfc; lead += 1) {
    if (lead > 0x9f && lead < 0xe0) continue;
    for (let trail = 0x40; trail <= 0xfc; trail += 1) {
      const shown = decoder.decode(Uint8Array.of(lead, trail));
      if (shown.length === 1 && shown !== '\ufffd' && !table.has(shown)) table.set(shown, [lead, trail]);
    }
  }
  return Buffer.from([...text].flatMap((letter) => table.get(letter) ?? [letter.charCodeAt(0)]));
}
