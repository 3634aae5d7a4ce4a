//! Channel access tokens: long-lived, short-lived, v2.1 by JWT, stateless (line.md §2).

use std::collections::BTreeMap;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::super::{Reply, World};
use super::{Call, Line, oauth_error, refusal};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const AUDIENCE: &str = "https://api.line.me/";
const MONTH_S: i64 = 30 * 24 * 60 * 60;
const STATELESS_S: i64 = 15 * 60;
/// How far ahead an assertion's `exp` may lie.
const ASSERTION_S: i64 = 30 * 60;
/// Live short-lived tokens, and live v2.1 tokens, of one channel.
const COUNT_MAX: usize = 30;

/// An assertion signing key that was registered in the console.
#[derive(Debug, Clone)]
pub(crate) struct AssertionKey {
    pub(crate) kid: String,
    public_pem: String,
}

impl AssertionKey {
    pub(crate) fn new(kid: String, public_pem: &str) -> Self {
        Self { kid, public_pem: public_pem.to_owned() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    LongLived,
    ShortLived,
    V21,
    Stateless,
}

/// One channel access token.
#[derive(Debug, Clone)]
pub(super) struct ChannelToken {
    pub(super) channel: i64,
    kind: Kind,
    key_id: String,
    issued_ms: i64,
    expires_ms: i64,
}

impl ChannelToken {
    /// Deauthorizing wants a v2.1 or a stateless token (line.md §1.4).
    pub(super) fn may_deauthorize(&self) -> bool {
        matches!(self.kind, Kind::V21 | Kind::Stateless)
    }
}

/// Every token by its text.
#[derive(Debug, Clone, Default)]
pub(super) struct Tokens(BTreeMap<String, ChannelToken>);

impl Tokens {
    pub(super) fn find(&self, token: &str, now_ms: i64) -> Option<&ChannelToken> {
        self.0.get(token).filter(|token| now_ms < token.expires_ms)
    }

    /// The console's long-lived token: a channel has one, a new one ends the old.
    pub(super) fn keep_long_lived(&mut self, channel: i64, text: &str) {
        self.0.retain(|_, token| token.channel != channel || token.kind != Kind::LongLived);
        let token = ChannelToken {
            channel,
            kind: Kind::LongLived,
            key_id: String::new(),
            issued_ms: 0,
            expires_ms: i64::MAX,
        };
        self.0.insert(text.to_owned(), token);
    }

    fn live(&self, channel: i64, kind: Kind, now_ms: i64) -> impl Iterator<Item = (&String, &ChannelToken)> {
        self.0.iter().filter(move |(_, token)| {
            token.channel == channel && token.kind == kind && now_ms < token.expires_ms
        })
    }

    /// Live tokens of a channel, of all kinds.
    pub(super) fn count(&self, channel: i64, now_ms: i64) -> usize {
        self.0.values().filter(|token| token.channel == channel && now_ms < token.expires_ms).count()
    }
}

impl World {
    /// The console issues a new long-lived token, and the old one ends.
    pub fn line_reissue_token(&mut self, channel: i64) -> Option<String> {
        let text = self.rng.hex(8);
        self.line.messaging_mut(channel)?.token.clone_from(&text);
        self.line.tokens.keep_long_lived(channel, &text);
        Some(text)
    }

    /// Live channel access tokens, to see that a client does not mint one per call.
    #[must_use]
    pub fn line_live_tokens(&self, channel: i64, now_ms: i64) -> usize {
        self.line.tokens.count(channel, now_ms)
    }
}

/// v2.1, from `POST /oauth2/v2.1/token` with `client_credentials`.
pub(super) fn issue_v21(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let (channel, claims) = assertion(&world.line, call)?;
    let seconds = claims.get("token_exp").and_then(Value::as_i64).filter(|s| (1..=MONTH_S).contains(s));
    let seconds = seconds.ok_or_else(|| invalid_client("Invalid token_exp"))?;
    if world.line.tokens.live(channel, Kind::V21, call.now_ms).count() >= COUNT_MAX {
        return Err(refusal(400, "The maximum number of access tokens has already been issued"));
    }
    let (text, key_id) = make(world, channel, Kind::V21, seconds, call.now_ms);
    let body = json!({"access_token": text, "expires_in": seconds, "token_type": "Bearer", "key_id": key_id});
    let _ = world.hold(
        crate::contract::Side::Answer,
        "line-token:IssueChannelAccessTokenResponse",
        &body,
        call.now_ms,
    );
    Ok(Reply::json(200, &body))
}

pub(super) fn stateless(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    grant(call)?;
    let channel = match call.field("client_assertion") {
        Some(_) => assertion(&world.line, call)?.0,
        None => client(&world.line, call)?,
    };
    let (text, _) = make(world, channel, Kind::Stateless, STATELESS_S, call.now_ms);
    let body = json!({"access_token": text, "expires_in": STATELESS_S, "token_type": "Bearer"});
    Ok(Reply::json(200, &body))
}

pub(super) fn short_lived(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    grant(call)?;
    let channel = client(&world.line, call)?;
    let live: Vec<(i64, String)> = world
        .line
        .tokens
        .live(channel, Kind::ShortLived, call.now_ms)
        .map(|(text, token)| (token.issued_ms, text.clone()))
        .collect();
    if live.len() >= COUNT_MAX
        && let Some((_, oldest)) = live.into_iter().min()
    {
        world.line.tokens.0.remove(&oldest);
    }
    let (text, _) = make(world, channel, Kind::ShortLived, MONTH_S, call.now_ms);
    let body = json!({"access_token": text, "expires_in": MONTH_S, "token_type": "Bearer"});
    Ok(Reply::json(200, &body))
}

/// Long- and short-lived ones.
pub(super) fn verify(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let token = world.line.tokens.find(call.required("access_token")?, call.now_ms);
    let token = token.filter(|token| matches!(token.kind, Kind::LongLived | Kind::ShortLived));
    let token = token.ok_or_else(|| oauth_error("invalid_request", "access token expired"))?;
    Ok(Reply::json(200, &verified(token, call.now_ms)))
}

pub(super) fn revoke_old(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let text = call.required("access_token")?.to_owned();
    // Unknown ones are no error (OAuth's rule for revocation).
    if world.line.tokens.find(&text, call.now_ms).is_some_and(|token| token.kind != Kind::Stateless) {
        world.line.tokens.0.remove(&text);
    }
    Ok(Reply::empty(200))
}

pub(super) fn kids(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let query = |name: &str| call.request.query(name).unwrap_or_default();
    if query("client_assertion_type") != ASSERTION_TYPE {
        return Err(oauth_error("invalid_request", "client_assertion_type is invalid"));
    }
    let (channel, _) = check_assertion(&world.line, &query("client_assertion"), call.now_ms)?;
    let live = world.line.tokens.live(channel, Kind::V21, call.now_ms);
    let kids: Vec<String> = live.map(|(_, token)| token.key_id.clone()).collect();
    Ok(Reply::json(200, &json!({"kids": kids})))
}

/// What `GET /oauth2/v2.1/verify` says of a v2.1 token; `None` when it is none.
pub(super) fn verify_v21(world: &World, text: &str, now_ms: i64) -> Option<Value> {
    let token = world.line.tokens.find(text, now_ms)?;
    (token.kind == Kind::V21).then(|| verified(token, now_ms))
}

/// Ends a v2.1 token of this channel.
pub(super) fn revoke_v21(world: &mut World, call: &Call<'_>, text: &str) -> Result<bool, Reply> {
    let Some(token) = world.line.tokens.find(text, call.now_ms) else { return Ok(false) };
    let (kind, channel) = (token.kind, token.channel);
    if kind != Kind::V21 || client(&world.line, call)? != channel {
        return Ok(false);
    }
    world.line.tokens.0.remove(text);
    Ok(true)
}

/// The channel of `client_id` and `client_secret`, Login or Messaging.
pub(super) fn client(line: &Line, call: &Call<'_>) -> Result<i64, Reply> {
    let (id, secret) = (call.required("client_id")?, call.required("client_secret")?);
    let channels = line.providers.iter().flat_map(|one| {
        [
            (one.login.channel_id, one.login.secret.as_str()),
            (one.messaging.channel_id, one.messaging.secret.as_str()),
        ]
    });
    let mut matching = channels.filter(|(channel, known)| channel.to_string() == id && *known == secret);
    matching.next().map(|(channel, _)| channel).ok_or_else(|| invalid_client("invalid client"))
}

fn grant(call: &Call<'_>) -> Result<(), Reply> {
    match call.required("grant_type")? {
        "client_credentials" => Ok(()),
        _ => Err(oauth_error("unsupported_grant_type", "unsupported grant type")),
    }
}

fn assertion(line: &Line, call: &Call<'_>) -> Result<(i64, Value), Reply> {
    if call.required("client_assertion_type")? != ASSERTION_TYPE {
        return Err(oauth_error("invalid_request", "client_assertion_type is invalid"));
    }
    check_assertion(line, call.required("client_assertion")?, call.now_ms)
}

/// The channel that a JWT speaks for, and its claims.
fn check_assertion(line: &Line, jwt: &str, now_ms: i64) -> Result<(i64, Value), Reply> {
    let header = jsonwebtoken::decode_header(jwt).map_err(|_| invalid_client("Invalid client_assertion"))?;
    let kid = header.kid.ok_or_else(|| invalid_client("kid is required"))?;
    let keys = line.providers.iter().flat_map(|one| {
        let login = one.login.assertion_keys.iter().map(|key| (one.login.channel_id, key));
        login.chain(one.messaging.assertion_keys.iter().map(|key| (one.messaging.channel_id, key)))
    });
    let (channel, key) = keys
        .into_iter()
        .find(|(_, key)| key.kid == kid)
        .ok_or_else(|| refusal(404, "Cannot find channel key that satisfies the conditions"))?;
    let public = DecodingKey::from_rsa_pem(key.public_pem.as_bytes())
        .map_err(|_| invalid_client("Invalid client_assertion"))?;
    let mut validation = Validation::new(Algorithm::RS256);
    // The claims are checked below, at the world's time.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    let claims = jsonwebtoken::decode::<Value>(jwt, &public, &validation)
        .map_err(|_| invalid_client("Invalid client_assertion"))?
        .claims;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let id = channel.to_string();
    if text("iss") != id || text("sub") != id {
        return Err(invalid_client("Invalid iss or sub"));
    }
    if text("aud") != AUDIENCE {
        return Err(invalid_client("Invalid aud"));
    }
    let exp = claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
    let now_s = now_ms.div_euclid(1_000);
    if exp <= now_s || exp > now_s + ASSERTION_S {
        return Err(invalid_client("Invalid exp"));
    }
    Ok((channel, claims))
}

fn make(world: &mut World, channel: i64, kind: Kind, seconds: i64, now_ms: i64) -> (String, String) {
    world.line.tokens.0.retain(|_, token| now_ms < token.expires_ms);
    let (text, key_id) = (world.rng.hex(6), world.rng.hex(1));
    let expires_ms = now_ms + seconds * 1_000;
    let token = ChannelToken { channel, kind, key_id: key_id.clone(), issued_ms: now_ms, expires_ms };
    world.line.tokens.0.insert(text.clone(), token);
    (text, key_id)
}

fn verified(token: &ChannelToken, now_ms: i64) -> Value {
    // What a token without an end answers here is not documented; 30 days stand for "long".
    let seconds = (token.expires_ms.saturating_sub(now_ms) / 1_000).min(MONTH_S);
    json!({"client_id": token.channel.to_string(), "expires_in": seconds, "scope": "profile chat_message.write"})
}

fn invalid_client(description: &str) -> Reply {
    oauth_error("invalid_client", description)
}
