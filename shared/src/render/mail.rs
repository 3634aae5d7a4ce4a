//! A message as a mail: one subject, a plain text and an HTML part with the same content. Inline styles, no
//! remote images, no scripts (email.md §7.3).

use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;

use crate::{
    lang::Text,
    message::{Context, Message},
    validate::is_link,
};

/// The three texts of one mail, ready for MIME or for a mail API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailContent {
    /// One line without control characters, never empty unless everything is, at most
    /// [`SUBJECT_LIMIT`] characters.
    pub subject: String,
    /// Lines end in `\n`.
    pub text: String,
    /// A whole HTML document; every text in it is escaped.
    pub html: String,
}

/// Longest subject, in characters: well inside the 998 of email.md §2.4 even when encoded.
pub const SUBJECT_LIMIT: usize = 200;

/// Renders `message`. `unsubscribe` is the page where this person changes what they get; it stands in the
/// footer. A link that is not `https` (or `http` to this machine) is shown as text and cannot be pressed.
#[must_use]
pub fn render(message: &Message, context: &Context<'_>, unsubscribe: Option<&str>) -> MailContent {
    let parts = Parts {
        lang: context.lang.tag(),
        kind: one_line(context.kind),
        title: one_line(&message.title),
        body: lines(message.body.trim_end()),
        fields: message
            .fields
            .iter()
            .map(|field| (one_line(&field.label), lines(field.value.trim_end())))
            .collect(),
        link: message.link.as_deref().map(one_line),
        workspace: one_line(context.workspace),
        unsubscribe: unsubscribe.map(one_line),
        open: OPEN.get(context.lang),
        settings: SETTINGS.get(context.lang),
    };
    MailContent { subject: parts.subject(), text: parts.text(), html: parts.html() }
}

const OPEN: Text = Text::new("開く", "Open");
const SETTINGS: Text = Text::new("この通知の設定を変える", "Change what you are notified of");

/// The texts of a mail, cleaned of control characters but not yet escaped.
struct Parts {
    lang: &'static str,
    kind: String,
    title: String,
    body: String,
    fields: Vec<(String, String)>,
    link: Option<String>,
    workspace: String,
    unsubscribe: Option<String>,
    open: &'static str,
    settings: &'static str,
}

impl Parts {
    fn subject(&self) -> String {
        let text = [&self.title, &self.kind, &self.workspace].into_iter().find(|text| !text.is_empty());
        cut(text.map_or("", String::as_str), SUBJECT_LIMIT)
    }

    fn text(&self) -> String {
        let mut blocks = vec![non_empty_lines(&[&self.kind, &self.title])];
        blocks.push(self.body.clone());
        let fields: Vec<String> = self
            .fields
            .iter()
            .map(|(label, value)| format!("{label}: {}", value.replace('\n', "\n  ")))
            .collect();
        blocks.push(fields.join("\n"));
        if let Some(link) = &self.link {
            blocks.push(format!("{}: {link}", self.open));
        }
        let settings = self.unsubscribe.as_ref().map(|url| format!("{}: {url}", self.settings));
        blocks.push(non_empty_lines(&["-- ", &self.workspace, settings.as_deref().unwrap_or_default()]));
        blocks.retain(|block| !block.is_empty());
        let mut text = blocks.join("\n\n");
        text.push('\n');
        text
    }

    fn html(&self) -> String {
        let mut html = String::with_capacity(4_096);
        for piece in [HEAD_BEFORE_LANG, self.lang, HEAD_BEFORE_TITLE] {
            html.push_str(piece);
        }
        html.push_str(&escape(&self.subject()));
        html.push_str(HEAD_AFTER_TITLE);
        block(&mut html, "p", "td-quiet", "margin:0 0 4px;font-size:13px;color:#66635c", &self.kind);
        block(
            &mut html,
            "h1",
            "td-ink",
            "margin:0;font-size:20px;line-height:1.5;font-weight:600;color:#24211c",
            &self.title,
        );
        block(&mut html, "p", "td-ink", "margin:16px 0 0;color:#24211c", &self.body);
        self.fields_html(&mut html);
        if let Some(link) = &self.link {
            button(&mut html, link, self.open);
        }
        html.push_str("</td></tr></table>");
        self.footer_html(&mut html);
        html.push_str("</td></tr></table></body></html>\n");
        html
    }

    fn fields_html(&self, html: &mut String) {
        if self.fields.is_empty() {
            return;
        }
        html.push_str(r#"<table role="presentation" cellpadding="0" cellspacing="0" width="100%" style="margin:20px 0 0;border-collapse:collapse">"#);
        for (label, value) in &self.fields {
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

    fn footer_html(&self, html: &mut String) {
        html.push_str(r#"<p class="td-quiet" style="margin:16px 4px 0;font-size:12px;color:#66635c">"#);
        html.push_str(&escape(&self.workspace));
        if let Some(url) = self.unsubscribe.as_ref().filter(|url| is_link(url, true)) {
            if !self.workspace.is_empty() {
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

fn button(html: &mut String, link: &str, open: &str) {
    let link_text = escape(link);
    if is_link(link, true) {
        push(
            html,
            format_args!(
                r#"<p style="margin:24px 0 0"><a class="td-button" href="{link_text}" style="display:inline-block;padding:10px 24px;background:#274172;color:#ffffff;border-radius:6px;text-decoration:none;font-weight:600">{open}</a></p>"#
            ),
        );
    } else {
        block(html, "p", "td-quiet", "margin:24px 0 0;color:#66635c", link);
    }
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

/// Line breaks of any kind become `\n`; other control characters go, and so does what turns the reading
/// direction round and lets a text look like another one.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => Some('\n'),
            '\n' | '\t' => Some(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

fn one_line(text: &str) -> String {
    lines(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn non_empty_lines(lines: &[&str]) -> String {
    lines.iter().filter(|line| !line.is_empty()).copied().collect::<Vec<_>>().join("\n")
}

/// At most `limit` characters, whole graphemes, with 「…」 where something is missing.
fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut left = limit.saturating_sub(1);
    for grapheme in text.graphemes(true) {
        let size = grapheme.chars().count();
        if size > left {
            break;
        }
        left -= size;
        short.push_str(grapheme);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{lang::Lang, message::Field};

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

    fn any_message() -> impl Strategy<Value = Message> {
        let text = || r#"(\PC|[<>&"'\r\n\t\x00\u{202e}]){0,60}"#;
        (text(), text(), proptest::option::of(text()), proptest::collection::vec((text(), text()), 0..4))
            .prop_map(|(title, body, link, fields)| Message {
                title,
                body,
                link,
                fields: fields.into_iter().map(|(label, value)| Field { label, value }).collect(),
                ..Message::default()
            })
    }

    fn map(message: &Message, change: impl Fn(&str) -> String) -> Message {
        Message {
            title: change(&message.title),
            body: change(&message.body),
            link: message.link.as_deref().map(&change),
            fields: message
                .fields
                .iter()
                .map(|field| Field { label: change(&field.label), value: change(&field.value) })
                .collect(),
            ..Message::default()
        }
    }

    proptest! {
        /// The same message with harmless letters instead has just as much markup.
        #[test]
        fn no_text_becomes_markup(message in any_message()) {
            let tame = map(&message, |text| text.replace(['<', '>', '&', '"', '\''], "x"));
            let (wild, tame) = (render(&message, &context(), None), render(&tame, &context(), None));
            for mark in ['<', '>', '"', '\''] {
                prop_assert_eq!(wild.html.matches(mark).count(), tame.html.matches(mark).count(), "{}", mark);
            }
        }

        #[test]
        fn a_subject_is_one_short_line(message in any_message(), title in r"(\PC|\r|\n){0,300}") {
            let mail = render(&Message { title, ..message }, &context(), None);
            prop_assert!(!mail.subject.chars().any(char::is_control));
            prop_assert!(mail.subject.chars().count() <= SUBJECT_LIMIT);
            prop_assert!(!mail.subject.is_empty());
            prop_assert!(!mail.text.contains('\r') && !mail.html.contains('\r'));
        }

        #[test]
        fn body_lines_are_kept(body in "[あ-んa-z]{1,8}(\n[あ-んa-z]{0,8}){0,5}") {
            let mail = render(&Message { title: "t".into(), body: body.clone(), ..Message::default() }, &context(), None);
            prop_assert!(mail.text.contains(body.trim_end()));
            prop_assert!(mail.html.contains(&body.trim_end().replace('\n', "<br>\n")));
        }
    }
}
