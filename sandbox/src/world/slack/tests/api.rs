use super::*;
use crate::world::{FaultKind, FaultTarget, FaultWhen};

#[test]
fn a_token_shows_who_it_is() {
    let mut client = Client::new();
    let reply = client.reply("auth.test", &json!({}));
    assert_eq!(
        reply.body_json(),
        json!({"ok": true, "url": "https://minato.slack.com/", "team": "みなと商事", "user": "todoke",
            "team_id": "T0MINATO001", "user_id": BOT, "bot_id": "B0TODOKE001", "is_enterprise_install": false})
    );
    assert!(reply.header("x-oauth-scopes").unwrap().contains("chat:write"));
    client.no_violations();
}

#[test]
fn tokens_come_by_header_or_form_and_never_otherwise() {
    let mut client = Client::new();
    let token = client.token.clone();
    let mut ask = |request: Request| client.http(&request).body_json()["error"].clone();
    let bare = |path: &str| Request { method: "POST".into(), path: path.into(), ..Request::default() };
    assert_eq!(ask(bare("/api/auth.test")), "not_authed");
    assert_eq!(ask(bare(&format!("/api/auth.test?token={token}"))), "not_authed");
    assert_eq!(ask(form("/api/auth.test", &format!("token={token}"), &[])), Value::Null);
    assert_eq!(ask(form("/api/auth.test", "token=xoxb-other", &[])), "invalid_auth");
    assert_eq!(
        ask(form("/api/auth.test", "", &[("Authorization", &format!("bearer {token}"))])),
        "not_authed"
    );
    let mut json = form("/api/auth.test", &json!({"token": token}).to_string(), &[]);
    json.headers[0].1 = "application/json; charset=utf-8".into();
    assert_eq!(ask(json), "not_authed");
    assert_eq!(ask(bare("/api/chat.nothing")), "unknown_method");
}

#[test]
fn bodies_are_what_their_type_says() {
    let mut client = Client::new();
    let bearer = format!("Bearer {}", client.token);
    let mut ask = |kind: &str, body: &str| {
        let mut request = form("/api/chat.postMessage", body, &[("Authorization", &bearer)]);
        request.headers[0].1 = kind.into();
        request.headers.retain(|(_, value)| !value.is_empty());
        client.http(&request).body_json()
    };
    let good = json!({"channel": SATO, "text": "a"}).to_string();
    for (kind, body, want) in [
        ("", "x=1", "missing_post_type"),
        ("text/plain", "x=1", "invalid_post_type"),
        ("application/json", "{", "invalid_json"),
        ("application/json", "[]", "json_not_object"),
        ("application/json; charset=shift_jis", "{}", "invalid_charset"),
        ("application/json; charset=utf-8", "{}", "invalid_arguments"),
        ("application/x-www-form-urlencoded", "text=a", "invalid_arguments"),
    ] {
        assert_eq!(error(&ask(kind, body)), want, "{kind} {body}");
    }
    assert_eq!(ask("application/json", &good)["warning"], "missing_charset");
    assert_eq!(ask("application/json; charset=UTF-8", &good).get("warning"), None);
    let blocks = "%5B%7B%22type%22%3A%22divider%22%7D%5D";
    let posted =
        ask("application/x-www-form-urlencoded", &format!("channel={SATO}&text=a+b%26&blocks={blocks}"));
    assert_eq!((posted["ok"].clone(), &posted["message"]["text"]), (json!(true), &json!("a b&")));
    assert_eq!(posted["message"]["blocks"][0]["type"], "divider");
}

#[test]
fn unknown_and_missing_arguments_break_the_contract() {
    let mut client = Client::new();
    client.post("chat.postMessage", &json!({"channel": SATO, "text": "a", "blocks": [{"type": "divider"}]}));
    client.no_violations();
    client.post("chat.postMessage", &json!({"channel": SATO, "text": "a", "colour": "red"}));
    client.post("chat.update", &json!({"channel": SATO, "text": "a"}));
    let broken: Vec<&str> = client.world.violations().iter().map(|one| one.schema.as_str()).collect();
    assert_eq!(broken, ["slack:chat.postMessage", "slack:chat.update"]);
}

#[test]
fn people_are_found_by_mail() {
    let mut client = Client::new();
    let found = client.get("users.lookupByEmail", "email=Sato%40minato.example");
    assert_eq!(
        (found["user"]["id"].clone(), &found["user"]["real_name"]),
        (json!(SATO), &json!("佐藤 花子"))
    );
    assert_eq!(error(&client.get("users.lookupByEmail", "email=no%40minato.example")), "users_not_found");
    assert_eq!(
        client.get("users.info", &format!("user={SATO}"))["user"]["profile"]["email"],
        "sato@minato.example"
    );
    assert_eq!(error(&client.get("users.info", "user=U1")), "user_not_found");
    assert_eq!(client.get("users.info", &format!("user={BOT}"))["user"]["is_bot"], true);
    client.world.slack_deactivate("sato", true).unwrap();
    assert_eq!(error(&client.get("users.lookupByEmail", "email=sato%40minato.example")), "users_not_found");
    assert_eq!(client.get("users.info", &format!("user={SATO}"))["user"]["deleted"], true);
    client.scopes(&["users:read"]);
    let refused = client.get("users.lookupByEmail", "email=a%40b");
    assert_eq!(
        refused,
        json!({"ok": false, "error": "missing_scope", "needed": "users:read.email", "provided": "users:read"})
    );
    assert_eq!(client.get("users.info", "user=U0MINATO02")["user"]["profile"].get("email"), None);
    client.no_violations();
}

#[test]
fn a_read_method_reads_no_json() {
    let mut client = Client::new();
    assert_eq!(error(&client.post("users.info", &json!({"user": SATO}))), "invalid_arguments");
    let bearer = format!("Bearer {}", client.token);
    let request = form("/api/users.info", &format!("user={SATO}"), &[("Authorization", &bearer)]);
    assert_eq!(client.http(&request).body_json()["ok"], true);
}

#[test]
fn channels_are_listed_joined_and_opened() {
    let mut client = Client::new();
    let names = |answer: &Value| -> Vec<String> {
        let channels = answer["channels"].as_array().unwrap().iter();
        channels.map(|one| one["name"].as_str().unwrap_or("im").to_owned()).collect()
    };
    assert_eq!(names(&client.get("conversations.list", "")), ["全社", "受付", "車両管理", "旧プロジェクト"]);
    let types = "types=public_channel,private_channel&exclude_archived=true";
    assert_eq!(names(&client.get("conversations.list", types)), ["全社", "受付", "車両管理"]);
    client.world.slack_invite("総務部", "", NOW).unwrap();
    assert_eq!(names(&client.get("conversations.list", "types=private_channel")), ["総務部"]);
    let first = client.get("conversations.list", "limit=3");
    let cursor = first["response_metadata"]["next_cursor"].as_str().unwrap().replace('=', "%3D");
    let second = client.get("conversations.list", &format!("limit=3&cursor={cursor}"));
    assert_eq!((names(&first).len(), names(&second).len()), (3, 1));
    assert_eq!(second["response_metadata"]["next_cursor"], "");
    for (query, want) in [
        ("limit=0", "invalid_limit"),
        ("limit=1000", "invalid_limit"),
        ("cursor=x", "invalid_cursor"),
        ("types=x", "invalid_types"),
        ("types=mpim", "missing_scope"),
    ] {
        assert_eq!(error(&client.get("conversations.list", query)), want, "{query}");
    }
    let info = client.get("conversations.info", &format!("channel={GENERAL}&include_num_members=true"));
    assert_eq!((&info["channel"]["is_member"], &info["channel"]["num_members"]), (&json!(false), &json!(12)));
    let join =
        |client: &mut Client, channel: &str| client.post("conversations.join", &json!({"channel": channel}));
    assert_eq!(join(&mut client, GENERAL)["channel"]["is_member"], true);
    assert_eq!(join(&mut client, GENERAL)["warning"], "already_in_channel");
    assert_eq!(error(&join(&mut client, OLD)), "is_archived");
    assert_eq!(error(&join(&mut client, SOUMU)), "method_not_supported_for_channel_type");
    let open = |client: &mut Client, body: Value| client.post("conversations.open", &body);
    let made = open(&mut client, json!({"users": SATO}));
    assert!(made["channel"]["id"].as_str().unwrap().starts_with('D'));
    assert_eq!(made.get("no_op"), None);
    let again = open(&mut client, json!({"users": SATO, "return_im": true}));
    assert_eq!((&again["no_op"], &again["already_open"]), (&json!(true), &json!(true)));
    assert_eq!((&again["channel"]["id"], &again["channel"]["user"]), (&made["channel"]["id"], &json!(SATO)));
    client.world.slack_deactivate("suzuki", true).unwrap();
    for (body, want) in [
        (json!({}), "users_list_not_supplied"),
        (json!({"users": "U1"}), "user_not_found"),
        (json!({"users": "U0MINATO02"}), "user_disabled"),
        (json!({"users": "U0MINATO03", "prevent_creation": true}), "channel_not_found"),
        (json!({"channel": "C1"}), "channel_not_found"),
    ] {
        assert_eq!(error(&open(&mut client, body.clone())), want, "{body}");
    }
    client.no_violations();
}

#[test]
fn a_private_channel_hides_from_who_is_not_in_it() {
    let mut client = Client::new();
    assert_eq!(error(&client.get("conversations.info", &format!("channel={SOUMU}"))), "channel_not_found");
    client.world.slack_invite("総務部", "", NOW).unwrap();
    assert_eq!(client.get("conversations.info", &format!("channel={SOUMU}"))["channel"]["is_private"], true);
    client.scopes(&["channels:read"]);
    assert_eq!(client.get("conversations.info", &format!("channel={SOUMU}"))["needed"], "groups:read");
}

#[test]
fn a_tier_is_counted_by_method_and_minute() {
    let mut client = Client::new();
    for _ in 0..20 {
        assert_eq!(client.get("conversations.list", "")["ok"], true);
    }
    let request = Request {
        method: "GET".into(),
        path: "/api/conversations.list".into(),
        headers: vec![("Authorization".into(), format!("Bearer {}", client.token))],
        body: Vec::new(),
    };
    let refused = client.http(&request);
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert_eq!((refused.status, refused.body_json()), (429, json!({"ok": false, "error": "ratelimited"})));
    assert!((1..=60).contains(&wait));
    assert_eq!(client.get("users.info", &format!("user={SATO}"))["ok"], true);
    client.now += wait * 1000;
    assert_eq!(client.get("conversations.list", "")["ok"], true);
}

#[test]
fn faults_look_as_slack_looks() {
    let mut client = Client::new();
    let target = || FaultTarget::Slack { operation: Some("chat.postMessage".into()) };
    let once = FaultWhen::Count { times: 1 };
    let body = json!({"channel": SATO, "text": "a"});
    let fault = |client: &mut Client, kind| client.world.faults.add(target(), kind, once);
    fault(&mut client, FaultKind::TooManyRequests);
    let reply = client.reply("chat.postMessage", &body);
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("1")));
    fault(&mut client, FaultKind::ServerError { status: 503 });
    let reply = client.reply("chat.postMessage", &body);
    assert_eq!((reply.status, reply.body_json()), (503, Value::Null));
    fault(&mut client, FaultKind::ServerError { status: 200 });
    assert_eq!(error(&client.post("chat.postMessage", &body)), "fatal_error");
    fault(&mut client, FaultKind::Drop);
    assert_eq!(client.get("users.info", &format!("user={SATO}"))["ok"], true);
    let (channel, ts) = client.say(SATO, "forgotten");
    assert_eq!(client.texts(&channel), Vec::<String>::new());
    assert_eq!(
        error(&client.post("chat.update", &json!({"channel": channel, "ts": ts, "text": "x"}))),
        "message_not_found"
    );
    let silent = |client: &mut Client, body: &Value| {
        let bearer = format!("Bearer {}", client.token);
        let mut request = form("/api/chat.postMessage", &body.to_string(), &[("Authorization", &bearer)]);
        request.headers[0].1 = "application/json; charset=utf-8".into();
        client.world.http(Face::Slack, &request, client.now)
    };
    fault(&mut client, FaultKind::TimeoutBefore);
    assert_eq!(silent(&mut client, &body), Answer::Silence { accepted: false });
    fault(&mut client, FaultKind::TimeoutAfter);
    assert_eq!(silent(&mut client, &body), Answer::Silence { accepted: true });
    assert_eq!(client.texts(&channel), ["a"]);
    fault(&mut client, FaultKind::TimeoutAfter);
    assert_eq!(
        silent(&mut client, &json!({"channel": "C1", "text": "a"})),
        Answer::Silence { accepted: false }
    );
}

#[test]
fn every_error_is_the_vendors() {
    // What the sheet names for all methods (slack.md §1, §5), the tiers, and `invalid_arguments`.
    const COMMON: [&str; 16] = [
        "not_authed",
        "invalid_auth",
        "token_revoked",
        "account_inactive",
        "missing_scope",
        "ratelimited",
        "fatal_error",
        "unknown_method",
        "invalid_arguments",
        "invalid_json",
        "json_not_object",
        "invalid_form_data",
        "invalid_charset",
        "missing_post_type",
        "invalid_post_type",
        "msg_too_long",
    ];
    let sources = [
        ("chat.rs", include_str!("../chat.rs")),
        ("blocks.rs", include_str!("../blocks.rs")),
        ("conversations.rs", include_str!("../conversations.rs")),
        ("users.rs", include_str!("../users.rs")),
        ("apps.rs", include_str!("../apps.rs")),
        ("oauth.rs", include_str!("../oauth.rs")),
        ("args.rs", include_str!("../args.rs")),
    ];
    let reference = [
        include_str!("../../../../contracts/slack/method_ref/chat.postMessage.json"),
        include_str!("../../../../contracts/slack/method_ref/chat.update.json"),
        include_str!("../../../../contracts/slack/method_ref/chat.delete.json"),
        include_str!("../../../../contracts/slack/method_ref/chat.postEphemeral.json"),
        include_str!("../../../../contracts/slack/method_ref/conversations.info.json"),
        include_str!("../../../../contracts/slack/method_ref/conversations.join.json"),
        include_str!("../../../../contracts/slack/method_ref/conversations.list.json"),
        include_str!("../../../../contracts/slack/method_ref/conversations.open.json"),
        include_str!("../../../../contracts/slack/method_ref/users.info.json"),
        include_str!("../../../../contracts/slack/method_ref/users.lookupByEmail.json"),
        include_str!("../../../../contracts/slack/method_ref/oauth.v2.access.json"),
    ];
    let mut known: Vec<String> = COMMON.iter().map(|error| (*error).to_owned()).collect();
    for text in reference {
        let method: Value = serde_json::from_str(text).unwrap();
        known.extend(method["errors"].as_object().unwrap().keys().cloned());
    }
    let mut found = 0;
    for (file, source) in sources {
        for (start, _) in source.match_indices("Err(\"").chain(source.match_indices("ok_or(\"")) {
            let error = source[start..].split('"').nth(1).unwrap();
            found += 1;
            // The authorize page has errors of its own (slack.md §8).
            let page = ["invalid_team_for_non_distributed_app"].contains(&error);
            assert!(page || known.iter().any(|one| one == error), "{file}: {error}");
        }
    }
    assert!(found > 40, "{found}");
}
