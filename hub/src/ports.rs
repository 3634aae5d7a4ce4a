//! What the hub needs from the world, as small traits. `edge-worker` has one file per trait; the simulation
//! has the same traits over a virtual world, so that every line of the hub runs in both.
//!
//! Nothing here is `Send`: a workspace is one thread by construction.

use std::{fmt, rc::Rc};

use async_trait::async_trait;
use shared::time::Millis;

/// All ports of one workspace. Cloning is cheap.
#[derive(Clone)]
pub struct Ports {
    pub sql: Rc<dyn Sql>,
    pub kv: Rc<dyn Kv>,
    pub http: Rc<dyn Http>,
    pub tcp: Rc<dyn Tcp>,
    pub clock: Rc<dyn Clock>,
    pub random: Rc<dyn Random>,
    pub live: Rc<dyn Live>,
    pub alarm: Rc<dyn Alarm>,
    pub log: Rc<dyn Log>,
    pub signer: Rc<dyn Signer>,
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ports")
    }
}

/// The workspace's own SQLite. Synchronous: a burst of statements without an await in between is seen by
/// nobody half-done.
pub trait Sql {
    /// Runs one statement and answers how many rows it changed.
    fn exec(&self, sql: &str, params: &[Value]) -> Result<u64, SqlError>;
    /// Runs one statement whose count of rows nobody asks for: on the platform the count is a second call.
    fn run(&self, sql: &str, params: &[Value]) -> Result<(), SqlError> {
        self.exec(sql, params).map(drop)
    }
    /// Runs one statement and answers whether it wrote anything, which the platform says without a second call.
    fn wrote(&self, sql: &str, params: &[Value]) -> Result<bool, SqlError> {
        self.exec(sql, params).map(|rows| rows > 0)
    }
    /// Runs several statements without parameters (migrations).
    fn script(&self, sql: &str) -> Result<(), SqlError>;
    /// The first column of each row, as text; NULL is the empty string. Reads are written as
    /// `SELECT json_object(…)`, so that a row crosses from the platform as one string.
    fn texts(&self, sql: &str, params: &[Value]) -> Result<Vec<String>, SqlError>;
    /// Runs `body` so that either all of its writes stay or, when it answers an error, none.
    fn atomically(&self, body: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError>;
    /// Rows written since this object started, indexes included, as the platform counts them.
    fn rows_written(&self) -> u64;
    /// Size of the database in bytes.
    fn size(&self) -> u64;
}

/// One bound parameter. There is no boolean: a Durable Object binds it as text, so bind 0 or 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    /// Must stay within ±2^53: the platform passes numbers through a double.
    Int(i64),
    Text(String),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The store refused a statement. The text names the statement's fault, never a bound value.
#[derive(Debug, Clone, thiserror::Error)]
#[error("store: {0}")]
pub struct SqlError(pub String);

/// Key-value storage that outlives the workspace's object: encrypted secrets and cached tokens.
#[async_trait(?Send)]
pub trait Kv {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KvError>;
    /// Stores `value`; with `expires_in` (seconds, at least 60) it is forgotten by itself.
    async fn put(&self, key: &str, value: &[u8], expires_in: Option<u64>) -> Result<(), KvError>;
    async fn delete(&self, key: &str) -> Result<(), KvError>;
}

#[derive(Debug, Clone, thiserror::Error)]
#[error("key-value store: {0}")]
pub struct KvError(pub String);

/// Outgoing HTTP. Redirects are never followed.
#[async_trait(?Send)]
pub trait Http {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IoError>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `POST` …
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// Given up after this many milliseconds.
    pub timeout_ms: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// At most 1 MiB is kept.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first header of that lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Why an exchange failed, told apart by what the other side may have done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IoError {
    /// Nothing was sent: name not found, connection refused.
    #[error("not connected: {0}")]
    NotSent(String),
    /// Something was sent and no answer came: the other side may have acted.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

/// Outgoing TCP, for SMTP.
#[async_trait(?Send)]
pub trait Tcp {
    async fn connect(&self, host: &str, port: u16, tls: Tls) -> Result<Box<dyn TcpStream>, IoError>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Never encrypted; only to loopback in development.
    Off,
    /// Encrypted from the first byte (465).
    On,
    /// Plain until [`TcpStream::start_tls`] (587).
    Start,
}

#[async_trait(?Send)]
pub trait TcpStream {
    /// What arrived, at least one byte; empty means that the other side closed. Fails after `timeout_ms`.
    async fn read(&mut self, timeout_ms: u32) -> Result<Vec<u8>, IoError>;
    async fn write(&mut self, bytes: &[u8]) -> Result<(), IoError>;
    /// The same connection, encrypted; the old one is gone.
    async fn start_tls(self: Box<Self>) -> Result<Box<dyn TcpStream>, IoError>;
    async fn close(&mut self);
}

#[async_trait(?Send)]
pub trait Clock {
    /// Milliseconds since 1970 UTC. On the platform it stands still between awaits.
    fn now(&self) -> Millis;
    async fn sleep(&self, ms: u64);
}

pub trait Random {
    fn fill(&self, bytes: &mut [u8]);
}

/// Pages that listen on a WebSocket.
pub trait Live {
    /// Whether any page is open: saves the work of telling nobody.
    fn anyone(&self) -> bool {
        true
    }
    /// Hands `text` (one JSON message) to every open page that may see `audience`.
    fn publish(&self, audience: Audience, text: &str);
    /// Closes every open page of `audience`. A page that may still listen comes back by itself, as what it is now.
    fn close(&self, audience: &Audience);
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Pages of owners and admins.
    Admins,
    /// Pages of the admins of one company.
    Company(String),
    /// Pages of one member.
    Member(String),
}

/// The object's one alarm.
#[async_trait(?Send)]
pub trait Alarm {
    /// Sets it to `at`, or removes it.
    async fn set(&self, at: Option<Millis>) -> Result<(), SqlError>;
}

/// Lines for the operator. Callers never pass secrets, addresses or message text.
pub trait Log {
    fn line(&self, text: &str);
}

/// Signatures and the agreement of keys. In Wasm an RSA signature costs 20 ms of CPU and curves cost size, so that
/// the platform makes them (docs/decisions/0006, 0010).
#[async_trait(?Send)]
pub trait Signer {
    /// RSASSA-PKCS1-v1_5 with SHA-256 of `input`, by a key in PKCS#8 (DER).
    async fn rs256(&self, pkcs8: &[u8], input: &[u8]) -> Result<Vec<u8>, SignError>;
    /// A new key for [`Self::es256`].
    async fn p256_pair(&self) -> Result<KeyPair, SignError>;
    /// ECDSA on P-256 with SHA-256 of `input`, by a key in PKCS#8 (DER): r and s, 64 bytes.
    async fn es256(&self, pkcs8: &[u8], input: &[u8]) -> Result<Vec<u8>, SignError>;
    /// ECDH on P-256 with `theirs`, an uncompressed point, by a key made for this one time.
    async fn p256_agree(&self, theirs: &[u8]) -> Result<Agreed, SignError>;
}

/// A key on P-256. Has no `Debug`: it is a secret.
pub struct KeyPair {
    /// An uncompressed point, 65 bytes.
    pub public: Vec<u8>,
    /// DER.
    pub pkcs8: Vec<u8>,
}

/// What came of an agreement of keys. Has no `Debug`: it is a secret.
pub struct Agreed {
    /// Of the key made for it: an uncompressed point, 65 bytes.
    pub public: Vec<u8>,
    /// 32 bytes.
    pub secret: Vec<u8>,
}

/// The key cannot be used: not of the wanted kind, or no point of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be used")]
pub struct SignError;
