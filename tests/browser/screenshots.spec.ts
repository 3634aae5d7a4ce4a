// Every page as a picture, for people to look at: SCREENSHOTS=1 npx playwright test screenshots
// Written to target/screenshots/{page}-{width}-{language}-{theme}.png.

import { join } from 'node:path';

import { furnish, PLACES, visit, type Context } from './pages.ts';
import { root } from './product.ts';
import { expect, test, theme, type Page } from './todoke.ts';

const DIR = join(root, 'target/screenshots');
const WIDTHS = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];

let context: Context;

for (const place of PLACES) {
  test(`pictures: ${place.name}`, async ({ as, browser, product, sandbox }) => {
    context ??= await furnish(product, sandbox);
    for (const size of WIDTHS) {
      const page = place.who === 'nobody' ? await (await browser.newContext({ viewport: size })).newPage() : await as(place.who, '/healthz', size);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await visit(place, page, context);
      await shoot(page, `${place.name}-${size.width}`, () => page.getByTestId('language').dispatchEvent('click'));
      await page.context().close();
    }
  });
}

test('pictures: phones', async ({ browser, product, sandbox }) => {
  context ??= await furnish(product, sandbox);
  const state = await sandbox.get<{ bots: { botId: number }[] }>('state');
  for (const size of WIDTHS) {
    for (const [name, query] of [
      ['talk', `open=yamamoto,ito&talk=bot:${state.bots[0]?.botId}`],
      ['mails', 'open=yamamoto,ito&tab=mails'],
    ] as const) {
      const page = await (await browser.newContext({ viewport: size, reducedMotion: 'reduce' })).newPage();
      await page.goto(`${product.sandbox}/?${query}`);
      await expect(page.locator('.phone')).toHaveCount(2);
      await shoot(page, `phones-${name}-${size.width}`, () => page.locator('[data-do=language]').click());
      await page.context().close();
    }
  }
});

async function shoot(page: Page, name: string, turnLanguage: () => Promise<void>): Promise<void> {
  for (const language of ['ja', 'en']) {
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    for (const colorScheme of ['light', 'dark'] as const) {
      await theme(page, colorScheme);
      // A dialog covers what is seen, and what sticks to the top sticks there.
      const fullPage = (await page.locator('dialog[open]').count()) === 0;
      if (fullPage) await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: join(DIR, `${name}-${language}-${colorScheme}.png`), fullPage });
    }
    await turnLanguage();
  }
}
