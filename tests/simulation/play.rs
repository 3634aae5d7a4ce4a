//! Plays a list of operations, lets everything come to rest, and checks.

use std::rc::Rc;

use hub::Answer;
use sandbox::world::line::Settings;
use sandbox::world::{Callback, Keys};
use serde_json::{Value, json};
use shared::time::{HOUR, MINUTE};
use tests::{
    Door,
    calls::{call, page},
    talks::LINE_CHANNEL,
};

use crate::{
    found::{self, Counts},
    ops::{KINDS, Op, To, Way},
    record::Machine,
    stage::{self, Cast},
    trouble::fault,
    verdict,
};

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) problems: Vec<String>,
    pub(crate) trace: Vec<String>,
    pub(crate) counts: Counts,
}

/// Plays `ops` in the world of `seed`. The same arguments give the same outcome.
pub(crate) fn play(seed: u64, ops: &[Op], keys: &Keys, tracing: bool) -> Outcome {
    let (machine, cast) = stage::set_up(seed, keys, tracing);
    let start = machine.now();
    let mut play = Play { machine, cast, rotated: false, noted: 0, wrong: Vec::new() };
    for op in ops {
        play.machine.outside.trace(|| format!("-- {op:?}"));
        play.step(*op);
        play.note_blocked();
        if !play.machine.record.borrow().problems.is_empty() {
            break;
        }
    }
    if play.machine.record.borrow().problems.is_empty() {
        play.rest();
    }
    let counts = found::counts(&play.machine, ops.len(), start, &play.cast);
    let mut problems = std::mem::take(&mut play.machine.record.borrow_mut().problems);
    if problems.is_empty() {
        problems = verdict::all(&play.machine, &play.cast);
    }
    Outcome { problems, trace: play.machine.outside.traced(), counts }
}

pub(crate) struct Play {
    pub(crate) machine: Machine,
    pub(crate) cast: Cast,
    pub(crate) rotated: bool,
    /// Marks given out.
    pub(crate) noted: usize,
    /// Wrong secrets in force.
    pub(crate) wrong: Vec<Way>,
}

impl Play {
    fn step(&mut self, op: Op) {
        let now = self.machine.now();
        match op {
            Op::Post { kind, to, keyed, in_s } => self.post(usize::from(kind) % KINDS.len(), to, keyed, in_s),
            Op::Flood { kind, posts } => {
                for _ in 0..posts {
                    self.post(usize::from(kind) % KINDS.len(), To::Everyone, false, 0);
                }
            }
            Op::Repeat { post, other_body } => self.repeat(post, other_body),
            Op::Cancel { post } => self.cancel(post),
            Op::Again { delivery } => self.resend(delivery),
            Op::SwitchChannel { member, way, on } => {
                let target = format!("/api/me/channels/{}", channel(way));
                self.as_member(member, &target, &json!({ "on": on }));
            }
            Op::Prefer { member, kind, way, on } => {
                let kind = KINDS[usize::from(kind) % KINDS.len()];
                self.as_member(
                    member,
                    "/api/me/preferences",
                    &json!({"kind": kind, "channel": channel(way), "on": on}),
                );
            }
            Op::Rule { kind, way, on } => {
                let kind = KINDS[usize::from(kind) % KINDS.len()];
                self.as_owner("PUT", "/api/rules", &json!({"kind": kind, "channel": channel(way), "on": on}));
            }
            Op::Mandatory { kind, on } => {
                let kind = KINDS[usize::from(kind) % KINDS.len()];
                self.as_owner("PUT", "/api/rules", &json!({"kind": kind, "mandatory": on}));
            }
            Op::Fault { at, fails, how } => {
                let (target, kind, when) = fault(at, fails, how, self.cast.api_v1);
                self.machine.outside.world.borrow_mut().faults.add(target, kind, when);
                self.machine.record.borrow_mut().trouble_begins(now);
            }
            Op::Refuse { way, on } => {
                let door = match way {
                    Way::LineWorks => Door::LineWorks,
                    Way::Mail if self.cast.resend => Door::Resend,
                    Way::Mail => Door::Smtp,
                    Way::Line => Door::Line,
                    Way::Slack => Door::Slack,
                    Way::GoogleChat => Door::GoogleChat,
                };
                let mut closed = self.machine.outside.closed.borrow_mut();
                if on {
                    closed.insert(door);
                    self.machine.record.borrow_mut().trouble_begins(now);
                } else {
                    closed.remove(&door);
                }
            }
            Op::SlowMail { step_ms } => {
                self.machine.outside.smtp_step_ms.set(u64::from(step_ms));
                self.machine.record.borrow_mut().trouble_begins(now);
            }
            Op::Calm => self.calm(),
            Op::Wait { ms } => self.machine.run_for(i64::from(ms)),
            Op::Crash { calls } => self.machine.crash_after(u64::from(calls)),
            Op::Cron => self.machine.cron(),
            Op::Say { member, way } => self.say(usize::from(member) % 6, way),
            Op::Press { member, way, back } => {
                let person = &self.cast.members[usize::from(member) % 8];
                let talk = self.cast.talk(&self.machine.outside.world.borrow(), person, way);
                let short = person.short.clone();
                self.press(talk.as_ref(), &short, back);
                // The other half waits for the next time that anything is called back.
                if back == 0 {
                    self.call_back(false, false);
                }
            }
            Op::PressRoom { member, room, back } => {
                let talk = self.cast.rooms[usize::from(room) % self.cast.rooms.len()].talk.clone();
                let short = self.cast.members[usize::from(member) % 8].short.clone();
                self.press(Some(&talk), &short, back);
            }
            Op::Rush { backwards } => self.rush(backwards),
            Op::Block { member } => {
                let number = usize::from(member) % 6;
                let short = &self.cast.members[number].short;
                self.machine.record.borrow_mut().blocked.insert(number);
                self.machine.record.borrow_mut().let_in.remove(&number);
                // Blocked already: nothing happens.
                let _ = self.machine.outside.world.borrow_mut().line_block(short, LINE_CHANNEL, now);
                self.machine.run_for(2);
            }
            Op::Befriend { member } => {
                let short = &self.cast.members[usize::from(member) % 6].short;
                let _ = self.machine.outside.world.borrow_mut().line_befriend(short, LINE_CHANNEL, now);
                // From now on a message is right, whatever the hub knows yet.
                self.machine.record.borrow_mut().let_in.insert(usize::from(member) % 6);
                self.machine.run_for(2);
            }
            Op::Quota { left } => {
                let mut world = self.machine.outside.world.borrow_mut();
                let used = world.line().messaging(LINE_CHANNEL).map_or(0, |bot| bot.used);
                let quota = Settings { quota: Some(Some(used + u64::from(left))), ..Settings::default() };
                world.line_set(LINE_CHANNEL, &quota, now);
                self.machine.record.borrow_mut().quota_changed = true;
            }
            Op::Invite { room } | Op::Remove { room } => {
                self.move_bot(usize::from(room) % self.cast.rooms.len(), op)
            }
            Op::Callbacks { twice, backwards } => self.call_back(twice, backwards),
            Op::Secret { way, wrong } => self.secret(way, wrong),
            Op::RotateVault => self.rotate(),
            Op::AskCode { member } => {
                self.machine.record.borrow_mut().beside.push(now);
                let login = &self.cast.members[usize::from(member) % 8].login;
                self.machine.send(call("POST", "/api/sign-in/code", &[], &json!({ "email": login })), |_| {});
            }
            Op::Limit { per_minute } => {
                self.machine.outside.world.borrow_mut().limits.lineworks_per_minute = u32::from(per_minute);
                self.machine.record.borrow_mut().limit_changed = true;
            }
        }
    }

    fn as_member(&mut self, member: u8, target: &str, form: &Value) {
        self.machine.settle();
        let Some(cookie) = self.cast.cookie_of(&mut self.machine, usize::from(member) % 8) else { return };
        self.machine.ask(page("PUT", target, &cookie, form));
    }

    fn as_owner(&mut self, method: &str, target: &str, form: &Value) -> Option<Answer> {
        self.machine.settle();
        let cookie = self.cast.cookie.clone();
        self.machine.ask(page(method, target, &cookie, form))
    }

    fn move_bot(&mut self, room: usize, op: Op) {
        let now = self.machine.now();
        {
            let (place, mut world) = (&self.cast.rooms[room], self.machine.outside.world.borrow_mut());
            match op {
                Op::Invite { .. } => place.invite(&mut world, self.cast.bot, now),
                _ => place.remove(&mut world, self.cast.bot, now),
            }
        }
        if matches!(op, Op::Remove { .. }) {
            self.machine.record.borrow_mut().left.insert(room);
        }
        // No two moves in the same millisecond: nobody could tell their order.
        self.machine.run_for(2);
    }

    /// What the providers have to call back arrives now. Lost unless the answer says otherwise, and unless the
    /// provider tries again.
    pub(crate) fn call_back(&mut self, twice: bool, backwards: bool) {
        let mut callbacks: Vec<Callback> = self.machine.outside.world.borrow_mut().take_callbacks();
        if backwards {
            callbacks.reverse();
        }
        let now = self.machine.now();
        self.machine.record.borrow_mut().beside.push(now);
        let times = if twice { 2 } else { 1 };
        for callback in callbacks.iter().flat_map(|one| std::iter::repeat_n(one, times)) {
            let record = Rc::clone(&self.machine.record);
            record.borrow_mut().callbacks_open += 1;
            let late = matches!(callback.provider, "slack" | "google_chat") && now - callback.at > 5 * MINUTE;
            self.machine.post(callback, move |status| {
                let mut record = record.borrow_mut();
                match status {
                    Some(200) => record.callbacks_open -= 1,
                    // Slack's proof holds for five minutes, Google's for an hour.
                    Some(401) if late => {}
                    Some(status) if !record.troubled(i64::MIN, i64::MAX) => {
                        record.problem(format!("a callback was answered {status}"));
                    }
                    Some(_) | None => {}
                }
            });
        }
    }

    fn rotate(&mut self) {
        if std::mem::replace(&mut self.rotated, true) {
            return;
        }
        self.machine.restart();
        use base64::{Engine, prelude::BASE64_STANDARD};
        let fresh = BASE64_STANDARD.encode([9; 32]);
        self.machine.config.vault_key_previous =
            Some(std::mem::replace(&mut self.machine.config.vault_key, fresh));
    }

    fn calm(&mut self) {
        self.machine.outside.world.borrow_mut().faults.clear();
        self.machine.outside.closed.borrow_mut().clear();
        self.machine.outside.smtp_step_ms.set(0);
        let now = self.machine.now();
        if self.wrong.is_empty() {
            self.machine.record.borrow_mut().trouble_ends(now);
        }
    }

    /// No more trouble, everything delivered, and time until nothing is due: the longest schedule is under 22 h.
    fn rest(&mut self) {
        self.machine.outside.trace(|| "-- rest".into());
        self.machine.settle();
        self.machine.no_more_crashes();
        self.machine.outside.closed.borrow_mut().clear();
        for way in std::mem::take(&mut self.wrong) {
            self.machine.run_for(1_000);
            self.secret(way, false);
        }
        self.machine.run_for(1_000);
        self.calm();
        self.machine.outside.world.borrow_mut().limits.lineworks_per_minute = self.cast.limit;
        self.call_back(false, false);
        // Slack and Google Chat try again by themselves, and LINE where it is switched on.
        self.machine.delivers = true;
        self.machine.run_for(22 * HOUR);
        for _ in 0..3 {
            if self.machine.outside.alarm.get().is_some() {
                self.machine.run_for(22 * HOUR);
            }
        }
    }
}

fn channel(way: Way) -> &'static str {
    match way {
        Way::LineWorks => "lineworks",
        Way::Mail => "email",
        Way::Line => "line",
        Way::Slack => "slack",
        Way::GoogleChat => "google_chat",
    }
}
