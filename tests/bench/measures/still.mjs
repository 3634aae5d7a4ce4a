// What needs no product: the time of one signature, and sizes.
import { createVerify, generateKeyPairSync } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { Miniflare } from "miniflare";

import { cpuOf, median } from "../load.mjs";
import { children, compatibilityDate, ROOT } from "../stage.mjs";

/** The very function that ships, out of the Worker's source. */
const SIGNER = path.join(ROOT, "edge-worker/src/signer.rs");

export async function signature({ sizes, say }) {
  const source = /inline_js = r#"\n([\s\S]*?)"#/.exec(fs.readFileSync(SIGNER, "utf8"))?.[1];
  if (source === undefined) throw new Error("edge-worker/src/signer.rs was not read");
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs8", format: "der" });
  const script = `${source}
    export default {
      async fetch(request) {
        const [count, key] = [Number(new URL(request.url).searchParams.get("count")), new Uint8Array(await request.arrayBuffer())];
        let mark;
        for (let index = 0; index < count; index += 1) mark = await sign_rs256(key, new TextEncoder().encode("todoke"));
        return new Response(mark);
      },
    };`;
  const before = new Set(children());
  const miniflare = new Miniflare({ modules: true, script, compatibilityDate: compatibilityDate() });
  try {
    await miniflare.ready;
    const pid = children().find((pid) => !before.has(pid));
    const sign = async (count) => Buffer.from(await (await miniflare.dispatchFetch(`http://sign/?count=${count}`, { method: "POST", body: key })).arrayBuffer());
    if (!createVerify("sha256").update("todoke").verify(publicKey, await sign(5))) throw new Error("the signature is wrong");
    say("signing");
    const times = [];
    for (let round = 0; round < 5; round += 1) {
      const cpu = cpuOf(pid);
      await sign(sizes.signatures);
      times.push((cpuOf(pid) - cpu) / sizes.signatures);
    }
    return [
      {
        name: "CPU of one RS256 signature",
        unit: "ms",
        value: median(times),
        target: { most: 10 },
        rounds: { times },
        how: "WebCrypto in workerd by the function of edge-worker/src/signer.rs, 2,048-bit key imported each time, as the hub does; CPU time of the whole process over many signatures, as workerd's own clock stands still while code runs.",
      },
    ];
  } finally {
    await miniflare.dispose();
  }
}

/** The HTML of each program, its name, and how many kB it may take. */
const PAGES = [
  ["index.html", "self-service first view, brotli", 150],
  ["console.html", "console first view, brotli", 300],
  ["console/people.html", "console's people and rules, first view, brotli", 300],
  ["console/apps.html", "console's apps, first view, brotli", 300],
  ["console/settings.html", "console's settings, first view, brotli", 300],
];

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
  for (const [html, name, most] of PAGES) {
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
