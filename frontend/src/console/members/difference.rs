//! Two who change the same person: the later one sees what the other did, beside what was typed here, and loses
//! nothing.

use leptos::prelude::*;
use shared::{
    api::members::{Member, MemberForm},
    error::Code,
    lang::{Lang, Text},
};

use super::{edit::Page, texts::person as texts};
use crate::{
    console::texts::members,
    dom::{El, el},
    i18n::{lang, say},
    kit::{
        ButtonKind, Icon,
        controls::{Press, button},
        surfaces::{icon, paragraph},
    },
};

/// A field that the other one changed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Conflict {
    field: &'static str,
    /// Changed here too, to something else.
    both: bool,
}

/// What the other one changed since the form was filled, and whether it was changed here too.
fn conflicts(before: &MemberForm, mine: &MemberForm, theirs: &MemberForm) -> Vec<Conflict> {
    let (own, apart) = (before.differences(mine), mine.differences(theirs));
    before
        .differences(theirs)
        .into_iter()
        .map(|field| Conflict { field, both: own.contains(&field) && apart.contains(&field) })
        .collect()
}

/// Their changes where nothing was typed here, and everything that was.
fn merged(before: &MemberForm, mine: &MemberForm, theirs: &MemberForm) -> MemberForm {
    let own = before.differences(mine);
    let mut form = theirs.clone();
    for field in own {
        copy(field, mine, &mut form);
    }
    form
}

fn copy(field: &str, from: &MemberForm, to: &mut MemberForm) {
    match field {
        "name" => to.name.clone_from(&from.name),
        "reading" => to.reading.clone_from(&from.reading),
        "login_email" => to.login_email.clone_from(&from.login_email),
        "notification_email" => to.notification_email.clone_from(&from.notification_email),
        "lineworks_id" => to.lineworks_id.clone_from(&from.lineworks_id),
        "slack_id" => to.slack_id.clone_from(&from.slack_id),
        "company" => to.company.clone_from(&from.company),
        "department" => to.department.clone_from(&from.department),
        "title" => to.title.clone_from(&from.title),
        "employee_number" => to.employee_number.clone_from(&from.employee_number),
        "role" => to.role = from.role,
        "language" => to.language = from.language,
        "usable" => to.usable = from.usable,
        _ => {}
    }
}

/// The banner above the buttons; nothing while nobody else was there.
pub(super) fn changed(page: Page) -> El {
    let there = Memo::new(move |_| {
        page.form.problems.with(|problems| problems.general_code() == Some(Code::ChangedMeanwhile))
            || page.theirs.with(Option::is_some)
    });
    el("div", "[&_.banner]:mb-0").dynamic(move || {
        if !there.get() {
            return Vec::new();
        }
        let theirs = page.theirs.get();
        vec![untrack(|| {
            el("div", "banner")
                .attr("data-tone", "warn")
                .attr("role", "alert")
                .test("changed-meanwhile")
                .child(icon(Icon::Warning))
                .child(
                    el("div", "grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-3")
                        .child(paragraph("", members::CHANGED))
                        .children(theirs.map(|theirs| choices(page, theirs)).unwrap_or_default()),
                )
        })]
    })
}

fn choices(page: Page, theirs: Member) -> Vec<El> {
    let (before, mine) = (page.before.get_value(), page.form.values.get_untracked());
    let found = conflicts(&before, &mine, &theirs.form());
    let theirs = StoredValue::new(theirs);
    let merge = Press { test: "keep-both".into(), ..Press::primary(texts::MERGE) };
    let take = Press { test: "take-theirs".into(), ..Press::new(members::CHANGED_RELOAD) };
    let keep = Press {
        kind: ButtonKind::Danger,
        test: "keep-mine".into(),
        ..Press::new(members::CHANGED_OVERWRITE)
    };
    let both = found.iter().any(|conflict| conflict.both);
    let rows = found.into_iter().map(|conflict| row(&conflict, &before, &mine, theirs)).collect();
    let head =
        [texts::FIELD, texts::THEIRS, texts::MINE].map(|name| el("th", "").attr("scope", "col").say(name));
    vec![
        el("div", "overflow-x-auto").child(
            el("table", "table table-fixed text-sm [&_td]:px-2 [&_th]:px-2")
                .test("difference")
                .child(el("thead", "").child(el("tr", "").children(head.into())))
                .child(el("tbody", "").children(rows)),
        ),
        el("div", "flex flex-wrap gap-2")
            .child(button(
                merge,
                Some(Box::new(move || {
                    let (before, mine) = (page.before.get_value(), page.form.values.get_untracked());
                    theirs
                        .with_value(|theirs| page.save_over(theirs, merged(&before, &mine, &theirs.form())));
                })),
            ))
            .child(button(take, Some(Box::new(move || theirs.with_value(|theirs| page.take_theirs(theirs))))))
            .child(button(
                keep,
                Some(Box::new(move || {
                    let mine = page.form.values.get_untracked();
                    theirs.with_value(|theirs| page.save_over(theirs, mine));
                })),
            )),
        el("div", "").children(if both {
            vec![paragraph("text-[13px]", texts::MERGE_NOTE)]
        } else {
            Vec::new()
        }),
    ]
}

fn row(conflict: &Conflict, before: &MemberForm, mine: &MemberForm, theirs: StoredValue<Member>) -> El {
    let (field, both) = (conflict.field, conflict.both);
    let (before, mine) = (before.clone(), mine.clone());
    let their_words = move || {
        theirs.with_value(|member| {
            let form = member.form();
            let company = member.company_name.clone().filter(|_| field == "company");
            company.unwrap_or_else(|| shown(&form, field, lang()))
        })
    };
    let my_words = move || {
        if both {
            return shown(&mine, field, lang());
        }
        let same = before.differences(&mine).contains(&field);
        if same { shown(&mine, field, lang()) } else { say(texts::UNTOUCHED).to_owned() }
    };
    el("tr", "")
        .test("difference-row")
        .attr("data-field", field)
        .child(
            el("th", "text-left font-medium")
                .attr("scope", "row")
                .say(name_of(field))
                .maybe(both.then(|| el("span", "ml-2 text-[13px] font-normal text-shu").say(texts::BOTH))),
        )
        .child(el("td", "break-all").text_when(their_words))
        .child(
            el("td", "break-all")
                .class(if both { "font-medium" } else { "text-ink-soft" })
                .text_when(my_words),
        )
}

fn name_of(field: &str) -> Text {
    match field {
        "name" => members::NAME,
        "reading" => members::READING,
        "login_email" => members::LOGIN_EMAIL,
        "notification_email" => members::NOTIFICATION_EMAIL,
        "lineworks_id" => members::LINEWORKS_ID,
        "slack_id" => texts::SLACK_ID,
        "company" => members::COMPANY,
        "department" => members::DEPARTMENT,
        "title" => members::POST,
        "employee_number" => members::NUMBER,
        "role" => members::ROLE,
        "language" => members::LANGUAGE,
        _ => members::USABLE_LABEL,
    }
}

/// A field in words.
fn shown(form: &MemberForm, field: &str, lang: Lang) -> String {
    let text = match field {
        "name" => &form.name,
        "reading" => &form.reading,
        "login_email" => &form.login_email,
        "notification_email" => &form.notification_email,
        "lineworks_id" => &form.lineworks_id,
        "slack_id" => &form.slack_id,
        "department" => &form.department,
        "title" => &form.title,
        "employee_number" => &form.employee_number,
        "company" => {
            let words = if form.company.is_empty() { members::COMPANY_NONE } else { texts::COMPANY_OTHER };
            return words.get(lang).to_owned();
        }
        "role" => return form.role.name().get(lang).to_owned(),
        "language" => {
            let words = if form.language == Lang::En { members::ENGLISH } else { members::JAPANESE };
            return words.get(lang).to_owned();
        }
        _ => {
            let words = if form.usable { super::texts::list::ACTIVE } else { super::texts::list::INACTIVE };
            return words.get(lang).to_owned();
        }
    };
    if text.is_empty() { texts::EMPTY.get(lang).to_owned() } else { text.clone() }
}

#[cfg(test)]
mod tests {
    use shared::api::auth::Role;

    use super::*;

    #[test]
    fn the_later_one_sees_the_difference_and_keeps_what_was_typed() {
        let before =
            MemberForm {
                name: "佐藤".into(), title: "係長".into(), version: Some(1), ..MemberForm::fresh()
            };
        let mine = MemberForm { title: "課長".into(), department: "経理".into(), ..before.clone() };
        let theirs =
            MemberForm { title: "部長".into(), role: Role::Admin, version: Some(2), ..before.clone() };
        assert_eq!(
            conflicts(&before, &mine, &theirs),
            [Conflict { field: "title", both: true }, Conflict { field: "role", both: false }]
        );
        let both = merged(&before, &mine, &theirs);
        assert_eq!((both.title.as_str(), both.department.as_str(), both.role), ("課長", "経理", Role::Admin));
        assert_eq!(both.version, Some(2));
        // The same change twice is none.
        let same = MemberForm { title: "課長".into(), ..before.clone() };
        assert_eq!(conflicts(&before, &mine, &same), [Conflict { field: "title", both: false }]);
    }

    #[test]
    fn every_field_can_be_kept_and_is_said_in_words() {
        let before = MemberForm::default();
        let mine = MemberForm {
            name: "a".into(),
            reading: "a".into(),
            login_email: "a".into(),
            notification_email: "a".into(),
            department: "a".into(),
            title: "a".into(),
            employee_number: "a".into(),
            usable: true,
            company: "a".into(),
            lineworks_id: "a".into(),
            slack_id: "a".into(),
            role: Role::Owner,
            language: Lang::En,
            version: None,
        };
        assert_eq!(merged(&before, &mine, &before), mine);
        for field in before.differences(&mine) {
            assert_ne!(shown(&mine, field, Lang::Ja), shown(&before, field, Lang::Ja), "{field}");
            assert!(!name_of(field).ja.is_empty());
        }
    }
}
