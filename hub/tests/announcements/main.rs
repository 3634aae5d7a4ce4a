//! お知らせ and work on many deliveries at once, through `Hub::handle`.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "test equipment: fail loudly")]

mod bulk;
mod by_hand;
#[path = "../people/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the people's side")]
mod world;

use serde_json::json;
use world::World;

/// Two companies with mail: みなと商事 has 佐藤 and 鈴木, あさひ物流 has 高橋. 佐藤 is the admin of her company.
struct Office {
    world: World,
    owner: String,
    company_admin: String,
    minato: String,
    asahi: String,
    sato: String,
    takahashi: String,
}

fn office() -> Office {
    let (mut world, owner) = World::set_up();
    world.connect_mail();
    let minato = world.post(&owner, "/api/v1/companies", &json!({"name": "みなと商事"})).id();
    let asahi = world.post(&owner, "/api/v1/companies", &json!({"name": "あさひ物流"})).id();
    let mut member = |name: &str, login: &str, company: &str, role: &str| {
        world.member(
            &owner,
            &json!({"name": name, "login_email": format!("{login}@minato.example"), "company": company, "role": role}),
        )
    };
    let sato = member("佐藤 花子", "sato", &minato, "company_admin");
    member("鈴木 一郎", "suzuki", &minato, "member");
    let takahashi = member("高橋 次郎", "takahashi", &asahi, "member");
    let company_admin = world.cookie_of(&owner, &sato);
    Office { world, owner, company_admin, minato, asahi, sato, takahashi }
}
