//! What an admin types in to connect each provider of the world.

use sandbox::world::{World, resend, smtp};
use serde_json::{Value, json};

/// The demo app of the world's Slack.
pub const SLACK_APP: &str = "A0TODOKE001";

/// Body of `POST /api/integrations`.
///
/// # Panics
/// Never, in the demo world.
#[must_use]
pub fn lineworks(world: &World) -> Value {
    let app = world.app();
    json!({"provider": "lineworks", "form": {
        "client_id": app.client_id, "client_secret": app.client_secret, "service_account": app.service_account,
        "private_key": world.keys().private_pem(), "domain_id": "40029600", "bot_admin": "sato@minato",
    }})
}

/// API 1.0, by the fixed token.
#[must_use]
pub fn lineworks_v1(world: &World) -> Value {
    let tenant = world.v1();
    json!({"provider": "lineworks_v1", "form": {
        "api_id": tenant.api_id, "consumer_key": tenant.consumer_key, "via": "fixed_token",
        "token": tenant.fixed_token, "domain_id": "40029600", "bot_admin": "sato@minato",
    }})
}

/// API 1.0, by a registered server that signs for its tokens.
#[must_use]
pub fn lineworks_v1_by_id(world: &World) -> Value {
    let tenant = world.v1();
    json!({"provider": "lineworks_v1", "form": {
        "api_id": tenant.api_id, "consumer_key": tenant.consumer_key, "via": "server_id",
        "server_id": tenant.server_id, "private_key": world.keys().private_pem(), "domain_id": "40029600",
        "bot_admin": "sato@minato",
    }})
}

/// By Resend, else by SMTP.
#[must_use]
pub fn mail(by_resend: bool) -> Value {
    let form = if by_resend {
        json!({"via": "resend", "from_address": "notice@minato.example", "api_key": resend::API_KEY})
    } else {
        json!({"via": "smtp", "from_address": "notice@minato.example", "host": "smtp.minato.example", "port": "587",
            "user": smtp::USER, "password": smtp::PASSWORD})
    };
    json!({"provider": "mail", "form": form})
}

/// The account of the world's first provider, by its long-lived token.
#[must_use]
pub fn line(world: &World) -> Value {
    let all = world.line_credentials();
    let known = |name: &str| all[0][name].clone();
    json!({"provider": "line", "form": {
        "login_channel_id": known("login_channel_id"), "login_channel_secret": known("login_channel_secret"),
        "channel_secret": known("channel_secret"), "via": "token",
        "channel_access_token": known("channel_access_token"), "friend_link": known("friend_link"),
    }})
}

/// The demo app, by its bot token.
///
/// # Panics
/// When it is not installed.
#[must_use]
pub fn slack(world: &World) -> Value {
    let app = world.slack().app(SLACK_APP).unwrap();
    json!({"provider": "slack", "form": {
        "via": "token", "signing_secret": app.signing_secret, "bot_token": app.token.as_ref().unwrap(),
    }})
}

/// The Chat app, and members' own webhooks.
#[must_use]
pub fn google_chat(world: &World) -> Value {
    let file = world.google_chat().app().service_account_file(world.keys());
    json!({"provider": "google_chat", "form": {
        "webhooks": true, "service_account": file.to_string(), "audience": "endpoint_url",
    }})
}
