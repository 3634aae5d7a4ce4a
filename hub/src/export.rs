//! Everything of a workspace as JSON Lines, a slice at a time: what it is made of and what happened in it. Only the
//! columns that are named here leave the store, so that a secret or a hash that is added later stays in it; the
//! tests hold this list against the migrations.

use serde_json::Value as Json;
use shared::{
    api::workspace::{ExportRequest, ExportSlice},
    error::Code,
};

use crate::{hub::Hub, ports::Value, refusal::Refusal, sessions::Caller, store};

/// Lines of one slice.
const SLICE: usize = 400;
/// A slice ends early when it has so many bytes: messages are up to 10,000 characters.
const HEAVY: usize = 512 * 1024;
/// Between the parts of a cursor.
const PART: char = '\u{1}';

/// A table: its name, the columns that order it, and those that leave the store.
struct Table(&'static str, &'static [&'static str], &'static [&'static str]);

impl Hub {
    /// `POST /api/settings/export`. Errors: `not_allowed`, `wrong_type` for a cursor that is none.
    pub(crate) fn export(&self, caller: &Caller, request: &ExportRequest) -> Result<ExportSlice, Refusal> {
        caller.admin_member()?;
        let total = match &request.cursor {
            Some(_) => None,
            None => {
                self.audit(caller, "workspace.exported", self.config.workspace.as_str(), "")?;
                Some(u64::try_from(self.count_everything()?).unwrap_or_default())
            }
        };
        let mut at = match &request.cursor {
            Some(cursor) => place(cursor).ok_or(Code::WrongType)?,
            None => (0, Vec::new()),
        };
        let (mut lines, mut count) = (String::new(), 0);
        loop {
            let Some(table) = TABLES.get(at.0) else {
                return Ok(ExportSlice { lines, count, total, next: None });
            };
            let wanted = SLICE.saturating_sub(usize::try_from(count).unwrap_or(SLICE));
            let rows = self.ports.sql.texts(&table.query(!at.1.is_empty()), &table.bound(&at.1, wanted))?;
            let (mut taken, mut last) = (0, None);
            for row in &rows {
                lines.push_str(row);
                lines.push('\n');
                taken += 1;
                last = Some(row);
                if lines.len() > HEAVY {
                    break;
                }
            }
            count += taken as u64;
            match last {
                Some(row) if taken == wanted || taken < rows.len() => {
                    let key = table.key(row)?;
                    return Ok(ExportSlice { lines, count, total, next: Some(cursor(at.0, &key)) });
                }
                _ => at = (at.0 + 1, Vec::new()),
            }
        }
    }

    fn count_everything(&self) -> Result<i64, Refusal> {
        let counts: Vec<String> =
            TABLES.iter().map(|table| format!("(SELECT count(*) FROM {})", table.0)).collect();
        store::number(&*self.ports.sql, &format!("SELECT {}", counts.join(" + ")), &[])
    }
}

impl Table {
    /// Rows behind a key, or from the first.
    fn query(&self, behind: bool) -> String {
        let Self(name, keys, columns) = self;
        let pairs: Vec<String> = columns.iter().map(|column| format!("'{column}', {column}")).collect();
        let keys_text = keys.join(", ");
        let marks: Vec<String> = (1..=keys.len()).map(|number| format!("?{number}")).collect();
        let from =
            if behind { format!("WHERE ({keys_text}) > ({})", marks.join(", ")) } else { String::new() };
        let limit = if behind { keys.len() + 1 } else { 1 };
        format!(
            "SELECT json_object('table', '{name}', 'row', json_object({})) FROM {name} {from} ORDER BY {keys_text} LIMIT ?{limit}",
            pairs.join(", ")
        )
    }

    fn bound(&self, key: &[String], limit: usize) -> Vec<Value> {
        let mut bound: Vec<Value> = key.iter().take(self.1.len()).map(|part| part.as_str().into()).collect();
        bound.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        bound
    }

    /// The key of a row that was written.
    fn key(&self, row: &str) -> Result<Vec<String>, Refusal> {
        let line: Json = serde_json::from_str(row)?;
        let part = |name: &&str| match line.get("row").and_then(|row| row.get(*name)) {
            Some(Json::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        Ok(self.1.iter().map(part).collect())
    }
}

fn cursor(table: usize, key: &[String]) -> String {
    let name = TABLES.get(table).map_or("", |table| table.0);
    std::iter::once(name).chain(key.iter().map(String::as_str)).collect::<Vec<_>>().join("\u{1}")
}

fn place(cursor: &str) -> Option<(usize, Vec<String>)> {
    let mut parts = cursor.split(PART);
    let name = parts.next()?;
    let table = TABLES.iter().position(|table| table.0 == name)?;
    let key: Vec<String> = parts.map(ToOwned::to_owned).collect();
    (TABLES.get(table)?.1.len() == key.len()).then_some((table, key))
}

/// At most 16 columns each: the platform takes 32 arguments of a function.
const TABLES: &[Table] = &[
    Table(
        "workspace",
        &["id"],
        &[
            "id",
            "name",
            "language",
            "zone",
            "retention_days",
            "line_spare",
            "line_reserve",
            "quiet",
            "quiet_rooms",
            "created_at",
        ],
    ),
    Table("companies", &["id"], &["id", "name", "created_at"]),
    Table(
        "members",
        &["id"],
        &[
            "id",
            "company",
            "name",
            "reading",
            "login_email",
            "department",
            "title",
            "employee_number",
            "usable",
            "role",
            "language",
            "quiet",
            "read_until",
            "created_at",
        ],
    ),
    Table(
        "addresses",
        &["member", "channel"],
        &["member", "channel", "value", "label", "state", "switched_on", "last_ok_at"],
    ),
    Table("push_devices", &["id"], &["id", "member", "name", "created_at"]),
    Table("preferences", &["member", "kind", "channel"], &["member", "kind", "channel"]),
    Table(
        "integrations",
        &["id"],
        &["id", "provider", "settings", "state", "cause", "state_since", "last_ok_at", "created_at"],
    ),
    Table("rooms", &["id"], &["id", "integration", "provider_id", "name", "open", "since"]),
    Table(
        "kinds",
        &["code"],
        &["code", "custom", "name_ja", "name_en", "urgency", "mandatory", "icon", "archived"],
    ),
    Table("rules", &["kind", "channel"], &["kind", "channel"]),
    Table("company_rules", &["company", "kind", "channel"], &["company", "kind", "channel", "allowed"]),
    Table("company_rooms", &["company"], &["company", "room", "kinds", "version", "changed_at"]),
    Table("app_permissions", &["app"], &["app", "members_set"]),
    Table("company_days", &["day"], &["day", "off", "name"]),
    Table("api_keys", &["id"], &["id", "name", "hint", "scopes", "created_at", "revoked_at"]),
    Table(
        "doors",
        &["id"],
        &["id", "name", "form", "hint", "member", "room", "kind", "created_at", "revoked_at", "last_used_at"],
    ),
    Table("webhooks", &["id"], &["id", "url", "events", "created_at", "disabled_at", "last_ok_at"]),
    Table(
        "webhook_messages",
        &["id"],
        &["id", "webhook", "type", "body", "created_at", "state", "due_at", "tries", "attempts"],
    ),
    Table(
        "events",
        &["id"],
        &[
            "id",
            "kind",
            "urgency",
            "message",
            "thread",
            "created_at",
            "deliver_at",
            "cancelled",
            "source",
            "deliveries",
            "skipped",
            "about",
        ],
    ),
    Table(
        "deliveries",
        &["id"],
        &[
            "id",
            "target",
            "channel",
            "integration",
            "kind",
            "urgency",
            "decision",
            "reason",
            "state",
            "due_at",
            "tries",
            "resends",
            "attempts",
            "cause",
            "done_at",
        ],
    ),
    Table("claims", &["event"], &["event", "action", "label", "member", "name", "channel", "at"]),
    Table("notice_reads", &["member", "event"], &["member", "event"]),
    Table("announcements", &["event"], &["event", "author", "company", "audience", "stopped_at", "stopped"]),
    Table("day_counts", &["first"], &["first", "until", "counts"]),
    Table("invitations", &["member"], &["member", "actor", "asked_at", "due_at", "tries", "sent_at"]),
    Table("attendance_settings", &["one"], &["one", "settings"]),
    Table(
        "attendance_punches",
        &["member", "at", "kind"],
        &["member", "at", "kind", "day", "channel", "recorded_at"],
    ),
    Table(
        "attendance_corrections",
        &["member", "day", "at"],
        &["member", "day", "at", "actor", "reason", "before", "after"],
    ),
    Table(
        "attendance_months",
        &["member", "month"],
        &["member", "month", "state", "changed_at", "changed_by", "reason"],
    ),
    Table(
        "absences",
        &["id"],
        &["id", "ref", "member", "title", "note", "starts", "ends", "all_day", "revision", "changed_at"],
    ),
    Table("calendar_feeds", &["member"], &["member", "created_at"]),
    Table("calendar_syncs", &["integration"], &["integration", "switched_on", "last_ok_at"]),
    Table(
        "calendar_entries",
        &["absence", "account"],
        &[
            "absence",
            "account",
            "member",
            "integration",
            "event",
            "removing",
            "due_at",
            "tries",
            "cause",
            "failed_at",
        ],
    ),
    Table("audit", &["id"], &["id", "at", "actor", "action", "target", "detail"]),
];

#[cfg(test)]
mod tests;
