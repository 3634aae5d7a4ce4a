//! Searching that forgives how something was typed: 「ｻﾄｳ」, 「サトウ」 and 「さとう」 are the same, and so are
//! 「Ａ－１」 and 「a-1」.

/// `text` as it is compared: small letters, hiragana, half width where there is one, no spaces.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_whitespace() => {}
            '\u{ff9e}' | '\u{3099}' => voice(&mut out, 1),
            '\u{ff9f}' | '\u{309a}' => voice(&mut out, 2),
            '\u{ff66}'..='\u{ff9d}' => {
                let index = usize::try_from(u32::from(c) - 0xff66).unwrap_or_default();
                out.push(HALF_KANA.chars().nth(index).unwrap_or(c));
            }
            // Katakana to hiragana.
            '\u{30a1}'..='\u{30f6}' => out.push(char::from_u32(u32::from(c) - 0x60).unwrap_or(c)),
            '\u{ff01}'..='\u{ff5e}' => {
                let narrow = char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c);
                out.push(narrow.to_ascii_lowercase());
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// The fields of one thing as one text, to be looked through for each [`words`] of a search.
#[must_use]
pub fn haystack(fields: &[&str]) -> String {
    fields.iter().map(|field| folded(field)).filter(|field| !field.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What is searched for: at most `most` words, each of which must occur.
#[must_use]
pub fn words(query: &str, most: usize) -> Vec<String> {
    query.split_whitespace().map(folded).filter(|word| !word.is_empty()).take(most).collect()
}

/// ｦ to ﾝ, as hiragana.
const HALF_KANA: &str = "をぁぃぅぇぉゃゅょっーあいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん";

const UNVOICED: &str = "かきくけこさしすせそたちつてとはひふへほ";

/// A mark that stands alone behind its letter.
fn voice(out: &mut String, steps: u32) {
    let Some(last) = out.pop() else { return };
    let voiced = match last {
        'う' if steps == 1 => Some('ゔ'),
        c if UNVOICED.contains(c) && (steps == 1 || c >= 'は') => char::from_u32(u32::from(c) + steps),
        _ => None,
    };
    out.push(voiced.unwrap_or(last));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn however_it_was_typed_it_is_found() {
        for (typed, kept) in [
            ("ｻﾄｳ", "さとう"),
            ("サトウ　ハナコ", "さとうはなこ"),
            ("ﾊﾟﾋﾞｮﾝ ｶﾞｰ", "ぱびょんがー"),
            ("は\u{3099}", "ば"),
            ("ヴァ", "ゔぁ"),
            ("ｳﾞ", "ゔ"),
            ("ＳＡＴＯ＠Minato．example", "sato@minato.example"),
            ("ÉCLAIR", "éclair"),
            ("佐藤 花子", "佐藤花子"),
            ("ﾞ", ""),
            ("アﾞ", "あ"),
            ("ガﾞッﾟ", "がっ"),
        ] {
            assert_eq!(folded(typed), kept, "{typed}");
        }
        assert_eq!(words(" ｻﾄｳ\u{3000}営業  x y z", 3), ["さとう", "営業", "x"]);
        assert_eq!(haystack(&["佐藤 花子", "", "サトウ"]), "佐藤花子 さとう");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "[ァ-ヶｦ-ﾟぁ-ん一-龠Ａ-ｚa-zA-Z0-9 ]{0,20}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
