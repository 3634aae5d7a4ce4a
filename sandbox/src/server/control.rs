//! The control API: what the phones page, the end-to-end tests and the bench use.

use std::str::FromStr as _;
use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Hall, Route};
use crate::world::{ActError, Fault, Pressed, TalkId, resend, smtp};

pub(super) fn routes() -> Router<Arc<Hall>> {
    Router::new()
        .route("/state", get(state))
        .route("/talk/{person}/{talk}", get(talk))
        .route("/mailbox/{address}", get(mailbox))
        .route("/mail/{no}", get(mail))
        .route("/log", get(log))
        .route("/counters", get(counters))
        .route("/credentials", get(credentials))
        .route("/reset", post(reset))
        .route("/limits", post(limits))
        .route("/scopes", post(scopes))
        .route("/faults", post(add_fault).delete(clear_faults))
        .route("/routes", post(add_route))
        .route("/say", post(say))
        .route("/start", post(start))
        .route("/press", post(press))
        .route("/invite", post(invite))
        .route("/remove", post(remove))
        .route("/enter", post(enter))
        .route("/leave", post(leave))
}

pub(super) type Shared = State<Arc<Hall>>;

/// A refusal with its reason.
pub(super) struct Refused(pub(super) StatusCode, pub(super) String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

impl From<JsonRejection> for Refused {
    fn from(rejection: JsonRejection) -> Self {
        Self(StatusCode::BAD_REQUEST, rejection.body_text())
    }
}

impl From<ActError> for Refused {
    fn from(error: ActError) -> Self {
        Self(StatusCode::CONFLICT, error.to_string())
    }
}

/// A JSON body whose errors are JSON too.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let Json(body) = Json::<T>::from_request(request, state).await?;
        Ok(Self(body))
    }
}

pub(super) type Outcome = Result<Json<Value>, Refused>;

pub(super) fn done() -> Outcome {
    Ok(Json(json!({"ok": true})))
}

pub(super) fn bad(text: impl ToString) -> Refused {
    Refused(StatusCode::BAD_REQUEST, text.to_string())
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
}

async fn state(State(hall): Shared, Query(Since { since }): Query<Since>) -> Json<Value> {
    Json(hall.peek(|world| world.view(since)))
}

async fn talk(State(hall): Shared, Path((person, talk)): Path<(String, String)>) -> Outcome {
    let talk = TalkId::from_str(&talk).map_err(bad)?;
    Ok(Json(hall.peek(|world| world.talk_view(&person, &talk))))
}

/// All mails of an address, newest last, with their parts.
async fn mailbox(State(hall): Shared, Path(address): Path<String>) -> Json<Value> {
    Json(hall.peek(|world| json!({"mails": world.mails(&address)})))
}

async fn mail(State(hall): Shared, Path(no): Path<u64>) -> Outcome {
    hall.peek(|world| world.mail(no).map(|mail| Json(json!(mail))))
        .ok_or_else(|| Refused(StatusCode::NOT_FOUND, "no such mail".into()))
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

async fn log(State(hall): Shared, Query(After { after }): Query<After>) -> Json<Value> {
    Json(hall.peek(
        |world| json!({"last": world.log().last(), "entries": world.log().after(after).collect::<Vec<_>>()}),
    ))
}

async fn counters(State(hall): Shared) -> Json<Value> {
    Json(hall.peek(|world| json!(world.log().counters)))
}

/// Everything that the product's forms ask for.
async fn credentials(State(hall): Shared) -> Json<Value> {
    Json(hall.peek(|world| {
        let app = world.app();
        let (admin, sub) = (world.people().first(), world.people().get(1));
        json!({
            "lineworks": {
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "service_account": app.service_account,
                "private_key": world.keys().private_pem(),
                "domain_id": admin.map(|person| person.domain_id),
                "scopes": app.scopes,
                "admin_user_id": admin.map(|person| &person.user_id),
                "sub_admin_user_id": sub.map(|person| &person.user_id),
            },
            "smtp": {
                "host": "127.0.0.1", "port": hall.smtp_port, "user": smtp::USER, "password": smtp::PASSWORD,
            },
            "resend": {"api_key": resend::API_KEY},
            "slack": world.slack().credentials(),
            "line": world.line_credentials(),
            "lineworks_v1": super::lineworks_v1::credentials(world),
            "google_chat": super::google_chat::credentials(world),
        })
    }))
}

async fn reset(State(hall): Shared) -> Outcome {
    hall.reset();
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLimits {
    lineworks_per_minute: Option<u32>,
    create_channel_per_minute: Option<u32>,
    resend_per_second: Option<u32>,
}

async fn limits(State(hall): Shared, Body(new): Body<NewLimits>) -> Outcome {
    hall.with(|world, _| {
        let limits = &mut world.limits;
        limits.lineworks_per_minute = new.lineworks_per_minute.unwrap_or(limits.lineworks_per_minute);
        limits.create_channel_per_minute =
            new.create_channel_per_minute.unwrap_or(limits.create_channel_per_minute);
        limits.resend_per_second = new.resend_per_second.unwrap_or(limits.resend_per_second);
        world.touch();
    });
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewScopes {
    scopes: Vec<String>,
}

/// What the LINE WORKS app may ask for from now on, as its page in the Developer Console sets it.
async fn scopes(State(hall): Shared, Body(new): Body<NewScopes>) -> Outcome {
    hall.with(|world, _| world.set_app_scopes(new.scopes));
    done()
}

async fn add_fault(State(hall): Shared, Body(fault): Body<Fault>) -> Outcome {
    hall.with(|world, _| {
        world.faults.add(fault.target, fault.kind, fault.when);
        world.touch();
    });
    done()
}

#[derive(Deserialize)]
struct Place {
    place: Option<usize>,
}

/// Ends all faults, or the one at `?place=`.
async fn clear_faults(State(hall): Shared, Query(Place { place }): Query<Place>) -> Outcome {
    hall.with(|world, _| {
        match place {
            Some(place) => world.faults.remove(place),
            None => world.faults.clear(),
        }
        world.touch();
    });
    done()
}

#[derive(Deserialize)]
struct NewRoute {
    /// `https://todoke.example=http://127.0.0.1:8787`
    route: String,
}

async fn add_route(State(hall): Shared, Body(new): Body<NewRoute>) -> Outcome {
    hall.set_route(Route::from_str(&new.route).map_err(bad)?);
    done()
}

/// `person`: userId, login ID or its first part. `talk`: `bot:{botId}` or `room:{channelId}`.
#[derive(Deserialize)]
struct Say {
    person: String,
    talk: String,
    text: Option<String>,
    /// Instead of a text: a content as in a callback.
    content: Option<Value>,
}

async fn say(State(hall): Shared, Body(say): Body<Say>) -> Outcome {
    let talk = TalkId::from_str(&say.talk).map_err(bad)?;
    let no = hall.with(|world, now_ms| match (say.content, say.text) {
        (Some(content), _) => Ok(world.send(&say.person, &talk, content, now_ms)?),
        (None, Some(text)) => Ok(world.say(&say.person, &talk, &text, now_ms)?),
        (None, None) => Err(bad("text or content is required")),
    })?;
    Ok(Json(json!({"no": no})))
}

#[derive(Deserialize)]
struct Start {
    person: String,
    bot: i64,
}

async fn start(State(hall): Shared, Body(start): Body<Start>) -> Outcome {
    let no = hall.with(|world, now_ms| world.start(&start.person, start.bot, now_ms))?;
    Ok(Json(json!({"no": no})))
}

/// A button of LINE WORKS or LINE, by its number in the message.
#[derive(Deserialize)]
pub(super) struct Press {
    pub(super) person: String,
    pub(super) talk: String,
    pub(super) message: u64,
    pub(super) button: usize,
}

/// Gives `{"open": url}` for a link and `{"copied": text}` for a copy button.
async fn press(State(hall): Shared, Body(press): Body<Press>) -> Outcome {
    let talk = TalkId::from_str(&press.talk).map_err(bad)?;
    let what = hall.with(|world, now| world.press(&press.person, &talk, press.message, press.button, now))?;
    Ok(pressed(what))
}

/// What pressing did, for a page.
pub(super) fn pressed(what: Pressed) -> Json<Value> {
    Json(match what {
        Pressed::Sent => json!({"sent": true}),
        Pressed::Open(url) => json!({"open": url}),
        Pressed::Copied(text) => json!({"copied": text}),
        Pressed::Nothing => json!({}),
    })
}

#[derive(Deserialize)]
struct BotInRoom {
    room: String,
    bot: i64,
}

async fn invite(State(hall): Shared, Body(it): Body<BotInRoom>) -> Outcome {
    hall.with(|world, now_ms| world.invite_bot(&it.room, it.bot, now_ms))?;
    done()
}

async fn remove(State(hall): Shared, Body(it): Body<BotInRoom>) -> Outcome {
    hall.with(|world, now_ms| world.remove_bot(&it.room, it.bot, now_ms))?;
    done()
}

#[derive(Deserialize)]
struct PersonInRoom {
    person: String,
    room: String,
}

async fn enter(State(hall): Shared, Body(it): Body<PersonInRoom>) -> Outcome {
    hall.with(|world, now_ms| world.enter_room(&it.person, &it.room, now_ms))?;
    done()
}

async fn leave(State(hall): Shared, Body(it): Body<PersonInRoom>) -> Outcome {
    hall.with(|world, now_ms| world.leave_room(&it.person, &it.room, now_ms))?;
    done()
}
