// What stands in front of the Worker on the platform: the files of `dist` and the answers in JSON compressed, everything else
// handed on as it is.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { pipeline } from "node:stream";
import zlib from "node:zlib";

import { ROOT } from "./stage.mjs";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", wasm: "application/wasm", svg: "image/svg+xml", json: "application/json", webmanifest: "application/manifest+json", png: "image/png" };
/** Which file shows a page: as `edge-worker/src/route.rs` has it. */
const PROGRAMS = { members: "console/people.html", rules: "console/people.html", apps: "console/apps.html", integrations: "console/settings.html", settings: "console/settings.html" };

/** Listens on a free port; `to` is set once the Worker is there. */
export async function front() {
  const files = compressed();
  const agent = new http.Agent({ keepAlive: true });
  const own = { to: "" };
  const server = http.createServer((request, answer) => {
    const { pathname } = new URL(request.url, "http://front");
    if (/^\/(api|hooks|auth)\//.test(pathname)) return handOn(own.to, agent, request, answer);
    const file = files.get(pathname.slice(1)) ?? files.get(page(pathname));
    const kept = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate";
    answer.writeHead(200, { "content-type": file.type, "content-encoding": "br", "cache-control": kept, ...file.headers });
    answer.end(file.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  own.url = `http://127.0.0.1:${server.address().port}`;
  own.stop = () => void (server.closeAllConnections(), server.close(), agent.destroy());
  return own;
}

function page(pathname) {
  const [, face, area] = pathname.split("/");
  return face === "console" ? (PROGRAMS[area] ?? "console.html") : "index.html";
}

/** Every file of `dist`, with the headers that every answer has there. */
function compressed() {
  const dist = path.join(ROOT, "dist");
  const section = fs.readFileSync(path.join(dist, "_headers"), "utf8").split("\n").slice(1).filter((line) => line.startsWith("  "));
  const headers = Object.fromEntries(section.slice(0, 5).map((line) => line.trim().split(/: (.*)/).slice(0, 2)));
  const names = fs.readdirSync(dist, { recursive: true }).filter((name) => fs.statSync(path.join(dist, name)).isFile());
  return new Map(
    names.map((name) => {
      const body = zlib.brotliCompressSync(fs.readFileSync(path.join(dist, name)));
      return [name, { body, type: TYPES[name.split(".").at(-1)] ?? "text/plain", headers }];
    }),
  );
}

function handOn(to, agent, request, answer) {
  const { hostname, port } = new URL(to);
  const there = http.request({ agent, hostname, port, path: request.url, method: request.method, headers: request.headers }, (back) => {
    // What breaks off breaks off here too.
    if (!/json/.test(back.headers["content-type"])) return void (answer.writeHead(back.statusCode, back.headers), pipeline(back, answer, () => {}));
    const { "content-length": _plain, ...headers } = back.headers;
    answer.writeHead(back.statusCode, { ...headers, "content-encoding": "br" });
    pipeline(back, zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }), answer, () => {});
  });
  there.on("error", () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  request.pipe(there);
}
