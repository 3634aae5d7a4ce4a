// Accepting events and taking callbacks, beside the TypeScript peer: one workerd, the same data, the same load, in
// turns.
import { callback, dump, eventTo, load, people } from "../data.mjs";
import { ask, botSecret, runSql, setUp, startWorkers, token } from "../stage.mjs";
import { closedLoop, median, openLoop } from "../load.mjs";

const BOTH = ["product", "peer"];
const HOUR = 3_600_000;

export async function compare({ sandbox, worker, sizes, say }) {
  const base = { dir: "compare", sandbox, worker };
  let stage = await startWorkers({ ...base, workers: [{ name: "product", kind: "product" }] });
  const access = await setUp(stage.urls.product, sandbox);
  await stage.stop();
  await twin(base, access);

  stage = await startWorkers({ ...base, workers: BOTH.map((name) => ({ name, kind: name })) });
  try {
    await agree(stage, access);
    const secret = await botSecret(await stage.kv("product"), access);
    const figures = [];
    say("callbacks, closed loop");
    const hook = () => callback(secret, access, token());
    figures.push(...pair("callbacks", await inTurns(stage, sizes, { make: hook, expect: 200 })));
    say("callbacks at 50/s");
    const calm = {};
    for (const name of BOTH) {
      calm[name] = await openLoop(stage.urls[name], { rate: 50, seconds: sizes.calmSeconds, make: hook(), expect: 200 });
    }
    const { product, peer } = calm;
    figures.push(
      { name: "callback answer p50 at 50/s", unit: "ms", value: product.p50, peer: peer.p50 },
      { name: "callback answer p99 at 50/s", unit: "ms", value: product.p99, peer: peer.p99, target: { most: 100 } },
    );

    say("events for later, closed loop");
    const later = () => eventTo(access.key, token(), { at: Date.now() + HOUR });
    figures.push(...pair("events accepted, to be sent later", await inTurns(stage, sizes, { make: later, expect: 202 })));
    say("events for now, closed loop, providers that do not answer");
    await hang(sandbox);
    const now = () => eventTo(access.key, token());
    figures.push(...pair("events accepted, to be sent now", await inTurns(stage, sizes, { make: now, expect: 202 })));
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

/** Both must do the work: the same request gives the same decisions, and what is wrong is refused by both. */
async function agree(stage, access) {
  const run = token();
  const headers = { authorization: `Bearer ${access.key}` };
  const all = [{ everyone: true }];
  for (const [what, to] of [["one", undefined], ["everyone", all]]) {
    const event = eventTo(access.key, `${run}-${what}`, { to, at: Date.now() + HOUR })(3);
    const answers = [];
    for (const name of BOTH) {
      const body = JSON.parse(event.body);
      const first = await ask(stage.urls[name], "POST", event.path, { body, headers: event.headers, expect: [202] });
      const again = await ask(stage.urls[name], "POST", event.path, { body, headers: event.headers, expect: [202] });
      if (first.text !== again.text) throw new Error(`${name} does not repeat its answer`);
      await ask(stage.urls[name], "POST", event.path, { body: { ...body, title: "x" }, headers: event.headers, expect: [409] });
      answers.push(`${first.json.deliveries} ${first.json.skipped}`);
    }
    if (answers[0] !== answers[1]) throw new Error(`product and peer decide differently: ${answers.join(" | ")}`);
  }
  for (const name of BOTH) {
    const post = (body, expect, more = headers) => ask(stage.urls[name], "POST", "/api/v1/events", { body, headers: more, expect: [expect] });
    const good = { kind: "tasks.assigned", to: all, title: "t" };
    await post(good, 401, { authorization: `${headers.authorization}x` });
    await post({ ...good, nickname: 1 }, 422).catch(() => post({ ...good, nickname: 1 }, 400));
    await post({ ...good, body: "x".repeat(70_000) }, 413);
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
      const result = await closedLoop(stage.urls[name], { count, concurrency, make: make(), expect });
      if (round >= 0) results[name].push(result);
    }
  }
  return results;
}

function pair(name, { product, peer }) {
  const middle = (results, key) => median(results.map((result) => result[key]));
  const figure = (key) => ({ value: middle(product, key), peer: middle(peer, key) });
  return [
    { name, unit: "/s", ...figure("rate"), target: { ratioLeast: 1 }, rounds: { product: product.map(short), peer: peer.map(short) } },
    { name: `${name}: p50`, unit: "ms", ...figure("p50") },
    { name: `${name}: p99`, unit: "ms", ...figure("p99") },
  ];
}

function short({ rate, p50, p99 }) {
  return { rate, p50, p99 };
}
