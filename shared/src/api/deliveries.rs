//! Deliveries as the console and わたしの通知 see them.

use serde::{Deserialize, Serialize};

use crate::{
    api::events::{Claim, Target},
    channel::Channel,
    delivery::{Cause, State},
    id::{DeliveryId, EventId},
    message::Message,
    routing::{Decision, Reason, Urgency},
};

/// One line of 配信 (`GET /api/deliveries?cursor=` and what [`crate::api::bulk::DeliveryFilter`] names): newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRow {
    pub id: DeliveryId,
    pub event: EventId,
    pub kind: String,
    /// In the reader's language.
    pub kind_name: String,
    /// In live news, whose readers' languages are not known: then `kind_name` is the Japanese one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind_name_en: Option<String>,
    pub title: String,
    pub target: Target,
    pub channel: Channel,
    pub state: State,
    pub decision: Decision,
    pub reason: Reason,
    pub urgency: Urgency,
    /// Milliseconds UTC, like every time in the console's own API.
    pub created_at: i64,
    /// When it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<i64>,
    /// When it reached a final state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<i64>,
    pub tries: u32,
    /// Why the last try did not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

/// `GET /api/deliveries/{id}` and `GET /api/me/notices/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryDetail {
    pub row: DeliveryRow,
    pub message: Message,
    /// The address or room it goes to, as the provider knows it; shortened for members.
    pub address: Option<String>,
    pub attempts: Vec<Attempt>,
    /// The message in the provider's own form, as it is or would be sent.
    pub preview: Preview,
    /// The same on all channels, in the order of [`Channel::ALL`]; empty for members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previews: Vec<Preview>,
    /// The other channels of the same person and event.
    pub siblings: Vec<DeliveryRow>,
    /// It may be sent again by hand. Always false for members.
    pub can_resend: bool,
    /// Why an admin cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_resend: Option<NoResend>,
    /// Who took an action of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// How many deliveries of the same provider go first; only while waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<u64>,
    /// About how many milliseconds it still waits, by its due time and the provider's limit; only while waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_ms: Option<i64>,
}

/// Why a delivery is not sent again by hand. The same words stand as `found` in a refusal `cannot_resend`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoResend {
    /// It is waiting or on its way.
    Underway,
    /// It was accepted: the person would read it twice.
    Sent,
    /// It was decided against, and what it was decided for still holds: a switch, an address that is not there.
    Decided,
    /// The event was withdrawn by its sender.
    Withdrawn,
}

impl NoResend {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Underway => "underway",
            Self::Sent => "sent",
            Self::Decided => "decided",
            Self::Withdrawn => "withdrawn",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Underway, Self::Sent, Self::Decided, Self::Withdrawn]
            .into_iter()
            .find(|why| why.code() == code)
    }
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub at: i64,
    /// Milliseconds until the provider answered.
    pub took: i64,
    pub result: AttemptResult,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The provider's id of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptResult {
    Accepted,
    Retry,
    Rejected,
    Uncertain,
}

/// What the person sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preview {
    Mail {
        subject: String,
        text: String,
        html: String,
    },
    /// The `content` object of a bot message.
    Lineworks {
        content: serde_json::Value,
    },
    /// The message objects of one call.
    Line {
        messages: Vec<serde_json::Value>,
    },
    Slack {
        text: String,
        blocks: Vec<serde_json::Value>,
    },
    /// The message resource.
    GoogleChat {
        message: serde_json::Value,
    },
    /// What the device shows.
    WebPush {
        title: String,
        body: String,
    },
}

impl From<crate::render::Rendering> for Preview {
    fn from(rendering: crate::render::Rendering) -> Self {
        use crate::render::Rendering;
        match rendering {
            Rendering::Lineworks(content) => Self::Lineworks { content },
            Rendering::Line(messages) => Self::Line { messages },
            Rendering::Slack(message) => Self::Slack { text: message.text, blocks: message.blocks },
            Rendering::GoogleChat(message) => Self::GoogleChat { message },
            Rendering::WebPush(shown) => Self::WebPush { title: shown.title, body: shown.body },
            Rendering::Mail(mail) => Self::Mail { subject: mail.subject, text: mail.text, html: mail.html },
        }
    }
}

/// `POST /api/deliveries/{id}/resend` → 200 the row, waiting again.
pub type Resent = DeliveryRow;
