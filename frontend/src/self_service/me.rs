//! わたしの通知: where notices reach me, which ones, and what came lately.

use leptos::prelude::*;
use shared::{api::me::Settings, channel::Channel};

use super::{channel_cards::ChannelCards, kind_switches::KindSwitches, notice_list::NoticeList, texts};
use crate::{
    client::http,
    i18n::{signal, t},
    kit::{Empty, Loader, PageTitle, Toasts, show, use_toasts},
};

#[component]
pub fn MePage() -> impl IntoView {
    let choices = Choices::new();
    view! {
        <PageTitle text=signal(texts::ME_TITLE) />
        <p class="lead">{t(texts::ME_LEAD)}</p>
        {show(choices.loader, move |settings| {
            let settings = RwSignal::from(settings);
            if settings.with_untracked(|settings| settings.channels.is_empty()) {
                return view! { <Empty title=texts::NO_CHANNELS_TITLE text=texts::NO_CHANNELS testid="no-channels" /> }.into_any();
            }
            view! {
                <ChannelCards settings=settings choices=choices />
                <KindSwitches settings=settings choices=choices />
            }
                .into_any()
        })}
        <NoticeList />
    }
}

/// The member's switches. A press shows at once; the server's answer settles it, and a refusal puts it back.
#[derive(Clone, Copy)]
pub struct Choices {
    loader: Loader<Settings>,
    /// Writes under way: an answer in between would show switches pressed since as not pressed.
    writing: StoredValue<u32>,
    toasts: Toasts,
}

impl Choices {
    fn new() -> Self {
        Self {
            loader: Loader::new(|| http::get("/api/me/settings")),
            writing: StoredValue::new(0),
            toasts: use_toasts(),
        }
    }

    /// Asks the server again; what is shown stays until then.
    pub(super) fn refresh(self) {
        self.loader.reload();
    }

    pub(super) fn switch_channel(self, channel: Channel, on: bool) {
        self.loader.change(|settings| {
            if let Some(card) = settings.channels.iter_mut().find(|card| card.channel == channel) {
                card.on = on;
            }
        });
        self.write(async move {
            http::put(&format!("/api/me/channels/{channel}"), &shared::api::me::Switch { on }).await
        });
    }

    pub(super) fn switch_kind(self, kind: String, channel: Channel, on: bool) {
        self.loader.change(|settings| {
            let row = settings.kinds.iter_mut().find(|row| row.kind == kind);
            if let Some(cell) = row.and_then(|row| row.cells.iter_mut().find(|cell| cell.channel == channel))
            {
                cell.on = on;
            }
        });
        self.write(async move {
            http::put("/api/me/preferences", &shared::api::me::PreferenceRequest { kind, channel, on }).await
        });
    }

    fn write(self, write: impl Future<Output = Result<Settings, http::Failure>> + 'static) {
        self.writing.update_value(|writing| *writing += 1);
        wasm_bindgen_futures::spawn_local(async move {
            let answer = write.await;
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
