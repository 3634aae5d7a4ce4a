//! Whom no channel would reach, whatever is switched on: a critical notice finds its way through switches but
//! not through a missing address, a block or a connection that does not work.

use std::rc::Rc;

use shared::{
    api::{
        Page,
        integrations::{IntegrationState, Provider},
        linking::{ChannelObstacle, Obstacle, UnreachableMember},
    },
    channel::Channel,
};

use super::MemberFilter;
use crate::{clients::IntegrationRow, hub::Hub, refusal::Refusal, sessions::Caller};

impl Hub {
    /// `GET /api/v1/members?unreachable=critical`: usable people only, with what stands in the way on each
    /// connected channel.
    pub(crate) fn unreachable_members(
        &self,
        caller: &Caller,
        mut filter: MemberFilter,
    ) -> Result<Page<UnreachableMember>, Refusal> {
        let channels = self.channels_at_work()?;
        let working: Vec<Channel> =
            channels.iter().filter(|(_, working)| *working).map(|(channel, _)| *channel).collect();
        filter.beyond = Some(serde_json::to_string(&working)?);
        let Page { items, next, total } = self.list_members(caller, filter)?;
        let items = items
            .into_iter()
            .map(|member| {
                let state =
                    |channel| member.addresses.iter().find(|one| one.channel == channel).map(|one| one.state);
                let obstacles = channels
                    .iter()
                    .filter_map(|(channel, working)| {
                        let state = state(*channel);
                        // Nobody is asked to have a device.
                        if *channel == Channel::WebPush && state.is_none() {
                            return None;
                        }
                        let obstacle = Obstacle::of(*channel, state, *working)?;
                        Some(ChannelObstacle { channel: *channel, obstacle })
                    })
                    .collect();
                UnreachableMember { member, obstacles }
            })
            .collect();
        Ok(Page { items, next, total })
    }

    /// The connected channels, and whether the integration that serves each works.
    fn channels_at_work(&self) -> Result<Vec<(Channel, bool)>, Refusal> {
        let rows: Rc<[IntegrationRow]> = self.integration_rows()?;
        let working = |id| rows.iter().any(|row| row.id == id && works(row));
        Ok(self.connected_channels()?.into_iter().map(|(channel, id)| (channel, working(id))).collect())
    }
}

/// A Slack app that was not installed yet has no token to send with.
fn works(row: &IntegrationRow) -> bool {
    let installed =
        || row.settings.get("team_id").and_then(|team| team.as_str()).is_some_and(|team| !team.is_empty());
    row.state == IntegrationState::Ready && (row.provider != Provider::Slack || installed())
}
