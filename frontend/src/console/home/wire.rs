//! What ホーム reads, without serde. The tests compare each with serde.

use shared::api::{
    home::{Behind, DayCounts, Home, HomeIntegration, LostRoom, Overview, Setup},
    linking::{ChannelObstacle, MonthlyQuota, Obstacle, UnreachableMember},
};

use crate::client::{
    json::{FromJson, Json},
    wire::{read, word},
};

read! {
    Home: json => Some(Self {
        now: json.number("now")?,
        unreachable: json.count("unreachable")?,
        counting: json.bool("counting")?,
        days: json.all("days")?,
        overview: json.maybe("overview"),
    });
    DayCounts: json => Some(Self {
        from: json.number("from")?,
        counts: json.get("counts").items().iter().map(count).collect::<Option<_>>()?,
    });
    Overview: json => Some(Self {
        integrations: json.all("integrations")?,
        lost_rooms: json.all("lost_rooms")?,
        behind: json.maybe("behind")?,
        webhooks_off: json.count("webhooks_off")?,
        setup: json.maybe("setup")?,
    });
    HomeIntegration: json => Some(Self {
        id: json.parsed("id")?,
        provider: json.maybe("provider")?,
        name: json.text("name")?,
        state: json.maybe("state")?,
        cause: json.maybe("cause"),
        since: json.number("since")?,
        installed: json.bool("installed")?,
    });
    LostRoom: json => Some(Self {
        id: json.parsed("id")?,
        name: json.text("name")?,
        provider: json.maybe("provider")?,
        integration: json.parsed("integration")?,
        since: json.number("since")?,
    });
    Behind: json => Some(Self { waiting: json.count("waiting")?, oldest: json.number("oldest") });
    Setup: json => Some(Self {
        mail: json.bool("mail")?,
        messenger: json.bool("messenger")?,
        members: json.bool("members")?,
        linked: json.bool("linked")?,
        system: json.bool("system")?,
        sent: json.bool("sent")?,
    });
    MonthlyQuota: json => Some(Self {
        limit: json.count("limit"),
        used: json.count("used")?,
        forecast: json.count("forecast")?,
    });
    UnreachableMember: json => Some(Self {
        member: FromJson::from_json(json)?,
        obstacles: json.all("obstacles")?,
    });
    ChannelObstacle: json => Some(Self {
        channel: json.maybe("channel")?,
        obstacle: json.maybe("obstacle")?,
    });
    Obstacle: json => word(json);
}

/// `["email", "sent", 12]`.
fn count<C: FromJson, S: FromJson>(json: &Json) -> Option<(C, S, u64)> {
    match json.items() {
        [channel, state, Json::Number(number)] => {
            Some((C::from_json(channel)?, S::from_json(state)?, u64::try_from(*number).ok()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;
    use shared::{
        api::integrations::{IntegrationState, Provider},
        channel::Channel,
        delivery::{Cause, CauseCode, State},
        id::{IntegrationId, RoomId},
    };

    use super::*;
    use crate::client::json;

    fn back<T: Serialize + FromJson + PartialEq + Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(json::read::<T>(&text).as_ref().ok(), Some(value), "{text}");
    }

    #[test]
    fn everything_is_read_as_it_was_written() {
        let integration = IntegrationId::new(1, [1; 10]);
        let setup =
            Setup { mail: true, messenger: false, members: true, linked: false, system: true, sent: false };
        let overview = Overview {
            integrations: vec![HomeIntegration {
                id: integration.clone(),
                provider: Provider::GoogleChat,
                name: "みなと".into(),
                state: IntegrationState::Broken,
                cause: Some(Cause::new(CauseCode::Credentials, "401")),
                since: 3,
                installed: true,
            }],
            lost_rooms: vec![LostRoom {
                id: RoomId::new(1, [2; 10]),
                name: "配送".into(),
                provider: Provider::Slack,
                integration,
                since: 4,
            }],
            behind: Behind { waiting: 7, oldest: Some(5) },
            webhooks_off: 1,
            setup,
        };
        let days = vec![DayCounts { from: 9, counts: vec![(Channel::Email, State::Sent, 12)] }];
        back(&Home { now: 1, unreachable: 2, counting: true, days: days.clone(), overview: Some(overview) });
        back(&Home { now: 1, unreachable: 0, counting: false, days, overview: None });
        back(&MonthlyQuota { limit: None, used: 1, forecast: 2 });
        back(&MonthlyQuota { limit: Some(200), used: 1, forecast: 2 });
        for obstacle in Obstacle::ALL {
            back(&ChannelObstacle { channel: Channel::Line, obstacle });
        }
    }
}
