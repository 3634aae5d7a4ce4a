//! What came in and how it was answered.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// Entries remembered; the counters go on for ever.
const KEPT: usize = 5_000;

/// One request at a face, or one mail transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// Running number from 1.
    pub no: u64,
    /// Milliseconds UTC.
    pub at: i64,
    /// `lineworks-auth`, `lineworks`, `resend`, `smtp`.
    pub face: &'static str,
    pub operation: &'static str,
    pub method: String,
    pub path: String,
    /// HTTP status or SMTP reply code; `None` when the world kept silent.
    pub status: Option<u16>,
    pub bytes_in: usize,
    pub bytes_out: usize,
    /// The fault that struck.
    pub fault: Option<&'static str>,
}

/// The last requests and counters over all of them.
#[derive(Debug, Clone, Default)]
pub struct Log {
    entries: VecDeque<LogEntry>,
    last: u64,
    /// Requests by `face operation status`; a silence counts as status `silence`.
    pub counters: BTreeMap<String, u64>,
}

impl Log {
    pub(crate) fn add(&mut self, mut entry: LogEntry) {
        self.last += 1;
        entry.no = self.last;
        let status = entry.status.map_or_else(|| "silence".to_owned(), |status| status.to_string());
        *self.counters.entry(format!("{} {} {status}", entry.face, entry.operation)).or_default() += 1;
        self.entries.push_back(entry);
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
    }

    /// The entries with a number above `no`, oldest first; at most the last 5,000 are remembered.
    pub fn after(&self, no: u64) -> impl Iterator<Item = &LogEntry> {
        self.entries.iter().skip_while(move |entry| entry.no <= no)
    }

    /// The number of the newest entry.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }
}
