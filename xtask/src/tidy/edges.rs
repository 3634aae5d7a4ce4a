//! Which crate may know which: the layers of ARCHITECTURE.md.

use serde_json::Value;

use super::Findings;
use crate::json::{at, list};

/// Crate, and the crates of this workspace that it may use. Nobody uses `edge-worker`, `frontend` and `xtask`.
const EDGES: [(&str, &[&str]); 7] = [
    ("shared", &[]),
    ("hub", &["shared"]),
    ("edge-worker", &["shared", "hub"]),
    ("frontend", &["shared"]),
    ("sandbox", &["shared"]),
    ("tests", &["shared", "hub", "sandbox"]),
    ("xtask", &["shared"]),
];

/// Packages that the pure crates must not use themselves: platforms, and ambient randomness.
const BANNED: [&str; 6] = ["worker", "worker-sys", "web-sys", "js-sys", "rand", "tokio"];
const PURE: [&str; 2] = ["shared", "hub"];

/// Reads `cargo metadata`.
pub(super) fn check(metadata: &Value, findings: &mut Findings) {
    let members: Vec<&str> = list(metadata, "/workspace_members").filter_map(Value::as_str).collect();
    let packages: Vec<&Value> = list(metadata, "/packages")
        .filter(|package| at(package, "/id").as_str().is_some_and(|id| members.contains(&id)))
        .collect();
    let names: Vec<&str> = packages.iter().filter_map(|package| at(package, "/name").as_str()).collect();
    for package in &packages {
        let name = at(package, "/name").as_str().unwrap_or_default();
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            findings
                .breaches
                .push(format!("Crate `{name}` has no place in xtask/src/tidy/edges.rs and ARCHITECTURE.md."));
            continue;
        };
        for dependency in
            list(package, "/dependencies").filter_map(|dependency| at(dependency, "/name").as_str())
        {
            // A crate may name itself to turn on a feature in its own tests.
            let ours = names.contains(&dependency) && dependency != name;
            if ours && !allowed.contains(&dependency) {
                findings
                    .breaches
                    .push(format!("`{name}` must not use `{dependency}` (ARCHITECTURE.md, crates)."));
            }
            if PURE.contains(&name) && BANNED.contains(&dependency) {
                findings.breaches.push(format!(
                    "`{name}` must not use `{dependency}`: it would know a platform, a clock or a die."
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn breaches(crates: &[(&str, &[&str])]) -> Vec<String> {
        let packages: Vec<_> = crates
            .iter()
            .map(|(name, uses)| {
                json!({ "id": name, "name": name,
                        "dependencies": uses.iter().map(|used| json!({ "name": used })).collect::<Vec<_>>() })
            })
            .collect();
        let members: Vec<_> = crates.iter().map(|(name, _)| *name).collect();
        let mut findings = Findings::default();
        check(&json!({ "packages": packages, "workspace_members": members }), &mut findings);
        findings.breaches
    }

    #[test]
    fn the_layers_are_allowed() {
        assert_eq!(
            breaches(&[
                ("shared", &["serde"]),
                ("hub", &["shared", "hub", "axum"]),
                ("edge-worker", &["hub", "shared", "worker"]),
                ("sandbox", &["tokio"]),
                ("tests", &["hub", "sandbox", "shared"]),
            ]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn other_edges_are_refused() {
        for (name, used) in [
            ("shared", "hub"),
            ("hub", "sandbox"),
            ("frontend", "hub"),
            ("sandbox", "hub"),
            ("tests", "edge-worker"),
        ] {
            let found = breaches(&[(name, &[used]), (used, &[])]);
            assert!(
                matches!(found.as_slice(), [one] if one.contains(name) && one.contains(used)),
                "{found:?}"
            );
        }
    }

    #[test]
    fn platforms_stay_outside_the_pure_crates() {
        for used in BANNED {
            assert_eq!(breaches(&[("hub", &[used]), ("shared", &[])]).len(), 1, "{used}");
        }
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        assert!(breaches(&[("gadgets", &[])]).concat().contains("gadgets"));
    }
}
