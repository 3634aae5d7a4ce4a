//! What a browser does with a message: RFC 8188 §2 backwards, with the keys of RFC 8291 §3.

use aes_gcm::{AeadInPlace, Aes128Gcm, KeyInit, Nonce};
use hmac::{Hmac, Mac};
use p256::{PublicKey, SecretKey, elliptic_curve::sec1::ToEncodedPoint};
use sha2::Sha256;

/// The payload of a body, `None` when it is not for this device or not well made.
pub(super) fn open(body: &[u8], own: &SecretKey, auth: &[u8; 16]) -> Option<Vec<u8>> {
    let (salt, rest) = body.split_at_checked(16)?;
    let (size, rest) = rest.split_at_checked(4)?;
    let size = usize::try_from(u32::from_be_bytes(size.try_into().ok()?)).ok()?;
    let (length, rest) = rest.split_first()?;
    let (sender, sealed) = rest.split_at_checked(usize::from(*length))?;
    // One record; it may be shorter than it says, never longer.
    if sender.len() != 65 || size < 18 || sealed.len() > size || sealed.len() < 17 {
        return None;
    }
    let sender_key = PublicKey::from_sec1_bytes(sender).ok()?;
    let shared = p256::ecdh::diffie_hellman(own.to_nonzero_scalar(), sender_key.as_affine());
    let own_point = own.public_key().to_encoded_point(false);
    // HKDF in its two steps, each output no longer than one hash.
    let prk_key = hmac(auth, &[&shared.raw_secret_bytes()[..]]);
    let ikm = hmac(&prk_key, &[b"WebPush: info", &[0], own_point.as_bytes(), sender, &[1]]);
    let prk = hmac(salt, &[&ikm]);
    let cek = hmac(&prk, &[b"Content-Encoding: aes128gcm", &[0, 1]]);
    let nonce = hmac(&prk, &[b"Content-Encoding: nonce", &[0, 1]]);
    let cipher = Aes128Gcm::new_from_slice(cek.get(..16)?).ok()?;
    let mut plain = sealed.to_vec();
    let nonce: [u8; 12] = nonce.get(..12)?.try_into().ok()?;
    cipher.decrypt_in_place(&Nonce::from(nonce), b"", &mut plain).ok()?;
    // Padding: zeros after the delimiter of the last record.
    while plain.last() == Some(&0) {
        plain.pop();
    }
    (plain.pop() == Some(2)).then_some(plain)
}

fn hmac(key: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else { return Vec::new() };
    pieces.iter().for_each(|piece| mac.update(piece));
    mac.finalize().into_bytes().to_vec()
}
