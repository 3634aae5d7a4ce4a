// What somebody with a slow phone waits for: from opening the address until the page is there and answers.
import { chromium } from "playwright-core";

import { eventTo } from "../data.mjs";
import { front } from "../front.mjs";
import { closedLoop, quantile } from "../load.mjs";
import { setUp, startWorkers, token } from "../stage.mjs";

/** Chromium's own preset: 1.6 Mbit/s down and 750 kbit/s up, of which 90 % arrive, and 150 ms x 3.75 for each request. */
const FAST_3G = { offline: false, latency: 562.5, downloadThroughput: ((1.6 * 1024 * 1024) / 8) * 0.9, uploadThroughput: ((750 * 1024) / 8) * 0.9 };
const SLOWER = 4;
/** `ready` is there only when the page's own data is. */
const VIEWS = [
  { name: "self-service", path: "/me", ready: ".channel", most: { cold: 3_000, repeat: 1_000 } },
  { name: "console, home", path: "/console", ready: "[data-testid=days]", most: { cold: 4_000, repeat: 1_500 } },
  { name: "console, people", path: "/console/members", ready: "tbody tr", most: { cold: 4_000, repeat: 1_500 } },
  { name: "console, settings", path: "/console/integrations", ready: "[data-testid=services] li", most: { cold: 4_000, repeat: 1_500 } },
];

export async function firstView({ sandbox, worker, sizes, say }) {
  const before = await front();
  const stage = await startWorkers({ dir: "first-view", sandbox, worker, workers: [{ name: "product", kind: "product" }], publicUrl: before.url });
  before.to = stage.urls.product;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const access = await setUp(before.to, sandbox, { origin: before.url });
    const make = eventTo(access.key, token(), { to: [{ everyone: true }] });
    await closedLoop(before.to, { count: 20, concurrency: 1, make, expect: 202 });
    const [name, value] = access.admin.cookie.split("=");
    const figures = [];
    for (const view of VIEWS) {
      say(view.name);
      const took = { cold: [], repeat: [] };
      for (let round = 0; round < sizes.views; round += 1) {
        const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "ja-JP" });
        await context.addCookies([{ name, value, url: before.url }]);
        took.cold.push(await open(context, before.url, view, { stays: true }));
        took.repeat.push(await open(context, before.url, view));
        await context.close();
      }
      for (const when of ["cold", "repeat"]) {
        figures.push({
          name: `${view.name}: there and answering, ${when}`,
          unit: "ms",
          value: quantile(took[when], 0.5),
          target: { most: view.most[when] },
          rounds: { ms: took[when] },
          how: `the middle of ${sizes.views}; Chromium with a CPU slowed ${SLOWER} times, on fast 3G as it emulates it, from going to the address until the page's own data is drawn and a frame was painted, seen from inside the page; files and JSON compressed as on the platform.`,
        });
      }
    }
    return figures;
  } finally {
    await browser.close();
    await stage.stop();
    before.stop();
  }
}

/** Milliseconds of one visit in a tab of its own. Who `stays` reads the page until it is kept for the next time. */
async function open(context, base, { path, ready }, { stays = false } = {}) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", FAST_3G);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.addInitScript(watch, ready);
  await page.goto(base + path, { waitUntil: "commit" });
  // Seldom: each look is work for the slowed CPU too.
  const took = await (await page.waitForFunction(() => globalThis.drawnAt, undefined, { polling: 500, timeout: 60_000 })).jsonValue();
  if (stays) await page.waitForFunction(async () => (await (await caches.open("shells")).keys()).length > 0);
  await page.close();
  return took;
}

/** In the page: when what is looked for is there and a frame with it was painted. Asked from outside, the question and its answer were a part of the time. */
function watch(ready) {
  const observer = new MutationObserver(() => {
    if (document.querySelector(ready) === null) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => void (globalThis.drawnAt = performance.now())));
  });
  observer.observe(document, { childList: true, subtree: true });
}
