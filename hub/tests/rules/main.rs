//! 通知ルール through `Hub::handle`: own kinds, what holds for one company, what members may set, companies' rooms.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test equipment: fail loudly"
)]

mod companies;
mod kinds;
mod rooms;
#[path = "../linking/stage.rs"]
#[expect(dead_code, reason = "shared with the tests of linking")]
mod stage;
#[path = "../people/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the people's side")]
mod world;

use http::Method;
use serde_json::{Value, json};
use world::{Back, World};

/// 山田運送 with 佐藤, みなと工業 with 鈴木, both with mail alone; an API key that posts events.
struct Office {
    world: World,
    owner: String,
    key: String,
    yamada: String,
    minato: String,
    sato: String,
    suzuki: String,
}

impl Office {
    fn new() -> Self {
        let (mut world, owner) = World::set_up();
        world.connect_mail();
        world.connect_lineworks();
        let mut company = |name: &str| {
            let back = world.post(&owner, "/api/v1/companies", &json!({"name": name}));
            assert_eq!(back.status, 201, "{back:?}");
            back.id()
        };
        let (yamada, minato) = (company("山田運送"), company("みなと工業"));
        let mut member = |name: &str, email: &str, company: &str| {
            world.member(&owner, &json!({"name": name, "login_email": email, "company": company}))
        };
        let sato = member("佐藤 花子", "sato@yamada.example", &yamada);
        let suzuki = member("鈴木 一郎", "suzuki@minato.example", &minato);
        let key = world.key(&owner, &["events:write", "events:read"]);
        Self { world, owner, key, yamada, minato, sato, suzuki }
    }

    /// A room of LINE WORKS that the bot is in; `number` makes its id.
    fn room(&self, number: u8, open: bool) -> String {
        let id = format!("rm_{number:026}");
        self.world
            .sql
            .exec(
                "INSERT INTO rooms (id, integration, provider_id, name, open, since) \
                 SELECT ?1, id, ?2, ?3, ?4, 0 FROM integrations WHERE provider = 'lineworks'",
                &[
                    id.as_str().into(),
                    format!("channel-{number}").into(),
                    format!("配車室{number}").into(),
                    open.into(),
                ],
            )
            .unwrap();
        id
    }

    fn set_room(&mut self, company: &str, room: &str, kinds: &[&str], version: i64) -> Back {
        let form = json!({"room": room, "kinds": kinds, "version": version});
        let owner = self.owner.clone();
        self.world.put(&owner, &format!("/api/rules/companies/{company}"), &form)
    }

    fn post(&mut self, kind: &str, to: &Value) -> Back {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("authorization", bearer.as_str()), ("accept-language", "en")];
        let body = json!({"kind": kind, "to": to, "title": "速度超過"});
        self.world.runner.clock.advance(1);
        self.world.send(Method::POST, "/api/v1/events", &headers, &body)
    }

    /// Posts; answers `target channel reason` of each delivery, in order.
    fn decided(&mut self, kind: &str, to: &Value) -> Vec<String> {
        let back = self.post(kind, to);
        assert_eq!(back.status, 202, "{back:?}");
        let bearer = format!("Bearer {}", self.key);
        let target = format!("/api/v1/events/{}", back.id());
        let event = self.world.raw(Method::GET, &target, &[("authorization", &bearer)], b"");
        let line = |delivery: &Value| {
            let target = &delivery["target"];
            let name = target["member"]["name"].as_str().or(target["room"]["name"].as_str()).unwrap();
            let text = |name: &str| delivery[name].as_str().unwrap().to_owned();
            format!("{name} {} {}", text("channel"), text("reason"))
        };
        event.json["deliveries"].as_array().unwrap().iter().map(line).collect()
    }

    fn rule(&mut self, body: &Value) -> Back {
        let owner = self.owner.clone();
        self.world.put(&owner, "/api/rules", body)
    }
}
