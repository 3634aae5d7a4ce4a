// Absences: entered by the API, in LINE WORKS calendars once the admin wants it, and in each member's own feed.

import { expect, put, test, type Page, type Product, type Sandbox } from './todoke.ts';

interface State {
  people: { short: string; userId: string }[];
  calendars: Record<string, { eventId: string; summary: string }[]>;
}

/** The connection to LINE WORKS that was made first, and its page. */
async function lineworks(page: Page, product: Product): Promise<string> {
  const id = await page.evaluate(async () => {
    const all = (await (await fetch('/api/integrations')).json()) as { id: string; provider: string }[];
    return all.find((one) => one.provider === 'lineworks')?.id ?? '';
  });
  await page.goto(`${product.url}/console/integrations/${id}`);
  return id;
}

/** What is in somebody's calendar. */
async function titles(sandbox: Sandbox, login: string): Promise<string[]> {
  const state = await sandbox.get<State>('state');
  const user = state.people.find((one) => one.short === login)?.userId ?? '';
  return (state.calendars[user] ?? []).map((event) => event.summary);
}

async function remove(product: Product, ref: string): Promise<number> {
  const answer = await fetch(`${product.url}/api/v1/absences/${ref}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${product.key}` },
  });
  return answer.status;
}

test('the switch says what is missing, then absences are in the calendar on the phone', async ({ as, page: phone, product, sandbox }) => {
  const { lineworks: app } = await sandbox.get<{ lineworks: { scopes: string[] } }>('credentials');
  const page = await as('suzuki', '/console/integrations');
  await expect(page.getByTestId('page-title')).toBeVisible();
  await lineworks(page, product);
  const [own, card] = [page.getByTestId('calendar-switch'), page.getByTestId('calendar')];
  try {
    await expect(own).toHaveAttribute('aria-checked', 'false');
    await sandbox.post('scopes', { scopes: app.scopes.filter((scope) => scope !== 'calendar') });
    await own.click();
    await expect(card.getByTestId('step').first()).toHaveAttribute('data-mark', 'failed');
    await expect(card).toContainText('invalid_scope');
    await expect(card).toContainText('OAuth Scopesにcalendarを加えてください。');
    await expect(own).toHaveAttribute('aria-checked', 'false');

    await sandbox.post('scopes', { scopes: app.scopes });
    await own.click();
    await expect(own).toHaveAttribute('aria-checked', 'true');
    await expect(card.getByTestId('calendar-state')).toContainText('使用中');

    const title = `年末休暇 ${Date.now()}`;
    const body = { member: product.members.sato, title, starts: '2026-12-29', ends: '2026-12-31', all_day: true };
    await put(product, '/api/v1/absences/browser-1', body);
    await phone.goto(`${sandbox.url}/?open=sato&tab=calendar`);
    await expect(phone.getByText(title)).toBeVisible();
    await expect(phone.locator('[data-event]').filter({ hasText: title })).toContainText('12/29–12/31');
    // The page hears of it by itself.
    await expect(card.getByTestId('calendar-state')).toContainText('最後の反映');
    await put(product, '/api/v1/absences/browser-1', { ...body, title: `${title} (変更)` });
    await expect.poll(() => titles(sandbox, 'sato')).toEqual([`${title} (変更)`]);
    expect(await remove(product, 'browser-1')).toBe(204);
    await expect.poll(() => titles(sandbox, 'sato')).toEqual([]);

    await own.click();
    await expect(own).toHaveAttribute('aria-checked', 'false');
    await expect(card).toContainText('反映済みの予定はLINE WORKSに残ります。');
  } finally {
    await sandbox.post('scopes', { scopes: app.scopes });
  }
});

test('the feed: made, subscribed to, made anew, taken away', async ({ as, product }) => {
  const title = `通院 ${Date.now()}`;
  await put(product, '/api/v1/absences/browser-2', {
    member: product.members.kobayashi,
    title,
    starts: '2026-12-29T13:00:00+09:00',
    ends: '2026-12-29T15:00:00+09:00',
  });
  const page = await as('kobayashi', '/me', { width: 390, height: 844 });
  const card = page.getByTestId('feed');
  await card.locator('summary').click();
  await page.getByTestId('make-feed').click();
  const url = page.getByTestId('feed-url');
  await expect(url).toHaveText(/\/calendar\/.+\.ics$/);
  const first = (await url.textContent()) ?? '';
  const answer = await fetch(first);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
  const text = await answer.text();
  expect(text).toContain(`SUMMARY:${title}`);
  expect(text).toContain('DTSTART:20261229T040000Z');

  // Told once: after reloading only that there is one.
  await page.reload();
  await card.locator('summary').click();
  await expect(page.getByTestId('remove-feed')).toBeVisible();
  await expect(url).toHaveCount(0);
  await page.getByTestId('make-feed').click();
  await expect(url).not.toHaveText(first);
  const second = (await url.textContent()) ?? '';
  expect([(await fetch(first)).status, (await fetch(second)).status]).toEqual([404, 200]);
  await page.getByTestId('remove-feed').click();
  await expect(page.getByTestId('make-feed')).toHaveText('カレンダーの購読アドレスを作る');
  expect((await fetch(second)).status).toBe(404);
  expect(await remove(product, 'browser-2')).toBe(204);
});
