//! `cargo xtask build` and `cargo xtask deploy`: what is shipped. docs/operations.md says what to create first.

use crate::{
    Result,
    args::Args,
    files, pages,
    process::{Group, Interrupt},
    progress::Progress,
    repo::Repo,
    setup::{self, Tools},
    sizes,
    worker::{self, Mode},
};

/// `cargo xtask build`.
pub(crate) fn build_command(repo: &Repo, interrupt: &Interrupt, args: Args) -> Result {
    args.finish()?;
    let progress = Progress::new(repo.path(".dev/logs"), interrupt)?;
    build(repo, &progress)?;
    let sizes = sizes::measure(repo)?;
    print!("{}", sizes::table(&sizes));
    sizes::check(&sizes)
}

/// `cargo xtask deploy`; the words after `--` go to wrangler.
pub(crate) fn command(repo: &Repo, interrupt: &Interrupt, args: Args) -> Result {
    let words = args.finish()?;
    let missing = unfinished(&files::read_text(&repo.path("wrangler.toml"))?);
    if !missing.is_empty() {
        return Err(format!(
            "wrangler.toml still holds examples: {}. docs/operations.md says what belongs there.",
            missing.join(", ")
        ));
    }
    let progress = Progress::new(repo.path(".dev/logs"), interrupt)?;
    build(repo, &progress)?;
    sizes::check(&sizes::measure(repo)?)?;
    drop(progress);
    let mut wrangler = repo.command(repo.npm_bin("wrangler"));
    wrangler.arg("deploy").args(words).env("WRANGLER_SEND_METRICS", "false");
    Group::attached(wrangler)?.wait(interrupt)
}

/// Builds Worker and pages as shipped.
pub(crate) fn build(repo: &Repo, progress: &Progress) -> Result<Tools> {
    let tools = setup::install(repo, progress)?;
    progress.step("Worker", |step| worker::build(repo, &tools, Mode::Release, step))?;
    progress.step("Pages: compile", |step| pages::compile(repo, Mode::Release, step))?;
    progress.step("Pages: assemble", |step| pages::assemble(repo, &tools, Mode::Release, step))?;
    Ok(tools)
}

/// The settings of wrangler.toml that every operator must replace and this one has not.
fn unfinished(config: &str) -> Vec<&'static str> {
    let lines: Vec<_> = config.lines().map(str::trim).filter(|line| !line.starts_with('#')).collect();
    [("the KV namespace's id", "00000000000000000000000000000000"), ("PUBLIC_URL", "https://todoke.example")]
        .into_iter()
        .filter(|(_, example)| lines.iter().any(|line| line.contains(example)))
        .map(|(name, _)| name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::unfinished;

    #[test]
    fn examples_are_not_deployed() {
        let ours = include_str!("../../wrangler.toml");
        assert_eq!(unfinished(ours), ["the KV namespace's id", "PUBLIC_URL"]);
        let theirs = ours
            .replace("00000000000000000000000000000000", "0f2ac74b498b48028cb68387c421e279")
            .replace("https://todoke.example", "https://todoke.minato.example");
        assert_eq!(unfinished(&theirs), Vec::<&str>::new());
    }
}
