//! The six-digit code, however it was typed or pasted.

/// The digits of what was typed, at most six: 「１２３ 456」 and `Code: 123-456` are both `123456`.
#[must_use]
pub fn digits(typed: &str) -> String {
    typed.chars().filter_map(narrow).take(LENGTH).collect()
}

/// Complete, so that it can be sent.
#[must_use]
pub fn is_whole(code: &str) -> bool {
    code.len() == LENGTH
}

const LENGTH: usize = 6;

fn narrow(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_with_six_digits_is_a_code() {
        for (typed, code) in [
            ("123456", "123456"),
            ("123 456", "123456"),
            ("１２３４５６", "123456"),
            ("確認コード: 012-345 です", "012345"),
            ("1234567", "123456"),
            ("12a", "12"),
            ("", ""),
        ] {
            assert_eq!(digits(typed), code);
            assert_eq!(is_whole(&digits(typed)), code.len() == 6);
        }
    }
}
