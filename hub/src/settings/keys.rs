//! API keys: `tdk_{workspace}_{random}`, so that the Worker finds the workspace before any object exists.
//! Shown once; the store has the hash and the last four characters.

use shared::{
    api::settings::{KeyInfo, KeyRequest, NewKey, Scope},
    error::{Code, Error},
    id::ApiKeyId,
};

use crate::{
    hub::Hub,
    refusal::Refusal,
    sessions::{Caller, hash_of},
    store,
};

impl Hub {
    /// All keys, revoked ones too, newest first.
    pub(crate) fn list_keys(&self, caller: &Caller) -> Result<Vec<KeyInfo>, Refusal> {
        caller.admin_member()?;
        store::rows(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'name', name, 'hint', hint, 'scopes', json(scopes), \
             'created_at', created_at, 'revoked_at', revoked_at) FROM api_keys ORDER BY id DESC",
            &[],
        )
    }

    /// Makes a key; the answer is the only place where it can be read. Errors: `required`, `too_long`.
    pub(crate) fn create_key(&self, caller: &Caller, request: &KeyRequest) -> Result<NewKey, Refusal> {
        caller.admin_member()?;
        let name = request.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let scopes: Vec<Scope> =
            Scope::ALL.into_iter().filter(|scope| request.scopes.contains(scope)).collect();
        let mut problems = Vec::new();
        if name.is_empty() {
            problems.push(Error::field(Code::Required, "name"));
        } else if name.chars().count() > 100 {
            problems.push(Error::field(Code::TooLong, "name"));
        }
        if scopes.is_empty() {
            problems.push(Error::field(Code::Required, "scopes"));
        }
        Refusal::unless_empty(problems)?;
        let now = self.now();
        let key = format!("tdk_{}_{}", self.workspace_digits(), self.new_token());
        let hint = key.get(key.len() - 4..).unwrap_or_default().to_owned();
        let info = KeyInfo {
            id: ApiKeyId::new(now, self.random()),
            name,
            hint,
            scopes,
            created_at: now,
            revoked_at: None,
        };
        let scopes = serde_json::to_string(&info.scopes)?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "INSERT INTO api_keys (hash, id, name, hint, scopes, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                &[
                    hash_of(&key).into(),
                    info.id.as_str().into(),
                    info.name.as_str().into(),
                    info.hint.as_str().into(),
                    scopes.as_str().into(),
                    now.into(),
                ],
            )?;
            self.audit(caller, "key.created", info.id.as_str(), &scopes)
        })?;
        Ok(NewKey { key, info })
    }

    /// Ends a key at once; again is no error. Errors: `not_found`.
    pub(crate) fn revoke_key(&self, caller: &Caller, id: &ApiKeyId) -> Result<(), Refusal> {
        caller.admin_member()?;
        let known = "SELECT count(*) FROM api_keys WHERE id = ?1";
        if store::number(&*self.ports.sql, known, &[id.as_str().into()])? == 0 {
            return Err(Code::NotFound.into());
        }
        self.ports.sql.atomically(&mut || {
            let revoked = self.ports.sql.exec(
                "UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
                &[id.as_str().into(), self.now().into()],
            )?;
            if revoked > 0 {
                self.audit(caller, "key.revoked", id.as_str(), "")?;
            }
            Ok(())
        })?;
        Ok(())
    }
}
