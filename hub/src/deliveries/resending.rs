//! Which deliveries may be sent again by hand. What was accepted may not: the person would read it twice. What was
//! decided against may only when it was for want of something that is there by now, such as an address.

use shared::{api::deliveries::NoResend, id::DeliveryId};

use crate::{hub::Hub, refusal::Refusal};

/// Of `deliveries d`: the code of [`NoResend`], NULL for what may be sent again.
pub(crate) const NO_RESEND: &str = "CASE WHEN d.state IN ('waiting', 'sending') THEN 'underway' \
     WHEN d.state = 'sent' THEN 'sent' \
     WHEN EXISTS (SELECT 1 FROM events e WHERE e.id = d.event AND e.cancelled = 1) THEN 'withdrawn' \
     WHEN d.state <> 'skipped' THEN NULL \
     WHEN NOT EXISTS (SELECT 1 FROM integrations i WHERE d.channel = CASE i.provider WHEN 'mail' THEN 'email' \
       WHEN 'lineworks_v1' THEN 'lineworks' ELSE i.provider END) THEN 'decided' \
     WHEN d.reason = 'room_closed' AND EXISTS (SELECT 1 FROM rooms r WHERE r.id = d.target AND r.open = 1) THEN NULL \
     WHEN d.reason IN ('channel_not_connected', 'member_not_usable', 'no_address', 'address_blocked', 'address_broken', 'not_a_friend') \
       AND EXISTS (SELECT 1 FROM addresses a JOIN members m ON m.id = a.member WHERE a.member = d.target AND a.channel = d.channel \
       AND m.usable = 1 AND (a.state = 'linked' OR a.state = 'unverified' AND a.channel <> 'line')) THEN NULL \
     ELSE 'decided' END";

impl Hub {
    /// Why a delivery is not to be sent again by hand; `None` when it may be, or when there is no such delivery.
    pub(crate) fn why_not_resend(&self, id: &DeliveryId) -> Result<Option<NoResend>, Refusal> {
        let found = self.ports.sql.texts(
            &format!("SELECT coalesce({NO_RESEND}, '') FROM deliveries d WHERE d.id = ?1"),
            &[id.as_str().into()],
        )?;
        Ok(found.first().and_then(|code| NoResend::from_code(code)))
    }
}
