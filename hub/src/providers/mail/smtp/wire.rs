//! Lines and replies over one connection.

use smtp_proto::response::parser::ResponseReceiver;

use super::verdict::{Failure, Stage};
use crate::ports::{IoError, TcpStream};

/// Longest reply, all its lines together: far above any real one.
const REPLY_LIMIT: usize = 64 * 1_024;

pub(super) struct Wire {
    stream: Box<dyn TcpStream>,
    /// Read but not yet understood.
    pending: Vec<u8>,
}

/// One reply, one or more lines.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// RFC 3463, zeros where the server gives none.
    pub(super) status: [u8; 3],
    text: String,
    /// As it came, for the parser of EHLO.
    pub(super) raw: Vec<u8>,
}

impl Wire {
    pub(super) const fn new(stream: Box<dyn TcpStream>) -> Self {
        Self { stream, pending: Vec::new() }
    }

    /// Writes one line and reads its reply. `line` has no CR or LF: addresses are checked, the rest is
    /// base64 or ours.
    pub(super) async fn command(&mut self, line: &str, timeout_ms: u32) -> Result<Reply, Failure> {
        self.write(format!("{line}\r\n").as_bytes()).await?;
        self.reply(timeout_ms).await
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.stream.write(bytes).await.map_err(Failure::Lost)
    }

    pub(super) async fn reply(&mut self, timeout_ms: u32) -> Result<Reply, Failure> {
        loop {
            if let Some(length) = reply_length(&self.pending)? {
                let rest = self.pending.split_off(length);
                return Reply::read(std::mem::replace(&mut self.pending, rest));
            }
            if self.pending.len() > REPLY_LIMIT {
                return Err(Failure::Garbled("an endless reply".to_owned()));
            }
            let bytes = self.stream.read(timeout_ms).await.map_err(Failure::Lost)?;
            if bytes.is_empty() {
                return Err(Failure::Lost(IoError::NoAnswer("the server closed the connection".to_owned())));
            }
            self.pending.extend_from_slice(&bytes);
        }
    }

    /// What was read before is thrown away: nothing said in the clear may count as said under encryption
    /// (RFC 3207 §4.2).
    pub(super) async fn start_tls(self) -> Result<Self, Failure> {
        let stream = self.stream.start_tls().await.map_err(Failure::Lost)?;
        Ok(Self::new(stream))
    }

    pub(super) async fn close(&mut self) {
        self.stream.close().await;
    }
}

impl Reply {
    fn read(raw: Vec<u8>) -> Result<Self, Failure> {
        let code = code_of(&raw).ok_or_else(|| Failure::Garbled("a reply without a code".to_owned()))?;
        // The whole reply is there, so the only way to fail is a text over the parser's 4 KiB: the code
        // alone says enough then.
        Ok(match ResponseReceiver::default().parse(&mut raw.iter()) {
            Ok(response) => Self { code, status: response.esc, text: response.message, raw },
            Err(_) => Self { code, status: [0; 3], text: String::new(), raw },
        })
    }

    /// Passes when the code's first digit is `class`.
    pub(super) fn expect(self, stage: Stage, class: u16) -> Result<Self, Failure> {
        if self.code / 100 == class { Ok(self) } else { Err(Failure::Reply(stage, self)) }
    }

    /// The server's words on one line, without the `secrets`.
    pub(super) fn words(&self, secrets: &[String]) -> String {
        let mut text = self.text.clone();
        for secret in secrets {
            text = text.replace(secret, "…");
        }
        let text = on_one_line(&text);
        let [class, subject, detail] = self.status;
        let status = if class == 0 { String::new() } else { format!(" {class}.{subject}.{detail}") };
        format!("{}{status} {text}", self.code).trim_end().to_owned()
    }

    /// True when `word` is in the server's words, in any case.
    pub(super) fn mentions(&self, word: &str) -> bool {
        self.text.to_ascii_lowercase().contains(word)
    }
}

fn on_one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Length of the first whole reply in `bytes`; none while its last line is not there.
fn reply_length(bytes: &[u8]) -> Result<Option<usize>, Failure> {
    let mut length = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if !line.ends_with(b"\n") {
            break;
        }
        length += line.len();
        if code_of(line).is_none() {
            return Err(Failure::Garbled("a line that is no reply".to_owned()));
        }
        if line.get(3) != Some(&b'-') {
            return Ok(Some(length));
        }
    }
    Ok(None)
}

fn code_of(line: &[u8]) -> Option<u16> {
    let [a, b, c, after, ..] = line else { return None };
    let digits = [a, b, c];
    if !digits.iter().all(|digit| digit.is_ascii_digit()) || !b" -\r\n".contains(after) {
        return None;
    }
    Some(digits.iter().fold(0, |code, digit| code * 10 + u16::from(**digit - b'0')))
}

/// The message as it goes over the wire (RFC 5321 §4.5.2): a dot more before each line that starts with
/// one, a line break at the end. The final dot is not in it.
pub(super) fn stuff(message: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(message.len() + message.len() / 64 + 2);
    let mut line_start = true;
    for byte in message {
        if line_start && *byte == b'.' {
            stuffed.push(b'.');
        }
        stuffed.push(*byte);
        line_start = *byte == b'\n';
    }
    if !stuffed.ends_with(b"\r\n") {
        stuffed.extend_from_slice(b"\r\n");
    }
    stuffed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a server does with the lines before the final dot.
    fn unstuff(wire: &[u8]) -> Vec<u8> {
        let mut message = Vec::new();
        for line in wire.split_inclusive(|byte| *byte == b'\n') {
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        }
        message
    }

    #[test]
    fn stuffing() {
        for (message, wire) in [
            ("", "\r\n"),
            (".", "..\r\n"),
            ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n"),
            ("..a\r\n", "...a\r\n"),
            ("a.b\r\n", "a.b\r\n"),
        ] {
            assert_eq!(stuff(message.as_bytes()), wire.as_bytes(), "{message:?}");
        }
    }

    proptest! {
        #[test]
        fn a_server_gets_back_the_message_and_sees_no_end_in_it(message in "[.a\r\n]{0,40}") {
            let wire = stuff(message.as_bytes());
            let read = unstuff(&wire);
            prop_assert_eq!(read.strip_suffix(b"\r\n").unwrap(), message.strip_suffix("\r\n").unwrap_or(&message).as_bytes());
            let as_read = [b"\r\n".as_slice(), &wire].concat();
            for end in [b"\n.\r\n".as_slice(), b"\n.\n"] {
                prop_assert!(!as_read.windows(end.len()).any(|window| window == end));
            }
        }
    }
}
