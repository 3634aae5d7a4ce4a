use std::rc::Rc;

use http::Method;
use hub::{
    native::RecordedLive,
    ports::{Audience, Ports},
};
use serde_json::{Value, json};

use crate::world::{PAGES, World};

const MINUTE: i64 = 60_000;

fn ask(world: &mut World, email: &str) -> u16 {
    world.send(Method::POST, "/api/sign-in/code", &[], &json!({ "email": email })).status
}

fn try_code(world: &mut World, email: &str, code: &str) -> crate::world::Back {
    world.send(
        Method::POST,
        "/api/sign-in",
        &[("accept-language", "en")],
        &json!({"email": email, "code": code}),
    )
}

/// The six digits of the last mail.
fn mailed_code(world: &World) -> String {
    let mails = world.mailbox.mails.borrow();
    let subject = mails.last().expect("a mail")["subject"].as_str().unwrap();
    subject.chars().filter(char::is_ascii_digit).collect()
}

fn wrong(code: &str) -> String {
    let first = if code.starts_with('0') { '1' } else { '0' };
    format!("{first}{}", &code[1..])
}

#[test]
fn set_up_makes_an_owner_once() {
    let mut world = World::empty();
    let public = world.raw(Method::GET, "/api/public", &[], b"");
    assert_eq!((public.status, &public.json), (200, &json!({"workspace": null, "development": false})));
    let form = json!({"token": "t", "workspace": " みなと 商事 ", "name": "田中", "email": " Tanaka@Minato.example "});
    let outside = world.send(Method::POST, "/api/setup", &[], &form);
    assert_eq!(outside.refusal(), (401, "bad_setup_token", ""));
    let bad = world.send(
        Method::POST,
        "/api/setup",
        &[("x-todoke-setup", "1")],
        &json!({"token": "t", "workspace": " ", "name": "n".repeat(101), "email": "x"}),
    );
    assert_eq!(bad.refusal(), (400, "required", "workspace"));
    let fields: Vec<_> =
        bad.json["errors"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
    assert_eq!(fields, ["workspace", "name", "email"]);
    assert_eq!(world.count("SELECT count(*) FROM workspace"), "0");

    let back = world.send(Method::POST, "/api/setup", &[("x-todoke-setup", "1")], &form);
    assert_eq!((back.status, &back.json["role"]), (201, &json!("owner")));
    let cookie = back.cookie.as_deref().unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=2592000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let session = back.session();
    let me = world.get(&session, "/api/me");
    assert_eq!((me.status, &me.json["workspace"]["name"]), (200, &json!("みなと 商事")));
    let again = world.send(Method::POST, "/api/setup", &[("x-todoke-setup", "1")], &form);
    assert_eq!(again.refusal(), (409, "already_set_up", ""));
    assert_eq!(world.count("SELECT count(*) FROM members"), "1");
    let token = session.split_once('.').unwrap().1;
    let stored = world.count("SELECT group_concat(hash || id || agent) FROM sessions");
    assert!(!stored.contains(token), "the token itself is stored");
}

#[test]
fn a_code_signs_in_once_within_ten_minutes() {
    let (mut world, _) = World::set_up();
    world.connect_mail();
    assert_eq!(ask(&mut world, " TANAKA@minato.example"), 204);
    assert_eq!(world.count("SELECT count(*) FROM sign_in_codes WHERE email LIKE '%@%'"), "0");
    world.work();
    let code = mailed_code(&world);
    assert_eq!(code.len(), 6);
    assert_eq!(world.mailbox.mails.borrow()[0]["to"], "tanaka@minato.example");
    let wide: String =
        code.chars().map(|c| char::from_u32(c as u32 - '0' as u32 + 0xff10).unwrap()).collect();
    let back = try_code(&mut world, "tanaka@minato.example", &format!("{} {}", &wide[..9], &wide[9..]));
    assert_eq!((back.status, &back.json["name"]), (200, &json!("田中 一郎")));
    assert_eq!(try_code(&mut world, "tanaka@minato.example", &code).refusal(), (401, "wrong_code", "code"));

    world.runner.clock.advance(MINUTE);
    ask(&mut world, "tanaka@minato.example");
    world.work();
    let code = mailed_code(&world);
    world.runner.clock.advance(10 * MINUTE);
    assert_eq!(try_code(&mut world, "tanaka@minato.example", &code).code(), "wrong_code");
}

#[test]
fn five_wrong_codes_end_the_code_and_five_requests_end_the_hour() {
    let (mut world, _) = World::set_up();
    world.connect_mail();
    ask(&mut world, "tanaka@minato.example");
    world.work();
    let code = mailed_code(&world);
    for _ in 0..5 {
        assert_eq!(try_code(&mut world, "tanaka@minato.example", &wrong(&code)).status, 401);
    }
    assert_eq!(try_code(&mut world, "tanaka@minato.example", &code).status, 401);
    for _ in 0..6 {
        assert_eq!(ask(&mut world, "tanaka@minato.example"), 204);
        world.work();
    }
    assert_eq!(world.mailbox.mails.borrow().len(), 5);
    // The fifth code still works; the silent requests did not replace it.
    let code = mailed_code(&world);
    assert_eq!(try_code(&mut world, "tanaka@minato.example", &code).status, 200);
    world.runner.clock.advance(60 * MINUTE);
    ask(&mut world, "tanaka@minato.example");
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 6);
}

#[test]
fn a_stranger_s_request_looks_the_same_and_leaves_no_address() {
    let (mut world, _) = World::set_up();
    world.connect_mail();
    let known =
        world.send(Method::POST, "/api/sign-in/code", &[], &json!({"email": "tanaka@minato.example"}));
    let unknown =
        world.send(Method::POST, "/api/sign-in/code", &[], &json!({"email": "who@elsewhere.example"}));
    assert_eq!((known.status, known.json, known.headers), (unknown.status, unknown.json, unknown.headers));
    assert_eq!(world.count("SELECT count(*) FROM sign_in_codes"), "2");
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 1);
    assert_eq!(try_code(&mut world, "who@elsewhere.example", "000000").code(), "wrong_code");
    let bad = world.send(Method::POST, "/api/sign-in/code", &[], &json!({"email": "nobody"}));
    assert_eq!(bad.refusal(), (400, "not_a_mail_address", "email"));
}

#[test]
fn the_whole_workspace_is_limited_too() {
    let (mut world, _) = World::set_up();
    for number in 0..100 {
        assert_eq!(ask(&mut world, &format!("a{number}@b.example")), 204);
    }
    assert_eq!(ask(&mut world, "tanaka@minato.example"), 429);
    world.runner.clock.advance(MINUTE);
    assert_eq!(ask(&mut world, "tanaka@minato.example"), 204);
}

#[test]
fn a_code_that_nothing_takes_is_dropped_and_said_without_the_address() {
    let (mut world, _) = World::set_up();
    ask(&mut world, "tanaka@minato.example");
    assert!(world.hub.has_work());
    world.work();
    assert!(!world.hub.has_work());
    let log = world.log.0.borrow().join("\n");
    assert!(log.contains("sign-in code") && !log.contains("tanaka"), "{log}");
}

#[test]
fn a_link_signs_in_once_within_half_an_hour() {
    let (mut world, owner) = World::set_up();
    let sato = world.member(&owner, &json!({"name": "佐藤", "login_email": "sato@minato.example"}));
    let link = |world: &mut World| {
        let back = world.post(&owner, &format!("/api/v1/members/{sato}/sign-in-link"), &Value::Null);
        assert_eq!(back.json["expires_at"], json!(world.runner.clock.get() + 30 * MINUTE));
        let url = back.json["url"].as_str().unwrap().to_owned();
        url.strip_prefix(&format!("{PAGES}/s/")).unwrap().to_owned()
    };
    let use_it = |world: &mut World, token: &str| {
        world.send(Method::POST, "/api/sign-in/link", &[], &json!({ "token": token }))
    };
    let token = link(&mut world);
    assert!(token.starts_with(world.workspace().as_str().strip_prefix("ws_").unwrap()));
    let first = use_it(&mut world, &token);
    assert_eq!((first.status, &first.json["name"]), (200, &json!("佐藤")));
    assert_eq!(use_it(&mut world, &token).refusal(), (401, "link_used", ""));
    let late = link(&mut world);
    world.runner.clock.advance(30 * MINUTE);
    assert_eq!(use_it(&mut world, &late).code(), "link_used");
    assert_eq!(use_it(&mut world, "nonsense").code(), "link_used");
}

#[test]
fn a_session_ends_by_sign_out_time_and_deactivation() {
    let (mut world, owner) = World::set_up();
    let sato = world.member(&owner, &json!({"name": "佐藤", "login_email": "sato@minato.example"}));
    let first = world.cookie_of(&owner, &sato);
    let second = world.cookie_of(&owner, &sato);
    assert_eq!(world.get(&first, "/api/me").status, 200);
    assert!(world.hub.live_audience(Some(&first)).is_some());
    let out = world.post(&first, "/api/sign-out", &Value::Null);
    assert_eq!(out.status, 204);
    assert!(out.cookie.unwrap().contains("Max-Age=0"));
    assert_eq!(world.get(&first, "/api/me").refusal(), (401, "not_signed_in", ""));
    assert_eq!(world.hub.live_audience(Some(&first)), None);
    assert_eq!(world.get(&second, "/api/me").status, 200);

    world.put(&owner, &format!("/api/v1/members/{sato}"), &json!({"usable": false}));
    assert_eq!(world.get(&second, "/api/me").status, 401);
    assert_eq!(world.count("SELECT count(*) FROM sessions"), "1");
    let link = world.post(&owner, &format!("/api/v1/members/{sato}/sign-in-link"), &Value::Null);
    assert_eq!(link.status, 403);

    world.runner.clock.advance(30 * 24 * 60 * MINUTE);
    assert_eq!(world.get(&owner, "/api/me").status, 401);
}

#[test]
fn open_pages_end_with_the_session_and_with_what_somebody_may_see() {
    let live = Rc::<RecordedLive>::default();
    let pages = live.clone();
    let (mut world, owner) = World::over(|ports| Ports { live: pages, ..ports }).begun();
    let company = world.post(&owner, "/api/v1/companies", &json!({"name": "山田運送"})).id();
    let sato = world.member(&owner, &json!({"name": "佐藤", "login_email": "sato@minato.example"}));
    let [first, second, third] = [(); 3].map(|()| world.cookie_of(&owner, &sato));
    let closed = || live.1.take();
    assert!(closed().is_empty());

    let own = [Audience::Member(sato.clone())];
    assert_eq!(world.post(&first, "/api/sign-out", &Value::Null).status, 204);
    assert_eq!(closed(), own, "by the page itself");
    world.post(&first, "/api/sign-out", &Value::Null);
    assert!(closed().is_empty(), "nobody was signed in");
    let devices = world.get(&second, "/api/me/devices").json;
    let other = devices.as_array().unwrap().iter().find(|one| one["current"] == false).unwrap();
    let other = format!("/api/me/devices/{}", other["id"].as_str().unwrap());
    assert_eq!(world.delete(&second, &other).status, 204);
    assert_eq!(closed(), own, "one device");
    assert_eq!(world.get(&third, "/api/me").status, 401);
    assert_eq!(world.delete(&second, &other).status, 404);
    assert!(closed().is_empty(), "no such device");
    assert_eq!(world.delete(&second, "/api/me/devices").status, 204);
    assert_eq!(closed(), own, "everywhere");

    let one = format!("/api/v1/members/{sato}");
    for (change, expected) in [
        (json!({"department": "営業部"}), 0),
        (json!({ "company": company }), 1),
        (json!({"role": "company_admin"}), 1),
        (json!({"usable": false}), 1),
    ] {
        assert_eq!(world.put(&owner, &one, &change).status, 200, "{change}");
        assert_eq!(closed().len(), expected, "{change}");
    }
    assert_eq!(world.delete(&owner, &format!("{one}?confirm=%E4%BD%90%E8%97%A4")).status, 204);
    assert_eq!(closed(), own, "erased");
}

#[test]
fn a_write_from_another_site_is_refused() {
    let (mut world, owner) = World::set_up();
    let body = json!({"language": "en"});
    for origin in
        [None, Some("https://evil.example"), Some("null"), Some("https://todoke.example.evil.example")]
    {
        let mut headers = vec![("cookie", owner.as_str())];
        headers.extend(origin.map(|origin| ("origin", origin)));
        let back = world.send(Method::PUT, "/api/me/language", &headers, &body);
        assert_eq!(back.refusal(), (403, "wrong_origin", ""), "{origin:?}");
    }
    let login = json!({"email": "tanaka@minato.example", "code": "000000"});
    let back = world.send(Method::POST, "/api/sign-in", &[("origin", "https://evil.example")], &login);
    assert_eq!(back.code(), "wrong_origin");
    assert_eq!(world.put(&owner, "/api/me/language", &body).status, 200);
}

#[test]
fn another_workspace_s_cookie_and_forged_ones_are_nobody() {
    let (mut world, owner) = World::set_up();
    let token = owner.split_once('.').unwrap().1.to_owned();
    for cookie in [
        String::new(),
        "todoke=".into(),
        format!("todoke={token}"),
        format!("todoke=ws_00000000000000000000000000.{token}"),
        format!("todoke={}.{}", world.workspace(), "A".repeat(43)),
        format!("todoke={}.", world.workspace()),
        format!("x{owner}"),
    ] {
        assert_eq!(world.get(&cookie, "/api/me").refusal(), (401, "not_signed_in", ""), "{cookie}");
    }
    assert_eq!(world.get(&format!("a=b; {owner}; c=d"), "/api/me").status, 200);
}

#[test]
fn refusals_are_in_the_reader_s_language_and_never_kept() {
    let (mut world, owner) = World::set_up();
    let ja = world.raw(Method::GET, "/api/nothing", &[], b"");
    assert_eq!((ja.status, ja.json["message"].as_str()), (404, Some("見つかりません。")));
    assert!(ja.headers.contains(&("cache-control", "no-store".into())));
    assert!(ja.headers.contains(&("content-type", "application/json".into())));
    assert!(ja.headers.contains(&("x-content-type-options", "nosniff".into())));
    assert_eq!(world.get("", "/api/me").json["message"], "Please sign in.");
    let method = world.raw(Method::PATCH, "/api/me", &[], b"");
    assert_eq!((method.status, method.code()), (405, "not_found"));
    assert_eq!(world.raw(Method::GET, "::", &[], b"").status, 404);
    // Without the header the member's own language counts.
    world.put(&owner, "/api/me/language", &json!({"language": "en"}));
    let headers = [("cookie", owner.as_str()), ("origin", PAGES)];
    let back = world.raw(Method::PUT, "/api/me/language", &headers, b"{");
    assert_eq!(back.json, json!({"code": "malformed_json", "message": "This is not valid JSON."}));
    let big = world.raw(Method::PUT, "/api/me/language", &headers, &vec![b' '; 1024 * 1024 + 1]);
    assert_eq!(big.refusal(), (413, "too_large", ""));
}
