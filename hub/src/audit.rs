//! Who changed what. An entry is written in the same burst as the change and keeps ids, never names: when a
//! person is erased, the fact stays and the person does not.

use shared::{
    api::{Page, settings::AuditEntry},
    id::AuditId,
};

use crate::{hub::Hub, ports::SqlError, refusal::Refusal, sessions::Caller, store};

const PAGE: i64 = 50;

impl Hub {
    /// Notes one change, within its burst. `action` is like `member.created`, `detail` names what was changed
    /// and holds neither secrets nor personal data.
    pub(crate) fn audit(
        &self,
        caller: &Caller,
        action: &str,
        target: &str,
        detail: &str,
    ) -> Result<(), SqlError> {
        self.audit_as(caller.id(), action, target, detail)
    }

    /// The same in the name of something that is no [`Caller`], such as a door.
    pub(crate) fn audit_as(
        &self,
        actor: &str,
        action: &str,
        target: &str,
        detail: &str,
    ) -> Result<(), SqlError> {
        let now = self.now();
        self.ports.sql.exec(
            "INSERT INTO audit (id, at, actor, action, target, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &[
                AuditId::new(now, self.random()).as_str().into(),
                now.into(),
                actor.into(),
                action.into(),
                target.into(),
                detail.into(),
            ],
        )?;
        Ok(())
    }

    /// A page of the audit, newest first. `cursor` is the last id that was read.
    pub(crate) fn list_audit(&self, cursor: Option<&str>) -> Result<Page<AuditEntry>, Refusal> {
        // `~` sorts behind every id.
        let mut items: Vec<AuditEntry> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('id', a.id, 'at', a.at, 'actor', coalesce(m.name, k.name, d.name, a.actor), \
             'action', a.action, 'target', a.target, 'detail', a.detail) FROM audit a \
             LEFT JOIN members m ON m.id = a.actor LEFT JOIN api_keys k ON k.id = a.actor LEFT JOIN doors d ON d.id = a.actor \
             WHERE a.id < ?1 ORDER BY a.id DESC LIMIT ?2",
            &[cursor.unwrap_or("~").into(), (PAGE + 1).into()],
        )?;
        let page = usize::try_from(PAGE).unwrap_or_default();
        let more = items.len() > page;
        items.truncate(page);
        let next = items.last().filter(|_| more).map(|entry| entry.id.to_string());
        Ok(Page { items, next, total: None })
    }
}
