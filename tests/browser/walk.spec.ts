// The walk of issue 2: a person who never saw Todoke, from the printed link to 「なぜ?」.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { root } from './product.ts';
import { drop, expect, paste, test, type Page } from './todoke.ts';

const BOT = '総務Bot';
const TITLE = '見積書の確認';
const WHO = '高橋 美咲';

test('from the printed link to the reason why a mail did not come', async ({ browser, page, product, sandbox }) => {
  test.setTimeout(180_000);
  const shell = promisify(execFile);
  let pictures = 0;
  /** For people to look at: target/screenshots/walk-1-….png. */
  const picture = (page: Page, name: string) => {
    pictures += 1;
    return page.screenshot({ path: join(root, `target/screenshots/walk-${pictures}-${name}.png`) });
  };
  const postEvent = async () => {
    // The line as it stands in the README: the key of an event is the second in which it was posted.
    const { stdout } = await shell('sh', ['-c', `${product.curl} --silent --show-error --fail-with-body`]);
    return JSON.parse(stdout) as { id: string };
  };

  await test.step('the printed link leads into the console', async () => {
    await page.goto(product.links.admin);
    await expect(page.getByTestId('account')).toContainText('鈴木 一郎');
    if (!page.url().includes('/console')) {
      await page.getByTestId('account').click();
      await page.getByTestId('to-console').click();
    }
    await expect(page.getByTestId('nav-integrations')).toBeVisible();
  });

  await test.step('a second LINE WORKS bot is connected', async () => {
    await page.getByTestId('nav-integrations').click();
    await expect(page.getByTestId('service-lineworks').getByTestId('integration')).toHaveCount(1);
    await page.getByTestId('connect-lineworks').click();
    const { lineworks } = await sandbox.credentials();
    const field = (name: string) => page.getByTestId(`field-${name}`);
    await paste(field('client_id'), `  ${lineworks.client_id}\n`);
    await paste(field('client_secret'), `\t${lineworks.client_secret} \r\n`);
    await paste(field('service_account'), `\n ${lineworks.service_account}\u3000`);
    await drop(page.locator('.drop'), 'private_20261121.key', `\n${lineworks.private_key}\n\n`);
    await expect(page.locator('.drop')).toContainText('private_20261121.key');
    await paste(field('domain_id'), ` ${lineworks.domain_id}\n`);
    await paste(field('bot_admin'), ' sato@minato ');
    await field('bot_name').fill(BOT);
    // Nothing stray is left, and nothing is marked.
    await expect(field('client_id')).toHaveValue(lineworks.client_id);
    await expect(field('service_account')).toHaveValue(lineworks.service_account);
    await expect(page.locator('[aria-invalid=true]')).toHaveCount(0);

    await page.getByTestId('check-connection').click();
    const steps = page.getByTestId('step');
    await expect(page.getByTestId('check')).toHaveAttribute('data-passed', 'true');
    await expect(steps).toHaveCount(5);
    expect(await steps.evaluateAll((all) => all.map((one) => one.getAttribute('data-mark')))).toEqual(
      Array.from({ length: 5 }, () => 'passed'),
    );
    await expect(page.getByTestId('check-result')).toContainText('保存してください');
    await picture(page, 'checked');

    await page.getByTestId('save').click();
    await expect(page.getByTestId('page-title')).toHaveText(BOT);
    await expect(page.getByTestId('bot-id')).toHaveText(/^\d+$/);
    await expect(page.getByTestId('integration-state')).toHaveText('連携中');
    await picture(page, 'connected');
  });

  const botId = await page.getByTestId('bot-id').innerText();
  const phones = await (await browser.newContext()).newPage();
  await test.step('the bot is on a phone', async () => {
    await phones.goto(`${product.sandbox}/?open=takahashi&tab=bots`);
    const bot = phones.locator(`.phone [data-talk="bot:${botId}"]`);
    await expect(bot).toContainText(BOT);
    await picture(phones, 'bot-on-the-phone');
  });

  await test.step('an event arrives on the phone, in the mailbox and in the live list', async () => {
    await page.getByTestId('nav-deliveries').click();
    await expect(page.getByTestId('live')).toHaveText('ライブ');
    const rows = hers(page);
    await expect(rows).toHaveCount(0);
    const mailsBefore = (await sandbox.mails('takahashi')).length;
    await phones.goto(`${product.sandbox}/?open=takahashi`);
    await expect(phones.locator('[data-live=live]')).toBeVisible();

    await postEvent();

    // No page is loaded again from here on: they hear of it.
    // She is reached by LINE WORKS, Slack and mail; LINE and Google Chat are hers to link.
    await expect(rows).toHaveCount(5);
    await expect(rows.and(page.locator('[data-state=sent]'))).toHaveCount(3);
    const talk = phones.locator('.phone [data-talk^="bot:"]').filter({ hasText: TITLE });
    await talk.click();
    await expect(phones.locator('.phone .message.bot').last()).toContainText(TITLE);
    await picture(page, 'live-list');
    await picture(phones, 'message');
    await phones.locator('.phone header .icon').first().click();
    await phones.locator('.phone [data-tab=mails]').click();
    const mail = phones.locator('.phone [data-mail]').filter({ hasText: TITLE });
    await expect(mail).toHaveCount(1);
    await mail.click();
    await expect(phones.locator('.phone .envelope')).toContainText(TITLE);
    await picture(phones, 'mail');
    expect((await sandbox.mails('takahashi')).length).toBe(mailsBefore + 1);
  });

  await test.step('a delivery opens to its decision, attempts and message', async () => {
    await open(page, 'lineworks');
    await expect(page.getByTestId('reason')).toHaveText('この通知はこのチャネルで受け取る設定です。');
    await expect(page.getByTestId('attempt')).toHaveCount(1);
    await expect(page.getByTestId('bubble')).toContainText(TITLE);
    await picture(page, 'delivery');
    await page.getByTestId('back').click();
    await open(page, 'email');
    await expect(page.getByTestId('attempt')).toHaveCount(1);
    await expect(page.getByTestId('mail-subject')).toContainText(TITLE);
    await expect(page.frameLocator('iframe').getByText('金曜までにお願いします')).toBeVisible();
  });

  const member = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  await test.step('she turns email and Slack off, and cannot turn off the last channel', async () => {
    await member.goto(product.links.member);
    await expect(member.getByTestId('page-title')).toHaveText('わたしの通知');
    await expect(member.getByTestId('notice').first()).toContainText(TITLE);
    const email = member.getByTestId('switch-email');
    const lineworks = member.getByTestId('switch-lineworks');
    await email.click();
    await expect(email).toHaveAttribute('aria-checked', 'false');
    await member.getByTestId('switch-slack').click();
    await expect(lineworks).toHaveAttribute('aria-disabled', 'true');
    await expect(member.getByTestId('channel-lineworks')).toContainText(
      'ほかに受け取れる場所がないため、オフにできません。',
    );
    await picture(member, 'last-channel');
    await lineworks.click({ force: true });
    await member.reload();
    await expect(lineworks).toHaveAttribute('aria-checked', 'true');
    await expect(email).toHaveAttribute('aria-checked', 'false');
    // Not only the page refuses.
    const refused = await member.evaluate(async () => {
      const answer = await fetch('/api/me/channels/lineworks', {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'accept-language': 'ja' },
        body: '{"on":false}',
      });
      return { status: answer.status, ...(await answer.json()) };
    });
    expect(refused).toMatchObject({ status: 409, code: 'last_channel' });
    expect(refused.message).toContain('最後のチャネルはオフにできません');
  });

  await test.step('the next mail does not come, and she reads why', async () => {
    const mailsBefore = (await sandbox.mails('takahashi')).length;
    const seen = await member.getByTestId('notice').count();
    await postEvent();
    await expect(member.getByTestId('notice')).toHaveCount(seen + 1);
    const notice = member.getByTestId('notice').first();
    await expect(notice.getByTestId('state-lineworks')).toHaveAttribute('data-state', 'sent');
    await expect(notice.getByTestId('state-email')).toHaveAttribute('data-state', 'skipped');
    await notice.getByText('なぜ?').click();
    await expect(notice.getByTestId('reason-email')).toContainText('オフ');
    await notice.scrollIntoViewIfNeeded();
    await picture(member, 'why');
    expect((await sandbox.mails('takahashi')).length).toBe(mailsBefore);
  });

  await test.step('the admin reads the same', async () => {
    await page.getByTestId('nav-deliveries').click();
    await hers(page).and(page.locator('[data-state=skipped]')).filter({ has: page.locator('.mark[data-channel=email]') }).first().click();
    await expect(page.getByTestId('reason')).toContainText('オフ');
    await expect(page.getByTestId('no-attempts')).toBeVisible();
  });
});

/** Her lines in the live list. */
const hers = (page: Page) => page.getByTestId('delivery-row').filter({ hasText: WHO }).filter({ hasText: TITLE });

/** Opens her delivery on a channel. */
async function open(page: Page, channel: 'lineworks' | 'email'): Promise<void> {
  await hers(page).filter({ has: page.locator(`.mark[data-channel=${channel}]`) }).click();
  await expect(page.getByTestId('page-title')).toContainText(TITLE);
}
