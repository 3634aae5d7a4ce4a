//! The forms of LINE WORKS and mail, and what can be replaced of any.

use shared::api::integrations::Provider;

use super::{
    super::words as w,
    Guide, Kind, PLAIN, Row, Section,
    chats::{
        ACCESS_TOKEN, BOT_TOKEN, CHANNEL_SECRET, LINE_KEY, LOGIN_SECRET, SIGNING_SECRET, SLACK_CLIENT_SECRET,
    },
};
use crate::console::texts::integrations as texts;

/// What can be reissued at a provider and replaced here. `via` is the word of the form's choice.
#[must_use]
pub const fn replaceable(provider: Provider, via: &str) -> &'static [Row] {
    let first = match via.as_bytes() {
        [first, ..] => *first,
        [] => 0,
    };
    match (provider, first) {
        (Provider::Lineworks, _) => {
            const {
                &[
                    CLIENT_SECRET.optional(),
                    SERVICE_ACCOUNT.optional(),
                    Row::new("private_key", w::PRIVATE_KEY, KEY).hint(w::PRIVATE_KEY_WHERE),
                ]
            }
        }
        // 「fixed_token」 or 「server_id」.
        (Provider::LineworksV1, b'f') => const { &[CONSUMER_KEY.optional(), SERVER_TOKEN.optional()] },
        (Provider::LineworksV1, _) => const { &[CONSUMER_KEY.optional(), V1_KEY] },
        (Provider::Line, b'k') => const { &[LOGIN_SECRET.optional(), CHANNEL_SECRET.optional(), LINE_KEY] },
        (Provider::Line, _) => {
            const { &[LOGIN_SECRET.optional(), CHANNEL_SECRET.optional(), ACCESS_TOKEN.optional()] }
        }
        (Provider::Slack, b'i') => const { &[SLACK_CLIENT_SECRET.optional(), SIGNING_SECRET.optional()] },
        (Provider::Slack, _) => const { &[SIGNING_SECRET.optional(), BOT_TOKEN.optional()] },
        (Provider::GoogleChat, _) => {
            const { &[Row::new("key_file", w::KEY_FILE, JSON).hint(w::KEY_FILE_WHERE)] }
        }
        (Provider::Mail, b'r') => const { &[API_KEY] },
        (Provider::Mail, _) => const { &[PASSWORD] },
        (Provider::WebPush, _) => &[],
    }
}

pub(super) const KEY: Kind = Kind::File(".key,.pem,.txt");
pub(super) const JSON: Kind = Kind::File(".json");

pub(super) const CLIENT_SECRET: Row =
    Row::new("client_secret", w::CLIENT_SECRET, Kind::Secret).hint(w::CLIENT_SECRET_WHERE);
pub(super) const SERVICE_ACCOUNT: Row =
    Row::new("service_account", w::SERVICE_ACCOUNT, Kind::Code).hint(w::SERVICE_ACCOUNT_WHERE);
pub(super) const BOT_ADMIN: Row = Row::new("bot_admin", w::BOT_ADMIN, Kind::Code).hint(w::BOT_ADMIN_WHERE);
pub(super) const BOT_NAME: Row =
    Row::new("bot_name", w::BOT_NAME, Kind::Words).hint(w::BOT_NAME_WHERE).optional();
pub(super) const DOMAIN_ID: Row = Row::new("domain_id", w::DOMAIN_ID, Kind::Digits).hint(w::DOMAIN_ID_WHERE);

pub(super) const LINEWORKS: Guide = Guide {
    title: w::LINEWORKS_NEW,
    lead: w::LINEWORKS_NEW_LEAD,
    first: None,
    sections: &[
        Section::new(
            w::APP_SECTION,
            w::APP_SECTION_WHERE,
            &[
                Row::new("client_id", w::CLIENT_ID, Kind::Code).hint(w::CLIENT_ID_WHERE),
                CLIENT_SECRET,
                SERVICE_ACCOUNT,
                Row::new("private_key", w::PRIVATE_KEY, KEY).hint(w::PRIVATE_KEY_WHERE),
                DOMAIN_ID,
            ],
        ),
        Section::new(
            w::BOT_SECTION,
            w::BOT_SECTION_WHERE,
            &[
                BOT_ADMIN,
                Row::new("bot_subadmin", w::BOT_SUBADMIN, Kind::Code).hint(w::BOT_SUBADMIN_WHERE).optional(),
                BOT_NAME,
            ],
        ),
    ],
    saving: texts::SAVE_BUSY_BOT,
    saved: texts::SAVED_BOT,
};

pub(super) const CONSUMER_KEY: Row =
    Row::new("consumer_key", w::CONSUMER_KEY, Kind::Secret).hint(w::CONSUMER_KEY_WHERE);
pub(super) const SERVER_TOKEN: Row =
    Row::new("token", w::SERVER_TOKEN, Kind::Secret).hint(w::SERVER_TOKEN_WHERE);
pub(super) const V1_KEY: Row = Row::new("private_key", w::V1_KEY, KEY).hint(w::V1_KEY_WHERE);

pub(super) const LINEWORKS_V1: Guide = Guide {
    title: w::V1_NEW,
    lead: w::V1_NEW_LEAD,
    first: None,
    sections: &[
        Section::new(
            w::APP_SECTION,
            w::V1_SECTION_WHERE,
            &[
                Row::new("api_id", w::API_ID, Kind::Code).hint(w::API_ID_WHERE),
                CONSUMER_KEY,
                Row::new(
                    "via",
                    w::V1_VIA,
                    Kind::Chips(&[("server_id", w::V1_BY_ID), ("fixed_token", w::V1_BY_IP)]),
                ),
                Row::new("server_id", w::SERVER_ID, Kind::Code)
                    .hint(w::SERVER_ID_WHERE)
                    .when("via", "server_id"),
                V1_KEY.when("via", "server_id"),
                SERVER_TOKEN.when("via", "fixed_token"),
                DOMAIN_ID,
            ],
        ),
        Section::new(w::BOT_SECTION, w::BOT_SECTION_WHERE, &[BOT_ADMIN, BOT_NAME]),
    ],
    saving: texts::SAVE_BUSY_BOT,
    saved: texts::SAVED_BOT,
};

pub(super) const PASSWORD: Row = Row::new("password", w::PASSWORD, Kind::Password).hint(w::PASSWORD_WHERE);
pub(super) const API_KEY: Row = Row::new("api_key", w::API_KEY, Kind::Secret).hint(w::API_KEY_WHERE);
pub(super) const FROM_ADDRESS: Row = Row::new("from_address", w::FROM_ADDRESS, Kind::Mail);

pub(super) const MAIL: Guide = Guide {
    title: w::MAIL_NEW,
    lead: w::MAIL_NEW_LEAD,
    first: Some(Row::new("via", w::VIA, Kind::Chips(&[("smtp", w::VIA_SMTP), ("resend", w::VIA_RESEND)]))),
    sections: &[
        Section {
            when: Some(("via", "smtp")),
            ..Section::new(
                w::SERVER_SECTION,
                w::SERVER_SECTION_WHERE,
                &[
                    Row::new("host", w::HOST, Kind::Code).hint(w::HOST_WHERE),
                    Row::new(
                        "security",
                        w::SECURITY,
                        Kind::Select(&[("starttls", w::STARTTLS), ("tls", w::TLS), (PLAIN, w::PLAIN)]),
                    ),
                    Row::new("port", w::PORT, Kind::Digits).hint(w::PORT_WHERE),
                    Row::new("user", w::USER, Kind::Code).hint(w::USER_WHERE).optional(),
                    PASSWORD.optional(),
                ],
            )
        },
        Section {
            when: Some(("via", "resend")),
            ..Section::new(w::VIA_RESEND, w::RESEND_SECTION_WHERE, &[API_KEY])
        },
        Section::new(
            w::SENDER_SECTION,
            w::SENDER_SECTION_WHERE,
            &[
                Row::new("from_name", w::FROM_NAME, Kind::Words).hint(w::FROM_NAME_WHERE).optional(),
                FROM_ADDRESS.hint(w::FROM_ADDRESS_WHERE).when("via", "smtp"),
                FROM_ADDRESS.hint(w::FROM_ADDRESS_WHERE_RESEND).when("via", "resend"),
                Row::new("reply_to", w::REPLY_TO, Kind::Mail).hint(w::REPLY_TO_WHERE).optional(),
            ],
        ),
    ],
    saving: texts::SAVE_BUSY,
    saved: texts::SAVED,
};
