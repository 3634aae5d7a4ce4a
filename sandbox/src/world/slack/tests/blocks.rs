use super::*;
use crate::world::slack::blocks::problems;

fn button(id: &str) -> Value {
    json!({"type": "button", "action_id": id, "text": {"type": "plain_text", "text": "a"}})
}

fn section(chars: usize) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": "あ".repeat(chars)}})
}

#[test]
fn what_fits_passes() {
    let mut all = vec![
        json!({"type": "header", "text": {"type": "plain_text", "text": "あ".repeat(150), "emoji": true}}),
        section(3_000),
        json!({"type": "section", "fields": vec![json!({"type": "mrkdwn", "text": "あ"}); 10]}),
        json!({"type": "context", "elements": vec![json!({"type": "mrkdwn", "text": "a"}); 10]}),
        json!({"type": "actions", "block_id": "b".repeat(255),
            "elements": (0..25).map(|no| button(&no.to_string())).collect::<Vec<_>>()}),
        json!({"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "あ".repeat(75)},
            "value": "v".repeat(2_000), "url": format!("https://{}", "u".repeat(2_992)), "style": "danger",
            "confirm": {"title": {"type": "plain_text", "text": "a"}, "text": {"type": "mrkdwn", "text": "a"}}}]}),
        json!({"type": "image", "image_url": "https://a.example/a.png", "alt_text": "a"}),
    ];
    all.resize(50, json!({"type": "divider"}));
    assert_eq!(problems(&all), Vec::<String>::new());
    let mut client = Client::new();
    assert_eq!(
        client.post("chat.postMessage", &json!({"channel": SATO, "text": "a", "blocks": all}))["ok"],
        true
    );
    client.no_violations();
}

#[test]
fn what_does_not_fit_is_pointed_at() {
    let text = |kind: &str, chars: usize| json!({"type": kind, "text": "あ".repeat(chars)});
    let plain = |chars: usize| text("plain_text", chars);
    for (block, want) in [
        (json!({}), "/blocks/0]"),
        (json!({"type": "x"}), "/blocks/0/type]"),
        (json!({"type": "divider", "text": "a"}), "invalid additional property: text"),
        (json!({"type": "divider", "block_id": "b".repeat(256)}), "less than 256 characters"),
        (json!({"type": "header", "text": text("mrkdwn", 1)}), "/blocks/0/text/type]"),
        (
            json!({"type": "header", "text": plain(151)}),
            "less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (json!({"type": "section"}), "/blocks/0/text]"),
        (section(0), "more than 0 characters"),
        (section(3_001), "less than 3001 characters"),
        (
            json!({"type": "section", "text": {"type": "mrkdwn", "text": "a", "emoji": true}}),
            "property: emoji",
        ),
        (json!({"type": "section", "fields": vec![plain(1); 11]}), "no more than 10 items"),
        (json!({"type": "section", "fields": []}), "no fewer than 1 items"),
        (json!({"type": "section", "fields": [plain(2_001)]}), "/blocks/0/fields/0/text]"),
        (json!({"type": "context", "elements": vec![plain(1); 11]}), "no more than 10 items"),
        (json!({"type": "actions", "elements": []}), "no fewer than 1 items"),
        (json!({"type": "actions", "elements": vec![button("a"); 26]}), "no more than 25 items"),
        (json!({"type": "actions", "elements": [button("a"), button("a")]}), "already exists"),
        (json!({"type": "actions", "elements": [{"type": "button", "text": plain(76)}]}), "less than 76"),
        (
            json!({"type": "actions", "elements": [{"type": "button", "text": text("mrkdwn", 1)}]}),
            "text/type]",
        ),
        (
            json!({"type": "actions", "elements": [{"type": "button", "text": plain(1), "style": "x"}]}),
            "/style]",
        ),
        (
            json!({"type": "actions", "elements": [{"type": "button", "text": plain(1), "url": "javascript:x"}]}),
            "/url]",
        ),
        (
            json!({"type": "actions", "elements": [{"type": "button", "text": plain(1), "value": "v".repeat(2_001)}]}),
            "/value]",
        ),
        (
            json!({"type": "actions", "elements": [{"type": "button", "text": plain(1), "value": 1}]}),
            "/value]",
        ),
        (json!({"type": "image", "image_url": "https://a.example/a.png"}), "alt_text"),
    ] {
        let found = problems(std::slice::from_ref(&block));
        assert!(found.iter().any(|one| one.contains(want)), "{block}: {found:?}");
    }
    let many = problems(&vec![json!({"type": "divider"}); 51]);
    assert_eq!(many, ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]);
}

#[test]
fn the_door_tells_what_is_wrong() {
    let mut client = Client::new();
    let mut post = |blocks: Value| {
        client.post("chat.postMessage", &json!({"channel": SATO, "text": "a", "blocks": blocks}))
    };
    let refused = post(json!([section(3_001)]));
    assert_eq!(error(&refused), "invalid_blocks");
    assert!(refused["response_metadata"]["messages"][0].as_str().unwrap().contains("/blocks/0/text/text"));
    assert_eq!(error(&post(json!(["a"]))), "invalid_blocks_format");
    let long: Vec<Value> = (0..5).map(|_| section(2_601)).collect();
    assert_eq!(error(&post(json!(long))), "msg_blocks_too_long");
    assert_eq!(post(json!([section(1)]))["message"]["blocks"][0]["block_id"].as_str().map(str::len), Some(5));
}
