//! The first minute.

use serde_json::json;
use shared::api::auth::Public;

use crate::{
    failure::{Outcome, check, same, there},
    product::SETUP_TOKEN,
    stage::Stage,
};

pub(crate) async fn a_race_gives_one_workspace(stage: &mut Stage) -> Outcome {
    let mut statuses: Vec<u16> = stage.set_ups.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    same(statuses, vec![201, 409, 409, 409], "set-ups at once")?;
    for answer in stage.set_ups.iter().filter(|answer| answer.status == 409) {
        answer.refused(409, "already_set_up", "a set-up that came second")?;
        check(answer.cookie().is_none(), "a refused set-up gave a session")?;
    }
    let public: Public = stage.visitor().get("/api/public").await?;
    same(there(public.workspace, "public workspace")?.id, stage.workspace.clone(), "the default workspace")
}

pub(crate) async fn a_second_set_up_is_refused(stage: &mut Stage) -> Outcome {
    let visitor = stage.visitor().with("x-todoke-setup", "1");
    let body = |token: &str| {
        json!({ "token": token, "workspace": "x", "name": "x", "email": "x@x.example" }).to_string()
    };
    let with_token = visitor.send("POST", "/api/setup", body(SETUP_TOKEN)).await?;
    with_token.refused(409, "already_set_up", "a set-up later")?;
    let without = visitor.send("POST", "/api/setup", body("wrong")).await?;
    without.refused(401, "bad_setup_token", "a set-up with a wrong token and a forged header")
}
