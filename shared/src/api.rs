//! Wire forms of the HTTP API, one file per subject. The Worker, the pages and the tests use these very types.
//! Requests refuse unknown fields by name; answers may grow.

pub mod absences;
pub mod announcements;
pub mod attendance;
pub mod auth;
pub mod bulk;
pub mod companies;
pub mod deliveries;
pub mod doors;
pub mod events;
pub mod home;
pub mod integrations;
pub mod linking;
pub mod live;
pub mod me;
pub mod member_imports;
pub mod members;
pub mod quiet;
pub mod settings;
pub mod webhooks;
pub mod workspace;

use serde::{Deserialize, Serialize};

/// A page of a list. `next` is handed back as `?cursor=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many there are in all, where counting is cheap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}
