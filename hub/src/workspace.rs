//! What an admin settles for the whole workspace, and who runs it. Its end is in `ending`.

mod ending;

use shared::{
    api::{auth::Role, members::Member, workspace::WorkspaceSettings},
    error::{Code, Error},
    id::MemberId,
    zone::Zone,
};

use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

impl Hub {
    /// `GET /api/settings/workspace`.
    pub(crate) fn workspace_settings(&self) -> Result<WorkspaceSettings, Refusal> {
        store::row(
            &*self.ports.sql,
            "SELECT json_object('name', name, 'zone', zone, 'language', language, 'retention_days', retention_days, \
             'version', version) FROM workspace",
            &[],
        )?
        .ok_or_else(|| Code::NotFound.into())
    }

    /// `PUT /api/settings/workspace`. Errors: those of the form, `changed_meanwhile`.
    pub(crate) fn set_workspace(
        &self,
        caller: &Caller,
        mut settings: WorkspaceSettings,
    ) -> Result<WorkspaceSettings, Refusal> {
        caller.admin_member()?;
        settings.clean();
        Refusal::unless_empty(settings.problems())?;
        let old = self.workspace_settings()?;
        if old == settings {
            return Ok(old);
        }
        let mut changed = Vec::new();
        if old.name != settings.name {
            changed.push("name".to_owned());
        }
        if old.zone != settings.zone {
            changed.push(format!("zone {}", settings.zone));
        }
        if old.language != settings.language {
            changed.push(format!("language {}", settings.language.tag()));
        }
        if old.retention_days != settings.retention_days {
            changed.push(format!("retention {}", settings.retention_days));
        }
        let mut updated = 0;
        self.ports.sql.atomically(&mut || {
            updated = self.ports.sql.exec(
                "UPDATE workspace SET name = ?1, zone = ?2, language = ?3, retention_days = ?4, version = version + 1 \
                 WHERE version = ?5",
                &[
                    settings.name.as_str().into(),
                    settings.zone.as_str().into(),
                    settings.language.tag().into(),
                    i64::from(settings.retention_days).into(),
                    settings.version.into(),
                ],
            )?;
            if updated > 0 {
                self.audit(caller, "workspace.changed", self.config.workspace.as_str(), &changed.join(", "))?;
            }
            Ok(())
        })?;
        if updated == 0 {
            return Err(Code::ChangedMeanwhile.into());
        }
        self.name.take();
        self.zone.set(None);
        self.release_quiet(None)?;
        self.forget_old_soon();
        self.workspace_settings()
    }

    /// Where the workspace's clocks are.
    pub(crate) fn zone(&self) -> Result<Zone, Refusal> {
        if let Some(known) = self.zone.get() {
            return Ok(known);
        }
        let code = self.ports.sql.texts("SELECT zone FROM workspace", &[])?;
        let zone = code.first().and_then(|code| Zone::from_code(code)).unwrap_or(Zone::DEFAULT);
        self.zone.set(Some(zone));
        Ok(zone)
    }

    /// `GET /api/settings/roles`: a JSON list of [`shared::api::workspace::RoleHolder`].
    pub(crate) fn role_holders(&self, caller: &Caller) -> Result<String, Refusal> {
        caller.admin_member()?;
        let rows = self.ports.sql.texts(
            "SELECT json_object('id', m.id, 'name', m.name, 'email', m.login_email, 'role', m.role, 'company_name', c.name, \
             'usable', json(CASE m.usable WHEN 1 THEN 'true' ELSE 'false' END)) FROM members m \
             LEFT JOIN companies c ON c.id = m.company WHERE m.role <> 'member' \
             ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 ELSE 2 END, m.reading, m.name, m.id",
            &[],
        )?;
        Ok(format!("[{}]", rows.join(",")))
    }

    /// `PUT /api/settings/roles/{member}`. Errors: `not_found`, `not_allowed`, `last_owner`, `required` with the
    /// field `company`.
    pub(crate) fn set_role(&self, caller: &Caller, id: &MemberId, role: Role) -> Result<Member, Refusal> {
        caller.admin_member()?;
        let member = self.visible_member(caller, id)?;
        if role == Role::CompanyAdmin && member.company.is_none() {
            return Err(Error::field(Code::Required, "company").into());
        }
        let mut form = member.form();
        form.role = role;
        self.update_member(caller, id, form)
    }
}
