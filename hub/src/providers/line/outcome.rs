//! What an answer means: one table from status and words (line.md §3.1–3.4) to an [`Outcome`].

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
    #[error("refused with {}", .0.detail())]
    Refused(Refusal),
    /// A success whose body lacks what it should hold.
    #[error("an answer that cannot be read: {0}")]
    Unreadable(&'static str),
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub about: About,
    pub status: u16,
    /// LINE's words: `message` of the Messaging API, `error` and `error_description` of the Login side.
    pub message: String,
    /// Each of the details as 「property: message」.
    pub details: Vec<String>,
    /// What LINE's support asks for.
    pub request_id: String,
    /// How long the provider asks to wait; not documented, but obeyed.
    pub wait: Option<Millis>,
}

/// What a call is about: the same answer means different things for a person and for a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Channel,
    Person,
    /// A group, or a talk of several.
    Room,
    /// A multicast.
    People,
    Reply,
    /// The Login channel, or a person's own token.
    Login,
}

impl CallError {
    /// What follows for a delivery.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            // The message was not sent yet, so even an unanswered token request is a plain retry.
            Self::Token(error) => Outcome::Retry { after_ms: error.after_ms, cause: error.cause.clone() },
            // What was not answered may have been taken. A push or a multicast has a retry key, so that a
            // repeat is safe.
            Self::Io(error) => answer::lost(error),
            Self::Refused(refusal) => refusal.outcome(),
            Self::Unreadable(what) => retry(None, CauseCode::ProviderError, what),
        }
    }

    /// The code and the provider's words.
    #[must_use]
    pub fn cause(&self) -> Cause {
        answer::cause(self.outcome()).unwrap_or_else(|| Cause::new(CauseCode::ProviderError, ""))
    }
}

impl Refusal {
    /// Reads an error answer; `secrets` are taken out of its words should the provider echo them.
    pub(super) fn read(about: About, response: &HttpResponse, secrets: &[&str]) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let text = |value: &Value, name: &str| {
            without(value.get(name).and_then(Value::as_str).unwrap_or_default(), secrets)
        };
        let details = body.get("details").and_then(Value::as_array).into_iter().flatten();
        Self {
            about,
            status: response.status,
            message: joined(
                [text(&body, "message"), text(&body, "error"), text(&body, "error_description")],
                " ",
            ),
            details: details
                .map(|detail| joined([text(detail, "property"), text(detail, "message")], ": "))
                .collect(),
            request_id: response.header("x-line-request-id").unwrap_or_default().to_owned(),
            wait: answer::wait(&response.headers, &["retry-after"]),
        }
    }

    /// The token was used or is too old (line.md §3.5).
    pub(super) fn is_dead_reply_token(&self) -> bool {
        self.status == 400 && self.message.to_lowercase().contains("invalid reply token")
    }

    fn outcome(&self) -> Outcome {
        use CauseCode as Code;
        let detail = self.detail();
        match (self.status, self.about) {
            (400, About::Login) => retry(None, Code::Credentials, &detail),
            (400, _) if self.names_the_recipient() => {
                let (code, effect) = match self.about {
                    About::Person => (Code::UnknownRecipient, Effect::AddressBroken),
                    About::Room => (Code::BotNotInRoom, Effect::RoomLost),
                    _ => (Code::UnknownRecipient, Effect::None),
                };
                rejected(code, effect, &detail)
            }
            // After one renewed token already, where there are any.
            (401, _) => retry(None, Code::Credentials, &detail),
            // The account's plan, or a permission of the channel.
            (403, _) => retry(None, Code::PermissionMissing, &detail),
            // Not documented for a send: no reason to give up on the address.
            (404, About::Person) => rejected(Code::UnknownRecipient, Effect::None, &detail),
            (429, _) if self.is_monthly_limit() => rejected(Code::QuotaUsedUp, Effect::None, &detail),
            // The endpoint's own limit, or too many messages to one person. No wait is documented: ours do.
            (429, _) => retry(self.wait, Code::RateLimited, &detail),
            // A gateway that lost its server cannot say whether the server acted.
            (502 | 504, _) => uncertain(Code::ProviderError, &detail),
            // Whatever error is told, nothing was sent (line.md §3.4).
            (500.., _) => retry(self.wait, Code::ProviderError, &detail),
            // Neither is documented; both say nothing against the message.
            (..=399 | 408, _) => retry(None, Code::ProviderError, &detail),
            _ => rejected(Code::MessageRefused, Effect::None, &detail),
        }
    }

    /// Two causes of 429 share one status; only the words differ (line.md §3.3).
    fn is_monthly_limit(&self) -> bool {
        self.message.to_lowercase().contains("monthly limit")
    }

    /// A 400 that is about `to`, not about `messages`. That an ID of another provider gives 400 is documented,
    /// its words are not: `to` as the property at fault, or a bare 「Failed to send messages」, is read as that.
    fn names_the_recipient(&self) -> bool {
        let of_a_property =
            |text: &String| text == "to" || ["to:", "to["].iter().any(|start| text.starts_with(start));
        self.details.iter().any(of_a_property)
            || ["property, to,", "property, 'to',", "Failed to send messages"]
                .iter()
                .any(|words| self.message.contains(words))
    }

    fn detail(&self) -> String {
        let request = match self.request_id.as_str() {
            "" => String::new(),
            id => format!("(x-line-request-id {id})"),
        };
        joined([self.status.to_string(), self.message.clone(), self.details.join("; "), request], " ")
    }
}

fn joined<const N: usize>(parts: [String; N], separator: &str) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(separator)
}
