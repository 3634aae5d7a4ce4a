//! By which key a sender is known: RFC 8292.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use serde_json::Value;

const DAY_S: i64 = 86_400;

/// `vapid t=…, k=…` for the service at `base`, by the key that the browser subscribed with.
pub(super) fn check(header: &str, wanted: &[u8], base: &str, now_ms: i64) -> Result<(), &'static str> {
    let rest = header.strip_prefix("vapid ").ok_or("the scheme must be vapid")?;
    let part = |name: &str| {
        rest.split(',').map(str::trim).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    let (token, key) = (part("t").ok_or("t is missing")?, part("k").ok_or("k is missing")?);
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| "not base64url");
    let key = decode(key)?;
    if key != wanted {
        return Err("the key is not the one of the subscription");
    }
    let (signed, signature) = token.rsplit_once('.').ok_or("not a JWT")?;
    let (header, claims) = signed.split_once('.').ok_or("not a JWT")?;
    let header: Value = serde_json::from_slice(&decode(header)?).map_err(|_| "the header is not JSON")?;
    if header.get("alg").and_then(Value::as_str) != Some("ES256") {
        return Err("the algorithm must be ES256");
    }
    let verifier = VerifyingKey::from_sec1_bytes(&key).map_err(|_| "not a key")?;
    let signature = Signature::from_slice(&decode(signature)?).map_err(|_| "not a signature")?;
    verifier.verify(signed.as_bytes(), &signature).map_err(|_| "the signature is wrong")?;
    let claims: Value = serde_json::from_slice(&decode(claims)?).map_err(|_| "the claims are not JSON")?;
    let origin = base.split('/').take(3).collect::<Vec<_>>().join("/");
    if claims.get("aud").and_then(Value::as_str) != Some(origin.as_str()) {
        return Err("aud is not this service");
    }
    let (exp, now) = (claims.get("exp").and_then(Value::as_i64).unwrap_or(0), now_ms.div_euclid(1_000));
    if exp <= now {
        return Err("the token has expired");
    }
    if exp > now + DAY_S {
        return Err("exp is more than a day ahead");
    }
    let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    if !subject.starts_with("mailto:") && !subject.starts_with("https://") {
        return Err("sub must be mailto: or https:");
    }
    Ok(())
}
