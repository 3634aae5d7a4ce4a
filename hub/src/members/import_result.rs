//! What a file of people came to, as a file.

use shared::{
    api::member_imports::RowResult,
    csv::push_line,
    error::Error,
    id::ImportId,
    lang::{Lang, Text},
    members_csv::Column,
};

use super::Reach;
use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

impl Hub {
    /// What became of each row, as a file with a byte order mark. Names are those of now; whoever was erased since
    /// has none. A company admin reads those of the own company only. Errors: `not_found`.
    pub(crate) fn import_result(
        &self,
        caller: &Caller,
        id: &ImportId,
        lang: Lang,
    ) -> Result<String, Refusal> {
        self.import(caller, id)?;
        let own = match self.reach(caller)? {
            Reach::All => None,
            Reach::Company(own) => Some(own.to_string()),
        };
        let rows: Vec<(RowResult, Option<String>, Option<String>)> = store::rows(
            &*self.ports.sql,
            "SELECT json_array(json(r.value), m.name, m.login_email) FROM import_slices s, json_each(s.result) r \
             LEFT JOIN members m ON m.id = r.value ->> 'member' AND (?2 IS NULL OR m.company = ?2) \
             WHERE s.import = ?1 ORDER BY s.first, r.key",
            &[id.as_str().into(), own.into()],
        )?;
        let mut csv = String::from('\u{feff}');
        push_line(&mut csv, &RESULT_COLUMNS.map(|column| column.get(lang)));
        for (row, name, login) in rows {
            let fields: Vec<&str> = row
                .fields
                .iter()
                .map(|field| {
                    Column::from_code(field).map_or(field.as_str(), |column| column.name().get(lang))
                })
                .collect();
            let why =
                row.code.map(|code| Error { code, field: None, found: row.found.clone() }.message(lang));
            push_line(
                &mut csv,
                &[
                    row.line.to_string(),
                    row.outcome.name().get(lang).to_owned(),
                    login.unwrap_or_default(),
                    name.unwrap_or_default(),
                    fields.join(" / "),
                    why.unwrap_or_default(),
                ],
            );
        }
        Ok(csv)
    }
}

const RESULT_COLUMNS: [Text; 6] = [
    Text::new("行", "Line"),
    Text::new("結果", "Result"),
    Text::new("ログインメール", "Login email"),
    Text::new("名前", "Name"),
    Text::new("項目", "Fields"),
    Text::new("理由", "Reason"),
];
