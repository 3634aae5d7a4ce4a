//! A new door: asked for, made, shown once with a line to try.

use leptos::prelude::*;
use shared::{
    api::{
        doors::{DoorForm, DoorRequest, DoorTo, NewDoor},
        integrations::Room,
    },
    error::{Code, Error},
};

use super::{
    doors::form_name,
    once,
    person::{Person, person_field},
    texts::{doors as texts, frame},
};
use crate::{
    client::{browser, json, spawn},
    console::{
        form::choice,
        head::refused,
        kept::keep,
        listed::{List, Listed},
        texts::frame as console,
        wire::Body,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Binding, Toasts,
        card::chips,
        controls::{Line, Press, button, form as form_element, select, text_field},
        dialog::dialog,
        form::{Form, Validated},
    },
};

impl Validated for DoorRequest {
    const FIELDS: &'static [&'static str] = &["name", "form", "member", "room"];

    fn clean(&mut self) {
        self.name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
    }

    fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        if self.name.is_empty() {
            problems.push(Error::field(Code::Required, "name"));
        } else if self.name.chars().count() > 100 {
            problems.push(Error::field(Code::TooLong, "name"));
        }
        match &self.to {
            DoorTo::Member(id) if id.is_empty() => problems.push(Error::field(Code::Required, "member")),
            DoorTo::Room(id) if id.is_empty() => problems.push(Error::field(Code::Required, "room")),
            DoorTo::Member(_) | DoorTo::Room(_) => {}
        }
        problems
    }
}

/// Whom it leads to is chosen anew: a person's name is not the form's.
impl Listed for DoorRequest {
    fn list(&self) -> List {
        vec![("name", self.name.clone()), ("form", self.form.code().to_owned())]
    }

    fn put(&mut self, name: &str, text: &str) {
        match name {
            "name" => text.clone_into(&mut self.name),
            "form" => self.form = if text == "slack" { DoorForm::Slack } else { DoorForm::LineNotify },
            _ => {}
        }
    }
}

/// `on_made` is called as soon as the door exists, while its token is still shown.
pub(super) fn new_door_dialog(
    open: RwSignal<bool>,
    toasts: Toasts,
    on_made: impl Fn() + Copy + Send + Sync + 'static,
) -> El {
    let made = RwSignal::new(None::<NewDoor>);
    Effect::new(move || {
        // The token leaves the page's memory with the dialog.
        if !open.get() {
            made.set(None);
        }
    });
    let title = move || {
        made.with(|made| {
            made.as_ref()
                .map_or_else(|| say(texts::NEW).to_owned(), |made| fill(texts::MADE, &[&made.info.name]))
        })
    };
    dialog(open, title, "door-dialog", move || {
        vec![el("div", "contents").dynamic(move || match made.get() {
            None => untrack(|| vec![ask(open, made, on_made)]),
            Some(made) => untrack(|| shown(open, &made, toasts)),
        })]
    })
}

fn ask(open: RwSignal<bool>, made: RwSignal<Option<NewDoor>>, on_made: impl Fn() + Copy + 'static) -> El {
    let form = Form::new(DoorRequest {
        name: String::new(),
        form: DoorForm::LineNotify,
        to: DoorTo::Member(String::new()),
        kind: None,
    });
    let kept = keep(form, "door", Vec::new());
    let busy = RwSignal::new(false);
    let chosen = RwSignal::new(None::<Person>);
    Effect::new(move || {
        let id = chosen.get().map(|person| person.id).unwrap_or_default();
        form.values.update(|form| {
            if let DoorTo::Member(own) = &mut form.to {
                *own = id;
            }
        });
        form.problems.update(|problems| problems.typed("member"));
    });
    let submit = move || {
        let Some(values) = form.submit().filter(|_| !busy.get_untracked()) else { return };
        let sending = kept.sending();
        busy.set(true);
        spawn(async move {
            let answer = json::send::<NewDoor>("POST", "/api/doors", values.body()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(door) => {
                    sending.saved();
                    let _gone = made.try_set(Some(door));
                    on_made();
                }
                Err(failure) => form.failed(&failure),
            }
        });
    };
    let forms = choice(
        form,
        "form",
        |form| form.form.code().to_owned(),
        |form, code| form.form = if code == "slack" { DoorForm::Slack } else { DoorForm::LineNotify },
    );
    let form_options = Signal::derive(|| {
        [DoorForm::LineNotify, DoorForm::Slack]
            .map(|form| (form.code().to_owned(), say(form_name(form)).to_owned()))
            .into()
    });
    let to = Signal::derive(move || {
        form.values.with(|form| if matches!(form.to, DoorTo::Room(_)) { "room" } else { "member" }.to_owned())
    });
    let turn = move |way: String| {
        form.values.update(|form| {
            form.to = if way == "room" {
                DoorTo::Room(String::new())
            } else {
                DoorTo::Member(chosen.get_untracked().map(|person| person.id).unwrap_or_default())
            };
        });
    };
    let ways = Signal::derive(|| {
        vec![
            ("member".to_owned(), say(texts::TO_MEMBER).to_owned()),
            ("room".to_owned(), say(texts::TO_ROOM).to_owned()),
        ]
    });
    let rooms = rooms();
    let is_room = Memo::new(move |_| to.get() == "room");
    let where_to = el("div", "").dynamic(move || {
        if is_room.get() {
            return untrack(|| vec![room_field(form, rooms)]);
        }
        let error = Signal::derive(move || {
            form.problems
                .with(|problems| problems.of("member", lang()))
                .map(|_| say(texts::TO_REQUIRED).to_owned())
        });
        untrack(|| vec![person_field(texts::TO_MEMBER, chosen, error)])
    });
    let name = Line { hint: Some(texts::NAME_HINT), autofocus: true, ..Line::new(texts::NAME) };
    form_element(submit)
        .test("door-form")
        .child(text_field(form.text("name", |form| &form.name, |form| &mut form.name), name))
        .child(select(forms, Line::new(texts::FORM), form_options))
        .child(
            el("div", "grid gap-2")
                .child(el("p", "field-label").say(texts::TO))
                .child(chips(texts::TO, "door-to", ways, to, turn))
                .child(where_to),
        )
        .child(kept.line())
        .child(refused(form.general()))
        .child(
            el("div", "form-actions justify-end")
                .child(button(Press::new(console::CANCEL), Some(Box::new(move || open.set(false)))))
                .child(button(
                    Press {
                        doing: texts::CREATE_BUSY,
                        busy: busy.into(),
                        test: "create-door".into(),
                        ..Press::primary(texts::CREATE)
                    },
                    None,
                )),
        )
}

/// The rooms that the bots are in now; `None` until they are known.
fn rooms() -> RwSignal<Option<Vec<Room>>> {
    let rooms = RwSignal::new(None);
    spawn(async move {
        let loaded = json::get::<Vec<Room>>("/api/v1/rooms").await.unwrap_or_default();
        let _gone = rooms.try_set(Some(loaded.into_iter().filter(|room| room.open).collect()));
    });
    rooms
}

fn room_field(form: Form<DoorRequest>, rooms: RwSignal<Option<Vec<Room>>>) -> El {
    let options = Signal::derive(move || {
        let first = (String::new(), say(texts::CHOOSE_ROOM).to_owned());
        let name = |room: &Room| {
            (room.id.to_string(), format!("{} ({})", room.name, say(room.provider.channel().name())))
        };
        let own = rooms.with(|rooms| rooms.iter().flatten().map(name).collect::<Vec<_>>());
        std::iter::once(first).chain(own).collect()
    });
    let bind: Binding = choice(
        form,
        "room",
        |form| match &form.to {
            DoorTo::Room(id) => id.clone(),
            DoorTo::Member(_) => String::new(),
        },
        |form, id| form.to = DoorTo::Room(id.to_owned()),
    );
    let none = el("div", "").dynamic(move || {
        let empty = rooms.with(|rooms| rooms.as_ref().is_some_and(Vec::is_empty));
        if empty { vec![el("p", "text-[13px] text-ink-soft").say(texts::NO_ROOMS)] } else { Vec::new() }
    });
    el("div", "").child(select(bind, Line::new(texts::ROOM), options)).child(none)
}

/// The only time that the token is seen.
fn shown(open: RwSignal<bool>, made: &NewDoor, toasts: Toasts) -> Vec<El> {
    let hello = say(texts::HELLO);
    let mut parts = vec![once::warning(texts::ONCE)];
    match made.info.form {
        DoorForm::LineNotify => {
            parts.push(once::value(toasts, texts::TOKEN, &made.token, "door-token"));
            parts.push(once::value(toasts, texts::URL, &made.url, "door-url"));
            let send = notify_line(&made.url, &made.token, hello);
            parts.push(once::terminal(toasts, texts::TRY, &send, "curl"));
            let status = status_line(&browser::origin(), &made.token);
            parts.push(once::terminal(toasts, texts::TRY_STATUS, &status, "curl-status"));
        }
        DoorForm::Slack => {
            parts.push(once::value(toasts, texts::URL, &made.url, "door-url"));
            parts.push(once::terminal(toasts, texts::TRY, &slack_line(&made.url, hello), "curl"));
        }
    }
    let done = Press { test: "door-done".into(), ..Press::primary(frame::DONE) };
    parts.push(
        el("div", "form-actions justify-end").child(button(done, Some(Box::new(move || open.set(false))))),
    );
    parts
}

/// As LINE Notify's own manual had it, with this address.
fn notify_line(url: &str, token: &str, text: &str) -> String {
    format!("curl -H 'Authorization: Bearer {token}' \\\n  -F 'message={}' \\\n  {url}", quoted(text))
}

fn status_line(origin: &str, token: &str) -> String {
    format!("curl -H 'Authorization: Bearer {token}' {origin}/api/status")
}

fn slack_line(url: &str, text: &str) -> String {
    let body = json::object(&[("text", json::Out::Text(text))]);
    format!("curl -H 'Content-Type: application/json' \\\n  -d '{}' \\\n  {url}", quoted(&body))
}

/// A quote inside single quotes would end them in a shell.
fn quoted(text: &str) -> String {
    text.replace('\'', "'\\''")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_ready_for_a_shell() {
        assert_eq!(
            notify_line("https://t.jp/api/notify", "abc", "it's up"),
            "curl -H 'Authorization: Bearer abc' \\\n  -F 'message=it'\\''s up' \\\n  https://t.jp/api/notify"
        );
        assert_eq!(
            slack_line("https://t.jp/hooks/in/abc", "\"a\""),
            "curl -H 'Content-Type: application/json' \\\n  -d '{\"text\":\"\\\"a\\\"\"}' \\\n  https://t.jp/hooks/in/abc"
        );
        assert!(status_line("https://t.jp", "abc").ends_with(" https://t.jp/api/status"));
    }

    #[test]
    fn a_door_leads_somewhere_and_has_a_name() {
        let mut form = DoorRequest {
            name: " 監視\u{3000}A ".into(),
            form: DoorForm::Slack,
            to: DoorTo::Room(String::new()),
            kind: None,
        };
        form.clean();
        assert_eq!(form.problems(), [Error::field(Code::Required, "room")]);
        form.to = DoorTo::Member("mb_1".into());
        assert_eq!((form.problems(), form.name.as_str()), (vec![], "監視 A"));
        form.name = "x".repeat(101);
        assert_eq!(form.problems(), [Error::field(Code::TooLong, "name")]);
    }
}
