//! The actions of the audit log in words.

use shared::lang::Text;

/// Groups of actions: what stands before the dot, and what it is about.
pub const GROUPS: [(&str, Text); 20] = [
    ("member", Text::new("メンバー", "Members")),
    ("members", Text::new("メンバーの一括操作", "Many members at once")),
    ("company", Text::new("会社", "Companies")),
    ("company_room", Text::new("会社のルーム", "Companies' rooms")),
    ("address", Text::new("届け先の連携", "Linked addresses")),
    ("integration", Text::new("連携", "Integrations")),
    ("room", Text::new("ルーム", "Rooms")),
    ("rule", Text::new("通知ルール", "Rules")),
    ("kind", Text::new("通知の種類", "Kinds of notices")),
    ("delivery", Text::new("配信", "Deliveries")),
    ("deliveries", Text::new("配信の一括操作", "Many deliveries at once")),
    ("announcement", Text::new("お知らせ", "Announcements")),
    ("attendance", Text::new("勤怠", "Attendance")),
    ("absence", Text::new("不在予定", "Absences")),
    ("key", Text::new("APIキー", "API keys")),
    ("door", Text::new("受け口", "Doors")),
    ("webhook", Text::new("Webhook", "Webhooks")),
    ("quiet", Text::new("通知を休む時間", "Quiet time")),
    ("line_cost", Text::new("LINEの費用", "Cost of LINE")),
    ("workspace", Text::new("ワークスペース", "Workspace")),
];

/// What was done, as a sentence without a subject. An action that is not known here is shown as it is written.
#[must_use]
pub fn action_words(action: &str) -> Option<Text> {
    Some(match action {
        "workspace.created" => Text::new("ワークスペースを作成", "made the workspace"),
        "workspace.changed" => Text::new("ワークスペースの設定を変更", "changed the workspace"),
        "workspace.exported" => Text::new("すべてのデータを書き出し", "exported everything"),
        "member.created" => Text::new("メンバーを追加", "added a member"),
        "member.changed" => Text::new("メンバーを変更", "changed a member"),
        "member.deleted" | "member.erased" => Text::new("メンバーを削除", "erased a member"),
        "member.sign_in_link_made" => Text::new("サインインリンクを発行", "made a sign-in link"),
        "members.import_started" => Text::new("CSVの取り込みを開始", "began an import"),
        "members.invitations_stopped" => Text::new("招待を中止", "stopped invitations"),
        "company_room.changed" => Text::new("会社のルームを変更", "changed a company's room"),
        "company_room.deleted" => Text::new("会社のルームを削除", "deleted a company's room"),
        "address.linked" => Text::new("届け先を連携", "linked an address"),
        "address.unlinked" => Text::new("届け先の連携を解除", "unlinked an address"),
        "announcement.sent" => Text::new("お知らせを送信", "sent an announcement"),
        "announcement.stopped" => Text::new("お知らせを停止", "stopped an announcement"),
        "announcement.tested" => Text::new("お知らせを自分に試し送信", "tried an announcement"),
        "deliveries.bulk_started" => Text::new("一括操作を開始", "began a bulk change"),
        "deliveries.bulk_resent" => Text::new("まとめて再送", "resent many"),
        "deliveries.bulk_cancelled" => Text::new("まとめて取り消し", "cancelled many"),
        "deliveries.bulk_stopped" => Text::new("一括操作を中止", "stopped a bulk change"),
        "quiet.changed" => Text::new("通知しない時間を変更", "changed quiet time"),
        "quiet.calendar_changed" => Text::new("会社カレンダーを変更", "changed the company calendar"),
        "attendance.month_sent_back" => Text::new("勤怠を差し戻し", "sent a month back"),
        "member.invited" | "members.invited" => Text::new("メンバーを招待", "invited members"),
        "member.imported" | "members.imported" => Text::new("メンバーをCSVで取り込み", "imported members"),
        "member.exported" | "members.exported" => Text::new("メンバーを書き出し", "exported members"),
        "company.created" => Text::new("会社を追加", "added a company"),
        "company.changed" => Text::new("会社を変更", "changed a company"),
        "company.deleted" => Text::new("会社を削除", "deleted a company"),
        "integration.connected" => Text::new("連携を追加", "connected a service"),
        "integration.deleted" => Text::new("連携を削除", "deleted a connection"),
        "integration.matched" => Text::new("メンバーのIDを照合", "matched members' IDs"),
        "integration.secret_replaced" => Text::new("認証情報を入れ替え", "replaced credentials"),
        "integration.installed" => Text::new("アプリを追加", "installed the app"),
        "integration.changed" => Text::new("連携を変更", "changed a connection"),
        "integration.calendar_on" => Text::new("カレンダーをオン", "turned the calendar on"),
        "integration.calendar_off" => Text::new("カレンダーをオフ", "turned the calendar off"),
        "integration.calendar_retried" => Text::new("カレンダーへ再反映", "tried the calendar again"),
        "absence.saved" => Text::new("不在予定を登録・変更", "entered an absence"),
        "absence.deleted" => Text::new("不在予定を削除", "deleted an absence"),
        "rule.changed" => Text::new("通知ルールを変更", "changed a rule"),
        "kind.created" => Text::new("通知の種類を追加", "added a kind"),
        "kind.changed" => Text::new("通知の種類を変更", "changed a kind"),
        "kind.deleted" => Text::new("通知の種類を削除", "deleted a kind"),
        "delivery.resent" => Text::new("配信を再送", "resent a delivery"),
        "delivery.cancelled" => Text::new("配信を取り消し", "cancelled a delivery"),
        "attendance.corrected" => Text::new("打刻を修正", "corrected punches"),
        "attendance.submitted" => Text::new("勤怠を提出", "submitted a month"),
        "attendance.sent_back" => Text::new("勤怠を差し戻し", "sent a month back"),
        "attendance.settings_changed" => Text::new("勤怠の設定を変更", "changed attendance settings"),
        "key.created" => Text::new("APIキーを作成", "made an API key"),
        "key.revoked" => Text::new("APIキーを失効", "revoked an API key"),
        "door.created" => Text::new("受け口を作成", "made a door"),
        "door.revoked" => Text::new("受け口を失効", "revoked a door"),
        "webhook.created" => Text::new("Webhookを作成", "made a webhook"),
        "webhook.changed" => Text::new("Webhookを変更", "changed a webhook"),
        "webhook.deleted" => Text::new("Webhookを削除", "deleted a webhook"),
        "webhook.enabled" => Text::new("Webhookを有効化", "switched a webhook on"),
        "webhook.replayed" => Text::new("Webhookを送り直し", "replayed a webhook"),
        "webhook.secret_rolled" => Text::new("Webhookの鍵を入れ替え", "replaced a webhook's secret"),
        "line_cost.changed" => Text::new("LINEの費用を変更", "changed the cost of LINE"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every action that the hub writes, read from its source: a new one without words is found here.
    #[test]
    fn every_action_of_the_hub_has_words_and_a_group() {
        let mut actions = Vec::new();
        read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/src"), &mut actions);
        assert!(actions.len() > 25, "{actions:?}");
        for action in &actions {
            assert!(action_words(action).is_some(), "{action} has no words");
            let group = action.split('.').next().unwrap();
            assert!(GROUPS.iter().any(|(code, _)| *code == group), "{action} is in no group");
        }
    }

    fn read(dir: &std::path::Path, actions: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(&path, actions);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                // `self.audit(caller, "x.y", …)`, however it is broken into lines.
                for call in text.split("self.audit(").chain(text.split("self.audit_as(")).skip(1) {
                    let arguments = call.split(';').next().unwrap_or_default();
                    let own = arguments.split('"').skip(1).step_by(2);
                    actions.extend(own.filter(|word| is_action(word)).take(1).map(ToOwned::to_owned));
                }
            }
        }
    }

    fn is_action(word: &str) -> bool {
        word.split_once('.').is_some_and(|(group, what)| {
            let good =
                |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            good(group) && good(what)
        })
    }
}
