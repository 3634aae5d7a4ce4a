//! What ホーム says, in plain Rust.

use shared::{
    api::{
        home::{DayCounts, Home, HomeIntegration, LostRoom, Setup},
        integrations::IntegrationState,
    },
    channel::Channel,
    delivery::State,
};

/// Something that somebody should look at, the worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A connection does not work.
    Broken(HomeIntegration),
    /// What should have gone and did not; since when, in milliseconds.
    Behind(u64, Option<i64>),
    /// People whom nothing critical would reach.
    Unreachable(u64),
    /// Failed today.
    Failed(u64),
    /// The bot is no longer in a room.
    Lost(LostRoom),
    /// A Slack app that nobody installed.
    NotInstalled(HomeIntegration),
    /// Webhooks that are switched off.
    Webhooks(u64),
}

impl Problem {
    /// Stays the same while the problem does, so that its line keeps the focus.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Broken(one) => format!("broken-{}", one.id),
            Self::Behind(..) => "behind".to_owned(),
            Self::Unreachable(_) => "unreachable".to_owned(),
            Self::Failed(_) => "failed".to_owned(),
            Self::Lost(room) => format!("room-{}", room.id),
            Self::NotInstalled(one) => format!("install-{}", one.id),
            Self::Webhooks(_) => "webhooks".to_owned(),
        }
    }

    /// Notices do not arrive; anything else can wait until somebody has time.
    #[must_use]
    pub const fn is_bad(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::Behind(..) | Self::Unreachable(_) | Self::Failed(_))
    }
}

/// What is wrong now.
#[must_use]
pub fn problems(home: &Home) -> Vec<Problem> {
    let mut found = Vec::new();
    let overview = home.overview.as_ref();
    let integrations = overview.map_or(&[][..], |overview| &overview.integrations);
    let broken = |one: &&HomeIntegration| one.state == IntegrationState::Broken;
    found.extend(integrations.iter().filter(broken).cloned().map(Problem::Broken));
    if let Some(behind) = overview.map(|overview| &overview.behind).filter(|behind| behind.waiting > 0) {
        found.push(Problem::Behind(behind.waiting, behind.oldest));
    }
    if home.unreachable > 0 {
        found.push(Problem::Unreachable(home.unreachable));
    }
    let failed = home.days.last().map_or(0, |today| Sum::of(today, |_| true).failed);
    if failed > 0 {
        found.push(Problem::Failed(failed));
    }
    let Some(overview) = overview else { return found };
    found.extend(overview.lost_rooms.iter().cloned().map(Problem::Lost));
    let missing = |one: &&HomeIntegration| !one.installed && !broken(one);
    found.extend(integrations.iter().filter(missing).cloned().map(Problem::NotInstalled));
    if overview.webhooks_off > 0 {
        found.push(Problem::Webhooks(overview.webhooks_off));
    }
    found
}

/// How deliveries ended. What was decided against is in none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    pub sent: u64,
    pub waiting: u64,
    /// Given up, or nobody knows.
    pub failed: u64,
}

impl Sum {
    /// Of a day, on the channels that `on` admits.
    #[must_use]
    pub fn of(day: &DayCounts, on: impl Fn(Channel) -> bool) -> Self {
        let mut sum = Self::default();
        for (channel, state, count) in &day.counts {
            let field = match state {
                State::Sent => &mut sum.sent,
                State::Waiting | State::Sending => &mut sum.waiting,
                State::Failed | State::Uncertain => &mut sum.failed,
                State::Skipped | State::Cancelled => continue,
            };
            if on(*channel) {
                *field += count;
            }
        }
        sum
    }

    #[must_use]
    pub const fn all(self) -> u64 {
        self.sent + self.waiting + self.failed
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            sent: self.sent + other.sent,
            waiting: self.waiting + other.waiting,
            failed: self.failed + other.failed,
        }
    }
}

/// Today by channel: what is connected, and what was sent on.
#[must_use]
pub fn today(home: &Home) -> Vec<(Channel, Sum)> {
    let connected = |channel| {
        let mut all = home.overview.iter().flat_map(|overview| &overview.integrations);
        all.any(|one| one.provider.channel() == channel)
    };
    let Some(today) = home.days.last() else { return Vec::new() };
    Channel::ALL
        .into_iter()
        .map(|channel| (channel, Sum::of(today, |own| own == channel)))
        .filter(|(channel, sum)| sum.all() > 0 || connected(*channel))
        .collect()
}

/// A step of the set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Mail,
    Messenger,
    Members,
    Linked,
    System,
    Sent,
}

/// The steps in the order in which they are best done, each with whether it is; none once all are.
#[must_use]
pub fn steps(home: &Home) -> Vec<(Step, bool)> {
    let Some(setup) = home.overview.as_ref().map(|overview| overview.setup) else { return Vec::new() };
    let Setup { mail, messenger, members, linked, system, sent } = setup;
    let steps = vec![
        (Step::Messenger, messenger),
        (Step::Mail, mail),
        (Step::Members, members),
        (Step::Linked, linked),
        (Step::System, system),
        (Step::Sent, sent),
    ];
    if steps.iter().all(|(_, done)| *done) { Vec::new() } else { steps }
}

#[cfg(test)]
mod tests {
    use shared::{
        api::{
            home::{Behind, Overview},
            integrations::Provider,
        },
        id::{IntegrationId, RoomId},
    };

    use super::*;

    fn integration(
        number: u8,
        provider: Provider,
        state: IntegrationState,
        installed: bool,
    ) -> HomeIntegration {
        HomeIntegration {
            id: IntegrationId::new(1, [number; 10]),
            provider,
            name: String::new(),
            state,
            cause: None,
            since: 0,
            installed,
        }
    }

    fn home() -> Home {
        let setup =
            Setup { mail: true, messenger: true, members: true, linked: true, system: true, sent: true };
        Home {
            now: 0,
            unreachable: 0,
            counting: false,
            days: vec![DayCounts {
                from: 0,
                counts: vec![
                    (Channel::Email, State::Sent, 3),
                    (Channel::Email, State::Sent, 4),
                    (Channel::Email, State::Skipped, 90),
                    (Channel::Line, State::Sending, 1),
                ],
            }],
            overview: Some(Overview {
                integrations: vec![integration(1, Provider::Mail, IntegrationState::Ready, true)],
                lost_rooms: Vec::new(),
                behind: Behind { waiting: 0, oldest: None },
                webhooks_off: 0,
                setup,
            }),
        }
    }

    #[test]
    fn a_day_without_trouble_has_no_problems() {
        assert_eq!(problems(&home()), []);
        assert_eq!(steps(&home()), []);
    }

    #[test]
    fn the_worst_comes_first_and_each_is_told_once() {
        let mut home = home();
        home.unreachable = 2;
        home.days[0].counts.push((Channel::Line, State::Uncertain, 1));
        let broken = integration(2, Provider::Slack, IntegrationState::Broken, false);
        let fresh = integration(3, Provider::Slack, IntegrationState::Ready, false);
        let room = LostRoom {
            id: RoomId::new(1, [1; 10]),
            name: "配送".into(),
            provider: Provider::Line,
            integration: fresh.id.clone(),
            since: 0,
        };
        let overview = home.overview.as_mut().unwrap();
        overview.integrations.extend([broken.clone(), fresh.clone()]);
        overview.lost_rooms.push(room.clone());
        overview.behind = Behind { waiting: 5, oldest: Some(9) };
        overview.webhooks_off = 1;
        let found = problems(&home);
        assert_eq!(
            found,
            [
                Problem::Broken(broken),
                Problem::Behind(5, Some(9)),
                Problem::Unreachable(2),
                Problem::Failed(1),
                Problem::Lost(room),
                Problem::NotInstalled(fresh),
                Problem::Webhooks(1),
            ]
        );
        assert!(found.iter().map(Problem::is_bad).is_sorted_by(|a, b| a >= b));
        let mut keys: Vec<_> = found.iter().map(Problem::key).collect();
        keys.dedup();
        assert_eq!(keys.len(), found.len());
    }

    #[test]
    fn today_shows_what_is_connected_and_what_was_sent_on() {
        let sum = |sent, waiting, failed| Sum { sent, waiting, failed };
        assert_eq!(today(&home()), [(Channel::Line, sum(0, 1, 0)), (Channel::Email, sum(7, 0, 0))]);
        let mut own = home();
        own.overview = None;
        own.days[0].counts.clear();
        assert_eq!(today(&own), []);
    }

    #[test]
    fn the_steps_go_when_all_are_done() {
        let mut home = home();
        home.overview.as_mut().unwrap().setup.linked = false;
        let steps = steps(&home);
        assert_eq!(steps.len(), 6);
        assert_eq!(steps.iter().find(|(_, done)| !done), Some(&(Step::Linked, false)));
    }
}
