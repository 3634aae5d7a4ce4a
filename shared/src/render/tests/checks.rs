//! What must hold of one message at one provider.

use proptest::prelude::*;
use serde_json::Value;

use crate::{
    message::{Context, MAX_ACTIONS, Mentioned, Message, action_data},
    render::{google_chat, line, lineworks, mail, slack, text::pressable as ascii_link, web_push},
    validate::is_link,
};

/// Every string in a rendering, with the name it stands under.
fn strings(value: &Value) -> Vec<(String, String)> {
    fn walk(name: &str, value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::String(text) => found.push((name.to_owned(), text.clone())),
            Value::Array(items) => items.iter().for_each(|item| walk(name, item, found)),
            Value::Object(members) => members.iter().for_each(|(name, member)| walk(name, member, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk("", value, &mut found);
    found
}

/// Every object that has `name`.
fn having<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    let mut found: Vec<&Value> = value.get(name).is_some().then_some(value).into_iter().collect();
    match value {
        Value::Array(items) => found.extend(items.iter().flat_map(|item| having(item, name))),
        Value::Object(members) => found.extend(members.values().flat_map(|member| having(member, name))),
        _ => {}
    }
    found
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The data of the buttons that must be there.
fn answers(message: &Message, context: &Context<'_>) -> Vec<String> {
    if context.settled.is_some() {
        return Vec::new();
    }
    let event = context.event.unwrap();
    message.actions.iter().take(MAX_ACTIONS).map(|action| action_data(event, &action.id)).collect()
}

/// What every provider needs of a text: something to read, on lines without control characters.
fn well_formed(shown: &str) -> Result<(), TestCaseError> {
    prop_assert!(!shown.trim().is_empty());
    prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
    let turned = shown.contains(['\u{202e}', '\u{2066}']);
    prop_assert!(!turned);
    Ok(())
}

fn pressable(url: &str, limit: usize) -> Result<(), TestCaseError> {
    let plain = url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\`{|}^".contains(&byte));
    prop_assert!(plain && url.starts_with("https://") && url.len() <= limit, "{}", url);
    Ok(())
}

/// Who is promised more is led to it.
fn leads_on(rendered: &Value) -> Result<(), TestCaseError> {
    let strings = strings(rendered);
    let promised =
        strings.iter().any(|(_, text)| text.ends_with("…続きを見る") || text.ends_with("… Read more"));
    let led = strings.iter().any(|(name, _)| name == "uri" || name == "url");
    prop_assert!(led || !promised);
    Ok(())
}

/// Written apart from `neutral`: the documented form, made tolerant.
fn mentions_on_lineworks(text: &str) -> bool {
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{2060}').collect();
    squeezed.to_lowercase().contains("<muserid")
}

/// `text` without the mentions that were asked for, each at most as often as it was: `written` says how a
/// messenger writes one. What is left must not mention anybody.
fn without_mentions(text: &str, context: &Context<'_>, written: fn(&Mentioned) -> Option<String>) -> String {
    let mut rest = text.to_owned();
    for mention in context.mentions.iter().filter_map(written) {
        rest = rest.replacen(&mention, "", 1);
    }
    rest
}

/// Nothing of an id but what every messenger's ids are made of.
fn person<'a>(mentioned: &'a Mentioned, also: &str) -> Option<&'a str> {
    match mentioned {
        Mentioned::Person { id: Some(id), .. } if !id.eq_ignore_ascii_case("all") => {
            id.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c)).then_some(id)
        }
        _ => None,
    }
}

/// Every `&` begins one of the three entities, and no `<` or `>` is left.
fn is_escaped(text: &str) -> bool {
    !text.contains(['<', '>'])
        && text
            .split('&')
            .skip(1)
            .all(|rest| ["amp;", "lt;", "gt;"].iter().any(|entity| rest.starts_with(entity)))
}

pub(super) fn check_lineworks(message: &Message, context: &Context<'_>) -> Result<(), TestCaseError> {
    let content = lineworks::render(message, context);
    leads_on(&content)?;
    let mut postbacks = Vec::new();
    let (shown, limit) = if content["type"] == "text" {
        (text(&content, "text"), lineworks::TEXT_LIMIT)
    } else {
        prop_assert_eq!(text(&content, "type"), "button_template");
        let actions = content["actions"].as_array().unwrap();
        prop_assert!((1..=10).contains(&actions.len()));
        for action in actions {
            prop_assert!((1..=lineworks::LABEL_LIMIT).contains(&units(text(action, "label"))));
            well_formed(text(action, "label"))?;
            match text(action, "type") {
                "uri" => pressable(text(action, "uri"), lineworks::URI_LIMIT)?,
                "message" => {
                    well_formed(text(action, "text"))?;
                    prop_assert!(units(text(action, "text")) <= 300);
                    prop_assert!(text(action, "postback").len() <= 1_000);
                    postbacks.push(text(action, "postback").to_owned());
                }
                other => prop_assert!(false, "{}", other),
            }
        }
        (text(&content, "contentText"), lineworks::CONTENT_TEXT_LIMIT)
    };
    well_formed(shown)?;
    prop_assert!(units(shown) <= limit);
    prop_assert_eq!(postbacks, answers(message, context));
    let mention = |one: &Mentioned| match one {
        Mentioned::Everyone => Some("<m userId=\"all\">".to_owned()),
        one => person(one, "._@+-").map(|id| format!("<m userId=\"{id}\">")),
    };
    prop_assert!(shown.matches("<m userId=\"").count() <= 50);
    for (name, text) in strings(&content) {
        let rest = if name == "label" { text } else { without_mentions(&text, context, mention) };
        prop_assert!(!mentions_on_lineworks(&rest), "{}", rest);
    }
    Ok(())
}

pub(super) fn check_line(message: &Message, context: &Context<'_>) -> Result<(), TestCaseError> {
    let messages = line::render(message, context);
    prop_assert_eq!(messages.len(), 1);
    let object = &messages[0];
    leads_on(object)?;
    let mut postbacks = Vec::new();
    if object["type"] == "text" {
        prop_assert!(units(text(object, "text")) <= line::TEXT_LIMIT);
    } else {
        prop_assert_eq!(text(object, "type"), "flex");
        prop_assert!(units(text(object, "altText")) <= line::ALT_TEXT_LIMIT);
        prop_assert!(serde_json::to_string(&object["contents"]).unwrap().len() <= line::BUBBLE_LIMIT);
        for parent in having(object, "contents") {
            // A bubble's contents is the one object; a box needs at least one component.
            prop_assert!(parent["contents"].as_array().is_none_or(|components| !components.is_empty()));
        }
        for button in having(object, "action") {
            let action = &button["action"];
            prop_assert!((1..=40).contains(&units(text(action, "label"))));
            if action["type"] == "uri" {
                pressable(text(action, "uri"), line::URI_LIMIT)?;
            } else {
                prop_assert!(units(text(action, "data")) <= 300 && units(text(action, "displayText")) <= 300);
                postbacks.push(text(action, "data").to_owned());
            }
        }
    }
    for (_, text) in strings(object) {
        well_formed(&text)?;
    }
    prop_assert_eq!(postbacks, answers(message, context));
    Ok(())
}

pub(super) fn check_slack(message: &Message, context: &Context<'_>) -> Result<(), TestCaseError> {
    let slack::Rendered { text: fallback, blocks } = slack::render(message, context);
    well_formed(&fallback)?;
    let mention = |one: &Mentioned| match one {
        Mentioned::Everyone => Some("<!channel>".to_owned()),
        one => person(one, "").filter(|id| id.starts_with(['U', 'W'])).map(|id| format!("<@{id}>")),
    };
    let quiet = |text: &str| is_escaped(&without_mentions(text, context, mention));
    prop_assert!(fallback.len() <= slack::TEXT_LIMIT && quiet(&fallback));
    let blocks = Value::Array(blocks);
    leads_on(&blocks)?;
    prop_assert!((1..=50).contains(&blocks.as_array().unwrap().len()));
    prop_assert!(units(&blocks.to_string()) <= 13_000, "{}", units(&blocks.to_string()));
    let mut values = Vec::new();
    for block in blocks.as_array().unwrap() {
        let within = |object: &Value, limit: usize| {
            let shown = text(object, "text");
            (1..=limit).contains(&units(shown)) && object["type"] == "plain_text"
        };
        match text(block, "type") {
            "header" => prop_assert!(within(&block["text"], 150)),
            "context" => prop_assert!(block["elements"].as_array().unwrap().len() == 1),
            "section" if block["text"]["type"] == "mrkdwn" => {
                let called = text(&block["text"], "text");
                prop_assert!(!context.mentions.is_empty() && units(called) <= 3_000 && quiet(called));
            }
            "section" if block.get("text").is_some() => prop_assert!(within(&block["text"], 3_000)),
            "section" => {
                let fields = block["fields"].as_array().unwrap();
                prop_assert!((1..=10).contains(&fields.len()));
                prop_assert!(fields.iter().all(|field| within(field, 2_000)));
            }
            "actions" => {
                let buttons = block["elements"].as_array().unwrap();
                prop_assert!((1..=25).contains(&buttons.len()));
                let ids: std::collections::HashSet<&str> =
                    buttons.iter().map(|button| text(button, "action_id")).collect();
                prop_assert_eq!(ids.len(), buttons.len());
                for button in buttons {
                    prop_assert!(within(&button["text"], 75));
                    match button.get("url") {
                        Some(_) => pressable(text(button, "url"), 3_000)?,
                        None => values.push(text(button, "value").to_owned()),
                    }
                }
            }
            other => prop_assert!(false, "{}", other),
        }
    }
    for (_, text) in strings(&blocks) {
        well_formed(&text)?;
    }
    prop_assert_eq!(values, answers(message, context));
    Ok(())
}

pub(super) fn check_google_chat(
    message: &Message,
    context: &Context<'_>,
    mode: google_chat::Mode,
) -> Result<(), TestCaseError> {
    let sent = google_chat::render(message, context, mode);
    leads_on(&sent)?;
    let size = sent.to_string().len();
    prop_assert!(size <= google_chat::MESSAGE_LIMIT, "{}", size);
    prop_assert!(units(text(&sent, "fallbackText")) <= 4_096);
    let widgets = sent.pointer("/cardsV2/0/card/sections/0/widgets").and_then(Value::as_array).unwrap();
    prop_assert!((1..=100).contains(&widgets.len()));
    let mention = |one: &Mentioned| match one {
        Mentioned::Everyone => Some("<users/all>".to_owned()),
        one => person(one, "/").filter(|id| id.starts_with("users/")).map(|id| format!("<{id}>")),
    };
    if let Some(called) = sent.get("text").and_then(Value::as_str) {
        well_formed(called)?;
        prop_assert!(units(called) <= 4_096 && !without_mentions(called, context, mention).contains('<'));
    }
    for (name, text) in strings(&sent["cardsV2"]).into_iter().chain(strings(&sent["fallbackText"])) {
        well_formed(&text)?;
        // The tags are ours alone; where no tag is read, there is not even a bracket.
        let rest = text.replace("<b>", "").replace("</b>", "").replace("<br>", "");
        let allowed = if name == "text" { &rest } else { &text };
        prop_assert!(name == "url" || !allowed.contains('<'), "{}: {}", name, text);
    }
    for widget in having(&sent, "textParagraph").into_iter().chain(having(&sent, "decoratedText")) {
        let shown = widget.get("textParagraph").unwrap_or(&widget["decoratedText"]);
        let rest = text(shown, "text").replace("<b>", "").replace("</b>", "").replace("<br>", "");
        prop_assert!(is_escaped(&rest), "{}", rest);
    }
    let mut data = Vec::new();
    let mut pages = 0;
    for button in having(&sent, "onClick") {
        prop_assert!(!text(button, "text").trim().is_empty());
        if let Some(link) = button.pointer("/onClick/openLink") {
            pressable(text(link, "url"), 1_000)?;
            pages += 1;
        } else {
            let parameter = button.pointer("/onClick/action/parameters/0").unwrap();
            prop_assert_eq!(text(parameter, "key"), google_chat::PARAMETER);
            data.push(text(parameter, "value").to_owned());
        }
    }
    let wanted = answers(message, context);
    match mode {
        google_chat::Mode::App => prop_assert_eq!(data, wanted),
        google_chat::Mode::Webhook => {
            prop_assert!(data.is_empty());
            let page = context.page.is_some_and(|page| ascii_link(page, 1_000).is_some());
            prop_assert!(!page || pages >= wanted.len());
        }
    }
    Ok(())
}

/// Harmless letters instead of what could be markup.
fn tame(message: &Message) -> Message {
    let change = |text: &str| text.replace(['<', '>', '&', '"', '\''], "x");
    let mut tame = message.clone();
    tame.title = change(&tame.title);
    tame.body = change(&tame.body);
    tame.link = tame.link.as_deref().map(change);
    for field in &mut tame.fields {
        field.label = change(&field.label);
        field.value = change(&field.value);
    }
    for action in &mut tame.actions {
        action.label = change(&action.label);
    }
    tame
}

pub(super) fn check_mail(message: &Message, context: &Context<'_>) -> Result<(), TestCaseError> {
    let mail = mail::render(message, context, None);
    prop_assert!(!mail.subject.trim().is_empty() && !mail.subject.chars().any(char::is_control));
    prop_assert!(mail.subject.chars().count() <= mail::SUBJECT_LIMIT);
    well_formed(&mail.text)?;
    prop_assert!(!mail.html.contains('\r'));
    let page = context.page.and_then(|page| ascii_link(page, usize::MAX));
    if page.is_some() {
        prop_assert!(mail.html.matches("<a ").count() >= answers(message, context).len());
    }
    // A link may stop or begin to be one: then a button more or less is right.
    let link = |message: &Message| message.link.as_deref().is_some_and(|link| is_link(link.trim(), true));
    let tame = tame(message);
    if link(message) == link(&tame) {
        let quiet = mail::render(&tame, context, None);
        for mark in ['<', '>', '"', '\''] {
            let (wild, quiet) = (mail.html.matches(mark).count(), quiet.html.matches(mark).count());
            prop_assert_eq!(wild, quiet, "{}", mark);
        }
    }
    Ok(())
}

pub(super) fn check_web_push(message: &Message, context: &Context<'_>) -> Result<(), TestCaseError> {
    let shown = web_push::render(message, context);
    let tag = "dl_01JD8Z3N6Q4V7K2M5X9T0R1C8B00000-99";
    let size = web_push::payload(&shown, tag).len();
    prop_assert!(size <= web_push::PAYLOAD_LIMIT, "{}", size);
    prop_assert!(!shown.title.trim().is_empty() && !shown.title.contains('\n'));
    well_formed(&shown.title)?;
    if !shown.body.is_empty() {
        well_formed(&shown.body)?;
    }
    if let Some(link) = &shown.link {
        pressable(link, 1_000)?;
    }
    Ok(())
}
