//! What a form of 連携 lets choose, by the name of the field and the word on the wire.

use leptos::prelude::*;
use shared::{
    api::integrations::IntegrationRequest,
    integration::{ChatAudience, LineVia, MailVia, SlackVia, SmtpSecurity, V1Via},
};

use crate::{
    client::json::Out,
    i18n::lang,
    kit::{Binding, form::Form},
};

/// Ties a choice to a control.
pub(crate) fn bind_choice(form: Form<IntegrationRequest>, name: &'static str) -> Binding {
    Binding {
        name,
        value: Signal::derive(move || form.values.with(|form| choice(form, name).to_owned())),
        on_input: Callback::new(move |value: String| {
            form.values.update(|form| choose(form, name, &value));
            // Other fields are asked for now.
            form.problems.set(crate::kit::form::Problems::default());
        }),
        on_leave: Callback::new(|()| {}),
        error: Signal::derive(move || form.problems.with(|problems| problems.of(name, lang()))),
    }
}

/// The word that stands for what is chosen, as on the wire.
#[must_use]
pub fn choice(request: &IntegrationRequest, name: &str) -> &'static str {
    match (request, name) {
        (IntegrationRequest::Line(form), "via") => match form.via {
            LineVia::Token => "token",
            LineVia::Key => "key",
        },
        (IntegrationRequest::Slack(form), "via") => match form.via {
            SlackVia::Token => "token",
            SlackVia::Install => "install",
        },
        (IntegrationRequest::LineworksV1(form), "via") => match form.via {
            V1Via::ServerId => "server_id",
            V1Via::FixedToken => "fixed_token",
        },
        (IntegrationRequest::GoogleChat(form), "webhooks") => {
            if form.webhooks {
                "yes"
            } else {
                "no"
            }
        }
        (IntegrationRequest::GoogleChat(form), "audience") => match form.audience {
            ChatAudience::EndpointUrl => "endpoint_url",
            ChatAudience::ProjectNumber => "project_number",
        },
        (IntegrationRequest::Mail(form), "via") => match form.via {
            MailVia::Smtp => "smtp",
            MailVia::Resend => "resend",
        },
        (IntegrationRequest::Mail(form), "security") => match form.security {
            SmtpSecurity::Starttls => "starttls",
            SmtpSecurity::Tls => "tls",
            SmtpSecurity::Plain => "plain",
        },
        _ => "",
    }
}

/// All choices of a form, as on the wire.
pub(crate) fn words(request: &IntegrationRequest) -> Vec<(&'static str, Out<'static>)> {
    let word = |name| (name, Out::Text(choice(request, name)));
    match request {
        IntegrationRequest::Lineworks(_) => Vec::new(),
        IntegrationRequest::LineworksV1(_) | IntegrationRequest::Line(_) | IntegrationRequest::Slack(_) => {
            vec![word("via")]
        }
        IntegrationRequest::GoogleChat(form) => {
            vec![("webhooks", Out::Bool(form.webhooks)), word("audience")]
        }
        IntegrationRequest::Mail(_) => vec![word("via"), word("security")],
    }
}

/// Takes one of the words of [`choice`].
pub fn choose(request: &mut IntegrationRequest, name: &str, value: &str) {
    match (request, name) {
        (IntegrationRequest::Line(form), "via") => {
            form.via = if value == "key" { LineVia::Key } else { LineVia::Token };
        }
        (IntegrationRequest::Slack(form), "via") => {
            form.via = if value == "install" { SlackVia::Install } else { SlackVia::Token };
        }
        (IntegrationRequest::LineworksV1(form), "via") => {
            form.via = if value == "fixed_token" { V1Via::FixedToken } else { V1Via::ServerId };
        }
        (IntegrationRequest::GoogleChat(form), "webhooks") => form.webhooks = value == "yes",
        (IntegrationRequest::GoogleChat(form), "audience") => {
            form.audience = if value == "project_number" {
                ChatAudience::ProjectNumber
            } else {
                ChatAudience::EndpointUrl
            };
        }
        (IntegrationRequest::Mail(form), "via") => {
            form.via = if value == "resend" { MailVia::Resend } else { MailVia::Smtp };
        }
        (IntegrationRequest::Mail(form), "security") => {
            // The usual port comes along unless another one was typed.
            let untouched = form.port.is_empty() || form.port == usual_port(form.security);
            form.security = match value {
                "tls" => SmtpSecurity::Tls,
                "plain" => SmtpSecurity::Plain,
                _ => SmtpSecurity::Starttls,
            };
            if untouched {
                usual_port(form.security).clone_into(&mut form.port);
            }
        }
        _ => {}
    }
}

pub(super) const fn usual_port(security: SmtpSecurity) -> &'static str {
    match security {
        SmtpSecurity::Starttls => "587",
        SmtpSecurity::Tls => "465",
        SmtpSecurity::Plain => "8025",
    }
}

#[cfg(test)]
mod tests {
    use shared::api::integrations::Provider;

    use super::*;
    use crate::console::integrations::fields::{Named, blank};

    #[test]
    fn every_choice_can_be_taken_and_back() {
        for (provider, name, words) in [
            (Provider::Line, "via", &["key", "token"][..]),
            (Provider::Slack, "via", &["install", "token"]),
            (Provider::LineworksV1, "via", &["fixed_token", "server_id"]),
            (Provider::GoogleChat, "webhooks", &["no", "yes"]),
            (Provider::GoogleChat, "audience", &["project_number", "endpoint_url"]),
            (Provider::Mail, "via", &["resend", "smtp"]),
            (Provider::Mail, "security", &["tls", "plain", "starttls"]),
        ] {
            let mut form = blank(provider);
            for word in words {
                choose(&mut form, name, word);
                assert_eq!(choice(&form, name), *word);
            }
            assert_eq!(form, blank(provider));
        }
    }

    #[test]
    fn the_port_follows_the_encryption_until_it_is_typed() {
        let mut form = blank(Provider::Mail);
        choose(&mut form, "security", "tls");
        assert_eq!(form.text("port").unwrap(), "465");
        "2465".clone_into(form.text_mut("port").unwrap());
        choose(&mut form, "security", "starttls");
        assert_eq!(form.text("port").unwrap(), "2465");
    }
}
