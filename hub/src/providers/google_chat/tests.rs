//! Webhooks and the app against a provider that answers by script.

mod app;
mod callbacks;
mod pems;
mod tokens;
mod webhooks;

use std::rc::Rc;

use serde_json::{Value, json};
use shared::{
    delivery::{CauseCode, Effect, Outcome},
    integration::ChatAudience,
};

use super::{App, Client, Endpoints, GoogleChatSecret, GoogleChatSettings, TokenCache};
use crate::{
    native::VirtualClock,
    ports::Ports,
    providers::script::{self, PKCS8, Script},
};

const NOW: i64 = 1_795_000_000_123;
const ACCOUNT: &str = "todoke@minato.iam.gserviceaccount.com";

struct World {
    clock: Rc<VirtualClock>,
    script: Rc<Script>,
    ports: Ports,
    settings: GoogleChatSettings,
    secret: GoogleChatSecret,
    tokens: Rc<TokenCache>,
}

impl World {
    fn new() -> Self {
        let clock = VirtualClock::at(NOW);
        let script = Rc::new(Script::default());
        let ports = script::ports(&script, &clock);
        let app = App {
            client_email: ACCOUNT.into(),
            private_key_id: "k-1".into(),
            audience: ChatAudience::EndpointUrl,
            project_number: String::new(),
        };
        let settings = GoogleChatSettings { webhooks: true, app: Some(app) };
        let secret = GoogleChatSecret { private_key: Some(PKCS8.into()) };
        Self { clock, script, ports, settings, secret, tokens: Rc::default() }
    }

    /// With a token request that succeeds with `ya29.t1`.
    fn signed_in() -> Self {
        let world = Self::new();
        world.token("ya29.t1");
        world
    }

    fn token(&self, token: &str) {
        let body = json!({"access_token": token, "expires_in": 3599, "token_type": "Bearer"});
        self.script.on(TOKEN, 200, &body);
    }

    fn client(&self) -> Client {
        let tokens = Rc::clone(&self.tokens);
        Client::new(&self.ports, endpoints(), self.settings.clone(), self.secret.clone(), tokens, None)
    }
}

const TOKEN: &str = "POST /token";

fn endpoints() -> Endpoints {
    Endpoints {
        chat: "https://chat.test".into(),
        oauth: "https://oauth.test".into(),
        keys: "https://keys.test".into(),
    }
}

fn card() -> Value {
    json!({"fallbackText": "停電です", "cardsV2": [{"cardId": "todoke", "card": {}}]})
}

/// The provider's error form.
fn error(code: u16, status: &str, reason: &str, message: &str) -> Value {
    let mut error = json!({"code": code, "message": message, "status": status});
    if !reason.is_empty() {
        error["details"] = json!([
            {"@type": "type.googleapis.com/google.rpc.BadRequest"},
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"},
        ]);
    }
    json!({"error": error})
}

/// `retry`, `rejected` with its effect, `uncertain` or `accepted`, and the cause.
fn shape(outcome: &Outcome) -> (&'static str, Option<CauseCode>, Option<Effect>) {
    match outcome {
        Outcome::Accepted { .. } => ("accepted", None, None),
        Outcome::Retry { cause, .. } => ("retry", Some(cause.code), None),
        Outcome::Rejected { cause, effect } => ("rejected", Some(cause.code), Some(*effect)),
        Outcome::Uncertain { cause } => ("uncertain", Some(cause.code), None),
    }
}

const fn retry(code: CauseCode) -> (&'static str, Option<CauseCode>, Option<Effect>) {
    ("retry", Some(code), None)
}

const fn rejected(code: CauseCode, effect: Effect) -> (&'static str, Option<CauseCode>, Option<Effect>) {
    ("rejected", Some(code), Some(effect))
}

const ACCEPTED: (&str, Option<CauseCode>, Option<Effect>) = ("accepted", None, None);
const UNCERTAIN: (&str, Option<CauseCode>, Option<Effect>) =
    ("uncertain", Some(CauseCode::ProviderError), None);
