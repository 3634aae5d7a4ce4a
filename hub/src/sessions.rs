//! Who calls: a member with a session cookie or a system with an API key.
//!
//! Tokens are 256 random bits; the store keeps their SHA-256 only. The member's role, company and state are
//! read with every request, so a change holds at once.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::Method;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use shared::{
    api::{auth::Role, me::Device, settings::Scope},
    error::Code,
    id::{ApiKeyId, CompanyId, MemberId, SessionId, WorkspaceId},
    lang::Lang,
    time::{DAY, SECOND},
};

use crate::{
    http::Input,
    hub::Hub,
    ports::{Audience, SqlError},
    refusal::Refusal,
    store,
};

const SESSION_LIFE: i64 = 30 * DAY;
const SESSION_COOKIE: &str = "todoke";

/// A member whose session was recognised.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SignedIn {
    pub(crate) id: MemberId,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) company: Option<CompanyId>,
    pub(crate) language: Lang,
}

/// Whoever made a request.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    Key { id: ApiKeyId, scopes: Vec<Scope> },
    Member(SignedIn),
}

impl Caller {
    /// The id that audit entries and events name.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Key { id, .. } => id.as_str(),
            Self::Member(member) => member.id.as_str(),
        }
    }

    /// Members, companies, rooms and kinds: admins, and keys with the scope `admin`.
    pub(crate) fn require_admin(&self) -> Result<(), Refusal> {
        self.require_scope(Scope::Admin)
    }

    /// A key needs that very scope; admins have all of them.
    pub(crate) fn require_scope(&self, scope: Scope) -> Result<(), Refusal> {
        let allowed = match self {
            Self::Key { scopes, .. } => scopes.contains(&scope),
            Self::Member(member) => member.role.is_admin(),
        };
        if allowed { Ok(()) } else { Err(Code::NotAllowed.into()) }
    }

    /// Keys, integrations, rules, audit: an admin in person, never a key.
    pub(crate) fn admin_member(&self) -> Result<&SignedIn, Refusal> {
        self.member()
            .and_then(|member| if member.role.is_admin() { Ok(member) } else { Err(Code::NotAllowed.into()) })
    }

    /// A person; a key has no settings of its own.
    pub(crate) fn member(&self) -> Result<&SignedIn, Refusal> {
        match self {
            Self::Member(member) => Ok(member),
            Self::Key { .. } => Err(Code::NotAllowed.into()),
        }
    }

    /// The most powerful role that the caller may give or touch.
    pub(crate) fn power(&self) -> Role {
        match self {
            Self::Key { .. } => Role::Admin,
            Self::Member(member) => member.role,
        }
    }
}

impl Hub {
    /// Recognises the caller: `Authorization: Bearer tdk_…` first, else the cookie. A write with a cookie must
    /// come from our own pages. Errors: `bad_key`, `not_signed_in`, `wrong_origin`.
    pub(crate) fn caller(&self, input: &Input) -> Result<Caller, Refusal> {
        if let Some(authorization) = input.header("authorization") {
            return self.key_caller(authorization);
        }
        let member = self.signed_in(input.header("cookie"))?;
        let reads = matches!(*input.method(), Method::GET | Method::HEAD);
        if !reads && input.header("origin") != Some(self.origin()) {
            return Err(Code::WrongOrigin.into());
        }
        Ok(Caller::Member(member))
    }

    /// For writes that need no session: a browser says where it comes from, a script does not.
    pub(crate) fn refuse_other_origin(&self, input: &Input) -> Result<(), Refusal> {
        match input.header("origin") {
            Some(origin) if origin != self.origin() => Err(Code::WrongOrigin.into()),
            _ => Ok(()),
        }
    }

    /// The member behind a `Cookie` header. Errors: `not_signed_in`.
    pub(crate) fn signed_in(&self, cookie: Option<&str>) -> Result<SignedIn, Refusal> {
        let token = self.session_token(cookie).ok_or(Code::NotSignedIn)?;
        store::row(
            &*self.ports.sql,
            "SELECT json_object('id', m.id, 'name', m.name, 'role', m.role, 'company', m.company, \
             'language', m.language) FROM sessions s JOIN members m ON m.id = s.member \
             WHERE s.hash = ?1 AND s.expires_at > ?2 AND m.usable = 1",
            &[hash_of(token).into(), self.now().into()],
        )?
        .ok_or_else(|| Code::NotSignedIn.into())
    }

    /// The language of the answer: what the request asks for, else what the signed-in member chose.
    pub(crate) fn lang(&self, input: &Input) -> Lang {
        if input.header("accept-language").is_some() {
            return input.lang;
        }
        self.signed_in(input.header("cookie")).map_or(input.lang, |member| member.language)
    }

    /// Begins a session of 30 days: the value of `Set-Cookie`.
    pub(crate) fn start_session(&self, member: &MemberId, input: &Input) -> Result<String, SqlError> {
        let (now, token) = (self.now(), self.new_token());
        let agent: String = input.header("user-agent").unwrap_or_default().chars().take(200).collect();
        self.ports.sql.exec("DELETE FROM sessions WHERE expires_at <= ?1", &[now.into()])?;
        self.ports.sql.exec(
            "INSERT INTO sessions (hash, id, member, created_at, expires_at, agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &[
                hash_of(&token).into(),
                SessionId::new(now, self.random()).as_str().into(),
                member.as_str().into(),
                now.into(),
                (now + SESSION_LIFE).into(),
                agent.into(),
            ],
        )?;
        Ok(self.cookie(SESSION_COOKIE, "/", &token, SESSION_LIFE / SECOND))
    }

    /// Ends the session behind a `Cookie` header, if there is one: the value of `Set-Cookie`.
    pub(crate) fn end_session(&self, cookie: Option<&str>) -> Result<String, SqlError> {
        if let Some(token) = self.session_token(cookie) {
            let hash = hash_of(token);
            let whose = "SELECT member FROM sessions WHERE hash = ?1";
            let whose = self.ports.sql.texts(whose, &[hash.as_str().into()])?;
            self.ports.sql.exec("DELETE FROM sessions WHERE hash = ?1", &[hash.into()])?;
            for member in &whose {
                self.close_pages(member);
            }
        }
        Ok(self.cookie(SESSION_COOKIE, "/", "", 0))
    }

    /// `GET /api/me/devices`: where the member is signed in, newest first. `cookie` tells which one asks.
    pub(crate) fn devices(&self, member: &MemberId, cookie: Option<&str>) -> Result<Vec<Device>, Refusal> {
        let own = self.session_token(cookie).map(hash_of).unwrap_or_default();
        store::rows(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'agent', agent, 'created_at', created_at, \
             'current', json(CASE hash WHEN ?2 THEN 'true' ELSE 'false' END)) FROM sessions \
             WHERE member = ?1 AND expires_at > ?3 ORDER BY hash = ?2 DESC, created_at DESC LIMIT 100",
            &[member.as_str().into(), own.into(), self.now().into()],
        )
    }

    /// Signs one of the member's devices out. Errors: `not_found`.
    pub(crate) fn end_session_of(&self, member: &MemberId, id: &SessionId) -> Result<(), Refusal> {
        let ended = self.ports.sql.exec(
            "DELETE FROM sessions WHERE member = ?1 AND id = ?2",
            &[member.as_str().into(), id.as_str().into()],
        )?;
        if ended == 0 {
            return Err(Code::NotFound.into());
        }
        self.close_pages(member.as_str());
        Ok(())
    }

    /// Signs the member out everywhere, links that were not opened yet included: the value of `Set-Cookie`.
    pub(crate) fn end_everywhere(&self, member: &MemberId) -> Result<String, Refusal> {
        self.ports.sql.atomically(&mut || self.end_all_sessions(member))?;
        self.close_pages(member.as_str());
        Ok(self.cookie(SESSION_COOKIE, "/", "", 0))
    }

    /// Whoever listens was let in once: when that ends or changes, the member's open pages are closed, after the
    /// write. Those that still have a session come back and are let in anew.
    pub(crate) fn close_pages(&self, member: &str) {
        self.ports.live.close(&Audience::Member(member.to_owned()));
    }

    /// A member who may not sign in any more loses sessions and open links. Within a burst.
    pub(crate) fn end_all_sessions(&self, member: &MemberId) -> Result<(), SqlError> {
        for table in ["sessions", "sign_in_links"] {
            self.ports
                .sql
                .exec(&format!("DELETE FROM {table} WHERE member = ?1"), &[member.as_str().into()])?;
        }
        Ok(())
    }

    /// 256 random bits in 43 characters that need no escaping.
    pub(crate) fn new_token(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.random::<32>())
    }

    /// The workspace's id without its prefix, as keys and links carry it.
    pub(crate) fn workspace_digits(&self) -> &str {
        let id = self.config.workspace.as_str();
        id.strip_prefix(WorkspaceId::PREFIX).unwrap_or(id)
    }

    fn key_caller(&self, authorization: &str) -> Result<Caller, Refusal> {
        #[derive(Deserialize)]
        struct Row {
            id: ApiKeyId,
            scopes: Vec<Scope>,
        }
        let bad = || Refusal::from(Code::BadKey);
        let (scheme, key) = authorization.split_once(' ').ok_or_else(bad)?;
        let key = key.trim();
        if !scheme.eq_ignore_ascii_case("bearer") || !key.starts_with("tdk_") {
            return Err(bad());
        }
        let row: Option<Row> = store::row(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'scopes', json(scopes)) FROM api_keys \
             WHERE hash = ?1 AND revoked_at IS NULL",
            &[hash_of(key).into()],
        )?;
        let Row { id, scopes } = row.ok_or_else(bad)?;
        Ok(Caller::Key { id, scopes })
    }

    /// The token of this workspace's session cookie.
    pub(crate) fn session_token<'a>(&self, cookie: Option<&'a str>) -> Option<&'a str> {
        self.cookie_token(cookie, SESSION_COOKIE)
    }

    /// The token of this workspace's cookie `{name}={workspace}.{token}`.
    pub(crate) fn cookie_token<'a>(&self, cookie: Option<&'a str>, name: &str) -> Option<&'a str> {
        cookie?
            .split(';')
            .filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
            .filter_map(|value| value.split_once('.'))
            .find(|(workspace, _)| *workspace == self.config.workspace.as_str())
            .map(|(_, token)| token)
    }

    /// The value of `Set-Cookie`. It names the workspace, for the Worker to find it.
    pub(crate) fn cookie(&self, name: &str, path: &str, token: &str, seconds: i64) -> String {
        let workspace = &self.config.workspace;
        let secure = if self.config.development && self.config.public_url.starts_with("http://") {
            ""
        } else {
            "; Secure"
        };
        format!("{name}={workspace}.{token}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
    }

    /// Scheme, host and port of the pages.
    fn origin(&self) -> &str {
        let url = self.config.public_url.as_str();
        let host = url.find("://").map_or(0, |index| index + 3);
        let path = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |index| host + index);
        url.get(..path).unwrap_or(url)
    }
}

/// SHA-256 in hex: what the store keeps of a token.
pub(crate) fn hash_of(text: impl AsRef<[u8]>) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
