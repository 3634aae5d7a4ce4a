// Stands in for the Worker while it is down, and makes a workspace's store an old one: the schema of before, with
// today's rows as far as it had a place for them.
import { DurableObject } from "cloudflare:workers";

export class Workspace extends DurableObject {
  /** Answers how many rows each table has. */
  turnBack(schema) {
    const rows = (query) => this.ctx.storage.sql.exec(query).toArray();
    // Later tables refer to earlier ones.
    const tables = rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY rowid").map(({ name }) => name);
    const kept = new Map(tables.map((name) => [name, rows(`SELECT * FROM ${name}`)]));
    for (const name of [...tables].reverse()) rows(`DROP TABLE ${name}`);
    rows(schema);
    rows("CREATE TABLE schema_versions (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT");
    kept.set("schema_versions", [{ version: 1, applied_at: 0 }]);
    const counts = {};
    for (const [name, old] of kept) {
      const columns = rows(`PRAGMA table_info(${name})`).map((column) => column.name);
      if (columns.length === 0) continue;
      const insert = `INSERT INTO ${name} (${columns.join()}) VALUES (${columns.map(() => "?").join()})`;
      for (const row of old) this.ctx.storage.sql.exec(insert, ...columns.map((column) => row[column]));
      counts[name] = old.length;
    }
    return counts;
  }

  // One that the Worker set would ring here.
  async alarm() {}
}

export default {
  async fetch(request, { WORKSPACE }) {
    if (request.method === "GET") return new Response("ok");
    const { workspace, schema } = await request.json();
    return Response.json(await WORKSPACE.get(WORKSPACE.idFromName(workspace)).turnBack(schema));
  },
};
