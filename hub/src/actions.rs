//! Actions and claims: of everybody who presses a button, wherever, one wins; every other copy is settled.

use std::rc::Rc;

use shared::{
    api::{
        events::{Claim, Pressed},
        live::LiveMessage,
        webhooks::WebhookEvent,
    },
    channel::Channel,
    error::Code,
    id::{EventId, MemberId},
    lang::Lang,
    message::Message,
    time::{MINUTE, Millis, rfc3339},
};

use crate::{
    events::id_range,
    hub::Hub,
    ports::{Audience, SqlError},
    refusal::Refusal,
    store,
};

/// The kind of the news that follows a claim.
pub(crate) const ANSWERED: &str = "todoke.answered";

/// Who pressed, and where.
#[derive(Debug, Clone)]
pub(crate) struct Presser<'a> {
    pub(crate) member: Option<MemberId>,
    pub(crate) name: String,
    /// `None` on わたしの通知.
    pub(crate) channel: Option<Channel>,
    /// The store's id of the room in which it was pressed.
    pub(crate) room: Option<&'a str>,
}

impl Hub {
    /// Presses an action. The first press wins, and in the same burst the news for everybody else is written;
    /// every later press is told who was first. Errors: `not_found`, `unknown_action`, `not_for_you`.
    pub(crate) async fn press(
        self: &Rc<Self>,
        event: &str,
        action: &str,
        presser: Presser<'_>,
    ) -> Result<Pressed, Refusal> {
        let event: EventId = event.parse().map_err(|_| Code::NotFound)?;
        let told = self.told_event(&event)?.ok_or(Code::NotFound)?;
        let pressed = told.message.actions.iter().find(|one| one.id == action).ok_or(Code::UnknownAction)?;
        self.check_recipient(&event, &presser)?;
        let now = self.now();
        let claim = Claim {
            action: pressed.id.clone(),
            label: pressed.label.clone(),
            name: presser.name,
            member: presser.member,
            channel: presser.channel,
            at: now,
        };
        self.arm(now + MINUTE).await?;
        if let Some(earlier) = self.claim(&event)? {
            // The same press again, or opened again after a crash: who has it is not told to be late.
            let same = (&earlier.member, &earlier.name, &earlier.action)
                == (&claim.member, &claim.name, &claim.action);
            return Ok(Pressed { won: same, claim: earlier });
        }
        let news = EventId::new(now, self.random());
        let skipped = Skipped {
            target: presser.room.map(str::to_owned).or(claim.member.as_ref().map(ToString::to_string)),
            channel: presser.channel,
        };
        let told_system = serde_json::json!({"event": event, "action": claim.action, "member": claim.member,
            "channel": claim.channel, "at": rfc3339(now)});
        let mut told_others = 0;
        self.ports.sql.atomically(&mut || {
            self.insert_claim(&event, &claim)?;
            told_others = self.insert_news(&news, &event, told.urgency, &skipped, now)?;
            self.queue_webhook(WebhookEvent::ActionTaken, &told_system).map(drop)
        })?;
        if told_others > 0 {
            self.enqueue(&news, told_others)?;
            self.announce_event(&news, told_others)?;
        }
        self.announce_claim(&event, &claim)?;
        self.dispatcher.nudge();
        Ok(Pressed { won: true, claim })
    }

    /// Who took an action of the event.
    pub(crate) fn claim(&self, event: &EventId) -> Result<Option<Claim>, Refusal> {
        store::row(
            &*self.ports.sql,
            &format!("SELECT {CLAIM} FROM claims c WHERE c.event = ?1"),
            &[event.as_str().into()],
        )
    }

    /// A copy that was on its way while somebody pressed still shows its buttons: it is settled like the
    /// others. `job` is as it was sent. Part of the burst that ends its try.
    pub(crate) fn settle_latecomer(
        &self,
        job: &crate::attempt::Job,
        reference: Option<&str>,
    ) -> Result<(), SqlError> {
        if job.message.actions.is_empty()
            || job.about.is_some()
            || job.settled.is_some()
            || job.channel == Channel::Email
        {
            return Ok(());
        }
        let sql = &*self.ports.sql;
        let claimed = sql.texts("SELECT 1 FROM claims WHERE event = ?1", &[job.event.as_str().into()])?;
        if claimed.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let news = EventId::new(now, self.random());
        sql.run(NEWS_EVENT, &[news.as_str().into(), now.into(), job.event.as_str().into(), 1.into()])?;
        sql.run(
            &format!(
                "INSERT INTO deliveries ({NEWS_COLUMNS}) VALUES ('dl_' || substr(?1, 4) || '00000', ?2, ?3, ?4, '{ANSWERED}', ?5, 'deliver', 'answered', 'waiting', ?6, ?7)"
            ),
            &[
                news.as_str().into(),
                job.target.as_str().into(),
                job.channel.code().into(),
                job.integration.as_deref().into(),
                job.urgency.into(),
                now.into(),
                reference.filter(|_| changes_messages(job.channel)).into(),
            ],
        )?;
        self.dispatcher.look_by(now);
        Ok(())
    }

    fn told_event(&self, event: &EventId) -> Result<Option<Told>, Refusal> {
        store::row(
            &*self.ports.sql,
            "SELECT json_object('message', json(message), 'urgency', urgency) FROM events WHERE id = ?1 AND about IS NULL",
            &[event.as_str().into()],
        )
    }

    /// What stands behind a button can be written by hand: only those who got the notice may press.
    fn check_recipient(&self, event: &EventId, presser: &Presser<'_>) -> Result<(), Refusal> {
        let (from, until) = id_range(event);
        let mine = |target: &str| -> Result<bool, Refusal> {
            let found = self.ports.sql.texts(
                "SELECT 1 FROM deliveries WHERE id >= ?1 AND id < ?2 AND target = ?3 LIMIT 1",
                &[from.as_str().into(), until.as_str().into(), target.into()],
            )?;
            Ok(!found.is_empty())
        };
        let by_room = presser.room.map(&mine).transpose()?.unwrap_or(false);
        let by_member =
            presser.member.as_ref().map(|member| mine(member.as_str())).transpose()?.unwrap_or(false);
        if by_room || by_member { Ok(()) } else { Err(Code::NotForYou.into()) }
    }

    fn insert_claim(&self, event: &EventId, claim: &Claim) -> Result<(), SqlError> {
        self.ports.sql.run(
            "INSERT INTO claims (event, action, label, member, name, channel, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                event.as_str().into(),
                claim.action.as_str().into(),
                claim.label.as_str().into(),
                claim.member.as_ref().map(MemberId::as_str).into(),
                claim.name.as_str().into(),
                claim.channel.map_or("", Channel::code).into(),
                claim.at.into(),
            ],
        )
    }

    /// One delivery for each copy that was sent: those that can be changed are changed, the others get one
    /// short message. Mail is left alone, and so is who cannot be reached any more, and the talk in which the
    /// button was pressed: it is answered there.
    fn insert_news(
        &self,
        news: &EventId,
        event: &EventId,
        urgency: i64,
        skipped: &Skipped,
        now: Millis,
    ) -> Result<u32, SqlError> {
        let (from, until) = id_range(event);
        let sql = &*self.ports.sql;
        let changed = sql.exec(
            &format!(
                "INSERT INTO deliveries ({NEWS_COLUMNS}) \
                 SELECT 'dl_' || substr(?1, 4) || substr(d.id, 30), d.target, d.channel, d.integration, '{ANSWERED}', ?4, \
                 'deliver', 'answered', 'waiting', ?5, CASE WHEN d.channel IN ('slack', 'google_chat') THEN d.attempts ->> '$[#-1].reference' END \
                 FROM deliveries d WHERE d.id >= ?2 AND d.id < ?3 AND d.state IN ('sent', 'uncertain') AND d.channel <> 'email' \
                 AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.member = d.target AND a.channel = d.channel AND a.state = 'blocked') \
                 AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.id = d.target AND r.open = 0) \
                 AND NOT (d.target IS ?6 AND d.channel IS ?7 AND d.channel IN ('line', 'lineworks'))"
            ),
            &[
                news.as_str().into(),
                from.into(),
                until.into(),
                urgency.into(),
                now.into(),
                skipped.target.as_deref().into(),
                skipped.channel.map(Channel::code).into(),
            ],
        )?;
        if changed > 0 {
            sql.run(
                NEWS_EVENT,
                &[
                    news.as_str().into(),
                    now.into(),
                    event.as_str().into(),
                    i64::try_from(changed).unwrap_or_default().into(),
                ],
            )?;
        }
        Ok(u32::try_from(changed).unwrap_or(u32::MAX))
    }

    fn announce_claim(&self, event: &EventId, claim: &Claim) -> Result<(), Refusal> {
        if !self.ports.live.anyone() {
            return Ok(());
        }
        let news = LiveMessage::Claim { event: event.clone(), claim: claim.clone() };
        let text = serde_json::to_string(&news)?;
        self.ports.live.publish(Audience::Admins, &text);
        let (from, until) = id_range(event);
        let members = self.ports.sql.texts(
            "SELECT DISTINCT target FROM deliveries WHERE id >= ?1 AND id < ?2 LIMIT 200",
            &[from.into(), until.into()],
        )?;
        for member in members.into_iter().filter(|target| target.starts_with(MemberId::PREFIX)) {
            self.ports.live.publish(Audience::Member(member), &text);
        }
        Ok(())
    }
}

/// `json_object` of a [`Claim`] from `claims c`.
pub(crate) const CLAIM: &str = "json_object('action', c.action, 'label', c.label, 'name', c.name, 'member', c.member, \
     'channel', CASE c.channel WHEN '' THEN NULL ELSE c.channel END, 'at', c.at)";

const NEWS_COLUMNS: &str =
    "id, target, channel, integration, kind, urgency, decision, reason, state, due_at, edits";

/// The news as an event of its own: ?1 id, ?2 now, ?3 what it is about, ?4 deliveries. Its text is made for
/// each reader when it is sent; the stored one is for lists.
const NEWS_EVENT: &str = "INSERT INTO events (id, kind, urgency, message, created_at, source, body_hash, deliveries, skipped, about) \
     SELECT ?1, 'todoke.answered', e.urgency, json_object('title', c.name || ': ' || c.label || ' — ' || (e.message ->> '$.title')), \
     ?2, 'todoke', '', ?4, 0, ?3 FROM events e JOIN claims c ON c.event = e.id WHERE e.id = ?3";

#[derive(serde::Deserialize)]
struct Told {
    message: Message,
    urgency: i64,
}

/// The talk in which the button was pressed.
struct Skipped {
    target: Option<String>,
    channel: Option<Channel>,
}

/// Whether a sent message can be changed on the channel (slack.md, google_chat.md).
pub(crate) const fn changes_messages(channel: Channel) -> bool {
    matches!(channel, Channel::Slack | Channel::GoogleChat)
}

/// 「佐藤 花子さんが「対応します」を選びました」.
pub(crate) fn settled_line(claim: &Claim, lang: Lang) -> String {
    let (name, label) = (&claim.name, &claim.label);
    match lang {
        Lang::Ja => format!("{name}さんが「{label}」を選びました"),
        Lang::En => format!("{name} chose “{label}”"),
    }
}

/// The short message that follows on a channel whose messages cannot be changed.
pub(crate) fn news_message(claim: &Claim, about: &Message, lang: Lang) -> Message {
    Message {
        title: settled_line(claim, lang).chars().take(200).collect(),
        body: about.title.clone(),
        link: about.link.clone(),
        ..Message::default()
    }
}

/// What the presser is told in the talk where the button was pressed.
pub(crate) fn answer_message(pressed: &Pressed, alone: bool, about: &Message, lang: Lang) -> Message {
    let label = &pressed.claim.label;
    let title = match (pressed.won, alone, lang) {
        (true, true, Lang::Ja) => format!("「{label}」を受け付けました。あなたが対応します。"),
        (true, true, Lang::En) => format!("“{label}” is yours."),
        (true, false, _) => settled_line(&pressed.claim, lang),
        (false, _, Lang::Ja) => format!("すでに{}", settled_line(&pressed.claim, lang)),
        (false, _, Lang::En) => format!("Already taken: {}", settled_line(&pressed.claim, lang)),
    };
    Message { title: title.chars().take(200).collect(), body: about.title.clone(), ..Message::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(won: bool) -> Pressed {
        let claim = Claim {
            action: "take".into(),
            label: "対応します".into(),
            name: "佐藤 花子".into(),
            member: None,
            channel: Some(Channel::Line),
            at: 0,
        };
        Pressed { won, claim }
    }

    #[test]
    fn everybody_reads_who_has_it() {
        let about = Message { title: "来客です".into(), ..Message::default() };
        for (won, alone, lang, title) in [
            (true, true, Lang::Ja, "「対応します」を受け付けました。あなたが対応します。"),
            (true, false, Lang::Ja, "佐藤 花子さんが「対応します」を選びました"),
            (false, true, Lang::Ja, "すでに佐藤 花子さんが「対応します」を選びました"),
            (false, false, Lang::En, "Already taken: 佐藤 花子 chose “対応します”"),
        ] {
            let message = answer_message(&pressed(won), alone, &about, lang);
            assert_eq!((message.title.as_str(), message.body.as_str()), (title, "来客です"));
        }
        assert_eq!(
            news_message(&pressed(true).claim, &about, Lang::En).title,
            "佐藤 花子 chose “対応します”"
        );
    }
}
