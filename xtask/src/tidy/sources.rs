//! Rules about the text of the sources: length, names, words that must not be in them.

use std::path::Path;

use super::Findings;
use crate::{Result, files};

const CRATES: [&str; 7] = ["shared", "hub", "edge-worker", "frontend", "sandbox", "tests", "xtask"];

/// Crates without a platform, a clock and randomness of their own.
const PURE: [&str; 2] = ["shared", "hub"];
const AMBIENT: [&str; 8] = [
    "worker::",
    "web_sys::",
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "thread_rng",
    "rand::random",
    "getrandom(",
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 3] = ["utils", "helpers", "common"];

/// Put together here, so that this file does not find itself.
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!")];

const LONG: usize = 400;
const TOO_LONG: usize = 500;

/// Checks the `.rs` files of every crate below `root`.
pub(super) fn check(root: &Path, findings: &mut Findings) -> Result {
    for name in CRATES {
        for file in files::walk(&root.join(name))? {
            if file.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let text = files::read_text(&file)?;
            let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
            check_length(&shown, &text, findings);
            check_name(&shown, &file, findings);
            check_words(&shown, &text, PURE.contains(&name), findings);
        }
    }
    Ok(())
}

fn check_length(shown: &str, text: &str, findings: &mut Findings) {
    let lines = text.lines().count();
    if lines > TOO_LONG {
        findings.breaches.push(format!("{shown} has {lines} lines; {TOO_LONG} is the most."));
    } else if lines > LONG {
        findings.warnings.push(format!("{shown} has {lines} lines; split it before it reaches {TOO_LONG}."));
    }
}

fn check_name(shown: &str, file: &Path, findings: &mut Findings) {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    // `common/mod.rs` is named by its directory.
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let name = if stem == "mod" { folder } else { stem };
    if EMPTY_NAMES.contains(&name.as_ref()) {
        findings.breaches.push(format!("{shown}: `{name}` names nothing; say what is inside."));
    }
}

fn check_words(shown: &str, text: &str, pure: bool, findings: &mut Findings) {
    for (number, line) in (1..).zip(text.lines()) {
        for word in UNFINISHED {
            if has_word(line, word) {
                findings.breaches.push(format!("{shown}:{number}: unfinished ({word})."));
            }
        }
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        for name in EMPTY_NAMES {
            if code.contains(&format!("mod {name} {{")) {
                findings
                    .breaches
                    .push(format!("{shown}:{number}: `{name}` names nothing; say what is inside."));
            }
        }
        if pure && let Some(word) = AMBIENT.into_iter().find(|word| has_word(code, word)) {
            findings
                .breaches
                .push(format!("{shown}:{number}: `{word}` in a pure crate; take it from a port."));
        }
    }
}

/// Whether `word` is in `line` and is not a part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|tail| tail.chars().next());
        let ends_open = word.ends_with(part_of_name);
        !(before.is_some_and(part_of_name) || ends_open && after.is_some_and(part_of_name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::fake::Tree;

    fn found(files: &[(&str, &str)]) -> Findings {
        let tree = Tree::new(files);
        let mut findings = Findings::default();
        check(tree.path(), &mut findings).unwrap();
        findings
    }

    #[test]
    fn ambient_time_and_randomness_are_found_in_the_pure_crates_only() {
        for line in
            ["let t = SystemTime::now();", "use worker::Env;", "chrono::Utc::now()", "getrandom(&mut b)"]
        {
            let findings =
                found(&[("hub/src/a.rs", line), ("edge-worker/src/a.rs", line), ("shared/src/a.rs", line)]);
            assert_eq!(findings.breaches.len(), 2, "{line}: {findings:?}");
        }
        let fine = "// SystemTime::now is not for us\nuse edge_worker::x; let service_worker = 1; getrandom_02::x();";
        assert_eq!(found(&[("hub/src/a.rs", fine)]), Findings::default());
    }

    #[test]
    fn unfinished_work_is_found_and_our_name_is_not() {
        let unfinished = format!("// {}: later\n{}()", UNFINISHED[0], UNFINISHED[2]);
        assert_eq!(found(&[("frontend/src/a.rs", &unfinished)]).breaches.len(), 2);
        assert_eq!(
            found(&[("frontend/src/a.rs", "const NAME: &str = \"TODOKE\"; // Todoke")]),
            Findings::default()
        );
    }

    #[test]
    fn names_and_lengths() {
        let lines = |count: usize| "x\n".repeat(count);
        // Put together, or this file would be found.
        let inline = format!("mod {} {{", EMPTY_NAMES[1]);
        let findings = found(&[
            ("hub/src/utils.rs", ""),
            ("tests/src/common/mod.rs", ""),
            ("hub/src/ok.rs", &inline),
            ("hub/src/long.rs", &lines(401)),
            ("hub/src/too_long.rs", &lines(501)),
            ("hub/src/fine.rs", &lines(400)),
        ]);
        assert_eq!(findings.breaches.len(), 4, "{findings:?}");
        assert!(matches!(findings.warnings.as_slice(), [one] if one.contains("long.rs has 401")));
    }
}
