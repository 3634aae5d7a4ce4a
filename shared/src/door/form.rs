//! Reads `application/x-www-form-urlencoded` the way every server does: what cannot be decoded stays as it is.

/// Name and value of each pair, in order. Bytes that are not UTF-8 become U+FFFD.
#[must_use]
pub fn pairs(body: &[u8]) -> Vec<(String, String)> {
    body.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(at);
            (decode(name), decode(value.get(1..).unwrap_or_default()))
        })
        .collect()
}

fn decode(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, tail @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = tail;
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_leniently() {
        for (body, expected) in [
            ("", vec![]),
            ("message=a+b%20c", vec![("message", "a b c")]),
            ("message=%E3%81%82&x=", vec![("message", "あ"), ("x", "")]),
            ("a&b=1=2&&", vec![("a", ""), ("b", "1=2")]),
            ("m=50%&n=%zz%4", vec![("m", "50%"), ("n", "%zz%4")]),
            ("m=%ff", vec![("m", "\u{fffd}")]),
            ("message=生のまま", vec![("message", "生のまま")]),
        ] {
            let pairs = pairs(body.as_bytes());
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            assert_eq!(pairs, expected, "{body}");
        }
    }
}
