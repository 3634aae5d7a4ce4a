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

/// A Slack member ID as Slack writes it, `U…` or `W…` (slack.md §1). Real ones have 9 to 11 characters.
#[must_use]
pub fn is_slack_member_id(id: &str) -> bool {
    id.starts_with(['U', 'W'])
        && (3..=30).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
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

/// What every Google Chat webhook URL begins with.
const CHAT_WEBHOOK: &str = "https://chat.googleapis.com/v1/spaces/";
/// Real ones are about 200 characters.
const CHAT_WEBHOOK_LIMIT: usize = 1_000;

/// An incoming webhook's URL as Google Chat makes it (google_chat.md §1.1), written exactly so:
/// `https://chat.googleapis.com/v1/spaces/{space}/messages?key={key}&token={token}`, the two parameters in any
/// order and nothing else. Hub requests go to what passes here, so there is no room for a user name, a port,
/// another host, a path upwards, a fragment, or anything that two readers of a URL could read differently.
#[must_use]
pub fn is_google_chat_webhook(text: &str) -> bool {
    let Some((space, query)) = text.strip_prefix(CHAT_WEBHOOK).and_then(|rest| rest.split_once("/messages?"))
    else {
        return false;
    };
    let mut pairs: Vec<(&str, &str)> =
        query.split('&').map(|pair| pair.split_once('=').unwrap_or_default()).collect();
    pairs.sort_unstable();
    text.len() <= CHAT_WEBHOOK_LIMIT
        && !space.is_empty()
        && space.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        && matches!(pairs.as_slice(), [("key", key), ("token", token)] if is_secret_part(key) && is_secret_part(token))
}

/// Letters, digits and what base64 uses, the latter percent-encoded too (`%3D` is what one copies).
fn is_secret_part(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~=".contains(&byte);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let ok = if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
            let (high, low) = (digit(bytes.next()), digit(bytes.next()));
            let value = high.zip(low).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
            value.is_some_and(|value| plain(value) || b"+/".contains(&value))
        } else {
            plain(byte)
        };
        if !ok {
            return false;
        }
    }
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    const WEBHOOK: &str =
        "https://chat.googleapis.com/v1/spaces/AAAAtest-_9/messages?key=AIzaSyDdI0&token=a-B_c9%3D";

    #[test]
    fn google_chat_webhooks() {
        for good in [
            WEBHOOK,
            "https://chat.googleapis.com/v1/spaces/A/messages?token=t&key=k",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t==",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=%2B%2f%3d",
        ] {
            assert!(is_google_chat_webhook(good), "{good}");
        }
        let long = format!("{WEBHOOK}{}", "t".repeat(1_000));
        for bad in [
            "",
            "http://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "HTTPS://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "https://Chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "https://chat.googleapis.com:443/v1/spaces/A/messages?key=k&token=t",
            "https://chat.googleapis.com./v1/spaces/A/messages?key=k&token=t",
            "https://chat.googleapis.com.evil.example/v1/spaces/A/messages?key=k&token=t",
            "https://chat.googleapis.com@evil.example/v1/spaces/A/messages?key=k&token=t",
            "https://user@chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "https://evil.example/https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "https://chat.googleapis.com\\@evil.example/v1/spaces/A/messages?key=k&token=t",
            "https:/chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "https:///chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "//chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "https://169.254.169.254/v1/spaces/A/messages?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces//messages?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces/../messages?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces/A/../B/messages?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces/%2e%2e/messages?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces/A%2F..%2Fmedia/messages?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces/A/messages/m?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces/A/messages:search?key=k&token=t",
            "https://chat.googleapis.com/v2/spaces/A/messages?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces/A/messages",
            "https://chat.googleapis.com/v1/spaces/A/messages?",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=&token=t",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t&token=u",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t&alt=media",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&amp;token=t",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t#x",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t%23",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t%26alt%3Dmedia",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t%0d%0aHost:x",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t%",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t%3",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t%+3",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t%zz",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t ",
            " https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t\n",
            "https://chat.googleapis.com/v1/spaces/Ａ/messages?key=k&token=t",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t&",
            "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t/messages?x=y",
            &long,
        ] {
            assert!(!is_google_chat_webhook(bad), "{bad}");
        }
    }

    #[test]
    fn a_slack_member_id_begins_with_u_or_w() {
        for good in ["U01", "W012A3CDE", "U0BOT"] {
            assert!(is_slack_member_id(good), "{good}");
        }
        let long = format!("U{}", "0".repeat(30));
        for bad in ["", "U", "U1", "C012A3CDE", "D01", "@sato", "u01", "U01/../x", "U０１", &long] {
            assert!(!is_slack_member_id(bad), "{bad}");
        }
    }

    proptest! {
        /// Whatever is put in at whatever place: what still passes has the one host, the one path, and a query
        /// in which nothing is left to interpretation.
        #[test]
        fn a_webhook_never_leads_elsewhere(
            at in 0..WEBHOOK.len(),
            remove in 0..8_usize,
            piece in prop_oneof![
                any::<String>(),
                "[/@:?#&=%.\\\\a-f0-9]{1,12}",
                Just("@evil.example/".to_owned()),
                Just("/../".to_owned()),
            ],
        ) {
            let end = (at + remove).min(WEBHOOK.len());
            let text = format!("{}{piece}{}", &WEBHOOK[..at], &WEBHOOK[end..]);
            if is_google_chat_webhook(&text) {
                let (before, query) = text.split_once('?').unwrap();
                let segments: Vec<&str> = before.split('/').collect();
                prop_assert_eq!(&segments[..5], ["https:", "", "chat.googleapis.com", "v1", "spaces"]);
                prop_assert_eq!((segments.len(), segments[6]), (7, "messages"));
                prop_assert!(segments[5].chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
                let mut names: Vec<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap()).collect();
                names.sort_unstable();
                prop_assert_eq!(names, ["key", "token"]);
                let odd = b"\\\"<>`{}|^#@";
                prop_assert!(text.bytes().all(|b| b.is_ascii_graphic() && !odd.contains(&b)));
            }
        }
    }
}
