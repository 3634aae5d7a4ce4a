use serde_json::json;
use shared::{
    api::home::Home,
    delivery::State,
    id::{DeliveryId, EventId},
    time::{DAY, HOUR, MINUTE},
};

use crate::world::{NOW, World};

const HOME: &str = "/api/home";

fn home(world: &mut World, cookie: &str) -> Home {
    let back = world.get(cookie, HOME);
    assert_eq!(back.status, 200, "{back:?}");
    // Exactly the form that the pages read: nothing more, nothing less.
    let home: Home = serde_json::from_value(back.json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&home).unwrap(), back.json);
    home
}

/// `count` deliveries of an event of that time.
fn deliver(world: &World, at: i64, count: u32, channel: &str, state: &str, target: &str) -> DeliveryId {
    let event = EventId::new(at, [u8::try_from(state.len()).unwrap(); 10]);
    let digits = event.as_str().trim_start_matches("ev_");
    world
        .sql
        .exec(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2) \
             INSERT INTO deliveries (id, target, channel, kind, urgency, decision, reason, state, due_at) \
             SELECT 'dl_' || ?1 || printf('%05d', i), ?5, ?3, 'tasks.assigned', 1, 'deliver', 'allowed', ?4, \
             CASE ?4 WHEN 'waiting' THEN ?6 END FROM n",
            &[
                digits.into(),
                i64::from(count).into(),
                channel.into(),
                state.into(),
                target.into(),
                (at + MINUTE).into(),
            ],
        )
        .unwrap();
    DeliveryId::of(&event, 0)
}

/// Of a day that is `back` days ago.
fn sum(home: &Home, back: usize, state: State) -> u64 {
    let day = &home.days[home.days.len() - 1 - back];
    day.counts.iter().filter(|(_, own, _)| *own == state).map(|(_, _, count)| count).sum()
}

#[test]
fn an_empty_workspace_is_told_what_to_do_and_nothing_is_wrong() {
    let (mut world, owner) = World::set_up();
    let seen = home(&mut world, &owner);
    let overview = seen.overview.unwrap();
    assert_eq!(
        json!(overview.setup),
        json!({"mail": false, "messenger": false, "members": false, "linked": false, "system": false, "sent": false})
    );
    assert_eq!((seen.unreachable, seen.counting, seen.days.len()), (0, false, 30));
    assert!(overview.integrations.is_empty() && overview.lost_rooms.is_empty());
    assert_eq!((overview.behind.waiting, overview.behind.oldest, overview.webhooks_off), (0, None, 0));
    assert!(seen.days.iter().all(|day| day.counts.is_empty()));
    // Days of Japan: NOW is 9 hours into one of them and more.
    assert!(seen.days.windows(2).all(|pair| pair[1].from - pair[0].from == DAY));
    assert_eq!((seen.days[29].from + 9 * HOUR) % DAY, 0);
    assert!((0..DAY).contains(&(NOW - seen.days[29].from)));

    world.connect_mail();
    world.connect_lineworks();
    world.member(
        &owner,
        &json!({"name": "佐藤", "login_email": "sato@minato.example", "lineworks_id": "sato@minato"}),
    );
    world.key(&owner, &["events:write"]);
    deliver(&world, NOW, 1, "email", "sent", "mb_1");
    let setup = home(&mut world, &owner).overview.unwrap().setup;
    assert!(setup.mail && setup.messenger && setup.members && setup.linked && setup.system && setup.sent);
}

#[test]
fn what_is_wrong_is_told_with_its_reason_and_since_when() {
    let (mut world, owner) = World::set_up();
    world.connect_mail();
    let slack = world.connect("slack", 6, &json!({"team_id": "", "team_name": ""}), &json!({}));
    let line = world.connect("line", 7, &json!({"display_name": "みなと商事"}), &json!({}));
    let sql = world.sql.clone();
    sql.exec(
        "UPDATE integrations SET state = 'broken', state_since = ?2, cause = '{\"code\":\"credentials\",\"detail\":\"401\"}' WHERE id = ?1",
        &[line.as_str().into(), (NOW - HOUR).into()],
    )
    .unwrap();
    for (id, open, since) in [("rm_a", 0, NOW - DAY), ("rm_b", 1, NOW - DAY), ("rm_c", 0, NOW - 40 * DAY)] {
        let id = format!("{id}{}", "0".repeat(25));
        sql.exec(
            "INSERT INTO rooms (id, integration, provider_id, name, open, since) VALUES (?1, ?2, ?1, '配送', ?3, ?4)",
            &[id.as_str().into(), line.as_str().into(), i64::from(open).into(), since.into()],
        )
        .unwrap();
    }
    deliver(&world, NOW - HOUR, 3, "line", "waiting", "mb_1");
    // Due in a moment: that is not behind.
    deliver(&world, NOW, 1, "line", "waiting", "mb_1");
    let seen = home(&mut world, &owner);
    let overview = seen.overview.unwrap();
    let of = |id: &str| overview.integrations.iter().find(|one| one.id.as_str() == id).unwrap().clone();
    assert!(!of(&slack).installed && of(&line).installed);
    assert_eq!((of(&line).name.as_str(), of(&line).since), ("みなと商事", NOW - HOUR));
    assert_eq!(of(&line).cause.unwrap().detail, "401");
    assert_eq!(overview.lost_rooms.len(), 1);
    assert_eq!(overview.lost_rooms[0].since, NOW - DAY);
    assert_eq!((overview.behind.waiting, overview.behind.oldest), (3, Some(NOW - HOUR + MINUTE)));
    assert_eq!(seen.unreachable, 0, "mail reaches 田中");

    let (mut world, owner) = World::set_up();
    world.connect_mail();
    world.sql.exec("UPDATE integrations SET state = 'broken'", &[]).unwrap();
    assert_eq!(home(&mut world, &owner).unreachable, 1, "nothing does");
}

#[test]
fn a_finished_day_is_counted_once_and_a_resent_notice_counts_it_again() {
    let (mut world, owner) = World::set_up();
    world.connect_mail();
    let yesterday = NOW - DAY;
    deliver(&world, yesterday, 12, "email", "sent", "mb_1");
    deliver(&world, yesterday + 1, 2, "line", "failed", "mb_1");
    deliver(&world, NOW - 3 * DAY, 5, "email", "waiting", "mb_1");
    deliver(&world, NOW, 7, "slack", "sent", "mb_1");
    let seen = home(&mut world, &owner);
    assert_eq!((sum(&seen, 1, State::Sent), sum(&seen, 1, State::Failed)), (12, 2));
    assert_eq!((sum(&seen, 3, State::Waiting), sum(&seen, 0, State::Sent)), (5, 7));
    // Finished: from the store. Where something waits, and today: counted again.
    assert_eq!(world.count("SELECT count(*) FROM day_counts"), "1");
    world.sql.exec("DELETE FROM deliveries WHERE channel = 'line'", &[]).unwrap();
    world.sql.exec("UPDATE deliveries SET state = 'sent'", &[]).unwrap();
    world.runner.clock.advance(2 * MINUTE);
    let seen = home(&mut world, &owner);
    assert_eq!((sum(&seen, 1, State::Failed), sum(&seen, 3, State::Waiting)), (2, 0));
    assert_eq!((sum(&seen, 3, State::Sent), sum(&seen, 0, State::Sent)), (5, 7));
    // Sent again by hand: that day is not what it was.
    let yesterday = deliver(&world, NOW - DAY + 2, 1, "email", "failed", "mb_1");
    let event = yesterday.as_str().trim_start_matches("dl_").get(..26).unwrap().to_owned();
    world
        .sql
        .exec(
            "INSERT INTO events (id, kind, urgency, message, created_at, source, body_hash, deliveries, skipped) \
             VALUES ('ev_' || ?1, 'tasks.assigned', 1, '{\"title\":\"見積書\"}', ?2, 'mb_1', '', 1, 0)",
            &[event.as_str().into(), (NOW - DAY).into()],
        )
        .unwrap();
    let member = world.count("SELECT id FROM members");
    world.sql.exec("UPDATE deliveries SET target = ?1", &[member.as_str().into()]).unwrap();
    assert_eq!(sum(&home(&mut world, &owner), 1, State::Failed), 2, "still as it was counted");
    let back = world.post(&owner, &format!("/api/deliveries/{yesterday}/resend"), &json!(null));
    assert_eq!(back.status, 200, "{back:?}");
    let seen = home(&mut world, &owner);
    assert_eq!(
        (sum(&seen, 1, State::Failed), sum(&seen, 1, State::Sent) + sum(&seen, 1, State::Waiting)),
        (0, 13)
    );
}

#[test]
fn today_is_right_whenever_one_looks() {
    let (mut world, owner) = World::set_up();
    // The store's hours are kept in memory, so look often while it grows.
    let mut expected = 0;
    for step in 0..30 {
        let now = hub::ports::Clock::now(&hub::native::ClockPort(world.runner.clock.clone()));
        let day = home(&mut world, &owner).days[29].from;
        if now - day < 40 * MINUTE {
            expected = 0;
        }
        deliver(&world, now, 3, "email", if step % 2 == 0 { "sent" } else { "failed" }, "mb_1");
        expected += 3;
        let seen = home(&mut world, &owner);
        assert_eq!(sum(&seen, 0, State::Sent) + sum(&seen, 0, State::Failed), expected, "{step}");
        world.runner.clock.advance(40 * MINUTE);
    }
}

#[test]
fn a_large_past_is_counted_in_slices() {
    let (mut world, owner) = World::set_up();
    for back in 1..30 {
        deliver(&world, NOW - back * DAY, 20_000, "email", "sent", "mb_1");
    }
    let mut answers = 1;
    let mut seen = home(&mut world, &owner);
    assert!(seen.counting);
    assert_eq!((sum(&seen, 1, State::Sent), sum(&seen, 29, State::Sent)), (20_000, 0), "the newest first");
    while seen.counting {
        answers += 1;
        seen = home(&mut world, &owner);
    }
    assert!((1..30).all(|back| sum(&seen, back, State::Sent) == 20_000));
    assert_eq!(answers, 6, "five days of 20,000 for each answer");
    assert_eq!(world.count("SELECT count(*) FROM day_counts"), "29");
}

#[test]
fn a_company_admin_sees_the_own_company_and_a_member_nothing() {
    let (mut world, owner) = World::set_up();
    world.connect_mail();
    let company = world.post(&owner, "/api/v1/companies", &json!({"name": "みなと運輸"})).id();
    let own = world
        .member(&owner, &json!({"name": "佐藤", "login_email": "sato@minato.example", "company": company}));
    let boss = world.member(
        &owner,
        &json!({"name": "山本", "login_email": "yamamoto@minato.example", "company": company, "role": "company_admin"}),
    );
    let other = world.member(&owner, &json!({"name": "伊藤", "login_email": "ito@minato.example"}));
    deliver(&world, NOW, 4, "email", "sent", &own);
    deliver(&world, NOW, 3, "email", "failed", &other);
    deliver(&world, NOW - DAY, 9, "email", "sent", &own);
    let cookie = world.cookie_of(&owner, &boss);
    let seen = home(&mut world, &cookie);
    assert_eq!((seen.overview, seen.days.len(), seen.unreachable), (None, 1, 0));
    let today = &seen.days[0].counts;
    let mails: u64 = today.iter().map(|(_, _, count)| count).sum();
    assert!(mails >= 4 && today.iter().all(|(_, state, _)| *state != State::Failed), "{today:?}");

    let cookie = world.cookie_of(&owner, &other);
    assert_eq!(world.get(&cookie, HOME).refusal(), (403, "not_allowed", ""));
    assert_eq!(world.raw(http::Method::GET, HOME, &[], b"").status, 401);
    let key = world.key(&owner, &["admin"]);
    let bearer = format!("Bearer {key}");
    assert_eq!(world.raw(http::Method::GET, HOME, &[("authorization", &bearer)], b"").status, 403);
}
