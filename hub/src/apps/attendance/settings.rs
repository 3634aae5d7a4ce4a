//! What the admin decides: keywords, trigger words, where it listens.

use std::rc::Rc;

use serde_json::{Map, Value};
use shared::{
    api::attendance::{AttendanceSettings, Tried, TryRequest},
    attendance::Reading,
    error::{Code, Error},
    lang::Lang,
};

use super::answers;
use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

impl Hub {
    /// The workspace's settings; fresh ones, which are off, before anybody saved any.
    pub(crate) fn attendance_settings(&self) -> Result<Rc<AttendanceSettings>, Refusal> {
        if let Some(known) = self.cache.attendance.borrow().clone() {
            return Ok(known);
        }
        let stored = store::row(&*self.ports.sql, "SELECT settings FROM attendance_settings", &[])?;
        let settings: Rc<AttendanceSettings> = Rc::new(stored.unwrap_or_default());
        self.cache.attendance.replace(Some(Rc::clone(&settings)));
        Ok(settings)
    }

    /// Saves settings. Errors: those of the form, `not_connected` for an integration that is not there,
    /// `changed_meanwhile` when they were made over older ones.
    pub(crate) fn change_attendance_settings(
        &self,
        caller: &Caller,
        mut settings: AttendanceSettings,
    ) -> Result<AttendanceSettings, Refusal> {
        caller.admin_member()?;
        settings.clean();
        let mut problems = settings.problems();
        for (index, id) in settings.integrations.iter().enumerate() {
            if self.integration_row(id.as_str())?.is_none() {
                problems.push(Error::field(Code::NotConnected, format!("integrations[{index}]")));
            }
        }
        Refusal::unless_empty(problems)?;
        let current = self.attendance_settings()?;
        if settings.version != current.version {
            return Err(Code::ChangedMeanwhile.into());
        }
        let changed = changed_fields(&current, &settings)?;
        if !changed.is_empty() {
            settings.version += 1;
            let text = serde_json::to_string(&settings)?;
            self.ports.sql.atomically(&mut || {
                self.ports.sql.exec(
                    "INSERT INTO attendance_settings (one, settings) VALUES (1, ?1) \
                     ON CONFLICT (one) DO UPDATE SET settings = excluded.settings",
                    &[text.as_str().into()],
                )?;
                if settings.reminder() != current.reminder() {
                    self.reminder_changed(&settings)?;
                }
                self.audit(caller, "attendance.settings_changed", "attendance", &changed)
            })?;
            self.cache.attendance.replace(Some(Rc::new(settings.clone())));
            // The dispatcher learns when to ring.
            self.errand_waits();
        }
        Ok(settings)
    }

    /// What a message would do, saved or not.
    pub(crate) fn try_attendance(
        &self,
        caller: &Caller,
        request: TryRequest,
        lang: Lang,
    ) -> Result<Tried, Refusal> {
        caller.admin_member()?;
        let settings = match request.settings {
            Some(mut settings) => {
                settings.clean();
                Refusal::unless_empty(settings.problems())?;
                settings
            }
            None => (*self.attendance_settings()?).clone(),
        };
        let reading = settings.keywords().read(&request.text);
        Ok(Tried {
            punch: if let Reading::Punch(kind) = reading { Some(kind) } else { None },
            needs_trigger: matches!(reading, Reading::NeedsTrigger(_)),
            explanation: answers::explain(&settings, reading, lang),
        })
    }
}

/// Names of what differs, for the audit.
fn changed_fields(before: &AttendanceSettings, after: &AttendanceSettings) -> Result<String, Refusal> {
    let fields = |settings: &AttendanceSettings| -> Result<Map<String, Value>, Refusal> {
        Ok(serde_json::from_value(serde_json::to_value(settings)?)?)
    };
    let (before, after) = (fields(before)?, fields(after)?);
    // The version is that of the old ones still.
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    Ok(changed.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "))
}
