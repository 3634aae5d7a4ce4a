//! CSV as spreadsheets write and read it (RFC 4180): read leniently, written strictly.

/// Adds a line, which ends with CR LF. No cell of it is a formula.
pub fn push_line<S: AsRef<str>>(text: &mut String, cells: &[S]) {
    for (index, value) in cells.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push_cell(text, value.as_ref());
    }
    text.push_str("\r\n");
}

/// Quoted where it must be. What a spreadsheet would take for a formula gets an apostrophe in front, even
/// behind spaces: it is somebody's name or reason, and must not run on the accountant's machine.
fn push_cell(text: &mut String, value: &str) {
    let guard = if needs_guard(value) { "'" } else { "" };
    if value.contains([',', '"', '\r', '\n']) {
        text.push('"');
        text.push_str(guard);
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(guard);
        text.push_str(value);
    }
}

/// What a cell said before [`push_line`] guarded it: a file that was written here reads back unchanged.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| needs_guard(rest)).unwrap_or(cell)
}

/// A formula, or what would read back as one that was guarded.
fn needs_guard(value: &str) -> bool {
    let value = value.trim_start_matches('\'');
    let first = value.trim_start_matches(|c: char| c.is_whitespace() || c.is_control()).chars().next();
    matches!(first, Some('=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'))
        || value.starts_with(['\t', '\r', '\n'])
}

/// One line of a file that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it begins in the file; the first is 1.
    pub number: u32,
    pub cells: Vec<String>,
}

/// Why a file is no CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A quotation mark that was opened in this line is never closed.
    #[error("a quotation mark of line {0} is never closed")]
    Unclosed(u32),
    /// More lines than asked for.
    #[error("there are too many lines")]
    TooLong,
}

/// Reads at most `most` lines. A byte order mark and empty lines are passed over; lines end with LF, CR LF or CR;
/// cells are parted by commas, or by tabs or semicolons where the first line has those and no comma.
pub fn read(text: &str, most: usize) -> Result<Vec<Line>, Unreadable> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = separator_of(text);
    let (mut lines, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut number, mut begun) = (1_u32, 1_u32);
    // Behind the closing mark of a quoted cell whatever follows belongs to it: others write such files.
    let mut quoted_since = None;
    let mut rest = text.chars().peekable();
    loop {
        let next = rest.next();
        match next {
            None if quoted_since.is_some() => {
                return Err(Unreadable::Unclosed(quoted_since.unwrap_or(begun)));
            }
            Some('"') if quoted_since.is_some() => {
                if rest.peek() == Some(&'"') {
                    rest.next();
                    cell.push('"');
                } else {
                    quoted_since = None;
                }
            }
            Some(c) if quoted_since.is_some() => {
                number += u32::from(c == '\n');
                cell.push(c);
            }
            Some('"') if cell.is_empty() => quoted_since = Some(number),
            Some(c) if c == separator => cells.push(std::mem::take(&mut cell)),
            None | Some('\n' | '\r') => {
                if next == Some('\r') && rest.peek() == Some(&'\n') {
                    rest.next();
                }
                cells.push(std::mem::take(&mut cell));
                let cells = std::mem::take(&mut cells);
                if cells.iter().any(|cell| !cell.trim().is_empty()) {
                    if lines.len() == most {
                        return Err(Unreadable::TooLong);
                    }
                    lines.push(Line { number: begun, cells });
                }
                number += 1;
                begun = number;
                if next.is_none() {
                    return Ok(lines);
                }
            }
            Some(c) => cell.push(c),
        }
    }
}

fn separator_of(text: &str) -> char {
    let first = text.split(['\r', '\n']).find(|line| !line.trim().is_empty()).unwrap_or_default();
    [',', '\t', ';'].into_iter().find(|separator| first.contains(*separator)).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text, 100).unwrap().into_iter().map(|line| line.cells).collect()
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (value, expected) in [
            ("=1+1", "'=1+1"),
            ("+81", "'+81"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("  =1", "'  =1"),
            ("\t=1", "'\t=1"),
            ("\rx", "\"'\rx\""),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("'=1", "''=1"),
            ("'a", "'a"),
            ("a=1", "a=1"),
            ("", ""),
            ("a\"b", "\"a\"\"b\""),
        ] {
            let mut text = String::new();
            push_line(&mut text, &[value]);
            assert_eq!(text.strip_suffix("\r\n"), Some(expected), "{value:?}");
            // A last cell, so that no line is empty.
            let line = format!("x,y\r\n{},z", text.trim_end_matches("\r\n"));
            assert_eq!(unguarded(&cells(&line)[1][0]), value);
        }
        assert_eq!(unguarded("'neill"), "'neill");
    }

    #[test]
    fn files_of_every_make_are_read() {
        for (text, expected) in [
            ("a,b\r\n1,2\r\n", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("\u{feff}a,b\n1,2", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("a\tb,c\r\r1\t2\r", vec![vec!["a\tb", "c"], vec!["1\t2"]]),
            ("a\tb\n1\t2\n", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("a;b\n1;2\n", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("a,b\n\n , \n\"1\n2\",\"x\"\"y\"\n", vec![vec!["a", "b"], vec!["1\n2", "x\"y"]]),
            ("a,b\n\"1\" 2,3\n", vec![vec!["a", "b"], vec!["1 2", "3"]]),
            ("a\n5\" nail\n", vec![vec!["a"], vec!["5\" nail"]]),
            ("", vec![]),
        ] {
            assert_eq!(cells(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        let lines = read("a,b\r\n\r\n\"1\n2\",3\r\n4,5", 10).unwrap();
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!(read("a\nb\n\"c\nd", 10), Err(Unreadable::Unclosed(3)));
        assert_eq!(read("a\nb\nc", 2), Err(Unreadable::TooLong));
        assert_eq!(read("a\nb\n\n", 2).unwrap().len(), 2);
    }

    proptest! {
        #[test]
        fn whatever_is_written_reads_back(rows in prop::collection::vec(prop::collection::vec(any::<String>(), 2..5), 1..5)) {
            let mut text = String::from("a,b,c\r\n");
            for row in &rows {
                push_line(&mut text, row);
            }
            let full = rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty() || needs_guard(cell)));
            let expected: Vec<Vec<String>> = full.cloned().collect();
            let read: Vec<Vec<String>> = cells(&text)[1..]
                .iter()
                .map(|row| row.iter().map(|cell| unguarded(cell).to_owned()).collect())
                .collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn nothing_breaks_the_reader(text in any::<String>()) {
            let _lines = read(&text, 1_000);
        }
    }
}
