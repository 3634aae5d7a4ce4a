//! What an admin decides for everybody: own kinds of notices, the kind x channel rules, API keys.

mod keys;

use shared::{
    api::settings::{KindInfo, KindRequest, RuleRequest},
    channel::Channel,
    error::{Code, Error},
    routing::Urgency,
};

use crate::{
    hub::Hub,
    ports::{SqlError, Value},
    refusal::Refusal,
    sessions::Caller,
};

/// Sent past every switch: no rule could hold for it.
pub(crate) const SIGN_IN_CODE: &str = "todoke.sign_in_code";

impl Hub {
    /// Adds a kind of the workspace's own. Errors: those of the form, `already_exists`.
    pub(crate) fn create_kind(&self, caller: &Caller, mut kind: KindRequest) -> Result<KindInfo, Refusal> {
        caller.require_admin()?;
        for name in [&mut kind.code, &mut kind.name_ja, &mut kind.name_en] {
            *name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        Refusal::unless_empty(kind.problems())?;
        if self.kind(&kind.code)?.is_some() {
            return Err(Error::field(Code::AlreadyExists, "code").into());
        }
        self.ports.sql.atomically(&mut || {
            self.write_kind(true, &kind.code, [&kind.name_ja, &kind.name_en], kind.urgency, false)?;
            self.audit(caller, "kind.created", &kind.code, "")
        })?;
        self.known_kind(&kind.code)
    }

    /// Turns a kind on or off for a channel, or makes it mandatory. Errors: `unknown_kind`, `required`,
    /// `kind_is_mandatory` for the sign-in code.
    pub(crate) fn set_rule(&self, caller: &Caller, request: &RuleRequest) -> Result<KindInfo, Refusal> {
        caller.admin_member()?;
        let kind = self.known_kind(&request.kind)?;
        if kind.code == SIGN_IN_CODE {
            return Err(Error::field(Code::KindIsMandatory, "kind").into());
        }
        let cell = match (request.channel, request.on) {
            (Some(channel), Some(on)) => Some((channel, on)),
            (Some(_), None) => return Err(Error::field(Code::Required, "on").into()),
            (None, Some(_)) => return Err(Error::field(Code::Required, "channel").into()),
            (None, None) if request.mandatory.is_none() => {
                return Err(Error::field(Code::Required, "channel").into());
            }
            (None, None) => None,
        };
        self.ports.sql.atomically(&mut || {
            if let Some((channel, on)) = cell {
                self.write_rule(&kind.code, channel, on)?;
                let detail = format!("{channel} {}", if on { "on" } else { "off" });
                self.audit(caller, "rule.changed", &kind.code, &detail)?;
            }
            if let Some(mandatory) = request.mandatory {
                self.write_kind(
                    kind.custom,
                    &kind.code,
                    [&kind.name_ja, &kind.name_en],
                    kind.urgency,
                    mandatory,
                )?;
                let detail = if mandatory { "mandatory" } else { "not mandatory" };
                self.audit(caller, "rule.changed", &kind.code, detail)?;
            }
            Ok(())
        })?;
        self.known_kind(&request.kind)
    }

    /// A kind of the catalogue or the workspace's own. Errors: `unknown_kind` with the field `kind`.
    pub(crate) fn known_kind(&self, code: &str) -> Result<KindInfo, Refusal> {
        self.kind(code)?.ok_or_else(|| Error::field(Code::UnknownKind, "kind").into())
    }

    fn write_kind(
        &self,
        custom: bool,
        code: &str,
        [name_ja, name_en]: [&str; 2],
        urgency: Urgency,
        mandatory: bool,
    ) -> Result<(), SqlError> {
        self.ports.sql.exec(
            "INSERT INTO kinds (code, custom, name_ja, name_en, urgency, mandatory) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (code) DO UPDATE SET mandatory = excluded.mandatory",
            &[code.into(), custom.into(), name_ja.into(), name_en.into(), urgency.rank().into(), mandatory.into()],
        )?;
        self.cache.kinds_changed();
        Ok(())
    }

    fn write_rule(&self, kind: &str, channel: Channel, on: bool) -> Result<(), SqlError> {
        let key: [Value; 2] = [kind.into(), channel.code().into()];
        let statement = if on {
            "DELETE FROM rules WHERE kind = ?1 AND channel = ?2"
        } else {
            "INSERT INTO rules (kind, channel) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
        };
        self.ports.sql.exec(statement, &key)?;
        self.cache.kinds_changed();
        Ok(())
    }
}
