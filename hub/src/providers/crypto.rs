//! The little of `jsonwebtoken`'s cryptography that we verify with: HS256 (LINE) and RS256 (Google). Its own
//! back end brings every curve and hash there is, 300 kB of Wasm; natively, for tests, that one stays.

use hmac::{Hmac, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind,
    crypto::{CryptoProvider, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{Error, Verifier},
};
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey, pkcs1::DecodeRsaPublicKey};
use sha2::{Digest, Sha256};

/// Installed once, before the first token is read.
pub(crate) static PROVIDER: CryptoProvider = CryptoProvider {
    // What we sign goes through `ports::Signer`.
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: verifier,
    // No key is read from a JWK set with its help.
    key_utils: KeyUtils::new_unimplemented(),
};

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    match algorithm {
        Algorithm::HS256 => {
            let key =
                Hmac::new_from_slice(key.try_get_as_bytes()?).map_err(|_| ErrorKind::InvalidKeyFormat)?;
            Ok(Box::new(Hs256(key)))
        }
        Algorithm::RS256 => {
            let key = match key.kind() {
                DecodingKeyKind::SecretOrDer(der) => RsaPublicKey::from_pkcs1_der(der).ok(),
                DecodingKeyKind::RsaModulusExponent { n, e } => {
                    RsaPublicKey::new(BigUint::from_bytes_be(n), BigUint::from_bytes_be(e)).ok()
                }
            };
            Ok(Box::new(Rs256(key.ok_or(ErrorKind::InvalidKeyFormat)?)))
        }
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

struct Hs256(Hmac<Sha256>);

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let mut mac = self.0.clone();
        mac.update(message);
        mac.verify_slice(signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

struct Rs256(RsaPublicKey);

impl Verifier<Vec<u8>> for Rs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let digest = Sha256::digest(message);
        self.0.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::EncodingKey;

    use super::*;
    use crate::providers::script::{PKCS8, PUBLIC};

    #[test]
    fn it_verifies_what_the_library_s_own_back_end_signs() {
        let message = b"header.claims";
        let rsa = EncodingKey::from_rsa_pem(PKCS8.as_bytes()).unwrap();
        let (secret, rsa_public) = (b"secret", DecodingKey::from_rsa_pem(PUBLIC.as_bytes()).unwrap());
        for (algorithm, signing, verifying) in [
            (Algorithm::RS256, rsa, rsa_public),
            (Algorithm::HS256, EncodingKey::from_secret(secret), DecodingKey::from_secret(secret)),
        ] {
            let signed = jsonwebtoken::crypto::sign(message, &signing, algorithm).unwrap();
            let signature = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, signed).unwrap();
            let ours = (PROVIDER.verifier_factory)(&algorithm, &verifying).unwrap();
            assert_eq!(ours.algorithm(), algorithm);
            assert!(ours.verify(message, &signature).is_ok());
            assert!(ours.verify(b"header.other", &signature).is_err());
            let mut wrong = signature.clone();
            wrong[0] ^= 1;
            assert!(ours.verify(message, &wrong).is_err());
            assert!(ours.verify(message, &Vec::new()).is_err());
        }
    }

    #[test]
    fn nothing_else_is_known() {
        let key = DecodingKey::from_secret(b"secret");
        for algorithm in [Algorithm::HS384, Algorithm::RS512, Algorithm::ES256, Algorithm::EdDSA] {
            assert!(verifier(&algorithm, &key).is_err(), "{algorithm:?}");
        }
        assert!(verifier(&Algorithm::RS256, &key).is_err());
    }
}
