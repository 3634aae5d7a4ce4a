//! Signatures of Standard Webhooks 1.0.0 (doors.md §4): `v1,` and the base64 of HMAC-SHA256 over
//! `{id}.{timestamp}.{body}`.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_STANDARD,
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// A secret from random bytes, in the form that receivers paste into their library.
pub(super) fn secret(random: [u8; 32]) -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(random))
}

/// The header `webhook-signature`. `timestamp` is in seconds. `None` for a secret that holds no key of 24 to 64
/// bytes.
pub(super) fn signature(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let key =
        GeneralPurpose::new(&STANDARD, lenient).decode(secret.strip_prefix(PREFIX).unwrap_or(secret)).ok()?;
    if !(24..=64).contains(&key.len()) {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_vectors_of_the_specification_and_of_three_libraries() {
        assert_eq!(signature(SECRET, ID, 1_614_265_330, BODY).as_deref(), Some(SIGNED));
        let own = br#"{"type":"alert.fired","timestamp":"2026-01-01T00:00:00Z","data":{"n":1}}"#;
        assert_eq!(
            signature("whsec_ZG9vcnMtY2hlY2sta2V5LW9mLTI0LWJ5", "evt_0001", 1_767_225_600, own).as_deref(),
            Some("v1,yeS6L9vBmHVUsjkesoHwctY4PrBk2gm+WvGesnqSFOI=")
        );
    }

    #[test]
    fn everything_is_signed_and_secrets_are_read_as_written() {
        let bare = SECRET.strip_prefix("whsec_").unwrap();
        assert_eq!(signature(bare, ID, 1_614_265_330, BODY).as_deref(), Some(SIGNED));
        for (id, at, body) in
            [("msg_x", 1_614_265_330, BODY), (ID, 1_614_265_331, BODY), (ID, 1_614_265_330, b"{}")]
        {
            assert_ne!(signature(SECRET, id, at, body).as_deref(), Some(SIGNED));
        }
        let (padded, unpadded) = (secret([7; 32]), secret([7; 32]).trim_end_matches('=').to_owned());
        assert_ne!(padded, unpadded);
        assert_eq!(signature(&padded, ID, 1, BODY), signature(&unpadded, ID, 1, BODY));
        for bad in ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!", &secret([7; 32]).repeat(2)] {
            assert_eq!(signature(bad, ID, 1, BODY), None, "{bad}");
        }
    }
}
