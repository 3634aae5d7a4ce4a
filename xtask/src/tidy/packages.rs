//! Licences and bans of every package in the lock, by the lists in deny.toml: the part of `cargo deny` that needs
//! no network, so that it runs with every `cargo xtask test`.

use std::collections::HashMap;

use serde_json::Value;

use super::Findings;
use crate::{
    Result,
    json::{at, list},
};

/// The lists of deny.toml that are checked here.
#[derive(Debug, Default)]
pub(super) struct Rules {
    licences: Vec<String>,
    /// A banned package, and the packages that may use it all the same.
    bans: Vec<(String, Vec<String>)>,
}

impl Rules {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().map_err(|error| format!("deny.toml: {error}"))?;
        let strings = |value: Option<&toml::Value>| -> Vec<String> {
            let values = value.and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
            values.iter().filter_map(toml::Value::as_str).map(ToOwned::to_owned).collect()
        };
        let section = |name: &str| table.get(name).and_then(toml::Value::as_table);
        let licences = strings(section("licenses").and_then(|licences| licences.get("allow")));
        if licences.is_empty() {
            return Err("deny.toml allows no licence.".to_owned());
        }
        let deny = section("bans").and_then(|bans| bans.get("deny")).and_then(toml::Value::as_array);
        let bans = deny.map(Vec::as_slice).unwrap_or_default().iter();
        let bans = bans
            .filter_map(|ban| Some((ban.get("crate")?.as_str()?.to_owned(), strings(ban.get("wrappers")))))
            .collect();
        Ok(Self { licences, bans })
    }
}

/// Reads `cargo metadata` with dependencies.
pub(super) fn check(metadata: &Value, rules: &Rules, findings: &mut Findings) {
    let packages: Vec<&Value> = list(metadata, "/packages").collect();
    let names: HashMap<&str, &str> = packages
        .iter()
        .filter_map(|package| Some((at(package, "/id").as_str()?, at(package, "/name").as_str()?)))
        .collect();
    for package in packages {
        let name = at(package, "/name").as_str().unwrap_or_default();
        match at(package, "/license").as_str() {
            None => findings.breaches.push(format!("Package `{name}` states no licence.")),
            Some(licence) if !is_allowed(licence, &rules.licences) => {
                findings.breaches.push(format!("Package `{name}`: licence `{licence}` is not in deny.toml."));
            }
            Some(_) => {}
        }
    }
    for node in list(metadata, "/resolve/nodes") {
        let user = at(node, "/id").as_str().and_then(|id| names.get(id)).copied().unwrap_or_default();
        for used in list(node, "/dependencies") {
            let used = used.as_str().and_then(|id| names.get(id)).copied().unwrap_or_default();
            let ban = rules.bans.iter().find(|(banned, _)| banned == used);
            if ban.is_some_and(|(_, wrappers)| wrappers.iter().all(|wrapper| wrapper != user)) {
                findings.breaches.push(format!("`{user}` uses `{used}`, which deny.toml bans."));
            }
        }
    }
}

/// Whether an SPDX expression can be met with the allowed licences. `/` is the old way to write OR.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = any(&mut rest, allowed);
    met && rest.is_empty()
}

fn any(rest: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = all(rest, allowed);
    while take(rest, "OR") {
        met |= all(rest, allowed);
    }
    met
}

fn all(rest: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = one(rest, allowed);
    while take(rest, "AND") {
        met &= one(rest, allowed);
    }
    met
}

fn one(rest: &mut &[&str], allowed: &[String]) -> bool {
    if take(rest, "(") {
        let met = any(rest, allowed);
        return take(rest, ")") && met;
    }
    let Some((licence, after)) = rest.split_first() else { return false };
    *rest = after;
    let mut licence = (*licence).to_owned();
    if take(rest, "WITH")
        && let Some((exception, after)) = rest.split_first()
    {
        licence = format!("{licence} WITH {exception}");
        *rest = after;
    }
    allowed.contains(&licence)
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    match rest.split_first() {
        Some((first, after)) if *first == word => {
            *rest = after;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expressions_are_weighed() {
        let allowed =
            ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"].map(ToOwned::to_owned);
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "MIT OR LGPL-2.1-or-later",
            "(GPL-3.0 OR MIT) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
        ] {
            assert!(is_allowed(good, &allowed), "{good}");
        }
        for bad in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "GPL-3.0 WITH LLVM-exception",
            "MIT AND (GPL-3.0 OR BSD)",
            "",
            "MIT MIT",
            "(MIT",
        ] {
            assert!(!is_allowed(bad, &allowed), "{bad}");
        }
    }

    #[test]
    fn licences_and_bans_are_checked_through_the_whole_graph() {
        let rules = Rules::parse(
            "[licenses]\nallow = ['MIT']\n[bans]\ndeny = [{ crate = 'worker', wrappers = ['edge-worker'] }, { crate = 'openssl' }]",
        )
        .unwrap();
        let metadata = json!({
            "packages": [
                { "id": "1", "name": "edge-worker", "license": "MIT" },
                { "id": "2", "name": "worker", "license": "MIT" },
                { "id": "3", "name": "hub", "license": null },
                { "id": "4", "name": "openssl", "license": "GPL-2.0" },
            ],
            "resolve": { "nodes": [
                { "id": "1", "dependencies": ["2"] },
                { "id": "3", "dependencies": ["2", "4"] },
            ] },
        });
        let mut findings = Findings::default();
        check(&metadata, &rules, &mut findings);
        let found = findings.breaches.join("\n");
        assert_eq!(findings.breaches.len(), 4, "{found}");
        for part in
            ["`hub` states no", "`openssl`: licence `GPL-2.0`", "`hub` uses `worker`", "`hub` uses `openssl`"]
        {
            assert!(found.contains(part), "{part} in {found}");
        }
    }

    #[test]
    fn the_committed_file_is_understood() {
        let rules = Rules::parse(include_str!("../../../deny.toml")).unwrap();
        assert!(rules.licences.iter().any(|licence| licence == "Apache-2.0"));
        assert!(rules.bans.contains(&("worker".to_owned(), vec!["edge-worker".to_owned()])));
        assert!(Rules::parse("[licenses]").is_err());
    }
}
