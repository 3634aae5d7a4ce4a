//! The browser tests: finds or installs Chromium, then runs Playwright.

use std::path::{Path, PathBuf};

use crate::{Result, process, progress::Step, repo::Repo, setup::Tools, suite::Findings};

/// Where Chromium may be, best first. Playwright's own download is not used: it needs a host that many networks
/// do not reach.
const PLACES: [&str; 4] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// The check of `cargo xtask test`. The tests find the browser in `CHROMIUM`.
pub(crate) fn check(repo: &Repo, _: &Tools, step: &Step<'_>) -> Result<Findings> {
    let chromium = chromium(repo, step)?;
    let mut playwright = repo.command(repo.npm_bin("playwright"));
    playwright
        .current_dir(repo.path("tests/browser"))
        .args(["test", "--reporter=list"])
        .env("CHROMIUM", chromium)
        .env("CI", "1")
        .env("WRANGLER_SEND_METRICS", "false");
    Ok(Findings { output: step.run(playwright)?, ..Findings::default() })
}

fn chromium(repo: &Repo, step: &Step<'_>) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    let mut id = repo.command("id");
    id.arg("-u");
    let is_root = process::ask(id).is_ok_and(|text| text.trim() == "0");
    if !is_root || !Path::new("/usr/bin/apt-get").exists() {
        return Err("Chromium is not installed. On Debian: sudo apt-get install chromium fonts-noto-cjk. \
                    Elsewhere install Chromium and set CHROMIUM to its path."
            .to_owned());
    }
    for words in
        [&["update"][..], &["install", "--yes", "--no-install-recommends", "chromium", "fonts-noto-cjk"]]
    {
        let mut apt = repo.command("apt-get");
        apt.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        step.run(apt)?;
    }
    find().ok_or_else(|| "Chromium was installed but is not where it should be.".to_owned())
}

fn find() -> Option<PathBuf> {
    PLACES.iter().map(PathBuf::from).find(|path| path.exists())
}
