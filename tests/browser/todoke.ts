// What the tests are made of: the running product, its sandbox, and people who are signed in.

import { readFileSync } from 'node:fs';

import { test as base, expect, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test';

import type { Product } from './product.ts';

export { expect };
export type { Locator, Page, Product };

/** Who signs in: the sandbox's people by login. */
export type Login = 'sato' | 'suzuki' | 'takahashi' | 'tanaka' | 'ito' | 'watanabe' | 'yamamoto' | 'nakamura' | 'kobayashi' | 'kato' | 'yoshida' | 'yamada';

interface Fixtures {
  product: Product;
  sandbox: Sandbox;
  /** Opens a path as somebody who has signed in before. */
  as: (login: Login, path?: string, options?: Look) => Promise<Page>;
}

/** How a page is looked at. */
export interface Look {
  width?: number;
  height?: number;
  locale?: string;
}

export const test = base.extend<Fixtures>({
  // Playwright wants the braces.
  product: async ({}, use) => use(JSON.parse(readFileSync(process.env.PRODUCT ?? '', 'utf8'))),
  sandbox: async ({ product }, use) => use(new Sandbox(product.sandbox)),
  as: async ({ browser, product }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (login, path = '/me', look = {}) => {
      const context = await browser.newContext({
        storageState: await session(browser, product, login),
        viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
        ...(look.locale ? { locale: look.locale } : {}),
      });
      opened.push(context);
      const page = await context.newPage();
      await page.goto(product.url + path);
      return page;
    });
    for (const context of opened) await context.close();
  },
});

/** Sessions of this run by login: signing in again for each test would only wait. */
const sessions = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

async function session(browser: Browser, product: Product, login: Login) {
  const kept = sessions.get(login);
  if (kept) return kept;
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await signInLink(product, login));
  await expect(page.getByTestId('account')).toBeVisible();
  const state = await context.storageState();
  await context.close();
  sessions.set(login, state);
  return state;
}

/** A fresh link, as `cargo xtask dev` prints it. */
export async function signInLink(product: Product, login: Login): Promise<string> {
  const { url } = await post<{ url: string }>(product, `/api/v1/members/${product.members[login]}/sign-in-link`, {});
  return url;
}

/** Posts a notice to one person, by the API; answers its event. */
export async function notify(product: Product, login: Login, title: string, more: object = {}): Promise<{ id: string }> {
  return post(product, '/api/v1/events', {
    kind: 'tasks.assigned',
    to: [{ email: `${login}@minato.example` }],
    title,
    body: '金曜までにお願いします',
    ...more,
  });
}

/** Waits for a mail with these words in its subject; the newest counts. */
export async function arrived(sandbox: Sandbox, login: Login, words: string): Promise<Mail> {
  const find = async () => (await sandbox.mails(login)).findLast((mail) => mail.subject.includes(words));
  await expect.poll(find).toBeDefined();
  return (await find()) as Mail;
}

/** Calls with the demo's key. */
export const get = <T>(product: Product, path: string) => call<T>(product, 'GET', path);
export const post = <T>(product: Product, path: string, body: object) => call<T>(product, 'POST', path, body);
export const put = <T>(product: Product, path: string, body: object) => call<T>(product, 'PUT', path, body);

async function call<T>(product: Product, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(product.url + path, {
    method,
    headers: {
      authorization: `Bearer ${product.key}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** A call of the sandbox's controls. */
export class Sandbox {
  constructor(readonly url: string) {}

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}/control/${path}`);
    if (!answer.ok) throw new Error(`GET /control/${path}: ${answer.status}`);
    return (await answer.json()) as T;
  }

  async post(path: string, body: object): Promise<void> {
    await this.ask(path, body);
  }

  /** A control that answers with something. */
  async ask<T>(path: string, body: object): Promise<T> {
    const answer = await fetch(`${this.url}/control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`POST /control/${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async mails(login: Login): Promise<Mail[]> {
    return (await this.get<{ mails: Mail[] }>(`mailbox/${login}@minato.example`)).mails;
  }

  credentials(): Promise<Credentials> {
    return this.get('credentials');
  }
}

export interface Mail {
  no: number;
  subject: string;
  text: string | null;
  html: string | null;
  headers: [string, string][];
}

export interface Credentials {
  lineworks: {
    client_id: string;
    client_secret: string;
    service_account: string;
    private_key: string;
    domain_id: number;
  };
  smtp: { host: string; port: number; user: string; password: string };
  /** Accounts of LINE, each with its Login channel. */
  line: {
    login_channel_id: string;
    login_channel_secret: string;
    messaging_channel_id: string;
    channel_secret: string;
    channel_access_token: string;
    basic_id: string;
  }[];
  slack: { client_id: string; client_secret: string; signing_secret: string; bot_token: string };
}

/** Pastes as people do: over the clipboard, replacing what is there. */
export async function paste(field: Locator, text: string): Promise<void> {
  const page = field.page();
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await field.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+V');
}

/** Drops a file of the desktop on a drop area. */
export async function drop(area: Locator, name: string, content: string): Promise<void> {
  const dataTransfer = await area.page().evaluateHandle(
    ([name, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], name));
      return data;
    },
    [name, content] as const,
  );
  await area.dispatchEvent('dragover', { dataTransfer });
  await area.dispatchEvent('drop', { dataTransfer });
}

/** The sentence under a control. */
export function errorOf(page: Page, name: string): Locator {
  return page.locator('.field', { has: page.getByTestId(`field-${name}`) }).locator('.field-error');
}

/** Turns to a theme at once: colours on their way from one to the other are neither. */
export async function theme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) {
      // What never ends (a spinner) has no end to go to.
      if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
    }
  });
}

/** Says something to the bot in the talk that is open on the only phone, and waits for its one answer. Notices may come meanwhile: they begin with their kind, answers with the workspace. */
export async function say(phones: Page, text: string, told: string): Promise<void> {
  const answers = phones.locator('.phone .message.bot').filter({ hasText: '【みなと商事グループ】' });
  const before = await answers.count();
  await phones.locator('.phone input[name=text]').fill(text);
  await phones.keyboard.press('Enter');
  await expect(answers).toHaveCount(before + 1);
  await expect(answers.last()).toContainText(told);
}
