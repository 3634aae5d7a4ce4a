//! Untrusted text made fit for any provider: cleaned, and cut between two graphemes in the provider's own unit.

use unicode_segmentation::UnicodeSegmentation;

use crate::validate::is_link;

/// How a provider counts a text. Adds up over the pieces of a text.
pub(crate) type Measure = fn(&str) -> usize;

/// UTF-16 code units: never fewer than characters or graphemes, so also right where a provider does not say.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Line breaks of any kind become `\n` and a tab a space; other control characters go, and so does what turns
/// the reading direction round and lets a text look like another one.
pub(super) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// Several lines without the empty ones around them; empty when there is nothing to see.
pub(crate) fn paragraph(text: &str) -> String {
    let clean = lines(text);
    if is_blank(&clean) { String::new() } else { clean.trim().to_owned() }
}

/// The same in one line.
pub(crate) fn one_line(text: &str) -> String {
    let clean = lines(text);
    if is_blank(&clean) { String::new() } else { clean.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// Nothing that shows: providers refuse an empty text, and a person could not read it.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'
                    ..='\u{200f}'
                        | '\u{2060}'..='\u{2064}'
                        | '\u{2800}'
                        | '\u{3164}'
                        | '\u{fe00}'..='\u{fe0f}'
                        | '\u{ffa0}'
            )
    })
}

/// At most `limit` by `measure`, cut between two graphemes with `tail` to show it. Never torn, and never empty
/// unless `text` is.
pub(crate) fn cut(text: &str, limit: usize, measure: Measure, tail: &str) -> String {
    if measure(text) <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(measure(tail));
    let mut used = 0;
    let kept: String = text
        .graphemes(true)
        .take_while(|grapheme| {
            used += measure(grapheme);
            used <= room
        })
        .collect();
    format!("{}{tail}", kept.trim_end())
}

/// A link that can stand behind a button: what [`is_link`] takes, in ASCII, as LINE asks for (line.md §4) and no
/// provider minds. `None` when it is no such link or longer than `limit`.
pub(super) fn pressable(link: &str, limit: usize) -> Option<String> {
    if !is_link(link, true) {
        return None;
    }
    let mut ascii = String::with_capacity(link.len());
    for c in link.chars() {
        if c.is_ascii() && !matches!(c, '{' | '}' | '|' | '^') {
            ascii.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                ascii.push('%');
                ascii.extend([byte >> 4, byte & 15].map(hex));
            }
        }
    }
    (ascii.len() <= limit).then_some(ascii)
}

fn hex(half: u8) -> char {
    char::from_digit(u32::from(half), 16).unwrap_or('0').to_ascii_uppercase()
}

/// `&`, `<` and `>` as entities: what Slack asks for in every text (slack.md §3.2) and what the card text of
/// Google Chat, a small HTML, needs (google_chat.md §3).
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning() {
        for (text, several, one) in [
            ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd", "a b c d"),
            ("\n\n a\tb \n", "a b", "a b"),
            ("\u{202e}evil\u{7}\u{feff}", "evil", "evil"),
            ("\u{200b}\u{3164}\n ", "", ""),
            ("שלום\u{200f}!", "שלום\u{200f}!", "שלום\u{200f}!"),
            ("👨‍👩‍👧", "👨‍👩‍👧", "👨‍👩‍👧"),
        ] {
            assert_eq!(paragraph(text), several, "{text:?}");
            assert_eq!(one_line(text), one, "{text:?}");
        }
    }

    #[test]
    fn cutting() {
        for (text, limit, expected) in [
            ("", 0, ""),
            ("あいう", 3, "あいう"),
            ("あいうえ", 3, "あい…"),
            // Eight units a family: the second would be torn.
            ("👨‍👩‍👧👨‍👩‍👧", 12, "👨‍👩‍👧…"),
            ("a b c", 3, "a…"),
            ("e\u{301}e\u{301}e\u{301}", 4, "e\u{301}…"),
            ("👨‍👩‍👧", 3, "…"),
        ] {
            assert_eq!(cut(text, limit, units, "…"), expected, "{text:?} {limit}");
        }
        assert_eq!(cut("あああ", 8, str::len, "…"), "あ…");
    }

    #[test]
    fn links() {
        for (link, limit, expected) in [
            ("https://a.jp/?q=1&r=%20#x", 1_000, Some("https://a.jp/?q=1&r=%20#x")),
            ("https://a.jp/届け", 1_000, Some("https://a.jp/%E5%B1%8A%E3%81%91")),
            ("https://a.jp/{|}", 1_000, Some("https://a.jp/%7B%7C%7D")),
            ("https://a.jp/届", 21, None),
            ("https://a.jp/届", 22, Some("https://a.jp/%E5%B1%8A")),
            ("javascript:alert(1)", 1_000, None),
            ("https://a.jp/ b", 1_000, None),
            ("", 1_000, None),
        ] {
            assert_eq!(pressable(link, limit).as_deref(), expected, "{link}");
        }
    }
}
