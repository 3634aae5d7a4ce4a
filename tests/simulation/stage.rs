//! A workspace as every run begins: people of the demo world, LINE WORKS and mail connected, the bot in two rooms.

use hub::{Answer, Call};
use sandbox::world::Keys;
use serde_json::{Value, json};
use shared::id::IntegrationId;

use tests::{calls::{PAGES, body, call, page, session}, forms, hook};

use crate::{ops::Way, record::Machine};

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
    /// channelIds.
    pub(crate) rooms: Vec<String>,
    pub(crate) lineworks: IntegrationId,
    pub(crate) mail: IntegrationId,
    pub(crate) bot: i64,
    pub(crate) resend: bool,
    /// LINE WORKS' calls a minute.
    pub(crate) limit: u32,
}

pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) login: String,
    /// The provider's id; none for somebody who is not there.
    pub(crate) lineworks: Option<String>,
    /// Nothing can ever arrive there.
    pub(crate) bounces: bool,
    pub(crate) cookie: Option<String>,
}

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
    let (lineworks, mail) = connect(&mut machine, &cookie, resend);
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
            number if number % 2 == 0 => user,
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
            login: format!("{name}@minato.example"),
            lineworks: (number < 6).then(|| user.clone()),
            bounces: number == 5,
            cookie: None,
        });
    }
    let scopes = json!({"name": "ReTask", "scopes": ["events:write", "events:read", "admin"]});
    let back = machine.must(page("POST", "/api/keys", &cookie, &scopes), 201);
    let key = body(&back)["key"].as_str().unwrap().to_owned();

    let (rooms, bot) = {
        let world = machine.outside.world.borrow();
        (world.rooms().keys().cloned().collect::<Vec<_>>(), *world.bots().keys().next().unwrap())
    };
    for room in &rooms[..2] {
        let now = machine.now();
        machine.outside.world.borrow_mut().invite_bot(room, bot, now).unwrap();
    }
    let callbacks = machine.outside.world.borrow_mut().take_callbacks();
    for callback in callbacks {
        machine.must(hook(&callback), 200);
    }
    machine.run_for(5_000);
    assert!(machine.is_idle() && machine.record.borrow().problems.is_empty());
    (machine, Cast { cookie, key, members, companies, rooms, lineworks, mail, bot, resend, limit })
}

fn connect(machine: &mut Machine, cookie: &str, resend: bool) -> (IntegrationId, IntegrationId) {
    let form = forms::lineworks(&machine.outside.world.borrow());
    let lineworks = machine.create(cookie, "/api/integrations", &form);
    let mail = machine.create(cookie, "/api/integrations", &forms::mail(resend));
    (lineworks.parse().unwrap(), mail.parse().unwrap())
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

    pub(crate) fn integration(&self, way: Way) -> &IntegrationId {
        match way {
            Way::LineWorks => &self.lineworks,
            Way::Mail => &self.mail,
        }
    }
}
