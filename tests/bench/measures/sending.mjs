// What happens behind the 202: how fast due deliveries go out, how well a provider's limit is used, and what a
// delivered notice costs in written rows.
import { eventTo } from "../data.mjs";
import { closedLoop } from "../load.mjs";
import { ask, firstAdmin, setUp, startWorkers, token } from "../stage.mjs";

export const UNLIMITED = 1_000_000;
const MINUTE = 60_000;

/** LINE WORKS only, or what `connected` connects, and the twelve people whom the sandbox knows. */
export async function cast({ dir, kind = "product", sandbox, worker, connected }) {
  const stage = await startWorkers({ dir, sandbox, worker, workers: [{ name: "product", kind }] });
  const base = stage.urls.product;
  const access = connected === undefined ? await setUp(base, sandbox, { mail: false }) : await firstAdmin(base);
  const place = { base, access, sandbox };
  await connected?.(place);
  const me = (await ask(base, "GET", "/api/me", { headers: access.admin })).json.id;
  const { people } = await sandbox.control("GET", "state");
  for (const person of people) {
    // Of API 2.0 they are matched below.
    const reach = connected === undefined ? {} : { lineworks_id: person.login };
    const form = { name: person.name, login_email: person.mail, usable: true, role: "member", language: "ja", ...reach };
    // The owner is there since the set-up.
    if (person.mail !== "sato@minato.example") await ask(base, "POST", "/api/v1/members", { body: form, headers: access.admin });
    else await ask(base, "PUT", `/api/v1/members/${me}`, { body: reach, headers: access.admin });
  }
  if (connected === undefined) await ask(base, "POST", `/api/integrations/${access.integration}/match`, { body: {}, headers: access.admin });
  return { ...stage, ...place, me, people: people.length };
}

/** Posts events to everybody until there are `deliveries` deliveries, due at `at`. */
async function post({ base, access, people }, deliveries, at) {
  const make = eventTo(access.key, token(), { to: [{ everyone: true }], at });
  await closedLoop(base, { count: Math.ceil(deliveries / people), concurrency: 4, make, expect: 202 });
}

/** What the sandbox saw of sends since log entry `after`. */
async function sends(sandbox, after) {
  const { entries } = await sandbox.control("GET", `log?after=${after}`);
  const ours = entries.filter((entry) => entry.operation === "send_user");
  return { accepted: ours.filter((entry) => entry.status === 201), refused: ours.filter((entry) => entry.status === 429) };
}

export async function last(sandbox) {
  return (await sandbox.control("GET", "log")).last;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `count` sends were accepted; gives up when nothing came for 30 s. */
export async function until(sandbox, after, count) {
  let seen = 0;
  let quiet = performance.now();
  for (;;) {
    const { accepted, refused } = await sends(sandbox, after);
    if (accepted.length >= count) return { accepted, refused };
    if (accepted.length > seen) quiet = performance.now();
    seen = accepted.length;
    if (performance.now() - quiet > 30_000) throw new Error(`only ${seen} of ${count} were sent`);
    await sleep(250);
  }
}

export async function drain({ sandbox, worker, sizes, say }) {
  await sandbox.control("POST", "limits", { lineworks_per_minute: UNLIMITED });
  const stage = await cast({ dir: "drain", sandbox, worker });
  try {
    const figures = [];
    for (const latency of [0, 100]) {
      say(`${latency} ms`);
      await sandbox.control("DELETE", "faults");
      if (latency > 0) {
        const slow = { provider: "line_works", operation: "send_user", kind: "slow", ms: latency, when: "always" };
        await sandbox.control("POST", "faults", slow);
      }
      const after = await last(sandbox);
      const count = Math.ceil((latency > 0 ? sizes.drained / 2 : sizes.drained) / stage.people) * stage.people;
      // Due together, once all are accepted.
      await post(stage, count, Date.now() + 4_000);
      const { accepted } = await until(sandbox, after, count);
      const seconds = (accepted.at(-1).at - accepted[0].at) / 1000;
      figures.push({
        name: `drain at ${latency} ms provider latency`,
        unit: "/s",
        value: (accepted.length - 1) / seconds,
        ...(latency > 0 ? { target: { least: 50 } } : {}),
        how: `${count} LINE WORKS deliveries that become due together, by the times in the sandbox's log; limit of the sandbox raised.`,
      });
    }
    return figures;
  } finally {
    await stage.stop();
    await sandbox.control("DELETE", "faults");
  }
}

export async function limit({ sandbox, worker, sizes, say }) {
  await sandbox.control("POST", "limits", { lineworks_per_minute: 240 });
  const stage = await cast({ dir: "limit", sandbox, worker });
  try {
    const minutes = sizes.limitMinutes;
    const span = minutes === 0 ? 5_000 : minutes * MINUTE;
    const after = await last(sandbox);
    // Begins with a minute of the provider's, in which nothing was used yet.
    const begin = (Math.floor(Date.now() / MINUTE) + 1) * MINUTE + 1_000;
    await post(stage, 240 * (minutes + 1), begin);
    say(`240 a minute: waits for the next minute, then ${span / 1000} s`);
    await sleep(begin - Date.now() + span + 500);
    const { accepted, refused } = await sends(sandbox, after);
    const from = accepted[0]?.at ?? begin;
    const within = accepted.filter((entry) => entry.at < from + span).length;
    const share = {
      name: "used share of 240 a minute",
      unit: "%",
      value: (within / (240 * minutes)) * 100,
      target: { least: 95 },
      rounds: { within, span },
      how: `sends accepted within ${minutes} minutes of the first, of ${240 * minutes}; begins with a minute of the sandbox's.`,
    };
    return [
      minutes === 0 ? { name: "sent in the first 5 s of 240 a minute", unit: "", value: within } : share,
      { name: "429 answers meanwhile", unit: "", value: refused.length, target: { most: 0 } },
    ];
  } finally {
    await stage.stop();
  }
}

export async function rows({ sandbox, worker, sizes, say }) {
  await sandbox.control("POST", "limits", { lineworks_per_minute: UNLIMITED });
  const stage = await cast({ dir: "rows", kind: "measured", sandbox, worker });
  try {
    // Once a day an address is marked as good; that is not a notice's cost.
    let after = await last(sandbox);
    await post(stage, stage.people, undefined);
    await until(sandbox, after, stage.people);
    await sleep(1_000);
    const me = (await ask(stage.base, "GET", "/api/me", { headers: stage.access.admin })).json.id;
    const cost = async (name, count, to, each) => {
      say(name);
      after = await last(sandbox);
      await stage.counters("product", "DELETE");
      const make = eventTo(stage.access.key, token(), { to });
      for (let index = 0; index < count; index += 1) {
        await closedLoop(stage.base, { count: 1, concurrency: 1, make: () => make(index), expect: 202 });
        await until(sandbox, after, (index + 1) * each);
      }
      await sleep(1_000);
      const { written } = await stage.counters("product");
      const total = Object.values(written).reduce((sum, number) => sum + number, 0);
      return { total, notices: count * each, written };
    };
    const one = await cost("to one person each", sizes.notices, [{ member: me }], 1);
    const all = await cost("to all at once", Math.ceil(sizes.notices / 6), [{ everyone: true }], stage.people);
    const figure = (name, { total, notices, written }, how) => ({
      name,
      unit: "rows",
      value: total / notices,
      target: { most: 5 },
      rounds: Object.fromEntries(Object.entries(written).map(([key, number]) => [key, number / notices])),
      how,
    });
    return [
      figure(
        "rows written per delivered notice, an event each",
        one,
        "cursor.rowsWritten of every statement, index entries included, and each alarm set and key-value write as one; one person, one channel, with an Idempotency-Key; event and all its steps.",
      ),
      figure(`rows written per delivered notice, events to ${stage.people} people`, all, "the same, the event's own rows shared."),
    ];
  } finally {
    await stage.stop();
  }
}
