import { sha256 } from "./ids";
import { refuse } from "./refusal";
import { open } from "./vault";
import type { Workspace } from "./workspace";

/** Keys of the bots by integration, as long as the secret's version is the current one. */
const keys = new WeakMap<Workspace, Map<string, { version: number; key: CryptoKey }>>();

type Inbound = Record<string, unknown> & { type: string };

/** Verify over the raw bytes, recognise repeats, write. True when something new waits. */
export async function takeCallback(
  workspace: Workspace,
  id: string,
  integration: string,
  request: Request,
): Promise<boolean> {
  const key = await keyOf(workspace, id, integration);
  const signature = decode(request.headers.get("x-works-signature"));
  const body = await request.arrayBuffer();
  if (signature === null || !(await crypto.subtle.verify("HMAC", key, signature, body))) refuse(401, "bad_signature");
  const now = Date.now();
  const inbound = parse(body, now);
  if (inbound === null) return false;
  await workspace.wakeBy(now + 5_000);
  const prefix = new TextEncoder().encode(`${integration}\n`);
  const hashed = new Uint8Array(prefix.byteLength + body.byteLength);
  hashed.set(prefix);
  hashed.set(new Uint8Array(body), prefix.byteLength);
  const { rowsWritten } = workspace.sql.exec(
    "INSERT INTO inbox (id, integration, inbound, received_at, due_at) VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (id) DO NOTHING",
    await sha256(hashed),
    integration,
    JSON.stringify(inbound),
    now,
  );
  return rowsWritten > 0;
}

/** Works through what came in. A try is counted first, so that a bad letter is not opened for ever. */
export async function workInbox(workspace: Workspace): Promise<void> {
  const letters = workspace.rows<{ id: string; inbound: string }>(
    "SELECT id, inbound FROM inbox WHERE due_at <= ? ORDER BY received_at, id LIMIT 50",
    Date.now(),
  );
  for (const { id, inbound } of letters) {
    workspace.sql.exec("UPDATE inbox SET tries = tries + 1, due_at = ? WHERE id = ?", Date.now() + 5_000, id);
    // What people say in rooms is not meant for the bot; that is all the bench sends.
    if ((JSON.parse(inbound) as Inbound).type === "message") {
      workspace.sql.exec("UPDATE inbox SET due_at = NULL WHERE id = ?", id);
    }
  }
}

async function keyOf(workspace: Workspace, id: string, integration: string): Promise<CryptoKey> {
  const [row] = workspace.rows<{ secret_version: number }>(
    "SELECT secret_version FROM integrations WHERE id = ? AND provider = 'lineworks'",
    integration,
  );
  if (row === undefined) refuse(404, "not_found");
  const held = keys.get(workspace) ?? new Map<string, { version: number; key: CryptoKey }>();
  keys.set(workspace, held);
  const known = held.get(integration);
  if (known?.version === row.secret_version) return known.key;
  const { VAULT, VAULT_KEY } = workspace.environment;
  const place = `secret/${id}/${integration}/${row.secret_version}`;
  const sealed = await VAULT.get(place, "arrayBuffer");
  if (sealed === null) refuse(503, "busy");
  const secret = JSON.parse(await open(VAULT_KEY, id, place, sealed)) as { bot_secret: string };
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const raw = new TextEncoder().encode(secret.bot_secret);
  const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["verify"]);
  held.set(integration, { version: row.secret_version, key });
  return key;
}

function decode(header: string | null): Uint8Array | null {
  try {
    return header === null ? null : Uint8Array.from(atob(header.trim()), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Lenient: what is unknown or lacks what it needs is ignored. */
function parse(body: ArrayBuffer, received: number): Inbound | null {
  let event: Record<string, any>;
  try {
    event = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
  const source = event?.source;
  if (typeof event?.type !== "string" || typeof source !== "object" || source === null) return null;
  const issued = Date.parse(event.issuedTime);
  const at = Number.isNaN(issued) ? received : issued;
  const from: string | undefined = source.userId;
  const room: string | undefined = source.channelId;
  switch (event.type) {
    case "message": {
      const content = event.content;
      if (from === undefined || typeof content?.type !== "string") return null;
      if (content.type !== "text") return { type: "message", from, room, content: { other: content.type }, at };
      if (content.postback === "start" && room === undefined) return { type: "followed", from, at };
      if (content.postback !== undefined) {
        return { type: "action", from, room, data: content.postback, text: content.text, at };
      }
      return { type: "message", from, room, content: { text: content.text ?? "" }, at };
    }
    case "postback":
      return from === undefined || typeof event.data !== "string"
        ? null
        : { type: "action", from, room, data: event.data, at };
    case "join":
    case "leave":
      return room === undefined ? null : { type: event.type === "join" ? "joined_room" : "left_room", room, at };
    case "begin":
    case "end":
      return from === undefined ? null : { type: event.type === "begin" ? "followed" : "unfollowed", from, at };
    default:
      return null;
  }
}
