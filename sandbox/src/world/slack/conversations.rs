//! Channels, DMs and `conversations.*` (slack.md §2).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::super::World;
use super::apps::Token;
use super::{Call, Failure, Slack, SlackMessage, SlackUser, events};

/// Any of these opens the door; which one is needed depends on the kind of conversation.
pub(super) const READ_SCOPES: &[&str] = &["channels:read", "groups:read", "im:read", "mpim:read"];

/// What a conversation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConversationKind {
    Public,
    Private,
    /// The DM of a person (`U…`) with an app (`A…`).
    Im {
        user: String,
        app: String,
    },
}

/// One channel or DM.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// `C…` or `D…`
    pub id: String,
    pub kind: ConversationKind,
    /// Empty for a DM.
    pub name: String,
    /// `U…`, bot users among them.
    pub members: Vec<String>,
    pub archived: bool,
    /// Oldest first, threads among them.
    pub messages: Vec<SlackMessage>,
    /// Messages ever.
    pub total: u64,
    /// The world's version when it last changed.
    pub touched: u64,
    pub(super) last_us: i64,
}

/// id, name, private, archived, members by short name; nobody named means everyone.
const CHANNELS: [(&str, &str, bool, bool, &[&str]); 5] = [
    ("C0MINATO001", "全社", false, false, &[]),
    ("C0MINATO002", "総務部", true, false, &["sato", "suzuki", "takahashi", "ito", "yamamoto"]),
    ("C0MINATO003", "受付", false, false, &["takahashi", "ito", "kobayashi", "yoshida"]),
    ("C0MINATO004", "車両管理", false, false, &["watanabe", "tanaka", "nakamura", "kato", "yamada"]),
    ("C0MINATO005", "旧プロジェクト", false, true, &["sato", "watanabe"]),
];

pub(super) fn demo(users: &[SlackUser]) -> BTreeMap<String, Conversation> {
    let channel = |(id, name, private, archived, names): &(&str, &str, bool, bool, &[&str])| {
        let members = users
            .iter()
            .filter(|user| !user.bot && (names.is_empty() || names.contains(&user.name.as_str())));
        let kind = if *private { ConversationKind::Private } else { ConversationKind::Public };
        let members = members.map(|user| user.id.clone()).collect();
        let mut made = Conversation::new((*id).to_owned(), kind, (*name).to_owned(), members);
        made.archived = *archived;
        made
    };
    CHANNELS.iter().map(channel).map(|made| (made.id.clone(), made)).collect()
}

impl Conversation {
    fn new(id: String, kind: ConversationKind, name: String, members: Vec<String>) -> Self {
        Self {
            id,
            kind,
            name,
            members,
            archived: false,
            messages: Vec::new(),
            total: 0,
            touched: 0,
            last_us: 0,
        }
    }

    /// Whether this user (`U…`) is in it.
    #[must_use]
    pub fn has(&self, user: &str) -> bool {
        self.members.iter().any(|member| member == user)
    }

    /// The scope for looking at it.
    fn scope(&self) -> &'static str {
        match self.kind {
            ConversationKind::Public => "channels:read",
            ConversationKind::Private => "groups:read",
            ConversationKind::Im { .. } => "im:read",
        }
    }

    fn json(&self, slack: &Slack, bot_user: &str) -> Value {
        let im = matches!(self.kind, ConversationKind::Im { .. });
        let mut fields = Map::new();
        for (name, value) in [
            ("id", json!(self.id)),
            ("created", json!(1_767_225_600)),
            ("is_archived", json!(self.archived)),
            ("is_im", json!(im)),
            ("is_org_shared", json!(false)),
            ("context_team_id", json!(slack.team_id)),
            ("updated", json!(1_767_225_600_000_i64)),
        ] {
            fields.insert(name.into(), value);
        }
        let rest = match &self.kind {
            ConversationKind::Im { user, .. } => vec![
                ("user", json!(user)),
                ("is_user_deleted", json!(slack.user(user).is_none_or(|user| user.deleted))),
                ("is_open", json!(true)),
            ],
            kind => vec![
                ("name", json!(self.name)),
                ("name_normalized", json!(self.name)),
                ("is_channel", json!(true)),
                ("is_group", json!(false)),
                ("is_mpim", json!(false)),
                ("is_private", json!(*kind == ConversationKind::Private)),
                ("is_general", json!(self.name == "全社")),
                ("is_member", json!(self.has(bot_user))),
                ("is_shared", json!(false)),
                ("is_ext_shared", json!(false)),
                ("creator", json!(slack.users.first().map(|user| &user.id))),
                ("topic", json!({"value": "", "creator": "", "last_set": 0})),
                ("purpose", json!({"value": "", "creator": "", "last_set": 0})),
                ("previous_names", json!([])),
            ],
        };
        fields.extend(rest.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Value::Object(fields)
    }
}

impl Slack {
    /// The conversations by id.
    #[must_use]
    pub fn conversations(&self) -> &BTreeMap<String, Conversation> {
        &self.conversations
    }

    /// The DM of this user with this app, once there is one.
    #[must_use]
    pub fn dm(&self, user: &str, app: &str) -> Option<&Conversation> {
        self.conversations.get(self.dms.get(&(user.to_owned(), app.to_owned()))?)
    }

    /// The same, made when there is none: its id stays for ever. `true` when it was made now.
    pub(super) fn dm_or_new(&mut self, user: &str, app: &str) -> (String, bool) {
        if let Some(known) = self.dm(user, app) {
            return (known.id.clone(), false);
        }
        let bot = self.app(app).map(|app| app.bot_user.clone()).unwrap_or_default();
        let id = self.new_id("D");
        let kind = ConversationKind::Im { user: user.to_owned(), app: app.to_owned() };
        let made = Conversation::new(id.clone(), kind, String::new(), vec![user.to_owned(), bot]);
        self.conversations.insert(id.clone(), made);
        self.dms.insert((user.to_owned(), app.to_owned()), id.clone());
        (id, true)
    }

    /// What the app may know of: public channels, private ones it is in, its own DMs.
    pub(super) fn visible(&self, channel: &str, app: &str) -> Result<&Conversation, Failure> {
        let bot = self.app(app).map(|app| app.bot_user.as_str()).unwrap_or_default();
        let found = self.conversations.get(channel).filter(|one| match &one.kind {
            ConversationKind::Public => true,
            ConversationKind::Private => one.has(bot),
            ConversationKind::Im { app: owner, .. } => owner == app,
        });
        found.ok_or_else(|| "channel_not_found".into())
    }

    fn bot_user(&self, token: &Token) -> String {
        self.app(&token.app).map(|app| app.bot_user.clone()).unwrap_or_default()
    }
}

/// A DM with one person. Group DMs are not modelled.
pub(super) fn open(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let app = call.token.app.clone();
    let (id, made) = match (call.args.text("channel"), call.args.text("users")) {
        (Some(channel), _) => (world.slack.visible(&channel, &app)?.id.clone(), false),
        (None, None) => return Err("users_list_not_supplied".into()),
        (None, Some(users)) => {
            let mut users = users.split(',').map(str::trim).filter(|user| !user.is_empty());
            let (Some(user), None) = (users.next(), users.next()) else {
                return Err(call.token.lacks("mpim:write"));
            };
            let user = world.slack.user(user).filter(|user| !user.bot).ok_or("user_not_found")?;
            if user.deleted {
                return Err("user_disabled".into());
            }
            let user = user.id.clone();
            if call.args.flag("prevent_creation") && world.slack.dm(&user, &app).is_none() {
                return Err("channel_not_found".into());
            }
            world.slack.dm_or_new(&user, &app)
        }
    };
    let bot = world.slack.bot_user(&call.token);
    let conversation = world.slack.visible(&id, &app)?;
    let channel =
        if call.args.flag("return_im") { conversation.json(&world.slack, &bot) } else { json!({"id": id}) };
    Ok(if made {
        json!({"channel": channel})
    } else {
        json!({"no_op": true, "already_open": true, "channel": channel})
    })
}

pub(super) fn info(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let slack = &world.slack;
    let channel = call.args.required("channel")?;
    let conversation = slack.visible(&channel, &call.token.app)?;
    if !call.token.has(conversation.scope()) {
        return Err(call.token.lacks(conversation.scope()));
    }
    let mut channel = conversation.json(slack, &slack.bot_user(&call.token));
    if let (true, Some(fields)) = (call.args.flag("include_num_members"), channel.as_object_mut()) {
        fields.insert("num_members".into(), conversation.members.len().into());
    }
    Ok(json!({"channel": channel}))
}

/// Private channels only where the bot is a member.
pub(super) fn list(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let slack = &world.slack;
    let types = call.args.text("types").unwrap_or_else(|| "public_channel".to_owned());
    let mut scopes = Vec::new();
    for kind in types.split(',').map(str::trim) {
        scopes.push(match kind {
            "public_channel" => "channels:read",
            "private_channel" => "groups:read",
            "im" => "im:read",
            "mpim" => "mpim:read",
            _ => return Err("invalid_types".into()),
        });
    }
    if let Some(lacking) = scopes.iter().find(|scope| !call.token.has(scope)) {
        return Err(call.token.lacks(lacking));
    }
    let limit: usize = match call.args.text("limit") {
        None => 100,
        Some(text) => text.parse().ok().filter(|limit| (1..1000).contains(limit)).ok_or("invalid_limit")?,
    };
    let start = match call.args.text("cursor") {
        None => 0,
        Some(cursor) => cursor_place(&cursor).ok_or("invalid_cursor")?,
    };
    let no_archived = call.args.flag("exclude_archived");
    let bot = slack.bot_user(&call.token);
    let all: Vec<&Conversation> = slack
        .conversations
        .keys()
        .filter_map(|id| slack.visible(id, &call.token.app).ok())
        .filter(|one| scopes.contains(&one.scope()) && !(no_archived && one.archived))
        .collect();
    let channels: Vec<Value> = all.iter().skip(start).take(limit).map(|one| one.json(slack, &bot)).collect();
    let next = start + channels.len();
    let next = if next < all.len() { STANDARD.encode(format!("next:{next}")) } else { String::new() };
    Ok(json!({"channels": channels, "response_metadata": {"next_cursor": next}}))
}

pub(super) fn join(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let channel = call.args.required("channel")?;
    let conversation = world.slack.visible(&channel, &call.token.app)?;
    if conversation.kind != ConversationKind::Public {
        return Err("method_not_supported_for_channel_type".into());
    }
    if conversation.archived {
        return Err("is_archived".into());
    }
    let bot = world.slack.bot_user(&call.token);
    let already = conversation.has(&bot);
    if !already {
        events::enter(world, &channel, &bot, None, call.now_ms);
    }
    let told = world.slack.visible(&channel, &call.token.app)?.json(&world.slack, &bot);
    Ok(if already {
        json!({"channel": told, "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]}})
    } else {
        json!({"channel": told})
    })
}

fn cursor_place(cursor: &str) -> Option<usize> {
    let bytes = STANDARD.decode(cursor).ok()?;
    String::from_utf8(bytes).ok()?.strip_prefix("next:")?.parse().ok()
}
