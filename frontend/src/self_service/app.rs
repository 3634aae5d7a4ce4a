//! Routes of the self-service bundle.

use leptos::prelude::*;
use leptos_router::{
    components::{Redirect, Route, Router, Routes},
    path,
};

use super::{
    link_sign_in::LinkSignIn, me::MePage, notice_page::NoticePage, setup::SetupPage, sign_in::SignInPage,
    unsubscribe::UnsubscribePage,
};
use crate::kit::{Shell, SignedIn, signed_in::NotFound};

#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Shell home="/me">
                <Routes fallback=|| view! { <NotFound /> }>
                    <Route path=path!("/") view=|| view! { <Redirect path="/me" /> } />
                    <Route path=path!("/me") view=|| view! { <SignedIn><MePage /></SignedIn> } />
                    <Route path=path!("/me/notices/:id") view=|| view! { <SignedIn><NoticePage /></SignedIn> } />
                    <Route path=path!("/sign-in") view=SignInPage />
                    <Route path=path!("/setup") view=SetupPage />
                    <Route path=path!("/s/:token") view=LinkSignIn />
                    <Route path=path!("/u/:token") view=UnsubscribePage />
                </Routes>
            </Shell>
        </Router>
    }
}
