//! From an audience to decided deliveries, in sets: people with the same switches and address states share
//! one decision, so ten thousand of them cost a handful of calls to [`shared::routing::decide`].

use std::fmt::Write as _;

use serde::Deserialize;
use shared::{
    api::{
        announcements::{ChannelReach, Reach},
        events::Recipient,
        integrations::Provider,
        settings::KindInfo,
    },
    channel::{AddressState, Channel},
    error::{Code, Error},
    id::{EventId, IntegrationId},
    routing::{Decision, Facts, Notice, Reason, Urgency, decide},
    time::Millis,
};

use crate::{
    dispatch::earlier,
    hub::Hub,
    kinds::{CompanyRule, allows},
    ports::{SqlError, Value},
    refusal::Refusal,
    store,
};

/// Whose login or notification address ?1 is.
pub(crate) const BY_EMAIL: &str = "SELECT id FROM members WHERE login_email = lower(?1) UNION \
     SELECT member FROM addresses WHERE channel = 'email' AND value = lower(?1) LIMIT 1";

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
    /// When the first of what waits for the end of quiet time is due.
    pub(crate) held_until: Option<Millis>,
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
    /// The end of their quiet time, which it waits for.
    held_until: Option<Millis>,
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
                Recipient::Email(email) => match self.one(BY_EMAIL, email)? {
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
        let quiet = self.quiet_at(head.deliver_at.unwrap_or(head.now), head.urgency)?;
        let mut plan = Plan::default();
        let mut params = audience.params(head.kind);
        let companies = self.company_rooms_of(audience, &params)?;
        let named = audience.rooms.iter().map(|room| (room, Reason::Room));
        for (room, reason) in named.chain(companies.iter().map(|room| (room, Reason::CompanyRoom))) {
            let (decision, reason) = match (room.open == 1, quiet.rooms, head.deliver_at) {
                (false, ..) => (Decision::Skip, Reason::RoomClosed),
                (true, Some(_), _) => (Decision::Hold, Reason::QuietTime),
                (true, None, Some(_)) => (Decision::Hold, Reason::Scheduled),
                (true, None, None) => (Decision::Deliver, reason),
            };
            let channel = room.provider.channel();
            let decided = [(channel, Some(room.integration.as_str()), decision, reason)];
            plan.add(serde_json::to_string(&[&room.id])?, 1, &decided, quiet.rooms)?;
        }
        let rules = self.company_rules()?;
        // Companies whose people may have another rule for this kind: nearly always none.
        let differing: Vec<&str> = rules
            .iter()
            .filter(|rule| rule.kind == head.kind.code)
            .map(|rule| rule.company.as_str())
            .collect();
        if !differing.is_empty() {
            params.push(serde_json::to_string(&differing)?.into());
        }
        let ends = quiet.ends.map(|ends| {
            params.push(ends.into());
            params.len()
        });
        let query = format!(
            "{} SELECT combination || ' ' || count(*) || ' ' || json_group_array(member) FROM facts GROUP BY combination",
            facts(&channels, !differing.is_empty(), ends)
        );
        for group in self.ports.sql.texts(&query, &params)? {
            let mut parts = group.splitn(3, ' ');
            let combination = parts.next().unwrap_or_default();
            let size = parts.next().and_then(|size| size.parse().ok()).unwrap_or_default();
            let (usable, quiet_until, facts) = read_combination(combination, &channels, head.kind, &rules);
            let notice = Notice {
                urgency: head.urgency,
                mandatory: head.kind.mandatory,
                usable,
                scheduled: head.deliver_at.is_some(),
                spare_paid,
                quiet_until,
            };
            let integrations = channels.iter().map(|(_, id)| Some(id.as_str()));
            let decided: Vec<_> = decide(notice, &facts)
                .into_iter()
                .zip(integrations)
                .zip(&facts)
                // Few people want it, and a row for everybody else would cost more than it says.
                .filter(|(_, facts)| facts.channel != Channel::WebPush || facts.address.is_some())
                .map(|(decided, _)| decided)
                .map(|((channel, decision, reason), integration)| (channel, integration, decision, reason))
                .collect();
            plan.add(parts.next().unwrap_or("[]").to_owned(), size, &decided, notice.waits_until())?;
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
            // What waits is not leased.
            let first = if group.held_until.is_some() { 0 } else { leased.first };
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
                    group.held_until.or(head.deliver_at).unwrap_or(head.now).into(),
                    head.now.into(),
                    i64::from(first).into(),
                    leased.until.into(),
                ],
            )?;
            number += group.size * group.channels;
        }
        Ok(())
    }

    /// Rooms of companies whose people get it, but for those that are addressed anyway.
    fn company_rooms_of(&self, audience: &Audience, params: &[Value]) -> Result<Vec<RoomRow>, Refusal> {
        let mut rooms = Vec::new();
        for id in self.company_rooms_for(params)? {
            if audience.rooms.iter().all(|room| room.id != id.as_str()) {
                rooms.extend(self.room_row(id.as_str())?);
            }
        }
        Ok(rooms)
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
    /// Whom it reaches, counted.
    pub(crate) fn reach(&self) -> Result<Reach, Refusal> {
        let mut reach = Reach::default();
        for group in &self.groups {
            let decided: Vec<(Channel, Option<String>, Decision, Reason)> =
                serde_json::from_str(&group.decided)?;
            let size = u64::from(group.size);
            let mut reached = false;
            for (channel, _, _, _) in decided.iter().filter(|(_, _, decision, _)| *decision != Decision::Skip)
            {
                reached = true;
                match reach.channels.iter_mut().find(|known| known.channel == *channel) {
                    Some(known) => known.count += size,
                    None => reach.channels.push(ChannelReach { channel: *channel, count: size }),
                }
            }
            let is_room = group.targets.starts_with("[\"rm_");
            match (is_room, reached) {
                (true, reached) => reach.rooms += u64::from(reached),
                (false, true) => reach.people += size,
                (false, false) => {
                    reach.people += size;
                    reach.nobody += size;
                }
            }
        }
        reach.channels.sort_by_key(|known| known.channel);
        Ok(reach)
    }

    fn add(
        &mut self,
        targets: String,
        size: u32,
        decided: &[(Channel, Option<&str>, Decision, Reason)],
        held_until: Option<Millis>,
    ) -> Result<(), Refusal> {
        let held_until = held_until.filter(|_| decided.iter().any(|one| one.2 == Decision::Hold));
        self.held_until = earlier(self.held_until, held_until);
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
            held_until,
        });
        Ok(())
    }
}

/// `usable`, the end of quiet time or 0, perhaps the company, and, for each connected channel,
/// `;state,switch,preference`.
fn read_combination(
    combination: &str,
    channels: &[(Channel, IntegrationId)],
    kind: &KindInfo,
    rules: &[CompanyRule],
) -> (bool, Option<Millis>, Vec<Facts>) {
    let mut parts = combination.split(';');
    let mut person = parts.next().unwrap_or_default().split(',');
    let usable = person.next() == Some("1");
    let quiet_until = person.next().and_then(|until| until.parse().ok()).filter(|until| *until > 0);
    let company = person.next().unwrap_or_default();
    let facts = channels.iter().zip(parts).map(|((channel, _), part)| {
        let mut words = part.split(',');
        let address = words.next().and_then(AddressState::from_code);
        let mut flag = || words.next() == Some("1");
        Facts {
            channel: *channel,
            connected: true,
            rule: allows(kind, rules, company, *channel),
            address,
            channel_on: flag(),
            // What members may not set is not asked.
            preference: flag() || kind.locked,
        }
    });
    (usable, quiet_until, facts.collect())
}

/// `WITH … facts(member, combination)`. Channel codes are constants of ours, never input. With `companies`, ?5 has
/// those whose people are told apart, JSON array. `quiet` is the parameter with `QuietNow::ends`.
fn facts(channels: &[(Channel, IntegrationId)], companies: bool, quiet: Option<usize>) -> String {
    let mut columns = match quiet {
        None => String::from("m.usable || ',0'"),
        Some(ends) => {
            format!("m.usable || ',' || coalesce(?{ends} ->> ('$.\"' || coalesce(m.quiet, '') || '\"'), 0)")
        }
    };
    if companies {
        columns.push_str(
            " || CASE WHEN m.company IN (SELECT value FROM json_each(?5)) THEN ',' || m.company ELSE '' END",
        );
    }
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
