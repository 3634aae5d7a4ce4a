//! After the LINE login: adding the company's account as a friend, by QR code or, on a phone, by a button. The card
//! turns to 連携済み by itself once LINE says so.

use leptos::prelude::*;
use shared::lang::Text;

use super::{frame::App, me::Choices, texts};
use crate::{
    client::{
        browser, http,
        json::{FromJson, Json},
        spawn,
    },
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        ButtonKind, Loader,
        controls::{Press, button},
        surfaces::{paragraph, show},
    },
};

/// What is read of [`shared::api::linking::LineFriend`].
#[derive(Clone)]
struct Friend {
    url: String,
    /// Our own server's markup.
    qr: Option<String>,
    name: String,
}

impl FromJson for Friend {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { url: json.text("url")?, qr: json.text("qr_svg"), name: json.text("name")? })
    }
}

pub(super) fn part(app: App, choices: Choices) -> El {
    let loader = Loader::<Friend>::at("/api/me/channels/line/friend");
    show(el("div", "channel-link").test("friend"), loader, move |friend| {
        let Friend { url, qr, name } = friend.get_untracked();
        let who = move || {
            if name.is_empty() {
                say(texts::FRIEND_UNNAMED).to_owned()
            } else {
                fill(texts::FRIEND_NAMED, &[&name])
            }
        };
        let code = qr.map(|markup| {
            el("figure", "friend-code")
                .child(
                    el("img", "friend-qr")
                        .attr("src", &format!("data:image/svg+xml,{}", browser::escape(&markup)))
                        .attr_when("alt", || Some(say(texts::FRIEND_QR).to_owned()))
                        .test("friend-qr"),
                )
                .child(el("figcaption", "soft").say(texts::FRIEND_QR_HELP))
        });
        vec![
            el("p", "").text_when(who),
            el("div", "friend-ways").maybe(code).child(add(&url)),
            paragraph("soft", texts::FRIEND_WAIT).attr("role", "status"),
            again(app, choices),
        ]
    })
}

fn add(url: &str) -> El {
    const ADD: Text = texts::ADD_FRIEND;
    el("a", ButtonKind::Primary.class())
        .attr("href", url)
        .attr("target", "_blank")
        .attr("rel", "noopener")
        .test("add-friend")
        .child(el("span", "").say(ADD))
}

/// LINE is asked anew: its callback may have come before the login, or never.
fn again(app: App, choices: Choices) -> El {
    let busy = RwSignal::new(false);
    let press = Press {
        kind: ButtonKind::Quiet,
        doing: texts::FRIEND_CHECKING,
        busy: busy.into(),
        test: "friend-check".into(),
        ..Press::new(texts::FRIEND_CHECK)
    };
    let ask = move || {
        busy.set(true);
        spawn(async move {
            let answer = http::send("POST", "/api/me/channels/line/refresh", Some("{}".to_owned())).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(_) => choices.refresh(),
                Err(failure) => app.toasts.failed(&failure),
            }
        });
    };
    button(press, Some(Box::new(ask)))
}
