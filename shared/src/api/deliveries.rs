//! Deliveries as the console and わたしの通知 see them.

use serde::{Deserialize, Serialize};

use crate::{
    api::events::Target,
    channel::Channel,
    delivery::{Cause, State},
    id::{DeliveryId, EventId},
    message::Message,
    routing::{Decision, Reason, Urgency},
};

/// One line of 配信 (`GET /api/deliveries?state=&channel=&kind=&q=&cursor=`): newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRow {
    pub id: DeliveryId,
    pub event: EventId,
    pub kind: String,
    /// In the reader's language.
    pub kind_name: String,
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
    /// The other channels of the same person and event.
    pub siblings: Vec<DeliveryRow>,
    /// It may be sent again by hand.
    pub can_resend: bool,
    /// How many deliveries of the same provider go first; only while waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<u64>,
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
}

impl From<crate::render::Rendering> for Preview {
    fn from(rendering: crate::render::Rendering) -> Self {
        use crate::render::Rendering;
        match rendering {
            Rendering::Lineworks(content) => Self::Lineworks { content },
            Rendering::Line(messages) => Self::Line { messages },
            Rendering::Slack(message) => Self::Slack { text: message.text, blocks: message.blocks },
            Rendering::GoogleChat(message) => Self::GoogleChat { message },
            Rendering::Mail(mail) => Self::Mail { subject: mail.subject, text: mail.text, html: mail.html },
        }
    }
}

/// `POST /api/deliveries/{id}/resend` → 200 the row, waiting again.
pub type Resent = DeliveryRow;
