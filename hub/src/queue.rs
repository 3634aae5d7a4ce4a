//! The order of sending: by urgency, then in turns across lanes, each within its provider's bucket. A cache of
//! what is due in the store; losing it loses nothing.

use std::collections::{BTreeMap, HashMap, VecDeque};

use shared::{bucket::Bucket, routing::Urgency, time::Millis};

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
}

/// What a provider counts together: one integration's messages to people, or to rooms.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct BucketKey {
    pub(crate) integration: String,
    to_room: bool,
}

impl Item {
    pub(crate) fn bucket(&self) -> BucketKey {
        BucketKey { integration: self.integration.clone(), to_room: self.room.is_some() }
    }

    fn urgent(&self) -> bool {
        self.urgency == Urgency::Critical.rank()
    }
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    Send(Item),
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

impl Queue {
    pub(crate) fn len(&self) -> usize {
        self.len
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
                let at = self.buckets.get_mut(&lane.bucket).map_or(now, |bucket| bucket.next_at(now, urgent));
                if at > now {
                    earliest = Some(earliest.map_or(at, |known| known.min(at)));
                    lanes.push_back(lane);
                    continue;
                }
                let Some(item) = lane.items.pop_front() else { continue };
                if let Some(bucket) = self.buckets.get_mut(&lane.bucket) {
                    bucket.take(now);
                }
                if !lane.items.is_empty() {
                    lanes.push_back(lane);
                }
                self.len -= 1;
                return Pick::Send(item);
            }
        }
        earliest.map_or(Pick::Empty, Pick::WaitUntil)
    }

    /// Buckets that queued items need and that were not made yet.
    pub(crate) fn missing_buckets(&self) -> Vec<BucketKey> {
        let lanes = self.lanes.values().flatten();
        let mut missing: Vec<BucketKey> =
            lanes.map(|lane| &lane.bucket).filter(|key| !self.buckets.contains_key(key)).cloned().collect();
        missing.dedup();
        missing
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
        }
    }

    fn order(queue: &mut Queue) -> Vec<String> {
        std::iter::from_fn(|| match queue.pick(0) {
            Pick::Send(item) => Some(item.id),
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
}
