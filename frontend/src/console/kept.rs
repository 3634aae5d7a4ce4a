//! What was typed into a form and not saved yet, kept by the browser: an ended session, the back button or a reload
//! takes nothing away. It lives as long as the tab, belongs to who typed it, and goes with the sign-out. Secrets are
//! never among it.

use leptos::prelude::*;

use super::listed::{List, Listed, differing, text_of};
use crate::{
    client::{
        Session, browser,
        json::{FromJson, Json, Out, object, read},
    },
    dom::{El, el, follow},
    i18n::say,
    kit::{
        Tone,
        controls::{Press, button},
        form::{Form, Validated},
        surfaces::banner,
    },
};

crate::i18n::texts! {
    RESTORED "保存していなかった入力を戻しました。パスワードや鍵は戻りません。" "What you had typed and not saved is back. Passwords and keys are not kept.";
    DROP "破棄する" "Discard";
}

/// One form's memory, handed around by copy.
#[derive(Clone, Copy)]
pub(crate) struct Kept {
    place: StoredValue<String>,
    /// What is saved: only what differs from it is kept.
    base: RwSignal<List>,
    /// Something came back.
    restored: RwSignal<bool>,
    read: StoredValue<Read>,
    put: StoredValue<Put>,
}

type Read = Box<dyn Fn() -> List + Send + Sync>;
type Put = Box<dyn Fn(&str, &str) + Send + Sync>;

/// Keeps a form of the kit under `place`, which is the form's own among all of the console.
pub(crate) fn keep<F: Validated + Listed>(form: Form<F>, place: &str, except: Vec<&'static str>) -> Kept {
    keep_all(
        place,
        except,
        move || form.values.with(Listed::list),
        move |name, text| form.values.update(|values| values.put(name, text)),
    )
}

/// Keeps anything that can be listed. `read` is tracked.
pub(crate) fn keep_all(
    place: &str,
    except: Vec<&'static str>,
    read: impl Fn() -> List + Send + Sync + 'static,
    put: impl Fn(&str, &str) + Send + Sync + 'static,
) -> Kept {
    let kept = Kept {
        place: StoredValue::new(place.to_owned()),
        base: RwSignal::new(untrack(&read)),
        restored: RwSignal::new(false),
        read: StoredValue::new(Box::new(read)),
        put: StoredValue::new(Box::new(put)),
    };
    let session = Session::expect();
    let begun = StoredValue::new(false);
    follow(Box::new(move || {
        // Who writes is known a moment after the first page is drawn.
        let Some(who) = session.0.with(|me| me.as_ref().map(|me| me.id.to_string())) else { return };
        if !begun.get_value() {
            begun.set_value(true);
            untrack(|| kept.restore(&who, &except));
        }
        let now = kept.read.with_value(|read| read());
        kept.write(&who, &now, &except);
    }));
    kept
}

/// What a form's memory hears of once the answer is there, when the form itself may be gone.
pub(crate) struct Sending {
    kept: Kept,
    place: String,
    /// As the form was.
    sent: List,
}

impl Sending {
    /// What was typed since it was sent, of what stands in the form now.
    pub(crate) fn typed_since(&self, now: &List) -> List {
        let typed = differing(&self.sent, now);
        now.iter().filter(|(name, _)| typed.contains(name)).cloned().collect()
    }

    /// It is saved, and the form is done with: nothing of it comes back, wherever the reader is by now.
    pub(crate) fn saved(self) {
        let now = self.kept.now();
        self.saved_as(now);
    }

    /// It is saved as `base`; what differs from that was typed since, and is kept on.
    pub(crate) fn saved_as(self, base: List) {
        if let Some(mut all) = Memory::here() {
            all.places.retain(|(own, _)| *own != self.place);
            all.write();
        }
        let _gone = self.kept.restored.try_set(false);
        let _gone = self.kept.base.try_set(base);
    }
}

impl Kept {
    /// What stands in the form is sent: to be called before the answer is awaited. An undo that is pressed elsewhere
    /// has no form any more, and nothing of it is kept.
    pub(crate) fn sending(self) -> Sending {
        Sending { kept: self, place: self.place.try_get_value().unwrap_or_default(), sent: self.now() }
    }

    /// What stands in the form now is what is saved.
    pub(crate) fn saved(self) {
        self.sending().saved();
    }

    /// Empty once the form is gone.
    fn now(self) -> List {
        self.read.try_with_value(|read| untrack(read)).unwrap_or_default()
    }

    /// Says that something came back, and takes it away again if it is not wanted.
    pub(crate) fn line(self) -> El {
        let drop_it = move || {
            let base = self.base.get_untracked();
            self.put.with_value(|put| {
                for (name, text) in &base {
                    put(name, text);
                }
            });
            self.saved();
        };
        el("div", "empty:hidden [&_.banner]:mb-0").dynamic(move || {
            if !self.restored.get() {
                return Vec::new();
            }
            let press = Press { test: "drop-kept".into(), ..Press::new(DROP) };
            vec![
                banner(Tone::Quiet, "kept-restored", || say(RESTORED).to_owned())
                    .class("flex-wrap")
                    .child(button(press, Some(Box::new(drop_it)))),
            ]
        })
    }

    fn restore(self, who: &str, except: &[&str]) {
        let Some(memory) = Memory::here().filter(|memory| memory.who == who) else { return };
        let place = self.place.get_value();
        let Some((_, fields)) = memory.places.into_iter().find(|(own, _)| *own == place) else { return };
        self.put.with_value(|put| {
            for (name, text) in fields.iter().filter(|(name, _)| !except.contains(&name.as_str())) {
                put(name, text);
            }
        });
        self.restored.set(true);
    }

    /// Tracks what is saved: typed while that was on its way, a text is kept once it has arrived.
    fn write(self, who: &str, now: &List, except: &[&'static str]) {
        let place = self.place.get_value();
        let typed = self.base.with(|base| differing(base, now));
        let fields: Vec<(String, String)> = typed
            .into_iter()
            .filter(|name| !except.contains(name))
            .map(|name| (name.to_owned(), text_of(now, name).to_owned()))
            .collect();
        // Somebody else's is not taken over.
        let known = Memory::here().filter(|memory| memory.who == who);
        let mut memory = known.unwrap_or_else(|| Memory { who: who.to_owned(), places: Vec::new() });
        memory.places.retain(|(own, _)| *own != place);
        if !fields.is_empty() {
            memory.places.push((place, fields));
        }
        memory.write();
    }
}

/// Everything that is kept in this tab.
#[derive(Debug, PartialEq, Eq)]
struct Memory {
    /// The member who typed it.
    who: String,
    /// By form: names and texts.
    places: Vec<(String, Vec<(String, String)>)>,
}

impl Memory {
    fn here() -> Option<Self> {
        browser::kept_here().and_then(|text| read(&text).ok())
    }

    fn write(&self) {
        browser::keep_here(&if self.places.is_empty() { String::new() } else { self.text() });
    }

    fn text(&self) -> String {
        let place = |(place, fields): &(String, Vec<(String, String)>)| {
            let field = |(name, text): &(String, String)| {
                object(&[("name", Out::Text(name)), ("text", Out::Text(text))])
            };
            let fields = format!("[{}]", fields.iter().map(field).collect::<Vec<_>>().join(","));
            object(&[("place", Out::Text(place)), ("fields", Out::Json(&fields))])
        };
        let places = format!("[{}]", self.places.iter().map(place).collect::<Vec<_>>().join(","));
        object(&[("who", Out::Text(&self.who)), ("places", Out::Json(&places))])
    }
}

impl FromJson for Memory {
    fn from_json(json: &Json) -> Option<Self> {
        let place = |one: &Json| {
            let fields = one.get("fields").items().iter();
            let fields = fields.filter_map(|field| Some((field.text("name")?, field.text("text")?)));
            Some((one.text("place")?, fields.collect()))
        };
        let places = json.get("places").items().iter().filter_map(place).collect();
        Some(Self { who: json.text("who")?, places })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let memory = Memory {
            who: "mb_1".into(),
            places: vec![
                ("member".into(), vec![("name".into(), "佐藤 \"<b>\"\n\u{202e}🙂".into())]),
                ("line".into(), vec![("via".into(), "key".into()), ("kid".into(), String::new())]),
            ],
        };
        assert_eq!(read::<Memory>(&memory.text()), Ok(memory));
        for broken in ["", "{}", "null", "[1]"] {
            assert!(read::<Memory>(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }
}
