//! Sentences of ホーム.

crate::i18n::texts! {
    TITLE "ホーム" "Home";
    NOW "いま確認が必要なこと" "What needs you now";
    FINE "いま問題はありません。" "Nothing is wrong right now.";
    SINCE "{}から" "Since {}";
    BROKEN "{}の連携が止まっています" "{} does not work";
    BROKEN_NAMED "{}「{}」の連携が止まっています" "{} “{}” does not work";
    BEHIND "{}件の送信が遅れています" "{} notices are late";
    BEHIND_SINCE "最も古いものは{}に送る予定でした。" "The oldest was due {}.";
    UNREACHABLE "緊急の通知が届かない人が{}人います" "{} people would miss a critical notice";
    UNREACHABLE_WHY "届け先がないか、止まっています。" "They have no address that works.";
    FAILED "今日、{}件が届きませんでした" "{} did not arrive today";
    FAILED_DO "理由を確かめて、再送できます。" "See why, and send them again.";
    LOST "Botが「{}」にいません" "The bot is no longer in “{}”";
    LOST_SINCE "{}、{}から。このルームには届きません。" "{}, since {}. Nothing arrives in this room.";
    NOT_INSTALLED "Slackアプリがまだインストールされていません" "The Slack app is not installed yet";
    NOT_INSTALLED_DO "連携のページからインストールすると、送信できます。" "Install it from its page to send.";
    WEBHOOKS "{}件のWebhookが止まっています" "{} webhooks are switched off";
    WEBHOOKS_WHY "送り先が受け取らなくなりました。" "Their systems refused what was sent.";
    // Set-up
    SETUP "はじめての設定" "Setting up";
    SETUP_LEAD "最初の通知が届くまで、あと{}つです。" "{} steps to the first notice.";
    SETUP_PROGRESS "設定の進み" "Progress of the set-up";
    STEP_MAIL "メールをつなぐ" "Connect mail";
    STEP_MAIL_WHY "サインインの番号と、メールの通知を送ります。" "For sign-in codes and notices by mail.";
    STEP_MESSENGER "メッセンジャーをつなぐ" "Connect a messenger";
    STEP_MESSENGER_WHY "LINE WORKS、LINE、Slack、Google Chat。" "LINE WORKS, LINE, Slack or Google Chat.";
    STEP_MEMBERS "メンバーを登録する" "Add members";
    STEP_MEMBERS_WHY "1人ずつ、またはCSVでまとめて。" "One by one, or many from a CSV file.";
    STEP_LINKED "メンバーをメッセンジャーにつなぐ" "Link members to a messenger";
    STEP_LINKED_WHY "IDをまとめて照合するか、本人がつなぎます。" "Match their IDs at once, or let them link themselves.";
    STEP_SYSTEM "業務システムの鍵を作る" "Make a key for a business system";
    STEP_SYSTEM_WHY "通知を送るシステムが使います。" "The system that posts notices uses it.";
    STEP_SENT "最初の通知を届ける" "Deliver the first notice";
    STEP_SENT_WHY "届くと、ここの数字が動きます。" "The numbers here move when it arrives.";
    STEP_DO "始める" "Start";
    DONE "済み" "Done";
    // Today
    TODAY "今日" "Today";
    TODAY_EMPTY "今日はまだ何も送っていません。" "Nothing was sent today yet.";
    SENT "送信済み" "Sent";
    WAITING "待機中" "Waiting";
    FAILED_WORD "届かなかった" "Failed";
    SENT_UNIT "件を送信" "sent";
    WAITING_COUNT "待機 {}" "{} waiting";
    FAILED_COUNT "失敗 {}" "{} failed";
    // 30 days
    DAYS "この30日" "The last 30 days";
    COUNTING "以前の日を数えています。" "Earlier days are being counted.";
    AS_TABLE "表で見る" "As a table";
    DAY "日" "Day";
    BAR "{}: 送信済み {}、待機中 {}、届かなかった {}" "{}: {} sent, {} waiting, {} failed";
    // LINE
    QUOTA "LINEの今月の送信数" "LINE messages this month";
    QUOTA_NO_LIMIT "今月{}通。上限はありません。" "{} this month. There is no limit.";
    QUOTA_FORECAST "このままなら、月末に約{}通です。" "About {} by the end of the month at this rate.";
    QUOTA_OVER "このままなら月末に約{}通で、上限を超えます。" "About {} by the end of the month at this rate: over the limit.";
    QUOTA_USED_UP "今月の分を使い切りました。来月まで、LINEには届きません。" "This month's messages are used up. Nothing arrives on LINE until next month.";
    // Unreachable
    UNREACHABLE_TITLE "緊急の通知が届かない人" "People a critical notice would not reach";
    UNREACHABLE_LEAD "つながっているどのチャネルでも届かない人と、その理由です。" "No connected channel reaches them; here is why.";
    UNREACHABLE_NONE "全員に届きます" "Everybody is reached";
    UNREACHABLE_NONE_TEXT "緊急の通知は、利用中のメンバー全員に、少なくとも一つのチャネルで届きます。" "A critical notice reaches every active member on at least one channel.";
    ANNOUNCE "お知らせを書く" "Write an announcement";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there_in_both_languages() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
