//! Arguments of a Web API call: a form, JSON or the query (slack.md §1).

use serde_json::{Map, Value};

use super::super::Request;
use super::super::http::form_pairs;
use super::Failure;

/// What a call said.
#[derive(Debug)]
pub(super) struct Args {
    fields: Map<String, Value>,
    /// From the `Authorization` header or a form; never from the query or from JSON.
    pub(super) token: Option<String>,
    pub(super) warning: Option<&'static str>,
}

impl Args {
    /// `read`: the method takes a query. `json`: it takes JSON bodies; otherwise they are not looked at.
    pub(super) fn read(request: &Request, read: bool, json: bool) -> Result<Self, Failure> {
        let mut args = Self { fields: Map::new(), token: None, warning: None };
        if request.method == "GET" {
            if let Some((_, query)) = request.path.split_once('?').filter(|_| read) {
                args.take(query);
                args.fields.remove("token");
            }
        } else if !request.body.is_empty() {
            args.read_body(request, json)?;
        }
        if let Some(token) = request.bearer() {
            args.token = Some(token.to_owned());
        }
        Ok(args)
    }

    /// A text; numbers and booleans as they are written. Absent, `null` and empty are the same.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.text(name).as_deref(), Some("true" | "1"))
    }

    /// Whether it was sent at all and is not `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|value| !value.is_null())
    }

    /// An argument that must be there.
    pub(super) fn required(&self, name: &str) -> Result<String, Failure> {
        self.text(name).ok_or_else(|| {
            Failure::explained("invalid_arguments", &[format!("[ERROR] missing required field: {name}")])
        })
    }

    /// A list or object: as such in JSON, as its text in a form. `Err` when the text is no JSON.
    pub(super) fn nested(&self, name: &str) -> Result<Option<Value>, serde_json::Error> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// All of it as the contract describes it: nested values as their text, without the token.
    pub(super) fn contract(&self) -> Value {
        let mut fields = self.fields.clone();
        for value in fields.values_mut() {
            if matches!(value, Value::Array(_) | Value::Object(_)) {
                *value = Value::String(value.to_string());
            }
        }
        Value::Object(fields)
    }

    fn read_body(&mut self, request: &Request, json: bool) -> Result<(), Failure> {
        let Some(kind) = request.header("content-type") else { return Err("missing_post_type".into()) };
        let charset = kind.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_lowercase())
        });
        if charset.as_deref().is_some_and(|charset| charset != "utf-8" && charset != "utf8") {
            return Err("invalid_charset".into());
        }
        if request.is_content_type("application/json") {
            if !json {
                return Ok(());
            }
            let body: Value =
                serde_json::from_slice(&request.body).map_err(|_| Failure::from("invalid_json"))?;
            let Value::Object(fields) = body else { return Err("json_not_object".into()) };
            self.fields = fields;
            self.fields.remove("token");
            self.warning = charset.is_none().then_some("missing_charset");
            return Ok(());
        }
        if !request.is_content_type("application/x-www-form-urlencoded") {
            return Err("invalid_post_type".into());
        }
        let body = std::str::from_utf8(&request.body).map_err(|_| Failure::from("invalid_form_data"))?;
        self.take(body);
        self.token = self.fields.remove("token").and_then(|token| token.as_str().map(str::to_owned));
        Ok(())
    }

    fn take(&mut self, form: &str) {
        self.fields.extend(form_pairs(form).into_iter().map(|(name, value)| (name, Value::String(value))));
    }
}
