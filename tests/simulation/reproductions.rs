//! What the simulation found, each as the shortest list that showed it.

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
