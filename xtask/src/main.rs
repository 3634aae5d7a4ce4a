//! `cargo xtask`: everything a developer runs. Start at [`COMMANDS`]; each command is a module.
//!
//! It knows the other crates only from outside (Cargo, files, HTTP), so it works while they do not compile.

mod args;
mod bench;
mod browser;
mod demo;
mod deploy;
mod dev;
mod files;
mod http;
mod json;
mod pages;
mod process;
mod progress;
mod repo;
mod setup;
mod sizes;
mod stamp;
mod suite;
mod tally;
mod tidy;
mod worker;

use std::process::ExitCode;

use crate::{args::Args, process::Interrupt, repo::Repo};

/// What went wrong, ready to be read by the person at the terminal.
pub(crate) type Result<T = ()> = std::result::Result<T, String>;

type Command = fn(&Repo, &Interrupt, Args) -> Result;

const COMMANDS: [(&str, &str, Command); 7] = [
    ("setup", "installs what is missing: Wasm target, pinned tools, npm packages", setup::command),
    (
        "dev",
        "builds and runs all on this machine with demo data  [--port N] [--sandbox-port N] [--smtp-port N] [--dir DIR] [--release] [--fresh] [--empty] [--no-open]",
        dev::command,
    ),
    ("test", "runs every check that must pass  [--only STEP,…] [--skip STEP,…] [--list]", suite::command),
    ("build", "builds pages and Worker as they are shipped, prints their sizes", deploy::build_command),
    ("deploy", "builds and hands over to `wrangler deploy`  [-- wrangler's own flags]", deploy::command),
    ("bench", "measures  [-- the bench's own flags]", bench::command),
    ("tidy", "checks the rules of ARCHITECTURE.md that no compiler checks", tidy::command),
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Empty: the command has said it.
            if !message.is_empty() {
                eprintln!("\n{message}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_default();
    let Some((_, _, command)) = COMMANDS.iter().find(|(known, _, _)| *known == name) else {
        println!("cargo xtask <command>\n");
        for (known, about, _) in &COMMANDS {
            println!("  {known:<8}{about}");
        }
        return if matches!(name.as_str(), "" | "help" | "--help" | "-h") {
            Ok(())
        } else {
            Err(format!("There is no command `{name}`."))
        };
    };
    let repo = Repo::find()?;
    let interrupt = Interrupt::install()?;
    command(&repo, &interrupt, Args::new(words.collect()))
}
