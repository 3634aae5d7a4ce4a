//! Who gets a notice where, and why. Pure and total: each recipient and channel has exactly one decision with
//! one reason.

use serde::{Deserialize, Serialize};

use crate::{
    channel::{AddressState, Channel},
    lang::Text,
    time::Millis,
};

/// How urgent a notice is. The order is the order of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    Critical,
    Normal,
    Low,
}

impl Urgency {
    pub const ALL: [Self; 3] = [Self::Critical, Self::Normal, Self::Low];

    /// 0 is the most urgent; the number in the store.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Self::Critical => 0,
            Self::Normal => 1,
            Self::Low => 2,
        }
    }

    #[must_use]
    pub const fn from_rank(rank: i64) -> Self {
        match rank {
            0 => Self::Critical,
            1 => Self::Normal,
            _ => Self::Low,
        }
    }

    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Critical => Text::new("緊急", "Critical"),
            Self::Normal => Text::new("通常", "Normal"),
            Self::Low => Text::new("低", "Low"),
        }
    }
}

/// What is known of one recipient on one channel of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    pub channel: Channel,
    /// The workspace's integration for the channel works.
    pub connected: bool,
    /// The admin's kind x channel switch.
    pub rule: bool,
    /// The member's kind x channel switch.
    pub preference: bool,
    /// The member's switch of the whole channel.
    pub channel_on: bool,
    /// `None`: no address.
    pub address: Option<AddressState>,
}

/// What holds for all channels of one notice to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    pub urgency: Urgency,
    /// The admin made the kind mandatory: the member's switches are not asked.
    pub mandatory: bool,
    /// The member is usable (利用可).
    pub usable: bool,
    /// Sent later at the sender's wish.
    pub scheduled: bool,
    /// The workspace pays for LINE only where nothing else reaches the person.
    pub spare_paid: bool,
    /// When the person's quiet time ends, if it is quiet at the moment of sending.
    pub quiet_until: Option<Millis>,
}

impl Notice {
    /// Until when what is delivered has to wait for the end of quiet time; critical notices pass.
    #[must_use]
    pub fn waits_until(self) -> Option<Millis> {
        self.quiet_until.filter(|_| self.urgency != Urgency::Critical)
    }

    /// What becomes of a notice that is to arrive, and why.
    fn sends(self, reason: Reason) -> (Decision, Reason) {
        match (self.waits_until(), self.scheduled) {
            (Some(_), _) => (Decision::Hold, Reason::QuietTime),
            (None, true) => (Decision::Hold, Reason::Scheduled),
            (None, false) => (Decision::Deliver, reason),
        }
    }
}

/// Decided for one recipient and channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Deliver,
    Hold,
    Skip,
}

/// The one reason for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Everything is on.
    Allowed,
    /// The kind is mandatory: sent although the person turned it off.
    Mandatory,
    /// Every channel was turned off, and this notice is critical: sent on those that work.
    AtLeastOne,
    /// The next channel after another one refused a critical notice.
    Fallback,
    /// Sent to a room: rooms have no switches of persons.
    Room,
    /// The sender asked for a later time.
    Scheduled,
    /// A test or a manual resend.
    Manual,
    ChannelNotConnected,
    MemberNotUsable,
    NoAddress,
    AddressBlocked,
    AddressBroken,
    RuleOff,
    PreferenceOff,
    ChannelOff,
    RoomClosed,
    /// LINE reaches friends only.
    NotAFriend,
    /// News of an action that somebody took.
    Answered,
    /// LINE costs money, and another channel reaches the person.
    PaidSpared,
    /// Sent once to the room of a company whose people it concerns.
    CompanyRoom,
    /// It was quiet time: sent when that ended.
    QuietTime,
}

impl Reason {
    pub const ALL: [Self; 21] = [
        Self::Allowed,
        Self::Mandatory,
        Self::AtLeastOne,
        Self::Fallback,
        Self::Room,
        Self::Scheduled,
        Self::Manual,
        Self::ChannelNotConnected,
        Self::MemberNotUsable,
        Self::NoAddress,
        Self::AddressBlocked,
        Self::AddressBroken,
        Self::RuleOff,
        Self::PreferenceOff,
        Self::ChannelOff,
        Self::RoomClosed,
        Self::NotAFriend,
        Self::Answered,
        Self::PaidSpared,
        Self::CompanyRoom,
        Self::QuietTime,
    ];

    /// The word in the store and in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Mandatory => "mandatory",
            Self::AtLeastOne => "at_least_one",
            Self::Fallback => "fallback",
            Self::Room => "room",
            Self::Scheduled => "scheduled",
            Self::Manual => "manual",
            Self::ChannelNotConnected => "channel_not_connected",
            Self::MemberNotUsable => "member_not_usable",
            Self::NoAddress => "no_address",
            Self::AddressBlocked => "address_blocked",
            Self::AddressBroken => "address_broken",
            Self::RuleOff => "rule_off",
            Self::PreferenceOff => "preference_off",
            Self::ChannelOff => "channel_off",
            Self::RoomClosed => "room_closed",
            Self::NotAFriend => "not_a_friend",
            Self::Answered => "answered",
            Self::PaidSpared => "paid_spared",
            Self::CompanyRoom => "company_room",
            Self::QuietTime => "quiet_time",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// In plain words, for the person and the admin alike.
    #[must_use]
    pub const fn sentence(self) -> Text {
        match self {
            Self::Allowed => {
                Text::new("この通知はこのチャネルで受け取る設定です。", "This notice is on for this channel.")
            }
            Self::Mandatory => Text::new(
                "管理者が必須にしている通知のため、送りました。",
                "The admin made this notice mandatory, so it was sent.",
            ),
            Self::AtLeastOne => Text::new(
                "緊急の通知で、ほかに届くチャネルがないため、送りました。",
                "It is critical and nothing else would have reached you, so it was sent.",
            ),
            Self::Fallback => Text::new(
                "緊急の通知がほかのチャネルで届かなかったため、こちらに送りました。",
                "It is critical and another channel failed, so it was sent here.",
            ),
            Self::Room => Text::new("ルーム宛ての通知です。", "This notice is addressed to the room."),
            Self::Scheduled => Text::new(
                "送信時刻が指定されています。その時刻に送ります。",
                "It is scheduled and will be sent at that time.",
            ),
            Self::Manual => Text::new("手動で送りました。", "It was sent by hand."),
            Self::ChannelNotConnected => Text::new(
                "このチャネルは会社でまだ連携していません。",
                "The company has not connected this channel.",
            ),
            Self::MemberNotUsable => {
                Text::new("メンバーの利用が停止されています。", "The member is deactivated.")
            }
            Self::NoAddress => Text::new(
                "このチャネルの宛先が登録されていません。",
                "No address is registered for this channel.",
            ),
            Self::AddressBlocked => {
                Text::new("このチャネルはブロックされています。", "This channel is blocked.")
            }
            Self::AddressBroken => Text::new(
                "このチャネルの宛先には届かないことがわかっています。",
                "This address is known to be unreachable.",
            ),
            Self::RuleOff => Text::new(
                "管理者が、この通知をこのチャネルでは送らない設定にしています。",
                "The admin turned this notice off for this channel.",
            ),
            Self::PreferenceOff => Text::new(
                "あなたの設定で、この通知はこのチャネルでは受け取りません。",
                "Your settings turn this notice off for this channel.",
            ),
            Self::ChannelOff => Text::new(
                "あなたの設定で、このチャネルはオフになっています。",
                "Your settings turn this channel off.",
            ),
            Self::RoomClosed => Text::new("Botがルームに参加していません。", "The bot is not in the room."),
            Self::NotAFriend => Text::new(
                "LINEの公式アカウントが、まだ友だちに追加されていません。",
                "The LINE account has not been added as a friend yet.",
            ),
            Self::Answered => {
                Text::new("だれが対応するかが決まったお知らせです。", "It tells who took the action.")
            }
            Self::PaidSpared => Text::new(
                "LINEの送信数を節約するため、ほかのチャネルだけに送りました。",
                "To save LINE messages, it went to the other channels only.",
            ),
            Self::CompanyRoom => Text::new(
                "会社のルームに、この会社の人への通知をまとめて送る設定です。",
                "The company's room gets the notices of its people.",
            ),
            Self::QuietTime => Text::new(
                "通知を休む時間だったため、終わってから送ります。",
                "It was quiet time, so it is sent when that ends.",
            ),
        }
    }
}

/// Decides all channels of one notice to one person, in the order given.
#[must_use]
pub fn decide(notice: Notice, channels: &[Facts]) -> Vec<(Channel, Decision, Reason)> {
    let mut decided: Vec<(Channel, Decision, Reason)> = channels
        .iter()
        .map(|facts| {
            let (decision, reason) = decide_one(notice, facts);
            (facts.channel, decision, reason)
        })
        .collect();
    if notice.spare_paid && notice.urgency != Urgency::Critical {
        spare_paid(&mut decided);
    }
    let must_arrive = notice.urgency == Urgency::Critical || notice.mandatory;
    let nobody = decided.iter().all(|(_, decision, _)| *decision == Decision::Skip);
    if must_arrive && nobody {
        for (_, decision, reason) in &mut decided {
            if matches!(reason, Reason::PreferenceOff | Reason::ChannelOff) {
                (*decision, _) = notice.sends(Reason::AtLeastOne);
                *reason = Reason::AtLeastOne;
            }
        }
    }
    decided
}

/// A push to LINE is paid for each recipient (line.md §3.3): not where another channel gets the notice too.
fn spare_paid(decided: &mut [(Channel, Decision, Reason)]) {
    let sends = |decision: Decision| decision != Decision::Skip;
    let elsewhere =
        decided.iter().any(|(channel, decision, _)| *channel != Channel::Line && sends(*decision));
    for (channel, decision, reason) in decided {
        if elsewhere && *channel == Channel::Line && sends(*decision) {
            (*decision, *reason) = (Decision::Skip, Reason::PaidSpared);
        }
    }
}

fn decide_one(notice: Notice, facts: &Facts) -> (Decision, Reason) {
    let skip = |reason| (Decision::Skip, reason);
    if !notice.usable {
        return skip(Reason::MemberNotUsable);
    }
    if !facts.connected {
        return skip(Reason::ChannelNotConnected);
    }
    match facts.address {
        None => return skip(Reason::NoAddress),
        Some(AddressState::Blocked) => return skip(Reason::AddressBlocked),
        Some(AddressState::Broken) => return skip(Reason::AddressBroken),
        // LINE answers 200 to a push to somebody who is no friend, and drops it (line.md §3.1).
        Some(AddressState::Unverified) if facts.channel == Channel::Line => return skip(Reason::NotAFriend),
        Some(AddressState::Linked | AddressState::Unverified) => {}
    }
    if !facts.rule {
        return skip(Reason::RuleOff);
    }
    // The channel switch is the person's choice of medium and is kept even for mandatory kinds, which only
    // take away the choice per kind; `decide` sees to it that something arrives.
    if !facts.channel_on {
        return skip(Reason::ChannelOff);
    }
    if !facts.preference && !notice.mandatory {
        return skip(Reason::PreferenceOff);
    }
    let reason = if facts.preference { Reason::Allowed } else { Reason::Mandatory };
    notice.sends(reason)
}

#[cfg(test)]
mod tests;
