import { decide, type Decided, type Facts } from "./decide";
import { deliveryId, sha256, sortable } from "./ids";
import { type Problem, Refused, refuse } from "./refusal";
import { type EventRequest, readEvent, type Recipient } from "./request";
import { PATIENCE, type Workspace } from "./workspace";

/** Kinds of the catalogue with their urgency; put in when this is bundled, from the product's own list. */
declare const CATALOGUE: Record<string, number>;

const MAX_BYTES = 64 * 1024;
/** Up to here row by row, above it statements over a JSON array, each within the store's 2 MB for a value. */
const ROW_BY_ROW = 16;
const AT_ONCE = 5_000;
const CHANNELS: Record<string, string> = { lineworks: "lineworks", mail: "email" };

interface Kind {
  urgency: number;
  mandatory: boolean;
  off: Set<string>;
}

interface Audience {
  members: string[];
  companies: string[];
  everyone: boolean;
  rooms: { id: string; integration: string; provider: string; open: number }[];
}

interface Row extends Decided {
  target: string;
}

/** `POST /api/v1/events`: check, look up, decide, write in one transaction, 202. */
export async function submitEvent(workspace: Workspace, request: Request): Promise<Response> {
  const source = await caller(workspace, request.headers.get("authorization"));
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > MAX_BYTES) refuse(413, "too_large");
  const now = Date.now();
  const event = readEvent(bytes, now);
  const bodyHash = await sha256(bytes);
  const key = request.headers.get("idempotency-key");
  if (key !== null) {
    if (!/^[\x21-\x7e]{1,200}$/.test(key)) refuse(422, "key_too_long", "Idempotency-Key");
    const earlier = replay(workspace, source, key, bodyHash);
    if (earlier !== null) return earlier;
  }
  const kind = kindOf(workspace, event.kind);
  if (kind === null || event.kind === "todoke.sign_in_code") refuse(422, "unknown_kind", "kind");
  await workspace.wakeBy(event.deliverAt ?? now + PATIENCE);
  if (key !== null) {
    const earlier = replay(workspace, source, key, bodyHash);
    if (earlier !== null) return earlier;
  }
  const audience = findAudience(workspace, event.to);
  const urgency = event.urgency ?? kind.urgency;
  const rows = plan(workspace, audience, event, kind, urgency);
  const skipped = rows.reduce((count, row) => count + (row.decision === "skip" ? 1 : 0), 0);
  const answer = { id: `ev_${sortable(now)}`, deliveries: rows.length - skipped, skipped };
  const message = JSON.stringify({ title: event.title, body: event.body, link: event.link, fields: event.fields });
  workspace.atomically(() => {
    workspace.sql.exec(
      "INSERT INTO events (id, kind, urgency, message, thread, created_at, deliver_at, source, idem_key, body_hash, deliveries, skipped) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      answer.id,
      event.kind,
      urgency,
      message,
      event.thread,
      now,
      event.deliverAt,
      source,
      key,
      bodyHash,
      answer.deliveries,
      skipped,
    );
    insertDeliveries(workspace, rows, answer.id, event, urgency, now);
  });
  return Response.json(answer, { status: 202 });
}

async function caller(workspace: Workspace, authorization: string | null): Promise<string> {
  const key = /^bearer (tdk_\S+)$/i.exec(authorization ?? "")?.[1];
  if (key === undefined) refuse(401, "bad_key");
  const [row] = workspace.rows<{ id: string; scopes: string }>(
    "SELECT id, scopes FROM api_keys WHERE hash = ? AND revoked_at IS NULL",
    await sha256(key),
  );
  if (row === undefined) refuse(401, "bad_key");
  if (!(JSON.parse(row.scopes) as string[]).includes("events:write")) refuse(403, "not_allowed");
  return row.id;
}

function replay(workspace: Workspace, source: string, key: string, bodyHash: string): Response | null {
  const [row] = workspace.rows<{ id: string; body_hash: string; deliveries: number; skipped: number }>(
    "SELECT id, body_hash, deliveries, skipped FROM events WHERE source = ? AND idem_key = ?",
    source,
    key,
  );
  if (row === undefined) return null;
  if (row.body_hash !== bodyHash) refuse(409, "key_reused", "Idempotency-Key");
  return Response.json({ id: row.id, deliveries: row.deliveries, skipped: row.skipped }, { status: 202 });
}

function kindOf(workspace: Workspace, code: string): Kind | null {
  const [own] = workspace.rows<{ urgency: number; mandatory: number }>(
    "SELECT urgency, mandatory FROM kinds WHERE code = ?",
    code,
  );
  const urgency = own?.urgency ?? CATALOGUE[code];
  if (urgency === undefined) return null;
  const off = workspace.rows<{ channel: string }>("SELECT channel FROM rules WHERE kind = ?", code);
  return { urgency, mandatory: own?.mandatory === 1, off: new Set(off.map((row) => row.channel)) };
}

function findAudience(workspace: Workspace, to: Recipient[]): Audience {
  const audience: Audience = { members: [], companies: [], everyone: false, rooms: [] };
  const problems: Problem[] = [];
  const id = (query: string, ...values: string[]) => workspace.rows<{ id: string }>(query, ...values)[0]?.id;
  to.forEach((recipient, index) => {
    if (recipient.by === "everyone") {
      audience.everyone = true;
      return;
    }
    const { by, value } = recipient;
    let found: string | undefined;
    if (by === "member" || by === "email") {
      found =
        by === "member"
          ? id("SELECT id FROM members WHERE id = ?", value)
          : id(
              "SELECT id FROM members WHERE login_email = lower(?) UNION " +
                "SELECT member FROM addresses WHERE channel = 'email' AND value = lower(?) LIMIT 1",
              value,
              value,
            );
      if (found !== undefined) audience.members.push(found);
    } else if (by === "company") {
      found = id("SELECT id FROM companies WHERE id = ?", value);
      if (found !== undefined) audience.companies.push(found);
    } else {
      const [room] = workspace.rows<Audience["rooms"][number]>(
        "SELECT r.id, r.integration, i.provider, r.open FROM rooms r JOIN integrations i ON i.id = r.integration WHERE r.id = ?",
        value,
      );
      found = room?.id;
      if (room !== undefined && !audience.rooms.some((known) => known.id === room.id)) audience.rooms.push(room);
    }
    if (found === undefined) {
      problems.push({ code: by === "email" ? "unknown_member" : `unknown_${by}`, field: `to[${index}].${by}` });
    }
  });
  if (problems.length > 0) throw new Refused(422, problems);
  return audience;
}

/** One decision for each recipient and channel. */
function plan(workspace: Workspace, audience: Audience, event: EventRequest, kind: Kind, urgency: number): Row[] {
  const channels = new Map<string, string>();
  for (const row of workspace.rows<{ id: string; provider: string }>(
    "SELECT id, provider FROM integrations ORDER BY created_at, id",
  )) {
    const channel = CHANNELS[row.provider];
    if (channel !== undefined && !channels.has(channel)) channels.set(channel, row.id);
  }
  const facts = workspace.rows<{
    id: string;
    usable: number;
    channel: string | null;
    state: string | null;
    switched_on: number | null;
    preference: number;
  }>(
    "WITH picked AS (SELECT value AS member FROM json_each(?1) " +
      "UNION SELECT id FROM members WHERE company IN (SELECT value FROM json_each(?2)) " +
      "UNION SELECT id FROM members WHERE ?3 = 1) " +
      "SELECT m.id, m.usable, a.channel, a.state, a.switched_on, p.member IS NULL AS preference FROM picked " +
      "JOIN members m ON m.id = picked.member LEFT JOIN addresses a ON a.member = m.id " +
      "LEFT JOIN preferences p ON p.member = m.id AND p.kind = ?4 AND p.channel = a.channel ORDER BY m.id",
    JSON.stringify(audience.members),
    JSON.stringify(audience.companies),
    audience.everyone ? 1 : 0,
    event.kind,
  );
  const scheduled = event.deliverAt !== null;
  const rows: Row[] = audience.rooms.map((room) => {
    const [decision, reason] =
      room.open !== 1 ? ["skip", "room_closed"] : scheduled ? ["hold", "scheduled"] : ["deliver", "room"];
    const channel = CHANNELS[room.provider] ?? room.provider;
    return { target: room.id, channel, integration: room.integration, decision, reason } as Row;
  });
  for (let start = 0; start < facts.length; ) {
    const { id, usable } = facts[start]!;
    let end = start;
    while (facts[end]?.id === id) end += 1;
    const own = facts.slice(start, end);
    const about: Facts[] = [];
    for (const [channel, integration] of channels) {
      const address = own.find((row) => row.channel === channel);
      about.push({
        channel,
        integration,
        rule: !kind.off.has(channel),
        preference: address?.preference !== 0,
        channelOn: address?.switched_on !== 0,
        address: address?.state ?? null,
      });
    }
    const notice = { urgency, mandatory: kind.mandatory, usable: usable === 1, scheduled };
    for (const decided of decide(notice, about)) rows.push({ target: id, ...decided });
    start = end;
  }
  if (rows.length === 0) refuse(422, "empty_audience", "to");
  return rows;
}

const COLUMNS =
  "INSERT INTO deliveries (id, target, channel, integration, kind, urgency, decision, reason, state, due_at, done_at)";

function insertDeliveries(workspace: Workspace, rows: Row[], id: string, event: EventRequest, urgency: number, now: number) {
  const due = event.deliverAt ?? now;
  const values = rows.map((row, number) => {
    const skip = row.decision === "skip";
    return [
      deliveryId(id, number),
      row.target,
      row.channel,
      row.integration,
      row.decision,
      row.reason,
      skip ? "skipped" : "waiting",
      skip ? null : due,
      skip ? now : null,
    ];
  });
  if (values.length > ROW_BY_ROW) {
    for (let from = 0; from < values.length; from += AT_ONCE) {
      workspace.sql.exec(
        `${COLUMNS} SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, ?2, ?3, value ->> 4, value ->> 5, ` +
          "value ->> 6, value ->> 7, value ->> 8 FROM json_each(?1)",
        JSON.stringify(values.slice(from, from + AT_ONCE)),
        event.kind,
        urgency,
      );
    }
    return;
  }
  for (const [delivery, target, channel, integration, ...rest] of values) {
    workspace.sql.exec(
      `${COLUMNS} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      delivery,
      target,
      channel,
      integration,
      event.kind,
      urgency,
      ...rest,
    );
  }
}
