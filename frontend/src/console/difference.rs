//! Two who change the same thing: the later one sees what the other did, beside what was typed here, and loses
//! nothing.

use std::rc::Rc;

use leptos::prelude::*;
use shared::lang::Text;

use super::{
    kept::Sending,
    listed::{List, Listed, differing, text_of},
};
use crate::{
    client::browser,
    dom::{El, el},
    i18n::say,
    kit::{
        ButtonKind, Icon,
        controls::{Press, button},
        form::{Form, Validated},
        surfaces::{icon, paragraph},
    },
};

crate::i18n::texts! {
    CHANGED "ほかの人が先に変更しました。入力した内容は残っています。" "Someone else changed this first. What you typed is still here.";
    FIELD "項目" "Field";
    THEIRS "ほかの人の変更" "Their change";
    MINE "あなたの入力" "Yours";
    BOTH "両方が変更" "both changed it";
    UNTOUCHED "変更していません" "not changed";
    EMPTY "(空欄)" "(empty)";
    MERGE "両方を生かして保存" "Keep both and save";
    MERGE_NOTE "同じ項目は、あなたの入力が残ります。" "Where both changed the same, yours stays.";
    TAKE "最新の内容を読み込む" "Load the latest";
    OVERWRITE "この内容で上書き" "Overwrite with this";
}

/// A form of something that exists, which somebody else may change meanwhile. Handed around by copy.
pub(crate) struct Shared<F: Validated + Listed> {
    pub(crate) form: Form<F>,
    /// As it was on the server when the form was filled.
    before: StoredValue<F>,
    /// What somebody else made of it.
    theirs: RwSignal<Option<F>>,
}

impl<F: Validated + Listed> Clone for Shared<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Validated + Listed> Copy for Shared<F> {}

impl<F: Validated + Listed> Shared<F> {
    pub(crate) fn new(saved: F) -> Self {
        Self { form: Form::new(saved.clone()), before: StoredValue::new(saved), theirs: RwSignal::new(None) }
    }

    /// What is saved, as far as the page knows.
    pub(crate) fn before(self) -> Option<F> {
        self.before.try_get_value()
    }

    /// What was sent is saved, as `now`: shown, but for what was typed since.
    pub(crate) fn saved(self, now: F, sending: Sending) {
        let typed = self.form.values.try_with_untracked(|values| sending.typed_since(&values.list()));
        sending.saved_as(now.list());
        // `None`: the page was left meanwhile.
        let Some(typed) = typed else { return };
        if typed.is_empty() {
            self.form.problems.set(crate::kit::form::Problems::default());
        }
        let mut form = now.clone();
        for (name, text) in typed {
            form.put(name, &text);
        }
        self.theirs.set(None);
        self.before.set_value(now);
        self.form.values.set(form);
    }

    /// The server said `changed_meanwhile`, and this is what stands there now.
    pub(crate) fn meanwhile(self, now: F) {
        let _gone = self.theirs.try_set(Some(now));
    }

    /// The table above the buttons; nothing while nobody else was there. `words` names a field and says one of its
    /// texts; `save` saves the form over what stands there now.
    pub(crate) fn difference(
        self,
        words: impl Fn(&str, &str) -> (Text, String) + 'static,
        save: impl Fn() + 'static,
    ) -> El {
        let sides = move || {
            let theirs = self.theirs.with(|theirs| theirs.as_ref().map(Listed::list))?;
            let before = self.before.with_value(Listed::list);
            Some(Sides { before, mine: self.form.values.with_untracked(Listed::list), theirs })
        };
        let settle = move |way: Way| {
            let Some(theirs) = self.theirs.get_untracked() else { return };
            let Some(all) = untrack(sides) else { return };
            let mut form = theirs.clone();
            for (name, text) in settled(&all, way) {
                form.put(name, &text);
            }
            self.theirs.set(None);
            self.before.set_value(theirs);
            self.form.values.set(form);
            self.form.problems.set(crate::kit::form::Problems::default());
            if way != Way::Theirs {
                save();
            }
        };
        drawn(Box::new(sides), Rc::new(words), Rc::new(settle))
    }
}

/// A path that says what was read: `body` as it was.
pub(crate) fn was(path: &str, body: &str) -> String {
    format!("{path}?was={}", browser::escape(body))
}

/// Whose change holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Theirs where nothing was typed here, and everything that was.
    Both,
    Theirs,
    Mine,
}

struct Sides {
    before: List,
    mine: List,
    theirs: List,
}

/// A field that the other one changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Conflict {
    field: &'static str,
    /// Changed here too, to something else.
    both: bool,
    /// Changed here at all.
    own: bool,
}

fn conflicts(sides: &Sides) -> Vec<Conflict> {
    let (own, apart) = (differing(&sides.before, &sides.mine), differing(&sides.mine, &sides.theirs));
    differing(&sides.before, &sides.theirs)
        .into_iter()
        .map(|field| {
            let own = own.contains(&field);
            Conflict { field, own, both: own && apart.contains(&field) }
        })
        .collect()
}

/// The fields to put over theirs.
fn settled(sides: &Sides, way: Way) -> List {
    let own = differing(&sides.before, &sides.mine);
    let holds = |name: &&'static str| match way {
        Way::Both => own.contains(name),
        Way::Theirs => false,
        Way::Mine => true,
    };
    sides.mine.iter().filter(|(name, _)| holds(name)).cloned().collect()
}

type Words = Rc<dyn Fn(&str, &str) -> (Text, String)>;

fn drawn(sides: Box<dyn Fn() -> Option<Sides>>, words: Words, settle: Rc<dyn Fn(Way)>) -> El {
    el("div", "[&_.banner]:mb-0").dynamic(move || {
        let Some(sides) = sides() else { return Vec::new() };
        vec![
            el("div", "banner")
                .attr("data-tone", "warn")
                .attr("role", "alert")
                .test("changed-meanwhile")
                .child(icon(Icon::Warning))
                .child(
                    el("div", "grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-3")
                        .child(paragraph("", CHANGED))
                        .children(table(&sides, &words, &settle)),
                ),
        ]
    })
}

fn table(sides: &Sides, words: &Words, settle: &Rc<dyn Fn(Way)>) -> Vec<El> {
    let found = conflicts(sides);
    let both = found.iter().any(|conflict| conflict.both);
    let head = [FIELD, THEIRS, MINE].map(|name| el("th", "").attr("scope", "col").say(name));
    let rows = found.iter().map(|conflict| row(*conflict, sides, words)).collect();
    let press = |press: Press, way: Way| {
        let settle = Rc::clone(settle);
        button(press, Some(Box::new(move || settle(way))))
    };
    let merge = Press { test: "keep-both".into(), ..Press::primary(MERGE) };
    let take = Press { test: "take-theirs".into(), ..Press::new(TAKE) };
    let keep = Press { kind: ButtonKind::Danger, test: "keep-mine".into(), ..Press::new(OVERWRITE) };
    let mut parts = vec![
        el("div", "overflow-x-auto").child(
            el("table", "table table-fixed text-sm [&_td]:px-2 [&_th]:px-2 [&_th]:whitespace-normal")
                .test("difference")
                .child(el("thead", "").child(el("tr", "").children(head.into())))
                .child(el("tbody", "").children(rows)),
        ),
        el("div", "flex flex-wrap gap-2")
            .child(press(merge, Way::Both))
            .child(press(take, Way::Theirs))
            .child(press(keep, Way::Mine)),
    ];
    if both {
        parts.push(paragraph("text-[13px]", MERGE_NOTE));
    }
    parts
}

fn row(conflict: Conflict, sides: &Sides, words: &Words) -> El {
    let Conflict { field, both, own } = conflict;
    let shown = |list: &List| {
        let (_, text) = words(field, text_of(list, field));
        if text.is_empty() { say(EMPTY).to_owned() } else { text }
    };
    let (name, _) = words(field, "");
    let mine = if own { shown(&sides.mine) } else { say(UNTOUCHED).to_owned() };
    el("tr", "")
        .test("difference-row")
        .attr("data-field", field)
        .child(
            el("th", "text-left font-medium")
                .attr("scope", "row")
                .say(name)
                .maybe(both.then(|| el("span", "block text-[13px] font-normal text-shu").say(BOTH))),
        )
        .child(el("td", "break-all").text(&shown(&sides.theirs)))
        .child(el("td", "break-all").class(if both { "font-medium" } else { "text-ink-soft" }).text(&mine))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str, title: &str, role: &str) -> List {
        vec![("name", name.into()), ("title", title.into()), ("role", role.into())]
    }

    #[test]
    fn the_later_one_sees_the_difference_and_keeps_what_was_typed() {
        let sides = Sides {
            before: list("佐藤", "係長", "member"),
            mine: list("佐藤 花子", "課長", "member"),
            theirs: list("佐藤", "部長", "admin"),
        };
        assert_eq!(
            conflicts(&sides),
            [
                Conflict { field: "title", both: true, own: true },
                Conflict { field: "role", both: false, own: false }
            ]
        );
        let held = |way| settled(&sides, way).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(held(Way::Both), ["name", "title"]);
        assert_eq!(held(Way::Mine), ["name", "title", "role"]);
        assert!(held(Way::Theirs).is_empty());
        // The same change twice is none.
        let same = Sides { mine: list("佐藤", "部長", "member"), ..sides };
        assert_eq!(conflicts(&same).first(), Some(&Conflict { field: "title", both: false, own: true }));
    }

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }
}
