//! JSON without serde, for the pages on phones: for what they read and write, serde's generated code was a fifth of
//! their bundle. What is read here has the same form as the types of `shared`, which the tests hold it to.

use std::fmt::Write;

use super::http::{self, Failure};

/// A value as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    Null,
    Bool(bool),
    /// Whole numbers; a fraction is dropped, none of our forms has one.
    Number(i64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Read from a [`Json`]; `None` when it is not of that form. Fields that are not known are passed over.
pub trait FromJson: Sized {
    fn from_json(json: &Json) -> Option<Self>;
}

/// Loads. Signed out: goes to the sign-in page, which comes back here.
pub async fn get<T: FromJson>(path: &str) -> Result<T, Failure> {
    read(&http::load(path.to_owned()).await?)
}

/// Sends `body`, and reads the answer.
pub async fn send<T: FromJson>(method: &'static str, path: &str, body: String) -> Result<T, Failure> {
    read(&http::send(method, path, Some(body)).await?)
}

/// A text that the server sent.
pub fn read<T: FromJson>(text: &str) -> Result<T, Failure> {
    Json::parse(text).as_ref().and_then(T::from_json).ok_or(Failure::Unreadable)
}

/// A value of a body.
#[derive(Debug, Clone, Copy)]
pub enum Out<'a> {
    Bool(bool),
    Text(&'a str),
}

/// A body of one level.
#[must_use]
pub fn object(fields: &[(&str, Out<'_>)]) -> String {
    let mut out = String::from("{");
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        quote(&mut out, name);
        out.push(':');
        match value {
            Out::Bool(on) => out.push_str(if *on { "true" } else { "false" }),
            Out::Text(text) => quote(&mut out, text),
        }
    }
    out.push('}');
    out
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if u32::from(c) < 0x20 => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

impl Json {
    /// `None` when it is no JSON.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser { text, at: 0 };
        let value = parser.value(0)?;
        parser.space();
        (parser.at == text.len()).then_some(value)
    }

    /// A field; [`Json::Null`] where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &Self {
        const NULL: &Json = &Json::Null;
        match self {
            Self::Object(fields) => {
                fields.iter().find(|(own, _)| own == name).map_or(NULL, |(_, value)| value)
            }
            _ => NULL,
        }
    }

    #[must_use]
    pub fn str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).str().map(ToOwned::to_owned)
    }

    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    #[must_use]
    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Self::Bool(on) => Some(*on),
            _ => None,
        }
    }

    /// The parts of a list; none of what is no list.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// A list, all of it; an absent one is empty.
    #[must_use]
    pub fn all<T: FromJson>(&self, name: &str) -> Option<Vec<T>> {
        self.get(name).items().iter().map(T::from_json).collect()
    }

    /// An id, or anything else that is read from its text.
    #[must_use]
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).str()?.parse().ok()
    }

    /// Something that may be absent.
    #[must_use]
    pub fn maybe<T: FromJson>(&self, name: &str) -> Option<T> {
        T::from_json(self.get(name))
    }
}

/// Nothing of ours is nested deeper.
const DEEPEST: usize = 32;

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Takes `byte`, and the space before it.
    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > DEEPEST {
            return None;
        }
        self.space();
        match self.peek()? {
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'"' => self.string().map(Json::Text),
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.take(b']') {
                    if !items.is_empty() && !self.take(b',') {
                        return None;
                    }
                    items.push(self.value(depth + 1)?);
                }
                Some(Json::List(items))
            }
            b'{' => {
                self.at += 1;
                let mut fields = Vec::new();
                while !self.take(b'}') {
                    if !fields.is_empty() && !self.take(b',') {
                        return None;
                    }
                    self.space();
                    let name = self.string()?;
                    if !self.take(b':') {
                        return None;
                    }
                    fields.push((name, self.value(depth + 1)?));
                }
                Some(Json::Object(fields))
            }
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Option<Json> {
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let from = self.at;
        let mut whole = 0_i64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            whole = whole.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
            self.at += 1;
        }
        if self.at == from {
            return None;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            while let Some(b'0'..=b'9') = self.peek() {
                self.at += 1;
            }
        }
        Some(Json::Number(if negative { -whole } else { whole }))
    }

    fn string(&mut self) -> Option<String> {
        if self.peek() != Some(b'"') {
            return None;
        }
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let plain = rest.find(['"', '\\'])?;
            out.push_str(rest.get(..plain)?);
            self.at += plain + 1;
            if rest.as_bytes().get(plain) == Some(&b'"') {
                return Some(out);
            }
            let escaped = self.peek()?;
            self.at += 1;
            out.push(match escaped {
                b'n' => '\n',
                b't' => '\t',
                b'r' => '\r',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'u' => self.unicode()?,
                b'"' | b'\\' | b'/' => char::from(escaped),
                _ => return None,
            });
        }
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.four()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        // The second half of a pair.
        self.word("\\u", Json::Null)?;
        let second = self.four()?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + second.checked_sub(0xdc00)?)
    }

    fn four(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(json: &Json, value: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (json, value) {
            (Json::Null, Value::Null) => true,
            (Json::Bool(own), Value::Bool(other)) => own == other,
            (Json::Number(own), Value::Number(other)) => other.as_i64() == Some(*own),
            (Json::Text(own), Value::String(other)) => own == other,
            (Json::List(own), Value::Array(other)) => {
                own.len() == other.len() && own.iter().zip(other).all(|(own, other)| same(own, other))
            }
            (Json::Object(own), Value::Object(other)) => {
                own.len() == other.len()
                    && own.iter().all(|(name, own)| other.get(name).is_some_and(|other| same(own, other)))
            }
            _ => false,
        }
    }

    #[test]
    fn it_reads_what_serde_reads() {
        for text in [
            "null",
            " [ ] ",
            "{}",
            "[1, -20,1767225600000 , true,false,null]",
            r#"{"a":{"b":[{"c":"佐藤 \"花子\"\n\u3042\ud83d\ude00\/\\"}]}, "d" : ""}"#,
            r#""\u0041\t\r\b\f""#,
        ] {
            let value = serde_json::from_str(text).unwrap();
            assert!(same(&Json::parse(text).unwrap(), &value), "{text}");
            let written = serde_json::to_string_pretty(&value).unwrap();
            assert!(same(&Json::parse(&written).unwrap(), &value), "{written}");
        }
        assert_eq!(Json::parse("1.75"), Some(Json::Number(1)));
    }

    #[test]
    fn it_refuses_what_is_none() {
        let deep = "[".repeat(100);
        for text in [
            "",
            "[1 2]",
            "[,1]",
            "{\"a\"}",
            "{\"a\":1,}x",
            "{a:1}",
            "\"open",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "nul",
            "<html>",
            "1 2",
            "99999999999999999999",
            "-",
            deep.as_str(),
        ] {
            assert_eq!(Json::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_body_is_what_serde_would_write() {
        let name = "a\"\\\n\u{1}佐藤";
        let body = object(&[("name", Out::Text(name)), ("on", Out::Bool(true))]);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&body).unwrap(),
            serde_json::json!({"name": name, "on": true})
        );
        assert_eq!(object(&[]), "{}");
    }
}
