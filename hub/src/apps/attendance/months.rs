//! Changing months: corrections with a reason, submitting, sending back.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::{
        attendance::{CorrectionRequest, MonthSheet, MonthState, SendBackRequest, SubmitRequest},
        events::{EventRequest, Recipient},
        members::Member,
    },
    attendance::{
        Day, Month, Punch, PunchKind,
        sheet::{self, Taken},
    },
    channel::Channel,
    error::{Code, Error},
    id::MemberId,
    lang::Lang,
    time::{DAY, Millis},
};

use crate::{http::for_log, hub::Hub, ports::SqlError, refusal::Refusal, sessions::Caller, store};

#[derive(Deserialize)]
struct Row {
    at: Millis,
    kind: PunchKind,
    day: Day,
    channel: Option<Channel>,
}

impl Hub {
    /// Replaces the punches of a day. What was there stays on the sheet as what the correction found. Errors:
    /// those of the form, `month_submitted`, `changed_meanwhile`, `punches_do_not_fit`, `not_allowed`.
    pub(crate) async fn correct_attendance(
        self: &Rc<Self>,
        caller: &Caller,
        member: Option<&MemberId>,
        month: Month,
        mut request: CorrectionRequest,
    ) -> Result<MonthSheet, Refusal> {
        let subject = self.attendance_subject(caller, member)?;
        request.clean();
        let punches = request.punches().map_err(Refusal::Because)?;
        let day = request.day;
        if day.month() != month {
            return Err(Error::field(Code::PunchesDoNotFit, "day").into());
        }
        self.check_open(&subject.id, month, request.version.as_deref())?;
        let (before, others) = self.punches_of_day(&subject.id, day)?;
        if let Err(index) = sheet::fit(day, &punches, &others) {
            return Err(Error::field(Code::PunchesDoNotFit, format!("punches[{index}]")).into());
        }
        let before: Vec<Punch> = before.iter().map(|one| one.punch).collect();
        let (before, after) = (
            serde_json::to_string(&sheet::timed(day, &before))?,
            serde_json::to_string(&sheet::timed(day, &punches))?,
        );
        let actor = caller.member()?.id.clone();
        let last = store::number(
            &*self.ports.sql,
            "SELECT coalesce(max(at), 0) FROM attendance_corrections WHERE member = ?1 AND day = ?2",
            &[subject.id.as_str().into(), day.to_string().into()],
        )?;
        self.ports.sql.atomically(&mut || {
            let sql = &*self.ports.sql;
            // What was refused around that day goes too: the day is as somebody said that it was.
            sql.exec(
                "DELETE FROM attendance_punches WHERE member = ?1 AND (day = ?2 OR day IS NULL) AND at >= ?3 AND at < ?4",
                &[
                    subject.id.as_str().into(),
                    day.to_string().into(),
                    day.start().into(),
                    (day.start() + 2 * DAY).into(),
                ],
            )?;
            for punch in &punches {
                self.write_punch(&subject.id, *punch, Some(day), None)?;
            }
            sql.exec(
                "INSERT INTO attendance_corrections (member, day, at, actor, reason, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                &[
                    subject.id.as_str().into(),
                    day.to_string().into(),
                    self.now().max(last + 1).into(),
                    actor.as_str().into(),
                    request.reason.as_str().into(),
                    before.as_str().into(),
                    after.as_str().into(),
                ],
            )?;
            self.audit(caller, "attendance.corrected", subject.id.as_str(), &day.to_string())
        })?;
        if actor != subject.id {
            let title = match subject.language {
                Lang::Ja => format!("{}の打刻が修正されました", day.name(Lang::Ja)),
                Lang::En => format!("Your punches of {} were corrected", day.name(Lang::En)),
            };
            self.tell(caller, &subject.id, "attendance.corrected", title, &request.reason).await;
        }
        self.month_sheet(&subject.id, month)
    }

    /// Submits a month: from now on nothing is punched into it. Errors: `month_submitted`, `month_not_begun`,
    /// `changed_meanwhile`, `not_allowed`.
    pub(crate) fn submit_attendance(
        &self,
        caller: &Caller,
        member: Option<&MemberId>,
        month: Month,
        request: &SubmitRequest,
    ) -> Result<MonthSheet, Refusal> {
        let subject = self.attendance_subject(caller, member)?;
        if month.start() > self.now() {
            return Err(Code::MonthNotBegun.into());
        }
        self.check_open(&subject.id, month, request.version.as_deref())?;
        self.ports.sql.atomically(&mut || {
            self.set_month(caller, &subject.id, month, MonthState::Submitted, "")?;
            self.audit(caller, "attendance.submitted", subject.id.as_str(), &month.to_string())
        })?;
        self.month_sheet(&subject.id, month)
    }

    /// Opens a submitted month again, and tells the person why. For admins and the company's admins. Errors:
    /// `required`, `too_long`, `month_not_submitted`, `not_allowed`.
    pub(crate) async fn send_attendance_back(
        self: &Rc<Self>,
        caller: &Caller,
        member: Option<&MemberId>,
        month: Month,
        mut request: SendBackRequest,
    ) -> Result<MonthSheet, Refusal> {
        let subject = self.attendance_subject(caller, member)?;
        let actor = caller.member()?.id.clone();
        // Not by those who submitted it themselves, unless nobody stands above them.
        if actor == subject.id {
            caller.require_admin()?;
        }
        request.clean();
        Refusal::unless_empty(request.problems())?;
        if !self.month_is_submitted(&subject.id, month)? {
            return Err(Code::MonthNotSubmitted.into());
        }
        self.ports.sql.atomically(&mut || {
            self.set_month(caller, &subject.id, month, MonthState::SentBack, &request.reason)?;
            self.audit(caller, "attendance.sent_back", subject.id.as_str(), &month.to_string())
        })?;
        if actor != subject.id {
            let title = match subject.language {
                Lang::Ja => format!("{}の勤怠が差し戻されました", month.name(Lang::Ja)),
                Lang::En => format!("{} was sent back", month.name(Lang::En)),
            };
            self.tell(caller, &subject.id, "attendance.month_sent_back", title, &request.reason).await;
        }
        self.month_sheet(&subject.id, month)
    }

    /// Whose month is to be changed: the caller's own, or that of somebody whom the caller may handle. Keys
    /// change nothing.
    fn attendance_subject(&self, caller: &Caller, member: Option<&MemberId>) -> Result<Member, Refusal> {
        let own = caller.member()?;
        match member {
            Some(id) if *id != own.id => self.editable_member(caller, id),
            _ => self.member(&own.id),
        }
    }

    fn check_open(&self, member: &MemberId, month: Month, version: Option<&str>) -> Result<(), Refusal> {
        if self.month_is_submitted(member, month)? {
            return Err(Code::MonthSubmitted.into());
        }
        match version {
            Some(version) if self.month_sheet(member, month)?.version != version => {
                Err(Code::ChangedMeanwhile.into())
            }
            _ => Ok(()),
        }
    }

    /// What was taken for the day, and for the days around it.
    fn punches_of_day(&self, member: &MemberId, day: Day) -> Result<(Vec<Taken>, Vec<Taken>), Refusal> {
        let rows: Vec<Row> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('at', at, 'kind', kind, 'day', day, 'channel', channel) FROM attendance_punches \
             WHERE member = ?1 AND at >= ?2 AND at < ?3 AND day IS NOT NULL ORDER BY at",
            &[member.as_str().into(), (day.start() - 2 * DAY).into(), (day.start() + 4 * DAY).into()],
        )?;
        let all = rows.into_iter().map(|row| Taken {
            punch: Punch { at: row.at, kind: row.kind },
            day: row.day,
            channel: row.channel,
        });
        let (own, mut others): (Vec<Taken>, Vec<Taken>) = all.partition(|one| one.day == day);
        // Without its beginning, a shift would be out of order: the first one may be cut off.
        let whole = others.iter().position(|one| one.punch.kind == PunchKind::ClockIn);
        others.drain(..whole.unwrap_or(others.len()));
        Ok((own, others))
    }

    /// Within a burst.
    fn set_month(
        &self,
        caller: &Caller,
        member: &MemberId,
        month: Month,
        state: MonthState,
        reason: &str,
    ) -> Result<(), SqlError> {
        self.ports.sql.run(
            "INSERT INTO attendance_months (member, month, state, changed_at, changed_by, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (member, month) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at, \
             changed_by = excluded.changed_by, reason = excluded.reason",
            &[
                member.as_str().into(),
                month.to_string().into(),
                state.code().into(),
                self.now().into(),
                caller.id().into(),
                reason.into(),
            ],
        )
    }

    /// A notice to the person. What it is about is written already, so that a notice that cannot be made is no
    /// refusal.
    async fn tell(
        self: &Rc<Self>,
        caller: &Caller,
        member: &MemberId,
        kind: &str,
        title: String,
        reason: &str,
    ) {
        let to = vec![Recipient::Member(member.to_string())];
        let request = EventRequest::new(kind, to, title, reason.to_owned());
        if let Err(refusal) = self.submit_event(caller.id(), None, request, b"").await {
            self.ports.log.line(&format!("attendance: {kind}: {}", for_log(&refusal)));
        }
    }
}
