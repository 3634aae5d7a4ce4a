//! The deterministic simulation: the real hub over the sandbox's world in virtual time.
//!
//! A seed becomes a list of operations ([`ops`]), [`play`] plays it with crashes and faults and lets it come to
//! rest, [`check`] and [`verdict`] say what did not hold. A list that fails is made shorter ([`shrink`]) and
//! printed as Rust for [`reproductions`].
//!
//! `SIM_SEEDS=100000 SIM_FROM=5000` runs more and other seeds; `SIM_SEED=7` plays one with a full trace.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: fail loudly"
)]

mod answers;
mod check;
mod dice;
mod found;
mod ops;
mod pace;
mod people;
mod play;
mod posting;
mod quiet;
mod record;
mod reproductions;
mod rooms;
mod secrets;
mod shrink;
mod stage;
mod trouble;
mod verdict;

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use sandbox::world::Keys;

use crate::{found::Counts, ops::Op, play::Outcome};

/// One key pair for the process: small, because each run signs and verifies with it.
pub(crate) fn keys() -> &'static Keys {
    use rsa::pkcs8::{EncodePrivateKey, LineEnding};
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap();
        Keys::from_private_pem(&key.to_pkcs8_pem(LineEnding::LF).unwrap()).unwrap()
    })
}

/// Plays and turns a panic into a problem.
fn run(seed: u64, ops: &[Op], tracing: bool) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| play::play(seed, ops, keys(), tracing))).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Outcome { problems: vec![format!("panic: {}", words.unwrap_or_default())], ..Outcome::default() }
    })
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

#[test]
fn seeds() {
    if let Some(seed) = number("SIM_SEED") {
        return replay(seed);
    }
    let from = number("SIM_FROM").unwrap_or(0);
    let until = from + number("SIM_SEEDS").unwrap_or(2_000);
    let next = AtomicU64::new(from);
    let (total, failed) = (Mutex::new(Counts::default()), Mutex::new(Vec::new()));
    let begun = now();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                let mut own = Counts::default();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= until || failed.lock().unwrap().len() >= 5 {
                        break;
                    }
                    let outcome = run(seed, &dice::generate(seed), false);
                    own.add(&outcome.counts);
                    if !outcome.problems.is_empty() {
                        failed.lock().unwrap().push((seed, outcome.problems));
                    }
                }
                total.lock().unwrap().add(&own);
            });
        }
    });
    let total = total.into_inner().unwrap();
    println!(
        "simulation: {} seeds, {} ops, {} virtual hours, {} deliveries ({} sent), {} crashes, {} labelled duplicates, {} claims ({} told), {:.1} s; faults {:?}",
        until - from,
        total.ops,
        total.virtual_ms / 3_600_000,
        total.deliveries,
        total.sent,
        total.deaths,
        total.duplicates,
        total.claims,
        total.news,
        begun.elapsed().as_secs_f64(),
        total.faults
    );
    let mut failed = failed.into_inner().unwrap();
    failed.sort_by_key(|(seed, _)| *seed);
    for (seed, problems) in &failed {
        println!("seed {seed}: {}", problems[0]);
    }
    let mut ways = BTreeSet::new();
    for (seed, problems) in &failed {
        if ways.insert(shrink::way(&problems[0])) {
            report(*seed, &problems[0]);
        }
    }
    assert!(failed.is_empty(), "{} seeds failed", failed.len());
}

#[expect(clippy::disallowed_methods, reason = "how long the whole took, for the summary alone")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

fn replay(seed: u64) {
    let outcome = run(seed, &dice::generate(seed), true);
    outcome.trace.iter().for_each(|line| println!("{line}"));
    outcome.problems.iter().for_each(|problem| println!("PROBLEM {problem}"));
    if let Some(problem) = outcome.problems.first() {
        report(seed, problem);
        panic!("seed {seed} failed");
    }
}

/// The shortest list found that fails in the same way, as Rust.
fn report(seed: u64, problem: &str) {
    let ops = shrink::shrink(seed, dice::generate(seed), problem);
    println!("seed {seed}, {} operations left, for tests/simulation/reproductions.rs:", ops.len());
    println!("    play({seed}, &[");
    ops.iter().for_each(|op| println!("        {op:?},"));
    println!("    ]);");
    let outcome = run(seed, &ops, true);
    outcome.trace.iter().rev().take(80).rev().for_each(|line| println!("  {line}"));
    outcome.problems.iter().for_each(|problem| println!("PROBLEM {problem}"));
}
