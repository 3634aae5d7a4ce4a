//! What is not let in.

use serde_json::json;
use shared::id::{EventId, IntegrationId, MemberId, WorkspaceId};

use crate::{
    failure::{Outcome, same},
    stage::Stage,
};

fn id_of_nobody() -> [u8; 10] {
    [7; 10]
}

pub(crate) async fn bad_keys_and_strangers(stage: &mut Stage) -> Outcome {
    let event = json!({ "kind": "tasks.assigned", "to": [{ "everyone": true }], "title": "x" }).to_string();
    let own = stage.workspace.as_str().trim_start_matches(WorkspaceId::PREFIX).to_owned();
    let stranger = WorkspaceId::new(1, id_of_nobody());
    let strange = stranger.as_str().trim_start_matches(WorkspaceId::PREFIX).to_owned();
    let secret = "a".repeat(43);
    for authorization in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer nonsense".to_owned(),
        format!("Bearer tdk_{own}_{secret}"),
        format!("Bearer tdk_{strange}_{secret}"),
        format!("Basic {secret}"),
    ] {
        let somebody = stage.visitor().with("authorization", authorization.clone());
        let answer = somebody.send("POST", "/api/v1/events", event.clone()).await?;
        answer.refused(401, "bad_key", &authorization)?;
    }
    let nobody = stage.visitor().send("POST", "/api/v1/events", event).await?;
    nobody.refused(401, "bad_key", "no key at all")?;
    for cookie in
        ["todoke=".to_owned(), format!("todoke={stranger}.{secret}"), format!("todoke=ws_{own}.{secret}")]
    {
        let somebody = stage.visitor().with("cookie", cookie.clone());
        somebody.send("GET", "/api/me", "").await?.refused(401, "not_signed_in", &cookie)?;
    }
    // A page of another site makes the browser send the session along.
    let elsewhere = stage.owner.with("origin", "https://evil.example");
    let answer = elsewhere.send("POST", "/api/v1/companies", json!({ "name": "x" }).to_string()).await?;
    answer.refused(403, "wrong_origin", "a write from another site")
}

pub(crate) async fn what_is_not_ours_is_not_found(stage: &mut Stage) -> Outcome {
    let (event, member) = (EventId::new(1, id_of_nobody()), MemberId::new(1, id_of_nobody()));
    for path in
        [format!("/api/v1/events/{event}"), format!("/api/v1/members/{member}"), "/api/v1/nothing".to_owned()]
    {
        stage.system.send("GET", &path, "").await?.refused(404, "not_found", &path)?;
    }
    let (ours, nobodys) = (&stage.workspace, WorkspaceId::new(1, id_of_nobody()));
    let integration = IntegrationId::new(1, id_of_nobody());
    for path in [
        format!("/hooks/lineworks/{nobodys}/{}", stage.lineworks.id),
        format!("/hooks/lineworks/{ours}/{integration}"),
        format!("/hooks/nothing/{ours}/{integration}"),
        format!("/u/{}.x", "0".repeat(26)),
    ] {
        stage.visitor().send("POST", &path, "{}").await?.refused(404, "not_found", &path)?;
    }
    // What only the platform may ask.
    for path in ["/internal/wake", "/directory/claim"] {
        let answer = stage.visitor().with("x-todoke-workspace", ours.as_str()).send("POST", path, "").await?;
        same((400..500).contains(&answer.status), true, format_args!("{path} answered {}", answer.status))?;
    }
    Ok(())
}

pub(crate) async fn what_is_too_large(stage: &mut Stage) -> Outcome {
    let event = json!({ "kind": "tasks.assigned", "to": [{ "everyone": true }], "title": "x", "body": "あ".repeat(25_000) });
    let answer = stage.system.send("POST", "/api/v1/events", event.to_string()).await?;
    answer.refused(413, "too_large", "an event of 75 kB")?;
    let path = format!("/hooks/lineworks/{}/{}", stage.workspace, stage.lineworks.id);
    let answer = stage.visitor().send("POST", &path, vec![b' '; (1 << 20) + 1]).await?;
    answer.refused(413, "too_large", "a callback of more than 1 MiB")
}
