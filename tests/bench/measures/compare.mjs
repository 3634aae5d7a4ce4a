// Accepting events and taking callbacks, beside the TypeScript peer: one workerd, the same data, the same load, in
// turns.
import { callback, dump, eventTo, load, people } from "../data.mjs";
import { ask, botSecret, runSql, setUp, startWorkers, token } from "../stage.mjs";
import { closedLoop, median, openLoop } from "../load.mjs";

const BOTH = ["product", "peer"];
const HOUR = 3_600_000;

const HOW = {
  callbacks:
    "both Workers in one workerd on sockets of their own, the same data and bytes, rounds in turns, medians over the rounds. A message in a room: signature, repeat, inbox row, 200; both then work the letter off, which needs no provider.",
  calm: "open loop at 50/s, each answer timed from when its request was due.",
  later:
    "the same stage; one person on two channels, Idempotency-Key, deliver_at in an hour: the accept path alone, which is all that the peer has.",
  now: "sent at once while providers take connections and never answer: Todoke's dispatcher runs and holds six sends; the peer has no dispatcher and writes the same rows.",
};

export async function compare({ sandbox, worker, sizes, say }) {
  const base = { dir: "compare", sandbox, worker };
  let stage = await startWorkers({ ...base, workers: [{ name: "product", kind: "product" }] });
  const access = await setUp(stage.urls.product, sandbox);
  await stage.stop();
  await twin(base, access);

  stage = await startWorkers({ ...base, workers: BOTH.map((name) => ({ name, kind: name })) });
  try {
    await agree(stage, access, undefined);
    await refuse(stage, access);
    const secret = await botSecret(await stage.kv("product"), access);
    const figures = [];
    say("callbacks, closed loop");
    const hook = () => callback(secret, access, token());
    figures.push(...pair("callbacks", await inTurns(stage, sizes, { make: hook, expect: 200 }), HOW.callbacks));
    say("callbacks at 50/s");
    const calm = {};
    for (const name of BOTH) {
      calm[name] = await openLoop(stage.urls[name], { rate: 50, seconds: sizes.calmSeconds, make: hook(), expect: 200 });
    }
    const { product, peer } = calm;
    figures.push(
      { name: "callback answer p50 at 50/s", unit: "ms", value: product.p50, peer: peer.p50, how: HOW.calm },
      { name: "callback answer p99 at 50/s", unit: "ms", value: product.p99, peer: peer.p99, target: { most: 100 } },
    );

    say("events for later, closed loop");
    const later = () => eventTo(access.key, token(), { at: Date.now() + HOUR });
    figures.push(...pair("events accepted, to be sent later", await inTurns(stage, sizes, { make: later, expect: 202 }), HOW.later));
    say("events for now, closed loop, providers that do not answer");
    await hang(sandbox);
    const now = () => eventTo(access.key, token());
    figures.push(...pair("events accepted, to be sent now", await inTurns(stage, sizes, { make: now, expect: 202 }), HOW.now));
    await sandbox.control("DELETE", "faults");
    say("callbacks with a large fan-out waiting");
    await agree(stage, access, [{ everyone: true }]);
    const busy = await inTurns(stage, { ...sizes, rounds: 1, perRound: Math.ceil(sizes.perRound / 10) }, { make: hook, expect: 200 });
    figures.push({ ...pair("callbacks while tens of thousands of deliveries wait", busy)[0], target: undefined });
    say("fan-out");
    const everyone = () => eventTo(access.key, token(), { to: [{ everyone: true }], at: Date.now() + HOUR });
    const single = { rounds: Math.min(3, sizes.fanOuts), perRound: 1, concurrency: 1 };
    const large = pair("fan-out 10,000 x 2", await inTurns(stage, single, { make: everyone, expect: 202 }));
    figures.push({ ...large[2], name: "fan-out 10,000 x 2 beside the peer" });
    return figures;
  } finally {
    await stage.stop();
    await sandbox.control("DELETE", "faults");
  }
}

/** Providers take nothing and never answer, so that six sends hang and nothing else is sent. */
export async function hang(sandbox) {
  const silent = { kind: "timeout_before", when: "always" };
  await sandbox.control("POST", "faults", { provider: "line_works", operation: "send_user", ...silent });
  await sandbox.control("POST", "faults", { provider: "smtp", ...silent });
}

/** Fills the product's store with people and gives the peer the same rows and the same sealed secret. */
async function twin(base, access) {
  const seeds = await startWorkers({ ...base, workers: BOTH.map((name) => ({ name, kind: "seed" })) });
  await runSql(seeds, "product", access.workspace, people());
  const tables = await runSql(seeds, "product", access.workspace, dump);
  const [from, to] = [await seeds.kv("product"), await seeds.kv("peer")];
  for (const { name } of (await from.list()).keys) await to.put(name, await from.get(name, "arrayBuffer"));
  await seeds.stop();
  // The peer makes its schema when it is first asked.
  const peer = await startWorkers({ ...base, workers: [{ name: "peer", kind: "peer" }] });
  await ask(peer.urls.peer, "POST", `/hooks/lineworks/${access.workspace}/none`, { expect: [404] });
  await peer.stop();
  const again = await startWorkers({ ...base, workers: BOTH.map((name) => ({ name, kind: "seed" })) });
  await runSql(again, "peer", access.workspace, load(tables));
  await again.stop();
}

/** Both must do the work: the same request gives the same decisions, and the same answer again. */
async function agree(stage, access, to) {
  const event = eventTo(access.key, token(), { to, at: Date.now() + HOUR })(3);
  const decided = [];
  for (const name of BOTH) {
    const body = JSON.parse(event.body);
    const post = (body, status) => ask(stage.urls[name], "POST", event.path, { body, headers: event.headers, expect: [status] });
    const first = await post(body, 202);
    if (first.text !== (await post(body, 202)).text) throw new Error(`${name} does not repeat its answer`);
    await post({ ...body, title: "x" }, 409);
    decided.push(`${first.json.deliveries} delivered, ${first.json.skipped} skipped`);
  }
  if (decided[0] !== decided[1]) throw new Error(`product and peer decide differently: ${decided.join(" | ")}`);
}

/** And both refuse what is wrong. */
async function refuse(stage, access) {
  for (const name of BOTH) {
    const post = (body, expect, key = access.key) =>
      ask(stage.urls[name], "POST", "/api/v1/events", { body, headers: { authorization: `Bearer ${key}` }, expect });
    const good = { kind: "tasks.assigned", to: [{ everyone: true }], title: "t" };
    await post(good, [401], `${access.key}x`);
    await post({ ...good, nickname: 1 }, [400, 422]);
    await post({ ...good, to: [{ member: 7 }] }, [400, 422]);
    await post({ ...good, kind: "no.such" }, [400, 404, 422]);
    await post({ ...good, body: "x".repeat(70_000) }, [413]);
    const path = `/hooks/lineworks/${access.workspace}/${access.integration}`;
    await ask(stage.urls[name], "POST", path, { body: {}, headers: { "x-works-signature": "AAAA" }, expect: [401] });
  }
}

/** One warm-up, then rounds in turns; the order changes with each, so that neither always comes second. */
async function inTurns(stage, { rounds, perRound, concurrency }, { make, expect }) {
  const results = { product: [], peer: [] };
  for (let round = -1; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? BOTH : [...BOTH].reverse()) {
      const count = round < 0 ? Math.ceil(perRound / 4) : perRound;
      const result = await closedLoop(stage.urls[name], { count, concurrency, make: make(), expect, pid: stage.pid });
      if (round >= 0) results[name].push(result);
    }
  }
  return results;
}

function pair(name, { product, peer }, how) {
  const middle = (results, key) => median(results.map((result) => result[key]));
  const figure = (key) => ({ value: middle(product, key), peer: middle(peer, key) });
  return [
    { name, unit: "/s", ...figure("rate"), target: { ratioLeast: 1 }, rounds: { product: product.map(short), peer: peer.map(short) }, how },
    { name: `${name}: CPU of workerd a request`, unit: "ms", ...figure("cpu") },
    { name: `${name}: p50`, unit: "ms", ...figure("p50") },
    { name: `${name}: p99`, unit: "ms", ...figure("p99") },
  ];
}

function short({ rate, cpu, p50, p99 }) {
  return { rate, cpu, p50, p99 };
}
