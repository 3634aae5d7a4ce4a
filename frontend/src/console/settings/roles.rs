//! Who runs the workspace.

use leptos::prelude::*;
use shared::{
    api::{auth::Role, workspace::RoleHolder},
    error::Code,
    lang::Text,
};

use super::{
    person::{Person, person_field},
    texts::{frame, roles as texts},
    wire::Done,
};
use crate::{
    client::{
        Session,
        browser::value_of,
        json::{self, Out, object},
        spawn,
    },
    console::{late::still_here, texts::frame as console},
    dom::{El, el},
    i18n::{fill, lang, lang_now, say},
    kit::{
        Binding, Icon, Loader, Toasts, Tone,
        controls::{Line, Press, button, form, select},
        dialog::dialog,
        surfaces::{badge, paragraph, show, title_of},
        use_toasts,
    },
};

/// `/console/settings/roles`.
pub(super) fn page() -> Vec<El> {
    let loader = Loader::<Vec<RoleHolder>>::at("/api/settings/roles");
    let (toasts, session) = (use_toasts(), Session::expect());
    let adding = RwSignal::new(false);
    let add = Press { icon: Some(Icon::Plus), test: "add-role".into(), ..Press::primary(texts::ADD) };
    vec![
        title_of(frame::ROLES),
        el("div", "mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3")
            .child(paragraph("lead min-w-0 flex-1 basis-72 [&]:mb-0", texts::LEAD))
            .child(button(add, Some(Box::new(move || adding.set(true))))),
        show(el("div", ""), loader, move |holders| {
            vec![el("ul", "card m-0 list-none divide-y divide-line p-0").test("roles").dynamic(move || {
                holders
                    .get()
                    .into_iter()
                    .map(|holder| untrack(|| line(&holder, loader, toasts, session)))
                    .collect()
            })]
        }),
        dialog(
            adding,
            || say(texts::ADD).to_owned(),
            "role-dialog",
            move || vec![give(adding, loader, toasts, session)],
        ),
    ]
}

type Holders = Loader<Vec<RoleHolder>>;

fn line(holder: &RoleHolder, loader: Holders, toasts: Toasts, session: Session) -> El {
    let own = session.0.with_untracked(|me| me.as_ref().is_some_and(|me| me.id == holder.id));
    let power = power(session);
    let words = el("div", "min-w-0 flex-1 basis-56")
        .child(
            el("p", "flex flex-wrap items-center gap-x-2")
                .child(
                    el("a", "font-medium")
                        .attr("href", &format!("/console/members/{}", holder.id))
                        .text(&holder.name),
                )
                .maybe(own.then(|| badge(Tone::Quiet, texts::YOU)))
                .maybe((!holder.usable).then(|| badge(Tone::Warn, texts::UNUSABLE))),
        )
        .child(el("p", "text-[13px] text-ink-soft").text(&match &holder.company_name {
            Some(company) => format!("{} · {company}", holder.email),
            None => holder.email.clone(),
        }));
    let control: El = if holder.role > power {
        el("p", "text-ink-soft").say(holder.role.name())
    } else {
        let (id, name, was) = (holder.id.to_string(), holder.name.clone(), holder.role);
        let named = name.clone();
        el("select", "input w-auto min-w-40")
            .attr_when("aria-label", move || Some(fill(texts::ROLE_OF, &[&named])))
            .test("role")
            .dynamic(move || options(power, was))
            .on("change", move |event| {
                let Some(role) = Role::from_code(&value_of(&event)) else { return };
                set_role(id.clone(), name.clone(), role, loader, toasts, |_| {});
            })
    };
    el("li", "flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4.5 py-3")
        .test("role-holder")
        .attr("data-role", holder.role.code())
        .child(words)
        .child(control)
}

fn options(power: Role, chosen: Role) -> Vec<El> {
    let may = Role::ALL.into_iter().rev().filter(|role| *role <= power);
    may.map(|role| {
        let option = el("option", "").attr("value", role.code()).text(role.name().get(lang()));
        if role == chosen { option.attr("selected", "") } else { option }
    })
    .collect()
}

fn power(session: Session) -> Role {
    session.0.with_untracked(|me| me.as_ref().map_or(Role::Member, |me| me.role))
}

/// Sets a role and shows the list as it is then, in any case: a refused choice goes back.
fn set_role(
    id: String,
    name: String,
    role: Role,
    loader: Holders,
    toasts: Toasts,
    done: impl FnOnce(bool) + 'static,
) {
    let body = object(&[("role", Out::Text(role.code()))]);
    spawn(async move {
        match json::send::<Done>("PUT", &format!("/api/settings/roles/{id}"), body).await {
            Ok(Done) => {
                let pattern = texts::CHANGED.get(lang_now());
                let words = pattern.replacen("{}", &name, 1).replacen("{}", role.name().get(lang_now()), 1);
                toasts.words(words);
                done(true);
            }
            Err(failure) => {
                if failure.code() == Some(Code::Required) {
                    toasts.bad(texts::NO_COMPANY);
                } else {
                    toasts.failed(&failure);
                }
                done(false);
            }
        }
        loader.reload();
    });
}

/// What each role may do, for the choice of one.
const fn means(role: Role) -> Text {
    match role {
        Role::Owner => texts::OWNER_IS,
        Role::Admin => texts::ADMIN_IS,
        Role::CompanyAdmin => texts::COMPANY_IS,
        Role::Member => texts::MEMBER_IS,
    }
}

fn give(open: RwSignal<bool>, loader: Holders, toasts: Toasts, session: Session) -> El {
    let chosen = RwSignal::new(None::<Person>);
    let role = RwSignal::new(Role::Admin.code().to_owned());
    let (busy, missing) = (RwSignal::new(false), RwSignal::new(false));
    let error = Signal::derive(move || {
        (missing.get() && chosen.with(Option::is_none)).then(|| say(texts::CHOOSE).to_owned())
    });
    let most = power(session);
    let roles = Signal::derive(move || {
        [Role::Owner, Role::Admin, Role::CompanyAdmin]
            .into_iter()
            .filter(|role| *role <= most)
            .map(|role| (role.code().to_owned(), role.name().get(lang()).to_owned()))
            .collect()
    });
    let send = move || {
        let Some(person) = chosen.get_untracked() else {
            missing.set(true);
            crate::kit::field::focus_first_wrong();
            return;
        };
        let Some(role) = Role::from_code(&role.get_untracked()).filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        set_role(person.id, person.name, role, loader, toasts, move |good| {
            // The dialog stays when it was refused.
            if still_here(busy) && good {
                open.set(false);
            }
        });
    };
    let press = Press {
        doing: texts::GIVE_BUSY,
        busy: busy.into(),
        test: "give-role".into(),
        ..Press::primary(texts::GIVE)
    };
    form(send)
        .child(paragraph("", texts::ADD_LEAD))
        .child(person_field(texts::PERSON, chosen, error))
        .child(select(Binding::plain("role", role), Line::new(texts::ROLE), roles))
        .child(el("p", "text-[13px] text-ink-soft").text_when(move || {
            role.with(|code| Role::from_code(code)).map_or("", |role| say(means(role))).to_owned()
        }))
        .child(
            el("div", "form-actions justify-end")
                .child(button(Press::new(console::CANCEL), Some(Box::new(move || open.set(false)))))
                .child(button(press, None)),
        )
}
