//! The live connection: one WebSocket per page, opened when the first component listens. It comes back by
//! itself; each time it opens, also the first, listeners hear [`Heard::Back`] and load again.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use leptos::prelude::*;
use shared::api::live::LiveMessage;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{MessageEvent, WebSocket};

use super::{
    browser,
    json::{FromJson, Json},
};

/// What a listener is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Message(LiveMessage),
    /// The connection is open: what was said before it was, nobody heard.
    Back,
}

/// How the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Nobody listens, or the first attempt is under way.
    Idle,
    Open,
    /// Lost; attempts go on.
    Lost,
}

/// For the offline banner; tracked.
#[must_use]
pub fn link() -> Link {
    LIVE.with(|live| live.link.get())
}

/// Calls `listener` for everything heard until the owner (the component) goes away.
pub fn listen(listener: impl Fn(&Heard) + 'static) {
    let id = LIVE.with(|live| {
        let mut inner = live.inner.borrow_mut();
        inner.last_id += 1;
        let id = inner.last_id;
        inner.listeners.push((id, Rc::new(listener)));
        id
    });
    connect();
    on_cleanup(move || LIVE.with(|live| live.inner.borrow_mut().listeners.retain(|(other, _)| *other != id)));
}

/// Reads a live message. Each program knows only what its pages show: what reads the rest would be dead weight on
/// phones.
pub type Reader = fn(text: &str) -> Option<LiveMessage>;

/// What わたしの通知 shows.
#[must_use]
pub fn read_for_members(text: &str) -> Option<LiveMessage> {
    let message = Json::parse(text)?;
    let data = message.get("data");
    match message.get("type").str()? {
        "delivery" => Some(LiveMessage::Delivery(Box::new(FromJson::from_json(data)?))),
        "claim" => Some(LiveMessage::Claim { event: data.parsed("event")?, claim: data.maybe("claim")? }),
        "channels" => Some(LiveMessage::Channels),
        "reload" => Some(LiveMessage::Reload),
        _ => None,
    }
}

/// Says how messages are read; before anybody listens.
pub fn read_with(reader: Reader) {
    READER.set(reader);
}

thread_local! {
    static READER: Cell<Reader> = const { Cell::new(read_for_members as Reader) };
    static LIVE: Live = Live { inner: RefCell::new(Inner::default()), link: ArcRwSignal::new(Link::Idle) };
}

struct Live {
    inner: RefCell<Inner>,
    link: ArcRwSignal<Link>,
}

type Listener = Rc<dyn Fn(&Heard)>;

#[derive(Default)]
struct Inner {
    listeners: Vec<(u32, Listener)>,
    last_id: u32,
    socket: Option<WebSocket>,
    /// Attempts since the connection was last open.
    tries: u32,
    watching: bool,
}

/// Milliseconds before attempt `tries` (1 is the first repetition), `jitter` in 0..1.
fn pause(tries: u32, jitter: f64) -> f64 {
    let full = f64::from(1_000_u32.saturating_mul(1 << tries.saturating_sub(1).min(5))).min(30_000.0);
    full * (0.5 + jitter / 2.0)
}

fn connect() {
    let busy = LIVE.with(|live| live.inner.borrow().socket.is_some());
    if busy {
        return;
    }
    watch_for_network();
    let url = format!("{}/api/live", browser::origin().replacen("http", "ws", 1));
    let Ok(socket) = WebSocket::new(&url) else { return lost() };
    let opened = Closure::<dyn FnMut()>::new(open);
    socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        // A message of a newer version is passed over; the next load shows what it meant.
        if let Some(message) = event.data().as_string().and_then(|text| READER.get()(&text)) {
            tell(&Heard::Message(message));
        }
    });
    socket.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    let closed = Closure::<dyn FnMut()>::new(lost);
    socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
    // One small set per connection, which the socket keeps for its life.
    opened.forget();
    heard.forget();
    closed.forget();
    LIVE.with(|live| live.inner.borrow_mut().socket = Some(socket));
}

fn open() {
    LIVE.with(|live| {
        live.inner.borrow_mut().tries = 0;
        live.link.set(Link::Open);
    });
    // Also the first time: what came between a page's question and now was said to nobody.
    tell(&Heard::Back);
}

fn lost() {
    let tries = LIVE.with(|live| {
        let mut inner = live.inner.borrow_mut();
        inner.socket = None;
        inner.tries = inner.tries.saturating_add(1);
        inner.tries
    });
    // The first failed repetition counts as lost: a connection that comes straight back is not worth a banner.
    if tries > 1 {
        LIVE.with(|live| live.link.set(Link::Lost));
    }
    let pause = std::time::Duration::from_secs_f64(pause(tries, js_sys::Math::random()) / 1_000.0);
    set_timeout(connect, pause);
}

/// Coming back from a tunnel or from another app should not wait for the pause.
fn watch_for_network() {
    let first = LIVE.with(|live| !std::mem::replace(&mut live.inner.borrow_mut().watching, true));
    let Some(window) = web_sys::window().filter(|_| first) else { return };
    let again = Closure::<dyn FnMut()>::new(connect);
    drop(window.add_event_listener_with_callback("online", again.as_ref().unchecked_ref()));
    drop(window.add_event_listener_with_callback("focus", again.as_ref().unchecked_ref()));
    again.forget();
}

fn tell(heard: &Heard) {
    // Listeners may come and go while they are told: the borrow ends before the first call.
    let listeners: Vec<_> = LIVE
        .with(|live| live.inner.borrow().listeners.iter().map(|(_, listener)| listener.clone()).collect());
    for listener in listeners {
        listener(heard);
    }
}

#[cfg(test)]
mod tests {
    use shared::{api::events::Claim, id::EventId};

    use super::*;

    #[test]
    fn what_the_server_says_is_read() {
        let room = r#"{"type":"room","data":{"id":"rm_00000000000000000000000001","integration":"in_00000000000000000000000001","provider":"lineworks","provider_id":"1","name":"総務","open":true,"since":0}}"#;
        assert_eq!(read_for_members(room), None);
        let claim = Claim {
            action: "take".into(),
            label: "対応します".into(),
            name: "佐藤 花子".into(),
            member: None,
            channel: None,
            at: 1,
        };
        let event = EventId::new(1, [0; 10]);
        for said in [LiveMessage::Reload, LiveMessage::Channels, LiveMessage::Claim { event, claim }] {
            let text = serde_json::to_string(&said).unwrap();
            assert_eq!(read_for_members(&text), Some(said), "{text}");
        }
        for text in [r#"{"type":"of_tomorrow","data":{}}"#, "rubbish"] {
            assert_eq!(read_for_members(text), None);
        }
    }

    #[test]
    fn pauses_grow_to_half_a_minute() {
        let longest: Vec<_> = (1..=8).map(|tries| pause(tries, 1.0)).collect();
        assert_eq!(longest, [1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0, 30_000.0, 30_000.0, 30_000.0]);
        assert_eq!(pause(1, 0.0), 500.0);
    }
}
