//! SQLite with the manners of a Durable Object's storage.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::{
    Connection, StatementStatus,
    config::DbConfig,
    hooks::{AuthAction, AuthContext, Authorization},
    types::ValueRef,
};

use crate::ports::{Sql, SqlError, Value};

/// An in-memory store. It outlives a crashed hub: hand the same one to the next.
pub struct Sqlite {
    connection: Connection,
    /// Only `atomically` may open a savepoint; the platform offers nothing else.
    own_savepoint: Arc<AtomicBool>,
    rows_written: Cell<u64>,
}

impl Default for Sqlite {
    fn default() -> Self {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        connection.set_prepared_statement_cache_capacity(256);
        // Else every new value for a parameter may plan the statement anew: a fifth of the simulation's time.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).unwrap();
        let own_savepoint = Arc::new(AtomicBool::new(false));
        let allowed = Arc::clone(&own_savepoint);
        connection
            .authorizer(Some(move |context: AuthContext<'_>| match context.action {
                AuthAction::Savepoint { .. } if allowed.load(Ordering::Relaxed) => Authorization::Allow,
                // `ALTER TABLE … ADD COLUMN` of a STRICT table asks for it; the platform allows it too.
                AuthAction::Pragma { pragma_name: "quick_check", .. } => Authorization::Allow,
                AuthAction::Savepoint { .. }
                | AuthAction::Transaction { .. }
                | AuthAction::Pragma { .. }
                | AuthAction::Attach { .. }
                | AuthAction::Detach { .. }
                | AuthAction::CreateTempTable { .. } => Authorization::Deny,
                _ => Authorization::Allow,
            }))
            .unwrap();
        Self { connection, own_savepoint, rows_written: Cell::new(0) }
    }
}

impl Sqlite {
    fn savepoint(&self, statement: &str) -> Result<(), SqlError> {
        self.own_savepoint.store(true, Ordering::Relaxed);
        let result = self.connection.execute_batch(statement).map_err(refused);
        self.own_savepoint.store(false, Ordering::Relaxed);
        result
    }
}

impl Sql for Sqlite {
    fn exec(&self, sql: &str, params: &[Value]) -> Result<u64, SqlError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(refused)?;
        let changed = statement.execute(rusqlite::params_from_iter(params)).map_err(refused)?;
        statement.reset_status(StatementStatus::VmStep);
        self.rows_written.set(self.rows_written.get() + changed as u64);
        Ok(changed as u64)
    }

    fn script(&self, sql: &str) -> Result<(), SqlError> {
        self.connection.execute_batch(sql).map_err(refused)
    }

    fn texts(&self, sql: &str, params: &[Value]) -> Result<Vec<String>, SqlError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(refused)?;
        let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(refused)?;
        let mut texts = Vec::new();
        while let Some(row) = rows.next().map_err(refused)? {
            texts.push(match row.get_ref(0).map_err(refused)? {
                ValueRef::Null => String::new(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => number.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Blob(_) => return Err(SqlError("blobs are not read".into())),
            });
        }
        Ok(texts)
    }

    fn atomically(&self, body: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError> {
        self.savepoint("SAVEPOINT burst")?;
        match body() {
            Ok(()) => self.savepoint("RELEASE burst"),
            Err(error) => {
                self.savepoint("ROLLBACK TO burst; RELEASE burst")?;
                Err(error)
            }
        }
    }

    fn rows_written(&self) -> u64 {
        self.rows_written.get()
    }

    fn size(&self) -> u64 {
        0
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => rusqlite::types::Null.into(),
            Self::Int(number) => {
                assert!(number.abs() <= 1 << 53, "{number} would be rounded on the platform");
                (*number).into()
            }
            Self::Text(text) => text.as_str().into(),
        })
    }
}

fn refused(error: rusqlite::Error) -> SqlError {
    SqlError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_platform_refuses_is_refused() {
        let sql = Sqlite::default();
        for statement in ["BEGIN", "SAVEPOINT a", "PRAGMA user_version = 1", "ATTACH ':memory:' AS x"] {
            assert!(sql.script(statement).is_err(), "{statement}");
        }
    }

    #[test]
    fn a_failed_burst_leaves_nothing() {
        let sql = Sqlite::default();
        sql.script("CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT").unwrap();
        let failed = sql.atomically(&mut || {
            sql.exec("INSERT INTO t VALUES (1)", &[])?;
            sql.exec("INSERT INTO t VALUES (1)", &[]).map(drop)
        });
        assert!(failed.is_err());
        assert_eq!(sql.texts("SELECT count(*) FROM t", &[]).unwrap(), ["0"]);
    }
}
