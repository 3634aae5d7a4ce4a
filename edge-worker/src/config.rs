//! What the operator set: variables and secrets of the deployment.

use hub::{
    Config, Endpoints,
    providers::{google_chat, line, lineworks, lineworks_v1, slack},
};
use shared::id::WorkspaceId;
use worker::Env;

/// The hub's configuration for one workspace. Only the development configuration points providers
/// elsewhere: in production their addresses are not read from variables at all.
#[must_use]
pub(crate) fn config(env: &Env, workspace: WorkspaceId) -> Config {
    let development = development(env);
    let public_url = variable(env, "PUBLIC_URL").unwrap_or_default();
    Config {
        workspace,
        callback_url: variable(env, "CALLBACK_URL").unwrap_or_else(|| public_url.clone()),
        public_url,
        development,
        vault_key: variable(env, "VAULT_KEY").unwrap_or_default(),
        vault_key_previous: variable(env, "VAULT_KEY_PREVIOUS"),
        endpoints: endpoints(env, development),
    }
}

/// Development's variables are looked at in development only.
fn endpoints(env: &Env, development: bool) -> Endpoints {
    let real = Endpoints::default();
    if !development {
        return real;
    }
    let or = |name, real| variable(env, name).unwrap_or(real);
    Endpoints {
        lineworks: lineworks::Endpoints {
            auth: or("LINEWORKS_AUTH_URL", real.lineworks.auth),
            api: or("LINEWORKS_API_URL", real.lineworks.api),
        },
        lineworks_v1: lineworks_v1::Endpoints {
            auth: or("LINEWORKS_V1_AUTH_URL", real.lineworks_v1.auth),
            api: or("LINEWORKS_V1_API_URL", real.lineworks_v1.api),
        },
        line: line::Endpoints {
            api: or("LINE_API_URL", real.line.api),
            access: or("LINE_ACCESS_URL", real.line.access),
            friend: or("LINE_FRIEND_URL", real.line.friend),
        },
        slack: slack::Endpoints {
            api: or("SLACK_API_URL", real.slack.api),
            authorize: or("SLACK_AUTHORIZE_URL", real.slack.authorize),
        },
        google_chat: google_chat::Endpoints {
            chat: or("GOOGLE_CHAT_URL", real.google_chat.chat),
            oauth: or("GOOGLE_OAUTH_URL", real.google_chat.oauth),
            keys: or("GOOGLE_KEYS_URL", real.google_chat.keys),
        },
        resend: or("RESEND_URL", real.resend),
        web_push: variable(env, "WEB_PUSH_URL"),
    }
}

#[must_use]
pub(crate) fn development(env: &Env) -> bool {
    variable(env, "DEVELOPMENT").is_some_and(|value| value == "1")
}

/// `scheme://host[:port]` of the pages.
#[must_use]
pub(crate) fn origin(env: &Env) -> Option<String> {
    let url = worker::Url::parse(&variable(env, "PUBLIC_URL")?).ok()?;
    Some(url.origin().ascii_serialization())
}

/// A variable or secret that is set and not empty.
#[must_use]
pub(crate) fn variable(env: &Env, name: &str) -> Option<String> {
    env.var(name).ok().map(|value| value.to_string()).filter(|value| !value.is_empty())
}
