//! Ways in: six digits that come by mail or over a linked channel, and single-use links.
//!
//! A request for a code does the same work and gets the same answer whether or not somebody has that
//! address. Codes are in memory until they are sent and never in the store, which has a keyed hash; the
//! address itself is stored as a hash as well, so strangers' addresses are not collected.

use std::{fmt, rc::Rc};

use serde::Deserialize;
use shared::{
    api::auth::{Me, PublicWorkspace, SignInLink},
    channel::{AddressState, Channel},
    delivery::Outcome,
    error::{Code, Error},
    id::MemberId,
    lang::Lang,
    message::Message,
    time::{HOUR, MINUTE, Millis},
    validate::is_mail_address,
};
use subtle::ConstantTimeEq;

use crate::{
    http::{Input, for_log},
    hub::Hub,
    ports::SqlError,
    refusal::Refusal,
    sessions::{Caller, SignedIn, hash_of},
    settings::SIGN_IN_CODE,
    store,
};

const CODE_LIFE: Millis = 10 * MINUTE;
const TRIES: i64 = 5;
const CODES_AN_HOUR: usize = 5;
/// For the whole workspace, so that nobody fills the store with made-up addresses.
const CODES_A_MINUTE: i64 = 100;
const LINK_LIFE: Millis = 30 * MINUTE;

/// A code that waits to be sent.
pub(crate) struct PendingCode {
    member: MemberId,
    code: String,
    expires_at: Millis,
}

impl fmt::Debug for PendingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingCode").field("member", &self.member).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct CodeRow {
    hash: String,
    tries_left: i64,
    asked: Vec<Millis>,
    expires_at: Millis,
}

impl Hub {
    /// Makes a code for whoever has that login address. Errors: `not_a_mail_address`; `too_many_requests` when
    /// the whole workspace asks for too many.
    pub(crate) fn ask_for_code(&self, email: &str) -> Result<(), Refusal> {
        let email = clean_email(email);
        if !is_mail_address(&email) {
            return Err(Error::field(Code::NotAMailAddress, "email").into());
        }
        let (now, sql) = (self.now(), &*self.ports.sql);
        // A row asked for in the last minute has more than nine minutes to live.
        let busy = "SELECT count(*) FROM sign_in_codes WHERE expires_at > ?1";
        if store::number(sql, busy, &[(now + CODE_LIFE - MINUTE).into()])? >= CODES_A_MINUTE {
            return Err(Code::TooManyRequests.into());
        }
        let place = self.code_place(&email);
        let mut asked = self.code_row(&place)?.map(|row| row.asked).unwrap_or_default();
        asked.retain(|at| *at > now - HOUR);
        if asked.len() >= CODES_AN_HOUR {
            return Ok(());
        }
        asked.push(now);
        let code = format!("{:06}", u64::from_le_bytes(self.random()) % 1_000_000);
        let expires_at = now + CODE_LIFE;
        sql.exec("DELETE FROM sign_in_codes WHERE expires_at < ?1", &[(now - HOUR).into()])?;
        sql.exec(
            "INSERT INTO sign_in_codes (email, hash, expires_at, tries_left, asked) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (email) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at, \
             tries_left = excluded.tries_left, asked = excluded.asked",
            &[
                place.into(),
                self.code_hash(&email, &code).into(),
                expires_at.into(),
                TRIES.into(),
                serde_json::to_string(&asked)?.into(),
            ],
        )?;
        if let Some(member) = self.member_for_sign_in("login_email", &email)? {
            self.codes.borrow_mut().push(PendingCode { member: member.id, code, expires_at });
        }
        Ok(())
    }

    /// Trades the right code for a session: `Me` and the value of `Set-Cookie`. Errors: `wrong_code`, after
    /// the fifth of which the code is worth nothing.
    pub(crate) fn sign_in_with_code(
        &self,
        email: &str,
        code: &str,
        input: &Input,
    ) -> Result<(Me, String), Refusal> {
        let (email, code) = (clean_email(email), clean_code(code));
        let wrong = || Refusal::from(Error::field(Code::WrongCode, "code"));
        let (place, hash) = (self.code_place(&email), self.code_hash(&email, &code));
        let row = self.code_row(&place)?.filter(|row| row.expires_at > self.now() && row.tries_left > 0);
        let row = row.ok_or_else(wrong)?;
        let right = bool::from(row.hash.as_bytes().ct_eq(hash.as_bytes()));
        // Right or wrong, the try is spent before the answer: the row stays for the count of the hour.
        let tries_left = if right { 0 } else { row.tries_left - 1 };
        self.ports.sql.exec(
            "UPDATE sign_in_codes SET tries_left = ?2 WHERE email = ?1",
            &[place.into(), tries_left.into()],
        )?;
        if !right {
            return Err(wrong());
        }
        let member = self.member_for_sign_in("login_email", &email)?.ok_or_else(wrong)?;
        let cookie = self.start_session(&member.id, input)?;
        Ok((self.me(&member)?, cookie))
    }

    /// Trades a link's token for a session. Errors: `link_used`.
    pub(crate) fn sign_in_with_link(&self, token: &str, input: &Input) -> Result<(Me, String), Refusal> {
        let sql = &*self.ports.sql;
        let hash = hash_of(token.trim());
        let member = sql.texts(
            "SELECT member FROM sign_in_links WHERE hash = ?1 AND expires_at > ?2",
            &[hash.as_str().into(), self.now().into()],
        )?;
        let member = member.first().ok_or(Code::LinkUsed)?;
        sql.exec("DELETE FROM sign_in_links WHERE hash = ?1", &[hash.into()])?;
        let member = self.member_for_sign_in("id", member)?.ok_or(Code::LinkUsed)?;
        let cookie = self.start_session(&member.id, input)?;
        Ok((self.me(&member)?, cookie))
    }

    /// Makes a single-use link for a member whom the caller may act for. Errors: `not_found`, `not_allowed`.
    pub(crate) fn make_sign_in_link(
        &self,
        caller: &Caller,
        member: &MemberId,
    ) -> Result<SignInLink, Refusal> {
        let target = self.editable_member(caller, member)?;
        if !target.usable {
            return Err(Code::NotAllowed.into());
        }
        let mut link = None;
        self.ports.sql.atomically(&mut || {
            link = Some(self.write_sign_in_link(member, LINK_LIFE)?);
            self.audit(caller, "member.sign_in_link_made", member.as_str(), "")
        })?;
        link.ok_or_else(|| Code::Internal.into())
    }

    /// A single-use way in for `life` milliseconds. Within a burst.
    pub(crate) fn write_sign_in_link(&self, member: &MemberId, life: Millis) -> Result<SignInLink, SqlError> {
        let (now, sql) = (self.now(), &*self.ports.sql);
        let expires_at = now + life;
        let token = format!("{}.{}", self.workspace_digits(), self.new_token());
        sql.exec("DELETE FROM sign_in_links WHERE expires_at <= ?1", &[now.into()])?;
        sql.exec(
            "INSERT INTO sign_in_links (hash, member, expires_at) VALUES (?1, ?2, ?3)",
            &[hash_of(&token).into(), member.as_str().into(), expires_at.into()],
        )?;
        Ok(SignInLink { url: format!("{}/s/{token}", self.config.public_url), expires_at })
    }

    /// Who somebody is, for the pages.
    pub(crate) fn me(&self, member: &SignedIn) -> Result<Me, Refusal> {
        let workspace = self.workspace()?;
        Ok(Me {
            id: member.id.clone(),
            name: member.name.clone(),
            role: member.role,
            company: member.company.clone(),
            language: member.language,
            workspace: PublicWorkspace { id: workspace.id, name: workspace.name },
        })
    }

    /// Sends the codes that wait: by mail if it is connected, else over the next channel that takes it. A code
    /// that nothing takes is dropped; its owner asks again.
    pub(crate) async fn send_pending_codes(self: &Rc<Self>) {
        loop {
            let next = self.codes.borrow_mut().pop();
            let Some(pending) = next else { return };
            if pending.expires_at <= self.now() {
                continue;
            }
            if let Err(refusal) = self.send_code_patiently(&pending).await {
                self.ports.log.line(&format!("a sign-in code was not sent: {}", for_log(&refusal)));
            }
        }
    }

    /// A provider that is busy for a moment does not cost the person the code.
    async fn send_code_patiently(self: &Rc<Self>, pending: &PendingCode) -> Result<(), Refusal> {
        for wait in [0, 2_000, 5_000] {
            if wait > 0 {
                self.ports.clock.sleep(wait).await;
            }
            if self.send_code(pending).await? {
                return Ok(());
            }
        }
        self.ports.log.line("a sign-in code was taken by no channel");
        Ok(())
    }

    async fn send_code(self: &Rc<Self>, pending: &PendingCode) -> Result<bool, Refusal> {
        let Some(member) = self.member_for_sign_in("id", pending.member.as_str())? else { return Ok(true) };
        let message = code_message(&pending.code, member.language);
        for (channel, address) in self.ways_to(&member.id)? {
            let outcome = self.send_now(channel, &address, member.language, SIGN_IN_CODE, &message).await;
            if matches!(outcome, Outcome::Accepted { .. }) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The member's addresses on connected channels, mail first, those known not to work last.
    fn ways_to(&self, member: &MemberId) -> Result<Vec<(Channel, String)>, Refusal> {
        #[derive(Deserialize)]
        struct Way {
            channel: Channel,
            value: String,
            state: AddressState,
        }
        let connected = self.connected_channels()?;
        let mut ways: Vec<Way> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('channel', channel, 'value', value, 'state', state) FROM addresses WHERE member = ?1",
            &[member.as_str().into()],
        )?;
        ways.retain(|way| connected.iter().any(|(channel, _)| *channel == way.channel));
        // LINE takes and drops what goes to somebody who is no friend (line.md §3.1).
        ways.retain(|way| way.channel != Channel::Line || way.state == AddressState::Linked);
        ways.sort_by_key(|way| {
            let doubtful = matches!(way.state, AddressState::Blocked | AddressState::Broken);
            (doubtful, way.channel != Channel::Email, way.channel)
        });
        Ok(ways.into_iter().map(|way| (way.channel, way.value)).collect())
    }

    fn code_row(&self, place: &str) -> Result<Option<CodeRow>, Refusal> {
        store::row(
            &*self.ports.sql,
            "SELECT json_object('hash', hash, 'tries_left', tries_left, 'asked', json(asked), \
             'expires_at', expires_at) FROM sign_in_codes WHERE email = ?1",
            &[place.into()],
        )
    }

    /// A member who may sign in, by a column of `members`.
    pub(crate) fn member_for_sign_in(
        &self,
        column: &'static str,
        value: &str,
    ) -> Result<Option<SignedIn>, Refusal> {
        store::row(
            &*self.ports.sql,
            &format!(
                "SELECT json_object('id', id, 'name', name, 'role', role, 'company', company, \
                 'language', language) FROM members WHERE {column} = ?1 AND usable = 1"
            ),
            &[value.into()],
        )
    }

    fn code_place(&self, email: &str) -> String {
        hash_of(format!("{}{email}", self.config.workspace))
    }

    fn code_hash(&self, email: &str, code: &str) -> String {
        hash_of(self.vault.mac("sign-in", format!("{code}{email}").as_bytes()))
    }
}

fn clean_email(email: &str) -> String {
    email.split_whitespace().collect::<String>().to_lowercase()
}

/// 「１２３ ４５６」 and 「123-456」 are 123456.
fn clean_code(code: &str) -> String {
    code.chars()
        .filter_map(|c| match c {
            '0'..='9' => Some(c),
            '\u{ff10}'..='\u{ff19}' => char::from_u32(u32::from(c) - 0xff10 + u32::from('0')),
            c if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{ff0d}') => None,
            c => Some(c),
        })
        .collect()
}

fn code_message(code: &str, lang: Lang) -> Message {
    let (title, body) = match lang {
        Lang::Ja => (
            format!("確認コード {code}"),
            "サインインの画面に入力してください。10分間、1回だけ使えます。心当たりがない場合は、このメッセージを無視してください。",
        ),
        Lang::En => (
            format!("Your code is {code}"),
            "Enter it on the sign-in page. It works once, for 10 minutes. If you did not ask for it, ignore this message.",
        ),
    };
    Message { title, body: body.to_owned(), ..Message::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_understood_however_it_was_typed() {
        for typed in ["123456", " 123 456\n", "１２３４５６", "１２３　４５６", "123-456", "123－456"]
        {
            assert_eq!(clean_code(typed), "123456", "{typed}");
        }
        assert_eq!(clean_code("12a456"), "12a456");
    }
}
