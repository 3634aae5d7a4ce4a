//! The bot's life (lineworks.md §7.2).

use serde_json::{Value, json};

use super::{
    client::Client,
    outcome::{About, CallError},
};
use crate::providers::lineworks::NewBot;

/// What people may send the bot; the others would be greyed out. Which there are is not documented in full:
/// only those that are sure.
const CALLBACK_EVENTS: [&str; 4] = ["text", "location", "sticker", "image"];

impl Client {
    /// Makes the bot, with the integration's administrator. It is not usable before [`Self::register_domain`];
    /// its callbacks are signed with the API ID. Answers its number.
    pub async fn create_bot(&self, new: &NewBot) -> Result<i64, CallError> {
        let body = self.call(About::Bot, "POST", "/bot", Some(&self.bot_body(new))).await?;
        bot_no(&body).ok_or(CallError::Unreadable("botNo"))
    }

    /// Changes the bot to what `new` and the settings say.
    pub async fn update_bot(&self, bot_no: i64, new: &NewBot) -> Result<(), CallError> {
        let path = format!("/bot/{bot_no}");
        self.call(About::Bot, "PUT", &path, Some(&self.bot_body(new))).await.map(|_| ())
    }

    /// True when it was there.
    pub async fn delete_bot(&self, bot_no: i64) -> Result<bool, CallError> {
        match self.call(About::Bot, "DELETE", &format!("/bot/{bot_no}"), None).await {
            Ok(_) => Ok(true),
            Err(error) if error.is("NONEXISTENT_BOT") => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Publishes the bot to all members of the integration's domain; also when it was already.
    pub async fn register_domain(&self, bot_no: i64) -> Result<(), CallError> {
        let path = format!("/bot/{bot_no}/domain/{}", self.settings.domain_id);
        let body = json!({"usePublic": true, "usePermission": false});
        match self.call(About::Bot, "POST", &path, Some(&body)).await {
            Err(error) if !error.is("ALREADY_REGISTERED_BOT") => Err(error),
            _ => Ok(()),
        }
    }

    /// Reads the app's bots and throws them away: proves API ID, consumer key and token.
    pub(super) async fn try_list(&self) -> Result<(), CallError> {
        self.call(About::Bot, "GET", "/bot", None).await.map(|_| ())
    }

    fn bot_body(&self, new: &NewBot) -> Value {
        json!({
            "name": new.name,
            "photoUrl": new.photo_url,
            "description": new.description,
            "managers": [self.settings.bot_admin],
            "submanagers": [],
            "useGroupJoin": true,
            "useDomainScope": false,
            "useCallback": true,
            "callbackUrl": new.callback_url,
            "callbackEvents": CALLBACK_EVENTS,
        })
    }
}

/// A number, or one in text.
fn bot_no(body: &Value) -> Option<i64> {
    let value = body.get("botNo")?;
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
