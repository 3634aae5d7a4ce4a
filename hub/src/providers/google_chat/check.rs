//! 「接続を確認」: tries the app's credentials step by step.

use shared::{
    check::{CheckName, CheckStep},
    delivery::{Cause, CauseCode},
};

use super::{JSON, TIMEOUT_MS, client::Client, outcome::About};
use crate::ports::HttpRequest;

impl Client {
    /// All steps of [`CheckName::GOOGLE_CHAT`], in order; asks for a new token, whatever is cached, and changes
    /// nothing at the provider. Without an app there is nothing but the way to the provider: a webhook's URL
    /// can only be tried by posting to it (google_chat.md §2).
    pub async fn check(&self) -> Vec<CheckStep> {
        if self.settings.app.is_none() {
            return vec![self.reachable().await];
        }
        let mut steps = Vec::new();
        self.app(&mut steps).await;
        let tried = steps.len();
        steps.extend(CheckName::GOOGLE_CHAT.into_iter().skip(tried).map(CheckStep::skipped));
        steps
    }

    async fn app(&self, steps: &mut Vec<CheckStep>) {
        let assertion = match self.assertion().await {
            Ok(assertion) => assertion,
            Err(error) => return steps.push(CheckStep::failed(CheckName::AccountKeyReadable, error.cause)),
        };
        let account = self.settings.app.as_ref().map(|app| app.client_email.clone());
        steps.push(CheckStep::passed(CheckName::AccountKeyReadable, account));
        if let Err(error) = self.renew(&assertion).await {
            return steps.push(CheckStep::failed(CheckName::AccountTokenIssued, error.cause));
        }
        steps.push(CheckStep::passed(CheckName::AccountTokenIssued, None));
        steps.push(match self.call(About::App, "GET", "/v1/spaces?pageSize=1", None).await {
            Ok(_) => CheckStep::passed(CheckName::ChatApiUsable, None),
            Err(error) => CheckStep::failed(CheckName::ChatApiUsable, error.cause()),
        });
    }

    /// Any answer but a server's own failure, a refusal too.
    async fn reachable(&self) -> CheckStep {
        let request = HttpRequest {
            method: "GET",
            url: format!("{}/v1/spaces", self.endpoints.chat),
            headers: vec![("accept", JSON.to_owned())],
            body: Vec::new(),
            timeout_ms: TIMEOUT_MS,
        };
        let failed = |code, detail: &str| CheckStep::failed(CheckName::Connected, Cause::new(code, detail));
        match self.ports.http.send(request).await {
            Ok(response) if response.status < 500 => CheckStep::passed(CheckName::Connected, None),
            Ok(response) => failed(CauseCode::ProviderError, &response.status.to_string()),
            Err(error) => failed(CauseCode::NotConnected, &error.to_string()),
        }
    }
}
