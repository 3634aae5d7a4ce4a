//! The way from a saved connection to its first notice: to the admin themselves, from here.

use leptos::prelude::*;
use shared::{
    api::{
        integrations::{Integration, IntegrationState, Provider},
        live::LiveMessage,
        me::ChannelCard,
    },
    channel::Channel,
    lang::Text,
};

use super::deletion::needs_install;
use crate::{
    client::{
        json::{self, FromJson, Json},
        live,
    },
    console::{head::card_head, trying::test_notice},
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        ButtonKind, Icon, Loader, Toasts,
        controls::{Press, away},
        surfaces::{paragraph, show},
    },
};

crate::i18n::texts! {
    TITLE "自分に送ってみる" "Send one to yourself";
    LEAD "テスト通知を1通、あなたの{}に送ります。" "Sends one test notice to your {}.";
    SEND "自分に送る" "Send to me";
    SENDING "送信しています" "Sending";
    ARRIVED "届きました。ほかのメンバーにも送れます。" "It arrived. Other members can be reached now.";
    MATCH_FIRST "あなたのIDがまだ登録されていません。先に「メンバーと照合」を押してください。" "Your ID is not known yet. Press “Match members” first.";
    LINK_FIRST "あなたの宛先がまだ登録されていません。「わたしの通知」で連携すると、そこから送れます。" "Your address is not known yet. Link it under “My notices”, and send one from there.";
    LINK "わたしの通知を開く" "Open My notices";
    MAIL_FIRST "あなたのメンバー情報に、通知メールのアドレスがありません。" "Your member record has no mail address for notices.";
}

/// What is read of [`shared::api::me::Settings`].
struct Mine(Vec<ChannelCard>);

impl FromJson for Mine {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self(json.all("channels")?))
    }
}

/// The card; nothing while the connection cannot send, or another one sends on its channel. `matched` counts what was
/// matched: the admin may be among them.
pub(super) fn first_notice(toasts: Toasts, integration: Memo<Integration>, matched: RwSignal<u32>) -> El {
    let ready = Memo::new(move |_| {
        integration.with(|one| {
            one.is_default && one.state == IntegrationState::Ready && !needs_install(&one.settings)
        })
    });
    let provider = integration.with_untracked(|one| one.provider);
    el("div", "contents").dynamic(move || {
        if ready.get() { vec![untrack(|| card(toasts, provider, matched))] } else { Vec::new() }
    })
}

fn card(toasts: Toasts, provider: Provider, matched: RwSignal<u32>) -> El {
    let channel = provider.channel();
    let loader = Loader::new(move || {
        matched.track();
        async move { json::get::<Mine>("/api/me/settings").await }
    });
    live::listen(move |heard| {
        if matches!(heard, live::Heard::Message(LiveMessage::Channels) | live::Heard::Back) {
            loader.reload();
        }
    });
    let lead = el("p", "text-[13px] text-ink-soft").text_when(move || fill(LEAD, &[say(channel.name())]));
    el("section", "card grid gap-3")
        .attr("aria-labelledby", "first-title")
        .test("first-notice")
        .child(el("div", "").child(card_head("first-title", TITLE, None)).child(lead))
        .child(show(el("div", ""), loader, move |mine| {
            let known = Memo::new(move |_| {
                mine.with(|Mine(all)| {
                    all.iter().any(|card| card.channel == channel && card.address.is_some())
                })
            });
            vec![el("div", "flex flex-wrap items-center gap-3").dynamic(move || {
                if known.get() { vec![untrack(|| send(toasts, channel))] } else { missing(provider) }
            })]
        }))
}

fn send(toasts: Toasts, channel: Channel) -> El {
    let press =
        Press { doing: SENDING, icon: Some(Icon::Send), test: "send-to-me".into(), ..Press::new(SEND) };
    test_notice(toasts, press, move || format!("/api/me/channels/{channel}/test"), ARRIVED)
}

/// What is missing, and where it is put right.
fn missing(provider: Provider) -> Vec<El> {
    let words = |text: Text| paragraph("", text).test("first-missing");
    match provider {
        Provider::Lineworks | Provider::LineworksV1 | Provider::Slack => vec![words(MATCH_FIRST)],
        Provider::Mail => vec![words(MAIL_FIRST)],
        Provider::Line | Provider::GoogleChat | Provider::WebPush => {
            vec![words(LINK_FIRST), away(ButtonKind::Primary, LINK, "/me", "to-me").attr("rel", "external")]
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
