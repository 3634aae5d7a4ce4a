//! Pages for somebody known: loads who it is first. Signed out leads to the sign-in page; any other failure
//! says so and stays.

use leptos::prelude::*;
use shared::api::auth::Me;

use super::{
    button::LinkButton,
    load::{Loader, show},
    shell::PageTitle,
    texts,
};
use crate::{
    client::Session,
    i18n::{signal, t},
};

/// `admins_only` shows members where their own page is, instead of lists that would refuse them.
#[component]
pub fn SignedIn(#[prop(optional)] admins_only: bool, children: ChildrenFn) -> impl IntoView {
    let session = Session::expect();
    let loader = Loader::<Me>::at("/api/me");
    show(loader, move |me| {
        let children = children.clone();
        let who = me.clone();
        Effect::new(move || session.0.set(Some(who.get())));
        let may = me.with_untracked(|me| !admins_only || me.role.runs_company());
        if may {
            children().into_any()
        } else {
            view! {
                <PageTitle text=signal(texts::NOT_ADMIN_TITLE) />
                <p class="lead">{t(texts::NOT_ADMIN)}</p>
                <LinkButton label=texts::TO_MY_NOTICES href="/me" away=true testid="to-me" />
            }
            .into_any()
        }
    })
}

/// No such page.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <PageTitle text=signal(texts::NOT_FOUND_TITLE) />
        <p class="lead">{t(texts::NOT_FOUND)}</p>
        <LinkButton label=texts::TO_MY_NOTICES href="/me" away=true testid="to-me" />
    }
}
