//! What 配信 reads besides deliveries: work on many at once.

use shared::api::bulk::{BulkAction, BulkCount, BulkJob, BulkState};

use crate::client::wire::read;

read! {
    BulkCount: json => Some(Self {
        chosen: json.count("chosen")?,
        matching: json.count("matching")?,
        uncertain: json.count("uncertain")?,
    });
    BulkJob: json => Some(Self {
        id: json.parsed("id")?,
        action: match json.get("action").str()? {
            "resend" => BulkAction::Resend,
            "cancel" => BulkAction::Cancel,
            _ => return None,
        },
        state: match json.get("state").str()? {
            "running" => BulkState::Running,
            "done" => BulkState::Done,
            "stopped" => BulkState::Stopped,
            _ => return None,
        },
        total: json.count("total")?,
        changed: json.count("changed")?,
        by: json.text("by")?,
        created_at: json.number("created_at")?,
        finished_at: json.number("finished_at"),
    });
}

#[cfg(test)]
mod tests {
    use shared::id::BulkId;

    use super::*;
    use crate::client::json;

    #[test]
    fn what_the_server_writes_is_read() {
        for (action, state, finished_at) in [
            (BulkAction::Resend, BulkState::Running, None),
            (BulkAction::Cancel, BulkState::Done, Some(9)),
            (BulkAction::Cancel, BulkState::Stopped, Some(9)),
        ] {
            let job = BulkJob {
                id: BulkId::new(1, [0; 10]),
                action,
                state,
                total: 450,
                changed: 200,
                by: "佐藤".into(),
                created_at: 1,
                finished_at,
            };
            let text = serde_json::to_string(&job).unwrap();
            assert_eq!(json::read::<BulkJob>(&text), Ok(job));
        }
        let count = BulkCount { chosen: 3, matching: 2, uncertain: 1 };
        assert_eq!(json::read::<BulkCount>(&serde_json::to_string(&count).unwrap()), Ok(count));
    }
}
