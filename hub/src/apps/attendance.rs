//! Attendance by chat: a keyword punches, a month is submitted. The rules are in [`shared::attendance`].

mod answers;
mod months;
mod people;
mod punching;
mod reminding;
mod settings;
mod sheets;
mod undoing;

use std::rc::Rc;

use async_trait::async_trait;
use axum::Router;
use shared::{api::attendance::AttendanceSettings, attendance::Reading, message::Message, time::Millis};

use super::{App, Said};
use crate::{http, hub::Hub, inbox::how_to_link, refusal::Refusal};

pub(crate) use sheets::CsvFilter;

pub(crate) struct Attendance;

#[async_trait(?Send)]
impl App for Attendance {
    fn name(&self) -> &'static str {
        "attendance"
    }

    fn routes(&self) -> Router<http::App> {
        http::attendance::routes()
    }

    fn hears_rooms(&self, hub: &Hub, integration: &str) -> Result<bool, Refusal> {
        let settings = hub.attendance_settings()?;
        Ok(settings.rooms && listens(&settings, integration))
    }

    /// 1. Does it listen here? 2. Is it a keyword? 3. Is it somebody we know? 4. Punch, and say what came of it.
    async fn on_message(&self, hub: &Rc<Hub>, said: &Said<'_>) -> Result<Option<Message>, Refusal> {
        let settings = hub.attendance_settings()?;
        if !listens(&settings, said.integration) || (said.in_room && !settings.rooms) {
            return Ok(None);
        }
        let kind = match settings.keywords().read(said.text) {
            Reading::Punch(kind) => kind,
            // People in a room talk with each other; one who talks to us alone meant us.
            Reading::NeedsTrigger(kind) if !said.in_room && said.person.is_some() => {
                return Ok(Some(answers::needs_trigger(&settings, kind, said.lang)));
            }
            Reading::NeedsTrigger(_) | Reading::Nothing => return Ok(None),
        };
        let Some(person) = said.person else {
            return Ok(Some(how_to_link(said.channel, said.lang, &hub.config.public_url)));
        };
        let punched = hub.punch(&person.id, kind, said.at, said.channel)?;
        let name = said.in_room.then_some(person.name.as_str());
        Ok(Some(answers::punched(&punched, name, &settings, said.lang)))
    }

    async fn on_action(&self, hub: &Rc<Hub>, said: &Said<'_>) -> Result<Option<Message>, Refusal> {
        if !listens(&*hub.attendance_settings()?, said.integration) {
            return Ok(None);
        }
        undoing::press(hub, said)
    }

    fn next_timer(&self, hub: &Hub) -> Result<Option<Millis>, Refusal> {
        hub.next_reminder()
    }

    async fn on_timer(&self, hub: &Rc<Hub>) -> Result<(), Refusal> {
        hub.remind().await
    }
}

/// On, and for this integration; none named means all.
fn listens(settings: &AttendanceSettings, integration: &str) -> bool {
    let named = &settings.integrations;
    settings.on && (named.is_empty() || named.iter().any(|id| id.as_str() == integration))
}
