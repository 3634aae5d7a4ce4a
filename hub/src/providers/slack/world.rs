//! Test equipment: a Slack that answers by script.

use std::{ops::Deref, rc::Rc};

use serde_json::{Value, json};
use shared::render::slack::Rendered;

use super::{Client, Endpoints, SlackSecret, SlackSettings};
use crate::{
    native::VirtualClock,
    ports::{HttpResponse, Ports},
    providers::script::{Script, ports},
};

pub(super) const POST: &str = "POST /api/chat.postMessage";
pub(super) const UPDATE: &str = "POST /api/chat.update";
pub(super) const AUTH_TEST: &str = "POST /api/auth.test";

pub(super) struct World {
    script: Rc<Script>,
    pub(super) settings: SlackSettings,
    pub(super) secret: SlackSecret,
    ports: Ports,
}

impl Deref for World {
    type Target = Script;

    fn deref(&self) -> &Script {
        &self.script
    }
}

impl World {
    pub(super) fn new() -> Self {
        let script = Rc::new(Script::default());
        let ports = ports(&script, &VirtualClock::at(1_795_000_000_123));
        let settings = SlackSettings {
            client_id: "12.34".into(),
            team_id: "T01".into(),
            bot_user_id: "U0BOT".into(),
            ..SlackSettings::default()
        };
        let secret = SlackSecret {
            signing_secret: "signing".into(),
            bot_token: "xoxb-1".into(),
            client_secret: "app-s3cret".into(),
        };
        Self { script, settings, secret, ports }
    }

    pub(super) fn client(&self) -> Client {
        let endpoints = Endpoints {
            api: "https://slack.test/api".into(),
            authorize: "https://slack.test/oauth/v2/authorize".into(),
        };
        Client::new(&self.ports, endpoints, self.settings.clone(), self.secret.clone())
    }

    /// One answer with 200, as Slack gives even when it refuses.
    pub(super) fn tell(&self, request: &str, body: &Value) {
        self.on(request, 200, body);
    }

    pub(super) fn refuse(&self, request: &str, code: &str) {
        self.tell(request, &json!({"ok": false, "error": code}));
    }
}

pub(super) fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    HttpResponse { status, headers, body: body.as_bytes().to_vec() }
}

pub(super) fn notice() -> Rendered {
    Rendered {
        text: "見積の確認".into(),
        blocks: vec![json!({"type": "section", "text": {"type": "plain_text", "text": "見積の確認"}})],
    }
}
