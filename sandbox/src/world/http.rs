//! Requests and replies as plain data, with the little parsing that the providers need.

use serde_json::Value;

/// One HTTP request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// Upper case, e.g. `POST`.
    pub method: String,
    /// Path with query, percent-encoded as on the wire, without scheme and host.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// One HTTP reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Path segments, percent-decoded, without the query.
    pub(crate) fn segments(&self) -> Vec<String> {
        let path = self.path.split('?').next().unwrap_or_default();
        path.split('/').filter(|s| !s.is_empty()).map(|s| percent_decode(s, false)).collect()
    }

    /// A query value, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let query = self.path.split_once('?')?.1;
        form_pairs(query).into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The token of an `Authorization: Bearer` header, separated by exactly one space (lineworks.md §0 [D]).
    pub(crate) fn bearer(&self) -> Option<&str> {
        let token = self.header("authorization")?.strip_prefix("Bearer ")?;
        (!token.is_empty() && !token.contains(' ')).then_some(token)
    }

    /// Whether the media type, without parameters, is this one.
    pub(crate) fn is_content_type(&self, media_type: &str) -> bool {
        self.header("content-type").is_some_and(|value| {
            value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type)
        })
    }
}

impl Reply {
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json; charset=UTF-8".to_owned())];
        Self { status, headers, body: body.to_string().into_bytes() }
    }

    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The body as JSON, `null` when it is none.
    #[must_use]
    pub fn body_json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// The pairs of an `application/x-www-form-urlencoded` text, decoded.
pub(crate) fn form_pairs(form: &str) -> Vec<(String, String)> {
    form.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (percent_decode(name, true), percent_decode(value, true)))
        .collect()
}

/// Undoes percent-encoding; a `%` without two hex digits stays as it is.
pub(crate) fn percent_decode(text: &str, plus_is_space: bool) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let hex = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        match (byte, hex(ahead.next()), hex(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                bytes = ahead;
            }
            (b'+', ..) if plus_is_space => out.push(b' '),
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_percent_and_plus() {
        for (text, plus, want) in [
            ("a%40b", false, "a@b"),
            ("a+b", true, "a b"),
            ("a+b", false, "a+b"),
            ("%E6%B8%AF", false, "港"),
            ("100%", false, "100%"),
            ("%zz", false, "%zz"),
        ] {
            assert_eq!(percent_decode(text, plus), want, "{text}");
        }
    }

    #[test]
    fn a_bearer_token_follows_exactly_one_space() {
        for (value, want) in
            [("Bearer abc", Some("abc")), ("Bearer  abc", None), ("bearer abc", None), ("Bearer ", None)]
        {
            let headers = vec![("Authorization".to_owned(), value.to_owned())];
            assert_eq!(Request { headers, ..Request::default() }.bearer(), want, "{value}");
        }
    }
}
