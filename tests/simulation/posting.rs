//! Posting, repeating, withdrawing and resending events.

use std::rc::Rc;

use serde_json::{Value, json};
use shared::time::rfc3339;
use tests::calls::{call, page};

use crate::{
    check,
    ops::{KINDS, To},
    play::Play,
    record::Posted,
};

impl Play {
    pub(crate) fn post(&mut self, kind: usize, to: To, keyed: bool, in_s: u16) {
        self.noted += 1;
        let mark = format!("[N{}]", self.noted);
        let Some(audience) = self.audience(to) else { return };
        let mut event = json!({"kind": KINDS[kind], "to": audience, "title": format!("お知らせ {mark}"), "body": "本文です。"});
        if self.cast.all {
            event["actions"] = json!([{"id": "take", "label": "対応します", "style": "primary"}, {"id": "pass", "label": "出られません"}]);
        }
        if in_s > 0 {
            event["deliver_at"] = json!(rfc3339(self.machine.now() + i64::from(in_s) * 1_000));
        }
        let posted = Posted {
            to,
            key: keyed.then(|| format!("key-{}", self.noted)),
            body: event.to_string().into_bytes(),
            mark,
            answer: None,
            accepted: None,
            at: None,
            asked: 0,
            answered: 0,
        };
        self.machine.record.borrow_mut().posts.push(posted);
        let index = self.machine.record.borrow().posts.len() - 1;
        self.send_post(index, None);
    }

    /// `None` when it names a room that the hub does not know.
    fn audience(&self, to: To) -> Option<Value> {
        let member = |number: u8| json!({"member": self.cast.members[usize::from(number) % 8].id});
        let company = |number: u8| json!({"company": self.cast.companies[usize::from(number) % 2]});
        let room = |number: u8| {
            let room = &self.cast.rooms[usize::from(number) % self.cast.rooms.len()].provider_id;
            let id = self.machine.read(&format!("SELECT id FROM rooms WHERE provider_id = '{room}'"));
            id.first().map(|id| json!({ "room": id }))
        };
        Some(match to {
            To::Member(one) => json!([member(one)]),
            To::Two(one, other) => json!([member(one), member(other)]),
            To::Company(one) => json!([company(one)]),
            To::Room(one) => json!([room(one)?]),
            To::Both(one, other) => json!([company(one), room(other)?]),
            To::Everyone => json!([{"everyone": true}]),
        })
    }

    /// Posts number `index`, or `other` under its key.
    fn send_post(&mut self, index: usize, other: Option<Vec<u8>>) {
        let (key, own) = {
            let record = self.machine.record.borrow();
            (record.posts[index].key.clone(), record.posts[index].body.clone())
        };
        let bearer = format!("Bearer {}", self.cast.key);
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(key.as_deref().map(|key| ("idempotency-key", key)));
        let mut request = call("POST", "/api/v1/events", &headers, &Value::Null);
        let foreign = other.is_some();
        request.body = other.unwrap_or(own);
        if !foreign {
            self.machine.record.borrow_mut().posts[index].asked += 1;
        }
        let (record, outside) = (Rc::clone(&self.machine.record), Rc::clone(&self.machine.outside));
        self.machine.send(request, move |answer| {
            outside.trace(|| {
                format!("post {index} -> {} {}", answer.status, String::from_utf8_lossy(&answer.body))
            });
            check::answer(&mut record.borrow_mut(), &outside, index, foreign, &answer);
        });
    }

    pub(crate) fn repeat(&mut self, post: u8, other_body: bool) {
        let keyed: Vec<usize> = {
            let record = self.machine.record.borrow();
            record
                .posts
                .iter()
                .enumerate()
                .filter(|(_, post)| post.key.is_some())
                .map(|(index, _)| index)
                .collect()
        };
        if keyed.is_empty() {
            return;
        }
        let index = keyed[usize::from(post) % keyed.len()];
        // Another body is another event only where the first one is known to have arrived.
        let known = self.machine.record.borrow().posts[index].accepted.is_some();
        let other = (other_body && known).then(|| {
            let mut event: Value =
                serde_json::from_slice(&self.machine.record.borrow().posts[index].body).unwrap();
            event["title"] = json!("別のお知らせ [other]");
            event.to_string().into_bytes()
        });
        self.send_post(index, other);
    }

    pub(crate) fn cancel(&mut self, post: u8) {
        self.machine.settle();
        let event = {
            let record = self.machine.record.borrow();
            let accepted: Vec<_> = record.posts.iter().filter_map(|post| post.accepted.as_ref()).collect();
            if accepted.is_empty() {
                return;
            }
            accepted[usize::from(post) % accepted.len()].id.to_string()
        };
        let bearer = format!("Bearer {}", self.cast.key);
        let request = call(
            "POST",
            &format!("/api/v1/events/{event}/cancel"),
            &[("authorization", &bearer)],
            &Value::Null,
        );
        let (record, outside) = (Rc::clone(&self.machine.record), Rc::clone(&self.machine.outside));
        self.machine.send(request, move |answer| {
            check::cancelled(&mut record.borrow_mut(), &outside, &event, &answer)
        });
        self.machine.settle();
    }

    pub(crate) fn resend(&mut self, delivery: u8) {
        self.machine.settle();
        let finals = self
            .machine
            // What may be sent again by hand; the rest is refused.
            .read("SELECT id FROM deliveries d WHERE due_at IS NULL AND state IN ('failed', 'uncertain', 'cancelled') \
                 AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = d.event AND e.cancelled = 1) ORDER BY id");
        if finals.is_empty() {
            return;
        }
        let id = finals[usize::from(delivery) % finals.len()].clone();
        // Counted before the answer: it may be done by somebody who dies before saying so.
        *self.machine.record.borrow_mut().resent.entry(id.clone()).or_default() += 1;
        self.machine.record.borrow_mut().cancelled.remove(&id);
        let request = page("POST", &format!("/api/deliveries/{id}/resend"), &self.cast.cookie, &Value::Null);
        self.machine.send(request, |_| {});
        self.machine.settle();
    }
}
