// One event to everybody: 10,000 people on two channels, until the answer, which comes after the write.
import fs from "node:fs";

import WebSocket from "ws";

import { eventTo, MEMBERS, people } from "../data.mjs";
import { closedLoop, median } from "../load.mjs";
import { runSql, setUp, startWorkers, token } from "../stage.mjs";
import { hang } from "./compare.mjs";

const HOUR = 3_600_000;

export async function fanOut({ sandbox, worker, sizes, say }) {
  const base = { dir: "fan-out", sandbox, worker };
  const measured = [{ name: "product", kind: "measured" }];
  let stage = await startWorkers({ ...base, workers: measured });
  const access = await setUp(stage.urls.product, sandbox);
  await stage.stop();
  const seeds = await startWorkers({ ...base, workers: [{ name: "product", kind: "seed" }] });
  await runSql(seeds, "product", access.workspace, people());
  await seeds.stop();

  stage = await startWorkers({ ...base, workers: measured, inspector: true });
  try {
    const once = async (options) => {
      const make = eventTo(access.key, token(), { to: [{ everyone: true }], ...options });
      return (await closedLoop(stage.urls.product, { count: 1, concurrency: 1, make, expect: 202 })).times[0];
    };
    // One small event first: the object is awake, as it is in a workspace that is in use.
    await once({ to: undefined, at: Date.now() + HOUR });
    const before = { rss: memory(stage.pid, "VmRSS"), heap: await heap(stage), wasm: await wasm(stage) };
    resetPeak(stage.pid);
    say("the first");
    const first = await once({ at: Date.now() + HOUR });
    say("more, for later");
    const later = [];
    for (let index = 0; index < sizes.fanOuts; index += 1) later.push(await once({ at: Date.now() + HOUR }));
    const peak = { rss: memory(stage.pid, "VmHWM"), heap: await heap(stage), wasm: await wasm(stage) };
    say("for now, providers that do not answer");
    await hang(sandbox);
    const now = [await once({})];
    const mib = 2 ** 20;
    const decisions = `${MEMBERS.toLocaleString("en")} x 2`;
    return [
      {
        name: `fan-out ${decisions}, median`,
        unit: "ms",
        value: median(later),
        target: { most: 300 },
        rounds: { later, now },
        how: "one POST to everyone until 202; all rows are written in one transaction before the answer. Sent later, so that sending does not compete.",
      },
      { name: `fan-out ${decisions}, the first after the object woke`, unit: "ms", value: first, target: { most: 300 } },
      { name: `fan-out ${decisions}, to be sent now`, unit: "ms", value: median(now), target: { most: 300 } },
      {
        name: "memory of the isolate after it (Wasm + JavaScript heap)",
        unit: "MiB",
        value: (peak.wasm + peak.heap) / mib,
        target: { most: 128 },
        rounds: { before, peak },
        how: "size of the Wasm memory, which never shrinks and so is its own peak, plus the heap in use that V8's inspector reports after the fan-outs.",
      },
      {
        name: "growth of workerd's peak resident memory over them",
        unit: "MiB",
        value: (peak.rss - before.rss) / mib,
        how: "VmHWM of the whole process after less VmRSS before (Linux); SQLite's page cache and workerd's own buffers are in it.",
      },
    ];
  } finally {
    await stage.stop();
    await sandbox.control("DELETE", "faults");
  }
}

/** Bytes of the Wasm memory, which never shrinks. */
export async function wasm(stage) {
  return (await stage.counters("product")).wasmMemory;
}

/** Bytes of the JavaScript heap in use, by the inspector. */
export async function heap(stage) {
  const socket = new WebSocket(new URL("/core:user:product", await stage.inspector()));
  try {
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    const answer = new Promise((resolve) => {
      socket.on("message", (text) => {
        const message = JSON.parse(text);
        if (message.id === 1) resolve(message.result);
      });
    });
    socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }));
    return (await answer).usedSize;
  } finally {
    socket.close();
  }
}

function memory(pid, name) {
  if (pid === undefined) return Number.NaN;
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
}

function resetPeak(pid) {
  if (pid !== undefined) fs.writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
