//! Fills members' IDs from the provider: LINE WORKS tells its whole directory, Slack one person at a time, so that
//! a large workspace takes several calls.

use leptos::prelude::*;
use shared::{api::integrations::Provider, id::IntegrationId, lang::Text};

use crate::{
    client::{
        browser,
        json::{self, FromJson, Json},
        spawn,
    },
    console::{head::card_head, texts::integrations as texts},
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        Icon, Toasts, Tone,
        controls::{Press, button},
    },
};

/// What is read of [`shared::api::integrations::MatchResult`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Matched {
    matched: u32,
    unknown: Vec<String>,
    /// Members who were not asked for yet.
    left: u32,
    /// Goes on from here.
    next: Option<String>,
    /// The provider wants a pause first.
    wait_ms: Option<i64>,
}

impl FromJson for Matched {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            matched: json.number("matched")?.try_into().ok()?,
            unknown: json.get("unknown").items().iter().filter_map(Json::str).map(Into::into).collect(),
            left: json.number("left").and_then(|left| left.try_into().ok()).unwrap_or_default(),
            next: json.text("next"),
            wait_ms: json.number("wait_ms"),
        })
    }
}

impl Matched {
    /// Takes in the next part.
    fn and(self, next: Self) -> Self {
        let mut unknown = self.unknown;
        unknown.extend(next.unknown);
        Self { matched: self.matched + next.matched, unknown, ..next }
    }
}

/// `toasts` says what went wrong; `done` counts the matchings that ended.
pub(crate) fn matching(toasts: Toasts, provider: Provider, id: IntegrationId, done: RwSignal<u32>) -> El {
    let busy = RwSignal::new(false);
    let result = RwSignal::new(None::<Matched>);
    let press = move || {
        let path = format!("/api/integrations/{id}/match");
        busy.set(true);
        result.set(None);
        spawn(async move {
            let mut so_far = Matched::default();
            let mut cursor = None::<String>;
            loop {
                let query = cursor.as_deref().map(|at| format!("?cursor={}", browser::escape(at)));
                let answer = json::send::<Matched>(
                    "POST",
                    &format!("{path}{}", query.unwrap_or_default()),
                    String::new(),
                )
                .await;
                match answer {
                    Ok(part) => so_far = so_far.and(part),
                    Err(failure) => {
                        toasts.failed(&failure);
                        break;
                    }
                }
                // `Some`: the page was left meanwhile.
                if result.try_set(Some(so_far.clone())).is_some() || so_far.next.is_none() {
                    break;
                }
                cursor.clone_from(&so_far.next);
                if let Some(wait) = so_far.wait_ms {
                    browser::pause(wait).await;
                }
            }
            let _gone = busy.try_set(false);
            let _gone = done.try_update(|done| *done += 1);
        });
    };
    let (title, lead): (Text, Text) = match provider {
        Provider::Slack => (texts::MATCH_TITLE_SLACK, texts::MATCH_LEAD_SLACK),
        _ => (texts::MATCH_TITLE, texts::MATCH_LEAD),
    };
    let start = Press {
        doing: texts::MATCH_BUSY,
        icon: Some(Icon::People),
        busy: busy.into(),
        test: "match".into(),
        ..Press::new(texts::MATCH)
    };
    el("section", "card grid gap-3")
        .attr("aria-labelledby", "match-title")
        .child(
            el("div", "flex flex-wrap items-center justify-between gap-x-4 gap-y-3")
                .child(card_head("match-title", title, Some(lead)))
                .child(button(start, Some(Box::new(press)))),
        )
        .child(
            el("div", "")
                .attr("aria-live", "polite")
                .dynamic(move || result.get().map(shown).into_iter().collect()),
        )
}

fn shown(result: Matched) -> El {
    let (matched, left) = (result.matched, result.left);
    let tone = if matched == 0 { Tone::Quiet } else { Tone::Good };
    let words = move || {
        if matched == 0 {
            say(texts::MATCHED_NONE).to_owned()
        } else {
            fill(texts::MATCHED, &[&matched.to_string()])
        }
    };
    let mut body = el("div", "").child(el("p", "").text_when(words));
    if left > 0 {
        body = body
            .child(el("p", "text-ink-soft").text_when(move || fill(texts::MATCH_LEFT, &[&left.to_string()])));
    }
    if !result.unknown.is_empty() {
        let count = result.unknown.len().to_string();
        let logins = result.unknown.iter().map(|login| el("li", "").text(login));
        body = body.child(
            el("details", "why")
                .child(el("summary", "").text_when(move || fill(texts::UNKNOWN, &[&count])))
                .child(
                    el("ul", "m-0 list-none columns-2 gap-6 p-0 font-mono text-[13px] max-sm:columns-1")
                        .children(logins.collect()),
                ),
        );
    }
    el("div", "banner mb-0")
        .attr("data-tone", tone.name())
        .attr("role", "status")
        .test("match-result")
        .child(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up() {
        let part = |matched, left, next: Option<&str>| Matched {
            matched,
            unknown: vec![format!("{left}@minato.example")],
            left,
            next: next.map(Into::into),
            wait_ms: None,
        };
        let sum = Matched::default().and(part(3, 40, Some("mb_1"))).and(part(2, 0, None));
        assert_eq!((sum.matched, sum.unknown.len(), sum.left, sum.next), (5, 2, 0, None));
        let short = json::read::<Matched>(r#"{"matched":1,"unknown":[]}"#).unwrap();
        assert_eq!(short, Matched { matched: 1, ..Matched::default() });
    }
}
