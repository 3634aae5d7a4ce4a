//! Resend's HTTP API (email.md §3). It knows a repeat by `Idempotency-Key` for 24 hours, so a try without an
//! answer may simply be made again with the same bytes.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use shared::{
    check::{CheckName, CheckStep},
    delivery::{Cause, CauseCode, Effect, Outcome},
    time::{DAY, HOUR, Millis, SECOND},
};

use super::{Mail, MailError};
use crate::ports::{Http, HttpRequest, HttpResponse, IoError};

/// Where the API lives in production; development points to the sandbox.
pub const BASE: &str = "https://api.resend.com";

const TIMEOUT_MS: u32 = 10_000;

/// The request body, the same bytes for the same mail. Freeze them with the delivery: another body under the
/// same key is refused. There is no Message-ID in it, as Resend may make its own.
pub fn build_body(mail: &Mail<'_>) -> Result<Vec<u8>, MailError> {
    mail.check()?;
    let body = Body {
        from: mailbox(&mail.settings.from_name, &mail.settings.from_address),
        to: mail.to,
        reply_to: mail.settings.reply_to.as_deref(),
        subject: &mail.content.subject,
        text: &mail.content.text,
        html: &mail.content.html,
        headers: Ordered(mail.notice_headers()),
    };
    serde_json::to_vec(&body).map_err(|_| MailError::Subject)
}

/// One try. `id` is the delivery's id and becomes the key; `body` are the frozen bytes of [`build_body`].
pub async fn send(http: &dyn Http, base: &str, api_key: &str, id: &str, body: &[u8]) -> Outcome {
    let mut request = request(base, api_key, body.to_vec());
    request.headers.push(("idempotency-key", id.to_owned()));
    match http.send(request).await {
        Ok(response) => outcome(&response, api_key),
        Err(error @ IoError::NotSent(_)) => retry(CauseCode::NotConnected, None, &error.to_string()),
        Err(error @ IoError::NoAnswer(_)) => {
            Outcome::Uncertain { cause: Cause::new(CauseCode::NoAnswer, error.to_string()) }
        }
    }
}

/// Tries the key without sending anything: an empty body is refused for its fields only after the key was
/// accepted (email.md §3, §9).
pub async fn check(http: &dyn Http, base: &str, api_key: &str) -> Vec<CheckStep> {
    let answer = http.send(request(base, api_key, b"{}".to_vec())).await;
    let cause = match answer {
        Ok(response) => match outcome(&response, api_key) {
            Outcome::Accepted { .. } => None,
            Outcome::Rejected { .. } if matches!(response.status, 400 | 422) => None,
            Outcome::Rejected { cause, .. } | Outcome::Retry { cause, .. } | Outcome::Uncertain { cause } => {
                Some(cause)
            }
        },
        Err(error @ IoError::NotSent(_)) => Some(Cause::new(CauseCode::NotConnected, error.to_string())),
        Err(error @ IoError::NoAnswer(_)) => Some(Cause::new(CauseCode::NoAnswer, error.to_string())),
    };
    match cause {
        None => vec![
            CheckStep::passed(CheckName::Connected, None),
            CheckStep::passed(CheckName::KeyAccepted, None),
        ],
        Some(cause) if matches!(cause.code, CauseCode::NotConnected | CauseCode::NoAnswer) => {
            vec![CheckStep::failed(CheckName::Connected, cause), CheckStep::skipped(CheckName::KeyAccepted)]
        }
        Some(cause) => {
            vec![
                CheckStep::passed(CheckName::Connected, None),
                CheckStep::failed(CheckName::KeyAccepted, cause),
            ]
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    from: String,
    to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<&'a str>,
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    headers: Ordered,
}

/// A JSON object in the order given.
struct Ordered(Vec<(&'static str, String)>);

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The name is always quoted: a comma or `<` in it must not become a second address.
fn mailbox(name: &str, address: &str) -> String {
    if name.is_empty() {
        return address.to_owned();
    }
    format!("\"{}\" <{address}>", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn request(base: &str, api_key: &str, body: Vec<u8>) -> HttpRequest {
    HttpRequest {
        method: "POST",
        url: format!("{}/emails", base.trim_end_matches('/')),
        headers: vec![
            ("authorization", format!("Bearer {api_key}")),
            ("content-type", "application/json".to_owned()),
            ("user-agent", "todoke".to_owned()),
        ],
        body,
        timeout_ms: TIMEOUT_MS,
    }
}

#[derive(Deserialize)]
struct Accepted {
    id: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Refusal {
    name: String,
    message: String,
}

fn outcome(response: &HttpResponse, api_key: &str) -> Outcome {
    if (200..300).contains(&response.status) {
        // Success without the id is not Resend's: asking again under the same key settles it.
        return match serde_json::from_slice::<Accepted>(&response.body) {
            Ok(accepted) => Outcome::Accepted { reference: Some(accepted.id) },
            Err(_) => {
                Outcome::Uncertain { cause: Cause::new(CauseCode::ProviderError, "success without an id") }
            }
        };
    }
    // The edge in front of the API may answer with a page instead of JSON.
    let refusal: Refusal = serde_json::from_slice(&response.body).unwrap_or_default();
    let mut detail = format!("{} {} {}", response.status, refusal.name, refusal.message);
    if !api_key.is_empty() {
        detail = detail.replace(api_key, "…");
    }
    let detail: String = detail.split_whitespace().collect::<Vec<_>>().join(" ");
    let rejected = |code| Outcome::Rejected { cause: Cause::new(code, &detail), effect: Effect::None };
    match (refusal.name.as_str(), response.status) {
        ("rate_limit_exceeded", _) => retry(CauseCode::RateLimited, wait(response), &detail),
        // When the quota comes back is not said; seven waits of four hours reach past a daily reset.
        ("daily_quota_exceeded" | "monthly_quota_exceeded", _) => {
            retry(CauseCode::QuotaUsedUp, Some(4 * HOUR), &detail)
        }
        // An earlier try under this key is still running: it may yet be taken.
        ("concurrent_idempotent_requests", _) => {
            Outcome::Uncertain { cause: Cause::new(CauseCode::ProviderError, &detail) }
        }
        ("missing_api_key" | "restricted_api_key" | "invalid_api_key", _) => {
            retry(CauseCode::Credentials, None, &detail)
        }
        // The domain is not verified: the same bytes are accepted once it is.
        ("validation_error", 403) => retry(CauseCode::SenderRefused, None, &detail),
        ("security_error", _) => retry(CauseCode::PermissionMissing, None, &detail),
        ("application_error" | "internal_server_error", _) => retry(CauseCode::ProviderError, None, &detail),
        // The sender stands in the frozen body, so waiting does not help.
        ("invalid_from_address", _) => rejected(CauseCode::SenderRefused),
        (_, 429) => retry(CauseCode::RateLimited, wait(response), &detail),
        (_, 401 | 403) => retry(CauseCode::Credentials, None, &detail),
        // A gateway gave up waiting: behind it the mail may have been taken.
        (_, 502 | 504) => Outcome::Uncertain { cause: Cause::new(CauseCode::ProviderError, &detail) },
        (_, 400 | 409 | 413 | 422) => rejected(CauseCode::MessageRefused),
        (_, 400..=499) if !matches!(response.status, 408 | 425) => rejected(CauseCode::ProviderError),
        _ => retry(CauseCode::ProviderError, None, &detail),
    }
}

fn retry(code: CauseCode, after_ms: Option<Millis>, detail: &str) -> Outcome {
    Outcome::Retry { after_ms, cause: Cause::new(code, detail) }
}

/// `ratelimit-reset` in seconds, `retry-after` where it is missing; between one second and one day.
fn wait(response: &HttpResponse) -> Option<Millis> {
    let seconds: Millis = ["ratelimit-reset", "retry-after"]
        .into_iter()
        .find_map(|name| response.header(name)?.trim().parse().ok())?;
    Some(seconds.saturating_mul(SECOND).clamp(SECOND, DAY))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use async_trait::async_trait;
    use futures_executor::block_on;
    use shared::{
        check::all_passed,
        integration::{MailForm, MailVia},
        render::mail::MailContent,
    };

    use super::*;
    use crate::providers::mail::split;

    struct Fake {
        answer: Result<HttpResponse, IoError>,
        seen: RefCell<Vec<HttpRequest>>,
    }

    impl Fake {
        fn new(answer: Result<HttpResponse, IoError>) -> Self {
            Self { answer, seen: RefCell::default() }
        }
    }

    #[async_trait(?Send)]
    impl Http for Fake {
        async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IoError> {
            self.seen.borrow_mut().push(request);
            self.answer.clone()
        }
    }

    fn response(status: u16, body: &str, headers: &[(&str, &str)]) -> HttpResponse {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        HttpResponse { status, headers, body: body.as_bytes().to_vec() }
    }

    fn body(name: &str) -> Vec<u8> {
        let form = MailForm {
            via: MailVia::Resend,
            from_address: "notice@mail.minato.example".into(),
            from_name: name.into(),
            ..MailForm::default()
        };
        let content = MailContent { subject: "予定".into(), text: "a\n".into(), html: "<p>a</p>".into() };
        let (settings, _) = split(&form);
        build_body(&Mail {
            id: "dl_1",
            at: 0,
            settings: &settings,
            to: "user@example.net",
            content: &content,
            unsubscribe: Some("https://app.minato.example/u/3fJ"),
        })
        .unwrap()
    }

    #[test]
    fn the_body_is_pinned() {
        assert_eq!(
            String::from_utf8(body(r#"港, "通知"\"#)).unwrap(),
            concat!(
                r#"{"from":"\"港, \\\"通知\\\"\\\\\" <notice@mail.minato.example>","to":"user@example.net","subject":"予定","text":"a\n","html":"<p>a</p>","#,
                r#""headers":{"Auto-Submitted":"auto-generated","X-Auto-Response-Suppress":"All","X-Outbox-Id":"dl_1","#,
                r#""List-Unsubscribe":"<https://app.minato.example/u/3fJ>","List-Unsubscribe-Post":"List-Unsubscribe=One-Click"}}"#
            )
        );
    }

    #[test]
    fn the_request_carries_key_and_frozen_bytes() {
        let fake = Fake::new(Ok(response(200, r#"{"id":"49a3"}"#, &[])));
        let outcome = block_on(send(&fake, "http://127.0.0.1:9000/", "re_1", "dl_1", b"frozen"));
        assert_eq!(outcome, Outcome::Accepted { reference: Some("49a3".into()) });
        let seen = fake.seen.borrow();
        let request = &seen[0];
        assert_eq!(
            (request.method, request.url.as_str(), request.body.as_slice()),
            ("POST", "http://127.0.0.1:9000/emails", b"frozen".as_slice())
        );
        assert!(request.headers.contains(&("idempotency-key", "dl_1".into())));
        assert!(request.headers.contains(&("authorization", "Bearer re_1".into())));
    }

    fn kind(outcome: &Outcome) -> (&'static str, Option<CauseCode>, Option<Millis>) {
        match outcome {
            Outcome::Accepted { .. } => ("accepted", None, None),
            Outcome::Retry { after_ms, cause } => ("retry", Some(cause.code), *after_ms),
            Outcome::Rejected { cause, effect } => {
                assert_eq!(*effect, Effect::None);
                ("rejected", Some(cause.code), None)
            }
            Outcome::Uncertain { cause } => ("uncertain", Some(cause.code), None),
        }
    }

    #[test]
    fn every_answer_has_its_outcome() {
        use CauseCode as C;
        for (status, name, headers, expected) in [
            (
                429,
                "rate_limit_exceeded",
                &[("ratelimit-reset", "7")][..],
                ("retry", Some(C::RateLimited), Some(7_000)),
            ),
            (
                429,
                "rate_limit_exceeded",
                &[("ratelimit-reset", "0")],
                ("retry", Some(C::RateLimited), Some(1_000)),
            ),
            (
                429,
                "rate_limit_exceeded",
                &[("retry-after", "3")],
                ("retry", Some(C::RateLimited), Some(3_000)),
            ),
            (
                429,
                "rate_limit_exceeded",
                &[("ratelimit-reset", "soon")],
                ("retry", Some(C::RateLimited), None),
            ),
            (
                429,
                "rate_limit_exceeded",
                &[("ratelimit-reset", "99999999999999999")],
                ("retry", Some(C::RateLimited), Some(DAY)),
            ),
            (
                429,
                "daily_quota_exceeded",
                &[("ratelimit-reset", "1")],
                ("retry", Some(C::QuotaUsedUp), Some(4 * HOUR)),
            ),
            (429, "monthly_quota_exceeded", &[], ("retry", Some(C::QuotaUsedUp), Some(4 * HOUR))),
            (409, "concurrent_idempotent_requests", &[], ("uncertain", Some(C::ProviderError), None)),
            (409, "invalid_idempotent_request", &[], ("rejected", Some(C::MessageRefused), None)),
            (400, "invalid_idempotency_key", &[], ("rejected", Some(C::MessageRefused), None)),
            (401, "missing_api_key", &[], ("retry", Some(C::Credentials), None)),
            (401, "restricted_api_key", &[], ("retry", Some(C::Credentials), None)),
            (403, "invalid_api_key", &[], ("retry", Some(C::Credentials), None)),
            (403, "validation_error", &[], ("retry", Some(C::SenderRefused), None)),
            (400, "validation_error", &[], ("rejected", Some(C::MessageRefused), None)),
            (422, "validation_error", &[], ("rejected", Some(C::MessageRefused), None)),
            (422, "missing_required_field", &[], ("rejected", Some(C::MessageRefused), None)),
            (422, "invalid_from_address", &[], ("rejected", Some(C::SenderRefused), None)),
            (404, "not_found", &[], ("rejected", Some(C::ProviderError), None)),
            (405, "method_not_allowed", &[], ("rejected", Some(C::ProviderError), None)),
            (451, "security_error", &[], ("retry", Some(C::PermissionMissing), None)),
            (500, "application_error", &[], ("retry", Some(C::ProviderError), None)),
            (500, "internal_server_error", &[], ("retry", Some(C::ProviderError), None)),
            (503, "", &[], ("retry", Some(C::ProviderError), None)),
            (502, "", &[], ("uncertain", Some(C::ProviderError), None)),
            (302, "", &[], ("retry", Some(C::ProviderError), None)),
            (429, "something_new", &[("ratelimit-reset", "2")], ("retry", Some(C::RateLimited), Some(2_000))),
        ] {
            let body = format!(r#"{{"statusCode":{status},"name":"{name}","message":"words"}}"#);
            assert_eq!(
                kind(&outcome(&response(status, &body, headers), "re_1")),
                expected,
                "{status} {name}"
            );
        }
    }

    #[test]
    fn bodies_that_are_not_json_are_told_by_status() {
        for (status, expected) in [
            (200, ("uncertain", Some(CauseCode::ProviderError), None)),
            (403, ("retry", Some(CauseCode::Credentials), None)),
            (422, ("rejected", Some(CauseCode::MessageRefused), None)),
            (429, ("retry", Some(CauseCode::RateLimited), None)),
            (503, ("retry", Some(CauseCode::ProviderError), None)),
        ] {
            for body in ["", "<html>no</html>", "[]", r#"{"name":3}"#] {
                assert_eq!(kind(&outcome(&response(status, body, &[]), "re_1")), expected, "{status} {body}");
            }
        }
    }

    #[test]
    fn failures_of_the_line_are_told_apart() {
        for (error, expected) in [
            (IoError::NotSent("refused".into()), ("retry", Some(CauseCode::NotConnected), None)),
            (IoError::NoAnswer("timeout".into()), ("uncertain", Some(CauseCode::NoAnswer), None)),
        ] {
            let fake = Fake::new(Err(error));
            assert_eq!(kind(&block_on(send(&fake, BASE, "re_1", "dl_1", b"{}"))), expected);
        }
    }

    #[test]
    fn an_echoed_key_stays_out_of_the_cause() {
        let answer = response(401, r#"{"name":"invalid_api_key","message":"re_secret is bad"}"#, &[]);
        assert!(!format!("{:?}", outcome(&answer, "re_secret")).contains("re_secret"));
    }

    #[test]
    fn a_check_sends_nothing_and_names_the_step() {
        let missing =
            Fake::new(Ok(response(422, r#"{"name":"missing_required_field","message":"to"}"#, &[])));
        assert!(all_passed(&block_on(check(&missing, BASE, "re_1"))));
        assert_eq!(missing.seen.borrow()[0].body, b"{}");

        let wrong = Fake::new(Ok(response(403, r#"{"name":"invalid_api_key","message":"no"}"#, &[])));
        let steps = block_on(check(&wrong, BASE, "re_1"));
        assert_eq!(steps[0], CheckStep::passed(CheckName::Connected, None));
        assert_eq!(steps[1].cause.as_ref().map(|cause| cause.code), Some(CauseCode::Credentials));

        let down = Fake::new(Err(IoError::NotSent("dns".into())));
        let steps = block_on(check(&down, BASE, "re_1"));
        assert_eq!(steps[0].cause.as_ref().map(|cause| cause.code), Some(CauseCode::NotConnected));
        assert_eq!(steps[1], CheckStep::skipped(CheckName::KeyAccepted));
    }
}
