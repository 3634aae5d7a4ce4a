//! Answers that the Worker gives by itself.

use shared::{
    error::{Code, Error, ErrorBody},
    lang::Lang,
};
use worker::{Headers, Response, Result};

/// A refusal in the reader's language (`Accept-Language`).
pub(crate) fn refusal(code: Code, accept_language: Option<&str>) -> Result<Response> {
    let lang = Lang::from_tags(accept_language.unwrap_or_default());
    let headers = Headers::new();
    headers.set("cache-control", "no-store")?;
    headers.set("content-language", lang.tag())?;
    if code == Code::Busy {
        headers.set("retry-after", "5")?;
    }
    let body = ErrorBody::of(&[Error::new(code)], lang);
    json(&body, code.status(), headers)
}

/// 200 with a body that no cache keeps.
pub(crate) fn fresh<T: serde::Serialize>(body: &T) -> Result<Response> {
    let headers = Headers::new();
    headers.set("cache-control", "no-store")?;
    json(body, 200, headers)
}

fn json<T: serde::Serialize>(body: &T, status: u16, headers: Headers) -> Result<Response> {
    headers.set("content-type", "application/json")?;
    let body = serde_json::to_vec(body)?;
    Ok(Response::builder().with_status(status).with_headers(headers).fixed(body))
}
