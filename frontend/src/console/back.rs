//! The way back from a page to its list.

use leptos::prelude::*;
use shared::lang::Text;

use crate::{i18n::t, kit::Icon};

#[component]
pub fn BackLink(href: &'static str, label: Text) -> impl IntoView {
    view! {
        <a class="mb-2 -ml-1 inline-flex min-h-11 items-center gap-1 text-[13px] no-underline hover:underline md:min-h-8" href=href data-testid="back">
            {Icon::Back.view()}
            {t(label)}
        </a>
    }
}
