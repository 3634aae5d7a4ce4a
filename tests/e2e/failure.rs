//! Why a scenario failed. No panics: they would leave the product running.

use std::fmt;

pub(crate) type Outcome<T = ()> = Result<T, Failure>;

#[derive(Debug)]
pub(crate) struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Fails unless `true`.
pub(crate) fn check(holds: bool, what: impl fmt::Display) -> Outcome {
    if holds { Ok(()) } else { Err(Failure(what.to_string())) }
}

/// Fails unless both are the same.
pub(crate) fn same<T: PartialEq + fmt::Debug>(found: T, wanted: T, what: impl fmt::Display) -> Outcome {
    check(found == wanted, format_args!("{what}: found {found:?}, wanted {wanted:?}"))
}

/// `Err` instead of nothing.
pub(crate) fn there<T>(value: Option<T>, what: impl fmt::Display) -> Outcome<T> {
    value.ok_or_else(|| Failure(format!("there is no {what}")))
}
