//! Attendance by chat, on a LINE WORKS phone.

use serde_json::{Value, json};
use shared::time::{HOUR, rfc3339};

use crate::{
    failure::{Outcome, check, same},
    messengers::PERSON,
    stage::{PATIENCE, Stage, until},
};

/// Months are those of Japan.
const ZONE: i64 = 9 * HOUR;

pub(crate) async fn a_word_punches_until_the_month_is_submitted(stage: &mut Stage) -> Outcome {
    let on = json!({ "on": true });
    let _: Value = stage.owner.ask("PUT", "/api/attendance/settings", &on).await?;
    say(stage, "出勤", "出勤を記録しました").await?;
    say(stage, "出勤", "すでに").await?;
    let today = rfc3339(stage.change(|_, now| now) + ZONE);
    let month = format!("/api/attendance/months/{}", today.get(..7).unwrap_or_default());
    let sheet: Value = stage.owner.ask("POST", &format!("{month}/submit"), &json!({})).await?;
    same(sheet.get("state"), Some(&json!("submitted")), "the month")?;
    say(stage, "退勤", "提出").await?;
    let after: Value = stage.owner.get(&month).await?;
    same(after.get("days"), sheet.get("days"), "what was punched")
}

/// The owner writes to the bot; its answer has these words.
async fn say(stage: &Stage, text: &str, answer: &str) -> Outcome {
    let before = stage.talk(PERSON).len();
    let talk = format!("bot:{}", stage.bot);
    stage.act("say", &json!({ "person": PERSON, "talk": talk, "text": text })).await?;
    let told = until(PATIENCE, async || {
        stage.talk(PERSON).iter().skip(before + 1).any(|text| text.contains(answer)).then_some(())
    });
    let told = told.await;
    check(told.is_some(), format_args!("{text:?} was not answered {answer:?}: {:?}", stage.talk(PERSON)))
}
