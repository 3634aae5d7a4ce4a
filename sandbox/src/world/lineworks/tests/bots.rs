use serde_json::json;

use super::*;

fn with(name: &str, value: Value) -> Value {
    let mut body = bot_body();
    body[name] = value;
    body
}

#[test]
fn settings_have_limits() {
    let long = "あ".repeat(101);
    let url = format!("https://a.example/{}", "a".repeat(1000));
    let mut client = Client::new();
    for (name, value) in [
        ("botName", Value::Null),
        ("botName", json!(long)),
        ("photoUrl", Value::Null),
        ("photoUrl", json!("http://a.example/a.png")),
        ("photoUrl", json!(url)),
        ("description", json!("")),
        ("description", json!(long)),
        ("administrators", json!([])),
        ("administrators", json!(["sato@minato", "sato@minato"])),
        ("administrators", json!(["sato", "sato@minato"])),
        ("administrators", json!(["sato@minato", "suzuki@minato", "ito@minato", "kato@minato"])),
        ("subadministrators", json!(["nobody"])),
        ("allowDomains", json!([1])),
        ("allowDomains", json!([DOMAIN, DOMAIN])),
        ("enableCallback", json!("true")),
        ("callbackUrl", json!("http://todoke.example/")),
        ("callbackUrl", json!("https://")),
        ("callbackEvents", json!(["text", "hologram"])),
        ("callbackEvents", json!(["text", "text"])),
        ("channelEvents", json!(["reaction"])),
        ("i18nBotNames", json!([{"language": "ja", "botName": "a"}])),
        ("i18nBotNames", json!([{"language": "ja_JP", "botName": long}])),
    ] {
        let reply = client.post("/bots", &with(name, value.clone()));
        assert_eq!(code(&reply), (400, "INVALID_PARAMETER".into()), "{name}: {value}");
        let description = reply.body_json()["description"].as_str().unwrap().to_owned();
        assert!(description.starts_with(name), "{description}");
    }
    assert_eq!(client.get("/bots").body_json()["bots"], json!([]));
}

#[test]
fn a_bot_is_made_read_replaced_and_patched() {
    let mut client = Client::new();
    let id = client.bot();
    let path = format!("/bots/{id}");
    let bot = client.get(&path).body_json();
    assert_eq!(bot["botId"], 2_000_001);
    assert_eq!(bot["administrators"], json!([client.user("sato")]), "kept as userIds");
    assert_eq!(bot["channelEvents"], json!(["message", "join", "leave", "joined", "left", "postback"]));
    assert!(bot.get("secret").is_none());

    let patched = client.call("PATCH", &path, &json!({"callbackUrl": "", "botName": "a\nb"})).body_json();
    assert_eq!((&patched["callbackUrl"], &patched["botName"]), (&json!(""), &json!("a b")));
    assert_eq!(patched["callbackEvents"], json!(["text", "sticker"]), "the rest is kept");

    let mut less = bot_body();
    less.as_object_mut().unwrap().remove("callbackEvents");
    less.as_object_mut().unwrap().remove("enableCallback");
    let replaced = client.call("PUT", &path, &less).body_json();
    assert_eq!((&replaced["callbackEvents"], &replaced["enableCallback"]), (&json!([]), &json!(false)));
    assert_eq!(client.call("PUT", &path, &json!({"botName": "a"})).status, 400);

    let list = client.get("/bots").body_json();
    assert_eq!(list["bots"][0]["botName"], "届け");
    assert!(list["bots"][0].get("callbackUrl").is_none(), "a list tells less");
    assert_eq!(client.call("DELETE", &path, &Value::Null).status, 204);
    assert_eq!(code(&client.get(&path)), (404, "NOT_FOUND".into()));
    assert_eq!(client.bot(), 2_000_002, "numbers are not given twice");
}

#[test]
fn lists_are_paged() {
    let mut client = Client::new();
    for _ in 0..3 {
        client.bot();
    }
    let first = client.get("/bots?count=2").body_json();
    assert_eq!(first["bots"].as_array().unwrap().len(), 2);
    let cursor = first["responseMetaData"]["nextCursor"].as_str().unwrap();
    let second = client.get(&format!("/bots?count=2&cursor={cursor}")).body_json();
    assert_eq!(second["bots"].as_array().unwrap().len(), 1);
    assert!(second["responseMetaData"]["nextCursor"].is_null());
    assert_eq!(client.get("/bots?cursor=nonsense").status, 400);
    assert_eq!(client.get("/bots?count=0").status, 400);
}

#[test]
fn a_domain_decides_who_may_use_the_bot() {
    let mut client = Client::new();
    let id = client.post("/bots", &bot_body()).body_json()["botId"].as_i64().unwrap();
    let hello = json!({"type": "text", "text": "a"});
    assert_eq!(code(&client.send(id, "sato", &hello)), (403, "ACCESS_DENIED".into()));
    let domain = format!("/bots/{id}/domains/{DOMAIN}");
    assert_eq!(client.post(&format!("/bots/{id}/domains/1"), &json!({})).status, 404);
    let added = client.post(&domain, &json!({}));
    assert_eq!(
        (added.status, added.body_json()),
        (201, json!({"domainId": DOMAIN, "visible": false, "allowToSelectedMember": false}))
    );
    assert_eq!(client.send(id, "sato", &hello).status, 201);
    assert_eq!(client.get(&format!("{domain}/members")).body_json()["members"], "All users");

    let patched = client.call("PATCH", &domain, &json!({"allowToSelectedMember": true, "visible": true}));
    assert_eq!(patched.status, 200);
    assert_eq!(code(&client.send(id, "sato", &hello)), (403, "ACCESS_DENIED".into()));
    let member = json!({"userId": "sato@minato"});
    assert_eq!(client.post(&format!("{domain}/members"), &member).status, 201);
    assert_eq!(client.send(id, "sato", &hello).status, 201);
    assert_eq!(client.send(id, "ito", &hello).status, 403);
    let sato = client.user("sato");
    assert_eq!(client.get(&format!("{domain}/members")).body_json()["members"], json!([sato]));
    let gone = client.call("DELETE", &format!("{domain}/members/{sato}"), &Value::Null);
    assert_eq!(gone.status, 204);
    assert_eq!(client.send(id, "sato", &hello).status, 403);

    let replaced = client.call("PUT", &domain, &json!({})).body_json();
    assert_eq!((&replaced["visible"], &replaced["allowToSelectedMember"]), (&json!(false), &json!(false)));
    let listed = client.get(&format!("/bots/{id}/domains")).body_json();
    assert_eq!(listed["domains"][0]["domainId"], DOMAIN);
    assert_eq!(client.call("DELETE", &domain, &Value::Null).status, 204);
    assert_eq!(client.call("DELETE", &domain, &Value::Null).status, 404);
}

#[test]
fn a_domain_must_be_allowed() {
    let mut client = Client::new();
    let id =
        client.post("/bots", &with("allowDomains", json!([DOMAIN]))).body_json()["botId"].as_i64().unwrap();
    client.world.domains.insert(1, client.world.domains[&DOMAIN].clone());
    assert_eq!(client.post(&format!("/bots/{id}/domains/1"), &json!({})).status, 400);
    assert_eq!(client.post(&format!("/bots/{id}/domains/{DOMAIN}"), &json!({})).status, 201);
}

#[test]
fn a_new_secret_kills_the_old_at_once() {
    let mut client = Client::new();
    let id = client.bot();
    let before = client.world.bots()[&id].secret().to_owned();
    let reply = client.call("POST", &format!("/bots/{id}/secret"), &Value::Null);
    let secret = reply.body_json()["secret"].as_str().unwrap().to_owned();
    assert_ne!(before, secret);
    client.world.say("sato", &TalkId::Bot(id), "a", NOW).unwrap();
    let callback = client.world.take_callbacks().remove(0);
    assert!(events::signed_by(&callback, &secret));
    assert!(!events::signed_by(&callback, &before));
}
