import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";

import { takeCallback, workInbox } from "./callbacks";
import { submitEvent } from "./events";
import { answerOf, Refused, refuse } from "./refusal";

export interface Env {
  WORKSPACE: DurableObjectNamespace;
  VAULT: KVNamespace;
  VAULT_KEY: string;
}

/** All migrations of the product in one; put in when this is bundled. */
declare const SCHEMA: string;

/** When the dispatcher is looked after, if it has not begun by itself. */
export const PATIENCE = 60_000;

/** One workspace: a Durable Object with its own SQLite, as in the product. */
export class Workspace extends DurableObject<Env> {
  readonly sql = this.ctx.storage.sql;
  private alarmAt: number | null = null;
  private readonly app = new Hono();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    if (this.rows("SELECT 1 FROM sqlite_master WHERE name = 'workspace'").length === 0) this.sql.exec(SCHEMA);
    this.app.post("/api/v1/events", (c) => submitEvent(this, c.req.raw));
    this.app.post("/hooks/lineworks/:workspace/:integration", async (c) => {
      const written = await takeCallback(this, c.req.param("workspace"), c.req.param("integration"), c.req.raw);
      if (written) this.ctx.waitUntil(workInbox(this));
      return new Response(null, { status: 200 });
    });
    this.app.notFound(() => refuse(404, "not_found"));
    this.app.onError((error) => {
      if (error instanceof Refused) return answerOf(error);
      console.error(error);
      return answerOf(new Refused(500, [{ code: "internal" }]));
    });
  }

  get environment(): Env {
    return this.env;
  }

  override fetch(request: Request): Response | Promise<Response> {
    return this.app.fetch(request);
  }

  /** The dispatcher would begin here. */
  override async alarm(): Promise<void> {
    this.alarmAt = null;
    await workInbox(this);
  }

  rows<T = Record<string, SqlStorageValue>>(query: string, ...params: SqlStorageValue[]): T[] {
    return this.sql.exec(query, ...params).toArray() as T[];
  }

  atomically(body: () => void): void {
    this.ctx.storage.transactionSync(body);
  }

  /** Makes sure that the alarm rings at `at` or earlier. */
  async wakeBy(at: number): Promise<void> {
    if (this.alarmAt !== null && this.alarmAt <= at && this.alarmAt > Date.now()) return;
    this.alarmAt = at;
    await this.ctx.storage.setAlarm(at);
  }

}
