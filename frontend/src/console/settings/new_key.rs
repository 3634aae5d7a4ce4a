//! A new API key: asked for, made, shown once.

use leptos::prelude::*;
use shared::api::settings::{KeyRequest, NewKey, Scope};

use super::keys_model::{curl_line, scope_code, scope_name};
use crate::{
    client::{Session, browser, json, spawn},
    console::{
        head::refusal,
        part::{Draw, part, said},
        texts::{frame, settings as texts},
        wire::Body,
    },
    i18n::{fill, lang, say, signal, t},
    kit::{Banner, Button, ButtonKind, CopyButton, Dialog, TextField, Tone, form::Form},
};

/// `on_made` is called as soon as the key exists, while it is still shown.
#[component]
pub fn NewKeyDialog(open: RwSignal<bool>, #[prop(into)] on_made: Callback<()>) -> impl IntoView {
    let made = RwSignal::new(None::<NewKey>);
    Effect::new(move || {
        // The key leaves the page's memory with the dialog.
        if !open.get() {
            made.set(None);
        }
    });
    let title = Signal::derive(move || {
        made.with(|made| {
            made.as_ref().map_or_else(
                || say(texts::NEW).to_owned(),
                |made| fill(texts::ONCE_TITLE, &[&made.info.name]),
            )
        })
    });
    let shown = Memo::new(move |_| made.get());
    view! {
        <Dialog open=open title=title testid="key-dialog">
            {part(move || match shown.get() {
                None => view! { <Ask open=open made=made on_made=on_made /> }.drawn(),
                Some(made) => view! { <Once open=open made=made /> }.drawn(),
            })}
        </Dialog>
    }
}

#[component]
fn Ask(open: RwSignal<bool>, made: RwSignal<Option<NewKey>>, on_made: Callback<()>) -> impl IntoView {
    let form =
        Form::new(KeyRequest { name: String::new(), scopes: vec![Scope::EventsWrite, Scope::EventsRead] });
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(values) = form.submit().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        spawn(async move {
            let answer = json::send::<NewKey>("POST", "/api/keys", values.body()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(key) => {
                    let _gone = made.try_set(Some(key));
                    on_made.run(());
                }
                Err(failure) => form.failed(&failure),
            }
        });
    };
    let no_scope = move || form.problems.with(|problems| problems.of("scopes", lang()));
    view! {
        <form class="form" novalidate on:submit=submit data-testid="key-form">
            <TextField bind=form.text("name", |form| &form.name, |form| &mut form.name) label=texts::NAME hint=texts::NAME_HINT autofocus=true />
            <fieldset class="field" class:field-wrong=move || no_scope().is_some()>
                <legend class="field-label">{t(texts::SCOPES)}</legend>
                {Scope::ALL.into_iter().map(|scope| view! { <ScopeBox scope=scope form=form /> }).collect_view()}
                <p class="field-error" aria-live="polite">{no_scope}</p>
            </fieldset>
            {refusal(form.general())}
            <div class="form-actions justify-end">
                <Button label=frame::CANCEL on_press=move |()| open.set(false) />
                <Button label=texts::CREATE doing=texts::CREATE_BUSY kind=ButtonKind::Primary busy=busy testid="create-key" />
            </div>
        </form>
    }
}

#[component]
fn ScopeBox(scope: Scope, form: Form<KeyRequest>) -> impl IntoView {
    let toggle = move |_| {
        form.values.update(|form| match form.scopes.iter().position(|own| *own == scope) {
            Some(at) => drop(form.scopes.remove(at)),
            None => form.scopes.push(scope),
        });
        form.problems.update(|problems| problems.typed("scopes"));
    };
    view! {
        <label class="flex min-h-11 cursor-pointer items-center gap-3 md:min-h-9">
            <input
                type="checkbox"
                class="size-4.5 shrink-0 accent-ai"
                prop:checked=move || form.values.with(|form| form.scopes.contains(&scope))
                data-testid=format!("scope-{}", scope_code(scope))
                on:change=toggle
            />
            <span>
                {t(scope_name(scope))}
                <code class="ml-2 font-mono text-[13px] text-ink-soft">{scope_code(scope)}</code>
            </span>
        </label>
    }
}

/// The only time that the key is seen.
#[component]
fn Once(open: RwSignal<bool>, made: NewKey) -> impl IntoView {
    let session = Session::expect();
    let key = made.key.clone();
    let line = Signal::derive(move || {
        session.0.with(|me| {
            me.as_ref()
                .map(|me| curl_line(&browser::origin(), &key, &me.id, say(texts::FIRST_TITLE)))
                .unwrap_or_default()
        })
    });
    let may_send = made.info.scopes.contains(&Scope::EventsWrite);
    let key = made.key;
    view! {
        <div class="[&_.banner]:mb-0"><Banner tone=Tone::Warn>{t(texts::ONCE_LEAD)}</Banner></div>
        <div class="min-w-0">
            <p class="field-label">{t(texts::ONCE_KEY)}</p>
            <div class="mt-1 flex items-center gap-2 rounded-md bg-sunk py-0.5 pr-1 pl-3">
                <code class="min-w-0 flex-1 py-1.5 font-mono text-[13px] break-all" data-testid="key-value">{key.clone()}</code>
                <CopyButton text=Signal::stored(key) named=signal(texts::ONCE_KEY) testid="copy-key" />
            </div>
        </div>
        {may_send
            .then(|| {
                view! {
                    <div class="min-w-0">
                        <div class="flex items-center justify-between gap-2">
                            <p class="field-label">{t(texts::ONCE_TRY)}</p>
                            <CopyButton text=line named=signal(texts::ONCE_TRY) testid="copy-curl" />
                        </div>
                        <pre class="mt-1 max-w-full overflow-x-auto rounded-md bg-sunk p-3 font-mono text-[12.5px] leading-relaxed" tabindex="0" data-testid="curl">{said(move || line.get())}</pre>
                    </div>
                }
            })}
        <div class="form-actions justify-end">
            <Button label=frame::CLOSE kind=ButtonKind::Primary testid="key-done" on_press=move |()| open.set(false) />
        </div>
    }
}
