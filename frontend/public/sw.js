// Shows what the push service brings, and opens the notice when it is pressed.

const policy = self.trustedTypes?.createPolicy('todoke-worker', { createScriptURL: () => '/shells.js' });
importScripts(policy?.createScriptURL('') ?? '/shells.js');

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  let sent = {};
  try {
    sent = event.data?.json() ?? {};
  } catch {
    // Not ours; browsers want something shown all the same.
  }
  const { title = 'Todoke', body = '', link, tag } = sent;
  const options = { body, icon: '/icon-192.png', data: { link: link ?? '/me' } };
  event.waitUntil(self.registration.showNotification(title, tag ? { ...options, tag } : options));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const link = new URL(event.notification.data?.link ?? '/me', self.location.origin);
  event.waitUntil(show(link));
});

/** In the page of ours that is open, else in a new one. */
async function show(link) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = pages.find((page) => page.url === link.href) ?? pages.find((page) => new URL(page.url).pathname.startsWith('/me'));
  if (!there || link.origin !== self.location.origin) return self.clients.openWindow(link.href);
  await there.focus();
  // Only a page that this worker controls can be led elsewhere.
  return there.url === link.href ? there : there.navigate(link.href).catch(() => self.clients.openWindow(link.href));
}

// The browser may take another address by itself.
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil((async () => {
  const options = event.oldSubscription?.options;
  const fresh = event.newSubscription ?? (options && await self.registration.pushManager.subscribe(options));
  if (!fresh) return;
  const { endpoint, keys } = fresh.toJSON();
  await fetch('/api/me/channels/web_push', {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ push: { endpoint, ...keys } }),
  });
})()));
