//! `<m userId="…">` inside texts (lineworks.md §3.8 [D]).

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::{Mention, World};
use super::fields::Invalid;

const MAX: usize = 50;
const OPEN: &str = "<m userId=\"";

/// All mentions of a content, resolved. `all` reaches the room's members and is refused outside rooms.
pub(super) fn read(
    world: &World,
    content: &Value,
    members: &[String],
    in_room: bool,
) -> Result<Vec<Mention>, Invalid> {
    let mut written = Vec::new();
    for text in texts(content) {
        written.extend(find(text));
    }
    if written.len() > MAX {
        return Err(Invalid("content has more than 50 mentions".into()));
    }
    check_languages(content)?;
    let mut mentions = Vec::new();
    for name in written {
        let users = match name {
            "all" if !in_room => {
                return Err(Invalid("content mentions all outside a room".into()));
            }
            "all" => members.to_vec(),
            name => world.member(name).map(|p| p.user_id.clone()).into_iter().collect(),
        };
        mentions.push(Mention { written: name.to_owned(), users });
    }
    Ok(mentions)
}

/// The texts in which mentions are understood.
fn texts(content: &Value) -> Vec<&str> {
    let field = |name: &str| content.get(name).and_then(Value::as_str).into_iter().collect::<Vec<_>>();
    match content.get("type").and_then(Value::as_str).unwrap_or_default() {
        "text" => field("text"),
        "link" | "button_template" => field("contentText"),
        "flex" => {
            let mut texts = Vec::new();
            content.get("contents").into_iter().for_each(|c| flex_texts(c, &mut texts));
            texts
        }
        _ => Vec::new(),
    }
}

fn flex_texts<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| flex_texts(item, texts)),
        Value::Object(fields) => {
            let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
            if matches!(kind, "text" | "span") {
                texts.extend(fields.get("text").and_then(Value::as_str));
            }
            fields.values().for_each(|field| flex_texts(field, texts));
        }
        _ => {}
    }
}

/// Every language must mention the same people.
fn check_languages(content: &Value) -> Result<(), Invalid> {
    for (main, i18n) in [("text", "i18nTexts"), ("contentText", "i18nContentTexts")] {
        let of = |value: Option<&Value>| -> BTreeSet<String> {
            let text = value.and_then(Value::as_str).unwrap_or_default();
            find(text).into_iter().map(str::to_owned).collect()
        };
        let expected = of(content.get(main));
        for item in content.get(i18n).and_then(Value::as_array).into_iter().flatten() {
            if of(item.get(main)) != expected {
                return Err(Invalid(format!("content.{i18n} must mention the same users as {main}")));
            }
        }
    }
    Ok(())
}

fn find(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(OPEN) {
        match after.split_once("\">") {
            Some((name, after)) if !name.is_empty() && !name.contains(['"', '<', '>']) => {
                found.push(name);
                rest = after;
            }
            _ => rest = after,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn only_whole_tags_are_mentions() {
        for (text, want) in [
            ("", &[][..]),
            ("Hi <m userId=\"a@b\"> and <m userId=\"all\">", &["a@b", "all"]),
            ("<m userId=\"a", &[]),
            ("<m userId=\"\">", &[]),
            ("<m userid=\"a\">", &[]),
            ("<m userId=\"<m userId=\"b\">", &["b"]),
            ("&lt;m userId=\"a\">", &[]),
        ] {
            assert_eq!(find(text), want, "{text}");
        }
    }
}
