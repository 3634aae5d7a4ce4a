// Part of sw.js: a page that was seen within a day is shown at once, as it was, and fetched anew behind it. On a phone's
// slow line that is half a second. Only the HTML is kept, which is the same for everybody; what stands in it comes from
// the server each time. `cargo xtask dev` serves this file empty, so that a change is seen at the first reload.

const SHELLS = 'shells';
const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;
const PAGES = /^\/(me|console)(\/|$)/;
const KEPT_AT = 'x-kept-at';
/** Among the shells: when a page was last loaded anew for a file that is no more. */
const RELOADED = '/reloaded';
/** In place of a script that cannot be had: the page says so itself. */
const SORRY = "document.getElementById('boot-failed').hidden = false;";

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && PAGES.test(pathname)) event.respondWith(shell(event, pathname));
  else if (pathname.startsWith('/assets/')) event.respondWith(asset(event));
});

// The page that brought this worker is one that was seen.
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const paths = pages.map((page) => new URL(page.url).pathname).filter((pathname) => PAGES.test(pathname));
  await Promise.all(paths.map(async (pathname) => keep(pathname, await fetch(pathname)).catch(() => {})));
})()));

async function shell(event, pathname) {
  const kept = await find(key(pathname)).catch(() => undefined);
  const fresh = fetch(event.request);
  // A full disk is no reason to withhold the page.
  event.waitUntil(fresh.then((answer) => keep(pathname, answer.clone())).catch(() => {}));
  if (!kept) return fresh;
  return age(kept) > DAY ? fresh.catch(() => kept) : kept;
}

/** Below these, every path has the same HTML. */
const key = (pathname) => (pathname.startsWith('/me') ? '/me' : pathname.split('/').slice(0, 3).join('/'));

const find = async (name) => (await caches.open(SHELLS)).match(name);
const age = (kept) => Date.now() - Number(kept.headers.get(KEPT_AT));

async function keep(pathname, answer) {
  if (answer.ok && !answer.redirected) await put(key(pathname), answer);
}

async function put(name, answer) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  const dated = new Response(await answer.blob(), { status: answer.status, headers });
  await (await caches.open(SHELLS)).put(name, dated);
}

/** A file of a version that is no more is answered with a page: then the reader's page is loaded anew, once. */
async function asset(event) {
  const answer = await fetch(event.request).catch(() => undefined);
  const isPage = (answer?.headers.get('content-type') ?? '').startsWith('text/html');
  if (answer?.ok && !isPage) return answer;
  if (answer) await reload(event.clientId).catch(() => {});
  if (event.request.destination !== 'script') return answer ?? Response.error();
  return new Response(SORRY, { headers: { 'content-type': 'text/javascript' } });
}

async function reload(client) {
  const last = await find(RELOADED);
  if (last && age(last) < MINUTE) return;
  await caches.delete(SHELLS);
  await put(RELOADED, new Response());
  const page = await self.clients.get(client);
  await page?.navigate(page.url);
}
