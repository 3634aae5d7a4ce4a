//! Apps: what has kinds, commands and pages of its own. The core asks all of them alike; this list is the only
//! place where it knows one by name.
//!
//! An app's kinds are those of the catalogue whose code begins with its name.

mod attendance;

pub(crate) use attendance::CsvFilter;

use std::rc::Rc;

use async_trait::async_trait;
use axum::Router;
use shared::{channel::Channel, lang::Lang, message::Message, time::Millis};

use crate::{dispatch::earlier, http, hub::Hub, inbox::Person, refusal::Refusal};

/// Asked in this order; the first that answers has the word.
const APPS: &[&dyn App] = &[&attendance::Attendance];

/// One app. It has no state of its own: whatever matters is in the store.
#[async_trait(?Send)]
pub(crate) trait App: Sync {
    /// What its kinds begin with, and what stands behind buttons under its answers.
    fn name(&self) -> &'static str;

    /// Its part of the HTTP surface.
    fn routes(&self) -> Router<http::App>;

    /// Whether it wants to hear what people say in rooms of an integration: most of that is meant for each other,
    /// and to work on every line of it costs.
    fn hears_rooms(&self, hub: &Hub, integration: &str) -> Result<bool, Refusal>;

    /// Somebody wrote something: what is to be said into the same talk, `None` when it is not for this app. A
    /// message whose answer could not be sent comes again: to work on it twice must be to work on it once.
    async fn on_message(&self, hub: &Rc<Hub>, said: &Said<'_>) -> Result<Option<Message>, Refusal>;

    /// Somebody pressed a button under one of its answers, whose id is `said.text`: what is to be said into the
    /// same talk. A press, too, may come twice, late, or from somebody else in the room.
    async fn on_action(&self, hub: &Rc<Hub>, said: &Said<'_>) -> Result<Option<Message>, Refusal>;

    /// When its timer is to ring next, which may have passed; `None` while it waits for nothing. Asked often, so it
    /// must cost next to nothing.
    fn next_timer(&self, hub: &Hub) -> Result<Option<Millis>, Refusal>;

    /// Its timer rings; late, if the object was away, and again until [`Self::next_timer`] is later. A slice of the
    /// work is enough for one ring.
    async fn on_timer(&self, hub: &Rc<Hub>) -> Result<(), Refusal>;
}

/// What an app says, and who says it: the buttons under it come back to that app.
pub(crate) struct Answer {
    pub(crate) app: &'static str,
    pub(crate) message: Message,
}

/// A text, as an app hears it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<'a> {
    /// `None` for somebody whom the workspace does not know on this channel.
    pub(crate) person: Option<&'a Person>,
    pub(crate) channel: Channel,
    pub(crate) integration: &'a str,
    /// Others hear it too.
    pub(crate) in_room: bool,
    /// The words, or the id of the pressed button.
    pub(crate) text: &'a str,
    /// When it was said, by the provider's clock.
    pub(crate) at: Millis,
    /// In which the answer is read.
    pub(crate) lang: Lang,
}

/// The routes of all apps.
pub(crate) fn routes() -> Router<http::App> {
    APPS.iter().fold(Router::new(), |router, app| router.merge(app.routes()))
}

impl Hub {
    /// When the next timer of any app is to ring.
    pub(crate) fn next_app_timer(&self) -> Result<Option<Millis>, Refusal> {
        APPS.iter().try_fold(None, |first, app| Ok(earlier(first, app.next_timer(self)?)))
    }

    /// Rings the timers that are due.
    pub(crate) async fn ring_app_timers(self: &Rc<Self>) -> Result<(), Refusal> {
        for app in APPS {
            if app.next_timer(self)?.is_some_and(|at| at <= self.now()) {
                app.on_timer(self).await?;
            }
        }
        Ok(())
    }

    /// Whether any app hears the rooms of an integration.
    pub(crate) fn apps_hear_rooms(&self, integration: &str) -> Result<bool, Refusal> {
        for app in APPS {
            if app.hears_rooms(self, integration)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Asks the apps for an answer.
    pub(crate) async fn ask_apps(self: &Rc<Self>, said: &Said<'_>) -> Result<Option<Answer>, Refusal> {
        for app in APPS {
            if let Some(message) = app.on_message(self, said).await? {
                return Ok(Some(Answer { app: app.name(), message }));
            }
        }
        Ok(None)
    }

    /// Hands a pressed button to the app that said what stands above it.
    pub(crate) async fn press_at_app(
        self: &Rc<Self>,
        name: &str,
        said: &Said<'_>,
    ) -> Result<Option<Answer>, Refusal> {
        let Some(app) = APPS.iter().find(|app| app.name() == name) else { return Ok(None) };
        let message = app.on_action(self, said).await?;
        Ok(message.map(|message| Answer { app: app.name(), message }))
    }
}
