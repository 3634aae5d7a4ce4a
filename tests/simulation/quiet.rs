//! Quiet time: in some seeds the workspace has one, some people have one of their own or none, and nothing that
//! should wait is sent in it.

use serde_json::json;
use shared::{
    api::deliveries::AttemptResult,
    delivery::CauseCode,
    quiet::{Calendar, Schedule},
    time::Millis,
};
use tests::calls::page;

use crate::{found::Row, record::Machine, stage::Cast, verdict::Verdict};

/// Minutes east of UTC: where a workspace lives that chose nothing.
const ZONE: i32 = 9 * 60;

/// Who waits when.
#[derive(Debug, Default)]
pub(crate) struct Quiet {
    workspace: Schedule,
    rooms: bool,
    /// By member.
    own: Vec<(String, Schedule)>,
}

impl Quiet {
    fn until(&self, target: &str, at: Millis) -> Option<Millis> {
        let schedule = match self.own.iter().find(|(member, _)| member == target) {
            Some((_, own)) => own,
            None if target.starts_with("rm_") && !self.rooms => return None,
            None => &self.workspace,
        };
        schedule.until(&Calendar::default(), at, ZONE)
    }
}

/// A run begins at nine in the morning, a Saturday: some of it lies in quiet time and some does not.
pub(crate) fn set_up(seed: u64, machine: &mut Machine, cast: &mut Cast) {
    if !seed.is_multiple_of(5) {
        return;
    }
    let from = 541 + seed / 5 % 40;
    let clock = |minutes: u64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let time = |from: u64, length: u64| json!({"from": clock(from), "until": clock(from + length)});
    let workspace = time(from, 20 + seed / 5 % 7 * 60);
    let quiet = Quiet {
        workspace: schedule(&workspace),
        rooms: seed.is_multiple_of(2),
        own: vec![
            (cast.members[2].id.clone(), schedule(&time(from + 10, 300))),
            (cast.members[3].id.clone(), Schedule::default()),
        ],
    };
    let request = json!({"time": workspace, "rooms": quiet.rooms});
    machine.must(page("PUT", "/api/settings/quiet", &cast.cookie, &request), 200);
    for (number, request) in
        [(2, json!({"choice": "own", "own": time(from + 10, 300)})), (3, json!({"choice": "never"}))]
    {
        let cookie = cast.cookie_of(machine, number).unwrap();
        machine.must(page("PUT", "/api/me/quiet", &cookie, &request), 200);
    }
    cast.quiet = quiet;
}

fn schedule(time: &serde_json::Value) -> Schedule {
    serde_json::from_value::<shared::quiet::QuietTime>(time.clone()).unwrap().schedule().unwrap()
}

impl Verdict<'_> {
    /// Nothing is sent in quiet time that should wait. What may have arrived is repeated in time for the provider to
    /// know it; what somebody sends by hand goes; a change of a sent message makes no sound.
    pub(crate) fn quiet_time(&self, problems: &mut Vec<String>) {
        let waits =
            |row: &&Row| row.urgency > 0 && row.edits.is_none() && !self.record.resent.contains_key(&row.id);
        for row in self.rows.iter().chain(&self.news).filter(waits) {
            for attempt in row.attempts.iter().flatten() {
                let lost = attempt.cause.as_ref().is_some_and(|cause| cause.code == CauseCode::LeaseExpired);
                if let Some(until) = self.cast.quiet.until(&row.target, attempt.at).filter(|_| !lost) {
                    let left = until - attempt.at;
                    problems.push(format!("quiet time: {} was tried {left} ms before its end", row.name()));
                }
                if attempt.result == AttemptResult::Uncertain {
                    break;
                }
            }
        }
    }
}
