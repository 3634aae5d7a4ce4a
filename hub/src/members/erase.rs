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
    /// withdrawn. Errors: `not_found`, `not_allowed`, also for oneself, `last_owner`; `required` when a person
    /// does not say the name, which a business system need not, and `wrong_confirmation` when it is another one.
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
        match (confirm, caller) {
            (Some(typed), _) if typed.trim() != current.name => {
                return Err(Error::field(Code::WrongConfirmation, "confirm").into());
            }
            (None, Caller::Member(_)) => return Err(Error::field(Code::Required, "confirm").into()),
            _ => {}
        }
        let now = self.now();
        self.ports.sql.atomically(&mut || {
            let sql = &*self.ports.sql;
            for statement in STOP {
                sql.run(statement, &[id.as_str().into(), now.into()])?;
            }
            for statement in FORGET {
                sql.run(statement, &[id.as_str().into()])?;
            }
            // Addresses, preferences, sessions, links, doors and attendance go with it.
            sql.run("DELETE FROM members WHERE id = ?1", &[id.as_str().into()])?;
            self.audit(caller, "member.deleted", id.as_str(), "")
        })?;
        self.close_pages(id.as_str());
        self.dispatcher.forget_queue();
        Ok(())
    }
}

/// What is under way for the person, or names the person; ?1 is the id, ?2 the time.
const STOP: [&str; 3] = [
    "UPDATE deliveries SET state = 'cancelled', due_at = NULL, done_at = ?2 WHERE target = ?1 AND state = 'waiting'",
    // Copies for the room of a company, of what was for nobody else.
    "UPDATE deliveries SET frozen = NULL, due_at = CASE WHEN state <> 'waiting' THEN due_at END, \
     done_at = CASE state WHEN 'waiting' THEN ?2 ELSE done_at END, \
     state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END WHERE reason = 'company_room' \
     AND id IN (SELECT c.id FROM deliveries d JOIN deliveries c ON c.id >= 'dl_' || substr(d.event, 4) \
       AND c.id < 'dl_' || substr(d.event, 4) || '~' WHERE d.target = ?1) \
     AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.id >= 'dl_' || substr(deliveries.event, 4) \
       AND o.id < 'dl_' || substr(deliveries.event, 4) || '~' AND o.target <> ?1 AND o.reason <> 'company_room')",
    // Without its words it would change more than was asked for.
    "UPDATE bulk_jobs SET state = 'stopped', due_at = NULL, finished_at = ?2 WHERE state = 'running' \
     AND EXISTS (SELECT 1 FROM members m, (SELECT lower(bulk_jobs.chosen ->> '$.filter.q') AS q) WHERE m.id = ?1 \
       AND (instr(q, lower(m.name)) > 0 OR m.reading <> '' AND instr(q, lower(m.reading)) > 0))",
];

/// What names the person outside of the rows that go along; ?1 is the id. The member is still there when they run.
const FORGET: [&str; 11] = [
    // Providers' answers and references may quote an address.
    "UPDATE deliveries SET frozen = NULL, edits = NULL, cause = json_remove(cause, '$.detail'), \
     attempts = (SELECT json_group_array(json_remove(value, '$.cause.detail', '$.reference')) FROM json_each(attempts)) \
     WHERE target = ?1 AND (attempts IS NOT NULL OR frozen IS NOT NULL OR edits IS NOT NULL OR cause IS NOT NULL)",
    // What was for nobody else, but for a copy in the room of a company.
    "UPDATE events SET message = json_object('title', '—'), thread = NULL \
     WHERE id IN (SELECT event FROM deliveries WHERE target = ?1) \
     AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.id >= 'dl_' || substr(events.id, 4) \
       AND o.id < 'dl_' || substr(events.id, 4) || '~' AND o.target <> ?1 AND o.reason <> 'company_room')",
    // News of what the person answered.
    "UPDATE events SET message = json_object('title', '—') WHERE EXISTS (SELECT 1 FROM claims WHERE member = ?1) \
     AND about IN (SELECT event FROM claims WHERE member = ?1)",
    "UPDATE claims SET name = '—' WHERE member = ?1",
    // Kept to recognise repeats, which goes by its hash. A device is called by its browser, which names nobody.
    "UPDATE inbox SET inbound = '{}', reply_token = NULL WHERE due_at IS NULL AND EXISTS (SELECT 1 FROM addresses a \
     WHERE a.member = ?1 AND a.channel <> 'web_push' AND a.value <> '' AND (instr(inbox.inbound, a.value) > 0 OR a.label <> '' AND instr(inbox.inbound, a.label) > 0))",
    // Files that were not started.
    "DELETE FROM imports WHERE state = 'draft' AND id IN (SELECT s.import FROM import_slices s \
     JOIN members m ON m.id = ?1 WHERE instr(lower(s.rows), m.login_email) > 0)",
    // Of those under way the rows that would bring the person back; what is left is counted again.
    "UPDATE import_slices SET rows = (SELECT json_group_array(json(r.value)) FROM json_each(import_slices.rows) r \
       WHERE NOT EXISTS (SELECT 1 FROM json_each(r.value, '$.cells') c \
         WHERE lower(replace(trim(c.value, ' ''' || char(9, 10, 13, 12288)), ' ', '')) IN ( \
           SELECT login_email FROM members WHERE id = ?1 UNION ALL SELECT lower(value) FROM addresses WHERE member = ?1 AND channel <> 'web_push' \
           UNION ALL SELECT lower(label) FROM addresses WHERE member = ?1 AND channel <> 'web_push' AND label <> '') AND c.value <> '')) \
     WHERE result IS NULL AND import IN (SELECT id FROM imports WHERE state = 'running') \
     AND EXISTS (SELECT 1 FROM (SELECT login_email AS word FROM members WHERE id = ?1 \
       UNION ALL SELECT lower(value) FROM addresses WHERE member = ?1 AND channel <> 'web_push' \
       UNION ALL SELECT lower(label) FROM addresses WHERE member = ?1 AND channel <> 'web_push') n \
       WHERE n.word <> '' AND instr(replace(lower(import_slices.rows), ' ', ''), n.word) > 0)",
    "UPDATE import_slices SET count = json_array_length(rows) WHERE ?1 <> '' \
     AND import IN (SELECT id FROM imports WHERE state = 'running') \
     AND CASE WHEN result IS NULL THEN count <> json_array_length(rows) END",
    "UPDATE imports SET total = done + (SELECT coalesce(sum(s.count), 0) FROM import_slices s \
     WHERE s.import = imports.id AND s.result IS NULL) WHERE ?1 <> '' AND state = 'running'",
    // Searches of work that has ended.
    "UPDATE bulk_jobs SET chosen = '{}' WHERE ?1 <> '' AND state <> 'running' AND chosen <> '{}'",
    "DELETE FROM sign_in_links WHERE member = ?1",
];
