// What needs no workerd: the time of one signature in Wasm, and sizes.
import { execFileSync } from "node:child_process";
import { createVerify, generateKeyPairSync } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { median } from "../load.mjs";
import { ROOT, WORK } from "../stage.mjs";

const WASM = "wasm32-unknown-unknown";

export async function signature({ sizes, say }) {
  say("building tests/bench/sign as the Worker is built");
  const cargo = ["build", "--locked", "--release", "-p", "bench-sign", "--lib", "--target", WASM];
  // worker-build sets it for the Worker; the same packages are then used.
  const env = { ...process.env, WASM_BINDGEN_USE_JS_SYS: "1" };
  execFileSync("cargo", cargo, { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
  const target = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target");
  const out = path.join(WORK, "sign");
  const input = path.join(target, WASM, "release/bench_sign.wasm");
  execFileSync(wasmBindgen(), ["--target", "nodejs", "--no-typescript", "--out-dir", out, input]);
  // ES modules are the default in this repository; what wasm-bindgen writes for node is not one.
  fs.writeFileSync(path.join(out, "package.json"), '{"type":"commonjs"}');
  const module = path.join(out, "bench_sign_bg.wasm");
  const opt = path.join(ROOT, "node_modules/.bin/wasm-opt");
  const features = ["mutable-globals", "sign-ext", "nontrapping-float-to-int", "bulk-memory", "multivalue", "reference-types", "exception-handling"];
  execFileSync(opt, ["-Oz", "--strip-debug", ...features.map((name) => `--enable-${name}`), module, "-o", module]);

  say("signing");
  const { sign } = createRequire(import.meta.url)(path.join(out, "bench_sign.js"));
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const [head, claims, mark] = sign(pem).split(".");
  if (!createVerify("sha256").update(`${head}.${claims}`).verify(publicKey, mark, "base64url")) {
    throw new Error("the signature is wrong");
  }
  for (let index = 0; index < 5; index += 1) sign(pem);
  const times = Array.from({ length: sizes.signatures }, () => {
    const before = process.cpuUsage();
    sign(pem);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return [
    {
      name: "CPU of one RS256 signature in Wasm",
      unit: "ms",
      value: median(times),
      target: { most: 10 },
      rounds: { times },
      how: "tests/bench/sign: the same package, profile and wasm-opt as the Worker, 2,048-bit key read from its PEM each time, as the hub does; CPU time in this node, as workerd's clock stands still while code runs.",
    },
  ];
}

export async function sizes({ worker }) {
  const parts = ["index.js", "index_bg.wasm"].map((name) => path.join(worker, name));
  const packed = (files, pack) => files.reduce((sum, file) => sum + pack(fs.readFileSync(file)).length, 0) / 1000;
  const figures = [
    {
      name: "Worker, gzip",
      unit: "kB",
      value: packed(parts, (bytes) => gzipSync(bytes, { level: 9 })),
      target: { most: 1_000 },
      how: "files packed one by one, as they are sent.",
    },
  ];
  for (const [html, name, most] of [["index.html", "self-service first view, brotli", 150], ["console.html", "console first view, brotli", 300]]) {
    const page = path.join(ROOT, "dist", html);
    if (fs.existsSync(page)) figures.push({ name, unit: "kB", value: packed(firstView(page), brotliCompressSync), target: { most } });
  }
  return figures;
}

/** The page and the files of `dist` that it names, and those that they name. */
function firstView(page) {
  const files = new Set([page]);
  for (const file of files) {
    if (!/\.(html|js|css)$/.test(file)) continue;
    for (const [name] of fs.readFileSync(file, "utf8").matchAll(/[\w./-]+\.(?:js|css|wasm|svg|woff2)\b/g)) {
      const found = path.join(ROOT, "dist", name.replace(/^(\.?\/)+/, ""));
      const beside = path.join(path.dirname(file), name);
      for (const one of [found, beside]) if (fs.existsSync(one) && fs.statSync(one).isFile()) files.add(one);
    }
  }
  return [...files];
}

/** `cargo xtask setup` keeps it outside the clone. */
function wasmBindgen() {
  if (process.env.WASM_BINDGEN_BIN) return process.env.WASM_BINDGEN_BIN;
  const lock = fs.readFileSync(path.join(ROOT, "Cargo.lock"), "utf8");
  const version = /name = "wasm-bindgen"\nversion = "(.+)"/.exec(lock)[1];
  const tools = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "todoke/tools");
  const set = fs.existsSync(tools) ? fs.readdirSync(tools).find((name) => name.startsWith(`wasm-bindgen-${version}_`)) : undefined;
  return set === undefined ? "wasm-bindgen" : path.join(tools, set, "bin/wasm-bindgen");
}
