//! The parts of OpenAPI 3.0, Google's discovery format and Slack's argument lists that the contracts use.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Problem, read};

/// How a family of schemas is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// References are `#/components/schemas/X`; unknown fields are allowed.
    OpenApi,
    /// References are bare names; unknown fields are refused, 64-bit numbers are strings.
    Discovery,
    /// Arguments may come as JSON or as form texts; unknown ones are refused.
    Slack,
}

/// Schemas by name.
#[derive(Debug)]
pub(super) struct Schemas {
    dialect: Dialect,
    by_name: BTreeMap<String, Value>,
}

impl Schemas {
    pub(super) fn new(dialect: Dialect, by_name: BTreeMap<String, Value>) -> Self {
        Self { dialect, by_name }
    }

    pub(super) fn open_api(text: &str) -> Self {
        Self::new(Dialect::OpenApi, members(read(text).pointer_mut("/components/schemas")))
    }

    pub(super) fn discovery(text: &str) -> Self {
        Self::new(Dialect::Discovery, members(read(text).get_mut("schemas")))
    }

    /// `None` when there is no such schema.
    pub(super) fn check(&self, name: &str, value: &Value) -> Option<Vec<Problem>> {
        let schema = self.by_name.get(name)?;
        let mut check = Check { schemas: self, problems: Vec::new() };
        check.node(schema, value, "", Some(name));
        Some(check.problems)
    }
}

fn members(value: Option<&mut Value>) -> BTreeMap<String, Value> {
    match value.map(Value::take) {
        Some(Value::Object(fields)) => fields.into_iter().collect(),
        _ => BTreeMap::new(),
    }
}

struct Check<'a> {
    schemas: &'a Schemas,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, at: &str, what: impl Into<String>) {
        self.problems.push(Problem { at: at.to_owned(), what: what.into() });
    }

    /// `name`: the schema's own name, when it has one.
    fn node(&mut self, schema: &Value, value: &Value, at: &str, name: Option<&str>) {
        let schemas = self.schemas;
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            match schemas.by_name.get(name) {
                Some(target) => self.node(target, value, at, Some(name)),
                None => self.wrong(at, format!("the contract has no schema {name}")),
            }
            return;
        }
        if value.is_null() {
            let allowed = schema.get("nullable") == Some(&Value::Bool(true))
                || schema.get("type").and_then(Value::as_str) == Some("null")
                || each(schema, "anyOf").any(|one| one.get("type").and_then(Value::as_str) == Some("null"));
            // Google reads null as absent.
            if !allowed && schemas.dialect != Dialect::Discovery {
                self.wrong(at, "must not be null");
            }
            return;
        }
        if let Some(target) = self.discriminated(schema, value, at) {
            if let Some(target) = target {
                self.node(&serde_json::json!({"$ref": target}), value, at, None);
            }
            return;
        }
        self.itself(schema, value, at, name);
    }

    /// The variant that a discriminator selects. `None`: the schema has no discriminator. `Some(None)`: it
    /// has one and the value selects nothing, which is noted.
    fn discriminated(&mut self, schema: &Value, value: &Value, at: &str) -> Option<Option<String>> {
        let (field, mapping) = discriminator(schema)?;
        let Some(object) = value.as_object() else {
            self.wrong(at, "must be an object");
            return Some(None);
        };
        let place = join(at, field);
        let Some(kind) = object.get(field).and_then(Value::as_str) else {
            self.wrong(&place, "must be specified");
            return Some(None);
        };
        match mapping.get(kind).and_then(Value::as_str) {
            Some(target) => Some(Some(target.to_owned())),
            None => {
                self.wrong(&place, "invalid type");
                Some(None)
            }
        }
    }

    /// Everything but the choice of a variant.
    fn itself(&mut self, schema: &Value, value: &Value, at: &str, name: Option<&str>) {
        for base in each(schema, "allOf") {
            let base = match base.get("$ref").and_then(Value::as_str) {
                Some(reference) => self
                    .schemas
                    .by_name
                    .get(reference.rsplit('/').next().unwrap_or_default())
                    .unwrap_or(&Value::Null),
                None => base,
            };
            if let (Some((field, mapping)), Some(name)) = (discriminator(base), name) {
                let kind = value.get(field).and_then(Value::as_str).unwrap_or_default();
                let means = mapping.get(kind).and_then(Value::as_str).unwrap_or_default();
                if !means.ends_with(&format!("/{name}")) {
                    self.wrong(&join(at, field), "invalid type");
                    return;
                }
            }
            self.itself(base, value, at, None);
        }
        for list in ["oneOf", "anyOf"] {
            let mut options = each(schema, list).peekable();
            if options.peek().is_some() && !options.any(|option| self.fits(option, value)) {
                self.wrong(at, "matches none of the allowed forms");
            }
        }
        if let Some(kind) = schema.get("type").and_then(Value::as_str)
            && !self.is_of(kind, schema, value)
        {
            self.wrong(at, expected(kind));
            return;
        }
        self.limits(schema, value, at);
        match value {
            Value::Object(fields) => self.object(schema, fields, at),
            Value::Array(items) => {
                if let Some(inner) = schema.get("items") {
                    for (place, item) in items.iter().enumerate() {
                        self.node(inner, item, &format!("{at}[{place}]"), None);
                    }
                }
            }
            _ => {}
        }
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut check = Check { schemas: self.schemas, problems: Vec::new() };
        check.node(schema, value, "", None);
        check.problems.is_empty()
    }

    fn is_of(&self, kind: &str, schema: &Value, value: &Value) -> bool {
        let dialect = self.schemas.dialect;
        match kind {
            "object" => value.is_object(),
            "array" => value.is_array() || (dialect == Dialect::Slack && value.is_string()),
            "boolean" => {
                value.is_boolean()
                    || (dialect == Dialect::Slack
                        && matches!(value.as_str(), Some("true" | "false" | "1" | "0")))
            }
            "integer" => is_whole(value) || self.is_number_text(value),
            "number" => value.is_number() || self.is_number_text(value),
            "string" => {
                value.is_string()
                    // int64 is a string on the wire; a number is taken too.
                    || (dialect == Dialect::Discovery
                        && schema.get("format").and_then(Value::as_str) == Some("int64")
                        && is_whole(value))
            }
            "null" => value.is_null(),
            _ => true,
        }
    }

    fn is_number_text(&self, value: &Value) -> bool {
        self.schemas.dialect == Dialect::Slack
            && value.as_str().is_some_and(|text| text.parse::<f64>().is_ok_and(f64::is_finite))
    }

    fn limits(&mut self, schema: &Value, value: &Value, at: &str) {
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
            && !allowed.contains(value)
        {
            self.wrong(at, "is none of the allowed values");
        }
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let length = match value {
            Value::String(text) => Some((text.encode_utf16().count(), "minLength", "maxLength")),
            Value::Array(items) => Some((items.len(), "minItems", "maxItems")),
            _ => None,
        };
        if let Some((length, least, most)) = length {
            #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^52")]
            let length = length as f64;
            if bound(least).is_some_and(|least| length < least) {
                self.wrong(at, "is too short");
            }
            if bound(most).is_some_and(|most| length > most) {
                self.wrong(at, "is too long");
            }
        }
        if let Some(number) = value.as_f64()
            && (bound("minimum").is_some_and(|least| number < least)
                || bound("maximum").is_some_and(|most| number > most))
        {
            self.wrong(at, "is out of range");
        }
    }

    fn object(&mut self, schema: &Value, fields: &Map<String, Value>, at: &str) {
        for required in each(schema, "required").filter_map(Value::as_str) {
            if !fields.contains_key(required) {
                self.wrong(&join(at, required), "must be specified");
            }
        }
        let known = schema.get("properties").and_then(Value::as_object);
        let rest = schema.get("additionalProperties").filter(|rest| rest.is_object());
        for (name, value) in fields {
            // A list or an object in a JSON body, its text in a form; the schema knows the text only.
            if self.schemas.dialect == Dialect::Slack
                && matches!(name.as_str(), "attachments" | "blocks" | "metadata" | "unfurled_attachments")
                && matches!(value, Value::Array(_) | Value::Object(_))
            {
                continue;
            }
            let place = join(at, name);
            match (known.and_then(|known| known.get(name)), rest) {
                (Some(inner), _) | (None, Some(inner)) => self.node(inner, value, &place, None),
                (None, None) if known.is_some() && self.schemas.dialect != Dialect::OpenApi => {
                    self.wrong(&place, "unknown field");
                }
                (None, None) => {}
            }
        }
    }
}

fn discriminator(schema: &Value) -> Option<(&str, &Map<String, Value>)> {
    let discriminator = schema.get("discriminator")?;
    Some((discriminator.get("propertyName")?.as_str()?, discriminator.get("mapping")?.as_object()?))
}

fn each<'a>(schema: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    schema.get(list).and_then(Value::as_array).into_iter().flatten()
}

fn is_whole(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn join(at: &str, field: &str) -> String {
    if at.is_empty() { field.to_owned() } else { format!("{at}.{field}") }
}

fn expected(kind: &str) -> &'static str {
    match kind {
        "object" => "must be an object",
        "array" => "must be an array",
        "boolean" => "must be a boolean",
        "integer" => "must be an integer",
        "number" => "must be a number",
        "string" => "must be a string",
        _ => "is of the wrong type",
    }
}
