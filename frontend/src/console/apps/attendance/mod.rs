//! 勤怠: months, one person's sheet, corrections, settings.
//!
//! Where to start: [`months`] is the first page, [`sheet`] one person's month, [`settings`] the keywords.

mod calendar;
mod clock;
mod correction;
mod correction_model;
mod dialogs;
mod month_nav;
mod months;
mod settings;
mod sheet;
mod sheet_rows;
mod tabs;
mod trying;
mod wire;
mod words;

use shared::{
    api::{
        attendance::AttendanceSettings,
        integrations::{Integration, IntegrationSettings},
    },
    id::MemberId,
};

use crate::{
    console::part::{Draw, Drawn},
    dom::el,
};

/// The page behind `/console/apps/attendance`; `None` where there is none.
pub(super) fn page(rest: &str) -> Option<Drawn> {
    match rest {
        "" => Some(months::page().drawn()),
        "settings" => Some(el("div", "").children(settings::page()).place().drawn()),
        id => id.parse::<MemberId>().ok().map(|id| el("div", "").children(sheet::page(id)).place().drawn()),
    }
}

/// Whether a connection brings messages at all: mail does not, nor does Google Chat without its app.
pub(super) fn can_listen(integration: &Integration) -> bool {
    !matches!(
        integration.settings,
        IntegrationSettings::Mail { .. } | IntegrationSettings::GoogleChat { client_email: None, .. }
    )
}

/// Whether the settings take what comes by a connection; none named means all.
pub(super) fn listens(settings: &AttendanceSettings, integration: &Integration) -> bool {
    let named = &settings.integrations;
    can_listen(integration) && (named.is_empty() || named.contains(&integration.id))
}

/// What a connection is called, the messenger first: 「LINE WORKS (Todoke通知)」.
fn name_of(integration: &Integration) -> String {
    let (messenger, name) = (integration.provider.channel().name().en, integration.name());
    if messenger == name { name.to_owned() } else { format!("{messenger} ({name})") }
}
