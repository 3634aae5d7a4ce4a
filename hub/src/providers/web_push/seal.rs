//! A payload that only the device can read: RFC 8291 over one record of `aes128gcm` (RFC 8188). The agreement of
//! keys is the platform's (docs/decisions/0010); the rest is HKDF and AES-128-GCM.

use aes_gcm::{Aes128Gcm, KeyInit, Nonce, aead::Aead};
use hkdf::Hkdf;
use sha2::Sha256;

use super::Subscription;
use crate::ports::{Agreed, Ports, SignError};

/// Of the record; the payload is always shorter than one.
const RECORD: u32 = 4_096;
const SALT: usize = 16;
/// The delimiter of the last record (RFC 8188 §2).
const LAST: u8 = 2;

/// The body of the request: header, sealed payload. Errors: the device's key is no point of
/// the curve, or the platform failed.
pub(super) async fn seal(ports: &Ports, to: &Subscription, payload: &[u8]) -> Result<Vec<u8>, SignError> {
    let agreed = ports.signer.p256_agree(&to.p256dh).await?;
    let mut salt = [0; SALT];
    ports.random.fill(&mut salt);
    seal_with(&agreed, to, salt, payload).ok_or(SignError)
}

fn seal_with(agreed: &Agreed, to: &Subscription, salt: [u8; SALT], payload: &[u8]) -> Option<Vec<u8>> {
    // RFC 8291 §3.4
    let info = [b"WebPush: info\0", to.p256dh.as_slice(), agreed.public.as_slice()].concat();
    let mut input = [0; 32];
    Hkdf::<Sha256>::new(Some(&to.auth), &agreed.secret).expand(&info, &mut input).ok()?;
    // RFC 8188 §2.2, §2.3
    let keys = Hkdf::<Sha256>::new(Some(&salt), &input);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    keys.expand(b"Content-Encoding: aes128gcm\0", &mut key).ok()?;
    keys.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
    let plain = [payload, &[LAST]].concat();
    let sealed = Aes128Gcm::new(&key.into()).encrypt(&Nonce::from(nonce), plain.as_slice()).ok()?;
    let length = u8::try_from(agreed.public.len()).ok()?;
    Some([&salt[..], &RECORD.to_be_bytes(), &[length], &agreed.public, &sealed].concat())
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291 §5 and appendix A. `tests/browser/push.spec.ts` opens what we seal by other code, and so does the
    /// sandbox.
    #[test]
    fn the_example_of_the_rfc() {
        let agreed = Agreed {
            public: bytes(
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
            ),
            secret: bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"),
        };
        let to = Subscription {
            endpoint: String::new(),
            p256dh: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let sealed = seal_with(&agreed, &to, salt, b"When I grow up, I want to be a watermelon").unwrap();
        assert_eq!(
            BASE64_URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w\
             EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_longest_payload_fits_what_every_service_takes() {
        let agreed = Agreed { public: vec![4; 65], secret: vec![1; 32] };
        let to = Subscription { endpoint: String::new(), p256dh: vec![4; 65], auth: vec![2; 16] };
        let longest = shared::render::web_push::PAYLOAD_LIMIT;
        assert_eq!(seal_with(&agreed, &to, [3; SALT], &vec![b'x'; longest]).unwrap().len(), 4_096);
    }
}
