//! The pages for admins. Each page has its model, in plain Rust and tested natively, and components that draw it.
//!
//! Four Wasm programs share them out ([`programs`]), so that no first view carries them all; [`place`] says who draws
//! which address, and a link from one program to another loads the page anew.
//!
//! Where to start: [`deliveries`] shows what happened and why, [`integrations`] connects the messengers,
//! [`members`] and [`settings`] keep people and API keys.

pub mod announcements;
pub mod apps;
pub mod back;
pub mod confirm;
pub mod deliveries;
pub mod difference;
pub mod form;
pub mod head;
pub mod home;
pub mod integrations;
pub mod kept;
mod late;
pub mod listed;
pub mod listing;
pub mod members;
mod nav;
pub mod part;
pub mod pick;
pub mod place;
pub mod programs;
pub mod rules;
pub mod search;
pub mod set_up;
pub mod set_up_form;
pub mod settings;
pub mod shortcut;
pub mod texts;
pub mod trying;
pub mod visit;
pub mod wire;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    console::{
        nav::NAV,
        part::{Drawn, part},
        place::{Place, Program},
        shortcut::{Keys, Shortcut},
        visit::Visit,
    },
    kit::{Shell, SignedIn, shell},
};

/// A whole program: the frame, and in it whatever `draw` makes of the address.
pub fn frame(program: Program, draw: fn(Place) -> Drawn) -> impl IntoView {
    let visit = Visit::provide(program);
    shell::arrived_from("/console");
    let entry = Memo::new(move |_| visit.path().with(|path| Place::read(path).entry().to_owned()));
    view! {
        <Shortcuts />
        <Shell home="/console" nav=NAV entry=entry>
            <SignedIn admins_only=true>
                <Pages draw=draw />
            </SignedIn>
        </Shell>
    }
}

/// Draws the page of the address.
#[component]
fn Pages(draw: fn(Place) -> Drawn) -> impl IntoView {
    let visit = Visit::expect();
    let place = Memo::new(move |_| visit.path().with(|path| Place::read(path)));
    part(move || draw(place.get()))
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
