//! One message, as each provider wants it. Pure and within every limit.

use serde_json::Value;

use crate::{
    channel::Channel,
    message::{Context, Message},
};

pub mod google_chat;
pub mod line;
pub mod lineworks;
pub mod mail;
pub mod slack;
pub mod web_push;

mod parts;
#[cfg(test)]
mod tests;
pub(crate) mod text;

/// A message in the form of one channel's provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rendering {
    /// The `content` object.
    Lineworks(Value),
    /// The message objects of one call.
    Line(Vec<Value>),
    Slack(slack::Rendered),
    /// The message resource.
    GoogleChat(Value),
    Mail(mail::MailContent),
    /// What the page's service worker shows.
    WebPush(web_push::Notification),
}

/// What people see before anything is sent: the very rendering that is sent. Of Google Chat it is the app's, as
/// a webhook's looks the same; a mail has no footer link, which is each reader's own.
#[must_use]
pub fn preview(channel: Channel, message: &Message, context: &Context<'_>) -> Rendering {
    match channel {
        Channel::Lineworks => Rendering::Lineworks(lineworks::render(message, context)),
        Channel::Line => Rendering::Line(line::render(message, context)),
        Channel::Slack => Rendering::Slack(slack::render(message, context)),
        Channel::GoogleChat => {
            Rendering::GoogleChat(google_chat::render(message, context, google_chat::Mode::App))
        }
        Channel::Email => Rendering::Mail(mail::render(message, context, None)),
        Channel::WebPush => Rendering::WebPush(web_push::render(message, context)),
    }
}
