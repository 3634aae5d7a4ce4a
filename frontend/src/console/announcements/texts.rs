//! Sentences of お知らせ.

crate::i18n::texts! {
    TITLE "お知らせ" "Announcements";
    LEAD "業務システムを通さずに、管理者が書いて送る通知です。" "Notices that admins write and send by hand, without any business system.";
    WRITE "お知らせを書く" "Write an announcement";
    EMPTY "まだお知らせはありません" "No announcements yet";
    EMPTY_NEXT "書いて送ると、届いた数といっしょにここに並びます。" "What you write and send is listed here, with how many it reached.";
    BACK "配信の一覧" "Deliveries";
    BACK_TO_LIST "お知らせの一覧" "All announcements";
    GONE "このお知らせは見つかりません" "This announcement was not found";
    STATE_SCHEDULED "予約済み" "Scheduled";
    STATE_SENDING "送信中" "Sending";
    STATE_DONE "送信済み" "Sent";
    STATE_STOPPED "中止" "Stopped";
    COLUMN_STATE "状態" "State";
    COLUMN_TITLE "件名" "Title";
    COLUMN_COUNT "通数" "Messages";
    COLUMN_TIME "作成" "Written";
    MESSAGES "{}通" "{} messages";
    BY "{}さん" "{}";
    AT "{}に送信" "goes out {}";
    // The form
    NEW "お知らせを書く" "Write an announcement";
    TO "宛先" "To";
    EVERYONE "全員" "Everyone";
    EVERYONE_HINT "利用可のメンバー全員に送ります。" "Every active member gets it.";
    COMPANIES "会社" "Companies";
    ROOMS "ルーム" "Rooms";
    MEMBERS "メンバー" "Members";
    FIND_MEMBER "名前・ふりがな・メールで探して追加" "Find by name, reading or email";
    NOBODY_FOUND "当てはまるメンバーはいません。" "Nobody matches.";
    ADD_MEMBER "{}さんを宛先に追加" "Add {}";
    REMOVE_MEMBER "{}さんを宛先から外す" "Remove {}";
    TO_REQUIRED "宛先を一つ以上選んでください。" "Choose at least one recipient.";
    CONTENT "内容" "Content";
    TITLE_FIELD "件名" "Title";
    BODY_FIELD "本文" "Text";
    LINK_FIELD "リンク" "Link";
    LINK_HINT "くわしいことを書いたページのURL(https)" "URL (https) of the page that says more";
    FIELDS "項目" "Details";
    FIELDS_HINT "「日時」「場所」のように、見出しと値を並べて表示します。" "Shown as labelled lines, like “When” and “Where”.";
    FIELD_LABEL "見出し" "Label";
    FIELD_VALUE "値" "Value";
    FIELD_ADD "項目を追加" "Add a line";
    FIELD_REMOVE "{}番目の項目を外す" "Remove line {}";
    URGENCY "緊急度" "Urgency";
    URGENCY_HINT "緊急にすると、受信をオフにしている人にも届き、静かな時間も待ちません。" "Critical ones reach people who turned notices off, and do not wait for quiet time.";
    WHEN "送る時刻" "When";
    NOW "すぐに送る" "At once";
    LATER "日時を指定する" "At a set time";
    DATE "日付" "Date";
    TIME "時刻" "Time";
    ZONE_HINT "ワークスペースのタイムゾーンの時刻です。" "In the workspace's time zone.";
    PREVIEW "届く内容" "What arrives";
    PREVIEW_EMPTY "件名を書くと、メッセンジャーごとの見え方がここに出ます。" "Write a title to see it as each messenger shows it.";
    REACH "届く数" "Whom it reaches";
    REACH_EMPTY "宛先を選ぶと、チャネルごとの数がここに出ます。" "Choose recipients to see how many it reaches, by channel.";
    REACH_PEOPLE "{}人" "{} people";
    REACH_ROOMS "{}ルーム" "{} rooms";
    REACH_NOBODY "このうち{}人には、届くチャネルがありません。" "No channel reaches {} of them.";
    REACH_COUNT "{}通" "{}";
    TEST "自分にテスト送信" "Send a test to myself";
    TEST_BUSY "送っています" "Sending";
    TESTED "あなたの{}個のチャネルに送りました。" "Sent to {} of your channels.";
    TESTED_NONE "あなたに届くチャネルがありません。わたしの通知を確認してください。" "None of your channels would get it. Look at your own notices.";
    SEND "確認して送る" "Review and send";
    SEND_LATER "確認して予約する" "Review and schedule";
    CONFIRM_TITLE "「{}」を送る" "Send “{}”";
    CONFIRM_NOW "いまから、次の宛先に送ります。" "It goes out now to:";
    CONFIRM_LATER "{}に、次の宛先に送ります。" "It goes out on {} to:";
    CONFIRM_UNDO "送信中でも、まだ送っていない分は中止できます。" "While it is going out, what has not gone can still be stopped.";
    CONFIRM_SEND "送る" "Send";
    CONFIRM_SCHEDULE "予約する" "Schedule";
    SENDING "送っています" "Sending";
    SENT "お知らせの送信を始めました。" "The announcement is going out.";
    SCHEDULED "お知らせを予約しました。" "The announcement is scheduled.";
    FIX_FIELDS "入力を確認してください。" "Please look at the marked fields.";
    KEY_REUSED "書き直す前のお知らせは、すでに送信されています。一覧を確認してください。もう一度送ると、別のお知らせになります。" "The announcement was already sent as it was before. Look at the list; sending again makes another one.";
    SIGNED_OUT "サインインし直してください。書いた内容は、この端末に残っています。" "Please sign in again. What you wrote is kept on this device.";
    SIGN_IN "サインイン" "Sign in";
    DRAFT_KEPT "下書きはこの端末に自動で保存されます。" "The draft is kept on this device by itself.";
    DRAFT_DROP "下書きを消す" "Discard the draft";
    DRAFT_DROPPED "下書きを消しました。" "The draft was discarded.";
    // One announcement
    PROGRESS "送った数" "Sent so far";
    COUNTS "チャネルごとの状態" "By channel";
    CHANNEL "チャネル" "Channel";
    AUDIENCE "宛先" "To";
    OTHERS "ほか{}人" "and {} more";
    SKIPPED "設定などにより送らなかったもの: {}件" "Not sent because of settings: {}";
    DELIVERIES "配信の一覧で見る" "Show in deliveries";
    STOP "送信を中止" "Stop sending";
    STOP_SCHEDULED "予約を取り消す" "Cancel the schedule";
    STOP_TITLE "「{}」を中止" "Stop “{}”";
    STOP_LEAD "まだ送っていない{}件を取り消します。すでに送った{}件は取り消せません。" "{} that have not gone will be withdrawn. {} that have gone cannot be taken back.";
    STOP_DO "中止する" "Stop";
    STOP_BUSY "中止しています" "Stopping";
    STOPPED "{}件を取り消しました。すでに送っていたのは{}件です。" "{} were withdrawn. {} had gone already.";
    STOPPED_LEAD "中止しました。{}件を取り消しています。" "It was stopped; {} were withdrawn.";
    KEEP "続ける" "Keep sending";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
