//! The message as the person sees it.

use leptos::prelude::*;
use shared::{api::deliveries::Preview, channel::Channel};

use super::{bubble::Bubble, mail_frame::MailFrame};
use crate::{
    console::{
        part::{Draw, part},
        texts::deliveries as texts,
    },
    i18n::{say, t},
    kit::{Chips, Mark},
};

#[component]
pub fn PreviewView(preview: Preview) -> impl IntoView {
    match preview {
        Preview::Mail { subject, text, html } => {
            view! { <MailView subject=subject text=text html=html /> }.drawn()
        }
        Preview::Lineworks { content } => view! { <BubbleView bubble=Bubble::read(&content) /> }.drawn(),
    }
}

/// Subject, and the HTML or the text part.
#[component]
fn MailView(subject: String, text: String, html: String) -> impl IntoView {
    let way = RwSignal::new("html".to_owned());
    let ways = Signal::derive(|| {
        [("html", texts::MAIL_AS_HTML), ("text", texts::MAIL_AS_TEXT)]
            .into_iter()
            .map(|(value, words)| (value.to_owned(), say(words).to_owned()))
            .collect::<Vec<_>>()
    });
    let (text, html) = (StoredValue::new(text), StoredValue::new(html));
    view! {
        <div class="mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
            <p class="min-w-0 flex-1">
                <span class="block text-[13px] text-ink-soft">{t(texts::MAIL_SUBJECT)}</span>
                <span class="font-medium" data-testid="mail-subject">{subject}</span>
            </p>
            <Chips label=texts::MESSAGE name="part" options=ways chosen=way on_choose=move |value| way.set(value) />
        </div>
        {part(move || {
            if way.with(|way| way == "text") {
                view! { <pre class="mail-text" tabindex="0" data-testid="mail-text">{text.get_value()}</pre> }.drawn()
            } else {
                view! { <MailFrame html=html.get_value() /> }.drawn()
            }
        })}
    }
}

/// A talk with the bot's message in it.
#[component]
fn BubbleView(bubble: Bubble) -> impl IntoView {
    let Bubble { text, buttons } = bubble;
    let has_buttons = !buttons.is_empty();
    view! {
        <div class="talk" data-testid="bubble">
            <p class="talk-from">
                <Mark channel=Channel::Lineworks />
                {t(texts::BOT)}
            </p>
            <div class="talk-bubble">
                <p class="talk-text">{text}</p>
                {has_buttons
                    .then(|| {
                        buttons
                            .into_iter()
                            .map(|button| match button.link {
                                Some(link) => {
                                    view! {
                                        <a class="talk-button" href=link target="_blank" rel="noreferrer noopener">
                                            {button.label}
                                        </a>
                                    }
                                        .drawn()
                                }
                                None => view! { <span class="talk-button">{button.label}</span> }.drawn(),
                            })
                            .collect_view()
                    })}
            </div>
        </div>
    }
}
