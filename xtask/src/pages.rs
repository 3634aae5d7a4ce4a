//! Builds the pages: Wasm bundles, each with its HTML and one script. The console is four of them, which share one
//! template and one CSS file: a browser that goes from one to the next has it already.
//!
//! Names carry a hash of the content, so that browsers may keep them for ever. Scripts are files, never inline:
//! the content security policy in `_headers` allows no other.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    path::{Path, PathBuf},
};

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
    People,
    Apps,
    Settings,
}

impl Bundle {
    pub(crate) const ALL: [Self; 5] =
        [Self::SelfService, Self::Console, Self::People, Self::Apps, Self::Settings];

    /// The binary in `frontend/src/bin`, and the start of every file's name.
    const fn name(self) -> &'static str {
        match self {
            Self::SelfService => "self_service",
            Self::Console => "console",
            Self::People => "people",
            Self::Apps => "apps",
            Self::Settings => "settings",
        }
    }

    /// Among the assets. Below `console/`, so that only the Worker hands it out (`run_worker_first`).
    const fn html(self) -> &'static str {
        match self {
            Self::SelfService => "index.html",
            Self::Console => "console.html",
            Self::People => "console/people.html",
            Self::Apps => "console/apps.html",
            Self::Settings => "console/settings.html",
        }
    }

    /// What the HTML is made of, in `frontend`.
    const fn template(self) -> &'static str {
        match self {
            Self::SelfService => "index.html",
            Self::Console | Self::People | Self::Apps | Self::Settings => "console.html",
        }
    }

    /// The name of its CSS, in `frontend/styles/app`.
    const fn style(self) -> &'static str {
        match self {
            Self::SelfService => "self_service",
            Self::Console | Self::People | Self::Apps | Self::Settings => "console",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::SelfService => "Self-service, first view",
            Self::Console => "Console, first view",
            Self::People => "Console: people",
            Self::Apps => "Console: apps",
            Self::Settings => "Console: settings",
        }
    }
}

/// How long browsers keep what, and what a page may do (served with every asset).
const HEADERS: &str = include_str!("pages/_headers");

/// Compiles the bundles.
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
        .file(&repo.path("docs/openapi.json"))?
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
    if mode == Mode::Dev {
        files::write(&fresh.join("shells.js"), "")?;
    }
    files::write(&fresh.join("_headers"), HEADERS)?;
    // The Worker serves it as `/api/openapi.json`.
    files::write(&fresh.join("openapi.json"), files::read(&repo.path("docs/openapi.json"))?)?;
    let ahead = ahead(repo, mode, &fresh, step)?;
    let mut styles = BTreeMap::<&str, String>::new();
    for bundle in Bundle::ALL {
        let css = match styles.entry(bundle.style()) {
            Entry::Occupied(made) => made.get().clone(),
            Entry::Vacant(place) => place.insert(style(repo, bundle.style(), mode, &fresh, step)?).clone(),
        };
        let wasm_js = script(repo, tools, bundle, mode, &fresh, step)?;
        let urls = Urls { ahead: ahead.clone(), css, wasm_js };
        let template = repo.path("frontend").join(bundle.template());
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

/// What a browser loads before the first view: the HTML, and the CSS, script and Wasm that it asks for.
pub(crate) fn parts(repo: &Repo, bundle: Bundle, mode: Mode) -> Result<Vec<PathBuf>> {
    let dist = repo.path(mode.pages_dir());
    let html = dist.join(bundle.html());
    let text = files::read_text(&html)?;
    let asked: BTreeSet<_> = text.split('"').filter_map(|word| word.strip_prefix("/assets/")).collect();
    if asked.len() != 4 {
        return Err(format!("{} should ask for 4 files, asks for {}.", bundle.title(), asked.len()));
    }
    let assets = dist.join("assets");
    Ok(std::iter::once(html).chain(asked.into_iter().map(|name| assets.join(name))).collect())
}

/// The addresses that a template asks for.
struct Urls {
    ahead: String,
    css: String,
    wasm_js: (String, String),
}

impl Urls {
    /// Puts them where `{{ahead}}`, `{{css}}`, `{{wasm}}`, `{{js}}` and `{{boot}}` stand; each must, and nothing else may.
    fn fill(&self, template: &str) -> Result<String> {
        let (wasm, js) = &self.wasm_js;
        let mut html = template.to_owned();
        // `js` is what the boot module is made of; bundled into one file they are one request.
        for (name, url) in [
            ("{{ahead}}", &self.ahead),
            ("{{css}}", &self.css),
            ("{{wasm}}", wasm),
            ("{{js}}", js),
            ("{{boot}}", js),
        ] {
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

/// Tailwind's CSS of that name; answers its URL.
fn style(repo: &Repo, name: &str, mode: Mode, dist: &Path, step: &Step<'_>) -> Result<String> {
    let out = repo.path(".dev/work").join(name).with_extension("css");
    let mut tailwind = repo.command(repo.npm_bin("tailwindcss"));
    let own = repo.path("frontend/styles/app").join(name).with_extension("css");
    tailwind.arg("-i").arg(own).arg("-o").arg(&out);
    if mode == Mode::Release {
        tailwind.arg("--minify");
    }
    step.run(tailwind)?;
    place(dist, name, "css", &files::read(&out)?)
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
    let module = work.join(format!("{}_bg.wasm", bundle.name()));
    let bundled = work.join("bundled.js");
    // A change of one program's pages leaves the others as they are.
    let stamp = Stamp::new(work.join("stamp"))
        .text(&worker::WASM_FEATURES.join(" "))
        .text(&repo.locked_version("wasm-bindgen")?)
        .file(&repo.path("package-lock.json"))?
        .file(&compiled(repo, bundle, mode))?;
    if stamp.is_current(&[&module, &bundled]) {
        let wasm = place(dist, bundle.name(), "wasm", &files::read(&module)?)?;
        return Ok((wasm, place(dist, bundle.name(), "js", &files::read(&bundled)?)?));
    }
    files::remove_dir(&work)?;
    files::make_dir(&work)?;
    let mut bindgen = repo.command(tools.wasm_bindgen());
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", bundle.name(), "--out-dir"]);
    bindgen.arg(&work).arg(compiled(repo, bundle, mode));
    if mode == Mode::Release {
        bindgen.arg("--remove-name-section");
    }
    step.run(bindgen)?;
    let glue = work.join(format!("{}.js", bundle.name()));
    files::write(&glue, droppable(&files::read_text(&glue)?))?;
    if mode == Mode::Release {
        worker::shrink(repo, &module, &["-Oz", "--strip-debug", "--strip-producers"], step)?;
    }
    let wasm = place(dist, bundle.name(), "wasm", &files::read(&module)?)?;

    let start = work.join("start.js");
    files::write(&start, start_script(bundle, &wasm))?;
    esbuild(repo, &start, "esm", &bundled, mode, step)?;
    let js = place(dist, bundle.name(), "js", &files::read(&bundled)?)?;
    stamp.keep()?;
    Ok((wasm, js))
}

/// wasm-bindgen's script in a form from which esbuild leaves out the classes that no page uses: those of streams, which
/// come with Leptos's server functions.
fn droppable(glue: &str) -> String {
    let kept = glue.lines().filter(|line| !line.starts_with("if (Symbol.dispose)"));
    let lines: Vec<_> = kept
        .map(|line| line.replace("new FinalizationRegistry(", "/* @__PURE__ */ new FinalizationRegistry("))
        .collect();
    lines.join("\n")
}

/// What every page runs first; answers its URL. Not a module: those wait for all of the HTML and for each other. Nor
/// `async`: it might come after the program that takes its answers.
fn ahead(repo: &Repo, mode: Mode, dist: &Path, step: &Step<'_>) -> Result<String> {
    let out = repo.path(".dev/work/ahead.js");
    esbuild(repo, &repo.path("frontend/ahead.js"), "iife", &out, mode, step)?;
    place(dist, "ahead", "js", &files::read(&out)?)
}

/// One file of `from` and what it imports.
fn esbuild(repo: &Repo, from: &Path, format: &str, to: &Path, mode: Mode, step: &Step<'_>) -> Result<()> {
    let mut esbuild = repo.command(repo.npm_bin("esbuild"));
    esbuild.arg(from).args(["--bundle", "--target=es2022", "--log-level=warning"]);
    esbuild.arg(format!("--format={format}")).arg(format!("--outfile={}", to.display()));
    if mode == Mode::Release {
        esbuild.arg("--minify");
    }
    step.run(esbuild).map(drop)
}

/// The module that loads a bundle. Bundled together with wasm-bindgen's glue it is one request, not two. Where the
/// program cannot be had, the words that would come by themselves come at once.
fn start_script(bundle: Bundle, wasm: &str) -> String {
    let name = bundle.name();
    format!(
        "import init from './{name}.js';\n\
         init({{ module_or_path: '{wasm}' }}).catch((error) => {{\n\
         console.error(error);\n\
         document.getElementById('boot-late')?.classList.remove('boot-late');\n\
         }});\n"
    )
}

/// Writes a file under a name with its hash; answers its URL.
fn place(dist: &Path, name: &str, ending: &str, content: &[u8]) -> Result<String> {
    let url = format!("/assets/{name}-{}.{ending}", files::short_hash(content));
    files::write(&dist.join(url.trim_start_matches('/')), content)?;
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::fake::Tree;

    fn urls() -> Urls {
        Urls { ahead: "/b.js".into(), css: "/a.css".into(), wasm_js: ("/a.wasm".into(), "/a.js".into()) }
    }

    #[test]
    fn a_template_gets_every_address() {
        let html = urls()
            .fill("<script src={{ahead}}></script><link href={{css}}><link href={{wasm}}><link href={{js}}><script src={{boot}}></script>")
            .unwrap();
        assert_eq!(
            html,
            "<script src=/b.js></script><link href=/a.css><link href=/a.wasm><link href=/a.js><script src=/a.js></script>"
        );
    }

    #[test]
    fn a_template_with_a_hole_is_refused() {
        assert!(urls().fill("{{ahead}} {{css}} {{js}} {{boot}}").unwrap_err().contains("{{wasm}}"));
        assert!(
            urls()
                .fill("{{ahead}} {{css}} {{js}} {{wasm}} {{boot}} ページ {{title}}")
                .unwrap_err()
                .contains("{{title}}")
        );
    }

    #[test]
    fn the_first_view_is_what_the_html_asks_for() {
        let html = |wasm: &str| {
            format!(
                "<script src=\"/assets/ahead-0.js\"></script><link href=\"/assets/console-1.css\"><link href=\"/assets/people-2.js\">\
                 <script src=\"/assets/people-2.js\"></script>{wasm}"
            )
        };
        let people = html("<link href=\"/assets/people-3.wasm\">");
        let tree = Tree::new(&[
            ("Cargo.lock", ""),
            ("dist/console/people.html", &people),
            ("dist/console.html", &html("")),
        ]);
        let repo = Repo::at(tree.path());
        let names: Vec<_> = parts(&repo, Bundle::People, Mode::Release)
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["people.html", "ahead-0.js", "console-1.css", "people-2.js", "people-3.wasm"]);
        assert!(parts(&repo, Bundle::Console, Mode::Release).unwrap_err().contains("asks for 3"));
    }

    #[test]
    fn a_class_that_nobody_uses_can_be_left_out() {
        let glue = "const F = new FinalizationRegistry(ptr => 1);\nclass A {}\nif (Symbol.dispose) A.prototype[Symbol.dispose] = A.prototype.free;\n";
        assert_eq!(
            droppable(glue),
            "const F = /* @__PURE__ */ new FinalizationRegistry(ptr => 1);\nclass A {}"
        );
    }

    #[test]
    fn only_the_worker_hands_out_the_console() {
        for bundle in Bundle::ALL {
            let guarded = bundle.html() == "console.html" || bundle.html().starts_with("console/");
            assert_eq!(guarded, bundle != Bundle::SelfService, "{}", bundle.html());
        }
    }

    #[test]
    fn no_inline_script_is_allowed_and_hashed_files_are_kept() {
        assert!(
            HEADERS.contains("script-src 'self' 'wasm-unsafe-eval';") && !HEADERS.contains("unsafe-inline")
        );
        assert!(HEADERS.contains("/assets/*\n  Cache-Control: public, max-age=31536000, immutable"));
    }
}
