//! What a run left behind: rows of the store, and copies of messages in the world.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::{
    api::deliveries::Attempt,
    channel::Channel,
    delivery::{Cause, State},
    routing::{Decision, Reason},
    time::Millis,
};

use tests::talks::Shown;

use crate::{ops::Way, record::Machine, stage::Cast};

/// For the summary.
#[derive(Debug, Default, Clone)]
pub(crate) struct Counts {
    pub(crate) ops: usize,
    pub(crate) virtual_ms: Millis,
    pub(crate) deliveries: usize,
    pub(crate) sent: usize,
    pub(crate) deaths: u32,
    pub(crate) duplicates: u32,
    /// Events that somebody took, and the deliveries that told of it.
    pub(crate) claims: usize,
    pub(crate) news: usize,
    pub(crate) faults: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) event: String,
    pub(crate) target: String,
    pub(crate) channel: Channel,
    pub(crate) urgency: i64,
    pub(crate) decision: Decision,
    pub(crate) reason: Reason,
    pub(crate) state: State,
    pub(crate) tries: u32,
    #[serde(default)]
    pub(crate) attempts: Option<Vec<Attempt>>,
    pub(crate) title: String,
    pub(crate) created_at: Millis,
    #[serde(default)]
    pub(crate) deliver_at: Option<Millis>,
    pub(crate) place: Option<String>,
    /// The event whose outcome it tells.
    pub(crate) about: Option<String>,
    /// It changes a sent message.
    pub(crate) edits: Option<String>,
    pub(crate) has_actions: bool,
    pub(crate) cause: Option<Cause>,
}

/// Who took an event.
#[derive(Debug, Deserialize)]
pub(crate) struct Claim {
    pub(crate) event: String,
    pub(crate) label: String,
    pub(crate) name: String,
    pub(crate) member: Option<String>,
    pub(crate) channel: String,
    pub(crate) at: Millis,
}

const ROWS: &str = "SELECT json_object('id', d.id, 'event', d.event, 'target', d.target, 'channel', d.channel, \
     'urgency', d.urgency, 'decision', d.decision, 'reason', d.reason, 'state', d.state, 'tries', d.tries, \
     'attempts', json(d.attempts), 'title', json_extract(e.message, '$.title'), 'created_at', e.created_at, \
     'deliver_at', e.deliver_at, 'place', r.provider_id, 'about', e.about, 'edits', d.edits, 'cause', json(d.cause), \
     'has_actions', json(CASE WHEN json_array_length(e.message, '$.actions') > 0 THEN 'true' ELSE 'false' END)) \
     FROM deliveries d JOIN events e ON e.id = d.event LEFT JOIN rooms r ON r.id = d.target ORDER BY d.id";

impl Row {
    pub(crate) fn name(&self) -> String {
        format!("{} {} by {}", self.id, self.title, self.channel)
    }
}

impl Counts {
    pub(crate) fn add(&mut self, other: &Self) {
        self.ops += other.ops;
        self.virtual_ms += other.virtual_ms;
        self.deliveries += other.deliveries;
        self.sent += other.sent;
        self.deaths += other.deaths;
        self.duplicates += other.duplicates;
        self.claims += other.claims;
        self.news += other.news;
        for (fault, times) in &other.faults {
            *self.faults.entry(fault.clone()).or_default() += times;
        }
    }
}

/// Where a message lies: `room:…`, `talk:…`, `mail:…`, and its mark.
pub(crate) type Copies = BTreeMap<(String, String), u32>;

/// Counts for the summary.
pub(crate) fn counts(machine: &Machine, ops: usize, start: Millis, cast: &Cast) -> Counts {
    let rows = rows(machine);
    let copies = copies(machine, cast);
    let mut faults = BTreeMap::new();
    for entry in machine.outside.world.borrow().log().after(0) {
        if let Some(fault) = entry.fault {
            *faults.entry(fault.to_owned()).or_default() += 1;
        }
    }
    Counts {
        ops,
        virtual_ms: machine.now() - start,
        deliveries: rows.iter().filter(|row| row.decision != Decision::Skip).count(),
        sent: rows.iter().filter(|row| row.state == State::Sent).count(),
        deaths: machine.record.borrow().deaths,
        claims: claims(machine).len(),
        news: rows.iter().filter(|row| row.about.is_some()).count(),
        duplicates: copies.values().map(|count| count.saturating_sub(1)).sum(),
        faults,
    }
}

/// Every delivery, by id.
pub(crate) fn rows(machine: &Machine) -> Vec<Row> {
    machine.read(ROWS).iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

pub(crate) fn claims(machine: &Machine) -> Vec<Claim> {
    let claims = "SELECT json_object('event', event, 'label', label, 'name', name, 'member', member, 'channel', channel, \
                  'at', at) FROM claims";
    machine.read(claims).iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// Our messages in every talk, by its name as in [`Copies`].
pub(crate) fn talks(machine: &Machine, cast: &Cast) -> BTreeMap<String, Vec<Shown>> {
    let world = machine.outside.world.borrow();
    let mut talks = BTreeMap::new();
    for room in &cast.rooms {
        talks.insert(format!("room:{}", room.provider_id), room.talk.shown(&world));
    }
    for person in &cast.members {
        for (way, channel) in [
            (Way::LineWorks, Channel::Lineworks),
            (Way::Line, Channel::Line),
            (Way::Slack, Channel::Slack),
            (Way::GoogleChat, Channel::GoogleChat),
        ] {
            if let Some(talk) = cast.talk(&world, person, way) {
                talks.insert(format!("{channel}:{}", person.id), talk.shown(&world));
            }
        }
    }
    talks
}

/// Whether it is the notice itself: news of it and answers name it too, further down.
pub(crate) fn is_notice(text: &str) -> bool {
    text.contains("】お知らせ [")
}

/// `[N7]` in a text.
pub(crate) fn mark(text: &str) -> Option<&str> {
    let at = text.find("[N")?;
    text[at..].split_inclusive(']').next()
}

/// Every message of the bot and every mail with a mark.
pub(crate) fn copies(machine: &Machine, cast: &Cast) -> Copies {
    let world = machine.outside.world.borrow();
    let mut copies = Copies::new();
    let mut add = |place: String, text: &str| {
        if let Some(mark) = mark(text) {
            *copies.entry((place, mark.to_owned())).or_default() += 1;
        }
    };
    for (talk, shown) in talks(machine, cast) {
        for message in shown.iter().filter(|message| is_notice(&message.text)) {
            add(talk.clone(), &message.text);
        }
    }
    for person in &cast.members {
        for mail in world.mails(&person.login) {
            add(format!("email:{}", person.id), &mail.subject);
        }
    }
    copies
}
