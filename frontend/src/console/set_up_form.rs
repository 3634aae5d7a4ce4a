//! Checks of the set-up form.

use shared::{
    api::auth::SetupRequest,
    error::{Code, Error},
    validate::is_mail_address,
};

use crate::kit::form::Validated;

impl Validated for SetupRequest {
    const FIELDS: &'static [&'static str] = &["token", "workspace", "name", "email"];

    fn clean(&mut self) {
        self.token.retain(|c| !c.is_whitespace());
        for text in [&mut self.workspace, &mut self.name] {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        self.email = self.email.split_whitespace().collect::<String>().to_ascii_lowercase();
    }

    fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        for (name, value) in [
            ("token", &self.token),
            ("workspace", &self.workspace),
            ("name", &self.name),
            ("email", &self.email),
        ] {
            if value.is_empty() {
                problems.push(Error::field(Code::Required, name));
            }
        }
        for (name, value) in [("workspace", &self.workspace), ("name", &self.name)] {
            if value.chars().count() > 100 {
                problems.push(Error::field(Code::TooLong, name));
            }
        }
        if !self.email.is_empty() && !is_mail_address(&self.email) {
            problems.push(Error::field(Code::NotAMailAddress, "email"));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_checked() {
        let good = SetupRequest {
            token: " abc\n".into(),
            workspace: " みなと\u{3000}商事 ".into(),
            name: "佐藤 花子".into(),
            email: " Sato@minato.example ".into(),
            ..SetupRequest::default()
        };
        let mut form = good.clone();
        form.clean();
        assert_eq!(form.problems(), []);
        assert_eq!(
            (form.token.as_str(), form.workspace.as_str(), form.email.as_str()),
            ("abc", "みなと 商事", "sato@minato.example")
        );
        let fields: Vec<_> =
            SetupRequest::default().problems().into_iter().filter_map(|error| error.field).collect();
        assert_eq!(fields, SetupRequest::FIELDS);
        let long = SetupRequest { workspace: "あ".repeat(101), email: "x".into(), ..good };
        assert_eq!(
            long.problems(),
            [Error::field(Code::TooLong, "workspace"), Error::field(Code::NotAMailAddress, "email")]
        );
    }
}
