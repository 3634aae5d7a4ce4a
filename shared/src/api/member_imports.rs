//! A file of people on its way in. The page reads the file and says what each column is; the rows are handed over
//! in slices and checked one by one, nothing is changed; then the admin starts it, and it is worked in slices that
//! go on by themselves.

use serde::{Deserialize, Serialize};

use crate::{
    error::{Code, Error},
    id::{ImportId, MemberId},
    members_csv::Column,
};

/// The largest file in bytes.
pub const MAX_FILE_BYTES: usize = 5 * 1024 * 1024;
/// Rows of a file.
pub const MAX_ROWS: usize = 20_000;
/// Rows of one [`Rows`].
pub const SLICE: usize = 200;
/// Characters of one cell.
const MAX_CELL: usize = 1_000;

/// `POST /api/members/imports` → 201 [`Import`], a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// Name of the file, for the list; at most 200 characters.
    pub file: String,
    /// What each cell of a row is; each at most once, the login email among them.
    pub columns: Vec<Column>,
    /// Rows of the file: 1 to [`MAX_ROWS`].
    pub total: u32,
    /// Companies that nobody registered are made instead of refused. For admins.
    #[serde(default)]
    pub create_companies: bool,
}

impl NewImport {
    /// What is wrong, by field.
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        if self.file.chars().count() > 200 {
            problems.push(Error::field(Code::TooLong, "file"));
        }
        if !self.columns.contains(&Column::LoginEmail) {
            problems.push(Error::field(Code::Required, "columns").found(Column::LoginEmail.code()));
        }
        for (index, column) in self.columns.iter().enumerate() {
            if self.columns.iter().take(index).any(|other| other == column) {
                problems.push(Error::field(Code::NamedTwice, "columns").found(column.code()));
            }
        }
        if self.total == 0 {
            problems.push(Error::field(Code::Required, "total"));
        } else if usize::try_from(self.total).unwrap_or(usize::MAX) > MAX_ROWS {
            problems.push(Error::field(Code::TooMany, "total").found(MAX_ROWS.to_string()));
        }
        problems
    }
}

/// `POST /api/members/imports/{id}/rows` → 200 [`Checked`]. The same rows again take the place of the former.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// 1 to [`SLICE`].
    pub rows: Vec<Row>,
}

/// One person of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Where it stands in the file.
    pub line: u32,
    /// As many as there are columns.
    pub cells: Vec<String>,
    /// The line above that has the same login email.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twice: Option<u32>,
}

impl Row {
    /// The form alone: whether it fits `columns` and can be kept.
    #[must_use]
    pub fn fits(&self, columns: usize) -> bool {
        self.cells.len() == columns && self.cells.iter().all(|cell| cell.chars().count() <= MAX_CELL)
    }
}

/// What would become of the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub rows: Vec<RowResult>,
    /// Companies that would be made, by name.
    pub companies: Vec<String>,
}

/// What becomes, or became, of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowResult {
    pub line: u32,
    pub outcome: RowOutcome,
    /// The person, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// Fields that change, or the field that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// What is wrong with it; the first of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// What helps to find it, never a person's data: the line of the other one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    Created,
    Changed,
    /// Everything is so already.
    Same,
    Failed,
}

impl RowOutcome {
    pub const ALL: [Self; 4] = [Self::Failed, Self::Created, Self::Changed, Self::Same];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Failed => "failed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    #[must_use]
    pub const fn name(self) -> crate::lang::Text {
        use crate::lang::Text;
        match self {
            Self::Created => Text::new("追加", "Added"),
            Self::Changed => Text::new("変更", "Changed"),
            Self::Same => Text::new("変更なし", "As it was"),
            Self::Failed => Text::new("問題あり", "Refused"),
        }
    }
}

/// `GET /api/members/imports/{id}`, and in lists. `POST …/start` begins it; `DELETE` takes a draft away and stops
/// one that runs; `GET …/result` is its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    pub id: ImportId,
    pub file: String,
    pub state: ImportState,
    pub total: u32,
    /// Rows that were handed over.
    pub received: u32,
    pub done: u32,
    pub created: u32,
    pub changed: u32,
    pub same: u32,
    pub failed: u32,
    /// Name of whoever brought it.
    pub by: String,
    pub created_at: i64,
    pub finished_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Nothing was changed.
    Draft,
    Running,
    Done,
    /// Somebody stopped it: what was done stays.
    Stopped,
    /// It could not go on, as when whoever started it may not any more.
    Failed,
}

impl ImportState {
    pub const ALL: [Self; 5] = [Self::Draft, Self::Running, Self::Done, Self::Stopped, Self::Failed];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// `GET /api/members/export?lang=&company=&cursor=`: a part of the file of all people. The parts one after the
/// other are the file, without a byte order mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPart {
    pub csv: String,
    /// People in this part.
    pub rows: u32,
    /// How many there are in all; in the first part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_import_says_what_is_wrong() {
        let good = NewImport {
            file: "社員.csv".into(),
            columns: vec![Column::LoginEmail, Column::Name],
            total: 3,
            create_companies: false,
        };
        assert_eq!(good.problems(), []);
        let bad = NewImport {
            file: "x".repeat(201),
            columns: vec![Column::Name, Column::Name],
            total: 20_001,
            create_companies: false,
        };
        let codes: Vec<Code> = bad.problems().iter().map(|error| error.code).collect();
        assert_eq!(codes, [Code::TooLong, Code::Required, Code::NamedTwice, Code::TooMany]);
    }

    #[test]
    fn the_stored_forms_are_pinned() {
        let row = Row { line: 2, cells: vec!["a".into()], twice: None };
        assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"line":2,"cells":["a"]}"#);
        let failed = RowResult {
            line: 2,
            outcome: RowOutcome::Failed,
            member: None,
            fields: vec!["name".into()],
            code: Some(Code::Required),
            found: None,
        };
        assert_eq!(
            serde_json::to_string(&failed).unwrap(),
            r#"{"line":2,"outcome":"failed","fields":["name"],"code":"required"}"#
        );
        for state in ImportState::ALL {
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.code()));
        }
        for outcome in RowOutcome::ALL {
            assert_eq!(serde_json::to_string(&outcome).unwrap(), format!("\"{}\"", outcome.code()));
        }
        assert!(row.fits(1) && !row.fits(2));
    }
}
