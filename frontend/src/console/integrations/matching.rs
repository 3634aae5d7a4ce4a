//! Fills members' LINE WORKS IDs from the provider's directory.

use leptos::prelude::*;
use shared::{api::integrations::MatchResult, id::IntegrationId};

use crate::{
    client::{http, spawn},
    console::{
        head::head,
        part::{Draw, part, said},
        texts::integrations as texts,
    },
    i18n::{fill, say},
    kit::{Banner, Button, Icon, Tone, use_toasts},
};

#[component]
pub fn Matching(id: IntegrationId) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let result = RwSignal::new(None::<MatchResult>);
    let press = Callback::new(move |()| {
        let path = format!("/api/integrations/{id}/match");
        busy.set(true);
        spawn(async move {
            let answer = http::post_empty::<MatchResult>(&path).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(matched) => drop(result.try_set(Some(matched))),
                Err(failure) => toasts.failed(&failure),
            }
        });
    });
    let words = move |matched: u32| {
        if matched == 0 {
            say(texts::MATCHED_NONE).to_owned()
        } else {
            fill(texts::MATCHED, &[&matched.to_string()])
        }
    };
    view! {
        <section class="card grid gap-3" aria-labelledby="match-title">
            <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
                {head("match-title", texts::MATCH_TITLE, Some(texts::MATCH_LEAD))}
                <Button label=texts::MATCH doing=texts::MATCH_BUSY icon=Icon::People busy=busy testid="match" on_press=press />
            </div>
            <div class="[&_.banner]:mb-0" aria-live="polite">
                {part(move || {
                    result
                        .get()
                        .map(|result| {
                            let unknown = result.unknown;
                            view! {
                                <Banner tone=if result.matched == 0 { Tone::Quiet } else { Tone::Good } testid="match-result">
                                    <p>{said(move || words(result.matched))}</p>
                                    {(!unknown.is_empty()).then(|| view! { <Unknown logins=unknown /> })}
                                </Banner>
                            }
                        })
                }.drawn())}
            </div>
        </section>
    }
}

#[component]
fn Unknown(logins: Vec<String>) -> impl IntoView {
    let count = logins.len().to_string();
    view! {
        <details class="why">
            <summary>{said(move || fill(texts::UNKNOWN, &[&count]))}</summary>
            <ul class="m-0 list-none columns-2 gap-6 p-0 font-mono text-[13px] max-sm:columns-1">
                {logins.into_iter().map(|login| view! { <li>{login}</li> }).collect_view()}
            </ul>
        </details>
    }
}
