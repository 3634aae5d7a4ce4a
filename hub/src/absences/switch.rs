//! The switch 「カレンダー」 of a LINE WORKS integration: off until an admin turns it on, and turned on only when the
//! connection may write calendars. API 1.0 has none here.

use std::rc::Rc;

use shared::{
    api::integrations::{CalendarChanged, CalendarSync, Provider},
    check::{CheckStep, all_passed},
    error::Code,
    time::MINUTE,
};

use super::calendars::{ACCOUNTS_ANEW, ALL_ENTERED, HANDED_OVER};
use crate::{clients::Client, hub::Hub, refusal::Refusal, sessions::Caller, store};

impl Hub {
    /// `PUT /api/integrations/{id}/calendar`: on when every step passed, with the absences that are not over; off
    /// leaves what is in the calendars to another one that is on, or will be. Errors: `not_found`, also for a provider
    /// without calendars.
    pub(crate) async fn switch_calendar(
        self: &Rc<Self>,
        caller: &Caller,
        id: &str,
        on: bool,
    ) -> Result<CalendarChanged, Refusal> {
        let Some(Client::Lineworks(bot)) = self.client(id).await? else { return Err(Code::NotFound.into()) };
        let steps = if on { bot.calendars.check_calendar().await } else { Vec::new() };
        if on && !all_passed(&steps) {
            return Ok(CalendarChanged { steps, calendar: self.calendar_sync(id)? });
        }
        self.arm(self.now() + MINUTE).await?;
        // It may have been deleted while the provider was asked.
        self.integration_row(id)?.ok_or(Code::NotFound)?;
        let now = self.now();
        self.ports.sql.atomically(&mut || {
            let changed = self.ports.sql.exec(
                "INSERT INTO calendar_syncs (integration, switched_on) SELECT ?1, ?2 WHERE ?2 = 1 \
                 OR EXISTS (SELECT 1 FROM calendar_syncs WHERE integration = ?1) \
                 ON CONFLICT (integration) DO UPDATE SET switched_on = excluded.switched_on, pause_until = 0 \
                 WHERE switched_on <> excluded.switched_on",
                &[id.into(), on.into()],
            )?;
            if changed == 0 {
                return Ok(());
            }
            self.ports.sql.run(HANDED_OVER, &[now.into()])?;
            if on {
                self.ports.sql.run(ALL_ENTERED, &[now.into(), now.into()])?;
            }
            let action = if on { "integration.calendar_on" } else { "integration.calendar_off" };
            self.audit(caller, action, id, "")
        })?;
        self.errand_waits();
        Ok(CalendarChanged { steps, calendar: self.calendar_sync(id)? })
    }

    /// `POST /api/integrations/{id}/calendar/retry`: what was given up is tried again, with people's IDs as they are
    /// now. Errors: `not_found`, `not_connected` while it is off.
    pub(crate) async fn retry_calendar(
        self: &Rc<Self>,
        caller: &Caller,
        id: &str,
    ) -> Result<CalendarSync, Refusal> {
        self.integration_row(id)?.ok_or(Code::NotFound)?;
        if !self.calendar_sync(id)?.on {
            return Err(Code::NotConnected.into());
        }
        self.arm(self.now() + MINUTE).await?;
        self.ports.sql.atomically(&mut || {
            let sql = &self.ports.sql;
            sql.run(ACCOUNTS_ANEW, &[id.into()])?;
            let again = sql.exec(
                "UPDATE calendar_entries SET due_at = ?2, tries = 0 \
                 WHERE integration = ?1 AND cause IS NOT NULL AND due_at IS NULL",
                &[id.into(), self.now().into()],
            )?;
            sql.run("UPDATE calendar_syncs SET pause_until = 0 WHERE integration = ?1", &[id.into()])?;
            self.audit(caller, "integration.calendar_retried", id, &again.to_string())
        })?;
        self.errand_waits();
        self.calendar_sync(id)
    }

    /// How it stands.
    pub(crate) fn calendar_sync(&self, id: &str) -> Result<CalendarSync, Refusal> {
        Ok(store::row(&*self.ports.sql, STATE, &[id.into()])?.unwrap_or_default())
    }

    /// The steps of 「接続を確認」 that come with the switch.
    pub(crate) async fn check_calendar_of(
        &self,
        id: &str,
        client: &Client,
    ) -> Result<Vec<CheckStep>, Refusal> {
        match client {
            Client::Lineworks(bot) if self.calendar_sync(id)?.on => Ok(bot.calendars.check_calendar().await),
            _ => Ok(Vec::new()),
        }
    }

    /// `None` for a provider without calendars.
    pub(crate) fn calendar_shown(
        &self,
        provider: Provider,
        id: &str,
    ) -> Result<Option<CalendarSync>, Refusal> {
        if provider == Provider::Lineworks { self.calendar_sync(id).map(Some) } else { Ok(None) }
    }
}

const STATE: &str = "SELECT json_object('on', json(CASE s.switched_on WHEN 1 THEN 'true' ELSE 'false' END), \
     'last_ok_at', s.last_ok_at, \
     'waiting', (SELECT count(*) FROM calendar_entries WHERE integration = ?1 AND due_at IS NOT NULL), \
     'failed', (SELECT count(*) FROM calendar_entries WHERE integration = ?1 AND cause IS NOT NULL AND due_at IS NULL), \
     'cause', json((SELECT cause FROM calendar_entries WHERE integration = ?1 AND cause IS NOT NULL \
     ORDER BY failed_at DESC LIMIT 1))) FROM calendar_syncs s WHERE s.integration = ?1";
