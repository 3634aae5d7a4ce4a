//! わたしの通知: where notices reach me, which ones, and what came lately.

use leptos::prelude::*;
use shared::{api::me::Settings, channel::Channel};

use super::{account, calendar, channel_cards, frame::App, kind_switches, notice_list, quiet, texts};
use crate::kit::surfaces::{empty, paragraph, show, title_of};
use crate::{
    client::{
        json::{self, Out},
        spawn,
    },
    dom::{El, el},
    kit::{Loader, Toasts},
};

pub(super) fn page(app: App) -> Vec<El> {
    let choices = Choices::new(app.toasts);
    let settings = show(el("div", ""), choices.loader, move |settings| {
        if settings.with_untracked(|settings| settings.channels.is_empty()) {
            return vec![empty("no-channels", texts::NO_CHANNELS_TITLE, texts::NO_CHANNELS)];
        }
        let mut sections = channel_cards::section(app, settings, choices);
        sections.extend(kind_switches::section(settings, choices));
        sections
    });
    let mut page = vec![title_of(texts::ME_TITLE), paragraph("lead", texts::ME_LEAD), settings];
    page.extend(quiet::section(app));
    page.extend(notice_list::section(app));
    page.extend(calendar::section(app));
    page.extend(account::section(app));
    page
}

/// The member's switches. A press shows at once; the server's answer settles it, and a refusal puts it back.
#[derive(Clone, Copy)]
pub(super) struct Choices {
    loader: Loader<Settings>,
    /// Writes under way: an answer in between would show switches pressed since as not pressed.
    writing: StoredValue<u32>,
    toasts: Toasts,
}

impl Choices {
    fn new(toasts: Toasts) -> Self {
        Self { loader: Loader::at("/api/me/settings"), writing: StoredValue::new(0), toasts }
    }

    /// Asks the server again; what is shown stays until then.
    pub(super) fn refresh(self) {
        self.loader.reload();
    }

    /// Shows what the server answered to a write.
    pub(super) fn settle(self, settings: Settings) {
        self.loader.set(settings);
    }

    pub(super) fn switch_channel(self, channel: Channel, on: bool) {
        self.loader.change(|settings| {
            if let Some(card) = settings.channels.iter_mut().find(|card| card.channel == channel) {
                card.on = on;
            }
        });
        self.write(format!("/api/me/channels/{channel}"), json::object(&[("on", Out::Bool(on))]));
    }

    pub(super) fn switch_kind(self, kind: &str, channel: Channel, on: bool) {
        self.loader.change(|settings| {
            let row = settings.kinds.iter_mut().find(|row| row.kind == kind);
            if let Some(cell) = row.and_then(|row| row.cells.iter_mut().find(|cell| cell.channel == channel))
            {
                cell.on = on;
            }
        });
        let body = [("kind", Out::Text(kind)), ("channel", Out::Text(channel.code())), ("on", Out::Bool(on))];
        self.write("/api/me/preferences".to_owned(), json::object(&body));
    }

    fn write(self, path: String, body: String) {
        self.writing.update_value(|writing| *writing += 1);
        spawn(async move {
            let answer = json::send::<Settings>("PUT", &path, body).await;
            let left = self.writing.try_update_value(|writing| {
                *writing = writing.saturating_sub(1);
                *writing
            });
            match answer {
                Ok(settings) if left == Some(0) => self.loader.set(settings),
                Ok(_) => {}
                Err(failure) => {
                    self.toasts.failed(&failure);
                    // What holds is what the server has.
                    self.loader.reload();
                }
            }
        });
    }
}
