// The walk over all five messengers: linked on each, one notice everywhere, answered on a phone and settled in every
// talk; LINE linked from nothing and blocked; punching by a word.

import { join } from 'node:path';

import type { Browser } from '@playwright/test';

import { root } from './product.ts';
import { expect, get, post, say, test, type Locator, type Page, type Product } from './todoke.ts';

/** 「総務部」 at LINE WORKS, Slack and Google Chat. */
const ROOMS = { lineworks: '7d1c0b52-0e8f-4a6b-9a31-5f2f60a10001', slack: 'C0MINATO002', google_chat: 'AAAAminato1' };
const BOT = 'Todoke通知';

/** A talk on a phone: the app, and the talk's name in it. */
interface Spot {
  app: 'lineworks' | 'line' | 'slack' | 'google_chat';
  talk: string;
  /** Its messages cannot be answered: the space of a webhook. */
  mute?: boolean;
}

interface State {
  bots: { botId: number; name: string }[];
  line: { accounts: { channelId: number }[]; groups: { group_id: string; name: string }[] };
}

/** For people to look at: target/screenshots/everything-….png. */
const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(root, `target/screenshots/everything-${name}.png`), fullPage: true });

test.describe('one notice everywhere', () => {
  const SHORT = 'suzuki';
  const NAME = '鈴木 一郎';
  let spots: Spot[] = [];

  test('somebody is linked on all five, and the bots are in a room of each', async ({ as, browser, product, sandbox }) => {
    const me = await as(SHORT, '/me', { width: 390, height: 844 });
    const phones = await desk(browser, product, SHORT);
    await linkLine(me, NAME);
    await scan(me, phones);

    const { space } = await sandbox.ask<{ space: string }>('google_chat/space', { person: SHORT, name: '鈴木の通知' });
    const { url } = await sandbox.ask<{ url: string }>('google_chat/webhook', { person: SHORT, space, name: 'Todoke' });
    await me.getByTestId('field-url').fill(url);
    await me.getByTestId('link-google_chat').click();
    for (const channel of ['email', 'lineworks', 'line', 'slack', 'google_chat']) {
      await expect(me.getByTestId(`switch-${channel}`), channel).toHaveAttribute('aria-checked', 'true');
    }
    await picture(me, 'me-390');

    const { line, bots } = await sandbox.get<State>('state');
    const [account, group] = [line.accounts[0]?.channelId ?? 0, line.groups[0]?.group_id ?? ''];
    await sandbox.post('line/enter', { person: SHORT, group });
    await sandbox.post('line/invite', { group, channel: account });
    await sandbox.post('slack/invite', { channel: ROOMS.slack });
    await sandbox.post('google_chat/add_app', { person: SHORT, space: ROOMS.google_chat });
    const { channel: dm } = await sandbox.ask<{ channel: string }>('slack/open', { person: SHORT });
    const bot = bots.find((one) => one.name === BOT)?.botId;
    spots = [
      { app: 'lineworks', talk: `bot:${bot}` },
      { app: 'lineworks', talk: `room:${ROOMS.lineworks}` },
      { app: 'line', talk: `oa:${account}` },
      { app: 'line', talk: `group:${group}` },
      { app: 'slack', talk: dm },
      { app: 'slack', talk: ROOMS.slack },
      { app: 'google_chat', talk: `gc/${space}`, mute: true },
      { app: 'google_chat', talk: `gc/${ROOMS.google_chat}` },
    ];
    await expect.poll(async () => (await rooms(product, group)).length).toBe(4);
  });

  for (const from of ['slack', 'lineworks', 'line'] as const) {
    test(`pressed in ${from}: settled in every talk, live on the pages`, async ({ as, browser, product, sandbox }) => {
      test.skip(spots.length === 0, 'Nobody was linked.');
      // Eight talks, opened twice.
      test.setTimeout(180_000);
      const title = `来客です ${from} ${Date.now()}`;
      const phones = await desk(browser, product, SHORT);
      const mine = await as(SHORT, '/me', { width: 390, height: 844 });
      await expect(mine.getByTestId('page-title')).toBeVisible();
      const group = spots.find((spot) => spot.talk.startsWith('group:'))?.talk.slice('group:'.length) ?? '';
      const { id } = await post<{ id: string }>(product, '/api/v1/events', {
        kind: 'reception.visitor_arrived',
        to: [{ email: `${SHORT}@minato.example` }, ...(await rooms(product, group)).map((room) => ({ room: room.id }))],
        title,
        body: '受付でお待ちです。',
        fields: [{ label: '来訪者', value: 'みなと倉庫 山口様' }],
        actions: [{ id: 'take', label: '対応します', style: 'primary' }, { id: 'pass', label: '出られません' }],
      });

      for (const spot of spots) {
        await openTalk(phones, spot);
        const copy = messages(phones, title);
        await expect(copy, JSON.stringify(spot)).toHaveCount(1);
        await expect(copy).toContainText('みなと倉庫 山口様');
        for (const label of ['対応します', '出られません']) {
          await expect(answer(copy, label), JSON.stringify(spot)).toHaveCount(spot.mute ? 0 : 1);
        }
        if (from === 'slack') await picture(phones, `asked-${spot.app}-${spot.talk.split(/[:/]/)[0]}`);
      }
      const { deliveries } = await get<{ deliveries: { id: string; channel: string; state: string; target: object }[] }>(product, `/api/v1/events/${id}`);
      expect(deliveries.filter((one) => one.state === 'sent')).toHaveLength(9);
      const mail = (await sandbox.mails(SHORT)).filter((one) => one.subject.includes(title));
      expect(mail).toHaveLength(1);

      const own = deliveries.find((one) => one.channel === 'line' && JSON.stringify(one.target).includes(product.members[SHORT] ?? ''));
      const detail = await as(SHORT, `/console/deliveries/${own?.id}`);
      await expect(detail.getByTestId('claim')).toContainText('まだだれも選んでいません。');
      for (const channel of ['line', 'lineworks', 'slack', 'google_chat']) {
        await detail.getByTestId(`preview-${channel}`).click();
        await expect(detail.getByTestId('bubble')).toHaveAttribute('data-channel', channel);
        await expect(detail.getByTestId('bubble')).toContainText(title);
        if (from === 'slack') await picture(detail, `preview-${channel}`);
      }
      await expect(mine.getByTestId('notice').filter({ hasText: title }).getByTestId('action-take')).toBeVisible();

      const pressed = spots.find((spot) => spot.app === from) as Spot;
      await openTalk(phones, pressed);
      await answer(messages(phones, title), '対応します').click();

      const chose = `${NAME}さんが「対応します」を選びました`;
      await expect(detail.getByTestId('claim')).toContainText(chose);
      const notice = mine.getByTestId('notice').filter({ hasText: title });
      await expect(notice.getByTestId('claim')).toContainText(chose);
      await expect(notice.getByTestId('action-take')).toHaveCount(0);
      for (const spot of spots) {
        await openTalk(phones, spot);
        const all = messages(phones, title);
        if (spot.app === 'slack' || (spot.app === 'google_chat' && !spot.mute)) {
          // Changed where it stands.
          await expect(all, JSON.stringify(spot)).toHaveCount(1);
          await expect(all).toContainText(chose);
          await expect(answer(all, '対応します')).toHaveCount(0);
        } else {
          const told = spot === pressed ? '「対応します」を受け付けました' : chose;
          await expect(all.last(), JSON.stringify(spot)).toContainText(told);
          await expect(all, JSON.stringify(spot)).toHaveCount(2);
        }
        if (from === 'slack') await picture(phones, `settled-${spot.app}-${spot.talk.split(/[:/]/)[0]}`);
      }
      await picture(detail, `claimed-from-${from}`);
      // Mail is left alone.
      expect((await sandbox.mails(SHORT)).filter((one) => one.subject.includes(title))).toHaveLength(1);

      // Who is late is told so.
      const late = spots.find((spot) => spot.talk.startsWith('room:')) as Spot;
      await openTalk(phones, late);
      await answer(messages(phones, title).first(), '出られません').click();
      await expect(messages(phones, title).last()).toContainText(`すでに${chose}`);
    });
  }
});

test('LINE: linked from nothing by login and QR code, blocked on the phone, and listed', async ({ as, browser, product }) => {
  // Somebody with a mail address that takes nothing, and no messenger: LINE is the only way.
  const title = `点検のお知らせ ${Date.now()}`;
  const login = `yui-${Date.now()}@bounce.example`;
  const her = await post<{ id: string }>(product, '/api/v1/members', { name: '小林 ゆい', login_email: login, language: 'ja' });
  const notice = (words: string) => post(product, '/api/v1/events', { kind: 'fleet.alarm', to: [{ member: her.id }], title: words });
  await notice('届きますか');
  await expect.poll(() => unreachable(product, her.id)).toBe(true);

  const me = await (await browser.newContext()).newPage();
  await me.goto((await post<{ url: string }>(product, `/api/v1/members/${her.id}/sign-in-link`, {})).url);
  await expect(me.getByTestId('account')).toBeVisible();
  await me.goto(`${product.url}/me`);
  const phones = await desk(browser, product, 'kobayashi');
  await linkLine(me, '小林 結衣');
  await picture(me, 'friend');
  await scan(me, phones);
  await expect(phones.locator('.phone')).toContainText('連携が完了しました');
  await picture(phones, 'linked-phone');
  await expect.poll(() => unreachable(product, her.id)).toBe(false);
  await notice(title);
  await expect(messages(phones, title)).toHaveCount(1);

  const list = await as('suzuki', '/console/unreachable');
  const card = me.getByTestId('channel-line');
  await phones.locator('.phone [data-do=block]').click();
  await expect(card).toContainText('ブロック中');
  await picture(me, 'blocked');
  await expect.poll(() => unreachable(product, her.id)).toBe(true);
  await list.reload();
  await expect(list.getByTestId('unreachable-member').filter({ hasText: '小林 ゆい' })).toHaveCount(1);
  await picture(list, 'unreachable');

  await phones.locator('.phone [data-do=befriend]').click();
  await expect(card).toContainText('連携済み');
  await expect.poll(() => unreachable(product, her.id)).toBe(false);
});

test('「出勤」 on a LINE WORKS phone punches; in a submitted month it is refused', async ({ as, browser, product }) => {
  const headers = { origin: product.url, 'content-type': 'application/json' };
  const admin = await as('suzuki', '/console');
  const on = await admin.request.put(`${product.url}/api/attendance/settings`, { headers, data: { on: true } });
  expect(on.status(), await on.text()).toBe(200);
  const phones = await desk(browser, product, 'nakamura');
  await phones.locator('.phone [data-tab=bots]').click();
  await phones.locator('.phone [data-talk^="bot:"]').filter({ hasText: BOT }).click();
  await say(phones, '出勤', '出勤を記録しました');
  await say(phones, '出勤', 'すでに');
  const month = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Tokyo' }).slice(0, 7);
  const member = await as('nakamura', '/me');
  const sheet = () => member.request.get(`${product.url}/api/attendance/months/${month}`).then((answer) => answer.json());
  const punched = await sheet();
  const submitted = await member.request.post(`${product.url}/api/attendance/months/${month}/submit`, { headers, data: {} });
  expect(submitted.status(), await submitted.text()).toBe(200);
  await say(phones, '退勤', '提出');
  expect((await sheet()).days).toEqual(punched.days);
  await picture(phones, 'punch-refused');

  // Sent back, it goes on.
  const back = await admin.request.post(`${product.url}/api/attendance/months/${month}/send-back?member=${product.members.nakamura}`, { headers, data: { reason: '退勤の打刻' } });
  expect(back.status(), await back.text()).toBe(200);
  await say(phones, '退勤', '退勤を記録しました');
});

/** The phones page with one phone on it. */
async function desk(browser: Browser, product: Product, short: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 1000 } })).newPage();
  await page.goto(`${product.sandbox}/?open=${short}`);
  await expect(page.locator('[data-live=live]')).toBeVisible();
  return page;
}

/** Opens a talk on the only phone. */
async function openTalk(phones: Page, spot: Spot): Promise<void> {
  const phone = phones.locator('.phone');
  await phone.locator(`[data-app=${spot.app}]`).click();
  const back = phone.getByRole('button', { name: '戻る' });
  if (await back.count()) await back.click();
  await phone.locator(`[data-talk="${spot.talk}"]`).click();
  await expect(phone.locator('[role=log]')).toBeVisible();
}

/** The messages of the open talk with these words. */
const messages = (phones: Page, words: string): Locator => phones.locator('.phone .message').filter({ hasText: words });

const answer = (message: Locator, label: string): Locator => message.getByRole('button', { name: label });

/** From 「LINEと連携」 through LINE's own pages and back, without adding the account there. */
async function linkLine(me: Page, name: string): Promise<void> {
  await me.getByTestId('link-line').click();
  await me.getByRole('button', { name }).click();
  const box = me.getByRole('checkbox');
  if (await box.count()) await box.uncheck();
  await me.getByRole('button', { name: '許可する' }).click();
  const later = me.getByRole('button', { name: '追加しない' });
  if (await later.count()) await later.click();
  await expect(me.getByTestId('link-result')).toContainText('友だちに追加');
  // A phone has no camera for its own screen: there it is a button.
  const narrow = (me.viewportSize()?.width ?? 0) < 500;
  await expect(narrow ? me.getByTestId('add-friend') : me.getByTestId('friend-qr')).toBeVisible();
}

/** The camera of the phone on what the code says, until the page turns by itself. */
async function scan(me: Page, phones: Page): Promise<void> {
  const link = (await me.getByTestId('add-friend').getAttribute('href')) ?? '';
  await phones.locator('.phone [data-app=line]').click();
  await phones.locator('.phone input[name=scan]').fill(link);
  await phones.keyboard.press('Enter');
  await expect(me.getByTestId('channel-line')).toContainText('連携済み');
  // What the sentence asked for is done.
  await expect(me.getByTestId('link-result')).toBeHidden();
}

/** The four rooms that the bots are in. */
async function rooms(product: Product, group: string): Promise<{ id: string }[]> {
  const all = await get<{ id: string; provider_id: string; open: boolean }[]>(product, '/api/v1/rooms');
  const wanted = [...Object.values(ROOMS), group];
  return all.filter((room) => room.open && wanted.some((id) => room.provider_id.endsWith(id)));
}

/** Whether the API lists a person as out of reach for critical notices. */
async function unreachable(product: Product, id: string): Promise<boolean> {
  const { items } = await get<{ items: { id: string }[] }>(product, '/api/v1/members?unreachable=critical');
  return items.some((one) => one.id === id);
}
