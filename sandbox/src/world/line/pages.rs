//! The HTML of LINE's pages: plain forms, no script.

use std::collections::BTreeSet;

use super::super::{Person, Reply};
use super::Provider;

const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.7 system-ui,'Hiragino Sans','Noto Sans JP',sans-serif}\
body{margin:0;min-height:100vh;background:light-dark(#f3f4f3,#16191a);color:light-dark(#1d2423,#eceeec)}\
main{max-width:26rem;margin:0 auto;padding:1.5rem 1.2rem 3rem}\
h1{font-size:1.15rem;margin:.2rem 0 .6rem}p{margin:.4rem 0}\
small{color:light-dark(#5b6663,#a3adaa)}\
.bar{background:#05763f;color:#fff;padding:.8rem 1.2rem;font-weight:700}.bar small{color:#e3f5ea;font-weight:400}\
ul{list-style:none;margin:1rem 0;padding:0}li{margin:.4rem 0}\
button{font:inherit;width:100%;min-height:46px;padding:.4rem 1rem;border-radius:8px;border:1px solid light-dark(#c9d0cd,#3f4745);\
background:light-dark(#fff,#222726);color:inherit;text-align:left;cursor:pointer;display:flex;justify-content:space-between;align-items:center}\
button.go{background:#05763f;border-color:#05763f;color:#fff;text-align:center;display:block;font-weight:600}\
button.no{text-align:center;display:block}label{display:flex;gap:.6rem;align-items:center;margin:1rem 0;min-height:44px}\
input[type=checkbox]{width:1.3rem;height:1.3rem}:focus-visible{outline:3px solid #0a66c2;outline-offset:2px}\
form{margin:.5rem 0}";

/// Who logs in.
pub(super) fn people(provider: &Provider, people: &[Person], query: &str) -> Reply {
    let rows: String = people.iter().map(|person| row(person, "")).collect();
    page(
        "LINE ログイン",
        &format!(
            "<h1>{name} にログイン</h1><p>だれの LINE でログインしますか。</p>\
             <form method=\"post\" action=\"login\">{request}<ul>{rows}</ul></form>{deny}",
            name = escape(&provider.login.name),
            request = hidden("request", query),
            deny = deny(query, "キャンセル"),
        ),
    )
}

/// What is granted. `boxed`: with the box that adds the account.
pub(super) fn consent(
    provider: &Provider,
    person: &Person,
    scopes: &BTreeSet<String>,
    query: &str,
    boxed: bool,
) -> Reply {
    let rows: String = scopes
        .iter()
        .map(|scope| match scope.as_str() {
            "profile" => "<li>プロフィール情報（名前、アイコン）</li>",
            _ => "<li>ユーザー識別子</li>",
        })
        .collect();
    let friend = if boxed {
        format!(
            "{}<label><input type=\"checkbox\" name=\"friend\" value=\"1\" checked>{} を友だち追加する</label>",
            hidden("asked", "1"),
            escape(&provider.messaging.name)
        )
    } else {
        String::new()
    };
    page(
        "許可",
        &format!(
            "<h1>{name}</h1><p>{who} さんの次の情報を渡します。</p><ul>{rows}</ul>\
             <form method=\"post\" action=\"login\">{request}{person}{answer}{friend}\
             <button class=\"go\">許可する</button></form>{deny}",
            name = escape(&provider.login.name),
            who = escape(&person.name()),
            request = hidden("request", query),
            person = hidden("person", &person.user_id),
            answer = hidden("answer", "allow"),
            deny = deny(query, "キャンセル"),
        ),
    )
}

/// The question after the consent.
pub(super) fn add_friend(provider: &Provider, person: &Person, query: &str) -> Reply {
    let form = |friend: &str, class: &str, words: &str| {
        format!(
            "<form method=\"post\" action=\"login\">{}{}{}{}{}<button class=\"{class}\">{words}</button></form>",
            hidden("request", query),
            hidden("person", &person.user_id),
            hidden("answer", "allow"),
            hidden("asked", "1"),
            hidden("friend", friend),
        )
    };
    page(
        "友だち追加",
        &format!(
            "<h1>{}</h1><p>{}</p><p>友だちに追加すると、このアカウントからお知らせが届きます。</p>{}{}",
            escape(&provider.messaging.name),
            escape(&provider.messaging.basic_id),
            form("1", "go", "追加する"),
            form("0", "no", "追加しない"),
        ),
    )
}

/// What a friend link opens.
pub(super) fn friend(provider: &Provider, people: &[(&Person, &str)]) -> Reply {
    let rows: String = people.iter().map(|(person, state)| row(person, state)).collect();
    page(
        "友だち追加",
        &format!(
            "<h1>{}</h1><p>{}</p><p>だれの LINE に追加しますか。</p><form method=\"post\"><ul>{rows}</ul></form>",
            escape(&provider.messaging.name),
            escape(&provider.messaging.basic_id),
        ),
    )
}

pub(super) fn error(status: u16, text: &str) -> Reply {
    Reply { status, ..page("エラー", &format!("<h1>{status}</h1><p>{}</p>", escape(text))) }
}

fn page(title: &str, inner: &str) -> Reply {
    let html = format!(
        "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title} — LINE sandbox</title>\
         <style>{STYLE}</style></head><body><div class=\"bar\">LINE <small>sandbox</small></div>\
         <main>{inner}</main></body></html>"
    );
    let headers = vec![
        ("content-type".to_owned(), "text/html; charset=utf-8".to_owned()),
        ("cache-control".to_owned(), "no-store".to_owned()),
    ];
    Reply { status: 200, headers, body: html.into_bytes() }
}

fn row(person: &Person, state: &str) -> String {
    format!(
        "<li><button name=\"person\" value=\"{}\"><span>{}</span><small>{}</small></button></li>",
        escape(person.short_name()),
        escape(&person.name()),
        escape(state)
    )
}

fn deny(query: &str, words: &str) -> String {
    format!(
        "<form method=\"post\" action=\"login\">{}{}<button class=\"no\">{words}</button></form>",
        hidden("request", query),
        hidden("answer", "deny")
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
