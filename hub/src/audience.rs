//! From an audience to decided deliveries, in sets: people with the same switches and address states share
//! one decision, so ten thousand of them cost a handful of calls to [`shared::routing::decide`].

use std::fmt::Write as _;

use serde::Deserialize;
use shared::{
    api::{events::Recipient, integrations::Provider, settings::KindInfo},
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
    provider: Provider,
    open: i64,
}

/// What is decided, in the order in which it is written.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    groups: Vec<Group>,
    /// Some of it is mail, whose tries may last longest.
    pub(crate) mail: bool,
    pub(crate) deliveries: u32,
    pub(crate) skipped: u32,
}

/// Targets that share one decision: people with the same facts, or one room.
#[derive(Debug)]
struct Group {
    /// Ids, JSON array.
    targets: String,
    size: u32,
    /// `[channel, integration, decision, reason]` for each channel, JSON array.
    decided: String,
    channels: u32,
}

/// Leased in the insert itself: the first deliveries of an event that is sent at once, so that the lease
/// costs no row of its own.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Leased {
    pub(crate) first: u32,
    pub(crate) until: Millis,
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
        let spare_paid = self.line_cost()?.spare;
        let mut plan = Plan::default();
        for room in &audience.rooms {
            let (decision, reason) = match (room.open == 1, head.deliver_at.is_some()) {
                (false, _) => (Decision::Skip, Reason::RoomClosed),
                (true, true) => (Decision::Hold, Reason::Scheduled),
                (true, false) => (Decision::Deliver, Reason::Room),
            };
            let channel = room.provider.channel();
            let decided = [(channel, Some(room.integration.as_str()), decision, reason)];
            plan.add(serde_json::to_string(&[&room.id])?, 1, &decided)?;
        }
        let query = format!(
            "{} SELECT combination || ' ' || count(*) || ' ' || json_group_array(member) FROM facts GROUP BY combination",
            facts(&channels)
        );
        for group in self.ports.sql.texts(&query, &audience.params(head.kind))? {
            let mut parts = group.splitn(3, ' ');
            let combination = parts.next().unwrap_or_default();
            let size = parts.next().and_then(|size| size.parse().ok()).unwrap_or_default();
            let (usable, facts) = read_combination(combination, &channels, head.kind);
            let notice = Notice {
                urgency: head.urgency,
                mandatory: head.kind.mandatory,
                usable,
                scheduled: head.deliver_at.is_some(),
                spare_paid,
            };
            let integrations = channels.iter().map(|(_, id)| Some(id.as_str()));
            let decided: Vec<_> = decide(notice, &facts)
                .into_iter()
                .zip(integrations)
                .map(|((channel, decision, reason), integration)| (channel, integration, decision, reason))
                .collect();
            plan.add(parts.next().unwrap_or("[]").to_owned(), size, &decided)?;
        }
        if plan.groups.is_empty() {
            return Err(Error::field(Code::EmptyAudience, "to").into());
        }
        Ok(plan)
    }

    /// Writes the plan's deliveries. Part of the one burst that accepts an event.
    pub(crate) fn write_plan(&self, plan: &Plan, head: &Head<'_>, leased: Leased) -> Result<(), SqlError> {
        let suffix = head.event.as_str().get(EventId::PREFIX.len()..).unwrap_or_default();
        let mut number = 0;
        for group in &plan.groups {
            self.ports.sql.run(
                INSERT,
                &[
                    group.targets.as_str().into(),
                    group.decided.as_str().into(),
                    i64::from(number).into(),
                    i64::from(group.channels).into(),
                    suffix.into(),
                    head.kind.code.as_str().into(),
                    head.urgency.rank().into(),
                    head.deliver_at.unwrap_or(head.now).into(),
                    head.now.into(),
                    i64::from(leased.first).into(),
                    leased.until.into(),
                ],
            )?;
            number += group.size * group.channels;
        }
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
    fn add(
        &mut self,
        targets: String,
        size: u32,
        decided: &[(Channel, Option<&str>, Decision, Reason)],
    ) -> Result<(), Refusal> {
        for (channel, _, decision, _) in decided {
            match decision {
                Decision::Deliver | Decision::Hold => {
                    self.deliveries += size;
                    self.mail |= *channel == Channel::Email;
                }
                Decision::Skip => self.skipped += size,
            }
        }
        self.groups.push(Group {
            targets,
            size,
            decided: serde_json::to_string(decided)?,
            channels: u32::try_from(decided.len()).unwrap_or_default(),
        });
        Ok(())
    }
}

/// `usable` and, for each connected channel, `;state,switch,preference`.
fn read_combination(
    combination: &str,
    channels: &[(Channel, IntegrationId)],
    kind: &KindInfo,
) -> (bool, Vec<Facts>) {
    let mut parts = combination.split(';');
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

/// `WITH … facts(member, combination)`. Channel codes are constants of ours, never input.
fn facts(channels: &[(Channel, IntegrationId)]) -> String {
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
             LEFT JOIN preferences p{index} ON p{index}.member = m.id AND p{index}.kind = ?4 AND p{index}.channel = '{channel}'"
        );
    }
    format!(
        "WITH picked AS (SELECT value AS member FROM json_each(?1) \
         UNION SELECT id FROM members WHERE company IN (SELECT value FROM json_each(?2)) \
         UNION SELECT id FROM members WHERE ?3 = 1), \
         facts AS (SELECT m.id AS member, {columns} AS combination FROM picked JOIN members m ON m.id = picked.member{joins} \
         WHERE ?4 IS NOT NULL)"
    )
}

/// One group's deliveries: target x channel, numbered from ?3. ?1 targets, ?2 decided, ?4 channels of the
/// group, ?5 the event's id without its prefix, ?6 kind, ?7 urgency, ?8 due, ?9 now, ?10 and ?11 as [`Leased`].
const INSERT: &str = "INSERT INTO deliveries (id, target, channel, integration, kind, urgency, decision, reason, state, due_at, lease_until, done_at) \
     SELECT 'dl_' || ?5 || substr('0123456789abcdefghjkmnpqrstvwxyz', ((n >> 20) & 31) + 1, 1) \
     || substr('0123456789abcdefghjkmnpqrstvwxyz', ((n >> 15) & 31) + 1, 1) \
     || substr('0123456789abcdefghjkmnpqrstvwxyz', ((n >> 10) & 31) + 1, 1) \
     || substr('0123456789abcdefghjkmnpqrstvwxyz', ((n >> 5) & 31) + 1, 1) \
     || substr('0123456789abcdefghjkmnpqrstvwxyz', (n & 31) + 1, 1), \
     target, decided ->> 0, decided ->> 1, ?6, ?7, decided ->> 2, decided ->> 3, \
     CASE WHEN decided ->> 2 = 'skip' THEN 'skipped' WHEN n < ?10 THEN 'sending' ELSE 'waiting' END, \
     CASE WHEN decided ->> 2 = 'skip' OR n < ?10 THEN NULL ELSE ?8 END, \
     CASE WHEN decided ->> 2 <> 'skip' AND n < ?10 THEN ?11 END, \
     CASE decided ->> 2 WHEN 'skip' THEN ?9 END \
     FROM (SELECT t.value AS target, d.value AS decided, ?3 + t.key * ?4 + d.key AS n FROM json_each(?1) t CROSS JOIN json_each(?2) d)";
