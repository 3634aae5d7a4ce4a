//! Migrations are numbered without gaps: a gap is a migration that somebody has and others never get.

use std::{collections::BTreeMap, path::Path};

use super::Findings;
use crate::{Result, files};

/// Checks every directory named `migrations` below `dir`: `0001_what.sql`, `0002_…`.
pub(super) fn check(dir: &Path, findings: &mut Findings) -> Result {
    let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files::walk(dir)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let parent = file.parent().unwrap_or(dir);
        if parent.ends_with("migrations") && name.ends_with(".sql") {
            sets.entry(parent.display().to_string()).or_default().push(name);
        }
    }
    for (place, names) in sets {
        for (expected, name) in (1_u32..).zip(&names) {
            let number: Option<u32> =
                name.split(['_', '.', '-']).next().and_then(|digits| digits.parse().ok());
            if number != Some(expected) {
                findings.breaches.push(format!("{place}/{name}: number {expected:04} is expected here."));
                break;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::fake::Tree;

    fn breaches(files: &[&str]) -> Vec<String> {
        let tree = Tree::new(&files.iter().map(|name| (*name, "")).collect::<Vec<_>>());
        let mut findings = Findings::default();
        check(tree.path(), &mut findings).unwrap();
        findings.breaches
    }

    #[test]
    fn numbers_have_no_gap_no_double_and_no_stranger() {
        let first = "src/store/migrations/0001_first.sql";
        assert_eq!(
            breaches(&[first, "src/store/migrations/0002_more.sql", "src/store/a.sql"]),
            Vec::<String>::new()
        );
        for second in ["0003_more.sql", "0001_more.sql", "more.sql"] {
            let found = breaches(&[first, &format!("src/store/migrations/{second}")]);
            assert!(matches!(found.as_slice(), [one] if one.contains("0002")), "{second}: {found:?}");
        }
    }
}
