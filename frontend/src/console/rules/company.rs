//! One company's room: which one, what goes there, and whether it arrives.

use leptos::prelude::*;
use shared::{
    api::{companies::CompanyRules, live::LiveMessage, settings::KindInfo},
    error::Code,
};

use super::{
    company_kinds,
    company_model::{Draft, difference},
    company_room, texts,
};
use crate::{
    client::{Failure, browser, http, json, live, spawn},
    console::{
        back::back,
        head::refused,
        kept::{Kept, Sending, keep_all},
        late::still_here,
        listed::Listed,
        trying::test_notice,
    },
    dom::{El, el},
    i18n::{fill, lang, lang_now, say},
    kit::{
        ButtonKind, Icon, Loader, Toasts, Tone,
        button::link_button,
        controls::{Press, button},
        surfaces::{paragraph, show, title, title_of},
        use_toasts,
    },
};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) id: StoredValue<String>,
    pub(super) draft: RwSignal<Draft>,
    /// What the draft was made of.
    pub(super) base: RwSignal<CompanyRules>,
    pub(super) toasts: Toasts,
    pub(super) kinds: RwSignal<Vec<KindInfo>>,
    /// What somebody else saved while the reader was changing it.
    theirs: RwSignal<Option<CompanyRules>>,
    /// What the browser keeps of the draft.
    kept: Kept,
    busy: RwSignal<bool>,
    refusal: RwSignal<Option<String>>,
}

/// `/console/rules/companies/{id}`.
pub fn page(id: String) -> Vec<El> {
    let own = id.clone();
    let loader = Loader::new(move || {
        let path = path_of(&own, "");
        async move {
            match json::get::<CompanyRules>(&path).await {
                Err(failure) if failure.code() == Some(Code::NotFound) => Ok(None),
                answer => answer.map(Some),
            }
        }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Rules) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let toasts = use_toasts();
    vec![
        back("/console/rules/companies", texts::BACK_COMPANIES),
        show(el("div", ""), loader, move |shown| match shown.get_untracked() {
            Some(first) => whole(toasts, id.clone(), shown, first),
            None => vec![title_of(texts::GONE)],
        }),
    ]
}

fn whole(toasts: Toasts, id: String, shown: RwSignal<Option<CompanyRules>>, first: CompanyRules) -> Vec<El> {
    let draft = RwSignal::new(Draft::of(&first));
    let kept = keep_all(
        &format!("company/{id}"),
        Vec::new(),
        move || draft.with(Draft::list),
        move |name, text| draft.update(|draft| draft.put(name, text)),
    );
    let page = Page {
        id: StoredValue::new(id.clone()),
        draft,
        base: RwSignal::new(first.clone()),
        toasts,
        kinds: RwSignal::new(Vec::new()),
        theirs: RwSignal::new(None),
        kept,
        busy: RwSignal::new(false),
        refusal: RwSignal::new(None),
    };
    spawn(async move {
        match json::get("/api/v1/kinds").await {
            Ok(kinds) => drop(page.kinds.try_set(kinds)),
            Err(failure) => toasts.failed(&failure),
        }
    });
    // What others save arrives here; it never takes away what the reader is changing.
    crate::dom::follow(Box::new(move || {
        if let Some(now) = shown.get() {
            untrack(|| page.hear(now));
        }
    }));
    let people = first.members.to_string();
    let link = link_button(
        texts::RULES_OF,
        &format!("/console/rules?company={id}"),
        ButtonKind::Quiet,
        Some(Icon::Rules),
    );
    vec![
        el("div", "mb-5 flex flex-wrap items-start justify-between gap-x-4 gap-y-2")
            .child(
                el("div", "")
                    .child(title(move || page.base.with(|base| base.name.clone())))
                    .child(el("p", "text-ink-soft").text_when(move || fill(texts::PEOPLE, &[&people]))),
            )
            .child(link.test("company-rules")),
        conflict(page),
        kept.line(),
        el("div", "grid gap-5")
            .child(company_room::card(page))
            .child(company_kinds::card(page))
            .child(foot(page)),
    ]
}

impl Page {
    /// Something was saved: by the reader, or by somebody else.
    fn hear(self, now: CompanyRules) {
        let base = self.base.get_untracked();
        if now.version == base.version {
            self.base.set(now);
        } else if self.busy.get_untracked() {
            // The reader's own answer tells more.
        } else if self.draft.with_untracked(|draft| draft.differs(&base)) {
            self.theirs.set(Some(now));
        } else {
            self.take(now);
        }
    }

    fn take(self, now: CompanyRules) {
        self.draft.set(Draft::of(&now));
        self.base.set(now);
        self.theirs.set(None);
        self.refusal.set(None);
        self.kept.saved();
    }

    /// What was sent is saved, as `now`; a draft that was changed since `shown` stays.
    fn saved(self, now: CompanyRules, shown: Option<&Draft>, sending: Sending) {
        sending.saved_as(Draft::of(&now).list());
        let same = self.draft.try_get_untracked().as_ref() == shown;
        if same {
            self.draft.set(Draft::of(&now));
        }
        self.base.set(now);
        self.theirs.set(None);
        self.refusal.set(None);
    }

    fn save(self, draft: Draft, version: i64, undo: bool) {
        let before = Draft::of(&self.base.get_untracked());
        let before = Some(before).filter(|before| undo && !before.room.is_empty());
        self.put(path_of(&self.id.get_value(), ""), draft, version, before);
    }

    /// Writes, after the page was left too: undo is pressed anywhere. `before` is what a toast offers to put back.
    fn put(self, path: String, draft: Draft, version: i64, before: Option<Draft>) {
        if self.busy.try_get_untracked() == Some(true) {
            return;
        }
        self.busy.set(true);
        self.refusal.set(None);
        let (shown, sending) = (self.draft.try_get_untracked(), self.kept.sending());
        spawn(async move {
            let answer = json::send::<CompanyRules>("PUT", &path, draft.body(version)).await;
            let here = still_here(self.busy);
            match answer {
                Ok(saved) => {
                    let (words, version) = (fill_now(&saved), saved.version);
                    self.saved(saved, shown.as_ref(), sending);
                    match before {
                        Some(before) => self.toasts.undoable_words(words, move || {
                            self.put(path.clone(), before.clone(), version, None);
                        }),
                        None => self.toasts.words(words),
                    }
                }
                Err(failure) if !here => self.toasts.failed(&failure),
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => {
                    match json::get::<CompanyRules>(&path).await {
                        Ok(now) => drop(self.theirs.try_set(Some(now))),
                        Err(failure) => self.refused(&failure),
                    }
                }
                Err(failure) => self.refused(&failure),
            }
        });
    }

    fn refused(self, failure: &Failure) {
        let _gone = self.refusal.try_set(Some(failure.message(lang_now())));
    }

    fn remove(self) {
        let base = self.base.get_untracked();
        let path = path_of(&self.id.get_value(), "");
        let (shown, sending) = (self.draft.try_get_untracked(), self.kept.sending());
        self.busy.set(true);
        spawn(async move {
            let answer = http::delete(&path).await;
            let _gone = self.busy.try_set(false);
            match answer {
                Ok(()) => {
                    let before = Draft::of(&base);
                    let now = CompanyRules { room: None, kinds: Vec::new(), version: 0, ..base };
                    self.saved(now, shown.as_ref(), sending);
                    let text = texts::REMOVED.get(lang_now()).to_owned();
                    self.toasts.undoable_words(text, move || {
                        self.put(path.clone(), before.clone(), 0, None);
                    });
                }
                Err(failure) => self.toasts.failed(&failure),
            }
        });
    }
}

fn fill_now(saved: &CompanyRules) -> String {
    fill(texts::COMPANY_SAVED, &[&saved.name])
}

/// What the other one changed, and whose is to hold.
fn conflict(page: Page) -> El {
    el("div", "").attr("aria-live", "polite").dynamic(move || {
        let Some(now) = page.theirs.get() else { return Vec::new() };
        let found = page.kinds.with(|kinds| page.base.with(|base| difference(base, &now, kinds, lang())));
        let mut lines = vec![el("p", "font-medium").say(texts::CONFLICT)];
        let mut line = |text, values: &[String]| {
            let words = values.join(if lang() == shared::lang::Lang::Ja { "、" } else { ", " });
            lines.push(el("p", "").text(&fill(text, &[&words])));
        };
        if let Some(room) = found.room {
            line(
                texts::CONFLICT_ROOM,
                &[if room.is_empty() { say(texts::NO_ROOM).to_owned() } else { room }],
            );
        }
        if !found.added.is_empty() {
            line(texts::CONFLICT_ADDED, &found.added);
        }
        if !found.gone.is_empty() {
            line(texts::CONFLICT_GONE, &found.gone);
        }
        let (other, version) = (now.clone(), now.version);
        let take = Press { test: "take-theirs".into(), ..Press::new(texts::TAKE_THEIRS) };
        let keep = Press { test: "keep-mine".into(), ..Press::new(texts::KEEP_MINE) };
        let keep_mine = move || page.save(page.draft.get_untracked(), version, false);
        vec![
            el("div", "banner").attr("data-tone", Tone::Warn.name()).test("conflict").child(
                el("div", "grid gap-2").children(lines).child(
                    el("div", "flex flex-wrap gap-2")
                        .child(button(take, Some(Box::new(move || page.take(other.clone())))))
                        .child(button(keep, Some(Box::new(keep_mine)))),
                ),
            ),
        ]
    })
}

fn foot(page: Page) -> El {
    let changed = Memo::new(move |_| page.draft.with(|draft| page.base.with(|base| draft.differs(base))));
    let ready = Memo::new(move |_| changed.get() && page.draft.with(|draft| !draft.room.is_empty()));
    let set = Memo::new(move |_| page.base.with(|base| base.room.is_some()));
    let save = Press {
        doing: texts::SAVING,
        busy: page.busy.into(),
        disabled: Some(Signal::derive(move || !ready.get())),
        test: "save-company".into(),
        ..Press::primary(texts::SAVE)
    };
    let save_it = move || {
        let version = page.base.with_untracked(|base| base.version);
        page.save(page.draft.get_untracked(), version, true);
    };
    let note = move || match (changed.get(), set.get()) {
        (true, _) => say(texts::UNSAVED).to_owned(),
        (false, false) => say(texts::TEST_FIRST).to_owned(),
        (false, true) => String::new(),
    };
    let remove = Press {
        kind: ButtonKind::Danger,
        busy: page.busy.into(),
        test: "remove-company".into(),
        ..Press::new(texts::REMOVE)
    };
    el("div", "grid gap-5")
        .child(refused(page.refusal.into()))
        .child(
            el("div", "flex flex-wrap items-center gap-3")
                .child(button(save, Some(Box::new(save_it))))
                .child(test(page, changed, set))
                .child(el("span", "text-[13px] text-ink-soft").attr("aria-live", "polite").text_when(note)),
        )
        .child(
            el("section", "mt-4 flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4")
                .attr_when("hidden", move || (!set.get()).then(String::new))
                .child(paragraph("min-w-0 flex-1 basis-64 text-[13px] text-ink-soft", texts::REMOVE_LEAD))
                .child(button(remove, Some(Box::new(move || page.remove())))),
        )
}

/// 「テスト通知」: what came of it stands beside the button.
fn test(page: Page, changed: Memo<bool>, set: Memo<bool>) -> El {
    let press = Press {
        doing: texts::TESTING,
        disabled: Some(Signal::derive(move || changed.get() || !set.get())),
        icon: Some(Icon::Send),
        test: "test-company".into(),
        ..Press::new(texts::TEST)
    };
    test_notice(page.toasts, press, move || path_of(&page.id.get_value(), "/test"), texts::TEST_SENT)
}

pub(super) fn path_of(id: &str, rest: &str) -> String {
    format!("/api/rules/companies/{}{rest}", browser::escape(id))
}
