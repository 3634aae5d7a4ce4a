//! `users.*` (slack.md §2).

use serde_json::{Value, json};

use super::super::World;
use super::{Call, Failure};

/// Whatever the case of the address. A deactivated user is not found.
pub(super) fn lookup_by_email(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let email = call.args.required("email")?.to_lowercase();
    let user = world.slack.users.iter().find(|user| {
        !user.deleted && user.email.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(&email))
    });
    let user = user.ok_or("users_not_found")?;
    Ok(json!({"user": world.slack.user_json(user, true)}))
}

/// Deactivated users are told as such.
pub(super) fn info(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let user = world.slack.user(&call.args.required("user")?).ok_or("user_not_found")?;
    Ok(json!({"user": world.slack.user_json(user, call.token.has("users:read.email"))}))
}
