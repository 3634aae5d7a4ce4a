//! Signing in with LINE WORKS (lineworks.md §1.6): the person's own OAuth, beside the service account's tokens.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;
use shared::time::{MINUTE, Millis, SECOND};

use super::{
    client::{Client, TIMEOUT_MS, id_text},
    outcome::{About, CallError, Refusal},
};
use crate::{
    ports::HttpRequest,
    providers::{
        answer::text,
        encode::form,
        token::{self, TokenError},
    },
};

/// `openid` brings the id_token; `user.read` is what the app has anyway, and lets a person's token read that
/// person. No more is asked for: one scope that the app lacks fails the whole sign-in (lineworks.md §1.6).
const SCOPE: &str = "openid user.read";
/// The clocks may differ by so much.
const SKEW: Millis = MINUTE;

/// What a sign-in brought. Used once, kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcTokens {
    pub access_token: String,
    /// Only when `openid` was granted.
    pub id_token: Option<String>,
}

impl fmt::Debug for OidcTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OidcTokens(redacted)")
    }
}

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcPerson {
    pub user_id: String,
    /// Login ID; need not have a top-level domain.
    pub email: Option<String>,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The code was used, too old, or not for this app.
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("the answer lacks {0}")]
    Unreadable(&'static str),
    #[error("the id_token is for another app")]
    Audience,
    #[error("the id_token belongs to another sign-in")]
    Nonce,
    #[error("the id_token has expired")]
    Expired,
    #[error(transparent)]
    Call(#[from] CallError),
}

impl Client {
    /// Where the browser goes. `redirect_uri` must be registered at the app; `state` and `nonce` are random and
    /// kept with the browser's session.
    #[must_use]
    pub fn oidc_url(&self, redirect_uri: &str, state: &str, nonce: &str) -> String {
        let query = form(&[
            ("client_id", &self.settings.client_id),
            ("redirect_uri", redirect_uri),
            ("scope", SCOPE),
            ("response_type", "code"),
            ("state", state),
            ("nonce", nonce),
        ]);
        format!("{}/oauth2/v2.0/authorize?{query}", self.endpoints.auth)
    }

    /// Turns the code of the redirect into tokens: once, and within 10 minutes (lineworks.md §1.5).
    pub async fn oidc_exchange(&self, code: &str, redirect_uri: &str) -> Result<OidcTokens, OidcError> {
        let secret = &self.secret.client_secret;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", &self.settings.client_id),
            ("client_secret", secret),
            ("redirect_uri", redirect_uri),
        ];
        let url = format!("{}/oauth2/v2.0/token", self.endpoints.auth);
        let body = token::answered(&self.ports, url, &form, &[secret, code]).await?;
        Ok(OidcTokens {
            access_token: text(&body, "access_token").ok_or(OidcError::Unreadable("access_token"))?,
            id_token: text(&body, "id_token"),
        })
    }

    /// Who the tokens are of. The id_token says it where it is complete; that its `sub` is the user ID is
    /// known from one implementation only (lineworks.md §1.6 \[C1\]), so an incomplete one is not relied on and
    /// the directory is asked. One that contradicts the sign-in is refused.
    pub async fn oidc_person(&self, tokens: &OidcTokens, nonce: &str) -> Result<OidcPerson, OidcError> {
        let now = self.ports.clock.now();
        if let Some(id_token) = &tokens.id_token
            && let Some(person) = read(id_token, &self.settings.client_id, nonce, now)?
        {
            return Ok(person);
        }
        self.oidc_me(&tokens.access_token).await
    }

    /// `GET /users/me` with the person's own token.
    async fn oidc_me(&self, access_token: &str) -> Result<OidcPerson, OidcError> {
        let request = HttpRequest {
            method: "GET",
            url: format!("{}/users/me", self.endpoints.api),
            headers: vec![("authorization", format!("Bearer {access_token}"))],
            body: Vec::new(),
            timeout_ms: TIMEOUT_MS,
        };
        let response = self.ports.http.send(request).await.map_err(CallError::Io)?;
        if response.status != 200 {
            return Err(CallError::Refused(Refusal::read(About::Person, &response, access_token)).into());
        }
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        Ok(OidcPerson {
            user_id: body.get("userId").and_then(id_text).ok_or(OidcError::Unreadable("userId"))?,
            email: text(&body, "email"),
        })
    }
}

/// The claims of an id_token that came from the provider itself over TLS, so that its signature need not be
/// checked (OpenID Connect Core §3.1.3.7); where its keys are is not documented. `None` when it lacks what it
/// should say.
fn read(id_token: &str, client_id: &str, nonce: &str, now: Millis) -> Result<Option<OidcPerson>, OidcError> {
    let Some(claims) = claims(id_token) else { return Ok(None) };
    let is_us = |audience: &Value| audience.as_str() == Some(client_id);
    let audience = match claims.get("aud") {
        Some(Value::Array(all)) => Some(all.len() == 1 && all.iter().all(is_us)),
        Some(one) => Some(is_us(one)),
        None => None,
    };
    if audience == Some(false) {
        return Err(OidcError::Audience);
    }
    let said = claims.get("nonce").and_then(Value::as_str);
    if said.is_some_and(|said| said != nonce) {
        return Err(OidcError::Nonce);
    }
    let end = claims.get("exp").and_then(|exp| exp.as_i64().or_else(|| exp.as_str()?.parse().ok()));
    if end.is_some_and(|end| end.saturating_mul(SECOND).saturating_add(SKEW) <= now) {
        return Err(OidcError::Expired);
    }
    let complete = audience.is_some() && said.is_some() && end.is_some();
    let person = claims
        .get("sub")
        .and_then(id_text)
        .map(|user_id| OidcPerson { user_id, email: text(&claims, "email") });
    Ok(person.filter(|_| complete))
}

fn claims(id_token: &str) -> Option<Value> {
    let mut parts = id_token.split('.');
    let (_, claims) = (parts.next()?, parts.next()?);
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&claims).ok()
}

#[cfg(test)]
mod tests {
    use futures_executor::block_on;
    use serde_json::json;

    use super::{
        super::world::{NOW, TOKEN, World},
        *,
    };

    const ME: &str = "GET /users/me";

    fn id_token(claims: &Value) -> String {
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", part(&json!({"alg": "RS256"})), part(claims))
    }

    fn claims(other: &[(&str, Value)]) -> Value {
        let mut claims = json!({
            "sub": "U-sato", "aud": "client-1", "nonce": "n-1", "exp": NOW / 1_000 + 3_600, "email": "sato@minato",
        });
        for (name, value) in other {
            claims[*name] = value.clone();
        }
        claims
    }

    fn person(world: &World, id_token: Option<String>) -> Result<OidcPerson, OidcError> {
        let tokens = OidcTokens { access_token: "person-token".into(), id_token };
        block_on(world.client().oidc_person(&tokens, "n-1"))
    }

    fn sato() -> OidcPerson {
        OidcPerson { user_id: "U-sato".into(), email: Some("sato@minato".into()) }
    }

    #[test]
    fn the_browser_is_sent_with_everything_encoded() {
        let url = World::new().client().oidc_url("https://t.example/auth/callback/lineworks", "s&1", "n-1");
        assert_eq!(
            url,
            "https://auth.test/oauth2/v2.0/authorize?client_id=client-1\
             &redirect_uri=https%3A%2F%2Ft.example%2Fauth%2Fcallback%2Flineworks\
             &scope=openid%20user.read&response_type=code&state=s%261&nonce=n-1"
        );
    }

    #[test]
    fn a_code_becomes_tokens() {
        let world = World::new();
        world.on(
            TOKEN,
            200,
            &json!({"access_token": "person-token", "id_token": "a.b.c", "expires_in": "86400"}),
        );
        let tokens = block_on(world.client().oidc_exchange("c/1", "https://t.example/cb")).unwrap();
        let expected = OidcTokens { access_token: "person-token".into(), id_token: Some("a.b.c".into()) };
        assert_eq!(tokens, expected);
        assert_eq!(format!("{tokens:?}"), "OidcTokens(redacted)");
        assert_eq!(
            String::from_utf8(world.request(0).body).unwrap(),
            "grant_type=authorization_code&code=c%2F1&client_id=client-1&client_secret=s3cret%2F%2B\
             &redirect_uri=https%3A%2F%2Ft.example%2Fcb"
        );

        world.on(TOKEN, 400, &json!({"error": "invalid_grant", "error_description": "code c/1 of s3cret/+"}));
        let refused = block_on(world.client().oidc_exchange("c/1", "https://t.example/cb"));
        let Err(OidcError::Token(error)) = refused else { panic!("{refused:?}") };
        assert_eq!(error.cause.detail, "400 invalid_grant code *** of ***");
        world.on(TOKEN, 200, &json!({}));
        let empty = block_on(world.client().oidc_exchange("c", "https://t.example/cb"));
        assert_eq!(empty, Err(OidcError::Unreadable("access_token")));
        world.asked();
    }

    #[test]
    fn a_complete_id_token_names_the_person() {
        for claims in [claims(&[]), claims(&[("aud", json!(["client-1"]))])] {
            let world = World::new();
            assert_eq!(person(&world, Some(id_token(&claims))), Ok(sato()));
            assert_eq!(world.asked(), [""; 0]);
        }
    }

    #[test]
    fn an_incomplete_one_makes_the_directory_be_asked() {
        let lacking = ["sub", "aud", "nonce", "exp"].map(|name| {
            let mut claims = claims(&[("sub", json!("U-other"))]);
            claims.as_object_mut().unwrap().remove(name);
            Some(id_token(&claims))
        });
        let odd = [None, Some(String::new()), Some("a.!.c".into()), Some(id_token(&json!([])))];
        for id_token in lacking.into_iter().chain(odd) {
            let world = World::new();
            world.on(ME, 200, &json!({"userId": "U-sato", "email": "sato@minato"}));
            assert_eq!(person(&world, id_token), Ok(sato()));
            assert_eq!(world.asked(), [ME]);
            assert_eq!(world.request(0).headers, [("authorization", "Bearer person-token".to_owned())]);
        }
    }

    #[test]
    fn one_of_another_sign_in_is_refused_and_nobody_is_asked() {
        for (claim, value, error) in [
            ("aud", json!("client-2"), OidcError::Audience),
            ("aud", json!(["client-1", "client-2"]), OidcError::Audience),
            ("aud", json!([]), OidcError::Audience),
            ("nonce", json!("n-2"), OidcError::Nonce),
            ("nonce", json!(""), OidcError::Nonce),
            ("exp", json!(NOW / 1_000 - 61), OidcError::Expired),
            ("exp", json!(i64::MIN), OidcError::Expired),
        ] {
            let world = World::new();
            let token = id_token(&claims(&[(claim, value.clone())]));
            assert_eq!(person(&world, Some(token)), Err(error), "{claim} {value}");
            assert_eq!(world.asked(), [""; 0]);
        }
    }

    #[test]
    fn a_directory_that_does_not_answer_signs_nobody_in() {
        let world = World::new();
        world.on(ME, 403, &json!({"code": "FORBIDDEN", "description": "person-token lacks user.read"}));
        let refused = person(&world, None).unwrap_err();
        assert!(
            matches!(refused, OidcError::Call(CallError::Refused(_)))
                && !refused.to_string().contains("person-token")
        );
        world.on(ME, 200, &json!({"email": "sato@minato"}));
        assert_eq!(person(&world, None), Err(OidcError::Unreadable("userId")));
        world.asked();
    }
}
