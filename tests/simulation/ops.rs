//! What can happen in a run. An operation printed with `{:?}` is Rust.

/// Kinds with each urgency twice.
pub(crate) const KINDS: [&str; 6] = [
    "reception.visitor_arrived",
    "fleet.alarm",
    "tasks.assigned",
    "workflow.approval_asked",
    "tasks.no_due_date",
    "attendance.clocked_in",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    Member(u8),
    Two(u8, u8),
    Company(u8),
    Room(u8),
    /// A company and a room.
    Both(u8, u8),
    Everyone,
}

/// Whom a fault hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    LineWorks,
    SendUser,
    SendRoom,
    Token,
    Smtp,
    Resend,
    Line,
    LinePush,
    LineMulticast,
    LineReply,
    Slack,
    SlackPost,
    SlackUpdate,
    Chat,
    ChatCreate,
    ChatUpdate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fails {
    TooMany,
    Error(u16),
    SilentBefore,
    SilentAfter,
    Drops,
    Slow(u16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Times(u8),
    Always,
    PerMille(u16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    LineWorks,
    Mail,
    Line,
    Slack,
    GoogleChat,
}

impl Way {
    pub(crate) const ALL: [Self; 5] =
        [Self::LineWorks, Self::Mail, Self::Line, Self::Slack, Self::GoogleChat];
}

/// Numbers are taken modulo what there is, so that any part of a list is a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// `in_s`: scheduled that many seconds ahead, 0 is now.
    Post {
        kind: u8,
        to: To,
        keyed: bool,
        in_s: u16,
    },
    /// The same post again under its key, or another body under that key.
    Repeat {
        post: u8,
        other_body: bool,
    },
    /// That many posts to everyone at once.
    Flood {
        kind: u8,
        posts: u8,
    },
    Cancel {
        post: u8,
    },
    Again {
        delivery: u8,
    },
    SwitchChannel {
        member: u8,
        way: Way,
        on: bool,
    },
    Prefer {
        member: u8,
        kind: u8,
        way: Way,
        on: bool,
    },
    Rule {
        kind: u8,
        way: Way,
        on: bool,
    },
    Mandatory {
        kind: u8,
        on: bool,
    },
    Fault {
        at: At,
        fails: Fails,
        how: How,
    },
    /// Connections are refused, or no longer.
    Refuse {
        way: Way,
        on: bool,
    },
    /// The mail server waits that long before each reply.
    SlowMail {
        step_ms: u16,
    },
    /// All faults end.
    Calm,
    Wait {
        ms: u32,
    },
    /// The object dies at its n-th port call from now.
    Crash {
        calls: u8,
    },
    /// The cron trigger wakes the object.
    Cron,
    /// Somebody writes to us.
    Say {
        member: u8,
        way: Way,
    },
    /// Somebody presses a button of their `back`th message from the end.
    Press {
        member: u8,
        way: Way,
        back: u8,
    },
    /// The same in a room.
    PressRoom {
        member: u8,
        room: u8,
        back: u8,
    },
    /// Half a second later everybody presses the newest button everywhere, at the same moment.
    Rush {
        backwards: bool,
    },
    /// Somebody blocks the LINE account, or takes it back.
    Block {
        member: u8,
    },
    Befriend {
        member: u8,
    },
    /// LINE's month ends after that many more messages.
    Quota {
        left: u8,
    },
    Invite {
        room: u8,
    },
    Remove {
        room: u8,
    },
    /// What the provider has to call back arrives now.
    Callbacks {
        twice: bool,
        backwards: bool,
    },
    Secret {
        way: Way,
        wrong: bool,
    },
    /// VAULT_KEY is rotated: the object starts anew. Only the first of a run counts.
    RotateVault,
    AskCode {
        member: u8,
    },
    /// The provider allows that many calls a minute from now on.
    Limit {
        per_minute: u8,
    },
}
