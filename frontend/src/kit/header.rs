//! The head of every page: the brand, the workspace, language, theme, and who is signed in.

use leptos::prelude::*;
use shared::lang::Lang;

use super::{Icon, Toasts, surfaces::icon, texts, theme::Theme};
use crate::{
    client::{Session, spawn},
    dom::{El, el},
    i18n::{lang, lang_now, say},
};

/// The head of every page. `brand` is the link that its name is to be; `wide` is the console.
pub(crate) fn header(session: Session, toasts: Toasts, brand: El, wide: bool) -> El {
    let who = session.0;
    el("header", "header")
        .child(
            brand
                .attr("aria-label", "Todoke")
                .child(el("span", "brand-mark").attr("aria-hidden", "true").text("届"))
                .child(el("span", "brand-name").text("Todoke")),
        )
        .dynamic(move || {
            let name = who.with(|me| me.as_ref().map(|me| me.workspace.name.clone()));
            name.map(|name| el("span", "header-workspace").text(&name)).into_iter().collect()
        })
        .child(
            el("div", "header-end")
                .child(
                    el("button", "text-btn")
                        .attr("type", "button")
                        .attr_when("lang", || Some(other(lang()).tag().to_owned()))
                        .attr_when("aria-label", || Some(say(texts::LANGUAGE_LABEL).to_owned()))
                        .test("language")
                        .say(texts::LANGUAGE)
                        .on_press(move || session.speak(other(lang_now()))),
                )
                .child(theme_button())
                .dynamic(
                    move || {
                        if who.with(Option::is_some) { account(session, toasts, wide) } else { Vec::new() }
                    },
                ),
        )
}

const fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Ja => Lang::En,
        Lang::En => Lang::Ja,
    }
}

fn theme_button() -> El {
    let theme = RwSignal::new(Theme::chosen());
    let words = move || Some(say(theme.get().words()).to_owned());
    el("button", "icon-btn")
        .attr("type", "button")
        .attr_when("aria-label", words)
        .attr_when("title", words)
        .test("theme")
        .dynamic(move || vec![icon(theme.get().icon())])
        .on_press(move || theme.update(|theme| *theme = theme.choose_next()))
}

fn account(session: Session, toasts: Toasts, wide: bool) -> Vec<El> {
    let Some(me) = session.0.get_untracked() else { return Vec::new() };
    let leaving = RwSignal::new(false);
    let sign_out = move || {
        if leaving.get_untracked() {
            return;
        }
        leaving.set(true);
        spawn(async move {
            if let Err(failure) = Session::sign_out().await {
                let _gone = leaving.try_set(false);
                toasts.failed(&failure);
            }
        });
    };
    let mut menu = el("div", "menu").attr("id", "account").attr("popover", "auto").child(
        el("p", "menu-who").child(el("strong", "").text(&me.name)).child(el("span", "").say(me.role.name())),
    );
    let other = if wide {
        Some(("/me", "to-me", Icon::Bell, texts::MY_NOTICES))
    } else {
        me.role.runs_company().then_some(("/console", "to-console", Icon::Gear, texts::CONSOLE))
    };
    if let Some((href, test, drawing, words)) = other {
        let link = el("a", "menu-item").attr("href", href).attr("rel", "external").test(test);
        menu = menu.child(link.child(icon(drawing)).child(el("span", "").say(words)));
    }
    let words = move || say(if leaving.get() { texts::SIGNING_OUT } else { texts::SIGN_OUT }).to_owned();
    vec![
        el("button", "account")
            .attr("type", "button")
            .attr("popovertarget", "account")
            .attr_when("aria-label", || Some(say(texts::MENU).to_owned()))
            .test("account")
            .child(icon(Icon::Person))
            .child(el("span", "account-name").text(&me.name)),
        menu.child(
            el("button", "menu-item")
                .attr("type", "button")
                .test("sign-out")
                .child(icon(Icon::Leave))
                .child(el("span", "").text_when(words))
                .on_press(sign_out),
        ),
    ]
}
