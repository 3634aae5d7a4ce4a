//! Where the reader is, and going elsewhere without loading anything: the little that the console needs of a
//! router.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, MouseEvent};

use super::place::{Place, Program};
use crate::client::browser;

/// The address shown, handed around by copy.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    /// The program that runs here: it goes to its own pages by itself, and to others by loading them.
    program: Program,
    path: RwSignal<String>,
    /// With each change of the address, of its query too.
    turn: RwSignal<u32>,
}

impl Visit {
    /// The page's own, once per program: follows back and forward, and every link within the program.
    #[must_use]
    pub fn provide(program: Program) -> Self {
        let visit = Self { program, path: RwSignal::new(browser::path()), turn: RwSignal::new(0) };
        provide_context(visit);
        let back = window_event_listener(ev::popstate, move |_| visit.arrived());
        let link = window_event_listener(ev::click, move |event| {
            if let Some(to) = own_link(&event, program) {
                event.prevent_default();
                visit.go(&to);
            }
        });
        on_cleanup(move || {
            back.remove();
            link.remove();
        });
        visit
    }

    /// Call in a component's body, not in an event handler.
    #[must_use]
    pub fn expect() -> Self {
        use_context().unwrap_or_else(|| Self::provide(Place::read(&browser::path()).program()))
    }

    /// The path; tracked by whoever reads it.
    #[must_use]
    pub fn path(self) -> Signal<String> {
        self.path.into()
    }

    /// A value of the query, decoded; tracked.
    #[must_use]
    pub fn asked(self, name: &str) -> Option<String> {
        self.turn.track();
        browser::query(name)
    }

    /// Another page: at its top, and with a way back.
    pub fn go(self, to: &str) {
        if self.move_to(to, false) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Another address for what is shown, a filter for instance: no way back, no scrolling.
    pub fn change(self, to: &str) {
        self.move_to(to, true);
    }

    /// Another page instead of `gone`, which is no more; whoever has left it meanwhile stays where they are.
    pub fn go_instead(self, gone: &str, to: &str) {
        if self.path.with_untracked(|here| Place::read(here) == Place::read(gone)) && self.move_to(to, true) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    fn move_to(self, to: &str, replace: bool) -> bool {
        if !is_own(to, self.program) {
            if replace {
                browser::go_instead(to);
            } else {
                browser::go(to);
            }
            return false;
        }
        let moved = window().history().and_then(|history| {
            if replace {
                history.replace_state_with_url(&JsValue::NULL, "", Some(to))
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(to))
            }
        });
        if moved.is_err() {
            browser::go(to);
            return false;
        }
        self.arrived();
        true
    }

    fn arrived(self) {
        let path = browser::path();
        if self.path.with_untracked(|old| *old != path) {
            self.path.set(path);
        }
        self.turn.update(|turn| *turn = turn.wrapping_add(1));
    }
}

/// The address of a plainly clicked link within the program. Everything else is the browser's: new tabs,
/// downloads, other sites, the other face, the other programs.
fn own_link(event: &MouseEvent, program: Program) -> Option<String> {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let link = event.target()?.dyn_into::<Element>().ok()?.closest("a[href]").ok()??;
    let elsewhere = ["target", "download", "rel"].iter().any(|name| link.has_attribute(name));
    link.get_attribute("href").filter(|href| !elsewhere && is_own(href, program))
}

fn is_own(href: &str, program: Program) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let console = path.strip_prefix("/console").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    console && Place::read(path).program() == program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_within_the_program_are_followed_here() {
        use Program::{Apps, Console, People, Settings};
        for (own, program) in [
            ("/console", Console),
            ("/console?x", Console),
            ("/console/deliveries/dl_1?a=b", Console),
            ("/console/members?q=a", People),
            ("/console/rules/companies#list", People),
            ("/console/apps/attendance?month=2026-11", Apps),
            ("/console/settings/keys", Settings),
        ] {
            for other in [Console, People, Apps, Settings] {
                assert_eq!(is_own(own, other), other == program, "{own} {other:?}");
            }
        }
        for other in ["/me", "/consoles", "https://example.jp/console", "//example.jp", "#main", ""] {
            assert!(!is_own(other, Console), "{other}");
        }
    }
}
