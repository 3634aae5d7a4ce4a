//! Whether an integration works: learned from every send, told to open pages, written only when it changes.

use shared::{
    api::{integrations::IntegrationState, live::LiveMessage},
    delivery::{Cause, CauseCode, Outcome},
    time::{MINUTE, Millis},
};

use crate::{attempt::Job, hub::Hub, ports::Audience, refusal::Refusal};

impl Hub {
    /// Notices that an integration stopped or works again; written only when that changes.
    pub(crate) fn judge_integration(&self, job: &Job, outcome: &Outcome, now: Millis) -> Result<(), Refusal> {
        let Some(id) = &job.integration else { return Ok(()) };
        let Some(row) = self.integration_row(id)? else { return Ok(()) };
        match outcome {
            Outcome::Accepted { .. } => {
                // The page shows it to the minute; a row for each message would be half of all writes.
                if row.state == IntegrationState::Broken
                    || row.last_ok_at.is_none_or(|at| at < now - 5 * MINUTE)
                {
                    self.ports.sql.exec(
                        "UPDATE integrations SET last_ok_at = ?2 WHERE id = ?1",
                        &[id.as_str().into(), now.into()],
                    )?;
                    self.cache.integrations_changed();
                    self.set_state(id, IntegrationState::Ready, None)?;
                }
                Ok(())
            }
            Outcome::Retry { cause, .. }
                if matches!(
                    cause.code,
                    CauseCode::Credentials
                        | CauseCode::PermissionMissing
                        | CauseCode::BotMissing
                        | CauseCode::SenderRefused
                ) =>
            {
                self.set_state(id, IntegrationState::Broken, Some(cause))
            }
            Outcome::Retry { .. } | Outcome::Rejected { .. } | Outcome::Uncertain { .. } => Ok(()),
        }
    }

    /// The provider took the connection away at `at`; news older than the present secret is stale.
    pub(crate) fn integration_lost(&self, id: &str, cause: &Cause, at: Millis) -> Result<(), Refusal> {
        match self.integration_row(id)? {
            Some(row) if row.secret_set_at <= at => self.set_state(id, IntegrationState::Broken, Some(cause)),
            _ => Ok(()),
        }
    }

    pub(super) fn set_state(
        &self,
        id: &str,
        state: IntegrationState,
        cause: Option<&Cause>,
    ) -> Result<(), Refusal> {
        let word = match state {
            IntegrationState::Ready => "ready",
            IntegrationState::Broken => "broken",
        };
        let cause = cause.map(serde_json::to_string).transpose()?;
        let changed = self.ports.sql.exec(
            "UPDATE integrations SET state = ?2, cause = ?3, state_since = ?4 WHERE id = ?1 AND state <> ?2",
            &[id.into(), word.into(), cause.into(), self.now().into()],
        )?;
        if changed > 0 {
            self.cache.integrations_changed();
        }
        if changed > 0 && self.ports.live.anyone() {
            let text = serde_json::to_string(&LiveMessage::Integration(Box::new(self.shown_by_id(id)?)))?;
            self.ports.live.publish(Audience::Admins, &text);
        }
        Ok(())
    }
}
