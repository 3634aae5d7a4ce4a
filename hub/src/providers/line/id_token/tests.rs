//! Tokens of honest and of hostile make.

use jsonwebtoken::{EncodingKey, Header};
use serde_json::json;

use super::*;
use crate::providers::script::{PKCS8, PUBLIC};

const CHANNEL: &str = "1650000001";
const SECRET: &str = "5f2b6d0c9e8a47310fdc2b6e1a9078cd";
const NONCE: &str = "n0nce";
const USER: &str = "U0123456789abcdef0123456789abcdef";
const NOW: Millis = 1_795_000_000_123;
const EXP: i64 = 1_795_003_600;

fn claims() -> Value {
    json!({
        "iss": "https://access.line.me", "sub": USER, "aud": CHANNEL, "exp": EXP, "iat": EXP - 3_600,
        "nonce": NONCE, "amr": ["pwd"], "name": "佐藤 花子", "picture": "https://img.example/p",
    })
}

fn signed(claims: &Value, secret: &str) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

/// Written by hand: what no honest library writes.
fn forged(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), BASE64_URL_SAFE_NO_PAD.encode(signature))
}

fn verify(token: &str) -> Result<Claims, IdTokenError> {
    verify_id_token(token, CHANNEL, SECRET, NONCE, NOW)
}

#[test]
fn an_honest_token_is_believed() {
    let expected = Claims {
        user_id: USER.into(),
        name: Some("佐藤 花子".into()),
        picture: Some("https://img.example/p".into()),
    };
    assert_eq!(verify(&signed(&claims(), SECRET)), Ok(expected));
    let mut bare = claims();
    for optional in ["name", "picture", "amr", "iat"] {
        bare.as_object_mut().unwrap().remove(optional);
    }
    assert_eq!(
        verify(&signed(&bare, SECRET)),
        Ok(Claims { user_id: USER.into(), name: None, picture: None })
    );
}

#[test]
fn a_token_made_elsewhere_is_believed() {
    // Python: hmac.new(SECRET, header + "." + claims, sha256), with compact JSON.
    let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FjY2Vzcy5saW5lLm1lIiwic3ViIjoiVTAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmIiwiYXVkIjoiMTY1MDAwMDAwMSIsImV4cCI6MTc5NTAwMzYwMCwiaWF0IjoxNzk1MDAwMDAwLCJub25jZSI6Im4wbmNlIn0.s3NXAdDtsJiMgJaAsM6uR7jkYt_jEwxAVUkg3F65NtY";
    assert_eq!(verify(token).map(|claims| claims.user_id).as_deref(), Ok(USER));
}

#[test]
fn no_other_algorithm_is_believed() {
    let rs256 = jsonwebtoken::encode(
        &Header::new(Algorithm::RS256),
        &claims(),
        &EncodingKey::from_rsa_pem(PKCS8.as_bytes()).unwrap(),
    )
    .unwrap();
    let hs512 = jsonwebtoken::encode(
        &Header::new(Algorithm::HS512),
        &claims(),
        &EncodingKey::from_secret(SECRET.as_bytes()),
    )
    .unwrap();
    for token in [rs256, hs512] {
        assert_eq!(verify(&token), Err(IdTokenError::Algorithm));
    }
    for algorithm in ["none", "None", "hs256", "ES256", ""] {
        let header = json!({"alg": algorithm, "typ": "JWT"});
        assert_eq!(verify(&forged(&header, &claims(), b"")), Err(IdTokenError::Algorithm), "{algorithm}");
    }
    // Signed with HS256 under what is no secret: a public key.
    assert_eq!(verify(&signed(&claims(), PUBLIC)), Err(IdTokenError::Signature));
    // A key that the token brings along.
    let header = json!({"alg": "HS256", "typ": "JWT", "jwk": {"kty": "oct", "k": "AAAA"}, "kid": "x"});
    assert_eq!(
        verify(&forged(&header, &claims(), b"0123456789abcdef0123456789abcdef")),
        Err(IdTokenError::Signature)
    );
}

#[test]
fn each_wrong_claim_has_its_error() {
    type Break = fn(&mut Value);
    let cases: [(Break, IdTokenError); 17] = [
        (|c| c["iss"] = json!("https://access.line.me/"), IdTokenError::Issuer),
        (|c| c["iss"] = json!("https://accounts.google.com"), IdTokenError::Issuer),
        (|c| c["iss"] = json!(null), IdTokenError::Issuer),
        (|c| c["aud"] = json!("1650000002"), IdTokenError::Audience),
        (|c| c["aud"] = json!(1_650_000_001), IdTokenError::Audience),
        (|c| c["aud"] = json!([CHANNEL, "1650000002"]), IdTokenError::Audience),
        (|c| c["aud"] = json!(""), IdTokenError::Audience),
        (|c| c["exp"] = json!(NOW / 1_000 - 60), IdTokenError::Expired),
        (|c| c["exp"] = json!("4000000000"), IdTokenError::Expired),
        (|c| c["exp"] = json!(i64::MAX), IdTokenError::Expired),
        (|c| c["exp"] = json!(null), IdTokenError::Expired),
        (|c| c["nonce"] = json!("n0nce2"), IdTokenError::Nonce),
        (|c| c["nonce"] = json!(null), IdTokenError::Nonce),
        (|c| c["sub"] = json!(null), IdTokenError::Subject),
        (|c| c["sub"] = json!("U0123"), IdTokenError::Subject),
        (|c| c["sub"] = json!("U0123456789ABCDEF0123456789ABCDEF"), IdTokenError::Subject),
        (|c| c["sub"] = json!("C0123456789abcdef0123456789abcdef"), IdTokenError::Subject),
    ];
    for (damage, expected) in cases {
        let mut claims = claims();
        damage(&mut claims);
        assert_eq!(verify(&signed(&claims, SECRET)), Err(expected), "{claims}");
    }
}

#[test]
fn a_minute_of_skew_is_forgiven() {
    let token = signed(&claims(), SECRET);
    let at = |now| verify_id_token(&token, CHANNEL, SECRET, NONCE, now);
    assert!(at(EXP * 1_000 + 59_999).is_ok());
    assert_eq!(at(EXP * 1_000 + 60_000), Err(IdTokenError::Expired));
}

#[test]
fn another_secret_or_none_is_refused() {
    let token = signed(&claims(), SECRET);
    let with = |secret: &str| verify_id_token(&token, CHANNEL, secret, NONCE, NOW);
    assert_eq!(with("5f2b6d0c9e8a47310fdc2b6e1a9078ce"), Err(IdTokenError::Signature));
    let unsigned = signed(&claims(), "");
    assert_eq!(verify_id_token(&unsigned, CHANNEL, "", NONCE, NOW), Err(IdTokenError::Signature));
    let mut anonymous = claims();
    anonymous["aud"] = json!("");
    anonymous["nonce"] = json!("");
    let anonymous = signed(&anonymous, SECRET);
    assert_eq!(verify_id_token(&anonymous, "", SECRET, NONCE, NOW), Err(IdTokenError::Audience));
    let mut bare = claims();
    bare["nonce"] = json!("");
    assert_eq!(verify_id_token(&signed(&bare, SECRET), CHANNEL, SECRET, "", NOW), Err(IdTokenError::Nonce));
}

#[test]
fn garbage_is_refused() {
    let good = signed(&claims(), SECRET);
    let mut parts = good.split('.');
    let (header, body, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let other_body = BASE64_URL_SAFE_NO_PAD.encode(claims().to_string().replace("佐藤", "鈴木"));
    for (token, expected) in [
        (String::new(), IdTokenError::Malformed),
        ("a".into(), IdTokenError::Malformed),
        ("a.b.c".into(), IdTokenError::Malformed),
        ("..".into(), IdTokenError::Malformed),
        (format!("{header}.{body}"), IdTokenError::Malformed),
        (format!("{header}.{body}.{signature}.x"), IdTokenError::Malformed),
        (format!("{header}.{body}."), IdTokenError::Signature),
        (format!("{header}.{other_body}.{signature}"), IdTokenError::Signature),
        (signed(&json!("text"), SECRET), IdTokenError::Malformed),
        (signed(&json!([]), SECRET), IdTokenError::Malformed),
    ] {
        assert_eq!(verify(&token), Err(expected), "{token}");
    }
}
