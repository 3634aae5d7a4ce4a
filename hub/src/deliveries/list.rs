//! Which deliveries a list shows, and whose they may be.

use shared::{
    api::{Page, bulk::DeliveryFilter, deliveries::DeliveryRow},
    error::Code,
    id::{CompanyId, DeliveryId},
    lang::Lang,
};

use super::ROW;
use crate::{http::Input, hub::Hub, ports::Value, refusal::Refusal, sessions::Caller, store};

const PAGE: usize = 50;

/// What is chosen, within what the caller may see.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    pub(crate) filter: DeliveryFilter,
    /// Only people of this company.
    pub(crate) company: Option<CompanyId>,
    /// Only these, when there are any.
    pub(crate) ids: Vec<String>,
}

/// Reads the query of a list. Errors: `wrong_type` with the parameter's name.
pub(crate) fn read_filter(input: &Input) -> Result<DeliveryFilter, Refusal> {
    // The same form as in a body, so that it is read in one place.
    let mut fields = serde_json::Map::new();
    for name in ["state", "channel", "kind", "q", "person", "room", "from", "until"] {
        let Some(text) = input.asked(name) else { continue };
        let value = match (name, text.parse::<i64>()) {
            ("from" | "until", Ok(at)) => at.into(),
            _ => text.into(),
        };
        let alone = serde_json::Value::Object(
            [(name.to_owned(), serde_json::Value::clone(&value))].into_iter().collect(),
        );
        if serde_json::from_value::<DeliveryFilter>(alone).is_err() {
            return Err(shared::error::Error::field(Code::WrongType, name).into());
        }
        fields.insert(name.to_owned(), value);
    }
    Ok(serde_json::from_value(fields.into())?)
}

impl Hub {
    /// `GET /api/deliveries`: newest first.
    pub(crate) fn list_deliveries(
        &self,
        scope: &Scope,
        cursor: Option<&str>,
        lang: Lang,
    ) -> Result<Page<DeliveryRow>, Refusal> {
        let (mut conditions, mut params) = scope.conditions()?;
        if let Some(cursor) = cursor {
            params.push(cursor.into());
            conditions.push_str(&format!(" AND d.id < ?{}", params.len()));
        }
        let query = format!("{ROW} WHERE {conditions} ORDER BY d.id DESC LIMIT {}", PAGE + 1);
        let mut items = self.delivery_rows(&query, &params, lang)?;
        let more = items.len() > PAGE;
        items.truncate(PAGE);
        let next = if more { items.last().map(|row| row.id.to_string()) } else { None };
        Ok(Page { items, next, total: None })
    }

    /// The company within which somebody may see deliveries; `None` is everything. Errors: `not_allowed` for
    /// whoever is no admin.
    pub(crate) fn company_of_admin(&self, caller: &Caller) -> Result<Option<CompanyId>, Refusal> {
        let member = caller.member()?;
        match (&member.company, member.role) {
            (_, role) if role.is_admin() => Ok(None),
            (Some(company), shared::api::auth::Role::CompanyAdmin) => Ok(Some(company.clone())),
            _ => Err(Code::NotAllowed.into()),
        }
    }

    /// Refuses a delivery of another company's people. What does not exist is not found, by everybody.
    pub(crate) fn may_handle(&self, caller: &Caller, id: &DeliveryId) -> Result<(), Refusal> {
        let Some(company) = self.company_of_admin(caller)? else { return Ok(()) };
        let own = store::number(
            &*self.ports.sql,
            "SELECT count(*) FROM deliveries d JOIN members m ON m.id = d.target WHERE d.id = ?1 AND m.company = ?2",
            &[id.as_str().into(), company.as_str().into()],
        )?;
        if own == 1 { Ok(()) } else { Err(Code::NotAllowed.into()) }
    }
}

impl Scope {
    /// A condition on `deliveries d` alone and its parameters, the first of which is `?1`.
    pub(super) fn conditions(&self) -> Result<(String, Vec<Value>), Refusal> {
        let filter = &self.filter;
        let (mut conditions, mut params) = ("1 = 1".to_owned(), Vec::<Value>::new());
        let mut add = |condition: &str, value: Option<Value>| {
            if let Some(value) = value {
                params.push(value);
                conditions.push_str(" AND ");
                conditions.push_str(&condition.replace("??", &format!("?{}", params.len())));
            }
        };
        add("d.state = ??", filter.state.map(|state| state.code().into()));
        add("d.channel = ??", filter.channel.map(|channel| channel.code().into()));
        add("d.kind = ??", filter.kind.as_deref().map(Value::from));
        add("d.target = ??", filter.person.as_ref().map(|id| id.as_str().into()));
        add("d.target = ??", filter.room.as_ref().map(|id| id.as_str().into()));
        // Ids sort by age.
        add("d.id >= ??", filter.from.map(|at| DeliveryId::first_at(at).into()));
        add("d.id < ??", filter.until.map(|at| DeliveryId::first_at(at).into()));
        add(
            "d.target IN (SELECT id FROM members WHERE company = ??)",
            self.company.as_ref().map(|company| company.as_str().into()),
        );
        if !self.ids.is_empty() {
            add("d.id IN (SELECT value FROM json_each(??))", Some(serde_json::to_string(&self.ids)?.into()));
        }
        // `instr` and not LIKE: the platform's patterns end at 50 bytes.
        let part = filter.q.as_deref().map(|q| q.trim().to_lowercase()).filter(|q| !q.is_empty());
        add(
            "(d.target IN (SELECT id FROM members WHERE instr(lower(name), ??) OR instr(lower(reading), ??)) \
             OR d.target IN (SELECT id FROM rooms WHERE instr(lower(name), ??)) \
             OR instr(lower((SELECT json_extract(message, '$.title') FROM events WHERE id = d.event)), ??))",
            part.map(Value::from),
        );
        Ok((conditions, params))
    }
}
