//! Limits of Google Chat (google_chat.md §1.6): one write a second in a space, shared by all who write
//! there, and per minute for a space's reads and a project's calls.

use std::collections::BTreeMap;

use super::Settings;
use super::error::Refusal;

/// A bucket holds one write; it may be overdrawn by this much, because clocks and networks jitter and the
/// limit is also quoted as 60 in 60 s. The rate stays the same.
const SLACK: i64 = 100;
/// One write.
const WHOLE: i64 = 1000;

/// What was used.
#[derive(Debug, Clone, Default)]
pub(super) struct Quota {
    /// Thousandths of a write left in each space, and since when.
    spaces: BTreeMap<String, (i64, i64)>,
    /// Calls in the minute of this number, by what is counted.
    minutes: BTreeMap<String, (i64, u32)>,
}

impl Quota {
    pub(super) fn write(
        &mut self,
        settings: &Settings,
        space: &str,
        by_app: bool,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let rate = i64::from(settings.space_writes_per_second);
        let (left, since) = self.spaces.get(space).copied().unwrap_or((WHOLE, now_ms));
        let filled = (left + (now_ms - since).max(0).saturating_mul(rate)).min(WHOLE);
        if filled < WHOLE - SLACK {
            return Err(Refusal::exhausted());
        }
        if by_app {
            self.minute("project writes", settings.project_writes_per_minute, now_ms)?;
        }
        self.spaces.insert(space.to_owned(), (filled - WHOLE, now_ms));
        Ok(())
    }

    /// `space`: none for calls about no single space.
    pub(super) fn read(
        &mut self,
        settings: &Settings,
        space: Option<&str>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        self.minute("project reads", settings.project_reads_per_minute, now_ms)?;
        match space {
            Some(space) => self.minute(&format!("reads {space}"), settings.space_reads_per_minute, now_ms),
            None => Ok(()),
        }
    }

    fn minute(&mut self, what: &str, limit: u32, now_ms: i64) -> Result<(), Refusal> {
        let minute = now_ms.div_euclid(60_000);
        let used = self.minutes.get(what).filter(|(then, _)| *then == minute).map_or(0, |(_, used)| *used);
        if used >= limit {
            return Err(Refusal::exhausted());
        }
        self.minutes.insert(what.to_owned(), (minute, used + 1));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_takes_one_write_a_second_from_everybody() {
        let settings = Settings::default();
        let mut quota = Quota::default();
        let mut write = |space: &str, by_app, now| quota.write(&settings, space, by_app, now).is_ok();
        assert!(write("a", false, 0));
        assert!(!write("a", true, 500), "whoever asks");
        assert!(write("b", false, 500), "another space");
        assert!(write("a", false, 950), "jitter is forgiven");
        assert!(!write("a", false, 1_800), "and not given twice");
        assert!(write("a", false, 1_950));
        let taken = (0..600).filter(|tick| write("c", false, 100_000 + tick * 100)).count();
        assert_eq!(taken, 61, "a minute's worth, begun with the slack");
    }

    #[test]
    fn a_projects_minute_ends() {
        let settings =
            Settings { project_writes_per_minute: 2, space_reads_per_minute: 1, ..Settings::default() };
        let mut quota = Quota::default();
        let spaces = ["a", "b", "c"].map(|space| quota.write(&settings, space, true, 1).is_ok());
        assert_eq!(spaces, [true, true, false]);
        assert!(quota.write(&settings, "d", false, 1).is_ok(), "webhooks have no project");
        assert!(quota.write(&settings, "c", true, 60_000).is_ok());
        assert!(quota.read(&settings, Some("a"), 1).is_ok());
        assert!(quota.read(&settings, Some("a"), 2).is_err());
        assert!(quota.read(&settings, Some("b"), 2).is_ok());
    }
}
