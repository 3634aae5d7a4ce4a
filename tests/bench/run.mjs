#!/usr/bin/env node
// The bench: figures that issue trackers may hold us to, from real workerd. `cargo xtask bench` builds the release
// Worker and pages and then runs this; words after `--` come here. Nothing is timed against the clock of a test:
// a figure that misses its target is printed as missed and the bench still ends well.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { claims } from "./measures/claims.mjs";
import { compare } from "./measures/compare.mjs";
import { fanOut } from "./measures/fan-out.mjs";
import { firstView } from "./measures/first-view.mjs";
import { flood } from "./measures/flood.mjs";
import { friends } from "./measures/friends.mjs";
import { history } from "./measures/history.mjs";
import { members } from "./measures/members.mjs";
import { drain, limit, rows } from "./measures/sending.mjs";
import { signature, sizes } from "./measures/still.mjs";
import { bundlePeer, ROOT, startSandbox, WORK } from "./stage.mjs";
import { table } from "./table.mjs";

const USAGE = `Usage: node tests/bench/run.mjs [--quick] [--only NAME,NAME] [--worker DIR] [--json FILE]

  --quick    small counts: does everything still run? The figures mean little.
  --only     some of: compare, fan-out, drain, limit, claims, first-view, friends, flood, history, members, rows,
             signature, sizes
  --worker   directory of index.js and index_bg.wasm (default: build)
  --json     where the figures go (default: target/bench.json)`;

const MEASURES = { compare, "fan-out": fanOut, drain, limit, claims, "first-view": firstView, friends, flood, history, members, rows, signature, sizes };

const FULL = {
  rounds: 5,
  perRound: 1_500,
  concurrency: 16,
  calmSeconds: 30,
  fanOuts: 7,
  drained: 2_400,
  limitMinutes: 2,
  pressSeconds: 30,
  friends: 5_000,
  flood: 10_000,
  floodSeconds: 120,
  old: 1_000_000,
  oldRounds: 5,
  oldPerRound: 600,
  notices: 60,
  imported: 10_000,
  searches: 210,
  views: 7,
  signatures: 200,
};
const QUICK = {
  ...FULL,
  rounds: 1,
  perRound: 60,
  calmSeconds: 2,
  fanOuts: 2,
  drained: 120,
  limitMinutes: 0,
  pressSeconds: 3,
  friends: 1_000,
  flood: 1_000,
  floodSeconds: 15,
  old: 20_000,
  oldRounds: 1,
  oldPerRound: 60,
  notices: 5,
  imported: 1_000,
  searches: 14,
  views: 1,
  signatures: 20,
};

const options = read(process.argv.slice(2));
const load = () => os.loadavg().map((number) => number.toFixed(1)).join(" ");
const begun = { at: new Date().toISOString(), load: load() };
fs.rmSync(WORK, { recursive: true, force: true });
fs.mkdirSync(WORK, { recursive: true });
execFileSync("cargo", ["build", "--locked", "-p", "sandbox"], { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
await bundlePeer();
const target = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target");
const sandbox = await startSandbox(path.join(target, "debug/sandbox"));
const figures = [];
try {
  for (const name of options.only) {
    const say = (what) => process.stderr.write(`  ${name}: ${what}\n`);
    await sandbox.control("DELETE", "faults");
    figures.push(...(await MEASURES[name]({ sandbox, worker: options.worker, sizes: options.sizes, say })));
  }
} finally {
  sandbox.stop();
}
const machine = {
  cpu: os.cpus()[0]?.model.trim(),
  cores: os.cpus().length,
  memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
  node: process.version,
  workerd: execFileSync(path.join(ROOT, "node_modules/.bin/workerd"), ["--version"]).toString().trim(),
  loadBefore: begun.load,
  loadAfter: load(),
};
const report = { begun: begun.at, ended: new Date().toISOString(), quick: options.quick, machine, figures: figures.map(judged) };
fs.mkdirSync(path.dirname(options.json), { recursive: true });
fs.writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(table(report));
process.stdout.write(`\nAll of it with the rounds: ${path.relative(process.cwd(), options.json)}\n`);
// Miniflare may leave a handle open.
process.exit(0);

/** Adds the ratio to the peer and whether the target was met. */
function judged(figure) {
  const ratio = figure.peer === undefined ? undefined : figure.value / figure.peer;
  const { most, least, ratioLeast } = figure.target ?? {};
  const met =
    figure.target === undefined
      ? undefined
      : (most === undefined || figure.value <= most) &&
        (least === undefined || figure.value >= least) &&
        (ratioLeast === undefined || ratio >= ratioLeast);
  return { ...figure, ratio, met };
}

function read(words) {
  const options = { quick: false, only: Object.keys(MEASURES), worker: path.join(ROOT, "build"), json: path.join(ROOT, "target/bench.json") };
  const queue = [...words];
  while (queue.length > 0) {
    const word = queue.shift();
    const value = () => queue.shift() ?? leave(`${word} needs a value`);
    if (word === "--") continue;
    else if (word === "--quick") options.quick = true;
    else if (word === "--only") options.only = value().split(",");
    else if (word === "--worker") options.worker = path.resolve(value());
    else if (word === "--json") options.json = path.resolve(value());
    else leave(word === "--help" || word === "-h" ? undefined : `unknown option: ${word}`);
  }
  const unknown = options.only.find((name) => !(name in MEASURES));
  if (unknown !== undefined) leave(`there is no measure ${unknown}`);
  if (!fs.existsSync(path.join(options.worker, "index_bg.wasm"))) leave(`no Worker in ${options.worker}: run \`cargo xtask build\``);
  return { ...options, sizes: options.quick ? QUICK : FULL };
}

function leave(why) {
  process.stderr.write(why === undefined ? `${USAGE}\n` : `${why}\n\n${USAGE}\n`);
  process.exit(why === undefined ? 0 : 2);
}
