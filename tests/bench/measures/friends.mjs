// One event to everybody in a company whose people use LINE: how many calls that takes.
import { eventTo, friends as seeded } from "../data.mjs";
import { closedLoop } from "../load.mjs";
import { connectLine, poll } from "../messengers.mjs";
import { runSql, setUp, startWorkers, token } from "../stage.mjs";
import { last } from "./sending.mjs";

const PER_CALL = 500;

export async function friends({ sandbox, worker, sizes, say }) {
  const base = { dir: "friends", sandbox, worker };
  const product = [{ name: "product", kind: "product" }];
  let stage = await startWorkers({ ...base, workers: product });
  const access = await setUp(stage.urls.product, sandbox, { mail: false });
  const channel = await connectLine({ base: stage.urls.product, access, sandbox });
  await stage.stop();
  const { users } = await sandbox.control("POST", "line/crowd", { channel, count: sizes.friends });
  const seeds = await startWorkers({ ...base, workers: [{ name: "product", kind: "seed" }] });
  await runSql(seeds, "product", access.workspace, seeded(users));
  await seeds.stop();

  stage = await startWorkers({ ...base, workers: product });
  try {
    const number = sizes.friends.toLocaleString("en");
    say(`one event to ${number} friends`);
    const used = async () => (await sandbox.control("GET", "state")).line.accounts.find((one) => one.channelId === channel).used;
    const [after, before] = [await last(sandbox), await used()];
    const make = eventTo(access.key, token(), { to: [{ everyone: true }] });
    const began = Date.now();
    const accepted = await closedLoop(stage.urls.product, { count: 1, concurrency: 1, make, expect: 202 });
    await poll(async () => (await used()) - before >= sizes.friends);
    const { entries } = await sandbox.control("GET", `log?after=${after}`);
    const calls = entries.filter((entry) => entry.face === "line" && ["multicast", "push"].includes(entry.operation));
    return [
      {
        name: `calls for one event to ${number} LINE friends`,
        unit: "",
        value: calls.length,
        target: { most: Math.ceil(sizes.friends / PER_CALL) },
        how: "pushes and multicasts in the sandbox's log until the account's count of the month says that all were reached.",
      },
      {
        name: `from posting it to the last call`,
        unit: "ms",
        value: calls.at(-1).at - began,
        rounds: { accepted: accepted.times[0], calls: calls.map((entry) => entry.at - began) },
      },
    ];
  } finally {
    await stage.stop();
  }
}
