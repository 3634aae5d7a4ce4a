//! Posting callbacks: one attempt, over plain HTTP/1.1 where a route plays DNS and TLS.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::Hall;
use crate::world::Callback;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Posts a callback and records its answer.
pub(super) async fn post(hall: Arc<Hall>, callback: Callback) {
    let status = match hall.route(&callback.url) {
        Some((to, path)) => {
            tokio::time::timeout(TIMEOUT, exchange(&to, &path, &callback)).await.ok().and_then(Result::ok)
        }
        None => None,
    };
    hall.with(|world, _| world.callback_answered(callback.id, status));
}

/// Sends the request and gives the status of the reply; the rest of it does not matter.
async fn exchange(to: &str, path: &str, callback: &Callback) -> io::Result<u16> {
    let mut stream = TcpStream::connect(to).await?;
    let host = callback.url.strip_prefix("https://").unwrap_or_default();
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let mut head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\n");
    for (name, value) in &callback.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", callback.body.len()));
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&callback.body).await?;
    let mut line = String::new();
    BufReader::new(&mut stream).read_line(&mut line).await?;
    line.split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no status line"))
}
