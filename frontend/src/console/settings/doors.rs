//! Doors for old scripts: their list, and shutting one.

use std::rc::Rc;

use leptos::prelude::*;
use shared::api::{
    doors::{DoorForm, DoorInfo},
    events::Target,
};

use super::{
    door_form::new_door_dialog,
    texts::{doors as texts, frame},
};
use crate::{
    client::times,
    console::confirm::{Deletion, delete_by_name},
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        ButtonKind, Icon, Loader, Toasts, Tone,
        controls::{Press, button},
        dialog::dialog,
        surfaces::{badge, empty, paragraph, show, title_of},
        use_toasts,
        words::target_name,
    },
};

/// `/console/settings/doors`.
pub(super) fn page() -> Vec<El> {
    let loader = Loader::<Vec<DoorInfo>>::at("/api/doors");
    let toasts = use_toasts();
    let (making, open) = (RwSignal::new(false), RwSignal::new(false));
    let revoking = RwSignal::new(None::<DoorInfo>);
    let make = Press { icon: Some(Icon::Plus), test: "new-door".into(), ..Press::primary(texts::NEW) };
    let ask = move |door: &DoorInfo| {
        revoking.set(Some(door.clone()));
        open.set(true);
    };
    let title =
        move || fill(texts::REVOKE_TITLE, &[&revoking.get().map(|door| door.name).unwrap_or_default()]);
    vec![
        title_of(frame::DOORS),
        el("div", "mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3")
            .child(paragraph("lead min-w-0 flex-1 basis-72 [&]:mb-0", texts::LEAD))
            .child(button(make, Some(Box::new(move || making.set(true))))),
        show(el("div", ""), loader, move |doors| {
            vec![el("div", "").dynamic(move || {
                let doors = doors.get();
                if doors.is_empty() {
                    return vec![empty("empty", texts::EMPTY, texts::EMPTY_NEXT)];
                }
                let lines = doors.iter().map(|door| line(door, ask)).collect();
                vec![
                    el("ul", "card m-0 list-none divide-y divide-line overflow-hidden p-0")
                        .test("doors")
                        .children(lines),
                ]
            })]
        }),
        new_door_dialog(making, toasts, move || loader.reload()),
        dialog(open, title, "revoke-dialog", move || {
            revoking.get_untracked().map(|door| revoke(open, &door, loader, toasts)).unwrap_or_default()
        }),
    ]
}

/// Whose form a door takes.
pub(super) const fn form_name(form: DoorForm) -> shared::lang::Text {
    match form {
        DoorForm::LineNotify => texts::LINE_NOTIFY,
        DoorForm::Slack => texts::SLACK,
    }
}

fn line(door: &DoorInfo, ask: impl Fn(&DoorInfo) + 'static) -> El {
    let revoked = door.revoked_at;
    let (hint, created, used) = (door.hint.clone(), door.created_at, door.last_used_at);
    let look = if revoked.is_some() { "font-medium text-ink-soft" } else { "font-medium" };
    let leads = match &door.to {
        Some(to @ Target::Member { .. }) => el("span", "").text(&format!("→ {}", target_name(to))),
        Some(to @ Target::Room { .. }) => {
            el("span", "").text(&format!("→ {} ({})", target_name(to), say(texts::ROOM)))
        }
        None => el("span", "text-shu").say(texts::GONE_ROOM),
    };
    let words = el("div", "min-w-0 flex-1 basis-64")
        .child(
            el("p", "flex flex-wrap items-baseline gap-x-2")
                .child(el("span", look).text(&door.name))
                .child(badge(Tone::Quiet, form_name(door.form)))
                .child(
                    el("span", "font-mono text-[13px] text-ink-soft")
                        .text_when(move || fill(texts::HINT, &[&hint])),
                )
                .maybe(revoked.map(|_| badge(Tone::Quiet, texts::REVOKED))),
        )
        .child(el("p", "text-[13px]").child(leads))
        .child(el("p", "text-[13px] text-ink-soft").text_when(move || {
            let used = used.map_or_else(
                || say(texts::NEVER_USED).to_owned(),
                |at| fill(texts::LAST_USED, &[&times::time_text(at, lang())]),
            );
            format!("{} · {used}", fill(texts::CREATED, &[&times::day_text(created, lang())]))
        }));
    let (whole, named) = (door.clone(), door.name.clone());
    let press = Press {
        kind: ButtonKind::Danger,
        test: "revoke".into(),
        named: Some(Box::new(move || Some(fill(texts::REVOKE_TITLE, &[&named])))),
        ..Press::new(texts::REVOKE)
    };
    el("li", "flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4.5 py-3")
        .test("door")
        .child(words)
        .maybe(revoked.is_none().then(|| button(press, Some(Box::new(move || ask(&whole))))))
}

/// Shutting a door: its name has to be typed, because scripts stop with it.
fn revoke(open: RwSignal<bool>, door: &DoorInfo, loader: Loader<Vec<DoorInfo>>, toasts: Toasts) -> Vec<El> {
    let path = format!("/api/doors/{}", door.id);
    let deletion = Deletion {
        name: Signal::stored(door.name.clone()),
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
