//! The order of sending: by urgency, then in turns across lanes, each within its provider's bucket. A cache of
//! what is due in the store; losing it loses nothing.

use std::collections::{BTreeMap, HashMap, VecDeque};

use shared::{bucket::Bucket, delivery::Outcome, routing::Urgency, time::Millis};

use crate::providers::line::{MESSAGES_PER_CALL, MULTICAST_MAX};

const MOST_BUCKETS: usize = 2_000;

/// Before the key of a call to many, in `frozen`.
pub(crate) const MANY: &str = "many:";
/// Before the key of a call that brings several notices to one person.
pub(crate) const MERGED: &str = "merged:";

/// A delivery that is due.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) integration: String,
    pub(crate) kind: String,
    /// A room's id; rooms take turns as kinds do, so that one noisy room does not hold others up.
    #[serde(default)]
    pub(crate) room: Option<String>,
    /// As in the store, 0 first.
    pub(crate) urgency: i64,
    /// Until when it is leased already, for one that was leased in its insert.
    #[serde(default)]
    pub(crate) leased: Option<Millis>,
    /// Where it goes, for providers that count each destination by itself.
    #[serde(default)]
    pub(crate) destination: Option<String>,
    /// It changes a sent message, which the provider counts by itself.
    #[serde(default)]
    pub(crate) changes: bool,
    /// What has the same batch can go in one call.
    #[serde(default)]
    pub(crate) batch: Option<String>,
    /// Whom LINE is paid for once, however many notices one call brings.
    #[serde(default)]
    pub(crate) payee: Option<String>,
    /// When it was counted.
    #[serde(skip)]
    pub(crate) picked_at: Millis,
    /// What came of fetching what it needs before it can leave.
    #[serde(skip)]
    pub(crate) fetched: Option<Result<(), Outcome>>,
}

/// What a provider counts together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct BucketKey {
    pub(crate) integration: String,
    pub(crate) scope: Scope,
}

/// How far a count reaches within an integration.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Scope {
    People,
    Rooms,
    /// One channel, space or person.
    Destination(String),
    /// Everything, beside each destination.
    Whole,
    /// Everything that changes a sent message, where that is counted by itself.
    Changes,
}

impl Item {
    pub(crate) fn bucket(&self) -> BucketKey {
        let scope = match (&self.destination, &self.room) {
            (Some(destination), _) => Scope::to(destination),
            (None, Some(_)) => Scope::Rooms,
            (None, None) => Scope::People,
        };
        BucketKey { integration: self.integration.clone(), scope }
    }

    /// The count beside the destination's own.
    pub(crate) fn whole(&self) -> Option<BucketKey> {
        let scope = if self.changes { Scope::Changes } else { Scope::Whole };
        self.destination.is_some().then(|| BucketKey { integration: self.integration.clone(), scope })
    }

    /// It was part of a call with others before: its repeat is one too, even alone.
    pub(crate) fn is_of_many(&self) -> bool {
        self.batch.as_deref().is_some_and(|batch| batch.starts_with(MANY) || batch.starts_with(MERGED))
    }

    fn urgent(&self) -> bool {
        self.urgency == Urgency::Critical.rank()
    }
}

impl Scope {
    /// The count of one destination, as an address or a room names it.
    pub(crate) fn to(destination: &str) -> Self {
        Self::Destination(space_of(destination).to_owned())
    }
}

/// Members' webhooks (`webhook:{space}:…`) and the app (`spaces/{space}`) share one Google Chat space's count.
fn space_of(destination: &str) -> &str {
    let webhook = destination.strip_prefix("webhook:").and_then(|rest| rest.split(':').next());
    webhook.or_else(|| destination.strip_prefix("spaces/")).unwrap_or(destination)
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// One delivery, or several that go in one call.
    Send(Vec<Item>),
    /// Every lane waits for its bucket; the first opens then.
    WaitUntil(Millis),
    Empty,
}

#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// By urgency; within one, lanes in turns.
    lanes: BTreeMap<i64, VecDeque<Lane>>,
    buckets: HashMap<BucketKey, Bucket>,
    len: usize,
}

#[derive(Debug)]
struct Lane {
    bucket: BucketKey,
    name: String,
    items: VecDeque<Item>,
}

impl Lane {
    /// The next item, with those behind it that go in the same call.
    fn take_batch(&mut self) -> Vec<Item> {
        let Some(first) = self.items.pop_front() else { return Vec::new() };
        let Some(batch) = first.batch.clone() else { return vec![first] };
        let mut items = vec![first];
        let mut others = VecDeque::with_capacity(self.items.len());
        for item in self.items.drain(..) {
            if items.len() < MULTICAST_MAX && item.batch.as_ref() == Some(&batch) {
                items.push(item);
            } else {
                others.push_back(item);
            }
        }
        self.items = others;
        items
    }
}

impl Queue {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Those that were leased in their insert and wait for their turn.
    pub(crate) fn leased(&self) -> Vec<String> {
        let items = self.lanes.values().flatten().flat_map(|lane| &lane.items);
        items.filter(|item| item.leased.is_some()).map(|item| item.id.clone()).collect()
    }

    /// Forgets what the store would tell again: all but what is leased already.
    pub(crate) fn clear(&mut self) {
        for lanes in self.lanes.values_mut() {
            for lane in lanes.iter_mut() {
                lane.items.retain(|item| item.leased.is_some());
            }
            lanes.retain(|lane| !lane.items.is_empty());
        }
        self.len = self.lanes.values().flatten().map(|lane| lane.items.len()).sum();
    }

    pub(crate) fn push(&mut self, item: Item) {
        let (bucket, name) = (item.bucket(), item.room.as_ref().unwrap_or(&item.kind).clone());
        let lanes = self.lanes.entry(item.urgency).or_default();
        self.len += 1;
        match lanes.iter_mut().find(|lane| lane.bucket == bucket && lane.name == name) {
            Some(lane) => lane.items.push_back(item),
            None => lanes.push_back(Lane { bucket, name, items: VecDeque::from([item]) }),
        }
    }

    /// Takes the next delivery whose bucket allows it now. The bucket is charged.
    pub(crate) fn pick(&mut self, now: Millis) -> Pick {
        let mut earliest: Option<Millis> = None;
        for lanes in self.lanes.values_mut() {
            for _ in 0..lanes.len() {
                let Some(mut lane) = lanes.pop_front() else { break };
                let urgent = lane.items.front().is_some_and(Item::urgent);
                let mut at =
                    self.buckets.get_mut(&lane.bucket).map_or(now, |bucket| bucket.next_at(now, urgent));
                let whole = lane.items.front().and_then(Item::whole);
                if let Some(bucket) = whole.as_ref().and_then(|key| self.buckets.get_mut(key)) {
                    at = at.max(bucket.next_at(now, urgent));
                }
                if at > now {
                    earliest = Some(earliest.map_or(at, |known| known.min(at)));
                    lanes.push_back(lane);
                    continue;
                }
                let mut items = lane.take_batch();
                items.iter_mut().for_each(|item| item.picked_at = now);
                for key in [Some(&lane.bucket), whole.as_ref()].into_iter().flatten() {
                    if let Some(bucket) = self.buckets.get_mut(key) {
                        bucket.take(now);
                    }
                }
                if !lane.items.is_empty() {
                    lanes.push_back(lane);
                }
                self.len -= items.len();
                self.take_others_of_payee(&mut items);
                return Pick::Send(items);
            }
        }
        earliest.map_or(Pick::Empty, Pick::WaitUntil)
    }

    /// Takes back one that was picked and did not leave; its buckets forget it.
    pub(crate) fn put_back(&mut self, item: Item) {
        for key in [Some(item.bucket()), item.whole()].into_iter().flatten() {
            if let Some(bucket) = self.buckets.get_mut(&key) {
                bucket.give_back(item.picked_at);
            }
        }
        self.push(item);
    }

    /// Notices that wait for the same paid recipient go along: LINE counts the recipient, not the bubbles.
    fn take_others_of_payee(&mut self, items: &mut Vec<Item>) {
        let [first] = items.as_slice() else { return };
        let (Some(payee), false) = (first.payee.clone(), first.is_of_many()) else { return };
        let bucket = first.bucket();
        for lanes in self.lanes.values_mut() {
            for lane in lanes.iter_mut().filter(|lane| lane.bucket == bucket) {
                lane.items.retain(|item| {
                    let goes = items.len() < MESSAGES_PER_CALL
                        && item.payee.as_ref() == Some(&payee)
                        && !item.is_of_many();
                    if goes {
                        items.push(item.clone());
                    }
                    !goes
                });
            }
            lanes.retain(|lane| !lane.items.is_empty());
        }
        self.len -= items.len() - 1;
        // As they came about: ids sort by age.
        items.sort_by(|one, other| one.id.cmp(&other.id));
    }

    /// Buckets that queued items need and that were not made yet.
    pub(crate) fn missing_buckets(&self) -> Vec<BucketKey> {
        let keys = self.lanes.values().flatten().flat_map(|lane| {
            let whole = lane.items.front().and_then(Item::whole);
            [Some(lane.bucket.clone()), whole].into_iter().flatten()
        });
        let mut missing: Vec<BucketKey> = keys.filter(|key| !self.buckets.contains_key(key)).collect();
        missing.dedup();
        missing
    }

    /// Drops buckets that hold nothing: destinations are as many as people.
    pub(crate) fn forget_idle_buckets(&mut self, now: Millis) {
        if self.buckets.len() > MOST_BUCKETS {
            self.buckets.retain(|_, bucket| !bucket.is_idle(now));
        }
    }

    /// The bucket of a key, made by `new` when it is first asked for.
    pub(crate) fn bucket(&mut self, key: BucketKey, new: impl FnOnce() -> Bucket) -> &mut Bucket {
        self.buckets.entry(key).or_insert_with(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, kind: &str, urgency: Urgency) -> Item {
        Item {
            id: id.into(),
            integration: "in".into(),
            kind: kind.into(),
            room: None,
            urgency: urgency.rank(),
            leased: None,
            destination: None,
            changes: false,
            batch: None,
            payee: None,
            picked_at: 0,
            fetched: None,
        }
    }

    fn order(queue: &mut Queue) -> Vec<String> {
        std::iter::from_fn(|| match queue.pick(0) {
            Pick::Send(items) => Some(items.into_iter().map(|item| item.id).collect::<Vec<_>>().join("+")),
            _ => None,
        })
        .collect()
    }

    #[test]
    fn urgent_first_then_kinds_in_turns() {
        let mut queue = Queue::default();
        for id in ["a1", "a2", "a3"] {
            queue.push(item(id, "a", Urgency::Normal));
        }
        queue.push(item("b1", "b", Urgency::Normal));
        queue.push(item("low", "c", Urgency::Low));
        queue.push(item("fire", "d", Urgency::Critical));
        assert_eq!(order(&mut queue), ["fire", "a1", "b1", "a2", "a3", "low"]);
        assert_eq!((queue.len(), queue.pick(0)), (0, Pick::Empty));
    }

    #[test]
    fn a_full_bucket_holds_only_its_own_lane_and_not_what_is_urgent() {
        let mut queue = Queue::default();
        let flood = item("a0", "a", Urgency::Low);
        queue.bucket(flood.bucket(), || Bucket::new(4, 1_000));
        for index in 0..4 {
            queue.push(item(&format!("a{index}"), "a", Urgency::Low));
        }
        queue.push(Item { integration: "other".into(), ..item("m", "a", Urgency::Low) });
        assert_eq!(order(&mut queue), ["a0", "m", "a1"]);
        assert!(matches!(queue.pick(0), Pick::WaitUntil(at) if at > 0));
        queue.push(item("fire", "f", Urgency::Critical));
        assert_eq!(order(&mut queue), ["fire"]);
    }

    #[test]
    fn one_call_takes_what_is_of_one_batch() {
        let mut queue = Queue::default();
        for (id, batch) in [("a1", Some("e1:ja")), ("a2", None), ("a3", Some("e1:ja")), ("a4", Some("e1:en"))]
        {
            queue.push(Item { batch: batch.map(Into::into), ..item(id, "a", Urgency::Normal) });
        }
        assert_eq!(order(&mut queue), ["a1+a3", "a2", "a4"]);
        assert_eq!(queue.len(), 0);
        for index in 0..501 {
            queue.push(Item { batch: Some("e".into()), ..item(&index.to_string(), "a", Urgency::Normal) });
        }
        assert!(matches!(queue.pick(0), Pick::Send(items) if items.len() == 500));
        assert!(matches!(queue.pick(0), Pick::Send(items) if items.len() == 1));
    }

    #[test]
    fn what_waits_for_one_paid_person_goes_along() {
        let mut queue = Queue::default();
        let to = |id: &str, kind: &str, payee: &str| Item {
            payee: Some(payee.into()),
            batch: Some(id.into()),
            ..item(id, kind, Urgency::Normal)
        };
        for (id, kind, payee) in [("a1", "a", "p"), ("b1", "b", "p"), ("a2", "a", "q"), ("a3", "a", "p")] {
            queue.push(to(id, kind, payee));
        }
        queue.push(Item { batch: Some("merged:x".into()), ..to("c1", "c", "p") });
        let first = order(&mut queue);
        assert_eq!(first, ["a1+a3+b1", "c1", "a2"]);
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn what_did_not_leave_was_not_counted() {
        let mut queue = Queue::default();
        let to_space =
            |id: &str| Item { destination: Some("spaces/A".into()), ..item(id, "a", Urgency::Normal) };
        queue.bucket(to_space("a1").bucket(), || Bucket::new(1, 1_000));
        queue.bucket(to_space("a1").whole().unwrap(), || Bucket::new(1, 1_000));
        queue.push(to_space("a1"));
        queue.push(to_space("a2"));
        let Pick::Send(mut picked) = queue.pick(0) else { panic!("the first may go") };
        assert!(matches!(queue.pick(300), Pick::WaitUntil(_)));
        queue.put_back(picked.remove(0));
        assert_eq!(queue.len(), 2);
        assert!(
            matches!(queue.pick(300), Pick::Send(items) if items[0].id == "a2" && items[0].picked_at == 300)
        );
        assert!(matches!(queue.pick(1_100), Pick::WaitUntil(at) if at > 1_300));
    }

    #[test]
    fn a_space_is_counted_once_whoever_writes_there() {
        let to = |destination: &str| {
            Item { destination: Some(destination.into()), ..item("x", "a", Urgency::Normal) }.bucket()
        };
        assert_eq!(to("webhook:AAA:01k"), to("spaces/AAA"));
        assert_eq!(to("webhook:AAA:01k"), to("webhook:AAA:02m"));
        assert_ne!(to("webhook:AAA:01k"), to("spaces/BBB"));
        assert_ne!(to("U1"), to("U2"));
    }
}
