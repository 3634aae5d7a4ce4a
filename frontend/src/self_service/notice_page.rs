//! One notice: its message, and what happened on each channel.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::api::{
    deliveries::{DeliveryDetail, DeliveryRow},
    live::LiveMessage,
};

use super::{notice_list::ReasonLine, texts};
use crate::{
    client::{browser, http, live},
    i18n::{signal, t},
    kit::{Icon, Loader, PageTitle, Time, show},
};

#[component]
pub fn NoticePage() -> impl IntoView {
    let params = use_params_map();
    let loader = Loader::<DeliveryDetail>::new(move || {
        let id = params.with(|params| params.get("id")).unwrap_or_default();
        async move { http::get(&format!("/api/me/notices/{}", browser::escape(&id))).await }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Delivery(row)) => loader.change(|detail| update(detail, row)),
        live::Heard::Message(LiveMessage::Reload) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let title = Memo::new(move |_| loader.read(|detail| detail.row.title.clone()));
    view! {
        <a class="back" href="/me">
            {Icon::Back.view()}
            {t(texts::BACK)}
        </a>
        <PageTitle text=Signal::derive(move || title.get().unwrap_or_else(|| signal(texts::NOTICE_TITLE).get())) />
        {show(loader, |detail| {
            let detail = RwSignal::from(detail);
            let fixed = detail.get_untracked();
            let rows = Memo::new(move |_| {
                detail.with(|detail| {
                    let mut rows = vec![detail.row.clone()];
                    rows.extend(detail.siblings.iter().cloned());
                    rows.sort_by_key(|row| row.channel);
                    rows
                })
            });
            view! {
                <p class="lead">{move || detail.with(|detail| detail.row.kind_name.clone())} " " <Time at=fixed.row.created_at /></p>
                <section class="card letter" data-testid="message">
                    {(!fixed.message.body.is_empty()).then(|| view! { <p class="letter-body">{fixed.message.body.clone()}</p> })}
                    {(!fixed.message.fields.is_empty())
                        .then(|| {
                            view! {
                                <dl class="letter-fields">
                                    {fixed
                                        .message
                                        .fields
                                        .iter()
                                        .map(|field| view! { <dt>{field.label.clone()}</dt><dd>{field.value.clone()}</dd> })
                                        .collect_view()}
                                </dl>
                            }
                        })}
                    {fixed
                        .message
                        .link
                        .clone()
                        .map(|link| view! { <a class="btn btn-primary" href=link rel="external noopener">{t(texts::OPEN_LINK)}</a> })}
                </section>
                <h2 class="section-title">{t(texts::CHANNELS_OF)}</h2>
                <ul class="reasons card">
                    {move || rows.get().into_iter().map(|row| view! { <ReasonLine row=row /> }).collect_view()}
                </ul>
            }
        })}
    }
}

fn update(detail: &mut DeliveryDetail, row: &DeliveryRow) {
    if detail.row.id == row.id {
        row.clone_into(&mut detail.row);
    } else if let Some(sibling) = detail.siblings.iter_mut().find(|sibling| sibling.id == row.id) {
        row.clone_into(sibling);
    }
}
