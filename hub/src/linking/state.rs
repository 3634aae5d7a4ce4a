//! The `state` of a trip to a provider's login page (OAuth 2.0 RFC 6749 §10.12). It says which integration the
//! trip is for, whose browser began it and until when it counts, under a MAC, so that no table is needed. Nonce
//! and PKCE verifier are derived from it and are told to nobody until they are used.
//!
//! Lower-case letters and digits only (line.md §1.1), by position: 32 random · 12 end · 32 holder · 26
//! integration · 64 MAC.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use shared::{
    api::{integrations::Provider, linking::Returned},
    id::IntegrationId,
    time::{MINUTE, Millis},
};

use crate::{hub::Hub, sessions::hash_of};

/// As long as a code lives at every provider (line.md §1.1, slack.md §8, lineworks.md §1.5).
pub(super) const STATE_LIFE: Millis = 10 * MINUTE;

const RANDOM: usize = 32;
const END: usize = 12;
const HOLDER: usize = 32;
const INTEGRATION: usize = 26;

impl Hub {
    /// A new state. `token` is what only the browser that begins the trip has: its session's.
    pub(crate) fn new_state(&self, provider: Provider, token: &str, integration: &IntegrationId) -> String {
        let id = integration.as_str();
        let body = format!(
            "{}{:012x}{}{}",
            hex(&self.random::<16>()),
            self.now() + STATE_LIFE,
            holder(token),
            id.strip_prefix(IntegrationId::PREFIX).unwrap_or(id)
        );
        let mac = hex(&self.vault.mac(&purpose(provider), body.as_bytes()));
        body + &mac
    }

    /// The integration of a state that came back with `token`'s browser.
    pub(crate) fn read_state(
        &self,
        provider: Provider,
        token: Option<&str>,
        state: &str,
    ) -> Result<IntegrationId, Returned> {
        let (body, mac) =
            state.split_at_checked(RANDOM + END + HOLDER + INTEGRATION).ok_or(Returned::Forged)?;
        let mac = unhex(mac).ok_or(Returned::Forged)?;
        if !self.vault.mac_matches(&purpose(provider), body.as_bytes(), &mac) {
            return Err(Returned::Forged);
        }
        // From here on it is one of ours.
        let part = |from: usize, length: usize| body.get(from..from + length).unwrap_or_default();
        let end = Millis::from_str_radix(part(RANDOM, END), 16).map_err(|_| Returned::Forged)?;
        if token.map(holder).as_deref() != Some(part(RANDOM + END, HOLDER)) {
            return Err(Returned::OtherSession);
        }
        if end <= self.now() {
            return Err(Returned::Expired);
        }
        let id = format!("{}{}", IntegrationId::PREFIX, part(RANDOM + END + HOLDER, INTEGRATION));
        id.parse().map_err(|_| Returned::Forged)
    }

    /// The nonce of the trip with that state.
    pub(super) fn nonce_of(&self, provider: Provider, state: &str) -> String {
        self.derived("nonce", provider, state)
    }

    /// The PKCE verifier of the trip with that state: 43 characters.
    pub(super) fn verifier_of(&self, provider: Provider, state: &str) -> String {
        self.derived("verifier", provider, state)
    }

    fn derived(&self, what: &str, provider: Provider, state: &str) -> String {
        let mac = self.vault.mac(&format!("login-{what}/{}", provider.code()), state.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(mac)
    }
}

fn purpose(provider: Provider) -> String {
    format!("login-state/{}", provider.code())
}

/// The provider sees it, so it is not the token.
fn holder(token: &str) -> String {
    hash_of(token).chars().take(HOLDER).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Lower case only, so that a state has one spelling.
fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
