//! What can be done for one member, below the form: see where they are reached, invite, make a way in, erase.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{
    api::{
        auth::SignInLink,
        members::{Address, Invitations, Member, MemberConsequences},
    },
    channel::AddressState,
    lang::Text,
};

use super::{edit::Page, texts::person as texts};
use crate::{
    client::{
        Session,
        browser::{self, number_text},
        json::{self, FromJson, Json, Out, object},
        spawn, times,
    },
    console::confirm::{Deletion, delete_by_name},
    dom::{El, el},
    i18n::{fill, lang, lang_now, say},
    kit::{
        ButtonKind, Icon, Loader,
        button::copy_button,
        controls::{Press, button},
        dialog::dialog,
        surfaces::{mark, paragraph, show},
    },
};

/// The card. Nothing to press for who stands above the reader, and for oneself nothing that ends oneself.
pub(super) fn card(page: Page, member: &Member) -> El {
    let me = Session::expect().0;
    let (id, role) = (member.id.clone(), member.role);
    // Who is signed in may be known a moment later.
    let may = Memo::new(move |_| {
        me.with(|me| {
            me.as_ref().map_or((false, false), |me| (role <= me.role, role <= me.role && me.id != id))
        })
    });
    let known = StoredValue::new(member.clone());
    el("div", "mt-6 grid max-w-[46rem] gap-5").child(channels(&member.addresses)).child(
        el("div", "contents").dynamic(move || {
            let (acts, erases) = may.get();
            untrack(|| {
                let mut parts = Vec::new();
                if acts {
                    parts.push(known.with_value(|member| actions(page, member)));
                }
                if erases {
                    parts.push(known.with_value(|member| erasing(page, member)));
                }
                parts
            })
        }),
    )
}

fn channels(addresses: &[Address]) -> El {
    let rows = addresses.iter().map(|address| {
        let (state, on, last) = (address.state, address.on, address.last_ok_at);
        let words = move || {
            if !on {
                return say(texts::OFF).to_owned();
            }
            match last {
                Some(at) if state == AddressState::Linked => {
                    fill(texts::LAST_OK, &[&times::time_text(at, lang())])
                }
                _ => state.name().get(lang()).to_owned(),
            }
        };
        let bad = on && matches!(state, AddressState::Broken | AddressState::Blocked);
        el("li", "flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4.5 py-2.5")
            .test(&format!("address-{}", address.channel.code()))
            .child(mark(address.channel))
            .child(el("span", "w-28 font-medium").say(address.channel.name()))
            // A webhook's URL is a secret of the person; its name in the vault says nothing to anybody.
            .child(
                el("span", "min-w-0 flex-1 basis-40 text-[13px] break-all text-ink-soft")
                    .text(shown_of(address)),
            )
            .child(
                el("span", "text-[13px]")
                    .class(if bad { "text-shu" } else { "text-ink-soft" })
                    .text_when(words),
            )
    });
    let rows: Vec<El> = rows.collect();
    let list = if rows.is_empty() {
        paragraph("px-4.5 py-3 text-shu", texts::NONE)
    } else {
        el("ul", "m-0 list-none divide-y divide-line p-0").children(rows)
    };
    el("section", "grid gap-2")
        .child(el("h2", "section-title").say(texts::CHANNELS))
        .child(el("div", "card overflow-hidden p-0").test("addresses").child(list))
}

/// What is said of an address; nothing where it is opaque or secret.
fn shown_of(address: &Address) -> &str {
    use shared::channel::Channel;
    match address.channel {
        Channel::Email | Channel::Lineworks | Channel::Slack => &address.value,
        Channel::Line | Channel::GoogleChat | Channel::WebPush => "",
    }
}

struct Link(SignInLink);

impl FromJson for Link {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self(SignInLink { url: json.text("url")?, expires_at: json.number("expires_at")? }))
    }
}

fn actions(page: Page, member: &Member) -> El {
    let (inviting, making) = (RwSignal::new(false), RwSignal::new(false));
    let link = RwSignal::new(None::<String>);
    let invited_at = member.invited_at;
    let send = move || {
        let id = page.id.get_value();
        let body = object(&[("members", Out::Texts(&[&id]))]);
        inviting.set(true);
        spawn(async move {
            let answer = json::send::<Invitations>("POST", "/api/members/invitations", body).await;
            let _gone = inviting.try_set(false);
            match answer {
                Ok(_) => page.toasts.say(texts::INVITED),
                Err(failure) => page.toasts.failed(&failure),
            }
        });
    };
    let make = move || {
        let path = format!("{}/sign-in-link", page.path());
        making.set(true);
        spawn(async move {
            let answer = json::send::<Link>("POST", &path, "{}".to_owned()).await;
            let _gone = making.try_set(false);
            match answer {
                Ok(made) => drop(link.try_set(Some(made.0.url))),
                Err(failure) => page.toasts.failed(&failure),
            }
        });
    };
    let label = if invited_at.is_some() { texts::INVITE_AGAIN } else { texts::INVITE };
    let invite = Press {
        doing: texts::INVITE_BUSY,
        busy: inviting.into(),
        icon: Some(Icon::Send),
        test: "invite".into(),
        ..usable_only(page, label)
    };
    let make_press = Press {
        doing: texts::LINK_BUSY,
        busy: making.into(),
        icon: Some(Icon::Key),
        test: "make-link".into(),
        ..usable_only(page, texts::LINK)
    };
    let sent = invited_at.map(|at| {
        el("span", "ml-2").text_when(move || fill(texts::INVITED_AT, &[&times::time_text(at, lang())]))
    });
    let line = |press: El, note: El| {
        el("div", "flex flex-wrap items-center gap-x-4 gap-y-1 px-4.5 py-3").child(press).child(note)
    };
    el("section", "grid gap-2").child(el("h2", "section-title").say(texts::ACTIONS)).child(
        el("div", "card divide-y divide-line p-0")
            .child(line(
                button(invite, Some(Box::new(send))),
                paragraph("text-[13px] text-ink-soft", texts::INVITE_NOTE).maybe(sent),
            ))
            .child(line(
                button(make_press, Some(Box::new(make))),
                paragraph("text-[13px] text-ink-soft", texts::LINK_NOTE),
            ))
            .child(el("div", "").attr("aria-live", "polite").dynamic(move || made(page, link.get()))),
    )
}

/// Nobody signs in who may not: the saved state counts, not the switch that was moved.
fn usable_only(page: Page, label: Text) -> Press {
    let off = Signal::derive(move || {
        // Read again after each save.
        let _saved = page.name.get();
        !page.is_usable()
    });
    Press { disabled: Some(off), ..Press::new(label) }
}

/// The link, to be copied once.
fn made(page: Page, link: Option<String>) -> Vec<El> {
    let Some(link) = link else { return Vec::new() };
    let words =
        el("code", "min-w-0 flex-1 py-1.5 font-mono text-[13px] break-all").test("made-link").text(&link);
    let copy = copy_button(page.toasts, Signal::stored(link), "copy-link", || {
        Some(say(texts::LINK_COPY).to_owned())
    });
    vec![el("div", "flex items-center gap-2 bg-sunk px-4.5 py-1.5").child(words).child(copy)]
}

fn erasing(page: Page, member: &Member) -> El {
    let open = RwSignal::new(false);
    let id = member.id.to_string();
    let press = Press { kind: ButtonKind::Danger, test: "erase".into(), ..Press::new(texts::ERASE) };
    el("section", "flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line pt-4")
        .child(button(press, Some(Box::new(move || open.set(true)))))
        .child(paragraph("text-[13px] text-ink-soft", texts::ERASE_NOTE))
        .child(dialog(
            open,
            move || fill(texts::ERASE_TITLE, &[&page.name.get()]),
            "erase-dialog",
            move || confirm(page, open, &id),
        ))
}

fn confirm(page: Page, open: RwSignal<bool>, id: &str) -> Vec<El> {
    let path = format!("/api/v1/members/{id}/consequences");
    let loader = Loader::new(move || {
        let path = path.clone();
        async move { json::get::<MemberConsequences>(&path).await }
    });
    let (name, own) = (page.name.get_untracked(), format!("/console/members/{id}"));
    let deletion = Deletion {
        name: page.name.into(),
        label: texts::ERASE_DO,
        doing: texts::ERASE_BUSY,
        test: "erase-confirm",
        toasts: page.toasts,
        path: Box::new(move || {
            format!("{}?confirm={}", page.path(), browser::escape(&page.name.get_untracked()))
        }),
        gone: Rc::new(move || {
            page.toasts.words(texts::ERASED.get(lang_now()).replacen("{}", &name, 1));
            page.visit.go_instead(&own, "/console/members");
        }),
    };
    let mut parts = vec![
        paragraph("", texts::ERASE_LEAD),
        show(el("div", ""), loader, |counted| vec![counted.with_untracked(counts)]),
    ];
    parts.extend(delete_by_name(open, deletion));
    parts
}

fn counts(counted: &MemberConsequences) -> El {
    let mut list = el("dl", "facts counts").test("consequences");
    for (name, count) in [
        (texts::ERASE_WAITING, counted.waiting),
        (texts::ERASE_DOORS, counted.doors),
        (texts::ERASE_PUNCHES, counted.punches),
    ] {
        list = list
            .child(el("dt", "").say(name))
            .child(el("dd", "font-medium tabular-nums").text(&number_text(count)));
    }
    el("div", "").child(paragraph("mb-1 text-[14px] font-semibold", texts::ERASE_COUNTS)).child(list)
}
