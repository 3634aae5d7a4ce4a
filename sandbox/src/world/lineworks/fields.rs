//! Reading JSON fields by the limits of the fact sheet, naming the field that is wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// A field is wrong; the text names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invalid(pub(crate) String);

/// Languages of the i18n fields (lineworks.md §3.2 [D]).
pub(crate) const LANGUAGES: [&str; 5] = ["ko_KR", "ja_JP", "en_US", "zh_CN", "zh_TW"];

/// Longest URL of any field.
pub(crate) const URL_MAX: usize = 1000;

/// A JSON object being read.
pub(crate) struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(value: &'a Value, path: &str) -> Result<Self, Invalid> {
        let map = value.as_object().ok_or_else(|| Invalid(format!("{path} must be an object")))?;
        Ok(Self { map, path: path.to_owned() })
    }

    /// The full name of a field of this object.
    pub(crate) fn name(&self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }

    pub(crate) fn wrong(&self, field: &str, why: &str) -> Invalid {
        Invalid(format!("{} {why}", self.name(field)))
    }

    /// The field; `null` counts as absent.
    pub(crate) fn get(&self, field: &str) -> Option<&'a Value> {
        self.map.get(field).filter(|value| !value.is_null())
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.map.keys().map(String::as_str)
    }

    /// An optional text of at most `max` characters.
    pub(crate) fn opt_text(&self, field: &str, max: usize) -> Result<Option<&'a str>, Invalid> {
        let Some(value) = self.get(field) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| self.wrong(field, "must be a string"))?;
        if text.chars().count() > max {
            return Err(self.wrong(field, &format!("exceeds {max} characters")));
        }
        Ok(Some(text))
    }

    /// A required text of 1 to `max` characters.
    pub(crate) fn text(&self, field: &str, max: usize) -> Result<&'a str, Invalid> {
        match self.opt_text(field, max)? {
            None | Some("") => Err(self.wrong(field, "is required")),
            Some(text) => Ok(text),
        }
    }

    /// An optional https URL.
    pub(crate) fn opt_https(&self, field: &str) -> Result<Option<&'a str>, Invalid> {
        let Some(url) = self.opt_text(field, URL_MAX)? else { return Ok(None) };
        if is_https(url) { Ok(Some(url)) } else { Err(self.wrong(field, "must be an https URL")) }
    }

    /// A required https URL.
    pub(crate) fn https(&self, field: &str) -> Result<&'a str, Invalid> {
        self.opt_https(field)?.ok_or_else(|| self.wrong(field, "is required"))
    }

    pub(crate) fn flag(&self, field: &str, default: bool) -> Result<bool, Invalid> {
        match self.get(field) {
            None => Ok(default),
            Some(value) => value.as_bool().ok_or_else(|| self.wrong(field, "must be a boolean")),
        }
    }

    pub(crate) fn number(&self, field: &str) -> Result<f64, Invalid> {
        self.get(field)
            .ok_or_else(|| self.wrong(field, "is required"))?
            .as_f64()
            .ok_or_else(|| self.wrong(field, "must be a number"))
    }

    /// An optional array of at most `max` elements.
    pub(crate) fn opt_items(&self, field: &str, max: usize) -> Result<Option<&'a [Value]>, Invalid> {
        let Some(value) = self.get(field) else { return Ok(None) };
        let items = value.as_array().ok_or_else(|| self.wrong(field, "must be an array"))?;
        if items.len() > max {
            return Err(self.wrong(field, &format!("has more than {max} elements")));
        }
        Ok(Some(items))
    }

    /// A required array of 1 to `max` elements.
    pub(crate) fn items(&self, field: &str, max: usize) -> Result<&'a [Value], Invalid> {
        match self.opt_items(field, max)? {
            None | Some([]) => Err(self.wrong(field, "is required")),
            Some(items) => Ok(items),
        }
    }

    /// An optional array of distinct strings.
    pub(crate) fn texts(&self, field: &str, max: usize) -> Result<Option<Vec<String>>, Invalid> {
        let Some(items) = self.opt_items(field, max)? else { return Ok(None) };
        let mut texts: Vec<String> = Vec::with_capacity(items.len());
        for item in items {
            let text = item.as_str().ok_or_else(|| self.wrong(field, "must hold strings"))?;
            if texts.iter().any(|known| known == text) {
                return Err(self.wrong(field, "must be unique"));
            }
            texts.push(text.to_owned());
        }
        Ok(Some(texts))
    }

    pub(crate) fn opt_one_of(&self, field: &str, allowed: &[&str]) -> Result<Option<&'a str>, Invalid> {
        let Some(text) = self.opt_text(field, usize::MAX)? else { return Ok(None) };
        if allowed.contains(&text) { Ok(Some(text)) } else { Err(self.wrong(field, "is unknown")) }
    }

    /// Exactly one of two fields.
    pub(crate) fn one_or_other(&self, one: &str, other: &str) -> Result<(), Invalid> {
        match (self.has(one), self.has(other)) {
            (true, true) => Err(self.wrong(one, &format!("and {other} exclude each other"))),
            (false, false) => Err(self.wrong(one, &format!("or {other} is required"))),
            _ => Ok(()),
        }
    }

    /// `[{language, <inner>}]` with a known language; `max` characters each.
    pub(crate) fn i18n(&self, field: &str, inner: &str, max: usize) -> Result<(), Invalid> {
        for (place, item) in self.opt_items(field, usize::MAX)?.unwrap_or_default().iter().enumerate() {
            let item = Fields::of(item, &format!("{}[{place}]", self.name(field)))?;
            if item.opt_one_of("language", &LANGUAGES)?.is_none() {
                return Err(item.wrong("language", "is required"));
            }
            if inner.ends_with("Url") {
                item.https(inner)?;
            } else {
                item.text(inner, max)?;
            }
        }
        Ok(())
    }
}

pub(crate) fn is_https(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !url.contains(char::is_whitespace)
    })
}

/// An opaque cursor for a place in a list.
pub(crate) fn cursor_text(place: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("place:{place}"))
}

/// The place of a cursor made by [`cursor_text`].
pub(crate) fn cursor_place(text: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("place:")?.parse().ok()
}
