//! Linking Google Chat by a webhook URL that the member made (google_chat.md §1).

use std::rc::Rc;

use shared::{
    channel::{AddressState, Channel},
    delivery::Outcome,
    error::{Code, Error},
    id::EventId,
    message::Context,
    render::google_chat::{Mode, render},
};

use super::{New, refused_field};
use crate::{
    clients::{Client, WEBHOOK},
    hub::Hub,
    inbox::linked,
    providers::{google_chat::webhook, line::retry_key},
    refusal::Refusal,
    sessions::SignedIn,
};

/// A space's id is about 11 characters; no more of it is shown.
const LABEL: usize = 16;

impl Hub {
    /// Posts a friendly line to `url`, which is the only way to try it (google_chat.md §2), and keeps it when it
    /// was taken. Errors: `required`, `not_a_google_chat_webhook`, `not_connected` where webhooks are not
    /// allowed, `connection_failed` with the provider's reason.
    pub(super) async fn link_google_chat(self: &Rc<Self>, me: &SignedIn, url: &str) -> Result<(), Refusal> {
        if url.is_empty() {
            return Err(Error::field(Code::Required, "url").into());
        }
        let space = webhook::space(url).ok_or_else(|| Error::field(Code::NotAGoogleChatWebhook, "url"))?;
        match self.serving(Channel::GoogleChat).await?.1 {
            Client::GoogleChat(chat) if chat.settings.webhooks => {}
            _ => return Err(Error::field(Code::NotConnected, "url").into()),
        }
        self.try_webhook(me, url).await?;
        // Its own place each time, so that a stale read never serves the URL of before.
        let name = self.new_token();
        let (kv, random) = (&*self.ports.kv, &*self.ports.random);
        self.vault.put_named(kv, random, &name, url.as_bytes()).await?;
        let new = New {
            channel: Channel::GoogleChat,
            value: &format!("{WEBHOOK}{space}:{name}"),
            label: &short(space),
            state: AddressState::Linked,
        };
        let written = self.write_own_address(&me.id, &new);
        let gone = match &written {
            Ok(old) => old.as_ref().map(|old| old.value.as_str()),
            Err(_) => Some(new.value),
        };
        if let Some(gone) = gone {
            self.forget_grant(&me.id, Channel::GoogleChat, gone).await;
        }
        written.map(drop)
    }

    async fn try_webhook(&self, me: &SignedIn, url: &str) -> Result<(), Refusal> {
        let workspace = self.workspace()?;
        let context = Context {
            lang: me.language,
            kind: &workspace.name,
            workspace: &workspace.name,
            ..Context::default()
        };
        let message = render(&linked(me.language, &self.config.public_url), &context, Mode::Webhook);
        let id = retry_key(EventId::new(self.now(), self.random()).as_str());
        let endpoints = &self.config.endpoints.google_chat;
        match webhook::send(&*self.ports.http, endpoints, url, &message, None, &id).await {
            Outcome::Accepted { .. } => Ok(()),
            Outcome::Retry { cause, .. } | Outcome::Rejected { cause, .. } | Outcome::Uncertain { cause } => {
                Err(refused_field("url", &cause, me.language))
            }
        }
    }
}

fn short(space: &str) -> String {
    let mut short: String = space.chars().take(LABEL).collect();
    if short.len() < space.len() {
        short.push('…');
    }
    short
}
