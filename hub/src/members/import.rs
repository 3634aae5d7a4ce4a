//! Files of people: kept as a draft in slices of rows, then worked one slice at a time. A slice and what is said
//! of it are one burst, so that a crash neither loses a row nor does one twice.

use serde::Deserialize;
use shared::{
    api::{
        auth::Role,
        live::LiveMessage,
        member_imports::{Checked, Import, ImportState, NewImport, Row, RowOutcome, RowResult, Rows, SLICE},
    },
    error::{Code, Error},
    id::{ImportId, MemberId},
    members_csv::Column,
    time::{DAY, Millis},
};

use super::{
    Reach,
    plan::{Plan, Sheet},
    write,
};
use crate::{http::for_log, hub::Hub, ports::Audience, refusal::Refusal, sessions::Caller, store};

/// A draft that nobody started, and a result that nobody fetched, are forgotten.
const DRAFT_LIFE: Millis = DAY;
const RESULT_LIFE: Millis = 30 * DAY;

const IMPORT: &str = "json_object('id', i.id, 'file', i.file, 'state', i.state, 'total', i.total, \
    'received', i.received, 'done', i.done, 'created', i.created, 'changed', i.changed, 'same', i.same, 'failed', i.failed, \
    'by', coalesce((SELECT m.name FROM members m WHERE m.id = i.actor), ''), 'created_at', i.created_at, 'finished_at', i.finished_at)";

#[derive(Deserialize)]
struct Job {
    id: ImportId,
    actor: String,
    columns: Vec<Column>,
    create_companies: i64,
    total: usize,
    state: ImportState,
}

impl Job {
    fn sheet(&self) -> Sheet {
        Sheet { columns: self.columns.clone(), create_companies: self.create_companies == 1 }
    }
}

impl Hub {
    /// Begins a draft; the caller's last one goes. Errors: those of the form, `not_allowed`.
    pub(crate) fn new_import(&self, caller: &Caller, form: &NewImport) -> Result<Import, Refusal> {
        let actor = caller.member()?.id.clone();
        let all = matches!(self.reach(caller)?, Reach::All);
        Refusal::unless_empty(form.problems())?;
        if form.create_companies && !all {
            return Err(Error::field(Code::NotAllowed, "create_companies").into());
        }
        let now = self.now();
        let id = ImportId::new(now, self.random());
        let columns = serde_json::to_string(&form.columns)?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run(
                "DELETE FROM imports WHERE state = 'draft' AND (actor = ?1 OR created_at < ?2) OR state <> 'running' AND created_at < ?3",
                &[actor.as_str().into(), (now - DRAFT_LIFE).into(), (now - RESULT_LIFE).into()],
            )?;
            self.ports.sql.run(
                "INSERT INTO imports (id, actor, file, columns, create_companies, state, total, created_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, 'draft', ?6, ?7)",
                &[
                    id.as_str().into(),
                    actor.as_str().into(),
                    form.file.as_str().into(),
                    columns.as_str().into(),
                    form.create_companies.into(),
                    i64::from(form.total).into(),
                    now.into(),
                ],
            )
        })?;
        self.import(caller, &id)
    }

    /// Keeps rows of the caller's draft and says what would become of them. Errors: `not_found`, `required`,
    /// `too_many`, also for more than the file was said to have, `changed_meanwhile` when it is no draft any more.
    pub(crate) fn check_rows(&self, caller: &Caller, id: &ImportId, rows: &Rows) -> Result<Checked, Refusal> {
        let job = self.begun_job(caller, id)?;
        if job.state != ImportState::Draft {
            return Err(Code::ChangedMeanwhile.into());
        }
        let first = rows.rows.first().ok_or_else(|| Error::field(Code::Required, "rows"))?;
        if rows.rows.len() > SLICE {
            return Err(Error::field(Code::TooMany, "rows").found(SLICE.to_string()).into());
        }
        let others = store::number(
            &*self.ports.sql,
            "SELECT coalesce(sum(count), 0) FROM import_slices WHERE import = ?1 AND first <> ?2",
            &[id.as_str().into(), i64::from(first.line).into()],
        )?;
        if usize::try_from(others).unwrap_or_default() + rows.rows.len() > job.total {
            return Err(Error::field(Code::TooMany, "rows").found(job.total.to_string()).into());
        }
        let plan = self.plan_import(caller, &job.sheet(), &rows.rows)?;
        // What does not fit is refused when its turn comes, too: only that there was such a line is kept.
        let kept: Vec<Row> = rows
            .rows
            .iter()
            .map(|row| {
                if row.fits(job.columns.len()) {
                    row.clone()
                } else {
                    Row { line: row.line, cells: Vec::new(), twice: row.twice }
                }
            })
            .collect();
        let text = serde_json::to_string(&kept)?;
        let count = i64::try_from(rows.rows.len()).unwrap_or_default();
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run(
                "INSERT INTO import_slices (import, first, rows, count) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (import, first) DO UPDATE SET rows = excluded.rows, count = excluded.count",
                &[id.as_str().into(), i64::from(first.line).into(), text.as_str().into(), count.into()],
            )?;
            self.ports.sql.run(
                "UPDATE imports SET received = (SELECT sum(count) FROM import_slices WHERE import = ?1) WHERE id = ?1",
                &[id.as_str().into()],
            )
        })?;
        let results = plan.results.into_iter().map(|result| {
            // Nobody is there yet.
            let member = result.member.filter(|_| result.outcome != RowOutcome::Created);
            RowResult { member, ..result }
        });
        Ok(Checked {
            rows: results.collect(),
            companies: plan.companies.into_iter().map(|(_, name)| name).collect(),
        })
    }

    /// Sets the caller's draft going. Errors: `not_found`, `changed_meanwhile`, `required` while rows are missing.
    pub(crate) async fn start_import(&self, caller: &Caller, id: &ImportId) -> Result<Import, Refusal> {
        let job = self.begun_job(caller, id)?;
        let import = self.import(caller, id)?;
        if job.state != ImportState::Draft {
            return Err(Code::ChangedMeanwhile.into());
        }
        if import.received != import.total {
            return Err(Error::field(Code::Required, "rows").found(import.received.to_string()).into());
        }
        // Before the write: what is due without an alarm would be forgotten in a crash.
        self.arm(self.now()).await?;
        self.ports.sql.atomically(&mut || {
            self.ports
                .sql
                .run("UPDATE imports SET state = 'running' WHERE id = ?1", &[id.as_str().into()])?;
            self.audit(caller, "members.import_started", id.as_str(), &import.total.to_string())
        })?;
        self.errand_waits();
        self.import(caller, id)
    }

    /// Takes a draft away; stops one that runs, whose changes so far stay. Errors: `not_found`.
    pub(crate) fn stop_import(&self, caller: &Caller, id: &ImportId) -> Result<(), Refusal> {
        let job = self.own_job(caller, id)?;
        match job.state {
            ImportState::Draft => {
                self.ports.sql.run("DELETE FROM imports WHERE id = ?1", &[id.as_str().into()])?;
            }
            ImportState::Running => self.end_import(&job, ImportState::Stopped)?,
            ImportState::Done | ImportState::Stopped | ImportState::Failed => {}
        }
        Ok(())
    }

    /// The last imports, newest first; a company admin's own.
    pub(crate) fn list_imports(&self, caller: &Caller) -> Result<Vec<Import>, Refusal> {
        let own = self.own_imports(caller)?;
        store::rows(
            &*self.ports.sql,
            &format!(
                "SELECT {IMPORT} FROM imports i WHERE i.state <> 'draft' AND (?1 IS NULL OR i.actor = ?1) ORDER BY i.id DESC LIMIT 20"
            ),
            &[own.into()],
        )
    }

    /// Errors: `not_found`.
    pub(crate) fn import(&self, caller: &Caller, id: &ImportId) -> Result<Import, Refusal> {
        let own = self.own_imports(caller)?;
        store::row(
            &*self.ports.sql,
            &format!("SELECT {IMPORT} FROM imports i WHERE i.id = ?1 AND (?2 IS NULL OR i.actor = ?2)"),
            &[id.as_str().into(), own.into()],
        )?
        .ok_or_else(|| Code::NotFound.into())
    }

    /// When the next slice is due: at once, while any import runs.
    pub(crate) fn next_import_slice(&self) -> Result<Option<Millis>, Refusal> {
        let at = store::number(
            &*self.ports.sql,
            "SELECT coalesce(min(created_at), 0) FROM imports WHERE state = 'running'",
            &[],
        )?;
        Ok(Some(at).filter(|at| *at > 0))
    }

    /// Works one slice of the oldest import that runs. What goes wrong ends that import and nothing else.
    pub(crate) fn work_import(&self) -> Result<(), Refusal> {
        let job: Option<Job> =
            store::row(&*self.ports.sql, &format!("{JOB} WHERE state = 'running' ORDER BY id LIMIT 1"), &[])?;
        let Some(job) = job else { return Ok(()) };
        if let Err(refusal) = self.work_slice(&job) {
            self.ports.log.line(&format!("import {}: {}", job.id, for_log(&refusal)));
            self.end_import(&job, ImportState::Failed)?;
        }
        Ok(())
    }

    fn work_slice(&self, job: &Job) -> Result<(), Refusal> {
        #[derive(Deserialize)]
        struct Slice {
            first: i64,
            rows: Vec<Row>,
        }
        let slice: Option<Slice> = store::row(
            &*self.ports.sql,
            "SELECT json_object('first', first, 'rows', json(rows)) FROM import_slices \
             WHERE import = ?1 AND result IS NULL ORDER BY first LIMIT 1",
            &[job.id.as_str().into()],
        )?;
        let Some(slice) = slice else { return self.end_import(job, ImportState::Done) };
        // What whoever started it may do now, which may be less than then.
        let actor = self.member_for_sign_in("id", &job.actor)?.ok_or(Code::NotAllowed)?;
        let plan = self.plan_import(&Caller::Member(actor), &job.sheet(), &slice.rows)?;
        let people = write::entries(plan.people.iter().map(|(id, form)| (id, form)))?;
        let companies = serde_json::to_string(&plan.companies)?;
        let results = serde_json::to_string(&plan.results)?;
        let counts = Counts::of(&plan);
        let notable = notable(&plan);
        self.ports.sql.atomically(&mut || {
            let sql = &*self.ports.sql;
            sql.run(
                "INSERT INTO companies (id, name, created_at) SELECT c.value ->> 0, c.value ->> 1, ?2 FROM json_each(?1) c",
                &[companies.as_str().into(), self.now().into()],
            )?;
            if !plan.people.is_empty() {
                self.write_members(&people)?;
            }
            for (id, action, fields) in &notable {
                self.audit_as(&job.actor, action, id.as_str(), fields)?;
            }
            sql.run(
                "UPDATE import_slices SET rows = '', result = ?3 WHERE import = ?1 AND first = ?2",
                &[job.id.as_str().into(), slice.first.into(), results.as_str().into()],
            )?;
            sql.run(
                "UPDATE imports SET done = done + ?2, created = created + ?3, changed = changed + ?4, same = same + ?5, \
                 failed = failed + ?6 WHERE id = ?1",
                &[
                    job.id.as_str().into(),
                    counts.all.into(),
                    counts.created.into(),
                    counts.changed.into(),
                    counts.same.into(),
                    counts.failed.into(),
                ],
            )
        })?;
        for (id, ..) in &notable {
            self.close_pages(id.as_str());
        }
        self.tell_import(job)
    }

    /// How far it is, to the pages of whoever began it.
    fn tell_import(&self, job: &Job) -> Result<(), Refusal> {
        if !self.ports.live.anyone() {
            return Ok(());
        }
        let import: Option<Import> = store::row(
            &*self.ports.sql,
            &format!("SELECT {IMPORT} FROM imports i WHERE i.id = ?1"),
            &[job.id.as_str().into()],
        )?;
        if let Some(import) = import {
            let text = serde_json::to_string(&LiveMessage::Import(Box::new(import)))?;
            self.ports.live.publish(Audience::Member(job.actor.clone()), &text);
        }
        Ok(())
    }

    /// Rows that were not worked on go; results stay.
    fn end_import(&self, job: &Job, state: ImportState) -> Result<(), Refusal> {
        let counts = self.ports.sql.texts(
            "SELECT created || ' created, ' || changed || ' changed, ' || failed || ' refused' FROM imports WHERE id = ?1",
            &[job.id.as_str().into()],
        )?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run(
                "DELETE FROM import_slices WHERE import = ?1 AND result IS NULL",
                &[job.id.as_str().into()],
            )?;
            self.ports.sql.run(
                "UPDATE imports SET state = ?2, finished_at = ?3 WHERE id = ?1",
                &[job.id.as_str().into(), state.code().into(), self.now().into()],
            )?;
            let detail = counts.first().map(String::as_str).unwrap_or_default();
            self.audit_as(&job.actor, "members.imported", job.id.as_str(), detail)
        })?;
        self.tell_import(job)?;
        // Whatever lists people loads again.
        self.ports.live.publish(Audience::Admins, &serde_json::to_string(&LiveMessage::Reload)?);
        Ok(())
    }

    /// `None`: all of them.
    fn own_imports(&self, caller: &Caller) -> Result<Option<String>, Refusal> {
        Ok(match self.reach(caller)? {
            Reach::All => None,
            Reach::Company(_) => Some(caller.id().to_owned()),
        })
    }

    /// Only whoever began it says what is in it: its rows are worked on with that person's rights.
    fn begun_job(&self, caller: &Caller, id: &ImportId) -> Result<Job, Refusal> {
        let job = self.own_job(caller, id)?;
        if job.actor == caller.id() { Ok(job) } else { Err(Code::NotFound.into()) }
    }

    fn own_job(&self, caller: &Caller, id: &ImportId) -> Result<Job, Refusal> {
        self.import(caller, id)?;
        store::row(&*self.ports.sql, &format!("{JOB} WHERE id = ?1"), &[id.as_str().into()])?
            .ok_or_else(|| Code::NotFound.into())
    }
}

const JOB: &str = "SELECT json_object('id', id, 'actor', actor, 'columns', json(columns), \
    'create_companies', create_companies, 'total', total, 'state', state) FROM imports";

/// Whom the audit names one by one: who may do more or less than before, or belongs elsewhere.
fn notable(plan: &Plan) -> Vec<(&MemberId, &'static str, String)> {
    let mut notable = Vec::new();
    for (id, form) in &plan.people {
        let result = plan.results.iter().find(|result| result.member.as_ref() == Some(id));
        let fields = result.map(|result| result.fields.as_slice()).unwrap_or_default();
        if result.is_some_and(|result| result.outcome == RowOutcome::Created) {
            if form.role > Role::Member {
                notable.push((id, "member.created", String::new()));
            }
        } else if fields.iter().any(|field| NOTABLE.contains(&field.as_str())) {
            notable.push((id, "member.changed", fields.join(", ")));
        }
    }
    notable
}

const NOTABLE: [&str; 4] = ["role", "usable", "login_email", "company"];

struct Counts {
    all: i64,
    created: i64,
    changed: i64,
    same: i64,
    failed: i64,
}

impl Counts {
    fn of(plan: &Plan) -> Self {
        let count = |counted: &dyn Fn(&RowResult) -> bool| {
            i64::try_from(plan.results.iter().filter(|result| counted(result)).count()).unwrap_or_default()
        };
        let of = |outcome| count(&|result| result.outcome == outcome);
        Self {
            all: count(&|_| true),
            created: of(RowOutcome::Created),
            changed: of(RowOutcome::Changed),
            same: of(RowOutcome::Same),
            failed: of(RowOutcome::Failed),
        }
    }
}
