//! A connection that exists: its state, its settings, what can be done with it.

use leptos::prelude::*;
use shared::{
    api::{
        integrations::{CheckResult, Integration, IntegrationSettings, IntegrationState, Provider},
        linking::Returned,
        live::LiveMessage,
    },
    integration::SlackVia,
    lang::Text,
};

use super::{
    calendar::calendar,
    check::{Run, saved_steps},
    delete_dialog::delete_dialog,
    facts::{Fact, Todo, facts, todo},
    first_notice::first_notice,
    form_page::retired,
    install::install,
    list::{last_success, state_badge},
    matching::matching,
    replace_dialog::replace_dialog,
    rooms::rooms,
    saving::checking,
    words as w,
};
use crate::{
    client::{Failure, browser, json, live, spawn, times},
    console::{back::back, head::card_head, texts::integrations as texts},
    dom::{El, el},
    i18n::{fill, lang, lang_now, say},
    kit::{
        ButtonKind, Icon, Loader, Tone,
        button::copy_button,
        controls::{Press, button},
        surfaces::{banner, icon, mark, paragraph, show, title, title_of},
        use_toasts,
    },
};

/// `/console/integrations/{id}`.
pub(crate) fn page(id: String) -> Vec<El> {
    let returned = browser::query("result");
    if returned.is_some() {
        browser::forget_query();
    }
    let loader = Loader::new(move || {
        let id = id.clone();
        async move {
            // `None`: it was deleted, or never was.
            let all = json::get::<Vec<Integration>>("/api/integrations").await?;
            Ok::<_, Failure>(all.into_iter().find(|one| one.id.as_str() == id))
        }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Integration(changed)) => {
            let changed = changed.as_ref().clone();
            loader.change(|shown| {
                if shown.as_ref().is_some_and(|shown| shown.id == changed.id) {
                    *shown = Some(changed);
                }
            });
        }
        live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let toasts = use_toasts();
    let visit = crate::console::visit::Visit::expect();
    let page = Page { loader, toasts, visit, returned: StoredValue::new(returned) };
    vec![
        back("/console/integrations", texts::BACK),
        show(el("div", ""), loader, move |shown| {
            let there = Memo::new(move |_| shown.with(Option::is_some));
            vec![el("div", "").dynamic(move || match shown.get_untracked().filter(|_| there.get()) {
                Some(first) => untrack(|| connected(page, shown, first)),
                None => vec![title_of(texts::GONE)],
            })]
        }),
    ]
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) loader: Loader<Option<Integration>>,
    pub(super) toasts: crate::kit::Toasts,
    pub(super) visit: crate::console::visit::Visit,
    /// How the browser came back from the provider's page.
    returned: StoredValue<Option<String>>,
}

fn connected(page: Page, shown: RwSignal<Option<Integration>>, first: Integration) -> Vec<El> {
    // What cannot change while the page is open: which connection, of which provider.
    let (id, provider) = (first.id.clone(), first.provider);
    let fixed = StoredValue::new(first.clone());
    let integration = Memo::new(move |_| shown.get().unwrap_or_else(|| first.clone()));
    let (replacing, deleting) = (RwSignal::new(false), RwSignal::new(false));
    let head = el("div", "").child(title(move || integration.with(|one| one.name().to_owned()))).child(
        el("p", "mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft")
            .child(
                el("span", "flex items-center gap-1.5")
                    .child(mark(provider.channel()))
                    .child(el("span", "").say(service_name(provider))),
            )
            .dynamic(move || integration.with(state_line)),
    );
    let replace = Press { icon: Some(Icon::Key), test: "replace".into(), ..Press::new(texts::REPLACE) };
    // A connection of webhooks alone keeps nothing that could be replaced, and Web Push makes its own key.
    let has_secret =
        Memo::new(move |_| provider.has_form() && integration.with(|one| !is_webhooks_only(one)));
    let settings = el("section", "card grid gap-3")
        .attr("aria-labelledby", "settings-title")
        .child(
            el("div", "flex flex-wrap items-center justify-between gap-3")
                .child(card_head("settings-title", texts::SETTINGS, None))
                .child(
                    button(replace, Some(Box::new(move || replacing.set(true))))
                        .attr_when("hidden", move || (!has_secret.get()).then(String::new)),
                ),
        )
        .dynamic(move || vec![integration.with(|one| fact_list(page, one))]);
    let delete = Press { kind: ButtonKind::Danger, test: "delete".into(), ..Press::new(texts::DELETE) };
    let deletion = el(
        "section",
        "flex flex-wrap items-center justify-between gap-x-4 gap-y-3 border-t border-line pt-5",
    )
    .attr("aria-labelledby", "delete-title")
    .child(card_head("delete-title", texts::DELETE_ZONE, Some(texts::DELETE_ZONE_LEAD)))
    .child(button(delete, Some(Box::new(move || deleting.set(true)))));

    let can_check = Memo::new(move |_| integration.with(|one| !saved_steps(&one.settings).is_empty()));

    let mut whole = el("div", "grid max-w-[46rem] gap-5").child(head);
    if provider == Provider::LineworksV1 {
        whole = whole.child(retired());
    }
    whole = whole.maybe(came_back(page)).dynamic(move || integration.with(trouble));
    if matches!(fixed.get_value().settings, IntegrationSettings::Slack { via: SlackVia::Install, .. }) {
        whole = whole.child(install(page, integration));
    }
    // First what comes next after saving, then what is looked up later.
    let matched = RwSignal::new(0);
    if matches!(provider, Provider::Lineworks | Provider::Slack) {
        whole = whole.child(matching(page.toasts, provider, id, matched));
    }
    let first = first_notice(page.toasts, integration, matched);
    let todo = el("div", "contents").dynamic(move || integration.with(|one| todo_list(page, one)));
    // LINE WORKS is told everything by us; elsewhere the addresses come first.
    let done = matches!(provider, Provider::Lineworks | Provider::LineworksV1);
    let next = if done { [first, todo] } else { [todo, first] };
    whole = whole
        .children(next.into())
        .child(settings)
        .dynamic(move || if can_check.get() { vec![untrack(|| check(integration))] } else { Vec::new() });
    if provider == Provider::Lineworks {
        whole = whole.child(calendar(page, integration));
    }
    if !matches!(provider, Provider::Mail | Provider::WebPush) {
        whole = whole.child(rooms(page, integration));
    }
    vec![
        whole.child(deletion),
        replace_dialog(page, replacing, fixed.get_value()),
        delete_dialog(page, deleting, fixed.get_value()),
    ]
}

/// API 1.0 and 2.0 are two services to an admin.
pub(super) const fn service_name(provider: Provider) -> Text {
    match provider {
        Provider::LineworksV1 => texts::LINEWORKS_V1,
        provider => provider.channel().name(),
    }
}

const fn is_webhooks_only(one: &Integration) -> bool {
    matches!(one.settings, IntegrationSettings::GoogleChat { client_email: None, .. })
}

fn came_back(page: Page) -> Option<El> {
    let code = page.returned.try_update_value(Option::take).flatten()?;
    let returned = Returned::from_code(&code).unwrap_or(Returned::Failed);
    let tone = if returned.is_good() { Tone::Good } else { Tone::Bad };
    let words = banner(tone, "install-result", move || say(returned.sentence()).to_owned());
    Some(el("div", "[&_.banner]:mb-0").child(words))
}

fn state_line(one: &Integration) -> Vec<El> {
    vec![
        state_badge(one),
        el("span", "text-[13px]").text(&last_success(one.state, one.state_since, one.last_ok_at)),
    ]
}

/// Why it does not work, and what became of the notices.
fn trouble(one: &Integration) -> Vec<El> {
    if one.state != IntegrationState::Broken {
        return Vec::new();
    }
    let mut words = el("div", "");
    if let Some(cause) = &one.cause {
        words = words
            .child(paragraph("font-medium", cause.code.sentence()))
            .child(el("p", "font-mono text-[13px]").text(&cause.detail));
    }
    vec![
        el("div", "banner mb-0")
            .attr("data-tone", Tone::Bad.name())
            .attr("role", "alert")
            .test("trouble")
            .child(icon(Icon::Warning))
            .child(words.child(paragraph("", texts::BROKEN_KEPT))),
    ]
}

fn fact_list(page: Page, integration: &Integration) -> El {
    let mut list = el("dl", "facts items-baseline").test("settings");
    for (name, fact) in facts(integration) {
        let value = match fact {
            Fact::Plain(text) if text.is_empty() => el("span", "text-ink-soft").say(texts::NONE),
            Fact::Plain(text) => el("span", "").text(&text),
            Fact::Copied(text) => el("span", "-my-2 flex flex-wrap items-center gap-x-1")
                .child(el("code", "font-mono text-[14px] break-all").test("bot-id").text(&text))
                .child(copy(page, name, text)),
            Fact::Secret(at) => el("span", "text-ink-soft")
                .text_when(move || fill(texts::SECRET_SET, &[&times::day_text(at, lang())])),
        };
        list = list.child(el("dt", "").say(name)).child(el("dd", "").child(value));
    }
    list
}

fn copy(page: Page, name: Text, value: String) -> El {
    copy_button(page.toasts, Signal::stored(value), "copy", move || Some(say(name).to_owned()))
}

/// What is registered on the provider's pages, with the values to copy.
fn todo_list(page: Page, integration: &Integration) -> Vec<El> {
    let all = todo(integration);
    if all.is_empty() {
        return Vec::new();
    }
    let line = |todo: Todo| match todo {
        Todo::Words(words) => el("li", "").say(words),
        Todo::Value(name, place, value) => el("li", "grid gap-1")
            .child(el("span", "text-[14px] font-semibold").say(name))
            .child(el("span", "text-[13px] text-ink-soft").say(place))
            .child(
                el("div", "flex items-center gap-2 rounded-md bg-sunk py-0.5 pr-1 pl-3")
                    .child(
                        el("code", "min-w-0 flex-1 py-1.5 font-mono text-[13px] break-all")
                            .test("callback-url")
                            .text(&value),
                    )
                    .child(copy(page, name, value)),
            ),
    };
    vec![
        el("section", "card grid gap-3")
            .attr("aria-labelledby", "todo-title")
            .child(card_head("todo-title", w::AT_PROVIDER, Some(w::AT_PROVIDER_LEAD)))
            .child(
                el("ul", "m-0 grid list-none gap-4 p-0")
                    .test("todo")
                    .children(all.into_iter().map(line).collect()),
            ),
    ]
}

/// 「接続を確認」 of a connection that is saved already.
fn check(integration: Memo<Integration>) -> El {
    let run = RwSignal::new(Run::NotYet);
    let press = move || {
        let (path, steps) = integration.with_untracked(|one| {
            (format!("/api/integrations/{}/check", one.id), saved_steps(&one.settings))
        });
        run.set(Run::Running(steps));
        spawn(async move {
            let answer = json::send::<CheckResult>("POST", &path, String::new()).await;
            let _gone = run.try_set(match answer {
                Ok(result) => Run::Done(result.steps),
                Err(failure) => Run::Failed(failure.message(lang_now())),
            });
        });
    };
    checking(run, false, press)
}
