//! One try at one provider, and what its message looks like.

use std::rc::Rc;

use shared::{
    api::deliveries::Preview,
    channel::Channel,
    delivery::{Cause, CauseCode, Effect, Outcome},
    integration::MailVia,
    message::Context,
    render,
};

use super::{Client, FoundRoom, GoogleChat, Limit, MailAccount, Outbound, Sent, WEBHOOK};
use crate::{
    hub::Hub,
    providers::{
        google_chat::webhook,
        line,
        lineworks::{self, CallError},
        mail::{self, Envelope, Mail, MailSecret},
        slack,
    },
};

impl Hub {
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
        let name = self.workspace_name();
        let context = self.context(outbound, &name);
        let outcome = match client {
            Client::Lineworks(bot) => {
                let content = render::lineworks::render(outbound.message, &context);
                let (outcome, limit) = if outbound.to_room {
                    bot.client.send_to_room(outbound.to, &content).await
                } else {
                    bot.client.send_to_user(outbound.to, &content).await
                };
                return Sent { outcome, limit: limit.map(limit_of) };
            }
            Client::LineworksV1(bot) => {
                let content = render::lineworks::render(outbound.message, &context);
                if outbound.to_room {
                    bot.client.send_to_room(outbound.to, &content).await
                } else {
                    bot.client.send_to_user(outbound.to, &content).await
                }
            }
            Client::Line(account) => {
                let messages = render::line::render(outbound.message, &context);
                let free = match outbound.reply_token {
                    Some(token) => account.client.reply(token, &messages).await,
                    None => None,
                };
                match free {
                    Some(outcome) => outcome,
                    None => account.client.push(outbound.to, &messages, &line::retry_key(outbound.id)).await,
                }
            }
            Client::Slack(app) => {
                let message = render::slack::render(outbound.message, &context);
                match outbound.edits.and_then(slack::read_reference) {
                    Some((channel, ts)) => app.client.update(channel, ts, &message).await,
                    None => app.client.post_message(outbound.to, &message, None).await,
                }
            }
            Client::GoogleChat(chat) => self.send_to_chat(chat, outbound, &context).await,
            Client::Mail(account) => self.send_mail(account, outbound).await,
            Client::WebPush(client) => self.push(client, outbound, &context).await,
        };
        Sent { outcome, limit: None }
    }

    /// One message to up to 500 friends at once. LINE takes all of them or none.
    pub(crate) async fn send_to_many(
        &self,
        account: &super::Line,
        to: &[String],
        outbound: &Outbound<'_>,
    ) -> Outcome {
        let name = self.workspace_name();
        let messages = render::line::render(outbound.message, &self.context(outbound, &name));
        account.client.multicast(to, &messages, &line::retry_key(outbound.id)).await
    }

    /// Up to five notices to one person at once; paid as one.
    pub(crate) async fn send_merged(
        &self,
        account: &super::Line,
        notices: &[Outbound<'_>],
        key: &str,
    ) -> Outcome {
        let name = self.workspace_name();
        let messages: Vec<_> = notices
            .iter()
            .flat_map(|outbound| render::line::render(outbound.message, &self.context(outbound, &name)))
            .collect();
        let to = notices.first().map(|outbound| outbound.to).unwrap_or_default();
        account.client.push(to, &messages, &line::retry_key(key)).await
    }

    /// The message in the form of `channel`'s provider, for people to look at.
    pub(crate) fn preview(&self, channel: Channel, outbound: &Outbound<'_>) -> Preview {
        match channel {
            // With the link at its foot, which is the reader's own.
            Channel::Email => {
                let content = self.mail_content(outbound);
                Preview::Mail { subject: content.subject, text: content.text, html: content.html }
            }
            channel => {
                render::preview(channel, outbound.message, &self.context(outbound, &self.workspace_name()))
                    .into()
            }
        }
    }

    /// The name of a room that the bot came into.
    pub(crate) async fn find_room(&self, client: &Client, room: &str) -> FoundRoom {
        match client {
            Client::Lineworks(bot) => match bot.client.room(room).await {
                Ok(found) => FoundRoom::Named(found.title.unwrap_or_default()),
                Err(CallError::Refused(no)) if no.status == 404 || no.code == "ACCESS_DENIED" => {
                    FoundRoom::Gone
                }
                Err(CallError::Refused(no)) if no.status == 403 => FoundRoom::Named(String::new()),
                Err(_) => FoundRoom::Unknown,
            },
            // Neither tells the name of a group (line.md has it for verified accounts only; API 1.0 not at all).
            Client::LineworksV1(_) | Client::Line(_) => FoundRoom::Named(String::new()),
            Client::Slack(app) => match app.client.conversation(room).await {
                Ok(found) if found.is_member || found.is_im => FoundRoom::Named(found.name),
                Ok(_) => FoundRoom::Gone,
                Err(error) => found_by(&error.outcome()),
            },
            Client::GoogleChat(chat) => match &chat.app {
                Some(app) => match app.space(room).await {
                    Ok(found) => FoundRoom::Named(found.title.unwrap_or_default()),
                    Err(error) => found_by(&error.outcome()),
                },
                None => FoundRoom::Gone,
            },
            Client::Mail(_) | Client::WebPush(_) => FoundRoom::Gone,
        }
    }

    /// What the provider calls somebody whom the workspace does not know.
    pub(crate) async fn name_at(&self, client: &Client, user: &str) -> Option<String> {
        match client {
            Client::Line(account) => {
                account.client.profile(user).await.ok()?.map(|profile| profile.display_name)
            }
            Client::Slack(app) => app.client.user(user).await.ok()?.map(|user| user.name),
            Client::Lineworks(_)
            | Client::LineworksV1(_)
            | Client::GoogleChat(_)
            | Client::Mail(_)
            | Client::WebPush(_) => None,
        }
        .filter(|name| !name.trim().is_empty())
    }

    async fn send_to_chat(
        &self,
        chat: &GoogleChat,
        outbound: &Outbound<'_>,
        context: &Context<'_>,
    ) -> Outcome {
        let endpoints = &self.config.endpoints.google_chat;
        let request_id = line::retry_key(outbound.id);
        if let Some(address) = outbound.to.strip_prefix(WEBHOOK) {
            let name = address.split_once(':').map_or(address, |(_, name)| name);
            let url = match self.vault.get_named(&*self.ports.kv, &*self.ports.random, name).await {
                Ok(Some(url)) => String::from_utf8(url).unwrap_or_default(),
                // Not seen here yet, or for a moment: the store answers within a minute.
                Ok(None) | Err(_) => {
                    return Outcome::Retry {
                        after_ms: None,
                        cause: Cause::new(CauseCode::AddressMissing, ""),
                    };
                }
            };
            let message =
                render::google_chat::render(outbound.message, context, render::google_chat::Mode::Webhook);
            let sent =
                webhook::send(&*self.ports.http, endpoints, &url, &message, outbound.thread, &request_id)
                    .await;
            // A webhook cannot change what it sent, so there is nothing to refer to.
            return match sent {
                Outcome::Accepted { .. } => Outcome::Accepted { reference: None },
                other => other,
            };
        }
        let Some(app) = &chat.app else {
            return Outcome::Rejected {
                cause: Cause::new(CauseCode::IntegrationMissing, ""),
                effect: Effect::None,
            };
        };
        let message = render::google_chat::render(outbound.message, context, render::google_chat::Mode::App);
        match outbound.edits {
            Some(name) => app.update(name, &message).await,
            None if outbound.to.starts_with("spaces/") => {
                app.create(outbound.to, &message, &request_id, outbound.thread).await
            }
            None => app.create_for(outbound.to, &message, &request_id, outbound.thread).await,
        }
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
                        let url = &self.config.endpoints.resend;
                        mail::resend::send(&*self.ports.http, url, key, outbound.id, &body).await
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
        render::mail::render(
            outbound.message,
            &self.context(outbound, &self.workspace_name()),
            outbound.unsubscribe,
        )
    }

    fn context<'a>(&self, outbound: &'a Outbound<'a>, workspace: &'a str) -> Context<'a> {
        Context {
            lang: outbound.lang,
            kind: outbound.kind,
            workspace,
            event: outbound.event,
            page: outbound.page,
            settled: outbound.settled,
            mentions: outbound.mentions,
        }
    }

    /// Read once: the name is on every mail.
    fn workspace_name(&self) -> Rc<str> {
        if let Some(known) = &*self.name.borrow() {
            return Rc::clone(known);
        }
        let read: Rc<str> = self.workspace().map(|workspace| workspace.name).unwrap_or_default().into();
        self.name.replace(Some(Rc::clone(&read)));
        read
    }
}

/// A room that was not found, by what the refusal would mean for a delivery.
fn found_by(outcome: &Outcome) -> FoundRoom {
    match outcome {
        Outcome::Rejected { effect: Effect::RoomLost, .. } => FoundRoom::Gone,
        Outcome::Rejected { .. } => FoundRoom::Named(String::new()),
        Outcome::Accepted { .. } | Outcome::Retry { .. } | Outcome::Uncertain { .. } => FoundRoom::Unknown,
    }
}

fn limit_of(limit: lineworks::Limit) -> Limit {
    Limit { limit: limit.limit, remaining: limit.remaining, reset_ms: limit.reset_ms }
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
