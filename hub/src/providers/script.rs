//! Test equipment for every provider: it answers by script. An unexpected request fails the test; whoever uses
//! it asserts at the end that no answer is left over.

use std::{cell::RefCell, rc::Rc};

use async_trait::async_trait;
use serde_json::Value;

use crate::{
    native::{
        ClockPort, MemoryKv, NoTcp, RecordedAlarm, RecordedLive, RecordedLog, RsaSigner, SeededRandom,
        Sqlite, VirtualClock, yield_now,
    },
    ports::{Http, HttpRequest, HttpResponse, IoError, Ports},
};

type Scripted = Result<HttpResponse, IoError>;

#[derive(Default)]
pub(crate) struct Script {
    /// `"METHOD /path"` and its answer, each used once.
    pub(crate) answers: RefCell<Vec<(String, Scripted)>>,
    pub(crate) seen: RefCell<Vec<HttpRequest>>,
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

impl Script {
    /// One answer for one request, `"METHOD /path"`.
    pub(crate) fn on(&self, request: &str, status: u16, body: &Value) {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.answer(request, Ok(HttpResponse { status, headers: vec![], body }));
    }

    pub(crate) fn answer(&self, request: &str, answer: Scripted) {
        self.answers.borrow_mut().push((request.to_owned(), answer));
    }

    /// `"METHOD /path"` of every request so far; fails when an answer was left over.
    pub(crate) fn asked(&self) -> Vec<String> {
        assert!(self.answers.borrow().is_empty(), "left over: {:?}", self.answers.borrow());
        self.seen.borrow().iter().map(path).collect()
    }

    pub(crate) fn request(&self, index: usize) -> HttpRequest {
        self.seen.borrow()[index].clone()
    }

    /// The body of a request, as JSON.
    pub(crate) fn sent(&self, index: usize) -> Value {
        serde_json::from_slice(&self.request(index).body).unwrap()
    }
}

/// Ports of which only the HTTP answers, by `script`.
pub(crate) fn ports(script: &Rc<Script>, clock: &Rc<VirtualClock>) -> Ports {
    Ports {
        sql: Rc::new(Sqlite::default()),
        kv: Rc::new(MemoryKv::new(Rc::clone(clock))),
        http: script.clone(),
        tcp: Rc::new(NoTcp),
        clock: Rc::new(ClockPort(Rc::clone(clock))),
        random: Rc::new(SeededRandom::new(1)),
        live: Rc::new(RecordedLive::default()),
        alarm: Rc::new(RecordedAlarm::default()),
        log: Rc::new(RecordedLog::default()),
        signer: Rc::new(RsaSigner),
    }
}

/// `"METHOD /path?query"`; every provider of a test lives at `https://{something}.test`.
pub(crate) fn path(request: &HttpRequest) -> String {
    let host = request.url.strip_prefix("https://").and_then(|rest| rest.split_once(".test"));
    let (_, path) = host.unwrap_or_else(|| panic!("elsewhere: {}", request.url));
    format!("{} {}", request.method, path.strip_prefix("/v1.0").unwrap_or(path))
}

// RSA keys made for these tests; they open nothing anywhere.
pub(crate) const PKCS8: &str = "-----BEGIN PRIVATE KEY-----
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
pub(crate) const PKCS1: &str = "-----BEGIN RSA PRIVATE KEY-----
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
pub(crate) const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDeSpHMv8DOqAaMuxNGgQ7rIyG+
R/eOBOlSFzrOXPQkHWAuPmL38NlyWqcp9ZAf9P2zn0dkb+yndBFWNX7Tto6Nob42
620BiO/fZysEEms4C7KoPovi9/yANf9Fu12ku02OCMexbnPuxJtHcA2RyEmziYpL
9FmPitsQ4b/dj94K3wIDAQAB
-----END PUBLIC KEY-----
";
/// 512 bits: too short to sign with RS256 safely.
pub(crate) const SHORT: &str = "-----BEGIN RSA PRIVATE KEY-----
MIIBOgIBAAJBANK4WdM3M6V90TbYXZeyw2p8AUAodcEUuJ8prdsj0jkXj5y3R5uV
gh9WR6Z1FVAbttBmTC1He1mpHfsnMlKyReMCAwEAAQJAI5Lr1zSii3XKNDAi3NFZ
HEkDDQnHl2kgIf6vUyeg/fIl5oD+d1ILhJGohaa/QOYMjrpkb/kP6qEKpEokBqVM
QQIhAOu062bvq+4/X2di83iH5idh2vNHkg8ElcWuREhXu5/XAiEA5Ny3N0sXO5ym
yv4b4FqBJFSnaPJaigx+B0lCPFVy+NUCIQDKspgpunyJczgxKZglFAFp5q4qvmat
wYynJjkUWVZBmwIgCNTfmRmjtuAvq4usxbaYXy+JGkqn5cXfoyZXkP53JlUCIBgR
FzE4903hyzHMBspdLDuDMEuP0ftRKQUoXLB3HFW8
-----END RSA PRIVATE KEY-----
";
