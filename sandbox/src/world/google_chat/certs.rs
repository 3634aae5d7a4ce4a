//! `www.googleapis.com`: the keys that events are signed with (google_chat.md §5.3). The newest and the one
//! before are shown, as keys rotate.

use serde_json::{Map, Value, json};

use super::super::vendor_keys::VendorKey;
use super::super::{Reply, Request, World};
use super::x509;

/// Who signs in the mode `ProjectNumber`, and whose address is in the id_token of the other.
pub(super) const CHAT_ISSUER: &str = "chat@system.gserviceaccount.com";

/// Names of the two signers among the derived keys.
pub(super) const ACCOUNTS: &str = "accounts.google.com";

/// Google's own answers live for some hours; the exact number varies.
const CACHE_CONTROL: &str = "public, max-age=19845, must-revalidate, no-transform";

pub(crate) fn operation(request: &Request) -> &'static str {
    let path = request.segments();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match (request.method.as_str(), path.as_slice()) {
        ("GET", ["oauth2", "v3", "certs"]) => "id_token_keys",
        ("GET", ["service_accounts", "v1", "jwk", CHAT_ISSUER]) => "chat_keys",
        ("GET", ["service_accounts", "v1", "metadata", "x509", CHAT_ISSUER]) => "chat_certificates",
        _ => "unknown",
    }
}

pub(crate) fn serve(world: &World, request: &Request) -> Reply {
    let keys = |signer: &str| {
        let newest = world.google_chat.key_number;
        let numbers = [newest.saturating_sub(1), newest];
        numbers.iter().filter_map(|n| VendorKey::of(&world.keys, signer, *n)).collect::<Vec<_>>()
    };
    let body = match operation(request) {
        "id_token_keys" => json!({"keys": keys(ACCOUNTS).iter().map(|key| key.jwk()).collect::<Vec<_>>()}),
        "chat_keys" => json!({"keys": keys(CHAT_ISSUER).iter().map(|key| key.jwk()).collect::<Vec<_>>()}),
        "chat_certificates" => {
            let certificate = |key: &VendorKey| x509::certificate(key, CHAT_ISSUER).unwrap_or_default();
            let by_kid: Map<String, Value> =
                keys(CHAT_ISSUER).iter().map(|key| (key.kid.clone(), certificate(key).into())).collect();
            Value::Object(by_kid)
        }
        _ => return Reply::empty(404),
    };
    let mut reply = Reply::json(200, &body);
    reply.headers.push(("cache-control".into(), CACHE_CONTROL.into()));
    reply
}
