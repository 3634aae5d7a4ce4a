//! Deleting an integration: what goes with it is counted, and its name has to be typed.

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

/// Whether what was typed is the name; spaces around it are a slip.
#[must_use]
pub fn is_confirmed(typed: &str, name: &str) -> bool {
    !name.is_empty() && typed.trim() == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_name_confirms() {
        assert!(is_confirmed(" Todoke通知 ", "Todoke通知"));
        for wrong in ["", "todoke通知", "Todoke", "Todoke通知2"] {
            assert!(!is_confirmed(wrong, "Todoke通知"), "{wrong}");
        }
        assert!(!is_confirmed("", ""));
    }

    #[test]
    fn the_wire_form_is_pinned() {
        let counted: Consequences = serde_json::from_str(r#"{"members":12,"rooms":3,"waiting":0}"#).unwrap();
        assert_eq!(counted, Consequences { members: 12, rooms: 3, waiting: 0 });
    }
}
