//! JSON Web Tokens that we sign with an RSA key (RS256). What we verify goes through `jsonwebtoken`; signing
//! goes through the platform's own RSA, which costs a twentieth of the CPU (docs/decisions/0006).

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::Value;

use crate::ports::{SignError, Signer};

/// A 1024-bit key is a little more than 600 bytes. Nothing that is worth signing for has a smaller one.
const SHORTEST_KEY: usize = 600;

/// `header.claims.signature`. `pem` is PKCS#8 or PKCS#1.
pub(crate) async fn signed(
    signer: &dyn Signer,
    header: &Value,
    claims: &Value,
    pem: &str,
) -> Result<String, SignError> {
    let key = pkcs8(pem).ok_or(SignError)?;
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", part(header), part(claims));
    let signature = signer.rs256(&key, input.as_bytes()).await?;
    Ok(format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
}

/// The key in the one form that the platform reads, `None` when it is not an RSA key of a decent size.
fn pkcs8(pem: &str) -> Option<Vec<u8>> {
    let body = |label: &str| {
        let (_, rest) = pem.split_once(&format!("-----BEGIN {label}-----"))?;
        let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
        let clean: String = body.chars().filter(|c| !c.is_whitespace()).collect();
        BASE64_STANDARD.decode(clean).ok()
    };
    let (key, inner) = match body("PRIVATE KEY") {
        Some(der) => (der.clone(), der),
        None => {
            let inner = body("RSA PRIVATE KEY")?;
            (wrapped(&inner), inner)
        }
    };
    (inner.len() >= SHORTEST_KEY).then_some(key)
}

/// PKCS#1 inside PKCS#8 (RFC 5208 §5): version 0, rsaEncryption with NULL, the key as an octet string.
fn wrapped(pkcs1: &[u8]) -> Vec<u8> {
    const ALGORITHM: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let inside = [&[0x02, 0x01, 0x00][..], &ALGORITHM, &der(0x04, pkcs1)].concat();
    der(0x30, &inside)
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![tag];
    match (content.len() < 0x80, u8::try_from(length.len())) {
        (false, Ok(bytes)) => out.push(0x80 | bytes),
        _ if length.is_empty() => out.push(0),
        _ => {}
    }
    out.extend(length);
    out.extend(content);
    out
}

#[cfg(test)]
mod tests {
    use futures_executor::block_on;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation};
    use serde_json::json;

    use super::*;
    use crate::{
        native::RsaSigner,
        providers::script::{PKCS1, PKCS8, PUBLIC, SHORT},
    };

    #[test]
    fn both_forms_of_a_key_sign_what_others_can_verify() {
        let (header, claims) = (json!({"alg": "RS256", "typ": "JWT"}), json!({"iss": "a", "n": "名"}));
        for pem in [PKCS8, PKCS1] {
            let token = block_on(signed(&RsaSigner, &header, &claims, pem)).unwrap();
            let mut rules = Validation::new(Algorithm::RS256);
            rules.required_spec_claims.clear();
            rules.validate_exp = false;
            let key = DecodingKey::from_rsa_pem(PUBLIC.as_bytes()).unwrap();
            assert_eq!(jsonwebtoken::decode::<Value>(&token, &key, &rules).unwrap().claims, claims);
        }
    }

    #[test]
    fn what_is_not_a_key_signs_nothing() {
        let cut = PKCS8.replace("MIICeAIBADANBgkqhkiG9w0BAQEFAASC", "AAAA");
        for pem in [
            "",
            "hello",
            SHORT,
            PUBLIC,
            cut.as_str(),
            "-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----",
        ] {
            assert_eq!(block_on(signed(&RsaSigner, &json!({}), &json!({}), pem)), Err(SignError), "{pem}");
        }
    }

    #[test]
    fn lengths_are_written_as_der_wants_them() {
        assert_eq!(der(4, &[]), [4, 0]);
        assert_eq!(der(4, &[7; 127])[..3], [4, 127, 7]);
        assert_eq!(der(4, &[7; 128])[..4], [4, 0x81, 128, 7]);
        assert_eq!(der(4, &[7; 300])[..5], [4, 0x82, 1, 44, 7]);
    }
}
