//! What members set themselves, for an admin to read.

use shared::{
    api::{
        Page,
        companies::{MemberRules, MemberSettings},
    },
    id::MemberId,
    lang::Lang,
};

use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

const PAGE: usize = 50;

impl Hub {
    /// Members by name, those of the caller. `q` is part of a name, a reading, a mail address or an ID at a
    /// provider; `app` keeps those who turned something of it off. `cursor` is the last id that was read.
    pub(crate) fn list_member_rules(
        &self,
        caller: &Caller,
        q: Option<&str>,
        app: Option<&str>,
        cursor: Option<&str>,
    ) -> Result<Page<MemberRules>, Refusal> {
        let own = self.company_scope(caller)?;
        let part = q.map(|q| q.trim().to_lowercase()).filter(|q| !q.is_empty());
        let query = format!(
            "SELECT json_object('id', m.id, 'name', m.name, 'company_name', c.name, \
             'off', (SELECT count(*) FROM preferences p WHERE p.member = m.id), \
             'channels', json((SELECT json_group_array(a.channel) FROM addresses a WHERE a.member = m.id)), \
             'channels_off', json((SELECT json_group_array(a.channel) FROM addresses a WHERE a.member = m.id AND a.switched_on = 0))) \
             FROM members m LEFT JOIN companies c ON c.id = m.company \
             WHERE (?1 IS NULL OR m.company = ?1) AND (?2 IS NULL OR instr(lower(m.name), ?2) OR instr(lower(m.reading), ?2) \
             OR instr(m.login_email, ?2) OR EXISTS (SELECT 1 FROM addresses a WHERE a.member = m.id AND (instr(lower(a.value), ?2) \
             OR instr(lower(coalesce(a.label, '')), ?2)))) \
             AND (?3 IS NULL OR EXISTS (SELECT 1 FROM preferences p WHERE p.member = m.id \
             AND substr(p.kind, 1, length(?3) + 1) = ?3 || '.')) \
             AND (?4 IS NULL OR (m.name, m.id) > (SELECT l.name, l.id FROM members l WHERE l.id = ?4)) \
             ORDER BY m.name, m.id LIMIT {}",
            PAGE + 1
        );
        let params = [own.into(), part.into(), app.into(), cursor.into()];
        let mut items: Vec<MemberRules> = store::rows(&*self.ports.sql, &query, &params)?;
        let more = items.len() > PAGE;
        items.truncate(PAGE);
        let next = items.last().filter(|_| more).map(|member| member.id.to_string());
        Ok(Page { items, next, total: None })
    }

    /// One member's own settings. Errors: `not_allowed`, `not_found`.
    pub(crate) fn member_settings(
        &self,
        caller: &Caller,
        id: &MemberId,
        lang: Lang,
    ) -> Result<MemberSettings, Refusal> {
        self.company_scope(caller)?;
        let name = self.visible_member(caller, id)?.name;
        Ok(MemberSettings { name, settings: self.my_settings(id, lang)? })
    }
}
