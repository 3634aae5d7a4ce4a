//! What people and rooms are told in a talk.

use shared::{
    channel::Channel,
    inbound::Content,
    lang::Lang,
    message::{Field, Message},
};

pub(super) fn joined(lang: Lang, room: &str) -> Message {
    let (title, label) = match lang {
        Lang::Ja => ("このルームにお知らせを送れるようになりました", "ルームID"),
        Lang::En => ("Notices can now be sent to this room", "Room ID"),
    };
    Message {
        title: title.into(),
        fields: vec![Field { label: label.into(), value: room.into() }],
        ..Message::default()
    }
}

pub(super) fn answer_to(content: &Content, lang: Lang, public_url: &str) -> Message {
    let title = match (content, lang) {
        (Content::Text(_), Lang::Ja) => "このトークにはお知らせが届きます",
        (Content::Text(_), Lang::En) => "Your notices arrive in this talk",
        (Content::Other(_), Lang::Ja) => "文字のメッセージだけを受け付けています",
        (Content::Other(_), Lang::En) => "Only text messages can be read here",
    };
    let body = match lang {
        Lang::Ja => "受け取るチャネルや種類は、わたしの通知のページで変えられます。",
        Lang::En => "Choose channels and kinds on your notices page.",
    };
    page_message(title, body, public_url)
}

/// For somebody whom the workspace does not know on this channel.
pub(crate) fn how_to_link(channel: Channel, lang: Lang, public_url: &str) -> Message {
    let name = channel.name().get(lang);
    match lang {
        Lang::Ja => page_message(
            "このアカウントは、まだだれとも連携していません",
            &format!(
                "わたしの通知のページにサインインして、{name}を連携してください。見つからないときは管理者に知らせてください。"
            ),
            public_url,
        ),
        Lang::En => page_message(
            "This account is not linked to anybody yet",
            &format!("Sign in to your notices page and link {name}, or tell your admin."),
            public_url,
        ),
    }
}

/// The completion message of linking.
pub(crate) fn linked(lang: Lang, public_url: &str) -> Message {
    match lang {
        Lang::Ja => {
            page_message("連携が完了しました", "これからは、このトークにもお知らせが届きます。", public_url)
        }
        Lang::En => page_message("Linked", "Your notices will arrive in this talk too.", public_url),
    }
}

fn page_message(title: &str, body: &str, public_url: &str) -> Message {
    Message {
        title: title.into(),
        body: body.into(),
        link: Some(format!("{public_url}/me")),
        ..Message::default()
    }
}

pub(super) const fn somebody(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "ルームのメンバー",
        Lang::En => "Somebody in the room",
    }
}
