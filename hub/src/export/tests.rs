use crate::{native::Sqlite, ports::Sql, store::MIGRATIONS};

use super::*;

/// Tables that stay, and why.
const KEPT: &[(&str, &str)] = &[
    ("inbox", "raw callbacks, kept for days to know repeats; what they led to is exported"),
    ("sessions", "devices signed in now; tokens by hash"),
    ("imports", "a file of people on its way in, kept for days; the people are exported"),
    ("import_slices", "as imports"),
    ("bulk_jobs", "work under way; what it changes is exported"),
    ("quiet_schedules", "derived from the members"),
    ("grants_to_forget", "names of secrets that are going"),
    ("attendance_reminder", "how far the question of the last day got"),
    ("sign_in_codes", "live for minutes; codes by hash"),
    ("sign_in_links", "live for minutes; tokens by hash"),
];

/// Columns that stay, and why.
const KEPT_COLUMNS: &[(&str, &str, &str)] = &[
    ("workspace", "one", "always 1"),
    ("workspace", "leased_since", "a mark of the dispatcher"),
    ("workspace", "forgot_at", "of the next minutes"),
    ("workspace", "version", "for saving"),
    ("workspace", "ended_at", "not of a workspace that lives"),
    ("members", "version", "for saving"),
    ("members", "search", "derived from the names"),
    ("integrations", "secret_version", "names a secret"),
    ("integrations", "secret_reserved", "names a secret"),
    ("integrations", "secret_set_at", "about a secret"),
    ("push_devices", "secret", "names a secret"),
    ("api_keys", "hash", "of the key"),
    ("doors", "hash", "of the token"),
    ("doors", "window_until", "of the running hour"),
    ("doors", "calls", "of the running hour"),
    ("doors", "images", "of the running hour"),
    ("webhooks", "pause_until", "of the next minutes"),
    ("webhooks", "secret_version", "names a secret"),
    ("webhooks", "secret_reserved", "names a secret"),
    ("webhooks", "secret_before", "names a secret"),
    ("webhooks", "before_until", "about a secret"),
    ("calendar_feeds", "hash", "of the token"),
    ("calendar_syncs", "pause_until", "of the next minutes"),
    ("calendar_entries", "begun", "a mark of the work"),
    ("events", "idem_key", "of the sender"),
    ("events", "body_hash", "of the sender"),
    ("deliveries", "event", "made of the id"),
    ("deliveries", "lease_until", "of the next minutes"),
    ("deliveries", "frozen", "rendered for the provider; may hold links that sign in"),
    ("deliveries", "edits", "the provider's own reference"),
];

fn store() -> Sqlite {
    let sql = Sqlite::default();
    for (_, script) in MIGRATIONS {
        sql.script(script).unwrap();
    }
    sql
}

#[test]
fn every_column_is_exported_or_stays_for_a_reason() {
    // Asked without the manners of the platform, which refuse pragmas.
    let plain = rusqlite::Connection::open_in_memory().unwrap();
    for (_, script) in MIGRATIONS {
        plain.execute_batch(script).unwrap();
    }
    let columns: Vec<String> = plain
        .prepare(
            "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_xinfo(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'schema_versions'",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(columns.len() > 100, "{}", columns.len());
    let mut missing = Vec::new();
    for column in &columns {
        let (table, name) = column.split_once('.').unwrap();
        let exported = TABLES.iter().any(|one| one.0 == table && one.2.contains(&name));
        let kept = KEPT.iter().any(|(own, _)| *own == table)
            || KEPT_COLUMNS.iter().any(|(own, column, _)| (*own, *column) == (table, name));
        if exported == kept {
            missing.push(column.as_str());
        }
    }
    assert_eq!(missing, Vec::<&str>::new(), "name each in TABLES, or in KEPT or KEPT_COLUMNS with a reason");
    for Table(name, keys, of) in TABLES {
        assert!(of.len() <= 16, "{name}: the platform takes 32 arguments");
        assert!(keys.iter().all(|key| of.contains(key)), "{name}: the key is read from the row");
        assert!(of.iter().all(|column| columns.contains(&format!("{name}.{column}"))), "{name}");
    }
}

#[test]
fn cursors_read_back() {
    for (table, key) in [(1, vec!["co_1".to_owned()]), (3, vec!["mb_1".to_owned(), "line".to_owned()])] {
        assert_eq!(place(&cursor(table, &key)), Some((table, key)));
    }
    for bad in ["", "members", "no_such\u{1}x", "members\u{1}a\u{1}b", "sessions\u{1}x"] {
        assert_eq!(place(bad), None, "{bad:?}");
    }
}

#[test]
fn slices_join_to_everything_in_order() {
    let sql = store();
    sql.exec(
        "WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 9) \
         INSERT INTO members (id, name, reading, login_email, department, title, employee_number, usable, role, language, version, created_at) \
         SELECT 'mb_' || n, '', '', n, '', '', '', 1, 'member', 'ja', 1, 0 FROM n",
        &[],
    )
    .unwrap();
    sql.exec(
        "WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 949) \
         INSERT INTO attendance_punches (member, at, kind, recorded_at) SELECT 'mb_' || (n / 100), n, 'in', 0 FROM n",
        &[],
    )
    .unwrap();
    let table = TABLES.iter().find(|table| table.0 == "attendance_punches").unwrap();
    let (mut key, mut seen) = (Vec::new(), Vec::new());
    loop {
        let rows = sql.texts(&table.query(!key.is_empty()), &table.bound(&key, 100)).unwrap();
        let Some(last) = rows.last() else { break };
        key = table.key(last).unwrap();
        seen.extend(rows);
    }
    assert_eq!(seen.len(), 950);
    seen.dedup();
    assert_eq!(seen.len(), 950);
}
