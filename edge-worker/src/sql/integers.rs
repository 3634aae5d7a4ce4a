//! Integers as parameters.
//!
//! The platform binds every number as a double: `SELECT typeof(?)` says `real` for 1 (tried, workerd
//! 2026-04-26). A column of type INTEGER turns it back, but `json_object('at', ?)` would write `1.0` and
//! `? / 2` would not be a whole number. So each placeholder of an integer becomes `CAST(? AS INTEGER)`, and
//! a statement means the same here and in the simulation.

use std::borrow::Cow;

use hub::ports::Value;

/// `sql` with the placeholders of integer parameters cast. Knows `?` and `?NNN`.
pub(super) fn cast<'a>(sql: &'a str, params: &[Value]) -> Cow<'a, str> {
    if !params.iter().any(|param| matches!(param, Value::Int(_))) {
        return Cow::Borrowed(sql);
    }
    let mut out = String::with_capacity(sql.len() + 20 * params.len());
    let mut rest = sql;
    // As SQLite numbers them: a bare `?` is one more than the largest so far.
    let mut largest = 0_usize;
    while let Some(at) = rest.find(['?', '\'', '"', '`', '-', '/']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = found.strip_prefix('?') {
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let (number, after) = after.split_at(digits);
            let number = number.parse().unwrap_or(largest + 1);
            largest = largest.max(number);
            let placeholder = found.split_at(1 + digits).0;
            let integer = number.checked_sub(1).and_then(|index| params.get(index));
            if matches!(integer, Some(Value::Int(_))) {
                out.extend(["CAST(", placeholder, " AS INTEGER)"]);
            } else {
                out.push_str(placeholder);
            }
            rest = after;
        } else {
            let (quoted, after) = found.split_at(length_of_quoted(found));
            out.push_str(quoted);
            rest = after;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// How many bytes at the start of `text` are one string, name or comment; 1 when it is none of them.
fn length_of_quoted(text: &str) -> usize {
    let until = |start: usize, end: &str| {
        let inside = text.get(start..).unwrap_or_default();
        inside.find(end).map_or(text.len(), |at| start + at + end.len())
    };
    match text.as_bytes() {
        // A doubled quote ends one string and starts the next: together they are skipped all the same.
        [b'\'', ..] => until(1, "'"),
        [b'"', ..] => until(1, "\""),
        [b'`', ..] => until(1, "`"),
        [b'-', b'-', ..] => until(2, "\n"),
        [b'/', b'*', ..] => until(2, "*/"),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_placeholders_of_integers_are_cast() {
        let (int, text) = (Value::Int(1), Value::from("a"));
        for (sql, params, expected) in [
            ("SELECT ?", vec![text.clone()], "SELECT ?"),
            ("SELECT ?", vec![int.clone()], "SELECT CAST(? AS INTEGER)"),
            ("SELECT ?, ?", vec![text.clone(), int.clone()], "SELECT ?, CAST(? AS INTEGER)"),
            (
                "SELECT ?2, ?1, ?",
                vec![text.clone(), int.clone(), int.clone()],
                "SELECT CAST(?2 AS INTEGER), ?1, CAST(? AS INTEGER)",
            ),
            ("SELECT ?12+1", vec![int.clone()], "SELECT ?12+1"),
            (
                "SELECT '?', \"?\", `?`, 'it''s ?', ?",
                vec![int.clone()],
                "SELECT '?', \"?\", `?`, 'it''s ?', CAST(? AS INTEGER)",
            ),
            (
                "SELECT 1 -- ?\n, 4/2 - ? /* ? */",
                vec![int.clone()],
                "SELECT 1 -- ?\n, 4/2 - CAST(? AS INTEGER) /* ? */",
            ),
            ("SELECT '届け?' || ?", vec![int.clone()], "SELECT '届け?' || CAST(? AS INTEGER)"),
            (
                "SELECT a->>'$.x' FROM t WHERE b=?",
                vec![int.clone()],
                "SELECT a->>'$.x' FROM t WHERE b=CAST(? AS INTEGER)",
            ),
            ("SELECT ? -- ?", vec![int.clone()], "SELECT CAST(? AS INTEGER) -- ?"),
            ("SELECT 'open ?", vec![int.clone()], "SELECT 'open ?"),
        ] {
            assert_eq!(cast(sql, &params), expected);
        }
    }
}
