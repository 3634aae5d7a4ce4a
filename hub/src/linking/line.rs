//! Linking LINE by login (line.md §1, §6 A), and giving it back.

use std::rc::Rc;

use futures_util::future::join;
use shared::{
    api::{
        integrations::{Provider, Redirect},
        linking::Returned,
    },
    channel::{AddressState, Channel},
    error::{Code, Error},
    id::{EventId, MemberId},
    lang::Lang,
    time::MINUTE,
};

use super::{Address, New, Stop};
use crate::{
    clients::{Client, Line, Outbound},
    http::Input,
    hub::Hub,
    inbox::linked,
    providers::line::{CallError, LoginAttempt, UserToken, is_cancelled, pkce_challenge},
    refusal::Refusal,
    sessions::{SignedIn, hash_of},
};

/// Whether the account's bot reaches somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Friendship {
    Friend,
    /// Not yet, or blocked.
    Not,
    /// A friend of the account that is linked with the Login channel, which is not the one that sends.
    OtherAccount,
    /// Neither question was answered.
    Unknown,
}

impl Hub {
    /// `POST /api/me/channels/line/link`: where the member's browser goes to log in. Errors: `not_connected`.
    pub(crate) async fn start_line_login(&self, input: &Input, lang: Lang) -> Result<Redirect, Refusal> {
        let (integration, client) = self.serving(Channel::Line).await?;
        let Client::Line(account) = client else { return Err(not_connected()) };
        let token = self.session_token(input.header("cookie")).ok_or(Code::NotSignedIn)?;
        let state = self.new_state(Provider::Line, token, &integration);
        let url = account.client.authorize_url(
            &LoginAttempt {
                redirect: &self.redirect_url(Provider::Line),
                state: &state,
                nonce: &self.nonce_of(Provider::Line, &state),
                challenge: &pkce_challenge(&self.verifier_of(Provider::Line, &state)),
            },
            lang,
        );
        Ok(Redirect { url })
    }

    /// `GET /auth/callback/line`: the browser is back.
    pub(crate) async fn finish_line_login(self: &Rc<Self>, input: &Input) -> Returned {
        match self.line_login(input).await {
            Ok(returned) => returned,
            Err(stop) => self.told("LINE login", stop),
        }
    }

    /// 1. Whose browser is it?
    /// 2. What does LINE say?
    /// 3. Who logged in?
    /// 4. Does the bot reach them?
    /// 5. Does nobody else have that account?
    /// 6. Keep the token, write the address.
    async fn line_login(self: &Rc<Self>, input: &Input) -> Result<Returned, Stop> {
        let cookie = input.header("cookie");
        let me = self.signed_in(cookie)?;
        // LINE need not send the state along with an error (line.md §1.1).
        if let Some(error) = input.asked("error") {
            if is_cancelled(error) {
                return Err(Returned::Cancelled.into());
            }
            self.ports.log.line("LINE login: came back with an error");
            return Err(Returned::CodeRefused.into());
        }
        let state = input.asked("state").ok_or(Returned::Forged)?;
        let integration = self.read_state(Provider::Line, self.session_token(cookie), state)?;
        let code = input.asked("code").ok_or(Returned::Forged)?;
        let Some(Client::Line(account)) = self.client(integration.as_str()).await? else {
            return Err(Returned::NotConnected.into());
        };
        let verifier = self.verifier_of(Provider::Line, state);
        let tokens = account
            .client
            .exchange_code(code, &self.redirect_url(Provider::Line), &verifier)
            .await
            .map_err(|error| self.login_refused(&error))?;
        let claims = account
            .client
            .verify_login(&tokens.id_token, &self.nonce_of(Provider::Line, state))
            .map_err(|error| {
                self.ports.log.line(&format!("LINE login: {error}"));
                Returned::NotVerified
            })?;
        let user = claims.user_id.as_str();
        let token = tokens.user.access_token.as_str();
        let friendship = self.friendship(&account, Some(token), user).await;
        if let Err(taken) = self.refuse_taken(&me.id, Channel::Line, user) {
            // Not deauthorised: that would take it from the member who has it.
            if let Err(error) = account.client.revoke(token).await {
                self.ports.log.line(&format!("LINE login: a token was not revoked: {error}"));
            }
            return Err(taken.into());
        }
        self.keep_line_token(&me.id, user, &tokens.user).await?;
        let reached = friendship == Friendship::Friend;
        let new = New {
            channel: Channel::Line,
            value: user,
            label: claims.name.as_deref().unwrap_or("LINE"),
            state: if reached { AddressState::Linked } else { AddressState::Unverified },
        };
        let old = self.write_own_address(&me.id, &new)?;
        if let Some(old) = old.as_ref().filter(|old| old.value != user) {
            self.forget_line_user(&me.id, &old.value).await;
        }
        Ok(match friendship {
            Friendship::Friend => {
                if !was_linked(old.as_ref(), user) {
                    self.say_linked(&account, &me, user).await;
                }
                Returned::Ok
            }
            Friendship::OtherAccount => Returned::OtherAccount,
            Friendship::Not | Friendship::Unknown => Returned::AddFriend,
        })
    }

    /// Asks the Login side and the account itself. The first is about the account that is linked with the Login
    /// channel; what it answers without one is not confirmed (line.md §1.4), so that the second decides then.
    pub(super) async fn friendship(&self, account: &Line, token: Option<&str>, user: &str) -> Friendship {
        let flag = async {
            match token {
                Some(token) => account.client.friendship(token).await.ok(),
                None => None,
            }
        };
        let (flag, profile) = join(flag, account.client.profile(user)).await;
        match (flag, profile) {
            (Some(true), Ok(None)) => Friendship::OtherAccount,
            (Some(true), _) | (None, Ok(Some(_))) => Friendship::Friend,
            (Some(false), _) | (None, Ok(None)) => Friendship::Not,
            (None, Err(error)) => {
                self.ports.log.line(&format!("LINE login: friendship is not known: {error}"));
                Friendship::Unknown
            }
        }
    }

    /// The member's own access token, renewed when it is over; `None` when there is none that could be good.
    pub(super) async fn line_token(&self, account: &Line, member: &MemberId, user: &str) -> Option<String> {
        let name = token_name(member, user);
        let kept = self.vault.get_named(&*self.ports.kv, &*self.ports.random, &name).await;
        let kept: UserToken = serde_json::from_slice(&kept.ok()??).ok()?;
        if kept.expires_at > self.now() + MINUTE {
            return Some(kept.access_token);
        }
        let renewed = account.client.refresh(kept.refresh_token.as_deref()?).await.ok()?;
        // The same refresh token goes on being good (line.md §1.2), should the answer not repeat it.
        let renewed =
            UserToken { refresh_token: renewed.refresh_token.clone().or(kept.refresh_token), ..renewed };
        if self.keep_line_token(member, user, &renewed).await.is_err() {
            self.ports.log.line("a renewed LINE token was not kept");
        }
        Some(renewed.access_token)
    }

    /// Takes back what the person granted, as LINE's guidelines want (line.md §1.4), and forgets the token.
    pub(super) async fn forget_line_user(self: &Rc<Self>, member: &MemberId, user: &str) {
        if let Ok((_, Client::Line(account))) = self.serving(Channel::Line).await {
            match self.line_token(&account, member, user).await {
                Some(token) => match account.client.deauthorize(&token).await {
                    Ok(true) => {}
                    Ok(false) => self.ports.log.line("LINE had nothing to deauthorise any more"),
                    Err(error) => self.ports.log.line(&format!("LINE was not deauthorised: {error}")),
                },
                None => self.ports.log.line("LINE was not deauthorised: there is no token any more"),
            }
        }
        let name = token_name(member, user);
        if let Err(error) = self.vault.delete_named(&*self.ports.kv, &name).await {
            self.ports.log.line(&format!("a LINE token was not forgotten: {error}"));
        }
    }

    async fn keep_line_token(&self, member: &MemberId, user: &str, token: &UserToken) -> Result<(), Refusal> {
        let (kv, random) = (&*self.ports.kv, &*self.ports.random);
        let plain = serde_json::to_vec(token)?;
        Ok(self.vault.put_named(kv, random, &token_name(member, user), &plain).await?)
    }

    /// The completion message, where it did not follow on an event: who was a friend before does not become
    /// one. The page says the same, so that a message that does not arrive is not repeated.
    async fn say_linked(&self, account: &Rc<Line>, me: &SignedIn, user: &str) {
        let Ok(workspace) = self.workspace() else { return };
        let id = EventId::new(self.now(), self.random()).to_string();
        let message = linked(me.language, &self.config.public_url);
        let outbound = Outbound::plain(&id, user, me.language, &workspace.name, &message, self.now());
        self.send(&Client::Line(Rc::clone(account)), &outbound).await;
    }

    fn login_refused(&self, error: &CallError) -> Returned {
        self.ports.log.line(&format!("LINE login: {error}"));
        match error {
            CallError::Refused(no) if (400..500).contains(&no.status) && no.status != 429 => {
                Returned::CodeRefused
            }
            _ => Returned::ProviderDown,
        }
    }
}

pub(super) fn not_connected() -> Refusal {
    Error::field(Code::NotConnected, "channel").into()
}

fn was_linked(old: Option<&Address>, user: &str) -> bool {
    old.is_some_and(|old| old.value == user && old.state == AddressState::Linked)
}

/// One place for each member and account. It is written again when the token is renewed: a stale read brings
/// the older token of the same person, which is renewed again or refused.
pub(super) fn token_name(member: &MemberId, user: &str) -> String {
    format!("line.{member}.{}", hash_of(user))
}
