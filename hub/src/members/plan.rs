//! What a slice of a file would do, decided before anything is written: the preview and the import itself ask the
//! same question, the latter of the store as it is by then.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use shared::{
    api::{
        auth::Role,
        member_imports::{Row, RowOutcome, RowResult},
        members::{Member, MemberForm},
    },
    csv::unguarded,
    error::{Code, Error},
    id::{CompanyId, MemberId},
    members_csv::Column,
};

use super::{Reach, faults, list};
use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

/// How a file is read.
pub(super) struct Sheet {
    pub(super) columns: Vec<Column>,
    pub(super) create_companies: bool,
}

/// What a slice would do.
pub(super) struct Plan {
    pub(super) results: Vec<RowResult>,
    /// Who is written, and how.
    pub(super) people: Vec<(MemberId, MemberForm)>,
    /// Companies to be made first.
    pub(super) companies: Vec<(CompanyId, String)>,
}

/// Somebody whom the workspace knows.
struct Known {
    member: Member,
    /// The LINE WORKS login behind the user ID.
    login: Option<String>,
}

/// Who has which address, also by the rows above. LINE WORKS' are in lower case.
#[derive(Default)]
struct Owners(BTreeMap<String, Vec<MemberId>>);

impl Owners {
    fn add(&mut self, address: String, owner: &MemberId) {
        if !address.is_empty() {
            self.0.entry(address).or_default().push(owner.clone());
        }
    }

    fn has_another(&self, address: &str, oneself: Option<&MemberId>) -> bool {
        self.0.get(address).is_some_and(|owners| owners.iter().any(|owner| Some(owner) != oneself))
    }
}

/// What rows are compared with.
struct Around<'a> {
    caller: &'a Caller,
    reach: Reach,
    sheet: &'a Sheet,
    known: BTreeMap<String, Known>,
    slack: Owners,
    lineworks: Owners,
    companies: BTreeMap<String, CompanyId>,
    made: Vec<(CompanyId, String)>,
    /// Login emails that rows above have, with their lines.
    seen: BTreeMap<String, u32>,
}

impl Hub {
    /// Decides about each row. Errors: `not_allowed` when the caller may handle nobody.
    pub(super) fn plan_import(&self, caller: &Caller, sheet: &Sheet, rows: &[Row]) -> Result<Plan, Refusal> {
        let known = self.known_people(sheet, rows)?;
        let (slack, lineworks) = self.owners(sheet, rows, &known)?;
        let mut around = Around {
            caller,
            reach: self.reach(caller)?,
            sheet,
            known,
            slack,
            lineworks,
            companies: self.companies_by_name()?,
            made: Vec::new(),
            seen: BTreeMap::new(),
        };
        let (mut results, mut people) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            let result = match self.plan_row(&mut around, row) {
                Ok(Step::Same(id)) => result(row.line, RowOutcome::Same, Some(id), &[]),
                Ok(Step::Write(outcome, id, form, fields)) => {
                    let result = result(row.line, outcome, Some(id.clone()), &fields);
                    people.push((id, *form));
                    result
                }
                Err(error) => RowResult {
                    code: Some(error.code),
                    found: error.found,
                    fields: error.field.into_iter().collect(),
                    ..result(row.line, RowOutcome::Failed, None, &[])
                },
            };
            results.push(result);
        }
        // Only those that somebody is really put into.
        let used: BTreeSet<&str> = people.iter().map(|(_, form)| form.company.as_str()).collect();
        let companies = around.made.into_iter().filter(|(id, _)| used.contains(id.as_str())).collect();
        Ok(Plan { results, people, companies })
    }

    fn plan_row(&self, around: &mut Around<'_>, row: &Row) -> Result<Step, Error> {
        let columns = &around.sheet.columns;
        if !row.fits(columns.len()) {
            return Err(Error::new(Code::TooLong));
        }
        if let Some(line) = row.twice {
            return Err(Error::field(Code::NamedTwice, "login_email").found(line.to_string()));
        }
        let login = named(columns, row).login_email;
        if let Some(line) = around.seen.insert(login.clone(), row.line).filter(|_| !login.is_empty()) {
            return Err(Error::field(Code::NamedTwice, "login_email").found(line.to_string()));
        }
        let known = around.known.get(&login);
        let before = known.map(|known| known.member.form());
        let mut form = before.clone().unwrap_or_else(MemberForm::fresh);
        let mut company = None;
        for (column, cell) in columns.iter().zip(&row.cells) {
            column.fill(cell, &mut form)?;
            if *column == Column::Company {
                company = Some(unguarded(cell).split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        form.clean();
        if let Some(known) = known {
            if known.login.as_deref() == Some(form.lineworks_id.as_str()) {
                // The file names the login, the store the user ID that was found for it.
                known.member.form().lineworks_id.clone_into(&mut form.lineworks_id);
            }
            refuse_untouchable(around, &known.member, &form)?;
        }
        if let Some(name) = company {
            form.company = self.company_of(around, name)?;
        }
        if let (Reach::Company(own), true) = (&around.reach, form.company.is_empty()) {
            form.company = own.to_string();
        }
        if let Some(error) = faults(around.caller.power(), &around.reach, &form).into_iter().next() {
            return Err(error);
        }
        let known = around.known.get(&login);
        let id = known.map(|known| known.member.id.clone());
        if around.slack.has_another(&form.slack_id, id.as_ref()) {
            return Err(Error::field(Code::AddressTaken, "slack_id"));
        }
        let lineworks = form.lineworks_id.to_ascii_lowercase();
        let kept = before.as_ref().is_some_and(|before| before.lineworks_id == form.lineworks_id);
        if !kept && around.lineworks.has_another(&lineworks, id.as_ref()) {
            return Err(Error::field(Code::AddressTaken, "lineworks_id"));
        }
        let owner = id.clone().unwrap_or_else(|| MemberId::new(self.now(), self.random()));
        // Rows below may not have them any more.
        around.slack.add(form.slack_id.clone(), &owner);
        around.lineworks.add(lineworks, &owner);
        let (Some(id), Some(before)) = (id, before) else {
            return Ok(Step::Write(RowOutcome::Created, owner, Box::new(form), Vec::new()));
        };
        let fields = before.differences(&form);
        if fields.is_empty() {
            return Ok(Step::Same(id));
        }
        Ok(Step::Write(RowOutcome::Changed, id, Box::new(form), fields))
    }

    /// The company's id, of a new one where that is wanted.
    fn company_of(&self, around: &mut Around<'_>, name: String) -> Result<String, Error> {
        if name.is_empty() {
            return Ok(String::new());
        }
        if let Some(id) = around.companies.get(&name) {
            return Ok(id.to_string());
        }
        if name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(Error::field(Code::TooLong, "company"));
        }
        if !around.sheet.create_companies || !matches!(around.reach, Reach::All) {
            return Err(Error::field(Code::UnknownCompany, "company"));
        }
        let id = CompanyId::new(self.now(), self.random());
        around.companies.insert(name.clone(), id.clone());
        around.made.push((id.clone(), name));
        Ok(id.to_string())
    }

    fn known_people(&self, sheet: &Sheet, rows: &[Row]) -> Result<BTreeMap<String, Known>, Refusal> {
        #[derive(Deserialize)]
        struct Found {
            member: list::Row,
            login: Option<String>,
        }
        let logins: Vec<String> = rows.iter().map(|row| named(&sheet.columns, row).login_email).collect();
        let found: Vec<Found> = store::rows(
            &*self.ports.sql,
            &format!(
                "SELECT json_object('member', {}, 'login', (SELECT a.label FROM addresses a WHERE a.member = m.id AND a.channel = 'lineworks')) \
                 FROM (SELECT DISTINCT value FROM json_each(?1)) w JOIN members m ON m.login_email = w.value \
                 LEFT JOIN companies c ON c.id = m.company",
                list::MEMBER
            ),
            &[serde_json::to_string(&logins)?.into()],
        )?;
        let known = found.into_iter().map(|one| {
            let member = Member::from(one.member);
            (member.login_email.clone(), Known { member, login: one.login })
        });
        Ok(known.collect())
    }

    /// Who has the Slack IDs of the rows, and the LINE WORKS IDs that would be new to their people.
    fn owners(
        &self,
        sheet: &Sheet,
        rows: &[Row],
        known: &BTreeMap<String, Known>,
    ) -> Result<(Owners, Owners), Refusal> {
        let (mut slack, mut lineworks) = (Vec::new(), Vec::new());
        for row in rows {
            let named = named(&sheet.columns, row);
            let kept = known.get(&named.login_email).is_some_and(|known| {
                let id = named.lineworks_id.as_str();
                known.login.as_deref() == Some(id) || known.member.form().lineworks_id == id
            });
            if !named.slack_id.is_empty() {
                slack.push(named.slack_id);
            }
            // Nothing finds them but a look at all of them.
            if !named.lineworks_id.is_empty() && !kept {
                lineworks.push(named.lineworks_id.to_ascii_lowercase());
            }
        }
        Ok((self.owners_of(SLACK_OWNERS, &slack)?, self.owners_of(LINEWORKS_OWNERS, &lineworks)?))
    }

    fn owners_of(&self, query: &str, addresses: &[String]) -> Result<Owners, Refusal> {
        let mut owners = Owners::default();
        if addresses.is_empty() {
            return Ok(owners);
        }
        let addresses = serde_json::to_string(addresses)?;
        let found: Vec<(String, MemberId)> = store::rows(&*self.ports.sql, query, &[addresses.into()])?;
        for (address, owner) in found {
            owners.add(address, &owner);
        }
        Ok(owners)
    }

    fn companies_by_name(&self) -> Result<BTreeMap<String, CompanyId>, Refusal> {
        let companies: Vec<(String, CompanyId)> =
            store::rows(&*self.ports.sql, "SELECT json_array(name, id) FROM companies", &[])?;
        Ok(companies.into_iter().collect())
    }
}

/// What a row comes to.
enum Step {
    Same(MemberId),
    Write(RowOutcome, MemberId, Box<MemberForm>, Vec<&'static str>),
}

/// A file changes nobody of another company, nobody above whoever brings it, no owner's power, and does not lock
/// out the one who brings it.
fn refuse_untouchable(around: &Around<'_>, member: &Member, form: &MemberForm) -> Result<(), Error> {
    if let Reach::Company(own) = &around.reach
        && member.company.as_ref() != Some(own)
    {
        return Err(Error::field(Code::AlreadyExists, "login_email"));
    }
    let power = around.caller.power();
    if member.role > power {
        return Err(Error::field(Code::NotAllowed, "login_email"));
    }
    let oneself = member.id.as_str() == around.caller.id();
    let keeps =
        if oneself { form.role >= power } else { member.role != Role::Owner || form.role == Role::Owner };
    if !keeps {
        return Err(Error::field(Code::NotAllowed, "role"));
    }
    if !form.usable && member.usable && (oneself || member.role == Role::Owner) {
        return Err(Error::field(Code::NotAllowed, "usable"));
    }
    Ok(())
}

/// The cells by which somebody is known elsewhere, as [`MemberForm::clean`] leaves them.
fn named(columns: &[Column], row: &Row) -> MemberForm {
    let mut form = MemberForm::default();
    for (column, cell) in columns.iter().zip(&row.cells) {
        let text = match column {
            Column::LoginEmail => &mut form.login_email,
            Column::LineworksId => &mut form.lineworks_id,
            Column::SlackId => &mut form.slack_id,
            _ => continue,
        };
        unguarded(cell).clone_into(text);
    }
    form.clean();
    form
}

const SLACK_OWNERS: &str = "SELECT json_array(a.value, a.member) FROM (SELECT DISTINCT value FROM json_each(?1)) w \
     JOIN addresses a ON a.channel = 'slack' AND a.value = w.value";

/// By the login as by the user ID behind it.
const LINEWORKS_OWNERS: &str = "SELECT json_array(lower(a.value), a.member) FROM addresses a WHERE a.channel = 'lineworks' \
     AND lower(a.value) IN (SELECT value FROM json_each(?1)) \
     UNION ALL SELECT json_array(lower(a.label), a.member) FROM addresses a WHERE a.channel = 'lineworks' \
     AND lower(a.label) IN (SELECT value FROM json_each(?1))";

fn result(line: u32, outcome: RowOutcome, member: Option<MemberId>, fields: &[&'static str]) -> RowResult {
    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
    RowResult { line, outcome, member, fields, code: None, found: None }
}
