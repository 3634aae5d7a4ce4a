//! A workspace with every provider connected: 佐藤 is linked on all five channels, 高橋 on all but mail's own,
//! and the bot is in a room of each messenger.

use std::{collections::BTreeMap, sync::OnceLock};

use sandbox::world::{
    Keys, TalkId, World,
    google_chat::{self, Settings as ChatSettings},
    line::{Place, Settings},
    slack::AppSettings,
};
use serde_json::{Value, json};
use shared::time::Millis;
use tests::{
    Machine, Outside, Watch,
    calls::{body, call, page, session, with_key},
    forms::{self, SLACK_APP},
    talks::{LINE_CHANNEL, Shown, Talk, ids},
};

/// A messenger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Line,
    LineWorks,
    Slack,
    GoogleChat,
}

impl Way {
    pub(crate) const ALL: [Self; 4] = [Self::Line, Self::LineWorks, Self::Slack, Self::GoogleChat];

    /// Whether a sent message can be changed.
    pub(crate) fn edits(self) -> bool {
        matches!(self, Self::Slack | Self::GoogleChat)
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::LineWorks => "lineworks",
            Self::Slack => "slack",
            Self::GoogleChat => "google_chat",
        }
    }
}

/// Nothing dies unless a test means it.
#[derive(Default)]
pub(crate) struct Calm {
    pub(crate) may_die: bool,
}

impl Watch for Calm {
    fn died(&mut self, _: Millis) {
        assert!(self.may_die, "the object died");
    }

    fn idle(&mut self, _: &Outside) {}
}

pub(crate) struct Stage {
    pub(crate) machine: Machine<Calm>,
    /// The owner's cookie.
    pub(crate) cookie: String,
    /// An API key with every scope.
    pub(crate) key: String,
    /// Members' ids by short name.
    pub(crate) members: BTreeMap<&'static str, String>,
    /// Integrations by messenger.
    pub(crate) integrations: BTreeMap<Way, String>,
    pub(crate) bot: i64,
}

/// The rooms' ids at their providers: 佐藤 and 高橋 are in each.
pub(crate) const ROOM: &str = "7d1c0b52-0e8f-4a6b-9a31-5f2f60a10001";
pub(crate) const CHANNEL: &str = "C0MINATO002";
pub(crate) const SPACE: &str = "AAAAminato1";

fn keys() -> &'static Keys {
    use rsa::pkcs8::{EncodePrivateKey, LineEnding};
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap();
        Keys::from_private_pem(&key.to_pkcs8_pem(LineEnding::LF).unwrap()).unwrap()
    })
}

impl Stage {
    /// Everything connected and linked, the rooms known.
    pub(crate) fn new() -> Self {
        Self::with_lineworks(forms::lineworks)
    }

    /// The same with LINE WORKS connected by another form: that of API 1.0.
    pub(crate) fn with_lineworks(form: fn(&World) -> Value) -> Self {
        let mut stage = Self::connected_by(form);
        let (sato, takahashi) = (stage.members["sato"].clone(), stage.members["takahashi"].clone());
        for (person, member) in [("sato", &sato), ("takahashi", &takahashi)] {
            stage.befriend(person);
            stage.with(|world, now| google_chat::add_app(world, person, None, None, now)).unwrap();
            let addresses = {
                let world = stage.machine.outside.world.borrow();
                [
                    ("line", ids::line(&world, person)),
                    ("slack", ids::slack(&world, person)),
                    ("google_chat", ids::google_chat(&world, person)),
                ]
            };
            for (channel, value) in addresses {
                stage.machine.link(member, channel, &value, "linked");
            }
        }
        stage.enter_rooms();
        stage.run(5_000);
        stage
    }

    /// Everything connected, nobody linked and no room.
    pub(crate) fn connected() -> Self {
        Self::connected_by(forms::lineworks)
    }

    fn connected_by(lineworks: fn(&World) -> Value) -> Self {
        let mut machine: Machine<Calm> = Machine::new(1, keys(), true);
        {
            let mut world = machine.outside.world.borrow_mut();
            world.smtp_options.starttls = true;
            world.smtp_options.auth_needs_tls = true;
            let quota = Settings { quota: Some(Some(10_000)), ..Settings::default() };
            assert!(world.line_set(LINE_CHANNEL, &quota, 0));
        }
        let owner = json!({"token": "t", "workspace": "みなと商事", "name": "佐藤 花子", "email": "sato@minato.example"});
        let back = machine.must(call("POST", "/api/setup", &[("x-todoke-setup", "1")], &owner), 201);
        let cookie = session(&back);
        let mut members = BTreeMap::from([("sato", body(&back)["id"].as_str().unwrap().to_owned())]);
        let mut integrations = BTreeMap::new();
        for way in Way::ALL {
            let form = {
                let world = machine.outside.world.borrow();
                match way {
                    Way::Line => forms::line(&world),
                    Way::LineWorks => lineworks(&world),
                    Way::Slack => forms::slack(&world),
                    Way::GoogleChat => forms::google_chat(&world),
                }
            };
            let back = machine.must(page("POST", "/api/integrations", &cookie, &form), 201);
            let made = body(&back);
            integrations.insert(way, made["id"].as_str().unwrap().to_owned());
            let url = made["callback_url"].as_str().unwrap().to_owned();
            let now = machine.now();
            let mut world = machine.outside.world.borrow_mut();
            match way {
                // The hub set them itself.
                Way::Line | Way::LineWorks => {}
                Way::Slack => {
                    let urls = AppSettings {
                        events_url: url.clone(),
                        interactivity_url: url,
                        ..AppSettings::default()
                    };
                    world.slack_settings(SLACK_APP, urls, now).unwrap();
                }
                Way::GoogleChat => google_chat::change_app(&mut world, Some(url), None, None),
            }
        }
        machine.create(&cookie, "/api/integrations", &forms::mail(false));
        for (short, name, reach) in
            [("takahashi", "高橋 美咲", "takahashi@minato"), ("suzuki", "鈴木 一郎", "suzuki@minato")]
        {
            let form = json!({"name": name, "login_email": format!("{short}@minato.example"), "lineworks_id": reach});
            members.insert(short, machine.create(&cookie, "/api/v1/members", &form));
        }
        let target = format!("/api/v1/members/{}", members["sato"]);
        machine.must(page("PUT", &target, &cookie, &json!({"lineworks_id": "sato@minato"})), 200);
        let scopes = json!({"name": "ReTask", "scopes": ["events:write", "events:read", "admin"]});
        let back = machine.must(page("POST", "/api/keys", &cookie, &scopes), 201);
        let key = body(&back)["key"].as_str().unwrap().to_owned();
        machine.run_for(2_000);
        let bot = *machine.outside.world.borrow().bots().keys().next().unwrap();
        Self { machine, cookie, key, members, integrations, bot }
    }

    /// A person adds the LINE account, and reads that it has no owner yet.
    pub(crate) fn befriend(&mut self, person: &str) {
        self.with(|world, now| world.line_befriend(person, LINE_CHANNEL, now)).unwrap();
    }

    pub(crate) fn enter_rooms(&mut self) {
        let (bot, group) = (self.bot, self.group());
        self.with(|world, now| {
            world.line_invite(&group, LINE_CHANNEL, now).unwrap();
            world.invite_bot(ROOM, bot, now).unwrap();
            world.slack_invite(CHANNEL, SLACK_APP, now).unwrap();
            google_chat::add_app(world, "sato", Some(SPACE), None, now).unwrap();
        });
    }

    /// The LINE group that 佐藤 and 高橋 are in.
    pub(crate) fn group(&self) -> String {
        let world = self.machine.outside.world.borrow();
        ids::line_group(&world, "送迎当番")
    }

    /// Changes the world at the present time.
    pub(crate) fn with<T>(&mut self, change: impl FnOnce(&mut World, Millis) -> T) -> T {
        let now = self.machine.now();
        change(&mut self.machine.outside.world.borrow_mut(), now)
    }

    pub(crate) fn run(&mut self, ms: Millis) {
        self.machine.run_for(ms);
    }

    pub(crate) fn line_settings(&mut self, settings: &Settings) {
        self.with(|world, now| assert!(world.line_set(LINE_CHANNEL, settings, now)));
    }

    pub(crate) fn chat_settings(&mut self, change: impl FnOnce(&mut ChatSettings)) {
        self.with(|world, _| change(&mut world.google_chat_mut().settings));
    }

    /// The hub's id of a room.
    pub(crate) fn room(&self, way: Way) -> String {
        let provider_id = match way {
            Way::Line => self.group(),
            Way::LineWorks => ROOM.to_owned(),
            Way::Slack => CHANNEL.to_owned(),
            Way::GoogleChat => format!("spaces/{SPACE}"),
        };
        self.machine.read(&format!("SELECT id FROM rooms WHERE provider_id = '{provider_id}'")).remove(0)
    }

    /// A person's 1:1 talk with us.
    pub(crate) fn talk(&self, way: Way, person: &str) -> Talk {
        let world = self.machine.outside.world.borrow();
        match way {
            Way::Line => Talk::line(&world, person),
            Way::LineWorks => Talk::line_works(person, self.bot),
            Way::Slack => Talk::slack(&world, person).expect("a DM"),
            Way::GoogleChat => Talk::google_chat(&world, person).expect("a DM"),
        }
    }

    /// The talk of a messenger's room.
    pub(crate) fn room_talk(&self, way: Way) -> Talk {
        match way {
            Way::Line => Talk::Line(Place::Group { group: self.group() }),
            Way::LineWorks => Talk::LineWorks("sato".into(), TalkId::Room(ROOM.into())),
            Way::Slack => Talk::Slack(CHANNEL.into()),
            Way::GoogleChat => Talk::GoogleChat(SPACE.into()),
        }
    }

    pub(crate) fn shown(&self, talk: &Talk) -> Vec<Shown> {
        talk.shown(&self.machine.outside.world.borrow())
    }

    /// Posts an event; its id.
    pub(crate) fn post(&mut self, event: &Value) -> String {
        let back = self.machine.must(with_key("POST", "/api/v1/events", &self.key, event), 202);
        body(&back)["id"].as_str().unwrap().to_owned()
    }

    /// 「来客です」 with two actions.
    pub(crate) fn post_visitor(&mut self, to: &Value) -> String {
        self.post(&json!({
            "kind": "reception.visitor_arrived", "to": to, "title": "来客です", "body": "受付でお待ちです。",
            "fields": [{"label": "来訪者", "value": "みなと倉庫 山口様"}],
            "actions": [{"id": "take", "label": "対応します", "style": "primary"}, {"id": "pass", "label": "出られません"}],
        }))
    }

    /// 佐藤, 高橋 and every room.
    pub(crate) fn everybody(&self) -> Value {
        let mut to: Vec<Value> = Way::ALL.iter().map(|way| json!({"room": self.room(*way)})).collect();
        to.push(json!({"member": self.members["sato"]}));
        json!(to)
    }

    /// Presses 「対応します」 on the newest message of ours with buttons.
    pub(crate) fn press(&mut self, talk: &Talk, person: &str) {
        let message = self.shown(talk).into_iter().rev().find(|message| !message.answers.is_empty());
        let message = message.unwrap_or_else(|| panic!("{talk:?} has no button"));
        let (button, label) = message.answers[0].clone();
        assert_eq!(label, "対応します");
        assert!(self.with(|world, now| talk.press(world, person, &message, button, now)));
    }

    pub(crate) fn claims(&self) -> Vec<Value> {
        let claims = self.machine.read("SELECT json_object('event', event, 'action', action, 'member', member, 'name', name, 'channel', channel) FROM claims");
        claims.iter().map(|claim| serde_json::from_str(claim).unwrap()).collect()
    }

    /// The event as the API tells it.
    pub(crate) fn event(&mut self, id: &str) -> Value {
        let back =
            self.machine.must(with_key("GET", &format!("/api/v1/events/{id}"), &self.key, &Value::Null), 200);
        body(&back)
    }

    /// A member's address on a channel: its state.
    pub(crate) fn address(&self, person: &str, way: Way) -> String {
        let (member, channel) = (&self.members[person], way.code());
        self.machine
            .read(&format!("SELECT state FROM addresses WHERE member = '{member}' AND channel = '{channel}'"))
            .remove(0)
    }

    /// LINE messages paid for.
    pub(crate) fn used(&self) -> u64 {
        self.machine.outside.world.borrow().line().messaging(LINE_CHANNEL).unwrap().used
    }

    /// How often a provider was called so, whatever it answered.
    pub(crate) fn calls(&self, face: &str, operation: &str) -> u64 {
        let world = self.machine.outside.world.borrow();
        let name = format!("{face} {operation} ");
        world.log().counters.iter().filter(|(key, _)| key.starts_with(&name)).map(|(_, count)| count).sum()
    }

    /// How often a provider said 429.
    pub(crate) fn refused_for_speed(&self) -> u64 {
        let world = self.machine.outside.world.borrow();
        world.log().counters.iter().filter(|(key, _)| key.ends_with(" 429")).map(|(_, count)| count).sum()
    }

    /// Nothing is left to do, and nobody broke a contract.
    pub(crate) fn end(mut self) {
        self.run(30_000);
        let open = self
            .machine
            .read("SELECT id FROM deliveries WHERE due_at IS NOT NULL OR lease_until IS NOT NULL");
        assert_eq!(open, Vec::<String>::new());
        let world = self.machine.outside.world.borrow();
        assert_eq!(world.violations(), []);
        let private = world.keys().private_pem().lines().nth(3).unwrap();
        assert!(!self.machine.outside.disclosed.borrow().contains(private));
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.machine.outside.traced().iter().for_each(|line| println!("{line}"));
        }
    }
}
