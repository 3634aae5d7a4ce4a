//! A message as LINE wants it: the message objects of a push, multicast or reply (line.md §4).

use serde_json::{Value, json};

use crate::{
    message::{ActionStyle, Context, Message},
    render::{
        parts::{Answer, Door, FieldText, Parts},
        text::{cut, units},
    },
};

/// Limit of `text.text` in UTF-16 units.
pub const TEXT_LIMIT: usize = 5_000;
/// Limit of `altText` in UTF-16 units. 1,500 by the documentation; older checks say 400, and a notification
/// shows less than that.
pub const ALT_TEXT_LIMIT: usize = 400;
/// Limit of a bubble in bytes of its JSON.
pub const BUBBLE_LIMIT: usize = 30_000;
/// Limit of a `uri` action's `uri` in UTF-16 units.
pub const URI_LIMIT: usize = 1_000;

// UTF-16 units; together below BUBBLE_LIMIT at three bytes each with what stands around them.
const CALL_LIMIT: usize = 500;
const KIND_LIMIT: usize = 100;
const TITLE_LIMIT: usize = 400;
const SETTLED_LIMIT: usize = 300;
const BODY_LIMIT: usize = 2_000;
const VALUE_LIMIT: usize = 1_000;
const FIELDS_LIMIT: usize = 2_000;
/// LINE takes 40 graphemes; our labels have at most 20, and few are more than one unit.
const LABEL_LIMIT: usize = 40;

const INK: &str = "#24211c";
const QUIET: &str = "#66635c";
const ACCENT: &str = "#274172";
const DANGER: &str = "#b3261e";

/// One message object, as each counts against the five of a call and bubbles may be merged: a text when there is
/// nothing but text, else a Flex bubble with the fields as rows and the buttons below.
///
/// LINE can neither edit nor recall, and its plain texts know no mention: nothing is escaped, and who is called is
/// named.
#[must_use]
pub fn render(message: &Message, context: &Context<'_>) -> Vec<Value> {
    let parts = Parts::new(message, context, URI_LIMIT);
    let call = parts.names(CALL_LIMIT, units);
    let (text, text_cut) = parts.below(&call, TEXT_LIMIT, units, str::to_owned);
    let bare = parts.fields.is_empty() && parts.answers.is_empty() && parts.door(text_cut).is_none();
    vec![if bare { json!({"type": "text", "text": text}) } else { flex(&parts, &call) }]
}

fn flex(parts: &Parts, call: &str) -> Value {
    let body = cut(&parts.body, BODY_LIMIT, units, parts.tail());
    let body_cut = body != parts.body;
    let (rows, rows_cut) = parts.rows(VALUE_LIMIT, FIELDS_LIMIT, units);

    let mut contents = Vec::new();
    if !call.is_empty() {
        contents.push(bold(call, "sm", INK));
    }
    if !parts.kind.is_empty() {
        contents.push(small(&cut(&parts.kind, KIND_LIMIT, units, "…")));
    }
    if !parts.title.is_empty() {
        contents.push(bold(&cut(&parts.title, TITLE_LIMIT, units, "…"), "lg", INK));
    }
    if !parts.settled.is_empty() {
        contents.push(bold(&cut(&parts.settled, SETTLED_LIMIT, units, "…"), "sm", ACCENT));
    }
    if !body.is_empty() {
        contents.push(json!({"type": "text", "text": body, "wrap": true, "size": "sm", "color": INK}));
    }
    if !rows.is_empty() {
        contents.push(json!({"type": "separator"}));
        contents.extend(rows.iter().map(row));
    }
    if rows_cut && !body_cut {
        contents.push(small(parts.tail()));
    }
    let mut buttons: Vec<Value> = parts.answers.iter().map(answer_button).collect();
    buttons.extend(parts.door(body_cut || rows_cut).map(|door| link_button(&door)));

    let mut bubble = json!({
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": contents},
    });
    if let (Some(bubble), false) = (bubble.as_object_mut(), buttons.is_empty()) {
        bubble.insert(
            "footer".into(),
            json!({"type": "box", "layout": "vertical", "spacing": "sm", "contents": buttons}),
        );
    }
    let call = if call.is_empty() { String::new() } else { parts.names(ALT_TEXT_LIMIT / 2, units) + "\n" };
    let alt = format!("{call}{}", parts.summary(ALT_TEXT_LIMIT - units(&call), units));
    json!({"type": "flex", "altText": alt, "contents": bubble})
}

fn answer_button(answer: &Answer) -> Value {
    let label = answer.label(LABEL_LIMIT);
    let mut button = json!({
        "type": "button",
        "height": "sm",
        "action": {"type": "postback", "label": label, "data": answer.data, "displayText": label},
    });
    let (style, color) = match answer.style {
        ActionStyle::Plain => ("secondary", None),
        ActionStyle::Primary => ("primary", Some(ACCENT)),
        ActionStyle::Danger => ("primary", Some(DANGER)),
    };
    if let Some(button) = button.as_object_mut() {
        button.insert("style".into(), style.into());
        if let Some(color) = color {
            button.insert("color".into(), color.into());
        }
    }
    button
}

fn link_button(door: &Door<'_>) -> Value {
    json!({
        "type": "button",
        "height": "sm",
        "style": "link",
        "color": ACCENT,
        "action": {"type": "uri", "label": door.label, "uri": door.url},
    })
}

fn row(row: &FieldText) -> Value {
    let value =
        json!({"type": "text", "text": row.value, "wrap": true, "size": "sm", "color": INK, "flex": 5});
    let mut contents = Vec::new();
    if !row.label.is_empty() {
        contents.push(
            json!({"type": "text", "text": row.label, "wrap": true, "size": "sm", "color": QUIET, "flex": 2}),
        );
    }
    contents.push(value);
    json!({"type": "box", "layout": "horizontal", "spacing": "sm", "contents": contents})
}

fn small(text: &str) -> Value {
    json!({"type": "text", "text": text, "wrap": true, "size": "xs", "color": QUIET})
}

fn bold(text: &str, size: &str, color: &str) -> Value {
    json!({"type": "text", "text": text, "wrap": true, "size": size, "weight": "bold", "color": color})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Action, Field, Mentioned};

    fn context() -> Context<'static> {
        Context {
            kind: "承認の依頼",
            event: Some("ev_1"),
            page: Some("https://t.jp/n/1"),
            ..Context::default()
        }
    }

    #[test]
    fn nothing_but_text_is_a_text() {
        let message =
            Message {
                title: "停電のお知らせ".into(), body: "明日9時から".into(), ..Message::default()
            };
        assert_eq!(
            render(&message, &context()),
            [json!({"type": "text", "text": "【承認の依頼】停電のお知らせ\n\n明日9時から"})]
        );
    }

    #[test]
    fn a_bubble_is_pinned() {
        let message = Message {
            title: "出張申請".into(),
            body: "大阪 2泊".into(),
            link: Some("https://example.jp/申請".into()),
            fields: vec![Field { label: "金額".into(), value: "48,000円".into() }],
            actions: vec![
                Action { id: "approve".into(), label: "承認".into(), style: ActionStyle::Primary },
                Action { id: "back".into(), label: "差し戻し".into(), style: ActionStyle::Plain },
            ],
            ..Message::default()
        };
        let expected = json!({
            "type": "flex",
            "altText": "【承認の依頼】出張申請\n\n大阪 2泊\n\n金額: 48,000円",
            "contents": {
                "type": "bubble",
                "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": [
                    {"type": "text", "text": "承認の依頼", "wrap": true, "size": "xs", "color": QUIET},
                    {"type": "text", "text": "出張申請", "wrap": true, "size": "lg", "weight": "bold", "color": INK},
                    {"type": "text", "text": "大阪 2泊", "wrap": true, "size": "sm", "color": INK},
                    {"type": "separator"},
                    {"type": "box", "layout": "horizontal", "spacing": "sm", "contents": [
                        {"type": "text", "text": "金額", "wrap": true, "size": "sm", "color": QUIET, "flex": 2},
                        {"type": "text", "text": "48,000円", "wrap": true, "size": "sm", "color": INK, "flex": 5},
                    ]},
                ]},
                "footer": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": [
                    {"type": "button", "height": "sm", "style": "primary", "color": ACCENT, "action": {
                        "type": "postback", "label": "承認", "data": "todoke:ev_1:approve", "displayText": "承認"}},
                    {"type": "button", "height": "sm", "style": "secondary", "action": {
                        "type": "postback", "label": "差し戻し", "data": "todoke:ev_1:back", "displayText": "差し戻し"}},
                    {"type": "button", "height": "sm", "style": "link", "color": ACCENT, "action": {
                        "type": "uri", "label": "開く", "uri": "https://example.jp/%E7%94%B3%E8%AB%8B"}},
                ]},
            },
        });
        assert_eq!(render(&message, &context()), [expected]);
    }

    #[test]
    fn who_is_called_is_named() {
        let mentions =
            [Mentioned::Everyone, Mentioned::Person { name: "佐藤 花子".into(), id: Some("Uabc".into()) }];
        let context = Context { mentions: &mentions, ..context() };
        let text = Message { title: "来客".into(), ..Message::default() };
        assert_eq!(render(&text, &context)[0]["text"], "@全員 @佐藤 花子\n【承認の依頼】来客");
        let bubble = render(&Message { link: Some("https://example.jp/".into()), ..text }, &context);
        assert_eq!(bubble[0]["altText"], "@全員 @佐藤 花子\n【承認の依頼】来客");
        let first = bubble[0].pointer("/contents/body/contents/0/text").and_then(Value::as_str);
        assert_eq!(first, Some("@全員 @佐藤 花子"));
    }

    #[test]
    fn a_text_too_long_leads_to_the_page_or_says_that_it_is_short() {
        let long = Message { title: "規程".into(), body: "あ".repeat(5_001), ..Message::default() };
        let bubble = render(&long, &context());
        let uri = bubble[0].pointer("/contents/footer/contents/0/action/uri").and_then(Value::as_str);
        assert_eq!(uri, Some("https://t.jp/n/1"));
        let body = bubble[0].pointer("/contents/body/contents/2/text").and_then(Value::as_str).unwrap();
        assert!(body.ends_with("あ…続きを見る"));
        let text = render(&long, &Context { page: None, ..context() });
        assert!(text[0]["text"].as_str().unwrap().ends_with("あ…(以下省略)"));
    }
}
