-- Work on many deliveries at once, and announcements written by hand.

CREATE TABLE bulk_jobs (
  id          TEXT PRIMARY KEY,
  -- `resend` or `cancel`.
  action      TEXT NOT NULL,
  -- What is chosen, as JSON, and the company that it stays within.
  chosen      TEXT NOT NULL,
  company     TEXT,
  actor       TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  -- Counted when it began.
  total       INTEGER NOT NULL,
  changed     INTEGER NOT NULL DEFAULT 0,
  -- Ids up to this one were looked at; those from `until` on came later.
  after       TEXT NOT NULL DEFAULT '',
  until       TEXT NOT NULL,
  state       TEXT NOT NULL,
  -- When the next slice is worked on; NULL once it ended.
  due_at      INTEGER,
  finished_at INTEGER
) STRICT, WITHOUT ROWID;

-- Its event says what was sent; here is what only an announcement has.
CREATE TABLE announcements (
  event      TEXT PRIMARY KEY,
  author     TEXT NOT NULL,
  -- The company whose admin wrote it.
  company    TEXT,
  -- Whom it was for, as it was asked: a JSON array.
  audience   TEXT NOT NULL,
  stopped_at INTEGER,
  -- How many were withdrawn then.
  stopped    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
