// Whether accepting costs more in a workspace with a long history: two workspaces in one workerd, one with a
// million old deliveries, in turns.
import { eventTo, history as past, people } from "../data.mjs";
import { closedLoop, median } from "../load.mjs";
import { runSql, setUp, startWorkers, token } from "../stage.mjs";

const HOUR = 3_600_000;
const BOTH = ["young", "old"];

export async function history({ sandbox, worker, sizes, say }) {
  const base = { dir: "history", sandbox, worker };
  const as = (kind) => BOTH.map((name) => ({ name, kind }));
  let stage = await startWorkers({ ...base, workers: as("product") });
  const access = {};
  for (const name of BOTH) access[name] = await setUp(stage.urls[name], sandbox);
  await stage.stop();
  say(`${sizes.old.toLocaleString("en")} old deliveries`);
  const seeds = await startWorkers({ ...base, workers: as("seed") });
  for (const name of BOTH) await runSql(seeds, name, access[name].workspace, people());
  for (const statements of past(sizes.old, access.old.integration)) {
    await runSql(seeds, "old", access.old.workspace, statements);
  }
  const [[{ count }]] = await runSql(seeds, "old", access.old.workspace, [["SELECT count(*) AS count FROM deliveries"]]);
  if (count !== sizes.old) throw new Error(`${count} old deliveries instead of ${sizes.old}`);
  await seeds.stop();

  stage = await startWorkers({ ...base, workers: as("product") });
  try {
    say("accepting");
    const p99 = { young: [], old: [] };
    const rate = { young: [], old: [] };
    for (let round = -1; round < sizes.oldRounds; round += 1) {
      for (const name of round % 2 === 0 ? BOTH : [...BOTH].reverse()) {
        const make = eventTo(access[name].key, token(), { at: Date.now() + HOUR });
        const result = await closedLoop(stage.urls[name], { count: sizes.oldPerRound, concurrency: 4, make, expect: 202 });
        if (round < 0) continue;
        p99[name].push(result.p99);
        rate[name].push(result.rate);
      }
    }
    const number = sizes.old.toLocaleString("en");
    return [
      { name: "accept p99 with an empty history", unit: "ms", value: median(p99.young), rounds: { p99, rate } },
      { name: `accept p99 with ${number} old deliveries`, unit: "ms", value: median(p99.old) },
      {
        name: `accept p99, ${number} old / empty`,
        unit: "x",
        value: median(p99.old) / median(p99.young),
        target: { most: 1.5 },
        how: "two workspaces in one workerd in turns, four at a time; the medians of the rounds' p99. The old rows are written by SQL into the same SQLite file.",
      },
    ];
  } finally {
    await stage.stop();
  }
}
