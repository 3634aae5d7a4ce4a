//! 「接続を確認」: tries the credentials step by step.

use shared::check::{CheckName, CheckStep};

use super::client::Client;
use crate::providers::token::TokenError;

impl Client {
    /// The steps of [`CheckName::LINEWORKS_V1`], in order; changes nothing at the provider. With a fixed token
    /// there is no key to read and no token to ask for: only the last step, which proves it.
    pub async fn check(&self) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        match self.assertion().await {
            Ok(None) => steps.push(self.usable().await),
            tried => {
                self.server(tried, &mut steps).await;
                let tried = steps.len();
                steps.extend(CheckName::LINEWORKS_V1.into_iter().skip(tried).map(CheckStep::skipped));
            }
        }
        steps
    }

    async fn server(&self, assertion: Result<Option<String>, TokenError>, steps: &mut Vec<CheckStep>) {
        let assertion = match assertion {
            Ok(assertion) => assertion.unwrap_or_default(),
            Err(error) => return steps.push(CheckStep::failed(CheckName::KeyReadable, error.cause)),
        };
        steps.push(CheckStep::passed(CheckName::KeyReadable, None));
        if let Err(error) = self.renew(&assertion).await {
            return steps.push(CheckStep::failed(CheckName::ServerTokenIssued, error.cause));
        }
        steps.push(CheckStep::passed(CheckName::ServerTokenIssued, None));
        steps.push(self.usable().await);
    }

    async fn usable(&self) -> CheckStep {
        match self.try_list().await {
            Ok(()) => CheckStep::passed(CheckName::V1Usable, None),
            Err(error) => CheckStep::failed(CheckName::V1Usable, error.cause()),
        }
    }
}
