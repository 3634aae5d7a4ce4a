//! What providers call: verify over the raw bytes, recognise repeats, write, answer; the work follows from the
//! store (`inbox`), so a crash after the answer loses nothing.

use std::rc::Rc;

use shared::{
    api::integrations::Provider, error::Code, id::IntegrationId, inbound::Inbound, signature, time::SECOND,
};

use crate::{
    clients::Client,
    hub::Hub,
    providers::{
        Callback,
        google_chat::{self, BearerError},
        line,
        lineworks::callback,
        lineworks_v1, slack,
    },
    refusal::Refusal,
};

/// What Slack signs with, and what tells its two kinds of requests apart.
#[derive(Clone, Copy)]
pub(crate) struct SlackHeaders<'a> {
    pub(crate) timestamp: Option<&'a str>,
    pub(crate) signature: Option<&'a str>,
    pub(crate) content_type: Option<&'a str>,
}

impl Hub {
    /// `POST /hooks/lineworks/{workspace}/{integration}`: 200 for everything that is well signed.
    pub(crate) async fn lineworks_callback(
        self: &Rc<Self>,
        integration: &str,
        signature: Option<&str>,
        body: &[u8],
    ) -> Result<(), Refusal> {
        let Some(Client::Lineworks(bot)) = self.client(integration).await? else {
            return Err(Code::NotFound.into());
        };
        let secret = bot.bot_secret.as_deref().unwrap_or_default();
        if !signature.is_some_and(|header| signature::lineworks(secret, body, header)) {
            return Err(self.badly_signed(integration));
        }
        self.accept(integration, body, vec![Callback::of(callback::parse(body, self.now()))]).await
    }

    /// `POST /hooks/lineworks_v1/{workspace}/{integration}`.
    pub(crate) async fn lineworks_v1_callback(
        self: &Rc<Self>,
        integration: &str,
        signature: Option<&str>,
        body: &[u8],
    ) -> Result<(), Refusal> {
        let Some(Client::LineworksV1(bot)) = self.client(integration).await? else {
            return Err(Code::NotFound.into());
        };
        if !signature.is_some_and(|header| signature::lineworks_v1(&bot.api_id, body, header)) {
            return Err(self.badly_signed(integration));
        }
        self.accept(integration, body, lineworks_v1::callback::parse(body, self.now())).await
    }

    /// `POST /hooks/line/{workspace}/{integration}`. A body that is no webhook at all is answered 200 too: LINE
    /// would only send it again.
    pub(crate) async fn line_callback(
        self: &Rc<Self>,
        integration: &str,
        signature: Option<&str>,
        body: &[u8],
    ) -> Result<(), Refusal> {
        let Some(Client::Line(account)) = self.client(integration).await? else {
            return Err(Code::NotFound.into());
        };
        if !signature.is_some_and(|header| signature::line(&account.channel_secret, body, header)) {
            return Err(self.badly_signed(integration));
        }
        let callbacks = line::callback::parse(body, self.now()).unwrap_or_default();
        self.accept(integration, body, callbacks).await
    }

    /// `POST /hooks/slack/{workspace}/{integration}`: events and interactivity share the URL and are told apart
    /// by their content type. Answers what Slack wants to read: a challenge, or nothing.
    pub(crate) async fn slack_callback(
        self: &Rc<Self>,
        integration: &str,
        headers: SlackHeaders<'_>,
        body: &[u8],
    ) -> Result<Option<String>, Refusal> {
        let Some(Client::Slack(app)) = self.client(integration).await? else {
            return Err(Code::NotFound.into());
        };
        let now = self.now();
        let (timestamp, signed) =
            (headers.timestamp.unwrap_or_default(), headers.signature.unwrap_or_default());
        if signature::slack(&app.signing_secret, timestamp, body, signed, now).is_err() {
            return Err(self.badly_signed(integration));
        }
        if headers.content_type.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            self.accept(integration, body, slack::callback::parse_interaction(body, now)).await?;
            return Ok(None);
        }
        match slack::callback::parse_event(body, &app.settings, now) {
            slack::callback::Event::Challenge(challenge) => Ok(Some(challenge)),
            slack::callback::Event::Callbacks(callbacks) => {
                self.accept(integration, body, callbacks).await?;
                Ok(None)
            }
            slack::callback::Event::Lost { cause, at } => {
                self.integration_lost(integration, &cause, at)?;
                Ok(None)
            }
        }
    }

    /// `POST /hooks/google_chat/{workspace}/{integration}`: believed for its bearer token, which Google signs.
    pub(crate) async fn google_chat_callback(
        self: &Rc<Self>,
        integration: &str,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<(), Refusal> {
        let Some(Client::GoogleChat(chat)) = self.client(integration).await? else {
            return Err(Code::NotFound.into());
        };
        let Some(app) = &chat.settings.app else { return Err(Code::NotFound.into()) };
        let id: IntegrationId = integration.parse().map_err(|_| Code::NotFound)?;
        let endpoint = self.callback_url(Provider::GoogleChat, &id);
        let endpoints = &self.config.endpoints.google_chat;
        let now = self.now();
        match self
            .google_keys
            .verify(&self.ports, endpoints, authorization, app.audience(&endpoint), now)
            .await
        {
            Ok(()) => {}
            // Whether it is good is not known: Google tries again after a 503.
            Err(BearerError::NoKeys(why)) => {
                self.ports.log.line(&format!("callback of {integration}: Google's keys: {why}"));
                return Err(Code::Busy.into());
            }
            Err(_) => return Err(self.badly_signed(integration)),
        }
        self.accept(integration, body, google_chat::callback::parse(body, now)).await
    }

    /// Counted in one line, and 401.
    pub(crate) fn badly_signed(&self, integration: &str) -> Refusal {
        self.bad_signatures.set(self.bad_signatures.get() + 1);
        self.ports
            .log
            .line(&format!("callback of {integration}: bad signature, {} so far", self.bad_signatures.get()));
        Code::BadSignature.into()
    }

    /// Writes what came in, once each, and lets the dispatcher work on it.
    pub(crate) async fn accept(
        self: &Rc<Self>,
        integration: &str,
        body: &[u8],
        callbacks: Vec<Callback>,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let said_in_room = callbacks
            .iter()
            .any(|callback| matches!(callback.inbound, Inbound::Message { room: Some(_), .. }));
        let hears_rooms = said_in_room && self.apps_hear_rooms(integration)?;
        let asks_for_work = |inbound: &Inbound| asks_for_work(inbound, hears_rooms);
        if callbacks.iter().any(|callback| asks_for_work(&callback.inbound)) {
            self.arm(now + 5 * SECOND).await?;
        }
        let mut waits = false;
        for (index, Callback { inbound, key, reply_token }) in callbacks.into_iter().enumerate() {
            if inbound == Inbound::Ignored {
                continue;
            }
            let works = asks_for_work(&inbound);
            // The provider's own number of the event, or else the bytes: what comes twice is known again.
            let identity = match &key {
                Some(key) => [integration.as_bytes(), b"\nkey\n", key.as_bytes()].concat(),
                None => [integration.as_bytes(), b"\n", index.to_string().as_bytes(), b"\n", body].concat(),
            };
            let written = self.ports.sql.wrote(
                "INSERT INTO inbox (id, integration, inbound, received_at, due_at, reply_token) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 ON CONFLICT (id) DO NOTHING",
                &[
                    crate::sessions::hash_of(identity).into(),
                    integration.into(),
                    serde_json::to_string(&inbound)?.into(),
                    now.into(),
                    works.then_some(now).into(),
                    reply_token.into(),
                ],
            )?;
            waits |= works && written;
        }
        if waits {
            self.inbox_waits.set(true);
            self.dispatcher.nudge();
        }
        Ok(())
    }
}

/// Whether anything follows. What does not is kept for a while only to know a repeat.
const fn asks_for_work(inbound: &Inbound, hears_rooms: bool) -> bool {
    match inbound {
        // In rooms people talk with each other; unless an app listens, nothing there is meant for us.
        Inbound::Message { room: Some(_), .. } => hears_rooms,
        inbound => {
            !matches!(inbound, Inbound::MembersJoined { .. } | Inbound::MembersLeft { .. } | Inbound::Ignored)
        }
    }
}
