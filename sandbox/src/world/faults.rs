//! Misbehaviour on demand: the provider is busy, broken, mute, forgetful or slow.

use serde::{Deserialize, Serialize};

use super::rng::Rng;

/// Whom a fault hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "snake_case")]
pub enum FaultTarget {
    /// All of LINE WORKS, or one operation such as `send_user`, `send_channel`, `token`.
    LineWorks {
        #[serde(default)]
        operation: Option<String>,
    },
    Smtp,
    Resend,
    /// The push service of browsers.
    WebPush,
    /// All of LINE WORKS API 1.0, or one operation such as `push`, `token`.
    LineWorksV1 {
        #[serde(default)]
        operation: Option<String>,
    },
    /// All of Google Chat, or one operation such as `create_message`, `update_message`, `token`.
    GoogleChat {
        #[serde(default)]
        operation: Option<String>,
    },
    /// All of Slack, or one operation: a method such as `chat.postMessage`, `oauth.v2.access`, `response_url`.
    Slack {
        #[serde(default)]
        operation: Option<String>,
    },
    /// All of LINE, or one operation such as `push`, `multicast`, `reply`, `token`.
    Line {
        #[serde(default)]
        operation: Option<String>,
    },
}

/// What goes wrong. The SMTP face has its own words for each, see `smtp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// 429, or 421 in SMTP.
    TooManyRequests,
    /// LINE only: 429 as when the month's messages are used up.
    MonthlyLimit,
    /// A 5xx, in Slack with a page of HTML (200: `fatal_error`); in SMTP `status` may be any reply code, and a number of 500 or 503 stands for 451.
    ServerError { status: u16 },
    /// Takes nothing and never answers.
    TimeoutBefore,
    /// Takes it and never answers.
    TimeoutAfter,
    /// Answers well and forgets it.
    Drop,
    /// Answers late, by this many milliseconds.
    Slow { ms: u64 },
}

impl FaultKind {
    /// Its name in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TooManyRequests => "too_many_requests",
            Self::MonthlyLimit => "monthly_limit",
            Self::ServerError { .. } => "server_error",
            Self::TimeoutBefore => "timeout_before",
            Self::TimeoutAfter => "timeout_after",
            Self::Drop => "drop",
            Self::Slow { .. } => "slow",
        }
    }
}

/// How often a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum FaultWhen {
    /// The next `times` matching requests.
    Count { times: u32 },
    /// Every matching request until cleared.
    Always,
    /// Each matching request with this chance in a thousand, by the seeded dice.
    Chance { per_mille: u32 },
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    #[serde(flatten)]
    pub target: FaultTarget,
    #[serde(flatten)]
    pub kind: FaultKind,
    #[serde(flatten)]
    pub when: FaultWhen,
}

/// The faults in force; the first that matches strikes.
#[derive(Debug, Clone)]
pub struct Faults {
    list: Vec<Fault>,
    rng: Rng,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self { list: Vec::new(), rng: Rng::new(seed) }
    }

    /// Adds a fault after those in force.
    pub fn add(&mut self, target: FaultTarget, kind: FaultKind, when: FaultWhen) {
        self.list.push(Fault { target, kind, when });
    }

    /// Ends all faults.
    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// Ends the fault at this place of [`Faults::list`].
    pub fn remove(&mut self, place: usize) {
        if place < self.list.len() {
            self.list.remove(place);
        }
    }

    /// The faults in force.
    #[must_use]
    pub fn list(&self) -> &[Fault] {
        &self.list
    }

    /// `delivers`: whether this operation hands over a message; only those can be answered and dropped.
    pub(crate) fn pick_lineworks(&mut self, operation: &str, delivers: bool) -> Option<FaultKind> {
        self.pick(|fault| match &fault.target {
            FaultTarget::LineWorks { operation: only } => {
                only.as_deref().is_none_or(|only| only == operation)
                    && (delivers || fault.kind != FaultKind::Drop)
            }
            _ => false,
        })
    }

    /// `delivers` as for LINE WORKS; only those cost something of the month.
    pub(crate) fn pick_line(&mut self, operation: &str, delivers: bool) -> Option<FaultKind> {
        self.pick(|fault| match &fault.target {
            FaultTarget::Line { operation: only } => {
                only.as_deref().is_none_or(|only| only == operation)
                    && (delivers || !matches!(fault.kind, FaultKind::Drop | FaultKind::MonthlyLimit))
            }
            _ => false,
        })
    }

    /// `delivers` as for LINE WORKS.
    pub(crate) fn pick_lineworks_v1(&mut self, operation: &str, delivers: bool) -> Option<FaultKind> {
        self.pick(|fault| match &fault.target {
            FaultTarget::LineWorksV1 { operation: only } => {
                only.as_deref().is_none_or(|only| only == operation)
                    && (delivers || fault.kind != FaultKind::Drop)
            }
            _ => false,
        })
    }

    /// `delivers` as for LINE WORKS.
    pub(crate) fn pick_google_chat(&mut self, operation: &str, delivers: bool) -> Option<FaultKind> {
        self.pick(|fault| match &fault.target {
            FaultTarget::GoogleChat { operation: only } => {
                only.as_deref().is_none_or(|only| only == operation)
                    && (delivers || fault.kind != FaultKind::Drop)
            }
            _ => false,
        })
    }

    /// `delivers` as for LINE WORKS.
    pub(crate) fn pick_slack(&mut self, operation: &str, delivers: bool) -> Option<FaultKind> {
        self.pick(|fault| match &fault.target {
            FaultTarget::Slack { operation: only } => {
                only.as_deref().is_none_or(|only| only == operation)
                    && (delivers || fault.kind != FaultKind::Drop)
            }
            _ => false,
        })
    }

    pub(crate) fn pick_resend(&mut self) -> Option<FaultKind> {
        self.pick(|fault| fault.target == FaultTarget::Resend)
    }

    pub(crate) fn pick_push(&mut self) -> Option<FaultKind> {
        self.pick(|fault| fault.target == FaultTarget::WebPush)
    }

    pub(crate) fn pick_smtp(&mut self) -> Option<FaultKind> {
        self.pick(|fault| fault.target == FaultTarget::Smtp)
    }

    fn pick(&mut self, matches: impl Fn(&Fault) -> bool) -> Option<FaultKind> {
        let rng = &mut self.rng;
        let fault = self.list.iter_mut().find(|fault| {
            matches(fault)
                && match fault.when {
                    FaultWhen::Count { times } => times > 0,
                    FaultWhen::Always => true,
                    FaultWhen::Chance { per_mille } => rng.next() % 1000 < u64::from(per_mille),
                }
        })?;
        let kind = fault.kind;
        if let FaultWhen::Count { times } = &mut fault.when {
            *times -= 1;
        }
        self.list.retain(|fault| fault.when != FaultWhen::Count { times: 0 });
        Some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sends() -> FaultTarget {
        FaultTarget::LineWorks { operation: Some("send_user".into()) }
    }

    #[test]
    fn a_counted_fault_ends_by_itself_and_only_hits_its_target() {
        let mut faults = Faults::new(1);
        faults.add(sends(), FaultKind::TooManyRequests, FaultWhen::Count { times: 2 });
        assert_eq!(faults.pick_smtp(), None);
        assert_eq!(faults.pick_lineworks("send_channel", true), None);
        assert_eq!(faults.pick_lineworks("send_user", true), Some(FaultKind::TooManyRequests));
        assert_eq!(faults.pick_lineworks("send_user", true), Some(FaultKind::TooManyRequests));
        assert_eq!(faults.pick_lineworks("send_user", true), None);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn chance_follows_the_seed() {
        let strikes = |seed| {
            let mut faults = Faults::new(seed);
            faults.add(FaultTarget::Smtp, FaultKind::TimeoutAfter, FaultWhen::Chance { per_mille: 300 });
            (0..1000).map(|_| faults.pick_smtp().is_some()).collect::<Vec<_>>()
        };
        assert_eq!(strikes(5), strikes(5));
        assert_ne!(strikes(5), strikes(6));
        let hits = strikes(5).into_iter().filter(|hit| *hit).count();
        assert!((250..350).contains(&hits), "{hits}");
    }

    #[test]
    fn drop_spares_requests_that_deliver_nothing() {
        let mut faults = Faults::new(1);
        faults.add(
            FaultTarget::LineWorks { operation: None },
            FaultKind::Drop,
            FaultWhen::Count { times: 1 },
        );
        assert_eq!(faults.pick_lineworks("token", false), None);
        assert_eq!(faults.pick_lineworks("send_user", true), Some(FaultKind::Drop));
    }

    #[test]
    fn the_wire_form_is_flat() {
        let fault: Fault = serde_json::from_str(
            r#"{"provider":"line_works","operation":"send_user","kind":"slow","ms":900,"when":"count","times":3}"#,
        )
        .unwrap();
        assert_eq!(fault.target, sends());
        assert_eq!(fault.kind, FaultKind::Slow { ms: 900 });
        assert_eq!(fault.when, FaultWhen::Count { times: 3 });
    }
}
