//! What both programs do first.

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;

use crate::{client::Session, i18n, kit::theme};

/// Sets language and theme, empties the place that the HTML kept, and draws `app` there for good.
pub fn start<V: IntoView + 'static>(app: impl FnOnce() -> V + 'static) {
    theme::start();
    i18n::start();
    let place = document().get_element_by_id("app").and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok());
    let Some(place) = place else { return };
    place.set_inner_html("");
    mount_to(place, move || {
        let _provided = Session::provide();
        app()
    })
    .forget();
}
