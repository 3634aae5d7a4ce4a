use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

const CLIENT: &str = "1767225600001.1767225600002";
const REDIRECT: &str = "https%3A%2F%2Ftodoke.example%2Fauth%2Fcallback%2Fslack";

fn page(method: &str, query: &str, body: &str) -> Request {
    let mut request = form(&format!("/oauth/v2/authorize?{query}"), body, &[]);
    request.method = method.into();
    request
}

fn query() -> String {
    format!("client_id={CLIENT}&scope=chat:write,im:write&state=s%261&redirect_uri={REDIRECT}")
}

/// The code that comes back when sato allows it.
fn code(client: &mut Client) -> String {
    let allowed = client.http(&page("POST", &query(), &format!("decision=allow&user={SATO}")));
    assert_eq!(allowed.status, 302);
    let location = allowed.header("location").unwrap();
    let rest = location.strip_prefix("https://todoke.example/auth/callback/slack?code=").unwrap();
    rest.strip_suffix("&state=s%261").unwrap().to_owned()
}

fn access(client: &mut Client, body: &str, headers: &[(&str, &str)]) -> Value {
    client.http(&form("/api/oauth.v2.access", body, headers)).body_json()
}

#[test]
fn the_page_names_app_workspace_and_scopes() {
    let mut client = Client::new();
    let shown = client.http(&page("GET", &query(), ""));
    let html = String::from_utf8(shown.body).unwrap();
    for text in ["届け", "みなと商事", "<code>im:write</code>", "佐藤 花子", "value=\"allow\""] {
        assert!(html.contains(text), "{text}");
    }
    let refused = client.http(&page("POST", &query(), &format!("decision=deny&user={SATO}")));
    assert_eq!(
        refused.header("location"),
        Some("https://todoke.example/auth/callback/slack?error=access_denied&state=s%261")
    );
}

#[test]
fn the_page_refuses_what_it_does_not_know() {
    let mut client = Client::new();
    for (from, to, want) in [
        (CLIENT, "1.2", "invalid_client_id"),
        ("chat:write,im:write", "chat:writes", "invalid_scope: chat:writes"),
        ("chat:write,im:write", "", "no_scopes"),
        ("todoke.example", "other.example", "bad_redirect_uri"),
        ("todoke.example", "todoke.example.evil", "bad_redirect_uri"),
        ("https%3A%2F%2Ftodoke", "http%3A%2F%2Ftodoke", "bad_redirect_uri"),
        ("Fslack", "Fslack%23x", "bad_redirect_uri"),
        ("state=", "team=T1&state=", "invalid_team_for_non_distributed_app"),
    ] {
        let reply = client.http(&page("GET", &query().replace(from, to), ""));
        let html = String::from_utf8(reply.body).unwrap();
        assert!(reply.status == 400 && html.contains(want), "{want}: {html}");
    }
    let local = query().replace(REDIRECT, "http%3A%2F%2F127.0.0.1%3A8787%2Fauth%2Fcallback%2Fslack");
    assert_eq!(client.http(&page("GET", &local, "")).status, 200);
    let script = query().replace("chat:write,im:write", "%3Cscript%3E");
    let html = String::from_utf8(client.http(&page("GET", &script, "")).body).unwrap();
    assert!(html.contains("&lt;script&gt;"), "{html}");
}

#[test]
fn a_code_becomes_the_token_of_the_installation() {
    let mut client = Client::new();
    client.world.slack_uninstall("", NOW).unwrap();
    let code = code(&mut client);
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:sandbox-slack-client-secret")));
    let body = format!("code={code}&redirect_uri={REDIRECT}");
    let got = access(&mut client, &body, &[("Authorization", &basic)]);
    let token = got["access_token"].as_str().unwrap().to_owned();
    assert_eq!(
        got,
        json!({"ok": true, "app_id": APP, "access_token": token, "token_type": "bot",
            "scope": "chat:write,im:write", "bot_user_id": BOT, "team": {"id": "T0MINATO001", "name": "みなと商事"},
            "enterprise": null, "is_enterprise_install": false, "authed_user": {"id": SATO}})
    );
    client.token = token;
    assert_eq!(client.post("auth.test", &json!({}))["ok"], true);
    assert_eq!(client.get("users.info", "user=U1")["needed"], "users:read");
    assert_eq!(error(&access(&mut client, &body, &[("Authorization", &basic)])), "invalid_code");
    client.no_violations();
}

#[test]
fn a_second_installation_adds_scopes() {
    let mut client = Client::new();
    let code = code(&mut client);
    let secret = "sandbox-slack-client-secret";
    let body = format!("client_id={CLIENT}&client_secret={secret}&code={code}&redirect_uri={REDIRECT}");
    let got = access(&mut client, &body, &[]);
    assert_eq!(got["access_token"], json!(client.token));
    assert!(got["scope"].as_str().unwrap().contains("users:read.email"));
}

#[test]
fn a_wrong_exchange_says_why() {
    let mut client = Client::new();
    let code = code(&mut client);
    let good = format!(
        "client_id={CLIENT}&client_secret=sandbox-slack-client-secret&code={code}&redirect_uri={REDIRECT}"
    );
    for (from, to, want) in [
        (CLIENT, "1.2", "invalid_client_id"),
        ("sandbox-slack", "wrong", "bad_client_secret"),
        ("code=", "code=x", "invalid_code"),
        ("todoke.example", "other.example", "bad_redirect_uri"),
        ("&redirect_uri", "&code_verifier=v&redirect_uri", "pkce_not_allowed"),
        ("&redirect_uri", "&grant_type=x&redirect_uri", "invalid_grant_type"),
        ("&redirect_uri", "&grant_type=refresh_token&refresh_token=r&redirect_uri", "invalid_refresh_token"),
    ] {
        assert_eq!(error(&access(&mut client, &good.replace(from, to), &[])), want, "{want}");
    }
    client.now += 10 * 60_000;
    assert_eq!(error(&access(&mut client, &good, &[])), "invalid_code");
}
