//! Making trouble: faults of the providers, and wrong secrets.

use sandbox::world::{FaultKind, FaultTarget, FaultWhen};
use serde_json::json;
use tests::{calls::page, forms::SLACK_APP, talks::LINE_CHANNEL};

use crate::{
    ops::{At, Fails, How, Way},
    play::Play,
    stage::{SMTP_PASSWORD, WRONG},
};

impl Play {
    /// Replaces a secret by a wrong one, or by the right one again. Others run meanwhile.
    pub(crate) fn secret(&mut self, way: Way, wrong: bool) {
        let right = match way {
            Way::LineWorks if self.cast.api_v1 => {
                self.machine.outside.world.borrow().v1().consumer_key.clone()
            }
            Way::LineWorks => self.machine.outside.world.borrow().app().client_secret.clone(),
            Way::Mail if self.cast.resend => sandbox::world::resend::API_KEY.to_owned(),
            Way::Mail => SMTP_PASSWORD.to_owned(),
            Way::Line => {
                let world = self.machine.outside.world.borrow();
                world.line().messaging(LINE_CHANNEL).unwrap().token.clone()
            }
            Way::Slack => {
                let world = self.machine.outside.world.borrow();
                world.slack().app(SLACK_APP).unwrap().token.clone().unwrap()
            }
            // A whole file, which is read before it is kept.
            Way::GoogleChat => return,
        };
        let value = if wrong { WRONG } else { &right };
        let field = match way {
            Way::LineWorks if self.cast.api_v1 => "consumer_key",
            Way::LineWorks => "client_secret",
            Way::Mail if self.cast.resend => "api_key",
            Way::Mail => "password",
            Way::Line => "channel_access_token",
            Way::Slack => "bot_token",
            Way::GoogleChat => "key_file",
        };
        if wrong {
            let now = self.machine.now();
            self.machine.record.borrow_mut().trouble_begins(now);
        }
        // Of two replacements at once one may lose, so a wrong one counts until the rest.
        if wrong {
            self.wrong.push(way);
        }
        let Some(integration) = self.cast.integration(way) else { return };
        let target = format!("/api/integrations/{integration}/secret");
        self.machine.send(page("PUT", &target, &self.cast.cookie, &json!({ field: value })), |_| {});
    }
}

/// A fault in the words of the world. With API 1.0 those of LINE WORKS are its own.
pub(crate) fn fault(at: At, fails: Fails, how: How, api_v1: bool) -> (FaultTarget, FaultKind, FaultWhen) {
    let operation = |name: &str| FaultTarget::LineWorks { operation: Some(name.to_owned()) };
    let older = |name: &str| FaultTarget::LineWorksV1 { operation: Some(name.to_owned()) };
    let target = match at {
        At::LineWorks if api_v1 => FaultTarget::LineWorksV1 { operation: None },
        At::SendUser | At::SendRoom if api_v1 => older("push"),
        At::Token if api_v1 => older("token"),
        At::LineWorks => FaultTarget::LineWorks { operation: None },
        At::SendUser => operation("send_user"),
        At::SendRoom => operation("send_channel"),
        At::Token => operation("token"),
        At::Smtp => FaultTarget::Smtp,
        At::Resend => FaultTarget::Resend,
        At::Line => FaultTarget::Line { operation: None },
        At::LinePush => FaultTarget::Line { operation: Some("push".into()) },
        At::LineMulticast => FaultTarget::Line { operation: Some("multicast".into()) },
        At::LineReply => FaultTarget::Line { operation: Some("reply".into()) },
        At::Slack => FaultTarget::Slack { operation: None },
        At::SlackPost => FaultTarget::Slack { operation: Some("chat.postMessage".into()) },
        At::SlackUpdate => FaultTarget::Slack { operation: Some("chat.update".into()) },
        At::Chat => FaultTarget::GoogleChat { operation: None },
        At::ChatCreate => FaultTarget::GoogleChat { operation: Some("create_message".into()) },
        At::ChatUpdate => FaultTarget::GoogleChat { operation: Some("update_message".into()) },
    };
    let kind = match fails {
        Fails::TooMany => FaultKind::TooManyRequests,
        // 421 and 450 are SMTP's words.
        Fails::Error(421 | 450) if at != At::Smtp => FaultKind::ServerError { status: 500 },
        Fails::Error(status) => FaultKind::ServerError { status },
        Fails::SilentBefore => FaultKind::TimeoutBefore,
        Fails::SilentAfter => FaultKind::TimeoutAfter,
        Fails::Drops => FaultKind::Drop,
        Fails::Slow(ms) => FaultKind::Slow { ms: u64::from(ms) },
    };
    let when = match how {
        How::Times(times) => FaultWhen::Count { times: u32::from(times) },
        How::Always => FaultWhen::Always,
        How::PerMille(per_mille) => FaultWhen::Chance { per_mille: u32::from(per_mille) },
    };
    (target, kind, when)
}
