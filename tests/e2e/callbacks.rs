//! What LINE WORKS tells the product.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac as _};
use sandbox::world::CallbackAnswer;
use sha2::Sha256;

use crate::{
    failure::{Outcome, check, same},
    stage::{PATIENCE, ROOM, Stage, until},
};

pub(crate) async fn only_what_is_signed_is_taken(stage: &mut Stage) -> Outcome {
    let path = format!("/hooks/lineworks/{}/{}", stage.workspace, stage.lineworks.id);
    let body = r#"{"type":"something_new","source":{"userId":"u","domainId":1},"issuedTime":"2026-11-21T00:00:00.000Z"}"#;
    let signed = |secret: &str, body: &str| -> Outcome<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
        mac.update(body.as_bytes());
        Ok(BASE64_STANDARD.encode(mac.finalize().into_bytes()))
    };
    let visitor = stage.visitor().with("x-works-botid", stage.bot.to_string());
    let secret = stage.bot_secret()?;

    visitor.send("POST", &path, body).await?.refused(401, "bad_signature", "no signature")?;
    for wrong in
        [signed("another secret", body)?, signed(&secret, &format!("{body} "))?, "nonsense".to_owned()]
    {
        let answer = visitor.with("x-works-signature", wrong.clone()).send("POST", &path, body).await?;
        answer.refused(401, "bad_signature", &wrong)?;
    }
    let right = visitor.with("x-works-signature", signed(&secret, body)?);
    same(right.send("POST", &path, body).await?.status, 200, "an unknown type that is well signed")
}

pub(crate) async fn the_bot_tells_the_room_its_id(stage: &mut Stage) -> Outcome {
    // The stage invited the bot, and LINE WORKS told the product over its signed callback.
    let answered = stage.world(|world| {
        world.callbacks().map(|callback| (callback.event.clone(), callback.answer)).collect::<Vec<_>>()
    });
    let taken = |(_, answer): &(String, CallbackAnswer)| *answer == CallbackAnswer::Answered(200);
    check(!answered.is_empty() && answered.iter().all(taken), format_args!("{answered:?}"))?;
    let told =
        until(PATIENCE, async || stage.room().iter().any(|text| text.contains(ROOM)).then_some(())).await;
    check(told.is_some(), format_args!("the room says {:?}", stage.room()))
}
