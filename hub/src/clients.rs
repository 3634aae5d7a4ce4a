//! Clients of the connected providers, kept as long as their secret's version is the current one, and the one
//! place that knows which provider serves which channel.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use serde::Deserialize;
use shared::{
    api::{deliveries::Preview, integrations::Provider, settings::KindInfo},
    bucket::Bucket,
    channel::Channel,
    delivery::{Cause, CauseCode, Outcome},
    error::Code,
    id::{DeliveryId, IntegrationId},
    integration::MailVia,
    lang::Lang,
    message::{Context, Message},
    render,
    time::{MINUTE, Millis, SECOND},
};

use crate::{
    hub::Hub,
    kinds,
    providers::{
        lineworks::{self, Kept, LIMITS, LineworksSecret, LineworksSettings, TokenCache},
        mail::{self, Envelope, Mail, MailSecret, MailSettings},
    },
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
    Mail(Rc<MailAccount>),
}

pub(crate) struct Lineworks {
    pub(crate) client: lineworks::Client,
    pub(crate) bot_secret: Option<String>,
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
    /// perhaps twice, take 10 s at most; SMTP's steps add up to more.
    pub(crate) fn lease(&self) -> Millis {
        match self {
            Self::Mail(account) if account.settings.via == MailVia::Smtp => 150 * SECOND,
            Self::Lineworks(_) | Self::Mail(_) => 45 * SECOND,
        }
    }

    /// Whether a repeat with the same id is recognised by the provider.
    pub(crate) fn keyed(&self) -> bool {
        matches!(self, Self::Mail(account) if account.settings.via == MailVia::Resend)
    }
}

/// The limit we keep before the provider tells its own.
pub(crate) fn new_bucket(row: Option<&IntegrationRow>) -> Bucket {
    let resend =
        |row: &IntegrationRow| row.settings.get("via").and_then(|via| via.as_str()) == Some("resend");
    match row {
        Some(row) if row.provider == Provider::Lineworks => Bucket::new(LIMITS.standard, MINUTE),
        // email.md §3: 2/s was seen as the lowest.
        Some(row) if resend(row) => Bucket::new(2, SECOND),
        _ => Bucket::new(600, MINUTE),
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
        let Some(row) = self.integration_row(id)? else { return Ok(None) };
        if let Some(client) = self.loaded(id, row.secret_version) {
            return Ok(Some(client));
        }
        let kv = &*self.ports.kv;
        let version = row.secret_version;
        // The operator's rotation of VAULT_KEY reaches each secret when it is next used.
        self.vault.reseal(kv, &*self.ports.random, &row.id, version).await?;
        let secret = self.vault.get_secret(kv, &row.id, version).await?.ok_or(Code::Busy)?;
        let client = match row.provider {
            Provider::Lineworks => self.lineworks(
                &row.id,
                version,
                serde_json::from_value(row.settings)?,
                serde_json::from_slice(&secret)?,
            ),
            Provider::Mail => Client::Mail(Rc::new(MailAccount {
                settings: serde_json::from_value(row.settings)?,
                secret: serde_json::from_slice(&secret)?,
            })),
        };
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

    /// A body to freeze before the first try, for providers that bind their key to it.
    pub(crate) fn freeze(&self, client: &Client, outbound: &Outbound<'_>) -> Option<String> {
        match client {
            Client::Mail(account) if account.settings.via == MailVia::Resend => {
                let content = self.mail_content(outbound);
                let body = mail::resend::build_body(&mail_of(account, outbound, &content)).ok()?;
                String::from_utf8(body).ok()
            }
            _ => None,
        }
    }

    /// One try. Never fails: what goes wrong is an outcome.
    pub(crate) async fn send(&self, client: &Client, outbound: &Outbound<'_>) -> Sent {
        match client {
            Client::Lineworks(bot) => {
                let content = render::lineworks::render(outbound.message, &self.context(outbound));
                let (outcome, limit) = if outbound.to_room {
                    bot.client.send_to_room(outbound.to, &content).await
                } else {
                    bot.client.send_to_user(outbound.to, &content).await
                };
                let limit = limit.map(|limit| Limit {
                    limit: limit.limit,
                    remaining: limit.remaining,
                    reset_ms: limit.reset_ms,
                });
                Sent { outcome, limit }
            }
            Client::Mail(account) => Sent { outcome: self.send_mail(account, outbound).await, limit: None },
        }
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
        let outbound = Outbound {
            id: id.as_str(),
            to: address,
            to_room: false,
            lang,
            kind: &kind,
            message,
            at: self.now(),
            unsubscribe: None,
            frozen: None,
        };
        self.send(&client, &outbound).await.outcome
    }

    /// The message in the form of `channel`'s provider, for people to look at.
    pub(crate) fn preview(&self, channel: Channel, outbound: &Outbound<'_>) -> Preview {
        match channel {
            Channel::Email => {
                let content = self.mail_content(outbound);
                Preview::Mail { subject: content.subject, text: content.text, html: content.html }
            }
            Channel::Lineworks | Channel::Line | Channel::Slack | Channel::GoogleChat => Preview::Lineworks {
                content: render::lineworks::render(outbound.message, &self.context(outbound)),
            },
        }
    }

    /// The name of a kind in a language.
    pub(crate) fn kind_name(&self, code: &str, lang: Lang) -> String {
        let kind: Option<KindInfo> = self.kind(code).ok().flatten();
        kinds::name(kind.as_ref(), code, lang)
    }

    pub(crate) fn lineworks(
        &self,
        id: &IntegrationId,
        version: u32,
        settings: LineworksSettings,
        secret: LineworksSecret,
    ) -> Client {
        let kept = Kept { vault: self.vault.clone(), integration: id.clone(), version };
        let bot_secret = secret.bot_secret.clone();
        let client = lineworks::Client::new(
            &self.ports,
            self.config.lineworks.clone(),
            settings,
            secret,
            Rc::new(TokenCache::default()),
            Some(kept),
        );
        Client::Lineworks(Rc::new(Lineworks { client, bot_secret }))
    }

    async fn send_mail(&self, account: &MailAccount, outbound: &Outbound<'_>) -> Outcome {
        let content = self.mail_content(outbound);
        let mail = mail_of(account, outbound, &content);
        match (account.settings.via, &account.secret) {
            (MailVia::Resend, MailSecret::ApiKey(key)) => {
                let body = match outbound.frozen {
                    Some(frozen) => Ok(frozen.as_bytes().to_vec()),
                    None => mail::resend::build_body(&mail),
                };
                match body {
                    Ok(body) => {
                        mail::resend::send(
                            &*self.ports.http,
                            &self.config.resend_url,
                            key,
                            outbound.id,
                            &body,
                        )
                        .await
                    }
                    Err(error) => error.outcome(),
                }
            }
            (MailVia::Smtp, secret) => {
                let Some(smtp) = account.settings.smtp_account(secret, self.config.development) else {
                    return Outcome::Retry { after_ms: None, cause: Cause::new(CauseCode::Credentials, "") };
                };
                match mail::mime::build(&mail) {
                    Ok(bytes) => {
                        let envelope = Envelope {
                            from: account.settings.from_address.clone(),
                            to: outbound.to.to_owned(),
                        };
                        mail::smtp::send(&*self.ports.tcp, &smtp, &envelope, &bytes).await
                    }
                    Err(error) => error.outcome(),
                }
            }
            (MailVia::Resend, MailSecret::Password(_)) => {
                Outcome::Retry { after_ms: None, cause: Cause::new(CauseCode::Credentials, "") }
            }
        }
    }

    fn mail_content(&self, outbound: &Outbound<'_>) -> render::mail::MailContent {
        render::mail::render(outbound.message, &self.context(outbound), outbound.unsubscribe)
    }

    fn context<'a>(&'a self, outbound: &'a Outbound<'a>) -> Context<'a> {
        Context {
            lang: outbound.lang,
            kind: outbound.kind,
            workspace: self.workspace_name(),
            ..Context::default()
        }
    }

    /// Read once: the name is on every mail.
    fn workspace_name(&self) -> &str {
        self.name.get_or_init(|| self.workspace().map(|workspace| workspace.name).unwrap_or_default())
    }
}

fn mail_of<'a>(
    account: &'a MailAccount,
    outbound: &Outbound<'a>,
    content: &'a render::mail::MailContent,
) -> Mail<'a> {
    Mail {
        id: outbound.id,
        at: outbound.at,
        settings: &account.settings,
        to: outbound.to,
        content,
        unsubscribe: outbound.unsubscribe,
    }
}

const INTEGRATIONS: &str = "SELECT json_object('id', id, 'provider', provider, 'settings', json(settings), \
     'secret_version', secret_version, 'secret_set_at', secret_set_at, 'state', state, 'cause', json(cause), \
     'state_since', state_since, 'last_ok_at', last_ok_at) FROM integrations ORDER BY created_at, id";
