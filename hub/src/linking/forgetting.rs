//! Forgetting what people had granted under an integration that was deleted: Google Chat webhook URLs and LINE
//! tokens. They may be as many as there are members, so they go in slices, each small enough for one invocation.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    channel::Channel,
    id::MemberId,
    time::{HOUR, Millis, SECOND},
};

use super::line::token_name;
use crate::{clients::WEBHOOK, hub::Hub, ports::SqlError, refusal::Refusal, store};

/// Secrets of one slice, and the time between two: longer than the dispatcher waits, so that each is an invocation
/// of its own.
const SLICE: i64 = 20;
const PAUSE: Millis = 15 * SECOND;

#[derive(Deserialize)]
struct Grant {
    due_at: Millis,
    member: MemberId,
    channel: Channel,
    value: String,
    /// The person gave the same again since.
    again: i64,
}

impl Hub {
    /// Notes all grants of a channel. Part of the burst that deletes its addresses, and before that.
    pub(crate) fn forget_grants_of(&self, channel: Channel) -> Result<(), SqlError> {
        if channel == Channel::WebPush {
            // Of one person's devices each has a time of its own.
            self.ports.sql.run(
                "INSERT INTO grants_to_forget (due_at, member, channel, value) \
                 SELECT ?2 + (row_number() OVER (ORDER BY member, id) - 1) / ?3 * ?4 + row_number() OVER (PARTITION BY member ORDER BY id), \
                 member, ?1, secret FROM push_devices",
                &[channel.code().into(), self.now().into(), SLICE.into(), PAUSE.into()],
            )?;
            return self.ports.sql.run("DELETE FROM push_devices", &[]);
        }
        self.ports.sql.run(
            "INSERT INTO grants_to_forget (due_at, member, channel, value) \
             SELECT ?2 + (row_number() OVER (ORDER BY member) - 1) / ?3 * ?4, member, channel, value FROM addresses \
             WHERE channel = ?1 AND (channel = 'line' OR channel = 'google_chat' AND substr(value, 1, 8) = 'webhook:')",
            &[channel.code().into(), self.now().into(), SLICE.into(), PAUSE.into()],
        )
    }

    /// When the next slice is due.
    pub(crate) fn next_grant_to_forget(&self) -> Result<Option<Millis>, Refusal> {
        let due =
            store::number(&*self.ports.sql, "SELECT coalesce(min(due_at), 0) FROM grants_to_forget", &[])?;
        Ok(Some(due).filter(|at| *at > 0))
    }

    /// One slice of what is due. What the vault does not take now is tried again in an hour. The person is not
    /// deauthorised at LINE: what that needs went with the integration.
    pub(crate) async fn forget_next_grants(self: &Rc<Self>) -> Result<(), Refusal> {
        let grants: Vec<Grant> = store::rows(&*self.ports.sql, DUE, &[self.now().into(), SLICE.into()])?;
        for grant in grants {
            let forgotten = match secret_of(&grant).filter(|_| grant.again == 0) {
                Some(name) => self.vault.delete_named(&*self.ports.kv, &name).await,
                None => Ok(()),
            };
            if let Err(error) = &forgotten {
                self.ports.log.line(&format!("a secret was not forgotten: {error}"));
            }
            let row = [grant.due_at.into(), grant.member.as_str().into(), grant.channel.code().into()];
            match forgotten {
                Ok(()) => self.ports.sql.run(
                    "DELETE FROM grants_to_forget WHERE due_at = ?1 AND member = ?2 AND channel = ?3",
                    &row,
                )?,
                Err(_) => self.ports.sql.run(
                    "UPDATE OR REPLACE grants_to_forget SET due_at = ?4 WHERE due_at = ?1 AND member = ?2 AND channel = ?3",
                    &[&row[..], &[(self.now() + HOUR + grant.due_at % SECOND).into()]].concat(),
                )?,
            }
        }
        Ok(())
    }
}

/// Under which name the vault has it.
fn secret_of(grant: &Grant) -> Option<String> {
    match grant.channel {
        Channel::Line => Some(token_name(&grant.member, &grant.value)),
        Channel::GoogleChat => {
            grant.value.strip_prefix(WEBHOOK)?.split_once(':').map(|(_, name)| name.to_owned())
        }
        Channel::WebPush => Some(grant.value.clone()),
        Channel::Lineworks | Channel::Slack | Channel::Email => None,
    }
}

const DUE: &str = "SELECT json_object('due_at', g.due_at, 'member', g.member, 'channel', g.channel, 'value', g.value, \
     'again', EXISTS (SELECT 1 FROM addresses a WHERE a.member = g.member AND a.channel = g.channel AND a.value = g.value)) \
     FROM grants_to_forget g WHERE g.due_at <= ?1 ORDER BY g.due_at LIMIT ?2";
