//! Sentences of the self-service pages.

use crate::i18n::texts;

texts! {
    // わたしの通知
    ME_TITLE "わたしの通知" "My notices";
    ME_LEAD "お知らせをどこで受け取るかを選べます。変更はすぐに反映されます。" "Choose where your notices reach you. Changes take effect at once.";
    CHANNELS_TITLE "受け取る場所" "Where they reach you";
    NO_CHANNELS_TITLE "まだ受け取れる場所がありません" "There is no channel yet";
    NO_CHANNELS "管理者がメールやチャットを連携すると、ここで選べるようになります。" "Once an admin connects mail or a messenger, you can choose it here.";
    RECEIVE_ON "{}で受け取る" "Receive notices on {}";
    LAST_OK "最後に届いたのは " "Last arrived ";
    NEVER_OK "まだ何も届いていません" "Nothing has arrived yet";
    NO_ADDRESS "宛先が登録されていません" "No address is registered";
    NO_ADDRESS_HELP "管理者に登録を依頼してください。" "Ask an admin to register it.";
    LAST_ONE "ほかに受け取れる場所がないため、オフにできません。" "It is the only one on, so it cannot be turned off.";
    BLOCKED_HELP "受信を止めているようです。チャット側でブロックを解除すると、また届きます。" "Messages are refused there. Unblock the sender in the messenger and they arrive again.";
    BROKEN_HELP "この宛先には届きませんでした。正しいか管理者に確認してください。" "Nothing can be delivered there. Ask an admin to check the address.";
    BROKEN_OWN_HELP "この宛先には届きませんでした。下でもう一度連携してください。" "Nothing can be delivered there. Link it again below.";
    // Linking
    LINK_PUSH_HELP "お使いのスマートフォンやパソコンに、通知として直接届きます。" "Notices come straight to your phone or computer as notifications.";
    LINK_LINE_HELP "LINEにログインし、会社の公式アカウントを友だちに追加すると、LINEで受け取れます。" "Log in to LINE and add the company's account as a friend to get notices there.";
    LINK_LINE "LINEと連携" "Link LINE";
    LINK_SLACK_HELP "SlackのメンバーIDを登録すると、ダイレクトメッセージで受け取れます。" "Register your Slack member ID to get notices as direct messages.";
    SLACK_ID "SlackのメンバーID" "Slack member ID";
    SLACK_ID_HINT "Slackの自分のプロフィール > ⋮ > 「メンバーIDをコピー」" "In Slack: your profile > ⋮ > Copy member ID";
    LINK_CHAT_HELP "自分のスペースのWebhook URLを登録すると、そのスペースで受け取れます。" "Register the webhook URL of a space of your own to get notices there.";
    CHAT_URL "Webhook URL" "Webhook URL";
    CHAT_URL_HINT "Google Chatのスペース > スペース名 > アプリと統合 > Webhook" "In Google Chat: the space's name > Apps & integrations > Webhooks";
    LINK "連携する" "Link";
    LINK_AND_TRY "連携してメッセージを送る" "Link and send a message";
    LINKING "確認しています" "Checking";
    LINKED_WITH "{}と連携しました" "{} is linked";
    FRIEND_HELP "あと一歩です。公式アカウントを友だちに追加すると届きます。" "One more step: add the account as a friend.";
    FRIEND_NAMED "「{}」を友だちに追加してください。" "Add “{}” as a friend.";
    FRIEND_UNNAMED "会社の公式アカウントを友だちに追加してください。" "Add the company's account as a friend.";
    FRIEND_QR "友だち追加のQRコード" "QR code to add the friend";
    FRIEND_QR_HELP "スマートフォンのLINEで読み取ります。" "Scan it with LINE on your phone.";
    ADD_FRIEND "友だち追加" "Add as a friend";
    FRIEND_WAIT "追加すると、この表示は自動で「連携済み」に変わります。" "Once you have added it, this turns to “Linked” by itself.";
    FRIEND_CHECK "追加したのに変わらないとき" "I added it and nothing changed";
    FRIEND_CHECKING "LINEに確認しています" "Asking LINE";
    UNLINK "連携を解除" "Unlink";
    UNLINK_NAMED "{}の連携を解除" "Unlink {}";
    UNLINK_ASK "{}には届かなくなります。解除しますか。" "Notices will no longer reach you on {}. Unlink it?";
    UNLINKING "解除しています" "Unlinking";
    UNLINKED "{}の連携を解除しました" "{} is unlinked";
    KEEP "やめる" "Keep it";
    // Buttons of notices
    ANSWER "このお知らせへの回答" "Answer this notice";
    CLAIMED "{}さんが「{}」を選びました" "{} chose “{}”";
    YOURS "「{}」を受け付けました。あなたが対応します。" "“{}” is yours.";
    TAKEN "すでに{}さんが「{}」を選んでいます" "{} has already chosen “{}”";
    TEST "テスト送信" "Send a test";
    TESTING "送信しています" "Sending";
    TEST_NAMED "{}にテスト送信" "Send a test to {}";
    TEST_WAITING "送信の順番を待っています" "Waiting for its turn";
    TEST_SENT "届けました" "Delivered";
    TEST_FAILED "届けられませんでした。" "It could not be delivered.";
    TEST_UNCERTAIN "届いたか確認できませんでした。" "It may or may not have arrived.";
    CHANNEL_ON "{}をオンにしました" "{} is on";
    CHANNEL_OFF "{}をオフにしました" "{} is off";
    // Kinds
    KINDS_TITLE "通知の種類" "Kinds of notices";
    KINDS_LEAD "種類ごとに、受け取る場所を選べます。" "Choose for each kind where it reaches you.";
    KINDS_ALL_ON "すべてオン" "all on";
    KINDS_OFF "{}件をオフにしています" "{} turned off";
    KIND "種類" "Kind";
    KIND_ON "「{}」を{}で受け取る" "Receive “{}” on {}";
    MANDATORY "管理者が必須にしている通知です。" "The admin made this notice mandatory.";
    LOCKED "この通知の設定は管理者が決めています。" "The admin decides about this notice.";
    RULED_OFF "{}では送らない設定です(管理者)。" "The admin turned it off for {}.";
    // Recent notices
    NOTICES_TITLE "最近の通知" "Recent notices";
    NO_NOTICES_TITLE "通知はまだありません" "No notices yet";
    NO_NOTICES "ここには、あなた宛ての通知と、どこへ届けたかが並びます。" "Your notices and where they were delivered will be listed here.";
    MORE "さらに表示" "Show more";
    MORE_LOADING "読み込んでいます" "Loading";
    READ_ALL "すべて既読にする" "Mark all as read";
    UNREAD "(未読)" " (unread)";
    DUE "送信予定 " " Due ";
    WHY_FOR "「{}」の理由" "Reasons for “{}”";
    // One notice
    NOTICE_TITLE "通知" "Notice";
    BACK "わたしの通知へ戻る" "Back to my notices";
    OPEN_LINK "リンクを開く" "Open the link";
    CHANNELS_OF "届け先ごとの結果" "What happened on each channel";
    // Sign-in
    SIGN_IN_TITLE "サインイン" "Sign in";
    SIGN_IN_LEAD "登録されているメールアドレスに確認コードを送ります。連携済みのチャットでも受け取れます。" "We send a code to your registered mail address. A linked messenger receives it too.";
    EMAIL "メールアドレス" "Email";
    SEND_CODE "確認コードを送る" "Send the code";
    SIGN_IN_LINEWORKS "LINE WORKSでサインイン" "Sign in with LINE WORKS";
    SENDING_CODE "送っています" "Sending";
    CODE_TITLE "確認コードを入力" "Enter the code";
    CODE_LEAD "{} が登録されていれば、6桁の確認コードが届きます。10分以内に入力してください。" "If {} is registered, a six-digit code arrives. Enter it within 10 minutes.";
    CODE "確認コード(6桁)" "Code (6 digits)";
    SIGN_IN "サインイン" "Sign in";
    SIGNING_IN "確認しています" "Checking";
    OTHER_ADDRESS "アドレスを変える" "Use another address";
    SEND_AGAIN "コードを送り直す" "Send another code";
    SENT_AGAIN "新しいコードを送りました" "A new code was sent";
    CODE_SHORT "6桁の数字を入力してください。" "Enter six digits.";
    // Deep link
    LINK_TITLE "サインインしています" "Signing you in";
    LINK_FAILED_TITLE "サインインできませんでした" "Signing in did not work";
    LINK_WAIT "少しお待ちください。" "One moment.";
    TO_SIGN_IN "確認コードでサインイン" "Sign in with a code";
    // Set-up
    // Unsubscribe
    STOP_TITLE "メールの配信停止" "Stop this mail";
    STOP_ASK "この種類の通知を、メールでは受け取らないようにします。" "This kind of notice will no longer reach you by mail.";
    STOP_ASK_KIND "「{}」の通知を、メールでは受け取らないようにします。" "“{}” will no longer reach you by mail.";
    STOP_REST "ほかの種類の通知と、ほかの場所への通知は変わりません。" "Other kinds and other channels stay as they are.";
    STOP "配信を停止する" "Stop it";
    STOPPING "停止しています" "Stopping";
    STOPPED_TITLE "配信を停止しました" "It is stopped";
    STOPPED "「わたしの通知」でいつでも戻せます。" "You can turn it on again under “My notices”.";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
