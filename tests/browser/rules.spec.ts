// 通知ルール: the grid by mouse and by keyboard, two admins at once, own kinds, a company's room, what members may set.

import { expect, get, post, test, type Page, type Product } from './todoke.ts';

/** A channel of the sandbox's Slack. */
const CHANNEL = 'C0MINATO002';
const KIND = 'tasks.start_reminder';
const CELL = `rule-${KIND}-email`;

test.describe('the grid', () => {
  test('a switch is saved as it is pressed, and undone from the toast', async ({ as, product }) => {
    const page = await as('suzuki', '/console/rules');
    const cell = page.getByTestId(CELL);
    await expect(cell).toHaveAttribute('aria-checked', 'true');
    await cell.click();
    await expect(cell).toHaveAttribute('aria-checked', 'false');
    await expect.poll(() => off(product, KIND)).toEqual(['email']);
    await page.getByTestId('undo').click();
    await expect(cell).toHaveAttribute('aria-checked', 'true');
    await expect.poll(() => off(product, KIND)).toEqual([]);
  });

  test('arrow keys walk, the space bar switches, Tab leaves in one step', async ({ as, product }) => {
    const page = await as('suzuki', '/console/rules');
    const first = page.getByTestId('rule-tasks.project_invited-lineworks');
    await expect(first).toHaveAttribute('tabindex', '0');
    await first.focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    const there = page.getByTestId('rule-tasks.assigned-slack');
    await expect(there).toBeFocused();
    await expect(page.locator('[data-cell][tabindex="0"]')).toHaveCount(1);
    await page.keyboard.press('Space');
    await expect.poll(() => off(product, 'tasks.assigned')).toEqual(['slack']);
    await page.keyboard.press('Space');
    await expect.poll(() => off(product, 'tasks.assigned')).toEqual([]);
    await page.keyboard.press('End');
    await expect(page.getByTestId('urgency-tasks.assigned')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.locator('[data-cell]:focus')).toHaveCount(0);
  });

  test('another admin sees a change without doing anything', async ({ as, product }) => {
    const one = await as('suzuki', '/console/rules');
    const other = await as('suzuki', '/console/rules');
    await expect(other.getByTestId(CELL)).toHaveAttribute('aria-checked', 'true');
    await one.getByTestId(CELL).click();
    await expect(other.getByTestId(CELL)).toHaveAttribute('aria-checked', 'false');
    await one.getByTestId(CELL).click();
    await expect(other.getByTestId(CELL)).toHaveAttribute('aria-checked', 'true');
    await expect.poll(() => off(product, KIND)).toEqual([]);
  });

  test('what is searched for is found in both languages, and / goes to the search', async ({ as }) => {
    const page = await as('suzuki', '/console/rules');
    await expect(page.getByTestId('rules-fleet')).toBeVisible();
    await page.keyboard.press('/');
    await expect(page.getByTestId('search')).toBeFocused();
    await page.keyboard.type('overspeed');
    await expect(page.getByTestId('rules-tasks')).toHaveCount(0);
    await expect(page.getByTestId('rule-fleet.overspeed')).toBeVisible();
    await page.getByTestId('search').fill('<b>ありません</b>');
    await expect(page.getByTestId('no-kinds')).toBeVisible();
  });

  test('members may not set what the admin keeps', async ({ as }) => {
    const admin = await as('suzuki', '/console/rules');
    await expect(admin.getByTestId('permit-fleet')).toHaveAttribute('aria-checked', 'false');
    await admin.getByTestId('permit-tasks').click();
    const member = await as('yamamoto', '/me');
    await member.getByTestId('app-tasks').locator('summary').click();
    await expect(member.getByTestId(`kind-${KIND}`)).toContainText('管理者が決めています');
    await expect(member.getByTestId(`switch-${KIND}-email`)).toHaveAttribute('aria-disabled', 'true');
    await admin.getByTestId('undo').click();
    await expect(admin.getByTestId('permit-tasks')).toHaveAttribute('aria-checked', 'true');
    await member.reload();
    await member.getByTestId('app-tasks').locator('summary').click();
    await expect(member.getByTestId(`switch-${KIND}-email`)).not.toHaveAttribute('aria-disabled', 'true');
  });
});

test('an own kind is made, refused where it is wrong, changed and deleted with a way back', async ({ as }) => {
  const page = await as('suzuki', '/console/rules');
  await page.getByTestId('add-kind').click();
  await page.getByTestId('save-kind').click();
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(3);
  await page.getByTestId('field-code').fill('tasks.assigned');
  await page.getByTestId('field-name_ja').fill('火災報知');
  await page.getByTestId('field-name_en').fill('Fire alarm');
  await page.getByTestId('save-kind').click();
  await expect(page.getByTestId('kind-form')).toContainText('すでに登録されています。');
  await page.getByTestId('field-code').fill('building.fire');
  await page.getByTestId('icon-flame').check({ force: true });
  await page.getByTestId('save-kind').click();
  const row = page.getByTestId('rule-building.fire');
  await expect(row).toContainText('火災報知');

  await row.getByTestId('edit-kind').click();
  await page.getByTestId('field-name_ja').fill('火災');
  await page.getByTestId('save-kind').click();
  await expect(row).not.toContainText('火災報知');
  await row.getByTestId('edit-kind').click();
  await page.getByTestId('archive-kind').click();
  await expect(row).toHaveCount(0);
  await page.getByTestId('archived-kinds').locator('summary').click();
  await page.getByTestId('edit-archived').click();
  await page.getByTestId('archive-kind').click();
  await expect(row).toBeVisible();
  await row.getByTestId('edit-kind').click();
  await page.getByTestId('delete-kind').click();
  await expect(row).toHaveCount(0);
  await page.getByTestId('undo').last().click();
  await expect(row).toBeVisible();
  await row.getByTestId('edit-kind').click();
  await page.getByTestId('delete-kind').click();
  await expect(row).toHaveCount(0);
});

test.describe('a company', () => {
  test('has rules of its own, marked where they differ', async ({ as, product }) => {
    const company = await makeCompany(product);
    const page = await as('suzuki', `/console/rules?company=${company}`);
    const cell = page.getByTestId(CELL);
    await expect(cell).toHaveAttribute('aria-checked', 'true');
    await cell.click();
    await expect(page.locator('td.differs')).toHaveCount(1);
    // The workspace's own is as it was.
    await page.getByTestId('pick-company').selectOption('');
    await expect(page.locator('td.differs')).toHaveCount(0);
    await expect(cell).toHaveAttribute('aria-checked', 'true');
    expect(await off(product, KIND)).toEqual([]);
  });

  test('gets a room by its pasted ID, a test notice, and keeps what two admins did', async ({ as, product, sandbox }) => {
    const company = await makeCompany(product);
    const path = `/console/rules/companies/${company}`;
    const page = await as('suzuki', path);
    await page.getByTestId('paste-room').locator('summary').click();
    await choose(page, 'Slack');
    await page.getByTestId('field-provider_id').fill('C0NOSUCHROOM');
    await page.getByTestId('check-room').click();
    await expect(page.locator('.field', { has: page.getByTestId('field-provider_id') }).locator('.field-error')).toContainText('Bot');
    // Another file's tests may have invited it before.
    await sandbox.post('slack/invite', { channel: CHANNEL }).catch((error: Error) => expect(error.message).toContain('already so'));
    await page.getByTestId('field-provider_id').fill(CHANNEL);
    await page.getByTestId('check-room').click();
    await expect(page.getByTestId('room-found')).toContainText('参加しています');

    await page.getByTestId('company-app-fleet').locator('summary').click();
    await page.getByTestId('company-kind-fleet.alarm').click();
    await page.getByTestId('save-company').click();
    await expect(page.getByTestId('toasts')).toContainText('保存しました');
    await page.getByTestId('test-company').click();
    await expect(page.getByTestId('test-result')).toContainText('ルームに届きました。');

    // Somebody else changes it while the form is changed.
    const saved = page.getByTestId('company-kind-fleet.overspeed');
    await saved.click();
    const other = await as('suzuki', path);
    await other.getByTestId('company-kind-fleet.moving').click();
    await other.getByTestId('save-company').click();
    await expect(page.getByTestId('conflict')).toContainText('走行開始');
    await expect(saved).toHaveAttribute('aria-checked', 'true');
    await page.getByTestId('keep-mine').click();
    await expect(page.getByTestId('conflict')).toHaveCount(0);
    await expect(other.getByTestId('company-kind-fleet.overspeed')).toHaveAttribute('aria-checked', 'true');

    await page.getByTestId('remove-company').click();
    await expect(page.getByTestId('remove-company')).toBeHidden();
    await page.getByTestId('undo').last().click();
    await expect(page.getByTestId('company-kind-fleet.alarm')).toHaveAttribute('aria-checked', 'true');

    await page.goto(`${product.url}/console/rules/companies?q=${CHANNEL.toLowerCase()}`);
    await expect(page.getByTestId('company')).toHaveCount(1);
    await page.getByTestId('filter-app').selectOption('tasks');
    await expect(page.getByTestId('nothing-found')).toBeVisible();
  });
});

test('members are found, and what they set is read only', async ({ as, product }) => {
  const page = await as('suzuki', '/console/rules/members');
  await page.getByTestId('search').fill('yamamoto');
  await expect(page.getByTestId('member-rule')).toHaveCount(1);
  await page.getByTestId('member-rule').locator('a').click();
  await expect(page).toHaveURL(`${product.url}/console/rules/members/${product.members.yamamoto}`);
  await expect(page.getByTestId('member-settings')).toContainText('タスクの割り当て');
  await expect(page.getByTestId('member-settings').getByRole('switch')).toHaveCount(0);
});

/** Channels on which the workspace does not send a kind. */
async function off(product: Product, code: string): Promise<string[]> {
  const kinds = await get<{ code: string; off: string[] }[]>(product, '/api/v1/kinds');
  return kinds.find((kind) => kind.code === code)?.off ?? ['no such kind'];
}

async function makeCompany(product: Product): Promise<string> {
  const { id } = await post<{ id: string }>(product, '/api/v1/companies', { name: `山田運送 ${crypto.randomUUID()}` });
  return id;
}

/** Chooses the service of a pasted ID by its name. */
async function choose(page: Page, label: string): Promise<void> {
  await page.getByTestId('field-integration').selectOption({ label });
}
