//! What the operator set: variables and secrets of the deployment.

use hub::{Config, providers::lineworks::Endpoints};
use shared::id::WorkspaceId;
use worker::Env;

/// The hub's configuration for one workspace. Only the development configuration points providers
/// elsewhere: in production their addresses are not read from variables at all.
#[must_use]
pub(crate) fn config(env: &Env, workspace: WorkspaceId) -> Config {
    let development = development(env);
    let public_url = variable(env, "PUBLIC_URL").unwrap_or_default();
    let elsewhere = |name| variable(env, name).filter(|_| development);
    let real = Endpoints::default();
    Config {
        workspace,
        callback_url: variable(env, "CALLBACK_URL").unwrap_or_else(|| public_url.clone()),
        public_url,
        development,
        vault_key: variable(env, "VAULT_KEY").unwrap_or_default(),
        vault_key_previous: variable(env, "VAULT_KEY_PREVIOUS"),
        lineworks: Endpoints {
            auth: elsewhere("LINEWORKS_AUTH_URL").unwrap_or(real.auth),
            api: elsewhere("LINEWORKS_API_URL").unwrap_or(real.api),
        },
        resend_url: elsewhere("RESEND_URL").unwrap_or_else(|| "https://api.resend.com".to_owned()),
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
