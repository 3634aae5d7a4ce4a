//! The first minute of a workspace.

use shared::{
    api::auth::{Me, Public, PublicWorkspace, Role, SetupRequest},
    channel::AddressState,
    error::{Code, Error},
    id::MemberId,
    validate::is_mail_address,
};

use crate::{
    http::Input,
    hub::{Hub, Workspace},
    refusal::Refusal,
    sessions::{Caller, SignedIn},
    store,
};

impl Hub {
    /// What anybody may know.
    pub(crate) fn public(&self) -> Result<Public, Refusal> {
        let workspace: Option<Workspace> = store::row(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'name', name, 'language', language) FROM workspace",
            &[],
        )?;
        Ok(Public {
            workspace: workspace.map(|workspace| PublicWorkspace { id: workspace.id, name: workspace.name }),
            development: self.config.development,
            sign_in: self.sign_in_ways()?,
        })
    }

    /// Names the workspace and makes its first owner, who is signed in: `Me` and the value of `Set-Cookie`.
    /// The Worker compared the operator's token. Errors: `already_set_up`, and what is wrong in the form.
    pub(crate) fn set_up(&self, mut request: SetupRequest, input: &Input) -> Result<(Me, String), Refusal> {
        clean(&mut request);
        Refusal::unless_empty(problems(&request))?;
        if self.ending.get() {
            // The old workspace is still going: what is set up now would go with it.
            return Err(Code::Busy.into());
        }
        if self.public()?.workspace.is_some() {
            return Err(Code::AlreadySetUp.into());
        }
        let now = self.now();
        let owner = SignedIn {
            id: MemberId::new(now, self.random()),
            name: request.name.clone(),
            role: Role::Owner,
            company: None,
            language: request.language,
        };
        let mut cookie = String::new();
        self.ports.sql.atomically(&mut || {
            let sql = &*self.ports.sql;
            sql.exec(
                "INSERT INTO workspace (one, id, name, language, created_at) VALUES (1, ?1, ?2, ?3, ?4)",
                &[
                    self.config.workspace.as_str().into(),
                    request.workspace.as_str().into(),
                    request.language.tag().into(),
                    now.into(),
                ],
            )?;
            sql.exec(
                "INSERT INTO members (id, company, name, reading, login_email, department, title, \
                 employee_number, usable, role, language, version, created_at) \
                 VALUES (?1, NULL, ?2, '', ?3, '', '', '', 1, ?4, ?5, 1, ?6)",
                &[
                    owner.id.as_str().into(),
                    owner.name.as_str().into(),
                    request.email.as_str().into(),
                    owner.role.code().into(),
                    owner.language.tag().into(),
                    now.into(),
                ],
            )?;
            sql.exec(
                "INSERT INTO addresses (member, channel, value, state, switched_on) VALUES (?1, 'email', ?2, ?3, 1)",
                &[owner.id.as_str().into(), request.email.as_str().into(), AddressState::Linked.code().into()],
            )?;
            self.audit(&Caller::Member(owner.clone()), "workspace.created", self.config.workspace.as_str(), "")?;
            cookie = self.start_session(&owner.id, input)?;
            Ok(())
        })?;
        Ok((self.me(&owner)?, cookie))
    }
}

fn clean(request: &mut SetupRequest) {
    for field in [&mut request.workspace, &mut request.name] {
        *field = field.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    request.email = request.email.split_whitespace().collect::<String>().to_lowercase();
}

fn problems(request: &SetupRequest) -> Vec<Error> {
    let mut problems = Vec::new();
    for (name, value) in [("workspace", &request.workspace), ("name", &request.name)] {
        if value.is_empty() {
            problems.push(Error::field(Code::Required, name));
        } else if value.chars().count() > 100 {
            problems.push(Error::field(Code::TooLong, name));
        }
    }
    if request.email.is_empty() {
        problems.push(Error::field(Code::Required, "email"));
    } else if !is_mail_address(&request.email) {
        problems.push(Error::field(Code::NotAMailAddress, "email"));
    }
    problems
}
