//! By which key push services know us: a signed token for each of them (RFC 8292), kept while it is good.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use shared::time::{HOUR, Millis, SECOND};

use super::Client;
use crate::ports::SignError;

/// RFC 8292 §2: at most a day. Half of that leaves room for a service's clock.
const LIFE: Millis = 12 * HOUR;
/// No longer used when it has less than this left.
const EARLY: Millis = HOUR;

/// A token that is good for some time yet.
#[derive(Debug, Clone)]
pub(super) struct Token {
    origin: String,
    header: String,
    until: Millis,
}

impl Client {
    /// The `Authorization` for a push service's origin.
    pub(super) async fn authorization(&self, origin: &str) -> Result<String, SignError> {
        let now = self.ports.clock.now();
        if let Some(token) = self.tokens.borrow().iter().find(|one| one.origin == origin && one.until > now) {
            return Ok(token.header.clone());
        }
        let exp = (now + LIFE) / SECOND;
        let claims = serde_json::json!({"aud": origin, "exp": exp, "sub": self.subject});
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let input = format!("{}.{}", part(r#"{"typ":"JWT","alg":"ES256"}"#), part(&claims.to_string()));
        let signature = self.ports.signer.es256(&self.key, input.as_bytes()).await?;
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
        let header = format!("vapid t={input}.{signature}, k={}", self.settings.public_key);
        let token = Token { origin: origin.to_owned(), header: header.clone(), until: now + LIFE - EARLY };
        let mut tokens = self.tokens.borrow_mut();
        // One for each service: the hosts of Windows' service are many.
        tokens.retain(|one| one.origin != origin && one.until > now);
        tokens.push(token);
        Ok(header)
    }
}
