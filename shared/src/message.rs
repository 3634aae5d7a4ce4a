//! The one message model. Providers' renderings of it live in [`crate::render`].

use serde::{Deserialize, Serialize};

/// What a person reads. Every text is untrusted: each rendering neutralises it for its provider.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// One line, at most 200 characters.
    pub title: String,
    /// May have several lines, at most 10,000 characters; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// `https` (in development also `http` to this machine), at most 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// A labelled line below the body: 「期限: 11月30日」.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// At most 100 characters.
    pub label: String,
    /// At most 1,000 characters.
    pub value: String,
}

/// Everything a rendering needs besides the message itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context<'a> {
    pub lang: crate::lang::Lang,
    /// Name of the kind in `lang`, 「タスクの割り当て」.
    pub kind: &'a str,
    /// Name of the workspace.
    pub workspace: &'a str,
}
