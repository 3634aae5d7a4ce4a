//! Filling LINE WORKS IDs from the provider's directory.

use std::rc::Rc;

use shared::{api::integrations::MatchResult, error::Code, lang::Lang};

use super::establish::refused;
use crate::{
    clients::Client, hub::Hub, providers::lineworks::DirectoryUser, refusal::Refusal, sessions::Caller,
};

impl Hub {
    /// `POST /api/integrations/{id}/match`: fills LINE WORKS IDs by matching logins.
    pub(crate) async fn match_members(
        self: &Rc<Self>,
        caller: &Caller,
        id: &str,
    ) -> Result<MatchResult, Refusal> {
        let Some(Client::Lineworks(bot)) = self.client(id).await? else { return Err(Code::NotFound.into()) };
        let users = bot.client.list_users().await.map_err(|error| refused(&error.cause(), Lang::Ja))?;
        let pairs: Vec<(String, String)> = users
            .into_iter()
            .filter(DirectoryUser::is_active)
            .filter_map(|user| user.email.map(|login| (login.to_lowercase(), user.user_id)))
            .collect();
        let list = serde_json::to_string(&pairs)?;
        let mut matched = 0;
        self.ports.sql.atomically(&mut || {
            matched = self.ports.sql.exec(MATCH, &[list.as_str().into()])?;
            self.audit(caller, "integration.matched", id, &matched.to_string())
        })?;
        let unknown = self.ports.sql.texts(UNMATCHED, &[list.as_str().into()])?;
        Ok(MatchResult { matched: u32::try_from(matched).unwrap_or(u32::MAX), unknown })
    }
}

/// `[login, user id]` pairs to addresses of members who have none yet: the whole login, or its part before the
/// @ where that names one member only.
const MATCH: &str = "INSERT INTO addresses (member, channel, value, label, state, switched_on) \
     SELECT m.id, 'lineworks', u.value ->> 1, u.value ->> 0, 'unverified', 1 FROM json_each(?1) u JOIN members m \
     ON m.login_email = u.value ->> 0 OR substr(m.login_email, 1, instr(m.login_email, '@')) = substr(u.value ->> 0, 1, instr(u.value ->> 0, '@')) \
     WHERE NOT EXISTS (SELECT 1 FROM addresses a WHERE a.member = m.id AND a.channel = 'lineworks' \
       AND a.value <> '' AND a.value <> u.value ->> 0) \
     AND (SELECT count(*) FROM members o WHERE substr(o.login_email, 1, instr(o.login_email, '@')) = substr(u.value ->> 0, 1, instr(u.value ->> 0, '@'))) = 1 \
     ON CONFLICT (member, channel) DO UPDATE SET value = excluded.value, label = excluded.label, state = 'unverified'";

const UNMATCHED: &str = "SELECT u.value ->> 0 FROM json_each(?1) u WHERE NOT EXISTS \
     (SELECT 1 FROM addresses a WHERE a.channel = 'lineworks' AND a.value IN (u.value ->> 1, u.value ->> 0)) ORDER BY 1 LIMIT 100";
