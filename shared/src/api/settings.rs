//! Rules, kinds, API keys, audit.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{ApiKeyId, AuditId},
    kind::CustomKind,
    routing::Urgency,
};

/// `GET /api/v1/kinds`: the catalogue and the workspace's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindInfo {
    pub code: String,
    pub app: String,
    pub name_ja: String,
    pub name_en: String,
    pub urgency: Urgency,
    pub mandatory: bool,
    pub custom: bool,
    /// Channels that the admin turned off for it.
    pub off: Vec<Channel>,
    /// One of [`crate::kind::ICONS`]; empty for none, as of kinds of the catalogue. Always written: `?was=` can only
    /// name what is there.
    #[serde(default)]
    pub icon: String,
    /// No longer used: what was sent keeps its name, and nothing new is taken.
    #[serde(default)]
    pub archived: bool,
    /// Members may not set notices of its app (利用者操作許可): their switches are not asked.
    #[serde(default)]
    pub locked: bool,
    /// Of one company only: the channels where it differs from the workspace; `off` has what holds there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<Channel>,
}

/// `POST /api/v1/kinds` → 201 [`KindInfo`].
pub type KindRequest = CustomKind;

/// `PUT /api/v1/kinds/{code}` → 200 [`KindInfo`]: what may change of a workspace's own kind. `DELETE` of the same
/// → 204, 409 `kind_in_use` once an event used it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindChange {
    pub name_ja: String,
    pub name_en: String,
    pub urgency: Urgency,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub icon: String,
    #[serde(default)]
    pub archived: bool,
}

/// `PUT /api/rules/apps/{app}` → 200, the same: whether members may set notices of the app themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppPermission {
    pub members_set: bool,
}

/// `PUT /api/rules` → 200 [`KindInfo`]: one switch of the grid, whether the kind is mandatory, or how urgent it is.
/// With `company`, the switch is that company's own; the same as the workspace's means that it follows again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleRequest {
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandatory: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    #[serde(rename = "events:write")]
    EventsWrite,
    #[serde(rename = "events:read")]
    EventsRead,
    /// Members, companies, rooms, kinds.
    #[serde(rename = "admin")]
    Admin,
    /// Months of attendance, as sheets and CSV.
    #[serde(rename = "attendance:read")]
    AttendanceRead,
    /// Enter, change and delete absences.
    #[serde(rename = "absences:write")]
    AbsencesWrite,
    #[serde(rename = "absences:read")]
    AbsencesRead,
}

impl Scope {
    pub const ALL: [Self; 6] = [
        Self::EventsWrite,
        Self::EventsRead,
        Self::Admin,
        Self::AttendanceRead,
        Self::AbsencesWrite,
        Self::AbsencesRead,
    ];
}

/// `POST /api/keys` → 201 [`NewKey`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    /// At most 100 characters.
    pub name: String,
    pub scopes: Vec<Scope>,
}

/// Shown once; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// `tdk_{workspace}_{random}`.
    pub key: String,
    pub info: KeyInfo,
}

/// `GET /api/keys` → list; `DELETE /api/keys/{id}` → 204.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    pub id: ApiKeyId,
    pub name: String,
    /// The last four characters.
    pub hint: String,
    pub scopes: Vec<Scope>,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
}

/// `GET /api/audit?cursor=&q=&group=&from=&until=`: newest first. `q` is looked for in names and ids, `group` is what
/// stands before the dot of an action, the times are milliseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: i64,
    /// Name of the member, of the API key or of the door; the id of somebody who is gone.
    pub actor: String,
    pub actor_id: String,
    /// `member.created`, `integration.deleted` …
    pub action: String,
    /// Id of what was changed.
    pub target: String,
    /// What it is called, where it has a name and is still there.
    pub target_name: Option<String>,
    /// Names of the changed fields, never secret values.
    pub detail: String,
}

/// `GET` and `PUT /api/settings/line`: what the workspace pays LINE for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineCost {
    /// Low and normal notices go to LINE only where no other channel of the person gets them.
    pub spare: bool,
    /// Messages of the month that only critical notices may use, at most 1,000,000.
    pub reserve: u32,
}
