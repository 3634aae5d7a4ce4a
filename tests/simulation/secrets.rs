//! What must never be seen outside the vault.

use base64::{Engine, prelude::BASE64_STANDARD};
use tests::{forms::SLACK_APP, talks::LINE_CHANNEL};

use crate::{
    stage::{SMTP_PASSWORD, WRONG},
    verdict::Verdict,
};

impl Verdict<'_> {
    /// No secret in the store, the log or a live message.
    pub(crate) fn secrets(&self, problems: &mut Vec<String>) {
        let all = self.machine.outside.disclosed.borrow();
        for (what, secret) in self.all_secrets() {
            if all.contains(&secret) {
                problems.push(format!("secrets: the {what} is in the store, the log or a live message"));
            }
        }
        let world = self.machine.outside.world.borrow();
        let mails = world.mailboxes().flat_map(|(_, mailbox)| mailbox.mails.iter());
        for code in mails.filter_map(|mail| mail.subject.split("確認コード ").nth(1)) {
            let alone = all.match_indices(code).any(|(at, _)| {
                let near = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                !near(all[..at].chars().next_back()) && !near(all[at + code.len()..].chars().next())
            });
            if alone {
                problems.push("secrets: a sign-in code is in the store, the log or a live message".into());
            }
        }
    }

    fn all_secrets(&self) -> Vec<(&'static str, String)> {
        let world = self.machine.outside.world.borrow();
        let line = world.line().messaging(LINE_CHANNEL).unwrap();
        let slack = world.slack().app(SLACK_APP).unwrap();
        let mut secrets = vec![
            ("private key", world.keys().private_pem().lines().nth(3).unwrap().to_owned()),
            ("SMTP password", SMTP_PASSWORD.to_owned()),
            ("SMTP token", BASE64_STANDARD.encode(format!("\0todoke\0{SMTP_PASSWORD}"))),
            ("Resend key", sandbox::world::resend::API_KEY.to_owned()),
            ("LINE token", line.token.clone()),
            ("LINE secret", line.secret.clone()),
            ("Slack token", slack.token.clone().unwrap()),
            ("Slack secret", slack.signing_secret.clone()),
            ("wrong secret", WRONG.to_owned()),
            ("API key", self.cast.key.clone()),
            ("cookie", self.cast.cookie.rsplit('.').next().unwrap().to_owned()),
            ("vault key", self.machine.config.vault_key.clone()),
            ("client secret", world.app().client_secret.clone()),
        ];
        if self.cast.api_v1 {
            let tenant = world.v1();
            secrets.extend([
                ("consumer key", tenant.consumer_key.clone()),
                ("API ID", tenant.api_id.clone()),
                ("server's token", tenant.fixed_token.clone()),
            ]);
        } else {
            secrets.push(("bot secret", world.bots()[&self.cast.bot].secret().to_owned()));
        }
        secrets
    }
}
