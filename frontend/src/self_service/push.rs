//! 「端末の通知」: this browser subscribes to push messages; further ones are other devices. What the browser has to be
//! asked lies in `public/push.js`, outside of the program.

use leptos::prelude::*;
use shared::{
    api::{linking::PushDevice, me::Settings},
    channel::AddressState,
    lang::Text,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{frame::App, me::Choices};
use crate::{
    client::{
        http,
        json::{self, FromJson, Json},
        spawn,
    },
    dom::{El, el},
    i18n::{fill, texts},
    kit::{
        ButtonKind, Tone,
        controls::{Press, button},
        surfaces::{badge, paragraph, time},
    },
};

texts! {
    START "この端末で受け取る" "Get notices on this device";
    STARTING "準備しています" "Getting ready";
    STARTED "この端末で受け取ります" "This device gets your notices";
    UNSUPPORTED "このブラウザーでは受け取れません。チャットアプリの中で開いているときは、ふだんのブラウザーで開いてください。" "This browser cannot show notifications. If the page is open inside a chat app, open it in your browser instead.";
    INSTALL "iPhoneやiPadでは、Safariで開いて共有メニューから「ホーム画面に追加」し、そのアイコンから開くと受け取れます。" "On iPhone and iPad, open the page in Safari, use Share > Add to Home Screen, then open it from that icon.";
    DENIED "このブラウザーで通知が許可されていません。ブラウザーの設定でこのサイトの通知を許可してから、読み込み直してください。" "Notifications are blocked in this browser. Allow them for this site in its settings, then reload.";
    FAILED "このブラウザーの通知の準備ができませんでした。時間をおいてお試しください。" "The browser could not get ready for notifications. Please try again later.";
    THIS "この端末" "This device";
    SINCE "開始 " "Since ";
    REMOVE "外す" "Remove";
    REMOVE_NAMED "{}を外す" "Remove {}";
    REMOVED "{}を外しました" "{} is removed";
}

impl FromJson for PushDevice {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { id: json.text("id")?, name: json.text("name")?, created_at: json.number("created_at")? })
    }
}

/// The key that the workspace sends with.
struct Key(String);

impl FromJson for Key {
    fn from_json(json: &Json) -> Option<Self> {
        json.text("key").map(Self)
    }
}

const PATH: &str = "/api/me/channels/web_push";

pub(super) fn part(app: App, state: Option<AddressState>, choices: Choices) -> El {
    // Nothing before the browser and the server have answered.
    let here = RwSignal::new(None::<String>);
    look(here);
    let devices: RwSignal<Option<Vec<PushDevice>>> = RwSignal::new(state.is_none().then(Vec::new));
    if state.is_some() {
        load(app, devices);
    }
    el("div", "channel-link").dynamic(move || {
        let (Some(own), Some(all)) = (here.get(), devices.get()) else { return Vec::new() };
        let mut parts = Vec::new();
        if let Some(words) = obstacle(&own) {
            parts.push(paragraph("channel-note", words));
        } else if !all.iter().any(|device| device.id == own) {
            parts.push(start(app, here, devices, choices));
        }
        if !all.is_empty() {
            let only = all.len() == 1;
            let lines = all.into_iter().map(|device| line(app, device, &own, only, here, devices, choices));
            parts.push(el("ul", "device-list").children(lines.collect()));
        }
        parts
    })
}

fn start(
    app: App,
    here: RwSignal<Option<String>>,
    devices: RwSignal<Option<Vec<PushDevice>>>,
    choices: Choices,
) -> El {
    let busy = RwSignal::new(false);
    let press =
        Press { doing: STARTING, busy: busy.into(), test: "link-web_push".into(), ..Press::primary(START) };
    let go = move || {
        busy.set(true);
        spawn(async move {
            // First of all: browsers ask only while a press is fresh.
            if ask("ask", "").await.is_some_and(|yes| !yes.is_empty()) {
                match subscribe().await {
                    Ok(settings) => {
                        choices.settle(settings);
                        app.toasts.say(STARTED);
                        load(app, devices);
                    }
                    Err(Some(failure)) => app.toasts.failed(&failure),
                    Err(None) => app.toasts.bad(FAILED),
                }
            }
            let _gone = busy.try_set(false);
            look(here);
        });
    };
    button(press, Some(Box::new(go)))
}

/// `None` when the browser is at fault.
async fn subscribe() -> Result<Settings, Option<crate::client::Failure>> {
    let Key(key) = json::send("POST", &format!("{PATH}/link"), "{}".to_owned()).await.map_err(Some)?;
    let body = ask("on", &key).await.ok_or(None)?;
    json::send("PUT", PATH, body).await.map_err(Some)
}

fn line(
    app: App,
    device: PushDevice,
    own: &str,
    only: bool,
    here: RwSignal<Option<String>>,
    devices: RwSignal<Option<Vec<PushDevice>>>,
    choices: Choices,
) -> El {
    let PushDevice { id, name, created_at } = device;
    let this = id == own;
    let words = el("div", "device-words")
        .child(el("span", "device-name").text(&name))
        .child(el("span", "soft").child(el("span", "").say(SINCE)).child(time(created_at)))
        .maybe(this.then(|| badge(Tone::Good, THIS)));
    let row = el("li", "device").test("push-device").child(words);
    // The only one goes with the channel.
    if only {
        return row;
    }
    let busy = RwSignal::new(false);
    let label = name.clone();
    let go = move || {
        busy.set(true);
        let (path, told) = (format!("{PATH}/devices/{id}"), fill(REMOVED, &[&name]));
        spawn(async move {
            match http::delete(&path).await {
                Ok(()) => {
                    if this {
                        ask("off", "").await;
                    }
                    app.toasts.words(told);
                    choices.refresh();
                }
                Err(failure) => app.toasts.failed(&failure),
            }
            let _gone = busy.try_set(false);
            load(app, devices);
            look(here);
        });
    };
    let press = Press {
        kind: ButtonKind::Quiet,
        busy: busy.into(),
        test: "remove-push-device".into(),
        named: Some(Box::new(move || Some(fill(REMOVE_NAMED, &[&label])))),
        ..Press::new(REMOVE)
    };
    row.child(button(press, Some(Box::new(go))))
}

/// Why this browser cannot.
fn obstacle(own: &str) -> Option<Text> {
    match own {
        "unsupported" => Some(UNSUPPORTED),
        "install" => Some(INSTALL),
        "denied" => Some(DENIED),
        _ => None,
    }
}

fn load(app: App, devices: RwSignal<Option<Vec<PushDevice>>>) {
    spawn(async move {
        match json::get(&format!("{PATH}/devices")).await {
            Ok(all) => drop(devices.try_set(Some(all))),
            Err(failure) => app.toasts.failed(&failure),
        }
    });
}

/// Asks the browser how it stands with it.
fn look(here: RwSignal<Option<String>>) {
    spawn(async move {
        let found = ask("here", "").await.unwrap_or_else(|| "unsupported".to_owned());
        let _gone = here.try_set(Some(found));
    });
}

/// What `public/push.js` answers; `None` when the browser refuses.
async fn ask(what: &str, key: &str) -> Option<String> {
    JsFuture::from(push(what, key)).await.ok().map(|found| found.as_string().unwrap_or_default())
}

#[wasm_bindgen(inline_js = r#"
// Not bundled: it is a file of its own.
const file = "/push.js";
export const push = async (what, key) => (await import(file))[what](key);
"#)]
extern "C" {
    fn push(what: &str, key: &str) -> js_sys::Promise;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }

    #[test]
    fn it_is_read_as_serde_writes_it() {
        let device = PushDevice { id: "ab".into(), name: "Chrome (Android)".into(), created_at: 5 };
        assert_eq!(json::read::<PushDevice>(&serde_json::to_string(&device).unwrap()), Ok(device));
    }

    #[test]
    fn a_browser_that_cannot_is_told_why() {
        for (own, expected) in [
            ("unsupported", Some(UNSUPPORTED)),
            ("install", Some(INSTALL)),
            ("denied", Some(DENIED)),
            ("", None),
            ("ab12", None),
        ] {
            assert_eq!(obstacle(own), expected, "{own}");
        }
    }
}
