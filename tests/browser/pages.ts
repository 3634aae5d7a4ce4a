// Every page once: where it is, who sees it, when it is ready. For the accessibility check and the pictures.

import { arrived, expect, get, notify, post, type Login, type Page, type Product, type Sandbox } from './todoke.ts';

export interface Place {
  name: string;
  who: Login | 'nobody';
  /** From the product's origin, or whole. */
  path: string | ((context: Context) => string);
  /** A test id that is there when the page is. */
  ready: string;
  /** What is done before looking: something opened, something typed. */
  prepare?: (page: Page) => Promise<void>;
}

export interface Context {
  product: Product;
  /** A delivery by mail to the member. */
  notice: string;
  /** The member's unsubscribe page. */
  unsubscribe: string;
}

const MEMBER: Login = 'yamamoto';
const ADMIN: Login = 'suzuki';

export const PLACES: Place[] = [
  { name: 'sign-in', who: 'nobody', path: '/sign-in', ready: 'send-code' },
  {
    name: 'sign-in-code',
    who: 'nobody',
    path: '/sign-in',
    ready: 'send-code',
    prepare: async (page) => {
      await page.getByTestId('field-email').fill('nobody@minato.example');
      await page.getByTestId('send-code').click();
      await page.getByTestId('field-code').fill('12');
      await page.getByTestId('sign-in').click();
      await expect(page.locator('[aria-invalid=true]')).toHaveCount(1);
    },
  },
  { name: 'link-used', who: 'nobody', path: '/s/no-such.token', ready: 'link-failed' },
  { name: 'setup-done', who: 'nobody', path: '/setup', ready: 'to-sign-in' },
  {
    name: 'setup',
    who: 'nobody',
    path: '/setup',
    ready: 'set-up',
    prepare: async (page) => {
      await page.getByTestId('set-up').click();
      await expect(page.locator('[aria-invalid=true]')).toHaveCount(4);
    },
  },
  { name: 'unsubscribe', who: 'nobody', path: ({ unsubscribe }) => unsubscribe, ready: 'stop' },
  {
    name: 'me',
    who: MEMBER,
    path: '/me',
    ready: 'notices',
    prepare: async (page) => {
      await expect(page.getByTestId('channel-email')).toBeVisible();
      await page.getByTestId('app-tasks').locator('summary').click();
      await page.getByTestId('why').first().locator('summary').click();
    },
  },
  { name: 'notice', who: MEMBER, path: ({ notice }) => `/me/notices/${notice}`, ready: 'reason-email' },
  { name: 'not-found', who: MEMBER, path: '/no/such/page', ready: 'page-title' },
  { name: 'not-admin', who: MEMBER, path: '/console', ready: 'page-title' },
  { name: 'home', who: ADMIN, path: '/console', ready: 'days' },
  { name: 'unreachable', who: ADMIN, path: '/console/unreachable', ready: 'page-title' },
  { name: 'deliveries', who: ADMIN, path: '/console/deliveries', ready: 'deliveries' },
  {
    name: 'deliveries-nothing',
    who: ADMIN,
    path: '/console/deliveries?q=zzzz',
    ready: 'nothing-found',
  },
  { name: 'delivery-lineworks', who: ADMIN, path: '/console/deliveries?channel=lineworks', ready: 'deliveries', prepare: openFirst('bubble') },
  ...['slack', 'line', 'google_chat'].map((channel): Place => ({
    name: `delivery-${channel.replace('_', '-')}`,
    who: ADMIN,
    path: '/console/deliveries?channel=slack',
    ready: 'deliveries',
    prepare: async (page) => {
      await openFirst('bubble')(page);
      await page.getByTestId(`preview-${channel}`).click();
      await expect(page.locator(`.talk[data-channel=${channel}]`)).toBeVisible();
    },
  })),
  { name: 'delivery-mail', who: ADMIN, path: '/console/deliveries?channel=email', ready: 'deliveries', prepare: openFirst('mail-preview') },
  {
    name: 'deliveries-picking',
    who: ADMIN,
    path: '/console/deliveries',
    ready: 'deliveries',
    prepare: async (page) => {
      await page.getByTestId('pick-several').click();
      await page.getByTestId('pick').first().check();
      await page.getByTestId('bulk-resend').click();
      await expect(page.getByTestId('bulk-count')).toBeVisible();
    },
  },
  { name: 'announcements', who: ADMIN, path: '/console/announcements', ready: 'write' },
  {
    name: 'announcement-new',
    who: ADMIN,
    path: '/console/announcements/new',
    ready: 'announcement-form',
    prepare: async (page) => {
      await page.getByTestId('field-title').fill('停電のお知らせ');
      await page.getByTestId('add-field').click();
      await page.getByTestId('to-everyone').click();
      await page.getByTestId('when-later').click();
      await expect(page.getByTestId('bubble').first()).toBeVisible();
      await expect(page.getByTestId('reach')).toBeVisible();
    },
  },
  {
    name: 'announcement',
    who: ADMIN,
    path: '/console/announcements',
    ready: 'write',
    prepare: async (page) => {
      const { origin } = new URL(page.url());
      const me = (await (await page.request.get(`${origin}/api/me`)).json()) as { id: string };
      const content = { title: '停電のお知らせ', body: '土曜の13時から15時まで、本社の電源が止まります。', fields: [{ label: '場所', value: '本社' }] };
      // The same key: however often this is looked at, it is sent once.
      const data = { key: 'pages', to: [{ member: me.id }], content, urgency: 'normal' };
      const made = await page.request.post(`${origin}/api/announcements`, { headers: { origin }, data });
      expect([200, 201], await made.text()).toContain(made.status());
      await page.goto(`${origin}/console/announcements/${(await made.json()).id}`);
      await expect(page.getByTestId('counts')).toBeVisible();
    },
  },
  { name: 'integrations', who: ADMIN, path: '/console/integrations', ready: 'services' },
  {
    name: 'integration',
    who: ADMIN,
    path: '/console/integrations',
    ready: 'services',
    prepare: async (page) => {
      await page.getByTestId('service-lineworks').getByTestId('integration').first().click();
      await expect(page.getByTestId('bot-id')).toBeVisible();
      await page.getByTestId('check-connection').click();
      await expect(page.getByTestId('check-result')).toBeVisible();
    },
  },
  {
    name: 'integration-delete',
    who: ADMIN,
    path: '/console/integrations',
    ready: 'services',
    prepare: async (page) => {
      await page.getByTestId('service-lineworks').getByTestId('integration').first().click();
      await page.getByTestId('delete').click();
      await expect(page.getByTestId('consequences')).toBeVisible();
    },
  },
  {
    name: 'lineworks-form',
    who: ADMIN,
    path: '/console/integrations/lineworks',
    ready: 'lineworks-form',
    prepare: async (page) => {
      await page.getByTestId('field-domain_id').fill('40o29600');
      await page.getByTestId('check-connection').click();
      await expect(page.locator('[aria-invalid=true]').first()).toBeVisible();
    },
  },
  { name: 'mail-form', who: ADMIN, path: '/console/integrations/mail', ready: 'mail-form' },
  { name: 'line-form', who: ADMIN, path: '/console/integrations/line', ready: 'line-form' },
  { name: 'slack-form', who: ADMIN, path: '/console/integrations/slack', ready: 'slack-form' },
  { name: 'google-chat-form', who: ADMIN, path: '/console/integrations/google_chat', ready: 'google-chat-form' },
  { name: 'lineworks-v1-form', who: ADMIN, path: '/console/integrations/lineworks_v1', ready: 'lineworks-v1-form' },
  {
    name: 'integration-line',
    who: ADMIN,
    path: '/console/integrations',
    ready: 'services',
    prepare: async (page) => {
      await page.getByTestId('service-line').getByTestId('integration').first().click();
      await expect(page.getByTestId('todo')).toBeVisible();
    },
  },
  { name: 'rules', who: ADMIN, path: '/console/rules', ready: 'rules' },
  {
    name: 'rules-new-kind',
    who: ADMIN,
    path: '/console/rules',
    ready: 'rules',
    prepare: async (page) => {
      await page.getByTestId('add-kind').click();
      await page.getByTestId('save-kind').click();
      await expect(page.locator('[aria-invalid=true]').first()).toBeVisible();
    },
  },
  { name: 'rules-companies', who: ADMIN, path: '/console/rules/companies', ready: 'companies' },
  {
    name: 'rules-company',
    who: ADMIN,
    path: '/console/rules/companies',
    ready: 'companies',
    prepare: async (page) => {
      await page.getByTestId('company').first().locator('a').click();
      await page.getByTestId('paste-room').locator('summary').click();
      await page.getByTestId('company-app-fleet').locator('summary').click();
      await expect(page.getByTestId('save-company')).toBeVisible();
    },
  },
  { name: 'rules-members', who: ADMIN, path: '/console/rules/members', ready: 'member-rules' },
  { name: 'rules-member', who: ADMIN, path: ({ product }) => `/console/rules/members/${product.members[MEMBER]}`, ready: 'member-settings' },
  { name: 'members', who: ADMIN, path: '/console/members', ready: 'members' },
  {
    name: 'member-new',
    who: ADMIN,
    path: '/console/members/new',
    ready: 'member-form',
    prepare: async (page) => {
      await page.getByTestId('save').click();
      await expect(page.locator('[aria-invalid=true]').first()).toBeVisible();
    },
  },
  { name: 'member-import', who: ADMIN, path: '/console/members/import', ready: 'field-file' },
  {
    name: 'member-import-preview',
    who: ADMIN,
    path: '/console/members/import',
    ready: 'sample',
    prepare: async (page) => {
      const file = '氏名,メール,会社名,好きな色\n森 ひなた,mori@minato.example,,青\n,ito,,赤\n伊藤 健,ito@minato.example,,\n';
      await page.getByTestId('field-file').setInputFiles({ name: '社員.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
      await page.getByTestId('check-rows').click();
      await page.getByTestId('lines-all').click();
      await expect(page.getByTestId('preview-row')).toHaveCount(3);
    },
  },
  { name: 'member-companies', who: ADMIN, path: '/console/members/companies', ready: 'add-company' },
  { name: 'member', who: ADMIN, path: ({ product }) => `/console/members/${product.members[MEMBER]}`, ready: 'member-form' },
  { name: 'apps', who: ADMIN, path: '/console/apps', ready: 'app-state' },
  { name: 'attendance-months', who: ADMIN, path: '/console/apps/attendance', ready: 'month-people' },
  {
    name: 'attendance-sheet',
    who: ADMIN,
    path: ({ product }) => `/console/apps/attendance/${product.members[MEMBER]}?month=2026-10`,
    ready: 'days',
    prepare: async (page) => {
      await workday(page);
      await expect(page.getByTestId('corrections')).toBeVisible();
    },
  },
  {
    name: 'attendance-correction',
    who: ADMIN,
    path: ({ product }) => `/console/apps/attendance/${product.members[MEMBER]}?month=2026-10`,
    ready: 'days',
    prepare: async (page) => {
      await page.getByTestId('correct').first().click();
      await page.getByTestId('add-punch').click();
      await page.getByTestId('save-correction').click();
      await expect(page.locator('[aria-invalid=true]')).toHaveCount(2);
    },
  },
  {
    name: 'attendance-settings',
    who: ADMIN,
    path: '/console/apps/attendance/settings',
    ready: 'attendance-form',
    prepare: async (page) => {
      await page.getByTestId('field-clock_in').fill('退勤');
      await page.getByTestId('add-clock_in').click();
      await expect(page.locator('[aria-invalid=true]')).toHaveCount(1);
      await page.getByTestId('field-try').fill('出勤');
      await page.getByTestId('try').click();
      await expect(page.getByTestId('tried')).toBeVisible();
    },
  },
  { name: 'settings', who: ADMIN, path: '/console/settings', ready: 'sections' },
  { name: 'settings-workspace', who: ADMIN, path: '/console/settings/workspace', ready: 'line-cost-form' },
  { name: 'settings-roles', who: ADMIN, path: '/console/settings/roles', ready: 'roles' },
  { name: 'settings-quiet', who: ADMIN, path: '/console/settings/quiet', ready: 'holidays' },
  { name: 'settings-keys', who: ADMIN, path: '/console/settings/keys', ready: 'keys' },
  {
    name: 'settings-new-door',
    who: ADMIN,
    path: '/console/settings/doors',
    ready: 'new-door',
    prepare: async (page) => {
      await page.getByTestId('new-door').click();
      await expect(page.getByTestId('door-form')).toBeVisible();
    },
  },
  {
    name: 'settings-new-webhook',
    who: ADMIN,
    path: '/console/settings/webhooks',
    ready: 'new-webhook',
    prepare: async (page) => {
      await page.getByTestId('new-webhook').click();
      await expect(page.getByTestId('webhook-form')).toBeVisible();
    },
  },
  { name: 'settings-audit', who: ADMIN, path: '/console/settings/audit', ready: 'audit' },
  { name: 'settings-data', who: ADMIN, path: '/console/settings/data', ready: 'export' },
  { name: 'settings-api', who: ADMIN, path: '/console/settings/api', ready: 'api-form' },
  {
    name: 'settings-new-key',
    who: ADMIN,
    path: '/console/settings/keys',
    ready: 'keys',
    prepare: async (page) => {
      await page.getByTestId('new-key').click();
      await expect(page.getByTestId('key-form')).toBeVisible();
    },
  },
];

/** What the pages show: a notice to the member, which has arrived. */
export async function furnish(product: Product, sandbox: Sandbox): Promise<Context> {
  const event = await notify(product, MEMBER, '見積書の確認をお願いします', {
    link: 'https://erp.minato.example/tasks/1042',
    fields: [{ label: '期限', value: '11月27日(金)' }],
    actions: [
      { id: 'take', label: '対応します', style: 'primary' },
      { id: 'ask', label: '他の人に対応を依頼' },
    ],
  });
  const mails = await arrived(sandbox, MEMBER, '見積書の確認をお願いします');
  const link = /https?:\/\/\S+\/u\/[^\s<>]+/.exec(mails?.text ?? '')?.[0];
  if (!link) throw new Error('The mail has no unsubscribe link.');
  const { deliveries } = await get<{ deliveries: { id: string; channel: string }[] }>(product, `/api/v1/events/${event.id}`);
  const notice = deliveries.find((delivery) => delivery.channel === 'email')?.id ?? '';
  if ((await get<object[]>(product, '/api/v1/companies')).length === 0) {
    await post(product, '/api/v1/companies', { name: '山田運送' });
  }
  return { product, notice, unsubscribe: new URL(link).pathname };
}

/** Opens a place and makes it ready to be looked at. */
export async function visit(place: Place, page: Page, context: Context): Promise<void> {
  if (place.name === 'setup') await pretendNew(page);
  const path = typeof place.path === 'string' ? place.path : place.path(context);
  await page.goto(new URL(path, context.product.url).href);
  await expect(page.getByTestId(place.ready).first()).toBeVisible();
  await place.prepare?.(page);
  await expect(page.getByTestId('loading')).toHaveCount(0);
}

/** This product is set up already; the page is told otherwise, the server is not. */
export async function pretendNew(page: Page): Promise<void> {
  await page.route('**/api/public', (route) => route.fulfill({ json: { workspace: null, development: true } }));
}

function openFirst(ready: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByTestId('delivery-row').filter({ hasText: '見積書の確認をお願いします' }).first().click();
    await expect(page.getByTestId(ready)).toBeVisible();
  };
}

/** A day of the sheet that is open, worked into the night and corrected. */
async function workday(page: Page): Promise<void> {
  const { origin, pathname } = new URL(page.url());
  const punches = [
    { kind: 'clock_in', time: '9:00' },
    { kind: 'break_start', time: '12:00' },
    { kind: 'break_end', time: '12:45' },
    { kind: 'clock_out', time: '25:30' },
  ];
  const corrected = await page.request.post(`${origin}/api/attendance/months/2026-10/corrections?member=${pathname.split('/').pop()}`, {
    headers: { origin },
    data: { day: '2026-10-05', punches, reason: '打刻忘れ' },
  });
  expect(corrected.status(), await corrected.text()).toBe(200);
  await page.reload();
}
