//! A switch: `role=switch`, one press, at once.

use leptos::prelude::*;

use super::controls::{Toggle, switch};

/// `on_change` gets the wanted state; whoever listens sets `on`. A locked switch stays focusable, so that the
/// reason beside it (`described_by`) is read out.
#[component]
pub fn Switch(
    #[prop(into)] on: Signal<bool>,
    /// Said by screen readers: what is switched.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(optional, into)] locked: Signal<bool>,
    #[prop(optional, into)] busy: Signal<bool>,
    /// Id of the element with the reason.
    #[prop(optional, into)]
    described_by: MaybeProp<String>,
    #[prop(optional, into)] testid: String,
) -> impl IntoView {
    let toggle = Toggle { on, locked, test: testid, reason: Box::new(move || described_by.get()) };
    let change = move |on| {
        let _gone = on_change.try_run(on);
    };
    switch(toggle, move || label.get(), change)
        .attr_when("aria-busy", move || busy.get().then(|| "true".to_owned()))
        .place()
}
