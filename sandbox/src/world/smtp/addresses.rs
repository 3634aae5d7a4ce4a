//! Mail addresses, as far as a submission server cares.

/// An ASCII `local@domain` of reasonable shape and length (RFC 5321 §4.5.3.1).
pub(crate) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (1..=64).contains(&local.len())
        && domain.len() <= 255
        && local.chars().all(atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.split('.').all(label)
}

/// Whether the world knows no such recipient: everyone at `bounce.example`.
pub(crate) fn is_bounced(address: &str) -> bool {
    address.to_ascii_lowercase().ends_with("@bounce.example")
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn knows_addresses() {
        for good in ["a@b", "sato@minato.example", "a.b+c@x-y.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", "a", "@b", "a@", "a b@c", ".a@b", "a..b@c", "a@b..c", "a@-b", "佐藤@b", "a@b\r\n", "<a@b>"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
