//! What an answer means: one table from HTTP status and reason (google_chat.md §2) to an [`Outcome`].

use serde_json::Value;
use shared::{
    delivery::{Cause, CauseCode, Effect, Outcome},
    time::Millis,
};

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
    #[error("refused with {}", .0.detail)]
    Refused(Refusal),
    /// A success whose body lacks what it should hold.
    #[error("an answer that cannot be read: {0}")]
    Unreadable(&'static str),
    /// The integration has webhooks only.
    #[error("there is no Chat app")]
    NoApp,
    /// A name that cannot be one of the provider's.
    #[error("not a name of a space or a message")]
    NotAName(About),
    /// The person never wrote to the app, or took it out of the conversation.
    #[error("the app has no conversation with this person")]
    NoConversation,
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub about: About,
    pub status: u16,
    /// `ErrorInfo.reason`, such as `API_KEY_INVALID`; empty when there is none.
    pub reason: String,
    /// Status, code and words, without secrets.
    pub detail: String,
    /// How long the provider asks to wait; `Retry-After` is not documented but obeyed.
    pub wait: Option<Millis>,
}

/// What a call is about: the same status means different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A webhook's URL: its own credential.
    Webhook,
    /// The app's conversation with one person.
    Person,
    /// A space the app is in.
    Room,
    /// A message that is there already.
    Message,
    /// The app itself.
    App,
}

impl CallError {
    /// What follows for a delivery. An [`Outcome::Uncertain`] may be repeated safely by the app, with the same
    /// request id; by a webhook only as often as the kind allows (google_chat.md §1.5).
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            // The message was not sent yet, so even an unanswered token request is a plain retry.
            Self::Token(error) => Outcome::Retry { after_ms: error.after_ms, cause: error.cause.clone() },
            Self::Io(error) => answer::lost(error),
            Self::Refused(refusal) => refusal.outcome(),
            Self::Unreadable(what) => retry(None, CauseCode::ProviderError, what),
            Self::NoApp => retry(None, CauseCode::IntegrationMissing, "no Chat app"),
            Self::NotAName(about) => rejected(CauseCode::UnknownRecipient, about.lost(), &self.to_string()),
            Self::NoConversation => {
                rejected(CauseCode::UnknownRecipient, Effect::AddressBroken, &self.to_string())
            }
        }
    }

    /// The code and the provider's words.
    #[must_use]
    pub fn cause(&self) -> Cause {
        answer::cause(self.outcome()).unwrap_or_else(|| Cause::new(CauseCode::ProviderError, ""))
    }

    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 404)
    }
}

impl About {
    /// What it says of the address or the room when it does not exist.
    const fn lost(self) -> Effect {
        match self {
            Self::Webhook | Self::Person => Effect::AddressBroken,
            Self::Room => Effect::RoomLost,
            Self::Message | Self::App => Effect::None,
        }
    }
}

impl Refusal {
    /// Reads an error answer, wrapped in `error` or bare (google_chat.md §2); at the edge it may be a web page.
    pub(super) fn read(about: About, response: &HttpResponse, secrets: &[&str]) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let error = body.get("error").unwrap_or(&body);
        let reason = error
            .get("details")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find_map(|detail| answer::text(detail, "reason"))
            .unwrap_or_default();
        let status = response.status.to_string();
        let words = [
            status,
            answer::text(error, "status").unwrap_or_default(),
            reason.clone(),
            answer::text(error, "message").unwrap_or_default(),
        ];
        let detail = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        Self {
            about,
            status: response.status,
            reason,
            detail: without(&detail, secrets),
            wait: answer::wait(&response.headers, &["retry-after"]),
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        use CauseCode as Code;
        let (about, detail) = (self.about, self.detail.as_str());
        match (self.status, about) {
            // A redirect is never followed: the message would go where nobody allowed it to.
            (300..=399, _) => rejected(Code::ProviderError, Effect::None, detail),
            // The URL's key or token is wrong, its webhook or space was deleted, or webhooks are switched off:
            // this URL will not work again (which of them answers what is not confirmed, google_chat.md §2).
            (400, About::Webhook) if self.reason == "API_KEY_INVALID" => {
                rejected(Code::UnknownRecipient, about.lost(), detail)
            }
            (401 | 403 | 404, About::Webhook) => rejected(Code::UnknownRecipient, about.lost(), detail),
            // After one renewed token already.
            (401, _) => retry(None, Code::Credentials, detail),
            (403, _) if self.blames_the_project() => retry(None, Code::PermissionMissing, detail),
            (403, About::App) => retry(None, Code::PermissionMissing, detail),
            (403, About::Person) => rejected(Code::BotNotAllowed, about.lost(), detail),
            (403, _) => rejected(Code::BotNotInRoom, about.lost(), detail),
            (404, About::App) => retry(None, Code::BotMissing, detail),
            (404, _) => rejected(Code::UnknownRecipient, about.lost(), detail),
            // Only a name that was used before is answered so, and a message's name is from its delivery.
            (409, _) => Outcome::Accepted { reference: None },
            (429, _) => retry(self.wait, Code::RateLimited, detail),
            // A gateway that lost its server, or a deadline, cannot say whether the server acted.
            (502 | 504, _) => uncertain(Code::ProviderError, detail),
            (500.., _) => retry(self.wait, Code::ProviderError, detail),
            (..=299 | 408, _) => retry(None, Code::ProviderError, detail),
            _ => rejected(Code::MessageRefused, Effect::None, detail),
        }
    }

    /// The Cloud project, not the space, is at fault: the same for every message.
    fn blames_the_project(&self) -> bool {
        ["SERVICE_DISABLED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "CONSUMER_INVALID", "BILLING_DISABLED"]
            .contains(&self.reason.as_str())
    }
}
