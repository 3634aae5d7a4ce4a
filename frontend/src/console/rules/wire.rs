//! The types of `shared::api::companies`, read without serde.

use shared::api::{
    companies::{CompanyRules, FoundRoom, MemberRules, MemberSettings, RoomChoices, RoomService},
    settings::AppPermission,
};

use crate::client::{json::Json, wire::read};

read! {
    CompanyRules: json => Some(Self {
        id: json.parsed("id")?,
        name: json.text("name")?,
        members: json.count("members")?,
        room: json.maybe("room"),
        kinds: texts(json, "kinds"),
        version: json.number("version")?,
        differs: json.count("differs")?,
    });
    FoundRoom: json => Some(Self { room: json.maybe("room")?, confirmed: json.bool("confirmed")? });
    RoomChoices: json => Some(Self { rooms: json.all("rooms")?, services: json.all("services")? });
    RoomService: json => Some(Self {
        integration: json.parsed("integration")?,
        provider: json.maybe("provider")?,
    });
    MemberRules: json => Some(Self {
        id: json.parsed("id")?,
        name: json.text("name")?,
        company_name: json.text("company_name"),
        off: json.count("off")?,
        channels: texts(json, "channels"),
        channels_off: texts(json, "channels_off"),
    });
    MemberSettings: json => Some(Self { name: json.text("name")?, settings: json.maybe("settings")? });
    AppPermission: json => Some(Self { members_set: json.bool("members_set")? });
}

fn texts(json: &Json, name: &str) -> Vec<String> {
    json.get(name).items().iter().filter_map(Json::str).map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;
    use shared::{
        api::{
            integrations::{Provider, Room},
            me::Settings,
        },
        id::{CompanyId, IntegrationId, MemberId, RoomId},
    };

    use super::*;
    use crate::client::json::{self, FromJson};

    fn back<T: Serialize + FromJson + PartialEq + Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(json::read::<T>(&text).as_ref(), Ok(value), "{text}");
    }

    #[test]
    fn what_serde_writes_is_read_back_the_same() {
        let room = Room {
            id: RoomId::new(1, [0; 10]),
            integration: IntegrationId::new(1, [0; 10]),
            provider: Provider::Slack,
            provider_id: "C1".into(),
            name: "配車".into(),
            open: true,
            since: 3,
        };
        let mut company = CompanyRules {
            id: CompanyId::new(1, [0; 10]),
            name: "山田運送".into(),
            members: 3,
            room: Some(room.clone()),
            kinds: vec!["fleet.alarm".into()],
            version: 2,
            differs: 1,
        };
        back(&company);
        company.room = None;
        back(&company);
        let service = RoomService { integration: room.integration.clone(), provider: Provider::LineworksV1 };
        back(&RoomChoices { rooms: vec![room.clone()], services: vec![service] });
        back(&FoundRoom { room, confirmed: false });
        let member = MemberRules {
            id: MemberId::new(1, [0; 10]),
            name: "佐藤".into(),
            company_name: None,
            off: 4,
            channels: vec!["email".into()],
            channels_off: Vec::new(),
        };
        back(&member);
        back(&MemberRules { company_name: Some("山田運送".into()), ..member });
        back(&MemberSettings {
            name: "佐藤".into(),
            settings: Settings { channels: Vec::new(), kinds: Vec::new() },
        });
        back(&AppPermission { members_set: true });
    }
}
