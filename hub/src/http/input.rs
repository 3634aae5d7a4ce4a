//! What a handler is given, and how a body is read: each way in which it can be wrong has a code and a field.

use std::{collections::HashMap, str::FromStr, sync::Arc};

use axum::extract::{Query, RawPathParams};
use http::{Method, Uri};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, error::Category};
use serde_path_to_error::{Path, Segment};
use shared::{
    error::{Code, Error},
    lang::Lang,
};

use crate::{call::Call, refusal::Refusal};

/// One request, ready to be asked. Cloning is cheap.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    call: Arc<Call>,
    params: HashMap<String, String>,
    pub(crate) query: HashMap<String, String>,
    /// From `Accept-Language`; `Hub::lang` also knows the member's own.
    pub(crate) lang: Lang,
}

impl Input {
    pub(super) fn new(call: Arc<Call>, uri: &Uri, params: Option<&RawPathParams>) -> Self {
        let params = params
            .map(|params| params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
            .unwrap_or_default();
        let query =
            Query::<HashMap<String, String>>::try_from_uri(uri).map(|query| query.0).unwrap_or_default();
        let mut input = Self { call, params, query, lang: Lang::default() };
        input.lang = input.header("accept-language").map(Lang::from_tags).unwrap_or_default();
        input
    }

    pub(crate) fn method(&self) -> &Method {
        &self.call.method
    }

    /// `name` in lower case, out of [`Call::HEADERS`].
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.call.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The raw body, as it was signed.
    pub(crate) fn body(&self) -> &[u8] {
        &self.call.body
    }

    /// A part of the path, decoded. Every route that asks for one has it.
    pub(crate) fn param(&self, name: &str) -> Result<&str, Refusal> {
        self.params.get(name).map(String::as_str).ok_or_else(|| Code::NotFound.into())
    }

    /// A part of the path as an id or a code; one of another form is not found.
    pub(crate) fn id<T: FromStr>(&self, name: &str) -> Result<T, Refusal> {
        self.param(name)?.parse().map_err(|_| Code::NotFound.into())
    }

    /// A query parameter that is there and not empty.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// `?was=`: fields of what is changed, as the caller read them, in a JSON object. `now` tells how it stands, in JSON;
    /// nobody is asked where nothing was said. Errors: `changed_meanwhile` where one of them is another by now,
    /// `wrong_type`.
    pub(super) fn still(&self, now: impl FnOnce() -> Result<String, Refusal>) -> Result<(), Refusal> {
        match self.asked("was") {
            Some(was) => Ok(unchanged(was, &now()?)?),
            None => Ok(()),
        }
    }

    /// The body as JSON. Errors: `malformed_json`, `unknown_field`, `required`, `wrong_type`, each but the
    /// first with the path of the field.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        read_json(self.body()).map_err(Refusal::from)
    }

    /// The body as JSON over `base`: a field that is absent stays as it is there. Errors as [`Self::json`].
    pub(crate) fn json_over<T: Serialize + DeserializeOwned>(&self, base: &T) -> Result<T, Refusal> {
        self.json::<T>()?;
        let mut fields: Map<String, Value> = serde_json::from_value(serde_json::to_value(base)?)?;
        fields.extend(self.json::<Map<String, Value>>()?);
        Ok(serde_json::from_value(Value::Object(fields))?)
    }
}

fn unchanged(was: &str, now: &str) -> Result<(), Error> {
    let Ok(Value::Object(was)) = serde_json::from_str(was) else {
        return Err(Error::field(Code::WrongType, "was"));
    };
    let now: Value = serde_json::from_str(now).unwrap_or_default();
    if was.iter().all(|(name, value)| now.get(name) == Some(value)) {
        return Ok(());
    }
    Err(Error::new(Code::ChangedMeanwhile))
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    // serde would take an array for a struct, field by field in order; no request of ours is an array.
    if body.trim_ascii_start().starts_with(b"[") {
        let readable = serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok();
        return Err(Error::new(if readable { Code::WrongType } else { Code::MalformedJson }));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| explain(&error, body))?;
    reader.end().map_err(|_| Error::new(Code::MalformedJson))?;
    Ok(value)
}

/// serde tells apart what is wrong only in its sentence, whose forms are those of `serde::de::Error`.
fn explain(error: &serde_path_to_error::Error<serde_json::Error>, body: &[u8]) -> Error {
    if error.inner().classify() != Category::Data {
        return Error::new(Code::MalformedJson);
    }
    let text = error.inner().to_string();
    let here = path_text(error.path());
    let about = |opening: &str| text.strip_prefix(opening)?.split('`').next();
    if let Some(name) = about("unknown field `") {
        return Error::field(Code::UnknownField, join(&here, name)).found(name);
    }
    if let Some(name) = about("missing field `") {
        return Error::field(Code::Required, join(&here, name));
    }
    if let Some(name) = about("duplicate field `") {
        return Error::field(Code::MalformedJson, join(&here, name));
    }
    if let Some(name) = about("unknown variant `") {
        // `{"nobody": 1}` where one of several fields is expected names an unknown field; `"nobody"` in the
        // place of a word is a wrong value.
        let parent = parent_of(&here, name);
        if value_at(body, parent).is_some_and(|value| value.get(name).is_some()) {
            return Error::field(Code::UnknownField, join(parent, name)).found(name);
        }
        return wrong_type(&here).found(name);
    }
    wrong_type(&here)
}

fn wrong_type(path: &str) -> Error {
    if path.is_empty() { Error::new(Code::WrongType) } else { Error::field(Code::WrongType, path) }
}

/// `to[2].member`; the part that serde could not name is left out.
fn path_text(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } => text = join(&text, key),
            Segment::Enum { variant } => text = join(&text, variant),
            Segment::Unknown => {}
        }
    }
    text
}

/// Appends a name unless the path already ends with it: for an unknown field it does.
fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path if path == name || path.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')) => {
            path.to_owned()
        }
        path => format!("{path}.{name}"),
    }
}

fn parent_of<'a>(path: &'a str, name: &str) -> &'a str {
    let Some(rest) = path.strip_suffix(name) else { return path };
    rest.strip_suffix('.').unwrap_or(if rest.is_empty() { "" } else { path })
}

fn value_at(body: &[u8], path: &str) -> Option<Value> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let pointer = path.replace('[', "/").replace(']', "").replace('.', "/");
    let pointer =
        if pointer.is_empty() || pointer.starts_with('/') { pointer } else { format!("/{pointer}") };
    value.pointer(&pointer).cloned()
}

#[cfg(test)]
mod tests {
    use shared::api::{events::EventRequest, members::MemberForm, settings::RuleRequest};

    use super::*;

    fn fault<T: DeserializeOwned>(body: &str) -> (Code, Option<String>) {
        let error = read_json::<T>(body.as_bytes()).err().expect("read although it is wrong");
        (error.code, error.field)
    }

    #[test]
    fn only_what_the_caller_read_must_be_the_same() {
        let now = r#"{"url":"https://a.jp","events":["x","y"],"failed":3}"#;
        for (was, answer) in [
            ("{}", None),
            (r#"{"url":"https://a.jp"}"#, None),
            (r#"{"events":["x","y"],"url":"https://a.jp"}"#, None),
            (r#"{"url":"https://b.jp"}"#, Some(Code::ChangedMeanwhile)),
            (r#"{"events":["x"]}"#, Some(Code::ChangedMeanwhile)),
            (r#"{"gone":1}"#, Some(Code::ChangedMeanwhile)),
            ("[]", Some(Code::WrongType)),
            ("{", Some(Code::WrongType)),
        ] {
            assert_eq!(unchanged(was, now).err().map(|error| error.code), answer, "{was}");
        }
    }

    #[test]
    fn every_fault_of_a_body_has_its_code_and_field() {
        let deep = "[".repeat(1_000);
        let event = |to: &str, rest: &str| format!(r#"{{"kind":"a.b","title":"t","to":{to}{rest}}}"#);
        let one = r#"[{"member":"x"}]"#;
        for (body, code, field) in [
            (String::new(), Code::MalformedJson, None),
            ("{".into(), Code::MalformedJson, None),
            ("{} x".into(), Code::Required, Some("kind")),
            (event(one, "") + " x", Code::MalformedJson, None),
            (deep, Code::MalformedJson, None),
            ("\u{feff}{}".into(), Code::MalformedJson, None),
            ("[]".into(), Code::WrongType, None),
            ("7".into(), Code::WrongType, None),
            (event(one, r#","nickname":1"#), Code::UnknownField, Some("nickname")),
            (event(r#"[{"member":"x"},{"foo":"y"}]"#, ""), Code::UnknownField, Some("to[1].foo")),
            (event(r#"[{"member":7}]"#, ""), Code::WrongType, Some("to[0].member")),
            (event("7", ""), Code::WrongType, Some("to")),
            (event(one, r#","urgency":"loud""#), Code::WrongType, Some("urgency")),
            (event(one, r#","fields":[{"label":"l"}]"#), Code::Required, Some("fields[0].value")),
            (
                event(one, r#","fields":[{"label":"l","value":"v","x":1}]"#),
                Code::UnknownField,
                Some("fields[0].x"),
            ),
            (event(one, r#","title":"again""#), Code::MalformedJson, Some("title")),
        ] {
            assert_eq!(fault::<EventRequest>(&body), (code, field.map(str::to_owned)), "{:.60}", body);
        }
        assert_eq!(fault::<MemberForm>(r#"{"usable":"yes"}"#), (Code::WrongType, Some("usable".into())));
        assert_eq!(
            fault::<RuleRequest>(r#"{"kind":"a.b","channel":"fax"}"#),
            (Code::WrongType, Some("channel".into()))
        );
        assert_eq!(read_json::<Value>(b"\xff\"").err().map(|error| error.code), Some(Code::MalformedJson));
    }
}
