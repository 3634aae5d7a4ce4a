//! The bot's life (lineworks.md §3.1–3.3). The provider wants changes of one bot one after another.

use serde_json::{Value, json};

use super::{
    client::{Client, id_number},
    outcome::{About, CallError},
};
use crate::providers::{answer::text, encode::percent};

/// The message types people may send (lineworks.md §3.2); the others would be greyed out.
const CALLBACK_EVENTS: [&str; 7] = ["text", "location", "sticker", "image", "file", "audio", "video"];
const CHANNEL_EVENTS: [&str; 6] = ["message", "join", "leave", "joined", "left", "postback"];

/// What the bot should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBot {
    /// At most 100 characters.
    pub name: String,
    /// At most 100 characters.
    pub description: String,
    /// `https`, PNG, 640×640 recommended; at most 1,000 characters.
    pub photo_url: String,
    /// `https`; at most 1,000 characters.
    pub callback_url: String,
}

/// What the provider says of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bot {
    pub bot_id: i64,
    pub name: String,
    /// Not in lists.
    pub callback_url: Option<String>,
}

impl Client {
    /// Makes the bot, with the integration's administrators. It is not usable before
    /// [`Self::register_domain`], and its callbacks not readable before [`Self::reissue_secret`].
    pub async fn create_bot(&self, new: &NewBot) -> Result<Bot, CallError> {
        let body = self.bot_body(new).await?;
        bot(&self.call(About::Bot, "POST", "/bots", Some(&body)).await?.body)
    }

    /// Changes the bot to what `new` and the settings say.
    pub async fn update_bot(&self, bot_id: i64, new: &NewBot) -> Result<Bot, CallError> {
        let body = self.bot_body(new).await?;
        bot(&self.call(About::Bot, "PATCH", &format!("/bots/{bot_id}"), Some(&body)).await?.body)
    }

    pub async fn get_bot(&self, bot_id: i64) -> Result<Bot, CallError> {
        bot(&self.call(About::Bot, "GET", &format!("/bots/{bot_id}"), None).await?.body)
    }

    /// The app's bots; at most the first 300, which is what a tenant may have.
    pub async fn list_bots(&self) -> Result<Vec<Bot>, CallError> {
        let items = self.pages(About::Bot, "/bots?count=100", "bots", 3).await?;
        items.iter().map(bot).collect()
    }

    /// True when it was there. Its registrations go with it.
    pub async fn delete_bot(&self, bot_id: i64) -> Result<bool, CallError> {
        match self.call(About::Bot, "DELETE", &format!("/bots/{bot_id}"), None).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Publishes the bot to all members of the integration's domain.
    pub async fn register_domain(&self, bot_id: i64) -> Result<(), CallError> {
        let path = format!("/bots/{bot_id}/domains/{}", self.settings.domain_id);
        let body = json!({"visible": true, "allowToSelectedMember": false});
        self.call(About::Bot, "POST", &path, Some(&body)).await.map(|_| ())
    }

    /// The new bot secret; the old one is dead at once.
    pub async fn reissue_secret(&self, bot_id: i64) -> Result<String, CallError> {
        let answer = self.call(About::Bot, "POST", &format!("/bots/{bot_id}/secret"), None).await?;
        text(&answer.body, "secret").ok_or(CallError::Unreadable("secret"))
    }

    /// All items of a paged list, at most `most` pages. `path` has a query already.
    pub(super) async fn pages(
        &self,
        about: About,
        path: &str,
        items: &str,
        most: usize,
    ) -> Result<Vec<Value>, CallError> {
        let mut all = Vec::new();
        let mut cursor = String::new();
        for _ in 0..most {
            let page = if cursor.is_empty() {
                path.to_owned()
            } else {
                format!("{path}&cursor={}", percent(&cursor))
            };
            let mut body = self.call(about, "GET", &page, None).await?.body;
            match body.get_mut(items).map(Value::take) {
                Some(Value::Array(page)) => all.extend(page),
                _ => return Err(CallError::Unreadable("list")),
            }
            let next = body.get("responseMetaData").and_then(|meta| text(meta, "nextCursor"));
            match next {
                // The same cursor again would never end.
                Some(next) if next != cursor => cursor = next,
                _ => break,
            }
        }
        Ok(all)
    }

    /// Administrators are documented as user IDs; that login IDs do as well is not confirmed
    /// (lineworks.md §3.2), so they are looked up.
    async fn bot_body(&self, new: &NewBot) -> Result<Value, CallError> {
        let admin = self.get_user(&self.settings.bot_admin).await?.user_id;
        let mut subadmins = Vec::new();
        if !self.settings.bot_subadmin.is_empty() {
            subadmins.push(self.get_user(&self.settings.bot_subadmin).await?.user_id);
        }
        Ok(json!({
            "botName": new.name,
            "photoUrl": new.photo_url,
            "description": new.description,
            "administrators": [admin],
            "subadministrators": subadmins,
            "enableCallback": true,
            "callbackUrl": new.callback_url,
            "callbackEvents": CALLBACK_EVENTS,
            "channelEvents": CHANNEL_EVENTS,
            "enableGroupJoin": true,
        }))
    }
}

fn bot(value: &Value) -> Result<Bot, CallError> {
    Ok(Bot {
        bot_id: value.get("botId").and_then(id_number).ok_or(CallError::Unreadable("botId"))?,
        name: text(value, "botName").unwrap_or_default(),
        callback_url: text(value, "callbackUrl"),
    })
}
