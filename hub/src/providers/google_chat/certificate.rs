//! The public key of an X.509 certificate: Google publishes the keys of the project-number mode as
//! certificates (google_chat.md §5.3). They come from Google itself over TLS, so nothing else of them is read.

use base64::{Engine, prelude::BASE64_STANDARD};
use jsonwebtoken::DecodingKey;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;
/// The version, which a first version does not have.
const VERSION: u8 = 0xa0;
/// 1.2.840.113549.1.1.1, rsaEncryption.
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// The RSA key of a certificate in PEM; `None` when it has none.
pub(super) fn rsa_key(pem: &str) -> Option<DecodingKey> {
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let der = BASE64_STANDARD.decode(body).ok()?;

    let (mut certificate, _) = part(SEQUENCE, &der)?;
    let mut fields = take(SEQUENCE, &mut certificate)?;
    if fields.first() == Some(&VERSION) {
        take(VERSION, &mut fields)?;
    }
    // Serial number, signature's algorithm, issuer, validity, subject (RFC 5280 §4.1).
    for tag in [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE] {
        take(tag, &mut fields)?;
    }
    let mut info = take(SEQUENCE, &mut fields)?;
    let mut algorithm = take(SEQUENCE, &mut info)?;
    if take(OBJECT_ID, &mut algorithm)? != RSA {
        return None;
    }
    // The first byte counts unused bits.
    let key = take(BIT_STRING, &mut info)?.strip_prefix(&[0])?;
    let (mut numbers, _) = part(SEQUENCE, key)?;
    let modulus = unsigned(take(INTEGER, &mut numbers)?);
    let exponent = unsigned(take(INTEGER, &mut numbers)?);
    Some(DecodingKey::from_rsa_raw_components(modulus, exponent))
}

/// The next part's content, which must be of the kind `tag`; `der` moves behind it.
fn take<'a>(tag: u8, der: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (content, rest) = part(tag, der)?;
    *der = rest;
    Some(content)
}

/// Content and rest.
fn part(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = der.split_first_chunk::<2>()?;
    if found != tag {
        return None;
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        // Certificates are below 64 KiB.
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f)).filter(|(b, _)| b.len() <= 2)?;
        (bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
    };
    rest.split_at_checked(length)
}

/// Without the zero byte that keeps a number positive.
fn unsigned(number: &[u8]) -> &[u8] {
    number.strip_prefix(&[0]).unwrap_or(number)
}
