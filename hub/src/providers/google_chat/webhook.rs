//! Incoming webhooks: URLs of single spaces that people make in the Chat client (google_chat.md §1).

use serde_json::Value;
use shared::{
    delivery::{CauseCode, Effect, Outcome},
    validate::is_google_chat_webhook,
};

use super::{
    About, Endpoints, JSON, REPLY, TIMEOUT_MS, in_thread,
    outcome::{CallError, Refusal},
};
use crate::{
    ports::{Http, HttpRequest, IoError},
    providers::{
        answer::{self, rejected, without},
        encode::percent,
    },
};

/// Where every webhook's URL points; the only place a URL may name.
pub(super) const HOST: &str = "https://chat.googleapis.com";

/// The space of a webhook's URL, `AAAAtest`: all webhooks and apps in it share one write a second. `None` when
/// `url` is not a webhook's.
#[must_use]
pub fn space(url: &str) -> Option<&str> {
    if !is_google_chat_webhook(url) {
        return None;
    }
    url.strip_prefix(HOST)?.strip_prefix("/v1/spaces/")?.split('/').next()
}

/// Posts a message resource to a webhook's URL, which is checked again here. `thread` is a key of ours, or the
/// name of a thread. `request_id` is a UUID, the same for every try of one delivery: whether a webhook
/// honours it is not confirmed (google_chat.md §1.5), so a repeat may arrive twice.
pub async fn send(
    http: &dyn Http,
    endpoints: &Endpoints,
    url: &str,
    message: &Value,
    thread: Option<&str>,
    request_id: &str,
) -> Outcome {
    let Some(rest) = url.strip_prefix(HOST).filter(|_| is_google_chat_webhook(url)) else {
        return rejected(CauseCode::UnknownRecipient, Effect::AddressBroken, "not a Google Chat webhook URL");
    };
    // The URL stays as it was copied; parameters are only added (google_chat.md §1.1).
    let mut url = format!("{}{rest}&requestId={}", endpoints.chat, percent(request_id));
    if thread.is_some() {
        url.push('&');
        url.push_str(REPLY);
    }
    let secrets = secrets(rest);
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let request = HttpRequest {
        method: "POST",
        url,
        headers: vec![("content-type", JSON.to_owned())],
        body: in_thread(message, thread).to_string().into_bytes(),
        timeout_ms: TIMEOUT_MS,
    };
    let response = match http.send(request).await {
        Ok(response) => response,
        Err(error) => return CallError::Io(clean(error, &secrets)).outcome(),
    };
    if !(200..300).contains(&response.status) {
        return Refusal::read(About::Webhook, &response, &secrets).outcome();
    }
    // The body only names the message; it is there whatever the body looks like.
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    Outcome::Accepted { reference: answer::text(&body, "name") }
}

/// The values of `key` and `token`, as written and decoded: none of them may come back in an error's words.
fn secrets(rest: &str) -> Vec<String> {
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let values = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
    values.flat_map(|value| [value.to_owned(), value.replace("%3D", "=").replace("%3d", "=")]).collect()
}

fn clean(error: IoError, secrets: &[&str]) -> IoError {
    match error {
        IoError::NotSent(detail) => IoError::NotSent(without(&detail, secrets)),
        IoError::NoAnswer(detail) => IoError::NoAnswer(without(&detail, secrets)),
    }
}
