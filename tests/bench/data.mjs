// What lies in the stores: people, history, events to post and callbacks to take. All by set-based SQL or pure.
import { createHmac } from "node:crypto";

export const MEMBERS = 10_000;

/** The `index`th of the seeded people. */
export function member(index) {
  return `mb_${String(index).padStart(26, "0")}`;
}

/**
 * 10,000 people with both channels. So that there is something to decide, every 20th has turned mail off and
 * every 10th this kind on LINE WORKS.
 */
export function people(count = MEMBERS) {
  const each = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`;
  const id = "printf('mb_%026d', i)";
  return [
    [
      `${each} INSERT INTO members (id, company, name, reading, login_email, department, title, employee_number, usable, role, language, version, created_at) SELECT ${id}, NULL, printf('社員 %d', i), '', printf('m%d@minato.example', i), '営業部', '', ` +
        "printf('M%05d', i), 1, 'member', 'ja', 1, 0 FROM n",
    ],
    [`${each} INSERT INTO addresses (member, channel, value, state, switched_on, last_ok_at) SELECT ${id}, 'email', printf('m%d@minato.example', i), 'linked', i % 20 <> 0, NULL FROM n`],
    [`${each} INSERT INTO addresses (member, channel, value, state, switched_on, last_ok_at) SELECT ${id}, 'lineworks', printf('00000000-0000-4000-8000-%012d', i), 'linked', 1, NULL FROM n`],
    [`${each} INSERT INTO preferences (member, kind, channel) SELECT ${id}, 'tasks.assigned', 'lineworks' FROM n WHERE i % 10 = 3`],
  ];
}

/** The first people with a LINE userId each, and no other channel. */
export function friends(users) {
  return [
    people(users.length)[0],
    ["INSERT INTO addresses (member, channel, value, state, switched_on, last_ok_at) SELECT printf('mb_%026d', key), 'line', value, 'linked', 1, NULL FROM json_each(?)", JSON.stringify(users)],
  ];
}

const EACH = 20;

/** `count` deliveries that were sent long ago, twenty for each event: statements of 100,000 rows. */
export function* history(count, integration) {
  for (let from = 0; from < count; from += 100_000) {
    const until = Math.min(count, from + 100_000);
    const n = (first, last) => `WITH RECURSIVE n (i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${last})`;
    // Ids sort by age, and these are older than any that is made now.
    const suffix = (number) => `printf('00%024d', ${number})`;
    yield [
      [
        `${n(from / EACH, until / EACH)} INSERT INTO events (id, kind, urgency, message, thread, created_at, deliver_at, cancelled, source, idem_key, body_hash, deliveries, skipped) SELECT 'ev_' || ${suffix("i")}, 'tasks.assigned', 1, ` +
          `'{"title":"見積書の確認","body":"金曜までにお願いします"}', NULL, 1700000000000 + i, NULL, 0, 'ky_' || ${suffix("0")}, ` +
          `printf('old-%d', i), printf('%064x', i), ${EACH}, 0 FROM n`,
      ],
      [
        `${n(from, until)} INSERT INTO deliveries (id, target, channel, integration, kind, urgency, decision, reason, state, due_at, lease_until, tries, attempts, cause, done_at, frozen) SELECT 'dl_' || ${suffix(`i / ${EACH}`)} || printf('%05d', i % ${EACH}), ` +
          `printf('mb_%026d', (i * 7919) % ${MEMBERS}), 'lineworks', '${integration}', ` +
          "'tasks.assigned', 1, 'deliver', 'allowed', 'sent', NULL, NULL, 1, " +
          `'[{"at":1700000000000,"took":80,"result":"accepted"}]', NULL, 1700000000100 + i, NULL FROM n`,
      ],
    ];
  }
}

/** An event as a task system posts it, to one person, with an Idempotency-Key of its own. `title` and `to` may depend on its number. */
export function eventTo(key, run, { at, to, kind = "tasks.assigned", title = () => "見積書の確認", actions } = {}) {
  return (index) => ({
    method: "POST",
    path: "/api/v1/events",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "idempotency-key": `${run}-${index}`,
    },
    body: Buffer.from(
      JSON.stringify({
        kind,
        to: (typeof to === "function" ? to(index) : to) ?? [{ member: member((index * 7919) % MEMBERS) }],
        title: title(index),
        body: "金曜までにお願いします。\nわからないことは総務部まで。",
        link: "https://tasks.minato.example/t/4711",
        fields: [
          { label: "期限", value: "11月27日" },
          { label: "プロジェクト", value: "港北倉庫の移転" },
        ],
        thread: `task-${index}`,
        ...(actions === undefined ? {} : { actions }),
        ...(at === undefined ? {} : { deliver_at: new Date(at).toISOString() }),
      }),
    ),
  });
}

/** A well-signed callback: somebody writes in a room, which costs no answer to a provider. */
export function callback(secret, { workspace, integration }, run) {
  return (index) => {
    const body = Buffer.from(
      JSON.stringify({
        type: "message",
        source: { userId: "00000000-0000-4000-8000-000000000001", channelId: "c0000000-0000-4000-8000-000000000001", domainId: 40029600 },
        issuedTime: new Date(1_790_000_000_000 + index).toISOString(),
        content: { type: "text", text: `了解しました ${run}-${index}` },
      }),
    );
    return {
      method: "POST",
      path: `/hooks/lineworks/${workspace}/${integration}`,
      headers: {
        "content-type": "application/json",
        "x-works-signature": createHmac("sha256", secret).update(body).digest("base64"),
        "x-works-botid": "2000001",
      },
      body,
    };
  };
}

/** Tables that the peer gets from the product, parents first. */
const COPIED = ["workspace", "companies", "members", "addresses", "integrations", "rooms", "kinds", "rules", "preferences", "api_keys"];

export const dump = COPIED.map((table) => [`SELECT * FROM ${table}`]);

export function load(tables) {
  return tables.flatMap((rows, index) => {
    if (rows.length === 0) return [];
    const names = Object.keys(rows[0]);
    const values = names.map((_, place) => `value ->> ${place}`).join(", ");
    const list = JSON.stringify(rows.map((row) => names.map((name) => row[name])));
    return [[`INSERT INTO ${COPIED[index]} (${names.join(", ")}) SELECT ${values} FROM json_each(?)`, list]];
  });
}
