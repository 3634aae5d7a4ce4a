//! Calendars: made, replaced, taken away, and what is refused.

use super::*;

const CALENDAR: &str = "calendar user.read";

fn event(id: Option<&str>, summary: &str) -> Value {
    let mut component = json!({
        "summary": summary,
        "start": {"dateTime": "2026-12-29T13:00:00", "timeZone": "Asia/Tokyo"},
        "end": {"dateTime": "2026-12-29T17:00:00", "timeZone": "Asia/Tokyo"},
    });
    if let Some(id) = id {
        component["eventId"] = id.into();
    }
    json!({"eventComponents": [component], "sendNotification": false})
}

fn titles(client: &Client, name: &str) -> Vec<String> {
    let all = super::super::calendar::view(&client.world);
    let events = all[client.user(name)].as_array().cloned().unwrap_or_default();
    events.iter().map(|event| event["summary"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_event_lives_in_the_default_calendar() {
    let mut client = Client::with_scope(CALENDAR);
    let user = client.user("sato");
    let all = format!("/users/{user}/calendar/events");
    let made = client.post(&all, &event(Some("ab-1"), "休暇"));
    assert_eq!((made.status, &made.body_json()["eventComponents"][0]["eventId"]), (201, &json!("ab-1")));
    // The login ID selects the same person.
    assert_eq!(client.get("/users/sato%40minato/calendar/events/ab-1").status, 200);
    assert_eq!(code(&client.post(&all, &event(Some("ab-1"), "again"))), (409, "CONFLICT".into()));
    let one = format!("{all}/ab-1");
    assert_eq!(client.call("PUT", &one, &event(Some("ab-1"), "出張")).status, 200);
    assert_eq!(titles(&client, "sato"), ["出張"]);
    let listed = client.get(&format!(
        "{all}?fromDateTime=2026-12-01T00%3A00%3A00%2B09%3A00&untilDateTime=2026-12-31T00%3A00%3A00%2B09%3A00"
    ));
    assert_eq!(listed.body_json()["events"].as_array().unwrap().len(), 1);
    assert_eq!(client.call("DELETE", &format!("{one}?sendNotification=false"), &Value::Null).status, 204);
    assert_eq!(client.call("DELETE", &one, &Value::Null).status, 404);
    assert_eq!(client.call("PUT", &one, &event(None, "gone")).status, 404);
    // Without an id the provider gives one.
    let made = client.post(&all, &event(None, "会議")).body_json();
    assert!(!made["eventComponents"][0]["eventId"].as_str().unwrap().is_empty());
    assert_eq!(client.get(&format!("/users/{user}/calendar")).status, 200);
}

#[test]
fn only_with_the_scope_and_only_for_people_there_are() {
    let mut client = Client::new();
    let refused = client.post("/users/sato%40minato/calendar/events", &event(None, "休暇"));
    assert_eq!(code(&refused), (403, "FORBIDDEN".into()));
    client.world.set_app_scopes(vec!["calendar.read".into()]);
    client.token = access_token(&mut client.world, "calendar.read", NOW);
    assert_eq!(client.get("/users/sato%40minato/calendar").status, 200);
    assert_eq!(client.post("/users/sato%40minato/calendar/events", &event(None, "休暇")).status, 403);
    let mut client = Client::with_scope(CALENDAR);
    assert_eq!(client.post("/users/nobody%40minato/calendar/events", &event(None, "休暇")).status, 404);
    let me = client.post("/users/me/calendar/events", &event(None, "休暇"));
    assert_eq!(code(&me), (403, "SERVICE_ACCOUNT_NOT_ALLOWED".into()));
}

#[test]
fn every_field_has_its_limits() {
    let mut client = Client::with_scope(CALENDAR);
    let day = json!({"date": "2026-12-29"});
    for (field, value) in [
        ("summary", json!("")),
        ("summary", json!("あ".repeat(201))),
        ("description", json!("a".repeat(5_001))),
        ("eventId", json!("e".repeat(256))),
        ("start", Value::Null),
        ("start", json!({})),
        ("start", json!({"date": "2026/12/29"})),
        ("start", json!({"dateTime": "2026-12-29T13:00:00+09:00", "timeZone": "Asia/Tokyo"})),
        ("start", json!({"dateTime": "2026-12-29T13:00", "timeZone": "Asia/Tokyo"})),
        ("start", json!({"dateTime": "2026-12-29T13:00:00"})),
        ("end", json!({"dateTime": "2026-12-29T12:00:00", "timeZone": "Asia/Tokyo"})),
        ("end", day.clone()),
        ("visibility", json!("SECRET")),
        ("sequence", json!(-1)),
    ] {
        let mut body = event(Some("ab-1"), "休暇");
        body["eventComponents"][0][field] = value.clone();
        let reply = client.post("/users/sato%40minato/calendar/events", &body);
        assert_eq!(code(&reply), (400, "INVALID_PARAMETER".into()), "{field} {value}");
    }
    for body in [json!({}), json!({"eventComponents": []}), json!({"eventComponents": {}})] {
        assert_eq!(client.post("/users/sato%40minato/calendar/events", &body).status, 400);
    }
    let whole = json!({"eventComponents": [{"summary": "休", "start": day, "end": {"date": "2026-12-30"}}]});
    assert_eq!(client.post("/users/sato%40minato/calendar/events", &whole).status, 201);
}
