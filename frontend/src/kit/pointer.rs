//! Checks on leaving a field wait for the end of the press that left it: an error that appears in between moves
//! the button away from under the finger, and the press is lost.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};

/// Watches presses on the whole page. Called once, before anything is drawn.
pub fn start() {
    listen("pointerdown", || STATE.with_borrow_mut(|state| state.down = true));
    listen("pointerup", up);
    listen("pointercancel", up);
}

/// Calls `then` now, or when the press under way has become a click.
pub(crate) fn after_press(then: impl FnOnce() + 'static) {
    let mut then: Option<Box<dyn FnOnce()>> = Some(Box::new(then));
    STATE.with_borrow_mut(|state| {
        if state.down {
            state.waiting.extend(then.take());
        }
    });
    if let Some(then) = then {
        then();
    }
}

thread_local! {
    static STATE: RefCell<Presses> = RefCell::new(Presses::default());
}

#[derive(Default)]
struct Presses {
    down: bool,
    waiting: Vec<Box<dyn FnOnce()>>,
}

fn up() {
    let waiting = STATE.with_borrow_mut(|state| {
        state.down = false;
        std::mem::take(&mut state.waiting)
    });
    if !waiting.is_empty() {
        // The click comes after this event and before the next task.
        queue(waiting);
    }
}

fn queue(waiting: Vec<Box<dyn FnOnce()>>) {
    set_timeout(
        move || {
            for then in waiting {
                then();
            }
        },
        std::time::Duration::ZERO,
    );
}

fn listen(event: &str, then: impl FnMut() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let then = Closure::<dyn FnMut()>::new(then);
    drop(window.add_event_listener_with_callback_and_bool(event, then.as_ref().unchecked_ref(), true));
    // For the life of the page.
    then.forget();
}
