//! A message as a device shows it: the payload of a push message, which our own service worker reads
//! (`frontend/public/sw.js`).

use serde::{Deserialize, Serialize};

use crate::{
    message::{Context, Message},
    render::{
        parts::Parts,
        text::{cut, units},
    },
};

/// The longest text that fits one record of `aes128gcm` in the 4,096 bytes that every push service takes
/// (RFC 8291 §4): the header, the delimiter and the tag are 103 bytes.
pub const PAYLOAD_LIMIT: usize = 3_993;

// Bytes of JSON; together below PAYLOAD_LIMIT with what stands around them and what the hub adds.
const TITLE_LIMIT: usize = 480;
const BODY_LIMIT: usize = 1_800;
/// UTF-16 units: more than any device shows before it is opened.
const TITLE_UNITS: usize = 120;
const BODY_UNITS: usize = 500;
/// Of the page that a tap opens, in characters of ASCII.
const LINK_LIMIT: usize = 1_000;

/// What a device shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// One line, never empty.
    pub title: String,
    /// Several lines; may be empty.
    pub body: String,
    /// What a tap opens: the notice's page, where it can be read whole and answered; without one the message's
    /// link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Within [`PAYLOAD_LIMIT`] as JSON with [`payload`]. Devices show texts as they are: there is nothing to escape.
#[must_use]
pub fn render(message: &Message, context: &Context<'_>) -> Notification {
    let parts = Parts::new(message, context, LINK_LIMIT);
    let head = [parts.head(), parts.workspace.clone()].into_iter().find(|text| !text.is_empty());
    let head = cut(head.as_deref().unwrap_or("Todoke"), TITLE_UNITS, units, "…");
    let title = cut(&head, TITLE_LIMIT, json_bytes, "…");
    let body = cut(&parts.text(), BODY_UNITS, units, "…");
    let body = cut(&body, BODY_LIMIT, json_bytes, "…");
    let page = parts.page.or(parts.link).filter(|link| json_bytes(link) <= LINK_LIMIT);
    Notification { title, body, link: page }
}

/// The payload: the notification and its `tag`. A repeat has the tag of the first try, so that a device replaces
/// what it shows instead of showing it twice. `tag` is an id of ours.
#[must_use]
pub fn payload(shown: &Notification, tag: &str) -> String {
    serde_json::json!({"title": shown.title, "body": shown.body, "link": shown.link, "tag": tag}).to_string()
}

/// Bytes between the quotes of a JSON string.
fn json_bytes(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '"' | '\\' | '\n' => 2,
            c if c.is_control() => 6,
            c => c.len_utf8(),
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Field;

    #[test]
    fn a_notice_is_a_title_a_text_and_a_page() {
        let message = Message {
            title: "見積書の確認".into(),
            body: "本日中にお願いします。\n\u{202e}詳細".into(),
            link: Some("https://task.example/1".into()),
            fields: vec![Field { label: "期限".into(), value: "11月30日".into() }],
            ..Message::default()
        };
        let context = Context {
            kind: "タスクの割り当て",
            page: Some("https://t.jp/me/notices/ev_1"),
            ..Context::default()
        };
        let shown = render(&message, &context);
        assert_eq!(shown.title, "【タスクの割り当て】見積書の確認");
        assert_eq!(shown.body, "本日中にお願いします。\n詳細\n期限: 11月30日");
        assert_eq!(shown.link.as_deref(), Some("https://t.jp/me/notices/ev_1"));
        let without = render(&message, &Context { page: None, ..context });
        assert_eq!(without.link.as_deref(), Some("https://task.example/1"));
        assert_eq!(
            payload(&without, "dl_1"),
            r#"{"body":"本日中にお願いします。\n詳細\n期限: 11月30日","link":"https://task.example/1","tag":"dl_1","title":"【タスクの割り当て】見積書の確認"}"#
        );
    }

    #[test]
    fn a_settled_notice_says_by_whom() {
        let message = Message { title: "来客".into(), ..Message::default() };
        let context = Context { settled: Some("佐藤さんが対応します"), ..Context::default() };
        assert_eq!(render(&message, &context).body, "佐藤さんが対応します");
    }
}
