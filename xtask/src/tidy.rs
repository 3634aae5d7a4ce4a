//! `cargo xtask tidy`: the rules of ARCHITECTURE.md that no compiler checks.

mod edges;
mod migrations;
mod packages;
mod sources;

use std::path::Path;

use serde_json::Value;

use crate::{Result, args::Args, files, process, process::Interrupt, repo::Repo};

/// What was found. Breaches fail, warnings are printed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    breaches: Vec<String>,
    warnings: Vec<String>,
}

/// `cargo xtask tidy`.
pub(crate) fn command(repo: &Repo, _: &Interrupt, args: Args) -> Result {
    args.finish()?;
    for warning in check(repo)? {
        println!("! {warning}");
    }
    println!("✓ tidy");
    Ok(())
}

/// Checks everything; answers the warnings.
pub(crate) fn check(repo: &Repo) -> Result<Vec<String>> {
    let mut findings = Findings::default();
    let text = process::ask(repo.cargo(&["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let rules = files::read_text(&repo.path("deny.toml"))?;
    edges::check(&metadata, &mut findings);
    packages::check(&metadata, &packages::Rules::parse(&rules)?, &mut findings);
    check_files(repo.root(), &mut findings)?;
    if findings.breaches.is_empty() { Ok(findings.warnings) } else { Err(findings.breaches.join("\n")) }
}

/// The checks that only read files.
fn check_files(root: &Path, findings: &mut Findings) -> Result {
    sources::check(root, findings)?;
    migrations::check(&root.join("hub"), findings)
}
