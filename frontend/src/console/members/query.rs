//! Which members are listed, and what can be said of one in a line.

use shared::api::members::Member;

use crate::console::deliveries::filter::escape;

/// The filters of メンバー; they live in the page's address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Part of a name, a reading, an address, a number.
    pub q: String,
    /// A company's id; empty for all.
    pub company: String,
    /// `true`, `false`, or empty for all.
    pub usable: String,
    /// What they lack: a channel's code, or `invited`; empty for all.
    pub lack: String,
}

impl Query {
    #[must_use]
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let invited = get("invited").is_some().then(|| "invited".to_owned());
        Self {
            q: get("q").unwrap_or_default(),
            company: get("company").unwrap_or_default(),
            usable: get("usable").unwrap_or_default(),
            lack: invited.or_else(|| get("without")).unwrap_or_default(),
        }
    }

    /// `?q=…&company=…`, the same words for the page and the API.
    #[must_use]
    pub fn text(&self, cursor: Option<&str>) -> String {
        let mut query = String::new();
        let (invited, without) =
            if self.lack == "invited" { ("false", "") } else { ("", self.lack.as_str()) };
        for (name, value) in [
            ("q", self.q.trim()),
            ("company", &self.company),
            ("usable", &self.usable),
            ("invited", invited),
            ("without", without),
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
        [self.q.trim(), &self.company, &self.usable, &self.lack].iter().all(|part| part.is_empty())
    }
}

/// 「営業部 課長」: department and title as far as there are.
#[must_use]
pub fn post_of(member: &Member) -> String {
    [member.department.as_str(), member.title.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_carries_the_query() {
        let query = Query { q: " 佐藤 ".into(), company: "co_1".into(), ..Query::default() };
        assert_eq!(query.text(Some("c")), "?q=%E4%BD%90%E8%97%A4&company=co_1&cursor=c");
        assert_eq!(Query { q: "  ".into(), ..Query::default() }.text(None), "");
        assert!(Query { q: "  ".into(), ..Query::default() }.is_empty());
        for lack in ["", "invited", "slack"] {
            let query = Query { usable: "false".into(), lack: lack.into(), ..Query::default() };
            let text = query.text(None);
            let find = |name: &str| {
                let pairs = text.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
                pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
            };
            assert_eq!(Query::read(find), query, "{text}");
        }
    }
}
