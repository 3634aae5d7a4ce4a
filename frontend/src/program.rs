//! What every program does first.

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    client::{Session, live},
    i18n,
    kit::{pointer, theme},
};

/// Sets language and theme, empties the place that the HTML kept, and draws `app` there for good.
pub fn start<V: IntoView + 'static>(reader: live::Reader, app: impl FnOnce() -> V + 'static) {
    prepare(reader);
    let place =
        document().get_element_by_id("app").and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok());
    let Some(place) = place else { return };
    place.set_text_content(None);
    mount_to(place, move || {
        let _provided = Session::provide();
        app()
    })
    .forget();
}

/// Everything before drawing: how live messages are read, language, theme.
pub fn prepare(reader: live::Reader) {
    // A panic stops the page; its words belong in the console of the browser.
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
    live::read_with(reader);
    theme::start();
    pointer::start();
    i18n::start();
}
