-- Quiet time, when notices that are not critical wait; and what people have read.

-- A `shared::quiet::Schedule`; NULL for none. Rooms wait too where the workspace says so.
ALTER TABLE workspace ADD COLUMN quiet TEXT;
ALTER TABLE workspace ADD COLUMN quiet_rooms INTEGER NOT NULL DEFAULT 0;
-- NULL follows the workspace, '-' is no quiet time, anything else a schedule of one's own.
ALTER TABLE members ADD COLUMN quiet TEXT;

-- The different schedules that members have: few, and read with every notice instead of everybody's.
CREATE TABLE quiet_schedules (
  code TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Days that the company works or does not, whatever the week and the law say.
CREATE TABLE company_days (
  -- 2026-12-29
  day  TEXT PRIMARY KEY,
  off  INTEGER NOT NULL,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every event up to this one is read, and those below.
ALTER TABLE members ADD COLUMN read_until TEXT NOT NULL DEFAULT '';
UPDATE members SET read_until = coalesce((SELECT max(id) FROM events), '');
CREATE TABLE notice_reads (
  member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  event  TEXT NOT NULL,
  PRIMARY KEY (member, event)
) STRICT, WITHOUT ROWID;
