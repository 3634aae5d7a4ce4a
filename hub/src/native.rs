//! The ports on this machine, for tests and the simulation: SQLite that refuses what a Durable Object
//! refuses, a clock that only moves when told, randomness from a seed, and a runner that drives futures in
//! virtual time. Nothing in here is part of the product.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "test equipment: fail loudly")]

mod runner;
mod sqlite;

pub use runner::{ClockPort, Runner, VirtualClock, yield_now};
pub use sqlite::Sqlite;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey};
use p256::{
    NonZeroScalar, PublicKey, SecretKey,
    ecdh::diffie_hellman,
    ecdsa::{Signature, SigningKey, signature::Signer as _},
    elliptic_curve::sec1::ToEncodedPoint,
    pkcs8::{DecodePrivateKey, EncodePrivateKey},
};
use sha2::{Digest, Sha256};
use shared::time::Millis;

use crate::ports::{
    Agreed, Alarm, Audience, IoError, KeyPair, Kv, KvError, Live, Log, Random, SignError, Signer, SqlError,
    Tcp, TcpStream, Tls,
};

/// A value, and when it is forgotten.
pub type Entry = (Vec<u8>, Option<Millis>);

/// Key-value storage in memory; every call yields once, so that a crash can fall between.
#[derive(Default)]
pub struct MemoryKv {
    pub entries: RefCell<BTreeMap<String, Entry>>,
    clock: Option<Rc<VirtualClock>>,
}

impl MemoryKv {
    #[must_use]
    pub fn new(clock: Rc<VirtualClock>) -> Self {
        Self { entries: RefCell::default(), clock: Some(clock) }
    }

    fn now(&self) -> Millis {
        self.clock.as_ref().map_or(0, |clock| clock.get())
    }
}

#[async_trait(?Send)]
impl Kv for MemoryKv {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KvError> {
        runner::yield_now().await;
        let now = self.now();
        let entries = self.entries.borrow();
        Ok(entries
            .get(key)
            .filter(|(_, until)| until.is_none_or(|at| at > now))
            .map(|(value, _)| value.clone()))
    }

    async fn put(&self, key: &str, value: &[u8], expires_in: Option<u64>) -> Result<(), KvError> {
        runner::yield_now().await;
        if expires_in.is_some_and(|seconds| seconds < 60) {
            return Err(KvError("expires in less than 60 s".into()));
        }
        let until = expires_in.map(|seconds| self.now() + i64::try_from(seconds).unwrap() * 1_000);
        self.entries.borrow_mut().insert(key.to_owned(), (value.to_vec(), until));
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), KvError> {
        runner::yield_now().await;
        self.entries.borrow_mut().remove(key);
        Ok(())
    }
}

/// xorshift64*: the same seed, the same bytes.
pub struct SeededRandom(Cell<u64>);

impl SeededRandom {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
    }

    pub fn next(&self) -> u64 {
        let mut x = self.0.get();
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.0.set(x);
        x.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.iter_mut().zip(self.next().to_le_bytes()).for_each(|(byte, random)| *byte = random);
        }
    }
}

/// Keeps what pages would hear, and whose were closed.
#[derive(Default)]
pub struct RecordedLive(pub RefCell<Vec<(Audience, String)>>, pub RefCell<Vec<Audience>>);

impl Live for RecordedLive {
    fn publish(&self, audience: Audience, text: &str) {
        self.0.borrow_mut().push((audience, text.to_owned()));
    }

    fn close(&self, audience: &Audience) {
        self.1.borrow_mut().push(audience.clone());
    }
}

/// The time the alarm would ring.
#[derive(Default)]
pub struct RecordedAlarm(pub Cell<Option<Millis>>);

#[async_trait(?Send)]
impl Alarm for RecordedAlarm {
    async fn set(&self, at: Option<Millis>) -> Result<(), SqlError> {
        self.0.set(at);
        runner::yield_now().await;
        Ok(())
    }
}

#[derive(Default)]
pub struct RecordedLog(pub RefCell<Vec<String>>);

impl Log for RecordedLog {
    fn line(&self, text: &str) {
        self.0.borrow_mut().push(text.to_owned());
    }
}

/// No TCP at all.
pub struct NoTcp;

#[async_trait(?Send)]
impl Tcp for NoTcp {
    async fn connect(&self, _: &str, _: u16, _: Tls) -> Result<Box<dyn TcpStream>, IoError> {
        Err(IoError::NotSent("no TCP here".into()))
    }
}

/// Signatures and agreements in this process. Its keys on P-256 are different ones, and no secrets.
pub struct RsaSigner;

#[async_trait(?Send)]
impl Signer for RsaSigner {
    async fn rs256(&self, pkcs8: &[u8], input: &[u8]) -> Result<Vec<u8>, SignError> {
        runner::yield_now().await;
        let body = BASE64_STANDARD.encode(pkcs8);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| SignError)?;
        let signature = jsonwebtoken::crypto::sign(input, &key, Algorithm::RS256).map_err(|_| SignError)?;
        BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| SignError)
    }

    async fn p256_pair(&self) -> Result<KeyPair, SignError> {
        runner::yield_now().await;
        let key = new_key();
        let pkcs8 = key.to_pkcs8_der().map_err(|_| SignError)?.as_bytes().to_vec();
        Ok(KeyPair { public: point(&key.public_key()), pkcs8 })
    }

    async fn es256(&self, pkcs8: &[u8], input: &[u8]) -> Result<Vec<u8>, SignError> {
        runner::yield_now().await;
        let key = SigningKey::from_pkcs8_der(pkcs8).map_err(|_| SignError)?;
        let signature: Signature = key.sign(input);
        Ok(signature.to_bytes().to_vec())
    }

    async fn p256_agree(&self, theirs: &[u8]) -> Result<Agreed, SignError> {
        runner::yield_now().await;
        let theirs = PublicKey::from_sec1_bytes(theirs).map_err(|_| SignError)?;
        let key = new_key();
        let own = NonZeroScalar::from(&key);
        let secret = diffie_hellman(own, theirs.as_affine()).raw_secret_bytes().to_vec();
        Ok(Agreed { public: point(&key.public_key()), secret })
    }
}

/// Another one each time.
fn new_key() -> SecretKey {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    SecretKey::from_slice(&Sha256::digest(number.to_be_bytes())).expect("a scalar")
}

fn point(key: &PublicKey) -> Vec<u8> {
    key.to_encoded_point(false).as_bytes().to_vec()
}
