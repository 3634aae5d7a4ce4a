//! The RSA key pair of the client app.

use std::sync::Arc;

use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rsa::{RsaPrivateKey, RsaPublicKey};

/// An RSA key pair as PEM: PKCS#8 private key (the form of the downloaded `private_*.key`, lineworks.md §1.1
/// [C2]) and its public key. Cheap to clone; making one takes a while, so make one per process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    private_pem: Arc<str>,
    public_pem: Arc<str>,
}

/// Why a key could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("RSA key: {0}")]
    Rsa(#[from] rsa::Error),
    #[error("private key PEM: {0}")]
    Private(#[from] rsa::pkcs8::Error),
    #[error("public key PEM: {0}")]
    Public(#[from] rsa::pkcs8::spki::Error),
}

impl Keys {
    /// A fresh 2048-bit pair from the system's randomness: the one thing of the world that no seed decides,
    /// because a key that anyone can compute must never look like one to trust.
    pub fn generate() -> Result<Self, KeyError> {
        Self::from_private(&RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048)?)
    }

    /// The pair that belongs to a PKCS#8 private key.
    pub fn from_private_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_private(&RsaPrivateKey::from_pkcs8_pem(pem)?)
    }

    /// `-----BEGIN PRIVATE KEY-----` …
    #[must_use]
    pub fn private_pem(&self) -> &str {
        &self.private_pem
    }

    /// `-----BEGIN PUBLIC KEY-----` …
    #[must_use]
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    fn from_private(key: &RsaPrivateKey) -> Result<Self, KeyError> {
        let private_pem = key.to_pkcs8_pem(LineEnding::LF)?;
        let public_pem = RsaPublicKey::from(key).to_public_key_pem(LineEnding::LF)?;
        Ok(Self { private_pem: private_pem.as_str().into(), public_pem: public_pem.into() })
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use std::sync::OnceLock;

    use super::Keys;

    /// One pair for all test processes, kept beside the test binary: making one in a debug build is slow.
    pub(crate) fn keys() -> &'static Keys {
        static KEYS: OnceLock<Keys> = OnceLock::new();
        KEYS.get_or_init(|| kept("sandbox-test-key"))
    }

    /// Another pair.
    pub(crate) fn other_keys() -> Keys {
        kept("sandbox-other-test-key")
    }

    fn kept(name: &str) -> Keys {
        let program = std::env::current_exe().unwrap();
        crate::server::kept_keys(&program.parent().unwrap().join(name)).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_survives_its_pem() {
        let keys = testing::keys();
        assert!(keys.private_pem().starts_with("-----BEGIN PRIVATE KEY-----"));
        assert_eq!(&Keys::from_private_pem(keys.private_pem()).unwrap(), keys);
        assert!(Keys::from_private_pem("nonsense").is_err());
    }
}
