-- Absences that business systems enter, the feeds that show them, and LINE WORKS calendars that get them.

CREATE TABLE absences (
  id         TEXT PRIMARY KEY,
  -- The business system's own id.
  ref        TEXT NOT NULL UNIQUE,
  member     TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  title      TEXT NOT NULL,
  note       TEXT NOT NULL,
  -- Whole days begin and end at midnight as if in UTC; `ends` is the first moment after.
  starts     INTEGER NOT NULL,
  ends       INTEGER NOT NULL,
  all_day    INTEGER NOT NULL,
  -- 1, and one more with each change.
  revision   INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX absences_member ON absences (member, starts);

CREATE TABLE calendar_feeds (
  member     TEXT PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
  -- SHA-256 of the token in the address.
  hash       TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The switch of an integration. No row is off.
CREATE TABLE calendar_syncs (
  integration TEXT PRIMARY KEY REFERENCES integrations (id) ON DELETE CASCADE,
  switched_on INTEGER NOT NULL,
  -- The provider is left alone until then.
  pause_until INTEGER NOT NULL DEFAULT 0,
  last_ok_at  INTEGER
) STRICT, WITHOUT ROWID;

-- What is, or is to be, in somebody's calendar. It outlives its absence until the event is taken away.
CREATE TABLE calendar_entries (
  absence     TEXT NOT NULL,
  -- Whose calendar: a LINE WORKS user ID or login ID.
  account     TEXT NOT NULL,
  member      TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  integration TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
  -- Its id in the calendar.
  event       TEXT NOT NULL,
  removing    INTEGER NOT NULL DEFAULT 0,
  -- Asked for at least once, so that it may be there whatever was answered.
  begun       INTEGER NOT NULL DEFAULT 0,
  -- NULL when nothing is to be done: it is there, or it was given up.
  due_at      INTEGER,
  tries       INTEGER NOT NULL DEFAULT 0,
  -- Why the last try came to nothing, and when; NULL when it did not.
  cause       TEXT,
  failed_at   INTEGER,
  PRIMARY KEY (absence, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX calendar_entries_due ON calendar_entries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX calendar_entries_troubled ON calendar_entries (integration) WHERE cause IS NOT NULL;
