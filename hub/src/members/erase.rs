//! Erasing a person: nothing personal is left in any table. What was sent keeps the id, the audit keeps the fact.

use shared::{
    api::members::MemberConsequences,
    error::{Code, Error},
    id::MemberId,
};

use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

impl Hub {
    /// What would go with a person. Errors: `not_found`, `not_allowed`.
    pub(crate) fn member_consequences(
        &self,
        caller: &Caller,
        id: &MemberId,
    ) -> Result<MemberConsequences, Refusal> {
        self.editable_member(caller, id)?;
        store::row(
            &*self.ports.sql,
            "SELECT json_object('waiting', (SELECT count(*) FROM deliveries WHERE target = ?1 AND state = 'waiting'), \
             'doors', (SELECT count(*) FROM doors WHERE member = ?1 AND revoked_at IS NULL), \
             'punches', (SELECT count(*) FROM attendance_punches WHERE member = ?1))",
            &[id.as_str().into()],
        )?
        .ok_or_else(|| Code::NotFound.into())
    }

    /// Erases a person with addresses, preferences, sessions, doors and attendance; what waits for them is
    /// withdrawn. Errors: `not_found`, `not_allowed`, also for oneself, `last_owner`; `wrong_confirmation` when
    /// `confirm` is given and is not the name.
    pub(crate) fn delete_member(
        &self,
        caller: &Caller,
        id: &MemberId,
        confirm: Option<&str>,
    ) -> Result<(), Refusal> {
        let current = self.editable_member(caller, id)?;
        self.refuse_last_owner(&current)?;
        if caller.id() == id.as_str() {
            return Err(Code::NotAllowed.into());
        }
        if confirm.is_some_and(|typed| typed.trim() != current.name) {
            return Err(Error::field(Code::WrongConfirmation, "confirm").into());
        }
        let now = self.now();
        self.ports.sql.atomically(&mut || {
            let sql = &*self.ports.sql;
            sql.run(
                "UPDATE deliveries SET state = 'cancelled', due_at = NULL, done_at = ?2 WHERE target = ?1 AND state = 'waiting'",
                &[id.as_str().into(), now.into()],
            )?;
            for statement in FORGET {
                sql.run(statement, &[id.as_str().into()])?;
            }
            // Addresses, preferences, sessions, links, doors and attendance go with it.
            sql.run("DELETE FROM members WHERE id = ?1", &[id.as_str().into()])?;
            self.audit(caller, "member.deleted", id.as_str(), "")
        })?;
        self.dispatcher.forget_queue();
        Ok(())
    }
}

/// What names the person outside of the rows that go along; ?1 is the id. The member is still there when they run.
const FORGET: [&str; 7] = [
    // Providers' answers and references may quote an address.
    "UPDATE deliveries SET frozen = NULL, edits = NULL, cause = json_remove(cause, '$.detail'), \
     attempts = (SELECT json_group_array(json_remove(value, '$.cause.detail', '$.reference')) FROM json_each(attempts)) \
     WHERE target = ?1 AND (attempts IS NOT NULL OR frozen IS NOT NULL OR edits IS NOT NULL OR cause IS NOT NULL)",
    // What was for nobody else.
    "UPDATE events SET message = json_object('title', '—'), thread = NULL \
     WHERE id IN (SELECT event FROM deliveries WHERE target = ?1) \
     AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.id >= 'dl_' || substr(events.id, 4) \
       AND o.id < 'dl_' || substr(events.id, 4) || '~' AND o.target <> ?1)",
    // News of what the person answered.
    "UPDATE events SET message = json_object('title', '—') WHERE EXISTS (SELECT 1 FROM claims WHERE member = ?1) \
     AND about IN (SELECT event FROM claims WHERE member = ?1)",
    "UPDATE claims SET name = '—' WHERE member = ?1",
    // Kept to recognise repeats, which goes by its hash.
    "UPDATE inbox SET inbound = '{}', reply_token = NULL WHERE due_at IS NULL AND EXISTS (SELECT 1 FROM addresses a \
     WHERE a.member = ?1 AND a.value <> '' AND (instr(inbox.inbound, a.value) > 0 OR instr(inbox.inbound, a.label) > 0))",
    // Files that were not started.
    "DELETE FROM imports WHERE state = 'draft' AND id IN (SELECT s.import FROM import_slices s \
     JOIN members m ON m.id = ?1 WHERE instr(lower(s.rows), m.login_email) > 0)",
    "DELETE FROM sign_in_links WHERE member = ?1",
];
