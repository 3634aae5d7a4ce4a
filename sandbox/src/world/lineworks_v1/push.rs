//! Sending (lineworks.md §7.2): `accountId`, or a room as `channelId`, which older clients called `roomId`.

use serde_json::{Value, json};

use super::super::lineworks::{self, send};
use super::super::{Reply, World};
use super::{Call, Refusal, bot_of};

pub(super) fn push(world: &mut World, call: &Call<'_>, bot: &str) -> Result<Reply, Refusal> {
    let bot = bot_of(world, bot)?;
    let body = call.json()?;
    let bad = |what: &str| Refusal::Bot("BAD_REQUEST", what.to_owned());
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut content = body.get("content").cloned().unwrap_or_default();
    rename_files(&mut content);
    let sent = match (text("accountId"), text("channelId").or(text("roomId"))) {
        (Some(account), None) => {
            let person = world.people.iter().find(|person| person.login == account);
            let user = person.ok_or_else(|| bad("unknown accountId"))?.user_id.clone();
            send::deliver_to_user(world, bot, user, Ok(content), call.now_ms)
        }
        (None, Some(room)) => send::deliver_to_channel(world, bot, room.to_owned(), Ok(content), call.now_ms),
        _ => return Err(bad("accountId or channelId is required, not both")),
    };
    sent.map_err(|refusal| match refusal {
        lineworks::Refusal::Invalid(what) => lineworks::fields::Invalid(what).into(),
        lineworks::Refusal::NotFound => bad("unknown channelId"),
        _ => Refusal::Bot("PERMISSION_DENIED", "the bot may not write there".into()),
    })?;
    Ok(Reply::json(200, &json!({})))
}

/// `resourceId` is `fileId` in API 2.0 (lineworks.md §7.5).
fn rename_files(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(rename_files),
        Value::Object(fields) => {
            if let Some(file) = fields.remove("resourceId") {
                fields.insert("fileId".into(), file);
            }
            fields.values_mut().for_each(rename_files);
        }
        _ => {}
    }
}
