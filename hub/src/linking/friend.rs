//! Adding the company's LINE account as a friend: the page with the QR code, and asking LINE again.

use std::rc::Rc;

use shared::{
    api::linking::LineFriend,
    channel::{AddressState, Channel},
    error::Code,
    id::MemberId,
};

use super::{
    line::{Friendship, not_connected},
    qr,
};
use crate::{
    clients::{Client, Line},
    hub::Hub,
    refusal::Refusal,
    sessions::SignedIn,
};

impl Hub {
    /// `GET /api/me/channels/line/friend`. Errors: `not_connected`.
    pub(crate) async fn line_friend(&self, me: &SignedIn) -> Result<LineFriend, Refusal> {
        let account = self.line_account().await?;
        self.friend_page(&account, &me.id)
    }

    /// `POST /api/me/channels/line/refresh`: asks LINE whether the bot reaches the member by now, for when no
    /// callback told. Errors: `not_connected`, `provider_down`.
    pub(crate) async fn refresh_line(self: &Rc<Self>, me: &SignedIn) -> Result<LineFriend, Refusal> {
        let account = self.line_account().await?;
        let address = self.own_address(&me.id, Channel::Line)?.ok_or_else(not_connected)?;
        let token = self.line_token(&account, &me.id, &address.value).await;
        let state = match self.friendship(&account, token.as_deref(), &address.value).await {
            Friendship::Friend => AddressState::Linked,
            // Nobody who was reached stops being a friend but by blocking (line.md §5, unfollow).
            Friendship::Not if address.state == AddressState::Linked => AddressState::Blocked,
            Friendship::Not | Friendship::OtherAccount => address.state,
            Friendship::Unknown => return Err(Code::ProviderDown.into()),
        };
        // The address may have been changed during the awaits.
        let changed = self.ports.sql.exec(
            "UPDATE addresses SET state = ?4 WHERE member = ?1 AND channel = ?2 AND value = ?3 AND state <> ?4",
            &[
                me.id.as_str().into(),
                Channel::Line.code().into(),
                address.value.as_str().into(),
                state.code().into(),
            ],
        )?;
        if changed > 0 {
            self.announce_addresses(&me.id)?;
        }
        self.friend_page(&account, &me.id)
    }

    async fn line_account(&self) -> Result<Rc<Line>, Refusal> {
        match self.serving(Channel::Line).await?.1 {
            Client::Line(account) => Ok(account),
            _ => Err(not_connected()),
        }
    }

    fn friend_page(&self, account: &Line, member: &MemberId) -> Result<LineFriend, Refusal> {
        let settings = &account.settings;
        let url = settings.friend_url(&self.config.endpoints.line).ok_or_else(not_connected)?;
        Ok(LineFriend {
            qr_svg: qr::svg(&url),
            url,
            name: settings.display_name.clone().unwrap_or_default(),
            state: self.own_address(member, Channel::Line)?.map(|address| address.state),
        })
    }
}
