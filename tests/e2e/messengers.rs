//! All messengers at once: connected as an admin does it, and one person, the owner, linked on all of them.

use serde_json::{Value, json};
use shared::{
    api::{
        integrations::{CheckResult, Integration, IntegrationRequest, Provider, Redirect, Room},
        me::Settings,
    },
    channel::{AddressState, Channel},
    check::CheckStatus,
    integration::{GoogleChatForm, LineForm, LineVia, SlackForm},
};

use crate::{
    failure::{Failure, Outcome, check, same, there},
    stage::{PATIENCE, ROOM, Stage, until},
};

/// Who is linked everywhere, by the first part of the login, and that person's id at the sandbox.
pub(crate) const PERSON: &str = "sato";
const PERSON_ID: &str = "c72af563-0f21-4736-81e4-045237100001";
/// The same person in the sandbox's Slack.
const SLACK_ID: &str = "U0MINATO01";
/// 「総務部」 in Slack and in Google Chat.
const SLACK_CHANNEL: &str = "C0MINATO002";
const CHAT_SPACE: &str = "AAAAminato1";

/// What [`Stage::everywhere`] made.
#[derive(Debug, Clone)]
pub(crate) struct Messengers {
    /// One room of each messenger.
    pub(crate) rooms: Vec<Room>,
    /// The eight talks that the person reads.
    pub(crate) spots: Vec<Spot>,
}

/// A talk at one messenger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) messenger: Channel,
    pub(crate) room: bool,
    /// Its key in the sandbox's state.
    key: String,
}

impl Spot {
    fn new(messenger: Channel, room: bool, key: impl Into<String>) -> Self {
        Self { messenger, room, key: key.into() }
    }

    /// Whether a sent message can be changed there; a webhook of Google Chat cannot.
    pub(crate) fn changes(&self) -> bool {
        match self.messenger {
            Channel::Slack => true,
            Channel::GoogleChat => self.room,
            _ => false,
        }
    }
}

impl Stage {
    /// Connects LINE, Slack and Google Chat beside LINE WORKS and mail, brings the bots into a room each, and
    /// links the owner on all of them. Once for all scenarios.
    pub(crate) async fn everywhere(&mut self) -> Outcome<Messengers> {
        if let Some(made) = &self.messengers {
            return Ok(made.clone());
        }
        let credentials: Value = self.control.get("/control/credentials").await?;
        let line = self.connect_line(&credentials).await?;
        self.connect_slack(&credentials).await?;
        self.connect_chat(&credentials).await?;

        let group = text(&self.seen(), "/line/groups/0/group_id")?;
        let channel = number(&credentials, "/line/0/messaging_channel_id")?;
        self.act("line/invite", &json!({ "group": group, "channel": channel })).await?;
        self.act("slack/invite", &json!({ "channel": SLACK_CHANNEL })).await?;
        self.act("google_chat/add_app", &json!({ "person": PERSON, "space": CHAT_SPACE })).await?;
        let rooms = until(PATIENCE, async || {
            let rooms: Vec<Room> = self.owner.get("/api/v1/rooms").await.ok()?;
            let open = |provider| rooms.iter().find(|room| room.provider == provider && room.open).cloned();
            [Provider::Lineworks, Provider::Line, Provider::Slack, Provider::GoogleChat]
                .map(open)
                .into_iter()
                .collect::<Option<Vec<Room>>>()
        });
        let rooms = there(rooms.await, "room of each messenger")?;

        self.link_line().await?;
        let member_id = json!({ "member_id": SLACK_ID });
        let _: Settings = self.owner.ask("PUT", "/api/me/channels/slack", &member_id).await?;
        let own_space = self.link_chat().await?;
        let settings: Settings = self.owner.get("/api/me/settings").await?;
        let reached = |card: &&shared::api::me::ChannelCard| {
            card.on && matches!(card.state, Some(AddressState::Linked | AddressState::Unverified))
        };
        same(settings.channels.iter().filter(reached).count(), 5, format_args!("{:?}", settings.channels))?;

        let dm =
            self.control.ask::<Value>("POST", "/control/slack/open", &json!({ "person": PERSON })).await?;
        let spots = vec![
            Spot::new(Channel::Lineworks, false, format!("bot:{}/{PERSON_ID}", self.bot)),
            Spot::new(Channel::Lineworks, true, format!("room:{ROOM}")),
            Spot::new(Channel::Line, false, format!("oa:{channel}/{PERSON_ID}")),
            Spot::new(Channel::Line, true, format!("group:{group}")),
            Spot::new(Channel::Slack, false, text(&dm, "/channel")?),
            Spot::new(Channel::Slack, true, SLACK_CHANNEL),
            Spot::new(Channel::GoogleChat, false, own_space),
            Spot::new(Channel::GoogleChat, true, CHAT_SPACE),
        ];
        let made = Messengers { rooms, spots };
        same(line.provider, Provider::Line, "provider")?;
        self.messengers = Some(made.clone());
        Ok(made)
    }

    /// The messages of a talk as they are now, oldest first.
    pub(crate) fn messages(&self, spot: &Spot) -> Vec<Value> {
        let seen = self.seen();
        let part = match spot.messenger {
            Channel::Line => seen.get("line"),
            Channel::Slack => seen.get("slack"),
            Channel::GoogleChat => seen.get("google_chat"),
            _ => Some(&seen),
        };
        let talks = part.and_then(|part| part.get("talks"));
        let messages = talks.and_then(|talks| talks.get(&spot.key)).and_then(|talk| talk.get("messages"));
        messages.and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// The person presses the button with this label on the newest message with `words`.
    pub(crate) async fn press(&self, spot: &Spot, words: &str, label: &str) -> Outcome {
        let messages = self.messages(spot);
        let message = messages.iter().rev().find(|message| message.to_string().contains(words));
        let message = there(message, format_args!("{words:?} in {spot:?}"))?;
        let buttons = message.get("buttons").and_then(Value::as_array).into_iter().flatten();
        let button = buttons
            .filter(|button| button.get("label").and_then(Value::as_str) == Some(label))
            .find_map(|button| button.get("no"));
        let button = there(button, format_args!("button {label:?} in {message}"))?;
        let no = message.get("no");
        let talk = spot.key.split('/').next().unwrap_or_default();
        let (path, body) = match spot.messenger {
            Channel::Lineworks => {
                ("press", json!({ "person": PERSON, "talk": talk, "message": no, "button": button }))
            }
            Channel::Line => {
                ("line/press", json!({ "person": PERSON, "talk": talk, "message": no, "button": button }))
            }
            Channel::Slack => (
                "slack/press",
                json!({ "person": PERSON, "channel": talk, "ts": message.get("ts"), "button": button }),
            ),
            _ => (
                "google_chat/press",
                json!({ "person": PERSON, "space": talk, "message": no, "button": button }),
            ),
        };
        self.act(path, &body).await
    }

    /// Something that people or admins do at a messenger.
    pub(crate) async fn act(&self, path: &str, body: &Value) -> Outcome {
        let _: Value = self.control.ask("POST", &format!("/control/{path}"), body).await?;
        Ok(())
    }

    /// The whole world as its pages see it.
    pub(crate) fn seen(&self) -> Value {
        self.world(|world| world.view(0))
    }

    async fn connect(&self, form: &IntegrationRequest) -> Outcome<Integration> {
        self.owner.ask("POST", "/api/integrations", form).await
    }

    async fn connect_line(&self, credentials: &Value) -> Outcome<Integration> {
        let given = |name: &str| text(credentials, &format!("/line/0/{name}"));
        let form = LineForm {
            login_channel_id: given("login_channel_id")?,
            login_channel_secret: given("login_channel_secret")?,
            channel_secret: given("channel_secret")?,
            channel_access_token: given("channel_access_token")?,
            ..LineForm::default()
        };
        // The other kind of token needs a signature made by the platform.
        let by_key = LineForm {
            via: LineVia::Key,
            channel_access_token: String::new(),
            messaging_channel_id: given("messaging_channel_id")?,
            private_key: given("assertion_private_key")?,
            kid: given("assertion_kid")?,
            ..form.clone()
        };
        let checked: CheckResult =
            self.owner.ask("POST", "/api/integrations/check", &IntegrationRequest::Line(by_key)).await?;
        let passed = checked.steps.iter().all(|step| step.status != CheckStatus::Failed);
        check(passed, format_args!("LINE by key: {:?}", checked.steps))?;
        self.connect(&IntegrationRequest::Line(form)).await
    }

    async fn connect_slack(&self, credentials: &Value) -> Outcome {
        let form = SlackForm {
            signing_secret: text(credentials, "/slack/signing_secret")?,
            bot_token: text(credentials, "/slack/bot_token")?,
            ..SlackForm::default()
        };
        let slack = self.connect(&IntegrationRequest::Slack(form)).await?;
        let url = there(slack.callback_url, "callback URL for Slack")?;
        self.act("slack/settings", &json!({ "events_url": url, "interactivity_url": url })).await?;
        let verified = until(PATIENCE, async || {
            (self.seen().pointer("/slack/apps/0/eventsVerified") == Some(&json!(true))).then_some(())
        });
        check(verified.await.is_some(), "Slack's challenge was not met")
    }

    async fn connect_chat(&self, credentials: &Value) -> Outcome {
        let file = there(credentials.pointer("/google_chat/service_account"), "service account")?;
        let form =
            GoogleChatForm { webhooks: true, service_account: file.to_string(), ..GoogleChatForm::default() };
        let chat = self.connect(&IntegrationRequest::GoogleChat(form)).await?;
        let url = there(chat.callback_url, "callback URL for Google Chat")?;
        self.act("google_chat/app", &json!({ "endpoint": url })).await
    }

    /// LINE's login page in the owner's browser, with the account added as a friend on the way.
    async fn link_line(&self) -> Outcome {
        let go: Redirect = self.owner.ask("POST", "/api/me/channels/line/link", &json!({})).await?;
        let (_, query) = there(go.url.split_once('?'), format_args!("query in {}", go.url))?;
        let form = format!("request={}&person={PERSON}&answer=allow&asked=1&friend=1", encoded(query));
        let browser = self.control.with("content-type", "application/x-www-form-urlencoded");
        let page = browser.send("POST", "/line/access/oauth2/v2.1/login", form).await?;
        let back = there(page.header("location"), format_args!("way back: {} {}", page.status, page.text()))?;
        let path = there(back.strip_prefix(&self.product.url()), format_args!("product in {back}"))?;
        let landed = self.owner.send("GET", path, "").await?;
        same(landed.status, 303, landed.text())?;
        same(landed.header("location"), Some("/me?link=line&result=ok"), "where the login ends")?;
        // The state is good once, and for nobody else.
        let elsewhere = self.visitor().send("GET", path, "").await?;
        let told = elsewhere.header("location").unwrap_or_default().to_owned();
        check(told.contains("result=other_session"), format_args!("a visitor was sent to {told:?}"))
    }

    /// A webhook of a space of the owner's own. Gives the space.
    async fn link_chat(&self) -> Outcome<String> {
        let space = json!({ "person": PERSON, "name": "自分へのお知らせ" });
        let space: Value = self.control.ask("POST", "/control/google_chat/space", &space).await?;
        let space = text(&space, "/space")?;
        let hook = json!({ "person": PERSON, "space": space, "name": "届け" });
        let hook: Value = self.control.ask("POST", "/control/google_chat/webhook", &hook).await?;
        let url = json!({ "url": text(&hook, "/url")? });
        let settings: Settings = self.owner.ask("PUT", "/api/me/channels/google_chat", &url).await?;
        let shown = serde_json::to_string(&settings)?;
        check(!shown.contains("token="), "the webhook's URL is shown")?;
        Ok(space)
    }
}

fn text(value: &Value, pointer: &str) -> Outcome<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| Failure::new(format!("there is no {pointer}")))
}

fn number(value: &Value, pointer: &str) -> Outcome<i64> {
    Ok(text(value, pointer)?.parse()?)
}

/// For a form.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
