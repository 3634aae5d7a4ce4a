-- What people had granted under an integration that is gone: their secrets leave the vault in slices.

CREATE TABLE grants_to_forget (
  due_at  INTEGER NOT NULL,
  member  TEXT NOT NULL,
  channel TEXT NOT NULL,
  -- The address as it was: it names the secret.
  value   TEXT NOT NULL,
  PRIMARY KEY (due_at, member, channel)
) STRICT, WITHOUT ROWID;
