//! Filling members' IDs from the provider: LINE WORKS tells its whole directory, Slack one person at a time.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::integrations::MatchResult,
    delivery::{CauseCode, Outcome},
    error::Code,
    lang::Lang,
};

use super::establish::refused;
use crate::{
    clients::{Client, Lineworks, Slack},
    hub::Hub,
    providers::{
        lineworks::DirectoryUser,
        slack::{CallError, User},
    },
    refusal::Refusal,
    sessions::Caller,
    store,
};

/// Below the 50 a minute that the method surely has (slack.md §2), and below what one request may ask of other
/// servers on the platform's free plan.
const LOOKUPS: usize = 40;
/// As many as are shown.
const UNKNOWN: usize = 100;

impl Hub {
    /// `POST /api/integrations/{id}/match`: fills IDs of members who have none yet. Errors: `not_found` for a
    /// provider that knows nobody's login, `connection_failed`.
    pub(crate) async fn match_members(
        self: &Rc<Self>,
        caller: &Caller,
        id: &str,
        cursor: Option<&str>,
        lang: Lang,
    ) -> Result<MatchResult, Refusal> {
        match self.client(id).await? {
            Some(Client::Lineworks(bot)) => self.match_lineworks(caller, id, &bot, lang).await,
            Some(Client::Slack(app)) => self.match_slack(caller, id, &app, cursor.unwrap_or(""), lang).await,
            _ => Err(Code::NotFound.into()),
        }
    }

    /// By the whole login, or its part before the @ where that names one member only.
    async fn match_lineworks(
        &self,
        caller: &Caller,
        id: &str,
        bot: &Lineworks,
        lang: Lang,
    ) -> Result<MatchResult, Refusal> {
        let users = bot.client.list_users().await.map_err(|error| refused(&error.cause(), lang))?;
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
        Ok(MatchResult {
            matched: u32::try_from(matched).unwrap_or(u32::MAX),
            unknown,
            ..MatchResult::default()
        })
    }

    /// By login address. At most [`LOOKUPS`] members behind `cursor`; the answer says how to go on.
    async fn match_slack(
        &self,
        caller: &Caller,
        id: &str,
        app: &Slack,
        cursor: &str,
        lang: Lang,
    ) -> Result<MatchResult, Refusal> {
        let mut waiting: Vec<Unmatched> =
            store::rows(&*self.ports.sql, WITHOUT_SLACK, &[cursor.into(), (LOOKUPS as i64).into()])?;
        let total = store::number(&*self.ports.sql, HOW_MANY_WITHOUT_SLACK, &[cursor.into()])?;
        let mut result = MatchResult::default();
        let (mut found, mut done, mut failure) = (Vec::new(), 0_usize, None);
        for member in &waiting {
            match app.client.lookup_by_email(&member.login).await {
                Ok(Some(User { id, name, .. })) => found.push((member.id.as_str(), id, name)),
                // Nobody, or nobody who could read a message.
                Ok(None) | Err(CallError::Deactivated | CallError::IsBot) => {
                    result.unknown.push(member.login.clone());
                }
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
            done += 1;
        }
        let list = serde_json::to_string(&found)?;
        let mut matched = 0;
        self.ports.sql.atomically(&mut || {
            matched = self.ports.sql.exec(MATCH_SLACK, &[list.as_str().into()])?;
            self.audit(caller, "integration.matched", id, &matched.to_string())
        })?;
        // What was found is kept in any case.
        if let Some(error) = failure {
            match error.outcome() {
                Outcome::Retry { after_ms, cause } if cause.code == CauseCode::RateLimited => {
                    result.wait_ms = after_ms;
                }
                _ => return Err(refused(&error.cause(), lang)),
            }
        }
        result.matched = u32::try_from(matched).unwrap_or(u32::MAX);
        result.unknown.truncate(UNKNOWN);
        result.left =
            u32::try_from(total).unwrap_or_default().saturating_sub(u32::try_from(done).unwrap_or(0));
        waiting.truncate(done);
        result.next =
            (result.left > 0).then(|| waiting.pop().map_or_else(|| cursor.to_owned(), |last| last.id));
        Ok(result)
    }
}

#[derive(Deserialize)]
struct Unmatched {
    id: String,
    login: String,
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

const WITHOUT_SLACK: &str = "SELECT json_object('id', m.id, 'login', m.login_email) FROM members m \
     WHERE m.id > ?1 AND m.usable = 1 AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.member = m.id AND a.channel = 'slack') \
     ORDER BY m.id LIMIT ?2";

const HOW_MANY_WITHOUT_SLACK: &str = "SELECT count(*) FROM members m WHERE m.id > ?1 AND m.usable = 1 \
     AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.member = m.id AND a.channel = 'slack')";

/// `[member, user id, name]` to addresses, unless the member got one meanwhile or another member has that ID.
const MATCH_SLACK: &str = "INSERT INTO addresses (member, channel, value, label, state, switched_on) \
     SELECT m.id, 'slack', u.value ->> 1, u.value ->> 2, 'unverified', 1 FROM json_each(?1) u JOIN members m ON m.id = u.value ->> 0 \
     WHERE NOT EXISTS (SELECT 1 FROM addresses a WHERE a.channel = 'slack' AND a.value = u.value ->> 1) \
     ON CONFLICT (member, channel) DO NOTHING";
