//! Sentences of the settings, by section.

/// The list of sections, and what several of them say.
pub mod frame {
    crate::i18n::texts! {
        TITLE "設定" "Settings";
        LEAD "ワークスペース全体の決まりごとと、ほかのシステムとのつなぎ目。" "What holds for the whole workspace, and where other systems connect.";
        SECTIONS "設定の項目" "Sections of the settings";
        WORKSPACE "ワークスペース" "Workspace";
        WORKSPACE_LEAD "名前、タイムゾーン、言語、LINEの費用、保存期間。" "Name, time zone, language, cost of LINE, retention.";
        ROLES "権限" "Roles";
        ROLES_LEAD "だれが何を変えられるか。" "Who may change what.";
        KEYS "APIキー" "API keys";
        KEYS_LEAD "業務システムが通知を送るための鍵。" "Keys with which business systems send notices.";
        DOORS "受け口" "Doors";
        DOORS_LEAD "LINE NotifyやSlackに送っていたスクリプトを、宛先を変えるだけで使い続けます。" "Scripts made for LINE Notify or Slack go on; only the address changes.";
        WEBHOOKS "Webhook" "Webhooks";
        WEBHOOKS_LEAD "ボタンの回答や配信の失敗を、ほかのシステムへ知らせます。" "Tell other systems about answers and failures.";
        QUIET "通知を休む時間" "Quiet time";
        QUIET_LEAD "夜間や休日の通知を待たせ、終わってからまとめて届けます。緊急の通知はいつでも届きます。" "What comes at night or on days off waits and arrives together when it ends. Critical notices always arrive.";
        AUDIT "監査ログ" "Audit log";
        AUDIT_LEAD "だれが、いつ、何を変えたか。" "Who changed what, and when.";
        DATA "データ" "Data";
        DATA_LEAD "すべての書き出しと、ワークスペースの削除。" "Export everything, or delete the workspace.";
        API "API" "API";
        API_LEAD "仕様書を読み、その場で試します。" "Read the reference and try it here.";
        NOT_FOUND "この設定は見つかりません" "There is no such setting";
        SAVE "保存" "Save";
        SAVE_BUSY "保存しています" "Saving";
        SAVED "保存しました。" "Saved.";
        COPY_NAMED "{}をコピー" "Copy {}";
        DONE "閉じる" "Close";
    }
}

pub mod workspace {
    crate::i18n::texts! {
        GENERAL "基本" "General";
        NAME "ワークスペース名" "Name of the workspace";
        NAME_HINT "メールの署名とサインイン画面に表示します" "Shown in mails and on the sign-in page";
        ZONE "タイムゾーン" "Time zone";
        ZONE_HINT "通知しない時間と予約の基準です。夏時間のない地域から選べます" "For quiet time and schedules; places without summer time";
        LANGUAGE "既定の言語" "Default language";
        LANGUAGE_HINT "相手の言語がわからないときに使います" "Used where the reader's language is not known";
        JAPANESE "日本語" "Japanese";
        ENGLISH "英語" "English";
        RETENTION "保存期間" "Retention";
        RETENTION_LEAD "期間を過ぎた通知と配信の記録は、少しずつ自動で消えます。監査ログは残ります。" "Notices and deliveries older than this are deleted bit by bit. The audit log stays.";
        RETENTION_DAYS "通知と配信の記録を残す期間" "Keep notices and deliveries for";
        FOR_EVER "無期限" "For ever";
        DAYS "{}日" "{} days";
        MONTHS_3 "約3か月(90日)" "About 3 months (90 days)";
        MONTHS_6 "約6か月(180日)" "About 6 months (180 days)";
        YEAR_1 "1年(365日)" "1 year (365 days)";
        YEARS_2 "2年(730日)" "2 years (730 days)";
        YEARS_5 "5年(1,825日)" "5 years (1,825 days)";
        LEAST "35日" "35 days";
        LINE "LINEの費用" "Cost of LINE";
        LINE_LEAD "LINEは送信ごとに費用がかかります。重要な通知の分を守り、ほかの手段を優先できます。" "LINE charges for what it delivers. Keep some for critical notices and use other channels first.";
        ON "オン" "On";
        OFF "オフ" "Off";
        SPARE "ほかのチャネルで届く人には、LINEを使わない" "Leave LINE out where another channel reaches the person";
        SPARE_HINT "緊急の通知は、これまでどおりLINEにも送ります" "Critical notices still go to LINE as well";
        RESERVE "緊急の通知のために残す通数(月)" "Messages a month kept for critical notices";
        RESERVE_HINT "残りがこの数になると、緊急以外はLINEへ送りません" "Once only so many are left, nothing but critical goes to LINE";
        WHOLE_NUMBER "0から1,000,000までの数字を入力してください。" "Enter a number from 0 to 1,000,000.";
    }
}

pub mod roles {
    crate::i18n::texts! {
        LEAD "オーナーはすべてを、管理者は削除以外のすべてを、会社の管理者は自社の人と配信を扱えます。" "Owners may do everything, admins everything but delete the workspace, company admins handle their company's people and deliveries.";
        ADD "権限を付ける" "Give a role";
        ADD_LEAD "メンバーを探して選び、権限を決めます。" "Find a member and choose the role.";
        PERSON "メンバー" "Member";
        ROLE "権限" "Role";
        ROLE_OF "{}の権限" "Role of {}";
        GIVE "付ける" "Give it";
        GIVE_BUSY "付けています" "Giving it";
        CHANGED "{}さんを「{}」にしました。" "{} is now “{}”.";
        UNUSABLE "停止中" "Inactive";
        NO_COMPANY "会社の管理者には、先にメンバーの画面で会社を設定してください。" "Set this member's company first; a company admin needs one.";
        YOU "あなた" "You";
        CHOOSE "メンバーを選んでください。" "Choose a member.";
        OWNER_IS "全操作と、ワークスペースの削除" "Everything, and deleting the workspace";
        ADMIN_IS "全操作(ワークスペースの削除を除く)" "Everything except deleting the workspace";
        COMPANY_IS "自社のメンバー・配信・勤怠" "Their own company's people, deliveries, attendance";
        MEMBER_IS "自分の通知だけ" "Only their own notices";
    }
}

pub mod doors {
    crate::i18n::texts! {
        LEAD "LINE NotifyやSlackのIncoming Webhookに送っていたスクリプトを、宛先とトークンを変えるだけで使い続けられます。" "Scripts that posted to LINE Notify or a Slack incoming webhook go on with another address and token.";
        NEW "受け口を作る" "Make a door";
        EMPTY "まだ受け口がありません" "No doors yet";
        EMPTY_NEXT "作ると、すぐに試せるcurlの1行を表示します。" "You get a line of curl to try at once.";
        NAME "名前" "Name";
        NAME_HINT "通知の題名にもなります(例: サーバー監視)" "Also the title of notices, for example Server monitor";
        FORM "送り方" "Form";
        LINE_NOTIFY "LINE Notify" "LINE Notify";
        SLACK "Slack" "Slack";
        TO "届け先" "Leads to";
        TO_MEMBER "人" "A person";
        TO_ROOM "ルーム" "A room";
        ROOM "ルーム" "Room";
        NO_ROOMS "Botが参加しているルームがまだありません。Botをルームに招待すると、ここで選べます。" "The bot is in no room yet. Invite it to one, and it can be chosen here.";
        CHOOSE_ROOM "選んでください" "Choose one";
        TO_REQUIRED "届け先を選んでください。" "Choose where it leads.";
        CREATE "作る" "Make it";
        CREATE_BUSY "作っています" "Making it";
        MADE "「{}」を作りました" "“{}” was made";
        ONCE "このトークンは今だけ表示します。閉じる前にコピーしてください。" "This token is shown only now. Copy it before closing.";
        TOKEN "トークン" "Token";
        URL "送り先のURL" "Address to post to";
        TRY "試す" "Try it";
        TRY_STATUS "トークンを確かめる" "Check the token";
        HELLO "Todokeからのテストです" "A test from Todoke";
        GONE_ROOM "ルームがありません" "The room is gone";
        LEADS_TO "→ {}" "→ {}";
        LAST_USED "最後の利用 {}" "Last used {}";
        NEVER_USED "まだ使われていません" "Not used yet";
        CREATED "作成 {}" "Made {}";
        HINT "末尾 {}" "ends in {}";
        REVOKED "失効" "Revoked";
        REVOKE "失効" "Revoke";
        REVOKE_TITLE "「{}」を失効" "Revoke “{}”";
        REVOKE_LEAD "このトークンを使うスクリプトは、すぐに送れなくなります。元に戻せません。" "Scripts that use this token cannot send from then on. This cannot be undone.";
        REVOKE_DO "失効させる" "Revoke";
        REVOKE_BUSY "失効させています" "Revoking";
        REVOKE_DONE "受け口を失効しました。" "The door was revoked.";
    }
}

pub mod webhooks {
    crate::i18n::texts! {
        LEAD "起きたことを、署名つき(Standard Webhooks)でほかのシステムに知らせます。失敗は約3日間、間隔をあけて送り直します。" "What happens is told to other systems, signed (Standard Webhooks). Failures are tried again for about three days.";
        NEW "Webhookを作る" "Make a webhook";
        EDIT "編集" "Edit";
        EDIT_TITLE "Webhookを編集" "Edit the webhook";
        EMPTY "まだWebhookがありません" "No webhooks yet";
        EMPTY_NEXT "作ると、テスト送信ですぐに確かめられます。" "Make one and try it with a test message.";
        URL "URL" "URL";
        URL_HINT "インターネットから届くhttpsのURL" "An https address that the internet can reach";
        EVENTS "知らせること" "What it is told";
        ACTION_TAKEN "ボタンの回答" "Answers to buttons";
        DELIVERY_FAILED "配信の失敗" "Failed deliveries";
        TEST "テスト" "Test";
        CREATE "作る" "Make it";
        CREATE_BUSY "作っています" "Making it";
        MADE "Webhookを作りました" "The webhook was made";
        ROLLED "署名の鍵を入れ替えました" "The signing secret was replaced";
        ONCE "この鍵は今だけ表示します。受け取る側の検証に使うので、閉じる前にコピーしてください。" "This secret is shown only now. The receiver verifies with it: copy it before closing.";
        SECRET "署名の鍵" "Signing secret";
        OPEN "くわしく" "Details";
        ACTIVE "有効" "Active";
        STOPPED "停止(410)" "Stopped (410)";
        FAILING "失敗あり" "Has failures";
        LAST_OK "最後の成功 {}" "Last success {}";
        NEVER "まだ届いていません" "Nothing delivered yet";
        WAITING "待ち {}件" "{} waiting";
        FAILED "失敗 {}件" "{} failed";
        BACK "Webhookの一覧" "All webhooks";
        GONE "このWebhookは見つかりません" "This webhook was not found";
        ENABLE "もう一度有効にする" "Switch on again";
        ENABLED "有効にしました。" "It is on again.";
        STOPPED_WHY "相手が410(不要)と答えたため、停止しています。" "The receiver answered 410 (gone), so nothing is sent to it.";
        SEND_TEST "テスト送信" "Send a test";
        SEND_TEST_BUSY "送っています" "Sending";
        TEST_SENT "テストを送りました。結果は下の記録に出ます。" "A test is on its way. The result appears below.";
        ROLL "鍵を入れ替える" "Replace the secret";
        ROLL_TITLE "署名の鍵を入れ替える" "Replace the signing secret";
        ROLL_LEAD "新しい鍵を作ります。これまでの鍵の署名も24時間は付けるので、その間に受け取る側を切り替えてください。" "A new secret is made. Messages are signed with the old one too for 24 hours, so the receiver can switch in that time.";
        ROLL_DO "入れ替える" "Replace";
        ROLL_BUSY "作っています" "Making it";
        OLD_SECRET "これまでの鍵は {} まで有効" "Old secret signs until {}";
        DELETE "削除" "Delete";
        DELETE_TITLE "Webhookを削除" "Delete the webhook";
        DELETE_LEAD "署名の鍵と送信の記録も消えます。元に戻せません。確認のためにホスト名を入力してください。" "The secret and the record of messages go too. This cannot be undone. Type the host to confirm.";
        DELETE_DO "削除する" "Delete";
        DELETE_BUSY "削除しています" "Deleting";
        DELETED "Webhookを削除しました。" "The webhook was deleted.";
        MESSAGES "最近の送信" "Recent messages";
        MESSAGES_LEAD "新しい順に50件まで。送り直しても番号(webhook-id)は同じです。" "The last 50, newest first. A replay keeps its number (webhook-id).";
        NO_MESSAGES "まだ何も送っていません。" "Nothing was sent yet.";
        STATE_WAITING "待機" "Waiting";
        STATE_DELIVERED "成功" "Delivered";
        STATE_FAILED "失敗" "Failed";
        NEXT_TRY "次は {}" "next try {}";
        REPLAY "送り直す" "Replay";
        REPLAY_ALL "失敗をすべて送り直す" "Replay all failed";
        REPLAY_BUSY "頼んでいます" "Asking";
        REPLAYED "{}件を送り直します。" "{} will be sent again.";
        ATTEMPT "{}ミリ秒" "{} ms";
        R_DELIVERED "受け取られました" "Taken";
        R_REFUSED "断られました" "Refused";
        R_REDIRECTED "転送先を示されました(転送はたどりません)" "Answered with a redirect, which is not followed";
        R_GONE "不要(410)と答えました" "Answered 410 (gone)";
        R_NO_CONNECTION "接続できませんでした" "No connection";
        R_NO_ANSWER "時間内に応答がありませんでした" "No answer in time";
        R_URL_REFUSED "送れないURLです" "This address may not be sent to";
        R_NO_SECRET "署名の鍵を読めませんでした。もう一度送ります" "The secret could not be read; it is tried again";
    }
}

pub mod audit {
    crate::i18n::texts! {
        LEAD "設定や人の変更を、だれが行ったか。人を削除しても記録は残り、名前だけが消えます。" "Who changed settings and people. When a person is erased the record stays, without the name.";
        SEARCH "人や対象の名前で検索" "Search who or what";
        GROUP "種類" "Kind of change";
        ANY "すべての操作" "Everything";
        FROM "開始日" "From";
        UNTIL "終了日" "Until";
        EMPTY "まだ記録がありません" "Nothing recorded yet";
        EMPTY_NEXT "設定を変えると、ここに残ります。" "Changes to settings are kept here.";
        NOTHING_NEXT "別の言葉か期間で探すか、絞り込みを解除してください。" "Try other words or dates, or clear the filters.";
        END "これより前の記録はありません" "There is nothing older";
        GONE_ACTOR "削除された人" "Someone erased";
        SYSTEM "Todoke" "Todoke";
    }
}

pub mod data {
    crate::i18n::texts! {
        EXPORT "すべてを書き出す" "Export everything";
        EXPORT_LEAD "メンバー、連携の設定、通知、配信、勤怠、監査ログを、1行に1件のJSON(JSON Lines)で保存します。鍵やトークンなどの秘密は含みません。" "People, connections, notices, deliveries, attendance and the audit log as JSON Lines, one record a line. Secrets are not in it.";
        EXPORT_DO "書き出す" "Export";
        EXPORT_BUSY "書き出しています" "Exporting";
        EXPORT_PROGRESS "書き出しの進み具合" "Progress of the export";
        EXPORT_STOP "中止" "Stop";
        EXPORT_DONE "{}件を書き出しました。" "{} records were exported.";
        EXPORT_STOPPED "書き出しを中止しました。ファイルは保存していません。" "The export was stopped; no file was saved.";
        DELETE "ワークスペースを削除" "Delete the workspace";
        DELETE_LEAD "すべてのデータ、連携、認証情報が消えます。元に戻せません。先に書き出しておくことをおすすめします。" "All data, connections and credentials go. This cannot be undone. Consider exporting first.";
        DELETE_OWNER "ワークスペースを削除できるのはオーナーだけです。" "Only an owner can delete the workspace.";
        DELETE_TITLE "「{}」を削除" "Delete “{}”";
        DELETE_COUNTS "いっしょに失われるもの" "What goes with it";
        DELETE_DO "すべて削除する" "Delete everything";
        DELETE_BUSY "削除しています" "Deleting";
        MEMBERS "メンバー" "Members";
        INTEGRATIONS "連携(Botも削除)" "Connections (bots too)";
        ROOMS "ルーム" "Rooms";
        NOTICES "通知" "Notices";
        WAITING "送信待ち" "Waiting to be sent";
        KEYS "APIキー" "API keys";
        DOORS "受け口" "Doors";
        WEBHOOKS "Webhook" "Webhooks";
        GONE_TITLE "ワークスペースを削除しました" "The workspace was deleted";
        GONE_LEAD "データと認証情報はもうありません。ここにはもうサインインできません。新しく始めるときは、運用担当者のセットアップトークンを使ってください。" "Its data and credentials are gone, and nobody can sign in any more. To begin anew, use the operator's set-up token.";
        GONE_LEFT "接続できなかったため、次のサービスのBotは残っています。各サービスの管理画面で削除してください: {}" "These services could not be reached, and their bots remain. Delete them in the services' own consoles: {}";
        GONE_START "新しく始める" "Begin anew";
    }
}

pub mod api {
    crate::i18n::texts! {
        LEAD "業務システムから使うAPIです。ここからの呼び出しは、あなたの権限で本当に実行されます。" "The API for business systems. What you send here really happens, with your own rights.";
        DOWNLOAD "仕様書(OpenAPI 3.1)" "Reference (OpenAPI 3.1)";
        OPERATION "操作" "Operation";
        PARAMETERS "パラメーター" "Parameters";
        REQUIRED "必須" "required";
        BODY "本文(JSON)" "Body (JSON)";
        SEND "送る" "Send";
        SEND_BUSY "送っています" "Sending";
        NOT_JSON "JSONとして読めません。" "This is not JSON.";
        MISSING "入力してください。" "Enter this.";
        CURL "業務システムから呼ぶとき" "From a business system";
        ANSWER "応答" "Answer";
        NO_BODY "本文はありません。" "There is no body.";
        SCOPE "APIキーに必要な権限: {}" "Scope of the API key: {}";
        FIELDS "本文の項目" "Fields of the body";
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::flaws;

    #[test]
    fn every_sentence_is_there_in_both_languages() {
        for section in [
            super::frame::ALL,
            super::workspace::ALL,
            super::roles::ALL,
            super::doors::ALL,
            super::webhooks::ALL,
            super::audit::ALL,
            super::data::ALL,
            super::api::ALL,
        ] {
            assert_eq!(flaws(section), Vec::<String>::new());
        }
    }
}
