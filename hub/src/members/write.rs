//! Writing people, one or two hundred at a time, in the same statements: few crossings, whatever their number.

use serde::Serialize;
use shared::{api::members::MemberForm, channel::Channel, id::MemberId, search::haystack};

use crate::{
    hub::Hub,
    ports::{SqlError, Value},
    refusal::Refusal,
};

/// One person as the statements read it; addresses by the name of their channel.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a MemberId,
    company: Option<&'a str>,
    name: &'a str,
    reading: &'a str,
    login_email: &'a str,
    department: &'a str,
    title: &'a str,
    employee_number: &'a str,
    usable: i64,
    role: &'a str,
    language: &'a str,
    search: String,
    /// Mail goes to the notification address or else to the login address.
    email: &'a str,
    lineworks: &'a str,
    slack: &'a str,
}

/// What [`Hub::write_members`] takes.
pub(super) fn entries<'a>(
    people: impl Iterator<Item = (&'a MemberId, &'a MemberForm)>,
) -> Result<String, Refusal> {
    let entries: Vec<Entry<'a>> = people.map(|(id, form)| entry(id, form)).collect();
    Ok(serde_json::to_string(&entries)?)
}

fn entry<'a>(id: &'a MemberId, form: &'a MemberForm) -> Entry<'a> {
    let email = if form.notification_email.is_empty() { &form.login_email } else { &form.notification_email };
    Entry {
        id,
        company: Some(form.company.as_str()).filter(|company| !company.is_empty()),
        name: &form.name,
        reading: &form.reading,
        login_email: &form.login_email,
        department: &form.department,
        title: &form.title,
        employee_number: &form.employee_number,
        usable: i64::from(form.usable),
        role: form.role.code(),
        language: form.language.tag(),
        search: haystack(&[
            &form.name,
            &form.reading,
            &form.login_email,
            email,
            &form.employee_number,
            &form.department,
            &form.title,
            &form.lineworks_id,
        ]),
        email,
        lineworks: &form.lineworks_id,
        slack: &form.slack_id,
    }
}

impl Hub {
    /// Writes people, new and known, with their addresses. A new address has to prove itself; every channel starts
    /// on; whoever may not sign in any more loses sessions and links. Within a burst.
    pub(super) fn write_members(&self, entries: &str) -> Result<(), SqlError> {
        let sql = &*self.ports.sql;
        let list = || Value::from(entries);
        sql.run(WRITE, &[list(), self.now().into()])?;
        for channel in [Channel::Email, Channel::Lineworks, Channel::Slack] {
            let params = [list(), channel.code().into()];
            sql.run(SET_ADDRESS, &params)?;
            if channel != Channel::Email {
                sql.run(TAKE_ADDRESS, &params)?;
            }
        }
        sql.run(LAST_SWITCH, &[list()])?;
        for table in ["sessions", "sign_in_links"] {
            sql.run(
                &format!(
                    "DELETE FROM {table} WHERE member IN \
                     (SELECT e.value ->> 'id' FROM json_each(?1) e WHERE e.value ->> 'usable' = 0)"
                ),
                &[list()],
            )?;
        }
        Ok(())
    }
}

const WRITE: &str = "INSERT INTO members (id, company, name, reading, login_email, department, title, \
     employee_number, usable, role, language, search, version, created_at) \
     SELECT e.value ->> 'id', e.value ->> 'company', e.value ->> 'name', e.value ->> 'reading', e.value ->> 'login_email', \
     e.value ->> 'department', e.value ->> 'title', e.value ->> 'employee_number', e.value ->> 'usable', e.value ->> 'role', \
     e.value ->> 'language', e.value ->> 'search', 1, ?2 FROM json_each(?1) e WHERE true \
     ON CONFLICT (id) DO UPDATE SET company = excluded.company, name = excluded.name, reading = excluded.reading, \
     login_email = excluded.login_email, department = excluded.department, title = excluded.title, \
     employee_number = excluded.employee_number, usable = excluded.usable, role = excluded.role, \
     language = excluded.language, search = excluded.search, version = version + 1";

const SET_ADDRESS: &str = "INSERT INTO addresses (member, channel, value, state, switched_on) \
     SELECT e.value ->> 'id', ?2, e.value ->> ?2, 'unverified', 1 FROM json_each(?1) e WHERE e.value ->> ?2 <> '' \
     ON CONFLICT (member, channel) DO UPDATE SET value = excluded.value, label = NULL, state = excluded.state, \
     last_ok_at = NULL WHERE value <> excluded.value";

const TAKE_ADDRESS: &str = "DELETE FROM addresses WHERE channel = ?2 AND member IN \
     (SELECT e.value ->> 'id' FROM json_each(?1) e WHERE e.value ->> ?2 = '')";

/// The address that went may have been the last one that was on.
const LAST_SWITCH: &str = "UPDATE addresses SET switched_on = 1 WHERE member IN (SELECT e.value ->> 'id' FROM json_each(?1) e) \
     AND NOT EXISTS (SELECT 1 FROM addresses o WHERE o.member = addresses.member AND o.switched_on = 1)";
