//! Members' default calendars (lineworks.md §5 [D] unless marked).

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Value, json};

use super::super::{Reply, World};
use super::fields::{Fields, Invalid};
use super::{Call, Refusal};

/// A member's events by their id, each as it was put in.
pub(crate) type Calendar = std::collections::BTreeMap<String, Value>;

/// Elements of one request: a master and its exceptions.
const COMPONENTS: usize = 1_000;

pub(super) fn info(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = owner(world, call)?;
    let person = world.member(&user).ok_or(Refusal::NotFound)?;
    Ok(Reply::json(
        200,
        &json!({
            "calendarId": calendar_id(&user), "calendarName": person.name(), "members": [], "description": "",
            "isPublic": false, "calendarEmail": person.login,
        }),
    ))
}

pub(super) fn create(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = owner(world, call)?;
    let mut event = checked(call)?;
    let id = match given_id(&event) {
        // What a create with a used id does is not documented; a conflict is the least that can be expected.
        Some(id) if world.calendars.get(&user).is_some_and(|all| all.contains_key(&id)) => {
            return Ok(super::error(409, "CONFLICT", "eventId is in use"));
        }
        Some(id) => id,
        None => world.rng.hex(8),
    };
    name(&mut event, &id);
    let reply = Reply::json(201, &shown(&event, &user));
    world.calendars.entry(user).or_default().insert(id, event);
    world.touch();
    Ok(reply)
}

pub(super) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = owner(world, call)?;
    for name in ["fromDateTime", "untilDateTime"] {
        let given = call.request.query(name).unwrap_or_default();
        if chrono::DateTime::parse_from_rfc3339(&given).is_err() {
            return Err(Refusal::Invalid(format!("{name} is invalid")));
        }
    }
    let events: Vec<Value> = events_of(world, &user).map(|event| shown(event, &user)).collect();
    Ok(Reply::json(200, &json!({ "events": events })))
}

pub(super) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = owner(world, call)?;
    let event = world.calendars.get(&user).and_then(|all| all.get(call.param(1))).ok_or(Refusal::NotFound)?;
    Ok(Reply::json(200, &shown(event, &user)))
}

/// Replaces the event whole.
pub(super) fn put(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = owner(world, call)?;
    let mut event = checked(call)?;
    let known = world.calendars.get_mut(&user).and_then(|all| all.get_mut(call.param(1)));
    let known = known.ok_or(Refusal::NotFound)?;
    name(&mut event, call.param(1));
    *known = event;
    let reply = Reply::json(200, &shown(known, &user));
    world.touch();
    Ok(reply)
}

pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = owner(world, call)?;
    if let Some(flag) = call.request.query("sendNotification")
        && !matches!(flag.as_str(), "true" | "false")
    {
        return Err(Refusal::Invalid("sendNotification is invalid".into()));
    }
    let removed = world.calendars.get_mut(&user).and_then(|all| all.remove(call.param(1)));
    removed.ok_or(Refusal::NotFound)?;
    world.touch();
    Ok(Reply::empty(204))
}

/// Everybody's events for the phones, by userId, in the order of their beginnings.
pub(crate) fn view(world: &World) -> Value {
    let all = world.calendars.keys().map(|user| {
        let mut events: Vec<Value> =
            events_of(world, user).filter_map(|event| event.pointer("/eventComponents/0").cloned()).collect();
        events.sort_by_key(|event| event.get("start").map(start_text).unwrap_or_default());
        (user.clone(), Value::from(events))
    });
    Value::Object(all.collect())
}

/// The member of the path. `me` is for a member's own token only (lineworks.md §0).
fn owner(world: &World, call: &Call<'_>) -> Result<String, Refusal> {
    match (call.param(0), &call.user) {
        ("me", None) => Err(Refusal::ServiceAccount),
        ("me", Some(user)) => Ok(user.clone()),
        (selector, _) => world.member(selector).map(|person| person.user_id.clone()).ok_or(Refusal::NotFound),
    }
}

fn events_of<'a>(world: &'a World, user: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    world.calendars.get(user).into_iter().flat_map(Calendar::values)
}

fn shown(event: &Value, user: &str) -> Value {
    json!({"eventComponents": event.get("eventComponents"), "organizerCalendarId": calendar_id(user)})
}

fn calendar_id(user: &str) -> String {
    format!("c_{user}")
}

fn given_id(event: &Value) -> Option<String> {
    event.pointer("/eventComponents/0/eventId").and_then(Value::as_str).map(str::to_owned)
}

/// Every component has the event's id.
fn name(event: &mut Value, id: &str) {
    let components = event.get_mut("eventComponents").and_then(Value::as_array_mut);
    for component in components.into_iter().flatten().filter_map(Value::as_object_mut) {
        component.insert("eventId".into(), id.into());
    }
}

fn checked(call: &Call<'_>) -> Result<Value, Refusal> {
    let body = call.json()?;
    let fields = Fields::of(&body, "")?;
    fields.flag("sendNotification", true)?;
    let mut ids = Vec::new();
    for (place, item) in fields.items("eventComponents", COMPONENTS)?.iter().enumerate() {
        let item = Fields::of(item, &format!("eventComponents[{place}]"))?;
        ids.push(item.opt_text("eventId", 255)?);
        item.text("summary", 200)?;
        item.opt_text("description", 5_000)?;
        item.opt_text("location", 100)?;
        item.opt_one_of("transparency", &["OPAQUE", "TRANSPARENT"])?;
        item.opt_one_of("visibility", &["PUBLIC", "PRIVATE"])?;
        item.opt_items("recurrence", 100)?;
        item.opt_items("attendees", 500)?;
        if item.has("sequence") && item.number("sequence")? < 0.0 {
            return Err(item.wrong("sequence", "must not be negative").into());
        }
        let start = moment(&item, "start")?.ok_or_else(|| item.wrong("start", "is required"))?;
        if let Some(end) = moment(&item, "end")?
            && (end.0 != start.0 || end.1 < start.1)
        {
            return Err(item.wrong("end", "does not follow start").into());
        }
    }
    if ids.iter().any(|id| Some(id) != ids.first() || *id == Some("")) {
        return Err(Refusal::Invalid("eventComponents must share one eventId".into()));
    }
    Ok(body)
}

/// Whether it is a whole day, and when. A day, or a local time without an offset in a named zone.
fn moment(component: &Fields<'_>, field: &str) -> Result<Option<(bool, NaiveDateTime)>, Invalid> {
    let Some(value) = component.get(field) else { return Ok(None) };
    let moment = Fields::of(value, &component.name(field))?;
    moment.one_or_other("date", "dateTime")?;
    if moment.has("date") {
        let day = NaiveDate::parse_from_str(moment.text("date", 10)?, "%Y-%m-%d");
        let day = day.map_err(|_| moment.wrong("date", "is not YYYY-MM-DD"))?;
        return Ok(Some((true, day.and_hms_opt(0, 0, 0).unwrap_or_default())));
    }
    let time = NaiveDateTime::parse_from_str(moment.text("dateTime", 19)?, "%Y-%m-%dT%H:%M:%S");
    let time = time.map_err(|_| moment.wrong("dateTime", "is not YYYY-MM-DDTHH:mm:ss"))?;
    let zone = moment.text("timeZone", 64)?;
    if zone != "UTC" && !zone.contains('/') {
        return Err(moment.wrong("timeZone", "is unknown"));
    }
    Ok(Some((false, time)))
}

fn start_text(start: &Value) -> String {
    let text = |name: &str| start.get(name).and_then(Value::as_str);
    text("date").or_else(|| text("dateTime")).unwrap_or_default().to_owned()
}
