//! Installing the Slack app by OAuth v2 (slack.md §8).

use std::rc::Rc;

use shared::{
    api::{
        integrations::{Provider, Redirect},
        linking::Returned,
    },
    error::Code,
    id::IntegrationId,
    integration::SlackVia,
};

use super::forms::Parts;
use crate::{
    clients::{Client, IntegrationRow, Slack},
    http::Input,
    hub::Hub,
    linking::Stop,
    providers::slack::{CallError, SlackSecret, SlackSettings},
    refusal::Refusal,
    sessions::Caller,
};

impl Hub {
    /// `POST /api/integrations/{id}/install`: where the admin's browser goes. Errors: `not_found`, also for an
    /// app whose token was pasted.
    pub(crate) async fn start_install(&self, input: &Input, id: &str) -> Result<Redirect, Refusal> {
        let (row, app) = self.installable(id).await?.ok_or(Code::NotFound)?;
        let token = self.session_token(input.header("cookie")).ok_or(Code::NotSignedIn)?;
        let state = self.new_state(Provider::Slack, token, &row.id);
        Ok(Redirect { url: app.client.authorize_url(&self.redirect_url(Provider::Slack), &state) })
    }

    /// `GET /auth/callback/slack`: the browser is back. The integration is `None` when nothing says which.
    pub(crate) async fn finish_install(self: &Rc<Self>, input: &Input) -> (Option<IntegrationId>, Returned) {
        let token = self.session_token(input.header("cookie"));
        let state = input.asked("state").ok_or(Returned::Forged);
        let integration = state.and_then(|state| self.read_state(Provider::Slack, token, state));
        match integration {
            Ok(id) => {
                let returned = match self.installed(input, &id).await {
                    Ok(()) => Returned::Ok,
                    Err(stop) => self.told("Slack install", stop),
                };
                (Some(id), returned)
            }
            Err(returned) => (None, returned),
        }
    }

    async fn installed(self: &Rc<Self>, input: &Input, id: &IntegrationId) -> Result<(), Stop> {
        // Somebody may have stopped being an admin since.
        let caller = Caller::Member(self.signed_in(input.header("cookie"))?);
        caller.admin_member()?;
        if let Some(error) = input.asked("error") {
            let cancelled = error == "access_denied";
            if !cancelled {
                self.ports.log.line("Slack install: came back with an error");
            }
            return Err(if cancelled { Returned::Cancelled } else { Returned::CodeRefused }.into());
        }
        let code = input.asked("code").ok_or(Returned::Forged)?;
        let (row, app) = self.installable(id.as_str()).await?.ok_or(Returned::NotConnected)?;
        let redirect = self.redirect_url(Provider::Slack);
        let installed =
            app.client.exchange_code(code, &redirect).await.map_err(|error| self.install_no(&error))?;
        // Members' IDs and rooms are those of the workspace it was installed in first.
        if !app.settings.team_id.is_empty() && app.settings.team_id != installed.team_id {
            return Err(Returned::OtherTeam.into());
        }
        let stored = self.vault.get_secret(&*self.ports.kv, &row.id, row.secret_version).await;
        let stored = stored.map_err(Refusal::from)?.ok_or(Refusal::from(Code::Busy))?;
        let settings = row.settings.clone();
        let mut parts = Parts { provider: row.provider, settings, secret: stored };
        let (mut settings, mut secret): (SlackSettings, SlackSecret) = parts.read()?;
        installed.keep(&mut settings, &mut secret);
        parts.write(&settings, &secret)?;
        Ok(self.keep_version(&caller, &row, &parts, "integration.installed", "").await?)
    }

    async fn installable(&self, id: &str) -> Result<Option<(IntegrationRow, Rc<Slack>)>, Refusal> {
        let Some(row) = self.integration_row(id)? else { return Ok(None) };
        Ok(match self.client(id).await? {
            Some(Client::Slack(app)) if app.settings.via == SlackVia::Install => Some((row, app)),
            _ => None,
        })
    }

    fn install_no(&self, error: &CallError) -> Returned {
        self.ports.log.line(&format!("Slack install: {error}"));
        match error {
            CallError::Rotating => Returned::Rotating,
            CallError::Refused(no) if no.status != 429 && no.status < 500 => Returned::CodeRefused,
            _ => Returned::ProviderDown,
        }
    }
}
