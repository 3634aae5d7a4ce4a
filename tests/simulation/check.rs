//! What must hold while a run goes on: answers, decisions, the alarm.

use hub::{Answer, ports::Sql as _};
use shared::{
    api::events::Accepted,
    time::{MINUTE, SECOND},
};
use tests::Outside;

use crate::{ops::To, record::Record};

/// Nobody runs: then the alarm rings no later than a minute after the first thing that is due.
pub(crate) fn alarm(outside: &Outside) -> Option<String> {
    let read = |query: &str| -> Option<i64> { outside.sqlite.texts(query, &[]).ok()?.first()?.parse().ok() };
    let due = [
        read("SELECT min(due_at) FROM deliveries WHERE due_at IS NOT NULL AND state = 'waiting'"),
        read("SELECT min(lease_until) FROM deliveries WHERE due_at IS NOT NULL AND state = 'sending'"),
        read("SELECT min(due_at) FROM inbox WHERE due_at IS NOT NULL"),
        read(
            "SELECT min(max(m.due_at, w.pause_until)) FROM webhook_messages m JOIN webhooks w ON w.id = m.webhook \
             WHERE m.due_at IS NOT NULL",
        ),
    ];
    let now = outside.clock.get();
    let due = due.into_iter().flatten().min()?.max(now);
    match outside.alarm.get() {
        None => {
            Some(format!("the alarm: nobody runs, something is due in {} ms, no alarm is set", due - now))
        }
        Some(at) if at > due + MINUTE + SECOND => {
            Some(format!("the alarm: something is due in {} ms, it rings in {} ms", due - now, at - now))
        }
        Some(_) => None,
    }
}

/// An answer to post number `index`; `foreign` if it went with another body under the same key.
pub(crate) fn answer(record: &mut Record, outside: &Outside, index: usize, foreign: bool, answer: &Answer) {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let mark = record.posts[index].mark.clone();
    if foreign {
        if answer.status != 409 {
            record.problem(format!(
                "idempotency: another body under the key of {mark} was answered {} {text}",
                answer.status
            ));
        }
        return;
    }
    if answer.status != 202 {
        record.problem(format!("post {mark} was answered {} {text}", answer.status));
        return;
    }
    let first = {
        let post = &mut record.posts[index];
        post.answered += 1;
        post.answer.clone()
    };
    if let Some(first) = first {
        if first != answer.body {
            let first = String::from_utf8_lossy(&first).into_owned();
            record.problem(format!("idempotency: {mark} was answered {first}, then {text}"));
        }
        return;
    }
    let accepted: Accepted = serde_json::from_slice(&answer.body).unwrap();
    let problems =
        if record.posts[index].asked == 1 { decisions(outside, accepted.id.as_str()) } else { Vec::new() };
    record.problems.extend(problems.into_iter().map(|problem| format!("{mark}: {problem}")));
    let post = &mut record.posts[index];
    post.answer = Some(answer.body.clone());
    post.accepted = Some(accepted);
    post.at = Some(outside.clock.get());
}

/// Nothing is on its way past a switch that is off, but for the reasons that may.
fn decisions(outside: &Outside, event: &str) -> Vec<String> {
    let sql = &outside.sqlite;
    let rows = |query: &str| sql.texts(query, &[event.into()]).unwrap();
    let passed = |joined: &str| {
        rows(&format!(
            "SELECT d.id || ' ' || d.reason FROM deliveries d {joined} AND d.event = ?1 AND d.decision <> 'skip'"
        ))
    };
    let off = passed(
        "JOIN addresses s ON s.member = d.target AND s.channel = d.channel \
         WHERE s.switched_on = 0 AND d.reason <> 'at_least_one'",
    );
    let unwanted = passed(
        "JOIN preferences p ON p.member = d.target AND p.kind = d.kind AND p.channel = d.channel \
         WHERE d.reason NOT IN ('mandatory', 'at_least_one') \
         AND NOT EXISTS (SELECT 1 FROM kinds k WHERE k.code = d.kind AND k.mandatory = 1)",
    );
    let forbidden =
        passed("JOIN rules r ON r.kind = d.kind AND r.channel = d.channel WHERE d.target LIKE 'mb%'");
    let unusable = passed("JOIN members m ON m.id = d.target WHERE m.usable = 0");
    let unreachable = passed(
        "JOIN addresses s ON s.member = d.target AND s.channel = d.channel WHERE s.state IN ('blocked', 'broken')",
    );
    [
        (off, "sent to a channel that is off"),
        (unwanted, "sent against a preference"),
        (forbidden, "sent against a rule"),
        (unusable, "sent to somebody who is not usable"),
        (unreachable, "sent to an address that is broken"),
    ]
    .into_iter()
    .flat_map(|(rows, what)| rows.into_iter().map(move |row| format!("switches: {what}: {row}")))
    .collect()
}

/// The answer to withdrawing an event.
pub(crate) fn cancelled(record: &mut Record, outside: &Outside, event: &str, answer: &Answer) {
    let now = outside.clock.get();
    let rows = |state: &str| {
        let query = "SELECT id FROM deliveries WHERE event = ?1 AND state = ?2";
        outside.sqlite.texts(query, &[event.into(), state.into()]).unwrap()
    };
    if !rows("waiting").is_empty() {
        record.problem(format!(
            "cancel: {event} was answered {} and still has waiting deliveries",
            answer.status
        ));
    }
    if answer.status == 200 {
        record.withdrawn.entry(event.to_owned()).or_insert(now);
        for id in rows("cancelled") {
            record.cancelled.entry(id).or_insert(now);
        }
    }
}

/// How many people and rooms a post is for: of eight people the first has no company, four are in one and three
/// in the other.
pub(crate) fn recipients(to: To) -> (usize, usize) {
    let company = |number: u8| if number.is_multiple_of(2) { 4 } else { 3 };
    match to {
        To::Member(_) => (1, 0),
        To::Two(one, other) => (if one % 8 == other % 8 { 1 } else { 2 }, 0),
        To::Company(one) => (company(one), 0),
        To::Room(_) => (0, 1),
        To::Both(one, _) => (company(one), 1),
        To::Everyone => (8, 0),
    }
}
