//! The frame around the phone's pages: header, offline banner, toasts; and which page is shown in it.

use leptos::prelude::*;
use shared::{api::auth::Me, lang::Lang};

use super::{
    controls::away,
    link_sign_in, me, notice_page,
    route::{Address, Route},
    setup, sign_in,
    surfaces::{banner, icon, paragraph, show, title_of},
    unsubscribe,
};
use crate::{
    client::{Session, http, live, spawn},
    dom::{El, el},
    i18n::{lang, lang_now, say},
    kit::{ButtonKind, Icon, Loader, Toasts, Tone, texts, theme::Theme},
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
    let lost = Memo::new(|_| live::link() == live::Link::Lost);
    let main = el("main", "")
        .attr("id", "main")
        .attr("tabindex", "-1")
        .dynamic(move || {
            if !lost.get() {
                return Vec::new();
            }
            vec![banner(Tone::Warn, "offline", || say(texts::OFFLINE).to_owned())]
        })
        .dynamic(move || {
            let route = route.get();
            untrack(|| page(app, route))
        });
    vec![
        el("a", "skip").attr("href", "#main").say(texts::SKIP),
        el("div", "shell").child(header(app)).child(main),
        toasts(app.toasts),
    ]
}

fn page(app: App, route: Route) -> Vec<El> {
    match route {
        Route::Me => signed_in(app, move || me::page(app)),
        Route::Notice(id) => signed_in(app, move || notice_page::page(app, id.clone())),
        Route::SignIn => sign_in::page(app),
        Route::SetUp => setup::page(),
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
    let loader = Loader::<Me>::new(|| http::get("/api/me"));
    vec![show(el("div", ""), loader, move |me| {
        app.session.0.set(Some(me.get_untracked()));
        page()
    })]
}

fn header(app: App) -> El {
    let who = app.session.0;
    el("header", "header")
        .child(
            app.address
                .link("brand", "/me")
                .attr("aria-label", "Todoke")
                .child(el("span", "brand-mark").attr("aria-hidden", "true").text("届"))
                .child(el("span", "brand-name").text("Todoke")),
        )
        .dynamic(move || {
            let name = who.with(|me| me.as_ref().map(|me| me.workspace.name.clone()));
            name.map(|name| el("span", "header-workspace").text(&name)).into_iter().collect()
        })
        .child(
            el("div", "header-end")
                .child(
                    el("button", "text-btn")
                        .attr("type", "button")
                        .attr_when("lang", || Some(other(lang()).tag().to_owned()))
                        .attr_when("aria-label", || Some(say(texts::LANGUAGE_LABEL).to_owned()))
                        .test("language")
                        .say(texts::LANGUAGE)
                        .on_press(move || app.session.speak(other(lang_now()))),
                )
                .child(theme_button())
                .dynamic(move || if who.with(Option::is_some) { account(app) } else { Vec::new() }),
        )
}

const fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Ja => Lang::En,
        Lang::En => Lang::Ja,
    }
}

fn theme_button() -> El {
    let theme = RwSignal::new(Theme::chosen());
    let words = move || Some(say(theme.get().words()).to_owned());
    el("button", "icon-btn")
        .attr("type", "button")
        .attr_when("aria-label", words)
        .attr_when("title", words)
        .test("theme")
        .dynamic(move || vec![icon(theme.get().icon())])
        .on_press(move || theme.update(|theme| *theme = theme.choose_next()))
}

fn account(app: App) -> Vec<El> {
    let Some(me) = app.session.0.get_untracked() else { return Vec::new() };
    let leaving = RwSignal::new(false);
    let sign_out = move || {
        if leaving.get_untracked() {
            return;
        }
        leaving.set(true);
        spawn(async move {
            if let Err(failure) = Session::sign_out().await {
                let _gone = leaving.try_set(false);
                app.toasts.failed(&failure);
            }
        });
    };
    let mut menu = el("div", "menu").attr("id", "account").attr("popover", "auto").child(
        el("p", "menu-who").child(el("strong", "").text(&me.name)).child(el("span", "").say(me.role.name())),
    );
    if me.role.is_admin() {
        let console = el("a", "menu-item").attr("href", "/console").test("to-console");
        menu = menu.child(console.child(icon(Icon::Gear)).child(el("span", "").say(texts::CONSOLE)));
    }
    let words = move || say(if leaving.get() { texts::SIGNING_OUT } else { texts::SIGN_OUT }).to_owned();
    vec![
        el("button", "account")
            .attr("type", "button")
            .attr("popovertarget", "account")
            .attr_when("aria-label", || Some(say(texts::MENU).to_owned()))
            .test("account")
            .child(icon(Icon::Person))
            .child(el("span", "account-name").text(&me.name)),
        menu.child(
            el("button", "menu-item")
                .attr("type", "button")
                .test("sign-out")
                .child(icon(Icon::Leave))
                .child(el("span", "").text_when(words))
                .on_press(sign_out),
        ),
    ]
}

fn toasts(toasts: Toasts) -> El {
    el("div", "toasts").attr("role", "status").attr("aria-live", "polite").test("toasts").list(
        move || toasts.ids().iter().map(ToString::to_string).collect(),
        move |id| {
            let Some(toast) = toasts.toast(id) else { return el("div", "") };
            let number = toast.id;
            el("div", if toast.bad { "toast toast-bad" } else { "toast" })
                .child(el("span", "").text(&toast.words))
                .child(
                    el("button", "toast-close")
                        .attr("type", "button")
                        .attr_when("aria-label", || Some(say(texts::CLOSE).to_owned()))
                        .child(icon(Icon::Cross))
                        .on_press(move || toasts.close(number)),
                )
        },
    )
}
