//! The entries of the left navigation: what exists, in design.md's order.

use super::texts::frame;
use crate::kit::{Icon, NavItem};

pub(super) const NAV: &[NavItem] = &[
    entry("/console", frame::HOME, Icon::Home, "nav-home", false),
    entry("/console/integrations", frame::INTEGRATIONS, Icon::Link, "nav-integrations", true),
    entry("/console/rules", frame::RULES, Icon::Rules, "nav-rules", false),
    entry("/console/members", frame::MEMBERS, Icon::People, "nav-members", false),
    entry("/console/apps", frame::APPS, Icon::Apps, "nav-apps", false),
    entry("/console/deliveries", frame::DELIVERIES, Icon::Send, "nav-deliveries", false),
    entry("/console/settings", frame::SETTINGS, Icon::Gear, "nav-settings", true),
];

/// `whole`: only for who runs the whole workspace.
const fn entry(
    path: &'static str,
    label: shared::lang::Text,
    icon: Icon,
    testid: &'static str,
    whole: bool,
) -> NavItem {
    NavItem { path, label, icon, testid, whole }
}

#[cfg(test)]
mod tests {
    use super::NAV;
    use crate::console::place::Place;

    #[test]
    fn every_entry_is_a_page_of_its_own() {
        for item in NAV {
            assert_eq!(Place::read(item.path).entry(), item.path);
        }
    }
}
