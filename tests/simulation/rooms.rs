//! The rooms of a run, and whether we are in them.

use sandbox::world::{TalkId, World, google_chat, line::Place};
use serde_json::json;
use shared::time::Millis;
use tests::{
    forms::SLACK_APP,
    talks::{LINE_CHANNEL, Talk, ids},
};

use crate::{ops::Way, record::Machine};

/// A room at its provider.
pub(crate) struct Room {
    pub(crate) way: Way,
    pub(crate) provider_id: String,
    pub(crate) talk: Talk,
}

/// Where 佐藤's colleagues are in Slack and Google Chat.
const SLACK_CHANNEL: &str = "C0MINATO001";
const CHAT_SPACE: &str = "AAAAminato1";

/// Three of LINE WORKS, and one of each other.
pub(crate) fn rooms(machine: &Machine, all: bool) -> Vec<Room> {
    let world = machine.outside.world.borrow();
    let of_lineworks = world.rooms().values().map(|room| Room {
        way: Way::LineWorks,
        provider_id: room.channel_id.clone(),
        talk: Talk::LineWorks(room.members[0].clone(), TalkId::Room(room.channel_id.clone())),
    });
    let mut rooms: Vec<Room> = of_lineworks.collect();
    if all {
        let group = ids::line_group(&world, "送迎当番");
        rooms.push(Room {
            way: Way::Line,
            provider_id: group.clone(),
            talk: Talk::Line(Place::Group { group }),
        });
        rooms.push(Room {
            way: Way::Slack,
            provider_id: SLACK_CHANNEL.into(),
            talk: Talk::Slack(SLACK_CHANNEL.into()),
        });
        rooms.push(Room {
            way: Way::GoogleChat,
            provider_id: format!("spaces/{CHAT_SPACE}"),
            talk: Talk::GoogleChat(CHAT_SPACE.into()),
        });
    }
    rooms
}

impl Room {
    /// Somebody brings us in; nothing happens when we are there already.
    pub(crate) fn invite(&self, world: &mut World, bot: i64, now: Millis) {
        match self.way {
            Way::Line => drop(world.line_invite(&self.provider_id, LINE_CHANNEL, now)),
            Way::Slack => drop(world.slack_invite(&self.provider_id, SLACK_APP, now)),
            Way::GoogleChat => {
                drop(google_chat::add_app(world, "sato", Some(CHAT_SPACE), None, now));
            }
            Way::LineWorks | Way::Mail => drop(world.invite_bot(&self.provider_id, bot, now)),
        }
    }

    /// Somebody takes us out; nothing happens when we are not there.
    pub(crate) fn remove(&self, world: &mut World, bot: i64, now: Millis) {
        match self.way {
            Way::Line => drop(world.line_remove(&self.provider_id, LINE_CHANNEL, now)),
            Way::Slack => drop(world.slack_kick(&self.provider_id, SLACK_APP, now)),
            Way::GoogleChat => drop(google_chat::remove_app(world, "sato", CHAT_SPACE, now)),
            Way::LineWorks | Way::Mail => drop(world.remove_bot(&self.provider_id, bot, now)),
        }
    }

    /// Whether we are in it.
    pub(crate) fn is_inside(&self, world: &World, bot: i64) -> bool {
        match self.way {
            Way::Line => {
                let view = world.view(u64::MAX);
                let groups = view["line"]["groups"].as_array().cloned().unwrap_or_default();
                let ours = groups.iter().find(|group| group["group_id"] == self.provider_id.as_str());
                ours.is_some_and(|group| group["bots"] == json!([LINE_CHANNEL]))
            }
            Way::Slack => {
                let app = world.slack().app(SLACK_APP).unwrap();
                world.slack().conversations()[&self.provider_id].has(&app.bot_user)
            }
            Way::GoogleChat => world.google_chat().spaces()[CHAT_SPACE].app,
            Way::LineWorks | Way::Mail => world.rooms()[&self.provider_id].bots.contains(&bot),
        }
    }
}
