use serde_json::{Value, json};

use super::*;

fn chars(count: usize) -> String {
    "港".repeat(count)
}

fn uri(label: usize) -> Value {
    json!({"type": "uri", "label": chars(label), "uri": "https://a.example"})
}

fn button(action: Value) -> Value {
    json!({"type": "button_template", "contentText": "a", "actions": [action]})
}

fn column(text: usize, extra: Value) -> Value {
    let mut column = json!({"text": chars(text), "actions": [uri(1)]});
    column.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    json!({"type": "carousel", "columns": [column]})
}

fn quick(items: usize, action: &Value) -> Value {
    let items: Vec<Value> = (0..items).map(|_| json!({"action": action})).collect();
    json!({"type": "text", "text": "a", "quickReply": {"items": items}})
}

fn flex(contents: Value) -> Value {
    json!({"type": "flex", "altText": "a", "contents": contents})
}

fn bubble() -> Value {
    json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [
        {"type": "text", "text": "a"}, {"type": "separator"}, {"type": "button", "action": uri(20)}]}})
}

#[test]
fn accepts_what_is_within_the_limits() {
    let image = json!({"originalContentUrl": "https://a.example/a.png"});
    for content in [
        json!({"type": "text", "text": chars(2000)}),
        json!({"type": "text", "text": "a", "i18nTexts": [{"language": "en_US", "text": chars(2000)}]}),
        json!({"type": "image", "fileId": "f"}),
        json!({"type": "image", "originalContentUrl": "https://a.example/a", "previewImageUrl": "https://a.example/p"}),
        json!({"type": "file", "originalContentUrl": "https://a.example/a.pdf"}),
        json!({"type": "audio", "fileId": "f"}),
        json!({"type": "location", "title": "a", "address": "b", "latitude": 35.6, "longitude": 139.7}),
        json!({"type": "sticker", "packageId": "1", "stickerId": "2"}),
        json!({"type": "link", "contentText": chars(1000), "linkText": "a", "link": "https://a.example"}),
        button(uri(20)),
        button(json!({"type": "message", "label": "a", "postback": chars(1000)})),
        button(json!({"type": "copy", "label": "a", "copyText": "b"})),
        json!({"type": "list_template", "elements": [{"title": "a"}], "actions": [[uri(1), uri(1)], [uri(1)]]}),
        column(120, json!({})),
        column(60, json!({"title": chars(40)})),
        column(60, image),
        column(1, json!({"actions": [{"type": "postback", "label": "a", "data": chars(300)}]})),
        json!({"type": "image_carousel", "columns": [{"fileId": "f", "action": uri(12)}]}),
        quick(13, &uri(20)),
        quick(1, &json!({"type": "postback", "label": "a", "data": "d", "displayText": "t"})),
        quick(1, &json!({"type": "camera", "label": "a"})),
        flex(bubble()),
        flex(json!({"type": "carousel", "contents": [bubble(), bubble()]})),
    ] {
        assert_eq!(check(&content), Ok(()), "{content}");
    }
}

#[test]
fn refuses_what_is_beyond_and_names_the_field() {
    let eleven: Vec<Value> = (0..11).map(|_| uri(1)).collect();
    let five: Vec<Value> = (0..5).map(|_| json!({"title": "a"})).collect();
    let bubbles: Vec<Value> = (0..11).map(|_| bubble()).collect();
    let mut heavy = bubble();
    *heavy.pointer_mut("/body/contents/0/text").unwrap() = json!("a".repeat(16_000));
    for (content, field) in [
        (json!(null), "content"),
        (json!({"text": "a"}), "content.type"),
        (json!({"type": "hologram"}), "content.type"),
        (json!({"type": "text"}), "content.text"),
        (json!({"type": "text", "text": ""}), "content.text"),
        (json!({"type": "text", "text": 5}), "content.text"),
        (json!({"type": "text", "text": chars(2001)}), "content.text"),
        (
            json!({"type": "text", "text": "a", "i18nTexts": [{"language": "ja", "text": "a"}]}),
            "content.i18nTexts[0].language",
        ),
        (
            json!({"type": "text", "text": "a", "i18nTexts": [{"language": "ja_JP", "text": chars(2001)}]}),
            "content.i18nTexts[0].text",
        ),
        (json!({"type": "image"}), "content.originalContentUrl"),
        (json!({"type": "image", "originalContentUrl": "https://a.example/a"}), "content.previewImageUrl"),
        (
            json!({"type": "image", "originalContentUrl": "http://a.example", "previewImageUrl": "https://a.example"}),
            "content.originalContentUrl",
        ),
        (
            json!({"type": "file", "fileId": "f", "originalContentUrl": "https://a.example"}),
            "content.originalContentUrl",
        ),
        (
            json!({"type": "file", "originalContentUrl": "https://a.example/a.EXE"}),
            "content.originalContentUrl",
        ),
        (json!({"type": "audio", "fileId": "f", "duration": 5}), "content.duration"),
        (
            json!({"type": "location", "title": "a", "address": "b", "latitude": 91, "longitude": 0}),
            "content.latitude",
        ),
        (json!({"type": "sticker", "packageId": 1, "stickerId": "2"}), "content.packageId"),
        (
            json!({"type": "link", "contentText": chars(1001), "linkText": "a", "link": "b"}),
            "content.contentText",
        ),
        (json!({"type": "link", "contentText": "a", "linkText": "a"}), "content.link"),
        (json!({"type": "button_template", "contentText": "a", "actions": []}), "content.actions"),
        (json!({"type": "button_template", "contentText": "a", "actions": eleven}), "content.actions"),
        (button(uri(21)), "content.actions[0].label"),
        (button(json!({"type": "postback", "label": "a", "data": "d"})), "content.actions[0].type"),
        (button(json!({"type": "camera", "label": "a"})), "content.actions[0].type"),
        (button(json!({"type": "message", "label": "a", "text": chars(301)})), "content.actions[0].text"),
        (
            button(json!({"type": "message", "label": "a", "postback": chars(1001)})),
            "content.actions[0].postback",
        ),
        (
            button(json!({"type": "uri", "label": "a", "uri": format!("https://{}", chars(1000))})),
            "content.actions[0].uri",
        ),
        (json!({"type": "list_template", "elements": five}), "content.elements"),
        (
            json!({"type": "list_template", "elements": [{"title": "a"}], "coverData": {"title": "a"}}),
            "content.coverData.backgroundImageUrl",
        ),
        (
            json!({"type": "list_template", "elements": [{"title": "a"}], "actions": [[uri(1), uri(1), uri(1)]]}),
            "content.actions[0]",
        ),
        (
            json!({"type": "list_template", "elements": [{"title": "a", "action": {"type": "postback", "label": "a", "data": "d"}}]}),
            "content.elements[0].action.type",
        ),
        (column(121, json!({})), "content.columns[0].text"),
        (column(61, json!({"title": "a"})), "content.columns[0].text"),
        (column(1, json!({"title": chars(41)})), "content.columns[0].title"),
        (column(1, json!({"actions": [uri(1), uri(1), uri(1), uri(1)]})), "content.columns[0].actions"),
        (
            column(1, json!({"actions": [{"type": "message", "label": "a"}]})),
            "content.columns[0].actions[0].text",
        ),
        (
            json!({"type": "carousel", "columns": [
                {"text": "a", "actions": [uri(1)]}, {"text": "a", "actions": [uri(1), uri(1)]}]}),
            "content.columns",
        ),
        (
            json!({"type": "image_carousel", "columns": [{"fileId": "f", "action": uri(13)}]}),
            "content.columns[0].action.label",
        ),
        (json!({"type": "image_carousel", "columns": [{}]}), "content.columns[0].originalContentUrl"),
        (quick(14, &uri(1)), "content.quickReply.items"),
        (
            quick(1, &json!({"type": "postback", "label": "a", "data": "d"})),
            "content.quickReply.items[0].action.displayText",
        ),
        (json!({"type": "flex", "altText": chars(401), "contents": bubble()}), "content.altText"),
        (json!({"type": "flex", "altText": "a"}), "content.contents"),
        (flex(json!({"type": "bubble"})), "content.contents.body"),
        (
            flex(json!({"type": "bubble", "body": {"type": "text", "text": "a"}})),
            "content.contents.body.type",
        ),
        (
            flex(
                json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{"type": "x"}]}}),
            ),
            "content.contents.body.contents[0].type",
        ),
        (flex(json!({"type": "carousel", "contents": bubbles})), "content.contents.contents"),
        (flex(json!({"type": "carousel", "contents": [heavy]})), "content.contents"),
    ] {
        let refused = check(&content).expect_err(&content.to_string()).0;
        assert!(refused.starts_with(&format!("{field} ")), "{refused} should name {field}");
    }
}
