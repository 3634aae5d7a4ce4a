//! Sentences of the kit.

use crate::i18n::texts;

texts! {
    BRAND "届け" "Todoke";
    PRODUCT "Todoke" "Todoke";
    SKIP "本文へ移動" "Skip to content";
    MENU "メニュー" "Menu";
    NAVIGATION "ページ" "Pages";
    LANGUAGE "English" "日本語";
    LANGUAGE_LABEL "表示言語を英語にする" "Switch the language to Japanese";
    THEME_AUTO "配色: 端末に合わせる" "Theme: as the device";
    THEME_LIGHT "配色: ライト" "Theme: light";
    THEME_DARK "配色: ダーク" "Theme: dark";
    SIGN_OUT "サインアウト" "Sign out";
    SIGNING_OUT "サインアウトしています" "Signing out";
    MY_NOTICES "わたしの通知" "My notices";
    CONSOLE "管理コンソール" "Console";
    LOADING "読み込んでいます" "Loading";
    LOAD_FAILED "読み込めませんでした" "This could not be loaded";
    RETRY "再試行" "Try again";
    OFFLINE "接続が切れています。自動で再接続し、そのあいだの変化を読み込み直します。" "The connection is lost. It comes back by itself, and what changed meanwhile is loaded again.";
    COPY "コピー" "Copy";
    COPIED "コピーしました" "Copied";
    COPY_FAILED "コピーできませんでした。選択してコピーしてください。" "Copying failed. Please select and copy it.";
    CLOSE "閉じる" "Close";
    UNDO "元に戻す" "Undo";
    OPTIONAL "任意" "optional";
    SHOW "表示" "Show";
    HIDE "隠す" "Hide";
    SHOW_LABEL "入力した文字を表示" "Show what was typed";
    HIDE_LABEL "入力した文字を隠す" "Hide what was typed";
    WORKING "処理しています" "Working";
    ON "オン" "On";
    OFF "オフ" "Off";
    WHY "なぜ?" "Why?";
    FILE_CHOOSE "ファイルを選ぶ" "Choose the file";
    FILE_DROP "またはここへドロップ" "or drop it here";
    FILE_PASTE "内容を貼り付ける" "Paste the content instead";
    FILE_READ "{}を読み込みました" "{} was read";
    FILE_PASTED "内容を読み込みました" "The content was read";
    FILE_OTHER "選び直す" "Choose another";
    FILE_TOO_LARGE "ファイルが大きすぎます。秘密鍵は数KBです。" "This file is too large. A private key is a few kilobytes.";
    FILE_UNREADABLE "ファイルを読み取れませんでした。" "The file could not be read.";
    NOT_ADMIN_TITLE "管理者のページです" "This page is for admins";
    NOT_ADMIN "あなたの権限では表示できません。必要なときは管理者に依頼してください。" "Your role does not show it. Ask an admin if you need it.";
    NOT_FOUND_TITLE "ページが見つかりません" "This page does not exist";
    NOT_FOUND "アドレスが変わったか、削除された可能性があります。" "The address may have changed, or it was deleted.";
    TO_MY_NOTICES "わたしの通知へ" "To my notices";
    EVERYTHING "すべて" "All";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
