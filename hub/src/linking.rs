//! Linking a member with their own accounts at the messengers, and taking it back.
//!
//! Where to start: LINE by login and friendship (`line`, `friend`), Google Chat by a webhook URL, Slack by a
//! member ID, LINE WORKS for signing in. Every trip to a provider's login page carries a `state` that needs no
//! table. What is secret and a person's own is kept by name in the vault, never in the store.

mod forgetting;
mod friend;
mod google_chat;
mod line;
mod lineworks;
mod qr;
mod slack;
mod state;
mod web_push;

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::linking::{ChannelRequest, Returned},
    channel::{AddressState, Channel},
    delivery::Cause,
    error::{Code, Error},
    id::{IntegrationId, MemberId},
    lang::Lang,
};

use crate::{
    clients::{Client, WEBHOOK},
    http::for_log,
    hub::Hub,
    ports::Value,
    refusal::Refusal,
    sessions::SignedIn,
    store,
};

/// Why a trip to a provider's login page came to nothing.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The reader is told.
    Told(Returned),
    /// A fault of ours, for the log.
    Fault(Refusal),
}

impl From<Returned> for Stop {
    fn from(returned: Returned) -> Self {
        Self::Told(returned)
    }
}

impl<E: Into<Refusal>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// Where a channel reaches a member.
#[derive(Debug, Clone, Deserialize)]
struct Address {
    value: String,
    state: AddressState,
}

/// An address that the member gave.
struct New<'a> {
    channel: Channel,
    value: &'a str,
    /// What people know it by.
    label: &'a str,
    state: AddressState,
}

impl Hub {
    /// `PUT /api/me/channels/{channel}`: see [`ChannelRequest`].
    pub(crate) async fn change_channel(
        self: &Rc<Self>,
        me: &SignedIn,
        channel: Channel,
        request: ChannelRequest,
        user_agent: &str,
    ) -> Result<(), Refusal> {
        let ChannelRequest { on, url, member_id, push } = request;
        for (name, given, of) in [
            ("url", url.is_some(), Channel::GoogleChat),
            ("member_id", member_id.is_some(), Channel::Slack),
            ("push", push.is_some(), Channel::WebPush),
        ] {
            if given && channel != of {
                return Err(Error::field(Code::UnknownField, name).found(name).into());
            }
        }
        if let Some(url) = &url {
            self.link_google_chat(me, url.trim()).await?;
        } else if let Some(id) = &member_id {
            self.link_slack(me, id).await?;
        } else if let Some(push) = &push {
            self.link_web_push(me, push, user_agent).await?;
        } else if on.is_none() {
            return Err(Error::field(Code::Required, "on").into());
        }
        match on {
            Some(on) => self.switch_channel(&me.id, channel, on),
            None => Ok(()),
        }
    }

    /// `DELETE /api/me/channels/{channel}`: takes the member's address away, and what the provider granted.
    /// Errors: `not_allowed` for mail, `not_connected`, `last_channel`.
    pub(crate) async fn unlink_channel(
        self: &Rc<Self>,
        me: &SignedIn,
        channel: Channel,
    ) -> Result<(), Refusal> {
        if channel == Channel::Email {
            return Err(Error::field(Code::NotAllowed, "channel").into());
        }
        let card = self.cards(&me.id)?.into_iter().find(|card| card.channel == channel);
        let (Some(card), Some(address)) = (card, self.own_address(&me.id, channel)?) else {
            return Err(Error::field(Code::NotConnected, "channel").into());
        };
        if card.last_one {
            return Err(Code::LastChannel.into());
        }
        let devices = self.push_secrets(&me.id, channel)?;
        self.ports.sql.atomically(&mut || {
            if channel == Channel::WebPush {
                self.ports.sql.run("DELETE FROM push_devices WHERE member = ?1", &[me.id.as_str().into()])?;
            }
            self.ports.sql.exec(
                "DELETE FROM addresses WHERE member = ?1 AND channel = ?2",
                &[me.id.as_str().into(), channel.code().into()],
            )?;
            self.audit_as(me.id.as_str(), "address.unlinked", me.id.as_str(), channel.code())
        })?;
        self.announce_addresses(&me.id)?;
        for value in devices.iter().chain([&address.value]) {
            self.forget_grant(&me.id, channel, value).await;
        }
        Ok(())
    }

    /// What of a member is kept in the vault, or granted at a provider; to be read before the member is erased.
    pub(crate) fn grants_of(&self, member: &MemberId) -> Result<Vec<(Channel, String)>, Refusal> {
        store::rows(
            &*self.ports.sql,
            "SELECT json_array(channel, value) FROM addresses WHERE member = ?1 AND channel IN ('line', 'google_chat') \
             UNION ALL SELECT json_array('web_push', secret) FROM push_devices WHERE member = ?1",
            &[member.as_str().into()],
        )
    }

    fn push_secrets(&self, member: &MemberId, channel: Channel) -> Result<Vec<String>, Refusal> {
        let grants = self.grants_of(member)?.into_iter();
        let of =
            |(one, secret): (Channel, String)| (one == channel && one == Channel::WebPush).then_some(secret);
        Ok(grants.filter_map(of).collect())
    }

    /// Takes back what belonged to an address that is gone. What fails is only logged: the address is gone.
    pub(crate) async fn forget_grant(self: &Rc<Self>, member: &MemberId, channel: Channel, value: &str) {
        match channel {
            Channel::Line => self.forget_line_user(member, value).await,
            Channel::GoogleChat => {
                let Some(name) = value.strip_prefix(WEBHOOK).and_then(|rest| rest.split_once(':')) else {
                    return;
                };
                if let Err(error) = self.vault.delete_named(&*self.ports.kv, name.1).await {
                    self.ports.log.line(&format!("a webhook URL was not forgotten: {error}"));
                }
            }
            Channel::WebPush => self.forget_push_secret(value).await,
            Channel::Lineworks | Channel::Slack | Channel::Email => {}
        }
    }

    /// The integration that serves a channel. Errors: `not_connected`.
    async fn serving(&self, channel: Channel) -> Result<(IntegrationId, Client), Refusal> {
        let missing = || Refusal::from(Error::field(Code::NotConnected, "channel"));
        let mut connected = self.connected_channels()?.into_iter();
        let (_, id) = connected.find(|(one, _)| *one == channel).ok_or_else(missing)?;
        let client = self.client(id.as_str()).await?.ok_or_else(missing)?;
        Ok((id, client))
    }

    fn own_address(&self, member: &MemberId, channel: Channel) -> Result<Option<Address>, Refusal> {
        store::row(
            &*self.ports.sql,
            "SELECT json_object('value', value, 'state', state) FROM addresses WHERE member = ?1 AND channel = ?2",
            &[member.as_str().into(), channel.code().into()],
        )
    }

    /// Writes an address, and answers the one that was there. The switch stays as it was. Errors:
    /// `address_taken`: one account belongs to one member.
    fn write_own_address(&self, member: &MemberId, new: &New<'_>) -> Result<Option<Address>, Refusal> {
        self.refuse_taken(member, new.channel, new.value)?;
        let old = self.own_address(member, new.channel)?;
        let params: [Value; 5] = [
            member.as_str().into(),
            new.channel.code().into(),
            new.value.into(),
            new.label.into(),
            new.state.code().into(),
        ];
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "INSERT INTO addresses (member, channel, value, label, state, switched_on) VALUES (?1, ?2, ?3, ?4, ?5, 1) \
                 ON CONFLICT (member, channel) DO UPDATE SET \
                 last_ok_at = CASE value WHEN excluded.value THEN last_ok_at END, \
                 value = excluded.value, label = excluded.label, state = excluded.state",
                &params,
            )?;
            self.audit_as(member.as_str(), "address.linked", member.as_str(), new.channel.code())
        })?;
        self.announce_addresses(member)?;
        Ok(old)
    }

    fn refuse_taken(&self, member: &MemberId, channel: Channel, value: &str) -> Result<(), Refusal> {
        let others = store::number(
            &*self.ports.sql,
            "SELECT count(*) FROM addresses WHERE channel = ?1 AND value = ?2 AND member <> ?3",
            &[channel.code().into(), value.into(), member.as_str().into()],
        )?;
        if others == 0 { Ok(()) } else { Err(Code::AddressTaken.into()) }
    }

    /// What the reader of the page is told; faults are logged. `way` names the trip.
    pub(crate) fn told(&self, way: &str, stop: Stop) -> Returned {
        let refusal = match stop {
            Stop::Told(returned) => return returned,
            Stop::Fault(refusal) => refusal,
        };
        match refusal.told().first().map(|error| error.code) {
            Some(Code::NotSignedIn) => Returned::OtherSession,
            Some(Code::NotAllowed) => Returned::NotAllowed,
            Some(Code::NotConnected) => Returned::NotConnected,
            Some(Code::AddressTaken) => Returned::AlreadyTaken,
            _ => {
                self.ports.log.line(&format!("{way}: {}", for_log(&refusal)));
                Returned::Failed
            }
        }
    }
}

/// The provider's no to what a member typed into `field`.
fn refused_field(field: &str, cause: &Cause, lang: Lang) -> Refusal {
    let detail = if cause.detail.is_empty() { String::new() } else { format!(" {}", cause.detail) };
    let found = format!("{}{detail}", cause.code.sentence().get(lang));
    Error::field(Code::ConnectionFailed, field).found(found).into()
}
