//! A company's room and the kinds that go there.

use std::rc::Rc;

use shared::{
    api::{
        companies::{CompanyRules, CompanyRulesForm},
        deliveries::DeliveryRow,
    },
    error::{Code, Error},
    id::RoomId,
    lang::Lang,
};

use crate::{hub::Hub, ports::Value, refusal::Refusal, sessions::Caller, settings::SIGN_IN_CODE, store};

impl Hub {
    /// Companies by name, those of the caller. `q` is part of a company's name, of its room's name or channel ID, or
    /// of the name, reading or address of one of its people; `app` keeps those whose room gets notices of it.
    pub(crate) fn list_company_rules(
        &self,
        caller: &Caller,
        q: Option<&str>,
        app: Option<&str>,
    ) -> Result<Vec<CompanyRules>, Refusal> {
        let own = self.company_scope(caller)?;
        let part = q.map(|q| q.trim().to_lowercase()).filter(|q| !q.is_empty());
        // `instr` and not LIKE: the platform's patterns end at 50 bytes.
        let query = format!(
            "{COMPANY} WHERE (?1 IS NULL OR c.id = ?1) AND (?2 IS NULL OR instr(lower(c.name), ?2) \
             OR instr(lower(r.name), ?2) OR instr(lower(r.provider_id), ?2) OR EXISTS (SELECT 1 FROM members m \
             WHERE m.company = c.id AND (instr(lower(m.name), ?2) OR instr(lower(m.reading), ?2) OR instr(m.login_email, ?2)))) \
             AND (?3 IS NULL OR EXISTS (SELECT 1 FROM json_each(s.kinds) k \
             WHERE substr(k.value, 1, length(?3) + 1) = ?3 || '.')) ORDER BY c.name"
        );
        store::rows(&*self.ports.sql, &query, &[own.into(), part.into(), app.into()])
    }

    /// One company's settings. Errors: `not_allowed`, `not_found`.
    pub(crate) fn company_rules_of(&self, caller: &Caller, company: &str) -> Result<CompanyRules, Refusal> {
        self.require_company(caller, company)?;
        let query = format!("{COMPANY} WHERE c.id = ?1");
        store::row(&*self.ports.sql, &query, &[company.into()])?.ok_or_else(|| Code::NotFound.into())
    }

    /// Sets the room and the kinds that go there. Errors: `not_allowed`, `not_found`, `unknown_room` (to a company's
    /// own admin another company's room too), `unknown_kind`, `changed_meanwhile`.
    pub(crate) fn set_company_rules(
        &self,
        caller: &Caller,
        company: &str,
        form: &CompanyRulesForm,
    ) -> Result<CompanyRules, Refusal> {
        let current = self.company_rules_of(caller, company)?;
        if current.version != form.version {
            return Err(Code::ChangedMeanwhile.into());
        }
        let others = match self.company_scope(caller)? {
            Some(own) => self.room_of_others(&own, &form.room)?,
            None => false,
        };
        if others || self.room(&form.room)?.is_none() {
            return Err(Error::field(Code::UnknownRoom, "room").into());
        }
        let known = self.kinds()?;
        if let Some((index, code)) = form
            .kinds
            .iter()
            .enumerate()
            .find(|(_, code)| **code == SIGN_IN_CODE || known.iter().all(|kind| kind.code != **code))
        {
            let field = format!("kinds[{index}]");
            return Err(Error::field(Code::UnknownKind, field).found(code.as_str()).into());
        }
        // In the catalogue's order, each once.
        let kinds: Vec<&str> = known
            .iter()
            .filter(|kind| form.kinds.contains(&kind.code))
            .map(|kind| kind.code.as_str())
            .collect();
        let kinds = serde_json::to_string(&kinds)?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run(
                "INSERT INTO company_rooms (company, room, kinds, version, changed_at) VALUES (?1, ?2, ?3, 1, ?4) \
                 ON CONFLICT (company) DO UPDATE SET room = excluded.room, kinds = excluded.kinds, \
                 version = version + 1, changed_at = excluded.changed_at",
                &[company.into(), form.room.as_str().into(), kinds.as_str().into(), self.now().into()],
            )?;
            self.audit(caller, "company_room.changed", company, &form.room)
        })?;
        self.rules_changed()?;
        self.company_rules_of(caller, company)
    }

    /// Nothing goes to the company's room any more. What members set themselves stays. Errors: `not_allowed`,
    /// `not_found`.
    pub(crate) fn delete_company_rules(&self, caller: &Caller, company: &str) -> Result<(), Refusal> {
        self.require_company(caller, company)?;
        self.ports.sql.atomically(&mut || {
            let query = "DELETE FROM company_rooms WHERE company = ?1";
            if self.ports.sql.exec(query, &[company.into()])? > 0 {
                self.audit(caller, "company_room.deleted", company, "")?;
            }
            Ok(())
        })?;
        self.rules_changed()
    }

    /// 「テスト通知」 to the company's room: the delivery says what is wrong. Errors: `not_allowed`, `not_found` while
    /// no room is set.
    pub(crate) async fn test_company_room(
        self: &Rc<Self>,
        caller: &Caller,
        company: &str,
        lang: Lang,
    ) -> Result<DeliveryRow, Refusal> {
        let room = self.company_rules_of(caller, company)?.room.ok_or(Code::NotFound)?;
        self.submit_room_test(&room, caller.id(), lang).await
    }

    /// Rooms that get an event because it reaches people of their company: each once, whatever the companies.
    /// The parameters are those of the audience: members, companies, everyone, kind.
    pub(crate) fn company_rooms_for(&self, params: &[Value]) -> Result<Vec<RoomId>, Refusal> {
        store::rows(
            &*self.ports.sql,
            "SELECT DISTINCT json_quote(s.room) FROM company_rooms s \
             WHERE EXISTS (SELECT 1 FROM json_each(s.kinds) k WHERE k.value = ?4) \
             AND (?3 = 1 OR s.company IN (SELECT value FROM json_each(?2)) \
             OR EXISTS (SELECT 1 FROM json_each(?1) p JOIN members m ON m.id = p.value \
             WHERE m.company = s.company AND m.usable = 1)) ORDER BY s.room",
            params,
        )
    }
}

const COMPANY: &str = "SELECT json_object('id', c.id, 'name', c.name, \
     'members', (SELECT count(*) FROM members m WHERE m.company = c.id), \
     'room', CASE WHEN r.id IS NULL THEN NULL ELSE json_object('id', r.id, 'integration', r.integration, \
     'provider', i.provider, 'provider_id', r.provider_id, 'name', r.name, \
     'open', json(CASE r.open WHEN 1 THEN 'true' ELSE 'false' END), 'since', r.since) END, \
     'kinds', json(coalesce(s.kinds, '[]')), 'version', coalesce(s.version, 0), \
     'differs', (SELECT count(*) FROM company_rules d WHERE d.company = c.id)) \
     FROM companies c LEFT JOIN company_rooms s ON s.company = c.id LEFT JOIN rooms r ON r.id = s.room \
     LEFT JOIN integrations i ON i.id = r.integration";
