//! AUTH PLAIN and LOGIN (RFC 4954).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{PASSWORD, Session, State, Turn, USER, World, note, say};

impl Session {
    pub(super) fn may_auth(&self) -> bool {
        self.tls || !self.options.auth_needs_tls
    }

    pub(super) fn auth(&mut self, world: &mut World, rest: &str, now_ms: i64) -> Turn {
        if !self.greeted || self.authenticated || self.mail.is_some() {
            return say("503 5.5.1 not now");
        }
        if !self.may_auth() {
            return say("538 5.7.11 encryption required");
        }
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        match (mechanism.to_ascii_uppercase().as_str(), initial.trim()) {
            ("PLAIN", "") => {
                self.state = State::AuthPlain;
                // An empty challenge: the code and one space.
                say("334 ")
            }
            ("PLAIN", initial) => self.auth_plain(world, initial, now_ms),
            ("LOGIN", "") => {
                self.state = State::AuthLoginUser;
                say("334 VXNlcm5hbWU6")
            }
            ("LOGIN", initial) => match decode(initial) {
                Some(user) => {
                    self.state = State::AuthLoginPassword(user);
                    say("334 UGFzc3dvcmQ6")
                }
                None => say("501 5.5.2 not base64"),
            },
            _ => say("504 5.5.4 PLAIN or LOGIN"),
        }
    }

    pub(super) fn auth_plain(&mut self, world: &mut World, response: &str, now_ms: i64) -> Turn {
        let Some(decoded) = decode(response) else {
            return say("501 5.5.2 AUTH cancelled or not base64");
        };
        // [authorization identity] NUL user NUL password (RFC 4616)
        let parts: Vec<&str> = decoded.split('\0').collect();
        match parts.as_slice() {
            [_, user, password] => self.check(world, user, password, now_ms),
            _ => say("501 5.5.2 malformed"),
        }
    }

    pub(super) fn check(&mut self, world: &mut World, user: &str, password: &str, now_ms: i64) -> Turn {
        self.authenticated = user == USER && password == PASSWORD;
        if self.authenticated {
            return say("235 2.7.0 welcome");
        }
        note(world, "auth", 535, 0, None, now_ms);
        say("535 5.7.8 authentication failed")
    }
}

/// Base64 of a UTF-8 text; `*`, which cancels, is none.
pub(super) fn decode(base64: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(base64.trim()).ok()?).ok()
}
