//! What is being set for a company's room, and what somebody else set meanwhile.

use shared::{
    api::{
        companies::CompanyRules,
        integrations::{Provider, Room},
        settings::KindInfo,
    },
    lang::Lang,
};

use super::model::name;
use crate::{
    client::json::{self, Out},
    console::listed::{List, Listed, joined},
};

/// What stands in the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Draft {
    /// A room's id; empty while none is chosen.
    pub(super) room: String,
    /// Codes of the kinds that go there.
    pub(super) kinds: Vec<String>,
}

impl Draft {
    pub(super) fn of(company: &CompanyRules) -> Self {
        let room = company.room.as_ref().map(|room| room.id.to_string()).unwrap_or_default();
        Self { room, kinds: company.kinds.clone() }
    }

    /// Whether it says something else than what is saved; in which order does not matter.
    pub(super) fn differs(&self, saved: &CompanyRules) -> bool {
        let saved = Self::of(saved);
        self.room != saved.room
            || self.kinds.len() != saved.kinds.len()
            || self.kinds.iter().any(|kind| !saved.kinds.contains(kind))
    }

    pub(super) fn set(&mut self, kind: &str, on: bool) {
        self.kinds.retain(|own| own != kind);
        if on {
            self.kinds.push(kind.to_owned());
        }
    }

    /// The body of `PUT /api/rules/companies/{id}`.
    pub(super) fn body(&self, version: i64) -> String {
        let kinds: Vec<&str> = self.kinds.iter().map(String::as_str).collect();
        json::object(&[
            ("room", Out::Text(&self.room)),
            ("kinds", Out::Texts(&kinds)),
            ("version", Out::Number(version)),
        ])
    }
}

impl Listed for Draft {
    fn list(&self) -> List {
        let mut kinds: Vec<&str> = self.kinds.iter().map(String::as_str).collect();
        kinds.sort_unstable();
        vec![("room", self.room.clone()), ("kinds", joined(kinds.into_iter()))]
    }

    fn put(&mut self, name: &str, text: &str) {
        match name {
            "room" => text.clone_into(&mut self.room),
            "kinds" => {
                self.kinds = text.split(' ').filter(|kind| !kind.is_empty()).map(str::to_owned).collect();
            }
            _ => {}
        }
    }
}

/// What somebody else changed: the room they chose, and names of kinds they added and took out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Difference {
    pub(super) room: Option<String>,
    pub(super) added: Vec<String>,
    pub(super) gone: Vec<String>,
}

pub(super) fn difference(
    before: &CompanyRules,
    now: &CompanyRules,
    kinds: &[KindInfo],
    lang: Lang,
) -> Difference {
    let id = |company: &CompanyRules| company.room.as_ref().map(|room| room.id.clone());
    let names = |of: &[String], without: &[String]| {
        let called = |code: &String| {
            let kind = kinds.iter().find(|kind| kind.code == *code);
            kind.map_or_else(|| code.clone(), |kind| name(kind, lang).to_owned())
        };
        of.iter().filter(|code| !without.contains(code)).map(called).collect()
    };
    Difference {
        room: (id(before) != id(now)).then(|| now.room.as_ref().map(called).unwrap_or_default()),
        added: names(&now.kinds, &before.kinds),
        gone: names(&before.kinds, &now.kinds),
    }
}

/// What to call a room: its name, or its ID where the provider tells no name.
pub(super) fn called(room: &Room) -> String {
    if room.name.is_empty() { room.provider_id.clone() } else { room.name.clone() }
}

/// Rooms that can be chosen: the bot is in, or it is the chosen one. `value` and words.
pub(super) fn options(
    rooms: &[Room],
    chosen: &str,
    service: impl Fn(Provider) -> String,
) -> Vec<(String, String)> {
    rooms
        .iter()
        .filter(|room| room.open || room.id.as_str() == chosen)
        .map(|room| (room.id.to_string(), format!("{} ({})", called(room), service(room.provider))))
        .collect()
}

#[cfg(test)]
mod tests {
    use shared::{
        api::companies::CompanyRulesForm,
        id::{CompanyId, IntegrationId, RoomId},
    };

    use super::{super::model::tests::kind, *};

    fn room(number: u8, open: bool) -> Room {
        Room {
            id: RoomId::new(1, [number; 10]),
            integration: IntegrationId::new(1, [0; 10]),
            provider: Provider::Slack,
            provider_id: format!("C{number}"),
            name: if number == 1 { "配車".into() } else { String::new() },
            open,
            since: 0,
        }
    }

    fn company(room: Option<Room>, kinds: &[&str]) -> CompanyRules {
        CompanyRules {
            id: CompanyId::new(1, [0; 10]),
            name: "山田運送".into(),
            members: 0,
            room,
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            version: 1,
            differs: 0,
        }
    }

    #[test]
    fn a_draft_knows_whether_it_is_saved() {
        let saved = company(Some(room(1, true)), &["a.a", "a.b"]);
        let mut draft = Draft::of(&saved);
        assert!(!draft.differs(&saved));
        draft.set("a.a", false);
        assert!(draft.differs(&saved));
        draft.set("a.a", true);
        assert_eq!(draft.kinds, ["a.b", "a.a"]);
        assert!(!draft.differs(&saved));
        draft.set("a.a", true);
        assert_eq!(draft.kinds.len(), 2);
        let form: CompanyRulesForm = serde_json::from_str(&draft.body(7)).unwrap();
        assert_eq!((form.version, form.kinds, form.room), (7, draft.kinds, draft.room));
    }

    #[test]
    fn what_the_other_changed_is_named() {
        let kinds = [kind("a.a"), kind("a.b")];
        let before = company(Some(room(1, true)), &["a.a"]);
        let now = company(Some(room(2, true)), &["a.b", "a.gone"]);
        let found = difference(&before, &now, &kinds, Lang::En);
        assert_eq!(found.room.as_deref(), Some("C2"));
        assert_eq!(
            (found.added, found.gone),
            (vec!["Kind".to_owned(), "a.gone".into()], vec!["Kind".to_owned()])
        );
        assert_eq!(difference(&before, &before, &kinds, Lang::Ja), Difference::default());
    }

    #[test]
    fn rooms_that_the_bot_left_are_not_offered_unless_chosen() {
        let rooms = [room(1, true), room(2, false)];
        let service = |_| "Slack".to_owned();
        assert_eq!(options(&rooms, "", service), [(rooms[0].id.to_string(), "配車 (Slack)".to_owned())]);
        assert_eq!(options(&rooms, rooms[1].id.as_str(), service).len(), 2);
    }
}
