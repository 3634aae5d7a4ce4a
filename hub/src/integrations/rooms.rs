//! Rooms that a bot is in. They fill themselves from callbacks.

use shared::api::integrations::Room;

use crate::{hub::Hub, refusal::Refusal, store};

impl Hub {
    /// `GET /api/v1/rooms`.
    pub(crate) fn rooms(&self) -> Result<Vec<Room>, Refusal> {
        store::rows(&*self.ports.sql, &format!("{ROOM} ORDER BY r.open DESC, r.name, r.id"), &[])
    }

    pub(crate) fn room(&self, id: &str) -> Result<Option<Room>, Refusal> {
        store::row(&*self.ports.sql, &format!("{ROOM} WHERE r.id = ?1"), &[id.into()])
    }
}

const ROOM: &str = "SELECT json_object('id', r.id, 'integration', r.integration, 'provider', i.provider, \
     'provider_id', r.provider_id, 'name', r.name, 'open', json(CASE r.open WHEN 1 THEN 'true' ELSE 'false' END), 'since', r.since) \
     FROM rooms r JOIN integrations i ON i.id = r.integration";
