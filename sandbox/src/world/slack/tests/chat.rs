use super::*;

#[test]
fn a_user_id_leads_to_a_dm_that_stays() {
    let mut client = Client::new();
    let first = client.post("chat.postMessage", &json!({"channel": SATO, "text": "期限です"}));
    let channel = first["channel"].as_str().unwrap().to_owned();
    assert!(channel.starts_with('D'));
    assert_eq!(first["message"]["bot_id"], "B0TODOKE001");
    assert_eq!(first["message"]["user"], BOT);
    let ts = first["ts"].as_str().unwrap();
    assert_eq!(ts.split('.').map(str::len).collect::<Vec<_>>(), [10, 6]);
    let (same, later) = client.say(SATO, "b");
    assert_eq!(same, channel);
    assert!(later.as_str() > ts, "strictly increasing also within one millisecond");
    assert_eq!(client.say(&channel, "c").0, channel);
    assert_eq!(client.texts(&channel), ["期限です", "b", "c"]);
    client.no_violations();
}

#[test]
fn a_channel_takes_only_whom_it_should() {
    let mut client = Client::new();
    let post = |client: &mut Client, channel: &str| {
        client.now += 5_000;
        error(&client.post("chat.postMessage", &json!({"channel": channel, "text": "a"}))).to_owned()
    };
    assert_eq!(post(&mut client, GENERAL), "not_in_channel");
    assert_eq!(post(&mut client, SOUMU), "channel_not_found");
    assert_eq!(post(&mut client, OLD), "is_archived");
    assert_eq!(post(&mut client, "C1"), "channel_not_found");
    assert_eq!(post(&mut client, "U1"), "channel_not_found");
    assert_eq!(post(&mut client, BOT), "channel_not_found");
    client.world.slack_invite("総務部", "", NOW).unwrap();
    client.world.slack_invite("全社", "", NOW).unwrap();
    assert_eq!(post(&mut client, SOUMU), "");
    assert_eq!(post(&mut client, "#全社"), "");
    client.world.slack_archive("全社", true).unwrap();
    assert_eq!(post(&mut client, GENERAL), "is_archived");
    client.world.slack_kick("総務部", "", NOW).unwrap();
    assert_eq!(post(&mut client, SOUMU), "channel_not_found");
    client.scopes(&["chat:write", "chat:write.public"]);
    assert_eq!(post(&mut client, "受付"), "");
    client.scopes(&["chat:write.public"]);
    assert_eq!(post(&mut client, GENERAL), "missing_scope");
    client.scopes(&["chat:write"]);
    client.settings(|settings| settings.messages_tab = false);
    assert_eq!(post(&mut client, SATO), "messages_tab_disabled");
    client.settings(|settings| settings.messages_tab = true);
    client.world.slack_deactivate("sato", true).unwrap();
    assert_eq!(post(&mut client, SATO), "channel_not_found");
}

#[test]
fn a_message_needs_something_that_fits() {
    let mut client = Client::new();
    let channel = client.say(SATO, "root").0;
    let mut post = |body: Value| {
        client.now += 5_000;
        let mut all = json!({"channel": SATO});
        all.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        client.post("chat.postMessage", &all)
    };
    for (body, want) in [
        (json!({}), "no_text"),
        (json!({"text": " "}), "no_text"),
        (json!({"blocks": []}), "no_text"),
        (json!({"text": "a", "markdown_text": "b"}), "markdown_text_conflict"),
        (json!({"markdown_text": "x".repeat(12_001)}), "msg_too_long"),
        (json!({"text": "a", "blocks": "["}), "invalid_blocks_format"),
        (json!({"text": "a", "blocks": {}}), "invalid_blocks_format"),
        (json!({"text": "a", "attachments": {}}), "invalid_attachments"),
        (json!({"text": "a", "attachments": vec![json!({"text": "a"}); 101]}), "too_many_attachments"),
        (json!({"text": "a", "metadata": {"event_type": 1}}), "invalid_metadata_format"),
        (json!({"text": "a", "thread_ts": "1.2"}), "cannot_reply_to_message"),
        (json!({"text": "a", "username": "b"}), "missing_scope"),
    ] {
        assert_eq!(error(&post(body.clone())), want, "{body}");
    }
    for body in [
        json!({"markdown_text": "**a**"}),
        json!({"attachments": [{"text": "a"}]}),
        json!({"blocks": [{"type": "divider"}]}),
        json!({"text": "a", "metadata": {"event_type": "todoke", "event_payload": {"id": "dl_1"}}}),
    ] {
        assert_eq!(post(body.clone())["ok"], true, "{body}");
    }
    post(json!({"text": "あ".repeat(40_001)}));
    assert_eq!(client.texts(&channel).last().unwrap().chars().count(), 40_000);
    client.no_violations();
}

#[test]
fn one_channel_takes_one_message_a_second_after_a_burst() {
    let mut client = Client::new();
    let post = |client: &mut Client, user: &str| {
        client.reply("chat.postMessage", &json!({"channel": user, "text": "a"})).status
    };
    assert_eq!([(); 4].map(|()| post(&mut client, SATO)), [200, 200, 200, 429]);
    assert_eq!(post(&mut client, "U0MINATO02"), 200);
    client.now += 1_000;
    assert_eq!([(); 2].map(|()| post(&mut client, SATO)), [200, 429]);
    client.world.slack_mut().limits.posts_per_minute = 8;
    client.now += 10_000;
    assert_eq!([(); 2].map(|()| post(&mut client, "U0MINATO03")), [200, 429]);
}

#[test]
fn only_the_own_message_changes_and_it_shows() {
    let mut client = Client::new();
    let (channel, ts) = client.say(SATO, "a");
    let blocks = json!([{"type": "section", "text": {"type": "plain_text", "text": "b"}}]);
    let update = |client: &mut Client, body: Value| {
        let mut all = json!({"channel": channel, "ts": ts});
        all.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        client.post("chat.update", &all)
    };
    let done = update(&mut client, json!({"text": "対応しました", "blocks": blocks}));
    assert_eq!((&done["text"], &done["ts"]), (&json!("対応しました"), &json!(ts)));
    assert!(done["message"]["edited"]["ts"].is_string());
    let kept = |client: &Client| client.world.slack().conversations()[&channel].messages[0].clone();
    assert_eq!((kept(&client).edits, kept(&client).blocks.len()), (1, 1));
    update(&mut client, json!({"text": "c"}));
    assert_eq!((kept(&client).text.as_str(), kept(&client).blocks.len()), ("c", 1));
    update(&mut client, json!({"text": "d", "blocks": []}));
    assert_eq!((kept(&client).edits, kept(&client).blocks.len()), (3, 0));
    let said = client.world.slack_say("sato", "dm", "mine", None, client.now).unwrap();
    for (body, want) in [
        (json!({}), "no_text"),
        (json!({"text": "あ".repeat(1_334)}), "msg_too_long"),
        (json!({"text": "&".repeat(801)}), "msg_too_long"),
        (json!({"text": "x", "channel": SATO}), "channel_not_found"),
        (json!({"text": "x", "ts": "1.2"}), "message_not_found"),
        (json!({"text": "x", "ts": said}), "cant_update_message"),
    ] {
        assert_eq!(error(&update(&mut client, body.clone())), want, "{body}");
    }
    assert_eq!(update(&mut client, json!({"text": "&amp;".repeat(800)}))["ok"], true);
    assert_eq!(
        error(&client.post("chat.delete", &json!({"channel": channel, "ts": said}))),
        "cant_delete_message"
    );
    assert_eq!(client.post("chat.delete", &json!({"channel": channel, "ts": ts}))["ok"], true);
    assert_eq!(client.texts(&channel), ["mine"]);
    client.no_violations();
}

#[test]
fn an_archived_channel_keeps_what_was_said() {
    let mut client = Client::new();
    client.world.slack_invite("全社", "", NOW).unwrap();
    let (channel, ts) = client.say(GENERAL, "a");
    client.world.slack_archive("全社", true).unwrap();
    assert_eq!(
        error(&client.post("chat.update", &json!({"channel": channel, "ts": ts, "text": "b"}))),
        "is_inactive"
    );
}

#[test]
fn an_ephemeral_message_is_for_one() {
    let mut client = Client::new();
    let post = |client: &mut Client, channel: &str, user: &str| {
        client.post("chat.postEphemeral", &json!({"channel": channel, "user": user, "text": "遅かったです"}))
    };
    assert_eq!(error(&post(&mut client, "C0MINATO003", SATO)), "not_in_channel");
    client.world.slack_invite("受付", "", NOW).unwrap();
    assert_eq!(error(&post(&mut client, "C0MINATO003", SATO)), "user_not_in_channel");
    let done = post(&mut client, "C0MINATO003", "U0MINATO03");
    let ts = done["message_ts"].as_str().unwrap();
    assert_eq!(
        client.world.slack().conversations()["C0MINATO003"].messages[1].only_for.as_deref(),
        Some("U0MINATO03")
    );
    let update = json!({"channel": "C0MINATO003", "ts": ts, "text": "x"});
    assert_eq!(error(&client.post("chat.update", &update)), "message_not_found");
    client.no_violations();
}

#[test]
fn a_reply_goes_to_its_thread() {
    let mut client = Client::new();
    let (channel, root) = client.say(SATO, "root");
    let reply = |client: &mut Client, parent: &str| {
        let body = json!({"channel": channel, "text": "r", "thread_ts": parent});
        client.post("chat.postMessage", &body)
    };
    let first = reply(&mut client, &root);
    assert_eq!(first["message"]["thread_ts"], json!(root));
    let second = reply(&mut client, first["ts"].as_str().unwrap());
    assert_eq!(second["message"]["thread_ts"], json!(root));
}
