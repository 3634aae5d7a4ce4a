//! Reads `multipart/form-data` (RFC 7578) as leniently as its senders write it: doors.md §1.5 has a part
//! without a type, line breaks behind the last boundary, and no length at all.

/// One part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) name: String,
    /// Never used as a path, nor to guess what the part is.
    pub(super) is_file: bool,
    pub(super) data: &'a [u8],
}

/// The boundary that a `Content-Type` names; one that a script forgot is taken from the body's first line.
pub(super) fn boundary(content_type: &str, body: &[u8]) -> Option<String> {
    let named = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        let value = value.trim().trim_matches('"');
        if name.trim().eq_ignore_ascii_case("boundary") && !value.is_empty() {
            Some(value.to_owned())
        } else {
            None
        }
    });
    named.or_else(|| {
        let line = body.split(|byte| *byte == b'\n').next()?.strip_prefix(b"--")?;
        let line = std::str::from_utf8(line).ok()?.trim_end();
        if line.is_empty() || line.len() > 70 { None } else { Some(line.to_owned()) }
    })
}

/// The parts in order. What lies before the first and behind the last boundary is ignored; parts without a
/// name too. A body that ends before its last boundary gives what is there.
pub(super) fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<Part<'a>> {
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let Some(start) = delimiter_at(body, delimiter.as_bytes(), 0) else { return parts };
    let mut rest = body.get(start + delimiter.len()..).unwrap_or_default();
    while !rest.starts_with(b"--") {
        let end = delimiter_at(rest, delimiter.as_bytes(), 1);
        let part = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        parts.extend(read_part(after_line(part)));
        match end {
            Some(end) => rest = rest.get(end + delimiter.len()..).unwrap_or_default(),
            None => break,
        }
    }
    parts
}

/// Where the delimiter begins a line, from `from` on.
fn delimiter_at(body: &[u8], delimiter: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = find(body.get(at..)?, delimiter) {
        at += found;
        let begins_line = at == 0 || body.get(at - 1) == Some(&b'\n');
        if begins_line {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Behind the rest of the delimiter's own line.
fn after_line(part: &[u8]) -> &[u8] {
    let end = part.iter().position(|byte| *byte == b'\n').map_or(part.len(), |end| end + 1);
    part.get(end..).unwrap_or_default()
}

fn read_part(part: &[u8]) -> Option<Part<'_>> {
    // A part may have no header but the name, and no data.
    let (head, data) = match (find(part, b"\r\n\r\n"), find(part, b"\n\n")) {
        (Some(at), other) if other.is_none_or(|other| at < other) => (part.get(..at)?, part.get(at + 4..)?),
        (_, Some(at)) => (part.get(..at)?, part.get(at + 2..)?),
        _ => return None,
    };
    let data = data.strip_suffix(b"\r\n").or_else(|| data.strip_suffix(b"\n")).unwrap_or(data);
    let head = String::from_utf8_lossy(head);
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if name.trim().eq_ignore_ascii_case("content-disposition") { Some(value) } else { None }
    })?;
    let name = parameter(disposition, "name")?;
    let is_file =
        parameter(disposition, "filename").is_some() || parameter(disposition, "filename*").is_some();
    Some(Part { name, is_file, data })
}

/// A parameter of a header; a quoted one may hold semicolons.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut quoted = false;
    let pieces = header.split(|c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    });
    pieces.skip(1).find_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        let value = value.trim();
        let value = value.strip_prefix('"').map_or(value, |value| value.strip_suffix('"').unwrap_or(value));
        if name.trim().eq_ignore_ascii_case(wanted) { Some(value.to_owned()) } else { None }
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Vec<(String, bool, String)> {
        parts(body.as_bytes(), "XX")
            .into_iter()
            .map(|part| (part.name, part.is_file, String::from_utf8_lossy(part.data).into_owned()))
            .collect()
    }

    fn text(name: &str, value: &str) -> (String, bool, String) {
        (name.into(), false, value.into())
    }

    #[test]
    fn what_clients_write_is_read() {
        let simple = "--XX\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhello\r\n--XX--\r\n";
        assert_eq!(read(simple), [text("message", "hello")]);
        // line-api: an extra line break behind the end. A Rust client: no type, a path as the name of the file.
        let file = "preamble\r\n--XX\r\ncontent-disposition: form-data; name=message\r\nContent-Type: text/plain\r\n\r\na\r\nb\r\n\
                    --XX\r\nContent-Disposition: form-data; name=\"imageFile\"; filename=\"/home/a;b/c.png\"\r\n\r\n--XXbytes\n--XX--\r\n\r\n";
        assert_eq!(read(file)[0], text("message", "a\r\nb"));
        let lf = "--XX\nContent-Disposition: form-data; name=\"a\"\n\n1\n--XX\nContent-Disposition: form-data; name=\"b\"\n\n\n--XX--";
        assert_eq!(read(lf), [text("a", "1"), text("b", "")]);
        let cut_off = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1";
        assert_eq!(read(cut_off), [text("a", "1")]);
        for nothing in ["", "--XX--", "--YY\r\n\r\n", "--XX\r\n\r\n\r\n--XX--", "--XX\r\nx"] {
            assert_eq!(read(nothing), [], "{nothing:?}");
        }
    }

    #[test]
    fn a_file_is_told_from_a_text() {
        let body = "--XX\r\nContent-Disposition: form-data; name=\"imageFile\"; filename=\"a;b.png\"\r\nContent-Type: application/octet-stream\r\n\r\nx --XX y\r\n--XX--\r\n";
        assert_eq!(read(body), [("imageFile".to_owned(), true, "x --XX y".to_owned())]);
    }

    #[test]
    fn the_boundary_is_found() {
        for (content_type, body, expected) in [
            ("multipart/form-data; boundary=abc", "", Some("abc")),
            ("multipart/form-data; charset=utf-8; Boundary=\"a b\"", "", Some("a b")),
            ("multipart/form-data", "--xyz\r\n", Some("xyz")),
            ("multipart/form-data; boundary=", "message=a", None),
            ("multipart/form-data", "", None),
        ] {
            assert_eq!(boundary(content_type, body.as_bytes()).as_deref(), expected, "{content_type}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_go_through(data in proptest::collection::vec(any::<u8>(), 0..200)) {
            let head = b"--b0undary\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n";
            let body = [head.as_slice(), &data, b"\r\n--b0undary--\r\n"].concat();
            prop_assert_eq!(parts(&body, "b0undary"), [Part { name: "f".into(), is_file: true, data: &data }]);
        }

        #[test]
        fn nothing_breaks_it(body in proptest::collection::vec(prop_oneof![Just(b'-'), Just(b'\n'), Just(b'\r'), Just(b'X'), any::<u8>()], 0..80)) {
            let _ = parts(&body, "XX");
        }
    }
}
