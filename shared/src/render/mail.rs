//! A message as a mail: one subject, a plain text and an HTML part with the same content. Inline styles, no
//! remote images, no scripts (email.md §7.3).

use std::fmt::Write;

use crate::{
    lang::Text,
    message::{ActionStyle, Context, Message},
    render::{
        parts::{FieldText, Parts, join},
        text::{cut, one_line, units},
    },
    validate::is_link,
};

/// The three texts of one mail, ready for MIME or for a mail API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailContent {
    /// One line without control characters, never empty, at most [`SUBJECT_LIMIT`] characters.
    pub subject: String,
    /// Lines end in `\n`.
    pub text: String,
    /// A whole HTML document; every text in it is escaped.
    pub html: String,
}

/// Longest subject, in characters: well inside the 998 of email.md §2.4 even when encoded.
pub const SUBJECT_LIMIT: usize = 200;
/// Longest line of who is called, in UTF-16 units.
const CALL_LIMIT: usize = 2_000;

/// Renders `message`. `unsubscribe` is the page where this person changes what they get; it stands in the
/// footer. A link that is not `https` (or `http` to this machine) is shown as text and cannot be pressed. A mail
/// cannot call back: its answers lead to [`Context::page`] and are not drawn without one.
#[must_use]
pub fn render(message: &Message, context: &Context<'_>, unsubscribe: Option<&str>) -> MailContent {
    let mail = Mail {
        parts: Parts::new(message, context, usize::MAX),
        unsubscribe: unsubscribe.map(one_line),
        settings: SETTINGS.get(context.lang),
        answer: ANSWER.get(context.lang),
    };
    MailContent { subject: mail.subject(), text: mail.text(), html: mail.html() }
}

const SETTINGS: Text = Text::new("この通知の設定を変える", "Change what you are notified of");
const ANSWER: Text = Text::new("返事をする", "Answer");

struct Mail {
    parts: Parts,
    unsubscribe: Option<String>,
    settings: &'static str,
    answer: &'static str,
}

impl Mail {
    fn subject(&self) -> String {
        let Parts { title, kind, workspace, .. } = &self.parts;
        let text = [title, kind, workspace].into_iter().find(|text| !text.is_empty());
        cut(text.map_or("Todoke", String::as_str), SUBJECT_LIMIT, |text| text.chars().count(), "…")
    }

    fn text(&self) -> String {
        let parts = &self.parts;
        let fields: Vec<String> =
            parts.fields.iter().map(|field| field.line().replace('\n', "\n  ")).collect();
        let answers = self.answers().map(|(page, labels)| {
            format!(
                "{} ({}): {page}",
                self.answer,
                labels.map(|(label, _)| label).collect::<Vec<_>>().join(" / ")
            )
        });
        let link = parts.door(false).map(|door| format!("{}: {}", door.label, door.url));
        let settings = self.unsubscribe.as_ref().map(|url| format!("{}: {url}", self.settings));
        let blocks = [
            parts.names(CALL_LIMIT, units),
            join(&[&parts.kind, &parts.title], "\n"),
            parts.settled.clone(),
            parts.body.clone(),
            fields.join("\n"),
            answers.unwrap_or_default(),
            link.unwrap_or_default(),
            join(&["-- ", &parts.workspace, settings.as_deref().unwrap_or_default()], "\n"),
        ];
        let mut text = join(&blocks.each_ref().map(String::as_str), "\n\n");
        text.push('\n');
        text
    }

    fn html(&self) -> String {
        let parts = &self.parts;
        let mut html = String::with_capacity(4_096);
        for piece in [HEAD_BEFORE_LANG, parts.lang.tag(), HEAD_BEFORE_TITLE] {
            html.push_str(piece);
        }
        html.push_str(&escape(&self.subject()));
        html.push_str(HEAD_AFTER_TITLE);
        let call = parts.names(CALL_LIMIT, units);
        block(&mut html, "p", "td-ink", "margin:0 0 12px;font-weight:600;color:#24211c", &call);
        block(&mut html, "p", "td-quiet", "margin:0 0 4px;font-size:13px;color:#66635c", &parts.kind);
        block(
            &mut html,
            "h1",
            "td-ink",
            "margin:0;font-size:20px;line-height:1.5;font-weight:600;color:#24211c",
            &parts.title,
        );
        block(&mut html, "p", "td-ink", "margin:16px 0 0;font-weight:600;color:#24211c", &parts.settled);
        block(&mut html, "p", "td-ink", "margin:16px 0 0;color:#24211c", &parts.body);
        fields_html(&mut html, &parts.fields);
        self.buttons_html(&mut html);
        html.push_str("</td></tr></table>");
        self.footer_html(&mut html);
        html.push_str("</td></tr></table></body></html>\n");
        html
    }

    /// The page and the answers that can be given there.
    fn answers(&self) -> Option<(&str, impl Iterator<Item = (&str, ActionStyle)>)> {
        let page = self.parts.page.as_deref().filter(|_| !self.parts.answers.is_empty())?;
        Some((page, self.parts.answers.iter().map(|answer| (answer.label.as_str(), answer.style))))
    }

    fn buttons_html(&self, html: &mut String) {
        if let Some((page, labels)) = self.answers() {
            html.push_str(r#"<p style="margin:24px 0 0">"#);
            for (index, (label, style)) in labels.enumerate() {
                if index > 0 {
                    html.push('\n');
                }
                button(html, page, label, style);
            }
            html.push_str("</p>");
        }
        if let Some(door) = self.parts.door(false) {
            html.push_str(r#"<p style="margin:24px 0 0">"#);
            button(html, door.url, door.label, ActionStyle::Primary);
            html.push_str("</p>");
        }
    }

    fn footer_html(&self, html: &mut String) {
        let workspace = &self.parts.workspace;
        html.push_str(r#"<p class="td-quiet" style="margin:16px 4px 0;font-size:12px;color:#66635c">"#);
        html.push_str(&escape(workspace));
        if let Some(url) = self.unsubscribe.as_ref().filter(|url| is_link(url, true)) {
            if !workspace.is_empty() {
                html.push_str("<br>");
            }
            push(
                html,
                format_args!(
                    r#"<a class="td-quiet" href="{}" style="color:#66635c">{}</a>"#,
                    escape(url),
                    self.settings
                ),
            );
        }
        html.push_str("</p>");
    }
}

fn fields_html(html: &mut String, fields: &[FieldText]) {
    if fields.is_empty() {
        return;
    }
    html.push_str(r#"<table role="presentation" cellpadding="0" cellspacing="0" width="100%" style="margin:20px 0 0;border-collapse:collapse">"#);
    for FieldText { label, value } in fields {
        html.push_str("<tr>");
        let line = "padding:8px 0;border-top:1px solid #e1ded7;vertical-align:top;text-align:left";
        let label_style =
            format!("{line};padding-right:16px;width:30%;font-weight:400;font-size:13px;color:#66635c");
        cell(html, "th", "td-quiet td-line", &label_style, label);
        cell(html, "td", "td-ink td-line", &format!("{line};color:#24211c"), value);
        html.push_str("</tr>");
    }
    html.push_str("</table>");
}

/// Colours are the tokens of the pages (indigo, paper, hairline), as mail programs know no `oklch`. The
/// classes only serve the dark theme; a program that drops the sheet still shows the light one.
const HEAD_BEFORE_LANG: &str = r#"<!DOCTYPE html>
<html lang=""#;
const HEAD_BEFORE_TITLE: &str = r#""><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>"#;
const HEAD_AFTER_TITLE: &str = r#"</title><style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){.td-paper{background:#181612!important}.td-card{background:#23211d!important;border-color:#3d3a35!important}.td-line{border-color:#3d3a35!important}.td-ink{color:#e8e4dd!important}.td-quiet{color:#a8a49c!important}.td-button{background:#8cabe4!important;color:#181612!important}}</style></head><body class="td-paper" style="margin:0;padding:0;background:#f8f5ef"><table role="presentation" class="td-paper" cellpadding="0" cellspacing="0" width="100%" style="background:#f8f5ef"><tr><td style="padding:24px 16px;font-family:'Hiragino Sans','Yu Gothic UI','Meiryo','Noto Sans JP',sans-serif;font-size:15px;line-height:1.7"><table role="presentation" class="td-card" cellpadding="0" cellspacing="0" width="100%" style="max-width:560px;background:#ffffff;border:1px solid #e1ded7;border-radius:8px"><tr><td style="padding:24px;overflow-wrap:anywhere">"#;

fn block(html: &mut String, tag: &str, class: &str, style: &str, text: &str) {
    if !text.is_empty() {
        cell(html, tag, class, style, text);
    }
}

fn cell(html: &mut String, tag: &str, class: &str, style: &str, text: &str) {
    push(
        html,
        format_args!(
            r#"<{tag} class="{class}" style="{style}">{}</{tag}>"#,
            escape(text).replace('\n', "<br>\n")
        ),
    );
}

fn button(html: &mut String, url: &str, label: &str, style: ActionStyle) {
    let (class, look) = match style {
        ActionStyle::Primary => ("td-button", "padding:10px 24px;background:#274172;color:#ffffff"),
        // No class: red stays red in the dark.
        ActionStyle::Danger => ("", "padding:10px 24px;background:#b3261e;color:#ffffff"),
        ActionStyle::Plain => ("td-ink td-line", "padding:9px 23px;border:1px solid #e1ded7;color:#24211c"),
    };
    push(
        html,
        format_args!(
            r#"<a class="{class}" href="{}" style="display:inline-block;margin:0 8px 8px 0;{look};border-radius:6px;text-decoration:none;font-weight:600">{}</a>"#,
            escape(url),
            escape(label)
        ),
    );
}

/// Writing to a string cannot fail.
fn push(html: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = html.write_fmt(text);
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Lang,
        message::{Action, Field, Mentioned},
    };

    fn message() -> Message {
        Message {
            title: "「週報」が割り当てられました".into(),
            body: "佐藤さんから\n明日まで <急ぎ>".into(),
            link: Some("https://todoke.example/t/1?a=1&b=2".into()),
            fields: vec![Field { label: "期限".into(), value: "11月30日".into() }],
            ..Message::default()
        }
    }

    fn context() -> Context<'static> {
        Context {
            lang: Lang::Ja, kind: "タスクの割り当て", workspace: "みなと運送", ..Context::default()
        }
    }

    #[test]
    fn the_text_is_pinned() {
        let mail = render(&message(), &context(), Some("https://todoke.example/u/3fJ"));
        assert_eq!(mail.subject, "「週報」が割り当てられました");
        assert_eq!(
            mail.text,
            "タスクの割り当て\n「週報」が割り当てられました\n\n佐藤さんから\n明日まで <急ぎ>\n\n期限: 11月30日\n\n\
             開く: https://todoke.example/t/1?a=1&b=2\n\n-- \nみなと運送\nこの通知の設定を変える: https://todoke.example/u/3fJ\n"
        );
    }

    #[test]
    fn the_html_is_pinned() {
        let mail = render(&message(), &context(), Some("https://todoke.example/u/3fJ"));
        assert_eq!(mail.html, include_str!("mail_golden.html"));
    }

    #[test]
    fn english_words_for_english_readers() {
        let context =
            Context { lang: Lang::En, kind: "Task assigned", workspace: "Minato", ..Context::default() };
        let mail = render(&message(), &context, Some("https://todoke.example/u/3fJ"));
        assert!(mail.html.contains(">Open</a>") && mail.html.contains(r#"<html lang="en">"#));
        assert!(mail.text.contains("Change what you are notified of: https://todoke.example/u/3fJ"));
    }

    #[test]
    fn what_is_missing_leaves_no_gap() {
        let bare = Message { title: "x".into(), ..Message::default() };
        let mail = render(&bare, &context(), None);
        assert_eq!(mail.text, "タスクの割り当て\nx\n\n-- \nみなと運送\n");
        assert!(!mail.html.contains("href="));
    }

    #[test]
    fn a_link_of_another_scheme_cannot_be_pressed() {
        let bad = Message { link: Some("javascript:alert(1)".into()), ..message() };
        let mail = render(&bad, &context(), Some("javascript:alert(2)"));
        assert!(!mail.html.contains("href"), "{}", mail.html);
    }

    #[test]
    fn subjects() {
        let family = "👨‍👩‍👧‍👦";
        for (title, subject) in [
            ("a\r\nBcc: x@y.jp", "a Bcc: x@y.jp".to_owned()),
            ("\u{0}\u{202e}a\u{7}b", "ab".to_owned()),
            (" \n ", "タスクの割り当て".to_owned()),
            (&"あ".repeat(200), "あ".repeat(200)),
            (&"あ".repeat(201), format!("{}…", "あ".repeat(199))),
            // Seven characters each: 28 whole families are 196, the next would be torn.
            (&family.repeat(40), format!("{}…", family.repeat(28))),
        ] {
            let mail = render(&Message { title: title.into(), ..Message::default() }, &context(), None);
            assert_eq!(mail.subject, subject);
        }
    }

    #[test]
    fn who_is_called_is_named() {
        let mentions = [Mentioned::Person { name: "佐藤 <花子>".into(), id: Some("1".into()) }];
        let mail = render(&message(), &Context { mentions: &mentions, ..context() }, None);
        assert!(mail.text.starts_with("@佐藤 <花子>\n\n"), "{}", mail.text);
        assert!(mail.html.contains(">@佐藤 &lt;花子&gt;</p>"));
    }

    #[test]
    fn answers_lead_to_the_page() {
        let action = |id: &str, label: &str, style| Action { id: id.into(), label: label.into(), style };
        let asked = Message {
            link: None,
            actions: vec![
                action("approve", "承認", ActionStyle::Primary),
                action("back", "差し戻し <x>", ActionStyle::Plain),
            ],
            ..message()
        };
        let context = Context { event: Some("ev_1"), page: Some("https://todoke.example/n/1"), ..context() };
        let mail = render(&asked, &context, None);
        assert!(mail.text.contains("\n\n返事をする (承認 / 差し戻し <x>): https://todoke.example/n/1\n\n"));
        assert_eq!(mail.html.matches(r#"href="https://todoke.example/n/1""#).count(), 2);
        assert!(mail.html.contains(">差し戻し &lt;x&gt;</a>"));
        let settled =
            render(&asked, &Context { settled: Some("佐藤さんが承認しました"), ..context.clone() }, None);
        assert!(
            settled.text.contains("\n\n佐藤さんが承認しました\n\n") && !settled.text.contains("返事をする")
        );
        assert!(settled.html.contains(">佐藤さんが承認しました</p>") && !settled.html.contains("href"));
        let nowhere = render(&asked, &Context { page: None, ..context }, None);
        assert!(!nowhere.html.contains("href") && !nowhere.text.contains("承認 /"));
    }
}
