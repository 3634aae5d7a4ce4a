//! Signing in with LINE WORKS (lineworks.md §1.6). Nobody is signed in when the trip begins, so that a cookie
//! of its own, for ten minutes and for `/auth` only, binds it to the browser.

use std::rc::Rc;

use shared::{
    api::{integrations::Provider, linking::Returned},
    channel::Channel,
    delivery::CauseCode,
    id::MemberId,
    time::SECOND,
};

use super::{Stop, state::STATE_LIFE};
use crate::{
    clients::{Client, Lineworks},
    http::Input,
    hub::Hub,
    providers::lineworks::{CallError, OidcError, OidcPerson},
    refusal::Refusal,
    store,
};

/// The name of that cookie.
const COOKIE: &str = "todoke_login";

/// Where the browser goes, and the cookie it takes along.
#[derive(Debug)]
pub(crate) struct Trip {
    pub(crate) url: String,
    pub(crate) cookie: String,
}

impl Hub {
    /// Channels by whose provider people can sign in: LINE WORKS, while its credentials are good.
    pub(crate) fn sign_in_ways(&self) -> Result<Vec<Channel>, Refusal> {
        let states = self.ports.sql.texts(
            "SELECT state FROM integrations WHERE provider = 'lineworks' ORDER BY created_at, id LIMIT 1",
            &[],
        )?;
        let works = states.first().is_some_and(|state| state == "ready");
        Ok(works.then_some(Channel::Lineworks).into_iter().collect())
    }

    /// `GET /auth/start/lineworks`.
    pub(crate) async fn start_lineworks_sign_in(&self) -> Result<Trip, Returned> {
        let begun = async {
            let rows = self.integration_rows()?;
            let row = rows.iter().find(|row| row.provider == Provider::Lineworks);
            let id = row.map(|row| row.id.clone()).ok_or(Returned::NotConnected)?;
            let bot = self.lineworks_app(id.as_str()).await?;
            let token = self.new_token();
            let state = self.new_state(Provider::Lineworks, &token, &id);
            let redirect = self.redirect_url(Provider::Lineworks);
            let nonce = self.nonce_of(Provider::Lineworks, &state);
            Ok::<_, Stop>(Trip {
                url: bot.client.oidc_url(&redirect, &state, &nonce),
                cookie: self.cookie(COOKIE, "/auth", &token, STATE_LIFE / SECOND),
            })
        };
        begun.await.map_err(|stop| self.told("LINE WORKS sign-in", stop))
    }

    /// `GET /auth/callback/lineworks`: the session's cookie.
    pub(crate) async fn finish_lineworks_sign_in(self: &Rc<Self>, input: &Input) -> Result<String, Returned> {
        self.lineworks_sign_in(input).await.map_err(|stop| self.told("LINE WORKS sign-in", stop))
    }

    /// The trip is over: its cookie goes.
    pub(crate) fn end_trip(&self) -> String {
        self.cookie(COOKIE, "/auth", "", 0)
    }

    async fn lineworks_sign_in(&self, input: &Input) -> Result<String, Stop> {
        if let Some(error) = input.asked("error") {
            let cancelled = error.eq_ignore_ascii_case("access_denied");
            if !cancelled {
                self.ports.log.line("LINE WORKS sign-in: came back with an error");
            }
            return Err(if cancelled { Returned::Cancelled } else { Returned::CodeRefused }.into());
        }
        let state = input.asked("state").ok_or(Returned::Forged)?;
        let token = self.cookie_token(input.header("cookie"), COOKIE);
        let integration = self.read_state(Provider::Lineworks, token, state)?;
        let code = input.asked("code").ok_or(Returned::Forged)?;
        let bot = self.lineworks_app(integration.as_str()).await?;
        let redirect = self.redirect_url(Provider::Lineworks);
        let nonce = self.nonce_of(Provider::Lineworks, state);
        let tokens = bot.client.oidc_exchange(code, &redirect).await.map_err(|error| self.oidc_no(&error))?;
        let person = bot.client.oidc_person(&tokens, &nonce).await.map_err(|error| self.oidc_no(&error))?;
        let member = self.member_at_lineworks(&person)?.ok_or(Returned::Unknown)?;
        Ok(self.start_session(&member, input)?)
    }

    async fn lineworks_app(&self, id: &str) -> Result<Rc<Lineworks>, Stop> {
        match self.client(id).await? {
            Some(Client::Lineworks(bot)) => Ok(bot),
            _ => Err(Returned::NotConnected.into()),
        }
    }

    /// The one usable member with that LINE WORKS address, else with that login address. The directory is the
    /// company's own, and so are its login IDs.
    fn member_at_lineworks(&self, person: &OidcPerson) -> Result<Option<MemberId>, Refusal> {
        let email = person.email.as_deref().unwrap_or_default().to_lowercase();
        for query in [BY_ADDRESS, BY_LOGIN] {
            let found: Vec<MemberId> = store::rows(
                &*self.ports.sql,
                query,
                &[person.user_id.as_str().into(), email.as_str().into()],
            )?;
            match found.as_slice() {
                [] => {}
                [one] => return Ok(Some(one.clone())),
                // Nobody can say which of them it is.
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    fn oidc_no(&self, error: &OidcError) -> Returned {
        self.ports.log.line(&format!("LINE WORKS sign-in: {error}"));
        match error {
            OidcError::Audience | OidcError::Nonce | OidcError::Expired => Returned::NotVerified,
            OidcError::Token(error) => match error.cause.code {
                CauseCode::Credentials | CauseCode::PermissionMissing => Returned::CodeRefused,
                _ => Returned::ProviderDown,
            },
            OidcError::Call(CallError::Refused(no)) if (400..500).contains(&no.status) => {
                Returned::CodeRefused
            }
            OidcError::Unreadable(_) | OidcError::Call(_) => Returned::ProviderDown,
        }
    }
}

const BY_ADDRESS: &str = "SELECT json_quote(m.id) FROM members m WHERE m.usable = 1 AND m.id IN \
     (SELECT a.member FROM addresses a WHERE a.channel = 'lineworks' AND (a.value = ?1 \
     OR (?2 <> '' AND (lower(a.value) = ?2 OR lower(coalesce(a.label, '')) = ?2)))) LIMIT 2";

const BY_LOGIN: &str =
    "SELECT json_quote(id) FROM members WHERE usable = 1 AND ?1 = ?1 AND ?2 <> '' AND login_email = ?2";
