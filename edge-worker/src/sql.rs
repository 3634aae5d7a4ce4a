//! The workspace's SQLite, behind [`hub::ports::Sql`].
//!
//! Every call crosses from Wasm to JavaScript, and the crossings are what costs: rows come over as one
//! string where that is safe.

mod integers;

use std::cell::{Cell, RefCell};

use hub::ports::{Sql, SqlError, Value};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use worker::{
    Storage,
    js_sys::{self, Array},
    worker_sys::{SqlStorage, SqlStorageCursor as Cursor},
};

/// Integers beyond this are rounded by the platform.
const SAFE: i64 = 1 << 53;

/// Between rows that are fetched in one string. JSON text escapes it, so it does not occur in rows made
/// with `json_object`; [`texts_of`] counts, in case it does.
const SEPARATOR: &str = "\u{1e}";

#[derive(Debug)]
pub(crate) struct ObjectSql {
    sql: SqlStorage,
    raw: RawStorage,
    written: Cell<u64>,
}

impl ObjectSql {
    #[must_use]
    pub(crate) fn new(storage: &Storage) -> Self {
        let raw: &JsValue = storage.as_raw().as_ref();
        Self { sql: storage.as_raw().sql(), raw: raw.clone().unchecked_into(), written: Cell::new(0) }
    }

    fn cursor(&self, sql: &str, params: &[Value]) -> Result<Cursor, SqlError> {
        let bound = Array::new();
        for param in params {
            bound.push(&bind(param)?);
        }
        self.sql.exec(&integers::cast(sql, params), bound).map_err(sql_error)
    }

    fn count(&self, cursor: &Cursor) -> u64 {
        let rows = whole(cursor.rows_written());
        self.written.set(self.written.get().saturating_add(rows));
        rows
    }
}

impl Sql for ObjectSql {
    fn exec(&self, sql: &str, params: &[Value]) -> Result<u64, SqlError> {
        let cursor = self.cursor(sql, params)?;
        if self.count(&cursor) == 0 {
            return Ok(0);
        }
        // The platform's count has the index entries in it: only SQLite knows the rows.
        let changes = self.cursor("SELECT changes()", &[])?;
        let text = texts_of(&changes)?.pop().unwrap_or_default();
        text.parse().map_err(|_| SqlError(format!("changes() said {text}")))
    }

    fn run(&self, sql: &str, params: &[Value]) -> Result<(), SqlError> {
        let cursor = self.cursor(sql, params)?;
        self.count(&cursor);
        Ok(())
    }

    fn wrote(&self, sql: &str, params: &[Value]) -> Result<bool, SqlError> {
        let cursor = self.cursor(sql, params)?;
        Ok(self.count(&cursor) > 0)
    }

    fn script(&self, sql: &str) -> Result<(), SqlError> {
        self.run(sql, &[])
    }

    fn texts(&self, sql: &str, params: &[Value]) -> Result<Vec<String>, SqlError> {
        let cursor = self.cursor(sql, params)?;
        let texts = texts_of(&cursor)?;
        self.count(&cursor);
        Ok(texts)
    }

    fn atomically(&self, body: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError> {
        // `transactionSync` rolls back when its callback throws and throws the same thing on; our own error
        // takes the way around JavaScript, so that it comes out as it went in.
        let refused = RefCell::new(None);
        let mut callback = || match body() {
            Ok(()) => Ok(JsValue::UNDEFINED),
            Err(error) => {
                let thrown = JsValue::from_str(&error.0);
                refused.replace(Some(error));
                Err(thrown)
            }
        };
        let done = self.raw.transaction_sync(&mut callback);
        match (refused.take(), done) {
            (Some(error), _) => Err(error),
            (None, Ok(_)) => Ok(()),
            (None, Err(thrown)) => Err(sql_error(thrown)),
        }
    }

    fn rows_written(&self) -> u64 {
        self.written.get()
    }

    fn size(&self) -> u64 {
        whole(self.sql.database_size())
    }
}

fn bind(value: &Value) -> Result<JsValue, SqlError> {
    Ok(match value {
        Value::Null => JsValue::NULL,
        #[expect(clippy::cast_precision_loss, reason = "checked to be within 2^53")]
        Value::Int(number) if (-SAFE..=SAFE).contains(number) => JsValue::from_f64(*number as f64),
        Value::Int(_) => return Err(SqlError("an integer is beyond 2^53".to_owned())),
        Value::Text(text) => JsValue::from_str(text),
    })
}

/// The first column of the remaining rows.
fn texts_of(cursor: &Cursor) -> Result<Vec<String>, SqlError> {
    let raw: &RawCursor = cursor.unchecked_ref();
    let rows = raw.raw().and_then(|rows| rows.to_array()).map_err(sql_error)?;
    let length = usize::try_from(rows.length()).unwrap_or_default();
    let single = |row: JsValue| row.unchecked_into::<Array>();
    if length > 2 && single(rows.get(0)).length() == 1 {
        // A row is an array of one text: JavaScript writes such an array as that text, and null as nothing.
        let joined = String::from(rows.join(SEPARATOR));
        let texts: Vec<String> = joined.split(SEPARATOR).map(str::to_owned).collect();
        if texts.len() == length {
            return Ok(texts);
        }
    }
    Ok(rows.iter().map(|row| text_of(&single(row).get(0))).collect())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count or a size below 2^53")]
fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

fn text_of(value: &JsValue) -> String {
    value.as_string().or_else(|| value.as_f64().map(|number| number.to_string())).unwrap_or_default()
}

fn sql_error(thrown: JsValue) -> SqlError {
    SqlError(worker::Error::from(thrown).to_string())
}

#[wasm_bindgen]
extern "C" {
    /// `DurableObjectStorage`: `worker` 0.8.7 does not bind `transactionSync`.
    #[derive(Debug, Clone)]
    type RawStorage;
    #[wasm_bindgen(structural, method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &RawStorage,
        body: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;

    /// `SqlStorageCursor`: `worker` reads its rows value by value.
    type RawCursor;
    #[wasm_bindgen(structural, method, catch)]
    fn raw(this: &RawCursor) -> Result<RawRows, JsValue>;

    type RawRows;
    #[wasm_bindgen(structural, method, catch, js_name = toArray)]
    fn to_array(this: &RawRows) -> Result<js_sys::Array, JsValue>;
}
