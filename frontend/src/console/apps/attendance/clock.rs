//! Hours and minutes, as they are shown and as they are typed.

/// 「160:30」 of minutes.
pub(super) fn hours(minutes: u32) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// A time of day as it was meant: wide digits, `1830` and `18.30` become `18:30`; anything else stays.
pub(super) fn tidy(typed: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff10}'..='\u{ff19}' => char::from_u32(u32::from(c) - 0xff10 + 0x30).unwrap_or(c),
        '\u{ff1a}' | '.' | '\u{ff0e}' | '時' => ':',
        c => c,
    };
    let kept = typed.chars().filter(|c| !c.is_whitespace() && *c != '分');
    let text: String = kept.map(narrow).collect();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match (digits, text.len()) {
        (true, 3 | 4) => {
            let (hours, minutes) = text.split_at(text.len() - 2);
            format!("{hours}:{minutes}")
        }
        (true, 1 | 2) => format!("{text}:00"),
        _ if text.ends_with(':') => format!("{text}00"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_hours() {
        let shown: Vec<String> = [0, 9, 60, 545, 9_630].map(hours).into();
        assert_eq!(shown, ["0:00", "0:09", "1:00", "9:05", "160:30"]);
    }

    #[test]
    fn times_are_read_as_they_were_meant() {
        for (typed, meant) in [
            ("9:02", "9:02"),
            (" 1830 ", "18:30"),
            ("930", "9:30"),
            ("9", "9:00"),
            ("１８：３０", "18:30"),
            ("18.30", "18:30"),
            ("18時30分", "18:30"),
            ("18時", "18:00"),
            ("2530", "25:30"),
            ("", ""),
            ("noon", "noon"),
            ("12345", "12345"),
        ] {
            assert_eq!(tidy(typed), meant, "{typed}");
        }
    }
}
