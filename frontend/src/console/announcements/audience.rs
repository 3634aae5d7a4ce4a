//! Whom an announcement is for: everyone, companies, rooms, and people found by name.

use leptos::prelude::*;
use shared::{
    api::{Page, events::Company, integrations::Room},
    lang::Text,
};

use super::{draft::Draft, texts};
use crate::{
    client::{
        Session, browser,
        json::{self, FromJson, Json},
        spawn,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Icon,
        form::Form,
        surfaces::{icon, mark},
    },
};

/// As many as are found at once.
const FOUND: usize = 8;
/// Long enough to type the next letter.
const PAUSE_MS: i64 = 250;

/// The fields of the audience.
pub(super) fn fields(form: Form<Draft>) -> El {
    let whole = Session::expect().0.with_untracked(|me| me.as_ref().is_none_or(|me| me.role.is_admin()));
    let everyone = Memo::new(move |_| form.values.with(|draft| draft.everyone));
    let error = move || form.problems.with(|problems| problems.of("to", lang()));
    let mut all = el("fieldset", "grid min-w-0 gap-4 border-0 p-0 [&>*]:min-w-0")
        .child(el("legend", "mb-2 text-[16px] font-semibold").say(texts::TO));
    if whole {
        all = all.child(
            el("div", "")
                .child(chip(texts::EVERYONE, "to-everyone", everyone, move || {
                    change(form, |draft| draft.everyone = !draft.everyone);
                }))
                .child(el("p", "field-hint mt-1").text_when(move || {
                    if everyone.get() { say(texts::EVERYONE_HINT).to_owned() } else { String::new() }
                })),
        );
    }
    all.child(el("div", "contents").dynamic(move || {
        if everyone.get() {
            return Vec::new();
        }
        untrack(|| vec![companies(form), members(form)])
    }))
    .child(
        el("div", "contents").dynamic(move || if whole { untrack(|| vec![rooms(form)]) } else { Vec::new() }),
    )
    .child(
        el("p", "field-error")
            .attr("aria-live", "polite")
            .test("error-to")
            .text_when(move || error().map(|_| say(texts::TO_REQUIRED).to_owned()).unwrap_or_default()),
    )
}

fn change(form: Form<Draft>, change: impl FnOnce(&mut Draft)) {
    form.values.update(change);
    form.problems.update(|problems| problems.typed("to"));
}

fn chip(words: Text, test: &str, on: Memo<bool>, press: impl Fn() + 'static) -> El {
    el("button", "chip")
        .attr("type", "button")
        .attr_when("aria-pressed", move || Some(on.get().to_string()))
        .test(test)
        .say(words)
        .on_press(press)
}

/// A list to choose from, each a chip; nothing is shown when there is none.
fn choices(
    label: Text,
    test: &'static str,
    all: RwSignal<Vec<Choice>>,
    chosen: fn(&Draft) -> &Vec<String>,
    chosen_mut: fn(&mut Draft) -> &mut Vec<String>,
    form: Form<Draft>,
) -> El {
    let one = move |choice: &Choice| {
        let (id, pressed) = (choice.id.clone(), choice.id.clone());
        el("button", "chip inline-flex items-center gap-1.5")
            .attr("type", "button")
            .attr_when("aria-pressed", move || {
                Some(form.values.with(|draft| chosen(draft).contains(&id)).to_string())
            })
            .test(test)
            .maybe(choice.channel.map(mark))
            .child(el("span", "").text(&choice.words))
            .on_press(move || {
                change(form, |draft| {
                    let ids = chosen_mut(draft);
                    match ids.iter().position(|known| *known == pressed) {
                        Some(at) => drop(ids.remove(at)),
                        None => ids.push(pressed.clone()),
                    }
                });
            })
    };
    el("div", "contents").dynamic(move || {
        if all.with(Vec::is_empty) {
            return Vec::new();
        }
        let chips = all.with(|all| all.iter().map(one).collect());
        vec![
            el("div", "").child(el("p", "field-label mb-1.5").say(label)).child(
                el("div", "chips max-h-44 overflow-y-auto")
                    .attr("role", "group")
                    .attr_when("aria-label", move || Some(say(label).to_owned()))
                    .children(chips),
            ),
        ]
    })
}

#[derive(Clone)]
struct Choice {
    id: String,
    words: String,
    channel: Option<shared::channel::Channel>,
}

fn companies(form: Form<Draft>) -> El {
    let all = RwSignal::new(Vec::new());
    spawn(async move {
        // Without the list people can still be found one by one.
        if let Ok(loaded) = json::get::<Vec<Company>>("/api/v1/companies").await {
            let choice =
                |company: Company| Choice { id: company.id.to_string(), words: company.name, channel: None };
            let _gone = all.try_set(loaded.into_iter().map(choice).collect());
        }
    });
    choices(texts::COMPANIES, "to-company", all, |draft| &draft.companies, |draft| &mut draft.companies, form)
}

fn rooms(form: Form<Draft>) -> El {
    let all = RwSignal::new(Vec::new());
    spawn(async move {
        if let Ok(loaded) = json::get::<Vec<Room>>("/api/v1/rooms").await {
            let open = loaded.into_iter().filter(|room| room.open).map(|room| Choice {
                id: room.id.to_string(),
                words: if room.name.is_empty() { room.provider_id } else { room.name },
                channel: Some(room.provider.channel()),
            });
            let _gone = all.try_set(open.collect());
        }
    });
    choices(texts::ROOMS, "to-room", all, |draft| &draft.rooms, |draft| &mut draft.rooms, form)
}

/// Somebody who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    id: String,
    name: String,
    about: String,
}

impl FromJson for Found {
    fn from_json(json: &Json) -> Option<Self> {
        let about = [json.text("company_name"), json.text("department"), json.text("login_email")];
        let about = about.into_iter().flatten().filter(|text| !text.is_empty());
        Some(Self {
            id: json.text("id")?,
            name: json.text("name")?,
            about: about.collect::<Vec<_>>().join(" · "),
        })
    }
}

fn members(form: Form<Draft>) -> El {
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Vec<Found>>);
    let search = move || {
        let asked = typed.get_untracked();
        if asked.trim().is_empty() {
            found.set(None);
            return;
        }
        spawn(async move {
            browser::pause(PAUSE_MS).await;
            if typed.try_get_untracked().as_ref() != Some(&asked) {
                return;
            }
            let path =
                format!("/api/v1/members?usable=true&limit={FOUND}&q={}", browser::escape(asked.trim()));
            let answer = json::get::<Page<Found>>(&path).await;
            if typed.try_get_untracked().as_ref() == Some(&asked) {
                // A failed search finds nobody; the next letter asks again.
                found.set(Some(answer.map(|page| page.items).unwrap_or_default()));
            }
        });
    };
    let keys = move || form.values.with(|draft| draft.members.iter().map(|(id, _)| id.clone()).collect());
    let id = crate::kit::field::next_id("members");
    el("div", "")
        .child(el("label", "field-label").attr("for", &id).say(texts::MEMBERS))
        .child(el("div", "chips mt-1.5 empty:hidden").list(keys, move |id| chosen_member(form, id)))
        .child(
            el("input", "input mt-1.5")
                .attr("id", &id)
                .attr("type", "search")
                .attr("autocomplete", "off")
                .attr_when("placeholder", || Some(say(texts::FIND_MEMBER).to_owned()))
                .test("find-member")
                .value_when(move || typed.get())
                .on("input", move |event| {
                    typed.set(browser::value_of(&event));
                    search();
                })
                // Enter finds, it does not send the form.
                .on("keydown", |event| {
                    use wasm_bindgen::JsCast;
                    if event.dyn_ref::<web_sys::KeyboardEvent>().is_some_and(|key| key.key() == "Enter") {
                        event.prevent_default();
                    }
                }),
        )
        .child(el("div", "").attr("aria-live", "polite").dynamic(move || {
            let Some(found) = found.get() else { return Vec::new() };
            let known = form.values.with(|draft| draft.members.clone());
            let new: Vec<Found> =
                found.iter().filter(|one| known.iter().all(|(id, _)| *id != one.id)).cloned().collect();
            if found.is_empty() {
                return vec![el("p", "field-hint mt-1").test("nobody-found").say(texts::NOBODY_FOUND)];
            }
            let lines = new.into_iter().map(|one| found_line(form, one)).collect();
            vec![
                el(
                    "ul",
                    "mt-1 m-0 list-none divide-y divide-line rounded-md border border-line p-0 empty:hidden",
                )
                .children(lines),
            ]
        }))
}

fn found_line(form: Form<Draft>, one: Found) -> El {
    let name = one.name.clone();
    let words = el("span", "min-w-0 flex-1 truncate")
        .child(el("span", "font-medium").text(&one.name))
        .child(el("span", "ml-2 text-[13px] text-ink-soft").text(&one.about));
    el("li", "").child(
        el("button", "flex min-h-11 w-full items-center gap-2 px-3 text-left hover:bg-sunk")
            .attr("type", "button")
            .attr_when("aria-label", move || Some(fill(texts::ADD_MEMBER, &[&name])))
            .test("found-member")
            .child(words)
            .child(icon(Icon::Plus))
            .on_press(move || {
                change(form, |draft| draft.members.push((one.id.clone(), one.name.clone())));
            }),
    )
}

fn chosen_member(form: Form<Draft>, id: &str) -> El {
    let name = form.values.with_untracked(|draft| {
        draft.members.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone()).unwrap_or_default()
    });
    let (id, said) = (id.to_owned(), name.clone());
    el("button", "chip inline-flex items-center gap-1.5")
        .attr("type", "button")
        .attr("aria-pressed", "true")
        .attr_when("aria-label", move || Some(fill(texts::REMOVE_MEMBER, &[&said])))
        .test("to-member")
        .child(el("span", "").text(&name))
        .child(icon(Icon::Cross))
        .on_press(move || change(form, |draft| draft.members.retain(|(known, _)| *known != id)))
}
