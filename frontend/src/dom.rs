//! Elements tied to Leptos's signals: what the kit is drawn with, and all of the bundle that phones load. Nothing
//! here is generic, so a page costs what it says and not a copy of the machinery for each of its types: the phone's
//! pages drawn with `view!` came to 253 kB compressed against a budget of 150, and with this to 131.
//!
//! An [`El`] is made once. What may change is a closure: it runs again when a signal that it read has changed.
//! Everything made inside belongs to the owner of the moment and ends with it.

use std::{cell::RefCell, rc::Rc};

use leptos::{prelude::*, reactive::owner::Owner};
use send_wrapper::SendWrapper;
use shared::lang::Text;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Comment, Element, Event, Node};

use crate::i18n::say;

mod events;
mod placed;

pub use placed::Placed;

/// An element and all that hangs on it.
#[derive(Clone)]
pub struct El(Element);

/// A new element with classes, which may be none.
#[expect(
    clippy::expect_used,
    reason = "the browser refuses only names that are not names; ours are literals"
)]
#[must_use]
pub fn el(tag: &str, class: &str) -> El {
    let element = document().create_element(tag).expect("a tag name");
    if !class.is_empty() {
        element.set_class_name(class);
    }
    El(element)
}

/// A drawing of SVG; its parts are made by [`svg_part`].
#[must_use]
pub fn svg(class: &str, view_box: &str) -> El {
    svg_part("svg").attr("class", class).attr("viewBox", view_box).attr("aria-hidden", "true")
}

/// One line, as `d` of a `path` has it.
#[must_use]
pub fn drawn(class: &str, view_box: &str, line: &str) -> El {
    svg(class, view_box).child(svg_part("path").attr("d", line))
}

/// An element of SVG.
#[expect(clippy::expect_used, reason = "see `el`")]
#[must_use]
pub fn svg_part(tag: &str) -> El {
    El(document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag).expect("a tag name"))
}

impl El {
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        // Refused only for names that are not names.
        drop(self.0.set_attribute(name, value));
        self
    }

    /// One class more.
    #[must_use]
    pub fn class(self, class: &str) -> Self {
        drop(self.0.class_list().add_1(class));
        self
    }

    #[must_use]
    pub fn test(self, id: &str) -> Self {
        self.attr("data-testid", id)
    }

    /// An attribute that changes; `None` takes it away.
    #[must_use]
    pub fn attr_when(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        attr_when(&self.0, name, Box::new(value));
        self
    }

    #[must_use]
    pub fn class_when(self, class: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        class_when(&self.0, class, Box::new(on));
        self
    }

    /// The text of an input, as long as it is not what stands there.
    #[must_use]
    pub fn value_when(self, value: impl Fn() -> String + 'static) -> Self {
        value_when(&self.0, Box::new(value));
        self
    }

    #[must_use]
    pub fn text(self, text: &str) -> Self {
        drop(self.0.append_child(&document().create_text_node(text)));
        self
    }

    /// A sentence in the language of the page.
    #[must_use]
    pub fn say(self, text: Text) -> Self {
        self.text_when(move || say(text).to_owned())
    }

    #[must_use]
    pub fn text_when(self, text: impl Fn() -> String + 'static) -> Self {
        text_when(&self.0, Box::new(text));
        self
    }

    #[must_use]
    pub fn child(self, child: Self) -> Self {
        drop(self.0.append_child(&child.0));
        self
    }

    #[must_use]
    pub fn maybe(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// As a part of a `view!`.
    #[must_use]
    pub fn place(self) -> Placed {
        Placed(SendWrapper::new(self))
    }

    #[must_use]
    pub fn children(mut self, children: Vec<Self>) -> Self {
        for child in children {
            self = self.child(child);
        }
        self
    }

    /// Children that are drawn anew whenever something that `draw` reads has changed.
    #[must_use]
    pub fn dynamic(self, draw: impl Fn() -> Vec<Self> + 'static) -> Self {
        dynamic(&self.0, Box::new(draw));
        self
    }

    /// Children by key: one whose key stays keeps its element, its place in the focus and what it remembers.
    #[must_use]
    pub fn list(
        self,
        keys: impl Fn() -> Vec<String> + 'static,
        row: impl Fn(&str) -> Self + 'static,
    ) -> Self {
        list(&self.0, Box::new(keys), Box::new(row));
        self
    }

    /// A `<dialog>` that is shown over everything else while `open` says so.
    #[must_use]
    pub fn modal_when(self, open: impl Fn() -> bool + 'static) -> Self {
        let dialog = self.0.dyn_ref::<web_sys::HtmlDialogElement>().cloned();
        follow(Box::new(move || {
            let (open, Some(dialog)) = (open(), dialog.as_ref()) else { return };
            if open && !dialog.open() {
                // Refused only while it is already shown.
                drop(dialog.show_modal());
            } else if !open && dialog.open() {
                dialog.close();
            }
        }));
        self
    }

    /// Hears an event of this element and of what is in it, until the owner of the moment ends.
    #[must_use]
    pub fn on(self, event: &'static str, handler: impl Fn(Event) + 'static) -> Self {
        events::hear(&self.0, event, Rc::new(handler));
        self
    }

    /// Hears that a frame has loaded: that event does not reach the window.
    #[must_use]
    pub fn on_load(self, handler: impl Fn() + 'static) -> Self {
        let heard = Closure::<dyn FnMut()>::new(handler);
        drop(self.0.add_event_listener_with_callback("load", heard.as_ref().unchecked_ref()));
        let _kept = StoredValue::new_local(heard);
        self
    }

    /// The element itself, for what elements of this kind alone can do.
    #[must_use]
    pub fn element(&self) -> &Element {
        &self.0
    }

    #[must_use]
    pub fn on_press(self, press: impl Fn() + 'static) -> Self {
        self.on("click", move |_| press())
    }

    pub fn focus(&self) {
        if let Some(element) = self.0.dyn_ref::<web_sys::HtmlElement>() {
            drop(element.focus());
        }
    }

    /// Takes the focus once it stands on the page.
    #[must_use]
    pub fn focus_soon(self) -> Self {
        let own = self.clone();
        request_animation_frame(move || own.focus());
        self
    }
}

/// Draws `app` into the element of that id, for the life of the page.
pub fn mount(id: &str, app: impl FnOnce() -> Vec<El>) {
    // Effects run as tasks of the browser's queue. Already set only if this is called twice.
    drop(any_spawner::Executor::init_wasm_bindgen());
    let Some(place) = document().get_element_by_id(id) else { return };
    place.set_text_content(None);
    let owner = Owner::new();
    let drawn = owner.with(app);
    std::mem::forget(owner);
    drop(El(place).children(drawn));
}

/// Runs `run` now and again after each change of what it read, until the owner of the moment ends.
pub fn follow(run: Box<dyn Fn()>) {
    let effect = RenderEffect::new(move |_| run());
    let _kept = StoredValue::new_local(effect);
}

// The methods of `El` are generic over their closures; what they do is here, once.

fn attr_when(element: &Element, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
    let element = element.clone();
    follow(Box::new(move || {
        drop(match value() {
            Some(value) => element.set_attribute(name, &value),
            None => element.remove_attribute(name),
        });
    }));
}

fn class_when(element: &Element, class: &'static str, on: Box<dyn Fn() -> bool>) {
    let element = element.clone();
    follow(Box::new(move || drop(element.class_list().toggle_with_force(class, on()))));
}

fn value_when(element: &Element, value: Box<dyn Fn() -> String>) {
    let input = element.dyn_ref::<web_sys::HtmlInputElement>().cloned();
    let area = element.dyn_ref::<web_sys::HtmlTextAreaElement>().cloned();
    follow(Box::new(move || {
        let value = value();
        // Setting what stands there already would move the cursor.
        if let Some(input) = input.as_ref().filter(|input| input.value() != value) {
            input.set_value(&value);
        }
        if let Some(area) = area.as_ref().filter(|area| area.value() != value) {
            area.set_value(&value);
        }
    }));
}

fn text_when(element: &Element, text: Box<dyn Fn() -> String>) {
    let node = document().create_text_node("");
    drop(element.append_child(&node));
    follow(Box::new(move || node.set_data(&text())));
}

fn dynamic(parent: &Element, draw: Box<dyn Fn() -> Vec<El>>) {
    let anchor = anchor(parent);
    let shown = RefCell::new(Vec::<El>::new());
    follow(Box::new(move || {
        let fresh = draw();
        for old in shown.take() {
            old.0.remove();
        }
        for new in &fresh {
            insert_before(&anchor, &new.0);
        }
        shown.replace(fresh);
    }));
}

struct Row {
    key: String,
    element: El,
    owner: Owner,
}

fn list(parent: &Element, keys: Box<dyn Fn() -> Vec<String>>, draw: Box<dyn Fn(&str) -> El>) {
    let anchor = anchor(parent);
    let rows = RefCell::new(Vec::<Row>::new());
    // Rows outlive the runs of the effect that orders them.
    let outer = Owner::current().unwrap_or_default();
    follow(Box::new(move || {
        let mut old = rows.take();
        let mut fresh = Vec::new();
        for key in keys() {
            let row = match old.iter().position(|row| row.key == key) {
                Some(at) => old.swap_remove(at),
                None => {
                    let owner = outer.child();
                    let element = owner.with(|| untrack(|| draw(&key)));
                    Row { key, element, owner }
                }
            };
            fresh.push(row);
        }
        for gone in old {
            gone.owner.cleanup();
            gone.element.0.remove();
        }
        // From the end, and only what is not in its place: moving an element takes its focus away.
        let mut next: Node = anchor.clone().into();
        for row in fresh.iter().rev() {
            let node: &Node = row.element.0.as_ref();
            if node.next_sibling().as_ref() != Some(&next) {
                insert_before(&next, node);
            }
            next = node.clone();
        }
        rows.replace(fresh);
    }));
}

fn anchor(parent: &Element) -> Comment {
    let anchor = document().create_comment("");
    drop(parent.append_child(&anchor));
    anchor
}

fn insert_before(next: &Node, new: &Node) {
    if let Some(parent) = next.parent_node() {
        drop(parent.insert_before(new, Some(next)));
    }
}
