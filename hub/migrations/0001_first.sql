-- The workspace's own store. Conventions: ids and codes are text, times are milliseconds UTC, flags are 0 or 1.
-- Every index entry counts as a written row on the platform, so there are few of them.

CREATE TABLE workspace (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  id          TEXT NOT NULL,
  name        TEXT NOT NULL,
  language    TEXT NOT NULL,
  created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE companies (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  id              TEXT PRIMARY KEY,
  company         TEXT REFERENCES companies (id),
  name            TEXT NOT NULL,
  reading         TEXT NOT NULL,
  login_email     TEXT NOT NULL UNIQUE,
  department      TEXT NOT NULL,
  title           TEXT NOT NULL,
  employee_number TEXT NOT NULL,
  usable          INTEGER NOT NULL,
  role            TEXT NOT NULL,
  language        TEXT NOT NULL,
  version         INTEGER NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX members_company ON members (company);

-- Where a channel reaches a member, and the member's switch of the channel.
CREATE TABLE addresses (
  member      TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  channel     TEXT NOT NULL,
  value       TEXT NOT NULL,
  -- What a person knows it by, where the value itself is opaque: the LINE WORKS login behind a user ID.
  label       TEXT,
  state       TEXT NOT NULL,
  switched_on INTEGER NOT NULL,
  last_ok_at  INTEGER,
  PRIMARY KEY (member, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_value ON addresses (channel, value);

CREATE TABLE integrations (
  id             TEXT PRIMARY KEY,
  provider       TEXT NOT NULL,
  settings       TEXT NOT NULL,
  secret_version INTEGER NOT NULL,
  secret_set_at  INTEGER NOT NULL,
  state          TEXT NOT NULL,
  cause          TEXT,
  state_since    INTEGER NOT NULL,
  last_ok_at     INTEGER,
  created_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rooms (
  id          TEXT PRIMARY KEY,
  integration TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
  provider_id TEXT NOT NULL,
  name        TEXT NOT NULL,
  open        INTEGER NOT NULL,
  since       INTEGER NOT NULL,
  UNIQUE (integration, provider_id)
) STRICT, WITHOUT ROWID;

-- The workspace's own kinds (custom = 1) and what it changed about those of the catalogue (custom = 0).
CREATE TABLE kinds (
  code      TEXT PRIMARY KEY,
  custom    INTEGER NOT NULL,
  name_ja   TEXT NOT NULL,
  name_en   TEXT NOT NULL,
  urgency   INTEGER NOT NULL,
  mandatory INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A row is a switch that is off: everything starts on.
CREATE TABLE rules (
  kind    TEXT NOT NULL,
  channel TEXT NOT NULL,
  PRIMARY KEY (kind, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE preferences (
  member  TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  kind    TEXT NOT NULL,
  channel TEXT NOT NULL,
  PRIMARY KEY (member, kind, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  urgency     INTEGER NOT NULL,
  message     TEXT NOT NULL,
  thread      TEXT,
  created_at  INTEGER NOT NULL,
  deliver_at  INTEGER,
  cancelled   INTEGER NOT NULL DEFAULT 0,
  -- The API key or member that sent it, its Idempotency-Key and the hash of the body it came with.
  source      TEXT NOT NULL,
  idem_key    TEXT,
  body_hash   TEXT NOT NULL,
  -- The first answer, given again to a repeat.
  deliveries  INTEGER NOT NULL,
  skipped     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX events_idem_key ON events (source, idem_key) WHERE idem_key IS NOT NULL;

-- One row for each event x recipient x channel: the decision, and what became of it.
CREATE TABLE deliveries (
  id          TEXT PRIMARY KEY,
  event       TEXT NOT NULL,
  -- A member's or a room's id.
  target      TEXT NOT NULL,
  channel     TEXT NOT NULL,
  integration TEXT,
  kind        TEXT NOT NULL,
  urgency     INTEGER NOT NULL,
  decision    TEXT NOT NULL,
  reason      TEXT NOT NULL,
  state       TEXT NOT NULL,
  -- NULL once the state is final, so that the index below holds open work only.
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
  frozen      TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_target ON deliveries (target, id);

-- What came in from providers: kept for a while to recognise repeats.
CREATE TABLE inbox (
  -- Hash of the integration and the raw body.
  id          TEXT PRIMARY KEY,
  integration TEXT NOT NULL,
  inbound     TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  -- NULL once it was worked on.
  due_at      INTEGER,
  tries       INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_due ON inbox (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE sessions (
  -- SHA-256 of the token.
  hash       TEXT PRIMARY KEY,
  id         TEXT NOT NULL,
  member     TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  agent      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Six-digit codes by login address, whether or not somebody has it, so that both cost the same.
CREATE TABLE sign_in_codes (
  email      TEXT PRIMARY KEY,
  hash       TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  tries_left INTEGER NOT NULL,
  -- Times of the requests of the last hour, JSON array.
  asked      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_in_links (
  hash       TEXT PRIMARY KEY,
  member     TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
  hash       TEXT PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  hint       TEXT NOT NULL,
  scopes     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id     TEXT PRIMARY KEY,
  at     INTEGER NOT NULL,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT, WITHOUT ROWID;
