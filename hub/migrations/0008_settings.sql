-- What an admin settles for the whole workspace, and webhooks whose secret can be replaced.

-- One of `shared::zone::ZONES`.
ALTER TABLE workspace ADD COLUMN zone TEXT NOT NULL DEFAULT 'Asia/Tokyo';
-- Finished notices are forgotten after so many days; 0 keeps them for ever.
ALTER TABLE workspace ADD COLUMN retention_days INTEGER NOT NULL DEFAULT 365;
-- Nobody asked a workspace that was there before.
UPDATE workspace SET retention_days = 0;
-- When the last slice of them went.
ALTER TABLE workspace ADD COLUMN forgot_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workspace ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- Since when it is being deleted: nobody gets in any more.
ALTER TABLE workspace ADD COLUMN ended_at INTEGER;

-- The number of the secret; the one that the last was to have; and the one before, which still signs for a while.
ALTER TABLE webhooks ADD COLUMN secret_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE webhooks ADD COLUMN secret_reserved INTEGER;
ALTER TABLE webhooks ADD COLUMN secret_before INTEGER;
ALTER TABLE webhooks ADD COLUMN before_until INTEGER;
-- What was given up is counted and replayed together.
CREATE INDEX webhook_messages_failed ON webhook_messages (webhook) WHERE state = 'failed';
