//! Finding members.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use shared::{
    api::{
        Page,
        auth::Role,
        members::{Address, Member},
    },
    channel::Channel,
    error::{Code, Error},
    id::{CompanyId, MemberId},
    lang::Lang,
    search::words,
};

use super::Reach;
use crate::{http::Input, hub::Hub, ports::Value, refusal::Refusal, sessions::Caller, store};

const PAGE: usize = 50;
const LONGEST_PAGE: usize = 200;
/// More words than that are not a name.
const WORDS: usize = 5;

/// `json` around the list: SQLite forgets that a text is JSON when it sorts.
pub(super) const MEMBER: &str = "json_object('id', m.id, 'name', m.name, 'reading', m.reading, \
    'login_email', m.login_email, 'department', m.department, 'title', m.title, \
    'employee_number', m.employee_number, 'usable', m.usable, 'company', m.company, \
    'company_name', c.name, 'role', m.role, 'language', m.language, 'version', m.version, \
    'invited_at', (SELECT i.sent_at FROM invitations i WHERE i.member = m.id), \
    'addresses', json((SELECT json_group_array(json_object('channel', a.channel, 'value', a.value, 'state', a.state, \
    'on', a.switched_on, 'last_ok_at', a.last_ok_at)) FROM addresses a WHERE a.member = m.id)))";

/// What a list asks for. `limit` is 50 when absent, at most 200.
#[derive(Debug, Default)]
pub(crate) struct MemberFilter {
    /// Words that all occur in what `write` folds into the column `search`.
    words: Vec<String>,
    pub(super) company: Option<String>,
    pub(super) usable: Option<bool>,
    role: Option<Role>,
    /// Whether a letter with a way in was sent, or waits.
    pub(super) invited: Option<bool>,
    /// Only people without an address there.
    without: Option<Channel>,
    /// Channels that work, JSON array: only usable people whom none of them would reach.
    pub(super) beyond: Option<String>,
    after: Option<(String, String, String)>,
    pub(crate) limit: usize,
}

impl MemberFilter {
    /// The same without what pages through a list: other lists have cursors of their own.
    pub(crate) fn without_cursor(input: &Input) -> Result<Self, Refusal> {
        let mut input = input.clone();
        input.query.remove("cursor");
        Self::of(&input)
    }

    /// Reads `?q=&company=&usable=&role=&invited=&without=&cursor=&limit=`. Errors: `wrong_type` with the parameter's name.
    pub(crate) fn of(input: &Input) -> Result<Self, Refusal> {
        let wrong = |name: &'static str| Refusal::from(Error::field(Code::WrongType, name));
        let flag = |name: &'static str| match input.asked(name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(wrong(name)),
        };
        Ok(Self {
            words: words(input.asked("q").unwrap_or_default(), WORDS),
            company: input.asked("company").map(str::to_owned),
            usable: flag("usable")?,
            invited: flag("invited")?,
            without: match input.asked("without") {
                None => None,
                Some(code) => Some(Channel::from_code(code).ok_or_else(|| wrong("without"))?),
            },
            role: match input.asked("role") {
                None => None,
                Some(code) => Some(Role::from_code(code).ok_or_else(|| wrong("role"))?),
            },
            beyond: None,
            after: match input.asked("cursor") {
                None => None,
                Some(cursor) => Some(read_cursor(cursor).ok_or_else(|| wrong("cursor"))?),
            },
            limit: match input.asked("limit") {
                None => PAGE,
                Some(limit) => limit.parse::<usize>().map_err(|_| wrong("limit"))?.clamp(1, LONGEST_PAGE),
            },
        })
    }
}

impl Hub {
    /// A page of the people whom the caller may see, by reading, then name.
    pub(crate) fn list_members(
        &self,
        caller: &Caller,
        mut filter: MemberFilter,
    ) -> Result<Page<Member>, Refusal> {
        self.narrow_to_reach(caller, &mut filter)?;
        let limit = filter.limit.clamp(1, LONGEST_PAGE);
        let (conditions, mut params) = filter.conditions();
        let from = filter.behind_cursor(&mut params);
        // One look through all people: reads are counted too. Only the page's own rows become JSON.
        let found: Found = store::row(
            &*self.ports.sql,
            &format!(
                "WITH hits AS MATERIALIZED (SELECT m.id, m.reading, m.name FROM members m WHERE {conditions}), \
                 page AS (SELECT h.id FROM hits h WHERE {from} ORDER BY h.reading, h.name, h.id LIMIT {}) \
                 SELECT json_object('total', (SELECT count(*) FROM hits), 'items', json((SELECT json_group_array({MEMBER}) \
                 FROM page p JOIN members m ON m.id = p.id LEFT JOIN companies c ON c.id = m.company)))",
                limit + 1
            ),
            &params,
        )?
        .unwrap_or_default();
        let mut items: Vec<Member> = found.items.into_iter().map(Member::from).collect();
        items.sort_by(|one, other| {
            (&one.reading, &one.name, &one.id).cmp(&(&other.reading, &other.name, &other.id))
        });
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor_behind);
        Ok(Page { items, next, total: Some(found.total) })
    }

    /// Leaves only whom the caller may see. Errors: `not_allowed`.
    pub(crate) fn narrow_to_reach(&self, caller: &Caller, filter: &mut MemberFilter) -> Result<(), Refusal> {
        if let Reach::Company(own) = self.reach(caller)? {
            filter.company = Some(own.to_string());
        }
        Ok(())
    }

    /// One person. Errors: `not_found`.
    pub(crate) fn member(&self, id: &MemberId) -> Result<Member, Refusal> {
        let row: Option<Row> = store::row(
            &*self.ports.sql,
            &format!(
                "SELECT {MEMBER} FROM members m LEFT JOIN companies c ON c.id = m.company WHERE m.id = ?1"
            ),
            &[id.as_str().into()],
        )?;
        row.map(Member::from).ok_or_else(|| Code::NotFound.into())
    }
}

impl MemberFilter {
    /// What follows the cursor in `hits h`, by reading, name and id.
    pub(crate) fn behind_cursor(&self, params: &mut Vec<Value>) -> String {
        let Some((reading, name, id)) = &self.after else { return "true".to_owned() };
        let first = params.len() + 1;
        params.extend([reading.as_str().into(), name.as_str().into(), id.as_str().into()]);
        format!("(h.reading, h.name, h.id) > (?{first}, ?{}, ?{})", first + 1, first + 2)
    }

    /// Everything but the cursor, of `members m`. `instr` and not LIKE: the platform's patterns end at 50 bytes, and nothing
    /// has to be escaped.
    pub(crate) fn conditions(&self) -> (String, Vec<Value>) {
        let mut params: Vec<Value> = Vec::new();
        let mut conditions = vec!["1 = 1".to_owned()];
        let mut add = |condition: &str, value: Value| {
            params.push(value);
            conditions.push(condition.replace("??", &format!("?{}", params.len())));
        };
        for word in &self.words {
            // Rows of an older version have no folded text yet.
            add(
                "instr(coalesce(m.search, lower(m.name || ' ' || replace(m.name, ' ', '') || ' ' || m.reading || ' ' || \
                 m.login_email || ' ' || m.employee_number || ' ' || m.department)), ??) > 0",
                word.as_str().into(),
            );
        }
        match self.company.as_deref() {
            None => {}
            Some("none") => add("m.company IS NULL AND ?? = 'none'", "none".into()),
            Some(company) => add("m.company = ??", company.into()),
        }
        if let Some(usable) = self.usable {
            add("m.usable = ??", usable.into());
        }
        if let Some(role) = self.role {
            add("m.role = ??", role.code().into());
        }
        if let Some(invited) = self.invited {
            add("EXISTS (SELECT 1 FROM invitations i WHERE i.member = m.id) = ??", invited.into());
        }
        if let Some(channel) = self.without {
            add(
                "NOT EXISTS (SELECT 1 FROM addresses a WHERE a.member = m.id AND a.channel = ??)",
                channel.code().into(),
            );
        }
        if let Some(working) = &self.beyond {
            // As `Obstacle::of` says it.
            add(
                "m.usable = 1 AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.member = m.id \
                 AND (a.state = 'linked' OR (a.state = 'unverified' AND a.channel <> 'line')) \
                 AND a.channel IN (SELECT value FROM json_each(??)))",
                working.as_str().into(),
            );
        }
        (conditions.join(" AND "), params)
    }
}

#[derive(Deserialize, Default)]
struct Found {
    total: u64,
    items: Vec<Row>,
}

/// A member as SQLite gives it: flags are numbers.
#[derive(Deserialize)]
pub(super) struct Row {
    id: MemberId,
    name: String,
    reading: String,
    login_email: String,
    department: String,
    title: String,
    employee_number: String,
    usable: i64,
    company: Option<CompanyId>,
    company_name: Option<String>,
    role: Role,
    language: Lang,
    addresses: Vec<AddressRow>,
    version: i64,
    invited_at: Option<i64>,
}

#[derive(Deserialize)]
struct AddressRow {
    channel: Channel,
    value: String,
    state: shared::channel::AddressState,
    on: i64,
    last_ok_at: Option<i64>,
}

impl From<Row> for Member {
    fn from(row: Row) -> Self {
        let mut addresses: Vec<Address> = row
            .addresses
            .into_iter()
            .map(|address| Address {
                channel: address.channel,
                value: address.value,
                state: address.state,
                on: address.on == 1,
                last_ok_at: address.last_ok_at,
            })
            .collect();
        addresses.sort_by_key(|address| address.channel);
        let mail = addresses.iter().find(|address| address.channel == Channel::Email);
        // Stored once, as the address: what equals the login was left empty.
        let notification_email = mail
            .map(|address| address.value.clone())
            .filter(|value| *value != row.login_email)
            .unwrap_or_default();
        Self {
            id: row.id,
            name: row.name,
            reading: row.reading,
            login_email: row.login_email,
            notification_email,
            department: row.department,
            title: row.title,
            employee_number: row.employee_number,
            usable: row.usable == 1,
            company: row.company,
            company_name: row.company_name,
            role: row.role,
            language: row.language,
            addresses,
            version: row.version,
            invited_at: row.invited_at,
        }
    }
}

fn cursor_behind(member: &Member) -> String {
    cursor_of(&member.reading, &member.name, member.id.as_str())
}

/// A cursor that a list goes on behind.
pub(crate) fn cursor_of(reading: &str, name: &str, id: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode([reading, name, id].join("\n"))
}

/// Names hold no line break: forms are cleaned before they are stored.
fn read_cursor(cursor: &str) -> Option<(String, String, String)> {
    let place = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let mut parts = place.split('\n');
    let parts = (parts.next()?.to_owned(), parts.next()?.to_owned(), parts.next()?.to_owned());
    Some(parts)
}
