//! Deleting a connection: counted, named, confirmed.

use leptos::prelude::*;
use shared::{
    api::integrations::{Integration, Provider},
    lang::Text,
};

use super::deletion::{Consequences, is_confirmed, name_of};
use crate::{
    client::{browser, http, spawn},
    console::{
        part::said,
        texts::{frame, integrations as texts},
        visit::Visit,
    },
    i18n::{fill, t},
    kit::{Binding, Button, ButtonKind, Dialog, Loader, TextField, show, use_toasts},
};

#[component]
pub fn DeleteDialog(open: RwSignal<bool>, integration: Integration) -> impl IntoView {
    let title = {
        let name = name_of(&integration).to_owned();
        Signal::derive(move || fill(texts::DELETE_TITLE, &[&name]))
    };
    view! {
        <Dialog open=open title=title testid="delete-dialog">
            <Confirm open=open integration=integration.clone() />
        </Dialog>
    }
}

#[component]
fn Confirm(open: RwSignal<bool>, integration: Integration) -> impl IntoView {
    let (toasts, visit) = (use_toasts(), Visit::expect());
    let name = StoredValue::new(name_of(&integration).to_owned());
    let id = integration.id.clone();
    let loader = {
        let path = format!("/api/integrations/{id}/consequences");
        Loader::new(move || {
            let path = path.clone();
            async move { http::get::<Consequences>(&path).await }
        })
    };
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let confirmed =
        Signal::derive(move || name.with_value(|name| typed.with(|typed| is_confirmed(typed, name))));
    let delete = Callback::new(move |()| {
        let path =
            format!("/api/integrations/{id}?confirm={}", name.with_value(|name| browser::escape(name)));
        busy.set(true);
        spawn(async move {
            match http::delete(&path).await {
                Ok(()) => {
                    let _gone = open.try_set(false);
                    toasts.say(texts::DELETED);
                    visit.go_instead("/console/integrations");
                }
                Err(failure) => {
                    let _gone = busy.try_set(false);
                    toasts.failed(&failure);
                }
            }
        });
    });
    let lead = match integration.provider {
        Provider::Lineworks => texts::DELETE_LEAD_LINEWORKS,
        Provider::Mail => texts::DELETE_LEAD_MAIL,
    };
    view! {
        <p>{t(lead)}</p>
        {show(loader, |counted| {
            let count = move |name: Text, read: fn(&Consequences) -> u64| {
                let counted = counted.clone();
                view! {
                    <dt>{t(name)}</dt>
                    <dd class="font-medium tabular-nums">{said(move || counted.with(|counted| browser::number_text(read(counted))))}</dd>
                }
            };
            view! {
                <div>
                    <p class="mb-1 text-[14px] font-semibold">{t(texts::DELETE_COUNTS)}</p>
                    <dl class="facts" data-testid="consequences">
                        {count(texts::DELETE_MEMBERS, |counted| counted.members)}
                        {count(texts::DELETE_ROOMS, |counted| counted.rooms)}
                        {count(texts::DELETE_WAITING, |counted| counted.waiting)}
                    </dl>
                </div>
            }
        })}
        <p>{said(move || name.with_value(|name| fill(texts::DELETE_TYPE, &[name])))}</p>
        <TextField bind=Binding::plain("confirm", typed) label=texts::DELETE_NAME />
        <div class="form-actions justify-end">
            <Button label=frame::CANCEL on_press=move |()| open.set(false) />
            <Button
                label=texts::DELETE_DO
                doing=texts::DELETE_BUSY
                kind=ButtonKind::Danger
                busy=busy
                disabled=Signal::derive(move || !confirmed.get())
                testid="delete-confirm"
                on_press=delete
            />
        </div>
    }
}
