//! Events: one listener of each kind for the whole page.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event};

pub(super) type Handler = Rc<dyn Fn(Event)>;

thread_local! {
    static HANDLERS: RefCell<Handlers> = RefCell::new(Handlers::default());
}

/// One listener per kind of event on the window, and handlers by number: an element that is taken away leaves
/// nothing behind.
#[derive(Default)]
struct Handlers {
    by_number: HashMap<u32, Handler>,
    last: u32,
    kinds: Vec<&'static str>,
}

/// Hears an event of `element` and of what is in it, until the owner of the moment ends.
pub(super) fn hear(element: &Element, event: &'static str, handler: Handler) {
    let (number, new_kind) = HANDLERS.with_borrow_mut(|handlers| {
        handlers.last = handlers.last.wrapping_add(1);
        handlers.by_number.insert(handlers.last, handler);
        let new_kind = !handlers.kinds.contains(&event);
        if new_kind {
            handlers.kinds.push(event);
        }
        (handlers.last, new_kind)
    });
    drop(js_sys::Reflect::set(element, &property(event), &JsValue::from_f64(f64::from(number))));
    on_cleanup(move || {
        // Dropped after the borrow: a handler owns things that may end with it.
        let _ended = HANDLERS.with_borrow_mut(|handlers| handlers.by_number.remove(&number));
    });
    if new_kind && let Some(window) = web_sys::window() {
        let dispatch = Closure::<dyn FnMut(Event)>::new(dispatch);
        // Capturing, because blur does not bubble.
        drop(window.add_event_listener_with_callback_and_bool(
            event,
            dispatch.as_ref().unchecked_ref(),
            true,
        ));
        dispatch.forget();
    }
}

fn dispatch(event: Event) {
    let property = property(&event.type_());
    let mut at = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    while let Some(element) = at {
        let number = js_sys::Reflect::get(&element, &property).ok().and_then(|number| number.as_f64());
        if let Some(handler) = number.and_then(handler_of) {
            handler(event.clone());
        }
        at = element.parent_element();
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it went in as a u32")]
fn handler_of(number: f64) -> Option<Handler> {
    HANDLERS.with_borrow(|handlers| handlers.by_number.get(&(number as u32)).cloned())
}

fn property(event: &str) -> JsValue {
    JsValue::from_str(&format!("todoke:{event}"))
}
