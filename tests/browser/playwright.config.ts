// The browser tests: one product; what people do with it one after the other, then every page looked at by two at once.
//
// `cargo xtask test --only browser` runs them. By hand, in this directory:
//   npx playwright test walk                   one file
//   npx playwright test --project pages --no-deps    axe alone
//   FAST=1 npx playwright test                 with the fast builds of `cargo xtask dev`, while working on a page
//   SCREENSHOTS=1 npx playwright test screenshots   every page as a picture, in target/screenshots
//   PRODUCT=file.json npx playwright test …         with a product that runs already (what is in the file: product.ts)

import { defineConfig } from '@playwright/test';

import { target } from './product.ts';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: '.',
  globalSetup: './setup.ts',
  outputDir: `${target}/results`,
  workers: 2,
  projects: [
    {
      name: 'walks',
      workers: 1,
      testIgnore: ['accessibility.spec.ts', ...(process.env.SCREENSHOTS ? [] : ['screenshots.spec.ts'])],
    },
    // They change nothing, so they do not disturb each other.
    { name: 'pages', testMatch: 'accessibility.spec.ts', fullyParallel: true, dependencies: ['walks'] },
  ],
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    headless: true,
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1280, height: 900 },
    // What a test says to be answered must be asked by the page itself. Allowed where it is what is tested.
    serviceWorkers: 'block',
    permissions: ['clipboard-read', 'clipboard-write'],
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
