//! People and where they can be reached, as admins handle them. A company admin handles the own company only;
//! nobody gives, or touches somebody with, a role above the own.

mod list;
mod unreachable;

use std::collections::BTreeMap;

use shared::{
    api::{
        auth::Role,
        members::{Member, MemberForm},
    },
    channel::Channel,
    error::{Code, Error},
    id::{CompanyId, MemberId},
};

use crate::{
    hub::Hub,
    ports::{SqlError, Value},
    refusal::Refusal,
    sessions::Caller,
    store,
};

pub(crate) use list::MemberFilter;

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
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "INSERT INTO members (id, company, name, reading, login_email, department, title, \
                 employee_number, usable, role, language, version, created_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12)",
                &[vec![id.as_str().into()], columns(&form), vec![now.into()]].concat(),
            )?;
            self.set_addresses(&id, &form)?;
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
        let changed = changed_fields(&current.form(), &form)?;
        if changed.is_empty() {
            return Ok(current);
        }
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "UPDATE members SET company = ?2, name = ?3, reading = ?4, login_email = ?5, department = ?6, \
                 title = ?7, employee_number = ?8, usable = ?9, role = ?10, language = ?11, \
                 version = version + 1 WHERE id = ?1",
                &[vec![id.as_str().into()], columns(&form)].concat(),
            )?;
            self.set_addresses(id, &form)?;
            if !form.usable {
                self.end_all_sessions(id)?;
            }
            self.audit(caller, "member.changed", id.as_str(), &changed)
        })?;
        self.member(id)
    }

    /// Erases a person with addresses, preferences and sessions. What was sent keeps the id only. Errors:
    /// `not_found`, `not_allowed`, `last_owner`.
    pub(crate) fn delete_member(&self, caller: &Caller, id: &MemberId) -> Result<(), Refusal> {
        let current = self.editable_member(caller, id)?;
        self.refuse_last_owner(&current)?;
        self.ports.sql.atomically(&mut || {
            // Addresses, preferences, sessions and links go with it.
            self.ports.sql.exec("DELETE FROM members WHERE id = ?1", &[id.as_str().into()])?;
            self.audit(caller, "member.deleted", id.as_str(), "")
        })?;
        Ok(())
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

    fn check_form(
        &self,
        caller: &Caller,
        reach: &Reach,
        form: &MemberForm,
        current: Option<&Member>,
    ) -> Result<(), Refusal> {
        let mut problems = form.problems();
        let id = current.map_or("", |member| member.id.as_str());
        let count = |query: &str, params: &[Value]| store::number(&*self.ports.sql, query, params);
        let known_company = "SELECT count(*) FROM companies WHERE id = ?1";
        let wrong = |name: &str, problems: &[Error]| {
            problems.iter().any(|error| error.field.as_deref() == Some(name))
        };
        if !form.company.is_empty()
            && !wrong("company", &problems)
            && count(known_company, &[form.company.as_str().into()])? == 0
        {
            problems.push(Error::field(Code::UnknownCompany, "company"));
        }
        let taken = "SELECT count(*) FROM members WHERE login_email = ?1 AND id <> ?2";
        if count(taken, &[form.login_email.as_str().into(), id.into()])? > 0 {
            problems.push(Error::field(Code::AlreadyExists, "login_email"));
        }
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
        if form.role > caller.power() {
            problems.push(Error::field(Code::NotAllowed, "role"));
        }
        if let Reach::Company(own) = reach
            && form.company != own.as_str()
        {
            problems.push(Error::field(Code::NotAllowed, "company"));
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

    /// Mail goes to the notification address or else to the login address; LINE WORKS to its id, if any.
    fn set_addresses(&self, id: &MemberId, form: &MemberForm) -> Result<(), SqlError> {
        let mail =
            if form.notification_email.is_empty() { &form.login_email } else { &form.notification_email };
        self.set_address(id, Channel::Email, mail)?;
        self.set_address(id, Channel::Lineworks, &form.lineworks_id)
    }

    /// Where one channel reaches somebody; empty takes the address away. A new value has to prove itself.
    fn set_address(&self, id: &MemberId, channel: Channel, value: &str) -> Result<(), SqlError> {
        let sql = &*self.ports.sql;
        let key: [Value; 2] = [id.as_str().into(), channel.code().into()];
        if !value.is_empty() {
            sql.exec(
                "INSERT INTO addresses (member, channel, value, state, switched_on) \
                 VALUES (?1, ?2, ?3, 'unverified', 1) ON CONFLICT (member, channel) DO UPDATE \
                 SET value = excluded.value, label = NULL, state = excluded.state, last_ok_at = NULL WHERE value <> excluded.value",
                &[&key[..], &[value.into()]].concat(),
            )?;
            return Ok(());
        }
        if sql.exec("DELETE FROM addresses WHERE member = ?1 AND channel = ?2", &key)? > 0 {
            // It may have been the last one that was on.
            sql.exec(
                "UPDATE addresses SET switched_on = 1 WHERE member = ?1 \
                 AND NOT EXISTS (SELECT 1 FROM addresses WHERE member = ?1 AND switched_on = 1)",
                &[id.as_str().into()],
            )?;
        }
        Ok(())
    }
}

/// Whom an admin may handle.
enum Reach {
    All,
    Company(CompanyId),
}

/// Company to language, in the order of the statements above.
fn columns(form: &MemberForm) -> Vec<Value> {
    vec![
        Some(form.company.as_str()).filter(|company| !company.is_empty()).into(),
        form.name.as_str().into(),
        form.reading.as_str().into(),
        form.login_email.as_str().into(),
        form.department.as_str().into(),
        form.title.as_str().into(),
        form.employee_number.as_str().into(),
        form.usable.into(),
        form.role.code().into(),
        form.language.tag().into(),
    ]
}

/// Names of what differs, for the audit: never values.
fn changed_fields(before: &MemberForm, after: &MemberForm) -> Result<String, Refusal> {
    type Fields = BTreeMap<String, serde_json::Value>;
    let fields = |form: &MemberForm| -> Result<Fields, Refusal> {
        Ok(serde_json::from_value(serde_json::to_value(MemberForm { version: None, ..form.clone() })?)?)
    };
    let (before, after) = (fields(before)?, fields(after)?);
    let changed: Vec<&str> = after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(value))
        .map(|(name, _)| name.as_str())
        .collect();
    Ok(changed.join(", "))
}
