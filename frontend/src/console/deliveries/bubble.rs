//! A bot message read back from the `content` object, to be drawn as the person sees it (lineworks.md §3.5).

use serde_json::Value;

/// What a talk shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bubble {
    pub text: String,
    pub buttons: Vec<Button>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    /// Only for a button that opens a page; `https`, or `http` in development.
    pub link: Option<String>,
}

impl Bubble {
    /// `text` and `button_template`; of a type that is not known the readable text, if any.
    #[must_use]
    pub fn read(content: &Value) -> Self {
        let word = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let buttons = content.get("actions").and_then(Value::as_array).into_iter().flatten();
        Self {
            text: word(content, "text").or_else(|| word(content, "contentText")).unwrap_or_default(),
            buttons: buttons
                .filter_map(|action| {
                    let link = word(action, "uri")
                        .filter(|uri| uri.starts_with("https://") || uri.starts_with("http://"));
                    word(action, "label").map(|label| Button { label, link })
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        lang::Lang,
        message::{Context, Message},
        render::lineworks::render,
    };

    use super::*;

    fn sent(link: Option<&str>) -> Bubble {
        let message = Message { title: "見積書".into(), link: link.map(Into::into), ..Message::default() };
        Bubble::read(&render(
            &message,
            &Context { lang: Lang::Ja, kind: "承認", workspace: "みなと商事", ..Context::default() },
        ))
    }

    #[test]
    fn what_is_sent_is_what_is_drawn() {
        assert_eq!(sent(None), Bubble { text: "【承認】見積書".into(), buttons: Vec::new() });
        let with_link = sent(Some("https://example.jp/t/1"));
        assert_eq!(with_link.text, "【承認】見積書");
        assert_eq!(
            with_link.buttons,
            [Button { label: "開く".into(), link: Some("https://example.jp/t/1".into()) }]
        );
    }

    #[test]
    fn a_link_that_is_none_is_not_followed() {
        let content = serde_json::json!({"type": "button_template", "contentText": "a",
            "actions": [{"type": "uri", "label": "b", "uri": "javascript:alert(1)"}, {"type": "message"}]});
        assert_eq!(Bubble::read(&content).buttons, [Button { label: "b".into(), link: None }]);
        assert_eq!(Bubble::read(&Value::Null), Bubble::default());
    }
}
