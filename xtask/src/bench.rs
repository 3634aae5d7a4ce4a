//! `cargo xtask bench`: builds as shipped and hands over to tests/bench, which prints the table.

use std::process::Stdio;

use crate::{
    Result,
    args::Args,
    deploy,
    process::{Group, Interrupt},
    progress::Progress,
    repo::Repo,
};

const SCRIPT: &str = "tests/bench/run.mjs";

/// `cargo xtask bench`; the words after `--` go to the bench.
pub(crate) fn command(repo: &Repo, interrupt: &Interrupt, args: Args) -> Result {
    let words = args.finish()?;
    if !repo.path(SCRIPT).is_file() {
        return Err(format!("{SCRIPT} is missing."));
    }
    let progress = Progress::new(repo.path(".dev/logs"), interrupt)?;
    deploy::build(repo, &progress)?;
    drop(progress);
    let mut node = repo.command("node");
    node.arg(SCRIPT).args(words).env("WRANGLER_SEND_METRICS", "false").stdin(Stdio::null());
    Group::attached(node)?.wait(interrupt)
}
