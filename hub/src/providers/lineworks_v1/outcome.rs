//! What an answer means: one table from status and code (lineworks.md §7.2) to an [`Outcome`].

use serde_json::Value;
use shared::{
    delivery::{Cause, CauseCode, Effect, Outcome},
    time::{MINUTE, Millis},
};

use crate::{
    ports::{HttpResponse, IoError},
    providers::{
        answer::{self, rejected, retry, text, uncertain, without},
        token::TokenError,
    },
};

/// Why a call came to nothing. Its texts hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// There was no token, so the call itself was never made.
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Io(#[from] IoError),
    #[error("refused with {}", .0.detail)]
    Refused(Refusal),
    /// A success whose body lacks what it should hold.
    #[error("an answer that cannot be read: {0}")]
    Unreadable(&'static str),
    /// The integration has no bot yet.
    #[error("there is no bot")]
    NoBot,
}

/// An error answer: of the gateway before the API (`errorCode`), or of the bot API (`domain`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub about: About,
    pub status: u16,
    /// `NONEXISTENT_BOT`, `UNAUTHORIZED` …; empty when the body has none.
    pub code: String,
    /// The gateway's number, such as `024`; empty for the bot API's own refusals.
    pub gateway: String,
    /// Status, codes and words, without secrets.
    pub detail: String,
    /// How long the provider asks to wait; not documented but obeyed.
    pub wait: Option<Millis>,
}

/// What a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Bot,
    Person,
    Room,
}

impl CallError {
    /// What follows for a delivery. There is no idempotency key.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            // The message was not sent yet, so even an unanswered token request is a plain retry.
            Self::Token(error) => Outcome::Retry { after_ms: error.after_ms, cause: error.cause.clone() },
            Self::Io(error) => answer::lost(error),
            Self::Refused(refusal) => refusal.outcome(),
            Self::Unreadable(what) => retry(None, CauseCode::ProviderError, what),
            Self::NoBot => retry(None, CauseCode::BotMissing, ""),
        }
    }

    /// The code and the provider's words.
    #[must_use]
    pub fn cause(&self) -> Cause {
        answer::cause(self.outcome()).unwrap_or_else(|| Cause::new(CauseCode::ProviderError, ""))
    }

    pub(super) fn is(&self, code: &str) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.code == code)
    }
}

impl Refusal {
    pub(super) fn read(about: About, response: &HttpResponse, secrets: &[&str]) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let word = |name| text(&body, name).unwrap_or_default();
        let (code, gateway) = (word("code"), word("errorCode"));
        let status = response.status.to_string();
        let words = [&status, &gateway, &code, &word("errorMessage"), &word("message")]
            .into_iter()
            .filter(|word| !word.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ");
        let wait = answer::wait(&response.headers, &["retry-after"]);
        Self { about, status: response.status, code, gateway, detail: without(&words, secrets), wait }
    }

    fn outcome(&self) -> Outcome {
        use CauseCode as Code;
        let detail = self.detail.as_str();
        match (self.code.as_str(), self.about) {
            ("NONEXISTENT_BOT", _) => return retry(None, Code::BotMissing, detail),
            ("DOMAIN_NOT_BELONGING_TO_TENANT", _) => return retry(None, Code::Credentials, detail),
            ("EXCEEDED_NUMBER_LIMIT_OF_BOT", _) => return retry(None, Code::QuotaUsedUp, detail),
            // Whom the permission is missing for is not documented, so the address is left as it is.
            ("PERMISSION_DENIED", About::Person) => {
                return rejected(Code::BotNotAllowed, Effect::None, detail);
            }
            ("PERMISSION_DENIED", About::Room) => return rejected(Code::BotNotInRoom, Effect::None, detail),
            ("PERMISSION_DENIED", About::Bot) => return retry(None, Code::PermissionMissing, detail),
            // No code of its own is documented for an unknown person or room: the words are all there is, and
            // too little to give the address up.
            ("BAD_REQUEST", About::Person | About::Room) if self.names_the_recipient() => {
                return rejected(Code::UnknownRecipient, Effect::None, detail);
            }
            _ => {}
        }
        match self.status {
            // Consumer key or token; for one of an ID-registered server after it was renewed once.
            401 => retry(None, Code::Credentials, detail),
            // The caller's address is not in the Server List, or the app may not use this API.
            403 => retry(None, Code::PermissionMissing, detail),
            // The gateway knows no such API ID. Nothing is said of the person or room.
            404 if !self.gateway.is_empty() => retry(None, Code::Credentials, detail),
            404 => rejected(Code::UnknownRecipient, self.about.lost(), detail),
            429 => retry(Some(self.wait.unwrap_or(MINUTE)), Code::RateLimited, detail),
            // A gateway that lost its server cannot say whether the server acted.
            502 | 504 => uncertain(Code::ProviderError, detail),
            500.. => retry(self.wait, Code::ProviderError, detail),
            ..=399 | 408 => retry(None, Code::ProviderError, detail),
            _ => rejected(Code::MessageRefused, Effect::None, detail),
        }
    }

    fn names_the_recipient(&self) -> bool {
        let detail = self.detail.to_lowercase();
        ["accountid", "channelid", "roomid"].iter().any(|field| detail.contains(field))
    }
}

impl About {
    const fn lost(self) -> Effect {
        match self {
            Self::Bot => Effect::None,
            Self::Person => Effect::AddressBroken,
            Self::Room => Effect::RoomLost,
        }
    }
}
