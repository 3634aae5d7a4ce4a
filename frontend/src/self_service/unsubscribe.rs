//! `/u/{token}` from the foot of a mail: says what will stop, and stops it at a press (mail programs do the same
//! by RFC 8058 without this page).

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_params_map;
use shared::api::me::Unsubscription;
use wasm_bindgen_futures::spawn_local;

use super::texts;
use crate::{
    client::{Failure, browser, http},
    i18n::{fill, lang, say, signal, t},
    kit::{Banner, Button, ButtonKind, LinkButton, PageTitle, Tone},
};

#[component]
pub fn UnsubscribePage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default();
    let token = StoredValue::new(browser::escape(&token));
    let about = RwSignal::new(None::<Unsubscription>);
    let failure = RwSignal::new(None::<Failure>);
    let (busy, done) = (RwSignal::new(false), RwSignal::new(false));
    Effect::new(move || {
        let _tracked = lang();
        spawn_local(async move {
            // Only the name in the sentence depends on it: without it the sentence is general.
            if let Ok(found) = http::get::<Unsubscription>(&format!("/api/u/{}", token.get_value())).await {
                let _gone = about.try_set(Some(found));
            }
        });
    });
    let stop = move |()| {
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = http::tell(&format!("/u/{}", token.get_value()), &serde_json::json!({})).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(()) => done.set(true),
                Err(refused) => failure.set(Some(refused)),
            }
        });
    };
    let ask = move || match about.get() {
        Some(about) => fill(texts::STOP_ASK_KIND, &[&about.kind_name]),
        None => say(texts::STOP_ASK).to_owned(),
    };
    view! {
        <div class="gate">
            {move || {
                if done.get() {
                    return Either::Left(
                        view! {
                            <PageTitle text=signal(texts::STOPPED_TITLE) />
                            <p class="lead" data-testid="stopped">{t(texts::STOPPED)}</p>
                            <LinkButton label=crate::kit::texts::TO_MY_NOTICES href="/me" testid="to-me" />
                        },
                    );
                }
                Either::Right(
                    view! {
                        <PageTitle text=signal(texts::STOP_TITLE) />
                        <p class="lead">
                            {ask} <br /> {t(texts::STOP_REST)}
                        </p>
                        {move || failure.get().map(|failure| view! { <Banner tone=Tone::Bad testid="form-error">{failure.message(lang())}</Banner> })}
                        <Button label=texts::STOP doing=texts::STOPPING kind=ButtonKind::Primary busy=busy testid="stop" on_press=stop />
                    },
                )
            }}
        </div>
    }
}
