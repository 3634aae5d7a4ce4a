//! A small HTTP/1.1 client for the programs on this machine: one request, one connection, plain.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::Result;

/// A server and what goes with every request to it.
#[derive(Clone)]
pub(crate) struct Client {
    /// `host:port`.
    address: String,
    headers: Vec<(String, String)>,
}

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// `base` is `http://host:port`.
    pub(crate) fn new(base: &str) -> Self {
        Self {
            address: base.trim_start_matches("http://").trim_end_matches('/').to_owned(),
            headers: Vec::new(),
        }
    }

    /// The same server with one more header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, &[])
    }

    /// A request with JSON whose answer must be 2xx JSON (or empty, then `null`).
    pub(crate) fn json(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let bytes = body.map(Value::to_string).unwrap_or_default();
        let answer = self.send(method, path, bytes.as_bytes())?;
        let text = String::from_utf8_lossy(&answer.body);
        if !(200..300).contains(&answer.status) {
            return Err(format!("{method} {path} answered {}: {}", answer.status, text.trim()));
        }
        if text.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| format!("{method} {path} did not answer JSON: {error}"))
    }

    pub(crate) fn send(&self, method: &str, path: &str, body: &[u8]) -> Result<Answer> {
        self.exchange(method, path, body)
            .map_err(|error| format!("{method} http://{}{path}: {error}", self.address))
    }

    fn exchange(&self, method: &str, path: &str, body: &[u8]) -> std::result::Result<Answer, std::io::Error> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() || method != "GET" {
            head += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        head += "\r\n";
        stream.write_all(&[head.as_bytes(), body].concat())?;
        // The end is where the answer says: not every server closes the connection at once when asked to.
        let mut bytes = Vec::new();
        let mut part = [0; 16 * 1024];
        loop {
            let read = stream.read(&mut part)?;
            bytes.extend_from_slice(part.get(..read).unwrap_or_default());
            if let Some(answer) = parse(&bytes, read == 0) {
                return Ok(answer);
            }
            if read == 0 {
                return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "not an HTTP answer"));
            }
        }
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A whole answer; `None` while a part is missing. One without a length ends with the connection (`closed`).
fn parse(bytes: &[u8], closed: bool) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let rest = bytes.get(end + 4..)?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut answer = Answer { status, headers, body: Vec::new() };
    answer.body = match answer.header("transfer-encoding") {
        Some(coding) if coding.eq_ignore_ascii_case("chunked") => unchunk(rest)?,
        _ => match answer.header("content-length") {
            Some(length) => rest.get(..length.parse().ok()?)?.to_vec(),
            None if closed || matches!(status, 204 | 304) => rest.to_vec(),
            None => return None,
        },
    };
    Some(answer)
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let line = std::str::from_utf8(rest.get(..end)?).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let from = end + 2;
        body.extend_from_slice(rest.get(from..from.checked_add(size)?)?);
        rest = rest.get(from + size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_it_says() {
        let plain = b"HTTP/1.1 201 Created\r\nSet-Cookie: s=1; HttpOnly\r\nContent-Length: 2\r\n\r\nok";
        let answer = parse(plain, false).unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (201, b"ok".as_slice()));
        assert_eq!(answer.header("set-cookie"), Some("s=1; HttpOnly"));
        let chunked =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab\r\n\r\n3;x=y\r\ncde\r\n0\r\n\r\n";
        assert_eq!(parse(chunked, false).unwrap().body, b"ab\r\ncde");
        assert_eq!(parse(b"HTTP/1.1 204 No Content\r\n\r\n", false).unwrap().status, 204);
        let open = b"HTTP/1.0 200 OK\r\n\r\nall";
        assert_eq!(parse(open, false), None);
        assert_eq!(parse(open, true).unwrap().body, b"all");
    }

    #[test]
    fn what_is_cut_short_is_no_answer() {
        for bytes in [
            b"".as_slice(),
            b"HTTP/1.1 200 OK\r\n",
            b"SSH-2.0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nab",
        ] {
            assert_eq!(parse(bytes, true), None);
        }
    }
}
