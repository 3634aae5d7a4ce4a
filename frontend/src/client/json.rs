//! JSON without serde: for what the pages read and write, serde's generated code was a fifth of the phones' bundle
//! and a sixth of the console's. What is read here has the form of the types of `shared`; the tests hold it to that.

use std::{fmt::Write, future::Future, pin::Pin};

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
    T::from_json(&load(path.to_owned()).await?).ok_or(Failure::Unreadable)
}

/// Sends `body`, which may be nothing, and reads the answer.
pub async fn send<T: FromJson>(method: &'static str, path: &str, body: String) -> Result<T, Failure> {
    let answer = parsed(http::send(method, path, (!body.is_empty()).then_some(body)));
    T::from_json(&answer.await?).ok_or(Failure::Unreadable)
}

type Answer = Pin<Box<dyn Future<Output = Result<Json, Failure>>>>;

/// [`get`] before its type is known. Boxed, so that it is not copied into each caller.
pub fn load(path: String) -> Answer {
    parsed(http::load(path))
}

fn parsed(answer: http::Answer) -> Answer {
    Box::pin(async move { Json::parse(&answer.await?).ok_or(Failure::Unreadable) })
}

/// A text that the server sent.
pub fn read<T: FromJson>(text: &str) -> Result<T, Failure> {
    Json::parse(text).as_ref().and_then(T::from_json).ok_or(Failure::Unreadable)
}

/// A value of a body.
#[derive(Debug, Clone, Copy)]
pub enum Out<'a> {
    Bool(bool),
    Number(i64),
    Text(&'a str),
    Texts(&'a [&'a str]),
    /// Written already.
    Json(&'a str),
}

/// A body.
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
            Out::Number(number) => out.push_str(&number.to_string()),
            Out::Text(text) => quote(&mut out, text),
            Out::Texts(texts) => {
                for (index, text) in texts.iter().enumerate() {
                    out.push(if index == 0 { '[' } else { ',' });
                    quote(&mut out, text);
                }
                out.push_str(if texts.is_empty() { "[]" } else { "]" });
            }
            Out::Json(json) => out.push_str(json),
        }
    }
    out.push('}');
    out
}

pub(crate) fn quote(out: &mut String, text: &str) {
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

    /// A number of things.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<u64> {
        self.number(name)?.try_into().ok()
    }

    /// What stands at a path like `/text/text` or `/actions/0`; [`Json::Null`] where there is nothing.
    #[must_use]
    pub fn at(&self, path: &str) -> &Self {
        path.split('/').skip(1).fold(self, |json, name| match (json, name.parse::<usize>()) {
            (Self::List(items), Ok(index)) => items.get(index).unwrap_or(&Self::Null),
            _ => json.get(name),
        })
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
mod tests;
