//! Resending or cancelling many deliveries: counted first, then worked on in slices ([`crate::errands`]). Where it
//! stands is in the store, so that a page may be left and found again.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::{
        bulk::{BulkAction, BulkCount, BulkJob, BulkRequest, DeliveryFilter, MAX_CHOSEN},
        live::LiveMessage,
    },
    error::{Code, Error},
    id::{BulkId, CompanyId, DeliveryId},
    time::{DAY, MINUTE, Millis},
};

use super::{list::Scope, resend_fallbacks, resending::NO_RESEND};
use crate::{
    hub::Hub,
    ports::{Audience, Value},
    refusal::Refusal,
    sessions::Caller,
    store,
};

/// Changed in one burst.
const SLICE: usize = 200;
/// Looked at in one burst: a filter that lets little through must not hold others up.
const WINDOW: i64 = 5_000;
/// Between two slices, so that notices and pages come in between.
const PAUSE: Millis = 50;
const KEPT: Millis = 30 * DAY;

/// A job under way.
#[derive(Deserialize)]
struct Due {
    id: BulkId,
    action: BulkAction,
    chosen: Chosen,
    company: Option<CompanyId>,
    after: String,
    until: String,
}

/// As it is stored while the job runs; a search may name a person.
#[derive(serde::Serialize, Deserialize)]
struct Chosen {
    filter: DeliveryFilter,
    ids: Vec<String>,
}

impl Hub {
    /// `POST /api/bulk/count`: what the action would do now.
    pub(crate) fn count_bulk(&self, caller: &Caller, request: BulkRequest) -> Result<BulkCount, Refusal> {
        let action = request.action;
        let scope = self.bulk_scope(caller, request)?;
        self.count_scope(&scope, action)
    }

    /// `POST /api/bulk`. The same again while it runs is the same job. Errors: `cannot_resend` and `cannot_cancel`
    /// when there is nothing to do.
    pub(crate) async fn begin_bulk(
        self: &Rc<Self>,
        caller: &Caller,
        request: BulkRequest,
    ) -> Result<BulkJob, Refusal> {
        let action = request.action;
        let scope = self.bulk_scope(caller, request)?;
        let now = self.now();
        self.arm(now + MINUTE).await?;
        let total = self.count_scope(&scope, action)?.matching;
        let chosen = Chosen { filter: scope.filter, ids: scope.ids };
        let chosen = serde_json::to_string(&chosen)?;
        let company = scope.company.as_ref().map(CompanyId::as_str);
        let running = self.ports.sql.texts(
            "SELECT id FROM bulk_jobs WHERE state = 'running' AND action = ?1 AND chosen = ?2 AND company IS ?3",
            &[action.code().into(), chosen.as_str().into(), company.into()],
        )?;
        if let Some(id) = running.first().and_then(|id| id.parse().ok()) {
            return self.bulk_job(caller, &id);
        }
        if total == 0 {
            return Err(match action {
                BulkAction::Resend => Code::CannotResend,
                BulkAction::Cancel => Code::CannotCancel,
            }
            .into());
        }
        let id = BulkId::new(now, self.random());
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run("DELETE FROM bulk_jobs WHERE finished_at < ?1", &[(now - KEPT).into()])?;
            self.ports.sql.run(
                "INSERT INTO bulk_jobs (id, action, chosen, company, actor, created_at, total, until, state, due_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'running', ?6)",
                &[
                    id.as_str().into(),
                    action.code().into(),
                    chosen.as_str().into(),
                    company.into(),
                    caller.id().into(),
                    now.into(),
                    i64::try_from(total).unwrap_or(i64::MAX).into(),
                    DeliveryId::first_at(now + 1).into(),
                ],
            )?;
            let name = match action {
                BulkAction::Resend => "deliveries.resent_all",
                BulkAction::Cancel => "deliveries.cancelled_all",
            };
            self.audit(caller, name, id.as_str(), &total.to_string())
        })?;
        // Stale, so that this very invocation begins to work.
        self.dispatcher.forget_queue();
        self.errand_waits();
        self.bulk_job(caller, &id)
    }

    /// `GET /api/bulk`: the last ten, newest first, as a JSON list.
    pub(crate) fn bulk_jobs(&self, caller: &Caller) -> Result<String, Refusal> {
        let company = self.company_of_admin(caller)?;
        let jobs = self.ports.sql.texts(
            &format!("{JOB} WHERE (?1 IS NULL OR j.company = ?1) ORDER BY j.id DESC LIMIT 10"),
            &[company.as_ref().map(CompanyId::as_str).into()],
        )?;
        Ok(format!("[{}]", jobs.join(",")))
    }

    /// `GET /api/bulk/{id}`.
    pub(crate) fn bulk_job(&self, caller: &Caller, id: &BulkId) -> Result<BulkJob, Refusal> {
        let company = self.company_of_admin(caller)?;
        store::row(
            &*self.ports.sql,
            &format!("{JOB} WHERE j.id = ?1 AND (?2 IS NULL OR j.company = ?2)"),
            &[id.as_str().into(), company.as_ref().map(CompanyId::as_str).into()],
        )?
        .ok_or_else(|| Code::NotFound.into())
    }

    /// `POST /api/bulk/{id}/stop`: what was changed stays so. One that has ended is answered as it is.
    pub(crate) fn stop_bulk(&self, caller: &Caller, id: &BulkId) -> Result<BulkJob, Refusal> {
        self.bulk_job(caller, id)?;
        self.ports.sql.atomically(&mut || {
            let stopped = self.ports.sql.exec(
                "UPDATE bulk_jobs SET state = 'stopped', chosen = '{}', due_at = NULL, finished_at = ?2 \
                 WHERE id = ?1 AND state = 'running'",
                &[id.as_str().into(), self.now().into()],
            )?;
            if stopped == 1 { self.audit(caller, "deliveries.bulk_stopped", id.as_str(), "") } else { Ok(()) }
        })?;
        self.bulk_job(caller, id)
    }

    /// When the next slice is due.
    pub(crate) fn next_bulk_slice(&self) -> Result<Option<Millis>, Refusal> {
        let due = store::number(&*self.ports.sql, "SELECT coalesce(min(due_at), 0) FROM bulk_jobs", &[])?;
        Ok(Some(due).filter(|at| *at > 0))
    }

    /// One slice of the oldest job that is due.
    ///
    /// 1. Look at the next ids, not too many.
    /// 2. Change those that fit.
    /// 3. Note how far it came.
    pub(crate) fn work_bulk(&self) -> Result<(), Refusal> {
        let now = self.now();
        let due: Option<Due> = store::row(&*self.ports.sql, DUE, &[now.into()])?;
        let Some(job) = due else { return Ok(()) };
        let end = self.ports.sql.texts(
            &format!(
                "SELECT id FROM deliveries WHERE id > ?1 AND id < ?2 ORDER BY id LIMIT 1 OFFSET {WINDOW}"
            ),
            &[job.after.as_str().into(), job.until.as_str().into()],
        )?;
        let end = end.into_iter().next();
        let scope = Scope { filter: job.chosen.filter, company: job.company, ids: job.chosen.ids };
        let (conditions, mut params) = scope.conditions()?;
        let at = params.len();
        params.extend([job.after.into(), Value::from(end.as_deref().unwrap_or(&job.until))]);
        let ids = self.ports.sql.texts(
            &format!(
                "SELECT d.id FROM deliveries d WHERE {conditions} AND {} AND d.id > ?{} AND d.id <= ?{} ORDER BY d.id LIMIT {SLICE}",
                scope.changeable(job.action),
                at + 1,
                at + 2
            ),
            &params,
        )?;
        let full = ids.len() == SLICE;
        let after = if full { ids.last().cloned() } else { end };
        let list = serde_json::to_string(&ids)?;
        let fallbacks = resend_fallbacks(&self.connected_channels()?);
        let ended = after.is_none();
        self.ports.sql.atomically(&mut || {
            let changed = match job.action {
                BulkAction::Resend => self
                    .ports
                    .sql
                    .exec(super::RESEND, &[list.as_str().into(), now.into(), fallbacks.as_str().into()])?,
                BulkAction::Cancel => self.ports.sql.exec(
                    "UPDATE deliveries SET state = 'cancelled', due_at = NULL, done_at = ?2 \
                     WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'waiting'",
                    &[list.as_str().into(), now.into()],
                )?,
            };
            self.count_days_again(&list)?;
            self.ports.sql.run(
                "UPDATE bulk_jobs SET changed = changed + ?2, after = coalesce(?3, after), \
                 state = CASE WHEN ?3 IS NULL THEN 'done' ELSE state END, \
                 chosen = CASE WHEN ?3 IS NULL THEN '{}' ELSE chosen END, \
                 due_at = CASE WHEN ?3 IS NOT NULL THEN ?4 END, \
                 finished_at = CASE WHEN ?3 IS NULL THEN ?5 END WHERE id = ?1",
                &[
                    job.id.as_str().into(),
                    i64::try_from(changed).unwrap_or(i64::MAX).into(),
                    after.as_deref().into(),
                    (now + PAUSE).into(),
                    now.into(),
                ],
            )
        })?;
        if !ids.is_empty() {
            self.dispatcher.forget_queue();
        }
        if ended {
            let text = serde_json::to_string(&LiveMessage::Reload)?;
            self.ports.live.publish(Audience::Admins, &text);
            if let Some(company) = scope.company {
                self.ports.live.publish(Audience::Company(company.to_string()), &text);
            }
        }
        Ok(())
    }

    fn bulk_scope(&self, caller: &Caller, request: BulkRequest) -> Result<Scope, Refusal> {
        let company = self.company_of_admin(caller)?;
        let mut problems = Vec::new();
        if request.ids.len() > MAX_CHOSEN {
            problems.push(Error::field(Code::TooMany, "ids").found(MAX_CHOSEN.to_string()));
        }
        if request.filter.q.as_deref().is_some_and(|q| q.chars().count() > 200) {
            problems.push(Error::field(Code::TooLong, "filter.q").found("200"));
        }
        Refusal::unless_empty(problems)?;
        Ok(Scope { filter: request.filter, company, ids: request.ids })
    }

    fn count_scope(&self, scope: &Scope, action: BulkAction) -> Result<BulkCount, Refusal> {
        let (conditions, params) = scope.conditions()?;
        let changeable = scope.changeable(action);
        let counted = store::row(
            &*self.ports.sql,
            &format!(
                "SELECT json_object('chosen', count(*), 'matching', coalesce(sum({changeable}), 0), \
                 'uncertain', coalesce(sum({changeable} AND d.state = 'uncertain'), 0)) \
                 FROM deliveries d WHERE {conditions}"
            ),
            &params,
        )?;
        Ok(counted.unwrap_or_default())
    }
}

impl Scope {
    /// What the action changes. Of what neither failed nor is uncertain only what was asked for by its state, or by
    /// name.
    fn changeable(&self, action: BulkAction) -> String {
        let asked = self.filter.state.is_some() || !self.ids.is_empty();
        match action {
            BulkAction::Cancel => "d.state = 'waiting'".to_owned(),
            BulkAction::Resend if asked => format!("({NO_RESEND}) IS NULL"),
            BulkAction::Resend => format!("d.state IN ('failed', 'uncertain') AND ({NO_RESEND}) IS NULL"),
        }
    }
}

const JOB: &str = "SELECT json_object('id', j.id, 'action', j.action, 'state', j.state, 'total', j.total, \
     'changed', j.changed, 'by', coalesce(m.name, ''), 'created_at', j.created_at, 'finished_at', j.finished_at) \
     FROM bulk_jobs j LEFT JOIN members m ON m.id = j.actor";

const DUE: &str = "SELECT json_object('id', id, 'action', action, 'chosen', json(chosen), 'company', company, \
     'after', after, 'until', until) FROM bulk_jobs WHERE due_at <= ?1 ORDER BY id LIMIT 1";
