-- Answers: actions, who took them, and what follows; and less to write for each delivery.

-- The same deliveries, with the event's id read from their own instead of stored beside it.
CREATE TABLE deliveries_2 (
  id          TEXT PRIMARY KEY,
  event       TEXT GENERATED ALWAYS AS ('ev_' || substr(id, 4, 26)) VIRTUAL,
  -- A member's or a room's id.
  target      TEXT NOT NULL,
  channel     TEXT NOT NULL,
  integration TEXT,
  kind        TEXT NOT NULL,
  urgency     INTEGER NOT NULL,
  decision    TEXT NOT NULL,
  reason      TEXT NOT NULL,
  state       TEXT NOT NULL,
  -- NULL once the state is final, and while a lease lasts that was made in the insert.
  due_at      INTEGER,
  -- While sending: when the try counts as lost.
  lease_until INTEGER,
  tries       INTEGER NOT NULL DEFAULT 0,
  -- How often it was sent again by hand: each time is a new message to the provider.
  resends     INTEGER NOT NULL DEFAULT 0,
  -- JSON array of attempts, NULL before the first.
  attempts    TEXT,
  cause       TEXT,
  done_at     INTEGER,
  -- The body as first sent, for providers whose idempotency key is bound to it.
  frozen      TEXT,
  -- The provider's reference of the sent message that this delivery changes, instead of sending a new one.
  edits       TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO deliveries_2 (id, target, channel, integration, kind, urgency, decision, reason, state, due_at, lease_until,
  tries, resends, attempts, cause, done_at, frozen)
SELECT id, target, channel, integration, kind, urgency, decision, reason, state, due_at, lease_until,
  tries, resends, attempts, cause, done_at, frozen FROM deliveries;
DROP TABLE deliveries;
ALTER TABLE deliveries_2 RENAME TO deliveries;
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_target ON deliveries (target, id);

-- What an event tells the outcome of, when it is itself such news.
ALTER TABLE events ADD COLUMN about TEXT;

-- The one winner of an event's actions.
CREATE TABLE claims (
  event   TEXT PRIMARY KEY,
  action  TEXT NOT NULL,
  label   TEXT NOT NULL,
  -- NULL for somebody the workspace does not know; `name` is what to call the person in any case.
  member  TEXT,
  name    TEXT NOT NULL,
  channel TEXT NOT NULL,
  at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The free answer that LINE allows for about a minute; no use to anybody afterwards.
ALTER TABLE inbox ADD COLUMN reply_token TEXT;

-- Deliveries that are leased in the very insert have no due time; those made since then are looked through
-- when the object starts.
ALTER TABLE workspace ADD COLUMN leased_since INTEGER DEFAULT 0;

-- LINE costs money: whether other channels go first, and how many messages of the month are kept for critical
-- notices.
ALTER TABLE workspace ADD COLUMN line_spare INTEGER DEFAULT 0;
ALTER TABLE workspace ADD COLUMN line_reserve INTEGER DEFAULT 0;

-- The number that the last secret was to have: a crash between the vault and the store must not give it twice.
ALTER TABLE integrations ADD COLUMN secret_reserved INTEGER;
