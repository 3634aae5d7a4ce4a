//! Kinds as one workspace has them: the catalogue, what it changed about it, and its own.

use std::rc::Rc;

use shared::{
    api::settings::KindInfo,
    channel::Channel,
    kind::{CATALOGUE, Kind},
    lang::Lang,
    routing::Urgency,
};

use crate::{hub::Hub, refusal::Refusal, store};

#[derive(serde::Deserialize)]
struct Row {
    code: String,
    custom: i64,
    name_ja: String,
    name_en: String,
    urgency: i64,
    mandatory: i64,
}

#[derive(serde::Deserialize)]
struct Off {
    kind: String,
    channel: Channel,
}

impl Hub {
    /// One kind, `None` when neither the catalogue nor the workspace knows it.
    pub(crate) fn kind(&self, code: &str) -> Result<Option<KindInfo>, Refusal> {
        Ok(self.kinds()?.iter().find(|kind| kind.code == code).cloned())
    }

    /// The catalogue in its order, then the workspace's own by code.
    pub(crate) fn kinds(&self) -> Result<Rc<[KindInfo]>, Refusal> {
        if let Some(kinds) = &*self.cache.kinds.borrow() {
            return Ok(Rc::clone(kinds));
        }
        let kinds: Rc<[KindInfo]> = self.read_kinds()?.into();
        *self.cache.kinds.borrow_mut() = Some(Rc::clone(&kinds));
        Ok(kinds)
    }

    fn read_kinds(&self) -> Result<Vec<KindInfo>, Refusal> {
        let sql = &*self.ports.sql;
        let rows: Vec<Row> = store::rows(
            sql,
            "SELECT json_object('code', code, 'custom', custom, 'name_ja', name_ja, 'name_en', name_en, \
             'urgency', urgency, 'mandatory', mandatory) FROM kinds ORDER BY code",
            &[],
        )?;
        let off: Vec<Off> =
            store::rows(sql, "SELECT json_object('kind', kind, 'channel', channel) FROM rules", &[])?;
        let off_of = |code: &str| off.iter().filter(|off| off.kind == code).map(|off| off.channel).collect();
        let catalogue = CATALOGUE.iter().map(|kind| {
            let changed = rows.iter().find(|row| row.code == kind.code);
            KindInfo {
                code: kind.code.to_owned(),
                app: kind.app().to_owned(),
                name_ja: kind.name.ja.to_owned(),
                name_en: kind.name.en.to_owned(),
                urgency: changed.map_or(kind.urgency, |row| Urgency::from_rank(row.urgency)),
                mandatory: changed.is_some_and(|row| row.mandatory == 1),
                custom: false,
                off: off_of(kind.code),
            }
        });
        let own = rows.iter().filter(|row| row.custom == 1 && Kind::find(&row.code).is_none()).map(|row| {
            KindInfo {
                code: row.code.clone(),
                app: row.code.split('.').next().unwrap_or_default().to_owned(),
                name_ja: row.name_ja.clone(),
                name_en: row.name_en.clone(),
                urgency: Urgency::from_rank(row.urgency),
                mandatory: row.mandatory == 1,
                custom: true,
                off: off_of(&row.code),
            }
        });
        Ok(catalogue.chain(own).collect())
    }
}

/// The name in the reader's language; a kind that was deleted is called by its code.
pub(crate) fn name(kind: Option<&KindInfo>, code: &str, lang: Lang) -> String {
    match (kind, lang) {
        (Some(kind), Lang::Ja) => kind.name_ja.clone(),
        (Some(kind), Lang::En) => kind.name_en.clone(),
        (None, _) => code.to_owned(),
    }
}
