//! Providers of the Developers Console with their channels, as the demo has them.

use sha2::{Digest as _, Sha256};

use super::super::{Keys, Person};
use super::tokens::AssertionKey;
use super::{Group, Line};

/// A provider: one Login channel and one Messaging channel under the same roof, so that both know a person by
/// the same userId (line.md §0).
#[derive(Debug, Clone)]
pub struct Provider {
    pub name: String,
    pub login: LoginChannel,
    pub messaging: MessagingChannel,
}

/// A LINE Login channel.
#[derive(Debug, Clone)]
pub struct LoginChannel {
    pub channel_id: i64,
    pub name: String,
    /// 32 hex digits; signs id_tokens.
    pub secret: String,
    /// Registered callback URLs. `:*` in place of a port is the sandbox's own: any port, for development.
    pub callback_urls: Vec<String>,
    /// Whether the provider's account is its linked OA.
    pub linked: bool,
    /// Developing channels let only their administrator in: the first person of the world.
    pub published: bool,
    pub(crate) assertion_keys: Vec<AssertionKey>,
}

/// A Messaging API channel: the bot behind one LINE Official Account.
#[derive(Debug, Clone)]
pub struct MessagingChannel {
    pub channel_id: i64,
    /// 32 hex digits; signs webhooks.
    pub secret: String,
    /// The bot's own userId, `destination` of webhooks.
    pub bot_user_id: String,
    /// `@…`
    pub basic_id: String,
    pub name: String,
    /// The long-lived channel access token.
    pub token: String,
    pub webhook_url: Option<String>,
    /// The console's switch "Use webhook"; no API sets it.
    pub webhook_active: bool,
    /// The console's switch for redelivery; off by default.
    pub redelivery: bool,
    /// Another system holds the talks: events say so and carry no reply token.
    pub standby: bool,
    /// Verified and premium accounts may list their followers.
    pub verified: bool,
    /// Messages a month; `None` has no limit.
    pub quota: Option<u64>,
    /// Messages used in `month`.
    pub used: u64,
    /// Months since year 0, in Japan.
    pub(crate) month: i64,
    /// The docs say both: foreign ids in a multicast are dropped, or refused with 400 (line.md §3.1).
    pub multicast_refuses_foreign: bool,
    pub(crate) assertion_keys: Vec<AssertionKey>,
}

impl Provider {
    /// `U` and 32 hex digits, different under each provider.
    #[must_use]
    pub fn user_id(&self, person: &str) -> String {
        id('U', &format!("{}/{person}", self.login.channel_id))
    }
}

impl Line {
    /// Two providers, so that the mismatch of userIds can be tried; nobody is a friend yet.
    pub(crate) fn demo(keys: &Keys, people: &[Person]) -> Self {
        let providers = vec![
            provider("みなと商事", 2_000_000_001, "@todoke01", "届け", keys),
            provider("別の会社", 2_000_000_101, "@betsuno1", "別の会社からのお知らせ", keys),
        ];
        let mut line = Self {
            contacts: Default::default(),
            groups: GROUPS.iter().map(|row| group(row, people)).map(|g| (g.group_id.clone(), g)).collect(),
            providers,
            ids: Default::default(),
            talks: Default::default(),
            tokens: Default::default(),
            sessions: Default::default(),
            retries: Default::default(),
            buckets: Default::default(),
            hooks: Default::default(),
            crowd: 0,
        };
        for person in people {
            line.know(&person.user_id);
        }
        let long_lived: Vec<(i64, String)> =
            line.providers.iter().map(|p| (p.messaging.channel_id, p.messaging.token.clone())).collect();
        for (channel, token) in long_lived {
            line.tokens.keep_long_lived(channel, &token);
        }
        line
    }

    /// Gives a person a userId under every provider.
    pub(super) fn know(&mut self, person: &str) {
        for (place, provider) in self.providers.iter().enumerate() {
            self.ids.insert(provider.user_id(person), (place, person.to_owned()));
        }
    }
}

fn provider(name: &str, first_id: i64, basic_id: &str, account: &str, keys: &Keys) -> Provider {
    let hex = |what: &str| id('s', &format!("{first_id}/{what}")).chars().skip(1).collect::<String>();
    let key = |channel: i64| AssertionKey::new(format!("{channel}-key"), keys.public_pem());
    Provider {
        name: name.to_owned(),
        login: LoginChannel {
            channel_id: first_id,
            name: format!("{account} ログイン"),
            secret: hex("login secret"),
            callback_urls: [
                "https://todoke.example/auth/callback/line",
                "http://127.0.0.1:*/auth/callback/line",
                "http://localhost:*/auth/callback/line",
            ]
            .map(str::to_owned)
            .to_vec(),
            linked: true,
            published: true,
            assertion_keys: vec![key(first_id)],
        },
        messaging: MessagingChannel {
            channel_id: first_id + 1,
            secret: hex("channel secret"),
            bot_user_id: id('U', &format!("{first_id}/bot")),
            basic_id: basic_id.to_owned(),
            name: account.to_owned(),
            token: format!("{}{}", hex("long-lived token"), hex("and the rest of it")),
            webhook_url: None,
            webhook_active: true,
            redelivery: false,
            standby: false,
            verified: false,
            quota: Some(200),
            used: 0,
            month: 0,
            multicast_refuses_foreign: false,
            assertion_keys: vec![key(first_id + 1)],
        },
    }
}

/// Title and members by login.
const GROUPS: [(&str, &[&str]); 2] = [
    ("送迎当番", &["sato", "takahashi", "kobayashi"]),
    ("配送チーム", &["watanabe", "tanaka", "nakamura", "kato"]),
];

fn group((title, logins): &(&str, &[&str]), people: &[Person]) -> Group {
    Group {
        group_id: id('C', title),
        name: (*title).to_owned(),
        members: people
            .iter()
            .filter(|person| logins.contains(&person.short_name()))
            .map(|person| person.user_id.clone())
            .collect(),
        bots: Vec::new(),
    }
}

/// A letter and 32 hex digits.
fn id(letter: char, of: &str) -> String {
    let hash = Sha256::digest(of.as_bytes());
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{letter}{hex}")
}
