//! Makes a failing list shorter while it fails in the same way: whole stretches first, then single operations,
//! then simpler ones in their place.

use crate::{
    ops::{Op, To},
    run,
};

/// How many runs it may take.
const RUNS: usize = 400;

/// How a run fails: the words before the first colon.
pub(crate) fn way(problem: &str) -> &str {
    problem.split(':').next().unwrap_or_default()
}

/// A shorter list that still fails in the way of `problem`.
pub(crate) fn shrink(seed: u64, ops: Vec<Op>, problem: &str) -> Vec<Op> {
    let mut runs = 0;
    let mut fails = |ops: &[Op]| {
        runs += 1;
        runs <= RUNS && run(seed, ops, false).problems.iter().any(|other| way(other) == way(problem))
    };
    let mut ops = ops;
    let mut stretch = ops.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        let mut shorter = false;
        while at < ops.len() {
            let mut fewer = ops.clone();
            fewer.drain(at..(at + stretch).min(ops.len()));
            if fails(&fewer) {
                ops = fewer;
                shorter = true;
            } else {
                at += stretch;
            }
        }
        if stretch == 1 && !shorter {
            break;
        }
        stretch = stretch.div_ceil(2).max(1);
    }
    for at in 0..ops.len() {
        for simpler in simpler(ops[at]) {
            let mut fewer = ops.clone();
            fewer[at] = simpler;
            if fails(&fewer) {
                ops = fewer;
            }
        }
    }
    ops
}

fn simpler(op: Op) -> Vec<Op> {
    match op {
        Op::Post { kind, to, in_s, .. } => [
            Op::Post { kind, to, keyed: false, in_s },
            Op::Post { kind, to, keyed: false, in_s: 0 },
            Op::Post { kind, to: To::Member(0), keyed: false, in_s: 0 },
            Op::Post { kind: 2, to: To::Member(0), keyed: false, in_s: 0 },
        ]
        .into_iter()
        .filter(|simple| *simple != op)
        .collect(),
        Op::Flood { kind, .. } => vec![Op::Post { kind, to: To::Everyone, keyed: false, in_s: 0 }],
        Op::Wait { ms } => {
            [1, 40, 2_000].into_iter().filter(|less| *less < ms).rev().map(|ms| Op::Wait { ms }).collect()
        }
        Op::Callbacks { .. } => vec![Op::Callbacks { twice: false, backwards: false }],
        _ => Vec::new(),
    }
}
