//! The frame around every page: skip link, header, navigation, offline banner, toasts. And the page's title,
//! which gets the focus after navigating.

use std::cell::Cell;

use leptos::prelude::*;
use shared::lang::{Lang, Text};

use super::{
    card::{Banner, Tone},
    icon::Icon,
    texts,
    theme::ThemeButton,
    toast::{ToastHost, Toasts},
};
use crate::{
    client::{Session, browser, live, spawn},
    i18n::{lang, say, t},
};

/// One entry of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavItem {
    pub path: &'static str,
    pub label: Text,
    pub icon: Icon,
    pub testid: &'static str,
}

/// `home` is where the brand leads, `path` what the page shows. With `nav` it is the wide frame of the console.
#[component]
pub fn Shell(
    home: &'static str,
    #[prop(optional)] nav: &'static [NavItem],
    #[prop(into)] path: Signal<String>,
    children: Children,
) -> impl IntoView {
    let _provided = Toasts::provide();
    let wide = !nav.is_empty();
    view! {
        <a class="skip" href="#main" rel="external">{t(texts::SKIP)}</a>
        <div class="shell" class:shell-wide=wide>
            <Header home=home wide=wide />
            {wide.then(|| view! { <Navigation items=nav path=path /> })}
            <main id="main" tabindex="-1">
                {move || {
                    (live::link() == live::Link::Lost)
                        .then(|| view! { <Banner tone=Tone::Warn testid="offline">{t(texts::OFFLINE)}</Banner> })
                }}
                {children()}
            </main>
        </div>
        <ToastHost />
    }
}

/// The one `<h1>`. Sets the window's title; takes the focus, except on the first page, where the reader starts
/// at the top by himself.
#[component]
pub fn PageTitle(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let element = NodeRef::<leptos::html::H1>::new();
    Effect::new(move || browser::set_title(&format!("{} · Todoke", text.get())));
    Effect::new(move |done: Option<bool>| {
        let Some(element) = element.get() else { return false };
        if done != Some(true) && !is_first_page() {
            drop(element.focus());
        }
        true
    });
    view! {
        <h1 class="page-title" tabindex="-1" node_ref=element data-testid="page-title">
            {move || text.get()}
        </h1>
    }
}

/// True once: where the reader starts, the focus is not moved.
pub(crate) fn is_first_page() -> bool {
    FIRST_PAGE.replace(false)
}

thread_local! {
    static FIRST_PAGE: Cell<bool> = const { Cell::new(true) };
}

#[component]
fn Header(home: &'static str, wide: bool) -> impl IntoView {
    let session = Session::expect();
    let switch = move |_| {
        session.speak(match lang() {
            Lang::Ja => Lang::En,
            Lang::En => Lang::Ja,
        });
    };
    view! {
        <header class="header">
            <a class="brand" href=home aria-label="Todoke">
                <span class="brand-mark" aria-hidden="true">"届"</span>
                <span class="brand-name">"Todoke"</span>
            </a>
            {move || {
                session.0.with(|me| me.as_ref().map(|me| view! { <span class="header-workspace">{me.workspace.name.clone()}</span> }))
            }}
            <div class="header-end">
                <button type="button" class="text-btn" lang=move || if lang() == Lang::Ja { "en" } else { "ja" } aria-label=t(texts::LANGUAGE_LABEL) data-testid="language" on:click=switch>
                    {t(texts::LANGUAGE)}
                </button>
                <ThemeButton />
                {move || session.0.with(Option::is_some).then(|| view! { <AccountMenu wide=wide /> })}
            </div>
        </header>
    }
}

#[component]
fn AccountMenu(wide: bool) -> impl IntoView {
    let session = Session::expect();
    let toasts = super::use_toasts();
    let leaving = RwSignal::new(false);
    let sign_out = move |_| {
        if leaving.get_untracked() {
            return;
        }
        leaving.set(true);
        spawn(async move {
            if let Err(failure) = Session::sign_out().await {
                let _gone = leaving.try_set(false);
                toasts.failed(&failure);
            }
        });
    };
    let name = move || session.0.with(|me| me.as_ref().map(|me| me.name.clone()));
    let role = move || session.0.with(|me| me.as_ref().map(|me| say(me.role.name())));
    let admin = move || session.0.with(|me| me.as_ref().is_some_and(|me| me.role.is_admin()));
    view! {
        <button type="button" class="account" popovertarget="account" aria-label=t(texts::MENU) data-testid="account">
            {Icon::Person.view()}
            <span class="account-name">{name}</span>
        </button>
        <div id="account" class="menu" popover="auto">
            <p class="menu-who">
                <strong>{name}</strong>
                <span>{role}</span>
            </p>
            {move || {
                if wide {
                    Some(view! { <a class="menu-item" href="/me" rel="external" data-testid="to-me">{Icon::Bell.view()} {t(texts::MY_NOTICES)}</a> })
                } else if admin() {
                    Some(view! { <a class="menu-item" href="/console" rel="external" data-testid="to-console">{Icon::Gear.view()} {t(texts::CONSOLE)}</a> })
                } else {
                    None
                }
            }}
            <button type="button" class="menu-item" data-testid="sign-out" on:click=sign_out>
                {Icon::Leave.view()}
                <span>{move || say(if leaving.get() { texts::SIGNING_OUT } else { texts::SIGN_OUT })}</span>
            </button>
        </div>
    }
}

#[component]
fn Navigation(items: &'static [NavItem], path: Signal<String>) -> impl IntoView {
    view! {
        <nav class="nav" aria-label=t(texts::NAVIGATION)>
            {items
                .iter()
                .map(|item| {
                    let here = move || path.get().starts_with(item.path).then_some("page");
                    view! {
                        <a class="nav-item" href=item.path aria-current=here data-testid=item.testid>
                            {item.icon.view()}
                            <span>{t(item.label)}</span>
                        </a>
                    }
                })
                .collect_view()}
            <a class="nav-item nav-away" href="/me" rel="external" data-testid="nav-me">
                {Icon::Bell.view()}
                <span>{t(texts::MY_NOTICES)}</span>
            </a>
        </nav>
    }
}
