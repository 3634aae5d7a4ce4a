//! Clients of the connected providers, kept as long as their secret's version is the current one, and the one
//! place that knows which provider serves which channel.

mod build;
mod push;
mod send;

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use serde::Deserialize;
use shared::{
    api::{integrations::Provider, settings::KindInfo},
    bucket::Bucket,
    channel::Channel,
    delivery::{Cause, CauseCode, Outcome},
    error::Code,
    id::{DeliveryId, IntegrationId},
    integration::MailVia,
    lang::Lang,
    message::{Mentioned, Message},
    routing::Urgency,
    time::{MINUTE, Millis, SECOND},
};

use crate::{
    hub::Hub,
    kinds,
    providers::{
        google_chat, line,
        lineworks::{self, LIMITS},
        lineworks_v1,
        mail::{MailSecret, MailSettings},
        slack, web_push,
    },
    queue::Scope,
    refusal::Refusal,
    store,
};

/// Loaded clients by integration.
#[derive(Default)]
pub(crate) struct Clients(RefCell<HashMap<String, (u32, Client)>>);

/// One connected provider, ready to send.
#[derive(Clone)]
pub(crate) enum Client {
    Lineworks(Rc<Lineworks>),
    LineworksV1(Rc<LineworksV1>),
    Line(Rc<Line>),
    Slack(Rc<Slack>),
    GoogleChat(Rc<GoogleChat>),
    Mail(Rc<MailAccount>),
    WebPush(Rc<web_push::Client>),
}

pub(crate) struct Lineworks {
    pub(crate) client: lineworks::Client,
    /// The same with tokens for calendars.
    pub(crate) calendars: lineworks::Client,
    pub(crate) bot_secret: Option<String>,
}

pub(crate) struct LineworksV1 {
    pub(crate) client: lineworks_v1::Client,
    /// Signs callbacks.
    pub(crate) api_id: String,
}

pub(crate) struct Line {
    pub(crate) client: line::Client,
    pub(crate) settings: line::LineSettings,
    /// Signs webhooks.
    pub(crate) channel_secret: String,
}

pub(crate) struct Slack {
    pub(crate) client: slack::Client,
    pub(crate) settings: slack::SlackSettings,
    pub(crate) signing_secret: String,
}

pub(crate) struct GoogleChat {
    /// `None` when there are members' webhooks only.
    pub(crate) app: Option<google_chat::Client>,
    pub(crate) settings: google_chat::GoogleChatSettings,
}

pub(crate) struct MailAccount {
    pub(crate) settings: MailSettings,
    pub(crate) secret: MailSecret,
}

/// One message to one address or room.
pub(crate) struct Outbound<'a> {
    /// The idempotency key and the mail's identity.
    pub(crate) id: &'a str,
    pub(crate) to: &'a str,
    pub(crate) to_room: bool,
    pub(crate) lang: Lang,
    pub(crate) kind: &'a str,
    pub(crate) message: &'a Message,
    /// When the event was made.
    pub(crate) at: Millis,
    pub(crate) unsubscribe: Option<&'a str>,
    /// The body as first sent, where the provider binds its key to it.
    pub(crate) frozen: Option<&'a str>,
    /// The event that its buttons answer.
    pub(crate) event: Option<&'a str>,
    /// Where the notice can be read and answered.
    pub(crate) page: Option<&'a str>,
    /// Who took an action: no buttons any more.
    pub(crate) settled: Option<&'a str>,
    /// Who is called; empty but in a room.
    pub(crate) mentions: &'a [Mentioned],
    /// The sent message to change instead of sending a new one.
    pub(crate) edits: Option<&'a str>,
    pub(crate) thread: Option<&'a str>,
    /// A free answer, while it lasts.
    pub(crate) reply_token: Option<&'a str>,
    /// As in the store, 0 first.
    pub(crate) urgency: i64,
}

impl<'a> Outbound<'a> {
    /// Something said into a talk, outside any event.
    pub(crate) fn plain(
        id: &'a str,
        to: &'a str,
        lang: Lang,
        kind: &'a str,
        message: &'a Message,
        at: Millis,
    ) -> Self {
        Self {
            id,
            to,
            to_room: false,
            lang,
            kind,
            message,
            at,
            unsubscribe: None,
            frozen: None,
            event: None,
            page: None,
            settled: None,
            mentions: &[],
            edits: None,
            thread: None,
            reply_token: None,
            urgency: Urgency::Normal.rank(),
        }
    }
}

/// What a provider says of a room.
pub(crate) enum FoundRoom {
    /// Its name, empty where none is told.
    Named(String),
    /// The bot is not in it any more.
    Gone,
    /// No answer now.
    Unknown,
}

/// What came of it, and what the provider said of its limit.
pub(crate) struct Sent {
    pub(crate) outcome: Outcome,
    pub(crate) limit: Option<Limit>,
}

pub(crate) struct Limit {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_ms: Millis,
}

#[derive(Clone, Deserialize)]
pub(crate) struct IntegrationRow {
    pub(crate) id: IntegrationId,
    pub(crate) provider: Provider,
    pub(crate) settings: serde_json::Value,
    pub(crate) secret_version: u32,
    pub(crate) secret_set_at: Millis,
    pub(crate) state: shared::api::integrations::IntegrationState,
    pub(crate) cause: Option<Cause>,
    pub(crate) state_since: Millis,
    pub(crate) last_ok_at: Option<Millis>,
}

impl Client {
    /// The longest try and a margin: after that a lease counts as lost. Over HTTP a token and a message, each
    /// perhaps twice, take 40 s at most; SMTP's steps add up to more.
    pub(crate) fn lease(&self) -> Millis {
        match self {
            Self::Mail(account) if account.settings.via == MailVia::Smtp => 150 * SECOND,
            // One device after the other.
            Self::WebPush(_) => 75 * SECOND,
            _ => 45 * SECOND,
        }
    }

    /// Fetches what comes before the message itself, where a second counts: Google Chat takes one message of a space
    /// in each, and its app needs a token and the conversation with a person first. All of it is kept.
    pub(crate) async fn get_ready(&self, to: &str) -> Result<(), Outcome> {
        match self {
            Self::GoogleChat(chat) if !to.starts_with(WEBHOOK) => match &chat.app {
                Some(app) => app.get_ready(to).await,
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Whether a repeat of `outbound` is recognised by the provider, so that it may be made without a doubt.
    pub(crate) fn keyed(&self, outbound: &Outbound<'_>) -> bool {
        match self {
            Self::Mail(account) => account.settings.via == MailVia::Resend,
            Self::Line(_) => outbound.reply_token.is_none(),
            // To change a message twice is to change it once. The app's `requestId` is a key; whether a
            // webhook honours it is not confirmed (google_chat.md §1.5).
            Self::GoogleChat(_) => outbound.edits.is_some() || !outbound.to.starts_with(WEBHOOK),
            Self::Slack(_) => outbound.edits.is_some(),
            Self::Lineworks(_) | Self::LineworksV1(_) | Self::WebPush(_) => false,
        }
    }
}

/// Before the space and the secret's name in the address of somebody's own Google Chat webhook:
/// `webhook:{space}:{name}`.
pub(crate) const WEBHOOK: &str = "webhook:";

/// The limit we keep before the provider tells its own.
pub(crate) fn new_bucket(row: Option<&IntegrationRow>, scope: &Scope) -> Bucket {
    let resend =
        |row: &IntegrationRow| row.settings.get("via").and_then(|via| via.as_str()) == Some("resend");
    match row {
        Some(row) => match row.provider {
            Provider::Lineworks => Bucket::new(LIMITS.standard, MINUTE),
            Provider::Slack if *scope == Scope::Changes => {
                Bucket::new(slack::LIMITS.updates_per_minute, MINUTE)
            }
            Provider::Slack if *scope == Scope::Whole => Bucket::new(slack::LIMITS.posts_per_minute, MINUTE),
            // google_chat.md §1.6: 3,000 writes a minute of a project.
            Provider::GoogleChat if *scope == Scope::Whole => Bucket::new(3_000, MINUTE),
            // Each destination by itself: one message a second (slack.md §3.4, google_chat.md §1.6).
            Provider::Slack | Provider::GoogleChat => Bucket::new(1, SECOND),
            // Far above what six connections can do (line.md §3).
            Provider::Line => Bucket::new(2_000, SECOND),
            // email.md §3: 2/s was seen as the lowest.
            Provider::Mail if resend(row) => Bucket::new(2, SECOND),
            // No push service tells its limit.
            Provider::Mail | Provider::LineworksV1 | Provider::WebPush => Bucket::new(600, MINUTE),
        },
        None => Bucket::new(600, MINUTE),
    }
}

impl Hub {
    /// Channels that the workspace has connected, each with the integration that serves it: the first one
    /// that was connected.
    pub(crate) fn connected_channels(&self) -> Result<Vec<(Channel, IntegrationId)>, Refusal> {
        let mut channels: Vec<(Channel, IntegrationId)> = Vec::new();
        for row in self.integration_rows()?.iter() {
            let channel = row.provider.channel();
            if channels.iter().all(|(known, _)| *known != channel) {
                channels.push((channel, row.id.clone()));
            }
        }
        channels.sort_by_key(|(channel, _)| *channel);
        Ok(channels)
    }

    /// Oldest first.
    pub(crate) fn integration_rows(&self) -> Result<Rc<[IntegrationRow]>, Refusal> {
        if let Some(rows) = &*self.cache.integrations.borrow() {
            return Ok(Rc::clone(rows));
        }
        let rows: Vec<IntegrationRow> = store::rows(&*self.ports.sql, INTEGRATIONS, &[])?;
        let rows: Rc<[IntegrationRow]> = rows.into();
        *self.cache.integrations.borrow_mut() = Some(Rc::clone(&rows));
        Ok(rows)
    }

    pub(crate) fn integration_row(&self, id: &str) -> Result<Option<IntegrationRow>, Refusal> {
        Ok(self.integration_rows()?.iter().find(|row| row.id.as_str() == id).cloned())
    }

    /// The client of an integration, `None` when there is no such integration.
    pub(crate) async fn client(&self, id: &str) -> Result<Option<Client>, Refusal> {
        let rows = self.integration_rows()?;
        let Some(row) = rows.iter().find(|row| row.id.as_str() == id) else { return Ok(None) };
        let version = row.secret_version;
        if let Some(client) = self.loaded(id, version) {
            return Ok(Some(client));
        }
        let kv = &*self.ports.kv;
        // The operator's rotation of VAULT_KEY reaches each secret when it is next used.
        self.vault.reseal(kv, &*self.ports.random, &row.id, version).await?;
        let secret = self.vault.get_secret(kv, &row.id, version).await?.ok_or(Code::Busy)?;
        let client =
            self.build_client(row.provider, row.settings.clone(), &secret, Some((&row.id, version)))?;
        // Somebody else may have loaded it during the awaits: its tokens are the ones to share.
        if let Some(client) = self.loaded(id, version) {
            return Ok(Some(client));
        }
        self.clients.0.borrow_mut().insert(id.to_owned(), (version, client.clone()));
        Ok(Some(client))
    }

    fn loaded(&self, id: &str, version: u32) -> Option<Client> {
        self.clients
            .0
            .borrow()
            .get(id)
            .filter(|(loaded, _)| *loaded == version)
            .map(|(_, client)| client.clone())
    }

    pub(crate) fn forget_client(&self, id: &str) {
        self.clients.0.borrow_mut().remove(id);
    }

    /// Sends past the outbox, for what must not be stored: sign-in codes. Not repeated.
    pub(crate) async fn send_now(
        self: &Rc<Self>,
        channel: Channel,
        address: &str,
        lang: Lang,
        kind: &str,
        message: &Message,
    ) -> Outcome {
        let missing =
            || Outcome::Retry { after_ms: None, cause: Cause::new(CauseCode::IntegrationMissing, "") };
        let Ok(channels) = self.connected_channels() else { return missing() };
        let Some((_, integration)) = channels.into_iter().find(|(one, _)| *one == channel) else {
            return missing();
        };
        let Ok(Some(client)) = self.client(integration.as_str()).await else { return missing() };
        let event = shared::id::EventId::new(self.now(), self.random());
        let id = DeliveryId::of(&event, 0);
        let kind = self.kind_name(kind, lang);
        let outbound = Outbound::plain(id.as_str(), address, lang, &kind, message, self.now());
        self.send(&client, &outbound).await.outcome
    }

    /// The name of a kind in a language.
    pub(crate) fn kind_name(&self, code: &str, lang: Lang) -> String {
        let kind: Option<KindInfo> = self.kind(code).ok().flatten();
        kinds::name(kind.as_ref(), code, lang)
    }
}

const INTEGRATIONS: &str = "SELECT json_object('id', id, 'provider', provider, 'settings', json(settings), \
     'secret_version', secret_version, 'secret_set_at', secret_set_at, 'state', state, 'cause', json(cause), \
     'state_since', state_since, 'last_ok_at', last_ok_at) FROM integrations ORDER BY created_at, id";
