use http::Method;
use serde_json::{Value, json};

use crate::world::World;

const MEMBERS: &str = "/api/v1/members";

fn one(id: &str) -> String {
    format!("{MEMBERS}/{id}")
}

fn company(world: &mut World, cookie: &str, name: &str) -> String {
    let back = world.post(cookie, "/api/v1/companies", &json!({ "name": name }));
    assert_eq!(back.status, 201, "{back:?}");
    back.id()
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|member| member["name"].as_str().unwrap()).collect()
}

#[test]
fn a_new_person_is_usable_with_every_channel_on() {
    let (mut world, owner) = World::set_up();
    let minato = company(&mut world, &owner, "みなと運輸");
    let form = json!({
        "name": " 佐藤\u{3000}花子 ", "reading": "さとう はなこ", "login_email": "Sato@Minato.example ",
        "company": minato, "lineworks_id": "sato@minato"
    });
    let back = world.post(&owner, MEMBERS, &form);
    assert_eq!(back.status, 201, "{back:?}");
    assert_eq!(back.json["name"], "佐藤 花子");
    assert_eq!(back.json["company_name"], "みなと運輸");
    assert_eq!((&back.json["usable"], &back.json["version"]), (&json!(true), &json!(1)));
    assert_eq!(
        back.json["addresses"],
        json!([
            {"channel": "lineworks", "value": "sato@minato", "state": "unverified", "on": true, "last_ok_at": null},
            {"channel": "email", "value": "sato@minato.example", "state": "unverified", "on": true, "last_ok_at": null}
        ])
    );
    let again = world.get(&owner, &one(&back.id()));
    assert_eq!(again.json, back.json);
}

#[test]
fn a_form_with_faults_saves_nothing_and_names_each() {
    let (mut world, owner) = World::set_up();
    for (form, code, field) in [
        (json!({"login_email": "a@b.jp"}), "required", "name"),
        (json!({"name": "a"}), "required", "login_email"),
        (json!({"name": "a", "login_email": "a b"}), "not_a_mail_address", "login_email"),
        (
            json!({"name": "a", "login_email": "a@b.jp", "notification_email": "x"}),
            "not_a_mail_address",
            "notification_email",
        ),
        (json!({"name": "a".repeat(101), "login_email": "a@b.jp"}), "too_long", "name"),
        (json!({"name": "a\u{0}b", "login_email": "a@b.jp"}), "wrong_type", "name"),
        (json!({"name": "a", "login_email": "tanaka@minato.example"}), "already_exists", "login_email"),
        (json!({"name": "a", "login_email": "a@b.jp", "company": "co_1"}), "unknown_company", "company"),
        (
            json!({"name": "a", "login_email": "a@b.jp", "company": "co_00000000000000000000000000"}),
            "unknown_company",
            "company",
        ),
        (json!({"name": "a", "login_email": "a@b.jp", "nickname": "x"}), "unknown_field", "nickname"),
        (json!({"name": 7, "login_email": "a@b.jp"}), "wrong_type", "name"),
        (json!({"name": "a", "login_email": "a@b.jp", "usable": "yes"}), "wrong_type", "usable"),
        (json!({"name": "a", "login_email": "a@b.jp", "role": "king"}), "wrong_type", "role"),
    ] {
        let back = world.post(&owner, MEMBERS, &form);
        let status = if code == "already_exists" { 409 } else { 400 };
        assert_eq!(back.refusal(), (status, code, field), "{form}");
        assert!(!back.json["message"].as_str().unwrap().is_empty());
    }
    assert_eq!(world.count("SELECT count(*) FROM members"), "1");
    assert_eq!(world.count("SELECT count(*) FROM audit"), "1");
}

#[test]
fn a_change_keeps_what_is_not_said_and_refuses_an_old_form() {
    let (mut world, owner) = World::set_up();
    let form = json!({"name": "佐藤", "login_email": "sato@minato.example", "lineworks_id": "sato", "department": "経理"});
    let sato = world.member(&owner, &form);
    world
        .sql
        .exec("UPDATE addresses SET state = 'linked', switched_on = 0 WHERE channel = 'lineworks'", &[])
        .unwrap();
    let back = world.put(&owner, &one(&sato), &json!({"title": "課長", "version": 1}));
    assert_eq!((back.status, &back.json["title"], &back.json["version"]), (200, &json!("課長"), &json!(2)));
    assert_eq!((&back.json["department"], &back.json["usable"]), (&json!("経理"), &json!(true)));
    assert_eq!(back.json["addresses"][0]["state"], "linked");
    let old = world.put(&owner, &one(&sato), &json!({"title": "部長", "version": 1}));
    assert_eq!(old.refusal(), (409, "changed_meanwhile", ""));

    // A new value has to prove itself; the switch stays the person's.
    let moved =
        world.put(&owner, &one(&sato), &json!({"lineworks_id": "sato2", "login_email": "s@minato.example"}));
    assert_eq!(moved.json["addresses"][0]["state"], "unverified");
    assert_eq!(moved.json["addresses"][0]["on"], false);
    assert_eq!(moved.json["addresses"][1]["value"], "s@minato.example");
    assert_eq!(moved.json["notification_email"], "");
    let other = world.put(&owner, &one(&sato), &json!({"notification_email": "sato@home.example"}));
    assert_eq!(other.json["addresses"][1]["value"], "sato@home.example");
    assert_eq!(other.json["notification_email"], "sato@home.example");

    // When the only channel that is on goes, another one is turned on.
    world
        .sql
        .exec(
            "UPDATE addresses SET switched_on = (channel = 'lineworks') WHERE member = ?1",
            &[sato.as_str().into()],
        )
        .unwrap();
    let without = world.put(&owner, &one(&sato), &json!({"lineworks_id": ""}));
    assert_eq!(without.json["addresses"].as_array().unwrap().len(), 1);
    assert_eq!(without.json["addresses"][0]["on"], true);
    let audit = world.get(&owner, "/api/audit");
    assert_eq!(audit.json["items"][0]["action"], "member.changed");
    assert_eq!(audit.json["items"][0]["detail"], "lineworks_id");
    assert_eq!(audit.json["items"][0]["actor"], "田中 一郎");
}

#[test]
fn an_erased_person_leaves_no_row() {
    let (mut world, owner) = World::set_up();
    let form = json!({"name": "佐藤 花子", "login_email": "sato@minato.example", "lineworks_id": "hanako"});
    let sato = world.member(&owner, &form);
    let cookie = world.cookie_of(&owner, &sato);
    world.connect_mail();
    world.put(
        &cookie,
        "/api/me/preferences",
        &json!({"kind": "tasks.assigned", "channel": "email", "on": false}),
    );
    assert_eq!(world.delete(&owner, &one(&sato)).refusal(), (400, "required", "confirm"));
    let sure = format!("{}?confirm=%E4%BD%90%E8%97%A4%20%E8%8A%B1%E5%AD%90", one(&sato));
    assert_eq!(world.delete(&owner, &sure).status, 204);
    for left in [
        "SELECT group_concat(name || login_email) FROM members",
        "SELECT group_concat(member || value) FROM addresses",
        "SELECT group_concat(actor || action || target || detail) FROM audit",
    ] {
        let left = world.count(left);
        assert!(!left.contains("佐藤") && !left.contains("hanako") && !left.contains("sato@"), "{left}");
    }
    for table in ["sessions", "sign_in_links", "preferences"] {
        let left = world.count(&format!("SELECT count(*) FROM {table} WHERE member = '{sato}'"));
        assert_eq!(left, "0", "{table}");
    }
    assert_eq!(world.count("SELECT count(*) FROM preferences"), "0");
    assert_eq!(world.count("SELECT count(*) FROM addresses"), "1");
    assert_eq!(world.count("SELECT action FROM audit ORDER BY id DESC"), "member.deleted");
    assert_eq!(world.get(&cookie, "/api/me").status, 401);
    assert_eq!(world.delete(&owner, &one(&sato)).refusal(), (404, "not_found", ""));
}

#[test]
fn there_is_always_an_owner() {
    let (mut world, owner) = World::set_up();
    let me = world.get(&owner, "/api/me").id();
    for change in [json!({"role": "admin"}), json!({"usable": false})] {
        assert_eq!(world.put(&owner, &one(&me), &change).refusal(), (409, "last_owner", ""));
    }
    assert_eq!(world.delete(&owner, &one(&me)).code(), "last_owner");
    let second = world
        .member(&owner, &json!({"name": "a", "login_email": "a@b.jp", "role": "owner", "usable": false}));
    assert_eq!(world.put(&owner, &one(&me), &json!({"role": "admin"})).code(), "last_owner");
    world.put(&owner, &one(&second), &json!({"usable": true}));
    assert_eq!(world.put(&owner, &one(&me), &json!({"role": "admin"})).status, 200);
    // Now only an admin: an owner is out of reach.
    assert_eq!(world.put(&owner, &one(&second), &json!({"login_email": "me@b.jp"})).status, 403);
    assert_eq!(world.post(&owner, &format!("{}/sign-in-link", one(&second)), &Value::Null).status, 403);
    assert_eq!(
        world.put(&owner, &one(&me), &json!({"role": "owner"})).refusal(),
        (403, "not_allowed", "role")
    );
}

#[test]
fn a_company_admin_reaches_the_own_company_only() {
    let (mut world, owner) = World::set_up();
    let ours = company(&mut world, &owner, "みなと運輸");
    let theirs = company(&mut world, &owner, "山手物産");
    let boss = world.member(
        &owner,
        &json!({"name": "会社の人", "login_email": "boss@b.jp", "company": ours, "role": "company_admin"}),
    );
    let other =
        world.member(&owner, &json!({"name": "他社の人", "login_email": "other@b.jp", "company": theirs}));
    let boss = world.cookie_of(&owner, &boss);

    let list = world.get(&boss, &format!("{MEMBERS}?company={theirs}"));
    assert_eq!((names(&list.json), &list.json["total"]), (vec!["会社の人"], &json!(1)));
    let companies = world.get(&boss, "/api/v1/companies");
    assert_eq!(companies.json, json!([{"id": ours, "name": "みなと運輸", "members": 1}]));
    assert_eq!(world.get(&boss, &one(&other)).status, 404);
    assert_eq!(world.put(&boss, &one(&other), &json!({"name": "x"})).status, 404);
    assert_eq!(world.delete(&boss, &one(&other)).status, 404);
    let new = world.post(&boss, MEMBERS, &json!({"name": "新人", "login_email": "new@b.jp"}));
    assert_eq!((new.status, &new.json["company"]), (201, &json!(ours)));
    for (form, field) in [
        (json!({"name": "a", "login_email": "x@b.jp", "role": "admin"}), "role"),
        (json!({"name": "a", "login_email": "x@b.jp", "company": theirs}), "company"),
    ] {
        assert_eq!(world.post(&boss, MEMBERS, &form).refusal(), (403, "not_allowed", field));
    }
    assert_eq!(
        world.put(&boss, &one(&new.id()), &json!({"company": ""})).refusal(),
        (403, "not_allowed", "company")
    );
    for target in ["/api/keys", "/api/audit", "/api/rules"] {
        assert_eq!(world.get(&boss, target).status, 403, "{target}");
    }
    assert_eq!(world.post(&boss, "/api/v1/companies", &json!({"name": "x"})).status, 403);
}

#[test]
fn a_plain_member_reaches_nobody() {
    let (mut world, owner) = World::set_up();
    let sato = world.member(&owner, &json!({"name": "佐藤", "login_email": "sato@minato.example"}));
    let cookie = world.cookie_of(&owner, &sato);
    for target in [MEMBERS, "/api/v1/companies", "/api/keys", "/api/audit", "/api/rules"] {
        assert_eq!(world.get(&cookie, target).refusal(), (403, "not_allowed", ""), "{target}");
        assert_eq!(world.get("", target).refusal(), (401, "not_signed_in", ""), "{target}");
    }
    assert_eq!(world.put(&cookie, &one(&sato), &json!({"role": "owner"})).status, 403);
    assert_eq!(world.get(&cookie, "/api/v1/kinds").status, 200);
}

#[test]
fn people_are_found_by_any_word_and_paged() {
    let (mut world, owner) = World::set_up();
    for (name, reading, email, department, number) in [
        ("佐藤 花子", "さとう はなこ", "sato@minato.example", "経理部", "A-001"),
        ("鈴木 次郎", "すずき じろう", "suzuki@minato.example", "営業部", "A-002"),
        ("高橋 三郎", "たかはし さぶろう", "taka_hashi@minato.example", "営業部", "B-100%"),
    ] {
        let form = json!({"name": name, "reading": reading, "login_email": email, "department": department, "employee_number": number});
        world.member(&owner, &form);
    }
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    for (q, found) in [
        ("花子", vec!["佐藤 花子"]),
        ("佐藤花子", vec!["佐藤 花子"]),
        ("はなこ", vec!["佐藤 花子"]),
        ("SUZUKI@", vec!["鈴木 次郎"]),
        ("営業部", vec!["鈴木 次郎", "高橋 三郎"]),
        ("営業部　さぶろう", vec!["高橋 三郎"]),
        ("a-00", vec!["佐藤 花子", "鈴木 次郎"]),
        ("100%", vec!["高橋 三郎"]),
        ("_", vec!["高橋 三郎"]),
        ("%", vec!["高橋 三郎"]),
        ("' OR 1=1 --", vec![]),
    ] {
        let back = world.get(&owner, &format!("{MEMBERS}?q={}", encode(q)));
        assert_eq!(names(&back.json), found, "{q}");
        assert_eq!(back.json["total"], json!(found.len()));
    }
    let mut seen = Vec::new();
    let mut target = format!("{MEMBERS}?limit=1");
    loop {
        let back = world.get(&owner, &target);
        assert_eq!((names(&back.json).len(), &back.json["total"]), (1, &json!(4)));
        seen.push(names(&back.json)[0].to_owned());
        let Some(next) = back.json["next"].as_str() else { break };
        target = format!("{MEMBERS}?limit=1&cursor={next}");
    }
    assert_eq!(seen, ["田中 一郎", "佐藤 花子", "鈴木 次郎", "高橋 三郎"]);
    assert_eq!(
        names(&world.get(&owner, &format!("{MEMBERS}?role=owner&usable=true&company=none")).json),
        ["田中 一郎"]
    );
    for (query, field) in
        [("cursor=!!", "cursor"), ("limit=x", "limit"), ("usable=maybe", "usable"), ("role=king", "role")]
    {
        assert_eq!(world.get(&owner, &format!("{MEMBERS}?{query}")).refusal(), (400, "wrong_type", field));
    }
}

#[test]
fn companies_are_unique_and_deleted_only_when_empty() {
    let (mut world, owner) = World::set_up();
    let minato = company(&mut world, &owner, " みなと 運輸");
    for (name, status, code) in [("みなと  運輸", 409, "already_exists"), (" ", 400, "required")] {
        let back = world.post(&owner, "/api/v1/companies", &json!({ "name": name }));
        assert_eq!(back.refusal(), (status, code, "name"));
    }
    let target = format!("/api/v1/companies/{minato}");
    assert_eq!(world.put(&owner, &target, &json!({"name": "みなと物流"})).json["name"], "みなと物流");
    let person = world.member(&owner, &json!({"name": "a", "login_email": "a@b.jp", "company": minato}));
    assert!(world.delete(&owner, &target).status >= 400);
    world.put(&owner, &one(&person), &json!({"company": ""}));
    assert_eq!(world.delete(&owner, &target).status, 204);
    assert_eq!(world.delete(&owner, &target).status, 404);
}

#[test]
fn a_key_with_the_right_scope_handles_people() {
    let (mut world, owner) = World::set_up();
    let admin = format!("Bearer {}", world.key(&owner, &["admin"]));
    let writer = format!("Bearer {}", world.key(&owner, &["events:write"]));
    let form = json!({"name": "a", "login_email": "a@b.jp"});
    let denied = world.send(Method::POST, MEMBERS, &[("authorization", &writer)], &form);
    assert_eq!(denied.refusal(), (403, "not_allowed", ""));
    let made = world.send(Method::POST, MEMBERS, &[("authorization", &admin)], &form);
    assert_eq!(made.status, 201);
    assert_eq!(
        world.send(Method::GET, "/api/v1/kinds", &[("authorization", &writer)], &Value::Null).status,
        200
    );
    for target in ["/api/keys", "/api/audit", "/api/me"] {
        let back = world.send(Method::GET, target, &[("authorization", &admin)], &Value::Null);
        assert_eq!(back.status, 403, "{target}");
    }
    let crown = json!({"name": "b", "login_email": "b@b.jp", "role": "owner"});
    assert_eq!(world.send(Method::POST, MEMBERS, &[("authorization", &admin)], &crown).code(), "not_allowed");
    // A business system need not say the name again.
    let erased = world.send(Method::DELETE, &one(&made.id()), &[("authorization", &admin)], &Value::Null);
    assert_eq!(erased.status, 204, "{erased:?}");
}
