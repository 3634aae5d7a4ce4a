//! What a handler answers.

use serde::Serialize;
use shared::{error::ErrorBody, lang::Lang};

use crate::{call::Answer, refusal::Refusal};

/// One answer. Every answer says that it is not to be kept and not to be guessed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    /// A JSON body. The result is what a handler returns: a value that serde cannot write is a fault of ours.
    pub(crate) fn json<T: Serialize + ?Sized>(status: u16, value: &T) -> Result<Self, Refusal> {
        Ok(Self::bytes(status, "application/json", serde_json::to_vec(value)?))
    }

    /// Ready bytes, as for an answer that is given again.
    pub(crate) fn bytes(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body }
    }

    /// No body, as for 204.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// Adds a header; `name` in lower case.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The one mapping of refusals to HTTP: the first error's status, all of them in the body.
    pub(crate) fn refusal(refusal: &Refusal, lang: Lang) -> Self {
        let body = ErrorBody::of(&refusal.told(), lang);
        // A body of strings and enums always serialises.
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        Self::bytes(body.code.status(), "application/json", bytes)
    }

    pub(super) fn into_answer(mut self) -> Answer {
        self.headers.push(("cache-control", "no-store".to_owned()));
        self.headers.push(("x-content-type-options", "nosniff".to_owned()));
        Answer { status: self.status, headers: self.headers, body: self.body }
    }
}
