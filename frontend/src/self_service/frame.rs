//! The frame around the phone's pages: header, offline banner, toasts; and which page is shown in it.

use leptos::prelude::*;
use shared::api::auth::Me;

use super::{
    link_sign_in, me, notice_page,
    route::{Address, Route},
    sign_in, unsubscribe,
};
use crate::{
    client::Session,
    dom::{El, el},
    kit::{
        ButtonKind, Loader, Toasts,
        controls::away,
        header::header,
        shell::{offline, skip_link},
        surfaces::{paragraph, show, title_of},
        texts, toast,
    },
};

/// What every page is handed.
#[derive(Clone, Copy)]
pub struct App {
    pub session: Session,
    pub toasts: Toasts,
    pub address: Address,
}

/// The whole page.
#[must_use]
pub fn draw() -> Vec<El> {
    let app = App { session: Session::new(), toasts: Toasts::new(), address: Address::of_page() };
    let route = app.address.route();
    let main = el("main", "").attr("id", "main").attr("tabindex", "-1").child(offline()).dynamic(move || {
        let route = route.get();
        untrack(|| page(app, route))
    });
    vec![
        skip_link(),
        el("div", "shell")
            .child(header(app.session, app.toasts, app.address.link("brand", "/me"), false))
            .child(main),
        toast::list(app.toasts),
    ]
}

fn page(app: App, route: Route) -> Vec<El> {
    match route {
        Route::Me => signed_in(app, move || me::page(app)),
        Route::Notice(id) => signed_in(app, move || notice_page::page(app, id.clone())),
        Route::SignIn => sign_in::page(app),
        Route::Link(token) => link_sign_in::page(token),
        Route::Unsubscribe(token) => unsubscribe::page(&token),
        Route::Unknown => vec![
            title_of(texts::NOT_FOUND_TITLE),
            paragraph("lead", texts::NOT_FOUND),
            away(ButtonKind::Secondary, texts::TO_MY_NOTICES, "/me", "to-me"),
        ],
    }
}

/// Loads who it is first. Signed out leads to the sign-in page; any other failure says so and stays.
fn signed_in(app: App, page: impl Fn() -> Vec<El> + 'static) -> Vec<El> {
    if app.session.0.with_untracked(Option::is_some) {
        return page();
    }
    let loader = Loader::<Me>::at("/api/me");
    vec![show(el("div", ""), loader, move |me| {
        app.session.0.set(Some(me.get_untracked()));
        page()
    })]
}
