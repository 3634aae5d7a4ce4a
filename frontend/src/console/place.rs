//! Which page an address shows, which program draws it, and under which entry of the navigation it stands.

use shared::api::integrations::Provider;

/// A page of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `/console`
    Home,
    /// Who would miss a critical notice now.
    Unreachable,
    Deliveries,
    Delivery(String),
    Announcements,
    NewAnnouncement,
    Announcement(String),
    Members,
    NewMember,
    /// The CSV import.
    ImportMembers,
    /// The companies that members belong to.
    Companies,
    Member(String),
    /// 通知ルール by kind.
    Rules,
    RuleCompanies,
    RuleCompany(String),
    RuleMembers,
    RuleMember(String),
    Apps,
    /// A page of an app: its code, and the path below it, which may be empty.
    App(String, String),
    Integrations,
    /// The form of a new connection.
    Connect(Provider),
    Integration(String),
    /// A section of the settings and the path below it; both are empty on the first page.
    Settings(String, String),
    Nowhere,
}

/// A Wasm program of the console: each first view stays small. The Worker serves the HTML of each by the same table
/// (`edge-worker/src/route.rs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// ホーム, 配信, お知らせ; and whatever is nowhere.
    Console,
    /// メンバー, 通知ルール.
    People,
    /// アプリ.
    Apps,
    /// 連携, 設定.
    Settings,
}

impl Place {
    /// Reads a path; a slash at its end does not matter.
    #[must_use]
    pub fn read(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let own = str::to_owned;
        match parts.as_slice() {
            ["console"] => Self::Home,
            ["console", "unreachable"] => Self::Unreachable,
            ["console", "deliveries"] => Self::Deliveries,
            ["console", "deliveries", id] => Self::Delivery(own(id)),
            ["console", "announcements"] => Self::Announcements,
            ["console", "announcements", "new"] => Self::NewAnnouncement,
            ["console", "announcements", id] => Self::Announcement(own(id)),
            ["console", "members"] => Self::Members,
            ["console", "members", "new"] => Self::NewMember,
            ["console", "members", "import"] => Self::ImportMembers,
            ["console", "members", "companies"] => Self::Companies,
            ["console", "members", id] => Self::Member(own(id)),
            ["console", "rules"] => Self::Rules,
            ["console", "rules", "companies"] => Self::RuleCompanies,
            ["console", "rules", "companies", id] => Self::RuleCompany(own(id)),
            ["console", "rules", "members"] => Self::RuleMembers,
            ["console", "rules", "members", id] => Self::RuleMember(own(id)),
            ["console", "apps"] => Self::Apps,
            ["console", "apps", app, rest @ ..] => Self::App(own(app), rest.join("/")),
            ["console", "integrations"] => Self::Integrations,
            ["console", "integrations", id] => Provider::from_code(id)
                .filter(|one| one.has_form())
                .map_or_else(|| Self::Integration(own(id)), Self::Connect),
            ["console", "settings"] => Self::Settings(String::new(), String::new()),
            ["console", "settings", section, rest @ ..] => Self::Settings(own(section), rest.join("/")),
            _ => Self::Nowhere,
        }
    }

    /// The path of the entry of the navigation under which the page stands; none when it is nowhere.
    #[must_use]
    pub const fn entry(&self) -> &'static str {
        match self {
            Self::Home | Self::Unreachable => "/console",
            Self::Deliveries
            | Self::Delivery(_)
            | Self::Announcements
            | Self::NewAnnouncement
            | Self::Announcement(_) => "/console/deliveries",
            Self::Members | Self::NewMember | Self::ImportMembers | Self::Companies | Self::Member(_) => {
                "/console/members"
            }
            Self::Rules
            | Self::RuleCompanies
            | Self::RuleCompany(_)
            | Self::RuleMembers
            | Self::RuleMember(_) => "/console/rules",
            Self::Apps | Self::App(..) => "/console/apps",
            Self::Integrations | Self::Connect(_) | Self::Integration(_) => "/console/integrations",
            Self::Settings(..) => "/console/settings",
            Self::Nowhere => "",
        }
    }

    /// Who draws it.
    #[must_use]
    pub fn program(&self) -> Program {
        match self.entry() {
            "/console/members" | "/console/rules" => Program::People,
            "/console/apps" => Program::Apps,
            "/console/integrations" | "/console/settings" => Program::Settings,
            _ => Program::Console,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_address_and_its_program() {
        use Program::{Apps, Console, People, Settings};
        let settings = |section: &str, rest: &str| Place::Settings(section.into(), rest.into());
        let app = |app: &str, rest: &str| Place::App(app.into(), rest.into());
        for (path, place, program) in [
            ("/console", Place::Home, Console),
            ("/console/", Place::Home, Console),
            ("/console/unreachable", Place::Unreachable, Console),
            ("/console/deliveries", Place::Deliveries, Console),
            ("/console/deliveries/dl_1", Place::Delivery("dl_1".into()), Console),
            ("/console/announcements", Place::Announcements, Console),
            ("/console/announcements/new", Place::NewAnnouncement, Console),
            ("/console/announcements/an_1", Place::Announcement("an_1".into()), Console),
            ("/console/members", Place::Members, People),
            ("/console/members/new", Place::NewMember, People),
            ("/console/members/import", Place::ImportMembers, People),
            ("/console/members/companies", Place::Companies, People),
            ("/console/members/mb_1", Place::Member("mb_1".into()), People),
            ("/console/members/mb_1/edit", Place::Nowhere, Console),
            ("/console/rules", Place::Rules, People),
            ("/console/rules/companies", Place::RuleCompanies, People),
            ("/console/rules/companies/co_1", Place::RuleCompany("co_1".into()), People),
            ("/console/rules/members/", Place::RuleMembers, People),
            ("/console/rules/members/mb_1", Place::RuleMember("mb_1".into()), People),
            ("/console/rules/nothing", Place::Nowhere, Console),
            ("/console/apps", Place::Apps, Apps),
            ("/console/apps/attendance", app("attendance", ""), Apps),
            ("/console/apps/attendance/settings", app("attendance", "settings"), Apps),
            ("/console/integrations/", Place::Integrations, Settings),
            ("/console/integrations/lineworks", Place::Connect(Provider::Lineworks), Settings),
            ("/console/integrations/google_chat", Place::Connect(Provider::GoogleChat), Settings),
            ("/console/integrations/in_1", Place::Integration("in_1".into()), Settings),
            ("/console/settings", settings("", ""), Settings),
            ("/console/settings/keys", settings("keys", ""), Settings),
            ("/console/settings/webhooks/wh_1", settings("webhooks", "wh_1"), Settings),
            ("/console/elsewhere", Place::Nowhere, Console),
            ("/me", Place::Nowhere, Console),
            ("/", Place::Nowhere, Console),
        ] {
            let read = Place::read(path);
            assert_eq!((&read, read.program()), (&place, program), "{path}");
        }
    }

    #[test]
    fn every_page_stands_under_an_entry_that_is_a_page_of_the_same_program() {
        for path in [
            "/console",
            "/console/unreachable",
            "/console/announcements/new",
            "/console/members/import",
            "/console/rules/companies/co_1",
            "/console/apps/attendance/mb_1",
            "/console/integrations/in_1",
            "/console/settings/audit",
        ] {
            let place = Place::read(path);
            let entry = Place::read(place.entry());
            assert_ne!(entry, Place::Nowhere, "{path}");
            assert_eq!(entry.program(), place.program(), "{path}");
        }
    }
}
