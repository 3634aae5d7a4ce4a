//! `crypto.getRandomValues`, behind [`hub::ports::Random`].

use hub::ports::Random;

#[derive(Debug, Clone, Copy)]
pub(crate) struct PlatformRandom;

impl Random for PlatformRandom {
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom_04::fill(bytes).is_err() {
            // Cannot happen inside a request. Guessable ids and nonces would be worse than a failed request.
            wasm_bindgen::throw_str("the platform gave no random bytes");
        }
    }
}
