//! What these pages read beside the people themselves (see [`crate::console::wire`]).

use shared::api::{
    member_imports::{Checked, ExportPart, Import, ImportState, RowOutcome, RowResult},
    members::{Invitations, MemberConsequences},
};

use crate::client::{
    json::Json,
    wire::{read, word},
};

read! {
    Checked: json => Some(Self {
        rows: json.all("rows")?,
        companies: json.get("companies").items().iter().filter_map(Json::str).map(Into::into).collect(),
    });
    RowResult: json => Some(Self {
        line: json.number("line")?.try_into().ok()?,
        outcome: RowOutcome::from_code(json.get("outcome").str()?)?,
        member: json.parsed("member"),
        fields: json.get("fields").items().iter().filter_map(Json::str).map(Into::into).collect(),
        code: word(json.get("code")),
        found: json.text("found"),
    });
    Import: json => {
        let count = |name| json.number(name).and_then(|number| number.try_into().ok());
        Some(Self {
            id: json.parsed("id")?,
            file: json.text("file")?,
            state: ImportState::from_code(json.get("state").str()?)?,
            total: count("total")?,
            received: count("received")?,
            done: count("done")?,
            created: count("created")?,
            changed: count("changed")?,
            same: count("same")?,
            failed: count("failed")?,
            by: json.text("by")?,
            created_at: json.number("created_at")?,
            finished_at: json.number("finished_at"),
        })
    };
    ExportPart: json => Some(Self {
        csv: json.text("csv")?,
        rows: json.number("rows")?.try_into().ok()?,
        total: json.number("total").and_then(|total| total.try_into().ok()),
        next: json.text("next"),
    });
    Invitations: json => Some(Self {
        waiting: json.count("waiting")?,
        sent: json.count("sent")?,
        failed: json.count("failed")?,
        asked_at: json.number("asked_at"),
    });
    MemberConsequences: json => Some(Self {
        waiting: json.count("waiting")?,
        doors: json.count("doors")?,
        punches: json.count("punches")?,
    });
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;
    use shared::{
        error::Code,
        id::{ImportId, MemberId},
    };

    use super::*;
    use crate::client::json::{self, FromJson};

    fn back<T: Serialize + FromJson + PartialEq + Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(json::read::<T>(&text).as_ref(), Ok(value), "{text}");
    }

    #[test]
    fn what_the_server_writes_is_read() {
        let failed = RowResult {
            line: 7,
            outcome: RowOutcome::Failed,
            member: None,
            fields: vec!["login_email".into()],
            code: Some(Code::NamedTwice),
            found: Some("3".into()),
        };
        let made = RowResult {
            outcome: RowOutcome::Created,
            member: Some(MemberId::new(1, [1; 10])),
            fields: Vec::new(),
            code: None,
            found: None,
            ..failed.clone()
        };
        back(&Checked { rows: vec![failed, made], companies: vec!["みなと".into()] });
        for (state, finished_at) in ImportState::ALL.into_iter().zip([None, None, Some(3), Some(4), Some(5)])
        {
            back(&Import {
                id: ImportId::new(1, [1; 10]),
                file: "社員.csv".into(),
                state,
                total: 9,
                received: 9,
                done: 8,
                created: 1,
                changed: 2,
                same: 3,
                failed: 2,
                by: "田中".into(),
                created_at: 1,
                finished_at,
            });
        }
        back(&ExportPart { csv: "a,\"b\"\r\n".into(), rows: 1, total: Some(2), next: Some("mb_1".into()) });
        back(&ExportPart { csv: String::new(), rows: 0, total: None, next: None });
        back(&Invitations { waiting: 1, sent: 2, failed: 3, asked_at: Some(4) });
        back(&Invitations::default());
        back(&MemberConsequences { waiting: 1, doors: 2, punches: 3 });
    }
}
