//! Sentences of 配信 about choosing, periods, work on many at once, and paper.

crate::i18n::texts! {
    PERSON "{}さんあて" "To {}";
    PERSON_OTHER "1人あて" "To one person";
    ONLY_CLEAR "この絞り込みを外す" "Take this filter away";
    FILTER_ROOM "ルーム" "Room";
    ANY_ROOM "すべてのルーム" "All rooms";
    FROM "この日から" "From";
    UNTIL "この日まで" "Until";
    ANNOUNCE "お知らせを送る" "Write an announcement";
    // Choosing
    PICK "まとめて操作" "Select several";
    PICK_END "選択を終える" "Stop selecting";
    PICK_ROW "「{}」を選ぶ" "Select “{}”";
    PICKED "{}件を選択中" "{} selected";
    PICKED_ALL "条件に当てはまるすべてを選択中" "Everything that matches is selected";
    PICK_SHOWN "表示中のすべて" "All shown";
    PICK_ALL "条件に当てはまるすべて" "All that match";
    RESEND "再送" "Resend";
    CANCEL "取り消す" "Cancel them";
    PICK_BAR "選択した配信の操作" "What to do with the selected deliveries";
    // Confirming
    RESEND_TITLE "まとめて再送" "Resend several";
    CANCEL_TITLE "まとめて取り消し" "Cancel several";
    RESEND_COUNT "選択した{}件のうち、失敗または到達不明の{}件を再送します。" "Of the {} selected, {} that failed or may not have arrived will be sent again.";
    CANCEL_COUNT "選択した{}件のうち、待機中の{}件を取り消します。送信済みのものは取り消せません。" "Of the {} selected, {} that still wait will be cancelled. What was sent cannot be taken back.";
    RESEND_NONE "選択した{}件の中に、再送できるものはありません。" "None of the {} selected can be sent again.";
    CANCEL_NONE "選択した{}件の中に、待機中のものはありません。" "None of the {} selected is still waiting.";
    UNCERTAIN_COUNT "このうち{}件はすでに届いている可能性があり、二重に届くことがあります。" "{} of them may have arrived already and may come twice.";
    RESEND_DO "{}件を再送" "Resend {}";
    CANCEL_DO "{}件を取り消す" "Cancel {}";
    BEGINNING "始めています" "Starting";
    CLOSE "閉じる" "Close";
    // Under way
    JOB_RESENDING "再送しています" "Resending";
    JOB_CANCELLING "取り消しています" "Cancelling";
    JOB_RESENT "{}件の再送を受け付けました" "{} are being sent again";
    JOB_CANCELLED "{}件を取り消しました" "{} were cancelled";
    JOB_STOPPED "{}件のところで中止しました" "Stopped after {}";
    JOB_BY "{}さんが開始" "begun by {}";
    JOB_LEAVE "このページを離れても続きます。" "It goes on when you leave this page.";
    JOB_STOP "中止" "Stop";
    JOB_STOP_BUSY "中止しています" "Stopping";
    JOBS "まとめて行った操作" "Work on many deliveries";
    // Detail
    AHEAD_ABOUT "先に送るものが{}件あります。およそ{}後に送ります。" "{} go first; this one follows in about {}.";
    ABOUT "およそ{}後に送ります。" "To be sent in about {}.";
    SOON "まもなく送ります。" "To be sent in a moment.";
    SECONDS "{}秒" "{} s";
    MINUTES "{}分" "{} min";
    HOURS "{}時間" "{} h";
    DAYS "{}日" "{} days";
    PRINT "印刷" "Print";
    COMPARE "並べて比べる" "Side by side";
    OF_PERSON "この宛先の配信" "All of this recipient";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
