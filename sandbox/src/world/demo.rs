//! The demo world: fixed names, because the product's demo data uses the same.

use std::collections::BTreeMap;

use super::lineworks::App;
use super::rng::Rng;
use super::{
    Domain, Faults, Keys, Limits, Log, Person, Room, World, google_chat, line, lineworks_v1, push, resend,
    slack, smtp,
};

/// The domain of 「みなと商事」.
pub(crate) const DOMAIN_ID: i64 = 40_029_600;

/// Family name, given name, their readings, login, position.
const PEOPLE: [(&str, &str, &str, &str, &str, &str); 12] = [
    ("佐藤", "花子", "さとう", "はなこ", "sato", "部長"),
    ("鈴木", "一郎", "すずき", "いちろう", "suzuki", "課長"),
    ("高橋", "美咲", "たかはし", "みさき", "takahashi", ""),
    ("田中", "健太", "たなか", "けんた", "tanaka", ""),
    ("伊藤", "さくら", "いとう", "さくら", "ito", ""),
    ("渡辺", "大輔", "わたなべ", "だいすけ", "watanabe", "課長"),
    ("山本", "葵", "やまもと", "あおい", "yamamoto", ""),
    ("中村", "翔", "なかむら", "しょう", "nakamura", ""),
    ("小林", "結衣", "こばやし", "ゆい", "kobayashi", ""),
    ("加藤", "陽斗", "かとう", "はると", "kato", ""),
    ("吉田", "凛", "よしだ", "りん", "yoshida", ""),
    ("山田", "蓮", "やまだ", "れん", "yamada", ""),
];

/// channelId, title, members by login.
const ROOMS: [(&str, &str, &[&str]); 3] = [
    ("7d1c0b52-0e8f-4a6b-9a31-5f2f60a10001", "総務部", &["sato", "suzuki", "takahashi", "ito", "yamamoto"]),
    ("7d1c0b52-0e8f-4a6b-9a31-5f2f60a10002", "受付", &["takahashi", "ito", "kobayashi", "yoshida"]),
    (
        "7d1c0b52-0e8f-4a6b-9a31-5f2f60a10003",
        "車両管理",
        &["watanabe", "tanaka", "nakamura", "kato", "yamada"],
    ),
];

impl World {
    /// 「みなと商事」: twelve people, three rooms, one client app, no bots yet. `seed` decides every id and
    /// die that the world makes later.
    #[must_use]
    pub fn demo(seed: u64, keys: &Keys) -> World {
        let domain = Domain {
            domain_id: DOMAIN_ID,
            name: "みなと商事".into(),
            login_domain: "minato".into(),
            mail_domain: "minato.example".into(),
        };
        let people: Vec<Person> = (1..).zip(PEOPLE).map(|(number, row)| person(number, row)).collect();
        let rooms: BTreeMap<String, Room> =
            ROOMS.iter().map(|row| room(row, &people)).map(|r| (r.channel_id.clone(), r)).collect();
        World {
            faults: Faults::new(seed ^ 0xfa17),
            limits: Limits::default(),
            smtp_options: smtp::Options::default(),
            retention: usize::MAX,
            keys: keys.clone(),
            rng: Rng::new(seed),
            version: 0,
            born: 0,
            line: line::Line::demo(keys, &people),
            slack: slack::Slack::demo(seed, &people),
            people,
            domains: BTreeMap::from([(DOMAIN_ID, domain)]),
            google_chat: google_chat::GoogleChat::demo(keys, rooms.values()),
            rooms,
            app: App::demo(keys),
            v1: lineworks_v1::Tenant::demo(keys),
            bots: BTreeMap::new(),
            talks: BTreeMap::new(),
            calendars: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
            push: push::PushService::default(),
            resend: resend::Memory::default(),
            log: Log::default(),
            dropping: false,
            mail_numbers: 0,
            bots_made: 0,
            callback_numbers: 0,
            callbacks_due: Vec::new(),
            callbacks_taken: Vec::new(),
            callbacks_later: Vec::new(),
            violations: Vec::new(),
        }
    }
}

fn person(number: u32, (last, first, last_reading, first_reading, login, position): DemoRow) -> Person {
    Person {
        user_id: format!("c72af563-0f21-4736-81e4-0452371{number:05}"),
        domain_id: DOMAIN_ID,
        login: format!("{login}@minato"),
        mail: format!("{login}@minato.example"),
        last_name: last.into(),
        first_name: first.into(),
        last_reading: last_reading.into(),
        first_reading: first_reading.into(),
        external_key: Some(format!("M{number:04}")),
        position: position.into(),
        employee_number: format!("{number:04}"),
    }
}

type DemoRow = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

fn room((channel_id, title, logins): &(&str, &str, &[&str]), people: &[Person]) -> Room {
    let members = people.iter().filter(|p| logins.contains(&p.short_name())).map(|p| p.user_id.clone());
    Room {
        channel_id: (*channel_id).into(),
        domain_id: DOMAIN_ID,
        title: (*title).into(),
        channel_type: "MULTI_USERS",
        members: members.collect(),
        bots: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::keys::testing::keys;

    #[test]
    fn the_demo_names_do_not_change() {
        let world = World::demo(1, keys());
        assert_eq!(world.people().len(), 12);
        let sato = world.person("sato").unwrap();
        assert_eq!(sato.name(), "佐藤 花子");
        assert_eq!(sato.login, "sato@minato");
        assert_eq!(sato.mail, "sato@minato.example");
        assert_eq!(sato.user_id, "c72af563-0f21-4736-81e4-045237100001");
        assert_eq!(
            world.rooms().values().map(|r| (r.title.as_str(), r.members.len())).collect::<Vec<_>>(),
            [("総務部", 5), ("受付", 4), ("車両管理", 5)]
        );
    }
}
