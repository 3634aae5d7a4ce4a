//! What the consoles of LINE are for: switches, plans, keys; and crowds for measuring.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::World;
use super::send::month;

/// Changes to one account and its Login channel; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Messages a month; `null` inside stands for "none", no limit.
    #[serde(deserialize_with = "given")]
    pub quota: Option<Option<u64>>,
    /// Messages used this month.
    pub used: Option<u64>,
    pub webhook_active: Option<bool>,
    pub redelivery: Option<bool>,
    pub standby: Option<bool>,
    pub verified: Option<bool>,
    pub multicast_refuses_foreign: Option<bool>,
    /// Whether the account is the Login channel's linked OA.
    pub linked: Option<bool>,
    pub published: Option<bool>,
    /// One more callback URL for the Login channel.
    pub callback_url: Option<String>,
    /// Requests a second for one operation in place of LINE's: `["push", 5]`; `null` restores it.
    pub rate: Option<(String, Option<u32>)>,
}

/// Tells a `null` that was written from a field that is absent.
#[expect(clippy::option_option, reason = "absent, none and a number are three things")]
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<u64>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl World {
    /// Turns switches of the account behind a Messaging channel; `false` when there is none.
    pub fn line_set(&mut self, channel: i64, new: &Settings, now_ms: i64) -> bool {
        if let Some((operation, per_second)) = &new.rate {
            self.line.buckets.set(operation, *per_second);
        }
        let mut providers = self.line.providers.iter_mut();
        let Some(provider) = providers.find(|one| one.messaging.channel_id == channel) else { return false };
        let (bot, login) = (&mut provider.messaging, &mut provider.login);
        let put = |place: &mut bool, value: Option<bool>| *place = value.unwrap_or(*place);
        put(&mut bot.webhook_active, new.webhook_active);
        put(&mut bot.redelivery, new.redelivery);
        put(&mut bot.standby, new.standby);
        put(&mut bot.verified, new.verified);
        put(&mut bot.multicast_refuses_foreign, new.multicast_refuses_foreign);
        put(&mut login.linked, new.linked);
        put(&mut login.published, new.published);
        bot.quota = new.quota.unwrap_or(bot.quota);
        if let Some(used) = new.used {
            (bot.used, bot.month) = (used, month(now_ms));
        }
        if let Some(url) = &new.callback_url
            && !login.callback_urls.contains(url)
        {
            login.callback_urls.push(url.clone());
        }
        self.touch();
        true
    }

    /// Makes up `count` friends of an account, for measuring; gives their userIds. Acting as one of them goes
    /// by `crowd:{number from 0}`.
    pub fn line_crowd(&mut self, channel: i64, count: usize) -> Vec<String> {
        let first = self.line.crowd;
        self.line.crowd += count;
        let people = (first..first + count).map(|number| format!("crowd:{number}"));
        let made = people.map(|person| {
            self.line.know(&person);
            self.line.contact_mut(channel, &person).friend = true;
            self.line.user_id(channel, &person)
        });
        made.collect()
    }

    /// Everything that the product's form asks for, per provider.
    #[must_use]
    pub fn line_credentials(&self) -> Value {
        let all = self.line.providers.iter().map(|one| {
            json!({
                "provider": one.name,
                "login_channel_id": one.login.channel_id.to_string(),
                "login_channel_secret": one.login.secret,
                "messaging_channel_id": one.messaging.channel_id.to_string(),
                "channel_secret": one.messaging.secret,
                "channel_access_token": one.messaging.token,
                "assertion_kid": one.messaging.assertion_keys.first().map(|key| &key.kid),
                "login_assertion_kid": one.login.assertion_keys.first().map(|key| &key.kid),
                "assertion_private_key": self.keys.private_pem(),
                "basic_id": one.messaging.basic_id,
                "bot_user_id": one.messaging.bot_user_id,
                "friend_link": one.messaging.friend_link(),
            })
        });
        all.collect()
    }
}

impl super::MessagingChannel {
    /// `https://line.me/R/ti/p/%40…`
    #[must_use]
    pub fn friend_link(&self) -> String {
        format!("https://line.me/R/ti/p/{}", self.basic_id.replace('@', "%40"))
    }
}
