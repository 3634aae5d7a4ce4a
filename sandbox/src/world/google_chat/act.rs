//! What people do in Google Chat: make spaces and webhooks, bring the app in, write, press.

use serde_json::{Value, json};

use super::super::{ActError, Pressed, World};
use super::spaces::{Message, Sender, Space, Webhook};
use super::{Audience, callbacks, cards, markup};

/// A person makes a named space with these people (and themselves) in it. Gives its id.
pub fn create_space(
    world: &mut World,
    person: &str,
    display_name: &str,
    with: &[String],
) -> Result<String, ActError> {
    let mut members = vec![known(world, person)?];
    for other in with {
        let other = known(world, other)?;
        if !members.contains(&other) {
            members.push(other);
        }
    }
    let id = format!("AAAA{}", world.chat_id(7));
    let touched = world.touch();
    let space = Space { touched, ..Space::named(id.clone(), display_name, members) };
    world.google_chat.spaces.insert(id.clone(), space);
    Ok(id)
}

/// A space is deleted for everyone, with its webhooks. The app is told that it is out.
pub fn delete_space(world: &mut World, person: &str, space: &str, now_ms: i64) -> Result<(), ActError> {
    let person = member(world, person, space)?;
    let had_app = world.google_chat.spaces.get(space).is_some_and(|space| space.app);
    change(world, space, |space| {
        space.deleted = true;
        space.app = false;
    })?;
    if had_app {
        callbacks::removed(world, &person, space, now_ms);
    }
    Ok(())
}

/// A person adds a webhook to a space (space menu → Apps & integrations → Webhooks). Gives the URL to copy.
pub fn create_webhook(world: &mut World, person: &str, space: &str, name: &str) -> Result<String, ActError> {
    let made_by = member(world, person, space)?;
    // Ends in `=`, which the copied URL shows as `%3D` (google_chat.md §1.1).
    let token = format!("{}=", world.chat_id(42));
    let webhook = Webhook { name: name.to_owned(), token, made_by, deleted: false };
    let known = world.google_chat.spaces.get(space).ok_or_else(|| no_space(space))?;
    let url = known.webhook_url(&webhook);
    change(world, space, |space| space.webhooks.push(webhook))?;
    Ok(url)
}

/// A webhook is deleted; `url` as it was copied.
pub fn delete_webhook(world: &mut World, url: &str) -> Result<(), ActError> {
    let place = world.google_chat.spaces.values().find_map(|space| {
        let place = space.webhooks.iter().position(|hook| space.webhook_url(hook) == url)?;
        Some((space.id.clone(), place))
    });
    let (space, place) = place.ok_or(ActError::NoButton)?;
    change(world, &space, |space| {
        if let Some(webhook) = space.webhooks.get_mut(place) {
            webhook.deleted = true;
        }
    })
}

/// A person adds the app to a space, or opens direct messages with it (`None`). `naming`: they did so by
/// writing a message that names it. Gives the space's id.
pub fn add_app(
    world: &mut World,
    person: &str,
    space: Option<&str>,
    naming: Option<&str>,
    now_ms: i64,
) -> Result<String, ActError> {
    let person = known(world, person)?;
    let space = match space {
        Some(space) => {
            member(world, &person, space)?;
            space.to_owned()
        }
        None => direct_space(world, &person),
    };
    if world.google_chat.spaces.get(&space).is_some_and(|space| space.app) {
        return Err(ActError::Already);
    }
    change(world, &space, |space| space.app = true)?;
    let with = naming.map(|text| write(world, &space, Sender::Person(person.clone()), text, None, now_ms));
    note(world, &space, &format!("{} が追加されました", world.google_chat.app.display_name), now_ms);
    callbacks::added(world, &person, &space, with.as_ref(), now_ms);
    Ok(space)
}

/// A person takes the app out of a space or out of their direct messages.
pub fn remove_app(world: &mut World, person: &str, space: &str, now_ms: i64) -> Result<(), ActError> {
    let person = member(world, person, space)?;
    if !world.google_chat.spaces.get(space).is_some_and(|space| space.app) {
        return Err(ActError::Already);
    }
    change(world, space, |space| space.app = false)?;
    note(world, space, &format!("{} が削除されました", world.google_chat.app.display_name), now_ms);
    callbacks::removed(world, &person, space, now_ms);
    Ok(())
}

/// A person writes a text, in a thread or beginning one. The app hears every text of its direct messages,
/// elsewhere those that name it (google_chat.md §5.2). Gives the message number.
pub fn say(
    world: &mut World,
    person: &str,
    space: &str,
    text: &str,
    thread: Option<&str>,
    now_ms: i64,
) -> Result<u64, ActError> {
    let person = member(world, person, space)?;
    let known = world.google_chat.spaces.get(space).ok_or_else(|| no_space(space))?;
    let listens = known.app && (known.direct || markup::app_mention(world, text).is_some());
    let message = write(world, space, Sender::Person(person.clone()), text, thread, now_ms);
    if listens {
        callbacks::message(world, &person, space, &message, now_ms);
    }
    Ok(message.no)
}

/// A person presses a button. Only one with an `action` on a message of the app tells the app
/// (google_chat.md §4).
pub fn press(
    world: &mut World,
    person: &str,
    space: &str,
    message_no: u64,
    button_no: usize,
    now_ms: i64,
) -> Result<Pressed, ActError> {
    let person = member(world, person, space)?;
    let known = world.google_chat.spaces.get(space).ok_or_else(|| no_space(space))?;
    let message = known.messages.iter().find(|message| message.no == message_no && !message.deleted);
    let message = message.ok_or(ActError::NoButton)?.clone();
    let buttons = cards::buttons(&message.body);
    let button = buttons.iter().find(|button| button.no == button_no).ok_or(ActError::NoButton)?;
    if let Some(url) = button.on_click.pointer("/openLink/url").and_then(Value::as_str) {
        return Ok(Pressed::Open(url.to_owned()));
    }
    match button.on_click.get("action") {
        Some(action) if message.sender == Sender::App && known.app => {
            callbacks::clicked(world, &person, space, &message, action, now_ms);
            Ok(Pressed::Sent)
        }
        _ => Ok(Pressed::Nothing),
    }
}

/// Configures the app in the Cloud console; what is absent stays.
pub fn change_app(
    world: &mut World,
    endpoint: Option<String>,
    audience: Option<Audience>,
    display_name: Option<String>,
) {
    let app = &mut world.google_chat.app;
    app.endpoint = endpoint.unwrap_or_else(|| app.endpoint.clone());
    app.audience = audience.unwrap_or(app.audience);
    app.display_name =
        display_name.filter(|name| !name.is_empty()).unwrap_or_else(|| app.display_name.clone());
    world.touch();
}

/// Google signs with a new key from now on; the one before is still shown.
pub fn rotate_keys(world: &mut World) {
    world.google_chat.key_number += 1;
    world.touch();
}

/// An event that was posted before is posted again, with a fresh token.
pub fn redeliver(world: &mut World, callback: u64, now_ms: i64) -> Result<(), ActError> {
    let known = world.callbacks().find(|one| one.id == callback && one.provider == callbacks::PROVIDER);
    let known = known.ok_or(ActError::NoButton)?.clone();
    callbacks::again(world, &known, now_ms);
    Ok(())
}

/// The direct messages of a person and the app, made if there are none. The app need not be in them.
pub(super) fn direct_space(world: &mut World, person: &str) -> String {
    let mut spaces = world.google_chat.spaces.values();
    if let Some(space) = spaces.find(|space| space.direct && space.members.iter().any(|m| m == person)) {
        return space.id.clone();
    }
    let id = world.chat_id(11);
    world.google_chat.spaces.insert(id.clone(), Space::direct(id.clone(), person.to_owned()));
    id
}

/// Posts a text; a thread that is not there begins anew.
fn write(
    world: &mut World,
    space: &str,
    sender: Sender,
    text: &str,
    thread: Option<&str>,
    now_ms: i64,
) -> Message {
    let id = world.chat_id(11);
    let known = world.google_chat.spaces.get(space);
    let thread = thread.filter(|thread| known.is_some_and(|space| space.threads.contains(*thread)));
    let thread = thread.map_or_else(|| id.clone(), str::to_owned);
    let message = Message {
        no: 0,
        id: format!("{thread}.{id}"),
        client_id: None,
        thread,
        thread_key: None,
        sender,
        body: json!({"text": text}),
        created_ms: now_ms,
        edited_ms: None,
        deleted: false,
    };
    let no = world.chat_post(space, message.clone());
    Message { no, ..message }
}

/// A line of Chat itself.
fn note(world: &mut World, space: &str, text: &str, now_ms: i64) {
    write(world, space, Sender::System, text, None, now_ms);
}

fn known(world: &World, person: &str) -> Result<String, ActError> {
    let person = world.person(person).ok_or_else(|| ActError::NoPerson(person.to_owned()))?;
    Ok(person.user_id.clone())
}

/// The person's userId; they must be in the space.
fn member(world: &World, person: &str, space: &str) -> Result<String, ActError> {
    let person = known(world, person)?;
    let known = world.google_chat.spaces.get(space).filter(|space| !space.deleted);
    let members = &known.ok_or_else(|| no_space(space))?.members;
    if members.contains(&person) { Ok(person) } else { Err(ActError::NoTalk(format!("space:{space}"))) }
}

fn no_space(space: &str) -> ActError {
    ActError::NoRoom(space.to_owned())
}

fn change(world: &mut World, space: &str, work: impl FnOnce(&mut Space)) -> Result<(), ActError> {
    let touched = world.touch();
    let known = world.google_chat.spaces.get_mut(space).ok_or_else(|| no_space(space))?;
    work(known);
    known.touched = touched;
    Ok(())
}
