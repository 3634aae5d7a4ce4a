//! Members of the domain (lineworks.md §6 [D]).

use serde_json::{Value, json};

use super::super::{Person, Reply, World};
use super::{Call, Refusal, paged};

pub(super) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let page = call.page(100)?;
    let domain: Option<i64> = match call.request.query("domainId") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| Refusal::Invalid("domainId is invalid".into()))?),
    };
    let mut people: Vec<&Person> =
        world.people.iter().filter(|p| domain.is_none_or(|domain| p.domain_id == domain)).collect();
    match call.request.query("orderBy").as_deref() {
        None | Some("CREATED_TIME") => {}
        Some("NAME") => people.sort_by_key(|p| (p.last_reading.clone(), p.first_reading.clone())),
        Some(_) => return Err(Refusal::Invalid("orderBy is invalid".into())),
    }
    match call.request.query("sortOrder").as_deref() {
        None | Some("ASCENDING") => {}
        Some("DESCENDING") => people.reverse(),
        Some(_) => return Err(Refusal::Invalid("sortOrder is invalid".into())),
    }
    Ok(paged("users", people.into_iter().map(|p| full(world, p)).collect(), page))
}

/// What is told depends on the scope: everything, the profile, or the login ID only.
pub(super) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let person = match (call.param(0), &call.user) {
        // Only for a member's own token (lineworks.md §0 [D]).
        ("me", None) => return Err(Refusal::ServiceAccount),
        ("me", Some(user)) => world.member(user),
        (selector, _) => match selector.strip_prefix("externalKey:") {
            Some(key) => world.people.iter().find(|p| p.external_key.as_deref() == Some(key)),
            None => world.member(selector),
        },
    };
    let person = person.ok_or(Refusal::NotFound)?;
    if call.user.as_ref().is_some_and(|user| *user != person.user_id) && !call.is_domain_wide(world) {
        return Err(Refusal::Forbidden);
    }
    let may = |scope: &str| call.scopes.iter().any(|s| s == scope);
    let body = if super::USERS.iter().any(|scope| may(scope)) {
        full(world, person)
    } else if may("user.profile.read") {
        json!({"userId": person.user_id, "userName": user_name(person)})
    } else {
        json!({"userId": person.user_id, "email": person.login})
    };
    Ok(Reply::json(200, &body))
}

fn full(world: &World, person: &Person) -> Value {
    json!({
        "domainId": person.domain_id,
        "userId": person.user_id,
        "email": person.login,
        "aliasEmails": [],
        "userExternalKey": person.external_key,
        "userName": user_name(person),
        "nickName": Value::Null,
        "cellPhone": Value::Null,
        "locale": "ja_JP",
        "timeZone": "Asia/Tokyo",
        "isAdministrator": world.people.first().is_some_and(|first| first.user_id == person.user_id),
        "isPending": false,
        "isSuspended": false,
        "isDeleted": false,
        "isAwaiting": false,
        "leaveOfAbsence": {"isLeaveOfAbsence": false},
        "employeeNumber": person.employee_number,
        "organizations": [{
            "domainId": person.domain_id,
            "primary": true,
            "orgUnits": [{
                "orgUnitId": "orgunit-head-office",
                "orgUnitName": "本社",
                "primary": true,
                "isManager": !person.position.is_empty(),
                "positionName": person.position,
            }],
        }],
    })
}

/// An object, not a string.
fn user_name(person: &Person) -> Value {
    json!({
        "lastName": person.last_name,
        "firstName": person.first_name,
        "phoneticLastName": person.last_reading,
        "phoneticFirstName": person.first_reading,
    })
}
