//! The form of an announcement as plain data: what the browser keeps, and what the server is sent.

use shared::{
    api::announcements::Content,
    error::{Code, Error},
    message::Field,
    routing::Urgency,
};

use crate::{
    client::json::{FromJson, Json, Out, object},
    kit::form::Validated,
};

/// Everything that was chosen and typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Made with the form: however often it is sent, it is one announcement.
    pub key: String,
    pub everyone: bool,
    /// Ids.
    pub companies: Vec<String>,
    pub rooms: Vec<String>,
    /// Ids and names.
    pub members: Vec<(String, String)>,
    pub title: String,
    pub body: String,
    pub link: String,
    /// Labels and values.
    pub fields: Vec<(String, String)>,
    pub urgency: Urgency,
    /// At `date` and `time` instead of at once.
    pub later: bool,
    pub date: String,
    pub time: String,
}

impl Draft {
    /// An empty form.
    #[must_use]
    pub const fn fresh(key: String) -> Self {
        Self {
            key,
            everyone: false,
            companies: Vec::new(),
            rooms: Vec::new(),
            members: Vec::new(),
            title: String::new(),
            body: String::new(),
            link: String::new(),
            fields: Vec::new(),
            urgency: Urgency::Normal,
            later: false,
            date: String::new(),
            time: String::new(),
        }
    }

    /// Nothing was chosen or typed yet.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        *self == Self::fresh(self.key.clone())
    }

    /// As the browser keeps it.
    #[must_use]
    pub fn kept(&self) -> String {
        let companies = texts(&self.companies);
        let rooms = texts(&self.rooms);
        let (members, fields) = (pairs(&self.members), pairs(&self.fields));
        object(&[
            ("key", Out::Text(&self.key)),
            ("everyone", Out::Bool(self.everyone)),
            ("companies", Out::Texts(&companies)),
            ("rooms", Out::Texts(&rooms)),
            ("members", Out::Json(&members)),
            ("title", Out::Text(&self.title)),
            ("body", Out::Text(&self.body)),
            ("link", Out::Text(&self.link)),
            ("fields", Out::Json(&fields)),
            ("urgency", Out::Text(word(self.urgency))),
            ("later", Out::Bool(self.later)),
            ("date", Out::Text(&self.date)),
            ("time", Out::Text(&self.time)),
        ])
    }

    /// What it says: the body of a preview and of a test.
    #[must_use]
    pub fn content(&self) -> String {
        let fields = self
            .said_fields()
            .map(|(label, value)| object(&[("label", Out::Text(label)), ("value", Out::Text(value))]));
        let fields = format!("[{}]", fields.collect::<Vec<_>>().join(","));
        let mut content = vec![
            ("title", Out::Text(self.title.trim())),
            ("body", Out::Text(self.body.trim_end())),
            ("fields", Out::Json(&fields)),
        ];
        if !self.link.is_empty() {
            content.push(("link", Out::Text(&self.link)));
        }
        object(&content)
    }

    /// `{"to":[…],"urgency":…}`, empty when nobody is chosen.
    #[must_use]
    pub fn reach(&self) -> String {
        if self.is_to_nobody() {
            return String::new();
        }
        object(&[("to", Out::Json(&self.to())), ("urgency", Out::Text(word(self.urgency)))])
    }

    /// The whole form.
    #[must_use]
    pub fn body(&self) -> String {
        let (to, content) = (self.to(), self.content());
        let at = format!("{}T{}", self.date, self.time);
        let mut fields = vec![
            ("key", Out::Text(&self.key)),
            ("to", Out::Json(&to)),
            ("content", Out::Json(&content)),
            ("urgency", Out::Text(word(self.urgency))),
        ];
        if self.later {
            fields.push(("at", Out::Text(&at)));
        }
        object(&fields)
    }

    #[must_use]
    pub fn is_to_nobody(&self) -> bool {
        !self.everyone && self.companies.is_empty() && self.rooms.is_empty() && self.members.is_empty()
    }

    /// Everyone is everybody: people and companies besides would say nothing more.
    fn to(&self) -> String {
        let one = |name: &str, id: &str| object(&[(name, Out::Text(id))]);
        let mut to: Vec<String> = self.rooms.iter().map(|id| one("room", id)).collect();
        if self.everyone {
            to.push(object(&[("everyone", Out::Bool(true))]));
        } else {
            to.extend(self.companies.iter().map(|id| one("company", id)));
            to.extend(self.members.iter().map(|(id, _)| one("member", id)));
        }
        format!("[{}]", to.join(","))
    }

    /// Lines that say anything.
    fn said_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let said = |(label, value): &&(String, String)| !(label.trim().is_empty() && value.trim().is_empty());
        self.fields.iter().filter(said).map(|(label, value)| (label.trim(), value.trim()))
    }
}

impl Validated for Draft {
    const FIELDS: &'static [&'static str] = &["title", "body", "link", "to", "at", "date", "time"];

    fn clean(&mut self) {
        self.title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.link = self.link.split_whitespace().collect();
    }

    fn problems(&self) -> Vec<Error> {
        let content = Content {
            title: self.title.clone(),
            body: self.body.clone(),
            link: Some(self.link.clone()).filter(|link| !link.is_empty()),
            fields: self
                .fields
                .iter()
                .map(|(label, value)| Field { label: label.clone(), value: value.clone() })
                .collect(),
        };
        // Links to this machine pass here; the server knows whether it is one in development.
        let mut problems = content.problems(true);
        if self.is_to_nobody() {
            problems.push(Error::field(Code::EmptyAudience, "to"));
        }
        if self.later {
            for (name, value) in [("date", &self.date), ("time", &self.time)] {
                if value.is_empty() {
                    problems.push(Error::field(Code::Required, name));
                }
            }
        }
        problems
    }
}

impl FromJson for Draft {
    fn from_json(json: &Json) -> Option<Self> {
        let texts = |name: &str| {
            let all = json.get(name).items().iter();
            all.filter_map(|text| text.str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let pairs = |name: &str| {
            let all = json.get(name).items().iter();
            all.filter_map(|pair| Some((pair.text("a")?, pair.text("b")?))).collect::<Vec<_>>()
        };
        Some(Self {
            key: json.text("key").filter(|key| !key.is_empty())?,
            everyone: json.bool("everyone")?,
            companies: texts("companies"),
            rooms: texts("rooms"),
            members: pairs("members"),
            title: json.text("title")?,
            body: json.text("body")?,
            link: json.text("link")?,
            fields: pairs("fields"),
            urgency: json.maybe("urgency")?,
            later: json.bool("later")?,
            date: json.text("date")?,
            time: json.text("time")?,
        })
    }
}

/// The word on the wire.
#[must_use]
pub const fn word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Critical => "critical",
        Urgency::Normal => "normal",
        Urgency::Low => "low",
    }
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

fn pairs(all: &[(String, String)]) -> String {
    let pair = |(a, b): &(String, String)| object(&[("a", Out::Text(a)), ("b", Out::Text(b))]);
    format!("[{}]", all.iter().map(pair).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use shared::api::{
        announcements::{AnnouncementForm, ReachRequest},
        events::Recipient,
    };

    use super::*;
    use crate::client::json;

    fn full() -> Draft {
        Draft {
            companies: vec!["co_1".into()],
            rooms: vec!["rm_1".into()],
            members: vec![("mb_1".into(), "佐藤 \"花子\"".into())],
            title: " 停電 ".into(),
            body: "23日\n9時から\n".into(),
            link: "https://a.jp/".into(),
            fields: vec![("場所".into(), "本社".into()), (" ".into(), String::new())],
            urgency: Urgency::Critical,
            later: true,
            date: "2026-11-30".into(),
            time: "09:00".into(),
            ..Draft::fresh("k1".into())
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        for draft in [full(), Draft::fresh("k".into()), Draft { everyone: true, ..full() }] {
            assert_eq!(json::read::<Draft>(&draft.kept()), Ok(draft));
        }
        for broken in ["", "{}", "null", r#"{"key":"k"}"#] {
            assert!(json::read::<Draft>(broken).is_err(), "{broken}");
        }
        assert!(Draft::fresh("k".into()).is_fresh() && !full().is_fresh());
    }

    #[test]
    fn the_server_reads_what_is_sent() {
        let form: AnnouncementForm = serde_json::from_str(&full().body()).unwrap();
        assert_eq!((form.key.as_str(), form.at.as_deref()), ("k1", Some("2026-11-30T09:00")));
        assert_eq!(
            form.to,
            [
                Recipient::Room("rm_1".into()),
                Recipient::Company("co_1".into()),
                Recipient::Member("mb_1".into())
            ]
        );
        assert_eq!((form.content.title.as_str(), form.content.body.as_str()), ("停電", "23日\n9時から"));
        assert_eq!((form.content.fields.len(), form.urgency), (1, Urgency::Critical));
        let everyone = Draft { everyone: true, later: false, link: String::new(), ..full() };
        let form: AnnouncementForm = serde_json::from_str(&everyone.body()).unwrap();
        assert_eq!(form.to, [Recipient::Room("rm_1".into()), Recipient::Everyone(true)]);
        assert_eq!((form.at, form.content.link), (None, None));
        let reach: ReachRequest = serde_json::from_str(&full().reach()).unwrap();
        assert_eq!(reach.to.len(), 3);
        assert_eq!(Draft::fresh("k".into()).reach(), "");
        serde_json::from_str::<Content>(&full().content()).unwrap();
    }

    #[test]
    fn everything_that_is_missing_is_said() {
        let fields =
            |draft: &Draft| draft.problems().into_iter().filter_map(|error| error.field).collect::<Vec<_>>();
        let mut draft = Draft { later: true, link: "x y".into(), ..Draft::fresh("k".into()) };
        draft.clean();
        assert_eq!(fields(&draft), ["title", "link", "to", "date", "time"]);
        let mut draft = full();
        draft.clean();
        assert_eq!((fields(&draft).len(), draft.title.as_str()), (0, "停電"));
        draft.fields = vec![("あ".repeat(101), "い".repeat(1_001))];
        assert_eq!(fields(&draft), ["fields[0].label", "fields[0].value"]);
    }
}
