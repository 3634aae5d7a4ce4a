//! Signing members in: OAuth 2.0 with OIDC (lineworks.md §1.6). The page lets one choose who signs in.
//!
//! Unconfirmed and therefore lenient: the scope list of `/userinfo`, who the id_token's issuer is, and where
//! its keys are (`/oauth2/v2.0/certs` here).

use serde_json::{Map, Value, json};

use super::super::vendor_keys::VendorKey;
use super::super::{Person, Reply, Request, World};
use super::auth::{App, Form, Refused, asked_scopes, bad_grant, issue};

const ISSUER: &str = "https://auth.worksmobile.com";
const CODE_MS: i64 = 10 * 60 * 1000;
const ID_TOKEN_S: i64 = 3600;
/// Number of the key that id_tokens are signed with; it does not change.
const KEY_NUMBER: u32 = 1;

/// An authorization code: single use, ten minutes (lineworks.md §1.5 [D]).
#[derive(Debug, Clone)]
pub(crate) struct Code {
    user: String,
    scopes: Vec<String>,
    redirect_uri: String,
    nonce: Option<String>,
    expires_ms: i64,
}

/// The page, or what follows a choice on it: `sandbox_person` names who signs in, `-` says no.
pub(super) fn authorize(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let query = |name: &str| request.query(name).filter(|value| !value.is_empty());
    // 1. Without a known client and a place to return to, the error stays here.
    if query("client_id").as_deref() != Some(world.app.client_id.as_str()) {
        return page(400, "<p>client_id is unknown.</p>");
    }
    let Some(redirect) = query("redirect_uri").filter(|uri| may_return_to(&world.app, uri)) else {
        return page(400, "<p>redirect_uri is not registered.</p>");
    };
    let state = query("state");
    let back = |pairs: &[(&str, &str)]| {
        let mut pairs = pairs.to_vec();
        pairs.extend(state.as_deref().map(|state| ("state", state)));
        redirect_to(&redirect, &pairs)
    };
    // 2. Errors from here on return to the client.
    if query("response_type").as_deref() != Some("code") {
        return back(&[("error", "unsupported_response_type"), ("error_description", "Use code.")]);
    }
    let scopes = match asked_scopes(&query("scope").unwrap_or_default(), &world.app) {
        Ok(scopes) => scopes,
        Err(_) => return back(&[("error", "invalid_scope"), ("error_description", "Invalid scope.")]),
    };
    // 3. Who signs in?
    let Some(choice) = query("sandbox_person") else { return choose(world, request) };
    if choice == "-" {
        return back(&[("error", "access_denied"), ("error_description", "The member said no.")]);
    }
    let Some(user) = world.person(&choice).map(|person| person.user_id.clone()) else {
        return page(400, "<p>There is no such person.</p>");
    };
    // 4. A code for them.
    let code = format!("jp1{}", world.rng.hex(3));
    let expires_ms = now_ms + CODE_MS;
    let made = Code { user, scopes, redirect_uri: redirect.clone(), nonce: query("nonce"), expires_ms };
    world.app.codes.retain(|_, code| now_ms < code.expires_ms);
    world.app.codes.insert(code.clone(), made);
    back(&[("code", &code)])
}

/// A code for tokens. `redirect_uri` may be left out (lineworks.md §1.6 [C2]).
pub(super) fn redeem(world: &mut World, form: &Form, now_ms: i64) -> Result<Reply, Refused> {
    let code = world.app.codes.remove(form.required("code")?).filter(|code| now_ms < code.expires_ms);
    let code = code.ok_or_else(|| bad_grant("Invalid authorization code"))?;
    if form.optional("redirect_uri").is_some_and(|uri| uri != code.redirect_uri) {
        return Err(bad_grant("redirect_uri does not match"));
    }
    let mut body = issue(world, code.scopes.clone(), Some(code.user.clone()), true, now_ms);
    if code.scopes.iter().any(|scope| scope == "openid")
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("id_token".into(), id_token(world, &code, now_ms).into());
    }
    Ok(Reply::json(200, &body))
}

/// Who a token is for [C1].
pub(super) fn userinfo(world: &World, request: &Request, now_ms: i64) -> Reply {
    let known = request.bearer().and_then(|token| world.app.token(token, now_ms));
    let person = known.and_then(|(scopes, user)| Some((scopes, world.member(&user?)?)));
    match person {
        Some((scopes, person)) => Reply::json(200, &Value::Object(claims(person, &scopes))),
        None => super::error(401, "UNAUTHORIZED", "Authentication failed"),
    }
}

pub(super) fn certs(world: &World) -> Reply {
    let key = VendorKey::of(&world.keys, ISSUER, KEY_NUMBER);
    Reply::json(200, &json!({"keys": key.iter().map(|key| key.jwk()).collect::<Vec<_>>()}))
}

fn id_token(world: &World, code: &Code, now_ms: i64) -> String {
    let Some(person) = world.member(&code.user) else { return String::new() };
    let iat = now_ms.div_euclid(1000);
    let mut fields = claims(person, &code.scopes);
    fields.insert("iss".into(), ISSUER.into());
    fields.insert("aud".into(), world.app.client_id.clone().into());
    fields.insert("iat".into(), iat.into());
    fields.insert("exp".into(), (iat + ID_TOKEN_S).into());
    if let Some(nonce) = &code.nonce {
        fields.insert("nonce".into(), nonce.clone().into());
    }
    let key = VendorKey::of(&world.keys, ISSUER, KEY_NUMBER);
    key.map(|key| key.sign(&Value::Object(fields))).unwrap_or_default()
}

/// `sub` is the userId [C1]; the rest by scope.
fn claims(person: &Person, scopes: &[String]) -> Map<String, Value> {
    let may = |scope: &str| scopes.iter().any(|known| known == scope);
    let mut fields = Map::new();
    fields.insert("sub".into(), person.user_id.clone().into());
    if may("email") {
        fields.insert("email".into(), person.login.clone().into());
    }
    if may("profile") {
        fields.insert("name".into(), person.name().into());
        fields.insert("family_name".into(), person.last_name.clone().into());
        fields.insert("given_name".into(), person.first_name.clone().into());
    }
    fields
}

/// Exactly a registered one; while none is registered, https or this machine.
fn may_return_to(app: &App, uri: &str) -> bool {
    if app.redirect_uris.is_empty() {
        let local = ["http://127.0.0.1:", "http://localhost:"].iter().any(|here| uri.starts_with(here));
        return local || super::fields::is_https(uri);
    }
    app.redirect_uris.iter().any(|known| known == uri)
}

fn redirect_to(uri: &str, pairs: &[(&str, &str)]) -> Reply {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    let joint = if uri.contains('?') { '&' } else { '?' };
    let location = format!("{uri}{joint}{}", pairs.join("&"));
    Reply { status: 302, headers: vec![("location".into(), location)], body: Vec::new() }
}

fn choose(world: &World, request: &Request) -> Reply {
    // A link that begins with `?` keeps the path, whatever stands before it.
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    let link = |who: &str| attribute(&format!("?{query}&sandbox_person={who}"));
    let mut items = String::new();
    for person in &world.people {
        let (href, name) = (link(person.short_name()), attribute(&person.name()));
        items.push_str(&format!("<li><a href=\"{href}\">{name} <small>{}</small></a></li>", person.login));
    }
    let name = attribute(&world.app.name);
    let body = format!(
        "<h1>LINE WORKS</h1><p>{name} にログインする人を選びます。</p><ul>{items}</ul>\
         <p><a class=\"no\" href=\"{}\">許可しない</a></p>",
        link("-")
    );
    page(200, &body)
}

fn page(status: u16, body: &str) -> Reply {
    let html = format!(
        "<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>LINE WORKS (sandbox)</title>\
         <style>body{{font:16px/1.6 system-ui,sans-serif;max-width:26rem;margin:2rem auto;padding:0 1rem;color:#222}}\
         h1{{color:#037f4c;font-size:1.25rem}}ul{{list-style:none;padding:0}}\
         a{{display:block;padding:.75rem 1rem;margin:.25rem 0;border:1px solid #ccc;border-radius:.5rem;\
         color:inherit;text-decoration:none}}a:hover,a:focus{{border-color:#037f4c}}small{{color:#666}}</style>\
         <body>{body}</body></html>"
    );
    let headers = vec![("content-type".to_owned(), "text/html; charset=UTF-8".to_owned())];
    Reply { status, headers, body: html.into_bytes() }
}

/// Percent-encodes everything but letters, digits and `-._~`.
fn escape(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// For an attribute or a text of HTML.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
