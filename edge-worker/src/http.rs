//! Outgoing HTTP, behind [`hub::ports::Http`].

use std::{pin::pin, time::Duration};

use async_trait::async_trait;
use futures_util::{
    StreamExt as _,
    future::{Either, select},
};
use hub::ports::{Http, HttpRequest, HttpResponse, IoError};
use worker::{
    AbortController, AbortSignal, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect,
    Response, ResponseBody, js_sys::Uint8Array,
};

/// More of an answer than this is not kept.
const LONGEST_BODY: usize = 1 << 20;

#[derive(Debug, Clone, Copy)]
pub(crate) struct PlatformHttp;

#[async_trait(?Send)]
impl Http for PlatformHttp {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IoError> {
        let timeout = Delay::from(Duration::from_millis(request.timeout_ms.into()));
        let controller = AbortController::default();
        let signal = controller.signal();
        let outcome = {
            let exchange = pin!(exchange(request, &signal));
            match select(exchange, pin!(timeout)).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(((), _)) => Err(IoError::NoAnswer("timed out".to_owned())),
            }
        };
        // Ends what is still open: the rest of a body too long, an exchange that timed out.
        controller.abort();
        outcome
    }
}

async fn exchange(request: HttpRequest, signal: &AbortSignal) -> Result<HttpResponse, IoError> {
    let request = build(&request).map_err(|error| IoError::NotSent(error.to_string()))?;
    let response = Fetch::Request(request).send_with_signal(signal).await.map_err(classify)?;
    let status = response.status_code();
    let headers = response.headers().entries().collect();
    let body = read(response).await.map_err(|error| IoError::NoAnswer(error.to_string()))?;
    Ok(HttpResponse { status, headers, body })
}

fn build(request: &HttpRequest) -> worker::Result<Request> {
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::from(request.method.to_owned()))
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual);
    if !request.body.is_empty() {
        init.with_body(Some(Uint8Array::from(request.body.as_slice()).into()));
    }
    Request::new_with_init(&request.url, &init)
}

async fn read(mut response: Response) -> worker::Result<Vec<u8>> {
    if matches!(response.body(), ResponseBody::Empty) {
        return Ok(Vec::new());
    }
    let mut body = Vec::new();
    let mut stream = response.stream()?;
    while let Some(chunk) = stream.next().await {
        body.extend_from_slice(&chunk?);
        if body.len() >= LONGEST_BODY {
            body.truncate(LONGEST_BODY);
            break;
        }
    }
    Ok(body)
}

/// Only what surely happened before the first byte went out is `NotSent`: a message that may have arrived
/// must not be sent a second time by mistake.
fn classify(error: worker::Error) -> IoError {
    let text = error.to_string();
    if surely_not_sent(&text) { IoError::NotSent(text) } else { IoError::NoAnswer(text) }
}

fn surely_not_sent(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["connection refused", "dns lookup failed", "dns error", "invalid url", "could not resolve"]
        .iter()
        .any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::surely_not_sent;

    #[test]
    fn in_doubt_it_may_have_arrived() {
        for (text, not_sent) in [
            ("connect(): Connection refused", true),
            ("Fetch API cannot load: Invalid URL", true),
            ("Network connection lost.", false),
            ("internal error; reference = abc", false),
            ("", false),
        ] {
            assert_eq!(surely_not_sent(text), not_sent, "{text}");
        }
    }
}
