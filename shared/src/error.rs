//! The one error of the API: a code, the field it is about, a sentence in the reader's language.

use serde::{Deserialize, Serialize};

use crate::lang::{Lang, Text};

/// Something the caller can be told. `code` is stable, `field` is a path like `to[2].member`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    pub code: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was found, where that helps: the unknown field's name, the limit. Never a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

impl Error {
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, field: None, found: None }
    }

    #[must_use]
    pub fn field(code: Code, field: impl Into<String>) -> Self {
        Self { code, field: Some(field.into()), found: None }
    }

    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into().chars().take(100).collect());
        self
    }

    /// The sentence for the reader.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let sentence = self.code.sentence().get(lang);
        match &self.found {
            Some(found) => match lang {
                Lang::Ja => format!("{sentence}({found})"),
                Lang::En => format!("{sentence} ({found})"),
            },
            None => sentence.to_owned(),
        }
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

/// The wire form of a refusal: `{"code","message","field"?,"errors"?}`. `errors` is there when a form has
/// more than one thing wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    pub code: Code,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorBody>,
}

impl ErrorBody {
    /// The first error leads; the whole list follows when there are several.
    #[must_use]
    pub fn of(errors: &[Error], lang: Lang) -> Self {
        let one = |error: &Error| Self {
            code: error.code,
            message: error.message(lang),
            field: error.field.clone(),
            errors: Vec::new(),
        };
        let mut body = errors.first().map_or_else(|| one(&Error::new(Code::Internal)), one);
        if errors.len() > 1 {
            body.errors = errors.iter().map(one).collect();
        }
        body
    }
}

macro_rules! codes {
    ($($variant:ident $status:literal $ja:literal $en:literal;)*) => {
        /// Every way in which a request can be refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($variant,)* }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The HTTP status it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status,)* } }

            #[must_use]
            pub const fn sentence(self) -> Text { match self { $(Self::$variant => Text::new($ja, $en),)* } }
        }
    };
}

codes! {
    MalformedJson 400 "JSONとして読めません。" "This is not valid JSON.";
    UnknownField 400 "この項目名は使えません。" "This field is not known.";
    WrongType 400 "値の型が違います。" "The value has the wrong type.";
    Required 400 "入力してください。" "This is required.";
    TooLong 400 "長すぎます。" "This is too long.";
    TooMany 400 "数が多すぎます。" "There are too many.";
    NotDigits 400 "数字だけで入力してください。" "Use digits only.";
    NotAPrivateKey 400 "秘密鍵(.keyファイル)の内容ではありません。" "This is not the content of a private key (.key) file.";
    NotABotToken 400 "Botトークン(xoxb-…)ではありません。" "This is not a bot token (xoxb-…).";
    NotAServiceAccount 400 "Service Accountの形(…serviceaccount@…)ではありません。" "This does not look like a service account (…serviceaccount@…).";
    NotAServiceAccountFile 400 "GoogleサービスアカウントのJSONファイルの内容ではありません。" "This is not the content of a Google service account's JSON file.";
    NotAnApiId 400 "API IDは半角英数字だけで入力してください。" "An API ID has letters and digits only.";
    NotAGoogleChatWebhook 400 "Google ChatのWebhook URL(https://chat.googleapis.com/v1/spaces/…)ではありません。" "This is not a Google Chat webhook URL (https://chat.googleapis.com/v1/spaces/…).";
    UnknownPushService 400 "このブラウザーの通知の仕組みには対応していません。" "This browser's push service is not supported.";
    NotASlackMemberId 400 "SlackのメンバーID(UかWで始まる英数字)ではありません。" "This is not a Slack member ID (letters and digits that begin with U or W).";
    NotAMailAddress 400 "メールアドレスの形ではありません。" "This is not a mail address.";
    NotAHost 400 "サーバー名の形ではありません。" "This is not a host name.";
    NotAPort 400 "1から65535までの数字を入力してください。" "Enter a number from 1 to 65535.";
    PortRefused 400 "25番ポートは使えません。587か465を入力してください。" "Port 25 cannot be used. Enter 587 or 465.";
    NotALink 400 "httpsで始まるURLを入力してください。" "Enter a URL that begins with https.";
    NotAPublicUrl 400 "インターネットから届くhttpsのURLを入力してください。社内や自分自身を指すURLには送れません。" "Enter an https URL that the internet can reach. Nothing is sent to an internal address.";
    NotATime 400 "日時はRFC 3339の形で入力してください。" "Write the time as RFC 3339.";
    NotAPunchTime 400 "時刻は00:00から47:59までで入力してください。" "Write the time from 00:00 to 47:59.";
    WrongConfirmation 400 "確認のために入力した名前が違います。" "The name typed to confirm does not match.";
    NotATimeInDay 400 "時刻は00:00から23:59までで入力してください。" "Write the time from 00:00 to 23:59.";
    NotATimeOfDay 400 "開始と終了には、違う時刻を入力してください。" "Give two different times of day.";
    EndsBeforeStart 400 "終わりは、始まりより後にしてください。" "The end must be after the start.";
    AlwaysQuiet 400 "すべての曜日を休みにすると、通知が届きません。" "With every day quiet, nothing would arrive.";
    NotADay 400 "正しい日付を入力してください。" "This is not a date.";
    PunchesDoNotFit 400 "打刻の順番が合わないか、前後の日の勤務と重なっています。" "The punches are out of order or overlap with another day.";
    NotARetention 400 "保存期間は0(無期限)か、35から3650までの日数で入力してください。" "Enter 0 (for ever) or a number of days from 35 to 3650.";
    MonthNotBegun 400 "まだ始まっていない月です。" "The month has not begun.";
    TooFarAhead 400 "90日より先の日時は指定できません。" "The time is more than 90 days ahead.";
    TimePassed 400 "過ぎた日時です。これからの日時を入力してください。" "This time has passed. Enter one to come.";
    UnknownKind 400 "この通知の種類はありません。" "This kind of notice does not exist.";
    UnknownMember 400 "このメンバーは登録されていません。" "This member is not registered.";
    UnknownCompany 400 "この会社は登録されていません。" "This company is not registered.";
    UnknownRoom 400 "このルームは登録されていません。" "This room is not registered.";
    UnknownChannel 400 "このチャネルはありません。" "This channel does not exist.";
    EmptyAudience 400 "宛先に当てはまる人がいません。" "The audience has nobody in it.";
    NotAnActionId 400 "ボタンのidは、半角の小文字・数字・「_」「-」で40文字以内にしてください。" "An action's id has lower-case letters, digits, _ and -, at most 40.";
    NamedTwice 400 "同じ値が2回あります。" "The same value is there twice.";
    UnknownAction 404 "このお知らせにそのボタンはありません。" "This notice has no such action.";
    NotForYou 403 "このお知らせの宛先ではありません。" "This notice was not sent to you.";
    KeyTooLong 400 "Idempotency-Keyは1文字以上200文字以下の英数字と記号で指定してください。" "Idempotency-Key must be 1 to 200 visible ASCII characters.";
    NotACustomKind 400 "通知の種類は「app.name」の形の半角英小文字で指定してください。" "Write a kind as app.name in lower-case letters.";
    PlainOnlyToLoopback 400 "暗号化なしの接続は、開発中の自分のパソコンにだけ使えます。" "An unencrypted connection is only for this machine, in development.";
    BadKey 401 "APIキーが正しくありません。" "The API key is not valid.";
    BadSignature 401 "署名が正しくありません。" "The signature is not valid.";
    NotSignedIn 401 "サインインしてください。" "Please sign in.";
    BadSetupToken 401 "セットアップトークンが正しくありません。" "The setup token is not valid.";
    WrongCode 401 "確認コードが正しくないか、期限が切れています。" "The code is wrong or has expired.";
    LinkUsed 401 "このリンクは使用済みか、期限が切れています。" "This link was used already or has expired.";
    NotAllowed 403 "この操作の権限がありません。" "You are not allowed to do this.";
    WrongOrigin 403 "別のサイトからの操作は受け付けません。" "Requests from another site are refused.";
    NotFound 404 "見つかりません。" "Not found.";
    KeyReused 409 "同じIdempotency-Keyが別の内容で使われています。" "This Idempotency-Key was used with another body.";
    AlreadyExists 409 "すでに登録されています。" "This exists already.";
    AddressTaken 409 "ほかのメンバーが使っています。" "Another member uses it.";
    AlreadySetUp 409 "セットアップは完了しています。" "Set-up is done already.";
    LastChannel 409 "最後のチャネルはオフにできません。通知が届かなくなるためです。" "The last channel cannot be turned off: nothing could reach you.";
    KindIsMandatory 409 "この通知は管理者が必須にしています。" "The admin made this notice mandatory.";
    KindIsLocked 409 "この通知は、利用者による変更が許可されていません。管理者に依頼してください。" "Members may not change this notice themselves. Ask an admin.";
    KindIsFixed 409 "最初からある種類の名前は変えられません。" "A kind that comes with Todoke keeps its name.";
    KindInUse 409 "使われたことがあるため削除できません。アーカイブしてください。" "It has been used, so it cannot be deleted. Archive it instead.";
    KindArchived 409 "この通知の種類はアーカイブされています。" "This kind of notice is archived.";
    BotNotInRoom 409 "Botがこのルームに参加していないか、IDが違います。Botを招待してから確認してください。" "The bot is not in this room, or the ID is wrong. Invite the bot, then check again.";
    CannotResend 409 "この配信は再送できる状態ではありません。" "This delivery cannot be resent now.";
    CannotCancel 409 "すべて送信済みのため取り消せません。" "Everything was sent already.";
    StillWaiting 409 "前の処理が終わっていません。" "The last one is not finished yet.";
    CompanyNotEmpty 409 "この会社にはまだメンバーがいます。" "The company still has members.";
    LastOwner 409 "オーナーが一人もいなくなるため変更できません。" "There must be at least one owner.";
    NotConnected 409 "連携が設定されていません。" "The channel is not connected.";
    ChangedMeanwhile 409 "ほかの人が先に変更しました。読み込み直してください。" "Someone else changed this first. Reload it.";
    MonthSubmitted 409 "この月は提出済みです。先に差し戻してもらってください。" "This month was submitted. Have it sent back first.";
    MonthNotSubmitted 409 "この月は提出されていません。" "This month was not submitted.";
    TooLarge 413 "大きすぎます。" "This is too large.";
    TooManyRequests 429 "回数が多すぎます。しばらくしてからもう一度お試しください。" "Too many attempts. Try again in a while.";
    ConnectionFailed 422 "接続を確認できませんでした。" "The connection could not be confirmed.";
    Internal 500 "サーバーで問題が起きました。もう一度お試しください。" "Something went wrong on the server. Please try again.";
    ProviderDown 502 "送信先のサービスに接続できません。" "The provider cannot be reached.";
    Busy 503 "混み合っています。しばらくしてからもう一度お試しください。" "Busy at the moment. Try again in a while.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_form_is_pinned() {
        let errors =
            [Error::field(Code::UnknownField, "nickname"), Error::field(Code::TooLong, "title").found("200")];
        assert_eq!(
            serde_json::to_string(&ErrorBody::of(&errors[..1], Lang::En)).unwrap(),
            r#"{"code":"unknown_field","message":"This field is not known.","field":"nickname"}"#
        );
        let both = ErrorBody::of(&errors, Lang::Ja);
        assert_eq!(both.errors.len(), 2);
        assert_eq!(both.errors[1].message, "長すぎます。(200)");
    }

    #[test]
    fn every_code_has_a_refusing_status() {
        for code in Code::ALL {
            assert!((400..600).contains(&code.status()), "{code:?}");
            assert!(code.sentence().ja.ends_with('。') && code.sentence().en.ends_with('.'), "{code:?}");
        }
    }
}
