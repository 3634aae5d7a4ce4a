use super::*;

/// A card with these widgets.
fn widgets(widgets: Value) -> Value {
    json!({"cardsV2": [{"cardId": "c", "card": {"sections": [{"widgets": widgets}]}}]})
}

fn paragraphs(count: usize) -> Value {
    widgets((0..count).map(|_| json!({"textParagraph": {"text": "a"}})).collect())
}

fn link(url: &str) -> Value {
    card(json!({"openLink": {"url": url}}))
}

#[test]
fn what_is_within_the_limits_arrives() {
    let digest = json!({"text": "*本日の予定* 3件", "fallbackText": "本日の予定 3件",
        "cardsV2": [{"cardId": "digest", "card": {
            "header": {"title": "本日の予定", "subtitle": "1月5日 (月)", "imageUrl": "https://a.example/i.png",
                "imageType": "CIRCLE"},
            "sections": [{"header": "期限", "collapsible": true, "uncollapsibleWidgetsCount": 1, "widgets": [
                {"decoratedText": {"topLabel": "17:00", "text": "<b>見積の確認</b>", "wrapText": true,
                    "startIcon": {"knownIcon": "CLOCK"}}},
                {"divider": {}},
                {"columns": {"columnItems": [{"widgets": [{"textParagraph": {"text": "a"}}]}]}},
                {"buttonList": {"buttons": [{"text": "開く", "type": "FILLED",
                    "onClick": {"openLink": {"url": "https://app.example/t/42"}}}]}}]}]}}]});
    let mut client = Client::new();
    let (_, url) = client.webhook();
    for body in [
        digest,
        text(&"a".repeat(4_096)),
        paragraphs(100),
        link("https://a.example"),
        json!({"cardsV2": paragraphs(1)["cardsV2"]}),
        json!({"text": "a", "thread": null}),
    ] {
        let reply = client.hook(&url, "", &body);
        assert_eq!(reply.status, 200, "{body}: {}", reply.body_json());
    }
    client.keeps_to_the_contract();
}

#[test]
fn what_is_beyond_is_refused_by_name() {
    let one = |change: &dyn Fn(&mut Value)| {
        let mut body = link("https://a.example");
        change(body.pointer_mut("/cardsV2/0/card").unwrap());
        body
    };
    let two = |first: &str, second: &str| {
        let card = paragraphs(1)["cardsV2"][0]["card"].clone();
        json!({"cardsV2": [{"cardId": first, "card": card}, {"cardId": second, "card": card}]})
    };
    let button = |button: Value| widgets(json!([{"buttonList": {"buttons": [button]}}]));
    let open = json!({"openLink": {"url": "https://a.example"}});
    for (body, named) in [
        (json!({}), "empty"),
        (text("  "), "empty"),
        (json!({"cardsV2": []}), "empty"),
        (json!({"txt": "a"}), "txt"),
        (json!({"text": 5}), "text"),
        (json!([]), "object"),
        (text(&"a".repeat(4_097)), "too long"),
        (json!({"text": "a", "fallbackText": "あ".repeat(11_000)}), "32,000 bytes"),
        (two("a", "a"), "unique"),
        (two("a", ""), "cardId"),
        (paragraphs(101), "100 widgets"),
        (one(&|card| card["header"]["title"] = json!("")), "header.title"),
        (one(&|card| card["header"]["imageUrl"] = json!("http://a.example/i.png")), "imageUrl"),
        (one(&|card| card["header"]["imageType"] = json!("OVAL")), "imageType"),
        (one(&|card| card["fixedFooter"] = json!({"primaryButton": {"text": "a"}})), "fixedFooter"),
        (one(&|card| card["sections"] = json!([])), "sections"),
        (one(&|card| card["sections"][0]["widgets"] = json!([])), "widget"),
        (one(&|card| card["colour"] = json!("red")), "colour"),
        (widgets(json!([{}])), "exactly one"),
        (widgets(json!([{"divider": {}, "textParagraph": {"text": "a"}}])), "exactly one"),
        (widgets(json!([{"textParagraph": {}}])), "textParagraph.text"),
        (widgets(json!([{"decoratedText": {"topLabel": "a"}}])), "decoratedText.text"),
        (widgets(json!([{"image": {"imageUrl": "http://a.example"}}])), "imageUrl"),
        (widgets(json!([{"columns": {"columnItems": [{}, {}, {}]}}])), "columns"),
        (widgets(json!([{"buttonList": {"buttons": []}}])), "buttons"),
        (widgets(json!([{"textInput": {"name": "a"}}])), "Chat app"),
        (button(json!({"text": "a"})), "onClick"),
        (button(json!({"onClick": open})), "text"),
        (button(json!({"text": "a", "onClick": {}})), "onClick"),
        (
            button(json!({"text": "a", "onClick": {"openLink": {"url": "https://a.example"}, "action": {}}})),
            "onClick",
        ),
        (link("javascript:alert(1)"), "url"),
        (link(""), "url"),
        (card(action("x")), "Chat app"),
        (
            json!({"text": "a", "accessoryWidgets": [{"buttonList": {"buttons": [{"text": "a", "onClick": open}]}}]}),
            "app authentication",
        ),
    ] {
        let mut client = Client::new();
        let (space, url) = client.webhook();
        let reply = client.hook(&url, "", &body);
        assert_eq!(code(&reply), (400, "INVALID_ARGUMENT".into()), "{body}");
        let message = reply.body_json()["error"].to_string();
        assert!(message.contains(named), "{message} should name {named}");
        assert!(client.messages(&space).is_empty());
    }
}

#[test]
fn what_the_schema_refuses_is_a_violation() {
    let mut client = Client::new();
    let (_, url) = client.webhook();
    let reply = client.hook(&url, "", &json!({"text": "a", "thread": {"key": "k"}}));
    let field = &reply.body_json()["error"]["details"][0]["fieldViolations"][0]["field"];
    assert_eq!(field, "thread.key");
    assert_eq!(client.world.violations()[0].schema, "google_chat:Message");
}

#[test]
fn the_body_must_say_what_it_is() {
    for (kind, body, status) in [
        (JSON, "{\"text\":\"a\"}", 200),
        ("application/json;charset=\"utf-8\"", "{\"text\":\"a\"}", 200),
        ("application/json", "{\"text\":\"a\"}", 400),
        ("text/plain; charset=UTF-8", "{\"text\":\"a\"}", 400),
        (JSON, "{\"text\":", 400),
        (JSON, "", 400),
    ] {
        let mut client = Client::new();
        let (_, url) = client.webhook();
        let request = Request {
            method: "POST".into(),
            path: url.strip_prefix("https://chat.googleapis.com").unwrap().to_owned(),
            headers: vec![("content-type".into(), kind.into())],
            body: body.as_bytes().to_vec(),
        };
        assert_eq!(code(&client.ask(Face::GoogleChat, &request)).0, status, "{kind} {body}");
    }
}

#[test]
fn links_are_upgraded_and_open_without_an_event() {
    let mut client = Client::new();
    let (space, url) = client.webhook();
    client.hook(&url, "", &link("http://a.example/x"));
    let pressed = press(&mut client.world, "ito", &space, 1, 0, NOW);
    assert_eq!(pressed, Ok(crate::world::Pressed::Open("https://a.example/x".into())));
    assert_eq!(press(&mut client.world, "ito", &space, 1, 1, NOW), Err(crate::world::ActError::NoButton));
    assert!(client.events().is_empty());
}
