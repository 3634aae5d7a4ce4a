//! Sentences of メンバー beyond the list and the form.

pub mod list {
    crate::i18n::texts! {
        IMPORT "CSVで取り込む" "Import CSV";
        EXPORT "CSVに書き出す" "Export CSV";
        COMPANIES "会社" "Companies";
        INVITE "招待" "Invite";
        MATCH "IDを照合" "Match IDs";
        STATE "状態" "State";
        ANY_STATE "すべての状態" "Any state";
        ACTIVE "利用中" "Active";
        INACTIVE "停止中" "Inactive";
        NOT_INVITED "未招待" "Never invited";
        WITHOUT_LINEWORKS "LINE WORKS IDなし" "No LINE WORKS ID";
        WITHOUT_SLACK "Slack IDなし" "No Slack ID";
        WITHOUT_LINE "LINE未連携" "LINE not linked";
        // Export
        EXPORT_LEAD "いまの検索と絞り込みに合うメンバーを、1つのCSVファイルに書き出します。書き出したファイルは、そのまま取り込みに使えます。" "Everybody whom the search and filters find, as one CSV file. It can be imported again as it is.";
        EXPORT_FOR "文字コード" "Encoding";
        EXPORT_UTF8 "UTF-8(BOM付き、Excelで開けます)" "UTF-8 with a byte order mark, for Excel too";
        EXPORT_SJIS "Shift_JIS(古いシステム向け)" "Shift_JIS, for older systems";
        EXPORT_DO "書き出す" "Export";
        EXPORT_BUSY "書き出しています" "Exporting";
        EXPORT_PROGRESS "書き出し" "Export";
        EXPORTED "{}人を書き出しました。" "{} members were exported.";
        EXPORT_LOST "Shift_JISにない文字が{}個あり、「?」になりました。正確に残すにはUTF-8で書き出してください。" "{} letters are not in Shift_JIS and became “?”. Use UTF-8 to keep them.";
        EXPORT_NO_SJIS "このブラウザーではShift_JISに書き出せません。" "This browser cannot write Shift_JIS.";
        // Match
        MATCH_LEAD "ログインメールを手がかりに、まだIDのないメンバーへLINE WORKSとSlackのIDを入れます。入っているIDは変わりません。" "Finds LINE WORKS and Slack IDs by login email for members who have none. IDs that are there stay.";
        MATCH_NONE "LINE WORKSもSlackも、まだ連携していません。" "Neither LINE WORKS nor Slack is connected yet.";
        MATCH_CONNECT "連携を開く" "Open integrations";
        // Invite
        INVITE_LEAD "サインインのリンクをメールで送ります。リンクは7日間、1回だけ使えます。" "Sends a sign-in link by mail. It works once, for 7 days.";
        INVITE_WHOM "送る相手" "To whom";
        INVITE_NEW "まだ招待していない人だけ" "Only people who were never invited";
        INVITE_ALL "検索と絞り込みに合う全員" "Everybody found by the search and filters";
        INVITE_DO "{}人に送る" "Send to {}";
        INVITE_NOBODY "送る相手がいません" "Nobody to send to";
        INVITE_BUSY "準備しています" "Preparing";
        INVITING "招待メールを送っています" "Sending invitations";
        INVITING_LEAD "このページを離れても続きます。" "It goes on when you leave this page.";
        INVITED_ALL "招待メールを{}人に送りました。" "Invitations were sent to {} members.";
        INVITE_FAILED "{}人には送れませんでした。メールアドレスと連携を確認してください。" "{} could not be sent. Check the addresses and the connection.";
        STOP "やめる" "Stop";
    }
}

pub mod person {
    crate::i18n::texts! {
        SLACK_ID "Slack ID" "Slack ID";
        SLACK_ID_HINT "SlackのメンバーID(例: U012AB3CD)。「IDを照合」で自動で入ります" "Member ID like U012AB3CD; “Match IDs” fills it in by itself";
        ACTIONS "この人のために" "For this person";
        CHANNELS "届け先の状態" "Where they are reached";
        OFF "本人がオフ" "turned off";
        LAST_OK "最後に届いた {}" "Last arrived {}";
        NONE "届け先がありません。" "There is nowhere to reach them.";
        INVITE "招待メールを送る" "Send an invitation";
        INVITE_AGAIN "招待メールをもう一度送る" "Send the invitation again";
        INVITE_BUSY "送っています" "Sending";
        INVITE_NOTE "サインインのリンクを、通知用メールに送ります。" "Mails a sign-in link to the notification address.";
        INVITED "招待メールを送信中です。まもなく届きます。" "The invitation is on its way.";
        INVITED_AT "招待 {}" "Invited {}";
        LINK "サインインのリンクを作る" "Make a sign-in link";
        LINK_BUSY "作っています" "Making it";
        LINK_NOTE "30分間、1回だけ使えます。本人にだけ渡してください。" "Works once, for 30 minutes. Give it to this person only.";
        LINK_COPY "リンクをコピー" "Copy the link";
        ERASE "このメンバーを消去" "Erase this member";
        ERASE_NOTE "しばらく使わないだけなら、「利用可」をオフにしてください。" "To pause someone, turn “Active” off instead.";
        ERASE_TITLE "「{}」を消去" "Erase “{}”";
        ERASE_LEAD "名前、届け先、設定、勤怠の記録がすべて消え、元に戻せません。配信の記録には、だれかわからない番号だけが残ります。" "Name, addresses, settings and attendance go for good. Deliveries keep an id that says nothing about the person.";
        ERASE_COUNTS "いっしょに消えるもの" "What goes with it";
        ERASE_WAITING "まだ届いていない通知" "Notices on their way";
        ERASE_DOORS "この人あての受信口" "Doors that lead here";
        ERASE_PUNCHES "打刻" "Punches";
        ERASE_DO "消去する" "Erase";
        ERASE_BUSY "消去しています" "Erasing";
        ERASED "「{}」を消去しました。" "“{}” was erased.";
        // Two at once
        COMPANY_OTHER "別の会社" "another company";
    }
}

pub mod companies {
    crate::i18n::texts! {
        TITLE "会社" "Companies";
        LEAD "メンバーが所属する契約企業。会社ごとに管理者を置き、通知ルールを分けられます。" "The companies members belong to. Each can have admins and rules of its own.";
        BACK "メンバーの一覧" "All members";
        ADD "会社を追加" "Add a company";
        NAME "会社名" "Company name";
        CREATE "追加" "Add";
        RENAMED_MEANWHILE "ほかの人が「{}」に変更しました。もう一度保存すると、あなたの入力に変わります。" "Someone else renamed it to “{}”. Saving again puts yours over it.";
        CREATE_BUSY "追加しています" "Adding";
        CREATED "「{}」を追加しました。" "“{}” was added.";
        MEMBERS "{}人" "{} members";
        RENAME "名前を変える" "Rename";
        RENAME_SAVE "保存" "Save";
        RENAMED "名前を変えました。" "It was renamed.";
        DELETE "削除" "Delete";
        DELETE_TITLE "「{}」を削除" "Delete “{}”";
        DELETE_LEAD "この会社だけの通知ルールとルームの設定も消え、元に戻せません。" "Its own rules and room go too. This cannot be undone.";
        DELETE_DO "削除する" "Delete";
        DELETE_BUSY "削除しています" "Deleting";
        DELETED "会社を削除しました。" "The company was deleted.";
        NOT_EMPTY "メンバーがいる会社は削除できません" "A company with members cannot be deleted";
        EMPTY "まだ会社がありません" "No companies yet";
        EMPTY_NEXT "会社を追加するか、会社の列があるCSVを取り込むと、ここに並びます。" "Add one, or import a CSV that has a column for it.";
        RULES "通知ルール" "Rules";
    }
}

pub mod import {
    crate::i18n::texts! {
        TITLE "CSVで取り込む" "Import CSV";
        LEAD "メンバーをまとめて追加、変更します。内容を確認するまで、何も変わりません。" "Adds and changes many members at once. Nothing changes until you have seen what it does.";
        BACK "メンバーの一覧" "All members";
        CHOOSE "CSVファイルを選ぶ" "Choose a CSV file";
        DROP "ここにドロップもできます" "or drop it here";
        FILE "CSVファイル" "CSV file";
        RULES_1 "1行目は見出し。ログインメールの列で、だれの行かを見分けます。" "The first line has headings. The login email says who a line is about.";
        RULES_2 "文字コードはUTF-8とShift_JIS。5 MBまで、20,000人まで。" "UTF-8 or Shift_JIS, up to 5 MB and 20,000 people.";
        RULES_3 "空のセルは、その項目を空にします。列がない項目は変わりません。" "An empty cell empties the field. A field without a column stays.";
        SAMPLE "見本のファイル" "A sample file";
        SAMPLE_NAME "todoke-members.csv" "todoke-members.csv";
        READING "読み込んでいます" "Reading";
        TOO_LARGE "5 MBより大きいファイルです。分けて取り込んでください。" "The file is larger than 5 MB. Import it in parts.";
        NO_TEXT "文字コードを読み取れません。UTF-8かShift_JISのCSVで保存し直してください。" "The encoding is not known. Save it as CSV in UTF-8 or Shift_JIS.";
        EMPTY "見出しの下に行がありません。" "There are no lines below the headings.";
        TOO_MANY_ROWS "20,000行より多いファイルです。分けて取り込んでください。" "There are more than 20,000 lines. Import it in parts.";
        TOO_MANY_COLUMNS "列が100より多く、メンバーのファイルとして読めません。" "There are more than 100 columns: this is no file of members.";
        UNCLOSED "{}行目の引用符(\")が閉じていません。" "A quotation mark in line {} is never closed.";
        // Columns
        COLUMNS "列の読み取り方" "What the columns are";
        COLUMNS_LEAD "{} · {}行" "{} · {} lines";
        COLUMN_FILE "ファイルの列" "Column of the file";
        COLUMN_SAMPLE "例" "Example";
        COLUMN_FIELD "取り込み先" "Goes into";
        COLUMN_NONE "使わない" "Leave out";
        COLUMN_AS "「{}」の取り込み先" "What “{}” goes into";
        NEEDS_LOGIN "ログインメールの列を選んでください。" "Choose the column with the login email.";
        NO_NAME "名前の列がないため、新しい人は追加できません。登録済みの人の変更だけを取り込みます。" "Without a name column nobody new can be added; only known members are changed.";
        CREATE_COMPANIES "登録されていない会社は、追加する" "Add companies that are not registered";
        CHECK "内容を確認" "Check it";
        OTHER_FILE "別のファイルを選ぶ" "Choose another file";
        CHECKING "1行ずつ確認しています。まだ何も変わりません。" "Checking line by line. Nothing changes yet.";
        CHECK_PROGRESS "確認" "Check";
        // Preview
        PREVIEW "取り込むとこうなります" "What the import will do";
        NOTHING_YET "まだ何も変わっていません。" "Nothing has changed yet.";
        SHOW "表示する行" "Lines shown";
        ALL_LINES "すべて" "All";
        LINE "行" "Line";
        RESULT "結果" "Result";
        WHO "だれ" "Who";
        WHAT "内容" "What";
        NEW_COMPANIES "追加する会社: {}" "Companies to add: {}";
        MORE_LINES "さらに{}行を表示" "Show {} more lines";
        REFUSED "問題のある{}行は取り込みません。直してから、もう一度取り込めます。" "Lines with problems are left out: {}. Put them right and import them again.";
        SAVE_REFUSED "問題のある行を保存" "Save the lines with problems";
        REASON "理由" "Reason";
        START "{}人を取り込む" "Import {} people";
        START_BUSY "始めています" "Starting";
        NOTHING_TO_DO "取り込むものはありません。" "There is nothing to import.";
        STOP_HERE "やめる" "Cancel";
        STOPPED_HERE "取り込みをやめました。何も変わっていません。" "The import was cancelled. Nothing has changed.";
        // Running
        RUNNING "取り込んでいます" "Importing";
        RUNNING_LEAD "このページを離れても続きます。戻ると続きが見られます。" "It goes on when you leave this page; come back to see how far it is.";
        PROGRESS "取り込み" "Import";
        STOP "止める" "Stop";
        STOP_NOTE "止めると、残りは取り込みません。取り込んだ分は残ります。" "Stopping leaves the rest out. What was imported stays.";
        DONE "取り込みました" "Imported";
        WAS_STOPPED "途中で止めました" "Stopped halfway";
        FAILED "取り込みを続けられませんでした" "The import could not go on";
        FAILED_NEXT "終わった分はそのまま残っています。権限を確認して、同じファイルをもう一度取り込んでください。" "What was done stays. Check the permissions and import the same file again.";
        RESULT_FILE "結果のファイル" "Result file";
        TO_MEMBERS "メンバーを見る" "See the members";
        ANOTHER "別のファイルを取り込む" "Import another file";
        HISTORY "最近の取り込み" "Recent imports";
        BY "{}さん" "by {}";
        COUNTS "追加 {} · 変更 {} · 変更なし {} · 問題あり {}" "added {} · changed {} · as it was {} · refused {}";
        OPEN "開く" "Open";
        NOT_FOUND "この取り込みは見つかりません。" "This import was not found.";
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        for texts in [super::list::ALL, super::person::ALL, super::companies::ALL, super::import::ALL] {
            assert_eq!(crate::i18n::flaws(texts), Vec::<String>::new());
        }
    }
}
