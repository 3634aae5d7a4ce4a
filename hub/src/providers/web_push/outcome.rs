//! What a push service's answer means (RFC 8030 §5, RFC 8292 §4.2): for one subscription, never for the connection.

use shared::delivery::{CauseCode, Effect, Outcome};

use crate::{
    ports::{HttpResponse, IoError},
    providers::answer::{lost, rejected, retry, wait, without},
};

/// The endpoint is a capability: no text of ours repeats it.
pub(super) fn read(answer: Result<HttpResponse, IoError>, endpoint: &str) -> Outcome {
    let response = match answer {
        Ok(response) => response,
        Err(IoError::NotSent(detail)) => return lost(&IoError::NotSent(without(&detail, &[endpoint]))),
        Err(IoError::NoAnswer(detail)) => return lost(&IoError::NoAnswer(without(&detail, &[endpoint]))),
    };
    let words: String = String::from_utf8_lossy(&response.body).chars().take(200).collect();
    let detail = format!("HTTP {} {}", response.status, without(&words, &[endpoint]));
    let detail = detail.trim_end();
    let after = wait(&response.headers, &["retry-after"]);
    match response.status {
        // Push services give the message no name that we could use later: there is nothing to refer to.
        200..=299 => Outcome::Accepted { reference: None },
        404 | 410 => rejected(CauseCode::UnknownRecipient, Effect::AddressBroken, detail),
        413 => rejected(CauseCode::MessageRefused, Effect::None, detail),
        // Our key is refused where the browser subscribed with another one, by 403 (RFC 8292 §4.2), 400 or Mozilla's
        // 401; and pace is kept for each subscription (RFC 8030 §8.4). The others are sent to as before.
        400 | 401 | 403 | 406 | 429 => retry(after, CauseCode::DeviceNotReached, detail),
        500..=599 | 408 => retry(after, CauseCode::ProviderError, detail),
        _ => rejected(CauseCode::MessageRefused, Effect::None, detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDPOINT: &str = "https://fcm.googleapis.com/fcm/send/secret";

    fn answered(status: u16, after: Option<&str>) -> Outcome {
        let headers = after.map(|after| ("retry-after".to_owned(), after.to_owned())).into_iter().collect();
        let body = format!("no such {ENDPOINT}").into_bytes();
        read(Ok(HttpResponse { status, headers, body }), ENDPOINT)
    }

    #[test]
    fn every_answer_has_its_meaning() {
        for status in [200, 201, 202] {
            assert_eq!(answered(status, None), Outcome::Accepted { reference: None });
        }
        for (status, code, effect) in [
            (404, CauseCode::UnknownRecipient, Effect::AddressBroken),
            (410, CauseCode::UnknownRecipient, Effect::AddressBroken),
            (413, CauseCode::MessageRefused, Effect::None),
            (302, CauseCode::MessageRefused, Effect::None),
        ] {
            let expected = rejected(code, effect, &format!("HTTP {status} no such ***"));
            assert_eq!(answered(status, None), expected);
        }
        for (status, after, code, ms) in [
            (400, None, CauseCode::DeviceNotReached, None),
            (401, None, CauseCode::DeviceNotReached, None),
            (403, None, CauseCode::DeviceNotReached, None),
            (406, Some("12"), CauseCode::DeviceNotReached, Some(12_000)),
            (429, Some("12"), CauseCode::DeviceNotReached, Some(12_000)),
            (429, None, CauseCode::DeviceNotReached, None),
            (500, None, CauseCode::ProviderError, None),
            (503, Some("3"), CauseCode::ProviderError, Some(3_000)),
        ] {
            let expected = retry(ms, code, &format!("HTTP {status} no such ***"));
            assert_eq!(answered(status, after), expected);
        }
    }

    #[test]
    fn what_was_not_answered_may_have_been_taken() {
        let error = IoError::NoAnswer(format!("{ENDPOINT}: timeout"));
        let Outcome::Uncertain { cause } = read(Err(error), ENDPOINT) else { panic!("certain") };
        assert_eq!((cause.code, cause.detail.as_str()), (CauseCode::NoAnswer, "***: timeout"));
        let error = IoError::NotSent("no route".into());
        assert!(matches!(read(Err(error), ENDPOINT), Outcome::Retry { .. }));
    }
}
