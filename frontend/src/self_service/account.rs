//! The language of page and notices, and the devices that are signed in.

use leptos::prelude::*;
use shared::{api::me::Device, lang::Lang};

use super::frame::App;
use crate::{
    client::{
        browser, http,
        json::{FromJson, Json},
        spawn,
    },
    dom::{El, el},
    i18n::{fill, lang, say, texts},
    kit::{
        ButtonKind, Loader, Tone,
        controls::{Press, button},
        surfaces::{badge, paragraph, show, time},
    },
};

texts! {
    TITLE "サインインと言語" "Sign-in and language";
    LANGUAGE "ページと通知の言語" "Language of pages and notices";
    DEVICES "サインインしている端末" "Devices signed in";
    DEVICES_LEAD "覚えのない端末があれば、サインアウトしてください。" "Sign out any device that you do not know.";
    THIS "この端末" "this device";
    SINCE "サインイン " "signed in ";
    ON "{} ({})" "{} on {}";
    UNKNOWN "不明な端末" "Unknown device";
    SIGN_OUT "サインアウト" "Sign out";
    SIGN_OUT_NAMED "{}をサインアウト" "Sign out {}";
    SIGNING_OUT "サインアウトしています" "Signing out";
    SIGNED_OUT "{}をサインアウトしました" "{} is signed out";
    EVERYWHERE "すべての端末からサインアウト" "Sign out everywhere";
    EVERYWHERE_ASK "この端末も含めて、すべての端末からサインアウトします。よろしいですか。" "This signs you out on every device, this one included. Go on?";
    KEEP "やめる" "Cancel";
}

impl FromJson for Device {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            id: json.parsed("id")?,
            agent: json.text("agent")?,
            created_at: json.number("created_at")?,
            current: json.bool("current")?,
        })
    }
}

pub(super) fn section(app: App) -> Vec<El> {
    let opened = RwSignal::new(false);
    let devices = el("details", "app")
        .test("devices")
        .child(
            el("summary", "app-head")
                .child(el("span", "app-name").say(DEVICES))
                .on_press(move || opened.set(true)),
        )
        // Asked for when somebody wants to see them.
        .dynamic(move || if opened.get() { untrack(|| vec![list(app)]) } else { Vec::new() });
    vec![el("h2", "section-title").say(TITLE), el("div", "apps").child(language(app)).child(devices)]
}

fn language(app: App) -> El {
    let option = |own: Lang, words: &str| {
        el("button", "language")
            .attr("type", "button")
            .attr("lang", own.tag())
            .test(&format!("language-{}", own.tag()))
            .attr_when("aria-pressed", move || Some((lang() == own).to_string()))
            .text(words)
            .on_press(move || app.session.speak(own))
    };
    el("div", "app app-line").child(el("span", "app-name").attr("id", "language").say(LANGUAGE)).child(
        el("div", "languages")
            .attr("role", "group")
            .attr("aria-labelledby", "language")
            .child(option(Lang::Ja, "日本語"))
            .child(option(Lang::En, "English")),
    )
}

fn list(app: App) -> El {
    let loader = Loader::<Vec<Device>>::at("/api/me/devices");
    show(el("div", "devices"), loader, move |devices| {
        let ids = move || devices.with(|devices| devices.iter().map(|one| one.id.to_string()).collect());
        vec![
            paragraph("soft", DEVICES_LEAD),
            el("ul", "device-list").list(ids, move |id| {
                let found =
                    devices.with_untracked(|all| all.iter().find(|one| one.id.as_str() == id).cloned());
                found.map_or_else(|| el("li", ""), |device| line(app, device, loader))
            }),
            everywhere(app),
        ]
    })
}

fn line(app: App, device: Device, loader: Loader<Vec<Device>>) -> El {
    let name = move |agent: &str| match shared::agent::device_name(agent) {
        Some((browser, system)) => fill(ON, &[browser, system]),
        None => say(UNKNOWN).to_owned(),
    };
    let (shown, named, told) = (device.agent.clone(), device.agent.clone(), device.agent.clone());
    let facts = el("span", "soft").say(SINCE).child(time(device.created_at));
    let mut words = el("div", "device-words")
        .child(el("span", "device-name").text_when(move || name(&shown)))
        .child(facts);
    let row = el("li", "device").test("device");
    if device.current {
        words = words.child(badge(Tone::Good, THIS));
        return row.child(words);
    }
    let busy = RwSignal::new(false);
    let id = device.id;
    let go = move || {
        busy.set(true);
        let (id, words) = (id.clone(), untrack(|| fill(SIGNED_OUT, &[&name(&told)])));
        spawn(async move {
            let answer = http::delete(&format!("/api/me/devices/{id}")).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(()) => {
                    loader.change(|devices| devices.retain(|one| one.id != id));
                    app.toasts.words(words);
                }
                Err(failure) => {
                    app.toasts.failed(&failure);
                    // It may have been signed out meanwhile.
                    loader.reload();
                }
            }
        });
    };
    let press = Press {
        kind: ButtonKind::Quiet,
        doing: SIGNING_OUT,
        busy: busy.into(),
        test: "sign-out-device".into(),
        named: Some(Box::new(move || Some(fill(SIGN_OUT_NAMED, &[&name(&named)])))),
        ..Press::new(SIGN_OUT)
    };
    row.child(words).child(button(press, Some(Box::new(go))))
}

/// Asked again in place, since it ends the visit.
fn everywhere(app: App) -> El {
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let go = move || {
        busy.set(true);
        spawn(async move {
            match http::delete("/api/me/devices").await {
                Ok(()) => {
                    browser::keep_here("");
                    browser::go_instead("/sign-in");
                }
                Err(failure) => {
                    let _gone = busy.try_set(false);
                    app.toasts.failed(&failure);
                }
            }
        });
    };
    el("div", "device-all").dynamic(move || {
        if !asking.get() {
            let press = Press { test: "everywhere".into(), ..Press::new(EVERYWHERE) };
            return vec![button(press, Some(Box::new(move || asking.set(true))))];
        }
        let sure = Press {
            kind: ButtonKind::Danger,
            doing: SIGNING_OUT,
            busy: busy.into(),
            test: "everywhere-sure".into(),
            ..Press::new(SIGN_OUT)
        };
        let back = Press { kind: ButtonKind::Quiet, ..Press::new(KEEP) };
        vec![
            el("p", "").attr("role", "status").say(EVERYWHERE_ASK),
            el("div", "form-actions")
                .child(button(sure, Some(Box::new(go))))
                .child(button(back, Some(Box::new(move || asking.set(false))))),
        ]
    })
}

#[cfg(test)]
mod tests {
    use shared::id::SessionId;

    use super::*;
    use crate::client::json;

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }

    #[test]
    fn it_is_read_as_serde_writes_it() {
        let device =
            Device { id: SessionId::new(1, [1; 10]), agent: "x".into(), created_at: 5, current: true };
        assert_eq!(json::read::<Device>(&serde_json::to_string(&device).unwrap()), Ok(device));
    }
}
