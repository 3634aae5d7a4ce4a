// Part of sw.js: a page that was seen within a day is shown at once, as it was, and fetched anew behind it. On a phone's
// slow line that is half a second. Only the HTML is kept, which is the same for everybody; what stands in it comes from
// the server each time. `cargo xtask dev` serves this file empty, so that a change is seen at the first reload.

const SHELLS = 'shells';
const DAY = 24 * 60 * 60 * 1000;
const PAGES = /^\/(me|console)(\/|$)/;
const KEPT_AT = 'x-kept-at';
/** Pages that were shown as they were. */
const shown = new Set();

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && PAGES.test(pathname)) event.respondWith(shell(event, pathname));
  else if (pathname.startsWith('/assets/') && shown.has(event.clientId)) event.respondWith(asset(event));
});

// The page that brought this worker is one that was seen.
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const paths = pages.map((page) => new URL(page.url).pathname).filter((pathname) => PAGES.test(pathname));
  await Promise.all(paths.map((pathname) => keep(pathname, fetch(pathname)).catch(() => {})));
})()));

async function shell(event, pathname) {
  const kept = await (await caches.open(SHELLS)).match(key(pathname));
  const fresh = keep(pathname, fetch(event.request));
  if (!kept) return fresh;
  if (Date.now() - Number(kept.headers.get(KEPT_AT)) > DAY) return fresh.catch(() => kept);
  event.waitUntil(fresh.catch(() => {}));
  shown.add(event.resultingClientId);
  return kept;
}

/** Below these, every path has the same HTML. */
const key = (pathname) => (pathname.startsWith('/me') ? '/me' : pathname.split('/').slice(0, 3).join('/'));

async function keep(pathname, asked) {
  const answer = await asked;
  if (answer.ok && !answer.redirected) await (await caches.open(SHELLS)).put(key(pathname), await dated(answer.clone()));
  return answer;
}

async function dated(answer) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  return new Response(await answer.blob(), { status: answer.status, headers });
}

/** A file of a version that is no more: the page is loaded anew, from the server. */
async function asset(event) {
  const answer = await fetch(event.request);
  if (!answer.ok || (answer.headers.get('content-type') ?? '').startsWith('text/html')) {
    shown.delete(event.clientId);
    await caches.delete(SHELLS);
    const page = await self.clients.get(event.clientId);
    page?.navigate(page.url).catch(() => {});
  }
  return answer;
}
