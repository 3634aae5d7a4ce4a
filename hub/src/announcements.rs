//! お知らせ: an admin writes to people by hand. What is sent is an event like any other, of the kind
//! `todoke.announcement`; kept beside it is only who wrote it, for whom, and whether it was stopped.

use std::rc::Rc;

use shared::{
    api::{
        announcements::{
            AnnouncementForm, Content, KIND, Previews, Reach, ReachRequest, StoppedAnnouncement,
        },
        deliveries::Preview,
        events::{Accepted, EventRequest, Recipient},
    },
    channel::Channel,
    error::{Code, Error},
    id::{CompanyId, EventId},
    lang::Lang,
    message::{Context, Message},
    render,
    routing::Urgency,
    time,
};

use crate::{
    audience::Head, events::id_range, hub::Hub, ports::Value, refusal::Refusal, sessions::Caller, store,
};

const PAGE: usize = 20;
/// More would be a list of its own: the form offers companies and everyone.
const MAX_RECIPIENTS: usize = 1_000;

impl Hub {
    /// `POST /api/announcements`: the row as JSON. The form's key makes one event of it however often it is sent.
    pub(crate) async fn announce(
        self: &Rc<Self>,
        caller: &Caller,
        form: AnnouncementForm,
        body: &[u8],
    ) -> Result<String, Refusal> {
        let company = self.company_of_admin(caller)?;
        let mut problems = form.content.problems(self.config.development);
        if !(1..=100).contains(&form.key.len()) || !form.key.bytes().all(|byte| byte.is_ascii_graphic()) {
            problems.push(Error::field(Code::KeyTooLong, "key"));
        }
        let deliver_at = match form.at.as_deref().map(|at| self.local_time(at)).transpose()? {
            Some(None) => {
                problems.push(Error::field(Code::NotATime, "at"));
                None
            }
            Some(Some(at)) if at <= self.now() => {
                problems.push(Error::field(Code::TimePassed, "at"));
                None
            }
            at => at.flatten().map(time::rfc3339),
        };
        problems.extend(recipient_problems(&form.to));
        Refusal::unless_empty(problems)?;
        self.check_own(company.as_ref(), &form.to)?;
        let audience = serde_json::to_string(&form.to)?;
        let key = format!("announcement:{}", form.key);
        let request = request(form.content, form.to, Some(form.urgency), deliver_at);
        let accepted = self.submit_event(caller.id(), Some(&key), request, body).await?;
        // Within the burst that wrote the event: nothing is awaited in between.
        let id = accepted.id;
        self.ports.sql.atomically(&mut || {
            let new = self.ports.sql.exec(
                "INSERT OR IGNORE INTO announcements (event, author, company, audience) VALUES (?1, ?2, ?3, ?4)",
                &[
                    id.as_str().into(),
                    caller.id().into(),
                    company.as_ref().map(CompanyId::as_str).into(),
                    audience.as_str().into(),
                ],
            )?;
            if new == 1 { self.audit(caller, "announcement.sent", id.as_str(), "") } else { Ok(()) }
        })?;
        self.announcement_row(&id)
    }

    /// `POST /api/announcements/reach`.
    pub(crate) fn count_reach(&self, caller: &Caller, request: &ReachRequest) -> Result<Reach, Refusal> {
        let company = self.company_of_admin(caller)?;
        Refusal::unless_empty(recipient_problems(&request.to))?;
        self.check_own(company.as_ref(), &request.to)?;
        let audience = self.find_audience(&request.to)?;
        let kind = self.kind(KIND)?.ok_or(Code::UnknownKind)?;
        let now = self.now();
        // Never written: its id says nothing.
        let event = EventId::new(now, [0; 10]);
        let head = Head { event: &event, kind: &kind, urgency: request.urgency, now, deliver_at: None };
        self.plan(&audience, &head)?.reach()
    }

    /// `POST /api/announcements/preview`: the five messages in the reader's language. Errors: `not_allowed`,
    /// `too_many` fields.
    pub(crate) fn preview_announcement(
        &self,
        caller: &Caller,
        content: Content,
        lang: Lang,
    ) -> Result<Previews, Refusal> {
        self.company_of_admin(caller)?;
        Refusal::unless_empty(content.too_many_fields().into_iter().collect())?;
        // What is too long would be refused when sent; a link that is none is not shown as one.
        let link = content.link.filter(|link| shared::validate::is_link(link, self.config.development));
        let message = Message {
            title: content.title,
            body: content.body,
            link,
            fields: content.fields,
            ..Message::default()
        };
        Ok(Previews { previews: self.five_previews(&message, lang)? })
    }

    /// `POST /api/announcements/test`: to the caller alone, decided like any other notice.
    pub(crate) async fn test_announcement(
        self: &Rc<Self>,
        caller: &Caller,
        content: Content,
    ) -> Result<Accepted, Refusal> {
        self.company_of_admin(caller)?;
        Refusal::unless_empty(content.problems(self.config.development))?;
        let to = vec![Recipient::Member(caller.id().to_owned())];
        let accepted = self.submit_event(caller.id(), None, request(content, to, None, None), b"").await?;
        self.audit(caller, "announcement.tested", accepted.id.as_str(), "")?;
        Ok(accepted)
    }

    /// `GET /api/announcements`: a page as JSON, newest first; those of the own company for its admins.
    pub(crate) fn list_announcements(
        &self,
        caller: &Caller,
        cursor: Option<&str>,
    ) -> Result<String, Refusal> {
        let company = self.company_of_admin(caller)?;
        // `~` sorts behind every id.
        let mut rows = self.ports.sql.texts(
            &format!(
                "{ROW} WHERE a.event < ?2 AND (?3 IS NULL OR a.company = ?3) ORDER BY a.event DESC LIMIT {}",
                PAGE + 1
            ),
            &[
                self.now().into(),
                cursor.unwrap_or("~").into(),
                company.as_ref().map(CompanyId::as_str).into(),
            ],
        )?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let last = rows.last().filter(|_| more);
        let next = last.and_then(|row| serde_json::from_str::<Id>(row).ok()).map(|row| row.id);
        Ok(format!(r#"{{"items":[{}],"next":{}}}"#, rows.join(","), serde_json::to_string(&next)?))
    }

    /// `GET /api/announcements/{id}`, as JSON.
    pub(crate) fn announcement(&self, caller: &Caller, id: &EventId, lang: Lang) -> Result<String, Refusal> {
        self.may_see_announcement(caller, id)?;
        let (from, until) = id_range(id);
        let rest = self
            .ports
            .sql
            .texts(DETAIL, &[id.as_str().into(), from.into(), until.into()])?
            .into_iter()
            .next()
            .ok_or(Code::NotFound)?;
        #[derive(serde::Deserialize)]
        struct Said {
            message: Message,
        }
        let Said { message } = serde_json::from_str(&rest)?;
        let previews = serde_json::to_string(&self.five_previews(&message, lang)?)?;
        let rest = rest.strip_prefix('{').unwrap_or(&rest);
        Ok(format!(r#"{{"row":{},"previews":{previews},{rest}"#, self.announcement_row(id)?))
    }

    /// `POST /api/announcements/{id}/stop`: what has not gone is withdrawn. Again: the same answer. Errors:
    /// `cannot_cancel` when everything has gone.
    pub(crate) fn stop_announcement(
        &self,
        caller: &Caller,
        id: &EventId,
        lang: Lang,
    ) -> Result<StoppedAnnouncement, Refusal> {
        self.may_see_announcement(caller, id)?;
        let (from, until) = id_range(id);
        let sql = &*self.ports.sql;
        let stopped =
            "SELECT coalesce(max(stopped), 0) FROM announcements WHERE event = ?1 AND stopped_at IS NOT NULL";
        let mut cancelled = u64::try_from(store::number(sql, stopped, &[id.as_str().into()])?).unwrap_or(0);
        if cancelled == 0 {
            cancelled = self.cancel_event(id, lang)?.cancelled;
            sql.atomically(&mut || {
                sql.run(
                    "UPDATE announcements SET stopped_at = ?2, stopped = ?3 WHERE event = ?1",
                    &[
                        id.as_str().into(),
                        self.now().into(),
                        i64::try_from(cancelled).unwrap_or(i64::MAX).into(),
                    ],
                )?;
                self.audit(caller, "announcement.stopped", id.as_str(), &cancelled.to_string())
            })?;
        }
        let gone = "SELECT count(*) FROM deliveries WHERE id >= ?1 AND id < ?2 AND state IN ('sending', 'sent', 'uncertain')";
        let gone = store::number(sql, gone, &[from.into(), until.into()])?;
        Ok(StoppedAnnouncement { cancelled, gone: u64::try_from(gone).unwrap_or(0) })
    }

    fn announcement_row(&self, id: &EventId) -> Result<String, Refusal> {
        let rows = self
            .ports
            .sql
            .texts(&format!("{ROW} WHERE a.event = ?2"), &[self.now().into(), Value::from(id.as_str())])?;
        rows.into_iter().next().ok_or_else(|| Code::NotFound.into())
    }

    /// Errors: `not_found`, and `not_allowed` for the announcements of others.
    fn may_see_announcement(&self, caller: &Caller, id: &EventId) -> Result<(), Refusal> {
        let company = self.company_of_admin(caller)?;
        let of = "SELECT coalesce(company, '') FROM announcements WHERE event = ?1";
        let of = self.ports.sql.texts(of, &[id.as_str().into()])?.into_iter().next().ok_or(Code::NotFound)?;
        match company {
            Some(own) if own.as_str() != of => Err(Code::NotAllowed.into()),
            _ => Ok(()),
        }
    }

    /// A company admin writes to the own company and to people of it.
    fn check_own(&self, company: Option<&CompanyId>, to: &[Recipient]) -> Result<(), Refusal> {
        let Some(company) = company else { return Ok(()) };
        let mut problems = Vec::new();
        for (index, recipient) in to.iter().enumerate() {
            let own = match recipient {
                Recipient::Company(id) => id == company.as_str(),
                Recipient::Member(id) => {
                    let own = "SELECT count(*) FROM members WHERE id = ?1 AND company = ?2";
                    store::number(&*self.ports.sql, own, &[id.as_str().into(), company.as_str().into()])? == 1
                }
                Recipient::Email(_) | Recipient::Room(_) | Recipient::Everyone(_) => false,
            };
            if !own {
                problems.push(Error::field(Code::NotAllowed, format!("to[{index}]")));
            }
        }
        Refusal::unless_empty(problems)
    }

    /// `2026-11-30T09:00` where the workspace is; `None` when it is no time.
    fn local_time(&self, at: &str) -> Result<Option<time::Millis>, Refusal> {
        let minutes = self.zone()?.minutes();
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        let whole = at.len() == 16;
        Ok(time::parse_rfc3339(&format!("{at}:00{sign}{hours:02}:{rest:02}")).filter(|_| whole))
    }

    fn five_previews(&self, message: &Message, lang: Lang) -> Result<Vec<Preview>, Refusal> {
        let (kind, workspace) = (self.kind_name(KIND, lang), self.workspace()?.name);
        let context = Context { lang, kind: &kind, workspace: &workspace, ..Context::default() };
        Ok(Channel::ALL
            .into_iter()
            .map(|channel| render::preview(channel, message, &context).into())
            .collect())
    }
}

fn request(
    content: Content,
    to: Vec<Recipient>,
    urgency: Option<Urgency>,
    deliver_at: Option<String>,
) -> EventRequest {
    let Content { title, body, link, fields } = content;
    EventRequest { link, fields, urgency, deliver_at, ..EventRequest::new(KIND, to, title, body) }
}

fn recipient_problems(to: &[Recipient]) -> Vec<Error> {
    let mut problems = Vec::new();
    if to.is_empty() {
        problems.push(Error::field(Code::EmptyAudience, "to"));
    } else if to.len() > MAX_RECIPIENTS {
        problems.push(Error::field(Code::TooMany, "to").found(MAX_RECIPIENTS.to_string()));
    }
    // An address would stay behind when its person is erased.
    for (index, recipient) in to.iter().enumerate() {
        if matches!(recipient, Recipient::Email(_)) {
            problems.push(Error::field(Code::UnknownField, format!("to[{index}].email")));
        }
    }
    problems
}

#[derive(serde::Deserialize)]
struct Id {
    id: String,
}

/// ?1 is now. What is open is looked for once, in the index of open work.
const ROW: &str = "SELECT json_object('id', e.id, 'title', e.message ->> '$.title', 'author', coalesce(m.name, ''), \
     'created_at', e.created_at, 'deliver_at', e.deliver_at, 'state', CASE \
     WHEN a.stopped_at IS NOT NULL OR e.cancelled = 1 THEN 'stopped' \
     WHEN e.id IN (SELECT event FROM deliveries WHERE due_at IS NOT NULL) \
       THEN CASE WHEN e.deliver_at > ?1 THEN 'scheduled' ELSE 'sending' END ELSE 'done' END, \
     'deliveries', e.deliveries, 'skipped', e.skipped, 'stopped', a.stopped) \
     FROM announcements a JOIN events e ON e.id = a.event LEFT JOIN members m ON m.id = a.author";

/// ?1 the event, ?2 and ?3 around its deliveries' ids. `json` around the lists: SQLite forgets that a text is JSON when
/// it comes out of a subquery.
const DETAIL: &str = "WITH named AS (SELECT value FROM json_each((SELECT audience FROM announcements WHERE event = ?1))), \
     people AS (SELECT m.name FROM named JOIN members m ON m.id = named.value ->> '$.member' LIMIT 10), \
     counted AS (SELECT channel, state, count(*) AS number FROM deliveries WHERE id >= ?2 AND id < ?3 GROUP BY channel, state) \
     SELECT json_object('message', json(e.message), \
     'urgency', CASE e.urgency WHEN 0 THEN 'critical' WHEN 1 THEN 'normal' ELSE 'low' END, \
     'audience', json_object('everyone', json(CASE WHEN EXISTS (SELECT 1 FROM named WHERE value ->> '$.everyone' = 1) THEN 'true' ELSE 'false' END), \
     'companies', json((SELECT json_group_array(c.name) FROM named JOIN companies c ON c.id = named.value ->> '$.company')), \
     'rooms', json((SELECT json_group_array(r.name) FROM named JOIN rooms r ON r.id = named.value ->> '$.room')), \
     'members', (SELECT count(*) FROM named WHERE value ->> '$.member' IS NOT NULL), \
     'names', json((SELECT json_group_array(name) FROM people))), \
     'counts', json((SELECT json_group_array(json_object('channel', channel, 'state', state, 'count', number)) FROM counted))) \
     FROM events e WHERE e.id = ?1";
