//! `access.line.me`: what people see when they log in (line.md §1.1), and the page of a friend link.
//!
//! The pages keep nothing between steps but what their forms carry, so a test can post the last step alone:
//! `POST /oauth2/v2.1/login` with `request` (the query of the authorize URL), `person`, `answer` (`allow` or
//! `deny`), `asked` (`1` when the friend question was shown) and `friend` (`1` for yes).

use std::collections::BTreeSet;

use super::super::http::form_pairs;
use super::super::{Person, Reply, Request, World};
use super::login::Code;
use super::pages;
use super::{Provider, scopes};

pub(crate) fn operation(request: &Request) -> &'static str {
    let segments = request.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method.as_str(), path.as_slice()) {
        ("GET", ["oauth2", "v2.1", "authorize"]) => "authorize",
        ("POST", ["oauth2", "v2.1", "login"]) => "login",
        ("GET", ["friend", _]) => "friend_page",
        ("POST", ["friend", _]) => "befriend",
        _ => "unknown",
    }
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let served = match operation(request) {
        "authorize" => authorize(world, request),
        "login" => login(world, request, now_ms),
        "friend_page" => friend_page(world, request),
        "befriend" => befriend(world, request, now_ms),
        _ => Err(pages::error(404, "このページはありません。")),
    };
    served.unwrap_or_else(|refused| refused)
}

/// A checked authorize URL.
struct Ask {
    channel: i64,
    redirect_uri: String,
    state: String,
    scopes: BTreeSet<String>,
    nonce: Option<String>,
    challenge: Option<String>,
    max_age: bool,
    consent: bool,
    silent: bool,
    bot_prompt: BotPrompt,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BotPrompt {
    None,
    /// A box on the consent page.
    Normal,
    /// A page of its own after it.
    Aggressive,
}

fn authorize(world: &World, request: &Request) -> Result<Reply, Reply> {
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    let ask = read(world, query)?;
    if ask.silent {
        // Nobody is logged in to LINE in this browser.
        return Err(redirect(&ask, &[("error", "LOGIN_REQUIRED"), ("error_description", "login required")]));
    }
    let provider = provider(world, ask.channel)?;
    Ok(pages::people(provider, world.people(), query))
}

fn login(world: &mut World, request: &Request, now_ms: i64) -> Result<Reply, Reply> {
    let form = form_pairs(std::str::from_utf8(&request.body).unwrap_or_default());
    let field = |name: &str| form.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let query = field("request");
    let ask = read(world, query)?;
    if field("answer") == "deny" {
        let error = [("error", "ACCESS_DENIED"), ("error_description", "The user has denied the approval")];
        return Err(redirect(&ask, &error));
    }
    let provider = provider(world, ask.channel)?;
    let bot = provider.messaging.channel_id;
    let person =
        world.person(field("person")).ok_or_else(|| pages::error(400, "だれがログインしますか。"))?;
    if !provider.login.published
        && world.people().first().map(|first| &first.user_id) != Some(&person.user_id)
    {
        return Err(pages::error(400, "このチャネルは開発中です。チャネルの管理者だけがログインできます。"));
    }
    let contact = world.line.contact(bot, &person.user_id);
    let friend = contact.friend && !contact.blocked;
    let offers = ask.bot_prompt != BotPrompt::None && provider.login.linked;
    let granted = world.line.sessions.granted(ask.channel, &person.user_id);
    let must_ask = ask.consent || !ask.scopes.is_subset(&granted);
    if field("answer") != "allow" && must_ask {
        let boxed = offers && !friend && ask.bot_prompt == BotPrompt::Normal;
        return Ok(pages::consent(provider, person, &ask.scopes, query, boxed));
    }
    let asked = field("asked") == "1";
    if offers && !friend && ask.bot_prompt == BotPrompt::Aggressive && !asked {
        return Ok(pages::add_friend(provider, person, query));
    }
    let person = person.user_id.clone();
    world.line.sessions.grant(ask.channel, &person, &ask.scopes);
    let mut answer = Vec::new();
    let code = world.rng.hex(2);
    answer.push(("code", code.as_str()));
    // Shown to a friend too, who cannot change anything there: then it is false (line.md §1.1).
    if offers && (asked || friend) {
        let changed = field("friend") == "1" && world.line_befriend(&person, bot, now_ms).is_ok();
        answer.push(("friendship_status_changed", if changed { "true" } else { "false" }));
    }
    let kept = Code {
        channel: ask.channel,
        person,
        redirect_uri: ask.redirect_uri.clone(),
        scopes: ask.scopes.clone(),
        nonce: ask.nonce.clone(),
        challenge: ask.challenge.clone(),
        auth_time: ask.max_age,
        made_ms: now_ms,
    };
    world.line.sessions.keep_code(code.clone(), kept);
    Ok(redirect(&ask, &answer))
}

fn friend_page(world: &World, request: &Request) -> Result<Reply, Reply> {
    let (channel, provider) = linked(world, request)?;
    let state = |person: &Person| {
        let contact = world.line.contact(channel, &person.user_id);
        match (contact.blocked, contact.friend) {
            (true, _) => "ブロック中",
            (_, true) => "友だち",
            _ => "",
        }
    };
    let people: Vec<(&Person, &str)> = world.people().iter().map(|person| (person, state(person))).collect();
    Ok(pages::friend(provider, &people))
}

fn befriend(world: &mut World, request: &Request, now_ms: i64) -> Result<Reply, Reply> {
    let channel = linked(world, request)?.0;
    let form = form_pairs(std::str::from_utf8(&request.body).unwrap_or_default());
    let person = form.iter().find(|(name, _)| name == "person").map_or("", |(_, value)| value.as_str());
    match world.line_befriend(person, channel, now_ms) {
        // Someone who is a friend already sees the same page.
        Ok(()) | Err(super::super::ActError::Already) => friend_page(world, request),
        Err(error) => Err(pages::error(400, &error.to_string())),
    }
}

fn linked<'a>(world: &'a World, request: &Request) -> Result<(i64, &'a Provider), Reply> {
    let segments = request.segments();
    let channel = segments.get(1).and_then(|id| world.line.account(id));
    let found = channel.and_then(|channel| Some((channel, world.line.provider_of(channel)?.1)));
    found.ok_or_else(|| pages::error(404, "このアカウントはありません。"))
}

/// A bad channel or redirect URI is shown as a page; everything else goes back to the redirect URI.
fn read(world: &World, query: &str) -> Result<Ask, Reply> {
    let pairs = form_pairs(query);
    let field = |name: &str| pairs.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str());
    let login = world.line.providers.iter().map(|one| &one.login);
    let mut login = login.filter(|one| field("client_id") == Some(one.channel_id.to_string().as_str()));
    let login = login.next().ok_or_else(|| pages::error(400, "client_id が正しくありません。"))?;
    let redirect_uri = field("redirect_uri")
        .filter(|uri| login.callback_urls.iter().any(|known| is_callback(known, uri)))
        .ok_or_else(|| pages::error(400, "redirect_uri がチャネルに登録されていません。"))?;
    let mut ask = Ask {
        channel: login.channel_id,
        redirect_uri: redirect_uri.to_owned(),
        state: field("state").unwrap_or_default().to_owned(),
        scopes: scopes(field("scope").unwrap_or_default()),
        nonce: field("nonce").map(str::to_owned),
        challenge: field("code_challenge").map(str::to_owned),
        max_age: field("max_age").is_some(),
        consent: field("prompt") == Some("consent"),
        silent: field("prompt") == Some("none"),
        bot_prompt: BotPrompt::None,
    };
    let refuse = |ask: &Ask, error: &str, why: &str| {
        Err(redirect(ask, &[("error", error), ("error_description", why)]))
    };
    if ask.state.is_empty()
        || !ask.state.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    {
        return refuse(&ask, "INVALID_REQUEST", "state is required");
    }
    if field("response_type") != Some("code") {
        return refuse(&ask, "UNSUPPORTED_RESPONSE_TYPE", "response_type must be code");
    }
    let known = ask.scopes.iter().all(|scope| matches!(scope.as_str(), "profile" | "openid"));
    // `email` needs an approval that these channels do not have.
    if ask.scopes.is_empty() || !known {
        return refuse(&ask, "INVALID_SCOPE", "invalid scope");
    }
    let digest = ask.challenge.as_ref().is_none_or(|challenge| challenge.len() == 43);
    if !digest || field("code_challenge_method") != ask.challenge.as_ref().map(|_| "S256") {
        return refuse(&ask, "INVALID_REQUEST", "code_challenge_method must be S256");
    }
    if field("response_mode").is_some_and(|mode| mode != "query") {
        return refuse(&ask, "INVALID_REQUEST", "the sandbox answers by query only");
    }
    ask.bot_prompt = match field("bot_prompt") {
        None => BotPrompt::None,
        Some("normal") => BotPrompt::Normal,
        Some("aggressive") => BotPrompt::Aggressive,
        Some(_) => return refuse(&ask, "INVALID_REQUEST", "invalid bot_prompt"),
    };
    Ok(ask)
}

/// Equal to a registered URL, or that plus a query.
fn is_callback(known: &str, uri: &str) -> bool {
    let base = uri.split('?').next().unwrap_or_default();
    match known.split_once(":*") {
        Some((start, end)) => base
            .strip_prefix(start)
            .and_then(|rest| rest.strip_prefix(':'))
            .and_then(|rest| rest.strip_suffix(end))
            .is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())),
        None => uri == known || base == known,
    }
}

fn redirect(ask: &Ask, fields: &[(&str, &str)]) -> Reply {
    let mut url = ask.redirect_uri.clone();
    let state = (!ask.state.is_empty()).then_some(("state", ask.state.as_str()));
    for (name, value) in fields.iter().copied().chain(state) {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        url.push_str(&value.replace(' ', "+"));
    }
    Reply { status: 302, headers: vec![("location".to_owned(), url)], body: Vec::new() }
}

fn provider(world: &World, channel: i64) -> Result<&Provider, Reply> {
    let known = world.line.provider_of(channel);
    known.map(|(_, provider)| provider).ok_or_else(|| pages::error(400, "client_id が正しくありません。"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_goes_to_a_registered_url_only() {
        let loopback = "http://127.0.0.1:*/cb";
        for (known, uri, want) in [
            ("https://a.example/cb", "https://a.example/cb", true),
            ("https://a.example/cb", "https://a.example/cb?x=1", true),
            ("https://a.example/cb", "https://a.example/cb/x", false),
            ("https://a.example/cb", "https://a.example.evil.example/cb", false),
            (loopback, "http://127.0.0.1:8787/cb", true),
            (loopback, "http://127.0.0.1:8787/other", false),
            (loopback, "http://127.0.0.1:1@evil.example/cb", false),
            (loopback, "http://127.0.0.1/cb", false),
        ] {
            assert_eq!(is_callback(known, uri), want, "{known} {uri}");
        }
    }
}
