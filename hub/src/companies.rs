//! Contract companies inside the workspace.

use shared::{
    api::{events::Company, members::CompanyForm},
    error::{Code, Error},
    id::CompanyId,
};

use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

const COMPANY: &str = "json_object('id', c.id, 'name', c.name, \
    'members', (SELECT count(*) FROM members m WHERE m.company = c.id))";

impl Hub {
    /// All companies by name; a company admin sees the own one.
    pub(crate) fn list_companies(&self, caller: &Caller) -> Result<Vec<Company>, Refusal> {
        let own = match caller.require_admin() {
            Ok(()) => None,
            Err(refusal) => Some(self.own_company(caller).ok_or(refusal)?),
        };
        store::rows(
            &*self.ports.sql,
            &format!("SELECT {COMPANY} FROM companies c WHERE ?1 IS NULL OR c.id = ?1 ORDER BY c.name"),
            &[own.as_ref().map(CompanyId::as_str).into()],
        )
    }

    /// Errors: `required`, `too_long`, `already_exists`, each with the field `name`.
    pub(crate) fn create_company(&self, caller: &Caller, form: &CompanyForm) -> Result<Company, Refusal> {
        caller.require_admin()?;
        let name = self.company_name(form, "")?;
        let now = self.now();
        let id = CompanyId::new(now, self.random());
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "INSERT INTO companies (id, name, created_at) VALUES (?1, ?2, ?3)",
                &[id.as_str().into(), name.as_str().into(), now.into()],
            )?;
            self.audit(caller, "company.created", id.as_str(), "")
        })?;
        self.company(&id)
    }

    /// Errors: those of [`Self::create_company`], `not_found`.
    pub(crate) fn rename_company(
        &self,
        caller: &Caller,
        id: &CompanyId,
        form: &CompanyForm,
    ) -> Result<Company, Refusal> {
        caller.require_admin()?;
        self.company(id)?;
        let name = self.company_name(form, id.as_str())?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "UPDATE companies SET name = ?2 WHERE id = ?1",
                &[id.as_str().into(), name.as_str().into()],
            )?;
            self.audit(caller, "company.changed", id.as_str(), "name")
        })?;
        self.company(id)
    }

    /// Only an empty one: its people would silently belong to none. Errors: `not_found`, `not_allowed` with the
    /// number of people.
    pub(crate) fn delete_company(&self, caller: &Caller, id: &CompanyId) -> Result<(), Refusal> {
        caller.require_admin()?;
        let members = self.company(id)?.members;
        if members > 0 {
            return Err(Error::field(Code::CompanyNotEmpty, "members").found(members.to_string()).into());
        }
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec("DELETE FROM companies WHERE id = ?1", &[id.as_str().into()])?;
            self.audit(caller, "company.deleted", id.as_str(), "")
        })?;
        Ok(())
    }

    pub(crate) fn company(&self, id: &CompanyId) -> Result<Company, Refusal> {
        store::row(
            &*self.ports.sql,
            &format!("SELECT {COMPANY} FROM companies c WHERE c.id = ?1"),
            &[id.as_str().into()],
        )?
        .ok_or_else(|| Code::NotFound.into())
    }

    fn own_company(&self, caller: &Caller) -> Option<CompanyId> {
        let member = caller.member().ok()?;
        member.company.clone().filter(|_| member.role == shared::api::auth::Role::CompanyAdmin)
    }

    fn company_name(&self, form: &CompanyForm, id: &str) -> Result<String, Refusal> {
        let name = form.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let taken = "SELECT count(*) FROM companies WHERE name = ?1 AND id <> ?2";
        let code = if name.is_empty() {
            Code::Required
        } else if name.chars().count() > 100 {
            Code::TooLong
        } else if store::number(&*self.ports.sql, taken, &[name.as_str().into(), id.into()])? > 0 {
            Code::AlreadyExists
        } else {
            return Ok(name);
        };
        Err(Error::field(code, "name").into())
    }
}
