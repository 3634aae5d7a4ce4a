//! `oauth2.googleapis.com`: tokens for the service account (RFC 7523, google_chat.md §5.1).

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::super::http::form_pairs;
use super::super::{Reply, Request, World};
use super::app::{ChatApp, Token};

/// What a bot's token must be for.
pub(crate) const SCOPE: &str = "https://www.googleapis.com/auth/chat.bot";

pub(super) const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";

const JWT_GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const LIFE_S: i64 = 3600;
/// How far clocks may be apart. The real tolerance is not documented.
const SKEW_S: i64 = 300;

pub(crate) fn operation(request: &Request) -> &'static str {
    match (request.method.as_str(), request.segments().join("/").as_str()) {
        ("POST", "token") => "token",
        _ => "unknown",
    }
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    if operation(request) == "unknown" {
        return Reply::empty(404);
    }
    token(world, request, now_ms).unwrap_or_else(|(error, description)| {
        let status = if error == "invalid_client" { 401 } else { 400 };
        Reply::json(status, &json!({"error": error, "error_description": description}))
    })
}

type Refused = (&'static str, String);

fn token(world: &mut World, request: &Request, now_ms: i64) -> Result<Reply, Refused> {
    let invalid = |what: &str| ("invalid_request", what.to_owned());
    if !request.is_content_type("application/x-www-form-urlencoded") {
        return Err(invalid("The body must be form-encoded."));
    }
    let body = std::str::from_utf8(&request.body).map_err(|_| invalid("The body must be UTF-8."))?;
    let form = form_pairs(body);
    let field = |name: &str| form.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str());
    match field("grant_type") {
        Some(JWT_GRANT) => {}
        Some(other) => return Err(("unsupported_grant_type", format!("Invalid grant_type: {other}"))),
        None => return Err(invalid("Required parameter is missing: grant_type")),
    }
    let assertion = field("assertion").ok_or_else(|| invalid("Missing required parameter: assertion"))?;
    let scopes = check(assertion, &world.google_chat.app, now_ms)?;
    let access_token = format!("ya29.c.{}", world.rng.hex(6));
    let app = &mut world.google_chat.app;
    app.tokens.retain(|_, token| now_ms < token.expires_ms);
    app.tokens.insert(access_token.clone(), Token { scopes, expires_ms: now_ms + LIFE_S * 1000 });
    let body = json!({"access_token": access_token, "expires_in": LIFE_S - 1, "token_type": "Bearer"});
    Ok(Reply::json(200, &body))
}

/// RS256 by the service account's key, then the claims. Gives the scopes.
fn check(assertion: &str, app: &ChatApp, now_ms: i64) -> Result<Vec<String>, Refused> {
    let bad = |what: &str| ("invalid_grant", format!("Invalid JWT: {what}"));
    let key = DecodingKey::from_rsa_pem(app.public_pem.as_bytes()).map_err(|_| bad("no key"))?;
    let mut validation = Validation::new(Algorithm::RS256);
    // The claims are checked below, at the world's time.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    let claims = jsonwebtoken::decode::<Value>(assertion, &key, &validation)
        .map_err(|_| ("invalid_grant", "Invalid JWT Signature.".to_owned()))?
        .claims;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("iss") != app.client_email {
        return Err(("invalid_grant", "Invalid grant: account not found".to_owned()));
    }
    if !is_token_uri(text("aud")) {
        return Err(bad("the audience must be the token endpoint."));
    }
    let seconds = |name: &str| {
        claims.get(name).and_then(Value::as_i64).ok_or_else(|| bad(&format!("{name} must be a number.")))
    };
    let (iat, exp, now_s) = (seconds("iat")?, seconds("exp")?, now_ms.div_euclid(1000));
    if iat > now_s + SKEW_S || exp <= now_s - SKEW_S || exp <= iat || exp - iat > LIFE_S {
        return Err(bad("Token must be a short-lived token (60 minutes) and in a reasonable timeframe."));
    }
    let scopes: Vec<String> = text("scope").split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect();
    if scopes.is_empty() || !scopes.iter().all(|s| s.starts_with("https://www.googleapis.com/auth/")) {
        return Err(("invalid_scope", "Invalid OAuth scope or ID token audience provided.".to_owned()));
    }
    Ok(scopes)
}

/// The real one, or this sandbox: in development a client may be told that the endpoint is here.
fn is_token_uri(audience: &str) -> bool {
    let here = ["http://127.0.0.1:", "http://localhost:"].iter().any(|origin| audience.starts_with(origin));
    audience == TOKEN_URI || (here && audience.ends_with("/google_chat/oauth/token"))
}
