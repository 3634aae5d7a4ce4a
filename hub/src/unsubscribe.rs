//! 「配信停止」 in a mail: a link that turns one kind off for one person's mail, without signing in, for ever
//! (RFC 8058). The token is `{workspace}.{member, kind and their MAC}`; nothing is stored for it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use shared::{
    api::{me::Unsubscription, settings::KindInfo},
    channel::Channel,
    error::{Code, Error},
    id::MemberId,
    lang::Lang,
};

use crate::{hub::Hub, kinds, refusal::Refusal, settings::SIGN_IN_CODE, store};

const PURPOSE: &str = "unsubscribe";
/// An id without its prefix.
const MEMBER: usize = 26;
const MAC: usize = 32;

impl Hub {
    /// The link for one person and kind.
    #[must_use]
    pub fn unsubscribe_url(&self, member: &MemberId, kind: &str) -> String {
        let id = member.as_str();
        let subject = [id.strip_prefix(MemberId::PREFIX).unwrap_or(id).as_bytes(), kind.as_bytes()].concat();
        let mac = self.vault.mac(PURPOSE, &subject);
        let token = BASE64_URL_SAFE_NO_PAD.encode([&subject[..], &mac].concat());
        format!("{}/u/{}.{token}", self.config.public_url, self.workspace_digits())
    }

    /// What the link would turn off. Errors: `not_found`.
    pub(crate) fn unsubscription(&self, token: &str, lang: Option<Lang>) -> Result<Unsubscription, Refusal> {
        let (member, kind) = self.read_unsubscribe_token(token).ok_or(Code::NotFound)?;
        let kind = self.kind_of_link(&kind)?;
        let own: Option<Lang> = store::row(
            &*self.ports.sql,
            "SELECT json_quote(language) FROM members WHERE id = ?1",
            &[member.as_str().into()],
        )?;
        let own = own.ok_or(Code::NotFound)?;
        let off = store::number(
            &*self.ports.sql,
            "SELECT count(*) FROM preferences WHERE member = ?1 AND kind = ?2 AND channel = ?3",
            &[member.as_str().into(), kind.code.as_str().into(), Channel::Email.code().into()],
        )?;
        Ok(Unsubscription {
            kind_name: kinds::name(Some(&kind), &kind.code, lang.unwrap_or(own)),
            workspace: self.workspace()?.name,
            already: off > 0,
            mandatory: kind.mandatory || kind.locked,
        })
    }

    /// Turns the kind off for the person's mail; again is no error. Errors: `not_found`, `kind_is_mandatory`.
    pub(crate) fn unsubscribe(&self, token: &str, lang: Option<Lang>) -> Result<Unsubscription, Refusal> {
        let found = self.unsubscription(token, lang)?;
        if found.mandatory {
            return Err(Error::field(Code::KindIsMandatory, "kind").into());
        }
        let (member, kind) = self.read_unsubscribe_token(token).ok_or(Code::NotFound)?;
        self.write_preference(&member, &kind, Channel::Email, false)?;
        Ok(Unsubscription { already: true, ..found })
    }

    fn kind_of_link(&self, code: &str) -> Result<KindInfo, Refusal> {
        self.kind(code)?.filter(|kind| kind.code != SIGN_IN_CODE).ok_or_else(|| Code::NotFound.into())
    }

    fn read_unsubscribe_token(&self, token: &str) -> Option<(MemberId, String)> {
        let (workspace, rest) = token.split_once('.')?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(rest).ok()?;
        let (subject, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
        if workspace != self.workspace_digits() || !self.vault.mac_matches(PURPOSE, subject, mac) {
            return None;
        }
        let (member, kind) = std::str::from_utf8(subject).ok()?.split_at_checked(MEMBER)?;
        Some((format!("{}{member}", MemberId::PREFIX).parse().ok()?, kind.to_owned()))
    }
}
