//! 「接続を確認」 as the admin sees it: every step is listed from the first moment, and each gets its mark.

use shared::{
    check::{CheckName, CheckStatus, CheckStep, all_passed},
    error::ErrorBody,
    integration::{LineworksForm, MailForm, MailVia, SmtpSecurity},
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

    /// What came back of the request.
    #[must_use]
    pub fn answered(answer: Result<Vec<CheckStep>, ErrorBody>) -> Self {
        match answer {
            Ok(steps) => Self::Done(steps),
            Err(body) => Self::Failed(body.message),
        }
    }
}

/// The steps that a form will be put through, to list them before the answer is there.
pub trait Steps {
    fn steps(&self) -> Vec<CheckName>;
}

impl Steps for LineworksForm {
    fn steps(&self) -> Vec<CheckName> {
        CheckName::LINEWORKS.to_vec()
    }
}

impl Steps for MailForm {
    fn steps(&self) -> Vec<CheckName> {
        mail_steps(self.via, self.security, !self.user.is_empty())
    }
}

/// The steps of a mail integration; `signed_in` when it has a user and a password.
#[must_use]
pub fn mail_steps(via: MailVia, security: SmtpSecurity, signed_in: bool) -> Vec<CheckName> {
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
    use shared::delivery::{Cause, CauseCode};

    use super::*;

    #[test]
    fn every_step_is_listed_before_the_answer_and_keeps_its_place() {
        let run = Run::Running(LineworksForm::default().steps());
        assert!(run.is_running() && !run.passed());
        assert_eq!(run.lines().len(), CheckName::LINEWORKS.len());
        assert!(run.lines().iter().all(|(_, mark, step)| *mark == Mark::Running && step.is_none()));

        let done = Run::answered(Ok(vec![
            CheckStep::passed(CheckName::KeyReadable, None),
            CheckStep::failed(CheckName::TokenIssued, Cause::new(CauseCode::Credentials, "invalid_client")),
            CheckStep::skipped(CheckName::AdminFound),
        ]));
        let marks: Vec<_> = done.lines().into_iter().map(|(_, mark, _)| mark).collect();
        assert_eq!(marks, [Mark::Passed, Mark::Failed, Mark::Skipped]);
        assert!(!done.passed());
        assert!(Run::answered(Ok(vec![CheckStep::passed(CheckName::KeyAccepted, None)])).passed());
        assert!(!Run::answered(Ok(Vec::new())).passed());
    }

    #[test]
    fn only_the_steps_that_are_tried_are_promised() {
        let mail = |via, security, user: &str| {
            MailForm { via, security, user: user.into(), ..MailForm::default() }.steps()
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
}
