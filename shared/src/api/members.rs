//! Members and their addresses, as admins handle them.

use serde::{Deserialize, Serialize};

use crate::{
    api::auth::Role,
    channel::{AddressState, Channel},
    error::{Code, Error},
    id::{CompanyId, MemberId},
    lang::Lang,
    validate::{is_mail_address, is_slack_member_id},
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
    /// Slack member ID.
    pub slack_id: String,
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
        for field in [&mut self.lineworks_id, &mut self.company, &mut self.slack_id] {
            *field = field.split_whitespace().collect();
        }
        // As Slack spells it: callbacks are compared with it.
        self.slack_id.make_ascii_uppercase();
    }

    /// Names of the fields that differ from `other`, in the order of the page.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for (name, own, its) in [
            ("name", &self.name, &other.name),
            ("reading", &self.reading, &other.reading),
            ("login_email", &self.login_email, &other.login_email),
            ("notification_email", &self.notification_email, &other.notification_email),
            ("lineworks_id", &self.lineworks_id, &other.lineworks_id),
            ("slack_id", &self.slack_id, &other.slack_id),
            ("company", &self.company, &other.company),
            ("department", &self.department, &other.department),
            ("title", &self.title, &other.title),
            ("employee_number", &self.employee_number, &other.employee_number),
        ] {
            if own != its {
                names.push(name);
            }
        }
        for (name, differs) in [
            ("role", self.role != other.role),
            ("language", self.language != other.language),
            ("usable", self.usable != other.usable),
        ] {
            if differs {
                names.push(name);
            }
        }
        names
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
        if !self.slack_id.is_empty() && !is_slack_member_id(&self.slack_id) {
            problems.push(Error::field(Code::NotASlackMemberId, "slack_id"));
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
    /// When a letter with a way in was last sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_at: Option<i64>,
}

impl Member {
    /// The form filled with this member.
    #[must_use]
    pub fn form(&self) -> MemberForm {
        let address = |channel| {
            let own = self.addresses.iter().find(|address| address.channel == channel);
            own.map(|address| address.value.clone()).unwrap_or_default()
        };
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
            lineworks_id: address(Channel::Lineworks),
            slack_id: address(Channel::Slack),
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

/// `GET /api/v1/members/{id}/consequences`: what goes with a person who is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberConsequences {
    /// Notices on their way.
    pub waiting: u64,
    /// Doors that lead to this person.
    pub doors: u64,
    /// Clock-ins and the like.
    pub punches: u64,
}

/// `POST /api/members/invitations` → 200 [`Invitations`]: sends each a letter with a way in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InviteRequest {
    /// These people; else everybody whom `q`, `company`, `usable` and `role` of the query find.
    pub members: Option<Vec<MemberId>>,
    /// Of everybody, only those who were never invited.
    pub new_only: bool,
}

/// `GET /api/members/invitations`: how far the last letters are. `DELETE` withdraws those that wait.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Invitations {
    pub waiting: u64,
    pub sent: u64,
    /// Given up, as where no mail arrives.
    pub failed: u64,
    /// When they were asked for; absent when nobody was ever invited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<i64>,
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
        form.slack_id = " u0abc ".into();
        form.clean();
        assert_eq!(form.problems(), []);
        assert_eq!(form.slack_id, "U0ABC");
        assert_eq!((form.name.as_str(), form.login_email.as_str()), ("佐藤 花子", "sato@minato.example"));
        form.name.clear();
        form.notification_email = "x".into();
        form.company = "co_1".into();
        form.slack_id = "x1".into();
        let fields: Vec<_> = form.problems().into_iter().filter_map(|error| error.field).collect();
        assert_eq!(fields, ["name", "notification_email", "slack_id", "company"]);
    }

    #[test]
    fn every_field_can_differ() {
        let other = MemberForm {
            name: "a".into(),
            reading: "a".into(),
            login_email: "a".into(),
            notification_email: "a".into(),
            department: "a".into(),
            title: "a".into(),
            employee_number: "a".into(),
            usable: false,
            company: "a".into(),
            lineworks_id: "a".into(),
            slack_id: "a".into(),
            role: Role::Admin,
            language: Lang::En,
            version: Some(1),
        };
        let fields = serde_json::to_value(&other).unwrap();
        // All but the version.
        assert_eq!(MemberForm::fresh().differences(&other).len(), fields.as_object().unwrap().len() - 1);
        assert!(other.differences(&other).is_empty());
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let error = serde_json::from_str::<MemberForm>(r#"{"name":"a","nickname":"b"}"#).unwrap_err();
        assert!(error.to_string().contains("nickname"));
    }
}
