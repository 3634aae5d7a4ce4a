//! Secrets: rule 2 of ARCHITECTURE.md. They live in the key-value store only, encrypted, in immutable
//! versions; SQLite keeps the version's number.
//!
//! Every workspace has its own keys, derived from the one `VAULT_KEY` by HKDF-SHA256. While `VAULT_KEY` is
//! being rotated the previous one still opens what it sealed, until [`Vault::reseal`] has moved it.
//!
//! A sealed value is `1 | fingerprint of the key (4 bytes) | nonce (12) | AES-256-GCM ciphertext and tag`, with
//! the key-value key as associated data: a value moved to another key does not open.

use std::fmt;

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use shared::{
    id::IntegrationId,
    time::{Millis, SECOND},
};
use subtle::ConstantTimeEq;

use crate::ports::{Kv, KvError, Random};

/// The purpose of tokens that write calendars: an integration keeps them apart from its others.
pub const CALENDAR: &str = "calendar";

const FORMAT: u8 = 1;
const FINGERPRINT: usize = 4;
const NONCE: usize = 12;
/// The platform keeps nothing for less than a minute.
const SHORTEST_LIFE: Millis = 60;

/// One workspace's secrets. Holds keys, never prints them.
#[derive(Clone)]
pub struct Vault {
    workspace: String,
    current: Keys,
    previous: Option<Keys>,
}

/// Why a secret could not be kept or read. Never holds any of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("VAULT_KEY is not the base64 of 32 bytes")]
    BadKey,
    #[error("sealed under a key that is not known any more")]
    UnknownKey,
    #[error("not a sealed value of a known format")]
    Malformed,
    #[error("does not open: altered, or moved from another place")]
    Refused,
    #[error("could not be sealed")]
    NotSealed,
    #[error("key-value store: {0}")]
    Store(String),
}

impl From<KvError> for VaultError {
    fn from(error: KvError) -> Self {
        Self::Store(error.0)
    }
}

/// Whose token, and what for.
#[derive(Debug, Clone, Copy)]
pub struct TokenName<'a> {
    pub integration: &'a IntegrationId,
    /// Of the secret.
    pub version: u32,
    /// Empty, or the purpose where an integration has several tokens.
    pub purpose: &'static str,
}

/// An access token that outlives the object. Serialised only into a sealed value.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedToken {
    pub token: String,
    /// From then on a new one is asked for.
    pub fresh_until: Millis,
}

impl fmt::Debug for CachedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CachedToken {{ fresh_until: {} }}", self.fresh_until)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.workspace)
    }
}

impl Vault {
    /// `workspace` is the workspace's id. `current` and `previous` are values of `VAULT_KEY`: standard base64 of
    /// 32 bytes. An empty `previous` is none.
    pub fn new(workspace: &str, current: &str, previous: Option<&str>) -> Result<Self, VaultError> {
        Ok(Self {
            workspace: workspace.to_owned(),
            current: Keys::new(workspace, current)?,
            previous: previous
                .filter(|key| !key.trim().is_empty())
                .map(|key| Keys::new(workspace, key))
                .transpose()?,
        })
    }

    /// Seals `plain` for the key-value key `place`.
    pub fn seal(&self, random: &dyn Random, place: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce);
        let cipher = self.current.cipher()?;
        let sealed = cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
            .map_err(|_| VaultError::NotSealed)?;
        Ok([&[FORMAT][..], &self.current.fingerprint, &nonce, &sealed].concat())
    }

    /// Opens what was sealed for `place`, with the current or the previous key.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let parts = Parts::of(sealed)?;
        let keys = [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|keys| keys.fingerprint == parts.fingerprint)
            .ok_or(VaultError::UnknownKey)?;
        keys.cipher()?
            .decrypt(&Nonce::from(parts.nonce), Payload { msg: parts.ciphertext, aad: place.as_bytes() })
            .map_err(|_| VaultError::Refused)
    }

    /// Whether it was sealed with another key than the current one.
    pub fn needs_reseal(&self, sealed: &[u8]) -> Result<bool, VaultError> {
        Ok(Parts::of(sealed)?.fingerprint != self.current.fingerprint)
    }

    /// Keeps an integration's secret. A version is written once: the caller counts it up in SQLite first, so
    /// that a stale read of the store cannot serve an older secret under the new number.
    pub async fn put_secret(
        &self,
        kv: &dyn Kv,
        random: &dyn Random,
        integration: &IntegrationId,
        version: u32,
        secret: &[u8],
    ) -> Result<(), VaultError> {
        let place = self.secret_place(integration, version);
        kv.put(&place, &self.seal(random, &place, secret)?, None).await?;
        Ok(())
    }

    /// `None` when the store has no such version (yet: a write may take a minute to be seen everywhere).
    pub async fn get_secret(
        &self,
        kv: &dyn Kv,
        integration: &IntegrationId,
        version: u32,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let place = self.secret_place(integration, version);
        kv.get(&place).await?.map(|sealed| self.open(&place, &sealed)).transpose()
    }

    /// Moves a secret to the current key; true when it had to be moved.
    pub async fn reseal(
        &self,
        kv: &dyn Kv,
        random: &dyn Random,
        integration: &IntegrationId,
        version: u32,
    ) -> Result<bool, VaultError> {
        let place = self.secret_place(integration, version);
        let Some(sealed) = kv.get(&place).await? else { return Ok(false) };
        if !self.needs_reseal(&sealed)? {
            return Ok(false);
        }
        let plain = self.open(&place, &sealed)?;
        kv.put(&place, &self.seal(random, &place, &plain)?, None).await?;
        Ok(true)
    }

    /// Forgets a version's secret and its tokens.
    pub async fn delete(
        &self,
        kv: &dyn Kv,
        integration: &IntegrationId,
        version: u32,
    ) -> Result<(), VaultError> {
        for purpose in ["", CALENDAR] {
            kv.delete(&self.token_place(TokenName { integration, version, purpose })).await?;
        }
        kv.delete(&self.secret_place(integration, version)).await?;
        Ok(())
    }

    /// Keeps a secret that belongs to a person rather than to an integration: a webhook URL, a login token.
    /// `name` is written once, so that a stale read serves nothing old.
    pub async fn put_named(
        &self,
        kv: &dyn Kv,
        random: &dyn Random,
        name: &str,
        secret: &[u8],
    ) -> Result<(), VaultError> {
        let place = self.named_place(name);
        kv.put(&place, &self.seal(random, &place, secret)?, None).await?;
        Ok(())
    }

    /// `None` when there is none (yet: see [`Self::get_secret`]). Moves it to the current key when it is under
    /// the previous one.
    pub async fn get_named(
        &self,
        kv: &dyn Kv,
        random: &dyn Random,
        name: &str,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let place = self.named_place(name);
        let Some(sealed) = kv.get(&place).await? else { return Ok(None) };
        let plain = self.open(&place, &sealed)?;
        if self.needs_reseal(&sealed)? {
            kv.put(&place, &self.seal(random, &place, &plain)?, None).await?;
        }
        Ok(Some(plain))
    }

    pub async fn delete_named(&self, kv: &dyn Kv, name: &str) -> Result<(), VaultError> {
        Ok(kv.delete(&self.named_place(name)).await?)
    }

    /// Keeps an access token until it is no longer fresh.
    pub async fn cache_token(
        &self,
        kv: &dyn Kv,
        random: &dyn Random,
        name: TokenName<'_>,
        token: &CachedToken,
        now: Millis,
    ) -> Result<(), VaultError> {
        let place = self.token_place(name);
        let plain = serde_json::to_vec(token).map_err(|_| VaultError::NotSealed)?;
        let seconds = ((token.fresh_until - now) / SECOND).max(SHORTEST_LIFE);
        kv.put(&place, &self.seal(random, &place, &plain)?, u64::try_from(seconds).ok()).await?;
        Ok(())
    }

    /// The kept token, if it is still fresh. One that does not open is an error, and safe to take as none.
    pub async fn get_token(
        &self,
        kv: &dyn Kv,
        name: TokenName<'_>,
        now: Millis,
    ) -> Result<Option<CachedToken>, VaultError> {
        let place = self.token_place(name);
        let Some(sealed) = kv.get(&place).await? else { return Ok(None) };
        let token: CachedToken =
            serde_json::from_slice(&self.open(&place, &sealed)?).map_err(|_| VaultError::Malformed)?;
        Ok(Some(token).filter(|token| token.fresh_until > now))
    }

    /// A key for one purpose of this workspace. Changes with `VAULT_KEY`.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        self.current.derive(purpose)
    }

    /// HMAC-SHA256 of `data` under [`Self::derive`].
    #[must_use]
    pub fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        mac(&self.current.derive(purpose), data)
    }

    /// Whether `tag` is [`Self::mac`] of `data`, under the current or the previous key: links in messages
    /// outlive a rotation. Constant time.
    #[must_use]
    pub fn mac_matches(&self, purpose: &str, data: &[u8], tag: &[u8]) -> bool {
        let matches = |keys: &Keys| bool::from(mac(&keys.derive(purpose), data).ct_eq(tag));
        matches(&self.current) | self.previous.as_ref().is_some_and(matches)
    }

    fn secret_place(&self, integration: &IntegrationId, version: u32) -> String {
        format!("secret/{}/{integration}/{version}", self.workspace)
    }

    fn named_place(&self, name: &str) -> String {
        format!("secret/{}/named/{name}", self.workspace)
    }

    fn token_place(&self, name: TokenName<'_>) -> String {
        let TokenName { integration, version, purpose } = name;
        let slash = if purpose.is_empty() { "" } else { "/" };
        format!("token/{}/{integration}/{version}{slash}{purpose}", self.workspace)
    }
}

/// What one `VAULT_KEY` gives one workspace.
#[derive(Clone)]
struct Keys {
    root: Hkdf<Sha256>,
    workspace: String,
    sealing: [u8; 32],
    fingerprint: [u8; FINGERPRINT],
}

impl Keys {
    fn new(workspace: &str, base64: &str) -> Result<Self, VaultError> {
        let bytes: [u8; 32] = BASE64_STANDARD
            .decode(base64.trim())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(VaultError::BadKey)?;
        let root = Hkdf::<Sha256>::new(None, &bytes);
        let sealing = expand(&root, &format!("todoke/vault/v1/{workspace}"));
        let fingerprint = expand(&root, &format!("todoke/fingerprint/v1/{workspace}"));
        Ok(Self { root, workspace: workspace.to_owned(), sealing, fingerprint })
    }

    fn cipher(&self) -> Result<Aes256Gcm, VaultError> {
        Aes256Gcm::new_from_slice(&self.sealing).map_err(|_| VaultError::BadKey)
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        expand(&self.root, &format!("todoke/derive/v1/{}/{purpose}", self.workspace))
    }
}

fn expand<const N: usize>(root: &Hkdf<Sha256>, info: &str) -> [u8; N] {
    let mut out = [0; N];
    // Fails only past 8,160 bytes (255 blocks); N is 4 or 32.
    let expanded = root.expand(info.as_bytes(), &mut out);
    debug_assert!(expanded.is_ok());
    out
}

fn mac(key: &[u8; 32], data: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length, so the error does not happen.
    <Hmac<Sha256> as Mac>::new_from_slice(key)
        .map(|mac| mac.chain_update(data).finalize().into_bytes().into())
        .unwrap_or_default()
}

struct Parts<'a> {
    fingerprint: [u8; FINGERPRINT],
    nonce: [u8; NONCE],
    ciphertext: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(sealed: &'a [u8]) -> Result<Self, VaultError> {
        let (format, rest) = sealed.split_first().ok_or(VaultError::Malformed)?;
        let (fingerprint, rest) = rest.split_first_chunk().ok_or(VaultError::Malformed)?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(VaultError::Malformed)?;
        if *format != FORMAT {
            return Err(VaultError::Malformed);
        }
        Ok(Self { fingerprint: *fingerprint, nonce: *nonce, ciphertext })
    }
}

#[cfg(test)]
pub(crate) mod tests;
