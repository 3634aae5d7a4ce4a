//! The form of Slack's incoming webhooks: what its senders really put in, and the answers that they compare
//! byte by byte (doors.md §2).

mod attachments;
mod blocks;

use serde_json::{Map, Value};

use super::{form, mrkdwn};
use crate::{message::Message, render::text, validate::is_link};
use mrkdwn::Style;

/// Calls of one token in an hour: Slack takes about one a second (doors.md §2.2).
pub const HOURLY: u32 = 3_600;
/// The body of an accepted call, exactly: Alertmanager and Grafana compare it.
pub const OK: &[u8] = b"ok";
/// The type of every answer: with a JSON type the same senders want another body.
pub const CONTENT_TYPE: &str = "text/plain";

const MOST_ATTACHMENTS: usize = 100;

/// Why a call was refused. The name is the whole body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("invalid_payload")]
    InvalidPayload,
    #[error("no_text")]
    NoText,
    #[error("invalid_blocks")]
    InvalidBlocks,
    #[error("too_many_attachments")]
    TooManyAttachments,
    #[error("user_not_found")]
    UserNotFound,
    #[error("invalid_token")]
    InvalidToken,
    /// The door was shut.
    #[error("no_active_hooks")]
    NoActiveHooks,
    /// The bot is not in the room any more.
    #[error("channel_not_found")]
    ChannelNotFound,
    #[error("method_not_allowed")]
    WrongMethod,
    #[error("request_too_large")]
    TooLarge,
    #[error("rate_limited")]
    RateLimited,
    #[error("rollup_error")]
    RollupError,
}

impl Refused {
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidPayload
            | Self::NoText
            | Self::InvalidBlocks
            | Self::TooManyAttachments
            | Self::UserNotFound => 400,
            Self::InvalidToken => 403,
            Self::NoActiveHooks | Self::ChannelNotFound => 404,
            Self::WrongMethod => 405,
            Self::TooLarge => 413,
            Self::RateLimited => 429,
            Self::RollupError => 500,
        }
    }
}

/// Reads a call: JSON, or a form whose field `payload` is that JSON. A body that begins with `{` is JSON
/// whatever its type says, for `curl -d`.
pub fn read(content_type: Option<&str>, body: &[u8]) -> Result<Payload, Refused> {
    let is_form = content_type.is_some_and(|value| {
        value.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
    });
    let starts = body.trim_ascii_start();
    let payload: Value = if starts.starts_with(b"{") || !is_form {
        serde_json::from_slice(starts)
    } else {
        let fields = form::pairs(body);
        let payload = fields.iter().find(|(name, _)| name == "payload").ok_or(Refused::InvalidPayload)?;
        serde_json::from_str(&payload.1)
    }
    .map_err(|_| Refused::InvalidPayload)?;
    let Value::Object(payload) = payload else { return Err(Refused::InvalidPayload) };
    match payload.get("blocks") {
        None | Some(Value::Null | Value::Array(_)) => {}
        Some(_) => return Err(Refused::InvalidBlocks),
    }
    match payload.get("attachments") {
        None | Some(Value::Null) => {}
        Some(Value::Array(attachments)) if attachments.len() <= MOST_ATTACHMENTS => {}
        Some(Value::Array(_)) => return Err(Refused::TooManyAttachments),
        Some(_) => return Err(Refused::InvalidPayload),
    }
    let payload = Payload(payload);
    if payload.collect().is_empty() { Err(Refused::NoText) } else { Ok(payload) }
}

/// A call that says something.
#[derive(Debug, Clone, PartialEq)]
pub struct Payload(Map<String, Value>);

impl Payload {
    /// The message to deliver, in the order of doors.md §2.3: text, blocks, attachments; a fallback only when
    /// nothing else came out. `channel`, `username` and icons are ignored: the door knows where it leads.
    #[must_use]
    pub fn message(&self, door: &str, development: bool) -> Message {
        self.collect().message(door, development)
    }

    fn collect(&self) -> Collected {
        let mut collected = Collected::default();
        let style = match self.0.get("mrkdwn") {
            Some(Value::Bool(false)) => Style::Links,
            _ => Style::Mrkdwn,
        };
        collected.text(self.0.get("text"), style);
        collected.led = !collected.lines.is_empty();
        let list =
            |name: &str| self.0.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let before = collected.lines.len();
        collected.blocks(list("blocks"));
        // With blocks Slack shows the text in its own notices only; senders repeat themselves.
        if before > 0 && collected.lines.len() > before && collected.repeats(before) {
            collected.lines.drain(..before);
            collected.led = false;
        }
        list("attachments").iter().for_each(|attachment| collected.attachment(attachment));
        if collected.is_empty() {
            list("attachments")
                .iter()
                .for_each(|attachment| collected.text(attachment.get("fallback"), style));
        }
        collected
    }
}

/// What a call says, piece by piece.
#[derive(Debug, Default)]
struct Collected {
    lines: Vec<String>,
    /// The first line is a text of the sender's, above everything else.
    led: bool,
    /// Which line is the title when no text leads.
    headline: Option<usize>,
    fields: Vec<(String, String)>,
    /// Addresses behind titles and buttons, each with its label; a title's label is empty, it is a line already.
    targets: Vec<(String, String)>,
    /// Addresses within texts.
    links: Vec<String>,
}

impl Collected {
    fn is_empty(&self) -> bool {
        let says = |field: &(String, String)| !text::is_blank(&field.1);
        self.lines.is_empty() && !self.fields.iter().any(says) && self.targets.is_empty()
    }

    /// Adds a text, whatever it is: a number is one too; nothing for what is no text.
    fn text(&mut self, value: Option<&Value>, style: Style) {
        let text = match value {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return,
        };
        let text = mrkdwn::plain(&text, style, &mut self.links);
        let text = text::paragraph(&text);
        if !text.is_empty() {
            self.lines.push(text);
        }
    }

    /// As [`Self::text`]; it is the title unless there is one.
    fn head(&mut self, value: Option<&Value>, style: Style) {
        let at = self.lines.len();
        self.text(value, style);
        if self.lines.len() > at {
            self.headline = self.headline.or(Some(at));
        }
    }

    /// An address behind a title or a button.
    fn target(&mut self, label: &str, address: Option<&Value>) {
        let address = address.and_then(Value::as_str).map(str::trim).unwrap_or_default();
        if address.starts_with("https://") || address.starts_with("http://") {
            self.targets.push((text::one_line(label), address.to_owned()));
        }
    }

    /// Whether what the first lines say comes again in the rest.
    fn repeats(&self, before: usize) -> bool {
        let (first, rest) = self.lines.split_at(before);
        first.iter().all(|line| rest.iter().any(|other| other.contains(line.trim())))
    }

    fn message(mut self, door: &str, development: bool) -> Message {
        let headline = if self.led { None } else { self.headline.filter(|at| *at < self.lines.len()) };
        if let Some(at) = headline {
            let line = self.lines.remove(at);
            self.lines.insert(0, line);
        }
        let addresses = self.targets.iter().map(|(_, address)| address).chain(&self.links);
        let link = addresses.into_iter().find(|address| is_link(address, development)).cloned();
        for (label, address) in &self.targets {
            if Some(address) != link.as_ref() {
                let line =
                    if label.is_empty() { address.clone() } else { mrkdwn::with_address(label, address) };
                self.lines.push(line);
            }
        }
        let mut text = self.lines.join("\n");
        if let Some(link) = &link {
            // It has a button of its own.
            let address = format!(" ({link})");
            text = text.replace(&address, "");
            self.fields.iter_mut().for_each(|(_, value)| *value = value.replace(&address, ""));
        }
        let mut message = super::message(door, &text);
        super::add_fields(&mut message, self.fields);
        if message.title.is_empty() {
            message.title = super::cut(&text::one_line(door), super::TITLE_LIMIT);
        }
        message.link = link;
        message
    }
}

#[cfg(test)]
mod tests;
