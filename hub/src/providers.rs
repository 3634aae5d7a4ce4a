//! Clients of the messengers: each turns one delivery into one [`shared::delivery::Outcome`] and what a
//! messenger calls back with into [`Callback`]s.

mod answer;
#[cfg(any(target_arch = "wasm32", test))]
pub(crate) mod crypto;
mod encode;
pub mod google_chat;
mod jwt;
pub mod line;
pub mod lineworks;
pub mod lineworks_v1;
pub mod mail;
#[cfg(test)]
pub(crate) mod script;
pub mod slack;
mod token;
pub mod web_push;

use shared::inbound::Inbound;

/// One thing a messenger told us. One request may carry several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    pub inbound: Inbound,
    /// The provider's own id of what happened, the same in a redelivery; `None` where it has none and the
    /// hash of the body must do.
    pub key: Option<String>,
    /// A free answer for about a minute (LINE only).
    pub reply_token: Option<String>,
}

impl Callback {
    /// Of a provider that numbers nothing.
    #[must_use]
    pub const fn of(inbound: Inbound) -> Self {
        Self { inbound, key: None, reply_token: None }
    }
}
