//! A push service and the browsers of the world's people (RFC 8030, 8188, 8291, 8292): browsers that are always
//! there, so that what is accepted is shown at once.
//!
//! Order: subscription, key's token, headers, size, acceptance. What a device cannot open is accepted all the same,
//! as a push service cannot look inside; it is counted instead of shown.

mod open;
#[cfg(test)]
mod tests;
mod vapid;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{ActError, Reply, Request, World};

/// What every service has to take, and the real ones take no more (RFC 8030 §7.2).
const BODY_MAX: usize = 4_096;
/// Notifications kept for each device.
const SHOWN: usize = 50;

/// All subscriptions there ever were.
#[derive(Debug, Clone)]
pub struct PushService {
    /// Before `/{token}`: the real service's, unless this machine serves it.
    pub base: String,
    devices: Vec<Device>,
    /// Accepted messages that no device could open.
    unreadable: u64,
}

#[derive(Debug, Clone)]
struct Device {
    person: String,
    token: String,
    /// By which key it lets itself be sent to; 65 bytes.
    server_key: Vec<u8>,
    key: SecretKey,
    auth: [u8; 16],
    /// The browser takes messages; a service forgets those that do not.
    subscribed: bool,
    total: u64,
    shown: Vec<Shown>,
}

/// A notification on a device, as its service worker is handed it.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub at: i64,
    pub urgency: String,
    pub topic: Option<String>,
    pub ttl: u64,
    /// The payload; a later one with the same `tag` takes its place.
    pub data: Value,
}

impl Default for PushService {
    fn default() -> Self {
        Self { base: "https://fcm.googleapis.com/wp".into(), devices: Vec::new(), unreadable: 0 }
    }
}

impl World {
    /// A browser of `person` subscribes, for whoever has `key` (base64url): what the page is given.
    ///
    /// # Errors
    ///
    /// Nobody has that name, or `key` is no key.
    pub fn push_subscribe(&mut self, person: &str, key: &str) -> Result<Value, ActError> {
        let found = self.person(person).ok_or_else(|| ActError::NoPerson(person.to_owned()))?;
        let person = found.user_id.clone();
        let server_key = BASE64_URL_SAFE_NO_PAD.decode(key).unwrap_or_default();
        if p256::PublicKey::from_sec1_bytes(&server_key).is_err() || server_key.len() != 65 {
            return Err(ActError::NoKey);
        }
        let token = self.rng.hex(3);
        let own = Sha256::digest(self.rng.hex(4));
        let key = SecretKey::from_slice(&own).map_err(|_| ActError::NoKey)?;
        let mut auth = [0; 16];
        auth.iter_mut().zip(Sha256::digest(self.rng.hex(4))).for_each(|(byte, random)| *byte = random);
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let given = json!({
            "endpoint": format!("{}/{token}", self.push.base),
            "p256dh": encode(key.public_key().to_encoded_point(false).as_bytes()),
            "auth": encode(&auth),
        });
        let (shown, total) = (Vec::new(), 0);
        self.push.devices.push(Device {
            person,
            token,
            server_key,
            key,
            auth,
            subscribed: true,
            total,
            shown,
        });
        self.touch();
        Ok(given)
    }

    /// The browser unsubscribes, or its data was cleared: the service answers 410 from then on.
    pub fn push_unsubscribe(&mut self, endpoint: &str) -> bool {
        let token = endpoint.rsplit('/').next().unwrap_or_default();
        let found = self.push.devices.iter_mut().find(|device| device.token == token);
        let known = found.map(|device| device.subscribed = false).is_some();
        self.touch();
        known
    }

    /// What stands on all devices of somebody, oldest first.
    #[must_use]
    pub fn push_shown(&self, person: &str) -> Vec<&Shown> {
        let Some(person) = self.person(person) else { return Vec::new() };
        let own = self.push.devices.iter().filter(|device| device.person == person.user_id);
        let mut shown: Vec<&Shown> = own.flat_map(|device| &device.shown).collect();
        shown.sort_by_key(|one| one.at);
        shown
    }

    /// How many messages were accepted for somebody's devices.
    #[must_use]
    pub fn push_total(&self, person: &str) -> u64 {
        let Some(person) = self.person(person) else { return 0 };
        let own = self.push.devices.iter().filter(|device| device.person == person.user_id);
        own.map(|device| device.total).sum()
    }

    /// Messages that were accepted and could not be opened.
    #[must_use]
    pub const fn push_unreadable(&self) -> u64 {
        self.push.unreadable
    }

    /// For the place that it is served at.
    pub const fn push_mut(&mut self) -> &mut PushService {
        &mut self.push
    }

    pub(crate) fn push_view(&self) -> Value {
        let device = |device: &Device| {
            json!({"person": device.person, "token": device.token, "subscribed": device.subscribed,
                "total": device.total, "shown": device.shown})
        };
        json!({"devices": self.push.devices.iter().map(device).collect::<Vec<_>>(), "unreadable": self.push.unreadable})
    }
}

pub(crate) fn operation(request: &Request) -> &'static str {
    if request.method == "POST" { "push" } else { "unknown" }
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    accept(world, request, now_ms).unwrap_or_else(|(status, words)| error(status, words))
}

pub(crate) fn error(status: u16, words: &str) -> Reply {
    let mut reply = Reply::json(status, &json!({"code": status, "message": words}));
    if status == 429 {
        reply.headers.push(("retry-after".into(), "1".into()));
    }
    reply
}

type Refused = (u16, &'static str);

fn accept(world: &mut World, request: &Request, now_ms: i64) -> Result<Reply, Refused> {
    if operation(request) == "unknown" {
        return Err((405, "method not allowed"));
    }
    let token = request.segments().pop().unwrap_or_default();
    let base = world.push.base.clone();
    let device = world.push.devices.iter_mut().find(|device| device.token == token);
    let device = device.ok_or((404, "no such subscription"))?;
    if !device.subscribed {
        return Err((410, "push subscription has unsubscribed or expired"));
    }
    let header = request.header("authorization").ok_or((401, "authorization is missing"))?;
    vapid::check(header, &device.server_key, &base, now_ms).map_err(|words| (403, words))?;
    let ttl: u64 = request
        .header("ttl")
        .and_then(|ttl| ttl.parse().ok())
        .ok_or((400, "TTL must be a number of seconds"))?;
    let urgency = request.header("urgency").unwrap_or("normal");
    if !["very-low", "low", "normal", "high"].contains(&urgency) {
        return Err((400, "urgency is not known"));
    }
    let topic = request.header("topic");
    let good = |topic: &str| {
        (1..=32).contains(&topic.len())
            && topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if topic.is_some_and(|topic| !good(topic)) {
        return Err((400, "topic must be at most 32 characters of base64url"));
    }
    if request.header("content-encoding") != Some("aes128gcm") {
        return Err((400, "content-encoding must be aes128gcm"));
    }
    if request.body.len() > BODY_MAX {
        return Err((413, "payload too large"));
    }
    if !world.dropping {
        device.total += 1;
        let opened = open::open(&request.body, &device.key, &device.auth);
        match opened.and_then(|plain| serde_json::from_slice::<Value>(&plain).ok()) {
            Some(data) => {
                let tag = data.get("tag").cloned();
                device.shown.retain(|one| tag.is_none() || one.data.get("tag") != tag.as_ref());
                let (urgency, topic) = (urgency.to_owned(), topic.map(str::to_owned));
                device.shown.push(Shown { at: now_ms, urgency, topic, ttl, data });
                if device.shown.len() > SHOWN {
                    device.shown.remove(0);
                }
            }
            None => world.push.unreadable += 1,
        }
    }
    let mut reply = Reply::empty(201);
    reply.headers.push(("location".into(), format!("{base}/message/{}", world.rng.hex(1))));
    reply.headers.push(("ttl".into(), ttl.to_string()));
    Ok(reply)
}
