//! The list of recent notices: how a live delivery changes it, and how pages are put together. Plain Rust.

use shared::{
    api::{
        deliveries::DeliveryRow,
        events::{Claim, Target},
        me::Notice,
    },
    id::{EventId, MemberId},
};

/// Takes a live row in. Rows of other people, which admins hear too, are passed over. True for a notice that was
/// not there before: what it asks is not in the row.
pub fn heard(notices: &mut Vec<Notice>, row: &DeliveryRow, me: &MemberId) -> bool {
    if !matches!(&row.target, Target::Member { id, .. } if id == me) {
        return false;
    }
    let newest = notices.first().is_none_or(|newest| newest.created_at <= row.created_at);
    match notices.iter_mut().find(|notice| notice.event == row.event) {
        Some(notice) => match notice.channels.iter_mut().find(|old| old.id == row.id) {
            Some(old) => row.clone_into(old),
            None => notice.channels.push(row.clone()),
        },
        // Changes of notices further down than what is loaded come with their page.
        None if newest => {
            notices.insert(
                0,
                Notice {
                    event: row.event.clone(),
                    kind_name: row.kind_name.clone(),
                    title: row.title.clone(),
                    created_at: row.created_at,
                    channels: vec![row.clone()],
                    actions: Vec::new(),
                    claim: None,
                    unread: true,
                },
            );
            return true;
        }
        None => {}
    }
    false
}

/// Takes in what the newest page says of notices that are listed: what they ask, and the answer.
pub fn learn(notices: &mut [Notice], page: &[Notice]) {
    for fresh in page {
        if let Some(notice) = notices.iter_mut().find(|notice| notice.event == fresh.event) {
            // What was heard while the page was on its way is newer than the page.
            let settled: Vec<_> =
                notice.channels.iter().filter(|row| row.state.is_final()).cloned().collect();
            let (claim, unread) = (notice.claim.take(), notice.unread);
            notice.clone_from(fresh);
            notice.unread &= unread;
            if claim.is_some() {
                notice.actions.clear();
                notice.claim = claim;
            }
            for row in settled {
                match notice.channels.iter_mut().find(|fresh| fresh.id == row.id) {
                    Some(fresh) if fresh.state.is_final() => {}
                    Some(fresh) => *fresh = row,
                    None => notice.channels.push(row),
                }
            }
        }
    }
}

/// Somebody took an action: its buttons go.
pub fn claimed(notices: &mut [Notice], event: &EventId, claim: &Claim) {
    if let Some(notice) = notices.iter_mut().find(|notice| notice.event == *event) {
        notice.actions.clear();
        notice.claim = Some(claim.clone());
    }
}

/// The member opened it, or with `None` said that all are read.
pub fn read(notices: &mut [Notice], event: Option<&EventId>) {
    for notice in notices.iter_mut().filter(|notice| event.is_none_or(|event| notice.event == *event)) {
        notice.unread = false;
    }
}

/// Adds an older page. What arrived live meanwhile is not listed twice.
pub fn append(notices: &mut Vec<Notice>, older: Vec<Notice>) {
    for notice in older {
        if !notices.iter().any(|known| known.event == notice.event) {
            notices.push(notice);
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        channel::Channel,
        delivery::State,
        id::DeliveryId,
        message::{Action, ActionStyle},
        routing::{Decision, Reason, Urgency},
    };

    use super::*;

    fn me() -> MemberId {
        MemberId::new(1, [1; 10])
    }

    fn row(at: i64, number: u32, state: State) -> DeliveryRow {
        let event = EventId::new(at, [0; 10]);
        DeliveryRow {
            id: DeliveryId::of(&event, number),
            event,
            kind: "tasks.assigned".into(),
            kind_name: "タスクの割り当て".into(),
            kind_name_en: None,
            title: format!("{at}"),
            target: Target::Member { id: me(), name: "佐藤 花子".into() },
            channel: Channel::Email,
            state,
            decision: Decision::Deliver,
            reason: Reason::Allowed,
            urgency: Urgency::Normal,
            created_at: at,
            due_at: None,
            done_at: None,
            tries: 0,
            cause: None,
        }
    }

    fn shape(notices: &[Notice]) -> Vec<(i64, Vec<State>)> {
        notices
            .iter()
            .map(|notice| (notice.created_at, notice.channels.iter().map(|row| row.state).collect()))
            .collect()
    }

    #[test]
    fn live_rows_update_in_place_and_new_events_come_first() {
        let mut notices = Vec::new();
        assert!(heard(&mut notices, &row(10, 0, State::Waiting), &me()));
        assert!(!heard(&mut notices, &row(10, 1, State::Waiting), &me()));
        heard(&mut notices, &row(20, 0, State::Waiting), &me());
        heard(&mut notices, &row(10, 1, State::Sent), &me());
        assert_eq!(shape(&notices), [(20, vec![State::Waiting]), (10, vec![State::Waiting, State::Sent])]);
    }

    /// Sent before the page came, the notice stood as being sent until something else was heard of it.
    #[test]
    fn a_page_does_not_take_back_what_was_heard_meanwhile() {
        let mut notices = Vec::new();
        heard(&mut notices, &row(10, 0, State::Sending), &me());
        let mut page = notices.clone();
        page[0].channels.push(row(10, 1, State::Skipped));
        heard(&mut notices, &row(10, 0, State::Sent), &me());
        learn(&mut notices, &page);
        assert_eq!(shape(&notices), [(10, vec![State::Sent, State::Skipped])]);
    }

    #[test]
    fn others_and_older_ones_are_passed_over() {
        let mut notices = Vec::new();
        heard(&mut notices, &row(10, 0, State::Sent), &MemberId::new(2, [2; 10]));
        assert_eq!(shape(&notices), []);
        heard(&mut notices, &row(10, 0, State::Sent), &me());
        heard(&mut notices, &row(5, 0, State::Sent), &me());
        assert_eq!(shape(&notices), [(10, vec![State::Sent])]);
    }

    #[test]
    fn what_a_notice_asks_is_learnt_and_goes_with_the_answer() {
        let mut notices = Vec::new();
        heard(&mut notices, &row(10, 0, State::Sent), &me());
        let action = Action { id: "take".into(), label: "対応します".into(), style: ActionStyle::Plain };
        let page = [Notice { actions: vec![action], ..notices[0].clone() }];
        learn(&mut notices, &page);
        assert_eq!(notices, page);
        let claim = Claim {
            action: "take".into(),
            label: "対応します".into(),
            name: "佐藤 花子".into(),
            member: None,
            channel: None,
            at: 1,
        };
        claimed(&mut notices, &EventId::new(11, [0; 10]), &claim);
        assert_eq!(notices, page);
        claimed(&mut notices, &page[0].event, &claim);
        assert_eq!((notices[0].actions.len(), notices[0].claim.as_ref()), (0, Some(&claim)));
    }

    #[test]
    fn what_arrives_is_unread_until_it_is_opened() {
        let mut notices = Vec::new();
        heard(&mut notices, &row(10, 0, State::Sent), &me());
        heard(&mut notices, &row(20, 0, State::Sent), &me());
        let unread = |notices: &[Notice]| notices.iter().map(|notice| notice.unread).collect::<Vec<_>>();
        assert_eq!(unread(&notices), [true, true]);
        read(&mut notices, Some(&EventId::new(10, [0; 10])));
        assert_eq!(unread(&notices), [true, false]);
        read(&mut notices, None);
        assert_eq!(unread(&notices), [false, false]);
    }

    #[test]
    fn a_page_takes_back_neither_a_claim_nor_that_it_was_read() {
        let mut notices = Vec::new();
        heard(&mut notices, &row(10, 0, State::Sent), &me());
        let page = notices.clone();
        let claim = Claim {
            action: "take".into(),
            label: "対応します".into(),
            name: "田中".into(),
            member: None,
            channel: None,
            at: 1,
        };
        claimed(&mut notices, &page[0].event, &claim);
        read(&mut notices, None);
        learn(&mut notices, &page);
        assert_eq!((notices[0].claim.as_ref(), notices[0].unread), (Some(&claim), false));
    }

    #[test]
    fn an_older_page_does_not_repeat() {
        let mut notices = Vec::new();
        heard(&mut notices, &row(10, 0, State::Sent), &me());
        let mut page = notices.clone();
        heard(&mut page, &row(20, 0, State::Sent), &me());
        page.reverse();
        append(&mut notices, page);
        assert_eq!(shape(&notices), [(10, vec![State::Sent]), (20, vec![State::Sent])]);
    }
}
