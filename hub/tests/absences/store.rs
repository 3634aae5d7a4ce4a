//! The migration, on a store that is in use.

use hub::{native::Sqlite, ports::Sql, store};

#[test]
fn a_workspace_in_use_is_migrated_and_what_is_a_member_s_goes_with_the_member() {
    let sql = Sqlite::default();
    sql.script(
        "CREATE TABLE schema_versions (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
    )
    .unwrap();
    for (version, script) in store::MIGRATIONS.iter().filter(|(version, _)| *version < 14) {
        sql.script(script).unwrap();
        sql.exec("INSERT INTO schema_versions VALUES (?1, 1)", &[i64::from(*version).into()]).unwrap();
    }
    let member = "INSERT INTO members (id, name, reading, login_email, department, title, employee_number, usable, role, language, version, created_at) \
                  VALUES (?1, 'n', '', ?1, '', '', '', 1, 'member', 'ja', 1, 0)";
    for id in ["mb_1", "mb_2"] {
        sql.exec(member, &[id.into()]).unwrap();
    }
    let integration = "INSERT INTO integrations (id, provider, settings, secret_version, secret_set_at, state, state_since, created_at) \
                       VALUES (?1, 'lineworks', '{}', 1, 0, 'ready', 0, 0)";
    for id in ["in_1", "in_2"] {
        sql.exec(integration, &[id.into()]).unwrap();
    }
    store::migrate(&sql, 5).unwrap();
    store::migrate(&sql, 6).unwrap();
    assert_eq!(sql.texts("SELECT applied_at FROM schema_versions WHERE version = 14", &[]).unwrap(), ["5"]);
    for id in ["mb_1", "mb_2"] {
        for statement in [
            "INSERT INTO absences VALUES ('ab_' || ?1, 'r' || ?1, ?1, 't', '', 1, 2, 0, 1, 3)",
            "INSERT INTO calendar_feeds VALUES (?1, 'hash' || ?1, 4)",
            "INSERT INTO calendar_entries (absence, account, member, integration, event) VALUES ('ab_' || ?1, 'a', ?1, 'in_1', 'e')",
            "INSERT INTO calendar_entries (absence, account, member, integration, event) VALUES ('ab_' || ?1, 'b', ?1, 'in_2', 'e')",
        ] {
            sql.exec(statement, &[id.into()]).unwrap();
        }
    }
    sql.exec("INSERT INTO calendar_syncs (integration, switched_on) VALUES ('in_1', 1), ('in_2', 0)", &[])
        .unwrap();
    let again = "INSERT INTO absences VALUES ('ab_9', 'rmb_1', 'mb_2', 't', '', 1, 2, 0, 1, 3)";
    assert!(sql.exec(again, &[]).is_err(), "one reference, one absence");
    sql.exec("DELETE FROM members WHERE id = 'mb_1'", &[]).unwrap();
    for table in ["absences", "calendar_feeds", "calendar_entries"] {
        assert_eq!(
            sql.texts(&format!("SELECT DISTINCT member FROM {table}"), &[]).unwrap(),
            ["mb_2"],
            "{table}"
        );
    }
    sql.exec("DELETE FROM integrations WHERE id = 'in_1'", &[]).unwrap();
    assert_eq!(sql.texts("SELECT integration FROM calendar_syncs", &[]).unwrap(), ["in_2"]);
    assert_eq!(sql.texts("SELECT integration FROM calendar_entries", &[]).unwrap(), ["in_2"]);
    assert_eq!(sql.texts("SELECT id FROM absences", &[]).unwrap(), ["ab_mb_2"]);
}
