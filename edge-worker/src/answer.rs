//! Answers that the Worker gives by itself.

use shared::{
    door::refusal::Form,
    error::{Code, Error, ErrorBody},
    lang::Lang,
};
use worker::{Headers, Response, Result};

/// A refusal in the reader's language (`Accept-Language`), or in the form of the door that `path` is.
pub(crate) fn refusal(code: Code, path: &str, accept_language: Option<&str>) -> Result<Response> {
    if let Some(refusal) = Form::of(path).map(|form| form.refusal(code)) {
        let headers = Headers::new();
        headers.set("content-type", refusal.content_type)?;
        return Ok(Response::builder().with_status(refusal.status).with_headers(headers).fixed(refusal.body));
    }
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
