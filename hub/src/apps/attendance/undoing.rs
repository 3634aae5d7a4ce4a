//! Taking a punch back by the button under its answer: the last one only, by whoever made it, for half an hour.
//! What is older is a record, and corrected with a reason.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    attendance::{Day, Month, PunchKind, calendar::clock},
    id::MemberId,
    lang::Lang,
    message::{Action, ActionStyle, Message},
    time::{MINUTE, Millis},
};

use super::{super::Said, answers, punching::Punched};
use crate::{hub::Hub, inbox::how_to_link, refusal::Refusal, store};

const LIFE: Millis = 30 * MINUTE;
/// What the audit log calls it.
const UNDONE: &str = "attendance.punch_undone";

/// What came of the press.
enum Undoing {
    Done,
    /// Somebody else's punch, or one that was corrected since.
    NotYours,
    /// Another punch counts on it.
    NotLast,
    TooLate,
    Submitted(Month),
}

#[derive(Deserialize)]
struct Row {
    day: Day,
    later: u64,
}

/// The button under the answer to a punch.
pub(super) fn button(punched: &Punched, lang: Lang) -> Action {
    Action {
        id: format!("undo-{}-{}", punched.punch.kind.code(), punched.punch.at),
        label: if lang == Lang::Ja { "打刻を取り消す" } else { "Undo" }.to_owned(),
        style: ActionStyle::Plain,
    }
}

/// Answers a press of such a button; `None` when it is none.
pub(super) fn press(hub: &Rc<Hub>, said: &Said<'_>) -> Result<Option<Message>, Refusal> {
    let Some((kind, at)) = read(said.text) else { return Ok(None) };
    let Some(person) = said.person else {
        return Ok(Some(how_to_link(said.channel, said.lang, &hub.config.public_url)));
    };
    let undoing = hub.undo_punch(&person.id, kind, at, said.at)?;
    let (title, body) = told(&undoing, kind, at, said.lang);
    let title = if said.in_room { format!("{}: {title}", person.name) } else { title };
    Ok(Some(Message { title: title.chars().take(200).collect(), body, ..Message::default() }))
}

/// The kind and the moment in a button's id.
fn read(id: &str) -> Option<(PunchKind, Millis)> {
    let (kind, at) = id.strip_prefix("undo-")?.split_once('-')?;
    Some((PunchKind::ALL.into_iter().find(|one| one.code() == kind)?, at.parse().ok()?))
}

impl Hub {
    /// Takes a person's last punch back, pressed at `now`. The same press again finds it done.
    fn undo_punch(
        &self,
        member: &MemberId,
        kind: PunchKind,
        at: Millis,
        now: Millis,
    ) -> Result<Undoing, Refusal> {
        let what = format!("{} {at}", kind.code());
        let params = [member.as_str().into(), at.into(), kind.code().into()];
        let row: Option<Row> = store::row(&*self.ports.sql, FIND, &params)?;
        let Some(row) = row else {
            let done = self.ports.sql.texts(
                "SELECT 1 FROM audit WHERE actor = ?1 AND action = ?2 AND detail = ?3 LIMIT 1",
                &[member.as_str().into(), UNDONE.into(), what.as_str().into()],
            )?;
            return Ok(if done.is_empty() { Undoing::NotYours } else { Undoing::Done });
        };
        if self.month_is_submitted(member, row.day.month())? {
            return Ok(Undoing::Submitted(row.day.month()));
        }
        if row.later > 0 {
            return Ok(Undoing::NotLast);
        }
        if now - at > LIFE {
            return Ok(Undoing::TooLate);
        }
        self.ports.sql.atomically(&mut || {
            // With those behind it that it had made senseless: without it they would count all of a sudden.
            self.ports.sql.run(
                "DELETE FROM attendance_punches WHERE member = ?1 AND (at = ?2 AND kind = ?3 OR at > ?2 AND day IS NULL)",
                &params,
            )?;
            self.audit_as(member.as_str(), UNDONE, member.as_str(), &what)
        })?;
        Ok(Undoing::Done)
    }
}

/// Title and body.
fn told(undoing: &Undoing, kind: PunchKind, at: Millis, lang: Lang) -> (String, String) {
    let (name, time) = (kind.name().get(lang), clock(at));
    let page = match lang {
        Lang::Ja => "勤怠のページで修正してください。",
        Lang::En => "Please correct it on the attendance page.",
    };
    let title = match (undoing, lang) {
        (Undoing::Done, Lang::Ja) => return (format!("{name} {time} を取り消しました"), String::new()),
        (Undoing::Done, Lang::En) => return (format!("{name} {time} was undone"), String::new()),
        (Undoing::NotYours, Lang::Ja) => {
            return ("あなたの打刻ではないか、すでに修正されています".into(), String::new());
        }
        (Undoing::NotYours, Lang::En) => {
            return ("This is not your punch, or it was corrected already".into(), String::new());
        }
        (Undoing::Submitted(month), lang) => return answers::submitted(*month, lang),
        (Undoing::NotLast, Lang::Ja) => format!("後に打刻があるため、{name} {time} は取り消せません"),
        (Undoing::NotLast, Lang::En) => format!("{name} {time} cannot be undone: you punched again since"),
        (Undoing::TooLate, Lang::Ja) => format!("30分を過ぎたため、{name} {time} は取り消せません"),
        (Undoing::TooLate, Lang::En) => format!("{name} {time} cannot be undone after 30 minutes"),
    };
    (title, page.into())
}

/// A punch that counts, and how many at its moment or later count too.
const FIND: &str = "SELECT json_object('day', p.day, 'later', (SELECT count(*) FROM attendance_punches l \
     WHERE l.member = ?1 AND l.at >= ?2 AND NOT (l.at = ?2 AND l.kind = ?3) AND l.day IS NOT NULL)) \
     FROM attendance_punches p WHERE p.member = ?1 AND p.at = ?2 AND p.kind = ?3 AND p.day IS NOT NULL";
