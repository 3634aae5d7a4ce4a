//! Attachments: the older form, which Alertmanager, Grafana, GitLab and Jenkins still send.

use serde_json::Value;

use super::{Collected, Style, mrkdwn};

impl Collected {
    pub(super) fn attachment(&mut self, attachment: &Value) {
        let style = |name: &str| match attachment.get("mrkdwn_in").and_then(Value::as_array) {
            Some(formatted) if !formatted.iter().any(|one| one == name) => Style::Links,
            _ => Style::Mrkdwn,
        };
        self.text(attachment.get("pretext"), style("pretext"));
        self.text(attachment.get("author_name"), Style::Links);
        let at = self.lines.len();
        self.head(attachment.get("title"), Style::Links);
        let title = self.lines.get(at).cloned().unwrap_or_default();
        // A first title's address needs no label: it becomes the message's link.
        let label = if self.targets.is_empty() { String::new() } else { title };
        self.target(&label, attachment.get("title_link"));
        self.text(attachment.get("text"), style("text"));
        for field in list(attachment, "fields") {
            let label = self.inline(field.get("title"), Style::Links);
            let value = self.inline(field.get("value"), style("fields"));
            self.fields.push((label, value));
        }
        self.blocks(list(attachment, "blocks"));
        for action in list(attachment, "actions") {
            let label = self.inline(action.get("text"), Style::Plain);
            self.target(&label, action.get("url"));
        }
        self.target("", attachment.get("image_url"));
        self.text(attachment.get("footer"), Style::Links);
    }

    /// A text that is no line of its own.
    pub(super) fn inline(&mut self, value: Option<&Value>, style: Style) -> String {
        match value {
            Some(Value::String(text)) => mrkdwn::plain(text, style, &mut self.links),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(flag)) => flag.to_string(),
            _ => String::new(),
        }
    }
}

/// A list that may be missing or something else.
pub(super) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
