//! The API keys of the workspace.

use std::rc::Rc;

use leptos::prelude::*;
use shared::api::settings::KeyInfo;

use super::{keys_model::scope_name, new_key::new_key_dialog};
use crate::{
    client::times,
    console::{
        confirm::{Deletion, delete_by_name},
        texts::settings as texts,
    },
    dom::{El, el},
    i18n::{fill, lang},
    kit::{
        ButtonKind, Icon, Loader, Toasts, Tone,
        controls::{Press, button},
        dialog::dialog,
        surfaces::{badge, empty, paragraph, show, title_of},
        use_toasts,
    },
};

/// `/console/settings/keys`.
pub(super) fn page() -> Vec<El> {
    let loader = Loader::<Vec<KeyInfo>>::at("/api/keys");
    let toasts = use_toasts();
    let (making, open) = (RwSignal::new(false), RwSignal::new(false));
    let revoking = RwSignal::new(None::<KeyInfo>);
    let make = Press { icon: Some(Icon::Plus), test: "new-key".into(), ..Press::primary(texts::NEW) };
    let ask = move |key: &KeyInfo| {
        revoking.set(Some(key.clone()));
        open.set(true);
    };
    let title = move || fill(texts::REVOKE_TITLE, &[&revoking.get().map(|key| key.name).unwrap_or_default()]);
    vec![
        title_of(texts::KEYS),
        el("div", "mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3")
            .child(paragraph("lead min-w-0 flex-1 basis-72 [&]:mb-0", texts::KEYS_LEAD))
            .child(button(make, Some(Box::new(move || making.set(true))))),
        show(el("div", ""), loader, move |keys| {
            vec![el("div", "").dynamic(move || {
                let keys = keys.get();
                if keys.is_empty() {
                    return vec![empty("empty", texts::EMPTY, texts::EMPTY_NEXT)];
                }
                let lines = keys.iter().map(|key| line(key, ask)).collect();
                vec![
                    el("ul", "card m-0 list-none divide-y divide-line overflow-hidden p-0")
                        .test("keys")
                        .children(lines),
                ]
            })]
        }),
        new_key_dialog(making, toasts, move || loader.reload()),
        dialog(open, title, "revoke-dialog", move || {
            revoking.get_untracked().map(|key| revoke(open, &key, loader, toasts)).unwrap_or_default()
        }),
    ]
}

fn line(key: &KeyInfo, ask: impl Fn(&KeyInfo) + 'static) -> El {
    let revoked = key.revoked_at;
    let (hint, created, scopes) = (key.hint.clone(), key.created_at, key.scopes.clone());
    let name = if revoked.is_some() { "font-medium text-ink-soft" } else { "font-medium" };
    let words = el("div", "min-w-0 flex-1 basis-64")
        .child(
            el("p", "flex flex-wrap items-baseline gap-x-2")
                .child(el("span", name).text(&key.name))
                .child(
                    el("span", "font-mono text-[13px] text-ink-soft")
                        .text_when(move || fill(texts::HINT, &[&hint])),
                )
                .maybe(revoked.map(|_| badge(Tone::Quiet, texts::REVOKED_BADGE))),
        )
        .child(el("p", "text-[13px] text-ink-soft").text_when(move || {
            scopes.iter().map(|scope| scope_name(*scope).get(lang())).collect::<Vec<_>>().join(", ")
        }))
        .child(el("p", "text-[13px] text-ink-soft").text_when(move || {
            let day = |at| times::day_text(at, lang());
            revoked.map_or_else(
                || fill(texts::CREATED, &[&day(created)]),
                |at| fill(texts::REVOKED, &[&day(at)]),
            )
        }));
    let whole = key.clone();
    let named = key.name.clone();
    let press = Press {
        kind: ButtonKind::Danger,
        test: "revoke".into(),
        named: Some(Box::new(move || Some(fill(texts::REVOKE_TITLE, &[&named])))),
        ..Press::new(texts::REVOKE)
    };
    el("li", "flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4.5 py-3")
        .test("key")
        .child(words)
        .maybe(revoked.is_none().then(|| button(press, Some(Box::new(move || ask(&whole))))))
}

/// Stopping a key: its name has to be typed, because systems stop with it.
fn revoke(open: RwSignal<bool>, key: &KeyInfo, loader: Loader<Vec<KeyInfo>>, toasts: Toasts) -> Vec<El> {
    let path = format!("/api/keys/{}", key.id);
    let deletion = Deletion {
        name: Signal::stored(key.name.clone()),
        label: texts::REVOKE_DO,
        doing: texts::REVOKE_BUSY,
        test: "revoke-confirm",
        toasts,
        path: Box::new(move || path.clone()),
        gone: Rc::new(move || {
            toasts.say(texts::REVOKE_DONE);
            loader.reload();
        }),
    };
    let mut parts = vec![paragraph("", texts::REVOKE_LEAD)];
    parts.extend(delete_by_name(open, deletion));
    parts
}
