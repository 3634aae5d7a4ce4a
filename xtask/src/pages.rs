//! Builds the pages: two Wasm bundles, each with its HTML, its CSS and one script.
//!
//! Names carry a hash of the content, so that browsers may keep them for ever. Scripts are files, never inline:
//! the content security policy in `_headers` allows no other.

use std::path::{Path, PathBuf};

use crate::{
    Result, files,
    progress::{Ending, Step},
    repo::Repo,
    setup::{Tools, WASM},
    stamp::Stamp,
    worker::{self, Mode},
};

/// A bundle: one binary of `frontend`, one HTML file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bundle {
    SelfService,
    Console,
}

impl Bundle {
    pub(crate) const ALL: [Self; 2] = [Self::SelfService, Self::Console];

    /// The binary in `frontend/src/bin`, and the start of every file's name.
    const fn name(self) -> &'static str {
        match self {
            Self::SelfService => "self_service",
            Self::Console => "console",
        }
    }

    const fn html(self) -> &'static str {
        match self {
            Self::SelfService => "index.html",
            Self::Console => "console.html",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::SelfService => "Self-service, first view",
            Self::Console => "Console, first view",
        }
    }
}

/// How long browsers keep what, and what a page may do (served with every asset).
const HEADERS: &str = include_str!("pages/_headers");

/// Compiles both bundles.
pub(crate) fn compile(repo: &Repo, mode: Mode, step: &Step<'_>) -> Result<Ending> {
    let mut cargo =
        repo.cargo(&["build", "--locked", "-p", "frontend", "--bins", "--target", WASM, "--profile"]);
    cargo.arg(mode.profile());
    worker::tell_macros(&mut cargo);
    step.run(cargo)?;
    Ok(Ending::Done)
}

/// Turns what [`compile`] made into the files that are served, in [`Mode::pages_dir`].
pub(crate) fn assemble(repo: &Repo, tools: &Tools, mode: Mode, step: &Step<'_>) -> Result<Ending> {
    let dist = repo.path(mode.pages_dir());
    let mut stamp = Stamp::new(repo.path(".dev/stamps").join(format!("pages-{}", mode.profile())))
        .text(mode.profile())
        .text(HEADERS)
        .text(&worker::WASM_FEATURES.join(" "))
        .text(&repo.locked_version("wasm-bindgen")?)
        .file(&repo.path("package-lock.json"))?
        // Tailwind reads the class names out of the sources.
        .dir(&repo.path("frontend"))?;
    for bundle in Bundle::ALL {
        stamp = stamp.file(&compiled(repo, bundle, mode))?;
    }
    let html: Vec<_> = Bundle::ALL.iter().map(|bundle| dist.join(bundle.html())).collect();
    if stamp.is_current(&html.iter().map(PathBuf::as_path).collect::<Vec<_>>()) {
        return Ok(Ending::Unchanged);
    }

    let fresh = dist.with_extension("new");
    files::remove_dir(&fresh)?;
    let public = repo.path("frontend/public");
    if public.is_dir() {
        files::copy_dir(&public, &fresh)?;
    }
    files::write(&fresh.join("_headers"), HEADERS)?;
    for bundle in Bundle::ALL {
        let urls = Urls {
            css: style(repo, bundle, mode, &fresh, step)?,
            wasm_js: script(repo, tools, bundle, mode, &fresh, step)?,
        };
        let template = repo.path("frontend").join(bundle.html());
        let html = urls
            .fill(&files::read_text(&template)?)
            .map_err(|error| format!("{}: {error}", template.display()))?;
        files::write(&fresh.join(bundle.html()), html)?;
    }
    files::remove_dir(&dist)?;
    std::fs::rename(&fresh, &dist).map_err(|error| format!("Cannot replace {}: {error}", dist.display()))?;
    stamp.keep()?;
    Ok(Ending::Done)
}

/// What a browser loads before the first view: HTML, CSS, script, Wasm.
pub(crate) fn parts(repo: &Repo, bundle: Bundle, mode: Mode) -> Result<Vec<PathBuf>> {
    let dist = repo.path(mode.pages_dir());
    let mut parts = vec![dist.join(bundle.html())];
    let start = format!("{}-", bundle.name());
    parts.extend(
        files::walk(&dist.join("assets"))?
            .into_iter()
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&start))),
    );
    if parts.len() == 4 {
        Ok(parts)
    } else {
        Err(format!("{} should have 4 files, has {}.", bundle.title(), parts.len()))
    }
}

/// The addresses that a template asks for.
struct Urls {
    css: String,
    wasm_js: (String, String),
}

impl Urls {
    /// Puts them where `{{css}}`, `{{wasm}}`, `{{js}}` and `{{boot}}` stand; each must, and nothing else may.
    fn fill(&self, template: &str) -> Result<String> {
        let (wasm, js) = &self.wasm_js;
        let mut html = template.to_owned();
        // `js` is what the boot module is made of; bundled into one file they are one request.
        for (name, url) in [("{{css}}", &self.css), ("{{wasm}}", wasm), ("{{js}}", js), ("{{boot}}", js)] {
            if !html.contains(name) {
                return Err(format!("{name} is missing."));
            }
            html = html.replace(name, url);
        }
        match html.find("{{") {
            None => Ok(html),
            Some(at) => Err(format!(
                "unknown: {}",
                html.chars()
                    .skip(html.get(..at).map_or(0, |head| head.chars().count()))
                    .take(20)
                    .collect::<String>()
            )),
        }
    }
}

fn compiled(repo: &Repo, bundle: Bundle, mode: Mode) -> PathBuf {
    repo.target().join(WASM).join(mode.profile()).join(bundle.name()).with_extension("wasm")
}

/// Tailwind's CSS for a bundle; answers its URL.
fn style(repo: &Repo, bundle: Bundle, mode: Mode, dist: &Path, step: &Step<'_>) -> Result<String> {
    let out = repo.path(".dev/work").join(bundle.name()).with_extension("css");
    let mut tailwind = repo.command(repo.npm_bin("tailwindcss"));
    let own = repo.path("frontend/styles/app").join(bundle.name()).with_extension("css");
    tailwind.arg("-i").arg(own).arg("-o").arg(&out);
    if mode == Mode::Release {
        tailwind.arg("--minify");
    }
    step.run(tailwind)?;
    place(dist, bundle, "css", &files::read(&out)?)
}

/// wasm-bindgen's output as one Wasm file and one script that starts it; answers both URLs.
fn script(
    repo: &Repo,
    tools: &Tools,
    bundle: Bundle,
    mode: Mode,
    dist: &Path,
    step: &Step<'_>,
) -> Result<(String, String)> {
    let work = repo.path(".dev/work").join(format!("{}-{}", bundle.name(), mode.profile()));
    files::remove_dir(&work)?;
    files::make_dir(&work)?;
    let mut bindgen = repo.command(tools.wasm_bindgen());
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", bundle.name(), "--out-dir"]);
    bindgen.arg(&work).arg(compiled(repo, bundle, mode));
    if mode == Mode::Release {
        bindgen.arg("--remove-name-section");
    }
    step.run(bindgen)?;
    let module = work.join(format!("{}_bg.wasm", bundle.name()));
    if mode == Mode::Release {
        worker::shrink(repo, &module, &["-Oz", "--strip-debug", "--strip-producers"], step)?;
    }
    let wasm = place(dist, bundle, "wasm", &files::read(&module)?)?;

    let start = work.join("start.js");
    files::write(&start, start_script(bundle, &wasm))?;
    let bundled = work.join("bundled.js");
    let mut esbuild = repo.command(repo.npm_bin("esbuild"));
    esbuild.arg(&start).args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
    esbuild.arg(format!("--outfile={}", bundled.display()));
    if mode == Mode::Release {
        esbuild.arg("--minify");
    }
    step.run(esbuild)?;
    let js = place(dist, bundle, "js", &files::read(&bundled)?)?;
    Ok((wasm, js))
}

/// The module that loads a bundle. Bundled together with wasm-bindgen's glue it is one request, not two.
fn start_script(bundle: Bundle, wasm: &str) -> String {
    format!("import init from './{}.js';\ninit({{ module_or_path: '{wasm}' }});\n", bundle.name())
}

/// Writes a file under a name with its hash; answers its URL.
fn place(dist: &Path, bundle: Bundle, ending: &str, content: &[u8]) -> Result<String> {
    let url = format!("/assets/{}-{}.{ending}", bundle.name(), files::short_hash(content));
    files::write(&dist.join(url.trim_start_matches('/')), content)?;
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::fake::Tree;

    fn urls() -> Urls {
        Urls { css: "/a.css".into(), wasm_js: ("/a.wasm".into(), "/a.js".into()) }
    }

    #[test]
    fn a_template_gets_every_address() {
        let html = urls()
            .fill("<link href={{css}}><link href={{wasm}}><link href={{js}}><script src={{boot}}></script>")
            .unwrap();
        assert_eq!(html, "<link href=/a.css><link href=/a.wasm><link href=/a.js><script src=/a.js></script>");
    }

    #[test]
    fn a_template_with_a_hole_is_refused() {
        assert!(urls().fill("{{css}} {{js}} {{boot}}").unwrap_err().contains("{{wasm}}"));
        assert!(
            urls()
                .fill("{{css}} {{js}} {{wasm}} {{boot}} ページ {{title}}")
                .unwrap_err()
                .contains("{{title}}")
        );
    }

    #[test]
    fn the_first_view_is_exactly_four_files() {
        let tree = Tree::new(&[
            ("Cargo.lock", ""),
            ("dist/index.html", ""),
            ("dist/assets/self_service-1.css", ""),
            ("dist/assets/self_service-2.js", ""),
            ("dist/assets/self_service-3.wasm", ""),
            ("dist/assets/console-3.wasm", ""),
        ]);
        let repo = Repo::at(tree.path());
        assert_eq!(parts(&repo, Bundle::SelfService, Mode::Release).unwrap().len(), 4);
        assert!(parts(&repo, Bundle::Console, Mode::Release).unwrap_err().contains("has 2"));
    }

    #[test]
    fn no_inline_script_is_allowed_and_hashed_files_are_kept() {
        assert!(
            HEADERS.contains("script-src 'self' 'wasm-unsafe-eval';") && !HEADERS.contains("unsafe-inline")
        );
        assert!(HEADERS.contains("/assets/*\n  Cache-Control: public, max-age=31536000, immutable"));
    }
}
