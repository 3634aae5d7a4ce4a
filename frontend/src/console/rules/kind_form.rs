//! The form of a workspace's own kind.

use shared::{
    api::settings::KindInfo,
    error::Error,
    kind::{CustomKind, ICONS, name_problems},
    routing::Urgency,
};

use super::model::{urgency_code, urgency_of};
use crate::{
    client::json::{self, Out},
    console::listed::{List, Listed},
    kit::form::Validated,
};

/// A new kind or one that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KindForm {
    /// What may not change once it exists.
    pub(super) code: String,
    pub(super) name_ja: String,
    pub(super) name_en: String,
    pub(super) urgency: Urgency,
    /// Empty where it has none.
    pub(super) icon: String,
    /// It does not exist yet.
    pub(super) fresh: bool,
}

impl KindForm {
    pub(super) fn of(kind: Option<&KindInfo>) -> Self {
        Self {
            code: kind.map(|kind| kind.code.clone()).unwrap_or_default(),
            name_ja: kind.map(|kind| kind.name_ja.clone()).unwrap_or_default(),
            name_en: kind.map(|kind| kind.name_en.clone()).unwrap_or_default(),
            urgency: kind.map_or(Urgency::Normal, |kind| kind.urgency),
            icon: kind.map_or(ICONS[0], |kind| kind.icon.as_str()).to_owned(),
            fresh: kind.is_none(),
        }
    }

    /// The body of `POST /api/v1/kinds`, or of `PUT` of the kind.
    pub(super) fn body(&self, archived: bool) -> String {
        let mut fields = vec![
            ("name_ja", Out::Text(&self.name_ja)),
            ("name_en", Out::Text(&self.name_en)),
            ("urgency", Out::Text(urgency_code(self.urgency))),
            ("icon", Out::Text(&self.icon)),
        ];
        fields.push(if self.fresh {
            ("code", Out::Text(&self.code))
        } else {
            ("archived", Out::Bool(archived))
        });
        json::object(&fields)
    }
}

impl KindForm {
    /// What was read of a kind, for [`crate::console::difference::was`].
    pub(super) fn read(&self, archived: bool) -> String {
        json::object(&[
            ("name_ja", Out::Text(&self.name_ja)),
            ("name_en", Out::Text(&self.name_en)),
            ("urgency", Out::Text(urgency_code(self.urgency))),
            ("icon", Out::Text(&self.icon)),
            ("archived", Out::Bool(archived)),
        ])
    }
}

impl Validated for KindForm {
    const FIELDS: &'static [&'static str] = &["code", "name_ja", "name_en", "urgency", "icon"];

    fn clean(&mut self) {
        for text in [&mut self.code, &mut self.name_ja, &mut self.name_en] {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
    }

    fn problems(&self) -> Vec<Error> {
        if !self.fresh {
            return name_problems(&self.name_ja, &self.name_en);
        }
        let kind = CustomKind {
            code: self.code.clone(),
            name_ja: self.name_ja.clone(),
            name_en: self.name_en.clone(),
            urgency: self.urgency,
            icon: self.icon.clone(),
        };
        kind.problems()
    }
}

impl Listed for KindForm {
    fn list(&self) -> List {
        vec![
            ("code", self.code.clone()),
            ("name_ja", self.name_ja.clone()),
            ("name_en", self.name_en.clone()),
            ("urgency", urgency_code(self.urgency).to_owned()),
            ("icon", self.icon.clone()),
        ]
    }

    fn put(&mut self, name: &str, text: &str) {
        let own = match name {
            "code" => &mut self.code,
            "name_ja" => &mut self.name_ja,
            "name_en" => &mut self.name_en,
            "icon" => &mut self.icon,
            "urgency" => return self.urgency = urgency_of(text),
            _ => return,
        };
        text.clone_into(own);
    }
}

#[cfg(test)]
mod tests {
    use shared::api::settings::{KindChange, KindRequest};

    use super::{super::model::tests::kind, *};

    #[test]
    fn bodies_are_what_the_server_reads() {
        let mut form = KindForm::of(None);
        form.code = "building.fire".into();
        form.name_ja = " 火災\u{3000}報知 ".into();
        assert_eq!(form.problems().len(), 1);
        form.name_en = "Fire".into();
        form.clean();
        assert_eq!(form.problems(), []);
        let read: KindRequest = serde_json::from_str(&form.body(false)).unwrap();
        assert_eq!(
            (read.code.as_str(), read.name_ja.as_str(), read.icon.as_str()),
            ("building.fire", "火災 報知", "bell")
        );
        form.fresh = false;
        let read: KindChange = serde_json::from_str(&form.body(true)).unwrap();
        assert!(read.archived);
    }

    #[test]
    fn a_kind_without_an_icon_is_read_and_saved_without_one() {
        for icon in ["", ICONS[0], "flag"] {
            let form = KindForm { icon: icon.into(), fresh: false, ..KindForm::of(None) };
            let own = KindInfo { icon: icon.into(), ..kind("building.fire") };
            assert_eq!(KindForm::of(Some(&own)).icon, form.icon);
            assert!(form.read(false).contains(&format!(r#""icon":"{icon}""#)), "{}", form.read(false));
            let saved: KindChange = serde_json::from_str(&form.body(false)).unwrap();
            assert_eq!(saved.icon, icon);
        }
    }

    #[test]
    fn every_problem_is_about_a_field_of_the_form() {
        for fresh in [true, false] {
            let form = KindForm { icon: "skull".into(), fresh, ..KindForm::of(None) };
            assert!(form.problems().len() >= 2);
            for error in form.problems() {
                assert!(KindForm::FIELDS.contains(&error.field.as_deref().unwrap()), "{error:?}");
            }
        }
    }
}
