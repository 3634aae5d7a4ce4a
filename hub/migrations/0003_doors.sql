-- Doors for old scripts, and the webhooks that tell other systems what happened.

CREATE TABLE doors (
  -- SHA-256 of the token.
  hash         TEXT PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  form         TEXT NOT NULL,
  hint         TEXT NOT NULL,
  -- Where it leads: one of the two. A room may be gone and come back; its doors are kept.
  member       TEXT REFERENCES members (id) ON DELETE CASCADE,
  room         TEXT,
  kind         TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  revoked_at   INTEGER,
  last_used_at INTEGER,
  -- Calls of the running hour, of which some brought an image.
  window_until INTEGER NOT NULL DEFAULT 0,
  calls        INTEGER NOT NULL DEFAULT 0,
  images       INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE webhooks (
  id          TEXT PRIMARY KEY,
  url         TEXT NOT NULL,
  -- JSON array of the types it asked for.
  events      TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  -- Since it answered 410.
  disabled_at INTEGER,
  last_ok_at  INTEGER,
  -- Nothing is sent to it before, because it could not keep up.
  pause_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- One message to one webhook.
CREATE TABLE webhook_messages (
  id         TEXT PRIMARY KEY,
  webhook    TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  type       TEXT NOT NULL,
  -- The very bytes of every try.
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state      TEXT NOT NULL,
  -- NULL once the state is final.
  due_at     INTEGER,
  tries      INTEGER NOT NULL DEFAULT 0,
  -- JSON array of the last attempts.
  attempts   TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_messages_due ON webhook_messages (due_at) WHERE due_at IS NOT NULL;
