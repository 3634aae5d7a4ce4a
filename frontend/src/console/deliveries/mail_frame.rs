//! A mail as its reader sees it: in a frame that runs no script, follows no link and loads nothing from outside.

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{Document, HtmlElement};

use crate::{
    console::texts::deliveries as texts,
    dom::{El, el},
    i18n::say,
};

/// Draws the HTML part.
pub(super) fn mail_frame(html: &str) -> El {
    // Without `allow-scripts` the frame is dead; `allow-same-origin` lets this page reach in and dress it.
    let frame = el("iframe", "mail-frame")
        .attr("sandbox", "allow-same-origin")
        .attr_when("title", || Some(say(texts::MAIL_FRAME).to_owned()))
        .test("mail-preview");
    let own = frame.clone();
    let frame = frame.on_load(move || settle(own.element().unchecked_ref()));
    fill(frame.element(), &undressed(html));
    frame
}

// The one place where a text becomes markup: the page's policy knows it by this name.
#[wasm_bindgen(inline_js = r#"
const policy = globalThis.trustedTypes?.createPolicy('todoke-mail', { createHTML: (html) => html });
export const fill = (frame, html) => { frame.srcdoc = policy ? policy.createHTML(html) : html; };
"#)]
extern "C" {
    fn fill(frame: &web_sys::Element, html: &str);
}

/// The page's policy forbids inline styles, and a `srcdoc` frame inherits it. So the mail goes in with its style
/// attributes under another name and without its style sheet (which only knows dark mode); [`settle`] puts the
/// styles on through the object model, which the policy allows.
fn undressed(html: &str) -> String {
    let mut rest = html;
    let mut out = String::with_capacity(html.len() + 256);
    while let Some((before, after)) = rest.split_once("<style") {
        out.push_str(before);
        rest = after.split_once("</style>").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace(" style=\"", " data-style=\"")
}

/// Dresses the mail. Links lose their address, because the unsubscribe link of a preview would act for the
/// person. Last, the frame takes the height of the mail.
fn settle(frame: &HtmlElement) {
    let inside = js_sys::Reflect::get(frame, &JsValue::from_str("contentDocument")).unwrap_or(JsValue::NULL);
    if inside.is_null() || inside.is_undefined() {
        return;
    }
    // Objects of another document are not instances of this one's classes, hence no checked cast.
    let inside: Document = inside.unchecked_into();
    each(&inside, "[data-style]", |element| {
        if let Some(style) = element.get_attribute("data-style") {
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
        // Smaller than any mail first: the height of the content is asked for, not that of the frame.
        drop(frame.style().set_property("height", "120px"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_style_is_left_that_the_policy_would_refuse() {
        let html = "<head><style>a{}</style></head><p style=\"color:red\" class=\"a\">x</p><style>b";
        assert_eq!(undressed(html), "<head></head><p data-style=\"color:red\" class=\"a\">x</p>");
        assert_eq!(undressed("plain"), "plain");
    }
}
