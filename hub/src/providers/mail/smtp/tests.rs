//! Dialogues with a scripted server.

mod server;

use futures_executor::block_on;
use shared::check::{CheckStatus, all_passed};

use self::server::{Cut, Server, Turn};
use super::*;

const PASSWORD: &str = "s3cret  pass";
const MIME: &str = "Subject: x\r\n\r\n.dot\r\nend\r\n";

fn account(security: SmtpSecurity) -> SmtpAccount {
    let server =
        SmtpServer { host: "mail.minato.example".into(), port: 587, security, user: "todoke".into() };
    SmtpAccount { server, password: PASSWORD.into(), development: false }
}

fn envelope() -> Envelope {
    Envelope { from: "notice@minato.example".into(), to: "user@example.net".into() }
}

fn s(text: &str) -> Turn {
    Turn::S(format!("{text}\r\n"))
}

fn c(text: &str) -> Turn {
    Turn::C(format!("{text}\r\n"))
}

fn auth() -> Turn {
    c(&format!("AUTH PLAIN {}", STANDARD.encode(format!("\0todoke\0{PASSWORD}"))))
}

const OFFER: &str =
    "250-mail.minato.example\r\n250-SIZE 5242880\r\n250-8BITMIME\r\n250-AUTH LOGIN PLAIN\r\n250 HELP";

/// STARTTLS up to the second EHLO.
fn opening() -> Vec<Turn> {
    vec![
        s("220 mail.minato.example ESMTP"),
        c("EHLO minato.example"),
        s("250-mail.minato.example\r\n250-STARTTLS\r\n250 HELP"),
        c("STARTTLS"),
        s("220 2.0.0 go ahead"),
        Turn::Encrypt,
        c("EHLO minato.example"),
        s(OFFER),
    ]
}

fn transaction() -> Vec<Turn> {
    vec![
        c("MAIL FROM:<notice@minato.example>"),
        s("250 2.1.0 ok"),
        c("RCPT TO:<user@example.net>"),
        s("250-2.1.5 one\r\n250 2.1.5 ok"),
        c("DATA"),
        s("354 go"),
        Turn::C("Subject: x\r\n\r\n..dot\r\nend\r\n".into()),
        c("."),
        s("250 2.0.0 Ok: queued as 4F2A"),
    ]
}

fn whole() -> Vec<Turn> {
    [opening(), vec![auth(), s("235 2.7.0 ok")], transaction()].concat()
}

fn run(server: &Server) -> Outcome {
    block_on(send(server, &account(SmtpSecurity::Starttls), &envelope(), MIME.as_bytes()))
}

fn accepted() -> Outcome {
    Outcome::Accepted { reference: Some("250 2.0.0 Ok: queued as 4F2A".into()) }
}

/// The dialogue up to and with the reply to the `n`th line of the client, which is `reply`.
fn refused(turns: &[Turn], after: &str, reply: &str) -> Vec<Turn> {
    let at = turns.iter().rposition(|turn| matches!(turn, Turn::C(line) if line.starts_with(after))).unwrap();
    [&turns[..=at], &[s(reply)]].concat()
}

#[test]
fn a_mail_is_handed_over_and_the_line_closed() {
    let server = Server::new(&whole());
    assert_eq!(run(&server), accepted());
    let script = server.0.borrow();
    assert!(script.closed && script.at == script.turns.len());
}

#[test]
fn tls_from_the_start_says_the_same_without_starttls() {
    let turns =
        [vec![s("220 hi"), c("EHLO minato.example"), s(OFFER), auth(), s("235 ok")], transaction()].concat();
    let server = Server::new(&turns);
    let outcome = block_on(send(&server, &account(SmtpSecurity::Tls), &envelope(), MIME.as_bytes()));
    assert_eq!(outcome, accepted());
    assert_eq!(server.0.borrow().connected, Some(Tls::On));
}

#[test]
fn it_does_not_matter_how_replies_are_cut_into_reads() {
    let mut dialogues = vec![whole()];
    for (after, reply) in [
        ("AUTH", "535-5.7.8 bad\r\n535 5.7.8 sign-in"),
        ("RCPT", "550-5.1.1 no\r\n550 5.1.1 such user"),
        (".", "451 4.3.0 later"),
        (".", "gibberish"),
        ("DATA", "554 no"),
    ] {
        dialogues.push(refused(&whole(), after, reply));
    }
    for turns in dialogues {
        let expected = run(&Server::new(&turns));
        let size =
            turns.iter().map(|turn| if let Turn::S(text) = turn { text.len() } else { 0 }).sum::<usize>();
        for split in 1..size {
            assert_eq!(run(&Server::new(&turns).set(|script| script.split = split)), expected, "at {split}");
        }
        assert_eq!(run(&Server::new(&turns).set(|script| script.every = 1)), expected);
    }
}

#[test]
fn a_lost_line_is_uncertain_only_after_the_final_dot() {
    let turns = whole();
    let dot = turns.iter().position(|turn| matches!(turn, Turn::C(line) if line == ".\r\n")).unwrap();
    for at in 0..turns.len() {
        // The final dot may have left although writing it failed; the reply to it may be under way.
        for (cut, certain) in [(Cut::Read(at), at < dot), (Cut::Write(at), at < dot)] {
            // A cut for writing after the last write is no cut; one for reading before a write is found at
            // the next read, by when the dot may be written.
            let outcome = run(&Server::new(&turns).set(|script| script.cut = cut));
            match (cut, outcome) {
                (Cut::Write(at), outcome) if at > dot => assert_eq!(outcome, accepted()),
                (Cut::Read(at), Outcome::Uncertain { cause }) if at + 1 >= dot => {
                    assert_eq!(cause.code, CauseCode::NoAnswer);
                }
                (_, Outcome::Uncertain { cause }) if !certain => assert_eq!(cause.code, CauseCode::NoAnswer),
                (_, Outcome::Retry { after_ms: None, cause }) if certain => {
                    let connected = cut != Cut::Write(0);
                    let code = if connected { CauseCode::NoAnswer } else { CauseCode::NotConnected };
                    assert_eq!(cause.code, code);
                }
                (_, outcome) => panic!("turn {at}: {outcome:?}"),
            }
        }
    }
}

#[test]
fn silence_is_judged_like_a_lost_line() {
    let turns = whole();
    for (at, turn) in turns.iter().enumerate() {
        if matches!(turn, Turn::S(_)) {
            let outcome = run(&Server::new(&turns[..at]));
            let last = at + 1 == turns.len();
            assert_eq!(matches!(outcome, Outcome::Uncertain { .. }), last, "turn {at}: {outcome:?}");
            assert!(last || matches!(outcome, Outcome::Retry { .. }), "turn {at}: {outcome:?}");
        }
    }
}

#[test]
fn each_refusal_has_its_outcome() {
    use CauseCode as C;
    let again = |code| (code, None);
    let never = |code, effect| (code, Some(effect));
    for (after, reply, (code, effect)) in [
        ("EHLO", "502 5.5.1 what", again(C::ProviderError)),
        ("EHLO", "421 4.3.2 busy", again(C::ProviderError)),
        ("STARTTLS", "454 4.7.0 no TLS now", again(C::ProviderError)),
        ("AUTH", "535 5.7.8 bad", again(C::Credentials)),
        ("AUTH", "534 5.7.9 use an app password", again(C::Credentials)),
        ("AUTH", "538 5.7.11 encrypt first", again(C::Credentials)),
        ("AUTH", "500 what", again(C::Credentials)),
        ("AUTH", "454 4.7.0 later", again(C::ProviderError)),
        ("AUTH", "421 bye", again(C::ProviderError)),
        ("MAIL", "530 5.7.0 sign in", again(C::Credentials)),
        ("MAIL", "550 5.7.1 not your address", again(C::SenderRefused)),
        ("MAIL", "553 who", again(C::SenderRefused)),
        ("MAIL", "451 4.3.0 later", again(C::ProviderError)),
        ("RCPT", "550 5.1.1 unknown", never(C::UnknownRecipient, Effect::AddressBroken)),
        ("RCPT", "551 5.1.6 moved", never(C::UnknownRecipient, Effect::AddressBroken)),
        ("RCPT", "553 5.1.3 syntax", never(C::UnknownRecipient, Effect::AddressBroken)),
        ("RCPT", "554 5.1.2 no such domain", never(C::UnknownRecipient, Effect::AddressBroken)),
        ("RCPT", "550 5.2.1 disabled", never(C::UnknownRecipient, Effect::AddressBroken)),
        ("RCPT", "550 unknown user", never(C::UnknownRecipient, Effect::AddressBroken)),
        ("RCPT", "554 no", never(C::MessageRefused, Effect::None)),
        ("RCPT", "550 5.7.1 relaying denied", again(C::SenderRefused)),
        ("RCPT", "550 relay not permitted", again(C::SenderRefused)),
        ("RCPT", "553 5.1.8 bad sender", again(C::SenderRefused)),
        ("RCPT", "530 5.7.0 sign in", again(C::Credentials)),
        ("RCPT", "552 5.2.2 full", again(C::MailboxFull)),
        ("RCPT", "552 full", again(C::MailboxFull)),
        ("RCPT", "452 4.2.2 full", again(C::MailboxFull)),
        ("RCPT", "452 4.5.3 too many recipients", again(C::ProviderError)),
        ("RCPT", "450 4.2.0 greylisted", again(C::ProviderError)),
        ("RCPT", "503 5.5.1 order", again(C::ProviderError)),
        ("DATA", "554 5.5.1 no recipients", never(C::MessageRefused, Effect::None)),
        ("DATA", "451 later", again(C::ProviderError)),
        ("DATA", "250 what", again(C::ProviderError)),
        (".", "552 5.3.4 too big", never(C::MessageRefused, Effect::None)),
        (".", "552 5.2.2 full", again(C::MailboxFull)),
        (".", "550 5.7.1 spam", never(C::MessageRefused, Effect::None)),
        (".", "550 5.1.1 unknown", never(C::UnknownRecipient, Effect::AddressBroken)),
        (".", "452 4.3.1 disk", again(C::ProviderError)),
        (".", "421 4.4.2 bye", again(C::ProviderError)),
    ] {
        let outcome = run(&Server::new(&refused(&whole(), after, reply)));
        match (outcome, effect) {
            (Outcome::Retry { after_ms: None, cause }, None) => {
                assert_eq!((cause.code, cause.detail.as_str()), (code, reply), "{after}");
            }
            (Outcome::Rejected { cause, effect: real }, Some(effect)) => {
                assert_eq!((cause.code, cause.detail.as_str(), real), (code, reply, effect), "{after}");
            }
            (outcome, _) => panic!("{after} {reply}: {outcome:?}"),
        }
    }
}

#[test]
fn what_is_neither_yes_nor_no_after_the_dot_is_uncertain() {
    for reply in ["354 go on", "gibberish", "999 x", ""] {
        let outcome = run(&Server::new(&refused(&whole(), ".", reply)));
        assert!(matches!(outcome, Outcome::Uncertain { .. }), "{reply}: {outcome:?}");
    }
}

#[test]
fn without_starttls_nothing_secret_is_said() {
    let turns = [s("220 hi"), c("EHLO minato.example"), s(OFFER)];
    let outcome = run(&Server::new(&turns));
    assert!(
        matches!(&outcome, Outcome::Retry { cause, .. } if cause.code == CauseCode::NotConnected && cause.detail.contains("STARTTLS")),
        "{outcome:?}"
    );
}

#[test]
fn what_was_said_in_the_clear_does_not_count_under_encryption() {
    let mut turns = whole();
    turns[4] = s("220 go ahead\r\n250-evil\r\n250 AUTH LOGIN\r\n535 5.7.8 injected");
    assert_eq!(run(&Server::new(&turns)), accepted());
}

#[test]
fn plain_is_for_this_machine_in_development() {
    let plain = |host: &str, development| {
        let mut account = account(SmtpSecurity::Plain);
        account.server.host = host.into();
        SmtpAccount { development, ..account }
    };
    for (host, development) in [
        ("mail.minato.example", true),
        ("127.0.0.1", false),
        ("127.0.0.1.evil.example", true),
        ("10.0.0.1", true),
    ] {
        let server = Server::new(&[]);
        let outcome = block_on(send(&server, &plain(host, development), &envelope(), MIME.as_bytes()));
        assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
        assert_eq!(server.0.borrow().connected, None, "{host}");
    }
    for host in ["127.0.0.1", "localhost", "::1"] {
        let turns = [vec![s("220 hi"), c("EHLO minato.example"), s("250 hi")], transaction()].concat();
        let mut account = plain(host, true);
        account.server.user.clear();
        let server = Server::new(&turns);
        assert_eq!(block_on(send(&server, &account, &envelope(), MIME.as_bytes())), accepted());
        assert_eq!(server.0.borrow().connected, Some(Tls::Off));
    }
}

#[test]
fn sign_in_follows_the_offer() {
    let token = STANDARD.encode(format!("\0todoke\0{PASSWORD}"));
    let (user, password) = (STANDARD.encode("todoke"), STANDARD.encode(PASSWORD));
    let login = vec![
        c("AUTH LOGIN"),
        s("334 VXNlcm5hbWU6"),
        c(&user),
        s("334 UGFzc3dvcmQ6"),
        c(&password),
        s("235 ok"),
    ];
    let two_lines = vec![auth(), s("334 "), c(&token), s("235 ok")];
    for (offer, turns) in
        [("250-hi\r\n250 AUTH LOGIN", login), ("250-hi\r\n250 AUTH CRAM-MD5 PLAIN", two_lines)]
    {
        let mut opening = opening();
        opening[7] = s(offer);
        assert_eq!(run(&Server::new(&[opening, turns, transaction()].concat())), accepted(), "{offer}");
    }
    for offer in ["250 hi", "250-hi\r\n250 AUTH CRAM-MD5"] {
        let mut opening = opening();
        opening[7] = s(offer);
        let outcome = run(&Server::new(&opening));
        assert!(
            matches!(&outcome, Outcome::Retry { cause, .. } if cause.code == CauseCode::Credentials),
            "{outcome:?}"
        );
    }
}

#[test]
fn an_echoed_password_stays_out_of_the_cause() {
    let Turn::C(line) = auth() else { unreachable!() };
    let echo = format!("500 5.5.2 unknown: {} / {PASSWORD} / {}", line.trim_end(), STANDARD.encode(PASSWORD));
    for after in ["AUTH", "MAIL", "."] {
        let (Outcome::Retry { cause, .. } | Outcome::Rejected { cause, .. }) =
            run(&Server::new(&refused(&whole(), after, &echo)))
        else {
            panic!("not refused")
        };
        let token = line.trim_end().rsplit(' ').next().unwrap();
        for secret in [PASSWORD, "s3cret pass", token, &STANDARD.encode(PASSWORD)] {
            assert!(!cause.detail.contains(secret), "{}", cause.detail);
        }
        assert!(cause.detail.starts_with("500 5.5.2 unknown: AUTH PLAIN …"), "{}", cause.detail);
    }
}

#[test]
fn replies_without_end_are_given_up() {
    for flood in ["220-x\r\n".repeat(20_000), "2".repeat(200_000)] {
        let outcome = run(&Server::new(&[Turn::S(flood)]).set(|script| script.every = 4_096));
        assert!(
            matches!(&outcome, Outcome::Retry { cause, .. } if cause.code == CauseCode::ProviderError),
            "{outcome:?}"
        );
    }
    // Long but ended: the code alone decides.
    let long = format!("550 5.1.1 {}", "x".repeat(10_000));
    let outcome = run(&Server::new(&refused(&whole(), "MAIL", &long)));
    assert!(
        matches!(&outcome, Outcome::Retry { cause, .. } if cause.code == CauseCode::SenderRefused),
        "{outcome:?}"
    );
}

#[test]
fn addresses_that_could_break_a_line_never_reach_the_server() {
    let to = Envelope { to: "a@b.jp>\r\nRSET".into(), ..envelope() };
    let server = Server::new(&[]);
    let outcome = block_on(send(&server, &account(SmtpSecurity::Tls), &to, MIME.as_bytes()));
    assert!(matches!(outcome, Outcome::Rejected { effect: Effect::AddressBroken, .. }), "{outcome:?}");
    assert_eq!(server.0.borrow().connected, None);
    let from = Envelope { from: "a@b.jp>\r\nRSET".into(), ..envelope() };
    let outcome =
        block_on(send(&Server::new(&[s("220 hi")]), &account(SmtpSecurity::Tls), &from, MIME.as_bytes()));
    assert!(
        matches!(&outcome, Outcome::Retry { cause, .. } if cause.code == CauseCode::SenderRefused),
        "{outcome:?}"
    );
}

#[test]
fn a_check_goes_step_by_step_and_sends_nothing() {
    let turns = [
        opening(),
        vec![
            auth(),
            s("235 ok"),
            c("MAIL FROM:<notice@minato.example>"),
            s("250 ok"),
            c("RSET"),
            s("250 ok"),
        ],
    ]
    .concat();
    let checked = |turns: &[Turn]| {
        block_on(check(&Server::new(turns), &account(SmtpSecurity::Starttls), "notice@minato.example"))
    };
    let steps = checked(&turns);
    assert!(all_passed(&steps));
    assert_eq!(steps.len(), 4);
    assert_eq!(steps[0].found.as_deref(), Some("220 mail.minato.example ESMTP"));

    for (after, reply, broken, code) in [
        ("EHLO", "421 no", 1, CauseCode::ProviderError),
        ("AUTH", "535 5.7.8 wrong", 2, CauseCode::Credentials),
        ("MAIL", "550 5.7.1 not yours", 3, CauseCode::SenderRefused),
    ] {
        let steps = checked(&refused(&turns, after, reply));
        for (index, step) in steps.iter().enumerate() {
            let expected = match index.cmp(&broken) {
                std::cmp::Ordering::Less => CheckStatus::Passed,
                std::cmp::Ordering::Equal => CheckStatus::Failed,
                std::cmp::Ordering::Greater => CheckStatus::Skipped,
            };
            assert_eq!(step.status, expected, "{after} {index}");
        }
        let cause = steps[broken].cause.as_ref().unwrap();
        assert_eq!((cause.code, cause.detail.as_str()), (code, reply));
    }
    let steps = checked(&[s("554 go away")]);
    assert_eq!((steps[0].step, steps[0].status), (CheckName::Connected, CheckStatus::Failed));
    assert_eq!(steps[3], CheckStep::skipped(CheckName::SenderAccepted));
}

#[test]
fn a_check_leaves_out_what_does_not_apply() {
    let mut account = account(SmtpSecurity::Plain);
    account.server.host = "127.0.0.1".into();
    account.server.user.clear();
    account.development = true;
    let turns = [
        s("220 hi"),
        c("EHLO minato.example"),
        s("250 hi"),
        c("MAIL FROM:<notice@minato.example>"),
        s("250 ok"),
        c("RSET"),
        s("250 ok"),
    ];
    let steps = block_on(check(&Server::new(&turns), &account, "notice@minato.example"));
    assert_eq!(
        steps.iter().map(|step| step.step).collect::<Vec<_>>(),
        [CheckName::Connected, CheckName::SenderAccepted]
    );
    assert!(all_passed(&steps));
    let steps = block_on(check(&Server::new(&turns[..2]), &account, "notice@minato.example"));
    assert_eq!(steps[0].status, CheckStatus::Failed);
}
