//! One event with buttons everywhere, pressed on each messenger in turn.

use serde_json::json;
use shared::{
    api::events::{Claim, Recipient},
    channel::Channel,
    delivery::State,
};

use crate::{
    failure::{Outcome, check, same, there},
    messengers::{Messengers, PERSON, Spot},
    stage::{PATIENCE, Stage, until},
};

const LABEL: &str = "対応します";

pub(crate) async fn pressed_on_lineworks(stage: &mut Stage) -> Outcome {
    pressed_on(stage, Channel::Lineworks, false).await
}

pub(crate) async fn pressed_on_line(stage: &mut Stage) -> Outcome {
    pressed_on(stage, Channel::Line, false).await
}

pub(crate) async fn pressed_on_slack(stage: &mut Stage) -> Outcome {
    pressed_on(stage, Channel::Slack, false).await
}

pub(crate) async fn pressed_on_google_chat(stage: &mut Stage) -> Outcome {
    // The person's own channel there is a webhook, whose cards have links only.
    pressed_on(stage, Channel::GoogleChat, true).await
}

/// The token of LINE WORKS and that of Google are signed by WebCrypto here; the sandbox verifies them.
pub(crate) async fn tokens_are_signed_by_the_platform(stage: &mut Stage) -> Outcome {
    stage.everywhere().await?;
    for operation in ["lineworks-auth token 200", "google-oauth token 200"] {
        let count = stage.world(|world| world.log().counters.get(operation).copied());
        check(count.is_some_and(|count| count > 0), format_args!("{operation}: {count:?}"))?;
    }
    Ok(())
}

pub(crate) async fn no_contract_was_broken(stage: &mut Stage) -> Outcome {
    let broken = stage.world(|world| format!("{:?}", world.violations()));
    same(broken.as_str(), "[]", "what broke a vendor's contract")
}

async fn pressed_on(stage: &mut Stage, messenger: Channel, room: bool) -> Outcome {
    let all = stage.everywhere().await?;
    let title = format!("来客があります（{messenger}）");
    let me: shared::api::auth::Me = stage.owner.get("/api/me").await?;
    let mut to = vec![Recipient::Member(me.id.to_string())];
    to.extend(all.rooms.iter().map(|room| Recipient::Room(room.id.to_string())));
    let accepted = stage
        .post(&json!({
            "kind": "tasks.assigned",
            "to": to,
            "title": title,
            "body": "受付にお願いします",
            "actions": [
                { "id": "take", "label": LABEL, "style": "primary" },
                { "id": "pass", "label": "できません" },
            ],
        }))
        .await?;
    same((accepted.deliveries, accepted.skipped), (9, 0), "five channels and four rooms")?;
    stage
        .event_when(&accepted, "not everything was sent", |event| {
            event.deliveries.len() == 9 && event.deliveries.iter().all(|row| row.state == State::Sent)
        })
        .await?;
    for spot in &all.spots {
        let shown = stage.messages(spot).iter().filter(|one| one.to_string().contains(&title)).count();
        same(shown, 1, format_args!("messages in {spot:?}"))?;
    }

    let presser =
        there(all.spots.iter().find(|spot| spot.messenger == messenger && spot.room == room), "spot")?;
    stage.press(presser, &title, LABEL).await?;
    let event = stage.event_when(&accepted, "nobody has it", |event| event.claim.is_some()).await?;
    let claim = there(event.claim, "claim")?;
    same((claim.action.as_str(), claim.label.as_str()), ("take", LABEL), "what was pressed")?;
    same(claim.channel, Some(messenger), "where it was pressed")?;
    if !room {
        same(claim.member.as_ref(), Some(&me.id), "who pressed it")?;
    }
    let settled =
        until(PATIENCE, async || unsettled(stage, &all, presser, &title, &claim).is_empty().then_some(()));
    let settled = settled.await;
    let left = unsettled(stage, &all, presser, &title, &claim);
    check(settled.is_some(), format_args!("not settled: {left:?}"))?;

    // Somebody who presses later, where the buttons are still there, is told; nothing changes.
    let later = if messenger == Channel::Line { Channel::Lineworks } else { Channel::Line };
    let later = there(all.spots.iter().find(|spot| spot.messenger == later && !spot.room), "spot")?;
    stage.press(later, &format!("todoke:{}:pass", accepted.id), "できません").await?;
    let late = format!("すでに{}", line(&claim));
    let told = until(PATIENCE, async || {
        stage.messages(later).iter().any(|one| one.to_string().contains(&late)).then_some(())
    });
    check(told.await.is_some(), format_args!("who came late was not told {late:?}"))?;
    let again = stage.event_when(&accepted, "the claim is gone", |event| event.claim.is_some()).await?;
    same(again.claim, Some(claim.clone()), "the claim")?;

    let mails = stage.mailbox(PERSON);
    same(mails.iter().filter(|subject| subject.contains(&title)).count(), 1, "mails")?;
    check(!mails.iter().any(|subject| subject.contains(LABEL)), format_args!("mails: {mails:?}"))
}

/// What everybody reads of a claim.
fn line(claim: &Claim) -> String {
    format!("{}さんが「{LABEL}」を選びました", claim.name)
}

/// The talks in which the claim cannot be read yet, or in which buttons are left that could be taken away.
fn unsettled<'a>(
    stage: &Stage,
    all: &'a Messengers,
    presser: &Spot,
    title: &str,
    claim: &Claim,
) -> Vec<&'a Spot> {
    let is_open = |spot: &&Spot| {
        let messages: Vec<String> = stage.messages(spot).iter().map(ToString::to_string).collect();
        let ours = messages.iter().filter(|text| text.contains(title));
        if spot.changes() {
            let changed: Vec<&String> = ours.collect();
            return changed.len() != 1
                || changed.iter().any(|text| !text.contains(&line(claim)) || text.contains("todoke:ev_"));
        }
        // Two people at most read a talk with the bot: the presser is answered in other words.
        let answer = if *spot == presser && !spot.room {
            format!("「{LABEL}」を受け付けました")
        } else {
            line(claim)
        };
        ours.filter(|text| text.contains(&answer)).count() != 1
    };
    all.spots.iter().filter(is_open).collect()
}
