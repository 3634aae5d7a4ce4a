//! Handing a mail to an SMTP server (RFC 5321), over TLS (465) or STARTTLS (587; RFC 3207).
//!
//! The one thing that must not be blurred is whether the server may have the mail. Until the final dot is
//! handed to the network it surely has not; from then on only its reply tells.

mod verdict;
mod wire;

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use shared::{
    check::{CheckName, CheckStep},
    delivery::{Cause, CauseCode, Effect, Outcome},
    integration::SmtpSecurity,
    validate::is_mail_address,
};
use smtp_proto::{AUTH_LOGIN, AUTH_PLAIN, EXT_START_TLS, EhloResponse};

use self::{
    verdict::{Failure, Stage},
    wire::{Reply, Wire},
};
use super::SmtpServer;
use crate::ports::{IoError, Tcp, Tls};

/// What to sign in with, and where.
#[derive(Clone)]
pub struct SmtpAccount {
    pub server: SmtpServer,
    pub password: String,
    /// Allows [`SmtpSecurity::Plain`], and that only to this machine.
    pub development: bool,
}

impl fmt::Debug for SmtpAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpAccount").field("server", &self.server).finish_non_exhaustive()
    }
}

/// Who it is from and for, outside the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub from: String,
    pub to: String,
}

/// For each reply but the last.
const STEP_MS: u32 = 10_000;
/// For the reply to the whole message: the server may scan it first.
const TAKEN_MS: u32 = 60_000;

/// One try: `mime` is the frozen message of [`super::mime::build`]. Connecting, encrypting and writing are
/// bounded by the TCP port; each reply is by this.
pub async fn send(tcp: &dyn Tcp, account: &SmtpAccount, envelope: &Envelope, mime: &[u8]) -> Outcome {
    if !is_mail_address(&envelope.to) {
        let cause = Cause::new(CauseCode::UnknownRecipient, "not a mail address");
        return Outcome::Rejected { cause, effect: Effect::AddressBroken };
    }
    match deliver(tcp, account, envelope, mime).await {
        Ok(reply) => {
            // 「250 2.0.0 queued as 4F2…」: servers have no other place for their id.
            let words = reply.words(&secrets(account)).chars().take(200).collect();
            Outcome::Accepted { reference: Some(words) }
        }
        Err(failure) => failure.outcome(&secrets(account)),
    }
}

/// Tries what sending needs without sending: connect, encrypt, sign in, and whether the server takes
/// `sender` (MAIL FROM, then RSET). Steps that do not apply (no encryption, no user) are left out.
pub async fn check(tcp: &dyn Tcp, account: &SmtpAccount, sender: &str) -> Vec<CheckStep> {
    let mut steps =
        vec![CheckName::Connected, CheckName::Encrypted, CheckName::SignedIn, CheckName::SenderAccepted];
    steps.retain(|step| match step {
        CheckName::Encrypted => account.server.security != SmtpSecurity::Plain,
        CheckName::SignedIn => !account.server.user.is_empty(),
        _ => true,
    });
    let (mut found, failed) = try_steps(tcp, account, sender).await;
    let mut failed = failed.map(|(step, failure)| (step, failure.cause(&secrets(account))));
    let mut broken = false;
    steps
        .into_iter()
        .map(|step| match failed.take_if(|(at, _)| *at == step) {
            Some((_, cause)) => {
                broken = true;
                CheckStep::failed(step, cause)
            }
            None if broken => CheckStep::skipped(step),
            None => CheckStep::passed(step, found.take_if(|_| step == CheckName::Connected)),
        })
        .collect()
}

async fn try_steps(
    tcp: &dyn Tcp,
    account: &SmtpAccount,
    sender: &str,
) -> (Option<String>, Option<(CheckName, Failure)>) {
    let (mut session, greeting) = match Session::connect(tcp, account).await {
        Ok(connected) => connected,
        Err(failure) => return (None, Some((CheckName::Connected, failure))),
    };
    let found = Some(greeting.words(&secrets(account)));
    session = match session.encrypt(account, sender).await {
        Ok(session) => session,
        // Without encryption of its own the step is about the server's answers only.
        Err(failure) if account.server.security == SmtpSecurity::Plain => {
            return (found, Some((CheckName::Connected, failure)));
        }
        Err(failure) => return (found, Some((CheckName::Encrypted, failure))),
    };
    if let Err(failure) = session.sign_in(account).await {
        session.quit().await;
        return (found, Some((CheckName::SignedIn, failure)));
    }
    let mut failed =
        session.mail_from(sender).await.err().map(|failure| (CheckName::SenderAccepted, failure));
    if failed.is_none() {
        let reset = session.ask(Stage::Mail, "RSET").await;
        failed = reset.err().map(|failure| (CheckName::SenderAccepted, failure));
    }
    session.quit().await;
    (found, failed)
}

async fn deliver(
    tcp: &dyn Tcp,
    account: &SmtpAccount,
    envelope: &Envelope,
    mime: &[u8],
) -> Result<Reply, Failure> {
    let (session, _) = Session::connect(tcp, account).await?;
    let mut session = session.encrypt(account, &envelope.from).await?;
    let sent = session.transact(account, envelope, mime).await;
    // After a lost line this fails too, and nothing follows from it.
    session.quit().await;
    sent
}

struct Session {
    wire: Wire,
    /// Bits of `AUTH_*` that the server offered after encryption.
    mechanisms: u64,
}

impl Session {
    async fn connect(tcp: &dyn Tcp, account: &SmtpAccount) -> Result<(Self, Reply), Failure> {
        let SmtpServer { host, port, security, .. } = &account.server;
        let tls = match security {
            SmtpSecurity::Starttls => Tls::Start,
            SmtpSecurity::Tls => Tls::On,
            SmtpSecurity::Plain if account.development && is_loopback(host) => Tls::Off,
            SmtpSecurity::Plain => {
                return Err(Failure::Refused("unencrypted only to this machine, in development"));
            }
        };
        let stream =
            tcp.connect(host, *port, tls).await.map_err(|error| Failure::NotConnected(error.to_string()))?;
        let mut session = Self { wire: Wire::new(stream), mechanisms: 0 };
        let greeting = session.wire.reply(STEP_MS).await.and_then(|reply| reply.expect(Stage::Open, 2));
        match greeting {
            Ok(greeting) => Ok((session, greeting)),
            Err(failure) => {
                session.quit().await;
                Err(failure)
            }
        }
    }

    /// EHLO, and with STARTTLS encryption and a second EHLO: what was said before is forgotten.
    async fn encrypt(mut self, account: &SmtpAccount, sender: &str) -> Result<Self, Failure> {
        let Some((_, domain)) = sender.rsplit_once('@').filter(|_| is_mail_address(sender)) else {
            self.quit().await;
            return Err(Failure::BadSender);
        };
        let offered = match self.ehlo(domain).await {
            Ok(offered) => offered,
            Err(failure) => {
                self.quit().await;
                return Err(failure);
            }
        };
        if account.server.security != SmtpSecurity::Starttls {
            self.mechanisms = offered.auth_mechanisms;
            return Ok(self);
        }
        // No downgrade: a server or a middle man that hides STARTTLS gets neither password nor mail.
        let ready = if offered.capabilities & EXT_START_TLS == 0 {
            Err(Failure::Refused("the server does not offer STARTTLS"))
        } else {
            self.ask(Stage::Open, "STARTTLS").await
        };
        if let Err(failure) = ready {
            self.quit().await;
            return Err(failure);
        }
        let wire = self.wire.start_tls().await?;
        let mut encrypted = Self { wire, mechanisms: 0 };
        match encrypted.ehlo(domain).await {
            Ok(offered) => encrypted.mechanisms = offered.auth_mechanisms,
            Err(failure) => {
                encrypted.quit().await;
                return Err(failure);
            }
        }
        Ok(encrypted)
    }

    async fn ehlo(&mut self, domain: &str) -> Result<EhloResponse<String>, Failure> {
        let reply = self.ask(Stage::Open, &format!("EHLO {domain}")).await?;
        EhloResponse::parse(&mut reply.raw.iter()).map_err(|error| Failure::Garbled(error.to_string()))
    }

    /// AUTH PLAIN, else LOGIN, as offered (RFC 4954); nothing without a user.
    async fn sign_in(&mut self, account: &SmtpAccount) -> Result<(), Failure> {
        let user = &account.server.user;
        if user.is_empty() {
            return Ok(());
        }
        if self.mechanisms & AUTH_PLAIN != 0 {
            let token = plain_token(account);
            let reply = self.wire.command(&format!("AUTH PLAIN {token}"), STEP_MS).await?;
            // Some servers want the token on a line of its own.
            let reply = if reply.code == 334 { self.wire.command(&token, STEP_MS).await? } else { reply };
            reply.expect(Stage::Auth, 2)?;
        } else if self.mechanisms & AUTH_LOGIN != 0 {
            self.wire.command("AUTH LOGIN", STEP_MS).await?.expect(Stage::Auth, 3)?;
            self.wire.command(&STANDARD.encode(user), STEP_MS).await?.expect(Stage::Auth, 3)?;
            self.wire.command(&STANDARD.encode(&account.password), STEP_MS).await?.expect(Stage::Auth, 2)?;
        } else {
            return Err(Failure::NoSignIn);
        }
        Ok(())
    }

    async fn mail_from(&mut self, sender: &str) -> Result<(), Failure> {
        self.ask(Stage::Mail, &format!("MAIL FROM:<{sender}>")).await.map(drop)
    }

    async fn transact(
        &mut self,
        account: &SmtpAccount,
        envelope: &Envelope,
        mime: &[u8],
    ) -> Result<Reply, Failure> {
        self.sign_in(account).await?;
        self.mail_from(&envelope.from).await?;
        self.ask(Stage::Recipient, &format!("RCPT TO:<{}>", envelope.to)).await?;
        self.wire.command("DATA", STEP_MS).await?.expect(Stage::Data, 3)?;
        self.wire.write(&wire::stuff(mime)).await?;
        // The dot on its own: what fails before this line was surely not taken.
        match self.wire.write(b".\r\n").await {
            Err(Failure::Lost(IoError::NoAnswer(words))) => return Err(Failure::Unanswered(words)),
            written => written?,
        }
        match self.wire.reply(TAKEN_MS).await {
            // Neither yes nor no: it may have been taken.
            Ok(reply) if !matches!(reply.code / 100, 2 | 4 | 5) => {
                Err(Failure::Unanswered(reply.words(&secrets(account))))
            }
            Ok(reply) => reply.expect(Stage::Data, 2),
            Err(failure) => Err(failure.after_the_dot()),
        }
    }

    async fn ask(&mut self, stage: Stage, line: &str) -> Result<Reply, Failure> {
        self.wire.command(line, STEP_MS).await?.expect(stage, 2)
    }

    /// Says goodbye without waiting: no answer to it changes anything.
    async fn quit(&mut self) {
        let _ = self.wire.write(b"QUIT\r\n").await;
        self.wire.close().await;
    }
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "localhost" | "::1")
}

fn plain_token(account: &SmtpAccount) -> String {
    STANDARD.encode(format!("\0{}\0{}", account.server.user, account.password))
}

/// Everything that a server could echo and nobody may read.
fn secrets(account: &SmtpAccount) -> Vec<String> {
    if account.password.is_empty() {
        return Vec::new();
    }
    vec![plain_token(account), STANDARD.encode(&account.password), account.password.clone()]
}

#[cfg(test)]
mod tests;
