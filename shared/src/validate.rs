//! Checks of single values, the same in the forms and on the server.

/// A mail address that every step of delivery can carry: ASCII, one `@`, no spaces, at most 254 characters
/// (RFC 5321 §4.5.3.1; no SMTPUTF8, email.md §5).
#[must_use]
pub fn is_mail_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && local.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"[]".contains(&byte));
    let domain_ok = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
    text.len() <= 254 && local_ok && domain_ok
}

/// A link a notice may carry: `https`, or `http` to this machine when `development`; at most 1,000
/// characters (the shortest of the providers' limits, lineworks.md §3.7); nothing that could break out of an
/// attribute or a line.
#[must_use]
pub fn is_link(text: &str, development: bool) -> bool {
    let rest = match text.strip_prefix("https://") {
        Some(rest) => rest,
        None if development => match text.strip_prefix("http://") {
            Some(rest) if rest.starts_with("127.0.0.1") || rest.starts_with("localhost") => rest,
            _ => return false,
        },
        None => return false,
    };
    !rest.is_empty()
        && !rest.starts_with('/')
        && text.chars().count() <= 1_000
        && text
            .chars()
            .all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '\\' | '`'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["a@b.jp", "sato.hanako+todoke@mail.minato.example", "o'neil@x-y.jp"] {
            assert!(is_mail_address(good), "{good}");
        }
        let long = format!("{}@b.jp", "a".repeat(65));
        for bad in [
            "",
            "a",
            "a@b",
            "a@b.",
            "@b.jp",
            "a b@c.jp",
            "a@b.jp\r\nBcc: x@y.jp",
            "花子@b.jp",
            "a@-b.jp",
            "a..@b.jp.",
            "<a@b.jp>",
            ".a@b.jp",
            long.as_str(),
        ] {
            assert!(!is_mail_address(bad), "{bad}");
        }
    }

    #[test]
    fn links() {
        assert!(is_link("https://example.jp/t/1?a=ä", false));
        assert!(is_link("http://127.0.0.1:8787/t", true));
        for bad in [
            "http://example.jp",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://a b",
            "https://a\"b",
            "https://a\nb",
        ] {
            assert!(!is_link(bad, true), "{bad}");
        }
        assert!(!is_link("http://127.0.0.1/", false));
    }
}
