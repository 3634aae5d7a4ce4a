//! Which workspaces exist: the directory in KV, so that a request for an unknown one creates no object.
//!
//! `directory/{workspace id}` holds nothing but its being there; `directory/default` holds the id of the
//! workspace that pages mean before sign-in.

use std::{cell::RefCell, collections::HashSet};

use shared::id::WorkspaceId;
use worker::{Env, KvStore, Result};

use crate::route::Whose;

const DEFAULT: &str = "directory/default";
const PREFIX: &str = "directory/";

#[derive(Debug)]
pub(crate) struct Directory {
    kv: KvStore,
}

impl Directory {
    pub(crate) fn new(env: &Env) -> Result<Self> {
        Ok(Self { kv: env.kv(crate::KV)? })
    }

    /// The workspace meant, if it exists.
    pub(crate) async fn find(&self, whose: Whose) -> Result<Option<WorkspaceId>> {
        match whose {
            Whose::Default => self.default().await,
            Whose::Named(id) => Ok(if self.knows(&id).await? { Some(id) } else { None }),
        }
    }

    /// `None` before set-up.
    pub(crate) async fn default(&self) -> Result<Option<WorkspaceId>> {
        if let Some(id) = KNOWN.with_borrow(|known| known.default.clone()) {
            return Ok(Some(id));
        }
        self.default_now().await
    }

    /// The same past what this isolate remembers: another one may have deleted the workspace.
    pub(crate) async fn default_now(&self) -> Result<Option<WorkspaceId>> {
        let id = self.kv.get(DEFAULT).text().await?.and_then(|text| text.parse().ok());
        if let Some(id) = &id {
            remember_default(id);
        }
        Ok(id)
    }

    /// Enters a workspace, as the default one too. Doing it again changes nothing.
    pub(crate) async fn enter(&self, id: &WorkspaceId) -> Result<()> {
        self.kv.put(&format!("{PREFIX}{id}"), "")?.execute().await?;
        self.kv.put(DEFAULT, id.as_str())?.execute().await?;
        remember_default(id);
        Ok(())
    }

    /// All of them.
    pub(crate) async fn all(&self) -> Result<Vec<WorkspaceId>> {
        let mut ids = Vec::new();
        let mut cursor = None;
        loop {
            let mut list = self.kv.list().prefix(format!("{PREFIX}{}", WorkspaceId::PREFIX));
            if let Some(cursor) = cursor {
                list = list.cursor(cursor);
            }
            let page = list.execute().await?;
            ids.extend(page.keys.iter().filter_map(|key| key.name.strip_prefix(PREFIX)?.parse().ok()));
            cursor = page.cursor.filter(|_| !page.list_complete);
            if cursor.is_none() {
                return Ok(ids);
            }
        }
    }

    async fn knows(&self, id: &WorkspaceId) -> Result<bool> {
        if KNOWN.with_borrow(|known| known.ids.contains(id)) {
            return Ok(true);
        }
        let there = self.kv.get(&format!("{PREFIX}{id}")).bytes().await?.is_some();
        if there {
            KNOWN.with_borrow_mut(|known| known.ids.insert(id.clone()));
        }
        Ok(there)
    }
}

/// What this isolate has seen in KV. A workspace that exists goes on existing until it is deleted, so only that is
/// kept: what was not found is asked for again each time.
#[derive(Default)]
struct Known {
    ids: HashSet<WorkspaceId>,
    default: Option<WorkspaceId>,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// After a workspace has ended: what this isolate had seen is asked for again. Other isolates go on believing for as
/// long as they live, and find an empty object that knows nobody.
pub(crate) fn forget() {
    KNOWN.with_borrow_mut(|known| *known = Known::default());
}

fn remember_default(id: &WorkspaceId) {
    KNOWN.with_borrow_mut(|known| {
        known.ids.insert(id.clone());
        known.default = Some(id.clone());
    });
}
