//! Sentences of the console, by page.

/// The frame: navigation, menus, what every page may say.
pub mod frame {
    crate::i18n::texts! {
        HOME "ホーム" "Home";
        DELIVERIES "配信" "Deliveries";
        INTEGRATIONS "連携" "Integrations";
        MEMBERS "メンバー" "Members";
        SETTINGS "設定" "Settings";
        RULES "通知ルール" "Rules";
        APPS "アプリ" "Apps";
        MORE "さらに読み込む" "Load more";
        MORE_BUSY "読み込み中" "Loading";
        CANCEL "キャンセル" "Cancel";
        CONFIRM "確認のため「{}」と入力してください" "Type “{}” to confirm";
        CONFIRM_NAME "名前" "Name";
        CLOSE "閉じる" "Close";
        CLEAR_FILTERS "絞り込みを解除" "Clear the filters";
        NOTHING_FOUND "当てはまるものがありません" "Nothing matches";
    }
}

pub mod deliveries {
    crate::i18n::texts! {
        TITLE "配信" "Deliveries";
        LEAD "届けた通知と、届けなかった理由。新しい順に、起きたままを表示します。" "What was delivered, what was not, and why. Newest first, as it happens.";
        LIVE "ライブ" "Live";
        LIVE_LOST "接続待ち" "Reconnecting";
        FILTER_STATE "状態" "State";
        FILTER_ALL "すべて" "All";
        FILTER_CHANNEL "チャネル" "Channel";
        FILTER_KIND "種類" "Kind";
        ANY_CHANNEL "すべてのチャネル" "All channels";
        ANY_KIND "すべての種類" "All kinds";
        SEARCH "宛先・件名で検索" "Search recipient or title";
        FRESH "新着 {} 件を表示" "Show {} new";
        EMPTY "まだ配信はありません" "No deliveries yet";
        EMPTY_NEXT "業務システムがAPIで通知を送ると、ここに並びます。最初のAPIキーは設定で作れます。" "Once a business system posts a notice over the API it is listed here. Make the first API key in the settings.";
        EMPTY_ACTION "APIキーを作る" "Make an API key";
        NOTHING_NEXT "条件を変えるか、絞り込みを解除してください。" "Change the filters or clear them.";
        COLUMN_STATE "状態" "State";
        COLUMN_TITLE "通知" "Notice";
        COLUMN_TO "宛先" "To";
        COLUMN_CHANNEL "チャネル" "Channel";
        COLUMN_TIME "受付" "Accepted";
        NEXT_TRY "次は {}" "Next try {}";
        ROOM "ルーム" "Room";
        ALL_LISTED "これより前の配信はありません" "There are no older deliveries";
        // Detail
        GONE "この配信は見つかりません" "This delivery was not found";
        BACK "配信の一覧" "All deliveries";
        DECISION "判断" "Decision";
        DECIDED_AT "受付" "Accepted";
        DONE_AT "完了" "Done";
        DUE_AT "次に送る時刻" "Next try";
        ADDRESS "送り先" "Address";
        KIND "種類" "Kind";
        URGENCY "緊急度" "Urgency";
        ATTEMPTS "送信の記録" "Attempts";
        NO_ATTEMPTS "まだ送信していません。" "It was not sent yet.";
        NO_ATTEMPTS_SKIPPED "送らないと判断したため、送信の記録はありません。" "It was decided not to send it, so there are no attempts.";
        ATTEMPT "{}回目" "Try {}";
        TOOK "所要 {}" "took {}";
        PROVIDER_SAYS "送信先の応答" "The provider said";
        REFERENCE "送信先での番号" "The provider's reference";
        MESSAGE "届いた内容" "The message";
        MESSAGE_PLANNED "届く内容" "The message to come";
        MESSAGE_SKIPPED "送られなかった内容" "The message that was not sent";
        PREVIEWS "メッセンジャーごとの表示" "As each messenger shows it";
        ANSWER "回答" "Answer";
        CLAIMED "{}さんが「{}」を選びました" "{} chose “{}”";
        CLAIMED_ON_PAGE "わたしの通知" "My notices";
        UNCLAIMED "まだだれも選んでいません。" "Nobody has chosen yet.";
        BOT "Todoke" "Todoke";
        MAIL_SUBJECT "件名" "Subject";
        MAIL_AS_TEXT "テキスト" "Text";
        MAIL_AS_HTML "表示" "As shown";
        MAIL_FRAME "メールの表示" "The mail as shown";
        SIBLINGS "同じ通知のほかのチャネル" "Other channels of the same notice";
        RESEND "再送" "Resend";
        RESEND_BUSY "再送を依頼しています" "Asking for a resend";
        RESENT "再送を受け付けました。" "It will be sent again.";
        NO_RESEND_DECIDED "送らないと決まった理由がまだ続いているため、再送できません。下の「判断」をご覧ください。" "The reason for not sending it still holds, so it cannot be resent. See the decision below.";
        NO_RESEND_WITHDRAWN "送信元が取り消したため、再送できません。" "Its sender withdrew it, so it cannot be resent.";
        RESEND_UNCERTAIN "前の送信が届いている可能性があります。再送すると二重に届くことがあります。" "The first one may have arrived. Resending may deliver it twice.";
    }
}

pub mod integrations {
    crate::i18n::texts! {
        TITLE "連携" "Integrations";
        LEAD "通知を届けるサービス。設定は一度だけ、接続はいつでも確認できます。" "The services that carry your notices. Set up once, checked at any time.";
        LINEWORKS_V1 "LINE WORKS(API 1.0)" "LINE WORKS (API 1.0)";
        LINEWORKS_V1_LEAD "以前のAPIで動いているBotを、移行までのあいだ使い続けます。" "Keeps bots of the old API going until they are moved.";
        RETIRED "提供終了" "Retired";
        RETIRED_SENTENCE "API 1.0は提供が終了しています。新しい連携には「LINE WORKS」(API 2.0)を使ってください。" "API 1.0 is retired. For a new connection use LINE WORKS (API 2.0).";
        LINE_LEAD "公式アカウントから、友だちになったメンバーとグループへ届けます。" "An official account delivers to members who added it, and to groups.";
        SLACK_LEAD "アプリから、ダイレクトメッセージとチャンネルへ届けます。" "An app delivers direct messages and to channels.";
        GOOGLE_CHAT_LEAD "メンバーのWebhook、またはChatアプリから届けます。" "Delivered through members' webhooks or a Chat app.";
        UNFINISHED "設定の途中" "Not finished";
        LINEWORKS_LEAD "Botから、メンバーとルームへ届けます。" "A bot delivers to members and rooms.";
        WEB_PUSH_LEAD "各自のブラウザーやスマートフォンに直接届けます。設定はいりません。メンバーが「わたしの通知」で始めると、自動で連携します。" "Straight to people’s own browsers and phones. There is nothing to set up: it connects itself when a member turns it on under “My notices”.";
        MAIL_LEAD "SMTPサーバー、またはResendから届けます。" "Delivered through an SMTP server or Resend.";
        CONNECT "連携する" "Connect";
        ADD "追加" "Add";
        NOT_CONNECTED "未連携" "Not connected";
        READY "連携中" "Connected";
        BROKEN "要確認" "Needs attention";
        SINCE "{}から停止" "down since {}";
        LAST_OK "最後の成功 {}" "Last success {}";
        NEVER_OK "まだ送信していません" "Nothing sent yet";
        BROKEN_KEPT "送信待ちの通知は保管しています。直すと自動で再開します。" "Waiting notices are kept and go out by themselves once this works.";
        DEFAULT "既定" "Default";
        BACK "連携の一覧" "All integrations";
        // Forms
        RESEND_SECTION "Resend" "Resend";
        CHECK "接続を確認" "Check the connection";
        CHECK_BUSY "接続を確認しています" "Checking the connection";
        CHECK_AGAIN "もう一度確認" "Check again";
        CHECK_TITLE "接続の確認" "Connection check";
        CHECK_LEAD "保存の前に、実際に接続して一つずつ確かめます。" "Before saving, each step is really tried, one by one.";
        CHECK_PASSED "すべて確認できました。" "Everything was confirmed.";
        CHECK_PASSED_SAVE "すべて確認できました。保存してください。" "Everything was confirmed. You can save it.";
        CHECK_FAILED "確認できない項目があります。直してから、もう一度確認してください。" "One step failed. Put it right and check again.";
        CHECK_RUNNING_STEP "確認中" "Checking";
        SAVE "保存" "Save";
        SAVE_BUSY "保存しています" "Saving";
        SAVE_BUSY_BOT "Botを作成しています" "Creating the bot";
        SAVED "連携を保存しました。" "The connection was saved.";
        SAVED_BOT "Botを作成し、公開しました。" "The bot was created and published.";
        FIX_FIELDS "入力を確認してください。" "Please look at the marked fields.";
        // Connected
        GONE "この連携は見つかりません" "This integration was not found";
        SETTINGS "設定内容" "Settings";
        SECRET_SET "設定済み({})" "Set on {}";
        REPLACE "入れ替え" "Replace";
        REPLACE_TITLE "認証情報を入れ替える" "Replace the credentials";
        REPLACE_LEAD "再発行した値だけを入力します。空欄の項目は今のまま使います。" "Enter only what was reissued. Empty fields stay as they are.";
        REPLACE_SAVE "入れ替える" "Replace";
        REPLACE_BUSY "接続を確認しています" "Checking the connection";
        REPLACED "認証情報を入れ替えました。" "The credentials were replaced.";
        REPLACE_NOTHING "入れ替える値を入力してください。" "Enter what should be replaced.";
        NONE "なし" "None";
        MATCH "メンバーと照合" "Match members";
        MATCH_TITLE "メンバーのLINE WORKS ID" "Members' LINE WORKS IDs";
        MATCH_LEAD "LINE WORKSの名簿を読み、ログインIDが同じメンバーにLINE WORKS IDを入れます。" "Reads the LINE WORKS directory and fills in the ID of every member with the same login ID.";
        MATCH_TITLE_SLACK "メンバーのSlack ID" "Members' Slack IDs";
        MATCH_LEAD_SLACK "ログインメールと同じアドレスの人をSlackで探し、メンバーIDを入れます。" "Looks up every member's login email in Slack and fills in the member ID.";
        MATCH_LEFT "残り{}人を探しています。" "{} members left.";
        MATCH_BUSY "名簿を読んでいます" "Reading the directory";
        MATCHED "{}人にIDを入れました。" "{} members got their ID.";
        MATCHED_NONE "新しく一致したメンバーはいません。" "No further member matched.";
        UNKNOWN "一致しなかったアドレス({})" "Not matched ({})";
        ROOMS "参加しているルーム" "Rooms the bot is in";
        ROOMS_EMPTY "Botをトークルームに招待すると、ここに自動で並びます。" "Invite the bot to a room and it is listed here by itself.";
        ROOM_CLOSED "退出済み" "Left";
        DELETE "連携を削除" "Delete the integration";
        DELETE_TITLE "「{}」を削除" "Delete “{}”";
        DELETE_LEAD_LINEWORKS "BotもLINE WORKSから削除されます。元に戻せません。" "The bot is deleted from LINE WORKS too. This cannot be undone.";
        DELETE_LEAD "保存した認証情報も削除されます。元に戻せません。" "The stored credentials are deleted too. This cannot be undone.";
        DELETE_COUNTS "いっしょに失われるもの" "What goes with it";
        DELETE_MEMBERS "届け先を失うメンバー" "Members who lose this channel";
        DELETE_ROOMS "ルーム" "Rooms";
        DELETE_COMPANIES "ルームに通知している会社" "Companies that notify a room";
        DELETE_WAITING "送信待ちの通知" "Waiting notices";
        DELETE_DO "削除する" "Delete";
        DELETE_BUSY "削除しています" "Deleting";
        DELETED "連携を削除しました。" "The integration was deleted.";
        DELETE_ZONE "削除" "Delete";
        DELETE_ZONE_LEAD "削除の前に、影響を受けるメンバーとルームの数を表示します。" "You will see how many members and rooms it touches first.";
    }
}

pub mod members {
    crate::i18n::texts! {
        TITLE "メンバー" "Members";
        LEAD "通知を受け取る人と、それぞれの届け先。" "The people who get notices, and where each is reached.";
        SEARCH "名前・ふりがな・メール・社員番号で検索" "Search name, reading, email, number";
        COMPANY "会社" "Company";
        ANY_COMPANY "すべての会社" "All companies";
        ADD "メンバーを追加" "Add a member";
        COUNT "{}人" "Members: {}";
        EMPTY "まだメンバーがいません" "No members yet";
        EMPTY_NEXT "通知を受け取る人を登録すると、ここに並びます。" "The people you add are listed here.";
        NOTHING_NEXT "別の言葉で検索するか、絞り込みを解除してください。" "Try other words, or clear the filters.";
        COLUMN_NAME "名前" "Name";
        COLUMN_COMPANY "会社・部署" "Company, department";
        COLUMN_ROLE "権限" "Role";
        COLUMN_CHANNELS "届け先" "Reached by";
        NOT_USABLE "停止中" "Inactive";
        SWITCHED_OFF "本人がオフ" "turned off";
        NO_CHANNELS "届け先なし" "Unreachable";
        // Form
        NEW "メンバーを追加" "Add a member";
        GONE "このメンバーは見つかりません" "This member was not found";
        BACK "メンバーの一覧" "All members";
        PERSON "本人" "Person";
        NAME "名前" "Name";
        READING "ふりがな" "Reading";
        LOGIN_EMAIL "ログインメール" "Login email";
        LOGIN_EMAIL_HINT "サインインに使うアドレス。ほかのメンバーと重複できません" "For signing in; nobody else may have it";
        REACH "届け先" "Where they are reached";
        NOTIFICATION_EMAIL "通知用メール" "Notification email";
        NOTIFICATION_EMAIL_HINT "空欄ならログインメールに届けます" "The login email when empty";
        LINEWORKS_ID "LINE WORKS ID" "LINE WORKS ID";
        LINEWORKS_ID_HINT "ログインID(例: sato@minato)またはUser ID。連携の「メンバーと照合」で自動で入ります" "Login ID like sato@minato, or user ID; “Match members” fills it in by itself";
        WORK "所属" "Work";
        COMPANY_NONE "なし" "None";
        DEPARTMENT "部署" "Department";
        POST "役職" "Title";
        NUMBER "社員番号" "Employee number";
        ACCESS "利用と権限" "Access";
        USABLE_LABEL "利用可" "Active";
        USABLE_HINT "オフにすると、通知は届かず、サインインもできません" "When off, nothing is delivered and they cannot sign in";
        ROLE "権限" "Role";
        LANGUAGE "通知の言語" "Language of notices";
        JAPANESE "日本語" "Japanese";
        ENGLISH "英語" "English";
        SAVE "保存" "Save";
        SAVE_BUSY "保存しています" "Saving";
        SAVED "保存しました。" "Saved.";
        ADDED "「{}」を追加しました。" "“{}” was added.";
        UNDONE "元に戻しました。" "It was put back.";
        FIX_FIELDS "入力を確認してください。" "Please look at the marked fields.";
        LAST_OK "最後に届いた {}" "Last arrived {}";
    }
}

pub mod settings {
    crate::i18n::texts! {
        TITLE "設定" "Settings";
        KEYS "APIキー" "API keys";
        KEYS_LEAD "業務システムが通知を送るための鍵です。システムごとに分けると、一つだけを止められます。" "Business systems use a key to post notices. One key per system lets you stop one alone.";
        NEW "APIキーを作る" "Make an API key";
        NAME "名前" "Name";
        NAME_HINT "どのシステムで使うか(例: 販売管理)" "Which system uses it, for example Sales";
        SCOPES "できること" "What it may do";
        CREATE "作る" "Make it";
        CREATE_BUSY "作っています" "Making it";
        EMPTY "まだAPIキーがありません" "No API keys yet";
        EMPTY_NEXT "キーを作ると、1行のcurlで最初の通知を送れます。" "With a key, one line of curl sends the first notice.";
        CREATED "作成 {}" "Made {}";
        REVOKED "失効 {}" "Revoked {}";
        REVOKED_BADGE "失効" "Revoked";
        ONCE_TITLE "「{}」を作りました" "“{}” was made";
        ONCE_LEAD "このキーは今だけ表示します。閉じる前にコピーして、安全な場所に保管してください。" "This key is shown only now. Copy it and keep it safe before closing.";
        ONCE_KEY "APIキー" "API key";
        ONCE_TRY "試しに、自分に通知を送る" "Try it: send yourself a notice";
        FIRST_TITLE "Todokeからの最初の通知" "The first notice from Todoke";
        REVOKE "失効" "Revoke";
        REVOKE_TITLE "「{}」を失効" "Revoke “{}”";
        REVOKE_LEAD "このキーを使うシステムは、すぐに通知を送れなくなります。元に戻せません。" "Systems that use this key cannot post from then on. This cannot be undone.";
        REVOKE_DO "失効させる" "Revoke";
        REVOKE_BUSY "失効させています" "Revoking";
        REVOKE_DONE "APIキーを失効しました。" "The API key was revoked.";
        HINT "末尾 {}" "ends in {}";
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::flaws;

    #[test]
    fn every_sentence_is_there_in_both_languages() {
        for page in [
            super::frame::ALL,
            super::deliveries::ALL,
            super::integrations::ALL,
            super::members::ALL,
            super::settings::ALL,
        ] {
            assert_eq!(flaws(page), Vec::<String>::new());
        }
    }
}
