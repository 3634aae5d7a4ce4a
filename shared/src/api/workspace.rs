//! The workspace itself: what it is called, where it lives, how long it remembers, who runs it, and its end.

use serde::{Deserialize, Serialize};

use crate::{
    api::auth::Role,
    error::{Code, Error},
    id::MemberId,
    lang::Lang,
    zone::Zone,
};

/// Fewer days would take away what the home page draws.
pub const LEAST_RETENTION: u32 = 35;
/// Ten years.
pub const MOST_RETENTION: u32 = 3_650;

/// `GET /api/settings/workspace`; `PUT` with the same → 200. Errors: those of [`Self::problems`],
/// `changed_meanwhile`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceSettings {
    /// At most 100 characters.
    pub name: String,
    /// One of [`crate::zone::ZONES`].
    pub zone: String,
    /// Of what Todoke itself says where it does not know the reader.
    pub language: Lang,
    /// Finished notices are forgotten after so many days; 0 keeps them for ever.
    pub retention_days: u32,
    /// What was read; another one was saved meanwhile when it differs.
    pub version: i64,
}

impl WorkspaceSettings {
    /// Takes away spaces around and within the name that nobody meant.
    pub fn clean(&mut self) {
        self.name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
    }

    /// What is wrong, by field: `required`, `too_long`, `wrong_type`, `not_a_retention`.
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        if self.name.is_empty() {
            problems.push(Error::field(Code::Required, "name"));
        } else if self.name.chars().count() > 100 {
            problems.push(Error::field(Code::TooLong, "name"));
        } else if self.name.chars().any(char::is_control) {
            problems.push(Error::field(Code::WrongType, "name"));
        }
        if Zone::from_code(&self.zone).is_none() {
            problems.push(Error::field(Code::WrongType, "zone").found(self.zone.as_str()));
        }
        if self.retention_days != 0 && !(LEAST_RETENTION..=MOST_RETENTION).contains(&self.retention_days) {
            let limits = format!("{LEAST_RETENTION}-{MOST_RETENTION}");
            problems.push(Error::field(Code::NotARetention, "retention_days").found(limits));
        }
        problems
    }
}

/// `GET /api/settings/roles` → list of everybody with a role above member, the most powerful first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleHolder {
    pub id: MemberId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// Whose people a company admin handles.
    pub company_name: Option<String>,
    /// May sign in.
    pub usable: bool,
}

/// `PUT /api/settings/roles/{member}` → 200 the member. Errors: `not_allowed` above the own role, `last_owner`,
/// `required` with the field `company` for a company admin without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRequest {
    pub role: Role,
}

/// `GET /api/workspace/consequences`: what goes with the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceConsequences {
    pub members: u64,
    pub integrations: u64,
    pub rooms: u64,
    pub notices: u64,
    pub waiting: u64,
    pub keys: u64,
    pub doors: u64,
    pub webhooks: u64,
}

/// `POST /api/settings/export` `{"cursor"?}` → 200: the next slice of everything. The first call (no cursor) is in the
/// audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSlice {
    /// JSON Lines: `{"table":…,"row":{…}}` and a line feed, each.
    pub lines: String,
    /// How many lines.
    pub count: u64,
    /// How many there are in all; only in the first slice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Handed back for the next slice; absent in the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// See [`ExportSlice`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_pinned_and_checked() {
        let text =
            r#"{"name":"みなと商事","zone":"Asia/Tokyo","language":"ja","retention_days":365,"version":1}"#;
        let good: WorkspaceSettings = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&good).unwrap(), text);
        assert_eq!(good.problems(), []);
        for (wrong, code, field) in [
            (WorkspaceSettings { name: String::new(), ..good.clone() }, Code::Required, "name"),
            (WorkspaceSettings { name: "x".repeat(101), ..good.clone() }, Code::TooLong, "name"),
            (WorkspaceSettings { name: "a\u{7}b".into(), ..good.clone() }, Code::WrongType, "name"),
            (WorkspaceSettings { zone: "Mars/Base".into(), ..good.clone() }, Code::WrongType, "zone"),
            (WorkspaceSettings { retention_days: 34, ..good.clone() }, Code::NotARetention, "retention_days"),
            (
                WorkspaceSettings { retention_days: 3_651, ..good.clone() },
                Code::NotARetention,
                "retention_days",
            ),
        ] {
            let problems = wrong.problems();
            assert_eq!((problems.len(), problems[0].code), (1, code));
            assert_eq!(problems[0].field.as_deref(), Some(field));
        }
        for days in [0, 35, 3_650] {
            assert_eq!(WorkspaceSettings { retention_days: days, ..good.clone() }.problems(), []);
        }
        let mut spaced = WorkspaceSettings { name: " みなと\u{3000} 商事 ".into(), ..good };
        spaced.clean();
        assert_eq!(spaced.name, "みなと 商事");
    }
}
