//! The directory (lineworks.md §6), read only.

use serde_json::Value;

use super::{
    client::{Client, id_number, id_text},
    outcome::{About, CallError},
};
use crate::providers::{answer::text, encode::percent};

/// 20,000 people; a guard against a list without end, not a limit of the provider.
const MOST_PAGES: usize = 200;

/// A person in the provider's directory. Which properties are there depends on the tenant's settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DirectoryUser {
    pub user_id: String,
    /// Login ID; need not have a top-level domain.
    pub email: Option<String>,
    /// Family name, then given name.
    pub name: String,
    /// The same in kana.
    pub reading: String,
    pub department: Option<String>,
    /// Position.
    pub title: Option<String>,
    pub employee_number: Option<String>,
    /// Every domain the person belongs to; may be empty when the scope hides it.
    pub domain_ids: Vec<i64>,
    /// Still listed for a while after deletion.
    pub is_deleted: bool,
    pub is_suspended: bool,
    /// Invited, not signed in yet.
    pub is_pending: bool,
}

impl DirectoryUser {
    /// Whether a message could reach this person.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        !self.is_deleted && !self.is_suspended
    }
}

impl Client {
    /// Everybody in the integration's domain, deleted ones included. One call per 100 people.
    pub async fn list_users(&self) -> Result<Vec<DirectoryUser>, CallError> {
        let path = format!("/users?domainId={}&count=100", self.settings.domain_id);
        let items = self.pages(About::Person, &path, "users", MOST_PAGES).await?;
        // An item without an id is of no use, and no reason to lose the others.
        Ok(items.iter().filter_map(user).collect())
    }

    /// One person by user ID, login ID or `externalKey:…`.
    pub async fn get_user(&self, selector: &str) -> Result<DirectoryUser, CallError> {
        let path = match selector.strip_prefix("externalKey:") {
            Some(key) => format!("/users/externalKey:{}", percent(key)),
            None => format!("/users/{}", percent(selector)),
        };
        let answer = self.call(About::Person, "GET", &path, None).await?;
        user(&answer.body).ok_or(CallError::Unreadable("userId"))
    }
}

fn user(value: &Value) -> Option<DirectoryUser> {
    let flag = |name| value.get(name).and_then(Value::as_bool).unwrap_or(false);
    let organizations =
        value.get("organizations").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let unit = primary(organizations)
        .and_then(|organization| organization.get("orgUnits"))
        .and_then(Value::as_array)
        .and_then(|units| primary(units));
    let mut domain_ids: Vec<i64> = std::iter::once(value)
        .chain(organizations)
        .filter_map(|place| place.get("domainId").and_then(id_number))
        .collect();
    domain_ids.sort_unstable();
    domain_ids.dedup();
    Some(DirectoryUser {
        user_id: value.get("userId").and_then(id_text)?,
        email: text(value, "email"),
        name: full_name(value, "lastName", "firstName"),
        reading: full_name(value, "phoneticLastName", "phoneticFirstName"),
        department: unit.and_then(|unit| text(unit, "orgUnitName")),
        title: unit.and_then(|unit| text(unit, "positionName")),
        employee_number: text(value, "employeeNumber"),
        domain_ids,
        is_deleted: flag("isDeleted"),
        is_suspended: flag("isSuspended"),
        is_pending: flag("isPending"),
    })
}

fn full_name(value: &Value, last: &str, first: &str) -> String {
    let name = value.get("userName");
    [last, first].iter().filter_map(|part| text(name?, part)).collect::<Vec<_>>().join(" ")
}

/// The one marked so, else the first.
fn primary(items: &[Value]) -> Option<&Value> {
    items
        .iter()
        .find(|item| item.get("primary").and_then(Value::as_bool) == Some(true))
        .or_else(|| items.first())
}
