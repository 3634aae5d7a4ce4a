//! Installing an app by OAuth v2 (slack.md §8): the page that people see, and the code for a token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::http::form_pairs;
use super::super::{Reply, Request, World};
use super::apps::SCOPES;
use super::args::Args;
use super::outbox::percent;
use super::{Failure, Slack, SlackApp, answer, page};
use crate::contract::Side;

/// The method's name.
pub(super) const ACCESS: &str = "oauth.v2.access";

const CODE_LIFE_MS: i64 = 10 * 60_000;

/// One code on its way from the page to the token.
#[derive(Debug, Clone)]
pub(super) struct Code {
    app: String,
    user: String,
    scopes: Vec<String>,
    redirect_uri: Option<String>,
    ends_ms: i64,
}

/// What the browser was sent with, checked.
struct Asked {
    app: String,
    scopes: Vec<String>,
    state: Option<String>,
    /// As it was sent.
    redirect_uri: Option<String>,
    /// Where to go back to.
    target: String,
}

/// `GET` shows the page, `POST` presses one of its buttons.
pub(super) fn authorize(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let asked = match asked(&world.slack, request) {
        Ok(asked) => asked,
        Err(error) => {
            return page(
                400,
                &document(&format!("<h1>インストールできません</h1><p>{}</p>", escape(&error))),
            );
        }
    };
    if request.method != "POST" {
        return page(200, &document(&consent(&world.slack, &asked)));
    }
    let form = String::from_utf8_lossy(&request.body).into_owned();
    let form = form_pairs(&form);
    let field = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let user =
        field("user").and_then(|user| world.slack.user(user)).filter(|user| !user.bot && !user.deleted);
    let answer = match (field("decision"), user) {
        (Some("allow"), Some(user)) => {
            let code = Code {
                app: asked.app.clone(),
                user: user.id.clone(),
                scopes: asked.scopes.clone(),
                redirect_uri: asked.redirect_uri.clone(),
                ends_ms: now_ms + CODE_LIFE_MS,
            };
            let text = format!("{}.{}", now_ms, world.slack.rng.hex(3));
            world.slack.codes.retain(|_, code| now_ms < code.ends_ms);
            world.slack.codes.insert(text.clone(), code);
            format!("code={text}")
        }
        // Unconfirmed (slack.md §8).
        _ => "error=access_denied".to_owned(),
    };
    let joint = if asked.target.contains('?') { '&' } else { '?' };
    let state = asked.state.map(|state| format!("&state={}", percent(&state))).unwrap_or_default();
    let location = format!("{}{joint}{answer}{state}", asked.target);
    Reply { status: 302, headers: vec![("location".to_owned(), location)], body: Vec::new() }
}

/// `oauth.v2.access`: the client by HTTP Basic or in the form.
pub(super) fn access(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let served = Args::read(request, false, false).and_then(|args| {
        let _ = world.hold(Side::Request, "slack:oauth.v2.access", &args.contract(), now_ms);
        exchange(world, request, &args, now_ms)
    });
    let reply = answer(served, None);
    world.hold_answer(ACCESS, &reply.body_json(), now_ms);
    reply
}

fn exchange(world: &mut World, request: &Request, args: &Args, now_ms: i64) -> Result<Value, Failure> {
    let (id, secret) = basic(request).unwrap_or_else(|| {
        (args.text("client_id").unwrap_or_default(), args.text("client_secret").unwrap_or_default())
    });
    let slack = &mut world.slack;
    let app = slack.apps.iter().find(|app| app.client_id == id).ok_or("invalid_client_id")?;
    if app.client_secret != secret {
        return Err("bad_client_secret".into());
    }
    match args.text("grant_type").as_deref() {
        None | Some("authorization_code") => {}
        // Token rotation is off.
        Some("refresh_token") => return Err("invalid_refresh_token".into()),
        Some(_) => return Err("invalid_grant_type".into()),
    }
    if args.has("code_verifier") {
        return Err("pkce_not_allowed".into());
    }
    let app_id = app.id.clone();
    let text = args.text("code").unwrap_or_default();
    let known = slack.codes.get(&text).filter(|code| code.app == app_id && now_ms < code.ends_ms);
    let code = known.ok_or("invalid_code")?.clone();
    if code.redirect_uri != args.text("redirect_uri") {
        return Err("bad_redirect_uri".into());
    }
    slack.codes.remove(&text);
    let token = slack.install(&app_id, &code.scopes).ok_or("invalid_client_id")?;
    let app = slack.app(&app_id).ok_or("invalid_client_id")?;
    let told = json!({
        "app_id": app.id,
        "authed_user": {"id": code.user},
        "scope": slack.scopes_of(app).join(","),
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": app.bot_user,
        "team": {"id": slack.team_id, "name": slack.team_name},
        "enterprise": Value::Null,
        "is_enterprise_install": false,
    });
    world.touch();
    Ok(told)
}

fn basic(request: &Request) -> Option<(String, String)> {
    let bytes = STANDARD.decode(request.header("authorization")?.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}

/// `Err` is the error that the page shows.
fn asked(slack: &Slack, request: &Request) -> Result<Asked, String> {
    let client = request.query("client_id").unwrap_or_default();
    let app = slack.apps.iter().find(|app| app.client_id == client).ok_or("invalid_client_id")?;
    let team = request.query("team").filter(|team| !team.is_empty());
    if team.is_some_and(|team| team != slack.team_id) {
        return Err("invalid_team_for_non_distributed_app".to_owned());
    }
    let redirect_uri = request.query("redirect_uri").filter(|uri| !uri.is_empty());
    let target = match &redirect_uri {
        Some(uri) if configured(app, uri) => uri.clone(),
        Some(_) => return Err("bad_redirect_uri".to_owned()),
        None => app.settings.redirect_urls.first().cloned().ok_or("bad_redirect_uri")?,
    };
    let scope = request.query("scope").unwrap_or_default();
    let scopes: Vec<String> =
        scope.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
    if scopes.is_empty() {
        return Err("no_scopes".to_owned());
    }
    if let Some(unknown) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
        return Err(format!("invalid_scope: {unknown}"));
    }
    let state = request.query("state").filter(|state| !state.is_empty());
    Ok(Asked { app: app.id.clone(), scopes, state, redirect_uri, target })
}

/// https and equal to a configured one or below it, without a fragment. On this machine also http; a
/// configured one without a port then stands for every port.
fn configured(app: &SlackApp, uri: &str) -> bool {
    let local = |uri: &str| ["http://127.0.0.1", "http://localhost"].iter().any(|host| uri.starts_with(host));
    if uri.contains('#') || !(uri.starts_with("https://") || local(uri)) {
        return false;
    }
    app.settings.redirect_urls.iter().any(|known| {
        let known = known.trim_end_matches('/');
        let Some(rest) = uri.strip_prefix(known) else { return false };
        let rest = match rest.strip_prefix(':') {
            Some(rest) if local(known) => rest.trim_start_matches(|letter: char| letter.is_ascii_digit()),
            _ => rest,
        };
        rest.is_empty() || rest.starts_with('/') || rest.starts_with('?')
    })
}

fn consent(slack: &Slack, asked: &Asked) -> String {
    let name = slack.app(&asked.app).map(|app| app.name.as_str()).unwrap_or_default();
    let scopes: String =
        asked.scopes.iter().map(|scope| format!("<li><code>{}</code></li>", escape(scope))).collect();
    let people: String = slack
        .users
        .iter()
        .filter(|user| !user.bot && !user.deleted)
        .map(|user| format!("<option value=\"{}\">{}</option>", escape(&user.id), escape(&user.real_name)))
        .collect();
    format!(
        "<h1>{app} が Slack ワークスペース「{team}」へのアクセスを求めています</h1>\
         <p>許可すると、{app} は次のことができます。</p><ul>{scopes}</ul>\
         <form method=\"post\"><label>インストールする人 <select name=\"user\">{people}</select></label>\
         <p class=\"row\"><button name=\"decision\" value=\"deny\">キャンセル</button>\
         <button class=\"main\" name=\"decision\" value=\"allow\">許可する</button></p></form>",
        app = escape(name),
        team = escape(&slack.team_name),
    )
}

fn document(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Slack (sandbox)</title>\
         <style>body{{font:16px/1.7 system-ui,sans-serif;margin:0;background:#f8f6f8;color:#1d1c1d}}\
         main{{max-width:34rem;margin:0 auto;padding:2rem 1rem}}h1{{font-size:1.25rem}}\
         select,button{{font:inherit;min-height:44px;padding:0 1rem}}select{{width:100%}}\
         .row{{display:flex;gap:.75rem;justify-content:flex-end}}\
         .main{{background:#007a5a;color:#fff;border:0;border-radius:4px}}</style></head>\
         <body><main>{body}</main></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
