//! Web Push: the push services of the browsers (RFC 8030), payloads that only the device can read (RFC 8291, in
//! `seal`) and a key by which they know us (RFC 8292, in `vapid`).
//!
//! Where to start: [`Client::send`].

mod endpoint;
mod outcome;
mod seal;
mod vapid;

use std::{cell::RefCell, fmt};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use shared::{
    delivery::{CauseCode, Effect, Outcome},
    routing::Urgency,
};

pub use self::endpoint::is_push_endpoint;
use self::vapid::Token;
use super::answer::{rejected, retry};
use crate::ports::{HttpRequest, Ports, SignError};

/// How long a push service keeps what the device is not there to take: a notice of last month helps nobody, one of
/// Friday is still read on Monday.
const TTL_SECONDS: u32 = 4 * 24 * 60 * 60;
const TIMEOUT_MS: u32 = 10_000;

/// Of the integration, in the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WebPushSettings {
    /// The VAPID key as browsers want it: an uncompressed point, 65 bytes, base64url.
    pub public_key: String,
}

/// Of the integration, in the vault.
#[derive(Serialize, Deserialize)]
pub struct WebPushSecret {
    /// PKCS#8 (DER), base64url.
    pub private_key: String,
}

impl fmt::Debug for WebPushSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebPushSecret(redacted)")
    }
}

/// One browser of one person, in the vault: whoever has it can send there, within the key's bounds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub endpoint: String,
    /// The device's public key: an uncompressed point, 65 bytes.
    pub p256dh: Vec<u8>,
    /// 16 bytes.
    pub auth: Vec<u8>,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subscription(redacted)")
    }
}

/// What goes with a push message.
#[derive(Debug, Clone, Copy)]
pub struct Push<'a> {
    /// At most [`shared::render::web_push::PAYLOAD_LIMIT`] bytes.
    pub payload: &'a str,
    pub urgency: Urgency,
    /// What a later message takes the place of while the device has not taken it yet; any text.
    pub topic: &'a str,
}

/// A workspace's sender.
pub struct Client {
    ports: Ports,
    /// Only in development: a push service on this machine.
    sandbox: Option<String>,
    settings: WebPushSettings,
    /// PKCS#8 (DER).
    key: Vec<u8>,
    /// Who sends, for push services that want to complain: a page or a mail address.
    subject: String,
    /// One for each push service's origin.
    tokens: RefCell<Vec<Token>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("web_push::Client")
    }
}

/// A new workspace's key: settings and secret of its integration.
pub async fn new_key(ports: &Ports) -> Result<(WebPushSettings, WebPushSecret), SignError> {
    let pair = ports.signer.p256_pair().await?;
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    Ok((
        WebPushSettings { public_key: encode(&pair.public) },
        WebPushSecret { private_key: encode(&pair.pkcs8) },
    ))
}

impl Client {
    /// `public_url` is where the pages are; `sandbox` is the origin of a push service on this machine.
    #[must_use]
    pub fn new(
        ports: &Ports,
        sandbox: Option<String>,
        public_url: &str,
        settings: WebPushSettings,
        secret: &WebPushSecret,
    ) -> Self {
        // RFC 8292 §2.1: an https URL or a mailto: URI. Apple refuses anything else.
        let subject = if public_url.starts_with("https://") {
            public_url.to_owned()
        } else {
            "mailto:todoke@localhost".to_owned()
        };
        Self {
            ports: ports.clone(),
            sandbox,
            settings,
            key: BASE64_URL_SAFE_NO_PAD.decode(&secret.private_key).unwrap_or_default(),
            subject,
            tokens: RefCell::default(),
        }
    }

    /// One try to one device. [`Effect::AddressBroken`] says that the subscription is gone for good.
    pub async fn send(&self, to: &Subscription, push: Push<'_>) -> Outcome {
        let Some(origin) = endpoint::origin(&to.endpoint, self.sandbox.as_deref()) else {
            return rejected(CauseCode::UnknownRecipient, Effect::AddressBroken, "not a push service");
        };
        let Ok(authorization) = self.authorization(origin).await else {
            // Our own fault, which an admin should hear of.
            return retry(None, CauseCode::Credentials, "the workspace's key cannot sign");
        };
        let sealed = seal::seal(&self.ports, to, push.payload.as_bytes()).await;
        let Ok(body) = sealed else {
            // The device's key was good when it was linked, and the platform does not say what failed.
            return retry(None, CauseCode::DeviceNotReached, "the payload could not be sealed");
        };
        let headers = vec![
            ("authorization", authorization),
            ("content-encoding", "aes128gcm".to_owned()),
            ("content-type", "application/octet-stream".to_owned()),
            ("ttl", TTL_SECONDS.to_string()),
            ("urgency", urgency(push.urgency).to_owned()),
            ("topic", endpoint::topic(push.topic)),
        ];
        let request =
            HttpRequest { method: "POST", url: to.endpoint.clone(), headers, body, timeout_ms: TIMEOUT_MS };
        outcome::read(self.ports.http.send(request).await, &to.endpoint)
    }
}

/// RFC 8030 §5.3. A device that saves power takes `low` when it wakes anyway.
const fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Critical => "high",
        Urgency::Normal => "normal",
        Urgency::Low => "low",
    }
}

/// The two keys that a browser gives with a subscription, decoded; `None` when one is none.
#[must_use]
pub fn read_keys(p256dh: &str, auth: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
    let (p256dh, auth) = (decode(p256dh)?, decode(auth)?);
    (p256dh.len() == 65 && p256dh.first() == Some(&4) && auth.len() == 16).then_some((p256dh, auth))
}

#[cfg(test)]
mod tests;
