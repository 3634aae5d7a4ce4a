//! Kinds as one workspace has them: the catalogue, what it changed about it, and its own. And as one company has
//! them, where it differs.

use std::rc::Rc;

use shared::{
    api::settings::KindInfo,
    channel::Channel,
    id::MemberId,
    kind::{CATALOGUE, Kind, members_may_set},
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
    icon: String,
    archived: i64,
}

#[derive(serde::Deserialize)]
struct Off {
    kind: String,
    channel: Channel,
}

#[derive(serde::Deserialize)]
struct Permission {
    app: String,
    members_set: i64,
}

/// A switch of the grid where a company differs from the workspace.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct CompanyRule {
    pub(crate) company: String,
    pub(crate) kind: String,
    pub(crate) channel: Channel,
    pub(crate) allowed: i64,
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

    /// The same as they hold for the people of one company.
    pub(crate) fn kinds_of_company(&self, company: Option<&str>) -> Result<Rc<[KindInfo]>, Refusal> {
        let kinds = self.kinds()?;
        let rules = self.company_rules()?;
        let own: Vec<&CompanyRule> =
            rules.iter().filter(|rule| Some(rule.company.as_str()) == company).collect();
        if own.is_empty() {
            return Ok(kinds);
        }
        let differing = |kind: &KindInfo| {
            let mut kind = kind.clone();
            for rule in own.iter().filter(|rule| rule.kind == kind.code) {
                // A rule may say what the workspace has come to say itself.
                if (rule.allowed == 1) == kind.off.contains(&rule.channel) {
                    kind.differs.push(rule.channel);
                    kind.off.retain(|off| *off != rule.channel);
                    if rule.allowed == 0 {
                        kind.off.push(rule.channel);
                    }
                }
            }
            kind
        };
        Ok(kinds.iter().map(differing).collect())
    }

    /// The same as they hold for one person.
    pub(crate) fn kinds_of_member(&self, member: &MemberId) -> Result<Rc<[KindInfo]>, Refusal> {
        if self.company_rules()?.is_empty() {
            return self.kinds();
        }
        let query = "SELECT coalesce(company, '') FROM members WHERE id = ?1";
        let company = self.ports.sql.texts(query, &[member.as_str().into()])?;
        self.kinds_of_company(company.first().map(String::as_str))
    }

    /// All differences of all companies; few, or none.
    pub(crate) fn company_rules(&self) -> Result<Rc<[CompanyRule]>, Refusal> {
        if let Some(rules) = &*self.cache.company_rules.borrow() {
            return Ok(Rc::clone(rules));
        }
        let rules: Vec<CompanyRule> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('company', company, 'kind', kind, 'channel', channel, 'allowed', allowed) FROM company_rules",
            &[],
        )?;
        let rules: Rc<[CompanyRule]> = rules.into();
        *self.cache.company_rules.borrow_mut() = Some(Rc::clone(&rules));
        Ok(rules)
    }

    fn read_kinds(&self) -> Result<Vec<KindInfo>, Refusal> {
        let sql = &*self.ports.sql;
        let rows: Vec<Row> = store::rows(
            sql,
            "SELECT json_object('code', code, 'custom', custom, 'name_ja', name_ja, 'name_en', name_en, \
             'urgency', urgency, 'mandatory', mandatory, 'icon', icon, 'archived', archived) FROM kinds ORDER BY code",
            &[],
        )?;
        let off: Vec<Off> =
            store::rows(sql, "SELECT json_object('kind', kind, 'channel', channel) FROM rules", &[])?;
        let permissions: Vec<Permission> = store::rows(
            sql,
            "SELECT json_object('app', app, 'members_set', members_set) FROM app_permissions",
            &[],
        )?;
        let off_of = |code: &str| off.iter().filter(|off| off.kind == code).map(|off| off.channel).collect();
        let locked = |app: &str| {
            let decided = permissions.iter().find(|one| one.app == app).map(|one| one.members_set == 1);
            !decided.unwrap_or_else(|| members_may_set(app))
        };
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
                icon: String::new(),
                archived: false,
                locked: locked(kind.app()),
                differs: Vec::new(),
            }
        });
        let own = rows.iter().filter(|row| row.custom == 1 && Kind::find(&row.code).is_none()).map(|row| {
            let app = row.code.split('.').next().unwrap_or_default();
            KindInfo {
                code: row.code.clone(),
                app: app.to_owned(),
                name_ja: row.name_ja.clone(),
                name_en: row.name_en.clone(),
                urgency: Urgency::from_rank(row.urgency),
                mandatory: row.mandatory == 1,
                custom: true,
                off: off_of(&row.code),
                icon: row.icon.clone(),
                archived: row.archived == 1,
                locked: locked(app),
                differs: Vec::new(),
            }
        });
        Ok(catalogue.chain(own).collect())
    }
}

/// Whether a kind goes out on a channel to people of a company, which may be none.
pub(crate) fn allows(kind: &KindInfo, rules: &[CompanyRule], company: &str, channel: Channel) -> bool {
    let own = rules
        .iter()
        .find(|rule| rule.company == company && rule.kind == kind.code && rule.channel == channel)
        .map(|rule| rule.allowed == 1);
    own.unwrap_or_else(|| !kind.off.contains(&channel))
}

/// The name in the reader's language; a kind that was deleted is called by its code.
pub(crate) fn name(kind: Option<&KindInfo>, code: &str, lang: Lang) -> String {
    match (kind, lang) {
        (Some(kind), Lang::Ja) => kind.name_ja.clone(),
        (Some(kind), Lang::En) => kind.name_en.clone(),
        (None, _) => code.to_owned(),
    }
}
