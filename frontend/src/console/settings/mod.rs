//! 設定: API keys, so far.

pub mod keys_model;

pub mod keys;
pub mod new_key;

pub use keys::SettingsPage;
