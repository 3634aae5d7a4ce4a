//! `/s/{token}`: a single-use link from a notice or from `xtask dev`. The page posts the token by itself, so
//! that scanners, which only GET, cannot use it up.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};
use shared::api::auth::{LinkSignInRequest, Me};
use wasm_bindgen_futures::spawn_local;

use super::texts;
use crate::{
    client::{Failure, browser, http, session::safe_return},
    i18n::{lang, signal, t},
    kit::{LinkButton, Loading, PageTitle},
};

#[component]
pub fn LinkSignIn() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default();
    let to = use_query_map().with_untracked(|query| safe_return(query.get("to").as_deref()));
    let failure = RwSignal::new(None::<Failure>);
    spawn_local(async move {
        match http::post::<_, Me>("/api/sign-in/link", &LinkSignInRequest { token }).await {
            Ok(_) => browser::go_instead(&to),
            Err(refused) => {
                let _gone = failure.try_set(Some(refused));
            }
        }
    });
    view! {
        <div class="gate">
            {move || match failure.get() {
                None => {
                    Either::Left(
                        view! {
                            <PageTitle text=signal(texts::LINK_TITLE) />
                            <p class="lead">{t(texts::LINK_WAIT)}</p>
                            <Loading lines=1 />
                        },
                    )
                }
                Some(failure) => {
                    Either::Right(
                        view! {
                            <PageTitle text=signal(texts::LINK_FAILED_TITLE) />
                            <p class="lead" role="alert" data-testid="link-failed">{move || failure.message(lang())}</p>
                            <LinkButton label=texts::TO_SIGN_IN href="/sign-in" testid="to-sign-in" />
                        },
                    )
                }
            }}
        </div>
    }
}
