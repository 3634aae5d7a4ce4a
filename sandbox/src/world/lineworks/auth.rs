//! `auth.worksmobile.com`: tokens for the service account (lineworks.md §1).

use std::collections::BTreeMap;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::super::http::{form_pairs, percent_decode};
use super::super::{Keys, Reply, Request, World, lineworks_v1};
use super::login;

/// Scopes of the client app in the demo world.
const APP_SCOPES: [&str; 10] = [
    "bot",
    "bot.message",
    "bot.read",
    "user.read",
    "directory.read",
    "user.email.read",
    "calendar",
    "openid",
    "email",
    "profile",
];

/// The operation of API 1.0 on this host.
pub(crate) const SERVER_TOKEN: &str = "server_token";

const ACCESS_TOKEN_S: i64 = 24 * 60 * 60;
const REFRESH_TOKEN_S: i64 = 90 * 24 * 60 * 60;

/// How far a client's clock may be ahead. The real tolerance is not documented.
const SKEW_S: f64 = 300.0;

const JWT_GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A client app of the Developer Console.
#[derive(Debug, Clone)]
pub struct App {
    pub name: String,
    pub client_id: String,
    pub client_secret: String,
    pub service_account: String,
    pub scopes: Vec<String>,
    /// Where a sign-in may return to; any https URL and this machine while there are none.
    pub redirect_uris: Vec<String>,
    /// Whether a refresh gives a new refresh token (lineworks.md §1.1: a switch in the console).
    pub refresh_rotation: bool,
    public_pem: String,
    tokens: BTreeMap<String, Token>,
    /// Authorization codes of sign-ins under way.
    pub(super) codes: BTreeMap<String, login::Code>,
}

#[derive(Debug, Clone)]
struct Token {
    refresh: bool,
    /// The member who signed in; none for the service account.
    user: Option<String>,
    scopes: Vec<String>,
    expires_ms: i64,
}

impl App {
    pub(crate) fn demo(keys: &Keys) -> Self {
        Self {
            name: "Todoke".into(),
            client_id: "SandboxClient0000001".into(),
            client_secret: "sandboxSecret".into(),
            service_account: "todok.serviceaccount@minato".into(),
            scopes: APP_SCOPES.map(str::to_owned).to_vec(),
            redirect_uris: Vec::new(),
            refresh_rotation: false,
            public_pem: keys.public_pem().to_owned(),
            tokens: BTreeMap::new(),
            codes: BTreeMap::new(),
        }
    }

    /// The console issues a new key: from now on only this one signs.
    pub fn replace_key(&mut self, keys: &Keys) {
        keys.public_pem().clone_into(&mut self.public_pem);
    }

    /// Ends every token, as an administrator can.
    pub fn end_tokens(&mut self) {
        self.tokens.clear();
    }

    /// The scopes of a valid access token, and the member it is for; none for the service account.
    pub(crate) fn token(&self, token: &str, now_ms: i64) -> Option<(Vec<String>, Option<String>)> {
        let token = self.tokens.get(token).filter(|t| !t.refresh && now_ms < t.expires_ms)?;
        Some((token.scopes.clone(), token.user.clone()))
    }
}

pub(crate) fn operation(request: &Request) -> &'static str {
    let path = request.segments();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["oauth2", "v2.0", "token"]) => "token",
        ("POST", ["oauth2", "v2.0", "revoke"]) => "revoke",
        ("GET", ["oauth2", "v2.0", "authorize"]) => "authorize",
        ("GET", ["oauth2", "v2.0", "userinfo"]) => "userinfo",
        ("GET", ["oauth2", "v2.0", "certs"]) => "certs",
        ("POST", path) if lineworks_v1::token::is_token_path(path) => SERVER_TOKEN,
        _ => "unknown",
    }
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let operation = operation(request);
    match operation {
        "unknown" => return super::error(404, "NOT_FOUND", "Not found"),
        "authorize" => return login::authorize(world, request, now_ms),
        "userinfo" => return login::userinfo(world, request, now_ms),
        "certs" => return login::certs(world),
        SERVER_TOKEN => return lineworks_v1::token::issue(world, request, now_ms),
        _ => {}
    }
    let served = Form::read(request).and_then(|form| {
        form.check_client(&world.app)?;
        if operation == "revoke" {
            world.app.tokens.remove(form.required("token")?);
            return Ok(Reply::empty(200));
        }
        token(world, &form, now_ms)
    });
    served.unwrap_or_else(|Refused { status, error, description }| {
        Reply::json(status, &json!({"error": error, "error_description": description}))
    })
}

/// An OAuth refusal (lineworks.md §1.8).
pub(super) struct Refused {
    status: u16,
    error: &'static str,
    description: String,
}

pub(super) fn refused(status: u16, error: &'static str, description: impl Into<String>) -> Refused {
    Refused { status, error, description: description.into() }
}

pub(super) fn bad_grant(description: impl Into<String>) -> Refused {
    refused(400, "invalid_grant", description)
}

pub(super) struct Form(Vec<(String, String)>);

impl Form {
    fn read(request: &Request) -> Result<Self, Refused> {
        if !request.is_content_type("application/x-www-form-urlencoded") {
            return Err(refused(400, "invalid_request", "the body must be form-encoded"));
        }
        let body = std::str::from_utf8(&request.body)
            .map_err(|_| refused(400, "invalid_request", "the body must be UTF-8"))?;
        Ok(Self(form_pairs(body)))
    }

    pub(super) fn optional(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, Refused> {
        self.optional(name).ok_or_else(|| refused(400, "invalid_request", format!("{name} is required")))
    }

    fn check_client(&self, app: &App) -> Result<(), Refused> {
        if self.required("client_id")? != app.client_id
            || self.required("client_secret")? != app.client_secret
        {
            return Err(refused(401, "invalid_client", "Client authentication failed"));
        }
        Ok(())
    }
}

fn token(world: &mut World, form: &Form, now_ms: i64) -> Result<Reply, Refused> {
    // Vendor samples encode the grant type twice (lineworks.md §1.2 [C2]).
    let grant = percent_decode(form.required("grant_type")?, false);
    match grant.as_str() {
        JWT_GRANT => {
            let assertion = form.required("assertion")?;
            let scopes = asked_scopes(form.required("scope")?, &world.app)?;
            check_assertion(assertion, &world.app, now_ms)?;
            Ok(Reply::json(200, &issue(world, scopes, None, true, now_ms)))
        }
        "authorization_code" => login::redeem(world, form, now_ms),
        "refresh_token" => {
            let old = form.required("refresh_token")?;
            let known = world.app.tokens.get(old).filter(|t| t.refresh && now_ms < t.expires_ms);
            let known = known.ok_or_else(|| bad_grant("Invalid refresh token"))?;
            let (scopes, user) = (known.scopes.clone(), known.user.clone());
            let rotation = world.app.refresh_rotation;
            if rotation {
                world.app.tokens.remove(old);
            }
            Ok(Reply::json(200, &issue(world, scopes, user, rotation, now_ms)))
        }
        _ => Err(refused(400, "unsupported_grant_type", "Unsupported grant type")),
    }
}

/// Space or comma between scopes (lineworks.md §1.2 [C2]).
pub(super) fn asked_scopes(scope: &str, app: &App) -> Result<Vec<String>, Refused> {
    let asked: Vec<String> = scope.split([' ', ',']).filter(|s| !s.is_empty()).map(str::to_owned).collect();
    match asked.iter().find(|scope| !app.scopes.contains(scope)) {
        Some(unknown) => Err(refused(400, "invalid_scope", format!("Invalid scope: {unknown}"))),
        None if asked.is_empty() => Err(refused(400, "invalid_scope", "Invalid scope")),
        None => Ok(asked),
    }
}

/// RS256 against the app's key, then the claims (lineworks.md §1.2).
fn check_assertion(assertion: &str, app: &App, now_ms: i64) -> Result<(), Refused> {
    let key = DecodingKey::from_rsa_pem(app.public_pem.as_bytes())
        .map_err(|error| bad_grant(format!("no key is registered: {error}")))?;
    let mut validation = Validation::new(Algorithm::RS256);
    // The claims are checked below, at the world's time.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.set_required_spec_claims::<&str>(&[]);
    let claims = jsonwebtoken::decode::<Value>(assertion, &key, &validation)
        .map_err(|error| bad_grant(format!("Invalid assertion: {error}")))?
        .claims;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    // Numbers, also fractional ones; never strings.
    let seconds = |name: &str| {
        let claim = claims.get(name).and_then(Value::as_f64);
        claim.ok_or_else(|| bad_grant(format!("Invalid assertion: {name} must be a number")))
    };
    if text("iss") != app.client_id {
        return Err(bad_grant("Invalid assertion: iss"));
    }
    if text("sub") != app.service_account {
        return Err(bad_grant("Invalid assertion: sub"));
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a double")]
    let now_s = now_ms as f64 / 1000.0;
    let (iat, exp) = (seconds("iat")?, seconds("exp")?);
    if iat > now_s + SKEW_S {
        return Err(bad_grant("Invalid assertion: issued in the future"));
    }
    if exp <= now_s || exp <= iat {
        return Err(bad_grant("Invalid assertion: expired"));
    }
    Ok(())
}

/// The answer of the token endpoint with fresh tokens.
pub(super) fn issue(
    world: &mut World,
    scopes: Vec<String>,
    user: Option<String>,
    with_refresh: bool,
    now_ms: i64,
) -> Value {
    world.app.tokens.retain(|_, token| now_ms < token.expires_ms);
    let mut make = |refresh: bool, seconds: i64| {
        let text = format!("jp1AAAB{}", world.rng.hex(5));
        let token = Token {
            refresh,
            user: user.clone(),
            scopes: scopes.clone(),
            expires_ms: now_ms + seconds * 1000,
        };
        world.app.tokens.insert(text.clone(), token);
        text
    };
    let mut body = json!({
        "access_token": make(false, ACCESS_TOKEN_S),
        "scope": scopes.join(" "),
        "token_type": "Bearer",
        // A string in practice (lineworks.md §1.2 [C2]).
        "expires_in": ACCESS_TOKEN_S.to_string(),
    });
    if with_refresh && let Some(fields) = body.as_object_mut() {
        fields.insert("refresh_token".into(), make(true, REFRESH_TOKEN_S).into());
    }
    body
}
