use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::keys::testing::keys;
use super::super::{FaultKind, FaultTarget, FaultWhen, World};
use super::{Action, Options, Output, Session};

const MAIL: &str = "From: n@minato.example\r\nDate: Sat, 21 Nov 2026 10:00:00 +0900\r\n\
    Message-ID: <1@minato.example>\r\nSubject: s\r\n\r\nhello\r\n";

struct Dialogue {
    world: World,
    session: Session,
}

impl Dialogue {
    fn new(options: Options) -> Self {
        let mut world = World::demo(1, keys());
        world.smtp_options = options;
        let session = world.smtp();
        assert!(session.greeting().starts_with(b"220 "));
        Self { world, session }
    }

    fn signed_in() -> Self {
        let mut dialogue = Self::new(Options::default());
        dialogue.sign_in();
        dialogue
    }

    fn sign_in(&mut self) {
        self.line("EHLO todoke");
        assert_eq!(self.code(&format!("AUTH PLAIN {}", plain("todoke", "sandbox-mail"))), 235);
    }

    fn feed(&mut self, text: &str) -> Output {
        self.session.feed(&mut self.world, text.as_bytes(), 1_000)
    }

    fn line(&mut self, line: &str) -> String {
        String::from_utf8(self.feed(&format!("{line}\r\n")).reply).unwrap()
    }

    fn code(&mut self, line: &str) -> u16 {
        self.line(line)[..3].parse().unwrap()
    }

    /// MAIL, RCPT, DATA, then the message.
    fn send(&mut self, mail: &str) -> Output {
        assert_eq!(self.code("MAIL FROM:<n@minato.example>"), 250);
        assert_eq!(self.code("RCPT TO:<sato@minato.example>"), 250);
        assert_eq!(self.code("DATA"), 354);
        self.feed(&format!("{mail}.\r\n"))
    }

    fn fault(&mut self, kind: FaultKind) {
        self.world.faults.add(FaultTarget::Smtp, kind, FaultWhen::Count { times: 1 });
    }

    fn mails(&self) -> usize {
        self.world.mails("sato@minato.example").len()
    }
}

fn plain(user: &str, password: &str) -> String {
    STANDARD.encode(format!("\0{user}\0{password}"))
}

fn text(output: &Output) -> &str {
    std::str::from_utf8(&output.reply).unwrap()
}

#[test]
fn a_mail_arrives_with_its_dots() {
    let mut dialogue = Dialogue::signed_in();
    let output = dialogue.send(&MAIL.replace("hello", "..dot\r\nhello"));
    assert!(text(&output).starts_with("250 "));
    assert_eq!(dialogue.world.mails("SATO@minato.example")[0].text.as_deref(), Some(".dot\r\nhello\r\n"));
    assert!(text(&dialogue.send(MAIL)).starts_with("250 "), "a second mail in the same session");
    assert_eq!(dialogue.mails(), 2);
    assert_eq!(dialogue.feed("QUIT\r\n").action, Action::Close);
}

#[test]
fn bytes_may_come_in_any_pieces() {
    let mut dialogue = Dialogue::signed_in();
    let all = format!("MAIL FROM:<n@a.example>\r\nRCPT TO:<sato@minato.example>\r\nDATA\r\n{MAIL}.\r\n");
    let replies: String =
        all.split_inclusive(|_| true).map(|piece| text(&dialogue.feed(piece)).to_owned()).collect();
    let codes: Vec<&str> = replies.lines().map(|line| &line[..3]).collect();
    assert_eq!(codes, ["250", "250", "354", "250"]);
    assert_eq!(dialogue.mails(), 1);
}

#[test]
fn both_ways_of_auth_in_both_forms() {
    let user = STANDARD.encode("todoke");
    let password = STANDARD.encode("sandbox-mail");
    let good = plain("todoke", "sandbox-mail");
    for (lines, codes) in [
        (vec![format!("AUTH PLAIN {good}")], vec![235]),
        (vec!["AUTH PLAIN".into(), good], vec![334, 235]),
        (vec!["AUTH LOGIN".into(), user.clone(), password.clone()], vec![334, 334, 235]),
        (vec![format!("AUTH login {user}"), password], vec![334, 235]),
        (vec![format!("AUTH PLAIN {}", plain("todoke", "wrong"))], vec![535]),
        (vec!["AUTH LOGIN".into(), "*".into()], vec![334, 501]),
        (vec!["AUTH CRAM-MD5".into()], vec![504]),
        (vec!["AUTH PLAIN !!!".into()], vec![501]),
    ] {
        let mut dialogue = Dialogue::new(Options::default());
        dialogue.line("EHLO todoke");
        assert_eq!(lines.iter().map(|line| dialogue.code(line)).collect::<Vec<_>>(), codes, "{lines:?}");
        let may_send = codes.last() == Some(&235);
        assert_eq!(dialogue.code("MAIL FROM:<>"), if may_send { 250 } else { 530 });
    }
}

#[test]
fn every_command_has_its_place() {
    let mut dialogue = Dialogue::new(Options::default());
    for (line, code) in [
        ("MAIL FROM:<a@b>", 503),
        ("AUTH PLAIN", 503),
        ("EHLO", 501),
        ("HELO todoke", 250),
        ("MAIL FROM:<a@b>", 530),
        ("RCPT TO:<a@b>", 503),
        ("DATA", 503),
        ("NOOP", 250),
        ("RSET", 250),
        ("STARTTLS", 502),
        ("XYZZY", 502),
    ] {
        assert_eq!(dialogue.code(line), code, "{line}");
    }
    dialogue.sign_in();
    for (line, code) in [
        ("AUTH PLAIN", 503),
        ("MAIL FROM:a@b", 501),
        ("MAIL FROM:<a b>", 553),
        ("MAIL FROM:<a@b> X=1", 555),
        ("MAIL FROM:<a@b> SIZE=99999999999", 552),
        ("mail from:<a@b> size=10 body=8bitmime", 250),
        ("MAIL FROM:<a@b>", 503),
        ("DATA", 503),
        ("RCPT TO:<nobody>", 553),
        ("RCPT TO:<x@bounce.example>", 550),
        ("RCPT TO:<佐藤@a.example>", 500),
        ("RCPT TO:<new@minato.example>", 250),
        ("RSET", 250),
        ("RCPT TO:<a@b>", 503),
    ] {
        assert_eq!(dialogue.code(line), code, "{line}");
    }
}

#[test]
fn a_message_must_be_one() {
    let long = "x".repeat(999);
    let fits = "x".repeat(998);
    for (mail, code) in [
        (MAIL.to_owned(), "250"),
        (MAIL.replace("hello", &fits), "250"),
        (MAIL.replace("hello", &long), "554 5.6.0 line longer"),
        (MAIL.replace("hello\r\n", "hel\nlo\r\n"), "554 5.6.0 lines end"),
        (MAIL.replace("hello\r\n", "hel\rlo\r\n"), "554 5.6.0 lines end"),
        (MAIL.replace("Subject: s", "Subject: 港"), "554 5.6.7"),
        (MAIL.replace("hello", "港"), "554 5.6.1"),
        (MAIL.replace("Date:", "X-Date:"), "554 5.6.0 missing or repeated header: Date"),
        (MAIL.replace("Message-ID:", "X-Id:"), "554 5.6.0 missing or repeated header: Message-ID"),
        (MAIL.replace("From:", "X-From:"), "554 5.6.0 missing or repeated header: From"),
        (
            MAIL.replace("Subject: s", "Subject: s\r\nSubject: t"),
            "554 5.6.0 missing or repeated header: Subject",
        ),
        (MAIL.replace("Subject: s", "no colon"), "554 5.6.0 malformed"),
    ] {
        let mut dialogue = Dialogue::signed_in();
        let output = dialogue.send(&mail);
        assert!(text(&output).starts_with(code), "{} for {mail:?}", text(&output));
        assert_eq!(dialogue.mails(), usize::from(code == "250"));
    }
}

#[test]
fn a_message_may_be_too_big() {
    let mut dialogue = Dialogue::new(Options { max_size: 200, ..Options::default() });
    dialogue.sign_in();
    let big = MAIL.replace("hello", &"hello ".repeat(40));
    assert!(text(&dialogue.send(&big)).starts_with("552 "));
}

#[test]
fn commands_end_with_cr_lf() {
    let mut dialogue = Dialogue::new(Options::default());
    let output = dialogue.feed("EHLO a\n");
    assert!(text(&output).starts_with("500 "));
    assert_eq!(output.action, Action::Close);
    let long = format!("NOOP {}", "x".repeat(520));
    assert_eq!(Dialogue::new(Options::default()).code(&long), 500);
}

#[test]
fn starttls_starts_the_session_over() {
    let mut dialogue = Dialogue::new(Options { starttls: true, auth_needs_tls: true, ..Options::default() });
    let hello = dialogue.line("EHLO todoke");
    assert!(hello.contains("STARTTLS") && !hello.contains("AUTH"), "{hello}");
    assert_eq!(dialogue.code("AUTH PLAIN"), 538);
    let output = dialogue.feed("STARTTLS\r\nEHLO smuggled\r\n");
    assert_eq!((text(&output), output.action), ("220 2.0.0 ready\r\n", Action::StartTls));
    dialogue.session.tls_started();
    assert_eq!(dialogue.code("MAIL FROM:<a@b>"), 503, "the smuggled EHLO must not count");
    let hello = dialogue.line("EHLO todoke");
    assert!(!hello.contains("STARTTLS") && hello.contains("AUTH PLAIN LOGIN"), "{hello}");
}

#[test]
fn faults_speak_smtp() {
    let mut busy = Dialogue::signed_in();
    busy.fault(FaultKind::TooManyRequests);
    let output = busy.feed("MAIL FROM:<a@b>\r\n");
    assert!(text(&output).starts_with("421 "));
    assert_eq!(output.action, Action::Close);

    let mut full = Dialogue::signed_in();
    full.fault(FaultKind::ServerError { status: 452 });
    assert_eq!(full.code("MAIL FROM:<a@b>"), 250);
    assert_eq!(full.code("RCPT TO:<sato@minato.example>"), 452);

    for (kind, reply, action, mails, after_ms) in [
        (FaultKind::ServerError { status: 503 }, "451 ", Action::Continue, 0, 0),
        (FaultKind::TimeoutBefore, "", Action::Silence, 0, 0),
        (FaultKind::TimeoutAfter, "", Action::Silence, 1, 0),
        (FaultKind::Drop, "250 ", Action::Continue, 0, 0),
        (FaultKind::Slow { ms: 700 }, "250 ", Action::Continue, 1, 700),
    ] {
        let mut dialogue = Dialogue::signed_in();
        dialogue.fault(kind);
        let output = dialogue.send(MAIL);
        assert!(text(&output).starts_with(reply), "{kind:?}: {}", text(&output));
        assert_eq!((output.action, dialogue.mails(), output.after_ms), (action, mails, after_ms), "{kind:?}");
    }
}
