//! One mail as an RFC 5322 message. The same [`Mail`] gives the same bytes on any machine at any time:
//! nothing is left for the builder to make up.

use mail_builder::{
    MessageBuilder,
    headers::{
        address::Address, content_type::ContentType, date::Date, message_id::MessageId, raw::Raw, text::Text,
    },
    mime::MimePart,
};

use super::{Mail, MailError};

/// The message: ASCII headers, CRLF everywhere, no line over 998 bytes, plain text before HTML. The
/// Message-ID is `<{id}@{sender domain}>` at each try (email.md §6).
pub fn build(mail: &Mail<'_>) -> Result<Vec<u8>, MailError> {
    mail.check()?;
    let from = &mail.settings.from_address;
    let (_, domain) = from.rsplit_once('@').ok_or(MailError::From)?;
    let name = Some(mail.settings.from_name.as_str()).filter(|name| !name.is_empty());

    let mut message = MessageBuilder::new()
        .header("From", Address::new_address(name, from.as_str()))
        .header("To", Address::new_address(None::<&str>, mail.to));
    if let Some(reply_to) = mail.settings.reply_to.as_deref() {
        message = message.header("Reply-To", Address::new_address(None::<&str>, reply_to));
    }
    message = message
        .header("Subject", Text::new(mail.content.subject.as_str()))
        .header("Date", Date::new(mail.at.div_euclid(1_000)))
        .header("Message-ID", MessageId::new(format!("{}@{domain}", mail.id)))
        .header("MIME-Version", Raw::new("1.0"));
    for (header, value) in mail.notice_headers() {
        message = message.header(header, Raw::new(value));
    }

    // `=_` cannot occur in base64 or quoted-printable; in a body that needs neither, it would take the id,
    // which nobody knows when writing one.
    let boundary = format!("=_todoke_{}", mail.id);
    let parts = vec![
        MimePart::new("text/plain", crlf(&mail.content.text)),
        MimePart::new("text/html", crlf(&mail.content.html)),
    ];
    let body =
        MimePart::new(ContentType::new("multipart/alternative").attribute("boundary", boundary), parts);
    let mut bytes = Vec::new();
    message.body(body).serialize(&mut bytes);
    Ok(bytes)
}

fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;
    use proptest::prelude::*;
    use shared::{
        integration::{MailForm, MailVia},
        render::mail::MailContent,
    };

    use super::*;
    use crate::providers::mail::{MailSettings, split};

    const ID: &str = "dl_01kdvn8b000004106105gr87zz00003";

    fn settings() -> MailSettings {
        split(&MailForm {
            via: MailVia::Resend,
            from_address: "notice@mail.minato.example".into(),
            from_name: "みなと運送 通知".into(),
            reply_to: "office@minato.example".into(),
            ..MailForm::default()
        })
        .0
    }

    fn content() -> MailContent {
        MailContent {
            subject: "本日の予定 3件".into(),
            text: "予定\n.点で始まる行\n".into(),
            html: "<p>予定</p>\n".into(),
        }
    }

    fn mail<'a>(settings: &'a MailSettings, content: &'a MailContent) -> Mail<'a> {
        Mail {
            id: ID,
            at: 1_795_219_200_123,
            settings,
            to: "user@example.net",
            content,
            unsubscribe: Some("https://app.minato.example/u/3fJ"),
        }
    }

    fn assert_wire_form(bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(text.is_ascii(), "{text}");
        let without = text.replace("\r\n", "");
        assert!(!without.contains(['\r', '\n']), "a bare CR or LF: {text:?}");
        assert!(text.split("\r\n").all(|line| line.len() <= 998));
    }

    #[test]
    fn the_bytes_are_pinned() {
        let bytes = build(&mail(&settings(), &content())).unwrap();
        assert_wire_form(&bytes);
        assert_eq!(
            String::from_utf8(bytes).unwrap().replace("\r\n", "\n"),
            concat!(
                r#"From: =?utf-8?B?44G/44Gq44Go6YGL6YCBIOmAmuefpQ==?="#,
                "\n",
                r#" <notice@mail.minato.example>"#,
                "\n",
                r#"To: <user@example.net>"#,
                "\n",
                r#"Reply-To: <office@minato.example>"#,
                "\n",
                r#"Subject: =?utf-8?B?5pys5pel44Gu5LqI5a6aIDPku7Y=?="#,
                "\n",
                r#"Date: Sat, 21 Nov 2026 00:00:00 +0000"#,
                "\n",
                r#"Message-ID: <dl_01kdvn8b000004106105gr87zz00003@mail.minato.example>"#,
                "\n",
                r#"MIME-Version: 1.0"#,
                "\n",
                r#"Auto-Submitted: auto-generated"#,
                "\n",
                r#"X-Auto-Response-Suppress: All"#,
                "\n",
                r#"X-Outbox-Id: dl_01kdvn8b000004106105gr87zz00003"#,
                "\n",
                r#"List-Unsubscribe: <https://app.minato.example/u/3fJ>"#,
                "\n",
                r#"List-Unsubscribe-Post: List-Unsubscribe=One-Click"#,
                "\n",
                r#"Content-Type: multipart/alternative;"#,
                "\n",
                r#" boundary="=_todoke_dl_01kdvn8b000004106105gr87zz00003""#,
                "\n",
                "\n",
                r#"--=_todoke_dl_01kdvn8b000004106105gr87zz00003"#,
                "\n",
                r#"Content-Type: text/plain; charset="utf-8""#,
                "\n",
                r#"Content-Transfer-Encoding: base64"#,
                "\n",
                "\n",
                r#"5LqI5a6aDQou54K544Gn5aeL44G+44KL6KGMDQo="#,
                "\n",
                "\n",
                r#"--=_todoke_dl_01kdvn8b000004106105gr87zz00003"#,
                "\n",
                r#"Content-Type: text/html; charset="utf-8""#,
                "\n",
                r#"Content-Transfer-Encoding: base64"#,
                "\n",
                "\n",
                r#"PHA+5LqI5a6aPC9wPg0K"#,
                "\n",
                "\n",
                r#"--=_todoke_dl_01kdvn8b000004106105gr87zz00003--"#,
                "\n",
            )
        );
    }

    #[test]
    fn a_reader_gets_back_what_was_meant() {
        let (settings, content) = (settings(), content());
        let bytes = build(&mail(&settings, &content)).unwrap();
        let read = MessageParser::new().parse(&bytes).unwrap();
        let from = read.from().unwrap().first().unwrap();
        assert_eq!(
            (from.name(), from.address()),
            (Some("みなと運送 通知"), Some("notice@mail.minato.example"))
        );
        assert_eq!(read.to().unwrap().first().unwrap().address(), Some("user@example.net"));
        assert_eq!(read.reply_to().unwrap().first().unwrap().address(), Some("office@minato.example"));
        assert_eq!(read.subject(), Some("本日の予定 3件"));
        assert_eq!(read.message_id(), Some(format!("{ID}@mail.minato.example").as_str()));
        assert_eq!(read.date().unwrap().to_timestamp(), 1_795_219_200);
        assert_eq!(read.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(read.header_raw("X-Auto-Response-Suppress").map(str::trim), Some("All"));
        assert_eq!(read.header_raw("X-Outbox-Id").map(str::trim), Some(ID));
        assert_eq!(
            read.header_raw("List-Unsubscribe").map(str::trim),
            Some("<https://app.minato.example/u/3fJ>")
        );
        assert_eq!(
            read.header_raw("List-Unsubscribe-Post").map(str::trim),
            Some("List-Unsubscribe=One-Click")
        );
        assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), content.text);
        assert_eq!(read.body_html(0).unwrap().replace("\r\n", "\n"), content.html);
    }

    #[test]
    fn without_a_page_there_is_no_unsubscribe_header() {
        let (settings, content) = (MailSettings { reply_to: None, ..settings() }, content());
        let bytes = build(&Mail { unsubscribe: None, ..mail(&settings, &content) }).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("List-Unsubscribe") && !text.contains("Reply-To"), "{text}");
    }

    #[test]
    fn header_injection_is_refused_by_field() {
        let (good, words) = (settings(), content());
        let evil = "x\r\nBcc: y@z.jp";
        let with = |change: fn(&mut MailSettings, &str)| {
            let mut settings = good.clone();
            change(&mut settings, evil);
            settings
        };
        let from = with(|s, evil| s.from_address = evil.into());
        let name = with(|s, evil| s.from_name = evil.into());
        let reply = with(|s, evil| s.reply_to = Some(evil.into()));
        let subject = MailContent { subject: evil.into(), ..words.clone() };
        let long = format!("https://a.jp/{}", "x".repeat(900));
        let fine = mail(&good, &words);
        for (bad, error) in [
            (Mail { settings: &from, ..fine }, MailError::From),
            (Mail { settings: &name, ..fine }, MailError::FromName),
            (Mail { settings: &reply, ..fine }, MailError::ReplyTo),
            (Mail { to: "a@b.jp\nx: y", ..fine }, MailError::To),
            (Mail { content: &subject, ..fine }, MailError::Subject),
            (Mail { unsubscribe: Some("https://a.jp/\r\nx: y"), ..fine }, MailError::Unsubscribe),
            (Mail { unsubscribe: Some("http://a.jp/"), ..fine }, MailError::Unsubscribe),
            (Mail { unsubscribe: Some("https://a.jp/ä"), ..fine }, MailError::Unsubscribe),
            (Mail { unsubscribe: Some(&long), ..fine }, MailError::Unsubscribe),
            (Mail { id: "a\r\nb", ..fine }, MailError::Id),
            (Mail { id: "", ..fine }, MailError::Id),
        ] {
            assert_eq!(build(&bad), Err(error));
        }
        assert!(build(&Mail { unsubscribe: Some("http://127.0.0.1:8787/u/1"), ..fine }).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_carried_and_gives_the_same_bytes(
            subject in r"[ -~あ-んé😀]{0,200}",
            name in r#"[ -~あ-ん"\\,<>@]{0,60}"#,
            text in r"(\PC|[\r\n\t.]){0,200}",
            html in r"(\PC|[\n<>=]){0,1500}",
        ) {
            let settings = MailSettings { from_name: name, ..settings() };
            let content = MailContent { subject, text, html };
            let bytes = build(&mail(&settings, &content)).unwrap();
            assert_wire_form(&bytes);
            prop_assert_eq!(&bytes, &build(&mail(&settings, &content)).unwrap());
            let read = MessageParser::new().parse(&bytes).unwrap();
            prop_assert_eq!(read.from().unwrap().first().unwrap().address(), Some("notice@mail.minato.example"));
            let headers: Vec<_> = read.headers().iter().map(|header| header.name().to_owned()).collect();
            prop_assert_eq!(headers.len(), 13, "{:?}", headers);
            prop_assert_eq!(read.subject().unwrap_or_default().split_whitespace().collect::<Vec<_>>(),
                content.subject.split_whitespace().collect::<Vec<_>>());
            let carried = read.body_text(0).unwrap().replace("\r\n", "\n");
            prop_assert_eq!(carried, content.text.replace("\r\n", "\n").replace('\r', "\n"));
            let carried = read.body_html(0).unwrap().replace("\r\n", "\n");
            prop_assert_eq!(carried, content.html);
        }
    }
}
