//! A plain HTTP client, one connection a request, and a listening WebSocket.

use futures_util::StreamExt as _;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};
use shared::error::ErrorBody;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

use crate::failure::{Failure, Outcome, check, same};

/// Longer than the product ever takes to answer.
const PATIENCE: Duration = Duration::from_secs(90);

/// Somebody who talks to the product.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    port: u16,
    headers: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(port: u16) -> Self {
        Self { port, headers: Vec::new() }
    }

    /// The same with one more header; its name in lower case.
    pub(crate) fn with(&self, name: &str, value: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| known != name);
        client.headers.push((name.to_owned(), value.into()));
        client
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: impl Into<Vec<u8>>) -> Outcome<Answer> {
        match tokio::time::timeout(PATIENCE, self.exchange(method, path, body.into())).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::new(format!("{method} {path}: no answer"))),
        }
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Outcome<T> {
        self.send("GET", path, "").await?.read("GET", path)
    }

    /// Sends JSON and reads JSON; anything but a 2xx is a failure.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: &impl Serialize,
    ) -> Outcome<T> {
        self.send(method, path, serde_json::to_vec(body)?).await?.read(method, path)
    }

    /// A WebSocket to `/api/live`, or the status with which it was refused.
    pub(crate) async fn listen(&self) -> Outcome<Result<Live, u16>> {
        let mut request = format!("ws://127.0.0.1:{}/api/live", self.port).into_client_request()?;
        for (name, value) in &self.headers {
            let name: hyper::header::HeaderName = name.parse()?;
            request.headers_mut().insert(name, HeaderValue::from_str(value)?);
        }
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(Ok(Live(socket))),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Ok(Err(answer.status().as_u16())),
            Err(error) => Err(error.into()),
        }
    }

    async fn exchange(&self, method: &str, path: &str, body: Vec<u8>) -> Outcome<Answer> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let mut request = hyper::Request::builder().method(method).uri(path);
        request = request.header("host", format!("127.0.0.1:{}", self.port));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answer = sender.send_request(request.body(Full::new(Bytes::from(body)))?).await?;
        let status = answer.status().as_u16();
        let headers = answer.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
        let headers = headers.collect();
        let body = answer.into_body().collect().await?.to_bytes().to_vec();
        connection.abort();
        Ok(Answer { status, headers, body })
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The session of a sign-in, as a browser would send it back.
    pub(crate) fn cookie(&self) -> Option<&str> {
        self.header("set-cookie")?.split(';').next()
    }

    /// Fails unless this is a refusal with that status and code.
    pub(crate) fn refused(&self, status: u16, code: &str, what: &str) -> Outcome {
        same(self.status, status, format_args!("{what}: {}", self.text()))?;
        let body: ErrorBody = serde_json::from_slice(&self.body)?;
        same(serde_json::to_value(body.code)?, code.into(), what)
    }

    fn read<T: DeserializeOwned>(&self, method: &str, path: &str) -> Outcome<T> {
        let fine = (200..300).contains(&self.status);
        check(fine, format_args!("{method} {path}: {} {}", self.status, self.text()))?;
        serde_json::from_slice(&self.body)
            .map_err(|error| Failure::new(format!("{method} {path}: {error} in {}", self.text())))
    }
}

/// An open page's ear.
#[derive(Debug)]
pub(crate) struct Live(WebSocketStream<TcpStream>);

impl Live {
    /// The next message; fails after a while.
    pub(crate) async fn hear<T: DeserializeOwned>(&mut self) -> Outcome<T> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.0.next()).await;
            match next.map_err(|_| Failure::new("the live page heard nothing"))? {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text)?),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err(Failure::new("the live page was closed")),
            }
        }
    }
}
