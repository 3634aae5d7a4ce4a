//! Where a webhook may lead: an address of the internet, written so plainly that no two readers of a URL could
//! take it for different hosts. A name that a DNS server turns into an inner address is not seen here; the
//! platform's own network has no way to such an address.

use std::net::{Ipv4Addr, Ipv6Addr};

/// No URL is longer.
pub(super) const LIMIT: usize = 1_000;

/// Whether messages may be sent to `url`: `https`, a host of the internet, no user, no redirection by odd
/// spelling. In `development` also `http` and `https` to this machine.
pub(super) fn is_callable(url: &str, development: bool) -> bool {
    let (secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return false,
    };
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>`{}|^#".contains(&byte);
    if url.len() > LIMIT || !url.bytes().all(plain) {
        return false;
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default().to_ascii_lowercase();
    let Some(host) = host(&authority) else { return false };
    match host {
        _ if development && is_this_machine(host) => true,
        _ if !secure => false,
        Host::V4(address) => is_public_v4(address),
        Host::V6(address) => is_public_v6(address),
        Host::Name(name) => is_public_name(name),
    }
}

#[derive(Debug, Clone, Copy)]
enum Host<'a> {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    Name(&'a str),
}

/// The host of `host`, `host:port` or `[v6]:port`, in lower case; `None` for anything else, a user name and
/// escapes among it.
fn host(authority: &str) -> Option<Host<'_>> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (Host::V6(address.parse().ok()?), port)
        }
        None => {
            let (name, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            (named(name)?, port)
        }
    };
    let good_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| {
            port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse().is_ok_and(|port: u16| port > 0)
        });
    if good_port { Some(host) } else { None }
}

/// A host whose last label is a number is an IPv4 address to every browser, in whatever base and with however
/// few parts; only the usual four decimal numbers are let through.
fn named(name: &str) -> Option<Host<'_>> {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if name.len() > 253 || !name.split('.').all(label) {
        return None;
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        return name.parse().ok().map(Host::V4);
    }
    Some(Host::Name(name))
}

fn is_this_machine(host: Host<'_>) -> bool {
    match host {
        Host::V4(address) => address.is_loopback(),
        Host::V6(address) => address.is_loopback(),
        Host::Name(name) => name == "localhost",
    }
}

/// The special-purpose blocks of RFC 6890 and its successors are not of the internet.
fn is_public_v4(address: Ipv4Addr) -> bool {
    const INNER: [([u8; 4], u32); 15] = [
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 4),
        ([240, 0, 0, 0], 4),
    ];
    let address = u32::from(address);
    !INNER.iter().any(|(block, bits)| (address ^ u32::from_be_bytes(*block)) >> (32 - bits) == 0)
}

/// Only 2000::/3 is of the internet: that leaves out loopback, mapped, local and multicast addresses. Of it
/// not the blocks for protocols and tunnels, which may hold an IPv4 address, and for documents.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    match first {
        0x2001 => second >= 0x200 && second != 0xdb8,
        0x2002 => false,
        0x3fff => second > 0xfff,
        first => first >> 13 == 1,
    }
}

fn is_public_name(name: &str) -> bool {
    const INNER: [&str; 13] = [
        "localhost",
        "localdomain",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "onion",
        "arpa",
        "invalid",
        "alt",
    ];
    // A single label is a name of the network it is asked in.
    name.rsplit_once('.').is_some_and(|(_, last)| !INNER.contains(&last))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_of_the_internet() {
        for url in [
            "https://hooks.example.jp",
            "https://hooks.example.jp/a?b=c%20d",
            "https://HOOKS.example.jp:8443/",
            "https://xn--eckwd4c7c.jp/",
            "https://8.8.8.8/hook",
            "https://[2606:4700::1111]:443/",
        ] {
            assert!(is_callable(url, false), "{url}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let long = format!("https://a.example.jp/{}", "x".repeat(1_000));
        for url in [
            "",
            "hooks.example.jp",
            "http://hooks.example.jp/",
            "HTTPS://hooks.example.jp/",
            "ftp://hooks.example.jp/",
            "https:///hooks.example.jp/",
            "https://",
            "https://user@hooks.example.jp/",
            "https://hooks.example.jp@10.0.0.1/",
            "https://10.0.0.1\\@hooks.example.jp/",
            "https://hooks.example.jp\\.internal/",
            "https://hooks.example.jp#@10.0.0.1/",
            "https://hooks.example.jp:0/",
            "https://hooks.example.jp:/",
            "https://hooks.example.jp:99999/",
            "https://hooks.example.jp:443:443/",
            "https://hooks.example.jp:+80/",
            "https://hooks.example.jp./",
            "https://hooks..example.jp/",
            "https://-hooks.example.jp/",
            "https://hooks_a.example.jp/",
            "https://例え.jp/",
            "https://１２７.0.0.1/",
            "https://%31%32%37.0.0.1/",
            "https://hooks.example.jp/a b",
            "https://hooks.example.jp/\r\nHost: x",
            "https://\thooks.example.jp/",
            &long,
            "https://localhost/",
            "https://LOCALHOST/",
            "https://a.localhost/",
            "https://localhost.localdomain/",
            "https://intra/",
            "https://metadata.google.internal/computeMetadata/v1/",
            "https://printer.local/",
            "https://nas.home.arpa/",
            "https://wiki.corp/",
            "https://1.0.0.127.in-addr.arpa/",
            // IPv4 in every spelling that a browser understands.
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://127.0.0.01/",
            "https://127.0.0.1./",
            "https://0/",
            "https://169.254.169.254/latest/meta-data/",
            "https://1.2.3.4.5/",
            "https://8.8.8/",
            "https://a.0x7f/",
            // IPv6
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:8.8.8.8]/",
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001:0:7f00:1::]/",
            "https://[2001:db8::1]/",
            "https://[fe80::1]/",
            "https://[fe80::1%25eth0]/",
            "https://[fd00::1]/",
            "https://[ff02::1]/",
            "https://[8.8.8.8]/",
            "https://[2606:4700::1111",
            "https://[2606:4700::1111]x/",
            "https://2606:4700::1111/",
        ] {
            assert!(!is_callable(url, false), "{url}");
        }
    }

    #[test]
    fn this_machine_only_in_development() {
        for url in
            ["http://127.0.0.1:8788/hook", "http://localhost:1/", "https://[::1]/", "http://127.9.9.9/"]
        {
            assert!(is_callable(url, true), "{url}");
            assert!(!is_callable(url, false), "{url}");
        }
        for url in [
            "http://hooks.example.jp/",
            "https://10.0.0.1/",
            "http://localhost.evil.jp/",
            "https://a.localhost/",
        ] {
            assert!(!is_callable(url, true), "{url}");
        }
    }

    /// An address of an inner block.
    fn inner() -> impl Strategy<Value = u32> {
        let block = |first: u32, bits: u32| any::<u32>().prop_map(move |rest| first | rest >> bits);
        prop_oneof![
            block(0, 8),
            block(10 << 24, 8),
            block(127 << 24, 8),
            block(0xa9fe_0000, 16),
            block(0xac10_0000, 12),
            block(0xc0a8_0000, 16),
            block(0x6440_0000, 10),
            block(0xe000_0000, 3),
        ]
    }

    proptest! {
        #[test]
        fn no_spelling_of_an_inner_address_gets_through(address in inner(), development in Just(false)) {
            let [a, b, c, d] = address.to_be_bytes();
            let (high, low) = (address >> 16, address & 0xffff);
            for host in [
                format!("{a}.{b}.{c}.{d}"),
                format!("{address}"),
                format!("0x{address:x}"),
                format!("0{address:o}"),
                format!("{a}.{}", address & 0xff_ffff),
                format!("{a}.{b}.{low}"),
                format!("0x{a:x}.0x{b:X}.0x{c:x}.0x{d:x}"),
                format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
                format!("{a}.{b}.{c}.{d}."),
                format!("[::ffff:{a}.{b}.{c}.{d}]"),
                format!("[::ffff:{high:x}:{low:x}]"),
                format!("[::{high:x}:{low:x}]"),
                format!("[64:ff9b::{high:x}:{low:x}]"),
                format!("[2002:{high:x}:{low:x}::1]"),
                format!("[0:0:0:0:0:ffff:{high:x}:{low:x}]"),
            ] {
                for url in [format!("https://{host}/"), format!("https://{host}:443/x"), format!("https://{host}?x")] {
                    prop_assert!(!is_callable(&url, development), "{}", url);
                }
            }
        }

        #[test]
        fn what_passes_has_a_plain_host(url in "https://[a-z0-9.:@\\[\\]/?#%\\\\-]{0,40}") {
            if is_callable(&url, false) {
                let rest = url.strip_prefix("https://").unwrap();
                prop_assert!(!url.contains(['@', '\\', '#']) || rest.find(['/', '?']).is_some_and(|at| !rest[..at].contains(['@', '\\', '#'])));
            }
        }
    }
}
