//! Any message at all: every provider's limits hold, nothing is empty, nobody is mentioned, nothing breaks out,
//! and every action is there unless the notice is settled.

mod any;
mod checks;

use any::{around, message, nasty};
use checks::{check_google_chat, check_line, check_lineworks, check_mail, check_slack, check_web_push};
use proptest::prelude::*;

use super::{google_chat, mail};
use crate::message::{Action, ActionStyle, Context, Field, MAX_ACTIONS, Mentioned, Message};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lineworks_holds(message in message(), around in around()) {
        check_lineworks(&message, &around.context())?;
    }

    #[test]
    fn line_holds(message in message(), around in around()) {
        check_line(&message, &around.context())?;
    }

    #[test]
    fn slack_holds(message in message(), around in around()) {
        check_slack(&message, &around.context())?;
    }

    #[test]
    fn google_chat_holds(message in message(), around in around()) {
        check_google_chat(&message, &around.context(), google_chat::Mode::App)?;
        check_google_chat(&message, &around.context(), google_chat::Mode::Webhook)?;
    }

    #[test]
    fn mail_holds(message in message(), around in around()) {
        check_mail(&message, &around.context())?;
    }

    #[test]
    fn web_push_holds(message in message(), around in around()) {
        check_web_push(&message, &around.context())?;
    }

    /// Two harmless halves must not make a mention together.
    #[test]
    fn halves_do_not_join(before in nasty(), after in nasty()) {
        let message = Message {
            title: format!("{before}<"),
            body: format!("m userId=\"all\">{after}"),
            ..Message::default()
        };
        check_lineworks(&message, &Context { event: Some("ev_1"), ..Context::default() })?;
    }

    #[test]
    fn a_mail_keeps_the_lines_of_a_body(body in "[あ-んa-z]{1,8}(\n[あ-んa-z]{0,8}){0,5}") {
        let message = Message { title: "t".into(), body: body.clone(), ..Message::default() };
        let mail = mail::render(&message, &Context::default(), None);
        prop_assert!(mail.text.contains(body.trim_end()));
        prop_assert!(mail.html.contains(&body.trim_end().replace('\n', "<br>\n")));
    }
}

/// The largest message the API takes, in the characters that grow most, fits every provider. A few long fields
/// fill the limits as well as many short ones do, with other amounts of JSON around them.
#[test]
fn the_largest_message_fits() {
    for heavy in ["届", "&", "<", "\"", "\\", "\n", "😀"] {
        let of = |times: usize| format!("x{}x", heavy.repeat(times));
        let around = Context {
            kind: "承認の依頼",
            workspace: &of(200),
            event: Some("ev_01JD8Z3N6Q4V7K2M5X9T0R1C8B"),
            page: Some(&format!("https://t.jp/{}", "n".repeat(980))),
            mentions: &vec![Mentioned::Person { name: of(98), id: None }; 50],
            ..Context::default()
        };
        let action = Action { id: "a".repeat(40), label: of(18), style: ActionStyle::Danger };
        for (label, value) in [(98, 998), (98, 100), (8, 280), (8, 90), (0, 40)] {
            let message = Message {
                title: of(198),
                body: of(9_998),
                link: Some(format!("https://a.jp/{}", "x".repeat(980))),
                fields: vec![Field { label: of(label), value: of(value) }; 20],
                actions: vec![action.clone(); MAX_ACTIONS],
                ..Message::default()
            };
            let result = check_lineworks(&message, &around)
                .and_then(|()| check_line(&message, &around))
                .and_then(|()| check_slack(&message, &around))
                .and_then(|()| check_google_chat(&message, &around, google_chat::Mode::App))
                .and_then(|()| check_google_chat(&message, &around, google_chat::Mode::Webhook))
                .and_then(|()| check_web_push(&message, &around));
            assert!(result.is_ok(), "{heavy:?} {label} {value}: {result:?}");
        }
    }
}

/// The tail may be longer than what it stands for: a text one over the limit is cut and leads on all the same.
#[test]
fn a_text_just_over_the_limit_leads_on() {
    let around = Context { event: Some("ev_1"), page: Some("https://t.jp/n/1"), ..Context::default() };
    for length in [1_990, 2_001, 3_001, 5_001, 12_001] {
        for field in [None, Some("v".to_owned())] {
            let fields = field.map(|value| Field { label: "l".into(), value }).into_iter().collect();
            let message =
                Message { title: "t".into(), body: "b".repeat(length), fields, ..Message::default() };
            let result = check_lineworks(&message, &around)
                .and_then(|()| check_line(&message, &around))
                .and_then(|()| check_slack(&message, &around))
                .and_then(|()| check_google_chat(&message, &around, google_chat::Mode::App));
            assert!(result.is_ok(), "{length}: {result:?}");
        }
    }
}
