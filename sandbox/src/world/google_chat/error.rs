//! Errors as Google's APIs write them (google_chat.md §2).

use serde_json::{Value, json};

use super::super::Reply;
use crate::contract::Problem;

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    code: u16,
    status: &'static str,
    message: String,
    details: Vec<Value>,
}

impl Refusal {
    fn new(code: u16, status: &'static str, message: impl Into<String>) -> Self {
        Self { code, status, message: message.into(), details: Vec::new() }
    }

    fn because(mut self, reason: &str) -> Self {
        self.details.push(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": "chat.googleapis.com"},
        }));
        self
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// 400: the request is wrong in itself.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", message)
    }

    /// 400 with every place where the body and its schema disagree.
    pub(super) fn malformed(problems: &[Problem]) -> Self {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        let mut refusal = Self::invalid(format!("Invalid JSON payload received. {first}"));
        let violations: Vec<Value> =
            problems.iter().map(|p| json!({"field": p.at, "description": p.what})).collect();
        let bad =
            json!({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations});
        refusal.details.push(bad);
        refusal
    }

    /// 400: the `key` of a webhook URL is none.
    pub(super) fn api_key() -> Self {
        Self::invalid("API key not valid.").because("API_KEY_INVALID")
    }

    /// 401: the bearer token is none of ours, or expired.
    pub(super) fn unauthenticated() -> Self {
        Self::new(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
            .because("ACCESS_TOKEN_EXPIRED")
    }

    /// 403
    pub(super) fn denied(message: impl Into<String>) -> Self {
        Self::new(403, "PERMISSION_DENIED", message)
    }

    /// 404
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "NOT_FOUND", message)
    }

    /// 409
    pub(super) fn exists(message: impl Into<String>) -> Self {
        Self::new(409, "ALREADY_EXISTS", message)
    }

    /// 429
    pub(super) fn exhausted() -> Self {
        Self::new(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")
            .because("RATE_LIMIT_EXCEEDED")
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        let Refusal { code, status, message, details } = refusal;
        let mut error = json!({"code": code, "message": message, "status": status});
        if let (false, Some(fields)) = (details.is_empty(), error.as_object_mut()) {
            fields.insert("details".into(), details.into());
        }
        Reply::json(code, &json!({"error": error}))
    }
}

/// 429, as a fault.
pub(crate) fn rate_limited() -> Reply {
    Refusal::exhausted().into()
}

/// A 5xx, as a fault; a 502 comes from the edge and is a web page (google_chat.md §2).
pub(crate) fn server_error(code: u16) -> Reply {
    let (status, message) = match code {
        502 => {
            let headers = vec![("content-type".to_owned(), "text/html; charset=UTF-8".to_owned())];
            let body = b"<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title>".to_vec();
            return Reply { status: 502, headers, body };
        }
        503 => ("UNAVAILABLE", "The service is currently unavailable."),
        504 => ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
        _ => ("INTERNAL", "Internal error encountered."),
    };
    Refusal::new(code, status, message).into()
}
