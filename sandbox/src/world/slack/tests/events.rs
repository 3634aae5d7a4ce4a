use super::*;
use crate::world::NoReply;
use crate::world::slack::SlackActError;
use crate::world::slack::outbox::signature;

fn taken(client: &mut Client) -> Vec<Value> {
    client.world.take_callbacks().iter().map(|callback| inner(callback)["event"].clone()).collect()
}

fn status(status: u16) -> Result<Reply, NoReply> {
    Ok(Reply { status, ..Reply::default() })
}

#[test]
fn the_signature_is_that_of_the_sheet() {
    // Check values of slack.md §7.1.
    let secret = "c0ffee00c0ffee00c0ffee00c0ffee00";
    for (body, want) in [
        (
            "payload=%7B%22type%22%3A%22block_actions%22%7D",
            "v0=36e6bb2def9beaf46c73f9947633fd51068fb3e0f927fd897798266cbe2f6070",
        ),
        (
            r#"{"type":"url_verification","challenge":"abc123"}"#,
            "v0=42b26201eb63803221ee3fc519d3fd1c0c4a37605efd837443c4218da9fc1289",
        ),
    ] {
        assert_eq!(signature(secret, "1767225600", body.as_bytes()), want);
    }
}

#[test]
fn a_text_to_the_app_becomes_one_signed_event() {
    let mut client = Client::listening();
    let ts = client.world.slack_say("sato", "dm", "出勤 <b> & @todoke", None, NOW).unwrap();
    let callbacks = client.world.take_callbacks();
    let opened = inner(&callbacks[0]);
    assert_eq!(opened["event"]["type"], "app_home_opened");
    let callback = &callbacks[1];
    assert_eq!(callbacks.len(), 2);
    let timestamp = header(callback, "X-Slack-Request-Timestamp").unwrap();
    assert_eq!(timestamp, (NOW / 1000).to_string());
    assert_eq!(
        header(callback, "X-Slack-Signature"),
        Some(signature(SECRET, timestamp, &callback.body).as_str())
    );
    assert_eq!(header(callback, "X-Slack-Retry-Num"), None);
    let envelope = inner(callback);
    assert_eq!((&envelope["type"], &envelope["team_id"]), (&json!("event_callback"), &json!("T0MINATO001")));
    assert_eq!((&envelope["api_app_id"], &envelope["event_time"]), (&json!(APP), &json!(NOW / 1000)));
    assert!(envelope["event_id"].as_str().unwrap().starts_with("Ev"));
    let channel = client.world.slack().dm(SATO, APP).unwrap().id.clone();
    assert_eq!(
        envelope["event"],
        json!({"type": "message", "user": SATO, "team": "T0MINATO001", "ts": ts, "event_ts": ts,
            "text": format!("出勤 &lt;b&gt; &amp; <@{BOT}>"), "channel": channel, "channel_type": "im"})
    );
    client.no_violations();
}

#[test]
fn the_apps_own_words_in_a_dm_come_back_too() {
    let mut client = Client::listening();
    let (channel, ts) = client.say(SATO, "a");
    client.post("chat.update", &json!({"channel": channel, "ts": ts, "text": "b"}));
    client.post("chat.delete", &json!({"channel": channel, "ts": ts}));
    let said = client.world.slack_say("sato", "dm", "c", None, NOW).unwrap();
    client.world.slack_edit("sato", &channel, &said, "d", NOW).unwrap();
    let events = taken(&mut client);
    assert_eq!(events[0]["bot_id"], "B0TODOKE001");
    let subtypes: Vec<&str> = events.iter().map(|one| one["subtype"].as_str().unwrap_or("-")).collect();
    assert_eq!(subtypes, ["-", "message_changed", "message_deleted", "-", "message_changed"]);
    assert_eq!((&events[1]["hidden"], &events[4]["message"]["text"]), (&json!(true), &json!("d")));
    client.no_violations();
}

#[test]
fn a_channel_tells_of_mentions_and_of_who_comes_and_goes() {
    let mut client = Client::listening();
    client.world.slack_say("sato", "全社", "@届け nobody is here", None, NOW).unwrap();
    client.world.slack_invite("全社", "", NOW).unwrap();
    client.world.slack_say("sato", "全社", "plain", None, NOW).unwrap();
    let ts = client.world.slack_say("sato", GENERAL, "@届け 出勤", None, NOW).unwrap();
    client.world.slack_member("受付", "sato", true, NOW).unwrap();
    client.world.slack_member("全社", "ito", false, NOW).unwrap();
    client.world.slack_kick("全社", "", NOW).unwrap();
    client.world.slack_invite("総務部", "", NOW).unwrap();
    client.world.slack_kick("総務部", "", NOW).unwrap();
    let events = taken(&mut client);
    let types: Vec<&str> = events.iter().map(|one| one["type"].as_str().unwrap()).collect();
    let want = [
        "member_joined_channel",
        "app_mention",
        "member_left_channel",
        "channel_left",
        "member_joined_channel",
        "group_left",
    ];
    assert_eq!(types, want);
    assert_eq!((&events[0]["user"], &events[0]["channel_type"]), (&json!(BOT), &json!("C")));
    assert_eq!((&events[0]["inviter"], &events[4]["channel_type"]), (&json!(SATO), &json!("G")));
    assert_eq!(
        events[1],
        json!({"type": "app_mention", "user": SATO, "team": "T0MINATO001", "ts": ts, "event_ts": ts,
            "text": format!("<@{BOT}> 出勤"), "channel": GENERAL})
    );
    client.no_violations();
}

#[test]
fn only_a_url_that_met_its_challenge_gets_events() {
    let mut client = Client::new();
    client.world.slack_say("sato", "dm", "a", None, NOW).unwrap();
    assert_eq!(client.world.take_callbacks(), []);
    client.settings(|settings| settings.events_url = "https://todoke.example/a".into());
    let asked = client.world.take_callbacks();
    let body = inner(&asked[0]);
    let challenge = body["challenge"].as_str().unwrap();
    assert_eq!((&body["type"], asked.len()), (&json!("url_verification"), 1));
    let verified = |client: &Client| client.world.slack().app(APP).unwrap().events_verified;
    let answers = [
        (String::new(), 200, false),
        (challenge.to_owned(), 500, false),
        ("other".to_owned(), 200, false),
        (challenge.to_owned(), 200, true),
        (format!("challenge={challenge}"), 200, true),
        (json!({"challenge": challenge}).to_string(), 200, true),
    ];
    for (body, status, want) in answers {
        let mut client = Client { world: client.world.clone(), token: String::new(), now: NOW };
        let reply = Reply { status, body: body.clone().into_bytes(), ..Reply::default() };
        client.world.callback_replied(asked[0].id, &Ok(reply));
        assert_eq!(verified(&client), want, "{body} {status}");
        client.world.slack_say("sato", "dm", "b", None, NOW).unwrap();
        assert_eq!(client.world.take_callbacks().len(), usize::from(want));
    }
}

#[test]
fn only_what_is_subscribed_and_granted_is_sent() {
    let mut client = Client::listening();
    client.settings(|settings| settings.events = vec!["message.im".into()]);
    client.world.slack_say("sato", "dm", "a", None, NOW).unwrap();
    client.world.slack_invite("全社", "", NOW).unwrap();
    assert_eq!(taken(&mut client).len(), 1);
    client.scopes(&["chat:write"]);
    client.world.slack_say("sato", "dm", "b", None, NOW).unwrap();
    assert_eq!(taken(&mut client), Vec::<Value>::new());
}

#[test]
fn an_unanswered_event_comes_three_times_more() {
    let mut client = Client::listening();
    client.settings(|settings| settings.events.retain(|event| event == "message.im"));
    client.world.slack_say("sato", "dm", "a", None, NOW).unwrap();
    let first = client.world.take_callbacks().remove(0);
    let mut last = first.clone();
    let outcomes = [
        (status(500), 0, "http_error"),
        (Err(NoReply::TimedOut), 60_000, "http_timeout"),
        (Err(NoReply::Refused), 300_000, "connection_failed"),
    ];
    let mut now = NOW;
    for (num, (outcome, wait, reason)) in (1..).zip(outcomes) {
        client.world.callback_replied(last.id, &outcome);
        assert_eq!(client.world.take_callbacks(), []);
        now += wait;
        assert_eq!(client.world.next_due(), Some(now));
        client.world.tick(now - 1);
        assert_eq!(client.world.take_callbacks(), []);
        client.world.tick(now);
        last = client.world.take_callbacks().remove(0);
        assert_eq!(header(&last, "X-Slack-Retry-Num"), Some(num.to_string().as_str()));
        assert_eq!(header(&last, "X-Slack-Retry-Reason"), Some(reason));
        let timestamp = (now / 1000).to_string();
        assert_eq!(header(&last, "X-Slack-Request-Timestamp"), Some(timestamp.as_str()));
        assert_eq!(
            header(&last, "X-Slack-Signature"),
            Some(signature(SECRET, &timestamp, &last.body).as_str())
        );
        assert_eq!(inner(&last)["event_id"], inner(&first)["event_id"]);
    }
    client.world.callback_replied(last.id, &status(500));
    assert_eq!(client.world.next_due(), None);
}

#[test]
fn retries_end_when_answered_or_refused() {
    let mut client = Client::listening();
    for (reply, again) in [
        (Reply { status: 204, ..Reply::default() }, false),
        (Reply { status: 302, ..Reply::default() }, true),
        (
            Reply { status: 500, headers: vec![("x-slack-no-retry".into(), "1".into())], ..Reply::default() },
            false,
        ),
    ] {
        let mut client = Client { world: client.world.clone(), token: String::new(), now: NOW };
        client.say_dm();
        let callback = client.world.take_callbacks().pop().unwrap();
        client.world.callback_replied(callback.id, &Ok(reply));
        assert_eq!(client.world.next_due().is_some(), again);
    }
    client.world.tick(NOW);
}

impl Client {
    fn say_dm(&mut self) {
        self.world.slack_say("sato", "dm", "a", None, self.now).unwrap();
    }
}

#[test]
fn an_uninstalled_app_hears_of_it_and_is_dead() {
    let mut client = Client::listening();
    client.say_dm();
    client.world.slack_invite("全社", "", NOW).unwrap();
    client.world.take_callbacks();
    client.world.slack_uninstall("", NOW).unwrap();
    let events = taken(&mut client);
    assert_eq!(events[0], json!({"type": "app_uninstalled"}));
    assert_eq!(events[1], json!({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT]}}));
    assert_eq!(error(&client.post("auth.test", &json!({}))), "account_inactive");
    assert!(!client.world.slack().conversations()[GENERAL].has(BOT));
    assert_eq!(client.world.slack_say("sato", "dm", "a", None, NOW), Err(SlackActError::NotInstalled));
    let token = client.world.slack_install("").unwrap();
    assert_ne!(token, client.token);
    client.token = token;
    assert_eq!(client.post("auth.test", &json!({}))["ok"], true);
    assert_eq!(client.get("auth.revoke", "test=1")["revoked"], false);
    assert_eq!(client.get("auth.revoke", "")["revoked"], true);
    assert_eq!(error(&client.post("auth.test", &json!({}))), "token_revoked");
    assert_eq!(taken(&mut client)[0]["type"], "tokens_revoked");
    client.no_violations();
}

#[test]
fn people_can_only_do_what_slack_lets_them() {
    let mut client = Client::new();
    let world = &mut client.world;
    let say =
        |world: &mut World, person: &str, channel: &str| world.slack_say(person, channel, "a", None, NOW);
    assert_eq!(say(world, "nobody", "dm"), Err(SlackActError::NoPerson("nobody".into())));
    assert_eq!(say(world, "kato", "総務部"), Err(SlackActError::NoChannel("総務部".into())));
    assert_eq!(say(world, "sato", "旧プロジェクト"), Err(SlackActError::Archived));
    assert_eq!(say(world, "sato", "dm:A1"), Err(SlackActError::NoApp("A1".into())));
    assert_eq!(world.slack_invite("旧プロジェクト", "", NOW), Err(SlackActError::Archived));
    assert_eq!(world.slack_kick("全社", "", NOW), Err(SlackActError::Already));
    world.slack_deactivate("sato", true).unwrap();
    assert!(say(world, "sato", "dm").is_err());
    client.settings(|settings| settings.messages_tab = false);
    assert_eq!(say(&mut client.world, "ito", "dm"), Err(SlackActError::NoMessagesTab));
}

#[test]
fn the_same_seed_replays_the_same_world() {
    let run = || {
        let mut client = Client::listening();
        client.say_dm();
        let (channel, ts) = client.say(SATO, "a");
        (channel, ts, client.world.view(0).to_string(), client.world.take_callbacks())
    };
    assert_eq!(run(), run());
}
