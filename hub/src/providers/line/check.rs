//! 「接続を確認」: tries the credentials step by step, and stops blaming after the first step that decides.

use shared::{
    check::{CheckName, CheckStep},
    integration::LineVia,
};

use super::{
    ChannelToken,
    channel::{self, BOT_INFO, BotInfo},
    client::{Call, Client},
    outcome::CallError,
};
use crate::providers::token::TokenError;

impl Client {
    /// All steps of [`CheckName::LINE_TOKEN`] or [`CheckName::LINE_KEY`], in order. It changes nothing at the
    /// provider and uses up none of the 30 tokens: the key is tried with a stateless one.
    pub async fn check(&self) -> Vec<CheckStep> {
        let mut steps = Vec::new();
        let wanted: &[CheckName] = match self.settings.via {
            LineVia::Token => &CheckName::LINE_TOKEN,
            LineVia::Key => &CheckName::LINE_KEY,
        };
        match self.channel_token(&mut steps).await {
            Some(token) => steps.push(match self.bot_info_as(&token).await {
                Ok(bot) => CheckStep::passed(CheckName::ChannelTokenAccepted, Some(shown(&bot))),
                Err(error) => CheckStep::failed(CheckName::ChannelTokenAccepted, error.cause()),
            }),
            None => {
                let tried = steps.len();
                let rest = wanted.iter().skip(tried).filter(|step| **step != CheckName::LoginChannelAccepted);
                steps.extend(rest.copied().map(CheckStep::skipped));
            }
        }
        // Another channel: it is tried whatever became of the first.
        steps.push(match self.stateless_for_login().await {
            Ok(_) => CheckStep::passed(
                CheckName::LoginChannelAccepted,
                Some(self.settings.login_channel_id.clone()),
            ),
            Err(error) => CheckStep::failed(CheckName::LoginChannelAccepted, error.cause),
        });
        steps
    }

    async fn channel_token(&self, steps: &mut Vec<CheckStep>) -> Option<String> {
        let key = match &self.secret.token {
            ChannelToken::LongLived(token) => return Some(token.clone()),
            ChannelToken::Key(key) => key,
        };
        let assertion = note(steps, CheckName::AssertionKeyReadable, self.assertion(key, None).await)?;
        let issued = self.stateless_by_key(&assertion).await;
        note(steps, CheckName::ChannelTokenIssued, issued).map(|token| token.token)
    }

    async fn bot_info_as(&self, token: &str) -> Result<BotInfo, CallError> {
        channel::bot_info(&self.call_as(Call::get(BOT_INFO), token).await?)
    }
}

fn note<T>(steps: &mut Vec<CheckStep>, name: CheckName, result: Result<T, TokenError>) -> Option<T> {
    match result {
        Ok(value) => {
            steps.push(CheckStep::passed(name, None));
            Some(value)
        }
        Err(error) => {
            steps.push(CheckStep::failed(name, error.cause));
            None
        }
    }
}

/// 「通知ボット (@123abcde)」.
fn shown(bot: &BotInfo) -> String {
    if bot.display_name.is_empty() {
        bot.basic_id.clone()
    } else {
        format!("{} ({})", bot.display_name, bot.basic_id)
    }
}
