//! What people see in their messengers, and pressing what can be pressed there, for all of them alike.

use sandbox::world::{
    Author, Message, TalkId, World,
    google_chat::{self, Sender},
    line::Place,
    slack::SlackAuthor,
};
use serde_json::Value;

use crate::forms::SLACK_APP;

/// The Messaging channel of the world's first provider.
pub const LINE_CHANNEL: i64 = 2_000_000_002;

/// One conversation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Talk {
    /// By the person who looks at it: LINE WORKS keeps a talk for each.
    LineWorks(String, TalkId),
    Line(Place),
    /// `C…` or `D…`.
    Slack(String),
    /// Without `spaces/`.
    GoogleChat(String),
}

/// One message of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    key: Key,
    /// What a reader sees first.
    pub text: String,
    /// Buttons that answer, by number: no links.
    pub answers: Vec<(usize, String)>,
    /// It was changed after it was sent.
    pub edited: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Number(u64),
    Ts(String),
}

impl Talk {
    /// The 1:1 talk of a person with the LINE WORKS bot.
    #[must_use]
    pub fn line_works(person: &str, bot: i64) -> Self {
        Self::LineWorks(person.to_owned(), TalkId::Bot(bot))
    }

    /// The 1:1 talk of a person with the LINE account.
    ///
    /// # Panics
    /// When there is no such person.
    #[must_use]
    pub fn line(world: &World, person: &str) -> Self {
        Self::Line(world.line_place(person, &format!("oa:{LINE_CHANNEL}")).unwrap())
    }

    /// The DM of a person with the Slack app, once there is one.
    #[must_use]
    pub fn slack(world: &World, person: &str) -> Option<Self> {
        let user = &world.slack_user(person)?.id;
        Some(Self::Slack(world.slack().dm(user, SLACK_APP)?.id.clone()))
    }

    /// The direct messages of a person with the Chat app, once there are any.
    #[must_use]
    pub fn google_chat(world: &World, person: &str) -> Option<Self> {
        let user = &world.person(person)?.user_id;
        let mut spaces = world.google_chat().spaces().values();
        let space = spaces.find(|space| space.direct && space.members.contains(user))?;
        Some(Self::GoogleChat(space.id.clone()))
    }

    /// Our messages, oldest first.
    #[must_use]
    pub fn shown(&self, world: &World) -> Vec<Shown> {
        match self {
            Self::LineWorks(person, talk) => of_line(world.messages(person, talk)),
            Self::Line(place) => of_line(world.line_messages(place)),
            Self::Slack(channel) => {
                let conversation = world.slack().conversations().get(channel);
                let messages = conversation.map_or(&[][..], |one| &one.messages).iter();
                let ours = messages.filter(|message| matches!(message.author, SlackAuthor::App(_)));
                ours.map(|message| Shown {
                    key: Key::Ts(message.ts.clone()),
                    text: message.text.clone(),
                    answers: message
                        .buttons()
                        .into_iter()
                        .filter(|button| button.element.get("value").is_some())
                        .map(|button| (button.no, button.label))
                        .collect(),
                    edited: message.edits > 0,
                })
                .collect()
            }
            Self::GoogleChat(space) => {
                let messages = world.google_chat().spaces().get(space).map_or(&[][..], |one| &one.messages);
                let ours = messages.iter().filter(|message| {
                    matches!(message.sender, Sender::App | Sender::Webhook(_)) && !message.deleted
                });
                ours.map(|message| Shown {
                    key: Key::Number(message.no),
                    text: chat_text(&message.body),
                    answers: chat_answers(&message.body),
                    edited: message.edited_ms.is_some(),
                })
                .collect()
            }
        }
    }

    /// Somebody presses a button of a message; false when that cannot be done: it is gone by now, or the person
    /// is not in this talk.
    pub fn press(&self, world: &mut World, person: &str, message: &Shown, button: usize, now: i64) -> bool {
        match (self, &message.key) {
            (Self::LineWorks(_, talk), Key::Number(no)) => {
                world.press(person, talk, *no, button, now).is_ok()
            }
            (Self::Line(place), Key::Number(no)) => {
                let talk = match place {
                    Place::OneToOne { channel, .. } => format!("oa:{channel}"),
                    Place::Group { group } => format!("group:{group}"),
                };
                world.line_press(person, &talk, *no, button, now).is_ok()
            }
            (Self::Slack(channel), Key::Ts(ts)) => {
                world.slack_press(person, channel, ts, button, now).is_ok()
            }
            (Self::GoogleChat(space), Key::Number(no)) => {
                google_chat::press(world, person, space, *no, button, now).is_ok()
            }
            _ => false,
        }
    }
}

fn of_line(messages: &[Message]) -> Vec<Shown> {
    let ours = messages.iter().filter(|message| matches!(message.author, Author::Bot(_)));
    ours.map(|message| Shown {
        key: Key::Number(message.no),
        text: message.text().to_owned(),
        answers: message
            .buttons()
            .into_iter()
            .filter(|button| button.action.get("type").is_some_and(|kind| kind != "uri"))
            .map(|button| (button.no, button.label))
            .collect(),
        edited: false,
    })
    .collect()
}

/// The notification, and the card as it is now: only that can be changed.
fn chat_text(body: &Value) -> String {
    fn visit(value: &Value, texts: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| visit(item, texts)),
            Value::Object(fields) => {
                texts.extend(fields.get("text").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|field| visit(field, texts));
            }
            _ => {}
        }
    }
    let mut texts = Vec::new();
    texts.extend(body.get("fallbackText").and_then(Value::as_str).map(str::to_owned));
    visit(body, &mut texts);
    texts.join("\n")
}

/// Numbered as the world numbers everything that can be pressed.
fn chat_answers(body: &Value) -> Vec<(usize, String)> {
    fn visit(value: &Value, next: &mut usize, found: &mut Vec<(usize, String)>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| visit(item, next, found)),
            Value::Object(fields) => {
                if let Some(click) = fields.get("onClick")
                    && fields.get("disabled") != Some(&Value::Bool(true))
                {
                    let label = fields.get("text").and_then(Value::as_str).unwrap_or_default();
                    if click.get("action").is_some() {
                        found.push((*next, label.to_owned()));
                    }
                    *next += 1;
                }
                fields.values().for_each(|field| visit(field, next, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    visit(body, &mut 0, &mut found);
    found
}

/// What the hub calls a person on each channel, as the world knows them.
pub mod ids {
    use super::{LINE_CHANNEL, World};

    /// `U…` of LINE.
    ///
    /// # Panics
    /// When there is no such person, as below.
    #[must_use]
    pub fn line(world: &World, person: &str) -> String {
        world.line_user_id(LINE_CHANNEL, person).unwrap()
    }

    /// `U…` of Slack.
    #[must_use]
    pub fn slack(world: &World, person: &str) -> String {
        world.slack_user(person).unwrap().id.clone()
    }

    /// `C…` of a LINE group.
    ///
    /// # Panics
    /// When there is no such group.
    #[must_use]
    pub fn line_group(world: &World, name: &str) -> String {
        let view = world.view(0);
        let groups = view["line"]["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["name"] == name).expect("a group of that name");
        group["group_id"].as_str().unwrap().to_owned()
    }

    /// `users/…` of Google Chat.
    #[must_use]
    pub fn google_chat(world: &World, person: &str) -> String {
        format!("users/1084{:0>17}", world.person(person).unwrap().employee_number)
    }
}
