//! Files in and out: bytes to text in whichever encoding they came, text to bytes in the one that is wanted. The
//! browser knows the tables; none is shipped.

use std::collections::HashMap;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

/// The text of a file: UTF-8, what spreadsheets call Unicode (UTF-16 with its mark), else Shift_JIS; `None` when
/// it is none of these.
#[must_use]
pub fn decoded(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, ..] => decode("utf-16le", bytes),
        [0xfe, 0xff, ..] => decode("utf-16be", bytes),
        _ => decode("utf-8", bytes).or_else(|| decode("shift_jis", bytes)),
    }
}

fn decode(label: &str, bytes: &[u8]) -> Option<String> {
    let options = web_sys::TextDecoderOptions::new();
    options.set_fatal(true);
    let decoder = web_sys::TextDecoder::new_with_label_and_options(label, &options).ok()?;
    let bytes = Uint8Array::from(bytes);
    decoder.decode_with_buffer_source(&bytes).ok()
}

/// Writes Shift_JIS; made once, of what the browser reads.
pub struct ShiftJis(HashMap<char, [u8; 2]>);

impl ShiftJis {
    /// `None` where the browser does not know it.
    #[must_use]
    pub fn new() -> Option<Self> {
        let options = web_sys::TextDecoderOptions::new();
        let decoder = web_sys::TextDecoder::new_with_label_and_options("shift_jis", &options).ok()?;
        let mut table = HashMap::new();
        for lead in (0x81..=0x9f).chain(0xe0..=0xfc_u8) {
            // A space behind each pair keeps a wrong one from taking its neighbour along.
            let trails: Vec<u8> = (0x40..=0xfc_u8).filter(|trail| *trail != 0x7f).collect();
            let bytes: Vec<u8> = trails.iter().flat_map(|trail| [lead, *trail, b'\n']).collect();
            let text = decoder.decode_with_buffer_source(&Uint8Array::from(bytes.as_slice())).ok()?;
            for (trail, shown) in trails.iter().zip(text.split('\n')) {
                let mut chars = shown.chars();
                if let (Some(c), None) = (chars.next(), chars.next())
                    && c != '\u{fffd}'
                {
                    table.entry(c).or_insert([lead, *trail]);
                }
            }
        }
        Some(Self(table))
    }

    /// The bytes, and how many letters Shift_JIS does not have: each is a question mark.
    #[must_use]
    pub fn encode(&self, text: &str) -> (Vec<u8>, usize) {
        let (mut bytes, mut lost) = (Vec::with_capacity(text.len()), 0);
        for c in text.chars() {
            match u8::try_from(u32::from(c)) {
                Ok(byte) if byte < 0x80 => bytes.push(byte),
                _ => match (self.0.get(&c).or_else(|| self.0.get(&twin_of(c)?)), half_kana(c)) {
                    (_, Some(byte)) => bytes.push(byte),
                    (Some(pair), None) => bytes.extend(pair),
                    (None, None) => {
                        bytes.push(b'?');
                        lost += 1;
                    }
                },
            }
        }
        (bytes, lost)
    }
}

/// What Shift_JIS is read as has a twin in Unicode that other systems write for the same sign.
const fn twin_of(c: char) -> Option<char> {
    Some(match c {
        '\u{301c}' => '\u{ff5e}',
        '\u{2212}' => '\u{ff0d}',
        '\u{2014}' => '\u{2015}',
        '\u{2016}' => '\u{2225}',
        '\u{a2}' => '\u{ffe0}',
        '\u{a3}' => '\u{ffe1}',
        '\u{ac}' => '\u{ffe2}',
        _ => return None,
    })
}

/// ｡ to ﾟ have a byte of their own.
fn half_kana(c: char) -> Option<u8> {
    let offset = u32::from(c).checked_sub(0xff61)?;
    (offset <= 0x3e).then(|| u8::try_from(offset + 0xa1).ok()).flatten()
}

/// The bytes of a file that was chosen.
pub async fn bytes_of(file: &web_sys::File) -> Option<Vec<u8>> {
    let buffer: JsValue = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_table_has_is_written_and_the_rest_is_counted() {
        let table = ShiftJis(HashMap::from([('佐', [0x8d, 0xb2]), ('\u{ff5e}', [0x81, 0x60])]));
        assert_eq!(table.encode("a佐ｻ﹅\u{301c}"), (vec![b'a', 0x8d, 0xb2, 0xbb, b'?', 0x81, 0x60], 1));
        assert_eq!((half_kana('｡'), half_kana('ﾟ'), half_kana('ア')), (Some(0xa1), Some(0xdf), None));
    }
}
