//! A submission server: the dialogue of one connection, fed with bytes (RFC 5321, 4954, 1870, 6152, 3207).
//!
//! Strict on purpose: AUTH before MAIL, CRLF only, lines of at most 998 bytes, ASCII headers, `From`, `Date`
//! and `Message-ID` required, 8-bit bodies only when announced.
//!
//! Faults are drawn once per transaction, at MAIL: `too_many_requests` closes with 421 there; `server_error`
//! gives its status (421 at MAIL, 450, 452, 550 … at RCPT; 500 and 503 stand for 451 after the data, as does
//! any other); the rest acts when the data are complete.

pub(crate) mod addresses;
mod auth;
mod data;

use super::{FaultKind, LogEntry, World, mail};
use addresses::{is_address, is_bounced};
use auth::decode;

/// User and password of the submission account.
pub const USER: &str = "todoke";
/// See [`USER`].
pub const PASSWORD: &str = "sandbox-mail";

const COMMAND_MAX: usize = 512;
const RCPT_MAX: usize = 100;

/// How a server behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Largest message in bytes, told by `SIZE`.
    pub max_size: usize,
    /// Offers STARTTLS until TLS is on.
    pub starttls: bool,
    /// Refuses AUTH until TLS is on.
    pub auth_needs_tls: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_size: 10 * 1024 * 1024, starttls: false, auth_needs_tls: false }
    }
}

/// What to do after the reply was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Continue,
    Close,
    /// Write nothing more and leave the connection open.
    Silence,
    /// Begin the TLS handshake; the session starts over inside.
    StartTls,
}

/// The server's turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub reply: Vec<u8>,
    pub action: Action,
    /// Milliseconds to wait before writing the reply.
    pub after_ms: u64,
}

/// One connection.
#[derive(Debug, Clone)]
pub struct Session {
    options: Options,
    tls: bool,
    state: State,
    greeted: bool,
    authenticated: bool,
    buffer: Vec<u8>,
    mail: Option<Transaction>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Command,
    /// Waiting for the one line of AUTH PLAIN.
    AuthPlain,
    AuthLoginUser,
    AuthLoginPassword(String),
    Data,
}

#[derive(Debug, Clone)]
struct Transaction {
    from: String,
    to: Vec<String>,
    eight_bit: bool,
    fault: Option<FaultKind>,
}

/// A reply line and what follows it.
struct Turn(String, Action, u64);

fn say(text: impl Into<String>) -> Turn {
    Turn(text.into(), Action::Continue, 0)
}

impl Session {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            options,
            tls: false,
            state: State::Command,
            greeted: false,
            authenticated: false,
            buffer: Vec::new(),
            mail: None,
        }
    }

    /// The first thing the server says.
    #[must_use]
    pub fn greeting(&self) -> Vec<u8> {
        b"220 mail.minato.example ESMTP sandbox\r\n".to_vec()
    }

    /// The TLS handshake is done: the session begins again, encrypted.
    pub fn tls_started(&mut self) {
        *self = Self { tls: true, ..Self::new(self.options) };
    }

    /// Takes what the client wrote, however it is cut, and answers every whole line.
    pub fn feed(&mut self, world: &mut World, bytes: &[u8], now_ms: i64) -> Output {
        self.buffer.extend_from_slice(bytes);
        let mut output = Output { reply: Vec::new(), action: Action::Continue, after_ms: 0 };
        while let Some(Turn(line, action, after_ms)) = self.step(world, now_ms) {
            if !line.is_empty() {
                output.reply.extend_from_slice(line.as_bytes());
                output.reply.extend_from_slice(b"\r\n");
            }
            output.after_ms += after_ms;
            output.action = action;
            if action != Action::Continue {
                // What came after STARTTLS in clear must not count as said inside TLS.
                self.buffer.clear();
                break;
            }
        }
        output
    }

    fn step(&mut self, world: &mut World, now_ms: i64) -> Option<Turn> {
        if self.state == State::Data {
            return self.data(world, now_ms);
        }
        let Some(end) = self.buffer.iter().position(|b| *b == b'\n') else {
            let too_long = self.buffer.len() > COMMAND_MAX * 4;
            return too_long.then(|| Turn("500 5.5.2 line too long".into(), Action::Close, 0));
        };
        let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
        line.pop();
        if line.pop() != Some(b'\r') || line.contains(&b'\r') {
            return Some(Turn("500 5.5.2 lines end with CR LF".into(), Action::Close, 0));
        }
        if line.len() + 2 > COMMAND_MAX {
            return Some(say("500 5.5.2 line too long"));
        }
        let Ok(line) = String::from_utf8(line) else {
            return Some(say("500 5.5.2 commands are ASCII"));
        };
        if !line.is_ascii() {
            return Some(say("500 5.5.2 commands are ASCII"));
        }
        Some(match std::mem::replace(&mut self.state, State::Command) {
            State::AuthPlain => self.auth_plain(world, &line, now_ms),
            State::AuthLoginUser => match decode(&line) {
                Some(user) => {
                    self.state = State::AuthLoginPassword(user);
                    say("334 UGFzc3dvcmQ6")
                }
                None => say("501 5.5.2 AUTH cancelled or not base64"),
            },
            State::AuthLoginPassword(user) => match decode(&line) {
                Some(password) => self.check(world, &user, &password, now_ms),
                None => say("501 5.5.2 AUTH cancelled or not base64"),
            },
            State::Command | State::Data => self.command(world, &line, now_ms),
        })
    }

    fn command(&mut self, world: &mut World, line: &str, now_ms: i64) -> Turn {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (verb.to_ascii_uppercase().as_str(), rest.trim()) {
            ("EHLO" | "HELO", "") => say("501 5.5.4 say who you are"),
            ("HELO", _) => {
                self.hello();
                say("250 mail.minato.example")
            }
            ("EHLO", _) => {
                self.hello();
                say(self.extensions())
            }
            ("NOOP", _) => say("250 2.0.0 OK"),
            ("QUIT", _) => Turn("221 2.0.0 bye".into(), Action::Close, 0),
            ("RSET", "") => {
                self.mail = None;
                say("250 2.0.0 OK")
            }
            ("VRFY", _) => say("252 2.1.5 send some mail and see"),
            ("STARTTLS", "") if self.options.starttls && !self.tls => {
                Turn("220 2.0.0 ready".into(), Action::StartTls, 0)
            }
            ("AUTH", rest) => self.auth(world, rest, now_ms),
            ("MAIL", rest) => self.mail_from(world, rest, now_ms),
            ("RCPT", rest) => self.rcpt_to(world, rest, now_ms),
            ("DATA", "") => match &self.mail {
                Some(mail) if !mail.to.is_empty() => {
                    self.state = State::Data;
                    say("354 go ahead")
                }
                _ => say("503 5.5.1 MAIL and RCPT first"),
            },
            ("DATA" | "RSET" | "STARTTLS", arguments) if !arguments.is_empty() => {
                say("501 5.5.4 no arguments")
            }
            _ => say("502 5.5.1 unknown command"),
        }
    }

    fn hello(&mut self) {
        self.greeted = true;
        self.mail = None;
    }

    fn extensions(&self) -> String {
        let mut lines =
            vec!["mail.minato.example".to_owned(), "8BITMIME".into(), "ENHANCEDSTATUSCODES".into()];
        lines.push(format!("SIZE {}", self.options.max_size));
        if self.options.starttls && !self.tls {
            lines.push("STARTTLS".into());
        }
        if self.may_auth() {
            lines.push("AUTH PLAIN LOGIN".into());
        }
        let last = lines.pop().unwrap_or_default();
        let mut text: String = lines.iter().map(|line| format!("250-{line}\r\n")).collect();
        text.push_str("250 ");
        text.push_str(&last);
        text
    }

    fn mail_from(&mut self, world: &mut World, rest: &str, now_ms: i64) -> Turn {
        if !self.greeted || self.mail.is_some() {
            return say("503 5.5.1 bad sequence");
        }
        if !self.authenticated {
            return say("530 5.7.0 authentication required");
        }
        let Some((from, parameters)) = path(rest, "FROM:") else {
            return say("501 5.5.4 MAIL FROM:<address>");
        };
        if !from.is_empty() && !is_address(from) {
            return say("553 5.1.7 not an address");
        }
        let mut eight_bit = false;
        for parameter in parameters.split_ascii_whitespace() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match (name.to_ascii_uppercase().as_str(), value.to_ascii_uppercase().as_str()) {
                ("SIZE", size) => match size.parse::<usize>() {
                    Ok(size) if size > self.options.max_size => {
                        note(world, "mail", 552, 0, None, now_ms);
                        return say("552 5.3.4 message too big");
                    }
                    Ok(_) => {}
                    Err(_) => return say("501 5.5.4 SIZE is a number"),
                },
                ("BODY", "8BITMIME") => eight_bit = true,
                ("BODY", "7BIT") => eight_bit = false,
                _ => return say("555 5.5.4 parameter not recognised"),
            }
        }
        let fault = world.faults.pick_smtp();
        if matches!(fault, Some(FaultKind::TooManyRequests | FaultKind::ServerError { status: 421 })) {
            note(world, "mail", 421, 0, fault, now_ms);
            return Turn("421 4.7.0 too busy, try again later".into(), Action::Close, 0);
        }
        self.mail = Some(Transaction { from: from.to_owned(), to: Vec::new(), eight_bit, fault });
        say("250 2.1.0 OK")
    }

    fn rcpt_to(&mut self, world: &mut World, rest: &str, now_ms: i64) -> Turn {
        let Some(mail) = &mut self.mail else { return say("503 5.5.1 MAIL first") };
        let Some((to, parameters)) = path(rest, "TO:") else {
            return say("501 5.5.4 RCPT TO:<address>");
        };
        if !parameters.is_empty() {
            return say("555 5.5.4 parameter not recognised");
        }
        if !is_address(to) {
            return say("553 5.1.3 not an address");
        }
        if is_bounced(to) {
            note(world, "mail", 550, 0, None, now_ms);
            return say(format!("550 5.1.1 no such user: {to}"));
        }
        if let Some(fault @ FaultKind::ServerError { status: status @ (450 | 452 | 550 | 553) }) = mail.fault
        {
            note(world, "mail", status, 0, Some(fault), now_ms);
            let class = status / 100;
            return say(format!("{status} {class}.3.1 not now"));
        }
        if mail.to.len() >= RCPT_MAX {
            return say("452 4.5.3 too many recipients");
        }
        mail.to.push(to.to_owned());
        say("250 2.1.5 OK")
    }

    fn data(&mut self, world: &mut World, now_ms: i64) -> Option<Turn> {
        let end = data::end(&self.buffer);
        let Some(end) = end else {
            let over = self.buffer.len() > self.options.max_size.saturating_mul(2).saturating_add(4096);
            return over.then(|| Turn("552 5.3.4 message too big".into(), Action::Close, 0));
        };
        let received: Vec<u8> = self.buffer.drain(..end.whole).collect();
        self.state = State::Command;
        let mail = self.mail.take()?;
        let body = received.get(..end.content).unwrap_or_default();
        let checked = data::unstuff(body).and_then(|message| {
            data::check(&message, mail.eight_bit, self.options.max_size).map(|()| message)
        });
        let message = match checked {
            Ok(message) => message,
            Err(refused) => {
                note(world, "mail", refused.code(), body.len(), None, now_ms);
                return Some(say(refused.to_string()));
            }
        };
        let code = match mail.fault {
            Some(FaultKind::ServerError { status: status @ (451 | 552 | 554) }) => status,
            Some(FaultKind::ServerError { .. }) => 451,
            _ => 250,
        };
        let silent = matches!(mail.fault, Some(FaultKind::TimeoutBefore | FaultKind::TimeoutAfter));
        if code == 250 && mail.fault != Some(FaultKind::TimeoutBefore) {
            world.dropping = mail.fault == Some(FaultKind::Drop);
            world.deliver(mail::parse(&message, &mail.from, &mail.to, now_ms));
            world.dropping = false;
        }
        note(world, "mail", if silent { 0 } else { code }, message.len(), mail.fault, now_ms);
        if silent {
            return Some(Turn(String::new(), Action::Silence, 0));
        }
        let after_ms = if let Some(FaultKind::Slow { ms }) = mail.fault { ms } else { 0 };
        let text = match code {
            250 => "250 2.0.0 accepted".to_owned(),
            code => format!("{code} {}.3.0 not now", code / 100),
        };
        Some(Turn(text, Action::Continue, after_ms))
    }
}

/// One line in the log; code 0 is a silence.
fn note(
    world: &mut World,
    operation: &'static str,
    code: u16,
    bytes_in: usize,
    fault: Option<FaultKind>,
    now_ms: i64,
) {
    world.log.add(LogEntry {
        no: 0,
        at: now_ms,
        face: "smtp",
        operation,
        method: String::new(),
        path: String::new(),
        status: (code != 0).then_some(code),
        bytes_in,
        bytes_out: 0,
        fault: fault.map(FaultKind::name),
    });
    world.touch();
}

/// The address and the parameters of `FROM:<a@b> SIZE=1`.
fn path<'a>(rest: &'a str, prefix: &str) -> Option<(&'a str, &'a str)> {
    let head = rest.get(..prefix.len())?;
    if !head.eq_ignore_ascii_case(prefix) {
        return None;
    }
    let (address, parameters) = rest.get(prefix.len()..)?.trim_start().strip_prefix('<')?.split_once('>')?;
    (parameters.is_empty() || parameters.starts_with(' ')).then_some((address, parameters.trim()))
}

#[cfg(test)]
mod tests;
