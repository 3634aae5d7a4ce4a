//! What the simulation found, each as the shortest list that showed it, or the one that was written to show it.

use crate::{
    ops::{At::*, Fails::*, How::*, Op, Op::*, To::*, Way},
    run,
};

fn play(seed: u64, ops: &[Op]) {
    let outcome = run(seed, ops, true);
    if !outcome.problems.is_empty() {
        outcome.trace.iter().for_each(|line| println!("{line}"));
        panic!("{}", outcome.problems.join("\n"));
    }
}

/// The second one's alarm took the place of the first one's, which then rang 280 s late.
#[test]
fn of_two_scheduled_at_once_the_earlier_one_keeps_its_alarm() {
    play(
        7,
        &[
            Post { kind: 3, to: Everyone, keyed: false, in_s: 20 },
            Post { kind: 5, to: Both(1, 1), keyed: false, in_s: 300 },
        ],
    );
}

/// The second was answered 202 before anybody had set the alarm.
#[test]
fn of_two_accepted_at_once_neither_is_answered_without_an_alarm() {
    play(
        139,
        &[
            Post { kind: 2, to: Member(0), keyed: false, in_s: 0 },
            Post { kind: 2, to: Member(0), keyed: false, in_s: 0 },
            Crash { calls: 3 },
        ],
    );
}

/// The alarm rang while the loop ran, nobody set it again, and the object died.
#[test]
fn a_run_longer_than_the_alarm_sets_it_again() {
    play(
        1,
        &[
            Fault { at: SendUser, fails: Slow(9_990), how: Always },
            Flood { kind: 2, posts: 5 },
            Wait { ms: 90_000 },
            Crash { calls: 0 },
            Wait { ms: 1 },
        ],
    );
}

/// What was on its way when its event was withdrawn was tried again later.
#[test]
fn a_withdrawn_try_is_not_repeated() {
    play(
        67,
        &[
            Post { kind: 2, to: Both(0, 0), keyed: false, in_s: 0 },
            Cancel { post: 9 },
            Fault { at: Smtp, fails: SilentBefore, how: Times(6) },
        ],
    );
    play(
        97,
        &[
            Fault { at: Smtp, fails: Error(451), how: Always },
            Post { kind: 2, to: Both(0, 0), keyed: false, in_s: 0 },
            Wait { ms: 100 },
            Cancel { post: 0 },
            Wait { ms: 60_000 },
        ],
    );
}

/// The inbox was read between the tries: it waited for a token that a try was fetching, and the try waited for
/// the inbox.
#[test]
fn letters_and_tries_do_not_wait_for_each_other() {
    play(
        97,
        &[
            Post { kind: 2, to: Company(1), keyed: false, in_s: 0 },
            Fault { at: Token, fails: SilentAfter, how: Always },
            Wait { ms: 2_000 },
            Secret { way: Way::LineWorks, wrong: false },
            Again { delivery: 175 },
            Say { member: 0, way: Way::LineWorks },
        ],
    );
}

/// A try read the number of a secret that was replaced before it read the secret: it waited for 5 s, and the
/// integration was called broken.
#[test]
fn a_replaced_secret_delays_no_try() {
    play(
        23_264,
        &[
            Secret { way: Way::LineWorks, wrong: false },
            Mandatory { kind: 3, on: false },
            Post { kind: 1, to: Both(1, 1), keyed: false, in_s: 0 },
            Secret { way: Way::Mail, wrong: false },
            Post { kind: 2, to: Member(0), keyed: false, in_s: 0 },
        ],
    );
}

/// A critical notice was withdrawn; what was refused after that went to the next channel all the same.
#[test]
fn a_withdrawn_event_goes_to_no_next_channel() {
    play(
        23_343,
        &[
            Post { kind: 0, to: Member(7), keyed: true, in_s: 0 },
            RotateVault,
            SwitchChannel { member: 7, way: Way::Mail, on: false },
            Refuse { way: Way::LineWorks, on: true },
            Repeat { post: 0, other_body: true },
            Wait { ms: 15 },
            Cancel { post: 8 },
            Again { delivery: 93 },
        ],
    );
}

/// A secret was replaced while a letter was opened: that cut every try on its way.
#[test]
fn a_letter_that_cannot_be_read_harms_no_try() {
    play(
        3,
        &[
            Say { member: 0, way: Way::LineWorks },
            Post { kind: 4, to: Everyone, keyed: false, in_s: 0 },
            Crash { calls: 0 },
            Secret { way: Way::LineWorks, wrong: false },
            Callbacks { twice: false, backwards: false },
        ],
    );
}

/// Removed and invited again, heard of in the other order: the room stayed closed. And the other way round.
#[test]
fn callbacks_in_the_wrong_order_leave_a_room_as_it_is() {
    for moves in [[Remove { room: 1 }, Invite { room: 1 }], [Invite { room: 2 }, Remove { room: 2 }]] {
        for twice in [false, true] {
            let late = Callbacks { twice, backwards: true };
            play(24, &[moves[0], moves[1], late, Wait { ms: 30_000 }]);
        }
    }
}

/// A flood of low notices uses the provider up; a critical one passes it.
#[test]
fn a_critical_notice_passes_a_flood() {
    // Both plans of LINE WORKS, both ways of mail.
    for seed in [1, 3, 5, 15] {
        let flood = Flood { kind: 4, posts: 25 };
        let fire = Post { kind: 0, to: Both(0, 0), keyed: false, in_s: 0 };
        play(seed, &[flood, Wait { ms: 3_000 }, fire, Wait { ms: 20_000 }, fire]);
    }
}

/// Of two calls a second the second was put off until the first was forgotten: half of the limit lay idle.
#[test]
fn a_small_limit_is_used_in_full() {
    play(3_609, &[Post { kind: 4, to: Member(5), keyed: false, in_s: 1 }, Flood { kind: 3, posts: 4 }]);
}

/// A group of three found two messages left of the month: that was taken for room enough, and tried for 17 hours.
#[test]
fn a_used_up_month_is_said_to_a_room_at_once() {
    play(1_372, &[Quota { left: 2 }, Post { kind: 0, to: Both(1, 3), keyed: false, in_s: 0 }]);
}

/// LINE and API 1.0 cannot be asked about a room: taken out again, and heard of in the other order, it stayed open.
#[test]
fn a_room_that_cannot_be_asked_about_closes_too() {
    for backwards in [false, true] {
        let late = Callbacks { twice: false, backwards };
        play(417, &[Invite { room: 5 }, Remove { room: 2 }, late, Wait { ms: 30_000 }]);
        play(417, &[Invite { room: 5 }, Remove { room: 2 }]);
    }
}

/// The alarm rang while the loop waited for a provider, and left the next one to that loop, which died first.
#[test]
fn an_alarm_that_finds_the_loop_running_sets_the_next_one_itself() {
    play(
        44_483,
        &[
            RotateVault,
            Post { kind: 4, to: Room(3), keyed: false, in_s: 0 },
            Crash { calls: 15 },
            Invite { room: 2 },
            Fault { at: SendUser, fails: SilentAfter, how: Times(6) },
            Callbacks { twice: false, backwards: false },
            Wait { ms: 3_600_000 },
        ],
    );
}

/// LINE's secret was replaced between its number and itself: the call to many ended the loop, and every try in flight
/// waited for its lease.
#[test]
fn a_replaced_secret_does_not_end_the_loop() {
    play(
        34_450,
        &[
            Crash { calls: 30 },
            Post { kind: 2, to: Member(0), keyed: false, in_s: 0 },
            Wait { ms: 40 },
            Crash { calls: 14 },
            Wait { ms: 3_600_000 },
            Secret { way: Way::Line, wrong: false },
            Post { kind: 0, to: Both(0, 0), keyed: false, in_s: 0 },
        ],
    );
}

/// A message was counted when it was picked, and left after its conversation was looked up: the next one, which needed
/// no looking up, came within the same second.
#[test]
fn a_message_is_counted_when_it_leaves() {
    play(
        56_529,
        &[
            Fault { at: Chat, fails: Slow(300), how: Times(3) },
            Post { kind: 0, to: Two(1, 2), keyed: false, in_s: 0 },
            Post { kind: 3, to: Company(0), keyed: false, in_s: 0 },
        ],
    );
}

/// A lease that was made in the insert was given a due time while it waited for its turn, and no longer counted as
/// waiting: what was withdrawn left half a second later.
#[test]
fn what_waits_for_its_turn_is_withdrawn() {
    play(
        92_067,
        &[
            Post { kind: 5, to: Two(4, 7), keyed: false, in_s: 0 },
            Cancel { post: 4 },
            Say { member: 5, way: Way::LineWorks },
            RotateVault,
            Callbacks { twice: true, backwards: false },
            Post { kind: 3, to: Both(1, 1), keyed: false, in_s: 0 },
            Post { kind: 2, to: Member(0), keyed: false, in_s: 0 },
            Wait { ms: 15 },
            Cancel { post: 7 },
        ],
    );
}

/// Half of the limit was used up before anything critical came: the rest of it waits for the window to pass.
#[test]
fn what_was_used_of_a_limit_is_used() {
    play(67_305, &[Flood { kind: 5, posts: 4 }, Wait { ms: 400 }, Flood { kind: 1, posts: 7 }]);
}

/// Who lets us in again is written to, although the store said blocked a moment before.
#[test]
fn a_friend_again_is_no_longer_blocked() {
    play(
        23_415,
        &[
            Block { member: 1 },
            Rush { backwards: true },
            Post { kind: 4, to: Company(1), keyed: false, in_s: 0 },
            Wait { ms: 3_600_000 },
            Befriend { member: 7 },
            Rush { backwards: true },
            Post { kind: 1, to: Everyone, keyed: false, in_s: 0 },
        ],
    );
}
