//! All people as a file, part by part: a page puts the parts together and writes them in the wanted encoding.

use shared::{
    api::{member_imports::ExportPart, members::Member},
    lang::Lang,
    members_csv::{push_head, push_member},
};

use super::{MemberFilter, Reach, list};
use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

const PART: usize = 500;

impl Hub {
    /// The people behind `cursor`, in the order of their registration; the first part begins with the names of the
    /// columns. `filter` as for the list. Errors: `not_allowed`.
    pub(crate) fn export_members(
        &self,
        caller: &Caller,
        mut filter: MemberFilter,
        cursor: Option<&str>,
        lang: Lang,
    ) -> Result<ExportPart, Refusal> {
        if let Reach::Company(own) = self.reach(caller)? {
            filter.company = Some(own.to_string());
        }
        let (conditions, mut params) = filter.conditions();
        let sql = &*self.ports.sql;
        let mut csv = String::new();
        let mut total = None;
        if cursor.is_none() {
            let count =
                store::number(sql, &format!("SELECT count(*) FROM members m WHERE {conditions}"), &params)?;
            total = u32::try_from(count).ok();
            push_head(&mut csv, lang);
            self.audit(caller, "members.exported", "", "")?;
        }
        params.push(cursor.unwrap_or_default().into());
        let rows: Vec<list::Row> = store::rows(
            sql,
            &format!(
                "SELECT {} FROM members m LEFT JOIN companies c ON c.id = m.company \
                 WHERE {conditions} AND m.id > ?{} ORDER BY m.id LIMIT {PART}",
                list::MEMBER,
                params.len()
            ),
            &params,
        )?;
        let more = rows.len() == PART;
        let members: Vec<Member> = rows.into_iter().map(|row| row.into()).collect();
        members.iter().for_each(|member| push_member(&mut csv, member, lang));
        Ok(ExportPart {
            csv,
            rows: u32::try_from(members.len()).unwrap_or_default(),
            total,
            next: members.last().filter(|_| more).map(|member| member.id.to_string()),
        })
    }
}
