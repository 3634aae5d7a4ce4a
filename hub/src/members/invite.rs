//! Inviting people: a mail with a way in, to one or to thousands, a few at a time.

use std::rc::Rc;

use futures_util::future::join_all;
use serde::Deserialize;
use shared::{
    api::members::{Invitations, InviteRequest},
    channel::Channel,
    delivery::Outcome,
    error::{Code, Error},
    id::MemberId,
    lang::Lang,
    message::Message,
    time::{DAY, MINUTE, Millis},
};

use super::{MemberFilter, Reach};
use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

/// Longer than over a weekend.
const LINK_LIFE: Millis = 7 * DAY;
/// Longer than a try can take: one that was cut off is due again by then.
const LEASE: Millis = 5 * MINUTE;
const TRIES: i64 = 5;
/// Sent at once, and what is waited then: providers of mail take a few a second.
const AT_ONCE: i64 = 4;
const PAUSE: u64 = 1_000;
const KIND: &str = "todoke.announcement";

#[derive(Deserialize)]
struct Letter {
    member: MemberId,
    name: String,
    address: String,
    language: Lang,
    tries: i64,
}

impl Hub {
    /// Asks for letters to usable people whom the caller may see, within `filter`: a letter goes to nobody but its
    /// reader, so that roles above the caller's get theirs as well. Errors: `not_allowed`,
    /// `not_connected` without mail, `empty_audience` when there is nobody.
    pub(crate) async fn invite(
        &self,
        caller: &Caller,
        mut filter: MemberFilter,
        request: &InviteRequest,
    ) -> Result<Invitations, Refusal> {
        if let Reach::Company(own) = self.reach(caller)? {
            filter.company = Some(own.to_string());
        }
        if self.connected_channels()?.iter().all(|(channel, _)| *channel != Channel::Email) {
            return Err(Error::field(Code::NotConnected, "channel").found("email").into());
        }
        filter.usable = Some(true);
        if request.new_only {
            filter.invited = Some(false);
        }
        let (mut conditions, mut params) = filter.conditions();
        if let Some(members) = &request.members {
            params.push(serde_json::to_string(members)?.into());
            conditions.push_str(&format!(" AND m.id IN (SELECT value FROM json_each(?{}))", params.len()));
        }
        let now = self.now();
        params.extend([caller.id().into(), now.into()]);
        let (actor, at) = (params.len() - 1, params.len());
        // Before the write: what is due without an alarm would be forgotten in a crash.
        self.arm(now).await?;
        let mut asked = 0;
        self.ports.sql.atomically(&mut || {
            asked = self.ports.sql.exec(
                &format!(
                    "INSERT INTO invitations (member, actor, asked_at, due_at) SELECT m.id, ?{actor}, ?{at}, ?{at} FROM members m \
                     WHERE {conditions} ON CONFLICT (member) DO UPDATE SET actor = excluded.actor, asked_at = excluded.asked_at, \
                     due_at = excluded.due_at, tries = 0"
                ),
                &params,
            )?;
            if asked == 0 { Ok(()) } else { self.audit(caller, "members.invited", "", &asked.to_string()) }
        })?;
        if asked == 0 {
            return Err(Code::EmptyAudience.into());
        }
        self.errand_waits();
        self.invitations(caller)
    }

    /// How far the last letters are; a company admin's own.
    pub(crate) fn invitations(&self, caller: &Caller) -> Result<Invitations, Refusal> {
        let own = match self.reach(caller)? {
            Reach::All => None,
            Reach::Company(_) => Some(caller.id()),
        };
        let counts: Option<Invitations> = store::row(
            &*self.ports.sql,
            "SELECT json_object('waiting', count(due_at), \
             'sent', count(CASE WHEN due_at IS NULL AND sent_at >= asked_at THEN 1 END), \
             'failed', count(CASE WHEN due_at IS NULL AND coalesce(sent_at, 0) < asked_at THEN 1 END), 'asked_at', max(asked_at)) \
             FROM invitations WHERE asked_at = (SELECT max(asked_at) FROM invitations WHERE ?1 IS NULL OR actor = ?1) \
             AND (?1 IS NULL OR actor = ?1)",
            &[own.into()],
        )?;
        Ok(counts.unwrap_or_default())
    }

    /// Withdraws the letters that wait.
    pub(crate) fn stop_invitations(&self, caller: &Caller) -> Result<(), Refusal> {
        let own = match self.reach(caller)? {
            Reach::All => None,
            Reach::Company(_) => Some(caller.id()),
        };
        self.ports.sql.atomically(&mut || {
            let stopped = self.ports.sql.exec(
                "UPDATE invitations SET due_at = NULL WHERE due_at IS NOT NULL AND (?1 IS NULL OR actor = ?1)",
                &[own.into()],
            )?;
            if stopped == 0 { Ok(()) } else { self.audit(caller, "members.invitations_stopped", "", &stopped.to_string()) }
        })?;
        Ok(())
    }

    /// When the next letter is due.
    pub(crate) fn next_invitation(&self) -> Result<Option<Millis>, Refusal> {
        let at = store::number(
            &*self.ports.sql,
            "SELECT coalesce(min(due_at), 0) FROM invitations WHERE due_at IS NOT NULL",
            &[],
        )?;
        Ok(Some(at).filter(|at| *at > 0))
    }

    /// Sends a few letters.
    pub(crate) async fn work_invitations(self: &Rc<Self>) -> Result<(), Refusal> {
        let letters: Vec<Letter> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('member', m.id, 'name', m.name, 'language', m.language, 'tries', i.tries, 'address', \
             coalesce((SELECT a.value FROM addresses a WHERE a.member = m.id AND a.channel = 'email'), m.login_email)) \
             FROM invitations i JOIN members m ON m.id = i.member WHERE i.due_at <= ?1 ORDER BY i.due_at, i.member LIMIT ?2",
            &[self.now().into(), AT_ONCE.into()],
        )?;
        if letters.is_empty() {
            return Ok(());
        }
        let workspace = self.workspace()?.name;
        let sent = join_all(letters.iter().map(|letter| self.send_letter(letter, &workspace))).await;
        for result in sent {
            result?;
        }
        self.ports.clock.sleep(PAUSE).await;
        Ok(())
    }

    async fn send_letter(self: &Rc<Self>, letter: &Letter, workspace: &str) -> Result<(), Refusal> {
        let (now, key) = (self.now(), letter.member.as_str());
        let mut link = None;
        self.ports.sql.atomically(&mut || {
            link = Some(self.write_sign_in_link(&letter.member, LINK_LIFE)?);
            self.ports.sql.run(
                "UPDATE invitations SET tries = tries + 1, due_at = ?2 WHERE member = ?1",
                &[key.into(), (now + LEASE).into()],
            )
        })?;
        let url = link.map(|link| link.url).unwrap_or_default();
        let message = message(workspace, &letter.name, url, letter.language);
        let outcome = self.send_now(Channel::Email, &letter.address, letter.language, KIND, &message).await;
        let (due, sent) = match outcome {
            // It may have arrived: nobody wants two.
            Outcome::Accepted { .. } | Outcome::Uncertain { .. } => (None, Some(self.now())),
            Outcome::Retry { after_ms, .. } if letter.tries + 1 < TRIES => {
                (Some(self.now() + after_ms.unwrap_or_default().max(MINUTE << letter.tries.min(8))), None)
            }
            Outcome::Retry { .. } | Outcome::Rejected { .. } => (None, None),
        };
        self.ports.sql.run(
            "UPDATE invitations SET due_at = ?2, sent_at = coalesce(?3, sent_at) WHERE member = ?1 AND due_at IS NOT NULL",
            &[key.into(), due.into(), sent.into()],
        )?;
        Ok(())
    }
}

fn message(workspace: &str, name: &str, link: String, lang: Lang) -> Message {
    let (title, body) = match lang {
        Lang::Ja => (
            format!("{workspace}の通知を受け取る準備ができました"),
            format!(
                "{name}さん\nお知らせを受け取る方法を選べます。下のリンクを開くと、そのままサインインできます。リンクは7日間、1回だけ使えます。"
            ),
        ),
        Lang::En => (
            format!("{workspace} can reach you now"),
            format!(
                "{name},\nchoose how you want to get your notices. The link below signs you in. It works once, for 7 days."
            ),
        ),
    };
    Message { title: title.chars().take(200).collect(), body, link: Some(link), ..Message::default() }
}
