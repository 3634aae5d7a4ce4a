//! A message as Slack wants it: `text` and `blocks` of chat.postMessage and chat.update (slack.md §3, §4).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    message::{ActionStyle, Context, Message},
    render::{
        parts::{Answer, Called, Door, FieldText, Parts},
        text::{cut, escape},
    },
};

/// What chat.postMessage and chat.update take, by their names of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// The notification, and all of the message for a reader that knows no blocks.
    pub text: String,
    pub blocks: Vec<Value>,
}

/// Limit of `text` in bytes: chat.update refuses more, counted when escaped (slack.md §3.1).
pub const TEXT_LIMIT: usize = 4_000;

// Characters in the JSON. The limits of slack.md §3.1; the blocks together must stay below about 13,000.
const CALL_LIMIT: usize = 900;
const HEADER_LIMIT: usize = 150;
const CONTEXT_LIMIT: usize = 150;
const TITLE_LIMIT: usize = 500;
const SETTLED_LIMIT: usize = 500;
const BODY_LIMIT: usize = 3_000;
const VALUE_LIMIT: usize = 1_500;
const FIELDS_LIMIT: usize = 3_000;
const FIELDS_A_SECTION: usize = 10;
const LABEL_LIMIT: usize = 75;
const URL_LIMIT: usize = 2_000;

/// Renders `message`. Its texts are `plain_text`, which Slack neither formats nor searches for mentions and shows as
/// they are; `text` and the one line that calls people are mrkdwn, in which everything else is escaped (slack.md
/// §3.2). A button's `value` is [`crate::message::action_data`].
#[must_use]
pub fn render(message: &Message, context: &Context<'_>) -> Rendered {
    let parts = Parts::new(message, context, URL_LIMIT);
    let call = parts.call(CALL_LIMIT, str::len, mention);
    let above = if call.is_empty() { String::new() } else { format!("{call}\n") };
    let summary = parts.summary(TEXT_LIMIT - above.len(), bytes);
    Rendered { text: above + &escape(&summary), blocks: blocks(&parts, &call) }
}

/// `<@U0123ABCD>`; everybody in a channel is `<!channel>` (slack.md §3.2).
fn mention(called: &Called) -> String {
    match called.good_id(b"").filter(|id| id.starts_with(['U', 'W'])) {
        _ if called.everyone => "<!channel>".to_owned(),
        Some(id) => format!("<@{id}>"),
        None => escape(&called.name),
    }
}

fn blocks(parts: &Parts, call: &str) -> Vec<Value> {
    let body = cut(&parts.body, BODY_LIMIT, characters, parts.tail());
    let body_cut = body != parts.body;
    let (rows, rows_cut) = parts.rows(VALUE_LIMIT, FIELDS_LIMIT, characters);

    let mut blocks = Vec::new();
    if !call.is_empty() {
        // `verbatim`: a name that looks like a mention is none.
        let text = json!({"type": "mrkdwn", "text": call, "verbatim": true});
        blocks.push(json!({"type": "section", "text": text}));
    }
    if !parts.kind.is_empty() {
        blocks.push(quiet(&cut(&parts.kind, CONTEXT_LIMIT, characters, "…")));
    }
    if !parts.title.is_empty() {
        // A header would cut a long title: then it is a section.
        blocks.push(if characters(&parts.title) <= HEADER_LIMIT {
            json!({"type": "header", "text": plain(&parts.title)})
        } else {
            section(&cut(&parts.title, TITLE_LIMIT, characters, "…"))
        });
    }
    for text in [&cut(&parts.settled, SETTLED_LIMIT, characters, "…"), &body] {
        if !text.is_empty() {
            blocks.push(section(text));
        }
    }
    for rows in rows.chunks(FIELDS_A_SECTION) {
        let fields: Vec<Value> = rows.iter().map(field).collect();
        blocks.push(json!({"type": "section", "fields": fields}));
    }
    if rows_cut && !body_cut {
        blocks.push(quiet(parts.tail()));
    }
    let mut buttons: Vec<Value> =
        parts.answers.iter().enumerate().map(|(index, answer)| answer_button(index, answer)).collect();
    buttons.extend(parts.door(body_cut || rows_cut).map(|door| link_button(&door)));
    if !buttons.is_empty() {
        blocks.push(json!({"type": "actions", "elements": buttons}));
    }
    blocks
}

fn answer_button(index: usize, answer: &Answer) -> Value {
    let mut button = json!({
        "type": "button",
        // Unique inside its block.
        "action_id": format!("answer_{index}"),
        "text": plain(&cut(&answer.label, LABEL_LIMIT, characters, "…")),
        "value": answer.data,
    });
    let style = match answer.style {
        ActionStyle::Plain => None,
        ActionStyle::Primary => Some("primary"),
        ActionStyle::Danger => Some("danger"),
    };
    if let (Some(button), Some(style)) = (button.as_object_mut(), style) {
        button.insert("style".into(), style.into());
    }
    button
}

/// Has no `value`, so that the interaction it sends all the same (slack.md §3.1) is none of our actions.
fn link_button(door: &Door<'_>) -> Value {
    json!({"type": "button", "action_id": "open", "text": plain(door.label), "url": door.url})
}

fn field(row: &FieldText) -> Value {
    plain(&if row.label.is_empty() { row.value.clone() } else { format!("{}\n{}", row.label, row.value) })
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": plain(text)})
}

fn quiet(text: &str) -> Value {
    json!({"type": "context", "elements": [plain(text)]})
}

fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text, "emoji": true})
}

/// Bytes, escaped.
fn bytes(text: &str) -> usize {
    escape(text).len()
}

/// UTF-16 units in the JSON: no fewer than Slack can count.
fn characters(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '"' | '\\' | '\n' => 2,
            c => c.len_utf16(),
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Action, Field, Mentioned};

    fn visitor() -> Message {
        Message {
            title: "来客: <!channel> & <@U1>".into(),
            body: "山田様 *至急*".into(),
            link: Some("https://example.jp/v/1?a=1&b=2".into()),
            fields: vec![Field { label: "会社".into(), value: "みなと倉庫".into() }],
            actions: vec![
                Action { id: "take".into(), label: "対応します".into(), style: ActionStyle::Primary },
                Action {
                    id: "help".into(), label: "他の人に対応を依頼".into(), style: ActionStyle::Plain
                },
            ],
            ..Message::default()
        }
    }

    fn text(text: &str) -> Value {
        json!({"type": "plain_text", "text": text, "emoji": true})
    }

    #[test]
    fn the_blocks_are_pinned() {
        let context = Context { kind: "来客", event: Some("ev_1"), ..Context::default() };
        let rendered = render(&visitor(), &context);
        assert_eq!(
            rendered.text,
            "【来客】来客: &lt;!channel&gt; &amp; &lt;@U1&gt;\n\n山田様 *至急*\n\n会社: みなと倉庫"
        );
        assert_eq!(
            json!(rendered.blocks),
            json!([
                {"type": "context", "elements": [text("来客")]},
                {"type": "header", "text": text("来客: <!channel> & <@U1>")},
                {"type": "section", "text": text("山田様 *至急*")},
                {"type": "section", "fields": [text("会社\nみなと倉庫")]},
                {"type": "actions", "elements": [
                    {"type": "button", "action_id": "answer_0", "style": "primary", "text": text("対応します"),
                        "value": "todoke:ev_1:take"},
                    {"type": "button", "action_id": "answer_1", "text": text("他の人に対応を依頼"),
                        "value": "todoke:ev_1:help"},
                    {"type": "button", "action_id": "open", "text": text("開く"),
                        "url": "https://example.jp/v/1?a=1&b=2"},
                ]},
            ])
        );
    }

    #[test]
    fn settled_says_by_whom_and_has_no_answers() {
        let context =
            Context {
                event: Some("ev_1"), settled: Some("佐藤さんが対応します"), ..Context::default()
            };
        let rendered = render(&visitor(), &context);
        assert_eq!(rendered.blocks[1], json!({"type": "section", "text": text("佐藤さんが対応します")}));
        assert_eq!(rendered.blocks.last().unwrap()["elements"].as_array().unwrap().len(), 1);
        assert!(rendered.text.contains("\n佐藤さんが対応します\n"));
    }

    #[test]
    fn who_is_called_stands_first_and_only_there_is_markup() {
        let person =
            |name: &str, id: Option<&str>| Mentioned::Person { name: name.into(), id: id.map(Into::into) };
        let mentions = [
            Mentioned::Everyone,
            person("佐藤 花子", Some("U0123ABCD")),
            person("<!here>", None),
            person("鈴木", Some("U1><!channel")),
            person("all", Some("ALL")),
        ];
        let rendered = render(&visitor(), &Context { mentions: &mentions, ..Context::default() });
        let call = "<!channel> <@U0123ABCD> @&lt;!here&gt; @鈴木 @all";
        assert_eq!(
            rendered.blocks[0],
            json!({"type": "section", "text": {"type": "mrkdwn", "text": call, "verbatim": true}})
        );
        assert!(rendered.text.starts_with(&format!("{call}\n来客: &lt;!channel&gt;")), "{}", rendered.text);
    }

    #[test]
    fn a_long_title_is_not_cut_to_a_header() {
        let long = Message { title: "あ".repeat(200), ..Message::default() };
        let rendered = render(&long, &Context::default());
        assert_eq!(rendered.blocks, [json!({"type": "section", "text": text(&long.title)})]);
    }

    #[test]
    fn eleven_fields_are_two_sections() {
        let fields = (0..11).map(|n| Field { label: format!("{n}"), value: "x".into() }).collect();
        let rendered = render(&Message { fields, ..Message::default() }, &Context::default());
        let sizes: Vec<usize> =
            rendered.blocks.iter().map(|block| block["fields"].as_array().unwrap().len()).collect();
        assert_eq!(sizes, [10, 1]);
    }
}
