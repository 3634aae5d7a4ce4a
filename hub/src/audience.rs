//! From an audience to decided deliveries, in sets: people with the same switches and address states share
//! one decision, so ten thousand of them cost a handful of calls to [`shared::routing::decide`].

use std::fmt::Write as _;

use serde::Deserialize;
use shared::{
    api::{events::Recipient, settings::KindInfo},
    channel::{AddressState, Channel},
    error::{Code, Error},
    id::{EventId, IntegrationId},
    routing::{Decision, Facts, Notice, Reason, Urgency, decide},
    time::Millis,
};

use crate::{
    hub::Hub,
    ports::{SqlError, Value},
    refusal::Refusal,
    store,
};

/// Who an event is for, after every name was looked up.
#[derive(Debug, Default)]
pub(crate) struct Audience {
    members: Vec<String>,
    companies: Vec<String>,
    everyone: bool,
    rooms: Vec<RoomRow>,
}

#[derive(Debug, Deserialize)]
struct RoomRow {
    id: String,
    integration: String,
    provider: String,
    open: i64,
}

/// What is decided once for everybody with the same facts.
#[derive(Debug)]
pub(crate) struct Plan {
    channels: Vec<(Channel, IntegrationId)>,
    /// `[combination, channel, integration, decision, reason]`, JSON for `json_each`.
    decided: String,
    /// Rooms with their decision, JSON alike.
    rooms: String,
    pub(crate) deliveries: u32,
    pub(crate) skipped: u32,
}

/// The event as far as its deliveries repeat it.
pub(crate) struct Head<'a> {
    pub(crate) event: &'a EventId,
    pub(crate) kind: &'a KindInfo,
    pub(crate) urgency: Urgency,
    pub(crate) now: Millis,
    pub(crate) deliver_at: Option<Millis>,
}

impl Hub {
    /// Looks every entry of `to` up; each unknown one is named.
    pub(crate) fn find_audience(&self, to: &[Recipient]) -> Result<Audience, Refusal> {
        let mut audience = Audience::default();
        let mut problems = Vec::new();
        for (index, recipient) in to.iter().enumerate() {
            let at = |name: &str| format!("to[{index}].{name}");
            match recipient {
                Recipient::Member(id) => match self.one("SELECT id FROM members WHERE id = ?1", id)? {
                    Some(id) => audience.members.push(id),
                    None => problems.push(Error::field(Code::UnknownMember, at("member")).found(id.as_str())),
                },
                Recipient::Email(email) => match self.one(
                    "SELECT id FROM members WHERE login_email = lower(?1) UNION \
                     SELECT member FROM addresses WHERE channel = 'email' AND value = lower(?1) LIMIT 1",
                    email,
                )? {
                    Some(id) => audience.members.push(id),
                    None => {
                        problems.push(Error::field(Code::UnknownMember, at("email")).found(email.as_str()))
                    }
                },
                Recipient::Company(id) => match self.one("SELECT id FROM companies WHERE id = ?1", id)? {
                    Some(id) => audience.companies.push(id),
                    None => {
                        problems.push(Error::field(Code::UnknownCompany, at("company")).found(id.as_str()))
                    }
                },
                Recipient::Room(id) => match self.room_row(id)? {
                    Some(room) if audience.rooms.iter().any(|known| known.id == room.id) => {}
                    Some(room) => audience.rooms.push(room),
                    None => problems.push(Error::field(Code::UnknownRoom, at("room")).found(id.as_str())),
                },
                Recipient::Everyone(true) => audience.everyone = true,
                Recipient::Everyone(false) => {
                    problems.push(Error::field(Code::EmptyAudience, at("everyone")))
                }
            }
        }
        Refusal::unless_empty(problems)?;
        Ok(audience)
    }

    /// Decides for everybody in the audience. Reads only.
    pub(crate) fn plan(&self, audience: &Audience, head: &Head<'_>) -> Result<Plan, Refusal> {
        let channels = self.connected_channels()?;
        let mut plan =
            Plan { channels, decided: String::new(), rooms: String::new(), deliveries: 0, skipped: 0 };
        let mut people = 0u32;
        let mut decided = Vec::new();
        let query = format!(
            "{} SELECT json_object('combination', combination, 'people', count(*)) FROM facts GROUP BY combination",
            facts(&plan.channels)
        );
        let combinations: Vec<Combination> =
            store::rows(&*self.ports.sql, &query, &audience.params(head.kind))?;
        for combination in combinations {
            people += combination.people;
            let (usable, facts) = combination.read(&plan.channels, head.kind);
            let notice = Notice {
                urgency: head.urgency,
                mandatory: head.kind.mandatory,
                usable,
                scheduled: head.deliver_at.is_some(),
            };
            for (rank, (channel, decision, reason)) in decide(notice, &facts).into_iter().enumerate() {
                plan.count(decision, combination.people);
                let integration = plan.channels.get(rank).map(|(_, id)| id.as_str());
                decided.push(serde_json::json!([
                    combination.combination,
                    channel,
                    integration,
                    decision,
                    reason
                ]));
            }
        }
        let mut rooms = Vec::new();
        for room in &audience.rooms {
            let (decision, reason) = match (room.open == 1, head.deliver_at.is_some()) {
                (false, _) => (Decision::Skip, Reason::RoomClosed),
                (true, true) => (Decision::Hold, Reason::Scheduled),
                (true, false) => (Decision::Deliver, Reason::Room),
            };
            plan.count(decision, 1);
            rooms.push(serde_json::json!([room.id, room.provider, room.integration, decision, reason]));
        }
        if people == 0 && rooms.is_empty() {
            return Err(Error::field(Code::EmptyAudience, "to").into());
        }
        plan.decided = serde_json::to_string(&decided)?;
        plan.rooms = serde_json::to_string(&rooms)?;
        Ok(plan)
    }

    /// Writes the plan's deliveries. Part of the one burst that accepts an event.
    pub(crate) fn write_plan(
        &self,
        audience: &Audience,
        plan: &Plan,
        head: &Head<'_>,
    ) -> Result<(), SqlError> {
        let suffix = head.event.as_str().get(EventId::PREFIX.len()..).unwrap_or_default();
        let due = head.deliver_at.unwrap_or(head.now);
        let mut rooms: Vec<Value> = vec![plan.rooms.as_str().into()];
        let mut members = vec![Value::from(plan.decided.as_str())];
        for params in [&mut rooms, &mut members] {
            params.extend([
                Value::from(suffix),
                head.event.as_str().into(),
                head.kind.code.as_str().into(),
                head.urgency.rank().into(),
                due.into(),
                head.now.into(),
            ]);
        }
        let insert = insert(
            "SELECT value ->> 0 AS target, value ->> 1 AS channel, value ->> 2 AS integration, \
             value ->> 3 AS decision, value ->> 4 AS reason, key AS n FROM json_each(?1)",
        );
        if !audience.rooms.is_empty() {
            self.ports.sql.run(&insert, &rooms)?;
        }
        if plan.channels.is_empty() {
            return Ok(());
        }
        // The audience's own parameters come after the seven of `insert`.
        let query = format!(
            "{}, decided AS (SELECT value ->> 0 AS combination, value ->> 1 AS channel, value ->> 2 AS integration, \
             value ->> 3 AS decision, value ->> 4 AS reason, key AS rank FROM json_each(?1)) \
             {}",
            facts_from(&plan.channels, 8),
            self::insert(
                "SELECT f.member AS target, d.channel, d.integration, d.decision, d.reason, \
                 row_number() OVER (ORDER BY f.member, d.rank) - 1 + json_array_length(?12) AS n \
                 FROM facts f JOIN decided d ON d.combination = f.combination"
            )
        );
        members.extend(audience.params(head.kind));
        members.push(plan.rooms.as_str().into());
        self.ports.sql.run(&query, &members)?;
        Ok(())
    }

    fn one(&self, query: &str, value: &str) -> Result<Option<String>, Refusal> {
        Ok(self.ports.sql.texts(query, &[value.into()])?.into_iter().next())
    }

    fn room_row(&self, id: &str) -> Result<Option<RoomRow>, Refusal> {
        store::row(
            &*self.ports.sql,
            "SELECT json_object('id', r.id, 'integration', r.integration, 'provider', i.provider, 'open', r.open) \
             FROM rooms r JOIN integrations i ON i.id = r.integration WHERE r.id = ?1",
            &[id.into()],
        )
    }
}

impl Audience {
    /// The four parameters of `facts`.
    fn params(&self, kind: &KindInfo) -> Vec<Value> {
        let list = |ids: &[String]| Value::Text(serde_json::json!(ids).to_string());
        vec![list(&self.members), list(&self.companies), self.everyone.into(), kind.code.as_str().into()]
    }
}

impl Plan {
    fn count(&mut self, decision: Decision, people: u32) {
        match decision {
            Decision::Deliver | Decision::Hold => self.deliveries += people,
            Decision::Skip => self.skipped += people,
        }
    }
}

/// People with the same facts: `usable` and, for each connected channel, `;state,switch,preference`.
#[derive(Debug, Deserialize)]
struct Combination {
    combination: String,
    people: u32,
}

impl Combination {
    fn read(&self, channels: &[(Channel, IntegrationId)], kind: &KindInfo) -> (bool, Vec<Facts>) {
        let mut parts = self.combination.split(';');
        let usable = parts.next() == Some("1");
        let facts = channels.iter().zip(parts).map(|((channel, _), part)| {
            let mut words = part.split(',');
            let address = words.next().and_then(AddressState::from_code);
            let mut flag = || words.next() == Some("1");
            Facts {
                channel: *channel,
                connected: true,
                rule: !kind.off.contains(channel),
                address,
                channel_on: flag(),
                preference: flag(),
            }
        });
        (usable, facts.collect())
    }
}

fn facts(channels: &[(Channel, IntegrationId)]) -> String {
    facts_from(channels, 1)
}

/// `WITH … facts(member, combination)`, its four parameters numbered from `first`. Channel codes are constants
/// of ours, never input.
fn facts_from(channels: &[(Channel, IntegrationId)], first: usize) -> String {
    let (companies, everyone, kind) = (first + 1, first + 2, first + 3);
    let mut columns = String::from("m.usable");
    let mut joins = String::new();
    for (index, (channel, _)) in channels.iter().enumerate() {
        let _ = write!(
            columns,
            " || ';' || coalesce(a{index}.state || ',' || a{index}.switched_on, '-,1') || ',' || (p{index}.member IS NULL)"
        );
        let _ = write!(
            joins,
            " LEFT JOIN addresses a{index} ON a{index}.member = m.id AND a{index}.channel = '{channel}' \
             LEFT JOIN preferences p{index} ON p{index}.member = m.id AND p{index}.kind = ?{kind} AND p{index}.channel = '{channel}'"
        );
    }
    format!(
        "WITH picked AS (SELECT value AS member FROM json_each(?{first}) \
         UNION SELECT id FROM members WHERE company IN (SELECT value FROM json_each(?{companies})) \
         UNION SELECT id FROM members WHERE ?{everyone} = 1), \
         facts AS (SELECT m.id AS member, {columns} AS combination FROM picked JOIN members m ON m.id = picked.member{joins} \
         WHERE ?{kind} IS NOT NULL)"
    )
}

/// Parameters: ?1 belongs to `source`, then event suffix, event, kind, urgency, due, now.
fn insert(source: &str) -> String {
    let digit =
        |shift: u32| format!("substr('0123456789abcdefghjkmnpqrstvwxyz', ((n >> {shift}) & 31) + 1, 1)");
    let digits: Vec<String> = [20, 15, 10, 5, 0].into_iter().map(digit).collect();
    format!(
        "INSERT INTO deliveries (id, event, target, channel, integration, kind, urgency, decision, reason, state, due_at, done_at) \
         SELECT 'dl_' || ?2 || {}, ?3, target, CASE channel WHEN 'mail' THEN 'email' ELSE channel END, integration, ?4, ?5, decision, reason, \
         CASE decision WHEN 'skip' THEN 'skipped' ELSE 'waiting' END, \
         CASE decision WHEN 'skip' THEN NULL ELSE ?6 END, CASE decision WHEN 'skip' THEN ?7 END FROM ({source})",
        digits.join(" || ")
    )
}
