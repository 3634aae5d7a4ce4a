-- Rules that differ by company, rooms of companies, and what members may set themselves.

-- What the pages draw a workspace's own kind with; and whether it is out of use.
ALTER TABLE kinds ADD COLUMN icon TEXT NOT NULL DEFAULT '';
ALTER TABLE kinds ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;

-- A row is a switch of the grid where the company differs from the workspace.
CREATE TABLE company_rules (
  company    TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
  kind       TEXT NOT NULL,
  channel    TEXT NOT NULL,
  allowed    INTEGER NOT NULL,
  PRIMARY KEY (company, kind, channel)
) STRICT, WITHOUT ROWID;

-- The room into which the notices of a company's people go once more.
CREATE TABLE company_rooms (
  company    TEXT PRIMARY KEY REFERENCES companies (id) ON DELETE CASCADE,
  room       TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  -- JSON array of the kinds that go there.
  kinds      TEXT NOT NULL,
  version    INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whether members may set notices of an app themselves, where an admin decided it.
CREATE TABLE app_permissions (
  app         TEXT PRIMARY KEY,
  members_set INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
