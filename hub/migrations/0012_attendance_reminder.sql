-- How far the reminder of a day got that asks who has not clocked out.

CREATE TABLE attendance_reminder (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  -- 2026-11-21
  day     TEXT NOT NULL,
  -- The member up to whom all were asked; `~`, which sorts behind every id, when nobody is left.
  reached TEXT NOT NULL
) STRICT;
