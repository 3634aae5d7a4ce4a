//! Events in members' default calendars (lineworks.md §5), with a token of their own: an app that may not write
//! calendars still sends messages.

use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};
use shared::{
    check::{CheckName, CheckStep},
    time::{MINUTE, Millis},
    zone::Zone,
};

use super::{
    client::{Client, id_text},
    outcome::{About, CallError},
};
use crate::providers::encode::percent;

/// The scope that writes calendars, and reads them.
pub(super) const SCOPE: &str = "calendar";

/// One event as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEvent<'a> {
    /// Ours, 1 to 255 characters: what makes a repeat the same event.
    pub id: &'a str,
    /// At most 200 characters.
    pub title: &'a str,
    /// At most 5,000 characters.
    pub note: &'a str,
    /// Whole days as if they began at midnight UTC.
    pub starts: Millis,
    /// The first moment that is not in it.
    pub ends: Millis,
    pub all_day: bool,
    /// How often it was changed.
    pub sequence: i64,
    pub zone: Zone,
}

impl Client {
    /// Both steps of [`CheckName::LINEWORKS_CALENDAR`]: a new token with the scope, and one look into the calendar of
    /// the bot's administrator. Of a client that is [`Client::for_calendars`].
    pub async fn check_calendar(&self) -> Vec<CheckStep> {
        let [granted, reachable] = CheckName::LINEWORKS_CALENDAR;
        let token = match self.assertion().await {
            Ok(assertion) => self.renew(&assertion).await,
            Err(error) => Err(error),
        };
        if let Err(error) = token {
            return vec![CheckStep::failed(granted, error.cause), CheckStep::skipped(reachable)];
        }
        let path = format!("/users/{}/calendar", percent(&self.settings.bot_admin));
        let reached = match self.call(About::Calendar, "GET", &path, None).await {
            Ok(_) => CheckStep::passed(reachable, None),
            Err(error) => CheckStep::failed(reachable, error.cause()),
        };
        vec![CheckStep::passed(granted, None), reached]
    }

    /// Puts the event into the default calendar of `account`, a user ID or a login ID; answers its id there. One that
    /// `may_be_there` is replaced if it is: what a create with a used id does is not documented, a replacement twice
    /// is one.
    pub async fn save_event(
        &self,
        account: &str,
        event: &CalendarEvent<'_>,
        may_be_there: bool,
    ) -> Result<String, CallError> {
        let body = body(event);
        if may_be_there && self.replace_event(account, event.id, &body).await? {
            return Ok(event.id.to_owned());
        }
        let path = format!("/users/{}/calendar/events", percent(account));
        match self.call(About::Calendar, "POST", &path, Some(&body)).await {
            // The provider may give an id of its own.
            Ok(answer) => Ok(given_id(&answer.body).unwrap_or_else(|| event.id.to_owned())),
            Err(error) if error.is_taken() && self.replace_event(account, event.id, &body).await? => {
                Ok(event.id.to_owned())
            }
            Err(error) => Err(error),
        }
    }

    /// Takes the event away; one that is not there is gone already.
    pub async fn delete_event(&self, account: &str, id: &str) -> Result<(), CallError> {
        let path = format!("{}?sendNotification=false", event_path(account, id));
        match self.call(About::Calendar, "DELETE", &path, None).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_missing() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// False when there is no such event.
    async fn replace_event(&self, account: &str, id: &str, body: &Value) -> Result<bool, CallError> {
        match self.call(About::Calendar, "PUT", &event_path(account, id), Some(body)).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn event_path(account: &str, id: &str) -> String {
    format!("/users/{}/calendar/events/{}", percent(account), percent(id))
}

/// Every field that matters, since a replacement resets what is left out. `sendNotification` is true unless said
/// otherwise.
fn body(event: &CalendarEvent<'_>) -> Value {
    let mut component = json!({
        "eventId": event.id,
        "summary": event.title,
        "start": moment(event, event.starts),
        "end": moment(event, event.ends),
        "transparency": "OPAQUE",
        "visibility": "PUBLIC",
        "sequence": event.sequence,
    });
    if !event.note.is_empty()
        && let Some(fields) = component.as_object_mut()
    {
        fields.insert("description".to_owned(), event.note.into());
    }
    json!({"eventComponents": [component], "sendNotification": false})
}

/// Days have no zone, and the last one is followed by the end as in iCalendar, whose component this is; the facts
/// leave that open. Times are local, without an offset.
fn moment(event: &CalendarEvent<'_>, at: Millis) -> Value {
    let at = DateTime::from_timestamp_millis(at).unwrap_or(DateTime::UNIX_EPOCH);
    if event.all_day {
        return json!({"date": at.format("%Y-%m-%d").to_string()});
    }
    let east = i64::from(event.zone.minutes()) * MINUTE / 1_000;
    let local = i32::try_from(east).ok().and_then(FixedOffset::east_opt).map(|zone| at.with_timezone(&zone));
    let text = local.map_or_else(|| at.naive_utc(), |local| local.naive_local());
    json!({"dateTime": text.format("%Y-%m-%dT%H:%M:%S").to_string(), "timeZone": event.zone.code})
}

fn given_id(body: &Value) -> Option<String> {
    body.get("eventComponents")?.get(0)?.get("eventId").and_then(id_text).filter(|id| id.len() <= 255)
}
