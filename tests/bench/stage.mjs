// The stage: workerd with the Workers on sockets of their own (no proxy in front), started by Miniflare, and the
// sandbox beside it. State lies in a directory of its own below target/bench.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import readline from "node:readline";

import { build } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";

import { send } from "./load.mjs";

export const ROOT = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
export const WORK = path.join(ROOT, "target/bench");

/** What a browser would send as its origin; where pages are measured, they have their own. */
export const PUBLIC_URL = "http://127.0.0.1:8787";
const VAULT_KEY = createHash("sha256").update("bench").digest("base64");
const SETUP_TOKEN = "bench-setup-token";

const agent = new http.Agent({ keepAlive: false });

/** A request whose answer is JSON. */
export async function ask(base, method, target, { body, headers = {}, expect = [200, 201, 202, 204] } = {}) {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await send(agent, base, {
    method,
    path: target,
    headers: { ...json, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!expect.includes(answer.status)) throw new Error(`${method} ${target}: ${answer.status} ${answer.text}`);
  return { ...answer, json: answer.text === "" ? null : JSON.parse(answer.text) };
}

/** Starts the sandbox on free ports. */
export async function startSandbox(binary) {
  const child = spawn(binary, ["--http-port", "0", "--smtp-port", "0", "--state-dir", path.join(WORK, "sandbox")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
    readline.createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /^phones\s+(http:\/\/\S+)\/$/.exec(line);
      if (found) resolve(found[1]);
    });
  });
  const control = async (method, target, body) => (await ask(url, method, `/control/${target}`, { body })).json;
  return { url, control, stop: () => void child.kill("SIGINT") };
}

/** The peer, bundled as wrangler would, on the product's own schema and catalogue. */
export async function bundlePeer() {
  const migrations = path.join(ROOT, "hub/migrations");
  const schema = fs.readdirSync(migrations).sort().map((name) => fs.readFileSync(path.join(migrations, name), "utf8"));
  const source = fs.readFileSync(path.join(ROOT, "shared/src/kind.rs"), "utf8");
  const kinds = [...source.matchAll(/^ {4}kind\("([a-z_.]+)", (Critical|Normal|Low)/gm)];
  if (kinds.length < 40) throw new Error("the catalogue in shared/src/kind.rs was not read");
  const catalogue = Object.fromEntries(kinds.map(([, code, urgency]) => [code, ["Critical", "Normal", "Low"].indexOf(urgency)]));
  const common = { bundle: true, format: "esm", target: "es2022", logLevel: "error", minify: true };
  const here = path.join(ROOT, "tests/bench/peer");
  await build({
    ...common,
    entryPoints: [path.join(here, "index.ts")],
    outfile: path.join(WORK, "peer.js"),
    external: ["cloudflare:workers"],
    define: { SCHEMA: JSON.stringify(schema.join("\n")), CATALOGUE: JSON.stringify(catalogue) },
  });
  await build({ ...common, entryPoints: [path.join(here, "vault.ts")], outfile: path.join(WORK, "vault.mjs") });
}

/**
 * Starts workerd with `workers`, each `{name, kind}`: `product`, `measured` (the product in a frame that counts)
 * or `peer`; or `seed`, which runs SQL in the other's object.
 */
export async function startWorkers({ dir, sandbox, worker, workers, inspector = false, publicUrl = PUBLIC_URL }) {
  const all = workers.map(({ name, kind }) => ({
    name,
    compatibilityDate: compatibilityDate(),
    durableObjects: { WORKSPACE: { className: "Workspace", useSQLite: true } },
    kvNamespaces: { VAULT: `vault-${name}` },
    bindings: {
      VAULT_KEY,
      SETUP_TOKEN,
      PUBLIC_URL: publicUrl,
      CALLBACK_URL: "https://todoke.example",
      DEVELOPMENT: "1",
      LINEWORKS_AUTH_URL: `${sandbox.url}/lineworks/auth`,
      LINEWORKS_API_URL: `${sandbox.url}/lineworks/api/v1.0`,
      LINEWORKS_V1_AUTH_URL: `${sandbox.url}/lineworks/auth`,
      LINEWORKS_V1_API_URL: `${sandbox.url}/lineworks/v1`,
      LINE_API_URL: `${sandbox.url}/line/api`,
      LINE_ACCESS_URL: `${sandbox.url}/line/access`,
      LINE_FRIEND_URL: `${sandbox.url}/line/friend`,
      SLACK_API_URL: `${sandbox.url}/slack/api`,
      SLACK_AUTHORIZE_URL: `${sandbox.url}/slack/oauth/v2/authorize`,
      GOOGLE_CHAT_URL: `${sandbox.url}/google_chat/api`,
      GOOGLE_OAUTH_URL: `${sandbox.url}/google_chat/oauth`,
      GOOGLE_KEYS_URL: `${sandbox.url}/google_chat/certs`,
      RESEND_URL: `${sandbox.url}/resend`,
    },
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }, ...(kind === "measured" ? [{ host: "127.0.0.1", port: 0, entrypoint: "Counters" }] : [])],
    ...modules(kind, worker),
  }));
  const before = new Set(children());
  const miniflare = new Miniflare({
    log: new Log(LogLevel.ERROR),
    // What the Workers log would be in the middle of the table.
    handleRuntimeStdio: (out, err) => [out, err].forEach((stream) => stream.pipe(runtimeLog(), { end: false })),
    durableObjectsPersist: path.join(WORK, dir, "objects"),
    kvPersist: path.join(WORK, dir, "kv"),
    ...(inspector ? { inspectorPort: 0 } : {}),
    workers: all,
  });
  await miniflare.ready;
  const urls = {};
  for (const { name } of workers) urls[name] = String(await miniflare.unsafeGetDirectURL(name));
  return {
    urls,
    pid: children().find((pid) => !before.has(pid)),
    counters: async (name, method = "GET") => (await ask(String(await miniflare.unsafeGetDirectURL(name, "Counters")), method, "/")).json,
    kv: (name) => miniflare.getKVNamespace("VAULT", name),
    inspector: () => miniflare.getInspectorURL(),
    stop: () => miniflare.dispose(),
  };
}

/** Sets the product up as its first admin would, with LINE WORKS and mail; answers what a sender needs. */
export async function setUp(base, sandbox, { mail = true, origin = PUBLIC_URL } = {}) {
  const access = await firstAdmin(base, origin);
  const { client_id, client_secret, service_account, private_key, domain_id } = (await sandbox.control("GET", "credentials")).lineworks;
  const lineworks = await connect({ base, access }, "lineworks", {
    client_id,
    client_secret,
    service_account,
    private_key,
    domain_id: String(domain_id),
    bot_admin: "sato@minato",
    bot_subadmin: "suzuki@minato",
    bot_name: "Todoke通知",
  });
  if (mail) await connectSmtp({ base, access, sandbox });
  return { ...access, integration: lineworks.id };
}

/** An empty workspace, its first admin and an API key. */
export async function firstAdmin(base, origin = PUBLIC_URL) {
  const headers = { origin };
  const first = await ask(base, "POST", "/api/setup", {
    body: { token: SETUP_TOKEN, workspace: "みなと商事", name: "佐藤 花子", email: "sato@minato.example", language: "ja" },
    headers,
  });
  const cookie = first.headers["set-cookie"][0].split(";")[0];
  const admin = { ...headers, cookie };
  const body = { name: "bench", scopes: ["events:write", "events:read", "admin"] };
  const { key } = (await ask(base, "POST", "/api/keys", { body, headers: admin })).json;
  return { admin, key, workspace: cookie.split("=")[1].split(".")[0] };
}

/** Connects a service as the console's form does. */
export async function connect({ base, access }, provider, form) {
  return (await ask(base, "POST", "/api/integrations", { body: { provider, form }, headers: access.admin })).json;
}

export async function connectSmtp({ base, access, sandbox }) {
  const { host, port, user, password } = (await sandbox.control("GET", "credentials")).smtp;
  const from = { from_address: "todoke@minato.example", from_name: "Todoke" };
  return connect({ base, access }, "mail", { via: "smtp", ...from, host, port: String(port), security: "plain", user, password });
}

/** Runs SQL in a workspace's object while the real Worker is down. */
export async function runSql(stage, name, workspace, statements) {
  return (await ask(stage.urls[name], "POST", "/", { body: { workspace, statements } })).json;
}

/** The secret with which the sandbox signs callbacks, out of the vault. */
export async function botSecret(kv, { workspace, integration }) {
  const { open } = await import(path.join(WORK, "vault.mjs"));
  const place = `secret/${workspace}/${integration}/1`;
  return JSON.parse(await open(VAULT_KEY, workspace, place, await kv.get(place, "arrayBuffer"))).bot_secret;
}

export function token() {
  return randomBytes(12).toString("hex");
}

function modules(kind, worker) {
  const file = (name) => fs.readFileSync(path.join(ROOT, "tests/bench", name), "utf8");
  const script = (name, contents) => ({ type: "ESModule", path: path.join(worker, name), contents });
  if (kind === "seed") return { modules: [script("seed.mjs", file("seed.mjs"))], modulesRoot: worker };
  if (kind === "peer") return { modules: [script("peer.js", fs.readFileSync(path.join(WORK, "peer.js"), "utf8"))], modulesRoot: worker };
  const product = [
    script("index.js", fs.readFileSync(path.join(worker, "index.js"), "utf8")),
    { type: "CompiledWasm", path: path.join(worker, "index_bg.wasm"), contents: fs.readFileSync(path.join(worker, "index_bg.wasm")) },
  ];
  const frame = [script("frame.mjs", file("frame.mjs")), script("frame-memory.mjs", file("frame-memory.mjs"))];
  return { modules: kind === "measured" ? [...frame, ...product] : product, modulesRoot: worker };
}

function runtimeLog() {
  return fs.createWriteStream(path.join(WORK, "workerd.log"), { flags: "a" });
}

export function compatibilityDate() {
  return /^compatibility_date = "(.+)"$/m.exec(fs.readFileSync(path.join(ROOT, "wrangler.toml"), "utf8"))[1];
}

/** Only Linux tells; elsewhere memory is not measured. */
export function children() {
  if (process.platform !== "linux") return [];
  return fs.readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}
