//! Posting callbacks: one attempt, over plain HTTP/1.1 where a route plays DNS and TLS.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::Hall;
use crate::world::{Callback, NoReply, Reply};

/// Largest head and body of a reply that are read.
const REPLY_MAX: u64 = 64 * 1024;

/// Posts a callback and records its answer.
pub(super) async fn post(hall: Arc<Hall>, callback: Callback) {
    let outcome = match hall.route(&callback.url) {
        Some((to, path)) => {
            match tokio::time::timeout(patience(callback.provider), exchange(&to, &path, &callback)).await {
                Ok(Ok(reply)) => Ok(reply),
                Ok(Err(_)) => Err(NoReply::Refused),
                Err(_) => Err(NoReply::TimedOut),
            }
        }
        None => Err(NoReply::Refused),
    };
    hall.with(|world, _| world.callback_replied(callback.id, &outcome));
}

/// How long a provider waits for an answer.
pub(super) fn patience(provider: &str) -> Duration {
    match provider {
        // line.md §5: longer is recorded as a timeout.
        "line" => Duration::from_secs(2),
        "slack" => Duration::from_secs(3),
        // google_chat.md §5.2
        "google_chat" => Duration::from_secs(30),
        _ => Duration::from_secs(10),
    }
}

/// Sends the request and reads the reply.
async fn exchange(to: &str, path: &str, callback: &Callback) -> io::Result<Reply> {
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
    read(BufReader::new((&mut stream).take(REPLY_MAX))).await
}

async fn read(mut stream: impl tokio::io::AsyncBufRead + Unpin) -> io::Result<Reply> {
    let broken = || io::Error::new(io::ErrorKind::InvalidData, "not an HTTP reply");
    let mut reply = Reply::default();
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    reply.status = line.split(' ').nth(1).and_then(|status| status.trim().parse().ok()).ok_or_else(broken)?;
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(reply);
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) => reply.headers.push((name.to_owned(), value.trim().to_owned())),
            None => break,
        }
    }
    if reply.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(size, 16).map_err(|_| broken())?;
            if size == 0 {
                return Ok(reply);
            }
            (&mut stream).take(size).read_to_end(&mut reply.body).await?;
            line.clear();
            stream.read_line(&mut line).await?;
        }
    }
    let length = reply.header("content-length").and_then(|length| length.parse().ok());
    // Without a length it ends with the connection.
    (&mut stream).take(length.unwrap_or(REPLY_MAX)).read_to_end(&mut reply.body).await?;
    Ok(reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reply_is_read_however_its_length_is_told() {
        for (raw, status, body) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", 200, "abc"),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
                200,
                "abcde",
            ),
            ("HTTP/1.1 500 Internal Server Error\r\nX-Slack-No-Retry: 1\r\n\r\nabc", 500, "abc"),
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        ] {
            let reply = read(raw.as_bytes()).await.unwrap();
            assert_eq!(
                (reply.status, String::from_utf8(reply.body.clone()).unwrap().as_str()),
                (status, body)
            );
            assert_eq!(reply.header("x-slack-no-retry"), (status == 500).then_some("1"));
        }
        assert!(read(&b"nonsense"[..]).await.is_err());
    }
}
