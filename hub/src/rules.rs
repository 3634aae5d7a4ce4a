//! 会社とルーム: what a company gets into its room, and what members set themselves. The kind x channel rules are in
//! [`crate::settings`], what follows from all of them in [`crate::audience`].

mod company_rooms;
mod find_room;
mod member_rules;

use shared::{api::auth::Role, error::Code};

use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

impl Hub {
    /// Somebody who may see and change what holds for a company: an admin, or the company's own. Errors:
    /// `not_allowed`, `not_found`.
    pub(crate) fn require_company(&self, caller: &Caller, company: &str) -> Result<(), Refusal> {
        if self.company_scope(caller)?.is_some_and(|own| own != company) {
            return Err(Code::NotAllowed.into());
        }
        let known = "SELECT count(*) FROM companies WHERE id = ?1";
        match store::number(&*self.ports.sql, known, &[company.into()])? {
            0 => Err(Code::NotFound.into()),
            _ => Ok(()),
        }
    }

    /// The only company that the caller may see, `None` for all. Errors: `not_allowed` for members and keys.
    fn company_scope(&self, caller: &Caller) -> Result<Option<String>, Refusal> {
        let member = caller.member()?;
        match (member.role, &member.company) {
            (role, _) if role.is_admin() => Ok(None),
            (Role::CompanyAdmin, Some(company)) => Ok(Some(company.to_string())),
            _ => Err(Code::NotAllowed.into()),
        }
    }

    /// Whether a room is some other company's and not `own`'s as well. Such a room is nothing that the admins of `own`
    /// may choose or hear of.
    fn room_of_others(&self, own: &str, room: &str) -> Result<bool, Refusal> {
        let query = "SELECT EXISTS (SELECT 1 FROM company_rooms WHERE room = ?1) \
                     AND NOT EXISTS (SELECT 1 FROM company_rooms WHERE room = ?1 AND company = ?2)";
        Ok(store::number(&*self.ports.sql, query, &[room.into(), own.into()])? > 0)
    }
}
