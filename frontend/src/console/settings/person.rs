//! Choosing one member: typed names are looked for on the server a moment after the last letter.

use std::time::Duration;

use leptos::prelude::*;
use shared::lang::Text;

use crate::{
    client::{
        browser::{self, value_of},
        json::{self, FromJson, Json},
        spawn,
    },
    dom::{El, el},
    i18n::say,
    kit::{
        Icon,
        controls::{Press, button, error_of},
        field::next_id,
        surfaces::icon,
    },
};

/// Long enough to type the next letter.
const PAUSE: Duration = Duration::from_millis(250);
/// More are found by typing more.
const SHOWN: usize = 8;

crate::i18n::texts! {
    SEARCH "名前・メールで検索" "Search name or email";
    NOBODY "当てはまる人がいません。" "Nobody matches.";
    CHANGE "変える" "Change";
    FOUND "見つかった人" "People found";
}

/// What is shown of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
}

impl FromJson for Person {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { id: json.text("id")?, name: json.text("name")?, email: json.text("login_email")? })
    }
}

/// The first of a page of the list of members.
struct People(Vec<Person>);

impl FromJson for People {
    fn from_json(json: &Json) -> Option<Self> {
        json.get("items").items().iter().take(SHOWN).map(Person::from_json).collect::<Option<_>>().map(Self)
    }
}

/// A field in which a member is chosen. Test ids: `field-person`, `person` for each that is found.
pub(super) fn person_field(
    label: Text,
    chosen: RwSignal<Option<Person>>,
    error: Signal<Option<String>>,
) -> El {
    let id = next_id("person");
    let found = RwSignal::new(None::<Vec<Person>>);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    let turn = StoredValue::new(0_u32);
    let search = move |q: String| {
        let Some(own) = turn.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        }) else {
            return;
        };
        spawn(async move {
            let path = format!("/api/v1/members?q={}", browser::escape(q.trim()));
            let answer = json::get::<People>(&path).await;
            if turn.try_get_value() == Some(own) {
                // While the network is away, nobody is found, and the next letter asks again.
                let _gone = found.try_set(Some(answer.map(|people| people.0).unwrap_or_default()));
            }
        });
    };
    let typed = move |event: web_sys::Event| {
        let q = value_of(&event);
        stop();
        if q.trim().is_empty() {
            found.set(None);
            return;
        }
        waiting.set_value(set_timeout_with_handle(move || search(q.clone()), PAUSE).ok());
    };
    let own = id.clone();
    let ask = move || {
        let input = el("input", "input")
            .attr("id", &own)
            .attr("type", "search")
            .attr("autocomplete", "off")
            .attr("spellcheck", "false")
            .attr("aria-describedby", &format!("{own}-error"))
            .attr_when("placeholder", || Some(say(SEARCH).to_owned()))
            .attr_when("aria-invalid", move || error.get().is_some().then(|| "true".to_owned()))
            .test("field-person")
            .on("input", typed);
        let results = el("div", "").attr("aria-live", "polite").dynamic(move || match found.get() {
            None => Vec::new(),
            Some(people) if people.is_empty() => {
                vec![el("p", "px-1 py-2 text-[13px] text-ink-soft").say(NOBODY)]
            }
            Some(people) => vec![
                el("ul", "m-0 mt-1 max-h-64 list-none overflow-y-auto rounded-md border border-line p-0")
                    .attr_when("aria-label", || Some(say(FOUND).to_owned()))
                    .children(people.into_iter().map(|person| line(person, chosen)).collect()),
            ],
        });
        vec![input, results]
    };
    let label_for = id.clone();
    el("div", "field")
        .class_when("field-wrong", move || error.get().is_some())
        .child(el("label", "field-label").attr("for", &label_for).say(label))
        .child(el("div", "").dynamic(move || match chosen.get() {
            Some(person) => untrack(|| vec![shown(&person, chosen)]),
            None => untrack(&ask),
        }))
        .child(error_of(&id, error))
}

fn line(person: Person, chosen: RwSignal<Option<Person>>) -> El {
    let button = el(
        "button",
        "flex min-h-11 w-full flex-wrap items-baseline gap-x-3 px-3 py-2 text-left hover:bg-sunk md:min-h-9",
    )
    .attr("type", "button")
    .test("person")
    .child(el("span", "font-medium").text(&person.name))
    .child(el("span", "text-[13px] text-ink-soft").text(&person.email))
    .on_press(move || chosen.set(Some(person.clone())));
    el("li", "border-b border-line last:border-b-0").child(button)
}

fn shown(person: &Person, chosen: RwSignal<Option<Person>>) -> El {
    let change = Press { test: "change-person".into(), ..Press::new(CHANGE) };
    el(
        "div",
        "flex min-h-11 flex-wrap items-center justify-between gap-x-3 gap-y-1 rounded-md bg-sunk px-3 py-1",
    )
    .test("chosen-person")
    .child(
        el("span", "flex min-w-0 items-center gap-2")
            .child(icon(Icon::Person))
            .child(el("span", "font-medium").text(&person.name))
            .child(el("span", "truncate text-[13px] text-ink-soft").text(&person.email)),
    )
    .child(button(change, Some(Box::new(move || chosen.set(None)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_read_from_a_page_of_members() {
        let json = Json::parse(
            r#"{"items":[{"id":"mb_1","name":"佐藤","login_email":"a@b.jp","usable":true}],"next":null}"#,
        );
        let people = json.as_ref().and_then(People::from_json).map(|people| people.0);
        let sato = Person { id: "mb_1".into(), name: "佐藤".into(), email: "a@b.jp".into() };
        assert_eq!(people, Some(vec![sato]));
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }
}
