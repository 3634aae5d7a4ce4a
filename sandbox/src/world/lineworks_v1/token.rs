//! Credentials of API 1.0 (lineworks.md §7.1): a fixed token of the server list, or a token for a signed
//! server ID from `auth.worksmobile.com/b/{API ID}/server/token`.

use std::collections::BTreeMap;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::super::http::{form_pairs, percent_decode};
use super::super::{Reply, Request, World};
use super::Keys;

const JWT_GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const LIFE_S: i64 = 86_400;
/// Longest life of an assertion.
const ASSERTION_S: f64 = 3_600.0;
/// How far a client's clock may be ahead. The real tolerance is not documented.
const SKEW_S: f64 = 300.0;

/// What the Developer Console shows for API 1.0.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub api_id: String,
    pub consumer_key: String,
    /// The token of the fixed-IP server; the sandbox takes it from anywhere.
    pub fixed_token: String,
    /// The ID-registered server; it signs with the client app's key.
    pub server_id: String,
    /// 20,000 for up to 100 people.
    pub requests_per_day: u32,
    /// Day number in GMT+9 and requests of it.
    pub(super) used: (i64, u32),
    public_pem: String,
    tokens: BTreeMap<String, i64>,
}

impl Tenant {
    pub(crate) fn demo(keys: &Keys) -> Self {
        Self {
            api_id: "jp1minatoABCDE".into(),
            consumer_key: "sandboxConsumerKey01".into(),
            fixed_token: "AAAA8sandboxFixedServerToken".into(),
            server_id: "0ed6f1b3d5e8449c8f00c7a0d3c1a111".into(),
            requests_per_day: 20_000,
            used: (0, 0),
            public_pem: keys.public_pem().to_owned(),
            tokens: BTreeMap::new(),
        }
    }

    /// Ends every token of the ID-registered server.
    pub fn end_tokens(&mut self) {
        self.tokens.clear();
    }

    pub(super) fn knows(&self, token: &str, now_ms: i64) -> bool {
        token == self.fixed_token || self.tokens.get(token).is_some_and(|expires| now_ms < *expires)
    }
}

/// Whether this is the token path of some API ID.
pub(crate) fn is_token_path(path: &[&str]) -> bool {
    matches!(path, ["b", _, "server", "token"])
}

/// A token for a signed server ID. Fields may stand in the body or in the query.
pub(crate) fn issue(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let api_id = request.segments().get(1).cloned().unwrap_or_default();
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let form = form_pairs(&body);
    let field = |name: &str| {
        let posted = form.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        posted.or_else(|| request.query(name)).unwrap_or_default()
    };
    let refuse = |status: u16, code: &str, detail: &str| {
        Reply::json(status, &json!({"message": "Authentication failed", "detail": detail, "code": code}))
    };
    if api_id != world.v1.api_id {
        return refuse(404, "NOT_FOUND", "unknown API ID");
    }
    if percent_decode(&field("grant_type"), false) != JWT_GRANT {
        return refuse(400, "INVALID_REQUEST", "grant_type");
    }
    if let Err(detail) = check(&field("assertion"), &world.v1, now_ms) {
        return refuse(401, "UNAUTHORIZED", &detail);
    }
    let token = format!("AAAA9{}", world.rng.hex(5));
    world.v1.tokens.retain(|_, expires| now_ms < *expires);
    world.v1.tokens.insert(token.clone(), now_ms + LIFE_S * 1000);
    // A number here (lineworks.md §7.1 [C1]).
    Reply::json(200, &json!({"access_token": token, "token_type": "Bearer", "expires_in": LIFE_S}))
}

/// RS256 by the registered key; `iss` is the server ID.
fn check(assertion: &str, tenant: &Tenant, now_ms: i64) -> Result<(), String> {
    let key = DecodingKey::from_rsa_pem(tenant.public_pem.as_bytes()).map_err(|error| error.to_string())?;
    let mut validation = Validation::new(Algorithm::RS256);
    // The claims are checked below, at the world's time.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    let claims = jsonwebtoken::decode::<Value>(assertion, &key, &validation);
    let claims = claims.map_err(|error| format!("assertion: {error}"))?.claims;
    if claims.get("iss").and_then(Value::as_str) != Some(tenant.server_id.as_str()) {
        return Err("iss".into());
    }
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64).ok_or(format!("{name} is no number"));
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a double")]
    let now_s = now_ms as f64 / 1000.0;
    let (iat, exp) = (seconds("iat")?, seconds("exp")?);
    if iat > now_s + SKEW_S || exp <= now_s || exp <= iat || exp - iat > ASSERTION_S {
        return Err("iat or exp".into());
    }
    Ok(())
}
