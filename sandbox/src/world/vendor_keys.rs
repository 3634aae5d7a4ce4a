//! Keys that the providers themselves sign with: Google's tokens on callbacks, LINE WORKS's id_tokens.
//!
//! Each is derived from the client's random key, so it is as secret as that one, the same after a restart,
//! and made only when something is signed: making a pair takes a while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::rand_core::{CryptoRng, Error, RngCore};
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Keys;

/// One signing pair of a provider.
#[derive(Clone)]
pub(crate) struct VendorKey {
    /// The `kid` of its tokens.
    pub(crate) kid: String,
    pub(crate) encoding: EncodingKey,
    /// SubjectPublicKeyInfo, for a certificate.
    pub(crate) public_der: Vec<u8>,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl VendorKey {
    /// The `number`th key of `vendor`. `None` only if the client's key cannot be read.
    pub(crate) fn of(keys: &Keys, vendor: &str, number: u32) -> Option<Arc<Self>> {
        /// Made pairs by seed: a process has many worlds with the same client key.
        static MADE: Mutex<BTreeMap<[u8; 32], Arc<VendorKey>>> = Mutex::new(BTreeMap::new());
        let seed: [u8; 32] = Sha256::new()
            .chain_update(keys.private_pem())
            .chain_update(vendor)
            .chain_update(number.to_be_bytes())
            .finalize()
            .into();
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&seed) {
            return Some(Arc::clone(known));
        }
        let key = Arc::new(Self::make(keys, seed)?);
        made.insert(seed, Arc::clone(&key));
        Some(key)
    }

    /// A signed JWT with this key's `kid`; empty if signing fails, which verifies nowhere.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::RS256) };
        jsonwebtoken::encode(&header, claims, &self.encoding).unwrap_or_default()
    }

    /// Its public half as a JSON Web Key.
    pub(crate) fn jwk(&self) -> Value {
        json!({
            "kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.kid,
            "n": URL_SAFE_NO_PAD.encode(&self.modulus), "e": URL_SAFE_NO_PAD.encode(&self.exponent),
        })
    }

    fn make(keys: &Keys, seed: [u8; 32]) -> Option<Self> {
        let bits = RsaPrivateKey::from_pkcs8_pem(keys.private_pem()).ok()?.size() * 8;
        let private = RsaPrivateKey::new(&mut Stream { seed, block: 0 }, bits).ok()?;
        let public = RsaPublicKey::from(&private);
        let pem = private.to_pkcs8_pem(LineEnding::LF).ok()?;
        let kid = Sha256::digest(public.n().to_bytes_be());
        Some(Self {
            kid: kid.iter().take(20).map(|byte| format!("{byte:02x}")).collect(),
            encoding: EncodingKey::from_rsa_pem(pem.as_bytes()).ok()?,
            public_der: public.to_public_key_der().ok()?.into_vec(),
            modulus: public.n().to_bytes_be(),
            exponent: public.e().to_bytes_be(),
        })
    }
}

/// SHA-256 in counter mode: as unguessable as its seed.
struct Stream {
    seed: [u8; 32],
    block: u64,
}

impl RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_be_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_be_bytes(bytes)
    }

    fn fill_bytes(&mut self, wanted: &mut [u8]) {
        for chunk in wanted.chunks_mut(32) {
            let block =
                Sha256::new().chain_update(self.seed).chain_update(self.block.to_be_bytes()).finalize();
            self.block += 1;
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
        }
    }

    fn try_fill_bytes(&mut self, wanted: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(wanted);
        Ok(())
    }
}

impl CryptoRng for Stream {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::keys::testing::{keys, other_keys};

    #[test]
    fn a_key_is_the_same_again_and_others_differ() {
        let kid = |keys: &Keys, vendor, number| VendorKey::of(keys, vendor, number).unwrap().kid.clone();
        let first = kid(keys(), "a", 0);
        let again = VendorKey::make(keys(), {
            let seed = Sha256::new().chain_update(keys().private_pem()).chain_update("a");
            seed.chain_update(0_u32.to_be_bytes()).finalize().into()
        });
        assert_eq!(again.unwrap().kid, first);
        assert_ne!(kid(keys(), "a", 1), first);
        assert_ne!(kid(keys(), "b", 0), first);
        assert_ne!(kid(&other_keys(), "a", 0), first);
    }
}
