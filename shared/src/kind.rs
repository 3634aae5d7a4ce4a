//! The catalogue: every kind of notice that Todoke's apps and business systems know from the first day.
//! A workspace adds its own kinds next to these.

use serde::{Deserialize, Serialize};

use crate::{delivery::Guarantee, lang::Text, routing::Urgency};

/// One kind of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// `app.name`, stable.
    pub code: &'static str,
    pub name: Text,
    pub urgency: Urgency,
}

impl Kind {
    /// The part before the dot.
    #[must_use]
    pub fn app(&self) -> &'static str {
        self.code.split('.').next().unwrap_or_default()
    }

    /// Looks a kind of the catalogue up.
    #[must_use]
    pub fn find(code: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|kind| kind.code == code)
    }
}

/// What an uncertain send means for a notice of that urgency: a low one is not worth a duplicate.
#[must_use]
pub const fn guarantee(urgency: Urgency) -> Guarantee {
    match urgency {
        Urgency::Critical | Urgency::Normal => Guarantee::AtLeastOnce,
        Urgency::Low => Guarantee::AtMostOnce,
    }
}

/// An app that kinds belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct App {
    pub code: &'static str,
    pub name: Text,
}

pub const APPS: &[App] = &[
    App { code: "tasks", name: Text::new("タスク", "Tasks") },
    App { code: "workflow", name: Text::new("ワークフロー", "Workflow") },
    App { code: "absence", name: Text::new("不在日程", "Absences") },
    App { code: "attendance", name: Text::new("勤怠", "Attendance") },
    App { code: "reception", name: Text::new("受付", "Reception") },
    App { code: "fleet", name: Text::new("車両", "Fleet") },
    App { code: "todoke", name: Text::new("Todoke", "Todoke") },
];

/// The name of an app; a custom app is called by its code.
#[must_use]
pub fn app_name(code: &str) -> Option<Text> {
    APPS.iter().find(|app| app.code == code).map(|app| app.name)
}

/// Whether members may set notices of the app themselves while no admin has said otherwise (利用者操作許可). Fleet
/// notices are the operator's to decide.
#[must_use]
pub fn members_may_set(app: &str) -> bool {
    app != "fleet"
}

/// What a workspace's own kind may be drawn with; the first one is drawn when none was chosen.
pub const ICONS: [&str; 10] =
    ["bell", "flag", "box", "truck", "wrench", "yen", "calendar", "heart", "shield", "flame"];

/// A workspace's own kind, as the API takes and gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomKind {
    /// `app.name`: lower-case letters, digits and `_`, at most 60 characters.
    pub code: String,
    pub name_ja: String,
    pub name_en: String,
    pub urgency: Urgency,
    /// One of [`ICONS`]; empty for the first.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub icon: String,
}

impl CustomKind {
    #[must_use]
    pub fn problems(&self) -> Vec<crate::error::Error> {
        use crate::error::{Code, Error};
        let mut problems = Vec::new();
        if !is_code(&self.code) {
            problems.push(Error::field(Code::NotACustomKind, "code"));
        } else if Kind::find(&self.code).is_some()
            || APPS.iter().any(|app| app.code == "todoke" && self.code.starts_with("todoke."))
        {
            problems.push(Error::field(Code::AlreadyExists, "code"));
        }
        problems.extend(name_problems(&self.name_ja, &self.name_en));
        if !is_icon(&self.icon) {
            problems.push(Error::field(Code::WrongType, "icon"));
        }
        problems
    }
}

/// What is wrong with the names of a workspace's own kind.
#[must_use]
pub fn name_problems(name_ja: &str, name_en: &str) -> Vec<crate::error::Error> {
    use crate::error::{Code, Error};
    let problem = |name: &str, value: &str| {
        if value.trim().is_empty() {
            Some(Error::field(Code::Required, name))
        } else if value.chars().count() > 60 {
            Some(Error::field(Code::TooLong, name).found("60"))
        } else {
            None
        }
    };
    [problem("name_ja", name_ja), problem("name_en", name_en)].into_iter().flatten().collect()
}

/// An icon of [`ICONS`], or none.
#[must_use]
pub fn is_icon(icon: &str) -> bool {
    icon.is_empty() || ICONS.contains(&icon)
}

/// The form of a kind's code.
#[must_use]
pub fn is_code(code: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    code.len() <= 60 && code.split_once('.').is_some_and(|(app, name)| word(app) && word(name))
}

const fn kind(code: &'static str, urgency: Urgency, ja: &'static str, en: &'static str) -> Kind {
    Kind { code, name: Text::new(ja, en), urgency }
}

use Urgency::{Critical, Low, Normal};

pub const CATALOGUE: &[Kind] = &[
    kind("tasks.project_invited", Normal, "プロジェクトへの招待", "Invited to a project"),
    kind("tasks.assigned", Normal, "タスクの割り当て", "Task assigned"),
    kind("tasks.completed", Normal, "タスクの完了", "Task completed"),
    kind("tasks.alarm", Normal, "タスクのアラーム", "Task alarm"),
    kind("tasks.start_reminder", Normal, "開始日のお知らせ", "Start-date reminder"),
    kind("tasks.due_reminder", Normal, "期限日のお知らせ", "Due-date reminder"),
    kind("tasks.overdue", Normal, "期限超過", "Overdue"),
    kind("tasks.no_due_date", Low, "期限日の未設定", "No due date set"),
    kind("workflow.submitted", Normal, "申請の受付", "Request submitted"),
    kind("workflow.approval_asked", Normal, "承認の依頼", "Approval asked"),
    kind("workflow.approved", Normal, "承認", "Approved"),
    kind("workflow.sent_back", Normal, "差し戻し", "Sent back"),
    kind("workflow.rejected", Normal, "却下", "Rejected"),
    kind("workflow.completed", Normal, "決裁の完了", "Completed"),
    kind("workflow.withdrawn", Normal, "取り下げ", "Withdrawn"),
    kind("workflow.commented", Low, "コメント", "Commented"),
    kind("workflow.cc", Low, "回覧・参照", "For reference"),
    kind("absence.created", Low, "不在日程の登録", "Absence entered"),
    kind("absence.changed", Low, "不在日程の変更", "Absence changed"),
    kind("absence.deleted", Low, "不在日程の削除", "Absence deleted"),
    kind("attendance.clocked_in", Low, "出勤の打刻", "Clocked in"),
    kind("attendance.clocked_out", Low, "退勤の打刻", "Clocked out"),
    kind("attendance.break_started", Low, "休憩の開始", "Break started"),
    kind("attendance.break_ended", Low, "休憩の終了", "Break ended"),
    kind("attendance.punch_refused", Normal, "打刻の受付不可", "Punch refused"),
    kind("attendance.clock_out_missing", Normal, "退勤の打刻忘れ", "Clock-out missing"),
    kind("attendance.corrected", Normal, "打刻の修正", "Punch corrected"),
    kind("attendance.month_submitted", Normal, "月次勤怠の提出", "Month submitted"),
    kind("attendance.month_sent_back", Normal, "月次勤怠の差し戻し", "Month sent back"),
    kind("reception.visitor_arrived", Critical, "来客", "Visitor arrived"),
    kind("reception.responded", Normal, "来客への対応", "Visitor is being met"),
    kind("reception.help_asked", Critical, "来客対応の依頼", "Help asked for a visitor"),
    kind("fleet.alarm", Critical, "車両の警報", "Vehicle alarm"),
    kind("fleet.overspeed", Normal, "速度超過", "Overspeed"),
    kind("fleet.geofence_entered", Normal, "エリアへの進入", "Entered an area"),
    kind("fleet.geofence_left", Normal, "エリアからの退出", "Left an area"),
    kind("fleet.geofence_crossed", Normal, "エリア境界の通過", "Crossed an area's border"),
    kind("fleet.proximity_entered", Normal, "車両の接近", "Came close"),
    kind("fleet.proximity_left", Normal, "車両の離隔", "Moved apart"),
    kind("fleet.unaccompanied_motion", Critical, "無人での移動", "Moved without a driver"),
    kind("fleet.ignition_on", Low, "エンジン始動", "Ignition on"),
    kind("fleet.ignition_off", Low, "エンジン停止", "Ignition off"),
    kind("fleet.moving", Low, "走行開始", "Started moving"),
    kind("fleet.stopped", Low, "停車", "Stopped"),
    kind("fleet.fuel_dropped", Normal, "燃料の急減", "Fuel dropped"),
    kind("fleet.fuel_increased", Low, "給油", "Fuel increased"),
    kind("fleet.maintenance_due", Normal, "整備の時期", "Maintenance due"),
    kind("fleet.driver_changed", Low, "運転者の交代", "Driver changed"),
    kind("fleet.online", Low, "端末の接続", "Device online"),
    kind("fleet.offline", Normal, "端末の切断", "Device offline"),
    kind("fleet.unknown", Low, "端末の状態不明", "Device state unknown"),
    kind("fleet.inactive", Normal, "端末からの応答なし", "Device inactive"),
    kind("fleet.command_result", Low, "コマンドの結果", "Command result"),
    kind("fleet.command_sent", Low, "コマンドの送信", "Command sent"),
    kind("fleet.media", Low, "画像・音声の受信", "Media received"),
    kind("fleet.message", Normal, "端末からのメッセージ", "Message from the device"),
    kind("fleet.other", Low, "その他の車両イベント", "Other vehicle event"),
    kind("todoke.test", Normal, "テスト送信", "Test"),
    kind("todoke.sign_in_code", Critical, "サインインの確認コード", "Sign-in code"),
    kind("todoke.answered", Normal, "対応の結果", "Answer"),
    kind("todoke.announcement", Normal, "お知らせ", "Announcement"),
    kind("todoke.message", Normal, "スクリプトからの通知", "Message from a script"),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_well_formed_unique_and_belong_to_a_named_app() {
        let mut seen = HashSet::new();
        for kind in CATALOGUE {
            assert!(is_code(kind.code), "{}", kind.code);
            assert!(seen.insert(kind.code), "{} twice", kind.code);
            assert!(app_name(kind.app()).is_some(), "{}", kind.code);
        }
    }

    #[test]
    fn a_custom_kind_may_not_hide_one_of_the_catalogue() {
        let own = |code: &str| CustomKind {
            code: code.into(),
            name_ja: "火災報知".into(),
            name_en: "Fire alarm".into(),
            urgency: Urgency::Critical,
            icon: String::new(),
        };
        let odd = CustomKind { icon: "skull".into(), name_en: "x".repeat(61), ..own("building.fire_alarm") };
        assert_eq!(odd.problems().len(), 2);
        assert_eq!(own("building.fire_alarm").problems(), []);
        for bad in ["tasks.assigned", "todoke.x", "Fire.alarm", "fire", "a.b.c", ".a", "a.", "a.1 b"] {
            assert_eq!(own(bad).problems().len(), 1, "{bad}");
        }
    }
}
