//! Doors: addresses that take what scripts sent to services that are gone or shut, so that only the host and
//! the token change. Pure: from the raw request to a [`Message`], and the very answers that clients compare.
//!
//! Where to start: [`line_notify::read`] and [`slack::read`]. A token carries the workspace, see [`token`].

mod emoji;
pub mod form;
pub mod line_notify;
pub mod mrkdwn;
mod multipart;
pub mod refusal;
pub mod slack;

use crate::{
    id::WorkspaceId,
    message::{Field, Message},
    render::text,
};

/// Characters of a door's token: as many as a token of LINE Notify had, letters and digits only, for scripts
/// that look at its form.
pub const TOKEN_LENGTH: usize = WORKSPACE_LENGTH + SECRET_LENGTH;

const WORKSPACE_LENGTH: usize = 26;
/// 62^17 is just over 2^101.
const SECRET_LENGTH: usize = 17;
const LETTERS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

const TITLE_LIMIT: usize = 200;
const BODY_LIMIT: usize = 10_000;
const LABEL_LIMIT: usize = 100;
const VALUE_LIMIT: usize = 1_000;
const FIELDS_LIMIT: usize = 20;

/// A new token: the workspace's 26 characters and 101 random bits.
#[must_use]
pub fn token(workspace: &WorkspaceId, random: [u8; 16]) -> String {
    let mut rest = u128::from_be_bytes(random);
    let id = workspace.as_str();
    let mut token = id.strip_prefix(WorkspaceId::PREFIX).unwrap_or(id).to_owned();
    for _ in 0..SECRET_LENGTH {
        let letter = LETTERS.get(usize::try_from(rest % 62).unwrap_or_default()).copied().unwrap_or(b'0');
        token.push(char::from(letter));
        rest /= 62;
    }
    token
}

/// The workspace that a token names; `None` when it is not of a token's form.
#[must_use]
pub fn workspace_of(token: &str) -> Option<WorkspaceId> {
    let (workspace, secret) = token.split_at_checked(WORKSPACE_LENGTH)?;
    let well_formed =
        secret.len() == SECRET_LENGTH && secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let id = format!("{}{workspace}", WorkspaceId::PREFIX);
    if well_formed { id.parse().ok() } else { None }
}

/// The token of an `Authorization` header. Any case of `Bearer`, and any run of spaces and tabs behind it, was
/// seen in scripts (doors.md §1.6).
#[must_use]
pub fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once([' ', '\t'])?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}

/// A text of any length as a message: its first line is the title. A first line that is too long for one
/// stays with the rest, below the door's name. Blank text has no title.
fn message(door: &str, text: &str) -> Message {
    let text = text::paragraph(text);
    let blank: usize = text.split_inclusive('\n').take_while(|line| text::is_blank(line)).map(str::len).sum();
    let text = text.get(blank..).unwrap_or_default();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (title, body) = if characters(first) <= TITLE_LIMIT { (first, rest) } else { (door, text) };
    Message {
        title: cut(&text::one_line(title), TITLE_LIMIT),
        body: cut(body.trim_start_matches('\n'), BODY_LIMIT),
        ..Message::default()
    }
}

/// Appends fields as far as a message takes them; the rest are lines of the body.
fn add_fields(message: &mut Message, fields: Vec<(String, String)>) {
    let mut lines = Vec::new();
    for (label, value) in fields {
        let (label, value) = (text::one_line(&label), text::paragraph(&value));
        if value.is_empty() {
            continue;
        }
        if label.is_empty() {
            lines.push(value);
        } else if message.fields.len() >= FIELDS_LIMIT {
            lines.push(format!("{label}: {value}"));
        } else {
            let field = Field { label: cut(&label, LABEL_LIMIT), value: cut(&value, VALUE_LIMIT) };
            message.fields.push(field);
        }
    }
    if !message.body.is_empty() {
        lines.insert(0, std::mem::take(&mut message.body));
    }
    message.body = cut(&lines.join("\n"), BODY_LIMIT);
}

/// At most `limit` characters, with 「…」 where something is missing.
fn cut(text: &str, limit: usize) -> String {
    text::cut(text, limit, characters, "…")
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn workspace() -> WorkspaceId {
        WorkspaceId::new(1_767_225_600_000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 255])
    }

    /// What `Hub::submit_event` takes.
    pub(super) fn fits(message: &Message) -> bool {
        let short = |text: &str, limit: usize| text.chars().count() <= limit;
        short(&message.title, 200)
            && !message.title.contains('\n')
            && short(&message.body, 10_000)
            && message.fields.len() <= 20
            && message.fields.iter().all(|field| short(&field.label, 100) && short(&field.value, 1_000))
            && message.link.as_deref().is_none_or(|link| crate::validate::is_link(link, false))
    }

    #[test]
    fn a_token_is_pinned_and_names_its_workspace() {
        let token = token(&workspace(), [255; 16]);
        assert_eq!(token, "01kdvdna00000g40r40m30e27z7CHf7TM8N9KLFt5mg");
        assert_eq!(token.len(), TOKEN_LENGTH);
        assert_eq!(workspace_of(&token), Some(workspace()));
        let shorter = &token[..42];
        for bad in
            ["", shorter, &format!("{token}a"), &token.replace('8', "_"), &token.replace("01k", "01U"), "あ"]
        {
            assert_eq!(workspace_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_bearer_is_found_however_it_is_written() {
        for (header, token) in [
            ("Bearer abc", Some("abc")),
            ("bearer abc ", Some("abc")),
            ("BEARER \t  abc", Some("abc")),
            ("Bearer\tabc", Some("abc")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Basic abc", None),
            ("abc", None),
            ("", None),
        ] {
            assert_eq!(bearer(header), token, "{header}");
        }
    }

    #[test]
    fn the_first_line_is_the_title_unless_it_is_too_long() {
        let read = |text: &str| {
            let message = message("監視", text);
            (message.title, message.body)
        };
        let long = "あ".repeat(201);
        for (text, title, body) in [
            ("温度が30度を超えました", "温度が30度を超えました", ""),
            ("\n1行目\r\n\r\n2行目\n", "1行目", "2行目"),
            ("a\tb\u{7}", "a b", ""),
            (long.as_str(), "監視", long.as_str()),
            (" \n\u{200b}", "", ""),
            ("\u{200b}\n\u{202e}b\nc", "b", "c"),
        ] {
            assert_eq!(read(text), (title.to_owned(), body.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_fits_a_message(
            text in "(?s).{0,400}", repeat in 1_usize..60,
            fields in proptest::collection::vec(("(?s).{0,150}", "(?s).{0,1200}"), 0..25),
        ) {
            let mut message = message("d", &text.repeat(repeat));
            add_fields(&mut message, fields);
            prop_assert!(fits(&message));
        }
    }
}
