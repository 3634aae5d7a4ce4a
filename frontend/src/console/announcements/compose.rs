//! Writing an announcement: the form on one side, what arrives and whom it reaches on the other.

use leptos::prelude::*;
use shared::{api::announcements::Reach, channel::Channel, error::Code};

use super::{
    audience, content,
    draft::Draft,
    sending::{self, Desk},
    texts,
    wire::Drawings,
};
use crate::{
    client::{Failure, Session, browser, json},
    console::{back::back, deliveries::preview, head::refused, visit::Visit},
    dom::{El, el, follow},
    i18n::say,
    kit::{
        Loader, Toasts, Tone,
        controls::{button, form as form_of},
        form::Form,
        surfaces::{banner, paragraph, show, title_of},
        use_toasts,
    },
};

/// Where the browser keeps the draft; the member's id follows.
const KEPT: &str = "todoke.announcement.";
/// A moment after the last letter, not at each.
const PAUSE_MS: i64 = 350;

/// `/console/announcements/new`. Drawn once it is known who writes: the draft is that member's.
pub(crate) fn page() -> Vec<El> {
    let session = Session::expect();
    let who = Memo::new(move |_| session.0.with(|me| me.as_ref().map(|me| me.id.to_string())));
    let (toasts, visit) = (use_toasts(), Visit::expect());
    vec![el("div", "").dynamic(move || match who.get() {
        Some(who) => untrack(|| written_by(&who, toasts, visit)),
        None => Vec::new(),
    })]
}

fn written_by(who: &str, toasts: Toasts, visit: Visit) -> Vec<El> {
    // Each member's own: a device may be shared.
    let place = format!("{KEPT}{who}");
    let kept = browser::stored(&place).and_then(|text| json::read(&text).ok());
    let form = Form::new(kept.unwrap_or_else(fresh));
    let desk = Desk {
        form,
        reach: reach_of(form),
        toasts,
        visit,
        notice: RwSignal::new(None),
        done: RwSignal::new(false),
        place: StoredValue::new(place.clone()),
    };
    follow(Box::new(move || {
        let draft = form.values.get();
        if !desk.done.get() {
            browser::store(&place, &if draft.is_fresh() { String::new() } else { draft.kept() });
        }
    }));
    let below = el("div", "grid gap-3")
        .child(
            el("div", "[&_.banner]:mb-0 empty:hidden")
                .dynamic(move || desk.notice.get().map(notice).into_iter().collect()),
        )
        .child(refused(form.general()))
        .child(sending::buttons(desk))
        .child(
            el("p", "flex flex-wrap items-center gap-x-2 text-[13px] text-ink-soft")
                .child(el("span", "").say(texts::DRAFT_KEPT))
                .child(drop_draft(desk)),
        );
    let written = form_of(|| {})
        .class("min-w-0")
        .test("announcement-form")
        .child(el("section", "card min-w-0").child(content::fields(form)))
        .child(el("section", "card min-w-0").child(audience::fields(form)))
        .child(el("section", "card min-w-0").child(content::timing(form)))
        .child(below);
    vec![
        back("/console/announcements", texts::BACK_TO_LIST),
        title_of(texts::NEW),
        el("div", "mt-4 grid items-start gap-x-8 gap-y-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]")
            .child(written)
            .child(
                el("div", "grid min-w-0 gap-6 xl:sticky xl:top-20")
                    .child(reach_section(desk.reach))
                    .child(preview_section(form)),
            ),
    ]
}

/// A key that no other form has.
pub(super) fn new_key() -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any 32 bits will do")]
    let part = || (js_sys::Math::random() * 4_294_967_296.0) as u32;
    format!("{:x}-{:08x}{:08x}", browser::now(), part(), part())
}

fn fresh() -> Draft {
    Draft::fresh(new_key())
}

/// Whom it reaches, asked again when the audience changes.
fn reach_of(form: Form<Draft>) -> Loader<Option<Reach>> {
    let asked = Memo::new(move |_| form.values.with(Draft::reach));
    Loader::new(move || {
        let body = asked.get();
        async move {
            if !settled(asked, &body).await {
                return Ok(None);
            }
            json::send("POST", "/api/announcements/reach", body).await.map(Some)
        }
    })
}

/// Something is asked for, and is still the same after a moment. The loader listens to the newest only.
async fn settled(asked: Memo<String>, body: &String) -> bool {
    if body.is_empty() {
        return false;
    }
    browser::pause(PAUSE_MS).await;
    asked.try_get_untracked().as_ref() == Some(body)
}

fn reach_section(reach: Loader<Option<Reach>>) -> El {
    section("reach-title", texts::REACH).child(show(el("div", "card"), reach, |reach| {
        vec![el("div", "").attr("aria-live", "polite").dynamic(move || match reach.get() {
            Some(reach) => untrack(|| vec![sending::reach_list(&reach)]),
            None => vec![paragraph("text-ink-soft", texts::REACH_EMPTY)],
        })]
    }))
}

fn preview_section(form: Form<Draft>) -> El {
    let asked = Memo::new(move |_| {
        form.values.with(|draft| if draft.title.trim().is_empty() { String::new() } else { draft.content() })
    });
    let drawn = Loader::<Drawings>::new(move || {
        let body = asked.get();
        async move {
            if !settled(asked, &body).await {
                return Ok::<_, Failure>(Drawings::default());
            }
            json::send("POST", "/api/announcements/preview", body).await
        }
    });
    section("preview-title", texts::PREVIEW).child(show(el("div", ""), drawn, |drawn| {
        let pictures = Memo::new(move |_| drawn.with(|drawn| preview::pictures_here(&drawn.0)));
        let none = Memo::new(move |_| pictures.with(Vec::is_empty));
        vec![el("div", "").dynamic(move || {
            if none.get() {
                return vec![el("div", "card").child(paragraph("text-ink-soft", texts::PREVIEW_EMPTY))];
            }
            untrack(|| vec![preview::gallery(pictures, Channel::Lineworks, RwSignal::new(false))])
        })]
    }))
}

fn section(id: &'static str, title: shared::lang::Text) -> El {
    el("section", "min-w-0")
        .attr("aria-labelledby", id)
        .child(el("h2", "mb-2 text-[17px]").attr("id", id).say(title))
}

fn notice(code: Code) -> El {
    if code == Code::NotSignedIn {
        let to = browser::escape(&browser::here());
        let link = el("a", "ml-2 font-medium")
            .attr("href", &format!("/sign-in?to={to}"))
            .attr("rel", "external")
            .test("sign-in-again")
            .say(texts::SIGN_IN);
        return banner(Tone::Bad, "signed-out", || say(texts::SIGNED_OUT).to_owned()).child(link);
    }
    banner(Tone::Warn, "key-reused", || say(texts::KEY_REUSED).to_owned())
}

/// Only while there is something to discard; it can be had back.
fn drop_draft(desk: Desk) -> El {
    let form = desk.form;
    let fresh_now = Memo::new(move |_| form.values.with(Draft::is_fresh));
    let press = move || {
        let old = form.values.get_untracked();
        form.values.set(fresh());
        desk.toasts.undoable(texts::DRAFT_DROPPED, move || {
            let _gone = form.values.try_set(old.clone());
        });
    };
    el("span", "contents").dynamic(move || {
        if fresh_now.get() {
            return Vec::new();
        }
        untrack(|| vec![button(sending::quiet(texts::DRAFT_DROP, "drop-draft"), Some(Box::new(press)))])
    })
}
