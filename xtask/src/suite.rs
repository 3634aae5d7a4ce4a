//! `cargo xtask test`: every check, in the order in which a mistake is found soonest.
//!
//! A check is a line in [`CHECKS`]; add one when its tests exist.

use crate::{
    Result,
    args::Args,
    browser, pages,
    process::Interrupt,
    progress::{self, Ending, Progress, Step},
    repo::Repo,
    setup::{self, Tools, WASM},
    sizes,
    tally::{self, Tally},
    tidy,
    worker::{self, Mode},
};

/// One line of the suite.
struct Check {
    name: &'static str,
    about: &'static str,
    run: fn(&Repo, &Tools, &Step<'_>) -> Result<Findings>,
}

/// What a check that passed has to show.
#[derive(Default)]
pub(crate) struct Findings {
    /// All that its programs printed; the summaries are read from it.
    pub(crate) output: String,
    /// Printed below the step.
    pub(crate) table: String,
}

const CHECKS: [Check; 8] = [
    Check { name: "fmt", about: "rustfmt changes nothing", run: fmt },
    Check { name: "tidy", about: "crate edges, banned words, file lengths, migrations, licences", run: tidy },
    Check { name: "clippy", about: "no warning, natively and for Wasm", run: clippy },
    Check {
        name: "native",
        about: "tests of every crate on this machine, and the examples in the docs",
        run: native,
    },
    Check {
        name: "simulation",
        about: "generated faults against the hub; SIM_SEEDS=100000 plays more",
        run: simulation,
    },
    Check { name: "wasm", about: "Worker and pages as shipped, within their size budgets", run: wasm },
    Check { name: "e2e", about: "the product as shipped in real workerd, against the sandbox", run: e2e },
    Check { name: "browser", about: "Chromium walks through the pages (Playwright)", run: browser::check },
];

/// `cargo xtask test`.
pub(crate) fn command(repo: &Repo, interrupt: &Interrupt, mut args: Args) -> Result {
    if args.flag("--list") {
        args.finish()?;
        for check in &CHECKS {
            println!("  {:<12}{}", check.name, check.about);
        }
        return Ok(());
    }
    let chosen = choose(&args.list("--only")?, &args.list("--skip")?)?;
    args.finish()?;

    let progress = Progress::new(repo.path(".dev/logs"), interrupt)?;
    let tools = setup::install(repo, &progress)?;
    let mut results = Vec::new();
    for check in chosen {
        let mut findings = Findings::default();
        let started = progress::now();
        let result = progress.step(check.name, |step| {
            findings = (check.run)(repo, &tools, step)?;
            Ok(Ending::Done)
        });
        if interrupt.is_set() {
            return Err(crate::process::INTERRUPTED.to_owned());
        }
        print!("{}", findings.table);
        let output = if result.is_ok() { findings.output } else { progress.log_of(check.name) };
        let tally = tally::read(&output);
        results.push(Outcome {
            name: check.name,
            error: result.err(),
            seconds: progress::seconds(started.elapsed()),
            tally,
        });
    }
    print!("{}", report(&results));
    // The report has said it; its last line stays the last.
    if results.iter().all(|outcome| outcome.error.is_none()) { Ok(()) } else { Err(String::new()) }
}

/// What became of a check.
struct Outcome {
    name: &'static str,
    error: Option<String>,
    seconds: String,
    tally: Tally,
}

fn choose(only: &[String], skip: &[String]) -> Result<Vec<&'static Check>> {
    if let Some(unknown) =
        only.iter().chain(skip).find(|name| CHECKS.iter().all(|check| check.name != name.as_str()))
    {
        return Err(format!("There is no check `{unknown}`; `cargo xtask test --list` names them."));
    }
    let wanted = |check: &&Check| {
        let is = |name: &String| name == check.name;
        (only.is_empty() || only.iter().any(is)) && !skip.iter().any(is)
    };
    Ok(CHECKS.iter().filter(wanted).collect())
}

/// The table, the runners' own summary lines, and the sum alone on the last line.
fn report(results: &[Outcome]) -> String {
    let mut text = String::from("\n");
    for outcome in results {
        let mark = if outcome.error.is_none() { "✓ passed" } else { "✗ failed" };
        text += &format!("  {:<12}{mark}{:>16}\n", outcome.name, outcome.seconds);
    }
    text.push('\n');
    for outcome in results {
        for line in &outcome.tally.lines {
            text += &format!("  {:<12}{line}\n", outcome.name);
        }
    }
    for error in results.iter().filter_map(|outcome| outcome.error.as_ref()) {
        text += &format!("  {error}\n");
    }
    let passed: u64 = results.iter().map(|outcome| outcome.tally.passed).sum();
    // A check that failed before or without a test (formatting, a build) counts as one.
    let failed: u64 =
        results.iter().map(|outcome| outcome.tally.failed.max(outcome.error.is_some().into())).sum();
    text += &format!("\n{passed} passed, {failed} failed\n");
    text
}

fn fmt(repo: &Repo, _: &Tools, step: &Step<'_>) -> Result<Findings> {
    step.run(repo.cargo(&["fmt", "--all", "--check", "--", "--color", "never"]))?;
    Ok(Findings::default())
}

fn tidy(repo: &Repo, _: &Tools, _: &Step<'_>) -> Result<Findings> {
    let warnings = tidy::check(repo)?;
    Ok(Findings {
        table: warnings.iter().map(|warning| format!("  ! {warning}\n")).collect(),
        ..Findings::default()
    })
}

fn clippy(repo: &Repo, _: &Tools, step: &Step<'_>) -> Result<Findings> {
    let native = [
        "clippy",
        "--locked",
        "--workspace",
        "--exclude",
        "edge-worker",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    step.run(repo.cargo(&native))?;
    let mut wasm = repo.cargo(&["clippy", "--locked", "--target", WASM]);
    wasm.args(["-p", "edge-worker", "-p", "frontend", "-p", "hub", "-p", "shared", "--", "-D", "warnings"]);
    step.run(wasm)?;
    Ok(Findings::default())
}

/// All that builds on this machine. Every check names the same packages, because Cargo picks features by them:
/// with fewer it would build half of the dependencies again.
const NATIVE: [&str; 4] = ["--locked", "--workspace", "--exclude", "edge-worker"];

fn native(repo: &Repo, _: &Tools, step: &Step<'_>) -> Result<Findings> {
    let mut output = if step.run(repo.cargo(&["nextest", "--version"])).is_ok() {
        let mut tests = repo.cargo(&["nextest", "run", "--no-fail-fast", "--status-level", "fail"]);
        tests.args(["--show-progress", "none"]).args(NATIVE);
        // These two are checks of their own.
        tests.args(["-E", "not (package(tests) and (binary(simulation) or binary(e2e)))"]);
        step.run(tests)?
    } else {
        let mut tests = repo.cargo(&["test", "--no-fail-fast", "--lib", "--bins", "--tests"]);
        tests.args(NATIVE).args(["--exclude", "tests"]);
        // Of that crate one kind of test belongs here, and cargo leaves out no single one.
        let mut conversations = repo.cargo(&["test", "--no-fail-fast", "--test", "conversations"]);
        conversations.args(NATIVE);
        step.run(tests)? + &step.run(conversations)?
    };
    let mut examples = repo.cargo(&["test", "--doc", "--no-fail-fast"]);
    examples.args(NATIVE);
    output += &step.run(examples)?;
    Ok(Findings { output, ..Findings::default() })
}

fn simulation(repo: &Repo, _: &Tools, step: &Step<'_>) -> Result<Findings> {
    let mut tests = repo.cargo(&["test", "--test", "simulation"]);
    tests.args(NATIVE);
    Ok(Findings { output: step.run(tests)?, ..Findings::default() })
}

fn e2e(repo: &Repo, tools: &Tools, step: &Step<'_>) -> Result<Findings> {
    worker::build(repo, tools, Mode::Release, step)?;
    pages::compile(repo, Mode::Release, step)?;
    pages::assemble(repo, tools, Mode::Release, step)?;
    let mut tests = repo.cargo(&["test", "--test", "e2e"]);
    tests.args(NATIVE);
    Ok(Findings { output: step.run(tests)?, ..Findings::default() })
}

fn wasm(repo: &Repo, tools: &Tools, step: &Step<'_>) -> Result<Findings> {
    worker::build(repo, tools, Mode::Release, step)?;
    pages::compile(repo, Mode::Release, step)?;
    pages::assemble(repo, tools, Mode::Release, step)?;
    let sizes = sizes::measure(repo)?;
    let table = sizes::table(&sizes);
    sizes::check(&sizes).map_err(|error| format!("{error}\n{table}"))?;
    Ok(Findings { table, ..Findings::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &str, skip: &str) -> Result<Vec<&'static str>> {
        let list = |text: &str| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
        Ok(choose(&list(only), &list(skip))?.iter().map(|check| check.name).collect())
    }

    #[test]
    fn checks_are_chosen_by_name() {
        assert_eq!(names("tidy fmt", "").unwrap(), ["fmt", "tidy"]);
        assert_eq!(names("tidy fmt", "fmt").unwrap(), ["tidy"]);
        assert_eq!(names("", "").unwrap().len(), CHECKS.len());
        assert!(names("", "frmt").unwrap_err().contains("frmt"));
    }

    #[test]
    fn the_last_line_is_the_sum_and_a_check_without_tests_can_fail() {
        let outcome = |name, error: Option<&str>, passed, failed| Outcome {
            name,
            error: error.map(ToOwned::to_owned),
            seconds: "1.0 s".into(),
            tally: Tally { passed, failed, lines: vec![format!("{passed} passed")] },
        };
        let text = report(&[
            outcome("fmt", Some("fmt: broke"), 0, 0),
            outcome("native", Some("native: broke"), 10, 2),
            outcome("browser", None, 5, 0),
        ]);
        assert!(text.ends_with("\n15 passed, 3 failed\n"), "{text}");
        assert!(text.contains("fmt: broke") && text.contains("native      10 passed"));
    }
}
