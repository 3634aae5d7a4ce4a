//! The frame around every page: skip link, header, navigation, offline banner, toasts. And the page's title,
//! which gets the focus after navigating.

use std::cell::Cell;

use leptos::prelude::*;
use shared::lang::Text;

use super::{
    card::Tone,
    header::header,
    icon::Icon,
    surfaces::{banner, icon, title},
    texts,
    toast::{self, Toasts},
};
use crate::{
    client::{Session, browser, live},
    dom::{El, el},
    i18n::say,
};

/// One entry of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavItem {
    pub path: &'static str,
    pub label: Text,
    pub icon: Icon,
    pub testid: &'static str,
    /// Only for who runs the whole workspace: not for the admin of one company.
    pub whole: bool,
}

/// The console's wide frame. `home` is where the brand leads, `entry` the path of the navigation's entry under which
/// the page stands.
#[component]
pub fn Shell(
    home: &'static str,
    nav: &'static [NavItem],
    #[prop(into)] entry: Signal<String>,
    children: Children,
) -> impl IntoView {
    let toasts = Toasts::provide();
    let session = Session::expect();
    let brand = el("a", "brand").attr("href", home);
    // Members have nothing here to go to; until it is known who it is, it is an admin as nearly always.
    let for_admins =
        Memo::new(move |_| session.0.with(|me| me.as_ref().is_none_or(|me| me.role.runs_company())));
    let for_whole = Memo::new(move |_| session.0.with(|me| me.as_ref().is_none_or(|me| me.role.is_admin())));
    view! {
        {skip_link().place()}
        <div class="shell" class:shell-wide=move || for_admins.get()>
            {header(session, toasts, brand, true).place()} {navigation(nav, entry, for_admins, for_whole).place()}
            <main id="main" tabindex="-1">
                {offline().place()} {children()}
            </main>
        </div>
        {toast::list(toasts).place()}
    }
}

pub(crate) fn skip_link() -> El {
    el("a", "skip").attr("href", "#main").attr("rel", "external").say(texts::SKIP)
}

/// Says so while the live connection is lost.
pub(crate) fn offline() -> El {
    let lost = Memo::new(|_| live::link() == live::Link::Lost);
    el("div", "").dynamic(move || {
        if !lost.get() {
            return Vec::new();
        }
        vec![banner(Tone::Warn, "offline", || say(texts::OFFLINE).to_owned())]
    })
}

/// The one `<h1>`. Sets the window's title; takes the focus, except on the first page, where the reader starts
/// at the top by himself.
#[component]
pub fn PageTitle(#[prop(into)] text: Signal<String>) -> impl IntoView {
    title(move || text.get()).place()
}

/// For programs of several: who comes from a page below `path` is navigating, and the title gets the focus as
/// within a program.
pub fn arrived_from(path: &str) {
    if browser::referrer().starts_with(&format!("{}{path}", browser::origin())) {
        FIRST_PAGE.set(false);
    }
}

/// True once: where the reader starts, the focus is not moved.
pub(crate) fn is_first_page() -> bool {
    FIRST_PAGE.replace(false)
}

thread_local! {
    static FIRST_PAGE: Cell<bool> = const { Cell::new(true) };
}

fn navigation(items: &'static [NavItem], entry: Signal<String>, shown: Memo<bool>, whole: Memo<bool>) -> El {
    let item = |item: &'static NavItem| {
        let here = move || entry.with(|entry| entry == item.path).then(|| "page".to_owned());
        el("a", "nav-item")
            .attr("href", item.path)
            .attr_when("aria-current", here)
            .attr_when("hidden", move || (item.whole && !whole.get()).then(String::new))
            .test(item.testid)
            .child(icon(item.icon))
            .child(el("span", "").say(item.label))
    };
    el("nav", "nav")
        .attr_when("aria-label", || Some(say(texts::NAVIGATION).to_owned()))
        .attr_when("hidden", move || (!shown.get()).then(String::new))
        .children(items.iter().map(item).collect())
        .child(
            el("a", "nav-item nav-away")
                .attr("href", "/me")
                .attr("rel", "external")
                .test("nav-me")
                .child(icon(Icon::Bell))
                .child(el("span", "").say(texts::MY_NOTICES)),
        )
}
