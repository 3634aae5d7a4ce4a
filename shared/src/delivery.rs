//! The life of one delivery: what a provider can answer and what follows from it. Pure: the time and the
//! jitter are handed in.

use serde::{Deserialize, Serialize};

use crate::{
    lang::Text,
    time::{HOUR, MINUTE, Millis, SECOND},
};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Will be tried at its due time.
    Waiting,
    /// Leased by the dispatcher: on its way to the provider.
    Sending,
    /// The provider accepted it.
    Sent,
    /// Given up; listed for resending.
    Failed,
    /// Perhaps arrived, and the kind forbids trying again.
    Uncertain,
    /// Decided against; the reason is in its decision.
    Skipped,
    /// Withdrawn before it was sent.
    Cancelled,
}

impl State {
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Sending,
        Self::Sent,
        Self::Failed,
        Self::Uncertain,
        Self::Skipped,
        Self::Cancelled,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Skipped => "skipped",
            Self::Cancelled => "cancelled",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Nothing will happen to it by itself any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Waiting | Self::Sending)
    }

    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Waiting => Text::new("待機中", "Waiting"),
            Self::Sending => Text::new("送信中", "Sending"),
            Self::Sent => Text::new("送信済み", "Sent"),
            Self::Failed => Text::new("失敗", "Failed"),
            Self::Uncertain => Text::new("到達不明", "Uncertain"),
            Self::Skipped => Text::new("送信なし", "Not sent"),
            Self::Cancelled => Text::new("取り消し", "Cancelled"),
        }
    }
}

/// What a provider's client makes of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider has it. `reference` is its own id of the message, where it gives one.
    Accepted { reference: Option<String> },
    /// Surely not taken; may be tried again, not before `after_ms` if the provider said so.
    Retry { after_ms: Option<Millis>, cause: Cause },
    /// Surely not taken, and the same again would be refused again.
    Rejected { cause: Cause, effect: Effect },
    /// No answer: it may have been taken.
    Uncertain { cause: Cause },
}

/// What a rejection says about the address, the room or the integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Only this message is at fault.
    None,
    AddressBroken,
    AddressBlocked,
    /// The bot is not, or no longer, in that room.
    RoomLost,
}

/// Why a try did not end in `Accepted`: a code for people, and the provider's own words for admins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    pub code: CauseCode,
    /// Shortened, free of secrets; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Cause {
    /// `detail` is cut at 300 characters.
    #[must_use]
    pub fn new(code: CauseCode, detail: impl AsRef<str>) -> Self {
        Self { code, detail: detail.as_ref().chars().take(300).collect() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseCode {
    RateLimited,
    QuotaUsedUp,
    /// Ours: the rest of a monthly quota is kept for critical notices.
    QuotaReserved,
    ProviderError,
    NoAnswer,
    NotConnected,
    Credentials,
    PermissionMissing,
    BotMissing,
    BotNotInRoom,
    BotNotAllowed,
    UnknownRecipient,
    RecipientBlocked,
    MailboxFull,
    SenderRefused,
    MessageRefused,
    IntegrationMissing,
    AddressMissing,
    RecipientInactive,
    RoomArchived,
    PostingRestricted,
    MessagesTabOff,
    /// One device of one person; nobody else's.
    DeviceNotReached,
    LeaseExpired,
}

impl CauseCode {
    #[must_use]
    pub const fn sentence(self) -> Text {
        match self {
            Self::RateLimited => {
                Text::new("送信先の回数制限に達しました。", "The provider's rate limit was reached.")
            }
            Self::QuotaUsedUp => {
                Text::new("送信先の利用枠を使い切りました。", "The provider's quota is used up.")
            }
            Self::QuotaReserved => Text::new(
                "残りの送信数は、緊急の通知のために取ってあります。",
                "What is left of the quota is kept for critical notices.",
            ),
            Self::ProviderError => Text::new(
                "送信先のサービスで障害が起きています。",
                "The provider answered with an error of its own.",
            ),
            Self::NoAnswer => Text::new("送信先から応答がありませんでした。", "The provider did not answer."),
            Self::NotConnected => {
                Text::new("送信先に接続できませんでした。", "The provider could not be reached.")
            }
            Self::Credentials => Text::new(
                "認証情報が受け付けられませんでした。連携の設定を確認してください。",
                "The credentials were refused. Check the integration.",
            ),
            Self::PermissionMissing => {
                Text::new("アプリに必要な権限がありません。", "The app lacks a permission.")
            }
            Self::BotMissing => Text::new("Botが見つかりません。", "The bot does not exist."),
            Self::BotNotInRoom => Text::new("Botがルームに参加していません。", "The bot is not in the room."),
            Self::BotNotAllowed => {
                Text::new("このメンバーはBotを利用できません。", "This member may not use the bot.")
            }
            Self::UnknownRecipient => Text::new("宛先が見つかりません。", "The recipient does not exist."),
            Self::RecipientBlocked => {
                Text::new("宛先の人が受信を止めています。", "The recipient refuses messages.")
            }
            Self::MailboxFull => Text::new("メールボックスがいっぱいです。", "The mailbox is full."),
            Self::SenderRefused => {
                Text::new("差出人が受け付けられませんでした。", "The sender address was refused.")
            }
            Self::MessageRefused => {
                Text::new("メッセージの内容が受け付けられませんでした。", "The message was refused.")
            }
            Self::IntegrationMissing => {
                Text::new("連携が設定されていません。", "The channel is not connected.")
            }
            Self::AddressMissing => Text::new("宛先が登録されていません。", "No address is registered."),
            Self::RecipientInactive => Text::new(
                "宛先の人のアカウントが無効になっています。",
                "The recipient's account is deactivated.",
            ),
            Self::RoomArchived => Text::new("ルームがアーカイブされています。", "The room is archived."),
            Self::PostingRestricted => Text::new(
                "このルームへの投稿が制限されています。管理者に確認してください。",
                "Posting in this room is restricted. Ask its admin.",
            ),
            Self::MessagesTabOff => Text::new(
                "Slackアプリの「メッセージ」タブがオフです。アプリの設定のApp Homeでオンにしてください。",
                "The Slack app's Messages tab is off. Turn it on under App Home in the app's settings.",
            ),
            Self::DeviceNotReached => Text::new(
                "端末に通知を届けられませんでした。続くときは、その端末を外し、受け取る設定をし直してください。",
                "The device could not be notified. If this goes on, remove it and add it again.",
            ),
            Self::LeaseExpired => Text::new("送信中に処理が中断しました。", "Sending was interrupted."),
        }
    }
}

/// What a kind asks for when a send is uncertain and the provider has no idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guarantee {
    /// Send again: twice is better than never.
    AtLeastOnce,
    /// Leave it: never is better than twice.
    AtMostOnce,
}

/// What becomes of a delivery after a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    Sent,
    /// Waits until that time.
    Waiting {
        due_at: Millis,
    },
    Failed,
    Uncertain,
}

/// The wait before try 2, 3, … 8; the first try is at once.
pub const BACKOFF: [Millis; 7] =
    [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR];

/// Decides what follows. `tries` counts the one that just ended, `keyed` says that the provider recognises a
/// repeat by our key, `jitter` is random.
#[must_use]
pub fn after_try(
    outcome: &Outcome,
    tries: u32,
    now: Millis,
    keyed: bool,
    guarantee: Guarantee,
    jitter: u16,
) -> Next {
    match outcome {
        Outcome::Accepted { .. } => Next::Sent,
        Outcome::Rejected { .. } => Next::Failed,
        Outcome::Uncertain { .. } if !keyed && guarantee == Guarantee::AtMostOnce => Next::Uncertain,
        Outcome::Retry { after_ms, .. } => again(tries, now, *after_ms, jitter).unwrap_or(Next::Failed),
        Outcome::Uncertain { .. } => again(tries, now, None, jitter).unwrap_or(Next::Uncertain),
    }
}

/// A wait the provider asked for is obeyed exactly; ours is spread by up to a fifth, so that what failed
/// together does not come back together.
fn again(tries: u32, now: Millis, asked: Option<Millis>, jitter: u16) -> Option<Next> {
    let step = BACKOFF.get(usize::try_from(tries.saturating_sub(1)).ok()?).copied()?;
    let wait = asked
        .filter(|ms| *ms >= 0)
        .unwrap_or_else(|| step + step * Millis::from(jitter) / (5 * Millis::from(u16::MAX)));
    Some(Next::Waiting { due_at: now + wait })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause() -> Cause {
        Cause::new(CauseCode::NoAnswer, "")
    }

    #[test]
    fn a_retry_walks_the_schedule_and_then_fails() {
        for (index, step) in BACKOFF.iter().enumerate() {
            let tries = u32::try_from(index + 1).unwrap();
            let retry = Outcome::Retry { after_ms: None, cause: cause() };
            assert_eq!(
                after_try(&retry, tries, 1_000, false, Guarantee::AtLeastOnce, 0),
                Next::Waiting { due_at: 1_000 + step }
            );
            let Next::Waiting { due_at } =
                after_try(&retry, tries, 0, false, Guarantee::AtLeastOnce, u16::MAX)
            else {
                panic!("not waiting")
            };
            assert_eq!(due_at, step + step / 5);
        }
        let retry = Outcome::Retry { after_ms: None, cause: cause() };
        assert_eq!(after_try(&retry, 8, 0, false, Guarantee::AtLeastOnce, 0), Next::Failed);
    }

    #[test]
    fn the_provider_s_wait_is_obeyed() {
        let retry = Outcome::Retry { after_ms: Some(42_000), cause: cause() };
        assert_eq!(
            after_try(&retry, 1, 10, false, Guarantee::AtLeastOnce, 999),
            Next::Waiting { due_at: 42_010 }
        );
    }

    #[test]
    fn an_uncertain_send_is_repeated_only_with_a_key_or_by_rule() {
        let uncertain = Outcome::Uncertain { cause: cause() };
        for (keyed, guarantee, again) in [
            (true, Guarantee::AtMostOnce, true),
            (true, Guarantee::AtLeastOnce, true),
            (false, Guarantee::AtLeastOnce, true),
            (false, Guarantee::AtMostOnce, false),
        ] {
            let next = after_try(&uncertain, 1, 0, keyed, guarantee, 0);
            assert_eq!(matches!(next, Next::Waiting { .. }), again, "{keyed} {guarantee:?}");
            assert!(again || next == Next::Uncertain);
        }
        assert_eq!(after_try(&uncertain, 8, 0, true, Guarantee::AtLeastOnce, 0), Next::Uncertain);
    }
}
