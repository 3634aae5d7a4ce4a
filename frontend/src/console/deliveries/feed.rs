//! The live list of 配信: rows change in place, new ones never push away the row under the reader's finger.

use shared::api::{Page, deliveries::DeliveryRow};

use super::filter::Filter;
use crate::console::listing::Listed;

/// The rows on the page, newest first, and those that wait to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    pub rows: Vec<DeliveryRow>,
    /// Came while the reader was busy further down; newest first.
    pub fresh: Vec<DeliveryRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// So much came that there is a gap between the rows and the fresh ones: showing them means loading again.
    pub behind: bool,
}

impl Listed for Feed {
    type Part = Page<DeliveryRow>;

    fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// A row that moved between two requests is not listed twice.
    fn append(&mut self, part: Self::Part) {
        for row in part.items {
            match self.rows.iter_mut().find(|old| old.id == row.id) {
                Some(old) => *old = row,
                None => self.rows.push(row),
            }
        }
        self.next = part.next;
    }
}

impl Feed {
    /// The first page.
    #[must_use]
    pub fn of(page: Page<DeliveryRow>) -> Self {
        Self { rows: page.items, next: page.next, ..Self::default() }
    }

    /// A delivery is new or changed. A known one changes where it stands, even when it no longer fits the
    /// filter: it goes with the next load, not from under the pointer. A new one is shown at once only when
    /// `busy` is false.
    pub fn hear(&mut self, row: DeliveryRow, filter: &Filter, busy: bool) {
        if let Some(old) = self.rows.iter_mut().chain(&mut self.fresh).find(|old| old.id == row.id) {
            *old = row;
        } else if filter.admits(&row) && self.is_newer(&row) {
            if busy || !self.fresh.is_empty() {
                insert(&mut self.fresh, row)
            } else {
                insert(&mut self.rows, row)
            }
        }
    }

    /// The first page again, after a gap in the live connection, while the reader is busy with what is there.
    pub fn catch_up(&mut self, page: Page<DeliveryRow>, filter: &Filter) {
        self.behind |=
            page.next.is_some() && !page.items.iter().any(|new| self.rows.iter().any(|old| old.id == new.id));
        for row in page.items {
            self.hear(row, filter, true);
        }
    }

    /// The reader asked for what is new.
    pub fn show_fresh(&mut self) {
        for row in std::mem::take(&mut self.fresh) {
            insert(&mut self.rows, row);
        }
    }

    /// An old delivery that changes and is on none of the loaded pages belongs further down.
    fn is_newer(&self, row: &DeliveryRow) -> bool {
        self.next.is_none() || self.rows.last().is_none_or(|last| row.id > last.id)
    }
}

/// Ids sort by age, and within an event by number.
fn insert(rows: &mut Vec<DeliveryRow>, row: DeliveryRow) {
    let at = rows.partition_point(|old| old.id > row.id);
    rows.insert(at, row);
}

#[cfg(test)]
pub(crate) mod tests {
    use shared::{
        api::events::Target,
        channel::Channel,
        delivery::State,
        id::{DeliveryId, EventId, MemberId},
        routing::{Decision, Reason, Urgency},
    };

    use super::*;

    /// The `number`th delivery of a workspace, to 佐藤 花子 over LINE WORKS.
    pub(crate) fn row(number: i64, state: State) -> DeliveryRow {
        let event = EventId::new(number * 1_000, [7; 10]);
        DeliveryRow {
            id: DeliveryId::of(&event, 0),
            event,
            kind: "tasks.assigned".into(),
            kind_name: "タスクの割り当て".into(),
            kind_name_en: None,
            title: format!("見積書 {number}"),
            target: Target::Member { id: MemberId::new(1, [1; 10]), name: "佐藤 花子".into() },
            channel: Channel::Lineworks,
            state,
            decision: Decision::Deliver,
            reason: Reason::Allowed,
            urgency: Urgency::Normal,
            created_at: number * 1_000,
            due_at: None,
            done_at: None,
            tries: 0,
            cause: None,
        }
    }

    fn feed(numbers: &[i64], next: Option<&str>) -> Feed {
        Feed::of(Page {
            items: numbers.iter().map(|number| row(*number, State::Sent)).collect(),
            next: next.map(Into::into),
            total: None,
        })
    }

    fn numbers(rows: &[DeliveryRow]) -> Vec<i64> {
        rows.iter().map(|row| row.created_at / 1_000).collect()
    }

    #[test]
    fn a_known_row_changes_where_it_stands() {
        let mut feed = feed(&[3, 2, 1], None);
        let filter = Filter { state: Some(State::Sent), ..Filter::default() };
        feed.hear(row(2, State::Failed), &filter, false);
        assert_eq!(numbers(&feed.rows), [3, 2, 1]);
        assert_eq!(feed.rows[1].state, State::Failed);
    }

    #[test]
    fn a_new_row_comes_on_top_or_waits_while_the_reader_is_busy() {
        let all = Filter::default();
        let mut feed = feed(&[2, 1], None);
        feed.hear(row(3, State::Waiting), &all, false);
        assert_eq!(numbers(&feed.rows), [3, 2, 1]);
        feed.hear(row(4, State::Waiting), &all, true);
        // Still waiting for the reader, so a later one does not overtake it.
        feed.hear(row(5, State::Waiting), &all, false);
        feed.hear(row(4, State::Sent), &all, true);
        assert_eq!((numbers(&feed.rows), numbers(&feed.fresh)), (vec![3, 2, 1], vec![5, 4]));
        assert_eq!(feed.fresh[1].state, State::Sent);
        feed.show_fresh();
        assert_eq!((numbers(&feed.rows), feed.fresh.len()), (vec![5, 4, 3, 2, 1], 0));
    }

    #[test]
    fn catching_up_changes_what_is_there_and_announces_the_rest() {
        let page = |numbers: &[i64]| Page {
            items: numbers.iter().map(|number| row(*number, State::Failed)).collect(),
            next: Some("c".into()),
            total: None,
        };
        let mut seen = feed(&[2, 1], None);
        seen.catch_up(page(&[4, 3, 2]), &Filter::default());
        assert_eq!((numbers(&seen.rows), numbers(&seen.fresh), seen.behind), (vec![2, 1], vec![4, 3], false));
        assert_eq!(seen.rows[0].state, State::Failed);
        seen.catch_up(page(&[9, 8, 7]), &Filter::default());
        assert!(seen.behind);
    }

    #[test]
    fn what_the_filter_leaves_out_is_not_announced() {
        let mut feed = feed(&[1], None);
        feed.hear(row(2, State::Failed), &Filter { state: Some(State::Sent), ..Filter::default() }, true);
        assert_eq!((feed.rows.len(), feed.fresh.len()), (1, 0));
    }

    #[test]
    fn an_old_delivery_of_a_later_page_is_not_new() {
        let mut feed = feed(&[9, 8], Some("c"));
        feed.hear(row(3, State::Sent), &Filter::default(), false);
        assert_eq!(numbers(&feed.rows), [9, 8]);
    }

    #[test]
    fn pages_join_without_doubles() {
        let mut feed = feed(&[3, 2], Some("c"));
        feed.append(Page {
            items: vec![row(2, State::Failed), row(1, State::Sent)],
            next: None,
            total: None,
        });
        assert_eq!(numbers(&feed.rows), [3, 2, 1]);
        assert_eq!((feed.rows[1].state, feed.next.as_ref()), (State::Failed, None));
    }
}
