//! The pages for admins. Each page has its model, in plain Rust and tested natively, and components that draw it.
//!
//! Where to start: [`deliveries`] shows what happened and why, [`integrations`] connects the messengers,
//! [`members`] and [`settings`] keep people and API keys.

pub mod back;
pub mod confirm;
pub mod deliveries;
pub mod form;
pub mod head;
pub mod integrations;
pub mod listing;
pub mod members;
pub mod part;
pub mod place;
pub mod search;
pub mod settings;
pub mod shortcut;
pub mod texts;
pub mod visit;
pub mod wire;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    console::{
        deliveries::{DeliveriesPage, detail},
        integrations::{connected, form_page, list as services},
        members::{MemberPage, MembersPage, NewMemberPage},
        part::{Draw, Drawn, part},
        place::Place,
        settings::SettingsPage,
        shortcut::{Keys, Shortcut},
        texts::frame,
        visit::Visit,
    },
    dom::{El, el},
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
    let visit = Visit::provide();
    view! {
        <Shortcuts />
        <Shell home="/console" nav=NAV path=visit.path()>
            <SignedIn admins_only=true>
                <Pages />
            </SignedIn>
        </Shell>
    }
}

/// Draws the page of the address.
#[component]
fn Pages() -> impl IntoView {
    let visit = Visit::expect();
    let place = Memo::new(move |_| visit.path().with(|path| Place::read(path)));
    Effect::new(move || {
        if place.get() == Place::Home {
            visit.go_instead("/console/deliveries");
        }
    });
    part(move || draw(place.get()))
}

fn draw(place: Place) -> Drawn {
    match place {
        Place::Home => ().drawn(),
        Place::Deliveries => DeliveriesPage().drawn(),
        Place::Delivery(id) => whole(detail::page(id)),
        Place::Integrations => whole(services::page()),
        Place::Connect(provider) => whole(form_page::page(provider)),
        Place::Integration(id) => whole(connected::page(id)),
        Place::Members => MembersPage().drawn(),
        Place::NewMember => NewMemberPage().drawn(),
        Place::Member(id) => view! { <MemberPage id=id /> }.drawn(),
        Place::Settings => SettingsPage().drawn(),
        Place::Nowhere => NotFound().drawn(),
    }
}

/// A page made of elements.
fn whole(page: Vec<El>) -> Drawn {
    el("div", "").children(page).place().drawn()
}

/// Listens to the keys of the whole window.
#[component]
fn Shortcuts() -> impl IntoView {
    let visit = Visit::expect();
    let keys = StoredValue::new(Keys::default());
    let handle = window_event_listener(ev::keydown, move |event| {
        let busy =
            event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() || typing();
        let asked = keys.try_update_value(|keys| keys.press(&event.key(), busy)).flatten();
        match asked {
            Some(Shortcut::Search) if search::focus() => event.prevent_default(),
            Some(Shortcut::Go(path)) => {
                event.prevent_default();
                visit.go(path);
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
