//! What is done with many members at once, above the list: files, companies, invitations, IDs.

use leptos::prelude::*;
use shared::{
    api::{
        Page,
        integrations::{Integration, Provider},
        member_imports::ExportPart,
        members::{Invitations, Member},
    },
    lang::Text,
};

use super::{encoding::ShiftJis, query::Query, texts::list as texts};
use crate::{
    client::{
        Session,
        browser::{self, number_text, value_of},
        http,
        json::{self, Out, object},
        spawn,
    },
    console::integrations::matching::matching,
    dom::{El, el},
    i18n::{fill, lang_now, say},
    kit::{
        ButtonKind, Icon, Loader, Toasts,
        card::progress,
        controls::{Press, away, button},
        dialog::dialog,
        surfaces::{icon, paragraph, show},
        use_toasts,
    },
};

/// The row of tools, their dialogs, and the letters that are under way.
pub(super) fn tools(query: Memo<Query>) -> El {
    let toasts = use_toasts();
    let session = Session::expect();
    // Who is signed in may be known a moment later.
    let all = Memo::new(move |_| session.0.with(|me| me.as_ref().is_some_and(|me| me.role.is_admin())));
    let (exporting, matching, inviting) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let letters = RwSignal::new(Invitations::default());
    let waits = Memo::new(move |_| letters.with(|letters| letters.waiting > 0));
    follow(letters, toasts);
    let open = |sign: Icon, label: Text, test: &str, open: RwSignal<bool>| {
        el("button", "btn btn-quiet")
            .attr("type", "button")
            .test(test)
            .child(icon(sign))
            .child(el("span", "").say(label))
            .on_press(move || open.set(true))
    };
    let link = |sign: Icon, label: Text, href: &str, test: &str| {
        el("a", "btn btn-quiet")
            .attr("href", href)
            .test(test)
            .child(icon(sign))
            .child(el("span", "").say(label))
    };
    let row = el("div", "-ml-2 mt-1 flex flex-wrap gap-x-1")
        .test("member-tools")
        .child(link(Icon::File, texts::IMPORT, "/console/members/import", "import-members"))
        .child(open(Icon::File, texts::EXPORT, "export-members", exporting))
        .child(open(Icon::Send, texts::INVITE, "invite-members", inviting))
        .child(el("div", "contents").dynamic(move || {
            if !all.get() {
                return Vec::new();
            }
            vec![
                open(Icon::Link, texts::MATCH, "match-members", matching),
                link(Icon::Home, texts::COMPANIES, "/console/members/companies", "companies"),
            ]
        }));
    el("div", "")
        .child(row)
        .child(
            el("div", "").dynamic(move || {
                if waits.get() { untrack(|| under_way(letters, toasts)) } else { Vec::new() }
            }),
        )
        .child(dialog(
            exporting,
            || say(texts::EXPORT).to_owned(),
            "export-dialog",
            move || export(query.get_untracked(), exporting, toasts),
        ))
        .child(dialog(matching, || say(texts::MATCH).to_owned(), "match-dialog", move || match_ids(toasts)))
        .child(dialog(
            inviting,
            || say(texts::INVITE).to_owned(),
            "invite-dialog",
            move || invite(query.get_untracked(), inviting, letters, toasts),
        ))
}

/// A choice of a few, one under the other.
fn choice(
    label: Text,
    name: &'static str,
    options: Vec<(&'static str, Text)>,
    chosen: RwSignal<String>,
) -> El {
    let one = move |(value, words): (&'static str, Text)| {
        el("label", "flex min-h-11 items-center gap-2 text-sm md:min-h-8")
            .child(
                el("input", "size-4")
                    .attr("type", "radio")
                    .attr("name", name)
                    .attr("value", value)
                    .attr_when("checked", move || (chosen.get_untracked() == value).then(String::new))
                    .test(&format!("{name}-{value}"))
                    .on("change", move |event| chosen.set(value_of(&event))),
            )
            .child(el("span", "").say(words))
    };
    el("fieldset", "m-0 border-0 p-0")
        .child(el("legend", "field-label").say(label))
        .children(options.into_iter().map(one).collect())
}

fn export(query: Query, open: RwSignal<bool>, toasts: Toasts) -> Vec<El> {
    let encoding = RwSignal::new("utf-8".to_owned());
    let (busy, done, of) = (RwSignal::new(false), RwSignal::new(0_u64), RwSignal::new(0_u64));
    let press = move || {
        let query = query.clone();
        let sjis = encoding.get_untracked() == "shift_jis";
        busy.set(true);
        spawn(async move {
            let mut text = String::new();
            let mut cursor = None::<String>;
            loop {
                let mut path = format!("/api/members/export{}", query.text(cursor.as_deref()));
                path.push_str(if path.contains('?') { "&lang=" } else { "?lang=" });
                path.push_str(lang_now().tag());
                let part = match json::get::<ExportPart>(&path).await {
                    Ok(part) => part,
                    Err(failure) => {
                        toasts.failed(&failure);
                        let _gone = busy.try_set(false);
                        return;
                    }
                };
                text.push_str(&part.csv);
                if let Some(total) = part.total {
                    let _gone = of.try_set(total.into());
                }
                // `Some`: the dialog was left.
                if done.try_update(|done| *done += u64::from(part.rows)).is_none() {
                    return;
                }
                cursor = part.next;
                if cursor.is_none() {
                    break;
                }
            }
            finish(&text, sjis, done.get_untracked(), toasts);
            let _gone = busy.try_set(false);
            let _gone = open.try_set(false);
        });
    };
    let start = Press {
        doing: texts::EXPORT_BUSY,
        busy: busy.into(),
        test: "export-do".into(),
        ..Press::primary(texts::EXPORT_DO)
    };
    let options = vec![("utf-8", texts::EXPORT_UTF8), ("shift_jis", texts::EXPORT_SJIS)];
    vec![
        paragraph("", texts::EXPORT_LEAD),
        choice(texts::EXPORT_FOR, "encoding", options, encoding),
        el("div", "").attr("aria-live", "polite").dynamic(move || {
            if !busy.get() {
                return Vec::new();
            }
            vec![progress(done.into(), of.into(), texts::EXPORT_PROGRESS)]
        }),
        el("div", "form-actions justify-end").child(button(start, Some(Box::new(press)))),
    ]
}

/// Writes the file in the wanted encoding and hands it over.
fn finish(text: &str, sjis: bool, people: u64, toasts: Toasts) {
    const NAME: &str = "todoke-members.csv";
    if !sjis {
        browser::save_bytes(NAME, "text/csv", format!("\u{feff}{text}").as_bytes());
    } else if let Some(table) = ShiftJis::new() {
        let (bytes, lost) = table.encode(text);
        browser::save_bytes(NAME, "text/csv", &bytes);
        if lost > 0 {
            return toasts.words(now(texts::EXPORT_LOST, lost as u64));
        }
    } else {
        return toasts.bad(texts::EXPORT_NO_SJIS);
    }
    toasts.words(now(texts::EXPORTED, people));
}

/// With one number, in the language of the moment.
fn now(text: Text, number: u64) -> String {
    text.get(lang_now()).replacen("{}", &number_text(number), 1)
}

/// The card of each connection that can tell IDs.
fn match_ids(toasts: Toasts) -> Vec<El> {
    let loader = Loader::<Vec<Integration>>::at("/api/integrations");
    vec![
        paragraph("", texts::MATCH_LEAD),
        show(el("div", "grid gap-4"), loader, move |found| {
            let cards: Vec<El> = found.with_untracked(|found| {
                let known =
                    found.iter().filter(|one| matches!(one.provider, Provider::Lineworks | Provider::Slack));
                known.map(|one| matching(toasts, one.provider, one.id.clone(), RwSignal::new(0))).collect()
            });
            if cards.is_empty() {
                return vec![
                    paragraph("text-ink-soft", texts::MATCH_NONE),
                    away(
                        ButtonKind::Secondary,
                        texts::MATCH_CONNECT,
                        "/console/integrations",
                        "to-integrations",
                    ),
                ];
            }
            cards
        }),
    ]
}

fn invite(query: Query, open: RwSignal<bool>, letters: RwSignal<Invitations>, toasts: Toasts) -> Vec<El> {
    let whom = RwSignal::new("new".to_owned());
    let busy = RwSignal::new(false);
    let asked = query.clone();
    let found = Loader::new(move || {
        let query = Query { usable: "true".to_owned(), ..asked.clone() };
        let new = if whom.get() == "new" { "&invited=false" } else { "" };
        let path = format!("/api/v1/members{}{new}&limit=1", query.text(None));
        async move { json::get::<Page<Member>>(&path).await }
    });
    let press = move || {
        let path = format!("/api/members/invitations{}", query.text(None));
        let body = object(&[("new_only", Out::Bool(whom.get_untracked() == "new"))]);
        busy.set(true);
        spawn(async move {
            let answer = json::send::<Invitations>("POST", &path, body).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(now) => {
                    let _gone = letters.try_set(now);
                    let _gone = open.try_set(false);
                    follow(letters, toasts);
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    let options = vec![("new", texts::INVITE_NEW), ("all", texts::INVITE_ALL)];
    vec![
        paragraph("", texts::INVITE_LEAD),
        choice(texts::INVITE_WHOM, "whom", options, whom),
        show(el("div", "form-actions justify-end"), found, move |page| {
            let count = page.with(|page| page.total.unwrap_or_default());
            let press = press.clone();
            let start = Press {
                doing: texts::INVITE_BUSY,
                busy: busy.into(),
                disabled: Some(Signal::stored(count == 0)),
                test: "invite-do".into(),
                ..Press::primary(texts::INVITE_DO)
            };
            let words = move || match count {
                0 => say(texts::INVITE_NOBODY).to_owned(),
                some => fill(texts::INVITE_DO, &[&number_text(some)]),
            };
            vec![button(start.words(words), Some(Box::new(press)))]
        }),
    ]
}

/// Asks how far the letters are, until none waits or the page is left.
fn follow(letters: RwSignal<Invitations>, toasts: Toasts) {
    spawn(async move {
        let mut waited = false;
        loop {
            if let Ok(now) = json::get::<Invitations>("/api/members/invitations").await {
                let (waiting, sent, failed) = (now.waiting, now.sent, now.failed);
                if letters.try_set(now).is_some() {
                    return;
                }
                if waiting == 0 {
                    if waited && failed > 0 {
                        toasts.words(self::now(texts::INVITE_FAILED, failed));
                    } else if waited {
                        toasts.words(self::now(texts::INVITED_ALL, sent));
                    }
                    return;
                }
                waited = true;
            }
            browser::pause(1_000).await;
            if letters.try_get_untracked().is_none() {
                return;
            }
        }
    });
}

fn under_way(letters: RwSignal<Invitations>, toasts: Toasts) -> Vec<El> {
    let done = Signal::derive(move || letters.with(|letters| letters.sent + letters.failed));
    let of = Signal::derive(move || letters.with(|letters| letters.waiting + letters.sent + letters.failed));
    let stop = move || {
        spawn(async move {
            if let Err(failure) = http::delete("/api/members/invitations").await {
                toasts.failed(&failure);
            }
        });
    };
    vec![
        el("section", "card mt-3 grid gap-2")
            .test("inviting")
            .child(paragraph("font-medium", texts::INVITING))
            .child(progress(done, of, texts::INVITING))
            .child(
                el("div", "flex flex-wrap items-center justify-between gap-3")
                    .child(paragraph("text-[13px] text-ink-soft", texts::INVITING_LEAD))
                    .child(button(
                        Press {
                            kind: ButtonKind::Quiet,
                            test: "stop-inviting".into(),
                            ..Press::new(texts::STOP)
                        },
                        Some(Box::new(stop)),
                    )),
            ),
    ]
}
