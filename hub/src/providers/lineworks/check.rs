//! 「接続を確認」: tries the credentials step by step, and stops blaming after the first step that decides.

use shared::{
    check::{CheckName, CheckStep},
    delivery::{Cause, CauseCode},
};

use super::{
    client::Client,
    outcome::{About, CallError},
    users::DirectoryUser,
};

impl Client {
    /// All steps of [`CheckName::LINEWORKS`], in order. Asks for a new token, whatever is cached, and changes
    /// nothing at the provider.
    pub async fn check(&self) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        if self.credentials(&mut steps).await {
            let admin = self.admin(&mut steps).await;
            steps.push(match admin {
                Some(admin) => self.domain(&admin),
                None => CheckStep::skipped(CheckName::DomainMatches),
            });
            steps.push(match self.call(About::Bot, "GET", "/bots?count=1", None).await {
                Ok(_) => CheckStep::passed(CheckName::BotManageable, None),
                Err(error) => CheckStep::failed(CheckName::BotManageable, error.cause()),
            });
        }
        let tried = steps.len();
        steps.extend(CheckName::LINEWORKS.into_iter().skip(tried).map(CheckStep::skipped));
        steps
    }

    /// Key and token: without them nothing else can be tried.
    async fn credentials(&self, steps: &mut Vec<CheckStep>) -> bool {
        let assertion = match self.assertion().await {
            Ok(assertion) => assertion,
            Err(error) => {
                steps.push(CheckStep::failed(CheckName::KeyReadable, error.cause));
                return false;
            }
        };
        steps.push(CheckStep::passed(CheckName::KeyReadable, None));
        match self.renew(&assertion).await {
            Ok(()) => steps.push(CheckStep::passed(CheckName::TokenIssued, None)),
            Err(error) => {
                steps.push(CheckStep::failed(CheckName::TokenIssued, error.cause));
                return false;
            }
        }
        true
    }

    /// Both administrators must be usable; the main one is answered.
    async fn admin(&self, steps: &mut Vec<CheckStep>) -> Option<DirectoryUser> {
        let mut found = Vec::new();
        let names = [&self.settings.bot_admin, &self.settings.bot_subadmin];
        for login in names.into_iter().filter(|login| !login.is_empty()) {
            match self.usable(login).await {
                Ok(user) => found.push(user),
                Err(cause) => {
                    steps.push(CheckStep::failed(CheckName::AdminFound, cause).found(login));
                    return found.into_iter().next();
                }
            }
        }
        let names: Vec<_> = found.iter().map(shown).collect();
        steps.push(CheckStep::passed(CheckName::AdminFound, Some(names.join(", "))));
        found.into_iter().next()
    }

    async fn usable(&self, login: &str) -> Result<DirectoryUser, Cause> {
        let user = self.get_user(login).await.map_err(|error: CallError| error.cause())?;
        if user.is_active() {
            Ok(user)
        } else {
            Err(Cause::new(
                CauseCode::UnknownRecipient,
                if user.is_deleted { "isDeleted" } else { "isSuspended" },
            ))
        }
    }

    fn domain(&self, admin: &DirectoryUser) -> CheckStep {
        let step = CheckName::DomainMatches;
        let wanted = self.settings.domain_id;
        if admin.domain_ids.is_empty() {
            return CheckStep::skipped(step);
        }
        let found = admin.domain_ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        if admin.domain_ids.contains(&wanted) {
            CheckStep::passed(step, Some(wanted.to_string()))
        } else {
            let detail = format!("domainId {wanted} != {found}");
            CheckStep::failed(step, Cause::new(CauseCode::Credentials, detail)).found(found)
        }
    }
}

/// 「佐藤 花子 (sato@minato)」.
fn shown(user: &DirectoryUser) -> String {
    let login = user.email.as_deref().unwrap_or(&user.user_id);
    if user.name.is_empty() { login.to_owned() } else { format!("{} ({login})", user.name) }
}
