-- Attendance by chat.

CREATE TABLE attendance_settings (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  settings TEXT NOT NULL
) STRICT;

-- Everything that was punched, in the order of its own time. The key makes a message that is worked on twice
-- one punch.
CREATE TABLE attendance_punches (
  member      TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  -- The day that it counts for, 2026-11-21; NULL while it is refused, which one that comes late can change.
  day         TEXT,
  -- Where it was said; NULL when a correction wrote it.
  channel     TEXT,
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (member, at, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE attendance_corrections (
  member       TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  day          TEXT NOT NULL,
  at           INTEGER NOT NULL,
  -- The member who corrected.
  actor        TEXT NOT NULL,
  reason       TEXT NOT NULL,
  -- JSON arrays of punches by their times of day.
  before       TEXT NOT NULL,
  after        TEXT NOT NULL,
  PRIMARY KEY (member, day, at)
) STRICT, WITHOUT ROWID;

-- A month without a row is open.
CREATE TABLE attendance_months (
  member     TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  -- 2026-11
  month      TEXT NOT NULL,
  state      TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  reason     TEXT NOT NULL,
  PRIMARY KEY (member, month)
) STRICT, WITHOUT ROWID;
