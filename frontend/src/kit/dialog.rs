//! The native modal `<dialog>`: focus trap, Escape and the inert page behind it come with it.

use leptos::prelude::*;

use super::{icon::Icon, surfaces::icon, texts};
use crate::{
    dom::{El, el},
    i18n::{say, t},
};

/// Shown while `open`; its content is made anew each time. Closing by Escape or the cross sets `open` to false.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] testid: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<leptos::html::Dialog>::new();
    let id = super::field::next_id("dialog");
    let labelled = id.clone();
    Effect::new(move || {
        let Some(dialog) = element.get() else { return };
        if open.get() && !dialog.open() {
            // Refused only while it is already shown.
            drop(dialog.show_modal());
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog node_ref=element class="dialog" aria-labelledby=labelled data-testid=testid on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <div class="dialog-head">
                    <h2 id=id.clone()>{move || title.get()}</h2>
                    <button type="button" class="icon-btn" aria-label=t(texts::CLOSE) on:click=move |_| open.set(false)>
                        {Icon::Cross.view()}
                    </button>
                </div>
                <div class="dialog-body">{children.with_value(|children| children())}</div>
            </Show>
        </dialog>
    }
}

/// The same as an element: `content` is made anew each time it opens.
pub(crate) fn dialog(
    open: RwSignal<bool>,
    title: impl Fn() -> String + Clone + 'static,
    test: &str,
    content: impl Fn() -> Vec<El> + 'static,
) -> El {
    let id = super::field::next_id("dialog");
    let labelled = id.clone();
    el("dialog", "dialog")
        .attr("aria-labelledby", &labelled)
        .test(test)
        .on("close", move |_| open.set(false))
        .dynamic(move || {
            if !open.get() {
                return Vec::new();
            }
            let title = title.clone();
            let cross = el("button", "icon-btn")
                .attr("type", "button")
                .attr_when("aria-label", || Some(say(texts::CLOSE).to_owned()))
                .child(icon(Icon::Cross))
                .on_press(move || open.set(false));
            untrack(|| {
                vec![
                    el("div", "dialog-head")
                        .child(el("h2", "").attr("id", &id).text_when(title))
                        .child(cross),
                    el("div", "dialog-body").children(content()),
                ]
            })
        })
        .modal_when(move || open.get())
}
