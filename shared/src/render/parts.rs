//! A message taken apart and cleaned: what every rendering starts from.

use crate::{
    lang::{Lang, Text},
    message::{ActionStyle, Context, MAX_ACTIONS, MAX_MENTIONS, Mentioned, Message, action_data},
    render::text::{Measure, cut, one_line, paragraph, pressable, units},
};

const OPEN: Text = Text::new("開く", "Open");
const LINK: Text = Text::new("リンク", "Link");
const READ_MORE: Text = Text::new("続きを見る", "Read more");
const MORE: Text = Text::new("…続きを見る", "… Read more");
const EVERYONE: Text = Text::new("@全員", "@everyone");
const SHORTENED: Text = Text::new("…(以下省略)", "… (shortened)");

/// Longest data of a button, in bytes: LINE's limit is the least (line.md §4). The API lets in ids that stay
/// below 80.
const DATA_LIMIT: usize = 300;

/// The texts of a message, clean but not yet escaped for a provider. A text with nothing to see is empty.
pub(super) struct Parts {
    pub(super) lang: Lang,
    pub(super) kind: String,
    pub(super) title: String,
    /// Who took it.
    pub(super) settled: String,
    pub(super) body: String,
    pub(super) fields: Vec<FieldText>,
    pub(super) workspace: String,
    /// Can stand behind a button.
    pub(super) link: Option<String>,
    /// The page of the notice, if it can stand behind a button.
    pub(super) page: Option<String>,
    /// None once the notice is settled.
    pub(super) answers: Vec<Answer>,
    called: Vec<Called>,
}

/// Somebody who is called.
pub(super) struct Called {
    /// 「@佐藤 花子」, one line.
    pub(super) name: String,
    pub(super) everyone: bool,
    /// The messenger's own id; not looked at yet.
    pub(super) id: Option<String>,
}

pub(super) struct FieldText {
    pub(super) label: String,
    pub(super) value: String,
}

/// A button that brings an answer back.
pub(super) struct Answer {
    /// One line, never empty.
    pub(super) label: String,
    pub(super) data: String,
    pub(super) style: ActionStyle,
}

/// A button that opens a page.
pub(super) struct Door<'a> {
    pub(super) label: &'static str,
    pub(super) url: &'a str,
}

impl Parts {
    /// `url_limit` is the provider's longest link behind a button, in characters. A link that cannot be a button
    /// is the last field, so that it can at least be read.
    pub(super) fn new(message: &Message, context: &Context<'_>, url_limit: usize) -> Self {
        let lang = context.lang;
        let raw_link = message.link.as_deref().map(one_line).filter(|link| !link.is_empty());
        let link = raw_link.as_deref().and_then(|link| pressable(link, url_limit));
        let mut fields: Vec<FieldText> = message
            .fields
            .iter()
            .map(|field| FieldText { label: one_line(&field.label), value: paragraph(&field.value) })
            .filter(|field| !(field.label.is_empty() && field.value.is_empty()))
            .map(FieldText::filled)
            .collect();
        if let (Some(bare), None) = (raw_link, &link) {
            fields.push(FieldText { label: LINK.get(lang).into(), value: bare });
        }
        let settled = context.settled.map(one_line).unwrap_or_default();
        let mut parts = Self {
            lang,
            kind: one_line(context.kind),
            title: one_line(&message.title),
            body: paragraph(&message.body),
            fields,
            workspace: one_line(context.workspace),
            link,
            page: context.page.and_then(|page| pressable(page, url_limit)),
            answers: if context.settled.is_some() { Vec::new() } else { answers(message, context) },
            settled,
            called: context
                .mentions
                .iter()
                .filter_map(|one| Called::new(one, lang))
                .take(MAX_MENTIONS)
                .collect(),
        };
        // Providers refuse an empty text.
        if parts.title.is_empty() && parts.kind.is_empty() && parts.body.is_empty() && parts.fields.is_empty()
        {
            parts.title = match parts.workspace.as_str() {
                "" => "Todoke".into(),
                workspace => format!("【{workspace}】"),
            };
        }
        parts
    }

    /// 「【kind】title」.
    pub(super) fn head(&self) -> String {
        if self.kind.is_empty() { self.title.clone() } else { format!("【{}】{}", self.kind, self.title) }
    }

    /// Everybody who is called in one line, each as `write` puts it for the messenger. Those beyond `limit`, which
    /// is in the hundreds, are only counted: 「+3」.
    pub(super) fn call(&self, limit: usize, measure: Measure, write: fn(&Called) -> String) -> String {
        let mut line = String::new();
        for (index, one) in self.called.iter().enumerate() {
            let text = write(one);
            if measure(&line) + measure(&text) + COUNT_ROOM > limit {
                line.push_str(&format!(" +{}", self.called.len() - index));
                break;
            }
            if index > 0 {
                line.push(' ');
            }
            line.push_str(&text);
        }
        line
    }

    /// The same for a messenger that cannot call anybody.
    pub(super) fn names(&self, limit: usize, measure: Measure) -> String {
        self.call(limit, measure, |one| one.name.clone())
    }

    /// Such a line above [`Self::plain`], within `limit`; and whether the text was cut.
    pub(super) fn below(
        &self,
        call: &str,
        limit: usize,
        measure: Measure,
        escape: fn(&str) -> String,
    ) -> (String, bool) {
        if call.is_empty() {
            let (text, was_cut) = self.plain(limit, measure);
            return (escape(&text), was_cut);
        }
        let (text, was_cut) = self.plain(limit - measure(call) - 1, measure);
        (format!("{call}\n{}", escape(&text)), was_cut)
    }

    /// What stands where a text was cut. Without a page to read on, it does not promise one.
    pub(super) fn tail(&self) -> &'static str {
        if self.link.is_some() || self.page.is_some() { MORE } else { SHORTENED }.get(self.lang)
    }

    /// The button to the link; without a link, to the notice's page when something was cut.
    pub(super) fn door(&self, was_cut: bool) -> Option<Door<'_>> {
        match (&self.link, &self.page) {
            (Some(link), _) => Some(Door { label: OPEN.get(self.lang), url: link }),
            (None, Some(page)) if was_cut => Some(Door { label: READ_MORE.get(self.lang), url: page }),
            _ => None,
        }
    }

    /// Everything but the buttons as one text, an empty line between the parts, and whether it was cut. The body
    /// gives way first, so that 「期限」 below it is still read. Limits are in the hundreds and more.
    pub(super) fn plain(&self, limit: usize, measure: Measure) -> (String, bool) {
        let whole = self.with_body(&self.body);
        if measure(&whole) <= limit {
            return (whole, false);
        }
        let room = (limit + measure("-")).saturating_sub(measure(&self.with_body("-")));
        let text = if self.body.is_empty() || room < limit / 4 {
            cut(&whole, limit, measure, self.tail())
        } else {
            self.with_body(&cut(&self.body, room, measure, self.tail()))
        };
        (text, true)
    }

    /// Everything below the head, line by line.
    pub(super) fn text(&self) -> String {
        let fields: Vec<String> = self.fields.iter().map(FieldText::line).collect();
        join(&[&self.settled, &self.body, &fields.join("\n")], "\n")
    }

    /// The same for a notification, beside which the message itself stands: it promises nothing.
    pub(super) fn summary(&self, limit: usize, measure: Measure) -> String {
        cut(&self.with_body(&self.body), limit, measure, "…")
    }

    fn with_body(&self, body: &str) -> String {
        let fields: Vec<String> = self.fields.iter().map(FieldText::line).collect();
        let head = join(&[&self.head(), &self.settled], "\n");
        join(&[&head, body, &fields.join("\n")], "\n\n")
    }

    /// The fields as rows within `each` a value and `total` altogether, and whether anything is missing.
    pub(super) fn rows(&self, each: usize, total: usize, measure: Measure) -> (Vec<FieldText>, bool) {
        let mut was_cut = false;
        let mut left = total;
        let mut rows = Vec::new();
        for field in &self.fields {
            let label = cut(&field.label, LABEL_LIMIT, measure, "…");
            let value = cut(&field.value, each, measure, "…");
            let size = measure(&label) + measure(&value);
            if size > left || rows.len() == MAX_ROWS {
                return (rows, true);
            }
            left -= size;
            was_cut |= value != field.value;
            rows.push(FieldText { label, value });
        }
        (rows, was_cut)
    }
}

/// Longest label of a row; the API takes 100 characters.
const LABEL_LIMIT: usize = 300;
/// Most rows; the API takes 20 fields, and a link that cannot be a button makes one more.
const MAX_ROWS: usize = 21;
/// Longest name of somebody who is called, in UTF-16 units.
const NAME_LIMIT: usize = 60;
/// Room for a space before the next name and for 「 +50」.
const COUNT_ROOM: usize = 6;

impl Called {
    /// `None` for somebody without a name to read.
    fn new(mentioned: &Mentioned, lang: Lang) -> Option<Self> {
        match mentioned {
            Mentioned::Everyone => Some(Self { name: EVERYONE.get(lang).into(), everyone: true, id: None }),
            Mentioned::Person { name, id } => {
                let name = cut(&one_line(name), NAME_LIMIT, units, "…");
                (!name.is_empty()).then(|| Self { name: format!("@{name}"), everyone: false, id: id.clone() })
            }
        }
    }

    /// The id, when it has nothing but ASCII letters, digits and `also`, so that it cannot leave its place in a
    /// mention, and is not a word for everybody.
    pub(super) fn good_id(&self, also: &[u8]) -> Option<&str> {
        let good = |id: &&str| {
            (1..=100).contains(&id.len())
                && !id.eq_ignore_ascii_case("all")
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
        };
        self.id.as_deref().filter(good)
    }
}

impl FieldText {
    /// Providers refuse an empty text.
    fn filled(mut self) -> Self {
        if self.value.is_empty() {
            self.value.push('-');
        }
        self
    }

    /// 「期限: 11月30日」; further lines of the value stand below.
    pub(super) fn line(&self) -> String {
        join(&[&self.label, &self.value], ": ")
    }
}

impl Answer {
    /// The label within a messenger's limit in UTF-16 units.
    pub(super) fn label(&self, limit: usize) -> String {
        cut(&self.label, limit, super::text::units, "…")
    }
}

fn answers(message: &Message, context: &Context<'_>) -> Vec<Answer> {
    let Some(event) = context.event else { return Vec::new() };
    message
        .actions
        .iter()
        .map(|action| Answer {
            label: [&action.label, &action.id]
                .into_iter()
                .map(|text| one_line(text))
                .find(|text| !text.is_empty())
                .unwrap_or_else(|| "…".to_owned()),
            data: action_data(event, &action.id),
            style: action.style,
        })
        .filter(|answer| answer.data.len() <= DATA_LIMIT)
        .take(MAX_ACTIONS)
        .collect()
}

/// The pieces that are not empty.
pub(super) fn join(pieces: &[&str], between: &str) -> String {
    pieces.iter().filter(|piece| !piece.is_empty()).copied().collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{message::Field, render::text::units};

    fn parts(values: &[&str], link: Option<&str>) -> Parts {
        let fields = values.iter().map(|value| Field { label: "l".into(), value: (*value).into() }).collect();
        let message = Message { fields, link: link.map(Into::into), ..Message::default() };
        Parts::new(&message, &Context::default(), 30)
    }

    #[test]
    fn rows_say_when_something_is_missing() {
        for (values, each, total, shown, was_cut) in [
            (vec!["abcd", ""], 4, 20, vec!["abcd", "-"], false),
            // One over: as long in bytes as before, but not whole.
            (vec!["abcde"], 4, 20, vec!["abc…"], true),
            (vec!["abcd", "abcd"], 4, 9, vec!["abcd"], true),
            (vec!["a"; 22], 4, 99, vec!["a"; 21], true),
        ] {
            let (rows, missing) = parts(&values, None).rows(each, total, units);
            let seen: Vec<&str> = rows.iter().map(|row| row.value.as_str()).collect();
            assert_eq!((seen, missing), (shown, was_cut), "{values:?}");
        }
    }

    #[test]
    fn a_link_that_is_no_button_can_be_read() {
        for link in ["https://example.jp/a/link/too/long", "javascript:alert(1)"] {
            let parts = parts(&[], Some(link));
            assert!(parts.link.is_none() && parts.door(true).is_none());
            assert_eq!(
                parts.fields.iter().map(FieldText::line).collect::<Vec<_>>(),
                [format!("リンク: {link}")]
            );
        }
        let short = parts(&[], Some("https://example.jp/short"));
        assert!(short.fields.is_empty());
        assert_eq!(short.door(false).map(|door| door.url.to_owned()), short.link);
    }

    #[test]
    fn the_body_gives_way_before_the_fields() {
        let message = Message {
            title: "t".into(),
            body: "あ".repeat(100),
            fields: vec![Field { label: "期限".into(), value: "明日".into() }],
            ..Message::default()
        };
        let parts = Parts::new(&message, &Context::default(), 30);
        let (text, was_cut) = parts.plain(40, units);
        assert_eq!((text, was_cut), (format!("t\n\n{}…(以下省略)\n\n期限: 明日", "あ".repeat(22)), true));
        // Too many fields: then the end gives way.
        assert!(parts.plain(13, units).0.ends_with("…(以下省略)"));
        assert!(parts.summary(40, units).ends_with("あ…"));
    }
}
