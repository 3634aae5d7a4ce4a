//! Who is called by name in a room: found among the members when an event is accepted, and at the messenger when
//! it is sent.

use serde::Deserialize;
use shared::{
    channel::Channel,
    error::{Code, Error},
    id::MemberId,
    lang::Lang,
    message::{MAX_MENTIONS, Mention, Mentioned},
};

use crate::{hub::Hub, refusal::Refusal, store};

impl Hub {
    /// The members behind the mentions of an event, each once; what is wrong with them goes to `problems`.
    pub(crate) fn find_mentions(
        &self,
        mentions: &[Mention],
        problems: &mut Vec<Error>,
    ) -> Result<Vec<Mention>, Refusal> {
        let mut found: Vec<Mention> = Vec::new();
        if mentions.len() > MAX_MENTIONS {
            problems.push(Error::field(Code::TooMany, "mentions").found(MAX_MENTIONS.to_string()));
            return Ok(found);
        }
        for (index, mention) in mentions.iter().enumerate() {
            let (name, given) = match mention {
                Mention::Member(id) => ("member", id),
                Mention::Email(email) => ("email", email),
                Mention::Everyone(true) => {
                    add(&mut found, Mention::Everyone(true));
                    continue;
                }
                Mention::Everyone(false) => {
                    problems.push(Error::field(Code::WrongType, format!("mentions[{index}].everyone")));
                    continue;
                }
            };
            match self.ports.sql.texts(MEMBER, &[given.as_str().into()])?.into_iter().next() {
                Some(id) => add(&mut found, Mention::Member(id)),
                None => problems.push(
                    Error::field(Code::UnknownMember, format!("mentions[{index}].{name}"))
                        .found(given.as_str()),
                ),
            }
        }
        Ok(found)
    }

    /// The same as one messenger knows them. Who is no member any more is left out; who has no address there is
    /// known by name only.
    pub(crate) fn mentioned(
        &self,
        mentions: &[Mention],
        channel: Channel,
    ) -> Result<Vec<Mentioned>, Refusal> {
        let members: Vec<&str> = mentions
            .iter()
            .filter_map(|mention| match mention {
                Mention::Member(id) => Some(id.as_str()),
                Mention::Email(_) | Mention::Everyone(_) => None,
            })
            .collect();
        let known: Vec<Known> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('member', m.id, 'name', m.name, 'id', a.value) FROM json_each(?1) x \
             JOIN members m ON m.id = x.value LEFT JOIN addresses a ON a.member = m.id AND a.channel = ?2",
            &[serde_json::to_string(&members)?.into(), channel.code().into()],
        )?;
        Ok(mentions
            .iter()
            .filter_map(|mention| match mention {
                Mention::Everyone(_) => Some(Mentioned::Everyone),
                Mention::Member(id) => known
                    .iter()
                    .find(|one| one.member.as_str() == id)
                    .map(|one| Mentioned::Person { name: one.name.clone(), id: one.id.clone() }),
                Mention::Email(_) => None,
            })
            .collect())
    }
}

/// What people see of mentions: names.
pub(crate) fn named(mentions: &[Mentioned]) -> Vec<Mentioned> {
    mentions
        .iter()
        .map(|one| match one {
            Mentioned::Everyone => Mentioned::Everyone,
            Mentioned::Person { name, .. } => Mentioned::Person { name: name.clone(), id: None },
        })
        .collect()
}

/// Mentions for a messenger that knows none: everybody is named.
pub(crate) fn in_words(mentions: &[Mentioned], lang: Lang) -> Vec<Mentioned> {
    let everyone = if lang == Lang::Ja { "全員" } else { "everyone" };
    named(mentions)
        .into_iter()
        .map(|one| match one {
            Mentioned::Everyone => Mentioned::Person { name: everyone.to_owned(), id: None },
            person => person,
        })
        .collect()
}

#[derive(Deserialize)]
struct Known {
    member: MemberId,
    name: String,
    /// The provider's own id, or a login by which it finds the person.
    id: Option<String>,
}

fn add(found: &mut Vec<Mention>, mention: Mention) {
    if !found.contains(&mention) {
        found.push(mention);
    }
}

/// By id, by login address, or by the address that mail goes to.
const MEMBER: &str = "SELECT id FROM members WHERE id = ?1 OR login_email = lower(?1) UNION ALL \
     SELECT member FROM addresses WHERE channel = 'email' AND value = lower(?1) LIMIT 1";
