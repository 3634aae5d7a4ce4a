-- How many deliveries of a finished day ended how, so that nobody counts them again.
CREATE TABLE day_counts (
  -- The least id that a delivery of the day can have, and of the next day: a change of the zone asks for other days.
  first  TEXT PRIMARY KEY,
  until  TEXT NOT NULL,
  -- JSON: [["email", "sent", 12], …]
  counts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
