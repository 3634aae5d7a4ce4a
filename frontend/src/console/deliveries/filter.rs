//! Which deliveries are listed. Lives in the page's address, so that a reload or a shared link keeps it.

use shared::{
    api::{deliveries::DeliveryRow, events::Target},
    channel::Channel,
    delivery::State,
};

use crate::client::json::{Out, object};

/// The filters of 配信.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub channel: Option<Channel>,
    /// Code of a kind; empty for all.
    pub kind: String,
    /// Part of a person's or room's name, or of the title.
    pub q: String,
    /// A member's id.
    pub person: String,
    /// A room's id.
    pub room: String,
    /// `2026-11-21`, the first and the last day.
    pub from: String,
    pub until: String,
    /// When the period begins, and when it is over: milliseconds UTC.
    pub since: Option<i64>,
    pub before: Option<i64>,
}

impl Filter {
    /// Reads the address; what it does not understand is left out. `beginning` is that of
    /// [`super::period`], handed in so that it can be tried without a browser.
    #[must_use]
    pub fn read(get: impl Fn(&str) -> Option<String>, beginning: impl Fn(&str, i32) -> Option<i64>) -> Self {
        let text = |name| get(name).unwrap_or_default();
        let (from, until) = (text("from"), text("until"));
        let (since, before) = (beginning(&from, 0), beginning(&until, 1));
        Self {
            state: get("state").and_then(|code| State::from_code(&code)),
            channel: get("channel").and_then(|code| Channel::from_code(&code)),
            kind: text("kind"),
            q: text("q"),
            person: Some(text("person")).filter(|id| id.starts_with("mb_")).unwrap_or_default(),
            room: Some(text("room")).filter(|id| id.starts_with("rm_")).unwrap_or_default(),
            from: if since.is_some() { from } else { String::new() },
            until: if before.is_some() { until } else { String::new() },
            since,
            before,
        }
    }

    /// `?state=failed&q=…` of the page's address, or nothing when everything is listed.
    #[must_use]
    pub fn query(&self) -> String {
        let mut pairs = self.words();
        pairs.extend([("from", self.from.as_str()), ("until", self.until.as_str())]);
        written(&pairs)
    }

    /// The same as the API asks for it.
    #[must_use]
    pub fn asked(&self, cursor: Option<&str>) -> String {
        let times = [self.since, self.before].map(|at| at.map(|at| at.to_string()).unwrap_or_default());
        let mut pairs = self.words();
        pairs.extend([
            ("from", times[0].as_str()),
            ("until", times[1].as_str()),
            ("cursor", cursor.unwrap_or_default()),
        ]);
        written(&pairs)
    }

    /// The same as a body names it.
    #[must_use]
    pub fn body(&self) -> String {
        let words = self.words();
        let mut fields: Vec<(&str, Out<'_>)> = words
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (*name, Out::Text(value)))
            .collect();
        fields.extend(self.since.map(|at| ("from", Out::Number(at))));
        fields.extend(self.before.map(|at| ("until", Out::Number(at))));
        object(&fields)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a row that the server tells of belongs in the list.
    #[must_use]
    pub fn admits(&self, row: &DeliveryRow) -> bool {
        let (Target::Member { name, .. } | Target::Room { name, .. }) = &row.target;
        let is = |wanted: &str| match &row.target {
            Target::Member { id, .. } => id.as_str() == wanted,
            Target::Room { id, .. } => id.as_str() == wanted,
        };
        let q = self.q.trim().to_lowercase();
        self.state.is_none_or(|state| state == row.state)
            && self.channel.is_none_or(|channel| channel == row.channel)
            && (self.kind.is_empty() || self.kind == row.kind)
            && (self.person.is_empty() || is(&self.person))
            && (self.room.is_empty() || is(&self.room))
            && self.since.is_none_or(|at| row.created_at >= at)
            && self.before.is_none_or(|at| row.created_at < at)
            && (q.is_empty() || name.to_lowercase().contains(&q) || row.title.to_lowercase().contains(&q))
    }

    fn words(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("state", self.state.map_or("", State::code)),
            ("channel", self.channel.map_or("", Channel::code)),
            ("kind", self.kind.as_str()),
            ("q", self.q.trim()),
            ("person", self.person.as_str()),
            ("room", self.room.as_str()),
        ]
    }
}

fn written(pairs: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        escape(value, &mut query);
    }
    query
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
    use crate::{client::json::Json, console::deliveries::feed::tests::row};

    /// Stands for a calendar: days of November 2026 as thousands.
    fn day(text: &str, later: i32) -> Option<i64> {
        let (_, _, day) = crate::console::deliveries::period::parts(text)?;
        Some(i64::from(day + later) * 1_000)
    }

    #[test]
    fn the_address_carries_the_filter() {
        let filter = Filter { state: Some(State::Failed), q: " 佐藤 & ".into(), ..Filter::default() };
        assert_eq!(filter.query(), "?state=failed&q=%E4%BD%90%E8%97%A4%20%26");
        assert_eq!(Filter::default().query(), "");
        assert_eq!(Filter::default().asked(Some("a b")), "?cursor=a%20b");
        let read = Filter::read(
            |name| match name {
                "state" => Some("failed".into()),
                "channel" => Some("pigeon".into()),
                "person" => Some("somebody".into()),
                "q" => Some("佐藤".into()),
                "from" => Some("2026-11-20".into()),
                "until" => Some("soon".into()),
                _ => None,
            },
            day,
        );
        let expected = Filter {
            state: Some(State::Failed),
            q: "佐藤".into(),
            from: "2026-11-20".into(),
            since: Some(20_000),
            ..Filter::default()
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn days_are_whole_for_the_page_and_times_for_the_server() {
        let days = |name: &str| (name == "from" || name == "until").then(|| "2026-11-21".to_owned());
        let filter = Filter::read(days, day);
        assert_eq!(filter.query(), "?from=2026-11-21&until=2026-11-21");
        assert_eq!(filter.asked(None), "?from=21000&until=22000");
        let filter = Filter { person: "mb_1".into(), ..filter };
        let body = Json::parse(&filter.body()).unwrap();
        assert_eq!(
            (body.text("person").as_deref(), body.number("from"), body.number("until")),
            (Some("mb_1"), Some(21_000), Some(22_000))
        );
        assert_eq!(Filter::default().body(), "{}");
    }

    #[test]
    fn a_live_row_is_admitted_like_the_server_would() {
        let row = row(1, State::Failed);
        let all = Filter::default();
        let Target::Member { id, .. } = &row.target else { panic!("a member") };
        assert!(all.admits(&row) && all.is_empty());
        for (filter, admitted) in [
            (Filter { state: Some(State::Failed), ..all.clone() }, true),
            (Filter { state: Some(State::Sent), ..all.clone() }, false),
            (Filter { channel: Some(Channel::Email), ..all.clone() }, false),
            (Filter { kind: "tasks.alarm".into(), ..all.clone() }, false),
            (Filter { q: "佐藤".into(), ..all.clone() }, true),
            (Filter { q: "見積".into(), ..all.clone() }, true),
            (Filter { q: "鈴木".into(), ..all.clone() }, false),
            (Filter { person: id.to_string(), ..all.clone() }, true),
            (Filter { person: "mb_2".into(), ..all.clone() }, false),
            (Filter { room: id.to_string().replace("mb_", "rm_"), ..all.clone() }, false),
            (Filter { since: Some(1_000), before: Some(1_001), ..all.clone() }, true),
            (Filter { since: Some(1_001), ..all.clone() }, false),
            (Filter { before: Some(1_000), ..all.clone() }, false),
        ] {
            assert_eq!(filter.admits(&row), admitted, "{filter:?}");
        }
    }
}
