//! Which page an address means, and going from one to the next without loading anything.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use crate::{
    client::browser,
    dom::{El, el},
};

/// The pages of this bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Me,
    /// A delivery's id.
    Notice(String),
    SignIn,
    /// A single-use sign-in token.
    Link(String),
    /// An unsubscribe token.
    Unsubscribe(String),
    Unknown,
}

impl Route {
    #[must_use]
    pub fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] | ["me"] => Self::Me,
            ["me", "notices", id] => Self::Notice((*id).to_owned()),
            ["sign-in"] => Self::SignIn,
            ["s", token] => Self::Link((*token).to_owned()),
            ["u", token] => Self::Unsubscribe((*token).to_owned()),
            _ => Self::Unknown,
        }
    }
}

/// The path shown, handed around by copy.
#[derive(Clone, Copy)]
pub struct Address(RwSignal<String>);

impl Address {
    /// The page's own, following the browser's back and forward.
    #[must_use]
    pub fn of_page() -> Self {
        let address = Self(RwSignal::new(browser::path()));
        if let Some(window) = web_sys::window() {
            let moved = Closure::<dyn FnMut()>::new(move || address.0.set(browser::path()));
            drop(window.add_event_listener_with_callback("popstate", moved.as_ref().unchecked_ref()));
            moved.forget();
        }
        address
    }

    /// Tracked; the same page again is no change.
    #[must_use]
    pub fn route(self) -> Memo<Route> {
        Memo::new(move |_| self.0.with(|path| Route::of(path)))
    }

    /// A link to another page of this bundle. Opening it in a new tab stays what it is.
    #[must_use]
    pub fn link(self, class: &str, path: &str) -> El {
        let to = path.to_owned();
        el("a", class).attr("href", path).on("click", move |event| {
            let plain = event.dyn_ref::<web_sys::MouseEvent>().is_some_and(|event| {
                event.button() == 0
                    && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
            });
            if plain {
                event.prevent_default();
                self.go(&to);
            }
        })
    }

    fn go(self, path: &str) {
        let Some(window) = web_sys::window() else { return };
        let gone =
            window.history().and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(path)));
        if gone.is_ok() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
            self.0.set(browser::path());
        } else {
            browser::go(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_its_page() {
        for (path, route) in [
            ("/", Route::Me),
            ("/me", Route::Me),
            ("/me/", Route::Me),
            ("/me/notices/dl_1", Route::Notice("dl_1".into())),
            ("/sign-in", Route::SignIn),
            ("/s/ab.cd", Route::Link("ab.cd".into())),
            ("/u/ab.cd", Route::Unsubscribe("ab.cd".into())),
            ("/me/notices", Route::Unknown),
            ("/s", Route::Unknown),
            ("/nope", Route::Unknown),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
    }
}
