//! Test equipment: a provider that answers by script. An unexpected request fails the test, and so does an
//! answer that nobody asked for.

use std::{cell::RefCell, rc::Rc};

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{Client, Endpoints, Kept, LineworksSecret, LineworksSettings, TokenCache};
use crate::{
    native::{
        ClockPort, MemoryKv, NoTcp, RecordedAlarm, RecordedLive, RecordedLog, SeededRandom, Sqlite,
        VirtualClock, yield_now,
    },
    ports::{Http, HttpRequest, HttpResponse, IoError, Ports},
    vault::tests::{integration, vault},
};

pub(super) const NOW: i64 = 1_795_000_000_123;

pub(super) struct World {
    pub(super) clock: Rc<VirtualClock>,
    pub(super) kv: Rc<MemoryKv>,
    pub(super) script: Rc<Script>,
    pub(super) tokens: Rc<TokenCache>,
    pub(super) settings: LineworksSettings,
    pub(super) secret: LineworksSecret,
    pub(super) version: Option<u32>,
    ports: Ports,
}

impl World {
    pub(super) fn new() -> Self {
        let clock = VirtualClock::at(NOW);
        let kv = Rc::new(MemoryKv::new(Rc::clone(&clock)));
        let script = Rc::new(Script::default());
        let ports = Ports {
            sql: Rc::new(Sqlite::default()),
            kv: kv.clone(),
            http: script.clone(),
            tcp: Rc::new(NoTcp),
            clock: Rc::new(ClockPort(Rc::clone(&clock))),
            random: Rc::new(SeededRandom::new(1)),
            live: Rc::new(RecordedLive::default()),
            alarm: Rc::new(RecordedAlarm::default()),
            log: Rc::new(RecordedLog::default()),
        };
        let settings = LineworksSettings {
            client_id: "client-1".into(),
            service_account: "x1.serviceaccount@minato".into(),
            domain_id: 40_029_600,
            bot_admin: "sato@minato".into(),
            bot_subadmin: String::new(),
            bot_name: "Todoke通知".into(),
            bot_id: Some(7),
        };
        let secret =
            LineworksSecret { client_secret: "s3cret/+".into(), private_key: PKCS8.into(), bot_secret: None };
        Self { clock, kv, script, tokens: Rc::default(), settings, secret, version: Some(1), ports }
    }

    /// With a token request that succeeds with `t-1`.
    pub(super) fn signed_in() -> Self {
        let world = Self::new();
        world.token("t-1");
        world
    }

    pub(super) fn client(&self) -> Client {
        let kept = self.version.map(|version| Kept { vault: vault(), integration: integration(), version });
        let endpoints = Endpoints { auth: "https://auth.test".into(), api: "https://api.test/v1.0".into() };
        Client::new(
            &self.ports,
            endpoints,
            self.settings.clone(),
            self.secret.clone(),
            Rc::clone(&self.tokens),
            kept,
        )
    }

    pub(super) fn token(&self, token: &str) {
        let body = json!({"access_token": token, "refresh_token": "r", "scope": "bot", "token_type": "Bearer", "expires_in": "86400"});
        self.on(TOKEN, 200, &body);
    }

    /// One answer for one request, `"METHOD /path"`.
    pub(super) fn on(&self, request: &str, status: u16, body: &Value) {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.answer(request, Ok(HttpResponse { status, headers: vec![], body }));
    }

    pub(super) fn answer(&self, request: &str, answer: Result<HttpResponse, IoError>) {
        self.script.answers.borrow_mut().push((request.to_owned(), answer));
    }

    /// `"METHOD /path"` of every request so far; fails when an answer was left over.
    pub(super) fn asked(&self) -> Vec<String> {
        assert!(self.script.answers.borrow().is_empty(), "left over: {:?}", self.script.answers.borrow());
        self.script.seen.borrow().iter().map(path).collect()
    }

    pub(super) fn request(&self, index: usize) -> HttpRequest {
        self.script.seen.borrow()[index].clone()
    }
}

pub(super) const TOKEN: &str = "POST /oauth2/v2.0/token";

type Scripted = Result<HttpResponse, IoError>;

#[derive(Default)]
pub(super) struct Script {
    answers: RefCell<Vec<(String, Scripted)>>,
    seen: RefCell<Vec<HttpRequest>>,
}

#[async_trait(?Send)]
impl Http for Script {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IoError> {
        let path = path(&request);
        self.seen.borrow_mut().push(request);
        // Others may run while a request is under way.
        yield_now().await;
        let mut answers = self.answers.borrow_mut();
        let index = answers.iter().position(|(wanted, _)| *wanted == path);
        answers.remove(index.unwrap_or_else(|| panic!("unexpected {path}"))).1
    }
}

fn path(request: &HttpRequest) -> String {
    let path = request
        .url
        .strip_prefix("https://auth.test")
        .or_else(|| request.url.strip_prefix("https://api.test/v1.0"));
    format!("{} {}", request.method, path.unwrap_or_else(|| panic!("elsewhere: {}", request.url)))
}

// RSA keys made for these tests; they open nothing anywhere.
pub(super) const PKCS8: &str = "-----BEGIN PRIVATE KEY-----
MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBAN5Kkcy/wM6oBoy7
E0aBDusjIb5H944E6VIXOs5c9CQdYC4+Yvfw2XJapyn1kB/0/bOfR2Rv7Kd0EVY1
ftO2jo2hvjbrbQGI799nKwQSazgLsqg+i+L3/IA1/0W7XaS7TY4Ix7Fuc+7Em0dw
DZHISbOJikv0WY+K2xDhv92P3grfAgMBAAECgYEAy8up6AFVDyHU/2jzvwvLVaAb
64unVjkCgBR0AYYO/p0/9KWVrqLNeJ3L7BgKToIZpng8x8QlP1CWJGdfI1KXVWRO
2ZpLLDR3v6Yvup5w9zm8eQpuGm+kInxph8GUshmsgzz2vx+Nt46+68WH/ExmuQqO
H5UoThC2De15uiAOJ8ECQQD4oyHIZGHwD1UcTXDBIIvVomMduO3r3NyQKDq506TW
7ctPatlhLX22BeyN5V4Flf/5m0qMBswZMAOp0f+vaEDJAkEA5N+23kM9cv276bCq
Cxx2aZ6McKOgKq/7lhwDtymOQfHqdivlijq8rIaNFvCMtI+DbYt3Zd6eur9JiPO/
iHMqZwJBAL2kl8jkH/tdhnpO6tizfVTWRilOe1JypFzkAl7oegthVrhddC515zOl
8xcLwpoaHiMBemuxZ40ynSizPwVITFkCQH+YGKKgacmJmxEU5Dd9jqYjNbg2ADzM
Dz4IMCoUiLJK46MtpbICPN0RxeZcBJVEzMhtUAsCqQsDSUOIX+b6DVECQQDZa9Vm
up3/fR2t2hKl0+qasE9oAwLSDkN1w/fOvZKCSg2K4CpWK/HObfuVAaeD09Nx8C15
PvdCZRWRAIx3Ou8j
-----END PRIVATE KEY-----
";
pub(super) const PKCS1: &str = "-----BEGIN RSA PRIVATE KEY-----
MIICXgIBAAKBgQDeSpHMv8DOqAaMuxNGgQ7rIyG+R/eOBOlSFzrOXPQkHWAuPmL3
8NlyWqcp9ZAf9P2zn0dkb+yndBFWNX7Tto6Nob42620BiO/fZysEEms4C7KoPovi
9/yANf9Fu12ku02OCMexbnPuxJtHcA2RyEmziYpL9FmPitsQ4b/dj94K3wIDAQAB
AoGBAMvLqegBVQ8h1P9o878Ly1WgG+uLp1Y5AoAUdAGGDv6dP/Slla6izXidy+wY
Ck6CGaZ4PMfEJT9QliRnXyNSl1VkTtmaSyw0d7+mL7qecPc5vHkKbhpvpCJ8aYfB
lLIZrIM89r8fjbeOvuvFh/xMZrkKjh+VKE4Qtg3tebogDifBAkEA+KMhyGRh8A9V
HE1wwSCL1aJjHbjt69zckCg6udOk1u3LT2rZYS19tgXsjeVeBZX/+ZtKjAbMGTAD
qdH/r2hAyQJBAOTftt5DPXL9u+mwqgscdmmejHCjoCqv+5YcA7cpjkHx6nYr5Yo6
vKyGjRbwjLSPg22Ld2Xenrq/SYjzv4hzKmcCQQC9pJfI5B/7XYZ6TurYs31U1kYp
TntScqRc5AJe6HoLYVa4XXQudeczpfMXC8KaGh4jAXprsWeNMp0osz8FSExZAkB/
mBiioGnJiZsRFOQ3fY6mIzW4NgA8zA8+CDAqFIiySuOjLaWyAjzdEcXmXASVRMzI
bVALAqkLA0lDiF/m+g1RAkEA2WvVZrqd/30drdoSpdPqmrBPaAMC0g5DdcP3zr2S
gkoNiuAqVivxzm37lQGng9PTcfAteT73QmUVkQCMdzrvIw==
-----END RSA PRIVATE KEY-----
";
pub(super) const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDeSpHMv8DOqAaMuxNGgQ7rIyG+
R/eOBOlSFzrOXPQkHWAuPmL38NlyWqcp9ZAf9P2zn0dkb+yndBFWNX7Tto6Nob42
620BiO/fZysEEms4C7KoPovi9/yANf9Fu12ku02OCMexbnPuxJtHcA2RyEmziYpL
9FmPitsQ4b/dj94K3wIDAQAB
-----END PUBLIC KEY-----
";
/// 512 bits: too short to sign with RS256 safely.
pub(super) const SHORT: &str = "-----BEGIN RSA PRIVATE KEY-----
MIIBOgIBAAJBANK4WdM3M6V90TbYXZeyw2p8AUAodcEUuJ8prdsj0jkXj5y3R5uV
gh9WR6Z1FVAbttBmTC1He1mpHfsnMlKyReMCAwEAAQJAI5Lr1zSii3XKNDAi3NFZ
HEkDDQnHl2kgIf6vUyeg/fIl5oD+d1ILhJGohaa/QOYMjrpkb/kP6qEKpEokBqVM
QQIhAOu062bvq+4/X2di83iH5idh2vNHkg8ElcWuREhXu5/XAiEA5Ny3N0sXO5ym
yv4b4FqBJFSnaPJaigx+B0lCPFVy+NUCIQDKspgpunyJczgxKZglFAFp5q4qvmat
wYynJjkUWVZBmwIgCNTfmRmjtuAvq4usxbaYXy+JGkqn5cXfoyZXkP53JlUCIBgR
FzE4903hyzHMBspdLDuDMEuP0ftRKQUoXLB3HFW8
-----END RSA PRIVATE KEY-----
";
