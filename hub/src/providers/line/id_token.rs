//! The id_token of a web login (line.md §1.3): HS256 under the Login channel's secret, nothing else.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;
use shared::time::{Millis, SECOND};

use crate::providers::answer::text;

const ISSUER: &str = "https://access.line.me";
/// Clocks may differ by that much.
const SKEW: Millis = 60 * SECOND;

/// Who logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The user ID, `U` and 32 hex digits: where to push to, if the Messaging API channel is of the same
    /// provider.
    pub user_id: String,
    /// With the scope `profile`.
    pub name: Option<String>,
    /// With the scope `profile`.
    pub picture: Option<String>,
}

/// Why an id_token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    #[error("not a JSON Web Token")]
    Malformed,
    #[error("not signed with HS256")]
    Algorithm,
    #[error("not signed by the Login channel")]
    Signature,
    #[error("not issued by LINE")]
    Issuer,
    #[error("issued for another Login channel")]
    Audience,
    #[error("expired")]
    Expired,
    #[error("of another login")]
    Nonce,
    #[error("names no user")]
    Subject,
}

/// Believes `id_token` only if LINE issued it for `channel_id`, for the login that sent `nonce`, and it is not
/// over at `now`. The algorithm is pinned: what the header says is only compared.
pub fn verify_id_token(
    id_token: &str,
    channel_id: &str,
    channel_secret: &str,
    nonce: &str,
    now: Millis,
) -> Result<Claims, IdTokenError> {
    if algorithm(id_token).ok_or(IdTokenError::Malformed)? != "HS256" {
        return Err(IdTokenError::Algorithm);
    }
    // Anybody could sign with an empty secret.
    if channel_secret.is_empty() {
        return Err(IdTokenError::Signature);
    }
    let mut rules = Validation::new(Algorithm::HS256);
    // The library would ask the machine's clock; each claim is checked below, with an error of its own.
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    let key = DecodingKey::from_secret(channel_secret.as_bytes());
    let claims = jsonwebtoken::decode::<Value>(id_token, &key, &rules)
        .map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::InvalidSignature => IdTokenError::Signature,
            jsonwebtoken::errors::ErrorKind::InvalidAlgorithm => IdTokenError::Algorithm,
            _ => IdTokenError::Malformed,
        })?
        .claims;
    let claim = |name: &str| claims.get(name).and_then(Value::as_str);
    if claim("iss") != Some(ISSUER) {
        return Err(IdTokenError::Issuer);
    }
    if channel_id.is_empty() || claim("aud") != Some(channel_id) {
        return Err(IdTokenError::Audience);
    }
    let expires = claims.get("exp").and_then(Value::as_i64).and_then(|seconds| seconds.checked_mul(SECOND));
    if expires.is_none_or(|at| at.saturating_add(SKEW) <= now) {
        return Err(IdTokenError::Expired);
    }
    if nonce.is_empty() || claim("nonce") != Some(nonce) {
        return Err(IdTokenError::Nonce);
    }
    let user_id = claim("sub").filter(|id| is_user_id(id)).ok_or(IdTokenError::Subject)?.to_owned();
    Ok(Claims { user_id, name: text(&claims, "name"), picture: text(&claims, "picture") })
}

fn algorithm(token: &str) -> Option<String> {
    let (header, _) = token.split_once('.')?;
    let header: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    Some(header.get("alg")?.as_str()?.to_owned())
}

/// line.md §0.
fn is_user_id(text: &str) -> bool {
    text.strip_prefix('U').is_some_and(|hex| {
        hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

#[cfg(test)]
mod tests;
