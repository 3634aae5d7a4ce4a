//! What the console reads of one delivery.

use shared::{
    api::{
        deliveries::{Attempt, DeliveryRow, NoResend},
        events::Claim,
    },
    channel::Channel,
};

use crate::client::json::{FromJson, Json};

/// What is read of [`shared::api::deliveries::DeliveryDetail`]; the message itself is read from the previews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    pub row: DeliveryRow,
    /// What stands on the message's buttons.
    pub actions: Vec<String>,
    pub address: Option<String>,
    pub attempts: Vec<Attempt>,
    pub preview: Preview,
    /// The same message on every channel, where the server draws them all.
    pub previews: Vec<Preview>,
    pub siblings: Vec<DeliveryRow>,
    pub can_resend: bool,
    pub no_resend: Option<NoResend>,
    pub ahead: Option<u64>,
    /// About how many milliseconds it still waits.
    pub about_ms: Option<i64>,
    /// Who took an action.
    pub claim: Option<Claim>,
}

/// [`shared::api::deliveries::Preview`] as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub channel: Channel,
    pub content: Json,
}

/// What is read of [`shared::api::events::Event`] where the delivery does not say who took an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed(pub Option<Claim>);

impl FromJson for Detail {
    fn from_json(json: &Json) -> Option<Self> {
        let actions = json.at("/message/actions").items().iter();
        Some(Self {
            row: json.maybe("row")?,
            actions: actions.filter_map(|action| action.text("label")).collect(),
            address: json.text("address"),
            attempts: json.all("attempts")?,
            preview: json.maybe("preview")?,
            previews: json.all("previews")?,
            siblings: json.all("siblings")?,
            can_resend: json.bool("can_resend")?,
            no_resend: json.text("no_resend").as_deref().and_then(NoResend::from_code),
            ahead: json.count("ahead"),
            about_ms: json.number("about_ms"),
            claim: json.maybe("claim"),
        })
    }
}

impl FromJson for Preview {
    fn from_json(json: &Json) -> Option<Self> {
        // One field, named after the provider.
        let Json::Object(fields) = json else { return None };
        let (provider, content) = fields.first()?;
        let channel = match provider.as_str() {
            "mail" => Channel::Email,
            other => Channel::from_code(other)?,
        };
        Some(Self { channel, content: content.clone() })
    }
}

impl FromJson for Claimed {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self(json.maybe("claim")))
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        api::{
            deliveries::{DeliveryDetail, Preview as Sent},
            events::Target,
        },
        delivery::State,
        id::{DeliveryId, EventId, MemberId},
        message::{Action, ActionStyle, Message},
        routing::{Decision, Reason, Urgency},
    };

    use super::*;
    use crate::client::json;

    #[test]
    fn what_the_server_writes_is_read() {
        let event = EventId::new(0, [0; 10]);
        let row = DeliveryRow {
            id: DeliveryId::of(&event, 0),
            event,
            kind: "tasks.assigned".into(),
            kind_name: "タスクの割り当て".into(),
            kind_name_en: None,
            title: "見積書".into(),
            target: Target::Member { id: MemberId::new(0, [0; 10]), name: "佐藤".into() },
            channel: Channel::Line,
            state: State::Sent,
            decision: Decision::Deliver,
            reason: Reason::Allowed,
            urgency: Urgency::Normal,
            created_at: 0,
            due_at: None,
            done_at: None,
            tries: 1,
            cause: None,
        };
        let action = Action { id: "take".into(), label: "対応します".into(), style: ActionStyle::Plain };
        let whole = DeliveryDetail {
            row: row.clone(),
            message: Message { title: "見積書".into(), actions: vec![action], ..Message::default() },
            address: Some("U1".into()),
            attempts: Vec::new(),
            preview: Sent::Line { messages: Vec::new() },
            previews: Vec::new(),
            siblings: Vec::new(),
            can_resend: true,
            no_resend: Some(NoResend::Withdrawn),
            claim: None,
            ahead: Some(3),
            about_ms: Some(4_000),
        };
        let read = json::read::<Detail>(&serde_json::to_string(&whole).unwrap()).unwrap();
        assert_eq!((read.row, read.actions), (row, vec!["対応します".to_owned()]));
        assert_eq!(read.no_resend, Some(NoResend::Withdrawn));
        assert_eq!((read.ahead, read.about_ms), (Some(3), Some(4_000)));
        assert_eq!((read.claim, read.previews, read.can_resend), (None, Vec::new(), true));
        for (sent, channel) in [
            (whole.preview, Channel::Line),
            (Sent::Mail { subject: "s".into(), text: "t".into(), html: "h".into() }, Channel::Email),
            (Sent::Lineworks { content: serde_json::Value::Null }, Channel::Lineworks),
            (Sent::Slack { text: "t".into(), blocks: Vec::new() }, Channel::Slack),
            (Sent::GoogleChat { message: serde_json::json!({}) }, Channel::GoogleChat),
            (Sent::WebPush { title: "t".into(), body: "b".into() }, Channel::WebPush),
        ] {
            let read = json::read::<Preview>(&serde_json::to_string(&sent).unwrap()).unwrap();
            assert_eq!(read.channel, channel);
        }
    }
}
