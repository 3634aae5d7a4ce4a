// What the card of device notifications needs of the browser. Loaded when that card is drawn.

const able = 'serviceWorker' in navigator && 'PushManager' in self && 'Notification' in self;
const apple = /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

const own = async () => (await navigator.serviceWorker.getRegistration('/'))?.pushManager.getSubscription();

/** `unsupported`, `install`, `denied`, nothing, or the SHA-256 of this browser's endpoint in hex. */
export async function here() {
  if (!able) return apple && !navigator.standalone ? 'install' : 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  const endpoint = (await own().catch(() => null))?.endpoint;
  if (!endpoint) return '';
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Asks the person; nothing when they do not want it. */
export const ask = async () => ((await Notification.requestPermission()) === 'granted' ? 'yes' : '');

/** Subscribes for whoever has `key`, and gives the body that tells the server. */
export async function on(key) {
  const registration = await globalThis.todokeWorker();
  await navigator.serviceWorker.ready;
  const ours = Uint8Array.from(atob(key.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  const options = { userVisibleOnly: true, applicationServerKey: ours };
  const subscribe = () => registration.pushManager.subscribe(options);
  // One that was made for another key has to go first.
  const made = await subscribe().catch(async () => {
    await (await own())?.unsubscribe();
    return subscribe();
  });
  const { endpoint, keys } = made.toJSON();
  return JSON.stringify({ push: { endpoint, ...keys } });
}

export const off = async () => { await (await own())?.unsubscribe(); };
