//! What an integration is called, and what goes with it when it is deleted.

use serde::{Deserialize, Serialize};
use shared::{
    api::integrations::{Integration, IntegrationSettings},
    integration::MailVia,
};

/// `GET /api/integrations/{id}/consequences`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consequences {
    /// Members who are reached over it.
    pub members: u64,
    /// Rooms it is in.
    pub rooms: u64,
    /// Deliveries that still wait for it.
    pub waiting: u64,
}

/// What the admin calls it, and types to delete it: the bot's name, or the sender address.
#[must_use]
pub fn name_of(integration: &Integration) -> &str {
    match &integration.settings {
        IntegrationSettings::Lineworks { bot_name, .. } => bot_name,
        IntegrationSettings::Mail { from_address, .. } => from_address,
    }
}

/// The server a mail integration sends through: 「mail.minato.example:587」 or 「Resend」.
#[must_use]
pub fn way_of(settings: &IntegrationSettings) -> Option<String> {
    match settings {
        IntegrationSettings::Lineworks { .. } => None,
        IntegrationSettings::Mail { via: MailVia::Resend, .. } => Some("Resend".to_owned()),
        IntegrationSettings::Mail { host, port, .. } => Some(format!("{host}:{port}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_is_pinned() {
        let counted: Consequences = serde_json::from_str(r#"{"members":12,"rooms":3,"waiting":0}"#).unwrap();
        assert_eq!(counted, Consequences { members: 12, rooms: 3, waiting: 0 });
    }
}
