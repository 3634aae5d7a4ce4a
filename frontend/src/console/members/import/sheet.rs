//! A file of people as the page knows it: what each column is, which rows go to the server, which line says the
//! same person again.

use std::collections::HashMap;

use shared::{
    api::member_imports::{MAX_ROWS, Row, RowOutcome, RowResult, SLICE},
    csv::{Line, Unreadable, push_line, read, unguarded},
    members_csv::Column,
};

use crate::client::json::{Out, object};

/// No body is longer: the server takes 1 MiB.
const LONGEST_BODY: usize = 600_000;

/// Why a file cannot be brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing below the headings.
    Empty,
    TooManyRows,
    /// A quotation mark is never closed since this line.
    Unclosed(u32),
    TooManyColumns,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub file: String,
    pub headings: Vec<String>,
    pub columns: Vec<Option<Column>>,
    pub lines: Vec<Line>,
}

impl Sheet {
    /// Reads the text of a file whose first line has the headings.
    pub fn read(file: &str, text: &str) -> Result<Self, Unfit> {
        let mut lines = read(text, MAX_ROWS + 1).map_err(|unreadable| match unreadable {
            Unreadable::Unclosed(line) => Unfit::Unclosed(line),
            Unreadable::TooLong => Unfit::TooManyRows,
        })?;
        if lines.len() < 2 {
            return Err(Unfit::Empty);
        }
        let headings = lines.remove(0).cells;
        if headings.len() > 100 {
            return Err(Unfit::TooManyColumns);
        }
        let columns = Column::of_headings(&headings);
        let file = file.chars().take(200).collect();
        Ok(Self { file, headings, columns, lines })
    }

    /// Says what a column is; of two alike the one said last counts.
    pub fn choose(&mut self, index: usize, column: Option<Column>) {
        for (other, own) in self.columns.iter_mut().enumerate() {
            if other == index {
                *own = column;
            } else if column.is_some() && *own == column {
                *own = None;
            }
        }
    }

    /// The column without which nobody can be told from another.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.columns.contains(&Some(column))
    }

    /// A cell as it was written, empty where the line is too short.
    #[must_use]
    pub fn cell(&self, line: usize, column: Column) -> &str {
        let place = self.columns.iter().position(|own| *own == Some(column));
        let cell = place.and_then(|place| self.lines.get(line)?.cells.get(place));
        cell.map(|cell| unguarded(cell)).unwrap_or_default()
    }

    /// The first filled cell of a column, to recognise it by.
    #[must_use]
    pub fn sample(&self, index: usize) -> &str {
        let cells = self.lines.iter().filter_map(|line| line.cells.get(index));
        cells.map(String::as_str).find(|cell| !cell.trim().is_empty()).unwrap_or_default()
    }

    /// The body that begins a draft.
    #[must_use]
    pub fn new_import(&self, create_companies: bool) -> String {
        let columns: Vec<&str> = self.columns.iter().flatten().map(|column| column.code()).collect();
        object(&[
            ("file", Out::Text(&self.file)),
            ("columns", Out::Texts(&columns)),
            ("total", Out::Number(i64::try_from(self.lines.len()).unwrap_or_default())),
            ("create_companies", Out::Bool(create_companies)),
        ])
    }

    /// The rows of the known columns, in bodies of at most [`SLICE`].
    #[must_use]
    pub fn slices(&self) -> Vec<String> {
        let mut seen: HashMap<String, u32> = HashMap::new();
        let (mut bodies, mut rows, mut size) = (Vec::new(), Vec::new(), 0);
        for (index, line) in self.lines.iter().enumerate() {
            let login = self.cell(index, Column::LoginEmail);
            let login = login.split_whitespace().collect::<String>().to_lowercase();
            let twice = seen.get(&login).copied().filter(|_| !login.is_empty());
            seen.entry(login).or_insert(line.number);
            let row = self.row(line, twice);
            if rows.len() == SLICE || size + row.len() > LONGEST_BODY {
                bodies.push(body(&rows));
                rows.clear();
                size = 0;
            }
            size += row.len();
            rows.push(row);
        }
        if !rows.is_empty() {
            bodies.push(body(&rows));
        }
        bodies
    }

    fn row(&self, line: &Line, twice: Option<u32>) -> String {
        let known = self.columns.iter().enumerate().filter(|(_, column)| column.is_some());
        let cells: Vec<&str> =
            known.map(|(index, _)| line.cells.get(index).map_or("", String::as_str)).collect();
        let row = Row { line: line.number, cells: Vec::new(), twice };
        let mut fields = vec![("line", Out::Number(row.line.into())), ("cells", Out::Texts(&cells))];
        fields.extend(row.twice.map(|line| ("twice", Out::Number(line.into()))));
        object(&fields)
    }

    /// The refused rows as they were, each with the reason behind it: to be put right and brought again.
    pub fn refused(
        &self,
        results: &[RowResult],
        reason_heading: &str,
        why: impl Fn(&RowResult) -> String,
    ) -> String {
        let mut text = String::from('\u{feff}');
        let mut headings = self.headings.clone();
        headings.push(reason_heading.to_owned());
        push_line(&mut text, &headings);
        for (line, result) in self.lines.iter().zip(results) {
            if result.outcome == RowOutcome::Failed {
                let mut cells: Vec<String> =
                    line.cells.iter().map(|cell| unguarded(cell).to_owned()).collect();
                cells.resize(self.headings.len(), String::new());
                cells.push(why(result));
                push_line(&mut text, &cells);
            }
        }
        text
    }
}

fn body(rows: &[String]) -> String {
    object(&[("rows", Out::Json(&format!("[{}]", rows.join(","))))])
}

/// How many rows come to what, in the order of [`RowOutcome::ALL`].
#[must_use]
pub fn counts(results: &[RowResult]) -> [u64; 4] {
    RowOutcome::ALL.map(|outcome| {
        u64::try_from(results.iter().filter(|result| result.outcome == outcome).count()).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use shared::api::member_imports::{NewImport, Rows};

    use super::*;

    const FILE: &str =
        "氏名,メール,好きな色,部署\r\n佐藤,a@b.jp,青,経理\r\n\r\n林,A@b.jp ,,\r\n'=x,c@b.jp\r\n";

    #[test]
    fn a_file_becomes_what_the_server_reads() {
        let sheet = Sheet::read("社員.csv", FILE).unwrap();
        assert!(sheet.has(Column::LoginEmail) && !sheet.has(Column::Company));
        assert_eq!(
            (sheet.sample(2), sheet.cell(2, Column::Name), sheet.cell(2, Column::Department)),
            ("青", "=x", "")
        );
        let new: NewImport = serde_json::from_str(&sheet.new_import(true)).unwrap();
        assert_eq!(new.columns, [Column::Name, Column::LoginEmail, Column::Department]);
        assert_eq!((new.problems().len(), new.total, new.create_companies), (0, 3, true));
        let bodies = sheet.slices();
        let rows: Rows = serde_json::from_str(&bodies[0]).unwrap();
        assert_eq!(bodies.len(), 1);
        assert_eq!(
            rows.rows[0],
            Row { line: 2, cells: vec!["佐藤".into(), "a@b.jp".into(), "経理".into()], twice: None }
        );
        assert_eq!((rows.rows[1].line, rows.rows[1].twice), (4, Some(2)));
        assert_eq!(rows.rows[2].cells, ["'=x", "c@b.jp", ""]);
    }

    #[test]
    fn a_column_is_one_thing_only() {
        let mut sheet = Sheet::read("a", FILE).unwrap();
        sheet.choose(2, Some(Column::Name));
        assert_eq!(
            sheet.columns,
            [None, Some(Column::LoginEmail), Some(Column::Name), Some(Column::Department)]
        );
        sheet.choose(1, None);
        assert!(!sheet.has(Column::LoginEmail));
    }

    #[test]
    fn what_is_no_such_file_says_why() {
        for (text, unfit) in [
            ("", Unfit::Empty),
            ("名前,メール\n", Unfit::Empty),
            ("a\n\"b\n", Unfit::Unclosed(2)),
            (&"a,".repeat(101), Unfit::Empty),
            (&format!("{}\nb", "a,".repeat(101)), Unfit::TooManyColumns),
            (&"a\n".repeat(20_002), Unfit::TooManyRows),
        ] {
            assert_eq!(Sheet::read("a", text), Err(unfit), "{:.20}", text);
        }
    }

    #[test]
    fn bodies_stay_within_what_the_server_takes() {
        let mut text = String::from("名前,メール\n");
        for i in 0..950 {
            text.push_str(&format!("社員{i},m{i}@b.jp\n"));
        }
        let sheet = Sheet::read("a", &text).unwrap();
        let sizes: Vec<usize> = sheet
            .slices()
            .iter()
            .map(|body| serde_json::from_str::<Rows>(body).unwrap().rows.len())
            .collect();
        assert_eq!(sizes, [200, 200, 200, 200, 150]);
        let long = format!("名前,メール\n{}", "x".repeat(9_000) + ",a@b.jp\n");
        let many = long.clone() + &("x".repeat(9_000) + ",a@b.jp\n").repeat(99);
        assert!(Sheet::read("a", &many).unwrap().slices().iter().all(|body| body.len() < 1_000_000));
    }

    #[test]
    fn refused_rows_come_back_with_their_reason() {
        let sheet = Sheet::read("a", FILE).unwrap();
        let result = |line, outcome| RowResult {
            line,
            outcome,
            member: None,
            fields: vec![],
            code: None,
            found: None,
        };
        let results =
            [result(2, RowOutcome::Created), result(4, RowOutcome::Failed), result(5, RowOutcome::Failed)];
        assert_eq!(counts(&results), [2, 1, 0, 0]);
        assert_eq!(
            sheet.refused(&results, "理由", |_| "重複".into()),
            "\u{feff}氏名,メール,好きな色,部署,理由\r\n林,A@b.jp ,,,重複\r\n'=x,c@b.jp,,,重複\r\n"
        );
    }
}
