//! What people do in Slack: write, mention, invite, kick, archive, deactivate, uninstall. Buttons are in
//! `interact`.

use super::super::World;
use super::apps::DEMO_APP;
use super::{AppSettings, ConversationKind, SlackAuthor, SlackMessage, events, outbox};

/// Why a person cannot do something in Slack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlackActError {
    #[error("no such person in Slack, or deactivated: {0}")]
    NoPerson(String),
    #[error("no such channel, or this person is not in it: {0}")]
    NoChannel(String),
    #[error("no such app: {0}")]
    NoApp(String),
    #[error("the app is not installed")]
    NotInstalled,
    #[error("the app's messages tab is off")]
    NoMessagesTab,
    #[error("the channel is archived")]
    Archived,
    #[error("only channels can do that, not DMs")]
    NotAChannel,
    #[error("no such message or button")]
    NoButton,
    #[error("already so")]
    Already,
}

impl World {
    /// A person writes. `channel`: id, name, or `dm:{appId}` (`dm` alone: the demo app), which opens the DM.
    /// `@name` of an app or a person becomes a mention. Gives the message's `ts`.
    pub fn slack_say(
        &mut self,
        person: &str,
        channel: &str,
        text: &str,
        thread_ts: Option<&str>,
        now_ms: i64,
    ) -> Result<String, SlackActError> {
        let user = self.slack_person(person)?;
        let channel = match channel.strip_prefix("dm") {
            Some(app) => self.slack_open(&user, app.trim_start_matches(':'), now_ms)?,
            None => self.slack_place(&user, channel)?,
        };
        let conversation = self.slack.conversations.get(&channel);
        if conversation.is_some_and(|one| one.archived) {
            return Err(SlackActError::Archived);
        }
        if let Some(ConversationKind::Im { app, .. }) = conversation.map(|one| &one.kind) {
            let app =
                self.slack.app(app).filter(|app| app.token.is_some()).ok_or(SlackActError::NotInstalled)?;
            if !app.settings.messages_tab {
                return Err(SlackActError::NoMessagesTab);
            }
        }
        let mut message = SlackMessage::new(SlackAuthor::User(user), self.slack_markup(text), now_ms);
        message.thread_ts = thread_ts.map(str::to_owned);
        message.ts = self.slack_put(&channel, message.clone());
        events::posted(self, &channel, &message, now_ms);
        Ok(message.ts)
    }

    /// A person changes what they wrote.
    pub fn slack_edit(
        &mut self,
        person: &str,
        channel: &str,
        ts: &str,
        text: &str,
        now_ms: i64,
    ) -> Result<(), SlackActError> {
        let user = self.slack_person(person)?;
        let channel = self.slack_place(&user, channel)?;
        let text = self.slack_markup(text);
        let own =
            |message: &SlackMessage| message.ts == ts && message.author == SlackAuthor::User(user.clone());
        let conversation = self.slack.conversations.get(&channel);
        let old = conversation.and_then(|one| one.messages.iter().find(|message| own(message)).cloned());
        let old = old.ok_or(SlackActError::NoButton)?;
        let new = SlackMessage { text, edits: old.edits + 1, edited_at: Some(now_ms), ..old.clone() };
        self.slack_change(&channel, ts, |kept| *kept = new.clone());
        events::changed(self, &channel, &old, &new, now_ms);
        Ok(())
    }

    /// A person opens the DM with an app (empty: the demo app). Gives its `D…`.
    pub fn slack_open(&mut self, person: &str, app: &str, now_ms: i64) -> Result<String, SlackActError> {
        let user = self.slack_person(person)?;
        let app = self.slack_app_id(app)?;
        if self.slack.app(&app).is_none_or(|app| app.token.is_none()) {
            return Err(SlackActError::NotInstalled);
        }
        let (channel, made) = self.slack.dm_or_new(&user, &app);
        if made {
            self.touch();
            events::home_opened(self, &app, &user, &channel, now_ms);
        }
        Ok(channel)
    }

    /// Someone brings an app into a channel.
    pub fn slack_invite(&mut self, channel: &str, app: &str, now_ms: i64) -> Result<(), SlackActError> {
        let (channel, bot) = (self.slack_channel(channel)?, self.slack_bot(app)?);
        if self.slack.apps.iter().any(|app| app.bot_user == bot && app.token.is_none()) {
            return Err(SlackActError::NotInstalled);
        }
        let inviter = self.slack.conversations.get(&channel).and_then(|one| one.members.first().cloned());
        self.slack_move(&channel, &bot, true, inviter.as_deref(), now_ms)
    }

    /// Someone takes an app out of a channel.
    pub fn slack_kick(&mut self, channel: &str, app: &str, now_ms: i64) -> Result<(), SlackActError> {
        let (channel, bot) = (self.slack_channel(channel)?, self.slack_bot(app)?);
        let actor = self.slack.conversations.get(&channel).and_then(|one| one.members.first().cloned());
        self.slack_move(&channel, &bot, false, actor.as_deref(), now_ms)
    }

    /// A person enters or leaves a channel.
    pub fn slack_member(
        &mut self,
        channel: &str,
        person: &str,
        enters: bool,
        now_ms: i64,
    ) -> Result<(), SlackActError> {
        let (channel, user) = (self.slack_channel(channel)?, self.slack_person(person)?);
        self.slack_move(&channel, &user, enters, None, now_ms)
    }

    /// Archives a channel, or takes it back.
    pub fn slack_archive(&mut self, channel: &str, archived: bool) -> Result<(), SlackActError> {
        let channel = self.slack_channel(channel)?;
        let touched = self.touch();
        if let Some(conversation) = self.slack.conversations.get_mut(&channel) {
            conversation.archived = archived;
            conversation.touched = touched;
        }
        Ok(())
    }

    /// An administrator deactivates a person, or takes them back.
    pub fn slack_deactivate(&mut self, person: &str, deactivated: bool) -> Result<(), SlackActError> {
        let no_person = || SlackActError::NoPerson(person.to_owned());
        let id = self.slack_user(person).filter(|user| !user.bot).ok_or_else(no_person)?.id.clone();
        if let Some(user) = self.slack.users.iter_mut().find(|user| user.id == id) {
            user.deleted = deactivated;
        }
        self.touch();
        Ok(())
    }

    /// An administrator removes an app: `app_uninstalled` and `tokens_revoked`, its token is dead, its bot
    /// leaves every channel.
    pub fn slack_uninstall(&mut self, app: &str, now_ms: i64) -> Result<(), SlackActError> {
        let app = self.slack_app_id(app)?;
        let known =
            self.slack.app(&app).filter(|app| app.token.is_some()).ok_or(SlackActError::NotInstalled)?;
        let bot = known.bot_user.clone();
        events::app_uninstalled(self, &app, now_ms);
        events::tokens_revoked(self, &app, now_ms);
        self.slack.end_token(&app, "account_inactive");
        for conversation in self.slack.conversations.values_mut() {
            if !matches!(conversation.kind, ConversationKind::Im { .. }) {
                conversation.members.retain(|member| *member != bot);
            }
        }
        if let Some(user) = self.slack.users.iter_mut().find(|user| user.id == bot) {
            user.deleted = true;
        }
        self.touch();
        Ok(())
    }

    /// Installs an app from its settings page, with the scopes set there. Gives the bot token.
    pub fn slack_install(&mut self, app: &str) -> Result<String, SlackActError> {
        let app = self.slack_app_id(app)?;
        let scopes = self.slack.app(&app).map(|app| app.settings.scopes.clone()).unwrap_or_default();
        self.touch();
        self.slack.install(&app, &scopes).ok_or(SlackActError::NoApp(app))
    }

    /// Saves an app's settings page. A new events URL is asked for its challenge, and gets no events before
    /// it has answered.
    pub fn slack_settings(
        &mut self,
        app: &str,
        settings: AppSettings,
        now_ms: i64,
    ) -> Result<(), SlackActError> {
        let id = self.slack_app_id(app)?;
        let known = self.slack.app_mut(&id).ok_or(SlackActError::NotInstalled)?;
        let ask = known.settings.events_url != settings.events_url || !known.events_verified;
        known.settings = settings;
        let ask = ask && !known.settings.events_url.is_empty();
        known.events_verified &= !ask && !known.settings.events_url.is_empty();
        self.touch();
        if ask {
            outbox::challenge(self, &id, now_ms);
        }
        Ok(())
    }

    /// The id of an app; an empty selector means the demo app.
    pub(crate) fn slack_app_id(&self, app: &str) -> Result<String, SlackActError> {
        let id = if app.is_empty() { DEMO_APP } else { app };
        self.slack.app(id).map(|app| app.id.clone()).ok_or_else(|| SlackActError::NoApp(id.to_owned()))
    }

    fn slack_bot(&self, app: &str) -> Result<String, SlackActError> {
        let id = self.slack_app_id(app)?;
        self.slack.app(&id).map(|app| app.bot_user.clone()).ok_or(SlackActError::NoApp(id))
    }

    pub(super) fn slack_person(&self, person: &str) -> Result<String, SlackActError> {
        let found = self.slack_user(person).filter(|user| !user.bot && !user.deleted);
        found.map(|user| user.id.clone()).ok_or_else(|| SlackActError::NoPerson(person.to_owned()))
    }

    /// A conversation that this user is in, by id or name.
    pub(super) fn slack_place(&self, user: &str, channel: &str) -> Result<String, SlackActError> {
        let all = &self.slack.conversations;
        let found =
            all.get(channel).or_else(|| all.values().find(|one| !one.name.is_empty() && one.name == channel));
        let found = found.filter(|one| one.has(user));
        found.map(|one| one.id.clone()).ok_or_else(|| SlackActError::NoChannel(channel.to_owned()))
    }

    /// A channel, by id or name.
    fn slack_channel(&self, channel: &str) -> Result<String, SlackActError> {
        let mut all = self.slack.conversations.values();
        let found = all.find(|one| one.id == channel || (!one.name.is_empty() && one.name == channel));
        let found = found.ok_or_else(|| SlackActError::NoChannel(channel.to_owned()))?;
        if matches!(found.kind, ConversationKind::Im { .. }) {
            return Err(SlackActError::NotAChannel);
        }
        Ok(found.id.clone())
    }

    fn slack_move(
        &mut self,
        channel: &str,
        user: &str,
        enters: bool,
        actor: Option<&str>,
        now_ms: i64,
    ) -> Result<(), SlackActError> {
        let conversation = self.slack.conversations.get(channel);
        let conversation = conversation.ok_or_else(|| SlackActError::NoChannel(channel.to_owned()))?;
        if conversation.archived {
            return Err(SlackActError::Archived);
        }
        if conversation.has(user) == enters {
            return Err(SlackActError::Already);
        }
        if enters {
            events::enter(self, channel, user, actor, now_ms);
        } else {
            events::leave(self, channel, user, actor.unwrap_or(user), now_ms);
        }
        Ok(())
    }

    /// What the app's text box makes of typed text: escaped, with mentions (slack.md §3.2).
    fn slack_markup(&self, text: &str) -> String {
        let mut text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        for user in &self.slack.users {
            let mention = format!("<@{}>", user.id);
            // Longest first: a short name may begin a longer one.
            for name in [&user.real_name, &user.name].into_iter().filter(|name| !name.is_empty()) {
                text = text.replace(&format!("@{name}"), &mention);
            }
        }
        text
    }
}
