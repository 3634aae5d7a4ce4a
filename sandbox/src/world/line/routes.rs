//! The operations of `api.line.me` by method and path.

use super::super::{Reply, Request, World};
use super::{Call, directory, login, send, tokens, webhook};

/// One operation of the API: name in limits and logs, who may call it, whether it takes a retry key.
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) auth: Auth,
    /// The schema of the JSON body, if there is one.
    pub(super) body: Option<&'static str>,
    /// The schema of the answer with status 200, if it has one.
    pub(super) answer: Option<&'static str>,
    pub(super) serve: fn(&mut World, &Call<'_>) -> Result<Reply, Reply>,
}

/// Whose token an operation wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Auth {
    /// A Messaging channel's.
    Bot,
    /// A Login channel's, v2.1 or stateless.
    LoginChannel,
    /// A user's; the handler reads it.
    User,
    /// None: credentials are in the form.
    Form,
}

pub(crate) fn operation(request: &Request) -> &'static str {
    route(request).map_or("unknown", |(operation, _)| operation.name)
}

/// Whether the operation hands over a message.
pub(crate) fn delivers(operation: &str) -> bool {
    matches!(operation, "push" | "multicast" | "reply")
}

/// The operation of a path, and its variable segments.
pub(super) fn route(request: &Request) -> Option<(Operation, Vec<String>)> {
    let segments = request.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    macro_rules! to {
        ($name:literal, $auth:ident, $body:expr, $answer:expr, $serve:path $(, $param:expr)*) => {
            Some((
                Operation {
                    name: $name, auth: Auth::$auth, body: $body, answer: $answer, serve: $serve,
                },
                vec![$($param.to_string()),*],
            ))
        };
    }
    const NONE: Option<&str> = None;
    const CHECKED: Option<&str> = Some("line:ValidateMessageRequest");
    const HOOK: Option<&str> = Some("line:GetWebhookEndpointResponse");
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["v2", "bot", "message", "push"]) => {
            to!("push", Bot, Some("line:PushMessageRequest"), Some("line:PushMessageResponse"), send::push)
        }
        ("POST", ["v2", "bot", "message", "multicast"]) => {
            to!("multicast", Bot, Some("line:MulticastRequest"), NONE, send::multicast)
        }
        ("POST", ["v2", "bot", "message", "reply"]) => {
            to!(
                "reply",
                Bot,
                Some("line:ReplyMessageRequest"),
                Some("line:ReplyMessageResponse"),
                send::reply
            )
        }
        ("POST", ["v2", "bot", "message", "validate", "push" | "reply" | "multicast"]) => {
            to!("validate", Bot, CHECKED, NONE, send::validate)
        }
        ("GET", ["v2", "bot", "message", "quota"]) => {
            to!("quota", Bot, NONE, Some("line:MessageQuotaResponse"), send::quota)
        }
        ("GET", ["v2", "bot", "message", "quota", "consumption"]) => {
            to!("consumption", Bot, NONE, Some("line:QuotaConsumptionResponse"), send::consumption)
        }
        ("GET", ["v2", "bot", "info"]) => {
            to!("bot_info", Bot, NONE, Some("line:BotInfoResponse"), directory::bot_info)
        }
        ("GET", ["v2", "bot", "profile", u]) => {
            to!("profile", Bot, NONE, Some("line:UserProfileResponse"), directory::profile, u)
        }
        ("GET", ["v2", "bot", "followers", "ids"]) => {
            to!("followers", Bot, NONE, Some("line:GetFollowersResponse"), directory::followers)
        }
        ("GET", ["v2", "bot", "group", g, "summary"]) => {
            to!("group", Bot, NONE, Some("line:GroupSummaryResponse"), directory::group, g)
        }
        ("GET", ["v2", "bot", "group", g, "member", u]) => {
            to!("group_member", Bot, NONE, Some("line:GroupUserProfileResponse"), directory::member, g, u)
        }
        ("POST", ["v2", "bot", "group", g, "leave"]) => {
            to!("leave_group", Bot, NONE, NONE, directory::leave, g)
        }
        ("PUT", ["v2", "bot", "channel", "webhook", "endpoint"]) => {
            to!("set_webhook", Bot, Some("line:SetWebhookEndpointRequest"), NONE, webhook::set)
        }
        ("GET", ["v2", "bot", "channel", "webhook", "endpoint"]) => {
            to!("get_webhook", Bot, NONE, HOOK, webhook::get)
        }
        ("POST", ["v2", "bot", "channel", "webhook", "test"]) => {
            to!("test_webhook", Bot, NONE, NONE, webhook::test)
        }
        ("POST", ["oauth2", "v2.1", "token"]) => to!("token", Form, NONE, NONE, login::token),
        ("POST", ["oauth2", "v3", "token"]) => {
            let answer = Some("line-token:IssueStatelessChannelAccessTokenResponse");
            to!("stateless_token", Form, NONE, answer, tokens::stateless)
        }
        ("GET", ["oauth2", "v2.1", "tokens", "kid"]) => {
            to!("token_kids", Form, NONE, Some("line-token:ChannelAccessTokenKeyIdsResponse"), tokens::kids)
        }
        ("GET", ["oauth2", "v2.1", "verify"]) => to!("verify_token", Form, NONE, NONE, login::verify_access),
        ("POST", ["oauth2", "v2.1", "verify"]) => to!("verify_id_token", Form, NONE, NONE, login::verify_id),
        ("POST", ["oauth2", "v2.1", "revoke"]) => to!("revoke", Form, NONE, NONE, login::revoke),
        ("POST", ["v2", "oauth", "accessToken"]) => {
            let answer = Some("line-token:IssueShortLivedChannelAccessTokenResponse");
            to!("short_lived_token", Form, NONE, answer, tokens::short_lived)
        }
        ("POST", ["v2", "oauth", "verify"]) => {
            let answer = Some("line-token:VerifyChannelAccessTokenResponse");
            to!("verify_channel_token", Form, NONE, answer, tokens::verify)
        }
        ("POST", ["v2", "oauth", "revoke"]) => {
            to!("revoke_channel_token", Form, NONE, NONE, tokens::revoke_old)
        }
        ("GET", ["v2", "profile"]) => to!("login_profile", User, NONE, NONE, login::profile),
        ("GET" | "POST", ["oauth2", "v2.1", "userinfo"]) => {
            to!("userinfo", User, NONE, NONE, login::userinfo)
        }
        ("GET", ["friendship", "v1", "status"]) => to!("friendship", User, NONE, NONE, login::friendship),
        ("POST", ["user", "v1", "deauthorize"]) => {
            to!("deauthorize", LoginChannel, NONE, NONE, login::deauthorize)
        }
        _ => None,
    }
}
