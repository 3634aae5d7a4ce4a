//! A form as names and texts. Two things need it so: what the browser keeps of a form that is not saved yet
//! ([`super::kept`]), and what two who change the same thing are shown ([`super::difference`]).

/// Every field by its name in the API, in the order of the page.
pub type List = Vec<(&'static str, String)>;

/// A form whose fields can be written down and taken back.
pub trait Listed {
    fn list(&self) -> List;
    /// Takes one of them; what is no field, or no word of its field, changes nothing.
    fn put(&mut self, name: &str, text: &str);
}

/// The text of a field; empty where there is none.
#[must_use]
pub fn text_of<'a>(list: &'a List, name: &str) -> &'a str {
    list.iter().find(|(own, _)| *own == name).map_or("", |(_, text)| text.as_str())
}

/// Names of what is another in `after`.
#[must_use]
pub fn differing(before: &List, after: &List) -> Vec<&'static str> {
    after.iter().filter(|(name, text)| text_of(before, name) != text).map(|(name, _)| *name).collect()
}

/// A switch as a word.
#[must_use]
pub fn yes_or_no(on: bool) -> String {
    if on { "yes" } else { "no" }.to_owned()
}

/// Several words in one text.
#[must_use]
pub fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}
