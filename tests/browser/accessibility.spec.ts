// axe finds nothing on any page, in both themes and both languages.

import { AxeBuilder } from '@axe-core/playwright';

import { furnish, PLACES, visit, type Context } from './pages.ts';
import { expect, test, theme, type Page } from './todoke.ts';

let context: Context;

for (const place of PLACES) {
  test(`axe: ${place.name}`, async ({ as, page, product, sandbox }) => {
    context ??= await furnish(product, sandbox);
    const seen = place.who === 'nobody' ? page : await as(place.who, '/healthz');
    await seen.emulateMedia({ reducedMotion: 'reduce' });
    await visit(place, seen, context);
    await everywhere(seen, () => seen.getByTestId('language').dispatchEvent('click'));
  });
}

test('axe: phones', async ({ page, product }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${product.sandbox}/?open=yamamoto,ito&tab=mails`);
  await expect(page.locator('.phone')).toHaveCount(2);
  await everywhere(page, () => page.locator('[data-do=language]').click());
});

/** Looks at the page four times: languages x themes. A theme changes colours and nothing else. */
async function everywhere(page: Page, turnLanguage: () => Promise<void>): Promise<void> {
  const found: string[] = [];
  for (const language of ['ja', 'en']) {
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    for (const colorScheme of ['light', 'dark'] as const) {
      await theme(page, colorScheme);
      // The frame with a mail runs no scripts, so axe cannot look into it; its colours are the mail's own.
      // So it needs no page of its own to put the frames' findings together, which is what “legacy” leaves out.
      const axe = new AxeBuilder({ page }).exclude('iframe').setLegacyMode();
      if (colorScheme === 'dark') axe.withRules(['color-contrast']);
      const { violations } = await axe.analyze();
      for (const { id, help, nodes } of violations) {
        const where = nodes.map((node) => `      ${node.target.join(' ')}: ${node.any[0]?.message ?? node.html}`);
        found.push(`${language} ${colorScheme} ${id}: ${help}\n${where.join('\n')}`);
      }
    }
    await turnLanguage();
  }
  expect(found.join('\n')).toBe('');
}
