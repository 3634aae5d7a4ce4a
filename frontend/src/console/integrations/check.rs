//! 「接続を確認」 as the admin sees it: every step is listed from the first moment, and each gets its mark.

use shared::{
    api::integrations::{IntegrationRequest, IntegrationSettings},
    check::{CheckName, CheckStatus, CheckStep, all_passed},
    integration::{LineVia, MailVia, SlackVia, SmtpSecurity, V1Via},
};

/// One run of the check.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Run {
    #[default]
    NotYet,
    /// The steps that are being tried.
    Running(Vec<CheckName>),
    Done(Vec<CheckStep>),
    /// The check itself could not be made; nothing is known of the connection.
    Failed(String),
}

/// How a step's line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Running,
    Passed,
    Failed,
    Skipped,
}

impl Mark {
    const fn of(status: CheckStatus) -> Self {
        match status {
            CheckStatus::Passed => Self::Passed,
            CheckStatus::Failed => Self::Failed,
            CheckStatus::Skipped => Self::Skipped,
        }
    }
}

impl Run {
    /// The lines to draw, in order.
    #[must_use]
    pub fn lines(&self) -> Vec<(CheckName, Mark, Option<&CheckStep>)> {
        match self {
            Self::NotYet | Self::Failed(_) => Vec::new(),
            Self::Running(names) => names.iter().map(|name| (*name, Mark::Running, None)).collect(),
            Self::Done(steps) => {
                steps.iter().map(|step| (step.step, Mark::of(step.status), Some(step))).collect()
            }
        }
    }

    /// Everything was confirmed, so saving will work.
    #[must_use]
    pub fn passed(&self) -> bool {
        matches!(self, Self::Done(steps) if all_passed(steps))
    }

    #[must_use]
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::Running(_))
    }
}

/// The steps that a form will be put through, to list them before the answer is there. None while there is nothing
/// to try: Slack's token comes with 「Slackに追加」, and each member's webhook is tried when it is given.
#[must_use]
pub fn steps_of(request: &IntegrationRequest) -> Vec<CheckName> {
    match request {
        IntegrationRequest::Lineworks(_) => CheckName::LINEWORKS.to_vec(),
        IntegrationRequest::LineworksV1(form) => v1_steps(form.via),
        IntegrationRequest::Line(form) => line_steps(form.via),
        IntegrationRequest::Slack(form) => slack_steps(form.via == SlackVia::Token),
        IntegrationRequest::GoogleChat(form) => chat_steps(!form.service_account.trim().is_empty()),
        IntegrationRequest::Mail(form) => mail_steps(form.via, form.security, !form.user.is_empty()),
    }
}

/// The steps of a connection that is saved.
#[must_use]
pub fn saved_steps(settings: &IntegrationSettings) -> Vec<CheckName> {
    match settings {
        IntegrationSettings::Lineworks { .. } => CheckName::LINEWORKS.to_vec(),
        IntegrationSettings::LineworksV1 { via, .. } => v1_steps(*via),
        IntegrationSettings::Line { via, .. } => line_steps(*via),
        IntegrationSettings::Slack { installed, .. } => slack_steps(*installed),
        IntegrationSettings::GoogleChat { client_email, .. } => chat_steps(client_email.is_some()),
        // Each device's push service is asked when a notice goes there.
        IntegrationSettings::WebPush { .. } => Vec::new(),
        IntegrationSettings::Mail { via, security, user, .. } => {
            mail_steps(*via, *security, !user.is_empty())
        }
    }
}

fn v1_steps(via: V1Via) -> Vec<CheckName> {
    match via {
        V1Via::ServerId => CheckName::LINEWORKS_V1.to_vec(),
        V1Via::FixedToken => vec![CheckName::V1Usable],
    }
}

fn line_steps(via: LineVia) -> Vec<CheckName> {
    match via {
        LineVia::Token => CheckName::LINE_TOKEN.to_vec(),
        LineVia::Key => CheckName::LINE_KEY.to_vec(),
    }
}

fn slack_steps(token: bool) -> Vec<CheckName> {
    if token { CheckName::SLACK.to_vec() } else { Vec::new() }
}

fn chat_steps(app: bool) -> Vec<CheckName> {
    if app { CheckName::GOOGLE_CHAT.to_vec() } else { Vec::new() }
}

/// The steps of a mail integration; `signed_in` when it has a user and a password.
fn mail_steps(via: MailVia, security: SmtpSecurity, signed_in: bool) -> Vec<CheckName> {
    match via {
        MailVia::Resend => vec![CheckName::KeyAccepted],
        MailVia::Smtp => [
            (CheckName::Connected, true),
            (CheckName::Encrypted, security != SmtpSecurity::Plain),
            (CheckName::SignedIn, signed_in),
            (CheckName::SenderAccepted, true),
        ]
        .into_iter()
        .filter_map(|(name, tried)| tried.then_some(name))
        .collect(),
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        api::integrations::Provider,
        delivery::{Cause, CauseCode},
        integration::MailForm,
    };

    use super::*;
    use crate::console::integrations::{choices::choose, fields::blank};

    #[test]
    fn every_step_is_listed_before_the_answer_and_keeps_its_place() {
        let run = Run::Running(steps_of(&blank(Provider::Lineworks)));
        assert!(run.is_running() && !run.passed());
        assert_eq!(run.lines().len(), CheckName::LINEWORKS.len());
        assert!(run.lines().iter().all(|(_, mark, step)| *mark == Mark::Running && step.is_none()));

        let done = Run::Done(vec![
            CheckStep::passed(CheckName::KeyReadable, None),
            CheckStep::failed(CheckName::TokenIssued, Cause::new(CauseCode::Credentials, "invalid_client")),
            CheckStep::skipped(CheckName::AdminFound),
        ]);
        let marks: Vec<_> = done.lines().into_iter().map(|(_, mark, _)| mark).collect();
        assert_eq!(marks, [Mark::Passed, Mark::Failed, Mark::Skipped]);
        assert!(!done.passed());
        assert!(Run::Done(vec![CheckStep::passed(CheckName::KeyAccepted, None)]).passed());
        assert!(!Run::Done(Vec::new()).passed());
    }

    #[test]
    fn only_the_steps_that_are_tried_are_promised() {
        let mail = |via, security, user: &str| {
            let form = MailForm { via, security, user: user.into(), ..MailForm::default() };
            steps_of(&IntegrationRequest::Mail(form))
        };
        assert_eq!(mail(MailVia::Resend, SmtpSecurity::Tls, "x"), [CheckName::KeyAccepted]);
        assert_eq!(
            mail(MailVia::Smtp, SmtpSecurity::Plain, ""),
            [CheckName::Connected, CheckName::SenderAccepted]
        );
        assert_eq!(
            mail(MailVia::Smtp, SmtpSecurity::Starttls, "x"),
            [CheckName::Connected, CheckName::Encrypted, CheckName::SignedIn, CheckName::SenderAccepted]
        );
    }

    #[test]
    fn what_can_be_tried_is_tried_before_it_is_saved() {
        for (provider, via, count) in [
            (Provider::Lineworks, "", 5),
            (Provider::LineworksV1, "server_id", 3),
            (Provider::LineworksV1, "fixed_token", 1),
            (Provider::Line, "token", 2),
            (Provider::Line, "key", 4),
            (Provider::Slack, "token", 2),
            (Provider::Slack, "install", 0),
            (Provider::GoogleChat, "", 0),
        ] {
            let mut form = blank(provider);
            choose(&mut form, "via", via);
            assert_eq!(steps_of(&form).len(), count, "{provider:?} {via}");
        }
    }
}
