//! Installs what a fresh machine with only Rust and Node lacks. What is there already is left alone.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result,
    args::Args,
    files, process,
    process::Interrupt,
    progress::{Ending, Progress},
    repo::Repo,
    stamp::Stamp,
};

/// The target of everything that runs in a browser or a Worker.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The pinned build tools, kept outside the clone so that the next clone finds them.
pub(crate) struct Tools {
    bin: PathBuf,
}

/// `cargo xtask setup`.
pub(crate) fn command(repo: &Repo, interrupt: &Interrupt, args: Args) -> Result {
    args.finish()?;
    let progress = Progress::new(repo.path(".dev/logs"), interrupt)?;
    install(repo, &progress)?;
    println!("Ready after {}.", progress.elapsed());
    Ok(())
}

/// Installs what is missing, each as a step.
pub(crate) fn install(repo: &Repo, progress: &Progress) -> Result<Tools> {
    progress.step("Node and npm", |_| check_node(repo))?;
    progress.step("npm packages", |step| {
        let stamp = Stamp::new(repo.path("node_modules/.todoke-stamp"))
            .file(&repo.path("package.json"))?
            .file(&repo.path("package-lock.json"))?;
        if stamp.is_current(&[&repo.npm_bin("wrangler")]) {
            return Ok(Ending::Unchanged);
        }
        let mut npm = repo.command("npm");
        // The packages carry their binaries; scripts that would fetch others must not run.
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        step.run(npm)?;
        stamp.keep()?;
        Ok(Ending::Done)
    })?;
    progress.step("Rust's Wasm target", |step| {
        let mut rustc = repo.command("rustc");
        rustc.args(["--print", "target-libdir", "--target", WASM]);
        if Path::new(process::ask(rustc)?.trim()).is_dir() {
            return Ok(Ending::Unchanged);
        }
        let mut rustup = repo.command("rustup");
        rustup.args(["target", "add", WASM]);
        step.run(rustup)?;
        Ok(Ending::Done)
    })?;
    let tools = Tools::locate(repo)?;
    // worker-build follows the version of `worker`; wasm-bindgen's tool must equal the library exactly.
    for (package, binary, library) in
        [("wasm-bindgen-cli", "wasm-bindgen", "wasm-bindgen"), ("worker-build", "worker-build", "worker")]
    {
        let version = repo.locked_version(library)?;
        progress.step(&format!("{package} {version}"), |step| {
            let installed = process::ask({
                let mut command = repo.command(tools.bin.join(binary));
                command.arg("--version");
                command
            });
            if installed.is_ok_and(|text| text.split_whitespace().any(|word| word == version)) {
                return Ok(Ending::Unchanged);
            }
            let root = tools.root();
            files::make_dir(root)?;
            let wanted = format!("{package}@{version}");
            if process::ask(cargo_in(repo, root, &["binstall", "-V"])).is_ok() {
                let root = root.display().to_string();
                let words = ["binstall", "--no-confirm", "--disable-telemetry", "--root", &root, &wanted];
                if step.run(cargo_in(repo, tools.root(), &words)).is_ok() {
                    return Ok(Ending::Note("from a binary".to_owned()));
                }
            }
            step.run(light_build(
                repo,
                root,
                &["install", "--locked", "--root", ".", "--bin", binary, &wanted],
            ))?;
            Ok(Ending::Done)
        })?;
    }
    // What both builds shared is of no use any more.
    files::remove_dir(&tools.root().join("target"))?;
    Ok(tools)
}

impl Tools {
    /// Where the tools are, or would be.
    pub(crate) fn locate(repo: &Repo) -> Result<Self> {
        let cache = match std::env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
            Some(dir) => PathBuf::from(dir),
            None => {
                std::env::home_dir().ok_or("There is no home directory to keep tools in.")?.join(".cache")
            }
        };
        let name = format!(
            "wasm-bindgen-{}_worker-build-{}",
            repo.locked_version("wasm-bindgen")?,
            repo.locked_version("worker")?
        );
        Ok(Self { bin: cache.join("todoke/tools").join(name).join("bin") })
    }

    pub(crate) fn wasm_bindgen(&self) -> PathBuf {
        self.bin.join("wasm-bindgen")
    }

    /// worker-build, told where its helpers are: by itself it downloads them.
    pub(crate) fn worker_build(&self, repo: &Repo) -> Command {
        let mut command = repo.command(self.bin.join("worker-build"));
        command
            .env("WASM_BINDGEN_BIN", self.wasm_bindgen())
            .env("WASM_OPT_BIN", repo.npm_bin("wasm-opt"))
            .env("ESBUILD_BIN", repo.npm_bin("esbuild"));
        command
    }

    fn root(&self) -> &Path {
        self.bin.parent().unwrap_or(&self.bin)
    }
}

fn check_node(repo: &Repo) -> Result<Ending> {
    let mut node = repo.command("node");
    node.arg("--version");
    let version =
        process::ask(node).map_err(|_| "Node is not installed. Install Node 20 or newer.".to_owned())?;
    let version = version.trim();
    if major(version).is_none_or(|major| major < 20) {
        return Err(format!("Node is {version}; install Node 20 or newer."));
    }
    let mut npm = repo.command("npm");
    npm.arg("--version");
    process::ask(npm).map_err(|_| "npm is not installed; it comes with Node.".to_owned())?;
    Ok(Ending::Note(version.to_owned()))
}

/// `v20.20.2` → 20.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Cargo outside the workspace, so that its settings do not reach the tools.
fn cargo_in(repo: &Repo, dir: &Path, words: &[&str]) -> Command {
    let mut cargo = repo.cargo(words);
    cargo.current_dir(dir);
    cargo
}

/// The tools are built once and run for seconds: a light profile takes a third off the wait
/// (docs/decisions/0002-no-trunk.md), one target directory keeps what they share.
fn light_build(repo: &Repo, root: &Path, words: &[&str]) -> Command {
    let mut cargo = cargo_in(repo, root, words);
    cargo
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    cargo
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("20"), None);
    }
}
