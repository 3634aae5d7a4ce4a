//! The bytes after DATA: where they end, and whether they are a mail.

/// Longest line without its CR LF (RFC 5322 §2.1.1).
const LINE_MAX: usize = 998;

/// Where the data end in a buffer.
pub(super) struct End {
    /// Length of the message, dots still stuffed.
    pub(super) content: usize,
    /// Length with the terminating line.
    pub(super) whole: usize,
}

/// Why a message is refused after the data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("554 5.6.0 lines end with CR LF")]
    BareLineEnd,
    #[error("554 5.6.0 line longer than 998 bytes")]
    LongLine,
    #[error("552 5.3.4 message too big")]
    TooBig,
    #[error("554 5.6.7 headers must be ASCII without SMTPUTF8")]
    NotAscii,
    #[error("554 5.6.1 8-bit body without BODY=8BITMIME")]
    EightBit,
    #[error("554 5.6.0 malformed header line")]
    BadHeader,
    #[error("554 5.6.0 missing or repeated header: {0}")]
    Header(&'static str),
}

impl Refused {
    pub(super) fn code(&self) -> u16 {
        if *self == Self::TooBig { 552 } else { 554 }
    }
}

/// Finds the line with only a dot. A message may also be empty.
pub(super) fn end(buffer: &[u8]) -> Option<End> {
    if buffer.starts_with(b".\r\n") {
        return Some(End { content: 0, whole: 3 });
    }
    let place = buffer.windows(5).position(|window| window == b"\r\n.\r\n")?;
    Some(End { content: place + 2, whole: place + 5 })
}

/// Takes the doubled dots away and refuses bare CR and LF.
pub(super) fn unstuff(stuffed: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut message = Vec::with_capacity(stuffed.len());
    for line in stuffed.split_inclusive(|b| *b == b'\n') {
        let text = line.strip_suffix(b"\r\n").ok_or(Refused::BareLineEnd)?;
        if text.contains(&b'\r') {
            return Err(Refused::BareLineEnd);
        }
        let text = text.strip_prefix(b".").unwrap_or(text);
        if text.len() > LINE_MAX {
            return Err(Refused::LongLine);
        }
        message.extend_from_slice(text);
        message.extend_from_slice(b"\r\n");
    }
    Ok(message)
}

/// Checks the size, the character sets and the headers.
pub(super) fn check(message: &[u8], eight_bit: bool, max_size: usize) -> Result<(), Refused> {
    if message.len() > max_size {
        return Err(Refused::TooBig);
    }
    let split = message.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = match split {
        Some(place) => (message.get(..place), message.get(place + 4..)),
        None => (Some(message), None),
    };
    let (head, body) = (head.unwrap_or_default(), body.unwrap_or_default());
    if !head.is_ascii() {
        return Err(Refused::NotAscii);
    }
    if !eight_bit && !body.is_ascii() {
        return Err(Refused::EightBit);
    }
    let names = header_names(head)?;
    for required in ["From", "Date", "Message-ID"] {
        if names.iter().filter(|name| name.eq_ignore_ascii_case(required)).count() != 1 {
            return Err(Refused::Header(required));
        }
    }
    // At most one of each of these (RFC 5322 §3.6).
    for single in ["To", "Cc", "Subject", "Reply-To", "Sender", "MIME-Version", "Content-Type"] {
        if names.iter().filter(|name| name.eq_ignore_ascii_case(single)).count() > 1 {
            return Err(Refused::Header(single));
        }
    }
    Ok(())
}

fn header_names(head: &[u8]) -> Result<Vec<&str>, Refused> {
    let text = std::str::from_utf8(head).map_err(|_| Refused::NotAscii)?;
    let mut names = Vec::new();
    for line in text.split("\r\n").filter(|line| !line.is_empty()) {
        if line.starts_with([' ', '\t']) && !names.is_empty() {
            continue;
        }
        let name = line.split_once(':').map(|(name, _)| name).ok_or(Refused::BadHeader)?;
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Refused::BadHeader);
        }
        names.push(name);
    }
    Ok(names)
}
