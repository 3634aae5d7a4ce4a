//! What お知らせ reads.

use shared::{
    api::announcements::{
        AnnouncementRow, AnnouncementState, AudienceNames, ChannelReach, Reach, StateCount,
        StoppedAnnouncement,
    },
    routing::Urgency,
};

use crate::{
    client::{json::Json, wire::read},
    console::deliveries::model::Preview,
};

/// What is read of [`shared::api::announcements::Announcement`]: the message itself is read from the previews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) row: AnnouncementRow,
    pub(super) urgency: Urgency,
    pub(super) audience: AudienceNames,
    pub(super) counts: Vec<StateCount>,
    pub(super) previews: Vec<Preview>,
}

/// The five messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Drawings(pub(super) Vec<Preview>);

/// How many messages a test made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tested(pub(super) u64);

fn texts(json: &Json) -> Vec<String> {
    json.items().iter().filter_map(|text| text.str().map(str::to_owned)).collect()
}

read! {
    Shown: json => Some(Self {
        row: json.maybe("row")?,
        urgency: json.maybe("urgency")?,
        audience: json.maybe("audience")?,
        counts: json.all("counts")?,
        previews: json.all("previews")?,
    });
    Drawings: json => Some(Self(json.all("previews")?));
    Tested: json => Some(Self(json.count("deliveries")?));
    AnnouncementRow: json => Some(Self {
        id: json.parsed("id")?,
        title: json.text("title")?,
        author: json.text("author")?,
        created_at: json.number("created_at")?,
        deliver_at: json.number("deliver_at"),
        state: AnnouncementState::from_code(json.get("state").str()?)?,
        deliveries: json.count("deliveries")?,
        skipped: json.count("skipped")?,
        stopped: json.count("stopped")?,
    });
    AudienceNames: json => Some(Self {
        everyone: json.bool("everyone")?,
        companies: texts(json.get("companies")),
        rooms: texts(json.get("rooms")),
        members: json.count("members")?,
        names: texts(json.get("names")),
    });
    StateCount: json => Some(Self {
        channel: json.maybe("channel")?,
        state: json.maybe("state")?,
        count: json.count("count")?,
    });
    Reach: json => Some(Self {
        people: json.count("people")?,
        rooms: json.count("rooms")?,
        channels: json.all("channels")?,
        nobody: json.count("nobody")?,
    });
    ChannelReach: json => Some(Self { channel: json.maybe("channel")?, count: json.count("count")? });
    StoppedAnnouncement: json => Some(Self { cancelled: json.count("cancelled")?, gone: json.count("gone")? });
}

#[cfg(test)]
mod tests {
    use shared::{
        api::announcements::{Announcement, Previews},
        channel::Channel,
        delivery::State,
        id::EventId,
        message::Message,
    };

    use super::*;
    use crate::client::json;

    #[test]
    fn what_the_server_writes_is_read() {
        let row = AnnouncementRow {
            id: EventId::new(1, [0; 10]),
            title: "停電".into(),
            author: "佐藤".into(),
            created_at: 1,
            deliver_at: Some(2),
            state: AnnouncementState::Sending,
            deliveries: 3,
            skipped: 1,
            stopped: 0,
        };
        let preview = shared::api::deliveries::Preview::Slack { text: "t".into(), blocks: Vec::new() };
        let whole = Announcement {
            row: row.clone(),
            message: Message { title: "停電".into(), ..Message::default() },
            urgency: Urgency::Low,
            audience: AudienceNames {
                everyone: true,
                companies: vec!["みなと".into()],
                rooms: Vec::new(),
                members: 12,
                names: vec!["佐藤".into()],
            },
            counts: vec![StateCount { channel: Channel::Line, state: State::Sent, count: 2 }],
            previews: vec![preview.clone()],
        };
        let read = json::read::<Shown>(&serde_json::to_string(&whole).unwrap()).unwrap();
        assert_eq!(
            (read.row, read.urgency, read.audience, read.counts),
            (row, whole.urgency, whole.audience, whole.counts)
        );
        assert_eq!(read.previews[0].channel, Channel::Slack);
        let drawings = serde_json::to_string(&Previews { previews: vec![preview] }).unwrap();
        assert_eq!(json::read::<Drawings>(&drawings).unwrap().0.len(), 1);
        let reach = Reach {
            people: 3,
            rooms: 1,
            channels: vec![ChannelReach { channel: Channel::Email, count: 3 }],
            nobody: 1,
        };
        assert_eq!(json::read::<Reach>(&serde_json::to_string(&reach).unwrap()), Ok(reach));
        let stopped = StoppedAnnouncement { cancelled: 4, gone: 2 };
        assert_eq!(json::read::<StoppedAnnouncement>(&serde_json::to_string(&stopped).unwrap()), Ok(stopped));
        assert_eq!(json::read::<Tested>(r#"{"id":"ev_1","deliveries":2,"skipped":0}"#), Ok(Tested(2)));
    }
}
