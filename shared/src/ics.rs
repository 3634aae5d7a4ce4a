//! iCalendar (RFC 5545), as far as a feed of absences needs it: written, never read.
//!
//! Lines end in CRLF and are folded at 75 octets between two characters; text is escaped, so that nothing a person
//! wrote can become a property. Times are UTC; whole days are days without a zone, and their end is the day after
//! the last, as the standard wants it (§3.6.1).

use chrono::{DateTime, Utc};

use crate::time::Millis;

/// The media type of [`calendar`].
pub const CONTENT_TYPE: &str = "text/calendar; charset=utf-8";
/// The longest line in octets, without its CRLF (§3.1).
const LINE: usize = 75;

/// One `VEVENT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same for as long as the event lives, and no other's.
    pub uid: String,
    /// When it was changed last.
    pub changed_at: Millis,
    /// How often it was changed.
    pub sequence: u32,
    /// Whole days as if they began at midnight UTC.
    pub starts: Millis,
    /// The first moment that is not in it.
    pub ends: Millis,
    pub all_day: bool,
    pub title: String,
    /// Left out when empty.
    pub note: String,
}

/// A whole calendar named `name`, to be asked for again every hour.
#[must_use]
pub fn calendar(name: &str, events: &[Event]) -> String {
    let mut out = String::new();
    for text in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Todoke//Todoke//JA", "CALSCALE:GREGORIAN"] {
        line(&mut out, text);
    }
    line(&mut out, "METHOD:PUBLISH");
    // The name is no part of the standard, and known to all programs that subscribe.
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    // RFC 7986 §5.7, and what was used before it.
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    line(&mut out, "X-PUBLISHED-TTL:PT1H");
    events.iter().for_each(|event| write(&mut out, event));
    line(&mut out, "END:VCALENDAR");
    out
}

fn write(out: &mut String, event: &Event) {
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}", escaped(&event.uid)));
    line(out, &format!("DTSTAMP:{}", utc(event.changed_at)));
    line(out, &format!("LAST-MODIFIED:{}", utc(event.changed_at)));
    line(out, &format!("SEQUENCE:{}", event.sequence));
    for (name, at) in [("DTSTART", event.starts), ("DTEND", event.ends)] {
        if event.all_day {
            line(out, &format!("{name};VALUE=DATE:{}", day(at)));
        } else {
            line(out, &format!("{name}:{}", utc(at)));
        }
    }
    line(out, &format!("SUMMARY:{}", escaped(&event.title)));
    if !event.note.is_empty() {
        line(out, &format!("DESCRIPTION:{}", escaped(&event.note)));
    }
    line(out, "TRANSP:OPAQUE");
    line(out, "END:VEVENT");
}

/// One content line, folded between characters.
fn line(out: &mut String, text: &str) {
    let mut used = 0;
    for letter in text.chars() {
        if used + letter.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(letter);
        used += letter.len_utf8();
    }
    out.push_str("\r\n");
}

/// TEXT (§3.3.11). Other control characters have no place in it and are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// `20261121T030405Z`.
fn utc(at: Millis) -> String {
    moment(at).format("%Y%m%dT%H%M%SZ").to_string()
}

/// `20261121`.
fn day(at: Millis) -> String {
    moment(at).format("%Y%m%d").to_string()
}

fn moment(at: Millis) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or(DateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::{DAY, HOUR, parse_rfc3339};

    fn event(title: &str, note: &str) -> Event {
        let starts = parse_rfc3339("2026-12-29T13:00:00+09:00").unwrap();
        Event {
            uid: "ab_1@ws_1".into(),
            changed_at: parse_rfc3339("2026-11-22T00:00:00.999Z").unwrap(),
            sequence: 2,
            starts,
            ends: starts + 4 * HOUR,
            all_day: false,
            title: title.into(),
            note: note.into(),
        }
    }

    /// Lines put together again (§3.1).
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    fn value(lines: &[String], name: &str) -> String {
        let opening = format!("{name}:");
        let raw = lines.iter().find_map(|line| line.strip_prefix(&opening)).unwrap();
        let mut out = String::new();
        let mut letters = raw.chars();
        while let Some(letter) = letters.next() {
            out.push(match letter {
                '\\' => match letters.next().unwrap() {
                    'n' => '\n',
                    other => other,
                },
                other => other,
            });
        }
        out
    }

    #[test]
    fn the_form_is_pinned() {
        let text = calendar("みなと商事", &[event("休暇; 私用, 他", "一行目\r\n二行目\\終")]);
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Todoke//Todoke//JA\r\nCALSCALE:GREGORIAN\r\n\
            METHOD:PUBLISH\r\nX-WR-CALNAME:みなと商事\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n\
            X-PUBLISHED-TTL:PT1H\r\nBEGIN:VEVENT\r\nUID:ab_1@ws_1\r\nDTSTAMP:20261122T000000Z\r\n\
            LAST-MODIFIED:20261122T000000Z\r\nSEQUENCE:2\r\nDTSTART:20261229T040000Z\r\n\
            DTEND:20261229T080000Z\r\nSUMMARY:休暇\\; 私用\\, 他\r\nDESCRIPTION:一行目\\n二行目\\\\終\r\n\
            TRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn whole_days_are_days_and_end_the_day_after() {
        let starts = parse_rfc3339("2026-12-29T00:00:00Z").unwrap();
        let text =
            calendar("n", &[Event { starts, ends: starts + 3 * DAY, all_day: true, ..event("休", "") }]);
        assert!(text.contains("\r\nDTSTART;VALUE=DATE:20261229\r\nDTEND;VALUE=DATE:20270101\r\n"), "{text}");
        assert!(!text.contains("DESCRIPTION"));
    }

    #[test]
    fn a_text_becomes_no_property() {
        let text =
            calendar("n\r\nX-EVIL:1", &[event("t\r\nEND:VEVENT\r\nBEGIN:VALARM", "\u{0}\u{8}\u{85}\u{7f}x")]);
        let lines = unfolded(&text);
        assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 1);
        assert!(lines.iter().all(|line| !line.starts_with("X-EVIL") && line != "BEGIN:VALARM"));
        assert_eq!(value(&lines, "DESCRIPTION"), "x");
    }

    proptest! {
        /// Whatever is written: every line fits, ends as it should, and says the same once put together again.
        #[test]
        fn any_text_comes_back(
            title in any::<String>(),
            note in "[\\PC\r\n\t\\\\;,: ]{1,300}",
        ) {
            let text = calendar(&title, &[event(&title, &note)]);
            prop_assert!(text.ends_with("\r\n"));
            for line in text.split_terminator("\r\n") {
                prop_assert!(line.len() <= 75, "{} octets", line.len());
                prop_assert!(!line.contains(['\r', '\n']));
            }
            let lines = unfolded(&text);
            let kept = |text: &str| -> String {
                let text = text.replace("\r\n", "\n").replace('\r', "\n");
                text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect()
            };
            prop_assert_eq!(value(&lines, "SUMMARY"), kept(&title));
            prop_assert_eq!(value(&lines, "X-WR-CALNAME"), kept(&title));
            prop_assert_eq!(value(&lines, "DESCRIPTION"), kept(&note));
            prop_assert_eq!(lines.len(), 20);
        }
    }
}
