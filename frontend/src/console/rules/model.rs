//! What the grid shows and what a press changes.

use shared::{api::settings::KindInfo, channel::Channel, kind::app_name, lang::Lang, routing::Urgency};

use crate::client::json::{self, Out};

/// One thing that can be changed of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Channel(Channel, bool),
    Mandatory(bool),
    Urgency(Urgency),
}

impl Change {
    /// What the page shows at once. `company`: the switch is that company's own.
    pub fn apply(self, kind: &mut KindInfo, company: bool) {
        match self {
            Self::Channel(channel, on) => {
                if on == is_on(kind, channel) {
                    return;
                }
                toggle(&mut kind.off, channel);
                if company {
                    toggle(&mut kind.differs, channel);
                }
            }
            Self::Mandatory(on) => kind.mandatory = on,
            Self::Urgency(urgency) => kind.urgency = urgency,
        }
    }

    /// The way back from this change of `kind`.
    #[must_use]
    pub fn back(self, kind: &KindInfo) -> Self {
        match self {
            Self::Channel(channel, _) => Self::Channel(channel, is_on(kind, channel)),
            Self::Mandatory(_) => Self::Mandatory(kind.mandatory),
            Self::Urgency(_) => Self::Urgency(kind.urgency),
        }
    }

    /// The body of `PUT /api/rules`.
    #[must_use]
    pub fn body(self, kind: &str, company: &str) -> String {
        let mut fields = vec![("kind", Out::Text(kind))];
        match self {
            Self::Channel(channel, on) => {
                fields.extend([("channel", Out::Text(channel.code())), ("on", Out::Bool(on))]);
            }
            Self::Mandatory(on) => fields.push(("mandatory", Out::Bool(on))),
            Self::Urgency(urgency) => fields.push(("urgency", Out::Text(urgency_code(urgency)))),
        }
        if !company.is_empty() {
            fields.push(("company", Out::Text(company)));
        }
        json::object(&fields)
    }
}

fn toggle(channels: &mut Vec<Channel>, channel: Channel) {
    match channels.iter().position(|one| *one == channel) {
        Some(at) => drop(channels.remove(at)),
        None => channels.push(channel),
    }
}

#[must_use]
pub fn is_on(kind: &KindInfo, channel: Channel) -> bool {
    !kind.off.contains(&channel)
}

/// A rule can hold for it: a test and a sign-in code are sent past every switch.
#[must_use]
pub fn is_ruled(kind: &KindInfo) -> bool {
    !kind.archived && !matches!(kind.code.as_str(), "todoke.sign_in_code" | "todoke.test")
}

/// Whether part of a name or of the code matches, in either language.
#[must_use]
pub fn matches(kind: &KindInfo, words: &str) -> bool {
    let words = words.trim().to_lowercase();
    let app = app_name(&kind.app);
    let app = app.iter().flat_map(|name| [name.ja, name.en]);
    [kind.name_ja.as_str(), &kind.name_en, &kind.code]
        .into_iter()
        .chain(app)
        .any(|text| text.to_lowercase().contains(&words))
}

/// Codes of the apps that have something to show, in the catalogue's order.
#[must_use]
pub fn apps_of(kinds: &[KindInfo], words: &str) -> Vec<String> {
    let mut apps: Vec<String> = Vec::new();
    for kind in kinds.iter().filter(|kind| is_ruled(kind) && matches(kind, words)) {
        if !apps.contains(&kind.app) {
            apps.push(kind.app.clone());
        }
    }
    apps
}

/// Codes of an app's kinds that are shown.
#[must_use]
pub fn kinds_of(kinds: &[KindInfo], app: &str, words: &str) -> Vec<String> {
    let shown = |kind: &&KindInfo| kind.app == app && is_ruled(kind) && matches(kind, words);
    kinds.iter().filter(shown).map(|kind| kind.code.clone()).collect()
}

#[must_use]
pub fn name(kind: &KindInfo, lang: Lang) -> &str {
    match lang {
        Lang::Ja => &kind.name_ja,
        Lang::En => &kind.name_en,
    }
}

/// The name of an app; a custom one is called by its code.
#[must_use]
pub fn title(app: &str, lang: Lang) -> String {
    app_name(app).map_or_else(|| app.to_owned(), |name| name.get(lang).to_owned())
}

/// The word on the wire.
#[must_use]
pub const fn urgency_code(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Critical => "critical",
        Urgency::Normal => "normal",
        Urgency::Low => "low",
    }
}

#[must_use]
pub fn urgency_of(code: &str) -> Urgency {
    Urgency::ALL.into_iter().find(|urgency| urgency_code(*urgency) == code).unwrap_or(Urgency::Normal)
}

#[cfg(test)]
pub(super) mod tests {
    use shared::api::settings::RuleRequest;

    use super::*;

    pub(in crate::console::rules) fn kind(code: &str) -> KindInfo {
        KindInfo {
            code: code.into(),
            app: code.split('.').next().unwrap().into(),
            name_ja: "種".into(),
            name_en: "Kind".into(),
            urgency: Urgency::Normal,
            mandatory: false,
            custom: false,
            off: vec![Channel::Line],
            icon: String::new(),
            archived: false,
            locked: false,
            differs: Vec::new(),
        }
    }

    #[test]
    fn every_change_has_its_way_back() {
        for company in [false, true] {
            for change in [
                Change::Channel(Channel::Line, true),
                Change::Channel(Channel::Line, false),
                Change::Channel(Channel::Email, false),
                Change::Mandatory(true),
                Change::Urgency(Urgency::Critical),
            ] {
                let before = kind("tasks.a");
                let mut after = before.clone();
                change.apply(&mut after, company);
                change.back(&before).apply(&mut after, company);
                assert_eq!(after, before, "{change:?}");
            }
        }
    }

    #[test]
    fn a_company_s_switch_is_marked() {
        let mut own = kind("tasks.a");
        Change::Channel(Channel::Email, false).apply(&mut own, true);
        assert_eq!((is_on(&own, Channel::Email), own.differs.as_slice()), (false, &[Channel::Email][..]));
    }

    #[test]
    fn bodies_are_what_the_server_reads() {
        let read = |body: &str| serde_json::from_str::<RuleRequest>(body).unwrap();
        let one = read(&Change::Channel(Channel::GoogleChat, true).body("a.b", "co_1"));
        assert_eq!(
            (one.channel, one.on, one.company.as_deref()),
            (Some(Channel::GoogleChat), Some(true), Some("co_1"))
        );
        let one = read(&Change::Urgency(Urgency::Low).body("a.b", ""));
        assert_eq!((one.urgency, one.company, one.channel), (Some(Urgency::Low), None, None));
        assert_eq!(read(&Change::Mandatory(false).body("a.b", "")).mandatory, Some(false));
    }

    #[test]
    fn the_grid_shows_what_rules_can_hold_for() {
        let mut kinds = vec![kind("tasks.a"), kind("todoke.sign_in_code"), kind("x.b"), kind("tasks.c")];
        kinds[2].archived = true;
        assert_eq!(apps_of(&kinds, ""), ["tasks"]);
        assert_eq!(kinds_of(&kinds, "tasks", " C "), ["tasks.c"]);
        assert_eq!(apps_of(&kinds, "タスク"), ["tasks"]);
        assert_eq!(apps_of(&kinds, "zzz"), [""; 0]);
    }

    #[test]
    fn urgencies_are_named_as_serde_names_them() {
        for urgency in Urgency::ALL {
            assert_eq!(serde_json::to_string(&urgency).unwrap(), format!("\"{}\"", urgency_code(urgency)));
            assert_eq!(urgency_of(urgency_code(urgency)), urgency);
        }
    }
}
