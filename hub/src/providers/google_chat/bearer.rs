//! Whether a callback is Google Chat's: the Bearer token of its `Authorization` header, in both modes of an
//! app's configuration (google_chat.md §5.3).

use jsonwebtoken::{Algorithm, Validation, decode_header, errors::ErrorKind};
use serde::Deserialize;
use serde_json::Value;
use shared::time::{MINUTE, Millis, SECOND};

use super::{Endpoints, Keys, keys::KeyError};
use crate::ports::Ports;

/// Who sends all callbacks.
const CHAT: &str = "chat@system.gserviceaccount.com";
/// Who issues OIDC tokens.
const ACCOUNTS: &str = "https://accounts.google.com";
/// The clocks may differ by so much.
const SKEW: Millis = MINUTE;
/// Real tokens are about 1,000 bytes; nothing longer is looked into.
const LONGEST: usize = 8_000;

/// Whom a token must be made out to: the mode chosen in the app's configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience<'a> {
    /// The Cloud project's number.
    ProjectNumber(&'a str),
    /// The callback URL, exactly as configured: a trailing slash makes another one.
    EndpointUrl(&'a str),
}

/// Why a token is not believed. All but [`Self::NoKeys`] are answered with 401.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BearerError {
    #[error("no bearer token")]
    Missing,
    #[error("not a token that can be read")]
    Malformed,
    #[error("not signed with RS256")]
    Algorithm,
    #[error("signed with a key that is not Google's")]
    UnknownKey,
    #[error("the signature is wrong")]
    Signature,
    #[error("made by another issuer")]
    Issuer,
    #[error("made out to another audience")]
    Audience,
    #[error("expired")]
    Expired,
    #[error("not valid yet")]
    TooEarly,
    #[error("of another sender than Google Chat")]
    Sender,
    /// Google's keys could not be fetched: it is unknown whether the token is good. Answered with 503, so that
    /// Google tries again.
    #[error("the keys could not be fetched: {0}")]
    NoKeys(String),
}

impl Keys {
    /// Checks the value of a callback's `Authorization` header at the time `now`. `endpoints` says where the
    /// keys are, which are fetched when they are not known yet.
    pub async fn verify(
        &self,
        ports: &Ports,
        endpoints: &Endpoints,
        authorization: Option<&str>,
        audience: Audience<'_>,
        now: Millis,
    ) -> Result<(), BearerError> {
        let token = bearer(authorization)?;
        let header = decode_header(token).map_err(|error| unread(error.kind()))?;
        // Before the key is looked for: what is not RS256 is worth no fetch.
        if header.alg != Algorithm::RS256 {
            return Err(BearerError::Algorithm);
        }
        let kid = header.kid.ok_or(BearerError::UnknownKey)?;
        let url = format!("{}{}", endpoints.keys, path(audience));
        let key = self.find(ports, &url, &kid).await.map_err(|error| match error {
            KeyError::Unknown => BearerError::UnknownKey,
            KeyError::Unavailable(why) => BearerError::NoKeys(why),
        })?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules())
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => BearerError::Signature,
                ErrorKind::InvalidAlgorithm => BearerError::Algorithm,
                _ => BearerError::Malformed,
            })?
            .claims;
        claims.check(audience, now)
    }
}

/// Where the keys of a mode are. The signer of the OIDC mode is documented to be Google's own; that its keys
/// are at this address is general knowledge (google_chat.md §7).
const fn path(audience: Audience<'_>) -> &'static str {
    match audience {
        Audience::ProjectNumber(_) => "/service_accounts/v1/metadata/x509/chat@system.gserviceaccount.com",
        Audience::EndpointUrl(_) => "/oauth2/v3/certs",
    }
}

fn bearer(authorization: Option<&str>) -> Result<&str, BearerError> {
    let (scheme, token) =
        authorization.and_then(|value| value.trim().split_once(' ')).ok_or(BearerError::Missing)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        Err(BearerError::Missing)
    } else if token.len() > LONGEST {
        Err(BearerError::Malformed)
    } else {
        Ok(token)
    }
}

/// An algorithm that the library does not know (`none` …) does not parse at all.
fn unread(kind: &ErrorKind) -> BearerError {
    match kind {
        ErrorKind::Json(_) | ErrorKind::InvalidAlgorithmName | ErrorKind::InvalidAlgorithm => {
            BearerError::Algorithm
        }
        _ => BearerError::Malformed,
    }
}

/// Only the signature: the claims are checked here, one by one, at a time that was handed in.
fn rules() -> Validation {
    let mut rules = Validation::new(Algorithm::RS256);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_nbf = false;
    rules.validate_aud = false;
    rules
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    iss: Value,
    #[serde(default)]
    aud: Value,
    #[serde(default)]
    exp: Value,
    #[serde(default)]
    iat: Value,
    #[serde(default)]
    nbf: Value,
    #[serde(default)]
    email: Value,
    #[serde(default)]
    email_verified: Value,
}

impl Claims {
    fn check(&self, audience: Audience<'_>, now: Millis) -> Result<(), BearerError> {
        let (issuer, wanted) = match audience {
            Audience::ProjectNumber(number) => (CHAT, number),
            Audience::EndpointUrl(url) => (ACCOUNTS, url),
        };
        if self.iss.as_str() != Some(issuer) {
            return Err(BearerError::Issuer);
        }
        // One audience, as text: a list could name us among others.
        if wanted.is_empty() || self.aud.as_str() != Some(wanted) {
            return Err(BearerError::Audience);
        }
        if millis(&self.exp).is_none_or(|exp| exp.saturating_add(SKEW) <= now) {
            return Err(BearerError::Expired);
        }
        for begin in [&self.iat, &self.nbf] {
            if millis(begin).is_some_and(|begin| begin.saturating_sub(SKEW) > now) {
                return Err(BearerError::TooEarly);
            }
        }
        // An OIDC token says who calls; the other is signed by the sender itself.
        let sender = self.email.as_str() == Some(CHAT) && self.email_verified.as_bool() == Some(true);
        if matches!(audience, Audience::EndpointUrl(_)) && !sender {
            return Err(BearerError::Sender);
        }
        Ok(())
    }
}

/// Whole seconds as milliseconds.
fn millis(seconds: &Value) -> Option<Millis> {
    seconds.as_i64().map(|seconds| seconds.saturating_mul(SECOND))
}
