//! The OpenAPI document as far as the page shows it, and what is made of a filled-in operation. Pure.

use crate::client::json::{FromJson, Json};

/// One method of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub method: String,
    pub path: String,
    pub summary_ja: String,
    pub summary_en: String,
    /// Of the API key; empty where another token is meant.
    pub scope: String,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    /// `path`, `query` or `header`.
    pub place: String,
    pub required: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Ready to be changed.
    pub example: String,
    /// Name, type and whether it must be there.
    pub fields: Vec<(String, String, bool)>,
}

/// The whole document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document(pub Vec<Operation>);

impl FromJson for Document {
    fn from_json(json: &Json) -> Option<Self> {
        let Json::Object(paths) = json.get("paths") else { return None };
        let mut operations = Vec::new();
        for (path, methods) in paths {
            let Json::Object(methods) = methods else { continue };
            for (method, operation) in methods {
                // Doors have tokens of their own and other forms: they are tried where they are made.
                if let Some(scope) = scope(operation) {
                    operations.push(read(path, method, scope, operation));
                }
            }
        }
        Some(Self(operations))
    }
}

fn scope(operation: &Json) -> Option<String> {
    operation.get("security").items().first()?.get("key").items().first()?.str().map(ToOwned::to_owned)
}

fn read(path: &str, method: &str, scope: String, operation: &Json) -> Operation {
    let parameter = |json: &Json| Parameter {
        name: json.text("name").unwrap_or_default(),
        place: json.text("in").unwrap_or_default(),
        required: json.bool("required").unwrap_or_default(),
    };
    let content = operation.get("requestBody").get("content").get("application/json");
    let body = (*content != Json::Null)
        .then(|| Body { example: pretty(content.get("example")), fields: fields(content.get("schema")) });
    Operation {
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary_ja: operation.text("x-summary-ja").unwrap_or_default(),
        summary_en: operation.text("summary").unwrap_or_default(),
        scope,
        parameters: operation.get("parameters").items().iter().map(parameter).collect(),
        body,
    }
}

fn fields(schema: &Json) -> Vec<(String, String, bool)> {
    let Json::Object(properties) = schema.get("properties") else { return Vec::new() };
    let required: Vec<&str> = schema.get("required").items().iter().filter_map(Json::str).collect();
    properties
        .iter()
        .map(|(name, of)| {
            (name.clone(), of.text("type").unwrap_or_default(), required.contains(&name.as_str()))
        })
        .collect()
}

impl Operation {
    /// Path and query with the values filled in; `escape` makes one part of an address. `None` while something that
    /// must be there is empty.
    #[must_use]
    pub fn target(&self, values: &[String], escape: impl Fn(&str) -> String) -> Option<String> {
        let mut path = self.path.clone();
        let mut query = Vec::new();
        for (parameter, value) in self.parameters.iter().zip(values) {
            let value = value.trim();
            match parameter.place.as_str() {
                _ if value.is_empty() && parameter.required => return None,
                "path" => path = path.replace(&format!("{{{}}}", parameter.name), &escape(value)),
                "query" if !value.is_empty() => query.push(format!("{}={}", parameter.name, escape(value))),
                _ => {}
            }
        }
        Some(if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) })
    }

    /// The line that a business system would use.
    #[must_use]
    pub fn curl(&self, origin: &str, target: &str, values: &[String], body: &str) -> String {
        let mut lines = vec![format!("curl -X {} '{}{}'", self.method, origin, quoted(target))];
        lines.push("-H \"Authorization: Bearer $KEY\"".to_owned());
        for (parameter, value) in self.parameters.iter().zip(values) {
            if parameter.place == "header" && !value.trim().is_empty() {
                lines.push(format!("-H '{}: {}'", parameter.name, quoted(value.trim())));
            }
        }
        if self.body.is_some() {
            lines.push("-H 'Content-Type: application/json'".to_owned());
            lines.push(format!("-d '{}'", quoted(body)));
        }
        lines.join(" \\\n  ")
    }
}

/// A quote inside single quotes would end them in a shell.
fn quoted(text: &str) -> String {
    text.replace('\'', "'\\''")
}

/// JSON as people read it.
#[must_use]
pub fn pretty(json: &Json) -> String {
    let mut out = String::new();
    write(json, 0, &mut out);
    out
}

fn write(json: &Json, depth: usize, out: &mut String) {
    let line = |depth: usize, out: &mut String| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(on) => out.push_str(if *on { "true" } else { "false" }),
        Json::Number(number) => out.push_str(&number.to_string()),
        Json::Text(text) => crate::client::json::quote(out, text),
        Json::List(items) if items.is_empty() => out.push_str("[]"),
        Json::List(items) => {
            for (index, item) in items.iter().enumerate() {
                out.push(if index == 0 { '[' } else { ',' });
                line(depth + 1, out);
                write(item, depth + 1, out);
            }
            line(depth, out);
            out.push(']');
        }
        Json::Object(fields) if fields.is_empty() => out.push_str("{}"),
        Json::Object(fields) => {
            for (index, (name, value)) in fields.iter().enumerate() {
                out.push(if index == 0 { '{' } else { ',' });
                line(depth + 1, out);
                crate::client::json::quote(out, name);
                out.push_str(": ");
                write(value, depth + 1, out);
            }
            line(depth, out);
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
        let text = std::fs::read_to_string(path).unwrap();
        Json::parse(&text).as_ref().and_then(Document::from_json).unwrap()
    }

    #[test]
    fn the_document_is_understood() {
        let Document(all) = document();
        assert!(all.len() > 10);
        for one in &all {
            assert!(!one.summary_ja.is_empty() && !one.summary_en.is_empty(), "{one:?}");
        }
        let post = all.iter().find(|one| one.method == "POST" && one.path == "/api/v1/events").unwrap();
        assert_eq!(post.scope, "events:write");
        let body = post.body.as_ref().unwrap();
        assert!(body.fields.contains(&("title".into(), "string".into(), true)));
        assert!(body.fields.contains(&("link".into(), "string".into(), false)));
        let example: shared::api::events::EventRequest = serde_json::from_str(&body.example).unwrap();
        assert_eq!(example.kind, "tasks.assigned");
        assert!(all.iter().all(|one| one.path != "/api/notify"));
    }

    #[test]
    fn an_operation_becomes_an_address_and_a_line() {
        let parameter = |name: &str, place: &str, required| Parameter {
            name: name.into(),
            place: place.into(),
            required,
        };
        let one = Operation {
            method: "GET".into(),
            path: "/api/v1/members/{id}".into(),
            summary_ja: String::new(),
            summary_en: String::new(),
            scope: "admin".into(),
            parameters: vec![
                parameter("id", "path", true),
                parameter("q", "query", false),
                parameter("Idempotency-Key", "header", false),
            ],
            body: None,
        };
        let escape = |text: &str| text.replace('/', "%2F");
        let values = ["mb/1".to_owned(), String::new(), "it's".to_owned()];
        assert_eq!(one.target(&values, escape).as_deref(), Some("/api/v1/members/mb%2F1"));
        let asked = ["a".to_owned(), " x ".to_owned(), String::new()];
        assert_eq!(one.target(&asked, escape).as_deref(), Some("/api/v1/members/a?q=x"));
        assert_eq!(one.target(&[String::new(), String::new(), String::new()], escape), None);
        assert_eq!(
            one.curl("https://t.jp", "/api/v1/members/a", &values, ""),
            "curl -X GET 'https://t.jp/api/v1/members/a' \\\n  -H \"Authorization: Bearer $KEY\" \\\n  -H 'Idempotency-Key: it'\\''s'"
        );
    }

    #[test]
    fn json_is_written_for_people_and_read_back() {
        let text = r#"{"a":[],"b":{},"c":[1,"x\n"],"d":{"e":null,"f":true}}"#;
        let json = Json::parse(text).unwrap();
        let pretty = pretty(&json);
        assert!(pretty.contains("\n  \"a\": [],"), "{pretty}");
        assert_eq!(Json::parse(&pretty), Some(json));
    }
}
