//! ホーム: what is wrong now, what was sent, and how far the set-up is. The store writes the JSON itself: the form is
//! `shared::api::home::Home`, and the tests hold it to that.

use shared::{
    api::auth::Role,
    error::Code,
    id::CompanyId,
    time::{DAY, MINUTE},
};

use crate::{hub::Hub, members::MemberFilter, refusal::Refusal, sessions::Caller};

mod days;

pub(crate) use days::Counted;

/// What is due for so long is behind.
const BEHIND: i64 = MINUTE;
/// Rooms that were lost longer ago are no news.
const NEWS: i64 = 30 * DAY;

impl Hub {
    /// `GET /api/home`. Errors: `not_allowed` for members and keys.
    pub(crate) fn home(&self, caller: &Caller) -> Result<String, Refusal> {
        let member = caller.member()?;
        match (member.role, &member.company) {
            (Role::Admin | Role::Owner, _) => self.home_of_all(caller),
            (Role::CompanyAdmin, Some(company)) => self.home_of_company(caller, company),
            (Role::CompanyAdmin | Role::Member, _) => Err(Code::NotAllowed.into()),
        }
    }

    fn home_of_all(&self, caller: &Caller) -> Result<String, Refusal> {
        let now = self.now();
        let overview = self.ports.sql.texts(&overview(), &[(now - BEHIND).into(), (now - NEWS).into()])?;
        let overview = overview.first().ok_or(Code::NotFound)?;
        let (days, counting) = self.days_until_today()?;
        let unreachable = self.unreachable_count(caller)?;
        Ok(format!(
            r#"{{"now":{now},"unreachable":{unreachable},"counting":{counting},"days":[{days}],"overview":{overview}}}"#
        ))
    }

    fn home_of_company(&self, caller: &Caller, company: &CompanyId) -> Result<String, Refusal> {
        let (now, unreachable) = (self.now(), self.unreachable_count(caller)?);
        let today = self.today_of_company(company)?;
        Ok(format!(
            r#"{{"now":{now},"unreachable":{unreachable},"counting":false,"days":[{today}],"overview":null}}"#
        ))
    }

    fn unreachable_count(&self, caller: &Caller) -> Result<u64, Refusal> {
        // Before anything is connected nobody is reached: the check list says what to do.
        if self.connected_channels()?.is_empty() {
            return Ok(0);
        }
        Ok(self.unreachable_members(caller, MemberFilter::default())?.total.unwrap_or(0))
    }
}

/// One read for all that is small. `?1`: due before is behind; `?2`: lost before is no news.
fn overview() -> String {
    let flag = |condition: &str| format!("json(CASE WHEN {condition} THEN 'true' ELSE 'false' END)");
    let setup = [
        ("mail", "EXISTS (SELECT 1 FROM integrations WHERE provider = 'mail')"),
        ("messenger", "EXISTS (SELECT 1 FROM integrations WHERE provider <> 'mail')"),
        ("members", "(SELECT count(*) FROM (SELECT 1 FROM members LIMIT 2)) = 2"),
        (
            "linked",
            "EXISTS (SELECT 1 FROM addresses WHERE channel IN ('lineworks', 'line', 'slack', 'google_chat') \
             AND state IN ('linked', 'unverified'))",
        ),
        (
            "system",
            "EXISTS (SELECT 1 FROM api_keys WHERE revoked_at IS NULL) OR EXISTS (SELECT 1 FROM doors WHERE revoked_at IS NULL)",
        ),
        // The first or the last ones: looking for one among a million that all failed would take its time.
        (
            "sent",
            "EXISTS (SELECT 1 FROM (SELECT state FROM deliveries ORDER BY id LIMIT 200) WHERE state = 'sent') \
             OR EXISTS (SELECT 1 FROM (SELECT state FROM deliveries ORDER BY id DESC LIMIT 200) WHERE state = 'sent')",
        ),
    ]
    .map(|(name, condition)| format!("'{name}', {}", flag(condition)))
    .join(", ");
    let installed =
        flag("i.provider <> 'slack' OR coalesce(json_extract(i.settings, '$.team_id'), '') <> ''");
    let name = ["bot_name", "display_name", "team_name", "from_address", "app.client_email"]
        .map(|field| format!("nullif(json_extract(i.settings, '$.{field}'), '')"))
        .join(", ");
    format!(
        "SELECT json_object(\
         'integrations', json((SELECT json_group_array(json_object('id', i.id, 'provider', i.provider, \
          'name', coalesce({name}, ''), 'state', i.state, 'cause', json(i.cause), 'since', i.state_since, \
          'installed', {installed})) FROM (SELECT * FROM integrations ORDER BY created_at, id) i)), \
         'lost_rooms', json((SELECT json_group_array(json_object('id', r.id, 'name', r.name, 'provider', i.provider, \
          'integration', r.integration, 'since', r.since)) FROM (SELECT * FROM rooms WHERE open = 0 AND since > ?2 \
          ORDER BY since DESC LIMIT 20) r JOIN integrations i ON i.id = r.integration)), \
         'behind', json_object('waiting', (SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE due_at < ?1 LIMIT 100000)), \
          'oldest', (SELECT min(due_at) FROM deliveries WHERE due_at < ?1)), \
         'webhooks_off', (SELECT count(*) FROM webhooks WHERE disabled_at IS NOT NULL), \
         'setup', json_object({setup}))"
    )
}
