//! What people have read of their notices. Written only when somebody reads.

use shared::{
    api::me::Notice,
    id::{EventId, MemberId},
};

use crate::{hub::Hub, refusal::Refusal};

impl Hub {
    /// Marks those notices that the member has not opened.
    pub(crate) fn mark_unread(&self, member: &MemberId, notices: &mut [Notice]) -> Result<(), Refusal> {
        let events: Vec<&EventId> = notices.iter().map(|notice| &notice.event).collect();
        let unread = self.ports.sql.texts(
            "SELECT e.value FROM json_each(?2) e JOIN members m ON m.id = ?1 WHERE e.value > m.read_until \
             AND NOT EXISTS (SELECT 1 FROM notice_reads r WHERE r.member = ?1 AND r.event = e.value)",
            &[member.as_str().into(), serde_json::to_string(&events)?.into()],
        )?;
        for notice in notices {
            notice.unread = unread.iter().any(|event| event == notice.event.as_str());
        }
        Ok(())
    }

    /// `POST /api/me/read`: one notice, or with `None` every one so far. What was not sent to the member is passed
    /// over.
    pub(crate) fn read(&self, member: &MemberId, event: Option<&EventId>) -> Result<(), Refusal> {
        let sql = &self.ports.sql;
        match event {
            Some(event) => {
                let (from, until) = crate::events::id_range(event);
                sql.exec(
                    "INSERT INTO notice_reads (member, event) SELECT m.id, ?2 FROM members m WHERE m.id = ?1 AND m.read_until < ?2 \
                     AND EXISTS (SELECT 1 FROM deliveries d WHERE d.id >= ?3 AND d.id < ?4 AND d.target = ?1) ON CONFLICT DO NOTHING",
                    &[member.as_str().into(), event.as_str().into(), from.into(), until.into()],
                )?;
            }
            None => sql.atomically(&mut || {
                sql.exec(
                    "UPDATE members SET read_until = coalesce((SELECT 'ev_' || substr(max(d.id), 4, 26) FROM deliveries d \
                     WHERE d.target = ?1), read_until) WHERE id = ?1",
                    &[member.as_str().into()],
                )?;
                sql.exec("DELETE FROM notice_reads WHERE member = ?1", &[member.as_str().into()]).map(drop)
            })?,
        }
        Ok(())
    }
}
