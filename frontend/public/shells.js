// Part of sw.js: a page that was seen within a day is shown at once, as it was, and fetched anew behind it. On a phone's
// slow line that is half a second. Only the HTML is kept, which is the same for everybody; what stands in it comes from
// the server each time. `cargo xtask dev` serves this file empty, so that a change is seen at the first reload.

const SHELLS = 'shells';
const DAY = 24 * 60 * 60 * 1000;
const PAGES = /^\/(me|console)(\/|$)/;
const KEPT_AT = 'x-kept-at';

// Everything but pages goes past this worker.
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.mode === 'navigate' && origin === self.location.origin && PAGES.test(pathname)) event.respondWith(shell(event, key(pathname)));
});

// The page that brought this worker is one that was seen.
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const paths = pages.map((page) => new URL(page.url).pathname).filter((pathname) => PAGES.test(pathname));
  await Promise.all(paths.map((pathname) => keep(key(pathname), fetch(pathname)).catch(() => {})));
})()));

/** Below these, every path has the same HTML. */
const key = (pathname) => (pathname.startsWith('/me') ? '/me' : pathname.split('/').slice(0, 3).join('/'));

async function shell(event, name) {
  const fresh = fetch(event.request);
  const renewed = keep(name, fresh.then((answer) => answer.clone()));
  // A full disk is no reason to withhold the page.
  const kept = await caches.open(SHELLS).then((shells) => shells.match(name)).catch(() => undefined);
  const old = kept && Date.now() - Number(kept.headers.get(KEPT_AT)) > DAY;
  const shown = old ? undefined : kept?.clone();
  event.waitUntil(renewed.then((html) => shown && replace(event.resultingClientId, shown, html)).catch(() => {}));
  if (!kept) return fresh;
  return old ? fresh.catch(() => kept) : kept;
}

/** Puts away what comes; its HTML. */
async function keep(name, coming) {
  const answer = await coming;
  if (!answer.ok || answer.redirected) return undefined;
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  const html = await answer.text();
  await (await caches.open(SHELLS)).put(name, new Response(html, { headers }));
  return html;
}

/** A page of a version whose files are no more is loaded anew: what is kept by then is another. */
async function replace(client, shown, html) {
  if (!html) return;
  const others = ((await shown.text()).match(/\/assets\/[^"]+/g) ?? []).filter((file) => !html.includes(file));
  // A file that is no more is answered with a page.
  const isThere = async (file) => !((await fetch(file)).headers.get('content-type') ?? 'text/html').startsWith('text/html');
  if ((await Promise.all(others.map(isThere))).every(Boolean)) return;
  const page = await self.clients.get(client);
  await page?.navigate(page.url);
}
