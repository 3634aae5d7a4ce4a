//! People and where they can be reached, as admins handle them. A company admin handles the own company only;
//! nobody gives, or touches somebody with, a role above the own.

mod erase;
mod export;
mod import;
mod import_result;
mod invite;
mod list;
mod plan;
mod unreachable;
mod write;

use shared::{
    api::{
        auth::Role,
        members::{Member, MemberForm},
    },
    error::{Code, Error},
    id::{CompanyId, MemberId},
};

use crate::{hub::Hub, ports::Value, refusal::Refusal, sessions::Caller, store};

pub(crate) use list::{MemberFilter, cursor_of};

impl Hub {
    /// Registers a person, every channel on. Errors: those of the form, `already_exists`, `unknown_company`,
    /// `not_allowed`.
    pub(crate) fn create_member(&self, caller: &Caller, mut form: MemberForm) -> Result<Member, Refusal> {
        let own = self.reach(caller)?;
        form.clean();
        if let (Reach::Company(own), true) = (&own, form.company.is_empty()) {
            form.company = own.to_string();
        }
        self.check_form(caller, &own, &form, None)?;
        let now = self.now();
        let id = MemberId::new(now, self.random());
        let entry = write::entries([(&id, &form)].into_iter())?;
        self.ports.sql.atomically(&mut || {
            self.write_members(&entry)?;
            self.audit(caller, "member.created", id.as_str(), "")
        })?;
        self.member(&id)
    }

    /// Changes a person. Errors: those of [`Self::create_member`], `not_found`, `changed_meanwhile`,
    /// `last_owner`.
    pub(crate) fn update_member(
        &self,
        caller: &Caller,
        id: &MemberId,
        mut form: MemberForm,
    ) -> Result<Member, Refusal> {
        let current = self.editable_member(caller, id)?;
        form.clean();
        self.check_form(caller, &self.reach(caller)?, &form, Some(&current))?;
        if form.version.is_some_and(|version| version != current.version) {
            return Err(Code::ChangedMeanwhile.into());
        }
        if form.role != Role::Owner || !form.usable {
            self.refuse_last_owner(&current)?;
        }
        let before = current.form();
        let changed = before.differences(&form).join(", ");
        if changed.is_empty() {
            return Ok(current);
        }
        let entry = write::entries([(id, &form)].into_iter())?;
        self.ports.sql.atomically(&mut || {
            self.write_members(&entry)?;
            self.audit(caller, "member.changed", id.as_str(), &changed)
        })?;
        if !form.usable || before.role != form.role || before.company != form.company {
            self.close_pages(id.as_str());
        }
        self.member(id)
    }

    /// One person whom the caller may see. Errors: `not_found`, also for other companies' people.
    pub(crate) fn visible_member(&self, caller: &Caller, id: &MemberId) -> Result<Member, Refusal> {
        let member = self.member(id)?;
        match self.reach(caller)? {
            Reach::Company(own) if member.company.as_ref() != Some(&own) => Err(Code::NotFound.into()),
            _ => Ok(member),
        }
    }

    /// One person whom the caller may change. Errors: `not_found`, `not_allowed` for a role above the own.
    pub(crate) fn editable_member(&self, caller: &Caller, id: &MemberId) -> Result<Member, Refusal> {
        let member = self.visible_member(caller, id)?;
        if member.role > caller.power() { Err(Code::NotAllowed.into()) } else { Ok(member) }
    }

    /// How far the caller's hand reaches among members. Errors: `not_allowed`.
    fn reach(&self, caller: &Caller) -> Result<Reach, Refusal> {
        match caller {
            Caller::Member(member) if member.role == Role::CompanyAdmin => {
                member.company.clone().map(Reach::Company).ok_or_else(|| Code::NotAllowed.into())
            }
            caller => caller.require_admin().map(|()| Reach::All),
        }
    }

    /// Everything that is wrong with one form, of a new person or of a known one.
    fn check_form(
        &self,
        caller: &Caller,
        reach: &Reach,
        form: &MemberForm,
        current: Option<&Member>,
    ) -> Result<(), Refusal> {
        let mut problems = faults(caller.power(), reach, form);
        let id = current.map_or("", |member| member.id.as_str());
        let count = |query: &str, params: &[Value]| store::number(&*self.ports.sql, query, params);
        let known_company = "SELECT count(*) FROM companies WHERE id = ?1";
        if !form.company.is_empty()
            && !is_wrong("company", &problems)
            && count(known_company, &[form.company.as_str().into()])? == 0
        {
            problems.push(Error::field(Code::UnknownCompany, "company"));
        }
        let taken = "SELECT count(*) FROM members WHERE login_email = ?1 AND id <> ?2";
        if count(taken, &[form.login_email.as_str().into(), id.into()])? > 0 {
            problems.push(Error::field(Code::AlreadyExists, "login_email"));
        }
        let of_another =
            "SELECT count(*) FROM addresses WHERE channel = 'slack' AND value = ?1 AND member <> ?2";
        if !form.slack_id.is_empty() && count(of_another, &[form.slack_id.as_str().into(), id.into()])? > 0 {
            problems.push(Error::field(Code::AddressTaken, "slack_id"));
        }
        // By the login as by the user ID behind it. What stays as it was is not looked for: that is a look at all.
        let of_another = "SELECT count(*) FROM addresses WHERE channel = 'lineworks' AND member <> ?2 \
             AND (lower(value) = lower(?1) OR lower(label) = lower(?1))";
        let kept = current.is_some_and(|current| current.form().lineworks_id == form.lineworks_id);
        if !form.lineworks_id.is_empty()
            && !kept
            && count(of_another, &[form.lineworks_id.as_str().into(), id.into()])? > 0
        {
            problems.push(Error::field(Code::AddressTaken, "lineworks_id"));
        }
        Refusal::unless_empty(problems)
    }

    /// There must always be somebody who may do everything and can sign in.
    fn refuse_last_owner(&self, member: &Member) -> Result<(), Refusal> {
        if member.role != Role::Owner || !member.usable {
            return Ok(());
        }
        let others = store::number(
            &*self.ports.sql,
            "SELECT count(*) FROM members WHERE role = 'owner' AND usable = 1 AND id <> ?1",
            &[member.id.as_str().into()],
        )?;
        if others == 0 { Err(Code::LastOwner.into()) } else { Ok(()) }
    }
}

/// Whom an admin may handle.
enum Reach {
    All,
    Company(CompanyId),
}

/// What is wrong with a cleaned form by itself, and for whoever brings it.
fn faults(power: Role, reach: &Reach, form: &MemberForm) -> Vec<Error> {
    let mut problems = form.problems();
    for (name, value) in [
        ("name", &form.name),
        ("reading", &form.reading),
        ("department", &form.department),
        ("title", &form.title),
        ("employee_number", &form.employee_number),
        ("lineworks_id", &form.lineworks_id),
    ] {
        if value.chars().any(char::is_control) {
            problems.push(Error::field(Code::WrongType, name));
        }
    }
    if form.role > power {
        problems.push(Error::field(Code::NotAllowed, "role"));
    }
    // Somebody who runs a company needs one.
    if form.role == Role::CompanyAdmin && form.company.is_empty() && !is_wrong("company", &problems) {
        problems.push(Error::field(Code::Required, "company"));
    }
    if let Reach::Company(own) = reach
        && form.company != own.as_str()
    {
        problems.push(Error::field(Code::NotAllowed, "company"));
    }
    problems
}

fn is_wrong(name: &str, problems: &[Error]) -> bool {
    problems.iter().any(|error| error.field.as_deref() == Some(name))
}
