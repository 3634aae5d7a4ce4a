//! Mailboxes and the mails in them.

use std::collections::VecDeque;
use std::sync::Arc;

use mail_parser::{MessageParser, MimeHeaders as _};
use serde::Serialize;

use super::World;

/// The way a mail came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Smtp,
    Resend,
}

/// One mail in a mailbox, decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Running number in the world, the same in every mailbox it reached.
    pub no: u64,
    /// Milliseconds UTC.
    pub at: i64,
    pub via: Via,
    pub envelope_from: String,
    pub envelope_to: Vec<String>,
    /// Decoded: `通知 <notice@minato.example>`.
    pub from: String,
    pub to: String,
    pub subject: String,
    /// Names and values as written, unfolded, not decoded.
    pub headers: Vec<(String, String)>,
    pub text: Option<String>,
    pub html: Option<String>,
    /// File names of the attachments.
    pub attachments: Vec<String>,
    /// The message as received; nothing for Resend, which takes no message.
    pub raw: String,
}

impl Mail {
    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}

/// One person's mailbox.
#[derive(Debug, Clone, Default)]
pub struct Mailbox {
    /// Oldest first.
    pub mails: VecDeque<Arc<Mail>>,
    /// The world's version when it last changed.
    pub touched: u64,
}

impl World {
    /// Puts a mail into the mailbox of every envelope recipient, making mailboxes as needed.
    pub(crate) fn deliver(&mut self, mut mail: Mail) -> u64 {
        self.mail_numbers += 1;
        mail.no = self.mail_numbers;
        let number = mail.no;
        if self.dropping {
            return number;
        }
        let touched = self.touch();
        let mail = Arc::new(mail);
        for address in &mail.envelope_to {
            let mailbox = self.mailboxes.entry(address.to_lowercase()).or_default();
            mailbox.touched = touched;
            mailbox.mails.push_back(Arc::clone(&mail));
            while mailbox.mails.len() > self.retention {
                mailbox.mails.pop_front();
            }
        }
        number
    }

    /// A mail by its number.
    #[must_use]
    pub fn mail(&self, no: u64) -> Option<&Mail> {
        self.mailboxes.values().flat_map(|m| &m.mails).find(|m| m.no == no).map(AsRef::as_ref)
    }
}

/// Decodes a received message. Whatever cannot be understood stays empty; `raw` has it all.
pub(crate) fn parse(raw: &[u8], envelope_from: &str, envelope_to: &[String], now_ms: i64) -> Mail {
    let mut mail = Mail {
        no: 0,
        at: now_ms,
        via: Via::Smtp,
        envelope_from: envelope_from.to_owned(),
        envelope_to: envelope_to.to_vec(),
        from: String::new(),
        to: String::new(),
        subject: String::new(),
        headers: Vec::new(),
        text: None,
        html: None,
        attachments: Vec::new(),
        raw: String::from_utf8_lossy(raw).into_owned(),
    };
    let Some(message) = MessageParser::default().parse(raw) else { return mail };
    mail.from = addresses(message.from());
    mail.to = addresses(message.to());
    mail.subject = message.subject().unwrap_or_default().to_owned();
    mail.headers = message.headers_raw().map(|(name, value)| (name.to_owned(), unfold(value))).collect();
    // `body_text` and `body_html` invent a part from the other one; the mailbox shows what was sent.
    let part = |ids: &[u32], html: bool| {
        let part = ids.iter().filter_map(|id| message.part(*id)).find(|part| part.is_text_html() == html)?;
        part.text_contents().map(str::to_owned)
    };
    mail.text = part(&message.text_body, false);
    mail.html = part(&message.html_body, true);
    mail.attachments =
        message.attachments().map(|part| part.attachment_name().unwrap_or("(no name)").to_owned()).collect();
    mail
}

fn addresses(list: Option<&mail_parser::Address<'_>>) -> String {
    let one = |addr: &mail_parser::Addr<'_>| match (addr.name(), addr.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (None, Some(address)) => address.to_owned(),
        (name, None) => name.unwrap_or_default().to_owned(),
    };
    list.map(|list| list.iter().map(one).collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

fn unfold(value: &str) -> String {
    value.replace("\r\n", "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_alternatives_encoded_words_and_transfer_encodings() {
        let raw = concat!(
            "From: =?UTF-8?B?6YCa55+l?= <notice@minato.example>\r\nTo: sato@minato.example\r\n",
            "Subject: =?UTF-8?B?5pys5pel44Gu5LqI5a6a?=\r\n =?UTF-8?Q?_3=E4=BB=B6?=\r\n",
            "List-Unsubscribe: <https://a.example/u>,\r\n <mailto:u@a.example>\r\nMIME-Version: 1.0\r\n",
            "Content-Type: multipart/alternative; boundary=b\r\n\r\n",
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5pys5paH\r\n",
            "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
            "<p class=3D\"a\">=E6=9C=AC</p>\r\n--b--\r\n"
        );
        let mail = parse(raw.as_bytes(), "n@a.example", &["sato@minato.example".into()], 5);
        assert_eq!(mail.from, "通知 <notice@minato.example>");
        assert_eq!(mail.subject, "本日の予定 3件");
        assert_eq!(mail.text.as_deref().map(str::trim), Some("本文"));
        assert_eq!(mail.html.as_deref().map(str::trim), Some("<p class=\"a\">本</p>"));
        assert_eq!(mail.header("list-unsubscribe"), Some("<https://a.example/u>, <mailto:u@a.example>"));
    }

    #[test]
    fn a_plain_mail_has_no_html() {
        let mail = parse(b"From: a@a.example\r\nSubject: s\r\n\r\nhello\r\n", "", &[], 0);
        assert_eq!((mail.text.as_deref(), mail.html), (Some("hello\r\n"), None));
    }
}
