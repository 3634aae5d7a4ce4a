//! LINE Login v2.1 behind the browser: codes, id_tokens, profile, friendship, ending it (line.md §1.2–1.4).

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::{Reply, World};
use super::{Call, oauth_error, refusal, tokens};

const CODE_MS: i64 = 10 * 60 * 1000;
const ACCESS_S: i64 = 30 * 24 * 60 * 60;
const REFRESH_MS: i64 = 90 * 24 * 60 * 60 * 1000;
const ID_TOKEN_S: i64 = 60 * 60;
const ISSUER: &str = "https://access.line.me";

/// What people granted and what stands for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Sessions {
    codes: BTreeMap<String, Code>,
    tokens: BTreeMap<String, UserToken>,
    refresh: BTreeMap<String, Refresh>,
    /// Scopes by Login channel and person; what is here is not asked again.
    grants: BTreeMap<(i64, String), BTreeSet<String>>,
}

/// A code on its way to the token endpoint.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) channel: i64,
    pub(super) person: String,
    pub(super) redirect_uri: String,
    pub(super) scopes: BTreeSet<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<String>,
    /// Only `max_age` puts it into the id_token.
    pub(super) auth_time: bool,
    pub(super) made_ms: i64,
}

#[derive(Debug, Clone)]
struct UserToken {
    channel: i64,
    person: String,
    scopes: BTreeSet<String>,
    expires_ms: i64,
    revoked: bool,
}

#[derive(Debug, Clone)]
struct Refresh {
    channel: i64,
    person: String,
    scopes: BTreeSet<String>,
    expires_ms: i64,
}

impl Sessions {
    pub(super) fn keep_code(&mut self, text: String, code: Code) {
        self.codes.insert(text, code);
    }

    pub(super) fn granted(&self, channel: i64, person: &str) -> BTreeSet<String> {
        self.grants.get(&(channel, person.to_owned())).cloned().unwrap_or_default()
    }

    pub(super) fn grant(&mut self, channel: i64, person: &str, scopes: &BTreeSet<String>) {
        self.grants.entry((channel, person.to_owned())).or_default().extend(scopes.iter().cloned());
    }
}

/// One URL, three endpoints: `grant_type` decides.
pub(super) fn token(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    match call.required("grant_type")? {
        "authorization_code" => exchange(world, call),
        "refresh_token" => refresh(world, call),
        "client_credentials" => tokens::issue_v21(world, call),
        _ => Err(oauth_error("unsupported_grant_type", "unsupported grant type")),
    }
}

fn exchange(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let bad = |why: &str| oauth_error("invalid_grant", why);
    let channel = tokens::client(&world.line, call)?;
    // Once: whatever happens below, the code is gone.
    let code = world.line.sessions.codes.remove(call.required("code")?);
    let code =
        code.filter(|code| code.channel == channel).ok_or_else(|| bad("invalid authorization code"))?;
    if call.now_ms - code.made_ms > CODE_MS {
        return Err(bad("authorization code expired"));
    }
    if call.required("redirect_uri")? != code.redirect_uri {
        return Err(bad("redirect_uri does not match"));
    }
    match (&code.challenge, call.field("code_verifier")) {
        (None, None) => {}
        (Some(challenge), Some(verifier))
            if is_verifier(verifier) && challenge_of(verifier) == *challenge => {}
        _ => return Err(bad("invalid code_verifier")),
    }
    let refresh = world.rng.hex(2);
    let expires_ms = call.now_ms + ACCESS_S * 1_000 + REFRESH_MS;
    let kept = Refresh { channel, person: code.person.clone(), scopes: code.scopes.clone(), expires_ms };
    world.line.sessions.refresh.insert(refresh.clone(), kept);
    let access = issue(world, channel, &code.person, &code.scopes, call.now_ms);
    let mut body = answer(&access, &refresh, &code.scopes);
    if code.scopes.contains("openid")
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("id_token".into(), json!(id_token(world, &code, call.now_ms)));
    }
    Ok(Reply::json(200, &body))
}

fn refresh(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let channel = tokens::client(&world.line, call)?;
    let text = call.required("refresh_token")?;
    let known = world.line.sessions.refresh.get(text).cloned();
    let known = known
        .filter(|known| known.channel == channel && call.now_ms < known.expires_ms)
        .ok_or_else(|| oauth_error("invalid_grant", "invalid refresh token"))?;
    let access = issue(world, channel, &known.person, &known.scopes, call.now_ms);
    Ok(Reply::json(200, &answer(&access, text, &known.scopes)))
}

/// `scope` never lists `email` (line.md §1.2).
fn answer(access: &str, refresh: &str, scopes: &BTreeSet<String>) -> Value {
    let scope: Vec<&str> =
        scopes.iter().map(String::as_str).filter(|scope| *scope != "email").rev().collect();
    json!({"access_token": access, "expires_in": ACCESS_S, "refresh_token": refresh, "scope": scope.join(" "),
        "token_type": "Bearer"})
}

fn issue(world: &mut World, channel: i64, person: &str, scopes: &BTreeSet<String>, now_ms: i64) -> String {
    let text = format!("eyJhbGciOiJIUzI1NiJ9.{}", world.rng.hex(6));
    let token = UserToken {
        channel,
        person: person.to_owned(),
        scopes: scopes.clone(),
        expires_ms: now_ms + ACCESS_S * 1_000,
        revoked: false,
    };
    world.line.sessions.tokens.insert(text.clone(), token);
    text
}

/// HS256 with the Login channel's secret and no `kid`, as web logins get it (line.md §1.3).
fn id_token(world: &World, code: &Code, now_ms: i64) -> String {
    let Some((_, provider)) = world.line.provider_of(code.channel) else { return String::new() };
    let now_s = now_ms.div_euclid(1_000);
    let mut claims = json!({
        "iss": ISSUER, "sub": provider.user_id(&code.person), "aud": code.channel.to_string(),
        "exp": now_s + ID_TOKEN_S, "iat": now_s, "amr": ["pwd"],
    });
    if let Some(fields) = claims.as_object_mut() {
        if let Some(nonce) = &code.nonce {
            fields.insert("nonce".into(), json!(nonce));
        }
        if code.auth_time {
            fields.insert("auth_time".into(), json!(now_s));
        }
        if code.scopes.contains("profile") {
            fields.insert("name".into(), json!(world.line_name(&code.person)));
        }
    }
    let key = EncodingKey::from_secret(provider.login.secret.as_bytes());
    // Signing bytes with HMAC cannot fail.
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap_or_default()
}

pub(super) fn verify_access(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let text = call.request.query("access_token").unwrap_or_default();
    if let Some(body) = tokens::verify_v21(world, &text, call.now_ms) {
        return Ok(Reply::json(200, &body));
    }
    let token = world.line.sessions.tokens.get(&text);
    let token = live(token, call.now_ms).map_err(|why| oauth_error("invalid_request", why))?;
    let scope: Vec<&str> = token.scopes.iter().map(String::as_str).collect();
    let seconds = (token.expires_ms - call.now_ms) / 1_000;
    let body =
        json!({"scope": scope.join(" "), "client_id": token.channel.to_string(), "expires_in": seconds});
    Ok(Reply::json(200, &body))
}

pub(super) fn verify_id(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let bad = |why: &str| oauth_error("invalid_request", why);
    let (jwt, client) = (call.required("id_token")?, call.required("client_id")?);
    let login = world.line.providers.iter().map(|one| &one.login);
    let mut login = login.filter(|one| one.channel_id.to_string() == client);
    let secret =
        login.next().map(|one| one.secret.clone()).ok_or_else(|| bad("Invalid IdToken Audience."))?;
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    let key = DecodingKey::from_secret(secret.as_bytes());
    let decoded = jsonwebtoken::decode::<Value>(jwt, &key, &validation);
    let claims = decoded.map_err(|_| bad("Invalid IdToken."))?.claims;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(ISSUER) {
        return Err(bad("Invalid IdToken Issuer."));
    }
    if claims.get("exp").and_then(Value::as_i64).is_none_or(|exp| exp * 1_000 <= call.now_ms) {
        return Err(bad("IdToken expired."));
    }
    if text("aud") != Some(client) {
        return Err(bad("Invalid IdToken Audience."));
    }
    if call.field("nonce").is_some_and(|nonce| text("nonce") != Some(nonce)) {
        return Err(bad("Invalid IdToken Nonce."));
    }
    if call.field("user_id").is_some_and(|user| text("sub") != Some(user)) {
        return Err(bad("Invalid IdToken Subject Identifier."));
    }
    Ok(Reply::json(200, &claims))
}

/// A user's token, or a v2.1 channel token: the same path serves both.
pub(super) fn revoke(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let text = call.required("access_token")?;
    let channel = tokens::client(&world.line, call)?;
    if !tokens::revoke_v21(world, call, text)?
        && let Some(token) = world.line.sessions.tokens.get_mut(text)
        && token.channel == channel
    {
        token.revoked = true;
    }
    Ok(Reply::empty(200))
}

pub(super) fn profile(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let token = user(world, call, "profile")?;
    let id = world.line.user_id(token.channel, &token.person);
    Ok(Reply::json(200, &json!({"userId": id, "displayName": world.line_name(&token.person)})))
}

pub(super) fn userinfo(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let token = user(world, call, "openid")?;
    let id = world.line.user_id(token.channel, &token.person);
    let mut body = json!({"sub": id});
    if token.scopes.contains("profile")
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("name".into(), json!(world.line_name(&token.person)));
    }
    Ok(Reply::json(200, &body))
}

/// Friend and not blocked, with the OA that is linked to the Login channel.
pub(super) fn friendship(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let token = user(world, call, "profile")?;
    let linked = world.line.provider_of(token.channel).filter(|(_, provider)| provider.login.linked);
    // What LINE answers without a linked OA is not confirmed.
    let bot = linked.map(|(_, one)| one.messaging.channel_id).ok_or_else(|| refusal(400, "not linked"))?;
    let contact = world.line.contact(bot, &token.person);
    Ok(Reply::json(200, &json!({"friendFlag": contact.friend && !contact.blocked})))
}

/// Ends everything the person granted to the Login channel.
pub(super) fn deauthorize(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let body: Value = serde_json::from_slice(&call.request.body).unwrap_or_default();
    let text = body.get("userAccessToken").and_then(Value::as_str).unwrap_or_default();
    let token = live(world.line.sessions.tokens.get(text), call.now_ms).ok().cloned();
    let token = token.filter(|token| token.channel == call.channel);
    let UserToken { channel, person, .. } = token.ok_or_else(|| refusal(400, "invalid token"))?;
    let sessions = &mut world.line.sessions;
    sessions.grants.remove(&(channel, person.clone()));
    sessions.refresh.retain(|_, one| one.channel != channel || one.person != person);
    for one in sessions.tokens.values_mut() {
        if one.channel == channel && one.person == person {
            one.revoked = true;
        }
    }
    Ok(Reply::empty(204))
}

fn user(world: &World, call: &Call<'_>, scope: &str) -> Result<UserToken, Reply> {
    let token = call.request.bearer().and_then(|text| world.line.sessions.tokens.get(text));
    let token = live(token, call.now_ms).map_err(|why| refusal(401, why))?;
    if !token.scopes.contains(scope) {
        return Err(refusal(403, &format!("The access token lacks the scope {scope}")));
    }
    Ok(token.clone())
}

fn live(token: Option<&UserToken>, now_ms: i64) -> Result<&UserToken, &'static str> {
    match token {
        None => Err("The access token not JWS"),
        Some(token) if token.revoked => Err("The access token revoked"),
        Some(token) if now_ms >= token.expires_ms => Err("The access token expired"),
        Some(token) => Ok(token),
    }
}

fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_matches_the_check_value() {
        let verifier = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456";
        assert!(is_verifier(verifier) && !is_verifier("short"));
        assert_eq!(challenge_of(verifier), "IeThmbsK3EjPh47vIASAjzqgd6UVkkjokbmHy1-gHBw");
    }
}
