//! The types of `shared::api` that both faces read, read by [`super::json`]. The tests compare each with what serde
//! writes.

use serde::{
    Deserialize,
    de::value::{Error as Unread, StrDeserializer},
};
use shared::{
    api::{
        Page,
        auth::{Me, Public, PublicWorkspace, Role},
        deliveries::DeliveryRow,
        events::{Claim, Pressed, Target},
        me::{Cell, ChannelCard, KindRow, Notice, Settings, Unsubscription},
    },
    channel::{AddressState, Channel},
    delivery::{Cause, State},
    error::ErrorBody,
    lang::Lang,
    message::{Action, ActionStyle, Field, Message},
    routing::{Decision, Reason, Urgency},
};

use super::json::{FromJson, Json};
use crate::i18n::lang_now;

/// A word that stands for something. Only for long lists of words: what serde makes of it is not small.
pub(crate) fn word<'a, T: Deserialize<'a>>(json: &'a Json) -> Option<T> {
    T::deserialize(StrDeserializer::<Unread>::new(json.str()?)).ok()
}

macro_rules! read {
    ($($type:ty: $json:ident => $read:expr;)*) => {
        $(impl $crate::client::json::FromJson for $type {
            fn from_json($json: &$crate::client::json::Json) -> Option<Self> {
                $read
            }
        })*
    };
}

pub(crate) use read;

read! {
    ErrorBody: json => Some(Self {
        code: word(json.get("code"))?,
        message: json.text("message")?,
        field: json.text("field"),
        errors: json.all("errors")?,
    });
    Me: json => Some(Self {
        id: json.parsed("id")?,
        name: json.text("name")?,
        role: json.maybe("role")?,
        company: json.parsed("company"),
        language: json.maybe("language")?,
        workspace: json.maybe("workspace")?,
    });
    Public: json => Some(Self {
        workspace: json.maybe("workspace"),
        development: json.bool("development")?,
        sign_in: json.all("sign_in")?,
    });
    PublicWorkspace: json => Some(Self { id: json.parsed("id")?, name: json.text("name")? });
    Unsubscription: json => Some(Self {
        kind_name: json.text("kind_name")?,
        workspace: json.text("workspace")?,
        already: json.bool("already")?,
        mandatory: json.bool("mandatory")?,
    });
    Settings: json => Some(Self { channels: json.all("channels")?, kinds: json.all("kinds")? });
    ChannelCard: json => Some(Self {
        channel: json.maybe("channel")?,
        address: json.text("address"),
        state: json.maybe("state"),
        on: json.bool("on")?,
        last_one: json.bool("last_one")?,
        last_ok_at: json.number("last_ok_at"),
    });
    KindRow: json => Some(Self {
        kind: json.text("kind")?,
        name: json.text("name")?,
        app: json.text("app")?,
        app_name: json.text("app_name")?,
        urgency: json.maybe("urgency")?,
        mandatory: json.bool("mandatory")?,
        locked: json.bool("locked").unwrap_or_default(),
        cells: json.all("cells")?,
    });
    Cell: json => Some(Self {
        channel: json.maybe("channel")?,
        on: json.bool("on")?,
        allowed: json.bool("allowed")?,
    });
    Notice: json => Some(Self {
        event: json.parsed("event")?,
        kind_name: json.text("kind_name")?,
        title: json.text("title")?,
        created_at: json.number("created_at")?,
        channels: json.all("channels")?,
        actions: json.all("actions")?,
        claim: json.maybe("claim"),
        unread: json.bool("unread").unwrap_or_default(),
    });
    DeliveryRow: json => Some(Self {
        id: json.parsed("id")?,
        event: json.parsed("event")?,
        kind: json.text("kind")?,
        kind_name: match lang_now() {
            Lang::En => json.text("kind_name_en").or_else(|| json.text("kind_name"))?,
            Lang::Ja => json.text("kind_name")?,
        },
        kind_name_en: None,
        title: json.text("title")?,
        target: json.maybe("target")?,
        channel: json.maybe("channel")?,
        state: json.maybe("state")?,
        decision: json.maybe("decision")?,
        reason: json.maybe("reason")?,
        urgency: json.maybe("urgency")?,
        created_at: json.number("created_at")?,
        due_at: json.number("due_at"),
        done_at: json.number("done_at"),
        tries: json.number("tries")?.try_into().ok()?,
        cause: json.maybe("cause"),
    });
    Target: json => {
        let member = json.get("member");
        if let Some(id) = member.parsed("id") {
            return Some(Self::Member { id, name: member.text("name")? });
        }
        let room = json.get("room");
        Some(Self::Room { id: room.parsed("id")?, name: room.text("name")? })
    };
    Cause: json => Some(Self {
        code: word(json.get("code"))?,
        detail: json.text("detail").unwrap_or_default(),
    });
    Claim: json => Some(Self {
        action: json.text("action")?,
        label: json.text("label")?,
        name: json.text("name")?,
        member: json.parsed("member"),
        channel: json.maybe("channel"),
        at: json.number("at")?,
    });
    Pressed: json => Some(Self { won: json.bool("won")?, claim: json.maybe("claim")? });
    Message: json => Some(Self {
        title: json.text("title")?,
        body: json.text("body").unwrap_or_default(),
        link: json.text("link"),
        fields: json.all("fields")?,
        actions: json.all("actions")?,
        // Only copies for rooms show them.
        mentions: Vec::new(),
    });
    Field: json => Some(Self { label: json.text("label")?, value: json.text("value")? });
    Action: json => Some(Self {
        id: json.text("id")?,
        label: json.text("label")?,
        style: json.maybe("style").unwrap_or_default(),
    });
    Channel: json => Self::from_code(json.str()?);
    AddressState: json => Self::from_code(json.str()?);
    State: json => Self::from_code(json.str()?);
    Reason: json => Self::from_code(json.str()?);
    Role: json => Self::from_code(json.str()?);
    Lang: json => Some(if json.str()? == "en" { Self::En } else { Self::Ja });
    ActionStyle: json => Some(match json.str()? {
        "primary" => Self::Primary,
        "danger" => Self::Danger,
        _ => Self::Plain,
    });
    Urgency: json => match json.str()? {
        "critical" => Some(Self::Critical),
        "normal" => Some(Self::Normal),
        "low" => Some(Self::Low),
        _ => None,
    };
    Decision: json => match json.str()? {
        "deliver" => Some(Self::Deliver),
        "hold" => Some(Self::Hold),
        "skip" => Some(Self::Skip),
        _ => None,
    };
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json) -> Option<Self> {
        json.items().iter().map(T::from_json).collect()
    }
}

impl<T: FromJson> FromJson for Page<T> {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { items: json.all("items")?, next: json.text("next"), total: json.count("total") })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;
    use shared::{
        delivery::CauseCode,
        error::Code,
        id::{CompanyId, DeliveryId, EventId, MemberId, RoomId, WorkspaceId},
    };

    use super::*;
    use crate::client::json;

    /// What serde writes is read back the same.
    fn back<T: Serialize + FromJson + PartialEq + Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(json::read::<T>(&text).as_ref(), Ok(value), "{text}");
    }

    fn claim() -> Claim {
        Claim {
            action: "take".into(),
            label: "対応します".into(),
            name: "佐藤 花子".into(),
            member: Some(MemberId::new(1, [1; 10])),
            channel: Some(Channel::Line),
            at: 1_767_225_600_000,
        }
    }

    fn row(target: Target, cause: Option<CauseCode>) -> DeliveryRow {
        let event = EventId::new(1, [0; 10]);
        DeliveryRow {
            id: DeliveryId::of(&event, 3),
            event,
            kind: "tasks.assigned".into(),
            kind_name: "タスクの割り当て".into(),
            kind_name_en: None,
            title: "見積書".into(),
            target,
            channel: Channel::GoogleChat,
            state: State::Failed,
            decision: Decision::Hold,
            reason: Reason::Scheduled,
            urgency: Urgency::Low,
            created_at: 1,
            due_at: cause.map(|_| 2),
            done_at: None,
            tries: 4,
            cause: cause.map(|code| Cause::new(code, "452")),
        }
    }

    #[test]
    fn every_word_is_known() {
        Code::ALL.iter().for_each(|&code| {
            back(&ErrorBody { code, message: "m".into(), field: Some("to[1]".into()), errors: Vec::new() });
        });
        Channel::ALL.iter().for_each(back);
        AddressState::ALL.iter().for_each(back);
        State::ALL.iter().for_each(back);
        Reason::ALL.iter().for_each(back);
        Role::ALL.iter().for_each(back);
        Urgency::ALL.iter().for_each(back);
        [Decision::Deliver, Decision::Hold, Decision::Skip].iter().for_each(back);
        [ActionStyle::Plain, ActionStyle::Primary, ActionStyle::Danger].iter().for_each(back);
        [Lang::Ja, Lang::En].iter().for_each(back);
    }

    #[test]
    fn what_is_written_is_read() {
        let member = Target::Member { id: MemberId::new(1, [2; 10]), name: "佐藤".into() };
        let room = Target::Room { id: RoomId::new(1, [2; 10]), name: "総務".into() };
        back(&row(member.clone(), None));
        back(&row(room, Some(CauseCode::PostingRestricted)));
        let workspace = PublicWorkspace { id: WorkspaceId::new(1, [0; 10]), name: "みなと商事".into() };
        for company in [None, Some(CompanyId::new(1, [3; 10]))] {
            back(&Me {
                id: MemberId::new(1, [1; 10]),
                name: "佐藤 花子".into(),
                role: Role::CompanyAdmin,
                company,
                language: Lang::En,
                workspace: workspace.clone(),
            });
        }
        back(&Public { workspace: Some(workspace), development: true, sign_in: vec![Channel::Lineworks] });
        back(&Public { workspace: None, development: false, sign_in: Vec::new() });
        back(&Unsubscription {
            kind_name: "k".into(),
            workspace: "w".into(),
            already: true,
            mandatory: false,
        });
        let card = |address: Option<&str>, state| ChannelCard {
            channel: Channel::Line,
            address: address.map(Into::into),
            state,
            on: true,
            last_one: false,
            last_ok_at: state.map(|_| 3),
        };
        let kind = KindRow {
            kind: "a.b".into(),
            name: "n".into(),
            app: "a".into(),
            app_name: "名".into(),
            urgency: Urgency::Critical,
            mandatory: true,
            locked: true,
            cells: vec![Cell { channel: Channel::Email, on: true, allowed: false }],
        };
        back(&Settings {
            channels: vec![card(None, None), card(Some("x"), Some(AddressState::Unverified))],
            kinds: vec![kind],
        });
        let action = |style| Action { id: "take".into(), label: "対応".into(), style };
        let notice = Notice {
            event: EventId::new(1, [0; 10]),
            kind_name: "k".into(),
            title: "t".into(),
            created_at: 5,
            channels: vec![row(member, Some(CauseCode::MailboxFull))],
            actions: vec![action(ActionStyle::Danger), action(ActionStyle::Plain)],
            claim: None,
            unread: true,
        };
        back(&notice);
        let claimed = Notice { actions: Vec::new(), claim: Some(claim()), ..notice.clone() };
        back(&Page { items: vec![notice, claimed], next: Some("dl_1".into()), total: None });
        back(&Pressed { won: false, claim: Claim { member: None, channel: None, ..claim() } });
        back(&Message {
            title: "t".into(),
            body: "b\nc".into(),
            link: Some("https://a.jp".into()),
            fields: vec![Field { label: "l".into(), value: "v".into() }],
            actions: vec![action(ActionStyle::Primary)],
            ..Message::default()
        });
        back(&Message { title: "t".into(), ..Message::default() });
    }
}
