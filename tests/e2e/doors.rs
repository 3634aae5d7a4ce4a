//! Old scripts and other people's libraries, unmodified, at the doors; and our webhook at theirs.

use std::{path::PathBuf, process::Stdio};

use serde_json::{Value, json};
use shared::api::{
    Page,
    auth::Me,
    doors::{DoorForm, DoorRequest, DoorTo, NewDoor},
    events::{Accepted, Pressed},
    members::Member,
    webhooks::{NewWebhook, WebhookEvent, WebhookRequest},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use crate::{
    failure::{Failure, Outcome, check, same, there},
    stage::{PATIENCE, Stage, until},
};

/// Who gets what the scripts send, by login.
const READER: &str = "takahashi";

pub(crate) async fn curl_posts_as_to_line_notify(stage: &mut Stage) -> Outcome {
    let door = open(stage, DoorForm::LineNotify).await?;
    let bearer = format!("Authorization: Bearer {}", door.token);
    for (form, words) in [
        (["-F", "message=\nディスクの残りが10%です"], "ディスクの残りが10%です"),
        (["-d", "message=backup done"], "backup done"),
    ] {
        let answer = curl(&["-i", "-H", &bearer, form[0], form[1], &door.url]).await?;
        let (head, body) = there(answer.split_once("\r\n\r\n"), format_args!("body in {answer}"))?;
        same(body, r#"{"status":200,"message":"ok"}"#, head)?;
        for (name, value) in [("Limit", "1000"), ("ImageLimit", "50"), ("ImageRemaining", "50")] {
            let line = format!("X-RateLimit-{name}: {value}");
            // Spelt as LINE spelt it: a client compares the case.
            let found = head.lines().any(|found| found == line);
            check(found, format_args!("{line:?} is not in {head}"))?;
        }
        arrives(stage, words).await?;
    }
    let wrong = curl(&["-i", "-H", "Authorization: Bearer nonsense", "-d", "message=x", &door.url]).await?;
    check(
        wrong.contains(" 401 ") && wrong.ends_with(r#"{"status":401,"message":"Invalid access token"}"#),
        format_args!("a wrong token: {wrong}"),
    )
}

pub(crate) async fn line_notify_libraries_work(stage: &mut Stage) -> Outcome {
    let door = open(stage, DoorForm::LineNotify).await?;
    let url = stage.product.url();
    let image = "https://files.minato.example/graph.jpg";
    let words = "\n[監視] サーバーが応答しません";
    let came =
        run("line-notify-sdk", &json!({ "url": url, "token": door.token, "message": words, "image": image }))
            .await?;
    same(came.pointer("/sent"), Some(&json!({ "status": 200, "message": "ok" })), "line-notify-sdk")?;
    let status = json!({ "status": 200, "message": "ok", "targetType": "USER", "target": "高橋 美咲" });
    same(came.pointer("/status"), Some(&status), "its status")?;
    arrives(stage, words.trim()).await?;
    let came = run("line-notify-sdk-refused", &json!({ "url": url, "token": "wrong" })).await?;
    check(came.to_string().contains("401"), format_args!("a wrong token: {came}"))?;
    let words = "line-notify-nodejsからのお知らせ";
    run("line-notify-nodejs", &json!({ "url": url, "token": door.token, "message": words })).await?;
    arrives(stage, words).await
}

pub(crate) async fn slacks_form_is_taken(stage: &mut Stage) -> Outcome {
    let door = open(stage, DoorForm::Slack).await?;
    let plain = r#"{"text":"*デプロイ* が終わりました <https://ci.minato.example/1|#1>"}"#;
    let typed = ["-H", "Content-Type: application/json", "-d", plain, &door.url];
    same(curl(&typed).await?.as_str(), "ok", "JSON")?;
    arrives(stage, "デプロイ が終わりました").await?;
    let payload = r#"payload={"attachments":[{"color":"danger","title":"[FIRING:1] DiskFull","fields":[{"title":"host","value":"web-1","short":true}]}]}"#;
    same(curl(&["--data-urlencode", payload, &door.url]).await?.as_str(), "ok", "a form")?;
    arrives(stage, "[FIRING:1] DiskFull").await?;
    let message = json!({ "text": "夜間バッチが失敗しました", "attachments": [{ "text": "3件の警告" }] });
    let came = run("@slack/webhook", &json!({ "url": door.url, "message": message })).await?;
    same(came, json!({ "text": "ok" }), "@slack/webhook")?;
    arrives(stage, "夜間バッチが失敗しました").await?;
    same(curl(&["-d", "nothing", &door.url]).await?.as_str(), "invalid_payload", "nonsense")?;
    let unknown = format!("{}x", door.url);
    same(curl(&["-d", plain, &unknown]).await?.as_str(), "invalid_token", "a wrong token")
}

pub(crate) async fn others_verify_our_webhook(stage: &mut Stage) -> Outcome {
    let mut receiver = Receiver::start("standardwebhooks", &json!({}))?;
    let port = receiver.next().await?;
    let url = format!("http://127.0.0.1:{}/todoke", there(port.get("port"), "port")?);
    let request = WebhookRequest { url, events: vec![WebhookEvent::ActionTaken] };
    let hook: NewWebhook = stage.owner.ask("POST", "/api/webhooks", &request).await?;
    receiver.tell(&hook.secret).await?;

    let me: Me = stage.owner.get("/api/me").await?;
    let event: Accepted = stage
        .post(&json!({
            "kind": "tasks.assigned", "to": [{ "member": me.id }], "title": "返事をください",
            "actions": [{ "id": "yes", "label": "はい" }],
        }))
        .await?;
    let press = json!({ "event": event.id, "action": "yes" });
    let pressed: Pressed = stage.owner.ask("POST", "/api/me/actions", &press).await?;
    check(pressed.won, "somebody else was first")?;

    let told = receiver.next().await?;
    same(told.get("forged"), Some(&json!(false)), "a changed body")?;
    check(told.get("id").is_some_and(Value::is_string), format_args!("webhook-id: {told}"))?;
    let text = |pointer: &str| told.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    same(text("/verified/type").as_deref(), Some("action.taken"), "type")?;
    same(text("/verified/data/event"), Some(event.id.to_string()), "event")?;
    same(text("/verified/data/action").as_deref(), Some("yes"), "action")?;
    same(text("/verified/data/member"), Some(me.id.to_string()), "member")
}

/// A door to [`READER`].
async fn open(stage: &Stage, form: DoorForm) -> Outcome<NewDoor> {
    let members: Page<Member> = stage.owner.get(&format!("/api/v1/members?q={READER}")).await?;
    let reader = there(members.items.first(), READER)?;
    let to = DoorTo::Member(reader.id.to_string());
    let request = DoorRequest { name: "監視".to_owned(), form, to, kind: None };
    stage.owner.ask("POST", "/api/doors", &request).await
}

/// Waits for words on the reader's phone.
async fn arrives(stage: &Stage, words: &str) -> Outcome {
    let found =
        until(PATIENCE, async || stage.talk(READER).iter().any(|text| text.contains(words)).then_some(()));
    check(found.await.is_some(), format_args!("{words:?} did not arrive: {:?}", stage.talk(READER)))
}

/// Runs curl; answers what it printed.
async fn curl(words: &[&str]) -> Outcome<String> {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--max-time", "30"]).args(words).kill_on_drop(true);
    let output = curl.output().await?;
    check(output.status.success(), String::from_utf8_lossy(&output.stderr))?;
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a client of clients.mjs to its end.
async fn run(name: &str, given: &Value) -> Outcome<Value> {
    Receiver::start(name, given)?.next().await
}

/// A client of clients.mjs that runs.
struct Receiver {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Receiver {
    fn start(name: &str, given: &Value) -> Outcome<Self> {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("e2e/clients.mjs");
        let mut command = Command::new("node");
        command.arg(script).arg(name).env("CLIENT", given.to_string()).kill_on_drop(true);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(there(child.stdout.take(), "output")?).lines();
        Ok(Self { child, lines })
    }

    /// The next line it prints.
    async fn next(&mut self) -> Outcome<Value> {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await;
        let line = line.map_err(|_| Failure::new("the client says nothing"))??;
        Ok(serde_json::from_str(&there(line, "answer of the client")?)?)
    }

    async fn tell(&mut self, line: &str) -> Outcome {
        let input = there(self.child.stdin.as_mut(), "input")?;
        input.write_all(format!("{line}\n").as_bytes()).await?;
        Ok(())
    }
}
