//! What an admin decides for everybody: own kinds of notices, the kind x channel rules, API keys.

mod keys;

use shared::{
    api::{
        live::LiveMessage,
        settings::{AppPermission, KindChange, KindInfo, KindRequest, RuleRequest},
    },
    channel::Channel,
    error::{Code, Error},
    kind::{is_icon, name_problems},
    routing::Urgency,
};

use crate::{
    hub::Hub,
    ports::{Audience, SqlError, Value},
    refusal::Refusal,
    sessions::Caller,
    store,
};

/// Sent past every switch: no rule could hold for it.
pub(crate) const SIGN_IN_CODE: &str = "todoke.sign_in_code";

impl Hub {
    /// Adds a kind of the workspace's own. Errors: those of the form, `already_exists`.
    pub(crate) fn create_kind(&self, caller: &Caller, mut kind: KindRequest) -> Result<KindInfo, Refusal> {
        caller.require_admin()?;
        for name in [&mut kind.code, &mut kind.name_ja, &mut kind.name_en] {
            *name = one_line(name);
        }
        Refusal::unless_empty(kind.problems())?;
        if self.kind(&kind.code)?.is_some() {
            return Err(Error::field(Code::AlreadyExists, "code").into());
        }
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run(
                "INSERT INTO kinds (code, custom, name_ja, name_en, urgency, mandatory, icon) \
                 VALUES (?1, 1, ?2, ?3, ?4, 0, ?5)",
                &[
                    kind.code.as_str().into(),
                    kind.name_ja.as_str().into(),
                    kind.name_en.as_str().into(),
                    kind.urgency.rank().into(),
                    kind.icon.as_str().into(),
                ],
            )?;
            self.audit(caller, "kind.created", &kind.code, "")
        })?;
        self.rules_changed()?;
        self.known_kind(&kind.code)
    }

    /// Changes one of the workspace's own kinds, or takes it out of use. Errors: `not_found`, `kind_is_fixed` for
    /// one of the catalogue, those of the form.
    pub(crate) fn change_kind(
        &self,
        caller: &Caller,
        code: &str,
        change: &KindChange,
    ) -> Result<KindInfo, Refusal> {
        caller.require_admin()?;
        self.own_kind(code)?;
        let (name_ja, name_en) = (one_line(&change.name_ja), one_line(&change.name_en));
        let mut problems = name_problems(&name_ja, &name_en);
        if !is_icon(&change.icon) {
            problems.push(Error::field(Code::WrongType, "icon"));
        }
        Refusal::unless_empty(problems)?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run(
                "UPDATE kinds SET name_ja = ?2, name_en = ?3, urgency = ?4, icon = ?5, archived = ?6 WHERE code = ?1",
                &[
                    code.into(),
                    name_ja.as_str().into(),
                    name_en.as_str().into(),
                    change.urgency.rank().into(),
                    change.icon.as_str().into(),
                    change.archived.into(),
                ],
            )?;
            self.audit(caller, "kind.changed", code, if change.archived { "archived" } else { "" })
        })?;
        self.rules_changed()?;
        self.known_kind(code)
    }

    /// Deletes one of the workspace's own kinds with its switches. Errors: `not_found`, `kind_is_fixed`,
    /// `kind_in_use` once an event or a door used it.
    pub(crate) fn delete_kind(&self, caller: &Caller, code: &str) -> Result<(), Refusal> {
        caller.require_admin()?;
        self.own_kind(code)?;
        let used = "SELECT EXISTS (SELECT 1 FROM events WHERE kind = ?1) \
                    OR EXISTS (SELECT 1 FROM doors WHERE kind = ?1 AND revoked_at IS NULL)";
        if store::number(&*self.ports.sql, used, &[code.into()])? > 0 {
            return Err(Code::KindInUse.into());
        }
        self.ports.sql.atomically(&mut || {
            for table in ["rules", "company_rules", "preferences"] {
                self.ports.sql.run(&format!("DELETE FROM {table} WHERE kind = ?1"), &[code.into()])?;
            }
            self.ports.sql.run("DELETE FROM kinds WHERE code = ?1", &[code.into()])?;
            self.audit(caller, "kind.deleted", code, "")
        })?;
        self.rules_changed()
    }

    /// Turns a kind on or off for a channel, for everybody or for one company; makes it mandatory; says how urgent
    /// it is. Errors: `unknown_kind`, `required`, `not_allowed`, `not_found` for a company that is not there,
    /// `kind_is_mandatory` for the sign-in code. A company's own admin narrows what the workspace allows and no more:
    /// `kind_is_mandatory` when turning off what is mandatory or critical, `not_allowed` when turning on a channel that
    /// the workspace turned off.
    pub(crate) fn set_rule(&self, caller: &Caller, request: &RuleRequest) -> Result<KindInfo, Refusal> {
        let company = request.company.as_deref();
        match company {
            Some(company) => self.require_company(caller, company)?,
            None => drop(caller.admin_member()?),
        }
        let kind = self.known_kind(&request.kind)?;
        if kind.code == SIGN_IN_CODE {
            return Err(Error::field(Code::KindIsMandatory, "kind").into());
        }
        let whole = request.mandatory.is_some() || request.urgency.is_some();
        let cell = match (request.channel, request.on) {
            (Some(channel), Some(on)) => Some((channel, on)),
            (Some(_), None) => return Err(Error::field(Code::Required, "on").into()),
            (None, None) if whole => None,
            (None, _) => return Err(Error::field(Code::Required, "channel").into()),
        };
        if whole && company.is_some() {
            let field = if request.mandatory.is_some() { "mandatory" } else { "urgency" };
            return Err(Error::field(Code::UnknownField, field).into());
        }
        if let (Some((channel, on)), true) = (cell, caller.admin_member().is_err()) {
            if !on && (kind.mandatory || kind.urgency == Urgency::Critical) {
                return Err(Error::field(Code::KindIsMandatory, "kind").into());
            }
            if on && kind.off.contains(&channel) {
                return Err(Error::field(Code::NotAllowed, "channel").into());
            }
        }
        self.ports.sql.atomically(&mut || {
            if let Some((channel, on)) = cell {
                match company {
                    Some(company) => self.write_company_rule(company, &kind, channel, on)?,
                    None => self.write_rule(&kind.code, channel, on)?,
                }
                let for_whom = company.unwrap_or_default();
                let detail = format!("{channel} {} {for_whom}", if on { "on" } else { "off" });
                self.audit(caller, "rule.changed", &kind.code, detail.trim_end())?;
            }
            if whole {
                let urgency = request.urgency.unwrap_or(kind.urgency);
                let mandatory = request.mandatory.unwrap_or(kind.mandatory);
                self.ports.sql.run(
                    "INSERT INTO kinds (code, custom, name_ja, name_en, urgency, mandatory) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                     ON CONFLICT (code) DO UPDATE SET urgency = excluded.urgency, mandatory = excluded.mandatory",
                    &[
                        kind.code.as_str().into(),
                        kind.custom.into(),
                        kind.name_ja.as_str().into(),
                        kind.name_en.as_str().into(),
                        urgency.rank().into(),
                        mandatory.into(),
                    ],
                )?;
                if mandatory != kind.mandatory {
                    let detail = if mandatory { "mandatory" } else { "not mandatory" };
                    self.audit(caller, "rule.changed", &kind.code, detail)?;
                }
                if urgency != kind.urgency {
                    self.audit(caller, "rule.changed", &kind.code, "urgency")?;
                }
            }
            Ok(())
        })?;
        self.rules_changed()?;
        let kinds = self.kinds_of_company(company)?;
        kinds
            .iter()
            .find(|one| one.code == kind.code)
            .cloned()
            .ok_or_else(|| Error::field(Code::UnknownKind, "kind").into())
    }

    /// Lets members set notices of an app themselves, or not (利用者操作許可). What they had set is kept and holds
    /// again when they may. Errors: `not_found` for an app without kinds.
    pub(crate) fn permit_app(
        &self,
        caller: &Caller,
        app: &str,
        permission: AppPermission,
    ) -> Result<AppPermission, Refusal> {
        caller.admin_member()?;
        let kinds = self.kinds()?;
        let current = kinds.iter().find(|kind| kind.app == app).ok_or(Code::NotFound)?;
        if current.locked == permission.members_set {
            self.ports.sql.atomically(&mut || {
                self.ports.sql.run(
                    "INSERT INTO app_permissions (app, members_set) VALUES (?1, ?2) \
                     ON CONFLICT (app) DO UPDATE SET members_set = excluded.members_set",
                    &[app.into(), permission.members_set.into()],
                )?;
                let detail = if permission.members_set { "members set" } else { "members do not set" };
                self.audit(caller, "rule.changed", app, detail)
            })?;
            self.rules_changed()?;
        }
        Ok(permission)
    }

    /// A kind of the catalogue or the workspace's own. Errors: `unknown_kind` with the field `kind`.
    pub(crate) fn known_kind(&self, code: &str) -> Result<KindInfo, Refusal> {
        self.kind(code)?.ok_or_else(|| Error::field(Code::UnknownKind, "kind").into())
    }

    /// After every change of kinds, rules and what hangs on them: the next reader reads anew, and so do open pages.
    pub(crate) fn rules_changed(&self) -> Result<(), Refusal> {
        self.cache.kinds_changed();
        if self.ports.live.anyone() {
            self.ports.live.publish(Audience::Admins, &serde_json::to_string(&LiveMessage::Rules)?);
        }
        Ok(())
    }

    fn own_kind(&self, code: &str) -> Result<KindInfo, Refusal> {
        let kind = self.kind(code)?.ok_or(Code::NotFound)?;
        if kind.custom { Ok(kind) } else { Err(Code::KindIsFixed.into()) }
    }

    fn write_rule(&self, kind: &str, channel: Channel, on: bool) -> Result<(), SqlError> {
        let key: [Value; 2] = [kind.into(), channel.code().into()];
        let statement = if on {
            "DELETE FROM rules WHERE kind = ?1 AND channel = ?2"
        } else {
            "INSERT INTO rules (kind, channel) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
        };
        self.ports.sql.run(statement, &key)
    }

    /// The same as the workspace's is no difference, and no row.
    fn write_company_rule(
        &self,
        company: &str,
        kind: &KindInfo,
        channel: Channel,
        on: bool,
    ) -> Result<(), SqlError> {
        let [company, code, channel_code]: [Value; 3] =
            [company.into(), kind.code.as_str().into(), channel.code().into()];
        if on != kind.off.contains(&channel) {
            return self.ports.sql.run(
                "DELETE FROM company_rules WHERE company = ?1 AND kind = ?2 AND channel = ?3",
                &[company, code, channel_code],
            );
        }
        self.ports.sql.run(
            "INSERT INTO company_rules (company, kind, channel, allowed) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (company, kind, channel) DO UPDATE SET allowed = excluded.allowed",
            &[company, code, channel_code, on.into()],
        )
    }
}

/// A name as it is kept: its words, with one space between them.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
