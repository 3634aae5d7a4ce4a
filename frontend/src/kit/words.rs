//! Sentences about decisions and deliveries, for both faces.

use shared::{
    api::{deliveries::DeliveryRow, events::Target},
    delivery::State,
    lang::Lang,
};

/// Why this delivery is where it is: the decision's reason, and the last cause when a try did not succeed.
#[must_use]
pub fn why(row: &DeliveryRow, lang: Lang) -> Vec<&'static str> {
    let mut sentences = vec![row.reason.sentence().get(lang)];
    if let Some(cause) = row.cause.as_ref().filter(|_| row.state != State::Sent) {
        sentences.push(cause.code.sentence().get(lang));
    }
    sentences
}

/// The person or room, by name.
#[must_use]
pub fn target_name(target: &Target) -> &str {
    match target {
        Target::Member { name, .. } | Target::Room { name, .. } => name,
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        channel::Channel,
        delivery::{Cause, CauseCode},
        id::{DeliveryId, EventId, MemberId},
        routing::{Decision, Reason, Urgency},
    };

    use super::*;

    #[test]
    fn a_cause_is_told_only_while_it_matters() {
        let event = EventId::new(0, [0; 10]);
        let mut row = DeliveryRow {
            id: DeliveryId::of(&event, 0),
            event,
            kind: "tasks.assigned".into(),
            kind_name: "タスクの割り当て".into(),
            kind_name_en: None,
            title: "見積書".into(),
            target: Target::Member { id: MemberId::new(0, [0; 10]), name: "佐藤 花子".into() },
            channel: Channel::Email,
            state: State::Failed,
            decision: Decision::Deliver,
            reason: Reason::Allowed,
            urgency: Urgency::Normal,
            created_at: 0,
            due_at: None,
            done_at: None,
            tries: 2,
            cause: Some(Cause::new(CauseCode::MailboxFull, "452")),
        };
        assert_eq!(
            why(&row, Lang::Ja),
            [Reason::Allowed.sentence().ja, CauseCode::MailboxFull.sentence().ja]
        );
        row.state = State::Sent;
        assert_eq!(why(&row, Lang::En), [Reason::Allowed.sentence().en]);
        assert_eq!(target_name(&row.target), "佐藤 花子");
    }
}
