//! Any message: what the API lets in and worse.

use proptest::prelude::*;

use crate::{
    lang::Lang,
    message::{Action, ActionStyle, Context, Field, Mentioned, Message},
};

/// Text that tears, breaks out, mentions, hides or overflows somewhere.
pub(super) fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[ぁ-ん一-龥]{0,400}",
        "[<mM \u{200b}\u{0}\t\n]{0,8}",
        r#"(\PC|[<>&"'\r\n\t\x00\u{202e}]){0,60}"#,
        prop::sample::select(vec![
            "<m userId=\"all\">",
            "<M\u{0} userid=",
            "<!channel>",
            "<@U0123ABCD>",
            "<#C0123ABCD>",
            "<https://evil.example|here>",
            "<users/all>",
            "</b><a href=\"https://evil.example\">x</a>",
            "&lt;!here&gt;",
            "&amp;",
            "\u{200b}",
            "\u{3164}",
            "مرحبا",
            "*a* _b_ ~c~ `d`",
        ])
        .prop_map(str::to_owned),
        prop::sample::select(vec![
            ("👨‍👩‍👧", 300),
            ("e\u{301}", 1_500),
            ("届", 10_000),
            ("&", 4_000),
            ("\"\\\n", 2_000),
            ("<", 4_000),
            ("😀", 2_000)
        ])
        .prop_map(|(text, times)| text.repeat(times)),
        Just(format!("e{}", "\u{301}".repeat(3_000))),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn link() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => r"https://example\.jp/[a-zA-Z0-9届け?&=%'|#]{0,900}",
        1 => nasty(),
        1 => Just("javascript:alert(1)".to_owned()),
    ]
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let style = prop::sample::select(vec![ActionStyle::Plain, ActionStyle::Primary, ActionStyle::Danger]);
    let action = ("[a-z0-9_-]{1,40}", prop_oneof!["[ぁ-ん]{1,20}", nasty()], style)
        .prop_map(|(id, label, style)| Action { id, label, style });
    prop::collection::vec(action, 0..6)
}

pub(super) fn message() -> impl Strategy<Value = Message> {
    let field = (nasty(), nasty()).prop_map(|(label, value)| Field { label, value });
    let few = prop::collection::vec(field, 0..3);
    let many = prop::collection::vec(
        ("[ぁ-ん]{0,100}", "[ぁ-ん<&\"\n]{0,1000}").prop_map(|(label, value)| Field { label, value }),
        0..30,
    );
    let tiny = prop::collection::vec("[a-z]".prop_map(|value| Field { label: String::new(), value }), 0..300);
    (nasty(), nasty(), prop::option::of(link()), prop_oneof![6 => few, 2 => many, 1 => tiny], actions())
        .prop_map(|(title, body, link, fields, actions)| Message {
            title,
            body,
            link,
            fields,
            actions,
            ..Message::default()
        })
}

/// A context that owns its texts.
#[derive(Debug, Clone)]
pub(super) struct Around {
    lang: Lang,
    kind: String,
    workspace: String,
    page: Option<String>,
    settled: Option<String>,
    mentions: Vec<Mentioned>,
}

impl Around {
    pub(super) fn context(&self) -> Context<'_> {
        Context {
            lang: self.lang,
            kind: &self.kind,
            workspace: &self.workspace,
            event: Some("ev_01JD8Z3N6Q4V7K2M5X9T0R1C8B"),
            page: self.page.as_deref(),
            settled: self.settled.as_deref(),
            mentions: &self.mentions,
        }
    }
}

pub(super) fn around() -> impl Strategy<Value = Around> {
    let lang = prop::sample::select(vec![Lang::Ja, Lang::En]);
    let settled = prop::option::weighted(0.2, nasty());
    (lang, nasty(), nasty(), prop::option::of(link()), settled, mentions()).prop_map(
        |(lang, kind, workspace, page, settled, mentions)| Around {
            lang,
            kind,
            workspace,
            page,
            settled,
            mentions,
        },
    )
}

/// More than anybody may ask for, with ids that are good somewhere and worse ones.
fn mentions() -> impl Strategy<Value = Vec<Mentioned>> {
    let id = prop_oneof![
        "[a-zA-Z0-9._@+-]{1,120}",
        "[UW][0-9A-Z]{2,11}",
        "users/[0-9]{1,21}",
        Just("users/all".to_owned()),
        Just("all".to_owned()),
        nasty(),
    ];
    let name = prop_oneof![3 => "[ぁ-ん]{1,20}", 1 => nasty()];
    let person = (name, prop::option::of(id)).prop_map(|(name, id)| Mentioned::Person { name, id });
    let one = prop_oneof![9 => person, 1 => Just(Mentioned::Everyone)];
    prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(one, 1..60)]
}
