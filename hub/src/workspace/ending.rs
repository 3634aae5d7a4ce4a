//! The end of a workspace: bots at the providers, secrets in the key-value store, the entry in the directory, and
//! then everything in the store. It can be cut off at any await: from the moment it begins nobody gets in, and the
//! alarm goes on with it.

use std::rc::Rc;

use shared::{
    api::{auth::Role, workspace::WorkspaceConsequences},
    channel::Channel,
    error::{Code, Error},
    time::{MINUTE, Millis, SECOND},
};

use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

/// Entry of the directory that names the workspace which pages mean before sign-in (edge-worker/src/directory.rs).
const DEFAULT: &str = "directory/default";

impl Hub {
    /// `GET /api/workspace/consequences`: what goes with the workspace. Owners only.
    pub(crate) fn workspace_consequences(&self, caller: &Caller) -> Result<WorkspaceConsequences, Refusal> {
        owner(caller)?;
        store::row(&*self.ports.sql, CONSEQUENCES, &[])?.ok_or_else(|| Code::NotFound.into())
    }

    /// `DELETE /api/workspace?confirm=<name>`. Errors: `not_allowed` unless an owner asks, `wrong_confirmation`.
    ///
    /// 1. Delete each integration, and the bot that was made for it. A provider that is not there leaves its bot
    ///    behind, and the admin is told which.
    /// 2. Shut everybody out: sessions, keys and doors go, the workspace is marked.
    /// 3. Forget the secrets of webhooks and the entry of the directory.
    /// 4. [`Self::has_ended`]: whoever holds the storage deletes it.
    pub(crate) async fn end_workspace(
        self: &Rc<Self>,
        caller: &Caller,
        confirm: &str,
    ) -> Result<Vec<String>, Refusal> {
        owner(caller)?;
        if confirm.trim() != self.workspace_settings()?.name {
            return Err(Error::field(Code::WrongConfirmation, "confirm").into());
        }
        let mut left = Vec::new();
        for row in self.integration_rows()?.iter() {
            if let Err(refusal) = self.disconnect(caller, row.id.as_str()).await {
                let cause = crate::http::for_log(&refusal);
                self.ports.log.line(&format!("end: {} {}: {cause}", row.provider.code(), row.id));
                left.push(row.provider.code().to_owned());
            }
        }
        self.arm(self.now() + MINUTE).await?;
        self.ports.sql.atomically(&mut || {
            // Before the addresses go that name them.
            self.forget_grants_of(Channel::Line)?;
            self.forget_grants_of(Channel::GoogleChat)?;
            self.forget_grants_of(Channel::WebPush)?;
            for statement in SHUT {
                self.ports.sql.run(statement, &[])?;
            }
            self.ports.sql.run("UPDATE workspace SET ended_at = ?1", &[self.now().into()])
        })?;
        self.ending.set(true);
        self.dispatcher.forget_queue();
        self.end_again().await;
        Ok(left)
    }

    /// Goes on with an end that was cut off; the alarm rings until it is done.
    pub(crate) async fn end_again(self: &Rc<Self>) {
        if self.ended.get() {
            return;
        }
        let next = match self.go_on_ending().await {
            Ok(None) => {
                self.ended.set(true);
                return;
            }
            Ok(Some(at)) => at.max(self.now() + SECOND),
            Err(refusal) => {
                self.ports.log.line(&format!("end: {}", crate::http::for_log(&refusal)));
                self.now() + MINUTE
            }
        };
        if let Err(error) = self.arm(next).await {
            self.ports.log.line(&format!("end: {error}"));
        }
    }

    /// One slice: an invocation may ask the key-value store only so often. When the next one is due, if any.
    async fn go_on_ending(self: &Rc<Self>) -> Result<Option<Millis>, Refusal> {
        let workspace = self.config.workspace.as_str();
        let default = self.ports.kv.get(DEFAULT).await?;
        if default.is_some_and(|id| id == workspace.as_bytes()) {
            self.ports.kv.delete(DEFAULT).await?;
        }
        self.ports.kv.delete(&format!("directory/{workspace}")).await?;
        for row in self.integration_rows()?.iter() {
            // Its bot could not be deleted; its secrets can.
            self.vault.delete(&*self.ports.kv, &row.id, row.secret_version).await?;
            self.ports.sql.run("DELETE FROM integrations WHERE id = ?1", &[row.id.as_str().into()])?;
        }
        self.cache.integrations_changed();
        for webhook in self.ports.sql.texts("SELECT id FROM webhooks LIMIT 5", &[])? {
            self.forget_webhook_secrets(&webhook).await?;
            self.ports.sql.run("DELETE FROM webhooks WHERE id = ?1", &[webhook.as_str().into()])?;
        }
        if store::number(&*self.ports.sql, "SELECT count(*) FROM webhooks", &[])? > 0 {
            return Ok(Some(self.now()));
        }
        self.forget_next_grants().await?;
        self.next_grant_to_forget()
    }

    /// Whether nothing is left of the workspace but its storage, which is to be deleted now.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }
}

fn owner(caller: &Caller) -> Result<(), Refusal> {
    if caller.admin_member()?.role == Role::Owner { Ok(()) } else { Err(Code::NotAllowed.into()) }
}

const CONSEQUENCES: &str = "SELECT json_object('members', (SELECT count(*) FROM members), \
     'integrations', (SELECT count(*) FROM integrations), 'rooms', (SELECT count(*) FROM rooms), \
     'notices', (SELECT count(*) FROM events), 'waiting', (SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL), \
     'keys', (SELECT count(*) FROM api_keys WHERE revoked_at IS NULL), \
     'doors', (SELECT count(*) FROM doors WHERE revoked_at IS NULL), 'webhooks', (SELECT count(*) FROM webhooks))";

/// After these nobody is known: no session, no key, no door; and nothing is sent any more.
const SHUT: [&str; 9] = [
    "DELETE FROM addresses",
    "DELETE FROM sessions",
    "DELETE FROM sign_in_links",
    "DELETE FROM api_keys",
    "DELETE FROM doors",
    "UPDATE members SET usable = 0",
    "UPDATE deliveries SET state = 'cancelled', due_at = NULL, lease_until = NULL WHERE due_at IS NOT NULL",
    // Leased in their insert.
    "UPDATE deliveries SET state = 'cancelled', lease_until = NULL WHERE state = 'sending'",
    "DELETE FROM bulk_jobs",
];
