// The product, unchanged, in a frame that counts what its object writes: rows as the platform bills them
// (index entries included, each alarm set one, each key-value write one), by statement.
import "./frame-memory.mjs";
import { WorkerEntrypoint } from "cloudflare:workers";

import { Workspace as Product } from "./index.js";

export { default } from "./index.js";

let cursors = [];
let others = {};

function tap(storage) {
  const prototype = Object.getPrototypeOf(storage.sql);
  if (prototype.benchTapped) return;
  const { exec } = prototype;
  prototype.benchTapped = true;
  // Read later: a cursor knows its rows once its statement has run to the end.
  prototype.exec = function (query, ...params) {
    const cursor = exec.call(this, query, ...params);
    cursors.push([query, cursor]);
    return cursor;
  };
  const own = Object.getPrototypeOf(storage);
  for (const name of ["setAlarm", "put", "delete"]) {
    const original = own[name];
    own[name] = function (...params) {
      others[name] = (others[name] ?? 0) + 1;
      return original.apply(this, params);
    };
  }
}

export class Workspace extends Product {
  constructor(ctx, env) {
    tap(ctx.storage);
    super(ctx, env);
  }
}

export class Counters extends WorkerEntrypoint {
  fetch(request) {
    const written = { ...others };
    for (const [query, cursor] of cursors) {
      if (cursor.rowsWritten > 0) {
        const name = query.replace(/\s+/g, " ").slice(0, 60);
        written[name] = (written[name] ?? 0) + cursor.rowsWritten;
      }
    }
    if (request.method === "DELETE") {
      cursors = [];
      others = {};
    }
    return Response.json({ written, wasmMemory: globalThis.benchMemory?.buffer.byteLength ?? null });
  }
}
