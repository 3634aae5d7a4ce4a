//! What is answered at a door by whoever stands before the workspace: the Worker refuses in the door's own
//! form too, because clients read no other.

use super::{line_notify, slack};
use crate::error::Code;

/// Whose form a path speaks, `None` when it is no door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    LineNotify,
    Slack,
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
}

impl Form {
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        match path.trim_end_matches('/') {
            "/api/notify" | "/api/status" | "/api/revoke" => Some(Self::LineNotify),
            path if path.starts_with("/hooks/in/") => Some(Self::Slack),
            _ => None,
        }
    }

    /// `code` in this form. What is neither about the token nor the size is a fault of ours.
    #[must_use]
    pub fn refusal(self, code: Code) -> Refusal {
        match self {
            Self::LineNotify => {
                let no = match code {
                    Code::TooLarge => line_notify::Refused::TooLarge,
                    Code::BadKey | Code::NotFound => line_notify::Refused::BadToken,
                    _ => line_notify::Refused::Internal,
                };
                Refusal { status: no.status(), content_type: line_notify::CONTENT_TYPE, body: no.body() }
            }
            Self::Slack => {
                let no = match code {
                    Code::TooLarge => slack::Refused::TooLarge,
                    Code::BadKey | Code::NotFound => slack::Refused::InvalidToken,
                    _ => slack::Refused::RollupError,
                };
                let body = no.to_string().into_bytes();
                Refusal { status: no.status(), content_type: slack::CONTENT_TYPE, body }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_door_refuses_in_its_own_words() {
        for (path, code, status, body) in [
            ("/api/notify", Code::BadKey, 401, r#"{"status":401,"message":"Invalid access token"}"#),
            ("/api/status/", Code::Busy, 500, r#"{"status":500,"message":"Internal Server Error"}"#),
            ("/api/notify", Code::TooLarge, 413, r#"{"status":413,"message":"Payload Too Large"}"#),
            ("/hooks/in/abc", Code::NotFound, 403, "invalid_token"),
            ("/hooks/in/abc/", Code::Busy, 500, "rollup_error"),
        ] {
            let refusal = Form::of(path).unwrap().refusal(code);
            assert_eq!(
                (refusal.status, String::from_utf8(refusal.body).unwrap().as_str()),
                (status, body),
                "{path}"
            );
        }
        for path in ["/api/notifyx", "/hooks/line/a/b", "/api/v1/events", "/hooks/in"] {
            assert_eq!(Form::of(path), None, "{path}");
        }
    }
}
