//! LINE Login v2.1 for the web (line.md §1): how a person links their LINE account and adds the account's bot.
//!
//! 1. [`Client::authorize_url`] sends the browser to LINE.
//! 2. It comes back with a code, which [`Client::exchange_code`] turns into tokens.
//! 3. [`Client::verify_login`] says who it is.
//! 4. [`Client::friendship`] says whether the bot can reach them: never the redirect, never a 200.
//! 5. When they unlink, [`Client::deauthorize`].

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{
    lang::Lang,
    time::{Millis, SECOND},
};

use super::{
    client::{Call, Client},
    id_token::{Claims, IdTokenError, verify_id_token},
    outcome::{About, CallError},
};
use crate::providers::{answer::text, encode};

/// One attempt to log in. Everything in it is random and of this attempt only, but `redirect`.
#[derive(Clone, Copy)]
pub struct LoginAttempt<'a> {
    /// A callback URL that is registered with the Login channel; extra query parameters are allowed.
    pub redirect: &'a str,
    /// Letters and digits only.
    pub state: &'a str,
    pub nonce: &'a str,
    /// [`pkce_challenge`] of the verifier.
    pub challenge: &'a str,
}

/// What a code is worth.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginTokens {
    pub user: UserToken,
    /// For [`Client::verify_login`].
    pub id_token: String,
}

/// A person's own access token. It is needed again when they unlink, so that it is kept, sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserToken {
    pub access_token: String,
    /// Good for 90 days from the login, however often it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// 30 days from the login or the last refresh.
    pub expires_at: Millis,
}

impl fmt::Debug for LoginTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginTokens(redacted)")
    }
}

impl fmt::Debug for UserToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserToken {{ expires_at: {} }}", self.expires_at)
    }
}

/// The S256 challenge of a PKCE `verifier` (43 to 128 of `A-Za-z0-9-._~`).
#[must_use]
pub fn pkce_challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Whether `error` of the redirect says that the person changed their mind, rather than that something is
/// wrong. LINE writes its codes in upper case.
#[must_use]
pub fn is_cancelled(error: &str) -> bool {
    error.eq_ignore_ascii_case("access_denied")
}

impl Client {
    /// Where the browser goes. `bot_prompt=aggressive` asks for the friendship on a page of its own, if the
    /// account is linked with the Login channel in the console.
    #[must_use]
    pub fn authorize_url(&self, attempt: &LoginAttempt<'_>, lang: Lang) -> String {
        let query = encode::form(&[
            ("response_type", "code"),
            ("client_id", &self.settings.login_channel_id),
            ("redirect_uri", attempt.redirect),
            ("state", attempt.state),
            ("scope", "openid profile"),
            ("nonce", attempt.nonce),
            ("bot_prompt", "aggressive"),
            ("code_challenge", attempt.challenge),
            ("code_challenge_method", "S256"),
            ("ui_locales", lang.tag()),
        ]);
        format!("{}/oauth2/v2.1/authorize?{query}", self.endpoints.access)
    }

    /// Turns the redirect's `code` (good once, for 10 minutes) into tokens. `redirect` is the attempt's.
    pub async fn exchange_code(
        &self,
        code: &str,
        redirect: &str,
        verifier: &str,
    ) -> Result<LoginTokens, CallError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        let answer = self.login_form("/oauth2/v2.1/token", &form, &[code, verifier]).await?;
        Ok(LoginTokens {
            user: self.user_token(&answer)?,
            id_token: text(&answer, "id_token").ok_or(CallError::Unreadable("id_token"))?,
        })
    }

    /// A new access token for an old one. A refused refresh token is [`CallError::Refused`] with 400: the person
    /// would have to log in again.
    pub async fn refresh(&self, refresh_token: &str) -> Result<UserToken, CallError> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        let answer = self.login_form("/oauth2/v2.1/token", &form, &[refresh_token]).await?;
        self.user_token(&answer)
    }

    /// Who logged in: [`verify_id_token`] with this Login channel, now.
    pub fn verify_login(&self, id_token: &str, nonce: &str) -> Result<Claims, IdTokenError> {
        let id = &self.settings.login_channel_id;
        verify_id_token(id_token, id, &self.secret.login_channel_secret, nonce, self.ports.clock.now())
    }

    /// Whether the person is a friend of the account and has not blocked it.
    pub async fn friendship(&self, access_token: &str) -> Result<bool, CallError> {
        let call = Call { about: About::Login, ..Call::get("/friendship/v1/status") };
        let answer = self.call_as(call, access_token).await?;
        answer.get("friendFlag").and_then(Value::as_bool).ok_or(CallError::Unreadable("friendFlag"))
    }

    /// Takes back everything the person granted; LINE's guidelines want it when they unlink. False when the
    /// access token is not good any more, so that there is nothing to take back with it.
    pub async fn deauthorize(&self, access_token: &str) -> Result<bool, CallError> {
        let channel = self.stateless_for_login().await?;
        let body = json!({"userAccessToken": access_token});
        let call = Call {
            about: About::Login,
            method: "POST",
            path: "/user/v1/deauthorize",
            body: Some(&body),
            retry_key: None,
        };
        match self.call_as(call, &channel.token).await {
            Ok(_) => Ok(true),
            Err(CallError::Refused(refusal)) if refusal.status == 400 => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes one access token worthless, and leaves what the person granted.
    pub async fn revoke(&self, access_token: &str) -> Result<(), CallError> {
        let form = [("access_token", access_token)];
        self.login_form("/oauth2/v2.1/revoke", &form, &[access_token]).await.map(drop)
    }

    /// With the Login channel's own credentials.
    async fn login_form(
        &self,
        path: &str,
        form: &[(&str, &str)],
        secrets: &[&str],
    ) -> Result<Value, CallError> {
        let secret = self.secret.login_channel_secret.as_str();
        let own = [("client_id", self.settings.login_channel_id.as_str()), ("client_secret", secret)];
        self.post_form(path, &[form, &own].concat(), &[secrets, &[secret]].concat()).await
    }

    fn user_token(&self, answer: &Value) -> Result<UserToken, CallError> {
        let seconds = answer.get("expires_in").and_then(Value::as_i64).unwrap_or_default();
        Ok(UserToken {
            access_token: text(answer, "access_token").ok_or(CallError::Unreadable("access_token"))?,
            refresh_token: text(answer, "refresh_token"),
            expires_at: self.ports.clock.now() + seconds.clamp(0, 31 * 86_400) * SECOND,
        })
    }
}
