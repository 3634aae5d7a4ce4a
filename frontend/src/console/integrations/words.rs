//! What the guided forms say: the providers' own names for their fields, and where each is found.

crate::i18n::texts! {
    // All
    CLIENT_ID "Client ID" "Client ID";
    CLIENT_SECRET "Client Secret" "Client Secret";
    PUSH_KEY "公開鍵(自動作成)" "Public key, made by itself";
    PRIVATE_KEY "Private Key" "Private Key";
    DOMAIN_ID "Domain ID" "Domain ID";
    DOMAIN_ID_WHERE "Developer Consoleに表示される、数字だけのID" "The all-digits ID shown in the Developer Console";
    BOT_SECTION "Bot" "Bot";
    BOT_SECTION_WHERE "保存するときに、この名前と担当者でBotを作り、公開します。" "On saving, a bot with this name and administrator is created and published.";
    BOT_ADMIN "Bot主担当者" "Main bot administrator";
    BOT_ADMIN_WHERE "担当者のログインID(例: sato@minato)またはUser ID" "That person's login ID, like sato@minato, or user ID";
    BOT_NAME "Bot名" "Bot name";
    BOT_NAME_WHERE "メンバーのトークに表示される名前。空欄なら「Todoke通知」" "What members see in their talks; “Todoke通知” when empty";
    // LINE WORKS
    LINEWORKS_NEW "LINE WORKSと連携する" "Connect LINE WORKS";
    LINEWORKS_NEW_LEAD "LINE WORKS Developer Consoleで作ったアプリの値を、上から順に入力します。保存するとBotを自動で作ります。" "Enter the values of your app in the LINE WORKS Developer Console, top to bottom. Saving creates the bot by itself.";
    APP_SECTION "アプリの認証情報" "The app's credentials";
    APP_SECTION_WHERE "Developer Console > API 2.0 > アプリの詳細画面" "Developer Console > API 2.0 > the app's page";
    CLIENT_ID_WHERE "アプリの詳細画面の「Client ID」" "“Client ID” on the app's page";
    CLIENT_SECRET_WHERE "アプリの詳細画面の「Client Secret」" "“Client Secret” on the app's page";
    SERVICE_ACCOUNT "Service Account" "Service Account";
    SERVICE_ACCOUNT_WHERE "「Service Account」で発行した xxxxx.serviceaccount@… の形のID" "The ID issued under Service Account, like xxxxx.serviceaccount@…";
    PRIVATE_KEY_WHERE "「Private Key」の「発行/再発行」でダウンロードした .key ファイル" "The .key file downloaded under Private Key";
    BOT_SUBADMIN "Bot副担当者" "Second bot administrator";
    BOT_SUBADMIN_WHERE "主担当者が不在のときの担当者のログインID" "Login ID of whoever stands in";
    // LINE WORKS API 1.0
    V1_NEW "LINE WORKS(API 1.0)と連携する" "Connect LINE WORKS (API 1.0)";
    V1_NEW_LEAD "以前から使っているAPI 1.0のBotを続けるための連携です。" "For bots that still run on API 1.0.";
    V1_SECTION_WHERE "以前のDeveloper Console > API、Server List" "The old Developer Console > API and Server List";
    API_ID "API ID" "API ID";
    API_ID_WHERE "jp1 で始まるID" "Begins with jp1";
    CONSUMER_KEY "Server API Consumer Key" "Server API Consumer Key";
    CONSUMER_KEY_WHERE "「Server API Consumer Key」で発行した値" "The value issued under Server API Consumer Key";
    V1_VIA "サーバーの登録方法" "How the server is registered";
    V1_BY_ID "ID登録タイプ" "By ID";
    V1_BY_IP "固定IPタイプ" "By fixed IP";
    SERVER_ID "Server ID" "Server ID";
    SERVER_ID_WHERE "Server Listの「Server ID」" "“Server ID” in the Server List";
    V1_KEY "認証キー" "Key";
    V1_KEY_WHERE "Server Listでダウンロードした private_….key ファイル" "The private_….key file downloaded from the Server List";
    SERVER_TOKEN "Server Token" "Server Token";
    SERVER_TOKEN_WHERE "Server Listの「Token」。Todokeが固定IPアドレスから送信する場合だけ使えます" "“Token” in the Server List; works only if Todoke sends from a fixed IP address";
    // LINE
    LINE_NEW "LINEと連携する" "Connect LINE";
    LINE_NEW_LEAD "LINE Developersコンソールの同じプロバイダーに、LINEログインとMessaging APIのチャネルを用意します。プロバイダーが違うと届きません。" "Make a LINE Login channel and a Messaging API channel under the same provider in the LINE Developers Console. Under different providers nothing arrives.";
    LOGIN_SECTION "LINEログイン" "LINE Login";
    LOGIN_SECTION_WHERE "LINEログインチャネル > チャネル基本設定" "The LINE Login channel > Basic settings";
    CHANNEL_ID "チャネルID" "Channel ID";
    CHANNEL_ID_WHERE "数字だけのID" "The all-digits ID";
    CHANNEL_SECRET "チャネルシークレット" "Channel secret";
    LOGIN_SECRET_WHERE "LINEログインチャネルのもの" "That of the LINE Login channel";
    MESSAGING_SECTION "Messaging API" "Messaging API";
    MESSAGING_SECTION_WHERE "Messaging APIチャネル > チャネル基本設定、Messaging API設定" "The Messaging API channel > Basic settings and Messaging API";
    MESSAGING_SECRET_WHERE "Messaging APIチャネルのもの。Webhookの署名を確かめます" "That of the Messaging API channel; webhooks are signed with it";
    LINE_VIA "アクセストークン" "Access token";
    LINE_BY_TOKEN "長期のトークン" "Long-lived token";
    LINE_BY_KEY "アサーション署名キー" "Assertion signing key";
    ACCESS_TOKEN "チャネルアクセストークン(長期)" "Channel access token (long-lived)";
    ACCESS_TOKEN_WHERE "Messaging API設定の「発行」" "“Issue” under Messaging API";
    LINE_KEY "秘密鍵(JWKまたはPEM)" "Private key (JWK or PEM)";
    LINE_KEY_WHERE "公開鍵を登録したときに作った、対になる鍵" "The other half of the public key that you registered";
    KID "kid" "kid";
    KID_WHERE "公開鍵を登録すると表示されます" "Shown once the public key is registered";
    FRIEND_LINK "友だち追加URL" "Add-friend link";
    FRIEND_LINK_WHERE "空欄なら、公式アカウントのベーシックIDから作ります" "Made from the account's basic ID when empty";
    // Slack
    SLACK_NEW "Slackと連携する" "Connect Slack";
    SLACK_NEW_LEAD "api.slack.com/apps で作ったアプリの値を入力します。" "Enter the values of your app at api.slack.com/apps.";
    SLACK_VIA "Botトークンの受け取り方" "Where the bot token comes from";
    SLACK_BY_TOKEN "トークンを貼り付ける" "Paste a token";
    SLACK_BY_INSTALL "「Slackに追加」で受け取る" "“Add to Slack”";
    SLACK_SECTION "アプリの認証情報" "App credentials";
    SLACK_SECTION_WHERE "Basic Information > App Credentials" "Basic Information > App Credentials";
    SIGNING_SECRET "Signing Secret" "Signing Secret";
    SIGNING_SECRET_WHERE "Slackからの通信の署名を確かめます" "What Slack sends is signed with it";
    SLACK_TOKEN_SECTION "Botトークン" "Bot token";
    SLACK_TOKEN_SECTION_WHERE "OAuth & Permissions" "OAuth & Permissions";
    BOT_TOKEN "Bot User OAuth Token" "Bot User OAuth Token";
    BOT_TOKEN_WHERE "xoxb- で始まります" "Begins with xoxb-";
    // Google Chat
    CHAT_NEW "Google Chatと連携する" "Connect Google Chat";
    CHAT_NEW_LEAD "メンバーが自分のスペースのWebhookを登録する方法と、Chatアプリを使う方法があります。両方を使うこともできます。" "Members can register a webhook of a space of their own, or you can run a Chat app. Both together work too.";
    CHAT_WEBHOOKS "メンバーのWebhook" "Members' webhooks";
    CHAT_WEBHOOKS_ON "使う" "Allowed";
    CHAT_WEBHOOKS_OFF "使わない" "Not allowed";
    CHAT_SECTION "Chatアプリ" "Chat app";
    CHAT_SECTION_WHERE "Google Cloudコンソール。Webhookだけを使うときは空欄のままにします。" "Google Cloud console. Leave it empty to use webhooks only.";
    KEY_FILE "サービスアカウントのJSONキー" "The service account's JSON key";
    KEY_FILE_WHERE "IAMと管理 > サービス アカウント > 鍵 > 新しい鍵を作成 > JSON" "IAM & Admin > Service Accounts > Keys > Create new key > JSON";
    AUDIENCE "Authentication audience" "Authentication audience";
    AUDIENCE_WHERE "Google Chat API > 構成 > 接続設定 で選んだもの" "As chosen under Google Chat API > Configuration > Connection settings";
    AUDIENCE_URL "HTTP endpoint URL" "HTTP endpoint URL";
    AUDIENCE_NUMBER "Project Number" "Project Number";
    PROJECT_NUMBER "プロジェクト番号" "Project number";
    PROJECT_NUMBER_WHERE "Google Cloudコンソールのダッシュボードに表示される、数字だけの番号" "The all-digits number on the Google Cloud console's dashboard";
    // Mail
    MAIL_NEW "メールと連携する" "Connect email";
    MAIL_NEW_LEAD "お使いのメールサーバー、またはResendの値を入力します。" "Enter the values of your mail server or of Resend.";
    VIA "送信の方法" "Send through";
    VIA_SMTP "SMTPサーバー" "SMTP server";
    VIA_RESEND "Resend" "Resend";
    SERVER_SECTION "サーバー" "Server";
    SERVER_SECTION_WHERE "メールサービスの「SMTP設定」「送信サーバー」などのページ" "Your mail service's page on SMTP or outgoing mail";
    RESEND_SECTION_WHERE "resend.com > API Keys" "resend.com > API Keys";
    HOST "サーバー名" "Server";
    HOST_WHERE "例: smtp.example.co.jp" "For example smtp.example.co.jp";
    PORT "ポート" "Port";
    PORT_WHERE "STARTTLSは587、SSL/TLSは465が一般的です" "Usually 587 for STARTTLS, 465 for SSL/TLS";
    SECURITY "暗号化" "Encryption";
    STARTTLS "STARTTLS" "STARTTLS";
    TLS "SSL/TLS" "SSL/TLS";
    PLAIN "なし(開発用)" "None (development)";
    USER "ユーザー名" "User name";
    USER_WHERE "多くはメールアドレスです。認証のないサーバーでは空欄" "Often the mail address; empty for a server without sign-in";
    PASSWORD "パスワード" "Password";
    PASSWORD_WHERE "アプリ用のパスワードを求めるサービスもあります" "Some services want a password made for apps";
    API_KEY "APIキー" "API key";
    API_KEY_WHERE "re_ で始まるキー。権限は「Sending access」で足ります" "Begins with re_; “Sending access” is enough";
    SENDER_SECTION "差出人" "Sender";
    SENDER_SECTION_WHERE "受け取る人に見える名前とアドレスです。" "The name and address that people see.";
    FROM_NAME "差出人名" "Sender name";
    FROM_NAME_WHERE "例: みなと商事 お知らせ" "For example Minato Trading notices";
    FROM_ADDRESS "差出人アドレス" "Sender address";
    FROM_ADDRESS_WHERE "このサーバーから送信できるアドレス" "An address that this server may send from";
    FROM_ADDRESS_WHERE_RESEND "Resendで確認済みのドメインのアドレス" "An address of a domain verified at Resend";
    REPLY_TO "返信先" "Reply to";
    REPLY_TO_WHERE "返信を別のアドレスで受け取るとき" "When replies should go elsewhere";
    // What is left to do at the provider
    AT_PROVIDER "提供元での設定" "At the provider";
    AT_PROVIDER_LEAD "次の値を提供元の画面に登録すると、メンバーの連携や返信も使えるようになります。" "Register these values at the provider so that members can link and answer.";
    CALLBACK_URL "Callback URL" "Callback URL";
    CALLBACK_URL_WHERE "Botに登録済みです。Developer Consoleで確認するときに使います" "Registered with the bot; to compare in the Developer Console";
    LINE_CALLBACK "コールバックURL" "Callback URL";
    LINE_CALLBACK_WHERE "LINEログインチャネル > LINEログイン設定 に登録します" "Register it under the LINE Login channel > LINE Login";
    LINE_LINKED "LINEログインチャネル > チャネル基本設定 >「友だち追加オプション」で、公式アカウントをリンクします。" "Under the LINE Login channel > Basic settings, link the official account (Add friend option).";
    LINE_WEBHOOK "Webhook URL" "Webhook URL";
    LINE_WEBHOOK_WHERE "登録済みです。Messaging API設定で「Webhookの利用」をオンにします" "Registered already. Turn on “Use webhook” under Messaging API";
    SLACK_REDIRECT "Redirect URL" "Redirect URL";
    SLACK_REDIRECT_WHERE "OAuth & Permissions > Redirect URLs に登録してから「Slackに追加」を押します" "Register it under OAuth & Permissions > Redirect URLs, then press “Add to Slack”";
    SLACK_REQUEST "Request URL" "Request URL";
    SLACK_REQUEST_WHERE "Event Subscriptions と Interactivity & Shortcuts の両方に登録します" "Register it under both Event Subscriptions and Interactivity & Shortcuts";
    SLACK_EVENTS "Event Subscriptions > Subscribe to bot events に message.im と app_mention を加えます。" "Under Event Subscriptions > Subscribe to bot events, add message.im and app_mention.";
    SLACK_HOME "App Home > Messages Tab をオンにし、メッセージの送信を許可します。" "Under App Home, turn on the Messages Tab and let people send messages from it.";
    CHAT_ENDPOINT "HTTP endpoint URL" "HTTP endpoint URL";
    CHAT_ENDPOINT_WHERE "Google Chat API > 構成 > 接続設定 に登録します" "Register it under Google Chat API > Configuration > Connection settings";
    CHAT_MEMBERS "メンバーは「わたしの通知」で自分のスペースのWebhook URLを登録します。" "Members register the webhook URL of their space under “My notices”.";
    // Slack's own button
    ADD_TO_SLACK "Slackに追加" "Add to Slack";
    ADD_AGAIN "Slackにもう一度追加" "Add to Slack again";
    ADD_TO_SLACK_LEAD "Slackの画面で許可すると、Botトークンを受け取って戻ります。" "Allow it on Slack's page; it comes back with the bot token.";
    // Settings as they are
    ACCOUNT_NAME "アカウント名" "Account";
    BASIC_ID "ベーシックID" "Basic ID";
    TEAM "ワークスペース" "Workspace";
    TEAM_NONE "まだ追加していません" "Not added yet";
    BOT_NO "Bot No." "Bot No.";
    BOT_ID "Bot ID" "Bot ID";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
