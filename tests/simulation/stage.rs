//! A workspace as every run begins: people of the demo world, LINE WORKS and mail connected, the bot in two
//! rooms. In some seeds LINE, Slack and Google Chat too, with a room each; in some LINE WORKS by API 1.0.

use std::collections::BTreeMap;

use sandbox::world::{Keys, World, google_chat, line::Settings, slack::AppSettings};
use serde_json::{Value, json};
use shared::{channel::Channel, id::IntegrationId};
use tests::{
    calls::{PAGES, body, call, page, session},
    forms::{self, SLACK_APP},
    talks::{LINE_CHANNEL, Talk, ids},
};

use crate::{
    dice::{has_all, has_api_v1},
    ops::Way,
    quiet::{self, Quiet},
    record::Machine,
    rooms::{Room, rooms},
};

pub(crate) const SMTP_PASSWORD: &str = "sandbox-mail";
pub(crate) const WRONG: &str = "wrong-secret-9";

/// Who and what there is.
pub(crate) struct Cast {
    /// The owner's cookie.
    pub(crate) cookie: String,
    /// An API key with every scope.
    pub(crate) key: String,
    pub(crate) members: Vec<Person>,
    pub(crate) companies: Vec<String>,
    pub(crate) rooms: Vec<Room>,
    integrations: BTreeMap<&'static str, IntegrationId>,
    pub(crate) bot: i64,
    pub(crate) resend: bool,
    /// LINE WORKS' calls a minute.
    pub(crate) limit: u32,
    /// LINE WORKS is connected by API 1.0.
    pub(crate) api_v1: bool,
    /// All messengers are connected.
    pub(crate) all: bool,
    pub(crate) quiet: Quiet,
}

pub(crate) struct Person {
    pub(crate) id: String,
    /// The world's name of the person.
    pub(crate) short: String,
    pub(crate) login: String,
    /// Channels on which something can arrive.
    pub(crate) reached: Vec<Channel>,
    /// Google Chat by a webhook of the person's own.
    pub(crate) by_webhook: bool,
    pub(crate) cookie: Option<String>,
}

/// Where 田中 gets notices by a webhook.
const WEBHOOK_SPACE: &str = "AAAAminato3";

/// Sets a workspace up through the HTTP surface.
pub(crate) fn set_up(seed: u64, keys: &Keys, tracing: bool) -> (Machine, Cast) {
    let mut machine = Machine::new(seed, keys, tracing);
    machine.delivers = false;
    // The free plan here and there (lineworks.md §2.1).
    let limit = if seed.is_multiple_of(5) { 60 } else { 240 };
    {
        let mut world = machine.outside.world.borrow_mut();
        world.smtp_options.starttls = true;
        world.smtp_options.auth_needs_tls = true;
        world.limits.lineworks_per_minute = limit;
    }
    let owner =
        json!({"token": "t", "workspace": "みなと商事", "name": "佐藤 花子", "email": "sato@minato.example"});
    let back = machine.must(call("POST", "/api/setup", &[("x-todoke-setup", "1")], &owner), 201);
    let cookie = session(&back);
    let sato = body(&back)["id"].as_str().unwrap().to_owned();

    let companies: Vec<String> = ["本社", "協力会社"]
        .map(|name| machine.create(&cookie, "/api/v1/companies", &json!({ "name": name })))
        .into();
    let resend = seed.is_multiple_of(3);
    let (all, api_v1) = (has_all(seed), has_api_v1(seed));
    let integrations = connect(&mut machine, &cookie, seed, resend, all);
    let people: Vec<(String, String, String)> = {
        let world = machine.outside.world.borrow();
        let people = world.people().iter();
        people.map(|one| (one.short_name().to_owned(), one.login.clone(), one.user_id.clone())).collect()
    };
    let mut members = Vec::new();
    for (number, (name, login, user)) in people.iter().take(8).enumerate() {
        let company = (number > 0).then_some(usize::from(number > 4));
        let lineworks_id = match number {
            6 => "",
            7 => "nobody@minato",
            // API 1.0 knows people by their logins.
            number if number % 2 == 0 && !api_v1 => user,
            _ => login,
        };
        let mut form = json!({
            "name": name,
            "login_email": format!("{name}@minato.example"),
            "company": company.map_or("", |company| &companies[company]),
            "lineworks_id": lineworks_id,
        });
        if number == 5 {
            form["notification_email"] = json!("ito@bounce.example");
        }
        let id = if number == 0 {
            let form = json!({ "lineworks_id": lineworks_id });
            machine.must(page("PUT", &format!("/api/v1/members/{sato}"), &cookie, &form), 200);
            sato.clone()
        } else {
            machine.create(&cookie, "/api/v1/members", &form)
        };
        members.push(Person {
            id,
            short: name.clone(),
            login: format!("{name}@minato.example"),
            reached: Vec::new(),
            by_webhook: false,
            cookie: None,
        });
        let person = &mut members[number];
        person.reached.extend((number < 6).then_some(Channel::Lineworks));
        person.reached.extend((number != 5).then_some(Channel::Email));
        if all {
            link(&machine, number, person);
        }
    }
    let scopes = json!({"name": "ReTask", "scopes": ["events:write", "events:read", "admin"]});
    let back = machine.must(page("POST", "/api/keys", &cookie, &scopes), 201);
    let key = body(&back)["key"].as_str().unwrap().to_owned();

    let bot = *machine.outside.world.borrow().bots().keys().next().unwrap();
    let rooms = rooms(&machine, all);
    for room in [0, 1].into_iter().chain(3..rooms.len()) {
        let now = machine.now();
        rooms[room].invite(&mut machine.outside.world.borrow_mut(), bot, now);
    }
    machine.delivers = true;
    machine.run_for(5_000);
    machine.delivers = false;
    assert!(machine.is_idle() && machine.record.borrow().problems.is_empty());
    let quiet = Quiet::default();
    let mut cast =
        Cast { cookie, key, members, companies, rooms, integrations, bot, resend, limit, api_v1, all, quiet };
    quiet::set_up(seed, &mut machine, &mut cast);
    (machine, cast)
}

fn connect(
    machine: &mut Machine,
    cookie: &str,
    seed: u64,
    resend: bool,
    all: bool,
) -> BTreeMap<&'static str, IntegrationId> {
    let mut integrations = BTreeMap::new();
    let count = if all { 5 } else { 2 };
    for (way, name) in [
        (Way::LineWorks, "lineworks"),
        (Way::Mail, "mail"),
        (Way::Line, "line"),
        (Way::Slack, "slack"),
        (Way::GoogleChat, "google_chat"),
    ]
    .into_iter()
    .take(count)
    {
        let form = {
            let world = machine.outside.world.borrow();
            match way {
                Way::LineWorks if has_api_v1(seed) && seed.is_multiple_of(2) => {
                    forms::lineworks_v1_by_id(&world)
                }
                Way::LineWorks if has_api_v1(seed) => forms::lineworks_v1(&world),
                Way::LineWorks => forms::lineworks(&world),
                Way::Mail => forms::mail(resend),
                Way::Line => forms::line(&world),
                Way::Slack => forms::slack(&world),
                Way::GoogleChat => forms::google_chat(&world),
            }
        };
        let back = machine.must(page("POST", "/api/integrations", cookie, &form), 201);
        let made = body(&back);
        integrations.insert(name, made["id"].as_str().unwrap().parse().unwrap());
        let url = made["callback_url"].as_str().unwrap_or_default().to_owned();
        let now = machine.now();
        let mut world = machine.outside.world.borrow_mut();
        match way {
            Way::Slack => {
                let urls =
                    AppSettings { events_url: url.clone(), interactivity_url: url, ..AppSettings::default() };
                world.slack_settings(SLACK_APP, urls, now).unwrap();
            }
            Way::GoogleChat => google_chat::change_app(&mut world, Some(url), None, None),
            Way::Line | Way::LineWorks | Way::Mail => {}
        }
    }
    if all {
        let hook = json!({"url": "https://systems.minato.example/hook", "events": ["action.taken"]});
        machine.must(page("POST", "/api/webhooks", cookie, &hook), 201);
        let mut world = machine.outside.world.borrow_mut();
        let line = Settings { quota: Some(None), redelivery: Some(true), ..Settings::default() };
        assert!(world.line_set(LINE_CHANNEL, &line, 0));
    }
    integrations
}

/// Somebody's addresses beside mail and LINE WORKS: everything that can be right and wrong with them.
fn link(machine: &Machine, number: usize, person: &mut Person) {
    let (now, short) = (machine.now(), person.short.clone());
    let mut reach = |channel: Channel, value: &str, state: &str, arrives: bool| {
        machine.link(&person.id, channel.code(), value, state);
        person.reached.extend(arrives.then_some(channel));
    };
    let mut world = machine.outside.world.borrow_mut();
    match number {
        0..=3 => {
            world.line_befriend(&short, LINE_CHANNEL, now).unwrap();
            reach(Channel::Line, &ids::line(&world, &short), "linked", true);
        }
        // Logged in, and no friend yet.
        4 => reach(Channel::Line, &ids::line(&world, &short), "unverified", false),
        5 => reach(Channel::Line, "U00000000000000000000000000000bad", "linked", false),
        _ => {}
    }
    match number {
        0..=2 | 4 => reach(Channel::Slack, &ids::slack(&world, &short), "linked", true),
        6 => reach(Channel::Slack, "U0NOBODY", "unverified", false),
        _ => {}
    }
    match number {
        0 | 1 => {
            google_chat::add_app(&mut world, &short, None, None, now).unwrap();
            reach(Channel::GoogleChat, &ids::google_chat(&world, &short), "linked", true);
        }
        3 => {
            let url = google_chat::create_webhook(&mut world, &short, WEBHOOK_SPACE, "届け").unwrap();
            machine.keep_secret("n1", &url);
            reach(Channel::GoogleChat, &format!("webhook:{WEBHOOK_SPACE}:n1"), "linked", true);
            person.by_webhook = true;
        }
        // Never wrote to the app.
        7 => reach(Channel::GoogleChat, &ids::google_chat(&world, &short), "linked", false),
        _ => {}
    }
}

impl Cast {
    /// The cookie of a member, signed in by link. `None` when the object died meanwhile.
    pub(crate) fn cookie_of(&mut self, machine: &mut Machine, number: usize) -> Option<String> {
        if let Some(cookie) = &self.members[number].cookie {
            return Some(cookie.clone());
        }
        let target = format!("/api/v1/members/{}/sign-in-link", self.members[number].id);
        let back = machine.ask(page("POST", &target, &self.cookie, &Value::Null))?;
        let url = body(&back)["url"].as_str().unwrap().to_owned();
        let token = url.strip_prefix(&format!("{PAGES}/s/")).unwrap();
        let back = machine.ask(call("POST", "/api/sign-in/link", &[], &json!({ "token": token })))?;
        let cookie = session(&back);
        self.members[number].cookie = Some(cookie.clone());
        Some(cookie)
    }

    /// `None` where it is not connected.
    pub(crate) fn integration(&self, way: Way) -> Option<&IntegrationId> {
        self.integrations.get(match way {
            Way::LineWorks => "lineworks",
            Way::Mail => "mail",
            Way::Line => "line",
            Way::Slack => "slack",
            Way::GoogleChat => "google_chat",
        })
    }

    /// How many channels are connected.
    pub(crate) fn channels(&self) -> usize {
        self.integrations.len()
    }

    /// Somebody's own talk with us.
    pub(crate) fn talk(&self, world: &World, person: &Person, way: Way) -> Option<Talk> {
        match way {
            Way::Mail => None,
            Way::LineWorks => Some(Talk::line_works(&person.short, self.bot)),
            Way::Line => Some(Talk::line(world, &person.short)),
            Way::Slack => Talk::slack(world, &person.short),
            Way::GoogleChat if person.by_webhook => Some(Talk::GoogleChat(WEBHOOK_SPACE.into())),
            Way::GoogleChat => Talk::google_chat(world, &person.short),
        }
    }
}
