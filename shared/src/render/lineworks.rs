//! A message as LINE WORKS wants it: the `content` object of a send (lineworks.md §3.5).

use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    lang::Text,
    message::{Context, Message},
};

/// Limit of `text.text` (lineworks.md §3.5 \[D\]).
pub const TEXT_LIMIT: usize = 2_000;
/// Limit of `button_template.contentText` (lineworks.md §3.5 \[D\]).
pub const CONTENT_TEXT_LIMIT: usize = 1_000;
/// Limit of a `uri` action's `uri` (lineworks.md §3.7 \[D\]).
pub const URI_LIMIT: usize = 1_000;

const OPEN: Text = Text::new("開く", "Open");
const SHORTENED: Text = Text::new("…(以下省略)", "… (shortened)");

/// The `content` object: a `button_template` with one `uri` action when the message has a link, else `text`.
///
/// Never longer than the limits, counted in UTF-16 units (and so in characters too): the provider does not say
/// which of the two it counts. Never an active mention.
#[must_use]
pub fn render(message: &Message, context: &Context<'_>) -> Value {
    let text = neutral(&layout(message, context));
    match message.link.as_deref().map(one_line).filter(|link| !link.is_empty() && units(link) <= URI_LIMIT) {
        // What is cut off stands behind the button.
        Some(link) => json!({
            "type": "button_template",
            "contentText": cut(&text, CONTENT_TEXT_LIMIT, "…"),
            "actions": [{"type": "uri", "label": OPEN.get(context.lang), "uri": link}],
        }),
        None => json!({"type": "text", "text": cut(&text, TEXT_LIMIT, SHORTENED.get(context.lang))}),
    }
}

/// 「【kind】title」, an empty line, the body, an empty line, the fields. Never empty.
fn layout(message: &Message, context: &Context<'_>) -> String {
    let mut head = one_line(&message.title);
    let kind = one_line(context.kind);
    if !kind.is_empty() {
        head = format!("【{kind}】{head}");
    }
    let fields: Vec<String> = message
        .fields
        .iter()
        .map(|field| format!("{}: {}", one_line(&field.label), field.value.trim()))
        .collect();
    let parts = [head, message.body.trim().to_owned(), fields.join("\n")];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    // The provider refuses an empty text.
    if without_controls(&text).trim().is_empty() {
        format!("【{}】", one_line(context.workspace))
    } else {
        text
    }
}

/// Without control characters, and with every `<` that could begin a mention (`<m userId=`, lineworks.md §3.8)
/// as a wide `＜`. Wider than the documented form on purpose: any case, and whatever invisible characters a
/// tolerant parser might skip before the `m`.
fn neutral(text: &str) -> String {
    let clean = without_controls(text);
    let mut out = String::with_capacity(clean.len());
    let mut rest = clean.chars();
    while let Some(c) = rest.next() {
        let may_mention = || {
            matches!(rest.clone().find(|c| c.is_alphanumeric() || c.is_ascii_punctuation()), Some('m' | 'M'))
        };
        out.push(if c == '<' && may_mention() { '＜' } else { c });
    }
    out
}

/// Line breaks stay, a tab is a space, other control characters go.
fn without_controls(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' => Some('\n'),
            '\t' => Some(' '),
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

fn one_line(text: &str) -> String {
    without_controls(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `limit` UTF-16 units, cut between two graphemes with `tail` to show it.
fn cut(text: &str, limit: usize, tail: &str) -> String {
    if units(text) <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(units(tail));
    let mut used = 0;
    let kept: String = text
        .graphemes(true)
        .take_while(|grapheme| {
            used += units(grapheme);
            used <= room
        })
        .collect();
    format!("{}{tail}", kept.trim_end())
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{lang::Lang, message::Field};

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

    /// Written apart from `neutral`: the documented form, made tolerant.
    fn mentions(text: &str) -> bool {
        let squeezed: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{2060}').collect();
        squeezed.to_lowercase().contains("<muserid")
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
        let text = render(&long, &context(Lang::Ja));
        let kept = shown(&text).strip_suffix("…(以下省略)").unwrap();
        assert!(kept.ends_with(family) && units(kept) > 1_900, "{}", units(kept));
        let linked = Message { link: Some("https://example.jp/".into()), ..long };
        let button = render(&linked, &context(Lang::Ja));
        let kept = shown(&button).strip_suffix('…').unwrap();
        assert!(kept.ends_with(family) && units(shown(&button)) > 980);
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
        // Built from two parts, and from the kind's name.
        let parts = Message { title: "<".into(), body: "m userId=\"all\">".into(), ..Message::default() };
        assert!(!mentions(shown(&render(&parts, &context(Lang::Ja)))));
        let kind = Context { kind: "<m userId=\"all\">", ..context(Lang::Ja) };
        assert!(!mentions(shown(&render(&message(), &kind))));
    }

    #[test]
    fn a_link_that_is_too_long_makes_no_button() {
        let link = format!("https://example.jp/{}", "😀".repeat(900));
        let content = render(&Message { link: Some(link), ..message() }, &context(Lang::Ja));
        assert_eq!(content["type"], "text");
    }

    fn nasty() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<String>(),
            "[ぁ-ん一-龥]{0,400}",
            "[<mM \u{200b}\u{0}\t\n]{0,8}",
            Just("<m userId=\"all\">".to_owned()),
            Just("<M\u{0} userid=".to_owned()),
            Just("👨‍👩‍👧".repeat(300)),
            Just("e\u{301}".repeat(1_500)),
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    fn any_message() -> impl Strategy<Value = Message> {
        let fields =
            prop::collection::vec((nasty(), nasty()).prop_map(|(label, value)| Field { label, value }), 0..3);
        (nasty(), nasty(), prop::option::of(nasty()), fields).prop_map(|(title, body, link, fields)| {
            Message { title, body, link, fields, actions: Vec::new() }
        })
    }

    proptest! {
        #[test]
        fn limits_hold_and_nobody_is_mentioned(message in any_message(), kind in nasty(), english in any::<bool>()) {
            let lang = if english { Lang::En } else { Lang::Ja };
            let content = render(&message, &Context { lang, kind: &kind, workspace: "みなと商事", ..Context::default() });
            let text = shown(&content);
            let limit = match content["type"].as_str() {
                Some("text") => TEXT_LIMIT,
                Some("button_template") => {
                    let uri = content["actions"][0]["uri"].as_str().unwrap();
                    prop_assert!(!uri.is_empty() && units(uri) <= URI_LIMIT);
                    CONTENT_TEXT_LIMIT
                }
                other => panic!("{other:?}"),
            };
            prop_assert!(units(text) <= limit && text.chars().count() <= limit);
            prop_assert!(!text.trim().is_empty());
            prop_assert!(!mentions(text));
            prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}
