//! A message as Google Chat wants it: the resource of `spaces.messages.create`, one card and the line of the
//! notification (google_chat.md §1.2, §3, §4).

use serde_json::{Map, Value, json};

use crate::{
    message::{ActionStyle, Context, Message},
    render::{
        parts::{Answer, Called, Parts},
        text::{cut, escape},
    },
};

/// Who sends: only an app hears of a pressed button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A member's or a space's own URL: an action opens [`Context::page`]; without a page it is not drawn.
    Webhook,
    App,
}

/// `onClick.action.function` of our buttons; comes back as `action.actionMethodName` and
/// `common.invokedFunction` (google_chat.md §5.2).
pub const FUNCTION: &str = "todoke_action";
/// Key of the one parameter of [`FUNCTION`]; its value is [`crate::message::action_data`].
pub const PARAMETER: &str = "data";

/// Limit of a whole message in bytes of its JSON (google_chat.md §1.2).
pub const MESSAGE_LIMIT: usize = 32_000;

// Bytes of JSON; together below MESSAGE_LIMIT with what stands around them.
const CALL_LIMIT: usize = 1_200;
const HEADER_LIMIT: usize = 300;
const TITLE_LIMIT: usize = 1_200;
const SETTLED_LIMIT: usize = 900;
const BODY_LIMIT: usize = 12_000;
const VALUE_LIMIT: usize = 3_000;
const FIELDS_LIMIT: usize = 6_000;
const FALLBACK_LIMIT: usize = 1_500;
/// Characters of a button; no limit is documented.
const LABEL_LIMIT: usize = 40;
/// Characters of a link; no limit is documented, and four buttons may lead to the same page.
const URL_LIMIT: usize = 1_000;

/// The message resource, at most [`MESSAGE_LIMIT`] bytes. No text of it can mention, link or format: what Chat
/// reads as HTML is escaped, and everywhere else a `<` becomes a wide `＜`. Who is called stands in `text`, above
/// the card: a card mentions nobody.
#[must_use]
pub fn render(message: &Message, context: &Context<'_>, mode: Mode) -> Value {
    let parts = Parts::new(message, context, URL_LIMIT);
    let body = cut(&parts.body, BODY_LIMIT, bytes, parts.tail());
    let (rows, rows_cut) = parts.rows(VALUE_LIMIT, FIELDS_LIMIT, bytes);
    let body_cut = body != parts.body;

    let mut widgets = Vec::new();
    if !parts.title.is_empty() {
        widgets.push(paragraph(&format!("<b>{}</b>", html(&cut(&parts.title, TITLE_LIMIT, bytes, "…")))));
    }
    for text in [&cut(&parts.settled, SETTLED_LIMIT, bytes, "…"), &body] {
        if !text.is_empty() {
            widgets.push(paragraph(&html(text)));
        }
    }
    for row in rows {
        let mut text = json!({"text": html(&row.value), "wrapText": true});
        if let (Some(text), false) = (text.as_object_mut(), row.label.is_empty()) {
            text.insert("topLabel".into(), plain(&row.label).into());
        }
        widgets.push(json!({"decoratedText": text}));
    }
    if rows_cut && !body_cut {
        widgets.push(paragraph(parts.tail()));
    }
    let buttons = buttons(&parts, mode, body_cut || rows_cut);
    if !buttons.is_empty() {
        widgets.push(json!({"buttonList": {"buttons": buttons}}));
    }
    let mut card = Map::new();
    if let Some(header) = header(&parts) {
        card.insert("header".into(), header);
    }
    // A section needs a widget.
    if widgets.is_empty() {
        widgets.push(paragraph(&html(&cut(&parts.head(), TITLE_LIMIT, bytes, "…"))));
    }
    card.insert("sections".into(), json!([{"widgets": widgets}]));
    let mut sent = json!({
        "fallbackText": plain(&parts.summary(FALLBACK_LIMIT, bytes)),
        "cardsV2": [{"cardId": "todoke", "card": card}],
    });
    let call = parts.call(CALL_LIMIT, bytes, mention);
    if let (Some(sent), false) = (sent.as_object_mut(), call.is_empty()) {
        sent.insert("text".into(), call.into());
    }
    sent
}

/// `<users/1234567890>` (google_chat.md §3). A mail address would need the user's own authentication.
fn mention(called: &Called) -> String {
    let number = called.good_id(b"/").and_then(|id| id.strip_prefix("users/"));
    match number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
        _ if called.everyone => "<users/all>".to_owned(),
        Some(number) => format!("<users/{number}>"),
        None => plain(&called.name),
    }
}

fn header(parts: &Parts) -> Option<Value> {
    let short = |text: &str| plain(&cut(text, HEADER_LIMIT, bytes, "…"));
    match (parts.kind.as_str(), parts.workspace.as_str()) {
        ("", "") => None,
        ("", name) | (name, "") => Some(json!({"title": short(name)})),
        (kind, workspace) => Some(json!({"title": short(kind), "subtitle": short(workspace)})),
    }
}

fn buttons(parts: &Parts, mode: Mode, was_cut: bool) -> Vec<Value> {
    let mut buttons: Vec<Value> =
        parts.answers.iter().filter_map(|answer| answer_button(answer, parts, mode)).collect();
    if let Some(door) = parts.door(was_cut) {
        buttons.push(json!({"text": door.label, "onClick": {"openLink": {"url": door.url}}}));
    }
    buttons
}

fn answer_button(answer: &Answer, parts: &Parts, mode: Mode) -> Option<Value> {
    let click = match mode {
        Mode::App => json!({"action": {
            "function": FUNCTION,
            "parameters": [{"key": PARAMETER, "value": answer.data}],
        }}),
        Mode::Webhook => json!({"openLink": {"url": parts.page.as_deref()?}}),
    };
    let mut button = json!({"text": plain(&answer.label(LABEL_LIMIT)), "onClick": click});
    if let Some(button) = button.as_object_mut() {
        match answer.style {
            ActionStyle::Plain => None,
            ActionStyle::Primary => button.insert("type".into(), "FILLED".into()),
            // A colour makes the button filled by itself.
            ActionStyle::Danger => {
                button.insert("color".into(), json!({"red": 0.7, "green": 0.15, "blue": 0.12}))
            }
        };
    }
    Some(button)
}

fn paragraph(html: &str) -> Value {
    json!({"textParagraph": {"text": html}})
}

/// For `textParagraph.text` and `decoratedText.text`, which Chat reads as a small HTML.
fn html(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}

/// For the texts that are not read as HTML. There is no escape (google_chat.md §3), so `<users/all>` and
/// `<url|label>` lose their bracket.
fn plain(text: &str) -> String {
    text.replace('<', "＜")
}

/// Bytes in the JSON, escaped: the greater of [`html`] and [`plain`].
fn bytes(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '&' => 5,
            '<' | '>' | '\n' => 4,
            '"' | '\\' => 2,
            c => c.len_utf8(),
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Action, Field, Mentioned};

    fn approval() -> Message {
        Message {
            title: "稟議 <第1号>".into(),
            body: "佐藤さん\n& 鈴木さん".into(),
            link: Some("https://example.jp/t/1".into()),
            fields: vec![Field { label: "金額".into(), value: "<b>1円</b>".into() }],
            actions: vec![
                Action { id: "approve".into(), label: "承認".into(), style: ActionStyle::Primary },
                Action { id: "reject".into(), label: "却下".into(), style: ActionStyle::Danger },
            ],
            ..Message::default()
        }
    }

    fn context() -> Context<'static> {
        Context {
            kind: "承認の依頼",
            workspace: "みなと商事",
            event: Some("ev_1"),
            page: Some("https://t.jp/n/1"),
            ..Context::default()
        }
    }

    #[test]
    fn the_card_of_an_app_is_pinned() {
        assert_eq!(
            render(&approval(), &context(), Mode::App),
            json!({
                "fallbackText": "【承認の依頼】稟議 ＜第1号>\n\n佐藤さん\n& 鈴木さん\n\n金額: ＜b>1円＜/b>",
                "cardsV2": [{"cardId": "todoke", "card": {
                    "header": {"title": "承認の依頼", "subtitle": "みなと商事"},
                    "sections": [{"widgets": [
                        {"textParagraph": {"text": "<b>稟議 &lt;第1号&gt;</b>"}},
                        {"textParagraph": {"text": "佐藤さん<br>&amp; 鈴木さん"}},
                        {"decoratedText": {"topLabel": "金額", "text": "&lt;b&gt;1円&lt;/b&gt;", "wrapText": true}},
                        {"buttonList": {"buttons": [
                            {"text": "承認", "type": "FILLED", "onClick": {"action": {"function": "todoke_action",
                                "parameters": [{"key": "data", "value": "todoke:ev_1:approve"}]}}},
                            {"text": "却下", "color": {"red": 0.7, "green": 0.15, "blue": 0.12},
                                "onClick": {"action": {"function": "todoke_action",
                                "parameters": [{"key": "data", "value": "todoke:ev_1:reject"}]}}},
                            {"text": "開く", "onClick": {"openLink": {"url": "https://example.jp/t/1"}}},
                        ]}},
                    ]}],
                }}],
            })
        );
    }

    #[test]
    fn who_is_called_stands_above_the_card() {
        let person =
            |name: &str, id: Option<&str>| Mentioned::Person { name: name.into(), id: id.map(Into::into) };
        let mentions = [
            Mentioned::Everyone,
            person("佐藤", Some("users/111")),
            person("<users/all>", None),
            person("鈴木", Some("webhook:AAA:x")),
            person("全", Some("users/all")),
        ];
        for mode in [Mode::App, Mode::Webhook] {
            let sent = render(&approval(), &Context { mentions: &mentions, ..context() }, mode);
            assert_eq!(sent["text"], "<users/all> <users/111> @＜users/all> @鈴木 @全");
        }
    }

    #[test]
    fn a_webhook_leads_to_the_page() {
        let urls = |context: &Context<'_>| -> Vec<String> {
            let card = render(&approval(), context, Mode::Webhook);
            let widgets =
                card.pointer("/cardsV2/0/card/sections/0/widgets").and_then(Value::as_array).unwrap();
            let buttons = widgets.last().and_then(|widget| widget.pointer("/buttonList/buttons")).unwrap();
            let url = |button: &Value| button["onClick"]["openLink"]["url"].as_str().unwrap().to_owned();
            buttons.as_array().unwrap().iter().map(url).collect()
        };
        assert_eq!(urls(&context()), ["https://t.jp/n/1", "https://t.jp/n/1", "https://example.jp/t/1"]);
        assert_eq!(urls(&Context { page: None, ..context() }), ["https://example.jp/t/1"]);
        let settled = Context { settled: Some("佐藤さんが承認しました"), ..context() };
        assert_eq!(urls(&settled), ["https://example.jp/t/1"]);
    }
}
