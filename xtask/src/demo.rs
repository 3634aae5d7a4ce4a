//! The demo workspace: a company that uses everything, set up over the public API like a customer's.
//!
//! The names are those of the sandbox's world: whoever gets a notice here has a phone there.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    Result, files,
    http::{Answer, Client},
    json::{at, list, text},
    progress::{Ending, Step},
};

/// What a person needs to begin.
pub(crate) struct Summary {
    /// API key with every scope.
    pub(crate) key: String,
    pub(crate) admin: Person,
    pub(crate) member: Person,
}

/// Somebody with a link to sign in.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) url: String,
}

const WORKSPACE: &str = "みなと商事グループ";
const COMPANIES: [&str; 2] = ["みなと商事", "ひかり運輸"];

/// A row of [`PEOPLE`]: name, reading, login, company, department, title, role.
type Row = (&'static str, &'static str, &'static str, usize, &'static str, &'static str, &'static str);

/// The first is the owner who sets the workspace up.
const PEOPLE: [Row; 12] = [
    ("佐藤 花子", "さとう はなこ", "sato", 0, "総務部", "部長", "owner"),
    ("鈴木 一郎", "すずき いちろう", "suzuki", 0, "総務部", "課長", "admin"),
    ("高橋 美咲", "たかはし みさき", "takahashi", 0, "総務部", "主任", "member"),
    ("田中 健太", "たなか けんた", "tanaka", 1, "配車センター", "", "member"),
    ("伊藤 さくら", "いとう さくら", "ito", 0, "総務部", "", "member"),
    ("渡辺 大輔", "わたなべ だいすけ", "watanabe", 1, "配車センター", "課長", "company_admin"),
    ("山本 葵", "やまもと あおい", "yamamoto", 0, "営業部", "", "member"),
    ("中村 翔", "なかむら しょう", "nakamura", 1, "車両管理課", "", "member"),
    ("小林 結衣", "こばやし ゆい", "kobayashi", 0, "営業部", "", "member"),
    ("加藤 陽斗", "かとう はると", "kato", 1, "車両管理課", "主任", "member"),
    ("吉田 凛", "よしだ りん", "yoshida", 0, "営業部", "", "member"),
    ("山田 蓮", "やまだ れん", "yamada", 1, "配車センター", "", "member"),
];

/// Who gets the admin's link: an admin, not the owner, because the demo key may make links up to admins.
const ADMIN: &str = "suzuki";

/// Who gets the member's link.
const MEMBER: &str = "takahashi";

/// Seeds the workspace unless `keep` remembers that it was; answers fresh links either way.
pub(crate) fn seed(
    product: &str,
    sandbox: &str,
    smtp_port: u16,
    setup_token: &str,
    keep: &Path,
    step: &Step<'_>,
) -> Result<(Summary, Ending)> {
    let anonymous = Client::new(product).with("Origin", product);
    let seeding = Seeding { product, anonymous, world: Client::new(sandbox), smtp_port, step };
    let there = !at(&seeding.anonymous.json("GET", "/api/public", None)?, "/workspace").is_null();
    let (seeded, ending) = match (there, keep.exists()) {
        (true, true) => {
            let seeded = kept(keep)?;
            seeding.reconnect(&seeded)?;
            (seeded, Ending::Note("kept from the last start".to_owned()))
        }
        (true, false) => {
            return Err("There is a workspace whose keys are lost; `cargo xtask dev --fresh` starts again."
                .to_owned());
        }
        (false, _) => {
            let seeded = seeding.all(setup_token)?;
            files::write_private(keep, &seeded.to_string())?;
            (seeded, Ending::Note(format!("{} people, {} companies", PEOPLE.len(), COMPANIES.len())))
        }
    };
    let person = |login: &str| -> Result<Person> {
        let (name, ..) = PEOPLE.iter().find(|row| row.2 == login).ok_or("nobody")?;
        Ok(Person { name: (*name).to_owned(), email: address(login), url: seeding.link(&seeded, login)? })
    };
    let summary = Summary { admin: person(ADMIN)?, member: person(MEMBER)?, key: text(&seeded, "/key")? };
    Ok((summary, ending))
}

/// The README's first event, ready to paste.
pub(crate) fn curl(url: &str, key: &str, email: &str) -> String {
    format!(
        "curl {url}/api/v1/events \\\n  -H 'Authorization: Bearer {key}' \\\n  -H \"Idempotency-Key: $(date +%s)\" \\\n  \
         -H 'Content-Type: application/json' \\\n  -d '{{\"kind\":\"tasks.assigned\",\"to\":[{{\"email\":\"{email}\"}}],\
         \"title\":\"見積書の確認\",\"body\":\"金曜までにお願いします\"}}'"
    )
}

/// The calls of one seeding.
struct Seeding<'a> {
    product: &'a str,
    anonymous: Client,
    world: Client,
    smtp_port: u16,
    step: &'a Step<'a>,
}

impl Seeding<'_> {
    /// Answers what must be remembered: the key and the members' ids by login.
    fn all(&self, setup_token: &str) -> Result<Value> {
        let owner = self.set_up(setup_token)?;
        let members = self.people(&owner)?;
        self.connect(&owner)?;
        let scopes = json!({ "name": "デモ", "scopes": ["events:write", "events:read", "admin", "absences:write", "absences:read"] });
        let key = text(&owner.json("POST", "/api/keys", Some(&scopes))?, "/key")?;
        Ok(json!({ "key": key, "members": members }))
    }

    /// Mail; LINE WORKS with its bot, everybody's LINE WORKS ID, the bot in every room; LINE, Slack and Google
    /// Chat.
    fn connect(&self, admin: &Client) -> Result {
        self.step.note("mail");
        let credentials = self.world.json("GET", "/control/credentials", None)?;
        admin.json("POST", "/api/integrations", Some(&mail(self.smtp_port, &credentials)))?;
        self.step.note("LINE WORKS");
        let bot = admin.json("POST", "/api/integrations", Some(&lineworks(&credentials)?))?;
        let id = text(&bot, "/id")?;
        admin.json("POST", &format!("/api/integrations/{id}/match"), Some(&json!({})))?;
        self.step.note("rooms");
        self.invite(&bot)?;
        self.step.note("LINE");
        admin.json("POST", "/api/integrations", Some(&line(at(&credentials, "/line/0"))?))?;
        self.step.note("Slack");
        self.connect_slack(admin, at(&credentials, "/slack"))?;
        self.step.note("Google Chat");
        self.connect_google_chat(admin, at(&credentials, "/google_chat"))
    }

    /// The app is installed already; what an admin would enter on Slack's pages is its two request URLs.
    fn connect_slack(&self, admin: &Client, given: &Value) -> Result {
        let form = json!({ "via": "token", "bot_token": at(given, "/bot_token"), "signing_secret": at(given, "/signing_secret") });
        let app =
            admin.json("POST", "/api/integrations", Some(&json!({ "provider": "slack", "form": form })))?;
        let url = at(&app, "/callback_url");
        let settings = json!({ "app": at(given, "/app_id"), "events_url": url, "interactivity_url": url });
        self.world.json("POST", "/control/slack/settings", Some(&settings))?;
        let path = format!("/api/integrations/{}/match", text(&app, "/id")?);
        admin.json("POST", &path, Some(&json!({}))).map(drop)
    }

    /// Members' webhooks and the Chat app.
    fn connect_google_chat(&self, admin: &Client, given: &Value) -> Result {
        let form = json!({ "webhooks": true, "service_account": at(given, "/service_account").to_string(), "audience": "endpoint_url" });
        let app = admin.json(
            "POST",
            "/api/integrations",
            Some(&json!({ "provider": "google_chat", "form": form })),
        )?;
        let settings = json!({ "endpoint": at(&app, "/callback_url"), "audience": "endpoint_url" });
        self.world.json("POST", "/control/google_chat/app", Some(&settings)).map(drop)
    }

    /// The sandbox forgets its bots when it ends, so what was connected to it is connected again.
    fn reconnect(&self, seeded: &Value) -> Result {
        let state = self.world.json("GET", "/control/state", None)?;
        if list(&state, "/bots").next().is_some() {
            return Ok(());
        }
        let admin = self.sign_in(seeded)?;
        for integration in list(&admin.json("GET", "/api/integrations", None)?, "") {
            if let Some(path) = deletion(integration) {
                admin.json("DELETE", &path, None)?;
            }
        }
        self.connect(&admin)
    }

    /// A client signed in as the admin.
    fn sign_in(&self, seeded: &Value) -> Result<Client> {
        let link = self.link(seeded, ADMIN)?;
        let token = link.rsplit('/').next().unwrap_or_default();
        let answer = self.anonymous.send(
            "POST",
            "/api/sign-in/link",
            json!({ "token": token }).to_string().as_bytes(),
        )?;
        self.signed_in(&answer, 200)
    }

    /// A fresh link to sign in.
    fn link(&self, seeded: &Value, login: &str) -> Result<String> {
        let key = text(seeded, "/key")?;
        let id = text(seeded, &format!("/members/{login}"))?;
        let admin = Client::new(self.product).with("Authorization", &format!("Bearer {key}"));
        text(&admin.json("POST", &format!("/api/v1/members/{id}/sign-in-link"), Some(&json!({})))?, "/url")
    }

    /// Makes the workspace; answers a client signed in as its owner.
    fn set_up(&self, token: &str) -> Result<Client> {
        self.step.note("workspace");
        let (name, _, login, ..) = PEOPLE[0];
        let body = json!({ "token": token, "workspace": WORKSPACE, "name": name, "email": address(login), "language": "ja" });
        let answer = self.anonymous.send("POST", "/api/setup", body.to_string().as_bytes())?;
        self.signed_in(&answer, 201)
    }

    /// A client with the session of `answer`.
    fn signed_in(&self, answer: &Answer, status: u16) -> Result<Client> {
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        match cookie {
            Some(cookie) if answer.status == status => Ok(self.anonymous.clone().with("Cookie", cookie)),
            _ => Err(format!(
                "Signing in answered {}: {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            )),
        }
    }

    /// Companies and members; answers the members' ids by login.
    fn people(&self, owner: &Client) -> Result<Value> {
        let mut companies = Vec::new();
        for name in COMPANIES {
            let company = owner.json("POST", "/api/v1/companies", Some(&json!({ "name": name })))?;
            companies.push(text(&company, "/id")?);
        }
        let me = owner.json("GET", "/api/me", None)?;
        let mut ids = serde_json::Map::new();
        for (number, row) in (1..).zip(PEOPLE) {
            self.step.note(row.0);
            let company = companies.get(row.3).map(String::as_str).unwrap_or_default();
            let form = form(number, row, company);
            let member = if number == 1 {
                // The owner is there since the set-up.
                owner.json("PUT", &format!("/api/v1/members/{}", text(&me, "/id")?), Some(&form))?
            } else {
                owner.json("POST", "/api/v1/members", Some(&form))?
            };
            ids.insert(row.2.to_owned(), text(&member, "/id")?.into());
        }
        Ok(Value::Object(ids))
    }

    /// Puts the bot into every room of the world; the rooms then appear in the product by its callbacks.
    fn invite(&self, bot: &Value) -> Result {
        let bot_id = at(bot, "/settings/bot_id");
        let state = self.world.json("GET", "/control/state", None)?;
        for room in list(&state, "/rooms") {
            self.world.json(
                "POST",
                "/control/invite",
                Some(&json!({ "room": at(room, "/channel_id"), "bot": bot_id })),
            )?;
        }
        Ok(())
    }
}

fn form(number: u32, (name, reading, login, _, department, title, role): Row, company: &str) -> Value {
    json!({
        "name": name,
        "reading": reading,
        "login_email": address(login),
        "notification_email": address(login),
        "department": department,
        "title": title,
        "employee_number": format!("M{number:04}"),
        "usable": true,
        "company": company,
        // Found by matching logins after LINE WORKS is connected.
        "lineworks_id": "",
        "role": role,
        "language": "ja",
    })
}

fn mail(smtp_port: u16, credentials: &Value) -> Value {
    json!({
        "provider": "mail",
        "form": {
            "via": "smtp",
            "from_address": "todoke@minato.example",
            "from_name": "Todoke",
            "host": "127.0.0.1",
            "port": smtp_port.to_string(),
            "security": "plain",
            "user": at(credentials, "/smtp/user"),
            "password": at(credentials, "/smtp/password"),
        },
    })
}

fn lineworks(credentials: &Value) -> Result<Value> {
    let given = at(credentials, "/lineworks");
    Ok(json!({
        "provider": "lineworks",
        "form": {
            "client_id": text(given, "/client_id")?,
            "client_secret": text(given, "/client_secret")?,
            "service_account": text(given, "/service_account")?,
            "private_key": text(given, "/private_key")?,
            "domain_id": at(given, "/domain_id").to_string(),
            "bot_admin": "sato@minato",
            "bot_subadmin": "suzuki@minato",
            "bot_name": "Todoke通知",
        },
    }))
}

fn line(given: &Value) -> Result<Value> {
    Ok(json!({
        "provider": "line",
        "form": {
            "via": "token",
            "login_channel_id": text(given, "/login_channel_id")?,
            "login_channel_secret": text(given, "/login_channel_secret")?,
            "channel_secret": text(given, "/channel_secret")?,
            "channel_access_token": text(given, "/channel_access_token")?,
        },
    }))
}

fn address(login: &str) -> String {
    format!("{login}@minato.example")
}

fn kept(keep: &Path) -> Result<Value> {
    serde_json::from_slice(&files::read(keep)?).map_err(|error| format!("{}: {error}", keep.display()))
}

/// Where an integration is deleted: its name is asked for, as an admin types it. `None` for what makes itself.
fn deletion(integration: &Value) -> Option<String> {
    let names = ["bot_name", "display_name", "team_name", "client_email", "from_address"];
    let name = names.iter().find_map(|name| at(integration, &format!("/settings/{name}")).as_str())?;
    let escaped: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    Some(format!("/api/integrations/{}?confirm={escaped}", at(integration, "/id").as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_what_the_issue_asks_for() {
        let logins: std::collections::BTreeSet<_> = PEOPLE.iter().map(|row| row.2).collect();
        assert_eq!((logins.len(), COMPANIES.len()), (12, 2));
        for company in 0..COMPANIES.len() {
            assert!(PEOPLE.iter().any(|row| row.3 == company));
        }
        assert_eq!(PEOPLE[0].6, "owner");
        assert!(PEOPLE.iter().any(|row| (row.2, row.6) == (ADMIN, "admin")));
        assert!(logins.contains(MEMBER));
    }

    #[test]
    fn an_integration_is_deleted_by_its_name() {
        let of = |settings: Value| deletion(&json!({ "id": "in_1", "settings": settings }));
        assert_eq!(
            of(json!({ "bot_name": "届 け" })).unwrap(),
            "/api/integrations/in_1?confirm=%E5%B1%8A%20%E3%81%91"
        );
        for name in ["display_name", "team_name", "client_email", "from_address"] {
            assert_eq!(of(json!({ name: "a" })).unwrap(), "/api/integrations/in_1?confirm=%61", "{name}");
        }
        assert_eq!(of(json!({ "public_key": "x" })), None);
    }

    #[test]
    fn the_printed_event_is_json() {
        let line = curl("http://h", "tdk_1", "a@b.example");
        let body = line.split("-d '").nth(1).unwrap().trim_end_matches('\'');
        let event: Value = serde_json::from_str(body).unwrap();
        assert_eq!(event["to"][0]["email"], "a@b.example");
        assert_eq!(event["kind"], "tasks.assigned");
    }
}
