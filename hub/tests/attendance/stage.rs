//! A workspace with LINE connected, attendance on, and 佐藤 who is linked.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use http::Method;
use hub::{Answer, Call};
use serde_json::{Value, json};
use sha2::Sha256;
use shared::time::parse_rfc3339;

use crate::world::{Back, World};

pub(crate) const MONTH: &str = "/api/attendance/months/2026-11";
pub(crate) const GROUP: &str = "C00000000000000000000000000000001";
pub(crate) const SATO: &str = "U00000000000000000000000000000001";
pub(crate) const STRANGER: &str = "U00000000000000000000000000000009";

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) owner: String,
    pub(crate) sato: String,
    pub(crate) line: String,
    pub(crate) slack: String,
    pub(crate) lineworks: String,
    pub(crate) google_chat: String,
    letters: u32,
}

/// 21 November 2026 in Tokyo, `9:02`; beyond midnight too.
pub(crate) fn at(time: &str) -> i64 {
    let (hours, minutes) = time.split_once(':').unwrap();
    let minutes = hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap();
    parse_rfc3339("2026-11-21T00:00:00+09:00").unwrap() + minutes * 60_000
}

pub(crate) fn signed(secret: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

impl Stage {
    pub(crate) fn new() -> Self {
        let (mut world, owner) = World::set_up();
        let settings = json!({"login_channel_id": "1", "via": "token"});
        let secret = json!({"login_channel_secret": "l", "channel_secret": "line-secret", "token": {"long_lived": "t"}});
        let line = world.connect("line", 6, &settings, &secret);
        let settings = json!({"team_id": "T1", "bot_user_id": "UBOT"});
        let secret = json!({"signing_secret": "slack-secret", "bot_token": "xoxb-1"});
        let slack = world.connect("slack", 8, &settings, &secret);
        // Through these two, nothing can be sent.
        let settings = json!({"client_id": "c", "service_account": "s", "domain_id": 1, "bot_admin": "a", "bot_name": "b", "bot_id": 1});
        let secret = json!({"client_secret": "c", "private_key": "no key", "bot_secret": "works-secret"});
        let lineworks = world.connect("lineworks", 9, &settings, &secret);
        let google_chat = world.connect("google_chat", 10, &json!({"webhooks": true}), &json!({}));
        let form =
            json!({"name": "佐藤 花子", "login_email": "sato@minato.example", "employee_number": "0042"});
        let sato = world.member(&owner, &form);
        let mut stage =
            Self { world, owner, sato: sato.clone(), line, slack, lineworks, google_chat, letters: 0 };
        stage.link(&sato, "line", SATO);
        stage.set(&json!({"on": true}));
        stage
    }

    pub(crate) fn link(&mut self, member: &str, channel: &str, value: &str) {
        let query = "INSERT INTO addresses (member, channel, value, state, switched_on) VALUES (?1, ?2, ?3, 'linked', 1)";
        self.world.sql.exec(query, &[member.into(), channel.into(), value.into()]).unwrap();
    }

    /// Changes settings; they must be taken.
    pub(crate) fn set(&mut self, change: &Value) {
        let back = self.world.put(&self.owner, "/api/attendance/settings", change);
        assert_eq!(back.status, 200, "{back:?}");
    }

    /// One event of LINE, signed; what was sent in answer, as the provider got it.
    pub(crate) fn event(&mut self, mut event: Value, from: &str, room: Option<&str>, time: i64) -> String {
        self.letters += 1;
        event["timestamp"] = time.into();
        event["mode"] = "active".into();
        event["replyToken"] = format!("token-{}", self.letters).into();
        if event.get("webhookEventId").is_none() {
            event["webhookEventId"] = format!("event-{}", self.letters).into();
        }
        event["source"] = match room {
            Some(room) => json!({"type": "group", "groupId": room, "userId": from}),
            None => json!({"type": "user", "userId": from}),
        };
        let body = json!({"destination": "Ubot", "events": [event]}).to_string();
        let signature = BASE64_STANDARD.encode(signed("line-secret", &[body.as_bytes()]));
        let target = format!("/hooks/line/{}/{}", self.world.workspace(), self.line);
        self.hook(&target, &[("x-line-signature", &signature)], &body)
    }

    /// A callback that is taken; what was sent in answer, as the provider got it.
    pub(crate) fn hook(&mut self, target: &str, headers: &[(&str, &str)], body: &str) -> String {
        let before = self.world.mailbox.mails.borrow().len();
        self.world.runner.clock.advance(1);
        let back = self.world.raw(Method::POST, target, headers, body.as_bytes());
        assert_eq!(back.status, 200, "{back:?}");
        self.world.work();
        let mails = self.world.mailbox.mails.borrow();
        mails[before..].iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
    }

    /// 佐藤 writes to the bot alone.
    pub(crate) fn says(&mut self, text: &str, time: &str) -> String {
        self.writes(SATO, None, text, at(time))
    }

    pub(crate) fn writes(&mut self, from: &str, room: Option<&str>, text: &str, time: i64) -> String {
        let event = json!({"type": "message", "message": {"type": "text", "id": "1", "text": text}});
        self.event(event, from, room, time)
    }

    /// The punches that count, in order: `clock_in 2026-11-21`; refused ones are in brackets.
    pub(crate) fn punches(&self) -> Vec<String> {
        let query = "SELECT CASE WHEN day IS NULL THEN '(' || kind || ')' ELSE kind || ' ' || day END FROM attendance_punches ORDER BY member, at, kind";
        self.world.sql.texts(query, &[]).unwrap()
    }

    pub(crate) fn cookie(&mut self, member: &str) -> String {
        self.world.cookie_of(&self.owner.clone(), member)
    }

    /// 佐藤's sheet of November, as the owner sees it.
    pub(crate) fn sheet(&mut self) -> Value {
        let target = format!("{MONTH}?member={}", self.sato);
        let back = self.world.get(&self.owner, &target);
        assert_eq!(back.status, 200, "{back:?}");
        back.json
    }

    pub(crate) fn post(&mut self, cookie: &str, what: &str, body: &Value) -> Back {
        let target = format!("{MONTH}/{what}?member={}", self.sato);
        self.world.post(cookie, &target, body)
    }

    /// An answer that is no JSON.
    pub(crate) fn text(&mut self, target: &str, headers: &[(&str, &str)]) -> (u16, String, String) {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let call = Call { method: Method::GET, target: target.to_owned(), headers, body: Vec::new() };
        let hub = self.world.hub.clone();
        let Answer { status, headers, body } = self.world.runner.run(async move { hub.handle(call).await });
        let kind = headers.iter().find(|(name, _)| *name == "content-type").map(|(_, value)| value.clone());
        (status, kind.unwrap_or_default(), String::from_utf8(body).unwrap())
    }
}
