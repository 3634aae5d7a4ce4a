//! Where a request goes: decided from its head alone, before any workspace's object exists. Pure, so that
//! it is tested as a table.

use shared::{
    door::{self, refusal::Form},
    error::Code,
    id::WorkspaceId,
};

/// The head of a request, as far as routing looks at it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Head<'a> {
    pub(crate) method: &'a str,
    /// Without the query.
    pub(crate) path: &'a str,
    /// Without the question mark.
    pub(crate) query: &'a str,
    pub(crate) authorization: Option<&'a str>,
    pub(crate) cookie: Option<&'a str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// Answered here: the Worker runs.
    Health,
    /// `POST /api/setup`.
    Setup,
    /// `GET /api/public`: answered here when there is no workspace yet.
    Public(Whose),
    /// `POST /api/sign-in/link`: the body's token names the workspace.
    SignInLink,
    /// A page of one of the programs: the path of its HTML among the assets.
    Page(&'static str),
    /// A file of `dist/`, or the self-service page.
    Asset,
    /// To the workspace's object. `unknown` is the refusal when there is no such workspace.
    Workspace {
        whose: Whose,
        unknown: Code,
    },
    Refused(Code),
}

/// Which workspace a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whose {
    Named(WorkspaceId),
    /// The deployment's only or first one: pages before sign-in name none.
    Default,
}

/// Name of the session cookie; its value is `{workspace id}.{token}`.
const COOKIE: &str = "todoke";
/// The same of whoever is on the way to sign in at a provider.
const LOGIN_COOKIE: &str = "todoke_login";

#[must_use]
pub(crate) fn route(head: &Head<'_>) -> Route {
    let mut segments = head.path.trim_start_matches('/').split('/');
    match Form::of(head.path) {
        Some(Form::LineNotify) => {
            return named(
                head.authorization.and_then(door::bearer).and_then(door::workspace_of),
                Code::BadKey,
            );
        }
        Some(Form::Slack) => return named(segments.nth(2).and_then(door::workspace_of), Code::BadKey),
        None => {}
    }
    match segments.next().unwrap_or_default() {
        "healthz" => Route::Health,
        "console" if reads(head) => Route::Page(program(segments.next())),
        "setup" if reads(head) => Route::Page(SETTINGS),
        // The page shows what the link does and posts it: link scanners, which only read, change nothing.
        "s" | "u" if reads(head) => Route::Page("/"),
        "u" => addressed(segments.next().and_then(workspace_of_token)),
        "calendar" if reads(head) => addressed(segments.next().and_then(workspace_of_token)),
        "hooks" => {
            let _provider = segments.next();
            addressed(segments.next().and_then(|id| id.parse().ok()))
        }
        "auth" => auth(head),
        "api" => api(head),
        _ if reads(head) => Route::Asset,
        _ => Route::Refused(Code::NotFound),
    }
}

/// The HTML of the program of 連携, 設定 and the set-up.
const SETTINGS: &str = "/console/settings";

/// The HTML of the program that draws the console's page: the same table as `frontend/src/console/place.rs`.
fn program(area: Option<&str>) -> &'static str {
    match area {
        Some("members" | "rules") => "/console/people",
        Some("apps") => "/console/apps",
        Some("integrations" | "settings") => SETTINGS,
        // Also what is nowhere: it says so.
        _ => "/console",
    }
}

/// The longest body that is handed on, in bytes. The hub counts the real bytes again.
#[must_use]
pub(crate) fn cap(path: &str) -> u64 {
    const KIB: u64 = 1 << 10;
    match path {
        // Images of scripts.
        "/api/notify" | "/api/notify/" => 10 << 20,
        "/api/v1/events" => 64 * KIB,
        "/api/setup" | "/api/sign-in" | "/api/sign-in/code" | "/api/sign-in/link" => 16 * KIB,
        _ => 1 << 20,
    }
}

/// How long a caller waits for the object, in milliseconds, before it is told to come again.
#[must_use]
pub(crate) fn patience(path: &str) -> u32 {
    let asks_providers = ["/api/integrations", "/api/workspace", "/api/me/channels/", "/auth/"];
    // Connecting or linking asks a provider several things while somebody watches.
    if asks_providers.iter().any(|start| path.starts_with(start)) { 60_000 } else { 10_000 }
}

/// `{26 characters of the workspace's id}.{secret}`: links in messages.
#[must_use]
pub(crate) fn workspace_of_token(token: &str) -> Option<WorkspaceId> {
    let (id, secret) = token.split_once('.')?;
    if secret.is_empty() { None } else { workspace_of(id) }
}

fn api(head: &Head<'_>) -> Route {
    match head.path {
        "/api/setup" if head.method == "POST" => return Route::Setup,
        "/api/public" => {
            return Route::Public(asked_for(head).map_or(Whose::Default, Whose::Named));
        }
        "/api/sign-in/link" if head.method == "POST" => return Route::SignInLink,
        "/api/openapi.json" if reads(head) => return Route::Page("/openapi.json"),
        "/api/sign-in" | "/api/sign-in/code" => return default(head),
        _ => {}
    }
    if let Some(token) = head.path.strip_prefix("/api/u/") {
        return addressed(workspace_of_token(token));
    }
    let by_key = head.authorization.map(|value| named(workspace_of_key(value), Code::BadKey));
    let by_cookie = || {
        head.cookie.and_then(|cookies| named_by(COOKIE, cookies)).map(|ws| named(Some(ws), Code::NotSignedIn))
    };
    let nobody = || match head.path {
        // Only systems ask for these.
        path if path == "/api/v1/events" || path.starts_with("/api/v1/events/") => Code::BadKey,
        _ => Code::NotSignedIn,
    };
    by_key.or_else(by_cookie).unwrap_or_else(|| Route::Refused(nobody()))
}

/// Browsers on their way to a provider's login page and back, whose addresses there are fixed and name no
/// workspace: the cookie that they took along does.
fn auth(head: &Head<'_>) -> Route {
    let cookie = match head.path {
        "/auth/callback/lineworks" => LOGIN_COOKIE,
        path if path.starts_with("/auth/callback/") => COOKIE,
        _ => return default(head),
    };
    match head.cookie.and_then(|cookies| named_by(cookie, cookies)) {
        Some(id) => addressed(Some(id)),
        None => default(head),
    }
}

fn default(head: &Head<'_>) -> Route {
    Route::Workspace { whose: asked_for(head).map_or(Whose::Default, Whose::Named), unknown: Code::NotFound }
}

/// `?ws=`: for deployments with more than one workspace.
fn asked_for(head: &Head<'_>) -> Option<WorkspaceId> {
    head.query.split('&').find_map(|pair| pair.strip_prefix("ws="))?.parse().ok()
}

fn addressed(workspace: Option<WorkspaceId>) -> Route {
    named(workspace, Code::NotFound)
}

fn named(workspace: Option<WorkspaceId>, unknown: Code) -> Route {
    workspace.map_or(Route::Refused(unknown), |id| Route::Workspace { whose: Whose::Named(id), unknown })
}

/// `Bearer tdk_{26 characters of the workspace's id}_{secret}`.
fn workspace_of_key(authorization: &str) -> Option<WorkspaceId> {
    let (scheme, key) = authorization.trim().split_once(' ')?;
    let (id, secret) = key.trim().strip_prefix("tdk_")?.split_once('_')?;
    if scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty() { workspace_of(id) } else { None }
}

fn workspace_of(id: &str) -> Option<WorkspaceId> {
    format!("{}{id}", WorkspaceId::PREFIX).parse().ok()
}

/// The workspace in the cookie of that name.
fn named_by(wanted: &str, cookies: &str) -> Option<WorkspaceId> {
    cookies.split(';').find_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        let (id, _token) = value.split_once('.')?;
        if name == wanted { id.parse().ok() } else { None }
    })
}

fn reads(head: &Head<'_>) -> bool {
    matches!(head.method, "GET" | "HEAD")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01kdvdna00000g40r40m30e27z";

    fn ws() -> WorkspaceId {
        format!("ws_{ID}").parse().unwrap()
    }

    fn to(unknown: Code) -> Route {
        Route::Workspace { whose: Whose::Named(ws()), unknown }
    }

    fn ask(method: &str, target: &str) -> Route {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        route(&Head { method, path, query, ..Head::default() })
    }

    #[test]
    fn paths_decide() {
        let at_default = Route::Workspace { whose: Whose::Default, unknown: Code::NotFound };
        for (method, target, expected) in [
            ("GET", "/healthz", Route::Health),
            ("GET", "/", Route::Asset),
            ("GET", "/me", Route::Asset),
            ("POST", "/me", Route::Refused(Code::NotFound)),
            ("GET", "/console", Route::Page("/console")),
            ("GET", "/console/", Route::Page("/console")),
            ("GET", "/console/unreachable", Route::Page("/console")),
            ("GET", "/console/deliveries/dl_1", Route::Page("/console")),
            ("GET", "/console/announcements/new", Route::Page("/console")),
            ("GET", "/console/members", Route::Page("/console/people")),
            ("HEAD", "/console/members/mb_1", Route::Page("/console/people")),
            ("GET", "/console/rules/companies", Route::Page("/console/people")),
            ("GET", "/console/apps/attendance", Route::Page("/console/apps")),
            ("GET", "/console/integrations/line?a=b", Route::Page("/console/settings")),
            ("GET", "/console/settings", Route::Page("/console/settings")),
            ("GET", "/console/settings/", Route::Page("/console/settings")),
            ("GET", "/console/settings/keys", Route::Page("/console/settings")),
            // No page of the console, although the assets have a file there.
            ("GET", "/console/people", Route::Page("/console")),
            ("POST", "/console/settings", Route::Refused(Code::NotFound)),
            ("GET", "/setup", Route::Page("/console/settings")),
            ("POST", "/setup", Route::Refused(Code::NotFound)),
            ("GET", "/s/anything", Route::Page("/")),
            ("GET", "/u/anything", Route::Page("/")),
            ("POST", "/s/anything", Route::Refused(Code::NotFound)),
            ("POST", &format!("/u/{ID}.abc"), to(Code::NotFound)),
            ("POST", "/u/nonsense", Route::Refused(Code::NotFound)),
            ("GET", &format!("/calendar/{ID}.abc.ics"), to(Code::NotFound)),
            ("HEAD", &format!("/calendar/{ID}.abc.ics"), to(Code::NotFound)),
            ("GET", "/calendar/nonsense.ics", Route::Refused(Code::NotFound)),
            ("POST", &format!("/calendar/{ID}.abc.ics"), Route::Refused(Code::NotFound)),
            ("GET", &format!("/api/u/{ID}.abc"), to(Code::NotFound)),
            ("POST", &format!("/hooks/lineworks/ws_{ID}/in_{ID}"), to(Code::NotFound)),
            ("POST", "/hooks/lineworks/ws_short/in_1", Route::Refused(Code::NotFound)),
            ("POST", "/hooks", Route::Refused(Code::NotFound)),
            ("POST", &format!("/hooks/in/{ID}12345678901234567"), to(Code::BadKey)),
            ("POST", "/hooks/in/nonsense", Route::Refused(Code::BadKey)),
            ("POST", "/api/notify", Route::Refused(Code::BadKey)),
            ("POST", "/api/setup", Route::Setup),
            ("GET", "/api/public", Route::Public(Whose::Default)),
            ("GET", &format!("/api/public?a=b&ws=ws_{ID}"), Route::Public(Whose::Named(ws()))),
            ("GET", "/api/public?ws=nonsense", Route::Public(Whose::Default)),
            ("GET", "/api/openapi.json", Route::Page("/openapi.json")),
            ("POST", "/api/sign-in", at_default.clone()),
            ("POST", "/api/sign-in/code", at_default.clone()),
            ("POST", &format!("/api/sign-in?ws=ws_{ID}"), to(Code::NotFound)),
            ("POST", "/api/sign-in/link", Route::SignInLink),
            ("GET", "/api/me", Route::Refused(Code::NotSignedIn)),
            ("GET", "/api/live", Route::Refused(Code::NotSignedIn)),
            ("POST", "/api/v1/events", Route::Refused(Code::BadKey)),
            ("GET", "/api/v1/events/ev_1", Route::Refused(Code::BadKey)),
            // What only the platform itself may ask is not reachable.
            ("POST", "/internal/wake", Route::Refused(Code::NotFound)),
            ("POST", "/directory/claim", Route::Refused(Code::NotFound)),
        ] {
            assert_eq!(ask(method, target), expected, "{method} {target}");
        }
    }

    #[test]
    fn keys_and_cookies_name_the_workspace() {
        fn with(authorization: Option<&str>, cookie: Option<&str>) -> Route {
            route(&Head { method: "GET", path: "/api/v1/rooms", authorization, cookie, ..Head::default() })
        }
        let key = format!("Bearer tdk_{ID}_secret_with-both");
        assert_eq!(with(Some(&key), None), to(Code::BadKey));
        assert_eq!(with(Some(&key.replace("Bearer", "bearer")), None), to(Code::BadKey));
        let (no_secret, no_scheme) = (key.replace("secret_with-both", ""), key.replace("Bearer ", ""));
        for bad in ["", "Bearer", "Bearer tdk_x_y", "Basic abc", &no_secret, &no_scheme] {
            assert_eq!(with(Some(bad), None), Route::Refused(Code::BadKey), "{bad}");
        }
        let cookie = format!("a=b; todoke=ws_{ID}.token; c=d");
        assert_eq!(with(None, Some(&cookie)), to(Code::NotSignedIn));
        // A key that is there decides, even a bad one: no quiet fallback to somebody's session.
        assert_eq!(with(Some("Bearer nonsense"), Some(&cookie)), Route::Refused(Code::BadKey));
        let other = format!("nottodoke=ws_{ID}.token");
        for bad in ["", "todoke=", "todoke=nonsense.token", &other] {
            assert_eq!(with(None, Some(bad)), Route::Refused(Code::NotSignedIn), "{bad}");
        }
    }

    #[test]
    fn a_door_s_token_names_the_workspace() {
        let with = |authorization: &str| {
            let head = Head {
                method: "POST",
                path: "/api/notify",
                authorization: Some(authorization),
                ..Head::default()
            };
            route(&head)
        };
        let token = format!("{ID}abcdefghijklmnopq");
        assert_eq!(with(&format!("Bearer {token}")), to(Code::BadKey));
        for bad in [format!("Bearer tdk_{ID}_secret"), format!("Basic {token}"), "Bearer x".to_owned()] {
            assert_eq!(with(&bad), Route::Refused(Code::BadKey), "{bad}");
        }
    }

    #[test]
    fn who_comes_back_from_a_login_page_is_found_by_the_cookie() {
        let at_default = Route::Workspace { whose: Whose::Default, unknown: Code::NotFound };
        let session = format!("a=b; todoke=ws_{ID}.token");
        let login = format!("todoke_login=ws_{ID}.token; todoke=nonsense");
        for (path, query, cookie, expected) in [
            ("/auth/callback/line", "code=1&state=2", Some(&session), to(Code::NotFound)),
            ("/auth/callback/slack", "", Some(&session), to(Code::NotFound)),
            ("/auth/callback/line", "", Some(&login), at_default.clone()),
            ("/auth/callback/line", "", None, at_default.clone()),
            ("/auth/callback/lineworks", "", Some(&login), to(Code::NotFound)),
            ("/auth/callback/lineworks", "", Some(&session), at_default.clone()),
            ("/auth/start/lineworks", "", Some(&session), at_default.clone()),
            ("/auth/start/lineworks", &format!("ws=ws_{ID}"), None, to(Code::NotFound)),
        ] {
            let cookie = cookie.map(String::as_str);
            let head = Head { method: "GET", path, query, cookie, authorization: None };
            assert_eq!(route(&head), expected, "{path} {cookie:?}");
        }
        assert_eq!(patience("/auth/callback/line"), 60_000);
        assert_eq!(patience("/api/me/channels/google_chat"), 60_000);
        assert_eq!(patience("/api/me/channel"), 10_000);
    }

    #[test]
    fn events_are_smaller_than_callbacks() {
        assert_eq!(cap("/api/v1/events"), 65_536);
        assert_eq!(cap("/hooks/lineworks/a/b"), 1_048_576);
    }
}
