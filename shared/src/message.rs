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
    /// Buttons that bring an answer back; at most [`MAX_ACTIONS`], each id once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// Who is called where several people read; at most [`MAX_MENTIONS`]. Only copies for rooms show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
}

/// LINE WORKS takes no more (lineworks.md §3.8).
pub const MAX_MENTIONS: usize = 50;

/// Somebody to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Mention {
    Member(String),
    /// Login or notification address of a member. In an accepted event it has become the member.
    Email(String),
    /// Everybody in the room. Must be `true`.
    Everyone(bool),
}

/// Somebody to be called, as one messenger knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mentioned {
    Everyone,
    /// `id` is the messenger's own. Without a good one the person is named in plain text.
    Person {
        name: String,
        id: Option<String>,
    },
}

/// LINE WORKS' button template takes ten, one of which is the link; more than four are a form, not a question.
pub const MAX_ACTIONS: usize = 4;

/// A button such as 「対応します」.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What the source system knows it by: 1 to 40 of `a-z`, `0-9`, `_` and `-`.
    pub id: String,
    /// 1 to 20 graphemes: the least that every messenger shows whole.
    pub label: String,
    #[serde(default, skip_serializing_if = "ActionStyle::is_plain")]
    pub style: ActionStyle,
}

/// How much a button stands out, where the messenger can show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionStyle {
    #[default]
    Plain,
    Primary,
    Danger,
}

impl ActionStyle {
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }
}

/// What stands behind a button at every provider and comes back when it is pressed: `todoke:{event}:{action}`,
/// at most 80 bytes. It says nothing of the recipient, so that one LINE multicast fits everybody; who pressed
/// is told by the provider.
#[must_use]
pub fn action_data(event: &str, action: &str) -> String {
    format!("todoke:{event}:{action}")
}

/// The event and the action behind a button, `None` when it is not one of ours.
#[must_use]
pub fn read_action_data(data: &str) -> Option<(&str, &str)> {
    data.strip_prefix("todoke:")?.split_once(':')
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context<'a> {
    pub lang: crate::lang::Lang,
    /// Name of the kind in `lang`, 「タスクの割り当て」.
    pub kind: &'a str,
    /// Name of the workspace.
    pub workspace: &'a str,
    /// Id of the event; without one, actions are not drawn.
    pub event: Option<&'a str>,
    /// Page on which the whole notice can be read and answered: behind 「続きを見る」 when a text is cut and
    /// there is no link, and where a messenger has no buttons that call back.
    pub page: Option<&'a str>,
    /// Once an action was taken: the line that says by whom. Actions are no longer drawn; the link is.
    pub settled: Option<&'a str>,
    /// Who is called; empty but for rooms.
    pub mentions: &'a [Mentioned],
}
