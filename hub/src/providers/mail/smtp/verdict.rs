//! What a failed dialogue means for the delivery (email.md §2.6, RFC 5321 §4.2, RFC 3463).

use shared::delivery::{Cause, CauseCode, Effect, Outcome};

use super::wire::Reply;
use crate::ports::IoError;

/// Where in the dialogue a reply came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Greeting, EHLO, STARTTLS.
    Open,
    Auth,
    Mail,
    Recipient,
    /// DATA and the message.
    Data,
}

/// Why a try ended without the mail being taken for sure.
#[derive(Debug)]
pub(super) enum Failure {
    NotConnected(String),
    /// The line broke before the final dot.
    Lost(IoError),
    /// The line broke, or sense ended, after the final dot.
    Unanswered(String),
    /// The other side speaks no SMTP.
    Garbled(String),
    /// We do not go on under these conditions.
    Refused(&'static str),
    BadSender,
    /// Neither AUTH PLAIN nor AUTH LOGIN is offered.
    NoSignIn,
    /// The server said no.
    Reply(Stage, Reply),
}

impl Failure {
    /// The same failure, had it happened once the server could have the whole message.
    pub(super) fn after_the_dot(self) -> Self {
        match self {
            Self::Lost(error) => Self::Unanswered(error.to_string()),
            Self::Garbled(words) => Self::Unanswered(words),
            other => other,
        }
    }

    pub(super) fn outcome(&self, secrets: &[String]) -> Outcome {
        let cause = self.cause(secrets);
        match self {
            Self::Unanswered(_) => Outcome::Uncertain { cause },
            Self::Reply(stage, reply) => match judge(*stage, reply) {
                (_, Fate::Again) => Outcome::Retry { after_ms: None, cause },
                (_, Fate::Never(effect)) => Outcome::Rejected { cause, effect },
            },
            _ => Outcome::Retry { after_ms: None, cause },
        }
    }

    pub(super) fn cause(&self, secrets: &[String]) -> Cause {
        match self {
            Self::NotConnected(words) => Cause::new(CauseCode::NotConnected, words),
            Self::Lost(error) => Cause::new(CauseCode::NoAnswer, error.to_string()),
            Self::Unanswered(words) => Cause::new(CauseCode::NoAnswer, words),
            Self::Garbled(words) => Cause::new(CauseCode::ProviderError, words),
            Self::Refused(words) => Cause::new(CauseCode::NotConnected, words),
            Self::BadSender => Cause::new(CauseCode::SenderRefused, "not a mail address"),
            Self::NoSignIn => {
                Cause::new(CauseCode::Credentials, "the server offers neither AUTH PLAIN nor AUTH LOGIN")
            }
            Self::Reply(stage, reply) => Cause::new(judge(*stage, reply).0, reply.words(secrets)),
        }
    }
}

enum Fate {
    Again,
    Never(Effect),
}

/// Wrong passwords and refused senders are tried again: an admin can put them right, and no notice should
/// be lost until then.
fn judge(stage: Stage, reply: &Reply) -> (CauseCode, Fate) {
    let [_, subject, detail] = reply.status;
    let has_status = reply.status != [0; 3];
    // RFC 3463: x.2.2 mailbox full; without such a code 552 says the same of the recipient.
    if (subject, detail) == (2, 2) || (reply.code == 552 && !has_status && stage == Stage::Recipient) {
        return (CauseCode::MailboxFull, Fate::Again);
    }
    if reply.code / 100 != 5 {
        return (CauseCode::ProviderError, Fate::Again);
    }
    // 530: sign in (or encrypt) first, at any stage (RFC 4954 §6).
    if stage == Stage::Auth || matches!(reply.code, 530 | 535 | 538) {
        return (CauseCode::Credentials, Fate::Again);
    }
    match stage {
        Stage::Open | Stage::Auth => (CauseCode::ProviderError, Fate::Again),
        Stage::Mail => (CauseCode::SenderRefused, Fate::Again),
        // We keep the order of commands: a server that lost it may find it again.
        _ if reply.code == 503 => (CauseCode::ProviderError, Fate::Again),
        Stage::Recipient => match (subject, detail) {
            // Many servers speak of the sender only now: 5.1.7 and 5.1.8 bad sender, 5.7.x policy, such as
            // a relay that is not open to us. None of it says anything about the recipient.
            (1, 7 | 8) | (7, _) => (CauseCode::SenderRefused, Fate::Again),
            (1, _) | (2, 1) => (CauseCode::UnknownRecipient, Fate::Never(Effect::AddressBroken)),
            _ if has_status => (CauseCode::MessageRefused, Fate::Never(Effect::None)),
            _ if reply.mentions("relay") => (CauseCode::SenderRefused, Fate::Again),
            _ if matches!(reply.code, 550 | 551 | 553) => {
                (CauseCode::UnknownRecipient, Fate::Never(Effect::AddressBroken))
            }
            _ => (CauseCode::MessageRefused, Fate::Never(Effect::None)),
        },
        // Some servers look the recipient up only with the message.
        Stage::Data if (subject, detail) == (1, 1) => {
            (CauseCode::UnknownRecipient, Fate::Never(Effect::AddressBroken))
        }
        Stage::Data => (CauseCode::MessageRefused, Fate::Never(Effect::None)),
    }
}
