// The other messengers, connected as an admin does it, and rooms that their bots are in.
import { ask, connect } from "./stage.mjs";

/** Its place in the demo world: 「総務部」 everywhere. LINE's groups have other names in each world. */
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

/** The retired API 1.0 of LINE WORKS, by its fixed token. */
export async function connectRetired({ base, access, sandbox }) {
  const { api_id, consumer_key, fixed_token, domain_id } = (await sandbox.control("GET", "credentials")).lineworks_v1;
  const form = { api_id, consumer_key, via: "fixed_token", token: fixed_token, domain_id: String(domain_id), bot_admin: "sato@minato" };
  return connect({ base, access }, "lineworks_v1", form);
}

export async function connectResend({ base, access, sandbox }) {
  const { api_key } = (await sandbox.control("GET", "credentials")).resend;
  return connect({ base, access }, "mail", { via: "resend", from_address: "todoke@minato.example", api_key });
}

/** Brings a bot into its room; answers the product's id of the room once it is there. */
export async function enter({ base, access, sandbox }, provider) {
  const id = ROOMS[provider] ?? (await lineGroup(sandbox));
  if (provider === "slack") await sandbox.control("POST", "slack/invite", { channel: id });
  else if (provider === "google_chat") await sandbox.control("POST", "google_chat/add_app", { person: "sato", space: id });
  else if (provider === "line") await inviteLine(sandbox, id);
  else await sandbox.control("POST", "invite", { room: id, bot: await botOf({ base, access }) });
  const rooms = async () => (await ask(base, "GET", "/api/v1/rooms", { headers: access.admin })).json;
  return poll(async () => (await rooms()).find((room) => room.provider_id.endsWith(id) && room.open)?.id);
}

/** The first LINE group of the world. */
export async function lineGroup(sandbox) {
  return (await sandbox.control("GET", "state")).line.groups[0].group_id;
}

async function inviteLine(sandbox, group) {
  const { accounts } = (await sandbox.control("GET", "state")).line;
  await sandbox.control("POST", "line/invite", { group, channel: accounts[0].channelId });
}

/** The LINE WORKS bot that the product made, of either API. */
export async function botOf({ base, access }) {
  const all = (await ask(base, "GET", "/api/integrations", { headers: access.admin })).json;
  const { settings } = all.find((one) => one.provider.startsWith("lineworks"));
  return settings.bot_id ?? settings.bot_no;
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
