//! Holds JSON against the vendors' own contracts (`sandbox/contracts`).
//!
//! | schema name | where from | unknown fields |
//! | --- | --- | --- |
//! | `line:PushMessageRequest` | LINE OpenAPI, Messaging API | allowed, the specification is lenient |
//! | `line-webhook:CallbackRequest` | LINE OpenAPI, webhook | allowed |
//! | `line-token:…` | LINE OpenAPI, channel access tokens | allowed |
//! | `google_chat:Message` | Google Chat discovery document | a problem, Google refuses them |
//! | `slack:chat.postMessage` | arguments of a Slack method | a problem |
//! | `slack-shape:auth.test` | a Slack answer or payload, by an example of every field | a problem |
//!
//! What the contracts do not say (most lengths, who may do what) is the worlds' own affair.

mod schema;
mod shape;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;

use schema::{Dialect, Schemas};

/// One place where a value and its schema disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `messages[0].text`; empty for the value itself.
    pub at: String,
    /// `must be a string`
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() { f.write_str(&self.what) } else { write!(f, "{}: {}", self.at, self.what) }
    }
}

/// Which way a value went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// What a client asked.
    Request,
    /// What the world answered.
    Answer,
    /// What the world posted by itself.
    Callback,
}

/// A value that broke a contract, kept by the world so that a test can ask for none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Milliseconds UTC.
    pub at: i64,
    pub side: Side,
    pub schema: String,
    pub problems: Vec<Problem>,
}

/// Holds a value against a schema such as `line:PushMessageRequest`.
///
/// # Errors
/// Every place where they disagree; a schema that does not exist is a problem too.
pub fn check(schema: &str, value: &Value) -> Result<(), Vec<Problem>> {
    let unknown = || vec![Problem { at: String::new(), what: format!("no such schema: {schema}") }];
    let (family, name) = schema.split_once(':').ok_or_else(unknown)?;
    let problems = if family == "slack-shape" {
        shape::compare(shapes().get(name).ok_or_else(unknown)?, value)
    } else {
        family_of(family).and_then(|schemas| schemas.check(name, value)).ok_or_else(unknown)?
    };
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn family_of(family: &str) -> Option<&'static Schemas> {
    /// Read once per process, when first asked for.
    macro_rules! once {
        ($make:expr) => {{
            static SCHEMAS: OnceLock<Schemas> = OnceLock::new();
            Some(SCHEMAS.get_or_init(|| $make))
        }};
    }
    match family {
        "line" => once!(Schemas::open_api(include_str!("../contracts/line/messaging-api.json"))),
        "line-webhook" => once!(Schemas::open_api(include_str!("../contracts/line/webhook.json"))),
        "line-token" => once!(Schemas::open_api(include_str!("../contracts/line/channel-access-token.json"))),
        "google_chat" => once!(Schemas::discovery(include_str!("../contracts/google_chat/chat.v1.json"))),
        "slack" => once!(slack_methods()),
        _ => None,
    }
}

/// `name => text of the file`, for files of one folder.
macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        [$(($name, include_str!(concat!("../contracts/", $folder, "/", $name, ".json")))),*]
    };
}

fn slack_methods() -> Schemas {
    let methods = files!("slack/method_ref": "auth.revoke" "auth.test" "chat.delete" "chat.postEphemeral"
        "chat.postMessage" "chat.update" "conversations.info" "conversations.join" "conversations.list"
        "conversations.open" "oauth.v2.access" "users.info" "users.lookupByEmail");
    let arguments = |text: &str| read(text).get("args").cloned().unwrap_or_default();
    let by_name = methods.map(|(name, text)| (name.to_owned(), arguments(text)));
    Schemas::new(Dialect::Slack, BTreeMap::from(by_name))
}

fn shapes() -> &'static BTreeMap<&'static str, Value> {
    static SHAPES: OnceLock<BTreeMap<&'static str, Value>> = OnceLock::new();
    SHAPES.get_or_init(|| {
        let examples = files!("slack/json_logs": "AppMentionPayload" "AppRateLimitedPayload"
            "AppUninstalledPayload" "BlockActionPayload" "MessagePayload" "TokensRevokedPayload" "auth.test"
            "oauth.v2.access" "users.lookupByEmail");
        BTreeMap::from(examples.map(|(name, text)| (name, read(text))))
    })
}

/// The files are part of the program; one that is no JSON becomes `null`, and then no schema of it exists.
fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests;
