// Stands in for a Worker while it is down: the same object, the same SQLite, and SQL from outside. Only the bench
// runs this.
import { DurableObject } from "cloudflare:workers";

export class Workspace extends DurableObject {
  run(statements) {
    return statements.map(([query, ...params]) => this.ctx.storage.sql.exec(query, ...params).toArray());
  }

  // One that was set by the real Worker would ring here.
  async alarm() {}
}

export default {
  async fetch(request, { WORKSPACE }) {
    const { workspace, statements } = await request.json();
    return Response.json(await WORKSPACE.get(WORKSPACE.idFromName(workspace)).run(statements));
  },
};
