//! The sections of the settings, in one list: the first page shows it, and it stands beside each section.

use shared::lang::Text;

use super::texts::frame;
use crate::kit::Icon;

/// A section.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Behind `/console/settings/`.
    pub code: &'static str,
    pub name: Text,
    pub lead: Text,
    pub icon: Icon,
}

/// All that exist.
pub const SECTIONS: &[Section] = &[
    section("workspace", frame::WORKSPACE, frame::WORKSPACE_LEAD, Icon::Gear),
    section("roles", frame::ROLES, frame::ROLES_LEAD, Icon::People),
    section("quiet", frame::QUIET, frame::QUIET_LEAD, Icon::Moon),
    section("keys", frame::KEYS, frame::KEYS_LEAD, Icon::Key),
    section("doors", frame::DOORS, frame::DOORS_LEAD, Icon::Send),
    section("webhooks", frame::WEBHOOKS, frame::WEBHOOKS_LEAD, Icon::Link),
    section("audit", frame::AUDIT, frame::AUDIT_LEAD, Icon::Search),
    section("data", frame::DATA, frame::DATA_LEAD, Icon::File),
    section("api", frame::API, frame::API_LEAD, Icon::Globe),
];

const fn section(code: &'static str, name: Text, lead: Text, icon: Icon) -> Section {
    Section { code, name, lead, icon }
}

impl Section {
    /// The section of that code.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        SECTIONS.iter().find(|section| section.code == code).copied()
    }

    #[must_use]
    pub fn path(self) -> String {
        format!("/console/settings/{}", self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_by_their_code() {
        for section in SECTIONS {
            assert_eq!(Section::find(section.code).map(Section::path), Some(section.path()));
        }
        assert!(Section::find("nothing").is_none());
    }
}
