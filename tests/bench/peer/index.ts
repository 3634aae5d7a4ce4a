// The yardstick: what a careful team would write in plain TypeScript for the two busiest paths of Todoke,
// accepting an event and taking a callback, on the same schema and with the same promises. It sends nothing:
// the dispatcher is left out, which is in its favour.
import { Hono } from "hono";

import { refusal } from "./refusal";
import type { Env } from "./workspace";

export { Workspace } from "./workspace";

const MAX_EVENT_BYTES = 64 * 1024;
const MAX_HOOK_BYTES = 1024 * 1024;

/** Workspaces that this isolate has seen in the directory; one that exists goes on existing. */
const known = new Set<string>();

async function exists(env: Env, workspace: string | undefined): Promise<boolean> {
  if (workspace === undefined) return false;
  if (known.has(workspace)) return true;
  if ((await env.VAULT.get(`directory/${workspace}`)) === null) return false;
  known.add(workspace);
  return true;
}

/** `Bearer tdk_{26 characters of the workspace's id}_{secret}`. */
function workspaceOfKey(authorization: string | undefined): string | undefined {
  const found = /^bearer +tdk_([0-9a-hjkmnp-tv-z]{26})_./i.exec(authorization ?? "");
  return found === null ? undefined : `ws_${found[1]}`;
}

const app = new Hono<{ Bindings: Env }>();

app.post("/api/v1/events", async (c) => {
  const workspace = workspaceOfKey(c.req.header("authorization"));
  if (!(await exists(c.env, workspace))) return refusal(401, "bad_key");
  if (Number(c.req.header("content-length") ?? 0) > MAX_EVENT_BYTES) return refusal(413, "too_large");
  return c.env.WORKSPACE.get(c.env.WORKSPACE.idFromName(workspace!)).fetch(c.req.raw);
});

app.post("/hooks/:provider/:workspace/:integration", async (c) => {
  const workspace = c.req.param("workspace");
  if (!/^ws_[0-9a-hjkmnp-tv-z]{26}$/.test(workspace) || !(await exists(c.env, workspace))) {
    return refusal(404, "not_found");
  }
  if (Number(c.req.header("content-length") ?? 0) > MAX_HOOK_BYTES) return refusal(413, "too_large");
  return c.env.WORKSPACE.get(c.env.WORKSPACE.idFromName(workspace)).fetch(c.req.raw);
});

app.notFound(() => refusal(404, "not_found"));

export default app;
