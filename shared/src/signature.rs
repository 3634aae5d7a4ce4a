//! Signatures on what providers call back with. Pure: over the raw bytes, in constant time.

mod slack;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

pub use self::slack::{SLACK_WINDOW, SlackSignature, slack};

/// Whether `header` (`X-WORKS-Signature`) is LINE WORKS' signature of the raw `body`: base64 of HMAC-SHA256
/// under the bot secret (lineworks.md §4.1 \[D\]). White space around the header is forgiven, nothing else.
/// An empty secret signs nothing: anybody could use it.
#[must_use]
pub fn lineworks(secret: &str, body: &[u8], header: &str) -> bool {
    base64_hmac(secret, body, header)
}

/// Whether `header` (`x-line-signature`) is LINE's signature of the raw `body`: base64 of HMAC-SHA256 under the
/// channel secret of the Messaging API channel, not of the Login channel (line.md §5). As strict as
/// [`lineworks`]. There is no time in it: a replay is known by its `webhookEventId` only.
#[must_use]
pub fn line(secret: &str, body: &[u8], header: &str) -> bool {
    base64_hmac(secret, body, header)
}

fn base64_hmac(secret: &str, body: &[u8], header: &str) -> bool {
    if secret.is_empty() {
        return false;
    }
    let Ok(signature) = BASE64_STANDARD.decode(header.trim()) else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(body);
    // Constant time, and refuses any length but 32 bytes.
    mac.verify_slice(&signature).is_ok()
}

/// The same for LINE WORKS API 1.0, where the API ID itself is the key (lineworks.md §7.3 \[D\]).
#[must_use]
pub fn lineworks_v1(api_id: &str, body: &[u8], header: &str) -> bool {
    lineworks(api_id, body, header)
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
    fn line_signs_the_raw_bytes() {
        const SECRET: &str = "5f2b6d0c9e8a47310fdc2b6e1a9078cd";
        // line.md §5; the second body has a backslash and an n.
        for (body, signature) in [
            (
                r#"{"destination":"U00000000000000000000000000000001","events":[]}"#,
                "Dm5BtZHYDxQ/BMEMZFY3Ge+vrp0dwK0v+8ifuubsLBE=",
            ),
            (r#"{"note":"改行\nと絵文字🍎"}"#, "iFI8zc1+V1F6ICLLSCdTj1W/Q9GOJaPhXbGYWD0DlJE="),
        ] {
            assert!(line(SECRET, body.as_bytes(), signature), "{body}");
            assert!(!line(SECRET, body.replace(r"\n", "\n").to_uppercase().as_bytes(), signature));
            assert!(!line(SECRET, format!("{body}\n").as_bytes(), signature));
            assert!(!line("5f2b6d0c9e8a47310fdc2b6e1a9078ce", body.as_bytes(), signature));
            assert!(!line("", body.as_bytes(), signature));
            assert!(!line(SECRET, body.as_bytes(), ""));
            assert!(!line(SECRET, body.as_bytes(), SIGNATURE));
        }
    }

    #[test]
    fn api_1_0_signs_with_the_api_id() {
        assert!(lineworks_v1(SECRET, BODY.as_bytes(), SIGNATURE));
        assert!(!lineworks_v1("jp1Abc", BODY.as_bytes(), SIGNATURE));
        assert!(!lineworks_v1("", BODY.as_bytes(), SIGNATURE));
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
        mac.update(b"{}");
        let forged = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        assert!(!lineworks("", b"{}", &forged));
        assert!(!line("", b"{}", &forged));
    }
}
