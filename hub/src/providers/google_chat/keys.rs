//! The public keys that callbacks are signed with: fetched, and kept in memory for as long as Google says.

use std::{cell::RefCell, collections::BTreeMap, fmt, rc::Rc};

use futures_util::lock::Mutex;
use jsonwebtoken::DecodingKey;
use serde_json::Value;
use shared::time::{DAY, HOUR, MINUTE, Millis, SECOND};

use super::{TIMEOUT_MS, certificate};
use crate::{
    ports::{HttpRequest, HttpResponse, Ports},
    providers::answer,
};

/// A key that is not known makes them be fetched again, but not more often: anybody can send one.
const AGAIN: Millis = MINUTE;
/// After a fetch that failed.
const AFTER_FAILURE: Millis = 10 * SECOND;
/// Without a word of Google's.
const LIFE: Millis = HOUR;

/// Google's keys. One for all workspaces and apps of a process will do: the keys are the same.
#[derive(Default)]
pub struct Keys {
    /// By the address they were fetched from.
    sets: RefCell<BTreeMap<String, Set>>,
    /// Held during a fetch; the others wait for its result.
    turn: Mutex<()>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyError {
    /// Google has no such key.
    Unknown,
    /// Google could not be asked.
    Unavailable(String),
}

#[derive(Default)]
struct Set {
    keys: BTreeMap<String, Rc<DecodingKey>>,
    fresh_until: Millis,
    /// Not fetched again before.
    again_at: Millis,
    failed: Option<String>,
}

impl Keys {
    /// The key called `kid` at `url`.
    pub(super) async fn find(
        &self,
        ports: &Ports,
        url: &str,
        kid: &str,
    ) -> Result<Rc<DecodingKey>, KeyError> {
        if let Some(found) = self.known(url, kid, ports.clock.now()) {
            return found;
        }
        let _turn = self.turn.lock().await;
        // Another may have fetched them meanwhile.
        if let Some(found) = self.known(url, kid, ports.clock.now()) {
            return found;
        }
        let fetched = fetch(ports, url).await;
        self.learn(url, fetched, ports.clock.now());
        self.known(url, kid, ports.clock.now()).unwrap_or(Err(KeyError::Unknown))
    }

    /// `None` when they have to be fetched first.
    fn known(&self, url: &str, kid: &str, now: Millis) -> Option<Result<Rc<DecodingKey>, KeyError>> {
        let sets = self.sets.borrow();
        let set = sets.get(url)?;
        if let Some(key) = set.keys.get(kid).filter(|_| now < set.fresh_until) {
            return Some(Ok(Rc::clone(key)));
        }
        (now < set.again_at).then(|| {
            Err(match &set.failed {
                Some(why) => KeyError::Unavailable(why.clone()),
                None => KeyError::Unknown,
            })
        })
    }

    fn learn(&self, url: &str, fetched: Result<(Vec<(String, DecodingKey)>, Millis), String>, now: Millis) {
        let mut sets = self.sets.borrow_mut();
        let set = sets.entry(url.to_owned()).or_default();
        match fetched {
            Ok((keys, life)) => {
                let keys = keys.into_iter().map(|(kid, key)| (kid, Rc::new(key))).collect();
                *set = Set { keys, fresh_until: now + life, again_at: now + AGAIN, failed: None };
            }
            // Keys that are still fresh stay.
            Err(why) => {
                set.again_at = now + AFTER_FAILURE;
                set.failed = Some(why);
            }
        }
    }
}

async fn fetch(ports: &Ports, url: &str) -> Result<(Vec<(String, DecodingKey)>, Millis), String> {
    let request = HttpRequest {
        method: "GET",
        url: url.to_owned(),
        headers: vec![("accept", "application/json".to_owned())],
        body: Vec::new(),
        timeout_ms: TIMEOUT_MS,
    };
    let response = ports.http.send(request).await.map_err(|error| error.to_string())?;
    if response.status != 200 {
        return Err(format!("answered {}", response.status));
    }
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let keys = read(&body);
    if keys.is_empty() { Err("no key in the answer".to_owned()) } else { Ok((keys, life(&response))) }
}

/// A JWK set (`{"keys": [..]}`), or certificates by the names of their keys (`{"kid": "-----BEGIN …"}`): Google
/// has both (google_chat.md §5.3). What cannot be read is left out.
fn read(body: &Value) -> Vec<(String, DecodingKey)> {
    if let Some(keys) = body.get("keys").and_then(Value::as_array) {
        return keys.iter().filter_map(jwk).collect();
    }
    let certificates = body.as_object().into_iter().flatten();
    certificates.filter_map(|(kid, pem)| Some((kid.clone(), certificate::rsa_key(pem.as_str()?)?))).collect()
}

fn jwk(key: &Value) -> Option<(String, DecodingKey)> {
    let text = |name| key.get(name).and_then(Value::as_str);
    if text("kty")? != "RSA" || text("alg").is_some_and(|alg| alg != "RS256") {
        return None;
    }
    if text("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let decoding = DecodingKey::from_rsa_components(text("n")?, text("e")?).ok()?;
    Some((text("kid")?.to_owned(), decoding))
}

/// `max-age`, between a minute and a day.
fn life(response: &HttpResponse) -> Millis {
    answer::header(&response.headers, &["cache-control"])
        .and_then(|value| {
            value.split(',').find_map(|part| {
                let (name, seconds) = part.trim().split_once('=')?;
                name.eq_ignore_ascii_case("max-age").then(|| seconds.trim().parse::<Millis>().ok())?
            })
        })
        .map_or(LIFE, |seconds| seconds.clamp(MINUTE / SECOND, DAY / SECOND) * SECOND)
}
