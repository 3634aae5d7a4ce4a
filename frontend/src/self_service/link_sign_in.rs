//! `/s/{token}`: a single-use link from a notice or from `xtask dev`. The page posts the token by itself, so
//! that scanners, which only GET, cannot use it up.

use leptos::prelude::*;
use shared::api::auth::Me;

use super::texts;
use crate::kit::{
    controls::away,
    surfaces::{loading, paragraph, title_of},
};
use crate::{
    client::{
        Failure, browser,
        json::{self, Out},
        session::safe_return,
        spawn,
    },
    dom::{El, el},
    i18n::lang,
    kit::ButtonKind,
};

pub(super) fn page(token: String) -> Vec<El> {
    let failure = RwSignal::new(None::<Failure>);
    spawn(async move {
        let body = json::object(&[("token", Out::Text(&token))]);
        match json::send::<Me>("POST", "/api/sign-in/link", body).await {
            Ok(_) => browser::go_instead(&safe_return(browser::query("to").as_deref())),
            Err(refused) => {
                let _gone = failure.try_set(Some(refused));
            }
        }
    });
    vec![el("div", "gate").dynamic(move || match failure.get() {
        None => vec![title_of(texts::LINK_TITLE), paragraph("lead", texts::LINK_WAIT), loading(1)],
        Some(failure) => vec![
                title_of(texts::LINK_FAILED_TITLE),
                el("p", "lead")
                    .attr("role", "alert")
                    .test("link-failed")
                    .text_when(move || failure.message(lang())),
                away(ButtonKind::Secondary, texts::TO_SIGN_IN, "/sign-in", "to-sign-in"),
            ],
    })]
}
