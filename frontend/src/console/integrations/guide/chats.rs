//! The forms of LINE, Slack and Google Chat.

use super::{super::words as w, Guide, Kind, Row, Section, forms::JSON};
use crate::console::texts::integrations as texts;

pub(super) const LOGIN_SECRET: Row =
    Row::new("login_channel_secret", w::CHANNEL_SECRET, Kind::Secret).hint(w::LOGIN_SECRET_WHERE);
pub(super) const CHANNEL_SECRET: Row =
    Row::new("channel_secret", w::CHANNEL_SECRET, Kind::Secret).hint(w::MESSAGING_SECRET_WHERE);
pub(super) const ACCESS_TOKEN: Row =
    Row::new("channel_access_token", w::ACCESS_TOKEN, Kind::Secret).hint(w::ACCESS_TOKEN_WHERE);
pub(super) const LINE_KEY: Row =
    Row::new("private_key", w::LINE_KEY, Kind::File(".json,.pem,.key,.txt")).hint(w::LINE_KEY_WHERE);

pub(super) const LINE: Guide = Guide {
    title: w::LINE_NEW,
    lead: w::LINE_NEW_LEAD,
    first: None,
    sections: &[
        Section::new(
            w::LOGIN_SECTION,
            w::LOGIN_SECTION_WHERE,
            &[
                Row::new("login_channel_id", w::CHANNEL_ID, Kind::Digits).hint(w::CHANNEL_ID_WHERE),
                LOGIN_SECRET,
            ],
        ),
        Section::new(
            w::MESSAGING_SECTION,
            w::MESSAGING_SECTION_WHERE,
            &[
                CHANNEL_SECRET,
                Row::new(
                    "via",
                    w::LINE_VIA,
                    Kind::Chips(&[("token", w::LINE_BY_TOKEN), ("key", w::LINE_BY_KEY)]),
                ),
                ACCESS_TOKEN.when("via", "token"),
                Row::new("messaging_channel_id", w::CHANNEL_ID, Kind::Digits)
                    .hint(w::CHANNEL_ID_WHERE)
                    .when("via", "key"),
                LINE_KEY.when("via", "key"),
                Row::new("kid", w::KID, Kind::Code).hint(w::KID_WHERE).when("via", "key"),
                Row::new("friend_link", w::FRIEND_LINK, Kind::Code).hint(w::FRIEND_LINK_WHERE).optional(),
            ],
        ),
    ],
    saving: texts::SAVE_BUSY,
    saved: texts::SAVED,
};

pub(super) const SLACK_CLIENT_SECRET: Row = Row::new("client_secret", w::CLIENT_SECRET, Kind::Secret);
pub(super) const SIGNING_SECRET: Row =
    Row::new("signing_secret", w::SIGNING_SECRET, Kind::Secret).hint(w::SIGNING_SECRET_WHERE);
pub(super) const BOT_TOKEN: Row = Row::new("bot_token", w::BOT_TOKEN, Kind::Secret).hint(w::BOT_TOKEN_WHERE);

pub(super) const SLACK: Guide = Guide {
    title: w::SLACK_NEW,
    lead: w::SLACK_NEW_LEAD,
    first: Some(Row::new(
        "via",
        w::SLACK_VIA,
        Kind::Chips(&[("token", w::SLACK_BY_TOKEN), ("install", w::SLACK_BY_INSTALL)]),
    )),
    sections: &[
        Section::new(
            w::SLACK_SECTION,
            w::SLACK_SECTION_WHERE,
            &[
                Row::new("client_id", w::CLIENT_ID, Kind::Code).when("via", "install"),
                SLACK_CLIENT_SECRET.when("via", "install"),
                SIGNING_SECRET,
            ],
        ),
        Section {
            when: Some(("via", "token")),
            ..Section::new(w::SLACK_TOKEN_SECTION, w::SLACK_TOKEN_SECTION_WHERE, &[BOT_TOKEN])
        },
    ],
    saving: texts::SAVE_BUSY,
    saved: texts::SAVED,
};

pub(super) const GOOGLE_CHAT: Guide = Guide {
    title: w::CHAT_NEW,
    lead: w::CHAT_NEW_LEAD,
    first: Some(Row::new(
        "webhooks",
        w::CHAT_WEBHOOKS,
        Kind::Chips(&[("yes", w::CHAT_WEBHOOKS_ON), ("no", w::CHAT_WEBHOOKS_OFF)]),
    )),
    sections: &[Section::new(
        w::CHAT_SECTION,
        w::CHAT_SECTION_WHERE,
        &[
            Row::new("service_account", w::KEY_FILE, JSON).hint(w::KEY_FILE_WHERE),
            Row::new(
                "audience",
                w::AUDIENCE,
                Kind::Select(&[("endpoint_url", w::AUDIENCE_URL), ("project_number", w::AUDIENCE_NUMBER)]),
            )
            .hint(w::AUDIENCE_WHERE),
            Row::new("project_number", w::PROJECT_NUMBER, Kind::Digits)
                .hint(w::PROJECT_NUMBER_WHERE)
                .when("audience", "project_number"),
        ],
    )],
    saving: texts::SAVE_BUSY,
    saved: texts::SAVED,
};
