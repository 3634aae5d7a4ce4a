//! The workspace's store: migrations and the one way in which rows are read.
//!
//! A read is written as `SELECT json_object(…)`: each row crosses from the platform as one string and serde
//! makes the value, which costs one crossing a row instead of one a column.

use serde::de::DeserializeOwned;

use crate::{
    ports::{Sql, SqlError, Value},
    refusal::Refusal,
};

/// Numbered, append-only. A file that was released is never edited.
pub const MIGRATIONS: &[(u32, &str)] = &[
    (1, include_str!("../migrations/0001_first.sql")),
    (2, include_str!("../migrations/0002_answers.sql")),
    (3, include_str!("../migrations/0003_doors.sql")),
    (4, include_str!("../migrations/0004_attendance.sql")),
    (5, include_str!("../migrations/0005_rules.sql")),
    (6, include_str!("../migrations/0006_members.sql")),
    (7, include_str!("../migrations/0007_announcements.sql")),
    (8, include_str!("../migrations/0008_settings.sql")),
    (9, include_str!("../migrations/0009_quiet.sql")),
    (10, include_str!("../migrations/0010_home.sql")),
    (11, include_str!("../migrations/0011_grants_to_forget.sql")),
    (12, include_str!("../migrations/0012_attendance_reminder.sql")),
    (13, include_str!("../migrations/0013_push.sql")),
    (14, include_str!("../migrations/0014_absences.sql")),
];

/// Brings the store up to date. Runs at every start of the object; costs one read when nothing is new.
pub fn migrate(sql: &dyn Sql, now: shared::time::Millis) -> Result<(), SqlError> {
    sql.script("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT")?;
    let done = sql.texts("SELECT coalesce(max(version), 0) FROM schema_versions", &[])?;
    let done: u32 = done.first().and_then(|text| text.parse().ok()).unwrap_or(0);
    for (version, script) in MIGRATIONS.iter().filter(|(version, _)| *version > done) {
        sql.atomically(&mut || {
            sql.script(script)?;
            sql.exec(
                "INSERT INTO schema_versions (version, applied_at) VALUES (?1, ?2)",
                &[i64::from(*version).into(), now.into()],
            )?;
            Ok(())
        })?;
    }
    Ok(())
}

/// All rows of a `SELECT json_object(…)`.
pub fn rows<T: DeserializeOwned>(sql: &dyn Sql, query: &str, params: &[Value]) -> Result<Vec<T>, Refusal> {
    sql.texts(query, params)?.iter().map(|text| serde_json::from_str(text).map_err(Refusal::from)).collect()
}

/// The first row, if there is one.
pub fn row<T: DeserializeOwned>(sql: &dyn Sql, query: &str, params: &[Value]) -> Result<Option<T>, Refusal> {
    match sql.texts(query, params)?.first() {
        Some(text) => Ok(Some(serde_json::from_str(text)?)),
        None => Ok(None),
    }
}

/// A single number, 0 when there is no row.
pub fn number(sql: &dyn Sql, query: &str, params: &[Value]) -> Result<i64, Refusal> {
    Ok(sql.texts(query, params)?.first().and_then(|text| text.parse().ok()).unwrap_or(0))
}
