-- People in numbers: found quickly, brought in by a file, invited by mail.

-- What a search looks through, folded as `shared::search` says; NULL where it was not written yet.
ALTER TABLE members ADD COLUMN search TEXT;

-- A file of people: a draft until it is started, then worked in slices.
CREATE TABLE imports (
  id               TEXT PRIMARY KEY,
  -- The member who brought it: what that person may do decides what it may do.
  actor            TEXT NOT NULL,
  file             TEXT NOT NULL,
  -- JSON array: what each cell of a row is.
  columns          TEXT NOT NULL,
  create_companies INTEGER NOT NULL,
  -- `draft`, `running`, `done`, `stopped` or `failed`.
  state            TEXT NOT NULL,
  -- Rows of the file; of which are here; of which were worked on, and what became of them.
  total            INTEGER NOT NULL,
  received         INTEGER NOT NULL DEFAULT 0,
  done             INTEGER NOT NULL DEFAULT 0,
  created          INTEGER NOT NULL DEFAULT 0,
  changed          INTEGER NOT NULL DEFAULT 0,
  same             INTEGER NOT NULL DEFAULT 0,
  failed           INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  finished_at      INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE import_slices (
  import TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  -- The line of its first row.
  first  INTEGER NOT NULL,
  -- JSON array of rows, emptied once they were worked on; and how many there were.
  rows   TEXT NOT NULL,
  count  INTEGER NOT NULL,
  -- JSON array of what became of each, by line and id: no person's data. NULL before.
  result TEXT,
  PRIMARY KEY (import, first)
) STRICT, WITHOUT ROWID;

-- The last letter with a way in that each member was sent, or waits for.
CREATE TABLE invitations (
  member   TEXT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
  actor    TEXT NOT NULL,
  -- The same for all that were asked for at once.
  asked_at INTEGER NOT NULL,
  -- NULL once it was sent or given up.
  due_at   INTEGER,
  tries    INTEGER NOT NULL DEFAULT 0,
  sent_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_due ON invitations (due_at) WHERE due_at IS NOT NULL;
