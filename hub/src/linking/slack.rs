//! Linking Slack by a member ID, which everybody can copy from their own profile.

use std::rc::Rc;

use shared::{
    channel::{AddressState, Channel},
    delivery::{Cause, CauseCode},
    error::{Code, Error},
    validate::is_slack_member_id,
};

use super::{New, refused_field};
use crate::{clients::Client, hub::Hub, refusal::Refusal, sessions::SignedIn};

impl Hub {
    /// Asks Slack who that is. Errors: `required`, `not_a_slack_member_id`, `not_connected`, `address_taken`,
    /// `connection_failed` when there is nobody, or nobody who could read a message.
    pub(super) async fn link_slack(self: &Rc<Self>, me: &SignedIn, id: &str) -> Result<(), Refusal> {
        let id: String = id.split_whitespace().collect::<String>().to_ascii_uppercase();
        if id.is_empty() {
            return Err(Error::field(Code::Required, "member_id").into());
        }
        if !is_slack_member_id(&id) {
            return Err(Error::field(Code::NotASlackMemberId, "member_id").into());
        }
        let Client::Slack(app) = self.serving(Channel::Slack).await?.1 else {
            return Err(Error::field(Code::NotConnected, "channel").into());
        };
        let nobody = || refused_field("member_id", &Cause::new(CauseCode::UnknownRecipient, ""), me.language);
        let user = app.client.user(&id).await;
        let user = user
            .map_err(|error| refused_field("member_id", &error.cause(), me.language))?
            .ok_or_else(nobody)?;
        let label = if user.name.is_empty() { id.as_str() } else { user.name.as_str() };
        let new = New {
            channel: Channel::Slack,
            // As Slack spells it: callbacks are compared with it.
            value: &user.id,
            label,
            state: AddressState::Unverified,
        };
        match self.write_own_address(&me.id, &new) {
            Err(Refusal::Because(problems)) if problems.iter().any(|no| no.code == Code::AddressTaken) => {
                Err(Error::field(Code::AddressTaken, "member_id").into())
            }
            other => other.map(drop),
        }
    }
}
