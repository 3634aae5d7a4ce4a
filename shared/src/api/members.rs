//! Members and their addresses, as admins handle them.

use serde::{Deserialize, Serialize};

use crate::{
    api::auth::Role,
    channel::{AddressState, Channel},
    error::{Code, Error},
    id::{CompanyId, MemberId},
    lang::Lang,
    validate::is_mail_address,
};

/// Body of `POST /api/v1/members` (→ 201 [`Member`]) and `PUT /api/v1/members/{id}` (→ 200), and the console's
/// form: every field as text so that nothing typed is lost.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemberForm {
    /// Required, at most 100 characters.
    pub name: String,
    /// ふりがな.
    pub reading: String,
    /// Required, unique: the name for signing in.
    pub login_email: String,
    /// Where mail goes; the login address when empty.
    pub notification_email: String,
    pub department: String,
    pub title: String,
    pub employee_number: String,
    /// 利用可.
    pub usable: bool,
    /// A company's id, or empty.
    pub company: String,
    /// LINE WORKS login ID or user ID.
    pub lineworks_id: String,
    pub role: Role,
    pub language: Lang,
    /// The `version` the form was loaded with; a newer one on the server is answered 409.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl MemberForm {
    /// An empty form for a new person.
    #[must_use]
    pub fn fresh() -> Self {
        Self { usable: true, ..Self::default() }
    }

    pub fn clean(&mut self) {
        for field in [
            &mut self.name,
            &mut self.reading,
            &mut self.department,
            &mut self.title,
            &mut self.employee_number,
        ] {
            *field = field.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        for field in [&mut self.login_email, &mut self.notification_email] {
            *field = field.split_whitespace().collect::<String>().to_lowercase();
        }
        for field in [&mut self.lineworks_id, &mut self.company] {
            *field = field.split_whitespace().collect();
        }
    }

    /// What is wrong, by field. Call after [`Self::clean`].
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        for (name, value, limit) in [
            ("name", &self.name, 100),
            ("reading", &self.reading, 100),
            ("department", &self.department, 100),
            ("title", &self.title, 100),
            ("employee_number", &self.employee_number, 50),
            ("lineworks_id", &self.lineworks_id, 200),
        ] {
            if value.chars().count() > limit {
                problems.push(Error::field(Code::TooLong, name));
            }
        }
        if self.name.is_empty() {
            problems.push(Error::field(Code::Required, "name"));
        }
        if self.login_email.is_empty() {
            problems.push(Error::field(Code::Required, "login_email"));
        } else if !is_mail_address(&self.login_email) {
            problems.push(Error::field(Code::NotAMailAddress, "login_email"));
        }
        if !self.notification_email.is_empty() && !is_mail_address(&self.notification_email) {
            problems.push(Error::field(Code::NotAMailAddress, "notification_email"));
        }
        if !self.company.is_empty() && self.company.parse::<CompanyId>().is_err() {
            problems.push(Error::field(Code::UnknownCompany, "company"));
        }
        problems
    }
}

/// A person. `GET /api/v1/members?q=&company=&usable=&cursor=` answers a page of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: MemberId,
    pub name: String,
    pub reading: String,
    pub login_email: String,
    pub notification_email: String,
    pub department: String,
    pub title: String,
    pub employee_number: String,
    pub usable: bool,
    pub company: Option<CompanyId>,
    pub company_name: Option<String>,
    pub role: Role,
    pub language: Lang,
    pub addresses: Vec<Address>,
    /// Grows with every change.
    pub version: i64,
}

impl Member {
    /// The form filled with this member.
    #[must_use]
    pub fn form(&self) -> MemberForm {
        let lineworks = self.addresses.iter().find(|address| address.channel == Channel::Lineworks);
        MemberForm {
            name: self.name.clone(),
            reading: self.reading.clone(),
            login_email: self.login_email.clone(),
            notification_email: self.notification_email.clone(),
            department: self.department.clone(),
            title: self.title.clone(),
            employee_number: self.employee_number.clone(),
            usable: self.usable,
            company: self.company.as_ref().map(ToString::to_string).unwrap_or_default(),
            lineworks_id: lineworks.map(|address| address.value.clone()).unwrap_or_default(),
            role: self.role,
            language: self.language,
            version: Some(self.version),
        }
    }
}

/// Where a channel reaches a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub channel: Channel,
    pub value: String,
    pub state: AddressState,
    /// The member's switch.
    pub on: bool,
    pub last_ok_at: Option<i64>,
}

/// `POST /api/v1/companies`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyForm {
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_cleaned_and_checked() {
        let mut form = MemberForm {
            name: " 佐藤\u{3000}花子 ".into(),
            login_email: " Sato@Minato.example\n".into(),
            ..MemberForm::fresh()
        };
        form.clean();
        assert_eq!(form.problems(), []);
        assert_eq!((form.name.as_str(), form.login_email.as_str()), ("佐藤 花子", "sato@minato.example"));
        form.name.clear();
        form.notification_email = "x".into();
        form.company = "co_1".into();
        let fields: Vec<_> = form.problems().into_iter().filter_map(|error| error.field).collect();
        assert_eq!(fields, ["name", "notification_email", "company"]);
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let error = serde_json::from_str::<MemberForm>(r#"{"name":"a","nickname":"b"}"#).unwrap_err();
        assert!(error.to_string().contains("nickname"));
    }
}
