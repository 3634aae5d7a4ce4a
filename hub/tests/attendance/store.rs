//! The migration, on a store that is in use.

use hub::{native::Sqlite, ports::Sql, store};

#[test]
fn a_workspace_in_use_is_migrated_and_a_member_s_attendance_goes_with_the_member() {
    let sql = Sqlite::default();
    sql.script(
        "CREATE TABLE schema_versions (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
    )
    .unwrap();
    for (version, script) in store::MIGRATIONS.iter().filter(|(version, _)| *version < 4) {
        sql.script(script).unwrap();
        sql.exec("INSERT INTO schema_versions VALUES (?1, 1)", &[i64::from(*version).into()]).unwrap();
    }
    let member = "INSERT INTO members (id, name, reading, login_email, department, title, employee_number, usable, role, language, version, created_at) \
                  VALUES (?1, 'n', '', ?1, '', '', '', 1, 'member', 'ja', 1, 0)";
    for id in ["mb_1", "mb_2"] {
        sql.exec(member, &[id.into()]).unwrap();
    }
    store::migrate(&sql, 5).unwrap();
    store::migrate(&sql, 6).unwrap();
    assert_eq!(sql.texts("SELECT applied_at FROM schema_versions WHERE version = 4", &[]).unwrap(), ["5"]);
    assert_eq!(sql.texts("SELECT count(*) FROM members", &[]).unwrap(), ["2"]);
    for id in ["mb_1", "mb_2"] {
        for statement in [
            "INSERT INTO attendance_punches VALUES (?1, 1, 'clock_in', '1970-01-01', 'line', 2)",
            "INSERT INTO attendance_corrections VALUES (?1, '1970-01-01', 1, 'mb_1', 'r', '[]', '[]')",
            "INSERT INTO attendance_months VALUES (?1, '1970-01', 'submitted', 1, 'mb_1', '')",
        ] {
            sql.exec(statement, &[id.into()]).unwrap();
        }
    }
    let again = "INSERT INTO attendance_punches VALUES ('mb_1', 1, 'clock_in', NULL, NULL, 3)";
    assert!(sql.exec(again, &[]).is_err());
    sql.exec("DELETE FROM members WHERE id = 'mb_1'", &[]).unwrap();
    for table in ["attendance_punches", "attendance_corrections", "attendance_months"] {
        assert_eq!(sql.texts(&format!("SELECT member FROM {table}"), &[]).unwrap(), ["mb_2"], "{table}");
    }
}
