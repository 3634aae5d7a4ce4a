//! Which page an address shows.

use shared::api::integrations::Provider;

/// A page of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `/console`: no page of its own yet.
    Home,
    Deliveries,
    Delivery(String),
    Integrations,
    /// The form of a new connection.
    Connect(Provider),
    Integration(String),
    Members,
    NewMember,
    Member(String),
    Settings,
    Nowhere,
}

impl Place {
    /// Reads a path; a slash at its end does not matter.
    #[must_use]
    pub fn read(path: &str) -> Self {
        let mut parts = path.trim_matches('/').split('/');
        if parts.next() != Some("console") {
            return Self::Nowhere;
        }
        let place = match (parts.next(), parts.next()) {
            (None, _) => Self::Home,
            (Some("deliveries"), None) => Self::Deliveries,
            (Some("deliveries"), Some(id)) => Self::Delivery(id.to_owned()),
            (Some("integrations"), None) => Self::Integrations,
            (Some("integrations"), Some(id)) => {
                Provider::from_code(id).map_or_else(|| Self::Integration(id.to_owned()), Self::Connect)
            }
            (Some("members"), None) => Self::Members,
            (Some("members"), Some("new")) => Self::NewMember,
            (Some("members"), Some(id)) => Self::Member(id.to_owned()),
            (Some("settings"), None) => Self::Settings,
            _ => Self::Nowhere,
        };
        if parts.next().is_some() { Self::Nowhere } else { place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_address() {
        for (path, place) in [
            ("/console", Place::Home),
            ("/console/", Place::Home),
            ("/console/deliveries", Place::Deliveries),
            ("/console/deliveries/dl_1", Place::Delivery("dl_1".into())),
            ("/console/integrations/", Place::Integrations),
            ("/console/integrations/lineworks", Place::Connect(Provider::Lineworks)),
            ("/console/integrations/google_chat", Place::Connect(Provider::GoogleChat)),
            ("/console/integrations/in_1", Place::Integration("in_1".into())),
            ("/console/members", Place::Members),
            ("/console/members/new", Place::NewMember),
            ("/console/members/mb_1", Place::Member("mb_1".into())),
            ("/console/settings", Place::Settings),
            ("/console/settings/keys", Place::Nowhere),
            ("/console/members/mb_1/edit", Place::Nowhere),
            ("/console/elsewhere", Place::Nowhere),
            ("/me", Place::Nowhere),
            ("/", Place::Nowhere),
        ] {
            assert_eq!(Place::read(path), place, "{path}");
        }
    }
}
