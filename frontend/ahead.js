// The first thing every page runs: it asks for what the page asks first, while its program is on the way. On a phone's
// slow line that round trip is half a second. `client/ahead.rs` takes the answers; tests/browser holds these lists to the
// pages.

const ME = '/api/me';
const FIRST = {
  '/me': ['/api/me/settings', '/api/me/quiet', '/api/me/notices'],
  '/console': ['/api/home'],
  '/console/deliveries': ['/api/deliveries', '/api/bulk', '/api/v1/kinds', '/api/v1/rooms'],
  '/console/integrations': ['/api/integrations'],
  '/console/members': ['/api/v1/members', '/api/members/invitations', '/api/v1/companies'],
  '/console/rules': ['/api/rules', '/api/v1/companies'],
};

// Whoever takes an answer that did not come whole in this time asks again, by another connection.
const PATIENCE = 10_000;

const headers = { accept: 'application/json', 'accept-language': chosen() ?? navigator.language };
const ask = (path) => {
  const answer = fetch(path, { headers, signal: AbortSignal.timeout(PATIENCE) }).then(async (came) => [came.status, await came.text()]);
  // Nobody else is to hear of it.
  answer.catch(() => {});
  return [path, answer];
};
const path = location.pathname.replace(/\/$/, '') || '/me';
// A query asks for something else.
const first = location.search === '' ? (FIRST[path] ?? []) : [];
const known = path.startsWith('/me') || path.startsWith('/console');

// What is drawn first goes first: each question costs a slow phone some milliseconds.
globalThis.todokeAhead = new Map((known ? [...first.slice(0, 1), ME, ...first.slice(1)] : []).map(ask));
// Old answers are no answers.
setTimeout(() => globalThis.todokeAhead.clear(), 60_000);

// Pages are shown at once the next time (public/shells.js). Not before this one is there.
const WORKER = '/sw.js';
const policy = globalThis.trustedTypes?.createPolicy('todoke-worker', { createScriptURL: () => WORKER });
globalThis.todokeWorker = async () => navigator.serviceWorker.register(policy?.createScriptURL(WORKER) ?? WORKER);
addEventListener('load', () => globalThis.todokeWorker().catch(() => {}));

/** The language that somebody chose here; some browsers keep nothing for a page. */
function chosen() {
  try {
    return localStorage.getItem('todoke.language');
  } catch {
    return null;
  }
}
