//! From a form to what may be stored and what must be sealed, and back when credentials are replaced.

use serde::{Serialize, de::DeserializeOwned};
use shared::{
    api::integrations::{IntegrationRequest, Provider, SecretRequest},
    error::{Code, Error},
    integration::{LineworksForm, LineworksV1Form, MailForm, MailVia, SlackVia, SmtpSecurity},
};

use crate::{
    hub::Hub,
    providers::{
        google_chat, line,
        lineworks::{self, LineworksSecret, LineworksSettings},
        lineworks_v1::{self, LineworksV1Secret, LineworksV1Settings, Server},
        mail::{self, MailSecret, MailSettings},
        slack,
    },
    refusal::Refusal,
};

/// What is kept of a connection.
pub(super) struct Parts {
    pub(super) provider: Provider,
    /// For the store.
    pub(super) settings: serde_json::Value,
    /// For the vault.
    pub(super) secret: Vec<u8>,
}

impl Parts {
    fn new(provider: Provider, settings: &impl Serialize, secret: &impl Serialize) -> Result<Self, Refusal> {
        Ok(Self { provider, settings: serde_json::to_value(settings)?, secret: serde_json::to_vec(secret)? })
    }

    /// Both, as the provider's own types.
    pub(super) fn read<S: DeserializeOwned, T: DeserializeOwned>(&self) -> Result<(S, T), Refusal> {
        Ok((serde_json::from_value(self.settings.clone())?, serde_json::from_slice(&self.secret)?))
    }

    pub(super) fn write(
        &mut self,
        settings: &impl Serialize,
        secret: &impl Serialize,
    ) -> Result<(), Refusal> {
        *self = Self::new(self.provider, settings, secret)?;
        Ok(())
    }
}

impl Hub {
    /// Cleans and checks a form. Every wrong field is named.
    pub(super) fn parts(&self, request: IntegrationRequest) -> Result<Parts, Refusal> {
        match request {
            IntegrationRequest::Lineworks(mut form) => {
                form.clean();
                Refusal::unless_empty(form.problems())?;
                let (settings, secret) = lineworks::split(&form)?;
                Parts::new(Provider::Lineworks, &settings, &secret)
            }
            IntegrationRequest::LineworksV1(mut form) => {
                form.clean();
                Refusal::unless_empty(form.problems())?;
                let (settings, secret) = lineworks_v1::split(&form)?;
                Parts::new(Provider::LineworksV1, &settings, &secret)
            }
            IntegrationRequest::Line(mut form) => {
                form.clean();
                Refusal::unless_empty(form.problems())?;
                let (settings, secret) = line::split(&form);
                Parts::new(Provider::Line, &settings, &secret)
            }
            IntegrationRequest::Slack(mut form) => {
                form.clean();
                Refusal::unless_empty(form.problems())?;
                let (settings, secret) = slack::split(&form);
                Parts::new(Provider::Slack, &settings, &secret)
            }
            IntegrationRequest::GoogleChat(mut form) => {
                form.clean();
                Refusal::unless_empty(form.problems())?;
                let (settings, secret) = google_chat::split(&form)?;
                Parts::new(Provider::GoogleChat, &settings, &secret)
            }
            IntegrationRequest::Mail(form) => self.mail_parts(form),
        }
    }

    /// The kept parts with what `request` gives in their place; what is empty stays. Answers the names of the
    /// replaced fields too.
    pub(super) fn replaced(&self, kept: &Parts, request: SecretRequest) -> Result<(Parts, String), Refusal> {
        let mut changed = Changed::default();
        let parts = match kept.provider {
            Provider::Lineworks => {
                let (mut settings, secret): (LineworksSettings, LineworksSecret) = kept.read()?;
                let mut form = LineworksForm {
                    client_id: settings.client_id.clone(),
                    client_secret: changed.or("client_secret", request.client_secret, &secret.client_secret),
                    service_account: changed.or(
                        "service_account",
                        request.service_account,
                        &settings.service_account,
                    ),
                    private_key: changed.or("private_key", request.private_key, &secret.private_key),
                    domain_id: settings.domain_id.to_string(),
                    bot_admin: settings.bot_admin.clone(),
                    bot_subadmin: settings.bot_subadmin.clone(),
                    bot_name: settings.bot_name.clone(),
                };
                form.clean();
                Refusal::unless_empty(form.problems())?;
                settings.service_account = form.service_account;
                let secret = LineworksSecret {
                    client_secret: form.client_secret,
                    private_key: form.private_key,
                    bot_secret: secret.bot_secret,
                };
                Parts::new(kept.provider, &settings, &secret)?
            }
            Provider::LineworksV1 => {
                let (settings, mut secret): (LineworksV1Settings, LineworksV1Secret) = kept.read()?;
                secret.consumer_key =
                    changed.or("consumer_key", clean(&request.consumer_key), &secret.consumer_key);
                match &mut secret.server {
                    Server::FixedToken(token) => *token = changed.or("token", clean(&request.token), token),
                    Server::PrivateKey(key) => {
                        let mut form = LineworksV1Form {
                            private_key: request.private_key,
                            ..LineworksV1Form::default()
                        };
                        form.clean();
                        *key = changed.or("private_key", form.private_key, key);
                    }
                }
                Parts::new(kept.provider, &settings, &secret)?
            }
            Provider::Line => {
                let (settings, mut secret): (line::LineSettings, line::LineSecret) = kept.read()?;
                secret.login_channel_secret = changed.or(
                    "login_channel_secret",
                    clean(&request.login_channel_secret),
                    &secret.login_channel_secret,
                );
                secret.channel_secret =
                    changed.or("channel_secret", clean(&request.channel_secret), &secret.channel_secret);
                match &mut secret.token {
                    line::ChannelToken::LongLived(token) => {
                        *token =
                            changed.or("channel_access_token", clean(&request.channel_access_token), token);
                    }
                    line::ChannelToken::Key(key) => {
                        *key = changed.or("private_key", request.private_key, key)
                    }
                }
                Parts::new(kept.provider, &settings, &secret)?
            }
            Provider::Slack => {
                let (settings, mut secret): (slack::SlackSettings, slack::SlackSecret) = kept.read()?;
                secret.signing_secret =
                    changed.or("signing_secret", clean(&request.signing_secret), &secret.signing_secret);
                match settings.via {
                    SlackVia::Token => {
                        secret.bot_token =
                            changed.or("bot_token", clean(&request.bot_token), &secret.bot_token);
                    }
                    SlackVia::Install => {
                        secret.client_secret =
                            changed.or("client_secret", clean(&request.client_secret), &secret.client_secret);
                    }
                }
                Parts::new(kept.provider, &settings, &secret)?
            }
            Provider::GoogleChat => {
                let (settings, _): (google_chat::GoogleChatSettings, google_chat::GoogleChatSecret) =
                    kept.read()?;
                let app = settings.app.as_ref().ok_or_else(|| Error::field(Code::Required, "key_file"))?;
                let form = shared::integration::GoogleChatForm {
                    webhooks: settings.webhooks,
                    service_account: changed.or("key_file", request.key_file, ""),
                    audience: app.audience,
                    project_number: app.project_number.clone(),
                };
                if form.service_account.trim().is_empty() {
                    return Err(Error::field(Code::Required, "key_file").into());
                }
                self.parts(IntegrationRequest::GoogleChat(form))?
            }
            Provider::Mail => {
                let (settings, secret): (MailSettings, MailSecret) = kept.read()?;
                let secret = match secret {
                    MailSecret::Password(kept) => MailSecret::Password(changed.or(
                        "password",
                        request.password.trim().to_owned(),
                        &kept,
                    )),
                    MailSecret::ApiKey(kept) => {
                        MailSecret::ApiKey(changed.or("api_key", clean(&request.api_key), &kept))
                    }
                };
                Parts::new(kept.provider, &settings, &secret)?
            }
            // Its key is nobody's to give.
            Provider::WebPush => return Err(Code::NotAllowed.into()),
        };
        if changed.0.is_empty() {
            let field = match kept.provider {
                Provider::Lineworks => "private_key",
                Provider::LineworksV1 => "consumer_key",
                Provider::Line => "channel_secret",
                Provider::Slack => "signing_secret",
                Provider::GoogleChat => "key_file",
                Provider::Mail if kept.settings.get("server").is_some_and(|server| !server.is_null()) => {
                    "password"
                }
                Provider::Mail | Provider::WebPush => "api_key",
            };
            return Err(Error::field(Code::Required, field).into());
        }
        Ok((parts, changed.0.join(" ")))
    }

    fn mail_parts(&self, mut form: MailForm) -> Result<Parts, Refusal> {
        form.clean();
        let mut problems = form.problems();
        let plain = form.via == MailVia::Smtp && form.security == SmtpSecurity::Plain;
        if plain
            && !(self.config.development && matches!(form.host.as_str(), "127.0.0.1" | "localhost" | "::1"))
        {
            problems.push(Error::field(Code::PlainOnlyToLoopback, "security"));
        }
        Refusal::unless_empty(problems)?;
        let (settings, secret) = mail::split(&form);
        Parts::new(Provider::Mail, &settings, &secret)
    }
}

/// Names of the fields that were given.
#[derive(Default)]
struct Changed(Vec<&'static str>);

impl Changed {
    fn or(&mut self, name: &'static str, given: String, kept: &str) -> String {
        if given.trim().is_empty() {
            return kept.to_owned();
        }
        self.0.push(name);
        given
    }
}

/// Without what copying leaves.
fn clean(text: &str) -> String {
    text.split_whitespace().collect()
}
