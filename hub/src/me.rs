//! わたしの通知: what a person chooses.

use serde::Deserialize;
use shared::{
    api::{
        auth::Me,
        me::{Cell, ChannelCard, KindRow, PreferenceRequest, Settings},
        settings::KindInfo,
    },
    channel::{AddressState, Channel},
    error::{Code, Error},
    id::MemberId,
    kind::app_name,
    lang::Lang,
};

use crate::{
    hub::Hub, kinds, ports::Value, refusal::Refusal, sessions::SignedIn, settings::SIGN_IN_CODE, store,
};

impl Hub {
    /// Every connected channel and every kind with the member's switches.
    pub(crate) fn my_settings(&self, member: &MemberId, lang: Lang) -> Result<Settings, Refusal> {
        let channels = self.cards(member)?;
        let off: Vec<Preference> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('kind', kind, 'channel', channel) FROM preferences WHERE member = ?1",
            &[member.as_str().into()],
        )?;
        let kinds = self
            .kinds_of_member(member)?
            .iter()
            .filter(|kind| kind.code != SIGN_IN_CODE && !kind.archived)
            .map(|kind| kind_row(kind, &channels, &off, lang))
            .collect();
        Ok(Settings { channels, kinds })
    }

    /// Switches a whole channel. Errors: `not_found` for no channel, `not_connected` when the workspace or the
    /// member has none, `last_channel`.
    pub(crate) fn switch_channel(
        &self,
        member: &MemberId,
        channel: Channel,
        on: bool,
    ) -> Result<(), Refusal> {
        let cards = self.cards(member)?;
        let card = cards.iter().find(|card| card.channel == channel && card.address.is_some());
        let card = card.ok_or_else(|| Error::field(Code::NotConnected, "channel"))?;
        if !on && card.last_one {
            return Err(Code::LastChannel.into());
        }
        self.ports.sql.exec(
            "UPDATE addresses SET switched_on = ?3 WHERE member = ?1 AND channel = ?2",
            &[member.as_str().into(), channel.code().into(), on.into()],
        )?;
        Ok(())
    }

    /// Switches one kind on one channel. Errors: `unknown_kind`, `not_connected`, `kind_is_locked`,
    /// `kind_is_mandatory`.
    pub(crate) fn set_preference(
        &self,
        member: &MemberId,
        request: &PreferenceRequest,
    ) -> Result<(), Refusal> {
        let kind = self.known_kind(&request.kind)?;
        if kind.code == SIGN_IN_CODE {
            return Err(Error::field(Code::UnknownKind, "kind").into());
        }
        let connected = self.connected_channels()?.iter().any(|(channel, _)| *channel == request.channel);
        if !connected && request.channel != Channel::WebPush {
            return Err(Error::field(Code::NotConnected, "channel").into());
        }
        if kind.locked {
            return Err(Error::field(Code::KindIsLocked, "kind").into());
        }
        if kind.mandatory && !request.on {
            return Err(Error::field(Code::KindIsMandatory, "kind").into());
        }
        self.write_preference(member, &kind.code, request.channel, request.on)
    }

    pub(crate) fn set_language(&self, member: SignedIn, language: Lang) -> Result<Me, Refusal> {
        self.ports.sql.exec(
            "UPDATE members SET language = ?2, version = version + 1 WHERE id = ?1 AND language <> ?2",
            &[member.id.as_str().into(), language.tag().into()],
        )?;
        self.me(&SignedIn { language, ..member })
    }

    /// A row is a switch that is off.
    pub(crate) fn write_preference(
        &self,
        member: &MemberId,
        kind: &str,
        channel: Channel,
        on: bool,
    ) -> Result<(), Refusal> {
        let key: [Value; 3] = [member.as_str().into(), kind.into(), channel.code().into()];
        let statement = if on {
            "DELETE FROM preferences WHERE member = ?1 AND kind = ?2 AND channel = ?3"
        } else {
            "INSERT INTO preferences (member, kind, channel) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
        };
        self.ports.sql.exec(statement, &key)?;
        Ok(())
    }

    /// One card per connected channel and one for the person's own devices, in the pages' order.
    pub(crate) fn cards(&self, member: &MemberId) -> Result<Vec<ChannelCard>, Refusal> {
        let mut connected: Vec<Channel> =
            self.connected_channels()?.into_iter().map(|(channel, _)| channel).collect();
        // Whoever wants it may begin: nobody has to connect it before.
        connected.push(Channel::WebPush);
        connected.sort_unstable();
        connected.dedup();
        let addresses: Vec<AddressRow> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('channel', channel, 'value', coalesce(label, value), 'state', state, 'on', switched_on, \
             'last_ok_at', last_ok_at) FROM addresses WHERE member = ?1",
            &[member.as_str().into()],
        )?;
        let mut cards: Vec<ChannelCard> = connected
            .into_iter()
            .map(|channel| {
                let address = addresses.iter().find(|address| address.channel == channel);
                ChannelCard {
                    channel,
                    address: address.map(|address| address.value.clone()),
                    state: address.map(|address| address.state),
                    on: address.is_some_and(|address| address.on == 1),
                    last_one: false,
                    last_ok_at: address.and_then(|address| address.last_ok_at),
                }
            })
            .collect();
        let reaching: Vec<Channel> =
            cards.iter().filter(|card| reaches(card)).map(|card| card.channel).collect();
        for card in &mut cards {
            card.last_one = card.on && reaching.iter().all(|channel| *channel == card.channel);
        }
        Ok(cards)
    }
}

#[derive(Deserialize)]
struct Preference {
    kind: String,
    channel: Channel,
}

#[derive(Deserialize)]
struct AddressRow {
    channel: Channel,
    value: String,
    state: AddressState,
    on: i64,
    last_ok_at: Option<i64>,
}

/// On, and nothing known against it: a blocked channel does not count as the one that stays.
fn reaches(card: &ChannelCard) -> bool {
    card.on && matches!(card.state, Some(AddressState::Linked | AddressState::Unverified))
}

fn kind_row(kind: &KindInfo, channels: &[ChannelCard], off: &[Preference], lang: Lang) -> KindRow {
    let cell = |channel| Cell {
        channel,
        on: kind.locked || !off.iter().any(|one| one.kind == kind.code && one.channel == channel),
        allowed: !kind.off.contains(&channel),
    };
    KindRow {
        kind: kind.code.clone(),
        name: kinds::name(Some(kind), &kind.code, lang),
        app: kind.app.clone(),
        app_name: app_name(&kind.app).map_or_else(|| kind.app.clone(), |name| name.get(lang).to_owned()),
        urgency: kind.urgency,
        mandatory: kind.mandatory,
        locked: kind.locked,
        cells: channels.iter().map(|card| cell(card.channel)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(on: bool, state: Option<AddressState>) -> ChannelCard {
        ChannelCard {
            channel: Channel::Email,
            address: state.map(|_| "a@b.jp".into()),
            state,
            on,
            last_one: false,
            last_ok_at: None,
        }
    }

    #[test]
    fn only_a_channel_that_is_on_and_not_known_to_fail_reaches() {
        for (on, state, expected) in [
            (true, Some(AddressState::Linked), true),
            (true, Some(AddressState::Unverified), true),
            (true, Some(AddressState::Blocked), false),
            (true, Some(AddressState::Broken), false),
            (true, None, false),
            (false, Some(AddressState::Linked), false),
        ] {
            assert_eq!(reaches(&card(on, state)), expected, "{on} {state:?}");
        }
    }
}
