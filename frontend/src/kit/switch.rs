//! A switch: `role=switch`, one press, at once.

use leptos::prelude::*;

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
    let press = move |_| {
        if !locked.get_untracked() && !busy.get_untracked() {
            on_change.run(!on.get_untracked());
        }
    };
    view! {
        <button
            type="button"
            role="switch"
            class="switch"
            aria-checked=move || on.get().to_string()
            aria-label=move || label.get()
            aria-disabled=move || locked.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-describedby=move || described_by.get()
            data-testid=testid
            on:click=press
        >
            <span class="switch-knob" aria-hidden="true"></span>
        </button>
    }
}
