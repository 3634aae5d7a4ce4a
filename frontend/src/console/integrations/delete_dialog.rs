//! Deleting a connection: counted, named, confirmed.

use leptos::prelude::*;
use shared::api::integrations::{Integration, Provider};

use super::deletion::{Consequences, name_of};
use crate::{
    client::{browser, http, spawn},
    console::{
        confirm::TypeToConfirm,
        part::{Draw, Drawn, part},
        texts::integrations as texts,
        visit::Visit,
    },
    i18n::{fill, say, t},
    kit::{Dialog, Loader, show, use_toasts},
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
    let busy = RwSignal::new(false);
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
        {show(loader, |counted| part(move || counted.with(counts)))}
        <TypeToConfirm
            open=open
            name=Signal::derive(move || name.get_value())
            label=texts::DELETE_DO
            doing=texts::DELETE_BUSY
            busy=busy
            testid="delete-confirm"
            on_confirm=delete
        />
    }
}

fn counts(counted: &Consequences) -> Drawn {
    let all = [
        (texts::DELETE_MEMBERS, counted.members),
        (texts::DELETE_ROOMS, counted.rooms),
        (texts::DELETE_WAITING, counted.waiting),
    ];
    let lines = all.map(|(name, count)| {
        view! { <dt>{say(name)}</dt><dd class="font-medium tabular-nums">{browser::number_text(count)}</dd> }.drawn()
    });
    view! {
        <div>
            <p class="mb-1 text-[14px] font-semibold">{say(texts::DELETE_COUNTS)}</p>
            <dl class="facts" data-testid="consequences">{Vec::from(lines)}</dl>
        </div>
    }
    .drawn()
}
