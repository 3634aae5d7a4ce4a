//! Doors for scripts that sent to LINE Notify or to a Slack webhook: their tokens, and what comes through them.
//! The forms themselves are in [`shared::door`].

mod pass;

pub(crate) use pass::{Door, Meter};

use serde::Deserialize;
use shared::{
    api::{
        doors::{DoorForm, DoorInfo, DoorRequest, DoorTo, NewDoor},
        events::Target,
    },
    door,
    error::{Code, Error},
    id::{DoorId, MemberId, RoomId},
    time::Millis,
};

use crate::{
    hub::Hub,
    refusal::Refusal,
    sessions::{Caller, hash_of},
    store,
};

/// The kind of what comes through a door that names none.
const KIND: &str = "todoke.message";
/// More than anybody has scripts.
const MOST: i64 = 500;

impl Hub {
    /// All doors, revoked ones too, newest first.
    pub(crate) fn list_doors(&self, caller: &Caller) -> Result<Vec<DoorInfo>, Refusal> {
        caller.admin_member()?;
        let rows: Vec<Row> = store::rows(&*self.ports.sql, &format!("{ROWS} ORDER BY d.id DESC"), &[])?;
        Ok(rows.into_iter().map(Row::info).collect())
    }

    /// Makes a door. The token is in the answer and nowhere else. Errors: those of the form, `unknown_member`,
    /// `unknown_room`, `unknown_kind`, `too_many`.
    pub(crate) fn create_door(&self, caller: &Caller, request: &DoorRequest) -> Result<NewDoor, Refusal> {
        caller.admin_member()?;
        let name = request.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let kind = request.kind.as_deref().unwrap_or(KIND);
        let mut problems = Vec::new();
        if name.is_empty() {
            problems.push(Error::field(Code::Required, "name"));
        } else if name.chars().count() > 100 {
            problems.push(Error::field(Code::TooLong, "name"));
        }
        if kind == crate::settings::SIGN_IN_CODE || self.kind(kind)?.is_none() {
            problems.push(Error::field(Code::UnknownKind, "kind").found(kind));
        }
        let (query, id, unknown) = match &request.to {
            DoorTo::Member(id) => (
                "SELECT count(*) FROM members WHERE id = ?1",
                id,
                Error::field(Code::UnknownMember, "to.member"),
            ),
            DoorTo::Room(id) => {
                ("SELECT count(*) FROM rooms WHERE id = ?1", id, Error::field(Code::UnknownRoom, "to.room"))
            }
        };
        if store::number(&*self.ports.sql, query, &[id.as_str().into()])? == 0 {
            problems.push(unknown.found(id.as_str()));
        }
        Refusal::unless_empty(problems)?;
        let open = "SELECT count(*) FROM doors WHERE revoked_at IS NULL";
        if store::number(&*self.ports.sql, open, &[])? >= MOST {
            return Err(Error::new(Code::TooMany).found(MOST.to_string()).into());
        }
        let now = self.now();
        let token = door::token(&self.config.workspace, self.random());
        let id = DoorId::new(now, self.random());
        let hint = token.get(token.len() - 4..).unwrap_or_default();
        let (member, room) = match &request.to {
            DoorTo::Member(id) => (Some(id.as_str()), None),
            DoorTo::Room(id) => (None, Some(id.as_str())),
        };
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "INSERT INTO doors (hash, id, name, form, hint, member, room, kind, created_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                &[
                    hash_of(&token).into(),
                    id.as_str().into(),
                    name.as_str().into(),
                    request.form.code().into(),
                    hint.into(),
                    member.into(),
                    room.into(),
                    kind.into(),
                    now.into(),
                ],
            )?;
            self.audit(caller, "door.created", id.as_str(), request.form.code())
        })?;
        let base = &self.config.public_url;
        let url = match request.form {
            DoorForm::LineNotify => format!("{base}/api/notify"),
            DoorForm::Slack => format!("{base}/hooks/in/{token}"),
        };
        Ok(NewDoor { token, url, info: self.door_info(&id)? })
    }

    /// Shuts a door at once; again is no error. Errors: `not_found`.
    pub(crate) fn revoke_door(&self, caller: &Caller, id: &DoorId) -> Result<(), Refusal> {
        caller.admin_member()?;
        self.door_info(id)?;
        self.shut(id, caller.id())
    }

    /// Shuts a door in the name of `actor`.
    fn shut(&self, id: &DoorId, actor: &str) -> Result<(), Refusal> {
        self.ports.sql.atomically(&mut || {
            let revoked = self.ports.sql.exec(
                "UPDATE doors SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
                &[id.as_str().into(), self.now().into()],
            )?;
            if revoked > 0 {
                self.audit_as(actor, "door.revoked", id.as_str(), "")?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn door_info(&self, id: &DoorId) -> Result<DoorInfo, Refusal> {
        let row: Option<Row> =
            store::row(&*self.ports.sql, &format!("{ROWS} WHERE d.id = ?1"), &[id.as_str().into()])?;
        row.map(Row::info).ok_or_else(|| Code::NotFound.into())
    }
}

const ROWS: &str = "SELECT json_object('id', d.id, 'name', d.name, 'form', d.form, 'member', d.member, \
     'member_name', m.name, 'room', r.id, 'room_name', r.name, 'kind', d.kind, 'hint', d.hint, \
     'created_at', d.created_at, 'revoked_at', d.revoked_at, 'last_used_at', d.last_used_at) \
     FROM doors d LEFT JOIN members m ON m.id = d.member LEFT JOIN rooms r ON r.id = d.room";

#[derive(Deserialize)]
struct Row {
    id: DoorId,
    name: String,
    form: DoorForm,
    member: Option<MemberId>,
    member_name: Option<String>,
    room: Option<RoomId>,
    room_name: Option<String>,
    kind: String,
    hint: String,
    created_at: Millis,
    revoked_at: Option<Millis>,
    last_used_at: Option<Millis>,
}

impl Row {
    fn info(self) -> DoorInfo {
        let member = self.member.map(|id| Target::Member { id, name: self.member_name.unwrap_or_default() });
        let room = self.room.map(|id| Target::Room { id, name: self.room_name.unwrap_or_default() });
        DoorInfo {
            id: self.id,
            name: self.name,
            form: self.form,
            to: member.or(room),
            kind: self.kind,
            hint: self.hint,
            created_at: self.created_at,
            revoked_at: self.revoked_at,
            last_used_at: self.last_used_at,
        }
    }
}
