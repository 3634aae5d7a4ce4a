//! API keys: what a scope allows, and the line that tries a new key.

use shared::{api::settings::Scope, id::MemberId, lang::Text};

use crate::client::json::{Out, object};

/// What a scope allows, in words.
#[must_use]
pub const fn scope_name(scope: Scope) -> Text {
    match scope {
        Scope::EventsWrite => Text::new("通知を送る", "Send notices"),
        Scope::EventsRead => Text::new("通知の結果を読む", "Read what became of notices"),
        Scope::Admin => {
            Text::new("メンバー・会社・ルーム・種類を管理する", "Manage members, companies, rooms and kinds")
        }
        Scope::AttendanceRead => Text::new("勤怠を読む", "Read attendance"),
        Scope::AbsencesWrite => {
            Text::new("不在予定を登録・変更・削除する", "Enter, change and delete absences")
        }
        Scope::AbsencesRead => Text::new("不在予定を読む", "Read absences"),
    }
}

/// The word that the API uses for a scope.
#[must_use]
pub const fn scope_code(scope: Scope) -> &'static str {
    match scope {
        Scope::EventsWrite => "events:write",
        Scope::EventsRead => "events:read",
        Scope::Admin => "admin",
        Scope::AttendanceRead => "attendance:read",
        Scope::AbsencesWrite => "absences:write",
        Scope::AbsencesRead => "absences:read",
    }
}

/// A line for a terminal that sends a first notice to the reader alone.
#[must_use]
pub fn curl_line(origin: &str, key: &str, to: &MemberId, title: &str) -> String {
    let to = object(&[("member", Out::Text(to.as_str()))]);
    let body = object(&[
        ("kind", Out::Text("tasks.assigned")),
        ("to", Out::Json(&format!("[{to}]"))),
        ("title", Out::Text(title)),
    ]);
    // A quote inside single quotes would end them in a shell.
    let body = body.replace('\'', "'\\''");
    format!(
        "curl {origin}/api/v1/events \\\n  -H 'Authorization: Bearer {key}' \\\n  -H 'Content-Type: application/json' \\\n  -H 'Idempotency-Key: first-notice' \\\n  -d '{body}'"
    )
}

#[cfg(test)]
mod tests {
    use shared::api::events::EventRequest;

    use super::*;

    #[test]
    fn scope_words_are_those_of_the_wire() {
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope_code(scope));
        }
    }

    #[test]
    fn the_line_carries_a_valid_event() {
        let line = curl_line("https://todoke.example", "tdk_x", &MemberId::new(1, [1; 10]), "It's here");
        let body = line.split("-d '").nth(1).unwrap().strip_suffix('\'').unwrap().replace("'\\''", "'");
        let event: EventRequest = serde_json::from_str(&body).unwrap();
        assert_eq!(event.title, "It's here");
        assert!(
            line.starts_with("curl https://todoke.example/api/v1/events ") && line.contains("Bearer tdk_x'")
        );
    }
}
