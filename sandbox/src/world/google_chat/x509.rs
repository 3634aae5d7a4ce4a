//! A self-signed certificate around a public key: Google publishes the keys of service accounts as such
//! (google_chat.md §5.3). Just enough DER for one fixed shape.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;

use super::super::vendor_keys::VendorKey;

const SEQUENCE: u8 = 0x30;
/// sha256WithRSAEncryption, 1.2.840.113549.1.1.11
const SHA256_RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
/// commonName, 2.5.4.3
const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
const NULL: &[u8] = &[0x05, 0x00];

/// The certificate as PEM, valid from 2020 to 2049; `None` if signing fails.
pub(super) fn certificate(key: &VendorKey, name: &str) -> Option<String> {
    let algorithm = tlv(SEQUENCE, &[SHA256_RSA, NULL].concat());
    let common_name = tlv(SEQUENCE, &[COMMON_NAME, &tlv(0x0c, name.as_bytes())].concat());
    let name = tlv(SEQUENCE, &tlv(0x31, &common_name));
    let validity = [tlv(0x17, b"200101000000Z"), tlv(0x17, b"491231235959Z")].concat();
    // A positive number of its own.
    let serial: Vec<u8> = std::iter::once(1).chain(key.kid.bytes().take(8)).collect();
    let body = tlv(
        SEQUENCE,
        &[
            tlv(0xa0, &tlv(0x02, &[2])),
            tlv(0x02, &serial),
            algorithm.clone(),
            name.clone(),
            tlv(SEQUENCE, &validity),
            name,
            key.public_der.clone(),
        ]
        .concat(),
    );
    let signature = jsonwebtoken::crypto::sign(&body, &key.encoding, Algorithm::RS256).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let signature = tlv(0x03, &[&[0], signature.as_slice()].concat());
    let text = STANDARD.encode(tlv(SEQUENCE, &[body, algorithm, signature].concat()));
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    Some(pem)
}

/// Tag, length, value.
fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = value.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    match length.as_slice() {
        [] => out.push(0),
        [short @ 0..=127] => out.push(*short),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            out.extend(long);
        }
    }
    out.extend(value);
    out
}
