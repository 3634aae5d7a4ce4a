//! What an answer means: one table from status and code (lineworks.md §2) to an [`Outcome`].

use serde_json::Value;
use shared::{
    delivery::{Cause, CauseCode, Effect, Outcome},
    time::{MINUTE, Millis},
};

use super::limit::{self, Limit};
use crate::{
    ports::{HttpResponse, IoError},
    providers::{
        answer::{self, rejected, retry, uncertain, without},
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
    #[error("refused with {} {}: {}", .0.status, .0.code, .0.description)]
    Refused(Refusal),
    /// A success whose body lacks what it should hold.
    #[error("an answer that cannot be read: {0}")]
    Unreadable(&'static str),
    /// The integration has no bot yet.
    #[error("there is no bot")]
    NoBot,
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub about: About,
    pub status: u16,
    /// `NOT_FOUND` …; empty when the body has none.
    pub code: String,
    pub description: String,
    pub limit: Option<Limit>,
    /// How long the provider asks to wait.
    pub wait: Option<Millis>,
}

/// What a call is about: the same code means different things for a person and for a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Bot,
    Person,
    Room,
    /// Somebody's calendar, or an event in it.
    Calendar,
}

impl CallError {
    /// What follows for a delivery.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            // The person's message was not sent yet, so even an unanswered token request is a plain retry.
            Self::Token(error) => Outcome::Retry { after_ms: error.after_ms, cause: error.cause.clone() },
            // There is no idempotency key (lineworks.md §3.1): what was not answered may have been taken.
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

    /// The bucket after a refused call.
    #[must_use]
    pub const fn limit(&self) -> Option<Limit> {
        match self {
            Self::Refused(refusal) => refusal.limit,
            _ => None,
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 404)
    }

    /// There is one of that id.
    pub(super) fn is_taken(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 409)
    }
}

impl Refusal {
    /// Reads an error answer; `token` is taken out of its words should the provider echo it.
    pub(super) fn read(about: About, response: &HttpResponse, token: &str) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let text = |name| body.get(name).and_then(Value::as_str).unwrap_or_default();
        Self {
            about,
            status: response.status,
            code: without(text("code"), &[token]),
            description: without(text("description"), &[token]),
            limit: Limit::read(&response.headers),
            wait: limit::wait(&response.headers),
        }
    }

    fn outcome(&self) -> Outcome {
        use CauseCode as Code;
        let detail = self.detail();
        match (self.status, self.about) {
            // After one renewed token already.
            (401, _) => retry(None, Code::Credentials, &detail),
            (403, About::Room) if self.code == "ACCESS_DENIED" => {
                rejected(Code::BotNotInRoom, Effect::RoomLost, &detail)
            }
            (403, About::Person) if self.code == "ACCESS_DENIED" => {
                rejected(Code::BotNotAllowed, Effect::AddressBroken, &detail)
            }
            (403, _) => retry(None, Code::PermissionMissing, &detail),
            (404, About::Calendar) => rejected(Code::UnknownRecipient, Effect::None, &detail),
            (404, about) if about == About::Bot || self.names_the_bot() => {
                retry(None, Code::BotMissing, &detail)
            }
            (404, About::Room) => rejected(Code::UnknownRecipient, Effect::RoomLost, &detail),
            (404, _) => rejected(Code::UnknownRecipient, Effect::AddressBroken, &detail),
            (429, _) => retry(Some(self.wait.unwrap_or(MINUTE)), Code::RateLimited, &detail),
            // A gateway that lost its server cannot say whether the server acted.
            (502 | 504, _) => uncertain(Code::ProviderError, &detail),
            (500.., _) => retry(self.wait, Code::ProviderError, &detail),
            // Neither is documented; both say nothing against the message.
            (..=399 | 408, _) => retry(None, Code::ProviderError, &detail),
            _ => rejected(Code::MessageRefused, Effect::None, &detail),
        }
    }

    /// `NOT_FOUND` is the same for a bot, a person and a room; only the description may tell them apart.
    fn names_the_bot(&self) -> bool {
        let description = self.description.to_lowercase();
        description.contains("bot")
            && !["user", "member", "channel", "room"].iter().any(|other| description.contains(other))
    }

    fn detail(&self) -> String {
        [self.status.to_string().as_str(), &self.code, &self.description]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}
