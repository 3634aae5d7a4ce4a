//! The types of the settings' APIs, read and written without serde (see [`crate::client::json`]). The tests compare
//! each with serde.

use shared::api::{
    doors::{DoorForm, DoorInfo, DoorRequest, DoorTo, NewDoor},
    settings::{AuditEntry, LineCost},
    webhooks::{
        NewWebhook, Replayed, WebhookAttempt, WebhookEvent, WebhookInfo, WebhookMessage, WebhookRequest,
        WebhookResult, WebhookState,
    },
    workspace::{ExportSlice, RoleHolder, WorkspaceConsequences, WorkspaceSettings},
};

use crate::{
    client::{
        json::{Json, Out, object},
        wire::{read, word},
    },
    console::wire::Body,
};

read! {
    DoorForm: json => Some(if json.str()? == "slack" { Self::Slack } else { Self::LineNotify });
    DoorInfo: json => Some(Self {
        id: json.parsed("id")?,
        name: json.text("name")?,
        form: json.maybe("form")?,
        to: json.maybe("to"),
        kind: json.text("kind")?,
        hint: json.text("hint")?,
        created_at: json.number("created_at")?,
        revoked_at: json.number("revoked_at"),
        last_used_at: json.number("last_used_at"),
    });
    NewDoor: json => Some(Self {
        token: json.text("token")?,
        url: json.text("url")?,
        info: json.maybe("info")?,
    });
    WebhookEvent: json => match json.str()? {
        "action.taken" => Some(Self::ActionTaken),
        "delivery.failed" => Some(Self::DeliveryFailed),
        _ => Some(Self::Test),
    };
    WebhookInfo: json => Some(Self {
        id: json.parsed("id")?,
        url: json.text("url")?,
        events: json.all("events")?,
        created_at: json.number("created_at")?,
        disabled_at: json.number("disabled_at"),
        last_ok_at: json.number("last_ok_at"),
        waiting: json.count("waiting")?,
        failed: json.count("failed")?,
        old_secret_until: json.number("old_secret_until"),
    });
    NewWebhook: json => Some(Self { secret: json.text("secret")?, info: json.maybe("info")? });
    Replayed: json => Some(Self { replayed: json.count("replayed")?, left: json.count("left")? });
    WebhookState: json => match json.str()? {
        "delivered" => Some(Self::Delivered),
        "failed" => Some(Self::Failed),
        _ => Some(Self::Waiting),
    };
    WebhookMessage: json => Some(Self {
        id: json.parsed("id")?,
        event: json.maybe("type")?,
        state: json.maybe("state")?,
        created_at: json.number("created_at")?,
        due_at: json.number("due_at"),
        tries: json.number("tries")?.try_into().ok()?,
        attempts: json.all("attempts")?,
    });
    WebhookAttempt: json => Some(Self {
        at: json.number("at")?,
        took: json.number("took")?,
        status: json.number("status").and_then(|status| status.try_into().ok()),
        result: json.maybe("result")?,
    });
    WebhookResult: json => word(json);
    AuditEntry: json => Some(Self {
        id: json.parsed("id")?,
        at: json.number("at")?,
        actor: json.text("actor")?,
        actor_id: json.text("actor_id")?,
        action: json.text("action")?,
        target: json.text("target")?,
        target_name: json.text("target_name"),
        detail: json.text("detail")?,
    });
    LineCost: json => Some(Self {
        spare: json.bool("spare")?,
        reserve: json.number("reserve")?.try_into().ok()?,
    });
    WorkspaceSettings: json => Some(Self {
        name: json.text("name")?,
        zone: json.text("zone")?,
        language: json.maybe("language")?,
        retention_days: json.number("retention_days")?.try_into().ok()?,
        version: json.number("version")?,
    });
    RoleHolder: json => Some(Self {
        id: json.parsed("id")?,
        name: json.text("name")?,
        email: json.text("email")?,
        role: json.maybe("role")?,
        company_name: json.text("company_name"),
        usable: json.bool("usable")?,
    });
    WorkspaceConsequences: json => Some(Self {
        members: json.count("members")?,
        integrations: json.count("integrations")?,
        rooms: json.count("rooms")?,
        notices: json.count("notices")?,
        waiting: json.count("waiting")?,
        keys: json.count("keys")?,
        doors: json.count("doors")?,
        webhooks: json.count("webhooks")?,
    });
    ExportSlice: json => Some(Self {
        lines: json.text("lines")?,
        count: json.count("count")?,
        total: json.count("total"),
        next: json.text("next"),
    });
    Ended: json => Some(Self(json.get("left").items().iter().filter_map(Json::str).map(ToOwned::to_owned).collect()));
    Done: _json => Some(Self);
}

/// The answer to the deletion of the workspace: services whose bots remain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended(pub(super) Vec<String>);

/// An answer that says no more than that it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Done;

impl Body for DoorRequest {
    fn body(&self) -> String {
        let to = match &self.to {
            DoorTo::Member(id) => object(&[("member", Out::Text(id))]),
            DoorTo::Room(id) => object(&[("room", Out::Text(id))]),
        };
        let mut fields = vec![
            ("name", Out::Text(&self.name)),
            ("form", Out::Text(self.form.code())),
            ("to", Out::Json(&to)),
        ];
        fields.extend(self.kind.as_deref().map(|kind| ("kind", Out::Text(kind))));
        object(&fields)
    }
}

impl Body for WebhookRequest {
    fn body(&self) -> String {
        let events: Vec<&str> = self.events.iter().map(|event| event.code()).collect();
        object(&[("url", Out::Text(&self.url)), ("events", Out::Texts(&events))])
    }
}

impl Body for LineCost {
    fn body(&self) -> String {
        object(&[("spare", Out::Bool(self.spare)), ("reserve", Out::Number(i64::from(self.reserve)))])
    }
}

impl Body for WorkspaceSettings {
    fn body(&self) -> String {
        object(&[
            ("name", Out::Text(&self.name)),
            ("zone", Out::Text(&self.zone)),
            ("language", Out::Text(self.language.tag())),
            ("retention_days", Out::Number(i64::from(self.retention_days))),
            ("version", Out::Number(self.version)),
        ])
    }
}

#[cfg(test)]
mod tests;
