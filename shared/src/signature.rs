//! Signatures on what providers call back with. Pure: over the raw bytes, in constant time.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Whether `header` (`X-WORKS-Signature`) is LINE WORKS' signature of the raw `body`: base64 of HMAC-SHA256
/// under the bot secret (lineworks.md §4.1 \[D\]). White space around the header is forgiven, nothing else.
/// An empty secret signs nothing: anybody could use it.
#[must_use]
pub fn lineworks(secret: &str, body: &[u8], header: &str) -> bool {
    if secret.is_empty() {
        return false;
    }
    let Ok(signature) = BASE64_STANDARD.decode(header.trim()) else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(body);
    // Constant time, and refuses any length but 32 bytes.
    mac.verify_slice(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "bot-secret-1";
    const BODY: &str =
        r#"{"type":"message","source":{"userId":"U-1"},"content":{"type":"text","text":"了解しました"}}"#;
    // Python: base64.b64encode(hmac.new(b"bot-secret-1", body, hashlib.sha256).digest())
    const SIGNATURE: &str = "XRKeRofdH0HQcenmIYjp5InpfOWZfYzRIZD9x1hYIr8=";

    #[test]
    fn a_signature_made_elsewhere_is_accepted() {
        assert!(lineworks(SECRET, BODY.as_bytes(), SIGNATURE));
        assert!(lineworks(SECRET, BODY.as_bytes(), &format!(" {SIGNATURE}\r\n")));
    }

    #[test]
    fn everything_else_is_refused() {
        let unpadded = SIGNATURE.trim_end_matches('=');
        let short = BASE64_STANDARD.encode([0_u8; 16]);
        let split = format!("{}\n{}", &SIGNATURE[..10], &SIGNATURE[10..]);
        for header in [
            "",
            " ",
            "abc",
            unpadded,
            &short,
            &split,
            &SIGNATURE.to_lowercase(),
            &format!("sha256={SIGNATURE}"),
        ] {
            assert!(!lineworks(SECRET, BODY.as_bytes(), header), "{header}");
        }
        assert!(!lineworks("bot-secret-2", BODY.as_bytes(), SIGNATURE));
        assert!(!lineworks(SECRET, format!("{BODY} ").as_bytes(), SIGNATURE));
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
        mac.update(b"{}");
        let forged = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        assert!(!lineworks("", b"{}", &forged));
    }
}
