//! The way back from a page to its list.

use leptos::prelude::*;
use shared::lang::Text;

use crate::{
    dom::{El, el},
    kit::{Icon, surfaces::icon},
};

#[component]
pub fn BackLink(href: &'static str, label: Text) -> impl IntoView {
    back(href, label).place()
}

pub(crate) fn back(href: &str, label: Text) -> El {
    let class = "mb-2 -ml-1 inline-flex min-h-11 items-center gap-1 text-[13px] no-underline hover:underline \
                 md:min-h-8";
    el("a", class).attr("href", href).test("back").child(icon(Icon::Back)).child(el("span", "").say(label))
}
