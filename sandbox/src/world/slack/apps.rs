//! Apps: their settings, their tokens, `auth.*` (slack.md §1, §8).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::super::rng::Rng;
use super::super::{Person, World};
use super::{Call, Failure, Slack, SlackLimits, SlackUser, conversations, events};

/// Bot scopes that exist in this world (slack.md §2, §7.2).
pub(super) const SCOPES: [&str; 17] = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.customize",
    "chat:write.public",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:read",
    "users:read",
    "users:read.email",
];

/// Scopes of the demo app. Without `chat:write.public`, so that a channel needs an invitation.
const APP_SCOPES: [&str; 10] = [
    "app_mentions:read",
    "channels:join",
    "channels:read",
    "chat:write",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
    "users:read.email",
];

/// Bot events that can be subscribed to, with the scope that each needs (slack.md §7.2).
pub(super) const EVENTS: [(&str, &str); 9] = [
    ("app_home_opened", ""),
    ("app_mention", "app_mentions:read"),
    ("app_uninstalled", ""),
    ("channel_left", "channels:read"),
    ("group_left", "groups:read"),
    ("member_joined_channel", "channels:read"),
    ("member_left_channel", "channels:read"),
    ("message.im", "im:history"),
    ("tokens_revoked", ""),
];

/// The app of the demo world.
pub(super) const DEMO_APP: &str = "A0TODOKE001";

/// One app with its settings page and its bot.
#[derive(Debug, Clone)]
pub struct SlackApp {
    /// `A…`
    pub id: String,
    pub name: String,
    pub client_id: String,
    pub client_secret: String,
    pub signing_secret: String,
    /// `B…`
    pub bot_id: String,
    /// `U…` of its bot user.
    pub bot_user: String,
    pub settings: AppSettings,
    /// Whether the present `events_url` answered its challenge; nothing is sent to one that did not.
    pub events_verified: bool,
    /// The token that works now; `None` when the app is not installed.
    pub token: Option<String>,
    pub(super) tokens_made: u32,
}

/// What the app's settings page holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AppSettings {
    /// Empty: no events.
    pub events_url: String,
    /// Empty: buttons only show an error.
    pub interactivity_url: String,
    /// Bot events, e.g. `message.im`.
    pub events: Vec<String>,
    /// https; here also http on this machine, then with any port.
    pub redirect_urls: Vec<String>,
    /// What an installation from the settings page grants.
    pub scopes: Vec<String>,
    /// App Home: messages tab on, and people may write there (slack.md §5 `messages_tab_disabled`).
    pub messages_tab: bool,
}

impl Default for AppSettings {
    fn default() -> Self {
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        Self {
            events_url: String::new(),
            interactivity_url: String::new(),
            events: EVENTS.iter().map(|(event, _)| (*event).to_owned()).collect(),
            redirect_urls: owned(&["https://todoke.example", "http://127.0.0.1", "http://localhost"]),
            scopes: owned(&APP_SCOPES),
            messages_tab: true,
        }
    }
}

/// A token that exists or existed.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) app: String,
    pub(super) scopes: Vec<String>,
    /// The error of a dead one.
    dead: Option<&'static str>,
}

impl Token {
    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|known| known == scope)
    }

    /// `missing_scope` with `needed` and `provided` (slack.md §1).
    pub(super) fn lacks(&self, needed: &str) -> Failure {
        let mut extra = Map::new();
        extra.insert("needed".into(), needed.into());
        extra.insert("provided".into(), self.scopes.join(",").into());
        Failure::Error("missing_scope", extra)
    }
}

impl SlackApp {
    fn demo() -> Self {
        Self {
            id: DEMO_APP.into(),
            name: "届け".into(),
            client_id: "1767225600001.1767225600002".into(),
            client_secret: "sandbox-slack-client-secret".into(),
            signing_secret: "sandbox-slack-signing-secret".into(),
            bot_id: "B0TODOKE001".into(),
            bot_user: "U0TODOKEBOT".into(),
            settings: AppSettings::default(),
            events_verified: false,
            token: None,
            tokens_made: 0,
        }
    }

    fn user(&self) -> SlackUser {
        SlackUser {
            id: self.bot_user.clone(),
            name: "todoke".into(),
            real_name: self.name.clone(),
            first_name: self.name.clone(),
            last_name: String::new(),
            email: None,
            person: None,
            title: String::new(),
            bot: true,
            deleted: false,
            admin: false,
        }
    }
}

impl Slack {
    pub(crate) fn demo(seed: u64, people: &[Person]) -> Self {
        let app = SlackApp::demo();
        let mut users: Vec<SlackUser> = (1..).zip(people).map(|(no, one)| SlackUser::of(one, no)).collect();
        users.push(app.user());
        let mut slack = Self {
            team_id: "T0MINATO001".into(),
            team_name: "みなと商事".into(),
            domain: "minato".into(),
            limits: SlackLimits::default(),
            hooks_origin: "https://hooks.slack.com".into(),
            conversations: conversations::demo(&users),
            users,
            apps: vec![app],
            dms: Default::default(),
            tokens: Default::default(),
            codes: Default::default(),
            response_urls: Default::default(),
            waiting: Vec::new(),
            in_flight: Default::default(),
            rng: Rng::new(seed ^ 0x51ac),
        };
        slack.install(DEMO_APP, &APP_SCOPES.map(str::to_owned));
        slack
    }

    /// The app with this id.
    #[must_use]
    pub fn app(&self, id: &str) -> Option<&SlackApp> {
        self.apps.iter().find(|app| app.id == id)
    }

    pub(super) fn app_mut(&mut self, id: &str) -> Option<&mut SlackApp> {
        self.apps.iter_mut().find(|app| app.id == id)
    }

    /// Installs an app, or adds scopes to an installation: scopes are additive (slack.md §8). Gives the token,
    /// the same one while the app stays installed.
    pub(crate) fn install(&mut self, app_id: &str, scopes: &[String]) -> Option<String> {
        let app = self.apps.iter_mut().find(|app| app.id == app_id)?;
        let text = match &app.token {
            Some(token) => token.clone(),
            None => {
                app.tokens_made += 1;
                let made = format!("xoxb-sandbox-{}-{}", app.id, app.tokens_made);
                app.token = Some(made.clone());
                made
            }
        };
        let bot_user = app.bot_user.clone();
        let token = self.tokens.entry(text.clone()).or_insert_with(|| Token {
            app: app_id.to_owned(),
            scopes: Vec::new(),
            dead: None,
        });
        token
            .scopes
            .extend(scopes.iter().filter(|scope| !token.scopes.contains(scope)).cloned().collect::<Vec<_>>());
        token.scopes.sort();
        token.scopes.dedup();
        if let Some(user) = self.users.iter_mut().find(|user| user.id == bot_user) {
            user.deleted = false;
        }
        Some(text)
    }

    /// Ends an app's token: from now on it is answered with this error.
    pub(super) fn end_token(&mut self, app_id: &str, error: &'static str) {
        let Some(app) = self.app_mut(app_id) else { return };
        let Some(token) = app.token.take() else { return };
        if let Some(token) = self.tokens.get_mut(&token) {
            token.dead = Some(error);
        }
    }

    /// The token of a call.
    pub(super) fn token(&self, text: Option<&str>) -> Result<Token, Failure> {
        let token = self.tokens.get(text.ok_or("not_authed")?).ok_or("invalid_auth")?;
        match token.dead {
            Some(error) => Err(error.into()),
            None => Ok(token.clone()),
        }
    }

    /// Scopes of the app's installation.
    pub(super) fn scopes_of(&self, app: &SlackApp) -> &[String] {
        let token = app.token.as_ref().and_then(|token| self.tokens.get(token));
        token.map_or(&[], |token| token.scopes.as_slice())
    }
}

pub(super) fn test(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let slack = &world.slack;
    let app = slack.app(&call.token.app).ok_or("invalid_auth")?;
    Ok(json!({
        "url": format!("https://{}.slack.com/", slack.domain),
        "team": slack.team_name,
        "user": slack.user(&app.bot_user).map(|user| &user.name),
        "team_id": slack.team_id,
        "user_id": app.bot_user,
        "bot_id": app.bot_id,
        "is_enterprise_install": false,
    }))
}

pub(super) fn revoke(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    if call.args.flag("test") {
        return Ok(json!({"revoked": false}));
    }
    events::tokens_revoked(world, &call.token.app, call.now_ms);
    world.slack.end_token(&call.token.app, "token_revoked");
    Ok(json!({"revoked": true}))
}
