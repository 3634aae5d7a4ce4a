//! `docs/openapi.json`, which the API page shows, is made here: from the very types of `shared`, and held against the
//! routes. After a change of the API, `WRITE_OPENAPI=1 cargo test -p hub --test openapi` writes it anew.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "test equipment: fail loudly")]

mod operations;

use std::{collections::BTreeSet, path::PathBuf};

use serde_json::{Map, Value, json};

use operations::{Operation, operations};

fn repo(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

#[test]
fn the_document_is_that_of_the_types() {
    let file = repo("docs/openapi.json");
    let own = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
    if std::env::var_os("WRITE_OPENAPI").is_some() {
        std::fs::write(&file, &own).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept == own, "docs/openapi.json is old: see the head of this test");
    assert!(own.len() < 64 * 1024, "{} bytes: the page loads it whole", own.len());
}

#[test]
fn every_route_for_business_systems_is_in_it() {
    let mut routes = BTreeSet::new();
    read_routes(&repo("hub/src/http"), &mut routes);
    assert!(routes.len() > 10, "{routes:?}");
    let told: BTreeSet<String> =
        operations().iter().map(|one| format!("{} {}", one.method, one.path)).collect();
    let v1 = |all: &BTreeSet<String>| -> BTreeSet<String> {
        all.iter()
            .filter(|one| one.contains(" /api/v1/") && !PAGES_ONLY.contains(&one.as_str()))
            .cloned()
            .collect()
    };
    assert_eq!(v1(&told), v1(&routes));
    for other in told.iter().filter(|one| !one.contains(" /api/v1/")) {
        let any = other.split_once(' ').map(|(_, path)| format!("any {path}")).unwrap();
        assert!(routes.contains(other) || routes.contains(&any), "{other} is no route");
    }
}

/// Routes below `/api/v1/` that only pages use.
const PAGES_ONLY: &[&str] = &["get /api/v1/members/{id}/consequences"];

/// `get /api/v1/kinds` and so on, from the source: axum does not list its routes.
fn read_routes(dir: &std::path::Path, routes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_routes(&path, routes);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for call in text.split(".route(").skip(1) {
            let Some(target) = call.split('"').nth(1) else { continue };
            // Up to the end of the call: the next one, or the end of the expression.
            let methods =
                call.split(".merge(").next().unwrap_or_default().split("\n}").next().unwrap_or_default();
            for method in ["get", "post", "put", "delete", "any"] {
                if methods.contains(&format!("{method}(on(")) {
                    routes.insert(format!("{method} {target}"));
                }
            }
        }
    }
}

fn document() -> Value {
    let mut paths = Map::new();
    for one in operations() {
        let path = paths.entry(one.path).or_insert_with(|| json!({}));
        path[one.method] = operation(&one);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Todoke",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One call for a notice; Todoke decides who gets it, where, when and in which form. Requests refuse unknown fields by name; answers may grow. Times are milliseconds UTC unless said otherwise.",
        },
        "components": {
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer", "bearerFormat": "tdk_…" },
                "door": { "type": "http", "scheme": "bearer" },
            },
            "responses": {
                "Refused": {
                    "description": "What is wrong, in the language of Accept-Language.",
                    "content": { "application/json": { "example": refusal() } },
                },
            },
        },
        "paths": paths,
    })
}

fn refusal() -> Value {
    use shared::error::{Code, Error, ErrorBody};
    serde_json::to_value(ErrorBody::of(&[Error::field(Code::Required, "title")], shared::lang::Lang::En))
        .unwrap()
}

fn operation(one: &Operation) -> Value {
    let mut parameters: Vec<Value> = one
        .path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    for (name, place) in &one.parameters {
        parameters.push(json!({ "name": name, "in": place, "schema": { "type": "string" } }));
    }
    let mut answer = json!({ "description": one.answer.0 });
    if let Some((kind, example)) = &one.answer.2 {
        answer["content"] = json!({ *kind: { "example": example } });
    }
    let mut operation = json!({
        "summary": one.summary.1,
        "x-summary-ja": one.summary.0,
        "tags": [one.tag],
        "responses": { one.answer.1.to_string(): answer, "default": { "$ref": "#/components/responses/Refused" } },
    });
    operation["security"] = match one.scope {
        "door" => json!([{ "door": [] }]),
        "" => json!([]),
        scope => json!([{ "key": [scope] }]),
    };
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    if let Some(body) = &one.body {
        operation["requestBody"] = json!({ "required": true, "content": { body.kind: {
            "schema": schema(&body.example, &body.required), "example": body.example } } });
    }
    operation
}

/// The form of a value, as far as one example shows it.
fn schema(value: &Value, required: &[String]) -> Value {
    match value {
        Value::Null => json!({}),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(_) => json!({ "type": "integer" }),
        Value::String(_) => json!({ "type": "string" }),
        Value::Array(items) => match items.first() {
            // Entries of several forms are shown by the example alone.
            Some(first) if items.len() == 1 => json!({ "type": "array", "items": schema(first, &[]) }),
            _ => json!({ "type": "array" }),
        },
        Value::Object(fields) => {
            let properties: Map<String, Value> =
                fields.iter().map(|(name, value)| (name.clone(), schema(value, &[]))).collect();
            let mut schema = json!({ "type": "object", "properties": properties });
            if !required.is_empty() {
                schema["required"] = json!(required);
                schema["additionalProperties"] = json!(false);
            }
            schema
        }
    }
}
