//! Where a subscription may lead. A browser hands us a URL that we then post to: it has to be one of the four push
//! services there are.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Chrome and its relatives; Firefox; Edge on Windows; Safari. One with a dot in front stands for every host below.
const HOSTS: [&str; 4] =
    ["fcm.googleapis.com", ".push.services.mozilla.com", ".notify.windows.com", ".push.apple.com"];

/// The services' own are about 200 to 500 characters long.
const LONGEST: usize = 1_024;

/// Whether a subscription may lead there. `sandbox` is the origin of a push service on this machine, which only the
/// development configuration has.
#[must_use]
pub fn is_push_endpoint(url: &str, sandbox: Option<&str>) -> bool {
    origin(url, sandbox).is_some()
}

/// `https://fcm.googleapis.com`: whom the key's token is for (RFC 8292 §2). `None` for anywhere else: other hosts,
/// other schemes, ports, credentials, a fragment, and whatever two readers could read differently.
pub(super) fn origin<'a>(url: &'a str, sandbox: Option<&'a str>) -> Option<&'a str> {
    let odd = |byte: u8| !byte.is_ascii_graphic() || b"\\\"<>`{}|^#@".contains(&byte);
    if url.len() > LONGEST || url.bytes().any(odd) {
        return None;
    }
    if let Some(sandbox) = sandbox
        && url.strip_prefix(sandbox).is_some_and(is_path)
    {
        // A prefix may have a path of its own.
        let host = sandbox.find("://").map_or(0, |at| at + 3);
        let end = sandbox.get(host..)?.find('/').map_or(sandbox.len(), |at| host + at);
        return sandbox.get(..end);
    }
    let rest = url.strip_prefix("https://")?;
    let (host, _) = rest.split_once('/')?;
    let path = rest.get(host.len()..).filter(|path| is_path(path));
    let known = HOSTS.iter().any(|known| match known.strip_prefix('.') {
        Some(_) => host.strip_suffix(known).is_some_and(is_labels),
        None => host == *known,
    });
    path.filter(|_| known).and(url.get(.."https://".len() + host.len()))
}

/// The `Topic` of a text: at most 32 characters of base64url (RFC 8030 §5.4), which say nothing of it.
pub(super) fn topic(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(digest.get(..24).unwrap_or_default())
}

/// Something after the host, without a way up.
fn is_path(text: &str) -> bool {
    text.len() > 1 && text.starts_with('/') && !text.split(['/', '?']).any(|part| part == "..")
}

/// What may stand before a host's dot: `updates`, `par02p.wns2`.
fn is_labels(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SANDBOX: &str = "http://127.0.0.1:18788/push";

    #[test]
    fn every_browser_s_service_is_known() {
        for (url, expected) in [
            ("https://fcm.googleapis.com/fcm/send/abc:APA91b-_x", "https://fcm.googleapis.com"),
            ("https://fcm.googleapis.com/wp/abc:APA91b", "https://fcm.googleapis.com"),
            (
                "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA",
                "https://updates.push.services.mozilla.com",
            ),
            (
                "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2b",
                "https://wns2-par02p.notify.windows.com",
            ),
            ("https://web.push.apple.com/QGz-_", "https://web.push.apple.com"),
        ] {
            assert_eq!(origin(url, None), Some(expected), "{url}");
        }
        assert_eq!(origin(&format!("{SANDBOX}/ab12"), Some(SANDBOX)), Some("http://127.0.0.1:18788"));
        assert_eq!(origin("http://s/a", Some("http://s")), Some("http://s"));
    }

    #[test]
    fn nothing_else_is_opened() {
        let long = format!("https://fcm.googleapis.com/{}", "a".repeat(1_000));
        for url in [
            "",
            "https://fcm.googleapis.com",
            "https://fcm.googleapis.com/",
            "http://fcm.googleapis.com/fcm/send/a",
            "HTTPS://fcm.googleapis.com/fcm/send/a",
            "https://FCM.googleapis.com/fcm/send/a",
            "https://fcm.googleapis.com:443/fcm/send/a",
            "https://fcm.googleapis.com./fcm/send/a",
            "https://user@fcm.googleapis.com/fcm/send/a",
            "https://fcm.googleapis.com@evil.example/fcm/send/a",
            "https://fcm.googleapis.com.evil.example/fcm/send/a",
            "https://evil.example/https://fcm.googleapis.com/a",
            "https://evil.fcm.googleapis.com/a",
            "https://xfcm.googleapis.com/a",
            "https://fcm.googleapis.com\\@evil.example/a",
            "https://fcm.googleapis.com/../a",
            "https://fcm.googleapis.com/a/../../b",
            "https://fcm.googleapis.com/a#b",
            "https://fcm.googleapis.com/a b",
            "https://fcm.googleapis.com/a\n",
            " https://fcm.googleapis.com/a",
            "https://fcm.googleapis.com?a",
            "https:///fcm.googleapis.com/a",
            "//fcm.googleapis.com/a",
            "https://push.apple.com/a",
            "https://.push.apple.com/a",
            "https://a..push.apple.com/a",
            "https://evilpush.apple.com/a",
            "https://evil.example/.push.apple.com/a",
            "https://evil.example?.push.apple.com/a",
            "https://a.push.apple.com.evil.example/a",
            "https://127.0.0.1/a",
            "https://169.254.169.254/a",
            "https://[::1]/a",
            "http://127.0.0.1:18788/push/ab12",
            "javascript:alert(1)",
            &long,
        ] {
            assert_eq!(origin(url, None), None, "{url}");
        }
        for url in [
            SANDBOX,
            "http://127.0.0.1:18788/push/",
            "http://127.0.0.1:18788/pushy/a",
            "http://127.0.0.1:18788/control",
        ] {
            assert_eq!(origin(url, Some(SANDBOX)), None, "{url}");
        }
        assert_eq!(origin(&format!("{SANDBOX}/../control/reset"), Some(SANDBOX)), None);
    }

    proptest! {
        /// Whatever is put in at whatever place: what still passes has one of the hosts, and nothing before it.
        #[test]
        fn an_endpoint_never_leads_elsewhere(
            at in 0..40_usize,
            remove in 0..6_usize,
            piece in prop_oneof![any::<String>(), "[/@:?#.\\\\%a-z0-9-]{1,14}", Just("@evil.example/".to_owned())],
        ) {
            let good = "https://web.push.apple.com/QGz-_abcdefgh1";
            let end = (at + remove).min(good.len());
            let text = format!("{}{piece}{}", &good[..at], &good[end..]);
            if let Some(origin) = origin(&text, None) {
                let host = origin.strip_prefix("https://").unwrap();
                prop_assert!(host == HOSTS[0] || HOSTS[1..].iter().any(|known| host.ends_with(known)));
                prop_assert!(host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)));
                prop_assert_eq!(text.as_bytes()[origin.len()], b'/');
            }
        }
    }

    #[test]
    fn a_topic_is_short_and_always_the_same() {
        let topic = topic("task-4711: 見積書");
        assert_eq!(topic.len(), 32);
        assert!(topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        assert_eq!(super::topic("task-4711: 見積書"), topic);
        assert_ne!(super::topic("task-4712"), topic);
    }
}
