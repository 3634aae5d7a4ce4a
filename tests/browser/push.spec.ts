// Notifications on people's own devices. Chromium here reaches no real push service: the sandbox is one, and an init
// script makes the browser subscribe there.

import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto';

import { expect, notify, test, type Page, type Product, type Sandbox } from './todoke.ts';

test.use({ serviceWorkers: 'allow' });

interface Shown { data: { title: string; body: string; link: string; tag: string }; urgency: string; topic: string | null; ttl: number }
interface Phone { shown: Shown[]; total: number; unreadable: number }

const phone = (sandbox: Sandbox, person: string) => sandbox.get<Phone>(`push/shown/${person}`);

/** A browser whose push service is the sandbox. `subscription` survives reloading, as a real one does. */
async function withPush(page: Page, product: Product, person: string, permission: NotificationPermission = 'granted') {
  await page.exposeFunction('sandboxSubscribe', async (key: string) => {
    const answer = await fetch(`${product.sandbox}/control/push/subscribe`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ person, key }),
    });
    return answer.json();
  });
  await page.addInitScript((permission) => {
    const kept = () => JSON.parse(localStorage.getItem('test-push') ?? 'null');
    const made = (given: { endpoint: string; p256dh: string; auth: string } | null) => given && {
      endpoint: given.endpoint,
      toJSON: () => ({ endpoint: given.endpoint, keys: { p256dh: given.p256dh, auth: given.auth } }),
      unsubscribe: async () => { localStorage.removeItem('test-push'); return true; },
    };
    PushManager.prototype.getSubscription = async () => made(kept()) as unknown as PushSubscription;
    PushManager.prototype.subscribe = async (options) => {
      const key = btoa(String.fromCharCode(...(options?.applicationServerKey as Uint8Array))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
      if (!kept()) localStorage.setItem('test-push', JSON.stringify(await (window as unknown as { sandboxSubscribe: (key: string) => Promise<object> }).sandboxSubscribe(key)));
      return made(kept()) as unknown as PushSubscription;
    };
    let now = permission === 'granted' ? 'default' : permission;
    Object.defineProperty(Notification, 'permission', { get: () => now });
    Notification.requestPermission = async () => (now = permission);
  }, permission);
  await page.reload();
}

const card = (page: Page) => page.getByTestId('channel-web_push');

async function linked(page: Page) {
  await page.getByTestId('link-web_push').click();
  await expect(card(page)).toContainText('連携済み');
}

/** As the sandbox's subscription is kept by the page. */
const kept = (page: Page) => page.evaluate(() => JSON.parse(localStorage.getItem('test-push') ?? 'null') as { endpoint: string });

test('a device is linked by one press, gets a test and a notice, and is taken away again', async ({ as, product, sandbox }) => {
  const page = await as('kobayashi');
  await withPush(page, product, 'kobayashi');
  await expect(card(page)).toContainText('この端末で受け取る');
  await linked(page);
  await expect(card(page).getByTestId('push-device')).toContainText('この端末');
  await expect(card(page)).toContainText('Chrome');
  await expect(page.getByTestId('link-web_push')).toHaveCount(0);

  await page.getByTestId('test-web_push').click();
  await expect(page.getByTestId('test-result-web_push')).toContainText('届けました');
  await expect.poll(async () => (await phone(sandbox, 'kobayashi')).total).toBe(1);

  const { id } = await notify(product, 'kobayashi', '端末へのお知らせ');
  await expect.poll(async () => (await phone(sandbox, 'kobayashi')).shown.map((one) => one.data.tag)).toContain(id);
  const { shown, unreadable } = await phone(sandbox, 'kobayashi');
  const notice = shown.find((one) => one.data.tag === id) as Shown;
  expect(notice.data.title).toContain('端末へのお知らせ');
  expect(notice.data.body).toContain('金曜までにお願いします');
  expect(notice.data.link).toBe(`${product.url}/me/notices/${id}`);
  expect([notice.urgency, notice.ttl, notice.topic?.length]).toEqual(['normal', 4 * 24 * 3600, 32]);
  expect(unreadable).toBe(0);

  await page.reload();
  await expect(card(page).getByTestId('push-device')).toHaveCount(1);
  await page.getByTestId('unlink-web_push').click();
  await page.getByTestId('unlink-web_push-sure').click();
  await expect(page.getByTestId('link-web_push')).toBeVisible();
});

test('a browser that is gone is said on the card, and another press brings it back', async ({ as, product, sandbox }) => {
  const page = await as('yamada');
  await withPush(page, product, 'yamada');
  await linked(page);
  await sandbox.post('push/unsubscribe', { endpoint: (await kept(page)).endpoint });
  await page.getByTestId('test-web_push').click();
  await expect(page.getByTestId('test-result-web_push')).toContainText('届けられませんでした');
  await expect(card(page)).toContainText('届きません');
  // The browser asks for a new subscription.
  await page.evaluate(() => localStorage.removeItem('test-push'));
  await linked(page);
  await page.getByTestId('test-web_push').click();
  await expect(page.getByTestId('test-result-web_push')).toContainText('届けました');
});

test('where the person said no the card says what to do, and has no button', async ({ as, product }) => {
  const page = await as('takahashi');
  await withPush(page, product, 'takahashi', 'denied');
  await expect(card(page)).toContainText('通知が許可されていません');
  await expect(page.getByTestId('link-web_push')).toHaveCount(0);
});

test('a browser without push messages says so', async ({ as }) => {
  const page = await as('takahashi');
  await page.addInitScript(() => { delete (window as { PushManager?: unknown }).PushManager; });
  await page.reload();
  await expect(card(page)).toContainText('このブラウザーでは受け取れません');
  await expect(page.getByTestId('link-web_push')).toHaveCount(0);
});

test('the service worker is served for the whole site, and shows what it is handed', async ({ as, product, browserName }) => {
  test.skip(browserName !== 'chromium');
  const answer = await fetch(`${product.url}/sw.js`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('javascript');
  const page = await as('takahashi');
  await page.context().grantPermissions(['notifications'], { origin: product.url });
  const scope = await page.evaluate(async () => {
    // As the page does it: a plain address is refused.
    const registration = await (globalThis as unknown as { todokeWorker: () => Promise<ServiceWorkerRegistration> }).todokeWorker();
    await navigator.serviceWorker.ready;
    return registration.scope;
  });
  expect(scope).toBe(`${product.url}/`);
  const session = await page.context().newCDPSession(page);
  const registration = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find((one: { scopeURL: string; registrationId: string }) => one.scopeURL === scope);
      if (own) resolve(own.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const data = JSON.stringify({ title: '【承認】見積書', body: '本日中', link: `${product.url}/me/notices/ev_1`, tag: 'ev_1' });
  const registrationId = await registration;
  const push = () => session.send('ServiceWorker.deliverPushMessage', { origin: product.url, registrationId, data });
  const notifications = () => page.evaluate(async () => {
    const own = await navigator.serviceWorker.getRegistration('/');
    return (await own?.getNotifications() ?? []).map(({ title, body, tag, data }) => ({ title, body, tag, link: data.link as string }));
  });
  await push();
  const expected = { title: '【承認】見積書', body: '本日中', tag: 'ev_1', link: `${product.url}/me/notices/ev_1` };
  await expect.poll(notifications).toEqual([expected]);
  // A repeat takes its place.
  await push();
  await expect.poll(notifications).toEqual([expected]);
});

/** RFC 8291 §5 by Node's own cryptography: a third reader beside the hub and the sandbox. */
test('the example of the RFC is opened by other code too', () => {
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  const body = bytes('DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN');
  const own = createECDH('prime256v1');
  own.setPrivateKey(bytes('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'));
  const [salt, sender, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)];
  const expand = (key: Buffer, salt: Buffer, info: Buffer, length: number) => Buffer.from(hkdfSync('sha256', key, salt, info, length));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), sender]);
  const input = expand(own.computeSecret(sender), bytes('BTBZMqHH6r4Tts7J_aSIgg'), info, 32);
  const cipher = createDecipheriv('aes-128-gcm', expand(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16), expand(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12));
  cipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  expect(plain.toString()).toBe('When I grow up, I want to be a watermelon\x02');
});
