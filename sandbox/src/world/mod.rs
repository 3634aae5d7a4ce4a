//! The pure world: people, rooms, bots, mailboxes, limits and faults, and the providers' rules over them.
//!
//! One folder per provider. A provider module gets `&mut World`, a parsed request and the time, and gives a
//! [`Reply`]; faults, the log and the counters are dealt with once, here.

mod act;
mod callbacks;
mod demo;
mod faults;
pub mod google_chat;
mod http;
pub(crate) mod keys;
mod limits;
pub mod line;
pub mod lineworks;
pub mod lineworks_v1;
mod log;
mod mail;
mod people;
pub mod push;
pub mod resend;
mod rng;
pub mod slack;
pub mod smtp;
mod talks;
mod vendor_keys;
mod view;

use std::collections::BTreeMap;

pub use act::{ActError, Pressed};
pub use callbacks::{Callback, CallbackAnswer, NoReply};
pub use faults::{Fault, FaultKind, FaultTarget, FaultWhen, Faults};
pub use http::{Reply, Request};
pub use keys::{KeyError, Keys};
pub use limits::{Limits, Minute};
pub use log::{Log, LogEntry};
pub use mail::{Mail, Mailbox, Via};
pub use people::{Domain, Person, Room};
pub use talks::{Author, Button, Mention, Message, Talk, TalkId};

use crate::contract::Violation;
use lineworks::{App, Bot};
use rng::Rng;

/// Which provider's door a request knocks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// `https://auth.worksmobile.com`
    LineWorksAuth,
    /// `https://www.worksapis.com` with paths under `/v1.0`
    LineWorksApi,
    /// `https://apis.worksmobile.com`: API 1.0
    LineWorksV1,
    /// `https://chat.googleapis.com`
    GoogleChat,
    /// `https://oauth2.googleapis.com`
    GoogleOauth,
    /// `https://www.googleapis.com`: the keys that Google signs with
    GoogleCerts,
    /// `https://api.resend.com`
    Resend,
    /// `https://access.line.me`: pages that people see, and the page that adds a friend.
    LineAccess,
    /// `https://api.line.me`
    LineApi,
    /// The push service of a browser, `https://fcm.googleapis.com` with paths under `/wp`
    Push,
    /// `https://slack.com`, and `https://hooks.slack.com` with paths under `/actions`
    Slack,
}

/// What the world does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A reply, `after_ms` milliseconds later.
    Reply { reply: Reply, after_ms: u64 },
    /// Never answers; `accepted` says whether the world took it.
    Silence { accepted: bool },
}

/// The whole make-believe world.
#[derive(Debug, Clone)]
pub struct World {
    /// Injected misbehaviour; settable at any time.
    pub faults: Faults,
    /// Rate limits; settable at any time.
    pub limits: Limits,
    /// How SMTP sessions opened from now on behave.
    pub smtp_options: smtp::Options,
    /// Messages kept per talk and mails per mailbox; the oldest go first. Unlimited unless set.
    pub retention: usize,
    pub(crate) keys: Keys,
    pub(crate) rng: Rng,
    /// Grows with every change; the phones page asks for what changed since.
    pub(crate) version: u64,
    /// The version at which this world began; pages forget what they knew when it changes.
    pub(crate) born: u64,
    pub(crate) people: Vec<Person>,
    pub(crate) domains: BTreeMap<i64, Domain>,
    pub(crate) rooms: BTreeMap<String, Room>,
    pub(crate) app: App,
    pub(crate) v1: lineworks_v1::Tenant,
    pub(crate) google_chat: google_chat::GoogleChat,
    pub(crate) bots: BTreeMap<i64, Bot>,
    pub(crate) talks: BTreeMap<TalkKey, Talk>,
    /// LINE WORKS calendars by userId.
    pub(crate) calendars: BTreeMap<String, lineworks::calendar::Calendar>,
    pub(crate) mailboxes: BTreeMap<String, Mailbox>,
    pub(crate) push: push::PushService,
    pub(crate) resend: resend::Memory,
    pub(crate) line: line::Line,
    pub(crate) slack: slack::Slack,
    pub(crate) log: Log,
    /// Set while a "200 and drop" fault is being served.
    pub(crate) dropping: bool,
    pub(crate) mail_numbers: u64,
    pub(crate) bots_made: usize,
    callback_numbers: u64,
    callbacks_due: Vec<Callback>,
    callbacks_taken: Vec<Callback>,
    /// Callbacks to be made later, with their times.
    callbacks_later: Vec<(i64, Callback)>,
    violations: Vec<Violation>,
}

/// Where a talk is kept: a 1:1 talk belongs to a person and a bot, a room to everyone in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TalkKey {
    OneToOne { user: String, bot: i64 },
    Room { channel: String },
}

impl World {
    /// One request at one provider's door, at a given time.
    pub fn http(&mut self, face: Face, request: &Request, now_ms: i64) -> Answer {
        let operation = match face {
            Face::LineWorksAuth => lineworks::auth::operation(request),
            Face::LineWorksApi => lineworks::operation(request),
            Face::LineWorksV1 => lineworks_v1::operation(request),
            Face::GoogleChat => google_chat::operation(request),
            Face::GoogleOauth => google_chat::oauth::operation(request),
            Face::GoogleCerts => google_chat::certs_operation(request),
            Face::Resend => resend::operation(request),
            Face::Push => push::operation(request),
            Face::LineAccess => line::access::operation(request),
            Face::LineApi => line::operation(request),
            Face::Slack => slack::operation(request),
        };
        self.tick(now_ms);
        let fault = match face {
            Face::Resend => self.faults.pick_resend(),
            Face::Push => self.faults.pick_push(),
            Face::LineWorksV1 => self.faults.pick_lineworks_v1(operation, operation == "push"),
            // Its token comes from the same host as those of API 2.0.
            Face::LineWorksAuth if operation == lineworks::auth::SERVER_TOKEN => {
                self.faults.pick_lineworks_v1("token", false)
            }
            Face::GoogleChat | Face::GoogleOauth | Face::GoogleCerts => {
                self.faults.pick_google_chat(operation, google_chat::delivers(operation))
            }
            Face::LineAccess | Face::LineApi => self.faults.pick_line(operation, line::delivers(operation)),
            Face::Slack => self.faults.pick_slack(operation, slack::delivers(operation)),
            _ => self.faults.pick_lineworks(operation, lineworks::delivers(operation)),
        };
        let answer = match fault {
            Some(FaultKind::TooManyRequests) => {
                Answer::Reply { reply: too_many(face, self, operation, now_ms), after_ms: 0 }
            }
            Some(FaultKind::ServerError { status }) => {
                Answer::Reply { reply: server_error(face, self, status), after_ms: 0 }
            }
            Some(FaultKind::MonthlyLimit) => {
                let reply = match face {
                    Face::LineApi => line::error(self, 429, line::MONTHLY_LIMIT),
                    _ => too_many(face, self, operation, now_ms),
                };
                Answer::Reply { reply, after_ms: 0 }
            }
            Some(FaultKind::TimeoutBefore) => Answer::Silence { accepted: false },
            Some(FaultKind::TimeoutAfter) => {
                let reply = self.serve(face, request, now_ms, 0);
                // Slack refuses with a 200 too.
                let refused = face == Face::Slack && !slack::accepted(&reply);
                Answer::Silence { accepted: reply.status < 300 && !refused }
            }
            Some(FaultKind::Drop) => {
                self.dropping = true;
                let reply = self.serve(face, request, now_ms, 0);
                self.dropping = false;
                Answer::Reply { reply, after_ms: 0 }
            }
            Some(FaultKind::Slow { ms }) => {
                Answer::Reply { reply: self.serve(face, request, now_ms, ms), after_ms: ms }
            }
            None => Answer::Reply { reply: self.serve(face, request, now_ms, 0), after_ms: 0 },
        };
        let (status, bytes_out) = match &answer {
            Answer::Reply { reply, .. } => (Some(reply.status), reply.body.len()),
            Answer::Silence { .. } => (None, 0),
        };
        self.log.add(LogEntry {
            no: 0,
            at: now_ms,
            face: face_name(face),
            operation,
            method: request.method.clone(),
            path: request.path.clone(),
            status,
            bytes_in: request.body.len(),
            bytes_out,
            fault: fault.map(FaultKind::name),
        });
        self.touch();
        answer
    }

    /// A new SMTP connection to the world's mail server.
    #[must_use]
    pub fn smtp(&self) -> smtp::Session {
        smtp::Session::new(self.smtp_options)
    }

    /// Everything in one mailbox, oldest first; nothing for an address that never got a mail.
    #[must_use]
    pub fn mails(&self, address: &str) -> Vec<&Mail> {
        self.mailboxes
            .get(&address.to_lowercase())
            .map(|mailbox| mailbox.mails.iter().map(AsRef::as_ref).collect())
            .unwrap_or_default()
    }

    /// Every mailbox that exists, by address in lower case.
    pub fn mailboxes(&self) -> impl Iterator<Item = (&str, &Mailbox)> {
        self.mailboxes.iter().map(|(address, mailbox)| (address.as_str(), mailbox))
    }

    /// The messages of one talk as this person sees it, oldest first.
    #[must_use]
    pub fn messages(&self, user: &str, talk: &TalkId) -> &[Message] {
        self.talk_key(user, talk)
            .and_then(|key| self.talks.get(&key))
            .map_or(&[], |talk| talk.messages.as_slice())
    }

    /// The people, in their fixed order. The first is the bot administrator of the demo world.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The rooms by channelId.
    #[must_use]
    pub fn rooms(&self) -> &BTreeMap<String, Room> {
        &self.rooms
    }

    /// The bots by botId.
    #[must_use]
    pub fn bots(&self) -> &BTreeMap<i64, Bot> {
        &self.bots
    }

    /// The registered client app with its credentials.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Google Chat of the same people.
    #[must_use]
    pub fn google_chat(&self) -> &google_chat::GoogleChat {
        &self.google_chat
    }

    /// For its switches and its app's key.
    pub fn google_chat_mut(&mut self) -> &mut google_chat::GoogleChat {
        &mut self.google_chat
    }

    /// The tenant's API 1.0 credentials.
    #[must_use]
    pub fn v1(&self) -> &lineworks_v1::Tenant {
        &self.v1
    }

    /// For its quota and its tokens.
    pub fn v1_mut(&mut self) -> &mut lineworks_v1::Tenant {
        &mut self.v1
    }

    /// The key pair that the client app signs with.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Requests so far, with counters.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Grows with every change.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The person with this userId, login ID or name before the `@`.
    #[must_use]
    pub fn person(&self, selector: &str) -> Option<&Person> {
        self.people.iter().find(|person| {
            person.user_id == selector || person.login == selector || person.short_name() == selector
        })
    }

    /// The person that a provider path selects: userId or login ID, never the short name.
    pub(crate) fn member(&self, selector: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.user_id == selector || person.login == selector)
    }

    /// Counts on from an older world's version, so that whoever watched that one sees this one as newer.
    pub(crate) fn continue_from(&mut self, version: u64) {
        self.version = version;
        self.born = self.touch();
    }

    /// Changes what the LINE WORKS app may ask for; tokens that were issued keep what they have.
    pub fn set_app_scopes(&mut self, scopes: Vec<String>) {
        self.app.scopes = scopes;
        self.touch();
    }

    pub(crate) fn touch(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    fn serve(&mut self, face: Face, request: &Request, now_ms: i64, slow_ms: u64) -> Reply {
        match face {
            Face::LineWorksAuth => lineworks::auth::serve(self, request, now_ms),
            Face::LineWorksApi => lineworks::serve(self, request, now_ms),
            Face::LineWorksV1 => lineworks_v1::serve(self, request, now_ms),
            Face::GoogleChat => google_chat::serve(self, request, now_ms),
            Face::GoogleOauth => google_chat::oauth::serve(self, request, now_ms),
            Face::GoogleCerts => google_chat::serve_certs(self, request),
            Face::Resend => resend::serve(self, request, now_ms, slow_ms),
            Face::Push => push::serve(self, request, now_ms),
            Face::LineAccess => line::access::serve(self, request, now_ms),
            Face::LineApi => line::serve(self, request, now_ms),
            Face::Slack => slack::serve(self, request, now_ms),
        }
    }
}

/// The name of a face in the log and the counters.
#[must_use]
pub fn face_name(face: Face) -> &'static str {
    match face {
        Face::LineWorksAuth => "lineworks-auth",
        Face::LineWorksApi => "lineworks",
        Face::LineWorksV1 => "lineworks-v1",
        Face::GoogleChat => "google-chat",
        Face::GoogleOauth => "google-oauth",
        Face::GoogleCerts => "google-certs",
        Face::Resend => "resend",
        Face::Push => "push",
        Face::LineAccess => "line-access",
        Face::LineApi => "line",
        Face::Slack => "slack",
    }
}

fn too_many(face: Face, world: &mut World, operation: &str, now_ms: i64) -> Reply {
    match face {
        Face::Resend => resend::rate_limited(world, now_ms),
        Face::Push => push::error(429, "too many requests"),
        Face::LineWorksV1 => lineworks_v1::rate_limited(),
        Face::GoogleChat | Face::GoogleOauth | Face::GoogleCerts => google_chat::rate_limited(),
        Face::LineAccess | Face::LineApi => line::error(world, 429, line::RATE_LIMIT),
        // The seconds that tests and people can wait for.
        Face::Slack => slack::rate_limited(1),
        _ => lineworks::rate_limited(world, operation, now_ms),
    }
}

fn server_error(face: Face, world: &mut World, status: u16) -> Reply {
    match face {
        Face::LineAccess | Face::LineApi => line::error(world, status, "Internal server error"),
        Face::Slack => slack::server_error(status),
        Face::Push => push::error(status, "internal error"),
        Face::Resend => resend::error(status, "internal_server_error", "An unexpected error occurred."),
        Face::LineWorksV1 => lineworks_v1::server_error(status),
        Face::GoogleChat | Face::GoogleOauth | Face::GoogleCerts => google_chat::server_error(status),
        _ if status == 503 => lineworks::error(503, "SERVICE_UNAVAILABLE", "Service unavailable"),
        _ => lineworks::error(status, "INTERNAL_SERVER_ERROR", "Internal server error"),
    }
}
