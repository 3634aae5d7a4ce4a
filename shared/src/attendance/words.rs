//! What a message means: the whole of it must be one of the keywords, however it was typed.

use super::punch::PunchKind;

/// What a message asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Not for us.
    Nothing,
    Punch(PunchKind),
    /// A keyword, but without any of the trigger words.
    NeedsTrigger(PunchKind),
}

/// Keywords ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keywords {
    words: Vec<(PunchKind, String)>,
    triggers: Vec<String>,
}

impl Keywords {
    /// Of lists as they were typed; what is empty is left out.
    pub fn new<'a>(
        words: impl IntoIterator<Item = (PunchKind, &'a [String])>,
        triggers: impl IntoIterator<Item = &'a String>,
    ) -> Self {
        let words = words
            .into_iter()
            .flat_map(|(kind, list)| list.iter().map(move |word| (kind, normal(word))))
            .filter(|(_, word)| !word.is_empty())
            .collect();
        let mut triggers: Vec<String> =
            triggers.into_iter().map(|word| normal(word)).filter(|word| !word.is_empty()).collect();
        // The longest first: one may be the beginning of another.
        triggers.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self { words, triggers }
    }

    /// What `text` asks for.
    #[must_use]
    pub fn read(&self, text: &str) -> Reading {
        // No keyword is as long as an essay, and folding costs by the letter.
        if text.len() > LONGEST_TEXT {
            return Reading::Nothing;
        }
        let text = normal(text);
        let whole = self.keyword(&text);
        if self.triggers.is_empty() {
            return whole.map_or(Reading::Nothing, Reading::Punch);
        }
        // A mention is written with a sign in front: 「@todoke 出勤」.
        let starts = [text.as_str(), bare(&text)];
        let behind = self
            .triggers
            .iter()
            .flat_map(|trigger| starts.iter().filter_map(move |start| start.strip_prefix(trigger.as_str())));
        let triggered = behind.filter_map(|rest| self.keyword(rest.trim())).next();
        match (triggered, whole) {
            (Some(kind), _) => Reading::Punch(kind),
            (None, Some(kind)) => Reading::NeedsTrigger(kind),
            (None, None) => Reading::Nothing,
        }
    }

    /// Exactly one of the keywords, or one but for the punctuation around it.
    fn keyword(&self, text: &str) -> Option<PunchKind> {
        let exact = self.words.iter().find(|(_, word)| word == text);
        let bare_text = bare(text);
        let loose = || self.words.iter().find(|(_, word)| !bare_text.is_empty() && bare(word) == bare_text);
        exact.or_else(loose).map(|(kind, _)| *kind)
    }
}

/// Bytes. A keyword has at most 50 characters, a trigger word too.
const LONGEST_TEXT: usize = 1_000;

/// What two keywords may not share: they would mean the same message.
#[must_use]
pub fn same_as(word: &str) -> String {
    let word = normal(word);
    let bare_word = bare(&word);
    if bare_word.is_empty() { word } else { bare_word.to_owned() }
}

/// One spelling for all that look the same: widths of Latin and kana, composed kana, case, white space.
/// Variation selectors, skin tones and invisible signs are left out: an emoji is what it shows.
#[must_use]
pub fn normal(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match narrow(c) {
            mark @ (VOICED | SEMI_VOICED) => {
                let composed = folded.pop().map(|base| (base, compose(base, mark)));
                match composed {
                    Some((_, Some(one))) => folded.push(one),
                    Some((base, None)) => folded.extend([base, mark]),
                    None => folded.push(mark),
                }
            }
            c if is_invisible(c) => {}
            c => folded.push(c),
        }
    }
    let lower = folded.to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without punctuation and spaces at both ends. Empty for a keyword that is a sign itself.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || PUNCTUATION.contains(c))
}

const PUNCTUATION: &str = "、。・…‥「」『』【】〈〉《》〔〕“”‘’–—―〜·";

const VOICED: char = '\u{3099}';
const SEMI_VOICED: char = '\u{309a}';

/// U+FF61 to U+FF9D; the two marks behind them are U+FF9E and U+FF9F.
const HALF_KANA: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// Full-width Latin becomes ASCII, half-width kana full.
fn narrow(c: char) -> char {
    let offset = |first: u32| u32::from(c).checked_sub(first);
    match c {
        '\u{ff01}'..='\u{ff5e}' => offset(0xff01).and_then(|n| char::from_u32(0x21 + n)).unwrap_or(c),
        '\u{ff61}'..='\u{ff9d}' => {
            let index = offset(0xff61).and_then(|n| usize::try_from(n).ok());
            index.and_then(|index| HALF_KANA.chars().nth(index)).unwrap_or(c)
        }
        '\u{ff9e}' | '\u{309b}' => VOICED,
        '\u{ff9f}' | '\u{309c}' => SEMI_VOICED,
        '\u{ffe5}' => '¥',
        c => c,
    }
}

/// か + ゛ = が. In both kana tables the voiced letter follows the plain one, and パ follows バ.
fn compose(base: char, mark: char) -> Option<char> {
    const VOICEABLE: &str =
        "かきくけこさしすせそたちつてとはひふへほゝカキクケコサシスセソタチツテトハヒフヘホヽ";
    const SEMI: &str = "はひふへほハヒフヘホ";
    let after = |steps: u32| char::from_u32(u32::from(base) + steps);
    match (base, mark) {
        ('う', VOICED) => Some('ゔ'),
        ('ウ', VOICED) => Some('ヴ'),
        (_, VOICED) if VOICEABLE.contains(base) => after(1),
        (_, SEMI_VOICED) if SEMI.contains(base) => after(2),
        _ => None,
    }
}

const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        // Variation selectors.
        '\u{fe00}'..='\u{fe0f}'
        // Skin tones.
        | '\u{1f3fb}'..='\u{1f3ff}'
        // Zero-width space, word joiner, direction marks, byte order mark, soft hyphen. Not the zero-width
        // joiner, which makes one emoji of several.
        | '\u{200b}' | '\u{2060}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{ad}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use PunchKind::{BreakEnd, BreakStart, ClockIn, ClockOut};

    fn keywords(triggers: &[&str]) -> Keywords {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let (into, out, start, end) = (
            list(&["出勤", "IN", "おはようございます", "☀️", "ガッツ", "◎", "1"]),
            list(&["退勤", "out", "お疲れさまでした", "🌙", "バイバイ"]),
            list(&["休憩", "☕", "キュウケイ", "brb", "!"]),
            list(&["戻り", "休憩 終了", "👍", "…"]),
        );
        let words = [(ClockIn, &*into), (ClockOut, &*out), (BreakStart, &*start), (BreakEnd, &*end)];
        Keywords::new(words, &list(triggers))
    }

    #[test]
    fn the_whole_message_is_the_keyword_however_it_was_typed() {
        let keywords = keywords(&[]);
        for (text, kind) in [
            ("出勤", ClockIn),
            (" 出勤\n", ClockIn),
            ("\u{3000}出勤\u{3000}", ClockIn),
            ("出勤。", ClockIn),
            ("「出勤」", ClockIn),
            ("出勤!!", ClockIn),
            ("出勤\u{ff01}\u{ff01}", ClockIn),
            ("\u{feff}出\u{200b}勤", ClockIn),
            ("in", ClockIn),
            ("In", ClockIn),
            ("\u{ff29}\u{ff2e}", ClockIn),
            ("iN.", ClockIn),
            ("おはようございます", ClockIn),
            // With and without the variation selector, and the text form.
            ("☀", ClockIn),
            ("☀\u{fe0f}", ClockIn),
            ("☀\u{fe0e}", ClockIn),
            ("ガッツ", ClockIn),
            ("\u{ff76}\u{ff9e}\u{ff6f}\u{ff82}", ClockIn),
            ("カ\u{3099}ッツ", ClockIn),
            ("カ゛ッツ", ClockIn),
            ("◎", ClockIn),
            ("1", ClockIn),
            ("\u{ff11}", ClockIn),
            ("\u{ff2f}\u{ff35}\u{ff34}", ClockOut),
            ("out", ClockOut),
            ("お疲れさまでした。", ClockOut),
            ("🌙", ClockOut),
            ("バイバイ", ClockOut),
            ("ハ\u{3099}イハ\u{3099}イ", ClockOut),
            ("休憩…", BreakStart),
            ("☕\u{fe0f}", BreakStart),
            ("\u{ff77}\u{ff6d}\u{ff73}\u{ff79}\u{ff72}", BreakStart),
            ("!", BreakStart),
            ("\u{ff01}", BreakStart),
            ("休憩  終了", BreakEnd),
            ("休憩\u{3000}終了", BreakEnd),
            ("👍🏽", BreakEnd),
            ("…", BreakEnd),
        ] {
            assert_eq!(keywords.read(text), Reading::Punch(kind), "{text:?}");
        }
    }

    #[test]
    fn anything_more_is_not_a_punch() {
        for text in [
            "",
            " ",
            "。",
            "?",
            "今日は出勤です",
            "出勤しました",
            "出勤 退勤",
            "出勤\n退勤",
            "出勤?休憩",
            "inn",
            "11",
            "出勤🌙",
            "◎◎",
            "出",
            "🌙🌙",
            "👩\u{200d}💻",
            "おはよう",
        ] {
            assert_eq!(keywords(&[]).read(text), Reading::Nothing, "{text:?}");
        }
        assert_eq!(keywords(&[]).read(&"出勤".repeat(500)), Reading::Nothing);
        assert_eq!(Keywords::default().read(""), Reading::Nothing);
    }

    #[test]
    fn with_trigger_words_a_message_begins_with_one() {
        let keywords = keywords(&["打刻", "打刻君", "Todoke", "⏰", "#"]);
        for (text, reading) in [
            ("打刻 出勤", Reading::Punch(ClockIn)),
            ("打刻出勤", Reading::Punch(ClockIn)),
            ("打刻:出勤", Reading::Punch(ClockIn)),
            ("打刻君、退勤。", Reading::Punch(ClockOut)),
            ("todoke out", Reading::Punch(ClockOut)),
            ("@Todoke  OUT!", Reading::Punch(ClockOut)),
            ("⏰\u{fe0f}☀", Reading::Punch(ClockIn)),
            ("\u{ff03}休憩", Reading::Punch(BreakStart)),
            ("打刻 !", Reading::Punch(BreakStart)),
            ("出勤", Reading::NeedsTrigger(ClockIn)),
            ("🌙", Reading::NeedsTrigger(ClockOut)),
            ("出勤 打刻", Reading::Nothing),
            ("打刻", Reading::Nothing),
            ("打刻 打刻 出勤", Reading::Nothing),
            ("打刻 おはよう", Reading::Nothing),
            ("まだ打刻 出勤", Reading::Nothing),
        ] {
            assert_eq!(keywords.read(text), reading, "{text:?}");
        }
    }

    #[test]
    fn what_looks_the_same_is_the_same_keyword() {
        for (one, other) in [
            ("出勤", "出勤\u{ff01}"),
            ("IN", "in"),
            ("☀️", "☀"),
            ("ガ", "\u{ff76}\u{ff9e}"),
            ("休憩 終了", "休憩\u{3000}終了。"),
        ] {
            assert_eq!(same_as(one), same_as(other), "{one} {other}");
        }
        for (one, other) in [("!", "?"), ("出勤", "退勤"), ("ハ", "バ"), ("バ", "パ"), ("は", "ハ")]
        {
            assert_ne!(same_as(one), same_as(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn normal_is_final(text in any::<String>()) {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once);
        }

        #[test]
        fn any_keyword_is_read_in_full_width_and_in_noise(word in "[a-z0-9]{1,12}", before in "[ 、。!]{0,3}", after in "[ \u{3000}。!…]{0,3}") {
            let keywords = Keywords::new([(ClockIn, &[word.clone()][..])], []);
            let wide: String = word.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xfee0)).collect();
            for text in [format!("{before}{word}{after}"), format!("{before}{wide}{after}"), word.to_uppercase()] {
                prop_assert_eq!(keywords.read(&text), Reading::Punch(ClockIn), "{}", text);
            }
        }
    }
}
