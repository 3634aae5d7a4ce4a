//! The settings of a connection as they are, in the order of its form, and what is left to do at the provider.

use shared::{
    api::integrations::{Integration, IntegrationSettings},
    integration::{ChatAudience, LineVia, MailVia, SlackVia, SmtpSecurity, V1Via},
    lang::Text,
};

use super::words as w;
use crate::i18n::say;

/// One line of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Plain(String),
    /// To be pasted elsewhere.
    Copied(String),
    /// Never shown again; when it was set.
    Secret(i64),
}

/// What is to be done, or was done, on the provider's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Todo {
    /// A value to register: its name, where, and the value.
    Value(Text, Text, String),
    Words(Text),
}

#[must_use]
pub fn facts(integration: &Integration) -> Vec<(Text, Fact)> {
    let set = || Fact::Secret(integration.secret_set_at);
    let plain = |text: &str| Fact::Plain(text.to_owned());
    let maybe = |text: &Option<String>| Fact::Plain(text.clone().unwrap_or_default());
    let copied = |id: Option<i64>| id.map_or_else(|| plain(""), |id| Fact::Copied(id.to_string()));
    match &integration.settings {
        IntegrationSettings::Lineworks {
            client_id,
            service_account,
            domain_id,
            bot_admin,
            bot_subadmin,
            bot_name,
            bot_id,
        } => vec![
            (w::BOT_NAME, plain(bot_name)),
            (w::BOT_ID, copied(*bot_id)),
            (w::CLIENT_ID, plain(client_id)),
            (w::CLIENT_SECRET, set()),
            (w::SERVICE_ACCOUNT, plain(service_account)),
            (w::PRIVATE_KEY, set()),
            (w::DOMAIN_ID, plain(domain_id)),
            (w::BOT_ADMIN, plain(bot_admin)),
            (w::BOT_SUBADMIN, plain(bot_subadmin)),
        ],
        IntegrationSettings::LineworksV1 { via, server_id, domain_id, bot_admin, bot_name, bot_no } => {
            let own = match via {
                V1Via::ServerId => [(w::SERVER_ID, plain(server_id)), (w::V1_KEY, set())],
                V1Via::FixedToken => [(w::V1_VIA, plain(say(w::V1_BY_IP))), (w::SERVER_TOKEN, set())],
            };
            let [first, second] = own;
            vec![
                (w::BOT_NAME, plain(bot_name)),
                (w::BOT_NO, copied(*bot_no)),
                (w::CONSUMER_KEY, set()),
                first,
                second,
                (w::DOMAIN_ID, plain(domain_id)),
                (w::BOT_ADMIN, plain(bot_admin)),
            ]
        }
        IntegrationSettings::Line {
            login_channel_id,
            via,
            messaging_channel_id,
            kid,
            friend_url,
            basic_id,
            display_name,
            ..
        } => {
            let mut facts = vec![
                (w::ACCOUNT_NAME, maybe(display_name)),
                (w::BASIC_ID, maybe(basic_id)),
                (w::FRIEND_LINK, friend_url.clone().map_or_else(|| plain(""), Fact::Copied)),
                (w::LOGIN_SECTION, plain(login_channel_id)),
                (w::CHANNEL_SECRET, set()),
            ];
            facts.extend(match via {
                LineVia::Token => vec![(w::ACCESS_TOKEN, set())],
                LineVia::Key => vec![
                    (w::MESSAGING_SECTION, plain(messaging_channel_id)),
                    (w::LINE_KEY, set()),
                    (w::KID, plain(kid)),
                ],
            });
            facts
        }
        IntegrationSettings::Slack { via, client_id, team_name, installed, .. } => {
            let team = if *installed { plain(team_name) } else { plain(say(w::TEAM_NONE)) };
            let mut facts = vec![(w::TEAM, team)];
            if *via == SlackVia::Install {
                facts.extend([(w::CLIENT_ID, plain(client_id)), (w::CLIENT_SECRET, set())]);
            }
            facts.push((w::SIGNING_SECRET, set()));
            if *installed {
                facts.push((w::BOT_TOKEN, set()));
            }
            facts
        }
        IntegrationSettings::GoogleChat { webhooks, client_email, audience, project_number } => {
            let allowed = if *webhooks { w::CHAT_WEBHOOKS_ON } else { w::CHAT_WEBHOOKS_OFF };
            let mut facts = vec![(w::CHAT_WEBHOOKS, plain(say(allowed)))];
            if let Some(email) = client_email {
                facts.extend([(w::CHAT_SECTION, plain(email)), (w::KEY_FILE, set())]);
                facts.push(match audience {
                    ChatAudience::EndpointUrl => (w::AUDIENCE, plain(say(w::AUDIENCE_URL))),
                    ChatAudience::ProjectNumber => (w::PROJECT_NUMBER, plain(project_number)),
                });
            }
            facts
        }
        IntegrationSettings::Mail { via, from_address, from_name, reply_to, host, port, security, user } => {
            let mut facts = match via {
                MailVia::Resend => vec![(w::VIA, plain(say(w::VIA_RESEND))), (w::API_KEY, set())],
                MailVia::Smtp => vec![
                    (w::HOST, plain(host)),
                    (w::SECURITY, plain(say(security_name(*security)))),
                    (w::PORT, Fact::Plain(port.to_string())),
                    (w::USER, plain(user)),
                    (w::PASSWORD, if user.is_empty() { plain("") } else { set() }),
                ],
            };
            facts.extend([
                (w::FROM_NAME, plain(from_name)),
                (w::FROM_ADDRESS, plain(from_address)),
                (w::REPLY_TO, plain(reply_to)),
            ]);
            facts
        }
        IntegrationSettings::WebPush { public_key } => vec![(w::PUSH_KEY, plain(public_key))],
    }
}

/// In the order in which it is done; empty where there is nothing.
#[must_use]
pub fn todo(integration: &Integration) -> Vec<Todo> {
    let called =
        |name, place| integration.callback_url.clone().map(|url| Todo::Value(name, place, url)).into_iter();
    match &integration.settings {
        IntegrationSettings::Lineworks { .. } | IntegrationSettings::LineworksV1 { .. } => {
            called(w::CALLBACK_URL, w::CALLBACK_URL_WHERE).collect()
        }
        IntegrationSettings::Line { login_callback_url, .. } => {
            let login = Todo::Value(w::LINE_CALLBACK, w::LINE_CALLBACK_WHERE, login_callback_url.clone());
            [login, Todo::Words(w::LINE_LINKED)]
                .into_iter()
                .chain(called(w::LINE_WEBHOOK, w::LINE_WEBHOOK_WHERE))
                .collect()
        }
        IntegrationSettings::Slack { via, redirect_url, .. } => {
            let install = (*via == SlackVia::Install)
                .then(|| Todo::Value(w::SLACK_REDIRECT, w::SLACK_REDIRECT_WHERE, redirect_url.clone()));
            install
                .into_iter()
                .chain(called(w::SLACK_REQUEST, w::SLACK_REQUEST_WHERE))
                .chain([Todo::Words(w::SLACK_EVENTS), Todo::Words(w::SLACK_HOME)])
                .collect()
        }
        IntegrationSettings::GoogleChat { webhooks, .. } => called(w::CHAT_ENDPOINT, w::CHAT_ENDPOINT_WHERE)
            .chain(webhooks.then_some(Todo::Words(w::CHAT_MEMBERS)))
            .collect(),
        IntegrationSettings::Mail { .. } | IntegrationSettings::WebPush { .. } => Vec::new(),
    }
}

const fn security_name(security: SmtpSecurity) -> Text {
    match security {
        SmtpSecurity::Starttls => w::STARTTLS,
        SmtpSecurity::Tls => w::TLS,
        SmtpSecurity::Plain => w::PLAIN,
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        api::integrations::{IntegrationState, Provider},
        id::IntegrationId,
    };

    use super::*;

    fn slack(via: SlackVia, installed: bool) -> Integration {
        Integration {
            id: IntegrationId::new(1, [0; 10]),
            provider: Provider::Slack,
            state: IntegrationState::Ready,
            cause: None,
            state_since: 0,
            last_ok_at: None,
            secret_set_at: 7,
            settings: IntegrationSettings::Slack {
                via,
                client_id: "1.2".into(),
                team_name: "みなと".into(),
                team_id: "T1".into(),
                bot_user_id: "U1".into(),
                installed,
                redirect_url: "https://t.jp/auth/callback/slack".into(),
            },
            callback_url: Some("https://t.jp/hooks/slack/ws/in".into()),
            is_default: true,
            calendar: None,
        }
    }

    #[test]
    fn a_redirect_url_is_only_asked_for_where_there_is_an_install() {
        let values = |integration: &Integration| -> Vec<String> {
            todo(integration)
                .into_iter()
                .filter_map(|todo| match todo {
                    Todo::Value(_, _, value) => Some(value),
                    Todo::Words(_) => None,
                })
                .collect()
        };
        assert_eq!(
            values(&slack(SlackVia::Install, false)),
            ["https://t.jp/auth/callback/slack", "https://t.jp/hooks/slack/ws/in"]
        );
        assert_eq!(values(&slack(SlackVia::Token, true)), ["https://t.jp/hooks/slack/ws/in"]);
    }

    #[test]
    fn a_token_that_is_not_there_is_not_said_to_be_set() {
        let has_token = |integration: &Integration| {
            facts(integration).iter().any(|(name, fact)| *name == w::BOT_TOKEN && *fact == Fact::Secret(7))
        };
        assert!(!has_token(&slack(SlackVia::Install, false)));
        assert!(has_token(&slack(SlackVia::Install, true)));
    }
}
