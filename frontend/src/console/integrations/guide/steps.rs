//! What is done on each provider's pages before its form is filled: a short list in the order of those pages, with
//! the values to copy over there. docs/connect.md has the same for reading.

use shared::{api::integrations::Provider, lang::Text};

use super::When;

/// One thing to do over there.
pub struct Step {
    pub words: Text,
    /// To be pasted over there. One that begins with a slash is an address of this site.
    pub copied: &'static [&'static str],
    pub when: When,
}

impl Step {
    const fn new(words: Text) -> Self {
        Self { words, copied: &[], when: None }
    }

    const fn copy(self, copied: &'static [&'static str]) -> Self {
        Self { copied, ..self }
    }

    const fn when(self, name: &'static str, word: &'static str) -> Self {
        Self { when: Some((name, word)), ..self }
    }
}

/// None where nothing has to be prepared.
#[must_use]
pub const fn steps(provider: Provider) -> &'static [Step] {
    match provider {
        Provider::Lineworks => LINEWORKS,
        Provider::Line => LINE,
        Provider::Slack => SLACK,
        Provider::GoogleChat => GOOGLE_CHAT,
        Provider::Mail => MAIL,
        // Nobody should begin with it: what there is was prepared long ago.
        // Web Push sets itself up.
        Provider::LineworksV1 | Provider::WebPush => &[],
    }
}

crate::i18n::texts! {
    LW_APP "Developer Console > API 2.0 で、アプリを追加します。" "In the Developer Console under API 2.0, add an app.";
    LW_SCOPES "OAuth Scopesで、次の2つを選びます。" "Under OAuth Scopes choose these two.";
    LW_REDIRECT "メンバーがLINE WORKSでサインインする場合は、Redirect URLに登録します。" "If members are to sign in with LINE WORKS, register this Redirect URL.";
    LW_KEY "Service Accountを発行し、Private Keyの .key ファイルをダウンロードします。" "Issue the service account, and download the .key file under Private Key.";
    LINE_PROVIDER "LINE Developersコンソールで、1つのプロバイダーの中にLINEログインとMessaging APIのチャネルを作ります。" "In the LINE Developers Console, make a LINE Login channel and a Messaging API channel under one provider.";
    LINE_CALLBACK "LINEログインのチャネルで、コールバックURLに登録します。" "In the LINE Login channel, register this callback URL.";
    LINE_OPTION "LINEログインのチャネル基本設定で、公式アカウントをリンクします。" "In the LINE Login channel's basic settings, link the official account.";
    LINE_TOKEN "Messaging API設定で、チャネルアクセストークン(長期)を発行します。" "Under Messaging API, issue a long-lived channel access token.";
    LINE_KEY "Messaging APIのチャネル基本設定で、アサーション署名キーの公開鍵を登録します。" "In the Messaging API channel's basic settings, register the public key for assertions.";
    LINE_HOOK "Messaging API設定で「Webhookの利用」をオンにします。URLは保存のときに登録されます。" "Under Messaging API, turn on “Use webhook”. Its URL is registered when you save.";
    SLACK_APP "api.slack.com/apps の「Create New App」で、アプリを作ります。" "At api.slack.com/apps, choose “Create New App”.";
    SLACK_SCOPES "OAuth & Permissions > Bot Token Scopes に加えます。" "Add these under OAuth & Permissions > Bot Token Scopes.";
    SLACK_REDIRECT "OAuth & Permissions > Redirect URLs に登録します。" "Register this under OAuth & Permissions > Redirect URLs.";
    SLACK_INSTALL "「Install to Workspace」を押し、表示されたトークンを下に貼り付けます。" "Press “Install to Workspace”, and paste the token it shows below.";
    SLACK_LATER "返信やボタンのためのURLは、保存のあとに表示します。" "The URLs for answers and buttons are shown after saving.";
    CHAT_MEMBERS "Webhookだけなら、ここでの準備はありません。保存すると、メンバーが「わたしの通知」で自分のスペースのURLを登録できます。" "For webhooks alone there is nothing to prepare. Once saved, members register the URL of their space under “My notices”.";
    CHAT_HOOK "スペースのURLは、パソコンのGoogle Chatで「アプリと統合」>「Webhookを追加」から作ります。" "A space's URL is made in Google Chat on a computer, under “Apps & integrations” > “Add webhooks”.";
    CHAT_APP "Chatアプリも使うときは、Google CloudでGoogle Chat APIを有効にし、サービスアカウントのJSONキーを作ります。" "For a Chat app as well, enable the Google Chat API in Google Cloud and create a JSON key of a service account.";
    MAIL_SERVER "メールサービスの案内から、送信サーバー(SMTP)の名前、ポート、暗号化を調べます。" "Look up the outgoing (SMTP) server, port and encryption in your mail service's guide.";
    MAIL_PASSWORD "2段階認証のあるサービスでは、アプリ用のパスワードを作ります。" "Where two-step sign-in is on, make a password for apps.";
    MAIL_DOMAIN "Resendで送信元のドメインを追加し、表示されたDNSレコードを登録します。" "In Resend, add the sending domain and set the DNS records it shows.";
    MAIL_KEY "「Sending access」のAPIキーを作ります。" "Create an API key with “Sending access”.";
}

const LINEWORKS: &[Step] = &[
    Step::new(LW_APP),
    Step::new(LW_SCOPES).copy(&["bot", "user.read"]),
    Step::new(LW_REDIRECT).copy(&["/auth/callback/lineworks"]),
    Step::new(LW_KEY),
];

const LINE: &[Step] = &[
    Step::new(LINE_PROVIDER),
    Step::new(LINE_CALLBACK).copy(&["/auth/callback/line"]),
    Step::new(LINE_OPTION),
    Step::new(LINE_TOKEN).when("via", "token"),
    Step::new(LINE_KEY).when("via", "key"),
    Step::new(LINE_HOOK),
];

const SLACK: &[Step] = &[
    Step::new(SLACK_APP),
    Step::new(SLACK_SCOPES).copy(&[
        "chat:write",
        "im:write",
        "users:read",
        "users:read.email",
        "im:history",
        "app_mentions:read",
    ]),
    Step::new(SLACK_INSTALL).when("via", "token"),
    Step::new(SLACK_REDIRECT).copy(&["/auth/callback/slack"]).when("via", "install"),
    Step::new(SLACK_LATER),
];

const GOOGLE_CHAT: &[Step] = &[
    Step::new(CHAT_MEMBERS).when("webhooks", "yes"),
    Step::new(CHAT_HOOK).when("webhooks", "yes"),
    Step::new(CHAT_APP),
];

const MAIL: &[Step] = &[
    Step::new(MAIL_SERVER).when("via", "smtp"),
    Step::new(MAIL_PASSWORD).when("via", "smtp"),
    Step::new(MAIL_DOMAIN).when("via", "resend"),
    Step::new(MAIL_KEY).when("via", "resend"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::integrations::{choices, fields::blank};

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }

    /// What a step asks of a choice is one of the form's, and the reading copy has every value to copy.
    #[test]
    fn the_lists_fit_their_forms_and_the_reading_copy() {
        let reading = include_str!("../../../../../docs/connect.md");
        for provider in Provider::ALL {
            for step in steps(provider) {
                if let Some((name, word)) = step.when {
                    let mut form = blank(provider);
                    choices::choose(&mut form, name, word);
                    assert_eq!(choices::choice(&form, name), word);
                }
                for value in step.copied {
                    assert!(reading.contains(value), "{value} is not in docs/connect.md");
                }
            }
        }
    }
}
