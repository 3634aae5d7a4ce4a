//! A mail as its reader sees it: in a frame that runs no script, follows no link and loads nothing from outside.

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement};

use crate::{console::texts::deliveries as texts, i18n::signal};

/// Draws the HTML part.
#[component]
pub fn MailFrame(html: String) -> impl IntoView {
    let frame = NodeRef::<html::Iframe>::new();
    let title = signal(texts::MAIL_FRAME);
    let settled = move |_| {
        if let Some(frame) = frame.get_untracked() {
            settle(frame.unchecked_ref());
        }
    };
    view! {
        <iframe
            node_ref=frame
            class="mail-frame"
            data-testid="mail-preview"
            title=move || title.get()
            // Without `allow-scripts` the frame is dead; `allow-same-origin` lets this page reach in and dress it.
            sandbox="allow-same-origin"
            srcdoc=html
            on:load=settled
        />
    }
}

/// The page's policy allows no inline style, and a `srcdoc` frame inherits that: the styles that the mail carries
/// are put on by the page itself, which may. Links lose their address, because the unsubscribe link of a preview
/// would act for the person. Last, the frame takes the height of the mail.
fn settle(frame: &HtmlElement) {
    let inside = js_sys::Reflect::get(frame, &JsValue::from_str("contentDocument")).unwrap_or(JsValue::NULL);
    if inside.is_null() || inside.is_undefined() {
        return;
    }
    // Objects of another document are not instances of this one's classes, hence no checked cast.
    let inside: Document = inside.unchecked_into();
    each(&inside, "[style]", |element| {
        if let Some(style) = element.get_attribute("style") {
            element.style().set_css_text(&style);
        }
    });
    each(&inside, "a[href]", |element| {
        if let Some(address) = element.get_attribute("href") {
            drop(element.set_attribute("title", &address));
            drop(element.remove_attribute("href"));
        }
    });
    if let Some(root) = inside.document_element() {
        let height = root.scroll_height().clamp(120, 2_000);
        drop(frame.style().set_property("height", &format!("{}px", height + 2)));
    }
}

fn each(document: &Document, selector: &str, act: impl Fn(&HtmlElement)) {
    let Ok(found) = document.query_selector_all(selector) else { return };
    for node in (0..found.length()).filter_map(|index| found.item(index)) {
        act(node.unchecked_ref());
    }
}
