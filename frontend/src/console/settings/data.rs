//! Everything as a file, and the end of the workspace.

use leptos::prelude::*;
use shared::{
    api::{
        auth::Role,
        workspace::{ExportSlice, WorkspaceConsequences, WorkspaceSettings},
    },
    lang::Text,
};

use super::{
    texts::{data as texts, frame},
    wire::Ended,
};
use crate::{
    client::{
        Session, browser,
        json::{self, Out, object},
        spawn,
    },
    console::{
        confirm::{Confirmation, type_to_confirm},
        head::card_head,
    },
    dom::{El, el},
    i18n::{fill, lang_now, say},
    kit::{
        ButtonKind, Icon, Loader, Toasts,
        controls::{Press, away, button},
        dialog::dialog,
        surfaces::{paragraph, show, title_of},
        use_toasts,
    },
};

/// `/console/settings/data`.
pub(super) fn page() -> Vec<El> {
    let (toasts, session) = (use_toasts(), Session::expect());
    // Once it is gone, nothing else of the page means anything.
    let gone = RwSignal::new(None::<Vec<String>>);
    vec![el("div", "").dynamic(move || match gone.get() {
        Some(left) => untrack(|| vec![farewell(&left)]),
        None => untrack(|| {
            vec![
                title_of(frame::DATA),
                paragraph("lead", frame::DATA_LEAD),
                export(toasts),
                deletion(toasts, session, gone),
            ]
        }),
    })]
}

/// How far an export has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Far {
    done: u64,
    of: u64,
}

fn export(toasts: Toasts) -> El {
    let far = RwSignal::new(None::<Far>);
    let stopped = RwSignal::new(false);
    let busy = Signal::derive(move || far.with(Option::is_some));
    let begin = move || {
        if busy.get_untracked() {
            return;
        }
        stopped.set(false);
        far.set(Some(Far::default()));
        spawn(async move {
            let answer = collect(far, stopped).await;
            let _gone = far.try_set(None);
            match answer {
                Ok(Some((lines, count))) => {
                    browser::save_file(&file_name(), "application/x-ndjson", &lines);
                    let count = browser::number_text(count);
                    toasts.words(texts::EXPORT_DONE.get(lang_now()).replace("{}", &count));
                }
                Ok(None) => toasts.say(texts::EXPORT_STOPPED),
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    let start = Press {
        doing: texts::EXPORT_BUSY,
        busy,
        icon: Some(Icon::File),
        test: "export".into(),
        ..Press::new(texts::EXPORT_DO)
    };
    let under_way = Memo::new(move |_| far.with(Option::is_some));
    let progress = el("div", "").dynamic(move || {
        if !under_way.get() {
            return Vec::new();
        }
        let now = move || far.get().unwrap_or_default();
        let bar = el("div", "progress mt-4")
            .test("export-progress")
            .child(
                el("progress", "")
                    .attr_when("max", move || Some(now().of.max(1).to_string()))
                    .attr_when("value", move || Some(now().done.to_string()))
                    .attr_when("aria-label", || Some(say(texts::EXPORT_PROGRESS).to_owned())),
            )
            .child(el("span", "num").text_when(move || {
                format!("{} / {}", browser::number_text(now().done), browser::number_text(now().of))
            }));
        let stop = Press { test: "export-stop".into(), ..Press::new(texts::EXPORT_STOP) };
        untrack(|| {
            vec![bar, el("div", "mt-2").child(button(stop, Some(Box::new(move || stopped.set(true)))))]
        })
    });
    el("section", "card")
        .attr("aria-labelledby", "export-title")
        .child(card_head("export-title", texts::EXPORT, Some(texts::EXPORT_LEAD)))
        .child(el("div", "mt-4").child(button(start, Some(Box::new(begin)))))
        .child(progress)
}

type Collected = Option<(Vec<String>, u64)>;

/// Slice after slice; `None` when the reader stopped it or left.
async fn collect(
    far: RwSignal<Option<Far>>,
    stopped: RwSignal<bool>,
) -> Result<Collected, crate::client::Failure> {
    let (mut lines, mut done, mut of) = (Vec::new(), 0, 0);
    let mut cursor: Option<String> = None;
    loop {
        let body = cursor
            .as_deref()
            .map_or_else(|| "{}".to_owned(), |cursor| object(&[("cursor", Out::Text(cursor))]));
        let slice = json::send::<ExportSlice>("POST", "/api/settings/export", body).await?;
        lines.push(slice.lines);
        done += slice.count;
        of = slice.total.unwrap_or(of).max(done);
        if far.try_set(Some(Far { done, of })).is_some() || stopped.try_get_untracked() != Some(false) {
            return Ok(None);
        }
        cursor = slice.next;
        if cursor.is_none() {
            return Ok(Some((lines, done)));
        }
    }
}

/// `todoke-2026-11-22.jsonl`.
fn file_name() -> String {
    format!("todoke-{}.jsonl", browser::iso(browser::now()).split('T').next().unwrap_or_default())
}

fn deletion(toasts: Toasts, session: Session, gone: RwSignal<Option<Vec<String>>>) -> El {
    let open = RwSignal::new(false);
    let owner = session.0.with_untracked(|me| me.as_ref().is_some_and(|me| me.role == Role::Owner));
    let head = el("section", "card mt-6").attr("aria-labelledby", "delete-title").child(card_head(
        "delete-title",
        texts::DELETE,
        Some(texts::DELETE_LEAD),
    ));
    if !owner {
        return head
            .child(paragraph("mt-3 text-[13px] text-ink-soft", texts::DELETE_OWNER).test("owners-only"));
    }
    let press =
        Press { kind: ButtonKind::Danger, test: "delete-workspace".into(), ..Press::new(texts::DELETE) };
    let name = RwSignal::new(String::new());
    let title = move || fill(texts::DELETE_TITLE, &[&name.get()]);
    head.child(el("div", "mt-4").child(button(press, Some(Box::new(move || open.set(true)))))).child(dialog(
        open,
        title,
        "delete-dialog",
        move || confirm(open, name, toasts, gone),
    ))
}

fn confirm(
    open: RwSignal<bool>,
    name: RwSignal<String>,
    toasts: Toasts,
    gone: RwSignal<Option<Vec<String>>>,
) -> Vec<El> {
    let counted = Loader::<WorkspaceConsequences>::at("/api/workspace/consequences");
    spawn(async move {
        match json::get::<WorkspaceSettings>("/api/settings/workspace").await {
            Ok(settings) => drop(name.try_set(settings.name)),
            Err(failure) => toasts.failed(&failure),
        }
    });
    let busy = RwSignal::new(false);
    let delete = move || {
        let path = format!("/api/workspace?confirm={}", browser::escape(&name.get_untracked()));
        busy.set(true);
        spawn(async move {
            let answer = json::send::<Ended>("DELETE", &path, String::new()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(Ended(left)) => {
                    let _gone = open.try_set(false);
                    let _gone = gone.try_set(Some(left));
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    let last = Confirmation {
        name: name.into(),
        label: texts::DELETE_DO,
        doing: texts::DELETE_BUSY,
        busy,
        test: "delete-confirm",
    };
    let mut parts = vec![
        paragraph("", texts::DELETE_LEAD),
        show(el("div", ""), counted, |counted| vec![counted.with_untracked(counts)]),
    ];
    parts.extend(type_to_confirm(open, last, delete));
    parts
}

fn counts(counted: &WorkspaceConsequences) -> El {
    let all: [(Text, u64); 8] = [
        (texts::MEMBERS, counted.members),
        (texts::INTEGRATIONS, counted.integrations),
        (texts::ROOMS, counted.rooms),
        (texts::NOTICES, counted.notices),
        (texts::WAITING, counted.waiting),
        (texts::KEYS, counted.keys),
        (texts::DOORS, counted.doors),
        (texts::WEBHOOKS, counted.webhooks),
    ];
    let list = all.into_iter().fold(el("dl", "facts counts").test("consequences"), |list, (name, count)| {
        list.child(el("dt", "").say(name))
            .child(el("dd", "font-medium tabular-nums").text(&browser::number_text(count)))
    });
    el("div", "").child(paragraph("mb-1 text-[14px] font-semibold", texts::DELETE_COUNTS)).child(list)
}

/// What is left of it: a page.
fn farewell(left: &[String]) -> El {
    let names: Vec<String> = left
        .iter()
        .map(|code| {
            let provider = shared::api::integrations::Provider::from_code(code);
            provider.map_or_else(|| code.clone(), |provider| say(provider.channel().name()).to_owned())
        })
        .collect();
    let remain = (!names.is_empty()).then(|| {
        let names = names.join(", ");
        el("p", "mt-3").test("bots-left").text_when(move || fill(texts::GONE_LEFT, &[&names]))
    });
    el("div", "max-w-[40rem]")
        .test("workspace-gone")
        .child(title_of(texts::GONE_TITLE))
        .child(paragraph("lead", texts::GONE_LEAD))
        .maybe(remain)
        .child(el("div", "mt-5").child(away(
            ButtonKind::Secondary,
            texts::GONE_START,
            "/setup",
            "begin-anew",
        )))
}
