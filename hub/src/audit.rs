//! Who changed what. An entry is written in the same burst as the change and keeps ids, never names: when a
//! person is erased, the fact stays and the person does not.

use shared::{
    api::{Page, settings::AuditEntry},
    id::AuditId,
    time::Millis,
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

    /// A page of the audit, newest first.
    pub(crate) fn list_audit(&self, filter: &AuditFilter<'_>) -> Result<Page<AuditEntry>, Refusal> {
        let id_at = |at: Millis| AuditId::new(at, [0; 10]).to_string();
        // Ids sort by time; `~` sorts behind every id.
        let until = filter.until.map_or_else(|| "~".to_owned(), id_at);
        let before =
            filter.cursor.map_or_else(|| until.clone(), |cursor| until.clone().min(cursor.to_owned()));
        let mut items: Vec<AuditEntry> = store::rows(
            &*self.ports.sql,
            ENTRIES,
            &[
                before.into(),
                filter.from.map(id_at).unwrap_or_default().into(),
                filter.group.into(),
                filter.q.trim().to_lowercase().into(),
                (PAGE + 1).into(),
            ],
        )?;
        let page = usize::try_from(PAGE).unwrap_or_default();
        let more = items.len() > page;
        items.truncate(page);
        let next = items.last().filter(|_| more).map(|entry| entry.id.to_string());
        Ok(Page { items, next, total: None })
    }
}

/// What is looked for. Empty texts look for nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AuditFilter<'a> {
    /// The last id that was read.
    pub(crate) cursor: Option<&'a str>,
    /// In the names of whoever acted and of what was changed; an id too.
    pub(crate) q: &'a str,
    /// Before the dot of the action: `member`.
    pub(crate) group: &'a str,
    /// Milliseconds UTC; from that time on.
    pub(crate) from: Option<Millis>,
    /// Before that time.
    pub(crate) until: Option<Millis>,
}

const ENTRIES: &str = "SELECT json_object('id', id, 'at', at, 'actor', coalesce(actor_name, actor), 'actor_id', actor, \
     'action', action, 'target', target, 'target_name', target_name, 'detail', detail) FROM (SELECT a.*, \
     coalesce(m.name, k.name, d.name) AS actor_name, \
     coalesce(tm.name, tc.name, tk.name, td.name, tw.url, tr.name) AS target_name FROM audit a \
     LEFT JOIN members m ON m.id = a.actor LEFT JOIN api_keys k ON k.id = a.actor LEFT JOIN doors d ON d.id = a.actor \
     LEFT JOIN members tm ON tm.id = a.target LEFT JOIN companies tc ON tc.id = a.target \
     LEFT JOIN api_keys tk ON tk.id = a.target LEFT JOIN doors td ON td.id = a.target \
     LEFT JOIN webhooks tw ON tw.id = a.target LEFT JOIN rooms tr ON tr.id = a.target \
     WHERE a.id < ?1 AND a.id >= ?2) \
     WHERE (?3 = '' OR substr(action, 1, length(?3) + 1) = ?3 || '.') \
     AND (?4 = '' OR instr(lower(coalesce(actor_name, '') || char(10) || coalesce(target_name, '') || char(10) || actor \
     || char(10) || target), ?4) > 0) ORDER BY id DESC LIMIT ?5";
