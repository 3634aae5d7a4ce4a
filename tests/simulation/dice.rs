//! How a seed becomes a list of operations.

use hub::native::SeededRandom;

use crate::ops::{At, Fails, How, Op, To, Way};

/// The operations of a seed.
pub(crate) fn generate(seed: u64) -> Vec<Op> {
    let dice = Dice(SeededRandom::new(seed.wrapping_mul(0x5851_F42D_4C95_7F2D) ^ 0x51));
    let weather = Weather::of(seed);
    let all = has_all(seed);
    // What is sent there is more than twice as much.
    let most = if all { 16 } else { 30 };
    (0..5 + dice.below(most)).map(|_| dice.op(weather, all)).collect()
}

/// Whether LINE, Slack and Google Chat are connected too.
pub(crate) fn has_all(seed: u64) -> bool {
    matches!(seed / 4 % 8, 4 | 5 | 7)
}

/// Whether LINE WORKS is connected by its retired API 1.0.
pub(crate) fn has_api_v1(seed: u64) -> bool {
    matches!(seed / 32 % 8, 5 | 6)
}

/// Which troubles a run may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weather {
    pub(crate) faults: bool,
    pub(crate) crashes: bool,
}

impl Weather {
    pub(crate) fn of(seed: u64) -> Self {
        Self { faults: seed % 4 % 2 == 1, crashes: seed % 4 >= 2 }
    }
}

/// Things that only happen where all are connected.
fn needs_all(op: Op) -> bool {
    let way = match op {
        Op::Press { .. }
        | Op::PressRoom { .. }
        | Op::Rush { .. }
        | Op::Block { .. }
        | Op::Befriend { .. }
        | Op::Quota { .. } => return true,
        Op::Fault { at, .. } => {
            return !matches!(
                at,
                At::LineWorks | At::SendUser | At::SendRoom | At::Token | At::Smtp | At::Resend
            );
        }
        Op::SwitchChannel { way, .. }
        | Op::Prefer { way, .. }
        | Op::Rule { way, .. }
        | Op::Refuse { way, .. }
        | Op::Say { way, .. }
        | Op::Secret { way, .. } => way,
        _ => return false,
    };
    !matches!(way, Way::LineWorks | Way::Mail)
}

struct Dice(SeededRandom);

impl Dice {
    fn below(&self, limit: u64) -> u64 {
        (self.0.next() >> 20) % limit
    }

    fn byte(&self, limit: u64) -> u8 {
        u8::try_from(self.below(limit)).unwrap()
    }

    fn one_in(&self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    fn way(&self) -> Way {
        self.pick(&Way::ALL)
    }

    fn to(&self) -> To {
        match self.below(10) {
            0..=3 => To::Member(self.byte(8)),
            4 => To::Two(self.byte(8), self.byte(8)),
            5 => To::Company(self.byte(2)),
            6 => To::Both(self.byte(2), self.byte(6)),
            7..=8 => To::Room(self.byte(6)),
            _ => To::Everyone,
        }
    }

    fn op(&self, weather: Weather, all: bool) -> Op {
        loop {
            let op = self.any();
            let allowed = (all || !needs_all(op))
                && match op {
                    Op::Crash { .. } | Op::RotateVault => weather.crashes,
                    Op::Fault { .. }
                    | Op::Refuse { .. }
                    | Op::SlowMail { .. }
                    | Op::Secret { wrong: true, .. } => weather.faults,
                    _ => true,
                };
            if allowed {
                return op;
            }
        }
    }

    fn any(&self) -> Op {
        let (member, kind, room, on) = (self.byte(8), self.byte(6), self.byte(6), self.one_in(2));
        match self.below(124) {
            0..=24 => Op::Post {
                kind,
                to: self.to(),
                keyed: self.one_in(2),
                in_s: if self.one_in(6) { self.pick(&[1, 20, 300, 3_600, 40_000]) } else { 0 },
            },
            25..=29 => Op::Repeat { post: self.byte(12), other_body: self.one_in(4) },
            30 => Op::Flood { kind, posts: 1 + self.byte(8) },
            31..=34 => Op::Cancel { post: self.byte(12) },
            35..=37 => Op::Again { delivery: self.byte(200) },
            38..=39 => Op::SwitchChannel { member, way: self.way(), on },
            40..=41 => Op::Prefer { member, kind, way: self.way(), on },
            42 => Op::Rule { kind, way: self.way(), on },
            43 => Op::Mandatory { kind, on },
            44..=53 => self.fault(),
            54..=55 => Op::Refuse { way: self.way(), on },
            56 => Op::SlowMail { step_ms: self.pick(&[500, 3_000, 9_900]) },
            57..=59 => Op::Calm,
            60..=76 => Op::Wait {
                ms: self.pick(&[
                    1, 5, 15, 40, 100, 400, 2_000, 7_000, 30_000, 90_000, 400_000, 3_600_000, 20_000_000,
                ]),
            },
            77..=84 => Op::Crash { calls: if self.one_in(8) { 0 } else { self.byte(60) } },
            85 => Op::Cron,
            86..=88 => Op::Say { member, way: self.way() },
            89 => Op::Invite { room },
            90 => Op::Remove { room },
            91..=94 => Op::Callbacks { twice: self.one_in(3), backwards: self.one_in(3) },
            95..=96 => Op::Secret { way: self.way(), wrong: self.one_in(2) },
            97 => Op::RotateVault,
            98 => Op::AskCode { member },
            99 => Op::Limit { per_minute: self.pick(&[10, 60, 240]) },
            100..=107 => Op::Press { member: self.byte(3), way: self.way(), back: self.byte(2) },
            108..=111 => Op::PressRoom { member: self.byte(3), room, back: 0 },
            112..=115 => Op::Rush { backwards: on },
            116..=117 => Op::Block { member },
            118..=119 => Op::Befriend { member },
            120 => Op::Quota { left: self.byte(40) },
            _ => Op::Callbacks { twice: on, backwards: false },
        }
    }

    fn fault(&self) -> Op {
        Op::Fault {
            at: self.pick(&[
                At::LineWorks,
                At::SendUser,
                At::SendRoom,
                At::Token,
                At::Smtp,
                At::Smtp,
                At::Resend,
                At::Line,
                At::LinePush,
                At::LineMulticast,
                At::LineReply,
                At::Slack,
                At::SlackPost,
                At::SlackUpdate,
                At::Chat,
                At::ChatCreate,
                At::ChatUpdate,
            ]),
            fails: match self.below(8) {
                0 => Fails::TooMany,
                1..=2 => Fails::Error(self.pick(&[500, 503, 421, 450])),
                3 => Fails::SilentBefore,
                4..=5 => Fails::SilentAfter,
                6 => Fails::Drops,
                _ => Fails::Slow(self.pick(&[300, 4_000, 9_990, 12_000])),
            },
            how: match self.below(3) {
                0 => How::Times(1 + self.byte(6)),
                1 => How::Always,
                _ => How::PerMille(self.pick(&[100, 300, 700])),
            },
        }
    }
}
