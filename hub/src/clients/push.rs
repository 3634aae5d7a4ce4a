//! One notice to all devices of one person.

use shared::{
    delivery::{Cause, CauseCode, Effect, Outcome},
    message::Context,
    render::web_push::{payload, render},
    routing::Urgency,
};

use super::Outbound;
use crate::{
    hub::Hub,
    providers::web_push::{Client, Push, Subscription},
};

impl Hub {
    /// It has arrived when one device has it: which of their devices people look at is theirs to choose, and to
    /// repeat it for the others would show it twice. Devices that are gone are forgotten on the way.
    pub(super) async fn push(
        &self,
        client: &Client,
        outbound: &Outbound<'_>,
        context: &Context<'_>,
    ) -> Outcome {
        let Ok(devices) = self.devices_at(outbound.to) else {
            return Outcome::Retry { after_ms: None, cause: Cause::new(CauseCode::AddressMissing, "") };
        };
        let tag = outbound.event.unwrap_or(outbound.id);
        let payload = payload(&render(outbound.message, context), tag);
        let push = Push {
            payload: &payload,
            urgency: Urgency::from_rank(outbound.urgency),
            // A repeat takes the place of the first. Another notice of the same thread must not: it would be lost.
            topic: tag,
        };
        let mut worst = Outcome::Rejected {
            cause: Cause::new(CauseCode::UnknownRecipient, ""),
            effect: Effect::AddressBroken,
        };
        let mut arrived = false;
        for device in devices {
            let subscription =
                self.vault.get_named(&*self.ports.kv, &*self.ports.random, &device.secret).await;
            let outcome =
                match subscription.ok().flatten().map(|plain| serde_json::from_slice::<Subscription>(&plain))
                {
                    Some(Ok(subscription)) => client.send(&subscription, push).await,
                    // Not seen here yet, or for a moment: the store answers within a minute.
                    _ => Outcome::Retry { after_ms: None, cause: Cause::new(CauseCode::AddressMissing, "") },
                };
            if matches!(outcome, Outcome::Rejected { effect: Effect::AddressBroken, .. })
                && let Err(refusal) = self.lose_device(&device).await
            {
                self.ports.log.line(&format!(
                    "a device that is gone was not forgotten: {}",
                    crate::http::for_log(&refusal)
                ));
            }
            arrived |= matches!(outcome, Outcome::Accepted { .. });
            if weight(&outcome) >= weight(&worst) {
                worst = outcome;
            }
        }
        match worst {
            _ if arrived => Outcome::Accepted { reference: None },
            // A device that came while these were asked has not been told, and the address is whole with it.
            Outcome::Rejected { cause, effect: Effect::AddressBroken }
                if !self.devices_at(outbound.to).is_ok_and(|left| left.is_empty()) =>
            {
                Outcome::Retry { after_ms: None, cause }
            }
            worst => worst,
        }
    }
}

/// What most devices' answers come to: what may have arrived counts before what may be tried again, and that before
/// what is refused. Only when all of them are gone is the address broken.
fn weight(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Rejected { effect: Effect::AddressBroken, .. } => 0,
        Outcome::Rejected { .. } => 1,
        Outcome::Retry { .. } => 2,
        Outcome::Uncertain { .. } => 3,
        Outcome::Accepted { .. } => 4,
    }
}
