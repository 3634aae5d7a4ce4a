//! A message as LINE WORKS wants it: the `content` object of a send (lineworks.md §3.5).

use serde_json::{Value, json};

use crate::{
    message::{Context, Message},
    render::{
        parts::{Answer, Called, Parts},
        text::{cut, units},
    },
};

/// Limit of `text.text` (lineworks.md §3.5 \[D\]).
pub const TEXT_LIMIT: usize = 2_000;
/// Limit of `button_template.contentText` (lineworks.md §3.5 \[D\]).
pub const CONTENT_TEXT_LIMIT: usize = 1_000;
/// Limit of a `uri` action's `uri` (lineworks.md §3.7 \[D\]).
pub const URI_LIMIT: usize = 1_000;
/// Limit of an action's `label` (lineworks.md §3.7 \[D\]).
pub const LABEL_LIMIT: usize = 20;
/// Limit of a message action's `text` (lineworks.md §3.7 \[D\]).
const ACTION_TEXT_LIMIT: usize = 300;

/// The `content` object: a `button_template` when there are actions or a link, else `text`. A pressed action
/// comes back as a message with [`crate::message::action_data`] in `content.postback` (lineworks.md §3.7).
///
/// Never longer than the limits, counted in UTF-16 units (and so in characters too): the provider does not say
/// which of the two it counts. Nobody is mentioned but whom [`Context::mentions`] names.
#[must_use]
pub fn render(message: &Message, context: &Context<'_>) -> Value {
    let parts = Parts::new(message, context, URI_LIMIT);
    let limit =
        if parts.answers.is_empty() && parts.link.is_none() { TEXT_LIMIT } else { CONTENT_TEXT_LIMIT };
    let (text, was_cut) = shown(&parts, limit);
    let mut actions: Vec<Value> = parts.answers.iter().map(answer).collect();
    if let Some(door) = parts.door(was_cut) {
        actions.push(json!({"type": "uri", "label": door.label, "uri": door.url}));
    }
    if actions.is_empty() {
        return json!({"type": "text", "text": text});
    }
    let (text, _) = shown(&parts, CONTENT_TEXT_LIMIT);
    json!({"type": "button_template", "contentText": text, "actions": actions})
}

/// Whom it calls, and everything but the buttons; and whether that was cut. The call leaves room for what it is
/// about.
fn shown(parts: &Parts, limit: usize) -> (String, bool) {
    parts.below(&parts.call(limit * 7 / 10, units, mention), limit, units, neutral)
}

/// `<m userId="…">` by user id or login (lineworks.md §3.8).
fn mention(called: &Called) -> String {
    match called.good_id(b"._@+-") {
        _ if called.everyone => r#"<m userId="all">"#.to_owned(),
        Some(id) => format!(r#"<m userId="{id}">"#),
        None => neutral(&called.name),
    }
}

/// Says its label as the person's own words and carries the data beside it: a button template takes no
/// `postback` action (lineworks.md §3.7).
fn answer(answer: &Answer) -> Value {
    json!({
        "type": "message",
        "label": neutral(&answer.label(LABEL_LIMIT)),
        "text": neutral(&cut(&answer.label, ACTION_TEXT_LIMIT, units, "…")),
        "postback": answer.data,
    })
}

/// With every `<` that could begin a mention (`<m userId=`, lineworks.md §3.8) as a wide `＜`. Wider than the
/// documented form on purpose: any case, and whatever invisible characters a tolerant parser might skip before
/// the `m`. As long as before in every unit but bytes.
fn neutral(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let may_mention = || {
            matches!(rest.clone().find(|c| c.is_alphanumeric() || c.is_ascii_punctuation()), Some('m' | 'M'))
        };
        out.push(if c == '<' && may_mention() { '＜' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Lang,
        message::{Action, ActionStyle, Field, Mentioned},
    };

    fn context(lang: Lang) -> Context<'static> {
        Context { lang, kind: "タスクの割り当て", workspace: "みなと商事", ..Context::default() }
    }

    fn message() -> Message {
        Message {
            title: "見積書の確認".into(),
            body: "佐藤さんから依頼が届きました。\r\nご確認ください。".into(),
            link: None,
            fields: vec![
                Field { label: "期限".into(), value: "11月30日".into() },
                Field { label: "案件".into(), value: "みなと倉庫".into() },
            ],
            ..Message::default()
        }
    }

    fn shown(content: &Value) -> &str {
        content["text"].as_str().or_else(|| content["contentText"].as_str()).unwrap()
    }

    #[test]
    fn without_a_link_it_is_a_text() {
        assert_eq!(
            render(&message(), &context(Lang::Ja)),
            json!({
                "type": "text",
                "text": "【タスクの割り当て】見積書の確認\n\n佐藤さんから依頼が届きました。\nご確認ください。\n\n期限: 11月30日\n案件: みなと倉庫",
            })
        );
    }

    #[test]
    fn with_a_link_it_is_a_button() {
        let message = Message { link: Some("https://example.jp/t/1".into()), fields: vec![], ..message() };
        for (lang, label) in [(Lang::Ja, "開く"), (Lang::En, "Open")] {
            assert_eq!(
                render(&message, &context(lang)),
                json!({
                    "type": "button_template",
                    "contentText": "【タスクの割り当て】見積書の確認\n\n佐藤さんから依頼が届きました。\nご確認ください。",
                    "actions": [{"type": "uri", "label": label, "uri": "https://example.jp/t/1"}],
                })
            );
        }
    }

    #[test]
    fn a_title_alone_and_nothing_at_all() {
        let title = Message { title: "停電".into(), ..Message::default() };
        assert_eq!(shown(&render(&title, &context(Lang::Ja))), "【タスクの割り当て】停電");
        let bare = Context { kind: "", ..context(Lang::Ja) };
        assert_eq!(shown(&render(&title, &bare)), "停電");
        let empty = Message { title: "\u{7}".into(), ..Message::default() };
        assert_eq!(shown(&render(&empty, &bare)), "【みなと商事】");
    }

    #[test]
    fn long_texts_are_cut_between_graphemes() {
        let family = "👨‍👩‍👧";
        let long = Message { body: family.repeat(500), ..message() };
        let read_on = |context: &Context<'_>, link: Option<&str>| {
            let content = render(&Message { link: link.map(Into::into), ..long.clone() }, context);
            let (body, fields) = shown(&content).rsplit_once("\n\n").unwrap();
            assert_eq!(fields, "期限: 11月30日\n案件: みなと倉庫");
            let (kept, tail) = body.rsplit_once(family).unwrap();
            (kept.chars().count(), tail.to_owned(), content["actions"][0]["label"].clone())
        };
        let (kept, tail, label) = read_on(&context(Lang::Ja), None);
        assert_eq!((tail.as_str(), label), ("…(以下省略)", Value::Null));
        assert!(kept > 1_100, "{kept}");
        let page = Context { page: Some("https://t.jp/n/1"), ..context(Lang::Ja) };
        let (kept, tail, label) = read_on(&page, None);
        assert_eq!((tail.as_str(), label), ("…続きを見る", json!("続きを見る")));
        assert!(kept > 550 && kept < 650, "{kept}");
        let (_, tail, label) = read_on(&page, Some("https://example.jp/"));
        assert_eq!((tail.as_str(), label), ("…続きを見る", json!("開く")));
        let english = Context { page: Some("https://t.jp/n/1"), ..context(Lang::En) };
        let (_, tail, label) = read_on(&english, None);
        assert_eq!((tail.as_str(), label), ("… Read more", json!("Read more")));
    }

    #[test]
    fn exactly_the_limit_is_not_cut() {
        let bare = Context { kind: "", ..context(Lang::Ja) };
        let exact = Message { title: "あ".repeat(2_000), ..Message::default() };
        assert_eq!(shown(&render(&exact, &bare)), exact.title);
        let over = Message { title: "あ".repeat(2_001), ..Message::default() };
        assert_eq!(shown(&render(&over, &bare)).chars().count(), 2_000);
    }

    #[test]
    fn mentions_are_neutralised_and_other_text_is_not() {
        for (body, expected) in [
            (r#"<m userId="all">"#, r#"＜m userId="all">"#),
            (r#"<M  USERID = "all">"#, r#"＜M  USERID = "all">"#),
            ("< \u{200b}m userId='x'", "＜ \u{200b}m userId='x'"),
            ("<\u{0}m userId=", "＜m userId="),
            ("<<m userId=", "<＜m userId="),
            ("1 < 2, <b>, a<n", "1 < 2, <b>, a<n"),
        ] {
            let message = Message { body: body.into(), ..message() };
            let content = render(&message, &context(Lang::Ja));
            assert!(shown(&content).contains(expected), "{body:?}: {content}");
        }
    }

    #[test]
    fn who_is_called_is_mentioned() {
        let person =
            |name: &str, id: Option<&str>| Mentioned::Person { name: name.into(), id: id.map(Into::into) };
        let mentions = [
            Mentioned::Everyone,
            person("佐藤", Some("sato@minato")),
            person("伊藤", None),
            person(r#"<m userId="all">"#, Some(r#"x"><m userId="all"#)),
            person("皆", Some("all")),
        ];
        let title = Message { title: "来客".into(), ..Message::default() };
        let context = Context { mentions: &mentions, ..context(Lang::Ja) };
        assert_eq!(
            shown(&render(&title, &context)),
            "<m userId=\"all\"> <m userId=\"sato@minato\"> @伊藤 @＜m userId=\"all\"> @皆\n【タスクの割り当て】来客"
        );
        // As many as fit; the others are counted, and what it is about is still read.
        let id = "a".repeat(36);
        let many = vec![person("佐藤", Some(&id)); 50];
        let content = render(
            &Message { link: Some("https://example.jp/".into()), body: "b".repeat(900), ..title },
            &Context { mentions: &many, ..context },
        );
        let text = shown(&content);
        let called = text.matches("<m userId=\"").count();
        assert!((10..50).contains(&called) && text.contains(&format!("> +{}\n【", 50 - called)), "{text}");
        assert!(units(text) <= CONTENT_TEXT_LIMIT && text.contains("bbb…"), "{text}");
    }

    #[test]
    fn a_link_that_is_too_long_makes_no_button() {
        let link = format!("https://example.jp/{}", "😀".repeat(900));
        let content = render(&Message { link: Some(link), ..message() }, &context(Lang::Ja));
        assert_eq!(content["type"], "text");
    }

    #[test]
    fn actions_are_messages_with_a_postback() {
        let action = |id: &str, label: &str| Action {
            id: id.into(),
            label: label.into(),
            style: ActionStyle::Primary,
        };
        let asked = Message {
            link: Some("https://example.jp/v/1".into()),
            actions: vec![
                action("take", "対応します"),
                action("help", "他の人に<mお願い>してください。これは長いです"),
            ],
            fields: Vec::new(),
            ..message()
        };
        let context = Context { event: Some("ev_1"), ..context(Lang::Ja) };
        let content = render(&asked, &context);
        assert_eq!(
            content["actions"],
            json!([
                {"type": "message", "label": "対応します", "text": "対応します", "postback": "todoke:ev_1:take"},
                {"type": "message", "label": "他の人に＜mお願い>してください。これ…",
                    "text": "他の人に＜mお願い>してください。これは長いです", "postback": "todoke:ev_1:help"},
                {"type": "uri", "label": "開く", "uri": "https://example.jp/v/1"},
            ])
        );
        let settled = Context { settled: Some("佐藤さんが対応します"), ..context };
        let content = render(&asked, &settled);
        assert_eq!(content["actions"].as_array().unwrap().len(), 1);
        assert!(shown(&content).starts_with("【タスクの割り当て】見積書の確認\n佐藤さんが対応します\n\n"));
        let nowhere = Context { event: None, ..settled };
        let bare = Message { link: None, ..asked };
        assert_eq!(render(&bare, &Context { settled: None, ..nowhere })["type"], "text");
    }
}
