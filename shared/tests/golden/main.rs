//! Twenty real notices on all channels. Each file holds what is `given` and what is `rendered` from it;
//! `TODOKE_GOLDEN=write` writes `rendered` anew, to be read before it is kept.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use shared::{
    channel::Channel,
    lang::Lang,
    message::{Context, Mention, Mentioned, Message},
    render::{Rendering, google_chat, preview},
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    given: Given,
    rendered: Value,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    lang: Lang,
    kind: String,
    workspace: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settled: Option<String>,
    /// What the messengers know those by whom the message mentions: names by member.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    names: BTreeMap<String, Known>,
    message: Message,
}

/// A member's name, and ids by channel.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    name: String,
    #[serde(default)]
    ids: BTreeMap<String, String>,
}

impl Given {
    fn render(&self) -> Value {
        let mut rendered = Map::new();
        for channel in Channel::ALL {
            let mentions = self.mentions(channel);
            let context = self.context(&mentions);
            let value = match preview(channel, &self.message, &context) {
                Rendering::Lineworks(value) | Rendering::GoogleChat(value) => value,
                Rendering::Line(messages) => Value::Array(messages),
                Rendering::Slack(rendered) => json!({"text": rendered.text, "blocks": rendered.blocks}),
                Rendering::WebPush(shown) => json!(shown),
                Rendering::Mail(mail) => {
                    json!({"subject": mail.subject, "text": mail.text, "html": mail.html})
                }
            };
            rendered.insert(channel.code().to_owned(), value);
        }
        let mentions = self.mentions(Channel::GoogleChat);
        let webhook =
            google_chat::render(&self.message, &self.context(&mentions), google_chat::Mode::Webhook);
        rendered.insert("google_chat_webhook".to_owned(), webhook);
        Value::Object(rendered)
    }

    fn context<'a>(&'a self, mentions: &'a [Mentioned]) -> Context<'a> {
        Context {
            lang: self.lang,
            kind: &self.kind,
            workspace: &self.workspace,
            event: self.event.as_deref(),
            page: self.page.as_deref(),
            settled: self.settled.as_deref(),
            mentions,
        }
    }

    fn mentions(&self, channel: Channel) -> Vec<Mentioned> {
        let known = |mention: &Mention| match mention {
            Mention::Member(member) => {
                let known = self.names.get(member)?;
                let id = known.ids.get(channel.code()).cloned();
                Some(Mentioned::Person { name: known.name.clone(), id })
            }
            Mention::Email(_) => None,
            Mention::Everyone(_) => Some(Mentioned::Everyone),
        };
        self.message.mentions.iter().filter_map(known).collect()
    }
}

#[test]
fn twenty_notices_are_pinned() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let write = std::env::var("TODOKE_GOLDEN").is_ok_and(|value| value == "write");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(files.len() >= 20, "{} notices", files.len());
    for file in files {
        let golden: Golden = serde_json::from_str(&fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let rendered = golden.given.render();
        if write {
            let text = serde_json::to_string_pretty(&Golden { rendered, given: golden.given }).unwrap();
            fs::write(&file, text + "\n").unwrap();
        } else {
            for (messenger, value) in rendered.as_object().unwrap() {
                assert_eq!(value, &golden.rendered[messenger], "{messenger} of {}", file.display());
            }
            assert_eq!(golden.rendered.as_object().unwrap().len(), 7, "{}", file.display());
        }
    }
}
