//! Builds the Worker: Cargo, wasm-bindgen and esbuild by worker-build, then wasm-opt.

use std::path::PathBuf;

use crate::{
    Result, files,
    progress::{Ending, Step},
    repo::Repo,
    setup::{Tools, WASM},
    stamp::Stamp,
};

/// What a build is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// For `cargo xtask dev`: built fast, below `.dev`.
    Dev,
    /// As shipped: `build/` and `dist/`, the places named in wrangler.toml.
    Release,
}

impl Mode {
    /// The Cargo profile.
    pub(crate) const fn profile(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "release",
        }
    }

    /// Where worker-build writes `index.js` (the Worker's `main`) and `index_bg.wasm`.
    pub(crate) const fn worker_dir(self) -> &'static str {
        match self {
            Self::Dev => ".dev/build",
            Self::Release => "build",
        }
    }

    /// Where the pages go.
    pub(crate) const fn pages_dir(self) -> &'static str {
        match self {
            Self::Dev => ".dev/dist",
            Self::Release => "dist",
        }
    }
}

/// The features that rustc and wasm-bindgen use and every supported engine has; named one by one so that
/// wasm-opt never writes newer encodings.
pub(crate) const WASM_FEATURES: [&str; 7] = [
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-reference-types",
    "--enable-exception-handling",
];

/// Builds the Worker into [`Mode::worker_dir`].
pub(crate) fn build(repo: &Repo, tools: &Tools, mode: Mode, step: &Step<'_>) -> Result<Ending> {
    let mut cargo =
        repo.cargo(&["build", "--locked", "-p", "edge-worker", "--lib", "--target", WASM, "--profile"]);
    cargo.arg(mode.profile());
    tell_macros(&mut cargo);
    step.run(cargo)?;

    let out = repo.path(mode.worker_dir());
    let compiled = repo.target().join(WASM).join(mode.profile()).join("edge_worker.wasm");
    let stamp = Stamp::new(out.join("stamp"))
        .text(&repo.locked_version("wasm-bindgen")?)
        .text(&repo.locked_version("worker")?)
        .text(mode.profile())
        .text(&WASM_FEATURES.join(" "))
        .file(&compiled)?;
    let (script, module) = (out.join("index.js"), out.join("index_bg.wasm"));
    if stamp.is_current(&[&script, &module]) {
        return Ok(Ending::Unchanged);
    }

    let mut build = tools.worker_build(repo);
    // Its wasm-opt runs with -O; for the size budget -Oz follows below.
    build.current_dir(repo.path("edge-worker")).args(["--profile", mode.profile(), "--no-opt", "--out-dir"]);
    build.arg(PathBuf::from("..").join(mode.worker_dir()));
    step.run(build)?;
    if mode == Mode::Release {
        shrink(repo, &module, &["-Oz", "--strip-debug"], step)?;
    }
    stamp.keep()?;
    Ok(Ending::Done)
}

/// Runs wasm-opt over a module in place.
pub(crate) fn shrink(repo: &Repo, module: &std::path::Path, words: &[&str], step: &Step<'_>) -> Result {
    step.note("wasm-opt");
    let smaller = module.with_extension("small");
    let mut opt = repo.command(repo.npm_bin("wasm-opt"));
    opt.args(words).args(WASM_FEATURES).arg(module).arg("-o").arg(&smaller);
    step.run(opt)?;
    std::fs::rename(&smaller, module).map_err(|error| format!("Cannot replace {}: {error}", module.display()))
}

/// worker-build sets this for wasm-bindgen's macros. Cargo does not see it, so every Wasm build here sets it too:
/// otherwise the packages in the common target directory would depend on who built them first.
pub(crate) fn tell_macros(cargo: &mut std::process::Command) {
    cargo.env("WASM_BINDGEN_USE_JS_SYS", "1");
}

/// Sizes of the shipped Worker: all that is uploaded.
pub(crate) fn parts(repo: &Repo) -> Result<Vec<PathBuf>> {
    let out = repo.path(Mode::Release.worker_dir());
    let parts = vec![out.join("index.js"), out.join("index_bg.wasm")];
    for part in &parts {
        files::read(part)?;
    }
    Ok(parts)
}
