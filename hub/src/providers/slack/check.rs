//! 「接続を確認」: whose token it is, and what it may do. Changes nothing at the provider.

use shared::{
    check::{CheckName, CheckStep},
    delivery::{Cause, CauseCode},
};

use super::{
    client::{Client, Identity},
    oauth::SCOPES,
};

/// Without it nothing can be sent. Everything else in [`SCOPES`] only makes more possible: members may paste
/// their ids, and rooms may do without answers.
const NEEDED: &str = "chat:write";

impl Client {
    /// All steps of [`CheckName::SLACK`], in order.
    pub async fn check(&self) -> Vec<CheckStep> {
        let [token, scopes] = CheckName::SLACK;
        let failed = |cause| vec![CheckStep::failed(token, cause), CheckStep::skipped(scopes)];
        let identity = match self.auth_test().await {
            Ok(identity) => identity,
            Err(error) => return failed(error.cause()),
        };
        let shown = shown(&identity);
        // A person's token would post in that person's name.
        if identity.bot_id.is_none() {
            let mut steps = failed(Cause::new(CauseCode::Credentials, "not a bot's token"));
            if let Some(first) = steps.first_mut() {
                *first = first.clone().found(&shown);
            }
            return steps;
        }
        // Ids of members and rooms are the other workspace's.
        let known = &self.settings.team_id;
        if !known.is_empty() && *known != identity.team_id {
            let detail = format!("{} != {known}", identity.team_id);
            let step = CheckStep::failed(token, Cause::new(CauseCode::Credentials, detail)).found(&shown);
            return vec![step, CheckStep::skipped(scopes)];
        }
        vec![CheckStep::passed(token, Some(shown)), granted(scopes, identity.scopes.as_deref())]
    }
}

/// From the header alone: nothing else tells it without sending something.
fn granted(step: CheckName, granted: Option<&[String]>) -> CheckStep {
    let Some(granted) = granted else { return CheckStep::skipped(step) };
    let has = |scope: &str| granted.iter().any(|one| one == scope);
    if !has(NEEDED) {
        return CheckStep::failed(step, Cause::new(CauseCode::PermissionMissing, format!("needed {NEEDED}")));
    }
    let (there, lacking): (Vec<&str>, Vec<&str>) = SCOPES.into_iter().partition(|scope| has(scope));
    let mut found: Vec<String> = there.iter().map(|scope| format!("✓ {scope}")).collect();
    found.extend(lacking.iter().map(|scope| format!("– {scope}")));
    CheckStep::passed(step, Some(found.join("  ")))
}

/// 「Minato (todoke)」.
fn shown(identity: &Identity) -> String {
    format!("{} ({})", identity.team_name, identity.user_name)
}
