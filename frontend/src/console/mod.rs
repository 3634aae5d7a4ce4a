//! The pages for admins. Each page has its model, in plain Rust and tested natively, and components that draw it.
//!
//! Where to start: [`deliveries`] shows what happened and why, [`integrations`] connects the messengers,
//! [`members`] and [`settings`] keep people and API keys.

pub mod back;
pub mod deliveries;
pub mod form;
pub mod integrations;
pub mod members;
pub mod part;
pub mod search;
pub mod settings;
pub mod shortcut;
pub mod texts;

use leptos::{ev, prelude::*};
use leptos_router::{
    NavigateOptions,
    components::{Redirect, Route, Router, Routes},
    hooks::use_navigate,
    path,
};
use wasm_bindgen::JsCast;

use crate::{
    console::{
        deliveries::{DeliveriesPage, DeliveryPage},
        integrations::{IntegrationPage, IntegrationsPage, LineworksPage, MailPage},
        members::{MemberPage, MembersPage, NewMemberPage},
        settings::SettingsPage,
        shortcut::{Keys, Shortcut},
        texts::frame,
    },
    kit::{Icon, NavItem, Shell, SignedIn, signed_in::NotFound},
};

/// The entries of the left navigation: what exists, in design.md's order.
const NAV: &[NavItem] = &[
    NavItem {
        path: "/console/deliveries",
        label: frame::DELIVERIES,
        icon: Icon::Send,
        testid: "nav-deliveries",
    },
    NavItem {
        path: "/console/integrations",
        label: frame::INTEGRATIONS,
        icon: Icon::Link,
        testid: "nav-integrations",
    },
    NavItem { path: "/console/members", label: frame::MEMBERS, icon: Icon::People, testid: "nav-members" },
    NavItem { path: "/console/settings", label: frame::SETTINGS, icon: Icon::Gear, testid: "nav-settings" },
];

/// The whole program.
#[component]
pub fn Console() -> impl IntoView {
    view! {
        <Router>
            <Shortcuts />
            <Shell home="/console" nav=NAV>
                <SignedIn admins_only=true>
                    <Routes fallback=|| view! { <NotFound /> }>
                        <Route path=path!("/console") view=|| view! { <Redirect path="/console/deliveries" /> } />
                        <Route path=path!("/console/deliveries") view=DeliveriesPage />
                        <Route path=path!("/console/deliveries/:id") view=DeliveryPage />
                        <Route path=path!("/console/integrations") view=IntegrationsPage />
                        <Route path=path!("/console/integrations/lineworks") view=LineworksPage />
                        <Route path=path!("/console/integrations/mail") view=MailPage />
                        <Route path=path!("/console/integrations/:id") view=IntegrationPage />
                        <Route path=path!("/console/members") view=MembersPage />
                        <Route path=path!("/console/members/new") view=NewMemberPage />
                        <Route path=path!("/console/members/:id") view=MemberPage />
                        <Route path=path!("/console/settings") view=SettingsPage />
                    </Routes>
                </SignedIn>
            </Shell>
        </Router>
    }
}

/// Listens to the keys of the whole window.
#[component]
fn Shortcuts() -> impl IntoView {
    let navigate = use_navigate();
    let keys = StoredValue::new(Keys::default());
    let handle = window_event_listener(ev::keydown, move |event| {
        let busy =
            event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() || typing();
        let asked = keys.try_update_value(|keys| keys.press(&event.key(), busy)).flatten();
        match asked {
            Some(Shortcut::Search) if search::focus() => event.prevent_default(),
            Some(Shortcut::Go(path)) => {
                event.prevent_default();
                navigate(path, NavigateOptions::default());
            }
            Some(Shortcut::Search) | None => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// The focus is where letters are typed, or behind a dialog.
fn typing() -> bool {
    let Some(element) = document().active_element() else { return false };
    let field = matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
    // A dialog is open: the page behind it is not there for the moment.
    let dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
    field
        || dialog
        || element.dyn_ref::<web_sys::HtmlElement>().is_some_and(web_sys::HtmlElement::is_content_editable)
}
