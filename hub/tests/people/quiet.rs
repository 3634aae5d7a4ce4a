//! Quiet time through `Hub::handle`: what waits, until when, what passes, and what people have read.

use http::Method;
use serde_json::{Value, json};
use shared::time::parse_rfc3339;

use crate::world::World;

const ASSIGNED: &str = "tasks.assigned";
const LOW: &str = "tasks.no_due_date";
const CRITICAL: &str = "reception.visitor_arrived";

/// Mail is connected. It is a Thursday evening in Tokyo, and quiet from ten to seven, on weekends and holidays.
struct Stage {
    world: World,
    owner: String,
    key: String,
}

impl Stage {
    fn new() -> Self {
        let (mut world, owner) = World::set_up();
        world.connect_mail();
        let key = world.key(&owner, &["events:write", "events:read", "admin"]);
        let mut stage = Self { world, owner, key: format!("Bearer {key}") };
        stage.at("2026-11-26T21:45");
        let time = json!({"from": "22:00", "until": "07:00", "days": [6, 7], "holidays": true});
        let back = stage.world.put(&stage.owner, "/api/settings/quiet", &json!({ "time": time }));
        assert_eq!(
            (back.status, &back.json["time"], &back.json["until"]),
            (200, &time, &Value::Null),
            "{back:?}"
        );
        stage
    }

    fn at(&mut self, clock: &str) {
        self.world.runner.clock.set(time(clock));
        self.world.work();
    }

    fn post(&mut self, kind: &str, to: &Value, more: &Value) {
        let mut body = json!({"kind": kind, "to": [to], "title": kind});
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let headers = [("authorization", self.key.as_str())];
        self.world.runner.clock.advance(1);
        let back = self.world.send(Method::POST, "/api/v1/events", &headers, &body);
        assert_eq!(back.status, 202, "{back:?}");
        self.world.work();
    }

    /// Kinds of the mails so far.
    fn mails(&self) -> Vec<String> {
        let mails = self.world.mailbox.mails.borrow();
        let kind = |mail: &Value| {
            let subject = mail["subject"].as_str().unwrap().to_owned();
            [ASSIGNED, LOW, CRITICAL]
                .into_iter()
                .find(|kind| subject.contains(kind))
                .unwrap_or("other")
                .to_owned()
        };
        mails.iter().map(kind).collect()
    }

    /// `state decision reason due` of the deliveries of a kind to a member.
    fn row(&self, kind: &str, member: &str) -> String {
        let rows = self.world.sql.texts(
            "SELECT state || ' ' || decision || ' ' || reason || ' ' || coalesce(due_at, '-') FROM deliveries \
             WHERE kind = ?1 AND target = ?2 ORDER BY id DESC",
            &[kind.into(), member.into()],
        );
        let rows = rows.unwrap();
        assert!(
            !rows.is_empty(),
            "{:?}",
            self.world
                .sql
                .texts("SELECT json_array(id, target, kind, state, reason, channel) FROM deliveries", &[])
        );
        rows[0].clone()
    }

    /// Somebody with mail; id and cookie.
    fn member(&mut self, name: &str) -> (String, String) {
        let form = json!({"name": name, "login_email": format!("{name}@minato.example")});
        let id = self.world.member(&self.owner, &form);
        let cookie = self.world.cookie_of(&self.owner, &id);
        (id, cookie)
    }
}

fn time(text: &str) -> i64 {
    parse_rfc3339(&format!("{text}:00+09:00")).unwrap()
}

fn held(until: &str) -> String {
    format!("waiting hold quiet_time {}", time(until))
}

#[test]
fn what_is_not_critical_waits_and_arrives_together_low_last() {
    let mut stage = Stage::new();
    let (sato, cookie) = stage.member("sato");
    let to = json!({ "member": sato });
    stage.post(ASSIGNED, &to, &json!({}));
    assert_eq!(stage.mails(), [ASSIGNED]);
    stage.at("2026-11-26T22:10");
    stage.post(LOW, &to, &json!({}));
    stage.post(ASSIGNED, &to, &json!({}));
    assert_eq!(stage.mails(), [ASSIGNED]);
    assert_eq!(stage.row(LOW, &sato), held("2026-11-27T07:00"));
    let mine = stage.world.get(&cookie, "/api/me/quiet");
    assert_eq!((&mine.json["waiting"], &mine.json["until"]), (&json!(2), &json!(time("2026-11-27T07:00"))));
    stage.post(CRITICAL, &to, &json!({}));
    // What the person asks for is no disturbance.
    assert_eq!(stage.world.post(&cookie, "/api/me/channels/email/test", &Value::Null).status, 202);
    stage.world.work();
    assert_eq!(stage.mails(), [ASSIGNED, CRITICAL, "other"]);
    stage.at("2026-11-27T06:59");
    assert_eq!(stage.mails().len(), 3);
    stage.at("2026-11-27T07:00");
    assert_eq!(stage.mails()[3..], [ASSIGNED, LOW]);
    assert_eq!(stage.row(LOW, &sato), "sent hold quiet_time -");
}

#[test]
fn everybody_has_the_workspace_s_or_one_of_their_own_or_none() {
    let mut stage = Stage::new();
    let (sato, _) = stage.member("sato");
    let (suzuki, suzuki_s) = stage.member("suzuki");
    let (ito, ito_s) = stage.member("ito");
    let own = json!({"choice": "own", "own": {"from": "20:00", "until": "09:30"}});
    let back = stage.world.put(&suzuki_s, "/api/me/quiet", &own);
    assert_eq!(
        (back.status, &back.json["own"]["until"], &back.json["until"]),
        (200, &json!("09:30"), &json!(time("2026-11-27T09:30")))
    );
    assert_eq!(stage.world.put(&ito_s, "/api/me/quiet", &json!({"choice": "never"})).status, 200);
    stage.at("2026-11-27T23:00");
    stage.post(ASSIGNED, &json!({"everyone": true}), &json!({}));
    // Friday night, and the weekend.
    assert_eq!(stage.row(ASSIGNED, &sato), held("2026-11-30T07:00"));
    assert_eq!(stage.row(ASSIGNED, &suzuki), held("2026-11-28T09:30"));
    assert_eq!(stage.row(ASSIGNED, &ito), "sent deliver allowed -");
    assert_eq!(stage.world.count("SELECT group_concat(code) FROM quiet_schedules"), "20:00-09:30/");
    let shown = stage.world.get(&stage.owner.clone(), "/api/settings/quiet");
    assert_eq!((&shown.json["waiting"], &shown.json["own"]), (&json!(3), &json!(2)), "{:?}", shown.json);
    // Back to the workspace's: what waited follows at once.
    let back = stage.world.put(&suzuki_s, "/api/me/quiet", &json!({"choice": "workspace"}));
    assert_eq!((&back.json["choice"], &back.json["waiting"]), (&json!("workspace"), &json!(1)));
    assert_eq!(stage.row(ASSIGNED, &suzuki), held("2026-11-30T07:00"));
    assert_eq!(stage.world.count("SELECT count(*) FROM quiet_schedules"), "0");
    assert_eq!(stage.world.put(&suzuki_s, "/api/me/quiet", &json!({"choice": "never"})).status, 200);
    stage.world.work();
    assert_eq!(stage.row(ASSIGNED, &suzuki), "sent hold quiet_time -");
}

#[test]
fn what_comes_to_its_turn_in_quiet_time_waits_too() {
    let mut stage = Stage::new();
    let (sato, _) = stage.member("sato");
    let to = json!({ "member": sato });
    // Decided for half past nine, but nobody sent it then.
    stage.post(ASSIGNED, &to, &json!({"deliver_at": "2026-11-26T21:50:00+09:00"}));
    assert!(stage.row(ASSIGNED, &sato).starts_with("waiting hold scheduled"));
    stage.at("2026-11-26T22:20");
    assert_eq!((stage.mails().len(), stage.row(ASSIGNED, &sato)), (0, held("2026-11-27T07:00")));
    // Scheduled for the night: for its end.
    stage.post(LOW, &to, &json!({"deliver_at": "2026-11-28T23:00:00+09:00"}));
    assert_eq!(stage.row(LOW, &sato), held("2026-11-30T07:00"));
    // Quiet time is off: the one goes, the other keeps its time.
    let off = stage.world.put(&stage.owner.clone(), "/api/settings/quiet", &json!({}));
    assert_eq!(off.status, 200, "{off:?}");
    stage.world.work();
    assert_eq!(stage.mails(), [ASSIGNED]);
    assert_eq!(stage.row(LOW, &sato), format!("waiting hold quiet_time {}", time("2026-11-28T23:00")));
    stage.at("2026-11-28T23:00");
    assert_eq!(stage.mails(), [ASSIGNED, LOW]);
}

#[test]
fn the_calendar_has_the_last_word_on_its_days() {
    let mut stage = Stage::new();
    let (sato, cookie) = stage.member("sato");
    let owner = stage.owner.clone();
    let days = "/api/settings/quiet/days";
    let back = stage.world.put(
        &owner,
        days,
        &json!({"from": "2026-12-29", "until": "2027-01-03", "off": true, "name": " 年末年始 "}),
    );
    assert_eq!(back.status, 200, "{back:?}");
    let whole = json!({"from": "2026-12-29", "until": "2027-01-03", "off": true, "name": "年末年始"});
    assert_eq!(back.json["days"], json!([whole]));
    assert!(
        back.json["holidays"]
            .as_array()
            .unwrap()
            .contains(&json!({"day": "2026-11-23", "name": "Labor Thanksgiving Day"}))
    );
    let back = stage.world.put(&owner, days, &json!({"from": "2026-12-30", "off": false}));
    assert_eq!(back.json["days"].as_array().unwrap().len(), 3);
    assert_eq!(stage.world.delete(&owner, &format!("{days}/2027-01-03")).status, 200);
    assert_eq!(stage.world.delete(&owner, &format!("{days}/2027-01-03")).status, 404);
    assert_eq!(
        stage.world.count("SELECT group_concat(action, ' ') FROM (SELECT action FROM audit WHERE action LIKE 'quiet%' ORDER BY id)"),
        "quiet.changed quiet.calendar_changed quiet.calendar_changed quiet.calendar_changed"
    );

    for (target, body) in
        [("/api/settings/quiet", json!({})), (days, json!({"from": "2026-12-30", "off": false}))]
    {
        assert_eq!(stage.world.put(&cookie, target, &body).refusal(), (403, "not_allowed", ""), "{target}");
    }
    assert_eq!(stage.world.get(&cookie, "/api/settings/quiet").status, 403);
    assert_eq!(stage.world.delete(&cookie, &format!("{days}/2026-12-30")).status, 403);
    for (target, body, refusal) in [
        ("/api/settings/quiet", json!({"time": {"from": "22:00"}}), (400, "required", "time.until")),
        (
            "/api/settings/quiet",
            json!({"time": {"from": "22", "until": "07:00"}}),
            (400, "not_a_time_of_day", "time.from"),
        ),
        (
            "/api/settings/quiet",
            json!({"time": {"days": [1, 2, 3, 4, 5, 6, 7]}}),
            (400, "always_quiet", "time.days"),
        ),
        ("/api/settings/quiet", json!({"time": {"loud": true}}), (400, "unknown_field", "time.loud")),
        (days, json!({"from": "2026-02-30", "off": true}), (400, "not_a_day", "from")),
        (days, json!({"from": "2026-12-30", "until": "2027-03-01", "off": true}), (400, "too_many", "until")),
        ("/api/me/quiet", json!({"choice": "own"}), (400, "required", "own.from")),
        ("/api/me/quiet", json!({"choice": "sometimes"}), (400, "wrong_type", "choice")),
    ] {
        assert_eq!(stage.world.put(&owner, target, &body).refusal(), refusal, "{target} {body}");
    }
    // Sessions end within the month; the key does not.
    stage.at("2026-12-30T12:00");
    stage.post(ASSIGNED, &json!({ "member": sato }), &json!({}));
    assert_eq!(stage.mails(), [ASSIGNED]);
    stage.at("2026-12-31T12:00");
    stage.post(LOW, &json!({ "member": sato }), &json!({}));
    // A Sunday again, and Monday's night.
    assert_eq!(stage.row(LOW, &sato), held("2027-01-04T07:00"));
}

#[test]
fn notices_are_read_one_by_one_or_all_at_once() {
    let mut stage = Stage::new();
    let (sato, cookie) = stage.member("sato");
    let (_, other) = stage.member("ito");
    for _ in 0..3 {
        stage.post(ASSIGNED, &json!({ "member": sato }), &json!({}));
    }
    let unread = |stage: &mut Stage| -> Vec<bool> {
        let back = stage.world.get(&cookie, "/api/me/notices");
        back.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|notice| notice["unread"].as_bool().unwrap())
            .collect()
    };
    assert_eq!(unread(&mut stage), [true, true, true]);
    let second = stage.world.get(&cookie, "/api/me/notices").json["items"][1]["event"].clone();
    let one = json!({ "event": second });
    for who in [&other, &cookie, &cookie] {
        assert_eq!(stage.world.post(who, "/api/me/read", &one).status, 204);
    }
    assert_eq!(unread(&mut stage), [true, false, true]);
    assert_eq!(stage.world.count("SELECT count(*) FROM notice_reads"), "1");
    assert_eq!(stage.world.post(&cookie, "/api/me/read", &json!({})).status, 204);
    assert_eq!(unread(&mut stage), [false, false, false]);
    assert_eq!(stage.world.count("SELECT count(*) FROM notice_reads"), "0");
    stage.post(LOW, &json!({ "member": sato }), &json!({}));
    assert_eq!(unread(&mut stage), [true, false, false, false]);
    assert_eq!(
        stage.world.post(&cookie, "/api/me/read", &json!({"all": true})).refusal(),
        (400, "unknown_field", "all")
    );
}

#[test]
fn devices_are_signed_out_one_by_one_or_everywhere() {
    let mut stage = Stage::new();
    let (sato, first) = stage.member("sato");
    let second = stage.world.cookie_of(&stage.owner.clone(), &sato);
    let third = stage.world.cookie_of(&stage.owner.clone(), &sato);
    let back = stage.world.get(&second, "/api/me/devices");
    let devices = back.json.as_array().unwrap().clone();
    let current: Vec<bool> = devices.iter().map(|one| one["current"].as_bool().unwrap()).collect();
    assert_eq!(current, [true, false, false]);
    let other = devices[1]["id"].as_str().unwrap().to_owned();
    // Not somebody else's.
    assert_eq!(stage.world.delete(&stage.owner.clone(), &format!("/api/me/devices/{other}")).status, 404);
    assert_eq!(stage.world.delete(&second, &format!("/api/me/devices/{other}")).status, 204);
    assert_eq!(stage.world.delete(&second, &format!("/api/me/devices/{other}")).status, 404);
    assert_eq!(stage.world.get(&third, "/api/me").status, 401);
    assert_eq!(stage.world.get(&first, "/api/me").status, 200);
    let back = stage.world.delete(&second, "/api/me/devices");
    assert_eq!(back.status, 204);
    assert!(back.cookie.unwrap().contains("Max-Age=0"));
    for cookie in [&first, &second] {
        assert_eq!(stage.world.get(cookie, "/api/me").status, 401);
    }
}
