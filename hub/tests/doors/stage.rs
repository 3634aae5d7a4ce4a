//! A workspace with one person, one room and doors to both.

use http::Method;
use hub::{Answer, Call};
use serde_json::{Value, json};

use crate::world::{NOW, World};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const ROOM: &str = "rm_0000000000000000000000r00m";

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) owner: String,
    pub(crate) member: String,
}

/// The answer as the script sees it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: String,
    headers: Vec<(&'static str, String)>,
}

impl Seen {
    /// By its very spelling.
    pub(crate) fn header(&self, name: &str) -> Option<i64> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.parse().unwrap())
    }
}

impl Stage {
    pub(crate) fn new() -> Self {
        let (mut world, owner) = World::set_up();
        world.connect_mail();
        world.connect_lineworks();
        let form = json!({"name": "佐藤 花子", "login_email": "sato@minato.example", "usable": true});
        let member = world.member(&owner, &form);
        world
            .sql
            .exec(
                "INSERT INTO rooms (id, integration, provider_id, name, open, since) \
                 SELECT ?1, id, 'c1', '本社', 1, ?2 FROM integrations WHERE provider = 'lineworks'",
                &[ROOM.into(), NOW.into()],
            )
            .unwrap();
        Self { world, owner, member }
    }

    /// Makes a door; answers what the admin sees.
    pub(crate) fn door(&mut self, form: &str, to: &Value) -> Value {
        let request = json!({"name": "温度計", "form": form, "to": to});
        let back = self.world.post(&self.owner, "/api/doors", &request);
        assert_eq!(back.status, 201, "{back:?}");
        back.json
    }

    pub(crate) fn member_door(&mut self, form: &str) -> String {
        let to = json!({ "member": self.member });
        self.door(form, &to)["token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn room_door(&mut self, form: &str) -> String {
        self.door(form, &json!({ "room": ROOM }))["token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn call(
        &mut self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Seen {
        self.world.runner.clock.advance(1);
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let call = Call { method, target: target.to_owned(), headers, body: body.to_vec() };
        let hub = self.world.hub.clone();
        let Answer { status, headers, body } = self.world.runner.run(async move { hub.handle(call).await });
        let content_type =
            headers.iter().find(|(name, _)| *name == "content-type").map(|(_, value)| value.clone());
        Seen {
            status,
            content_type: content_type.unwrap_or_default(),
            body: String::from_utf8(body).unwrap(),
            headers,
        }
    }

    /// `curl -d`, with the token.
    pub(crate) fn notify(&mut self, token: &str, body: &str) -> Seen {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", FORM)];
        self.call(Method::POST, "/api/notify", &headers, body.as_bytes())
    }

    pub(crate) fn hook(&mut self, token: &str, body: &str) -> Seen {
        let target = format!("/hooks/in/{token}");
        self.call(Method::POST, &target, &[("content-type", "application/json")], body.as_bytes())
    }

    /// The stored messages, oldest first.
    pub(crate) fn messages(&self) -> Vec<Value> {
        let texts = self.world.sql.texts("SELECT message FROM events ORDER BY id", &[]).unwrap();
        texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
    }
}
