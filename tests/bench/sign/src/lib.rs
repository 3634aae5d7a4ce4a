//! One RS256 signature, made as `hub::providers::lineworks` makes it: the bench measures its CPU in Wasm.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};

/// The signed assertion of a service account. `pem` is read each time, as the hub does.
#[wasm_bindgen]
pub fn sign(pem: &str) -> Result<String, JsError> {
    let key = EncodingKey::from_rsa_pem(pem.as_bytes())?;
    let claims =
        serde_json::json!({ "iss": "client", "sub": "account", "iat": 1_790_000_000, "exp": 1_790_001_800 });
    Ok(encode(&Header::new(Algorithm::RS256), &claims, &key)?)
}
