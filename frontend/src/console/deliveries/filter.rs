//! Which deliveries are listed. Lives in the page's address, so that a reload or a shared link keeps it.

use shared::{
    api::{deliveries::DeliveryRow, events::Target},
    channel::Channel,
    delivery::State,
};

/// The filters of 配信.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub channel: Option<Channel>,
    /// Code of a kind; empty for all.
    pub kind: String,
    /// Part of a person's or room's name, or of the title.
    pub q: String,
}

impl Filter {
    /// Reads the address; what it does not understand is left out.
    #[must_use]
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            state: get("state").and_then(|code| State::from_code(&code)),
            channel: get("channel").and_then(|code| Channel::from_code(&code)),
            kind: get("kind").unwrap_or_default(),
            q: get("q").unwrap_or_default(),
        }
    }

    /// `?state=failed&q=…`, or nothing when everything is listed. The same words for the page and the API.
    #[must_use]
    pub fn query(&self, cursor: Option<&str>) -> String {
        let mut query = String::new();
        for (name, value) in [
            ("state", self.state.map_or("", State::code)),
            ("channel", self.channel.map_or("", Channel::code)),
            ("kind", self.kind.as_str()),
            ("q", self.q.trim()),
            ("cursor", cursor.unwrap_or_default()),
        ] {
            if !value.is_empty() {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.push_str(name);
                query.push('=');
                escape(value, &mut query);
            }
        }
        query
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a row that the server tells of belongs in the list.
    #[must_use]
    pub fn admits(&self, row: &DeliveryRow) -> bool {
        let (Target::Member { name, .. } | Target::Room { name, .. }) = &row.target;
        let q = self.q.trim().to_lowercase();
        self.state.is_none_or(|state| state == row.state)
            && self.channel.is_none_or(|channel| channel == row.channel)
            && (self.kind.is_empty() || self.kind == row.kind)
            && (q.is_empty() || name.to_lowercase().contains(&q) || row.title.to_lowercase().contains(&q))
    }
}

/// Percent-encodes what may not stand in a query's value.
pub(crate) fn escape(value: &str, into: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            for digit in [byte >> 4, byte & 15] {
                into.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::deliveries::feed::tests::row;

    #[test]
    fn the_address_carries_the_filter() {
        let filter = Filter { state: Some(State::Failed), q: " 佐藤 & ".into(), ..Filter::default() };
        assert_eq!(filter.query(None), "?state=failed&q=%E4%BD%90%E8%97%A4%20%26");
        assert_eq!(Filter::default().query(None), "");
        assert_eq!(Filter::default().query(Some("a b")), "?cursor=a%20b");
        let read = Filter::read(|name| match name {
            "state" => Some("failed".into()),
            "channel" => Some("pigeon".into()),
            "q" => Some("佐藤".into()),
            _ => None,
        });
        assert_eq!(read, Filter { state: Some(State::Failed), q: "佐藤".into(), ..Filter::default() });
    }

    #[test]
    fn a_live_row_is_admitted_like_the_server_would() {
        let row = row(1, State::Failed);
        let all = Filter::default();
        assert!(all.admits(&row) && all.is_empty());
        assert!(Filter { state: Some(State::Failed), ..all.clone() }.admits(&row));
        assert!(!Filter { state: Some(State::Sent), ..all.clone() }.admits(&row));
        assert!(!Filter { channel: Some(Channel::Email), ..all.clone() }.admits(&row));
        assert!(!Filter { kind: "tasks.alarm".into(), ..all.clone() }.admits(&row));
        assert!(Filter { q: "佐藤".into(), ..all.clone() }.admits(&row));
        assert!(Filter { q: "見積".into(), ..all.clone() }.admits(&row));
        assert!(!Filter { q: "鈴木".into(), ..all }.admits(&row));
    }
}
