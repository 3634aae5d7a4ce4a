//! What an answer means: one table from Slack's error codes (slack.md §5) to an [`Outcome`].

use serde_json::Value;
use shared::{
    delivery::{Cause, CauseCode, Effect, Outcome},
    time::{HOUR, MINUTE, Millis},
};

use crate::{
    ports::{HttpResponse, IoError},
    providers::answer::{self, wait, without},
};

/// Why a call came to nothing. Its texts hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    #[error(transparent)]
    Io(#[from] IoError),
    #[error("refused: {}", .0.detail())]
    Refused(Refusal),
    /// A success whose body lacks what it should hold.
    #[error("an answer that cannot be read: {0}")]
    Unreadable(&'static str),
    /// There is no bot token yet, so the call was not made.
    #[error("the app is not installed")]
    NotInstalled,
    /// The app renews its tokens every few hours, which this client does not: the token would die.
    #[error("the app has token rotation switched on")]
    Rotating,
    /// A person who has left.
    #[error("the user is deactivated")]
    Deactivated,
    /// No person: nobody would read it.
    #[error("the user is a bot")]
    IsBot,
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub about: About,
    /// Mostly 200.
    pub status: u16,
    /// `channel_not_found` …; empty when the body has none.
    pub code: String,
    /// The scope that is missing; empty when not told.
    pub needed: String,
    /// What is wrong with the blocks, in Slack's words; may be empty.
    pub messages: String,
    /// How long the provider asks to wait.
    pub wait: Option<Millis>,
}

/// What a call is about: the same code means different things for a person and for a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    App,
    Person,
    Room,
}

impl About {
    /// By the id of where it goes: `U…`, `W…` and `D…` are one person, everything else a room (slack.md §1).
    #[must_use]
    pub fn of(destination: &str) -> Self {
        if destination.starts_with(['U', 'W', 'D']) { Self::Person } else { Self::Room }
    }
}

impl CallError {
    /// What follows for a delivery.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            // There is no idempotency key (slack.md §3): what was not answered may have been taken.
            Self::Io(error) => answer::lost(error),
            Self::Refused(refusal) => refusal.outcome(),
            Self::Unreadable(what) => answer::uncertain(CauseCode::ProviderError, what),
            Self::NotInstalled => answer::retry(None, CauseCode::BotMissing, ""),
            Self::Rotating => answer::retry(None, CauseCode::Credentials, "token rotation"),
            Self::Deactivated => answer::rejected(CauseCode::RecipientInactive, Effect::AddressBroken, ""),
            Self::IsBot => answer::rejected(CauseCode::UnknownRecipient, Effect::AddressBroken, "is_bot"),
        }
    }

    /// The code and the provider's words.
    #[must_use]
    pub fn cause(&self) -> Cause {
        answer::cause(self.outcome()).unwrap_or_else(|| Cause::new(CauseCode::ProviderError, ""))
    }

    pub(super) fn code(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.code,
            _ => "",
        }
    }
}

impl Refusal {
    /// Reads an error answer; `secrets` are taken out of its words should the provider echo one.
    pub(super) fn read(
        about: About,
        response: &HttpResponse,
        body: Option<&Value>,
        secrets: &[&str],
    ) -> Self {
        let words = |name| {
            let word = body.and_then(|body| body.get(name)?.as_str()).unwrap_or_default();
            without(word, secrets)
        };
        let messages: Vec<&str> = body
            .and_then(|body| body.pointer("/response_metadata/messages")?.as_array())
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        Self {
            about,
            status: response.status,
            code: words("error"),
            needed: words("needed"),
            messages: without(&messages.join(" "), secrets),
            wait: wait(&response.headers, &["retry-after"]),
        }
    }

    fn outcome(&self) -> Outcome {
        use CauseCode as Code;
        let detail = self.detail();
        let retry = |after_ms, code| answer::retry(after_ms, code, &detail);
        let rejected = |code, effect| answer::rejected(code, effect, &detail);
        let uncertain = || answer::uncertain(Code::ProviderError, &detail);
        // What a destination that does not work means for it.
        let lost = match self.about {
            About::App => Effect::None,
            About::Person => Effect::AddressBroken,
            About::Room => Effect::RoomLost,
        };
        if self.status == 429 {
            return retry(Some(self.wait.unwrap_or(MINUTE)), Code::RateLimited);
        }
        match self.code.as_str() {
            "ratelimited" | "rate_limited" => retry(Some(self.wait.unwrap_or(MINUTE)), Code::RateLimited),
            // It may be done already, in part at least.
            "service_unavailable" | "fatal_error" | "internal_error" | "request_timeout" => uncertain(),
            "team_added_to_org" | "org_login_required" | "external_channel_migrating" => {
                retry(Some(HOUR), Code::ProviderError)
            }
            "invalid_auth"
            | "not_authed"
            | "token_revoked"
            | "token_expired"
            | "account_inactive"
            | "invalid_code"
            | "bad_client_secret"
            | "invalid_client_id"
            | "bad_redirect_uri"
            | "oauth_authorization_url_mismatch"
            | "invalid_grant_type"
            | "invalid_refresh_token"
            | "pkce_not_allowed"
            | "invalid_code_verifier" => retry(None, Code::Credentials),
            "missing_scope"
            | "no_permission"
            | "not_allowed_token_type"
            | "access_denied"
            | "accesslimited"
            | "ekm_access_denied"
            | "app_access_restricted"
            | "enterprise_is_restricted"
            | "no_scopes" => retry(None, Code::PermissionMissing),
            "message_limit_exceeded" => retry(Some(4 * HOUR), Code::QuotaUsedUp),
            "channel_not_found" => rejected(Code::UnknownRecipient, lost),
            "not_in_channel" | "channel_is_limited_access" => rejected(Code::BotNotInRoom, lost),
            "is_archived" | "is_inactive" if self.about == About::Room => rejected(Code::RoomArchived, lost),
            "user_disabled" | "is_archived" | "is_inactive" => rejected(Code::RecipientInactive, lost),
            code if code.starts_with("restricted_action") => rejected(Code::PostingRestricted, lost),
            // A switch of the app, not a fault of everybody's address: the next channel takes over at once.
            "messages_tab_disabled" => rejected(Code::MessagesTabOff, Effect::None),
            "cannot_reply_to_message" => rejected(Code::MessageRefused, Effect::None),
            "users_not_found" | "user_not_found" | "user_not_visible" | "cannot_dm_bot" => {
                rejected(Code::UnknownRecipient, lost)
            }
            // Of an answer that only one person in a room sees: she is not in the room.
            "user_not_in_channel" => rejected(Code::UnknownRecipient, Effect::None),
            // Slack's gateway or what stands before it: the status decides.
            "" => match self.status {
                // A page instead of JSON, during incidents. It may be done already.
                200..=299 | 500.. => uncertain(),
                _ => retry(None, Code::ProviderError),
            },
            _ if self.status >= 500 => uncertain(),
            // Our mistake, or a code we do not know: the same again would be refused again.
            _ if self.about == About::App => rejected(Code::ProviderError, Effect::None),
            _ => rejected(Code::MessageRefused, Effect::None),
        }
    }

    fn detail(&self) -> String {
        let status = if self.status == 200 { String::new() } else { self.status.to_string() };
        let needed = if self.needed.is_empty() { String::new() } else { format!("needed {}", self.needed) };
        let fallback = if self.status == 200 && self.code.is_empty() { "no JSON" } else { "" };
        [status.as_str(), &self.code, &needed, &self.messages, fallback]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}
