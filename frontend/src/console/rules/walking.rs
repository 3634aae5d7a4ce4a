//! Arrow keys in a grid: one stop for the Tab key, and from there from cell to cell.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::dom::El;

/// What can be walked to; rows are what [`ROW`] finds.
pub(super) const CELL: &str = "data-cell";
const ROW: &str = "[data-row]";

/// Makes `grid` walkable. The cells are those with [`CELL`], each in an element with `data-row`; at first none is a
/// stop but the one that [`stop_at_first`] chose.
pub(super) fn walkable(grid: El) -> El {
    let own = grid.element().clone();
    grid.on("keydown", |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
            return;
        }
        let Some(here) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if !here.has_attribute(CELL) {
            return;
        }
        // Up and down are how a choice is made.
        let chooses = here.tag_name() == "SELECT";
        let key = event.key();
        if chooses && matches!(key.as_str(), "ArrowUp" | "ArrowDown" | "Home" | "End") {
            return;
        }
        if let Some(there) = neighbour(&here, &key) {
            event.prevent_default();
            drop(there.focus());
        }
    })
    .on("focusin", move |event| {
        let Some(here) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if here.has_attribute(CELL) {
            for old in all(&own, &format!("[{CELL}][tabindex=\"0\"]")) {
                drop(old.set_attribute("tabindex", "-1"));
            }
            drop(here.set_attribute("tabindex", "0"));
        }
    })
}

/// The first cell is where the Tab key arrives, unless another already is. Call when rows may have come or gone.
pub(super) fn stop_at_first(grid: &El) {
    let grid = grid.element().clone();
    request_animation_frame(move || {
        if all(&grid, &format!("[{CELL}][tabindex=\"0\"]")).is_empty()
            && let Some(first) = all(&grid, &format!("[{CELL}]")).first()
        {
            drop(first.set_attribute("tabindex", "0"));
        }
    });
}

fn neighbour(here: &Element, key: &str) -> Option<HtmlElement> {
    let row = here.closest(ROW).ok()??;
    let cells = all(&row, &format!("[{CELL}]"));
    let at = cells.iter().position(|cell| cell.is_same_node(Some(here)))?;
    let in_row = |at: Option<usize>| at.and_then(|at| cells.get(at).cloned());
    let beside = |step: isize| {
        let page: Element = document().body()?.into();
        let rows = all(&page, ROW);
        let own = rows.iter().position(|one| one.is_same_node(Some(&row)))?;
        let next = rows.get(own.checked_add_signed(step)?)?;
        let cells = all(next, &format!("[{CELL}]"));
        cells.get(at).or_else(|| cells.last()).cloned()
    };
    match key {
        "ArrowLeft" => in_row(at.checked_sub(1)),
        "ArrowRight" => in_row(at.checked_add(1)),
        "Home" => in_row(Some(0)),
        "End" => in_row(cells.len().checked_sub(1)),
        "ArrowUp" => beside(-1),
        "ArrowDown" => beside(1),
        _ => None,
    }
}

fn all(within: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = within.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}
