// The other messengers, connected as an admin does it, and rooms that their bots are in.
import { ask } from "./stage.mjs";

/** Its place in the demo world: 「総務部」 everywhere. */
const ROOMS = { lineworks: "7d1c0b52-0e8f-4a6b-9a31-5f2f60a10001", slack: "C0MINATO002", google_chat: "AAAAminato1" };

/** Leads callbacks to the Worker at `base`. */
export async function route(sandbox, base) {
  await sandbox.control("POST", "routes", { route: `https://todoke.example=${base.replace(/\/$/, "")}` });
}

/** Connects LINE without a monthly limit; answers the account. */
export async function connectLine({ base, access, sandbox }) {
  const [account] = (await sandbox.control("GET", "credentials")).line;
  const { login_channel_id, login_channel_secret, channel_secret, channel_access_token } = account;
  await connect({ base, access }, "line", { login_channel_id, login_channel_secret, channel_secret, channel_access_token });
  const channel = Number(account.messaging_channel_id);
  await sandbox.control("POST", "line/settings", { channel, set: { quota: null } });
  return channel;
}

export async function connectSlack({ base, access, sandbox }) {
  const { signing_secret, bot_token } = (await sandbox.control("GET", "credentials")).slack;
  const { callback_url } = await connect({ base, access }, "slack", { signing_secret, bot_token });
  await sandbox.control("POST", "slack/settings", { events_url: callback_url, interactivity_url: callback_url });
  await poll(async () => (await sandbox.control("GET", "state")).slack.apps[0].eventsVerified);
  return ROOMS.slack;
}

export async function connectChat({ base, access, sandbox }) {
  const { service_account } = (await sandbox.control("GET", "credentials")).google_chat;
  const form = { webhooks: true, service_account: JSON.stringify(service_account) };
  const { callback_url } = await connect({ base, access }, "google_chat", form);
  await sandbox.control("POST", "google_chat/app", { endpoint: callback_url });
  return ROOMS.google_chat;
}

/** Brings a bot into its room; answers the product's id of the room once it is there. */
export async function enter({ base, access, sandbox }, provider) {
  const id = ROOMS[provider];
  if (provider === "slack") await sandbox.control("POST", "slack/invite", { channel: id });
  else if (provider === "google_chat") await sandbox.control("POST", "google_chat/add_app", { person: "sato", space: id });
  else await sandbox.control("POST", "invite", { room: id, bot: await botOf({ base, access }) });
  const rooms = async () => (await ask(base, "GET", "/api/v1/rooms", { headers: access.admin })).json;
  return poll(async () => (await rooms()).find((room) => room.provider_id.endsWith(id) && room.open)?.id);
}

/** The LINE WORKS bot that the product made. */
export async function botOf({ base, access }) {
  const all = (await ask(base, "GET", "/api/integrations", { headers: access.admin })).json;
  return all.find((one) => one.provider === "lineworks").settings.bot_id;
}

/** What `look` finds, asked every 100 ms for half a minute. */
export async function poll(look) {
  for (let tries = 0; tries < 300; tries += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not come about: ${look}`);
}

async function connect({ base, access }, provider, form) {
  return (await ask(base, "POST", "/api/integrations", { body: { provider, form }, headers: access.admin })).json;
}
