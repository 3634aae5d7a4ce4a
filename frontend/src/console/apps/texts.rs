//! Sentences of アプリ and 勤怠.

crate::i18n::texts! {
    TITLE "アプリ" "Apps";
    LEAD "通知のほかに、トークの中でTodokeができることです。" "What Todoke does in the talk beside notices.";
    ATTENDANCE "勤怠" "Attendance";
    ATTENDANCE_IS "トークで「出勤」と送ると打刻され、月の勤怠にまとまります。" "A word in the talk clocks in; a month's sheet gathers the punches.";
    SETTINGS "設定" "Settings";
    ON "オン" "On";
    OFF "オフ" "Off";
    COMMA "、" ", ";
    STATE_OFF "打刻を受け付けていません。" "Nothing is punched.";
    STATE_NOWHERE "受け付ける連携がありません。" "There is no messenger to listen to.";
    STATE_ROOMS "{} の1対1のトークとルームで受け付けています。" "Listens on {}, in talks between two and in rooms.";
    STATE_ALONE "{} の1対1のトークで受け付けています。" "Listens on {}, in talks between two.";
    // Tabs
    TABS "勤怠の表示" "Views of attendance";
    TAB_MONTHS "月の勤怠" "Months";
    TAB_SETTINGS "設定" "Settings";
    MONTHS_LEAD "名前を選ぶと、その人の1日ごとの打刻を見て、修正や差し戻しができます。" "Choose a name to see each day's punches, correct them or send the month back.";
    SETTINGS_LEAD "どこで、どの言葉を打刻として受け付けるかを決めます。" "Where it listens, and which words punch.";
    // Months
    MONTH "月" "Month";
    MONTH_BEFORE "前の月" "Previous month";
    MONTH_AFTER "次の月" "Next month";
    CSV "CSV" "CSV";
    CSV_BUSY "作成しています" "Preparing";
    PRINT "印刷" "Print";
    SEARCH "名前・社員番号で検索" "Search name or employee number";
    STATE "状態" "State";
    ANY_STATE "すべての状態" "Any state";
    COUNT "{}人、うち提出済み {}人" "People: {}, submitted: {}";
    COLUMN_NAME "氏名" "Name";
    COLUMN_STATE "状態" "State";
    COLUMN_DAYS "勤務日数" "Days";
    COLUMN_WORKED "勤務時間" "Worked";
    COLUMN_BREAKS "休憩時間" "Breaks";
    MISSING_COUNT "退勤の打刻なし {}" "Clock-out missing: {}";
    NOBODY "まだメンバーがいません" "There are no members yet";
    NOBODY_NEXT "メンバーを登録すると、月の勤怠がここに並びます。" "Once members are registered, their months are listed here.";
    TO_MEMBERS "メンバーへ" "To the members";
    NOTHING_NEXT "条件を変えるか、絞り込みを解除してください。" "Change the filters or clear them.";
    // Sheet
    GONE "このメンバーは見つかりません" "This member was not found";
    REASON_WAS "差し戻しの理由: {}" "Sent back because: {}";
    MISSING "退勤の打刻なし" "Clock-out missing";
    DAYS "1日ごとの打刻" "Punches by day";
    COLUMN_DATE "日付" "Date";
    COLUMN_IN "出勤" "In";
    COLUMN_OUT "退勤" "Out";
    COLUMN_BREAK "休憩" "Break";
    BREAK_SUM "計 {}" "total {}";
    NEXT_DAY "24:00を過ぎた時刻は、翌日の時刻です。" "Times past 24:00 are of the next day.";
    CORRECTED "修正あり" "Corrected";
    CORRECTIONS "修正の記録" "Corrections";
    NO_PUNCHES "打刻なし" "No punches";
    // Correction
    CORRECT "修正" "Correct";
    CORRECT_DAY "{}を修正" "Correct {}";
    CORRECT_TITLE "{}の打刻を修正" "Correct {}";
    CORRECT_LEAD "この日の打刻を、正しい並びにします。翌日の1:30は25:30と入力します。すべて削除すると、勤務のない日になります。" "Put this day's punches right. Write 1:30 of the next day as 25:30. With none left, it is a day without work.";
    CORRECT_DONE "打刻を修正しました。" "The punches were corrected.";
    ADD_PUNCH "打刻を追加" "Add a punch";
    PUNCH_KIND "打刻の種類" "Kind of punch";
    PUNCH_TIME "時刻" "Time";
    REMOVE_PUNCH "{}を削除" "Remove {}";
    REASON "理由" "Reason";
    REASON_HINT "修正の記録に残り、本人に通知されます。" "It stays in the record, and the person is told.";
    CHANGED "この間に打刻か修正がありました。今の打刻: {}。上書きするには、もう一度保存してください。" "There was a punch or a correction meanwhile. Now: {}. Save again to replace it.";
    SAVE "保存" "Save";
    SAVING "保存しています" "Saving";
    SAVED "保存しました。" "Saved.";
    // Submit and send back
    SUBMIT "提出" "Submit";
    SUBMITTING "提出しています" "Submitting";
    SUBMITTED "提出しました。" "Submitted.";
    SUBMIT_TITLE "{}の勤怠を提出" "Submit {}";
    SUBMIT_LEAD "提出すると、この月は打刻も修正もできなくなります。差し戻すと、また修正できます。" "Once submitted, nothing is punched or corrected in this month until it is sent back.";
    MISSING_DAYS "退勤の打刻がない勤務が{}件あります。勤務時間に入っていません。" "Shifts without a clock-out: {}. They are not in the worked time.";
    SEND_BACK "差し戻す" "Send back";
    SENDING_BACK "差し戻しています" "Sending back";
    SENT_BACK "差し戻しました。本人に通知します。" "Sent back. The person is told.";
    SEND_BACK_TITLE "{}の勤怠を差し戻す" "Send {} back";
    SEND_BACK_LEAD "この月は、また打刻と修正ができるようになります。理由は本人に通知されます。" "The month can be punched and corrected again. The person is told the reason.";
    // Settings
    WHERE "打刻の受け付け" "Where it listens";
    SWITCH "トークで打刻する" "Punch by talk";
    SWITCH_HINT "オフのあいだは、どの言葉にも答えません。" "While this is off, no word is answered.";
    ROOMS "複数人のルームでも受け付ける" "Listen in rooms too";
    ROOMS_HINT "オフにすると、1対1のトークだけで受け付けます。" "When off, only talks between two count.";
    CONNECTIONS "受け付ける連携" "Messengers it listens to";
    CONNECTIONS_LEAD "すべてオンのあいだは、後から追加した連携でも受け付けます。" "While all are on, messengers that are added later count too.";
    LAST_CONNECTION "1つは必要です。すべて止めるには「トークで打刻する」をオフにします。" "One has to stay. To stop all, switch “Punch by talk” off.";
    NO_CONNECTIONS "トークを受け取れる連携がまだありません。" "No messenger that brings talks is connected yet.";
    TO_INTEGRATIONS "連携へ" "To the integrations";
    KEYWORDS "キーワード" "Keywords";
    KEYWORDS_LEAD "メッセージ全体がキーワードと同じときに打刻します。言葉、記号、絵文字を、それぞれ20個まで登録できます。" "A message that is a keyword as a whole punches. Words, signs or emoji, up to 20 of each.";
    CLOCK_IN "出勤" "Clock-in";
    CLOCK_OUT "退勤" "Clock-out";
    BREAK_START "休憩開始" "Break start";
    BREAK_END "休憩終了" "Break end";
    BREAK_HINT "休憩を打刻しないときは、休憩の2つを空にします。" "Leave both break lists empty if breaks are not punched.";
    REMIND_TITLE "退勤の打刻忘れ" "Forgotten clock-outs";
    REMIND_LEAD "出勤して退勤を打刻していない人に、毎日この時刻(日本時間)にたずねます。静かな時間の人にはたずねません。空欄なら、だれにもたずねません。" "Whoever clocked in and not out is asked at this time each day (Japan time), except those whose quiet time it is. Leave it empty to ask nobody.";
    REMIND_AT "たずねる時刻" "Time to ask";
    TRIGGERS "合言葉" "Trigger words";
    TRIGGERS_HINT "登録すると、「打刻 出勤」のように合言葉で始まるメッセージだけを打刻します。空のままなら、キーワードだけで打刻します。" "If there are any, only messages that begin with one are punched, like “punch in”. When empty, a keyword alone is enough.";
    ADD "追加" "Add";
    ADD_TO "{}に追加" "Add to {}";
    REMOVE_WORD "「{}」を削除" "Remove “{}”";
    SETTINGS_CHANGED "ほかの人が先に保存しました。今の設定: {}。もう一度保存すると、入力中の内容で上書きします。" "Someone else saved first. Saved now: {}. Save again to replace it with what is typed here.";
    TAKE_THEIRS "今の設定を読み込む" "Take what is saved now";
    TRY_TITLE "ためす" "Try it";
    TRY_LEAD "メッセージを送るとどうなるかを確かめます。保存していない内容でためし、打刻はしません。" "See what a message would do, with what is typed above. Nothing is punched.";
    TRY_TEXT "メッセージ" "Message";
    TRY "ためす" "Try";
    TRYING "確かめています" "Trying";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
