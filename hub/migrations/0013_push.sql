-- Browsers in which people get notices by Web Push. The subscription itself is a person's secret and lies in the
-- vault under `secret`.

CREATE TABLE push_devices (
  -- SHA-256 of the endpoint: a browser that is handed to somebody else leaves the one who had it.
  id         TEXT PRIMARY KEY,
  member     TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  secret     TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX push_devices_member ON push_devices (member);
