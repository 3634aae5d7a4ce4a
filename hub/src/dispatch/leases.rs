//! Leases: those made in the insert of an event, and those whose try was lost.

use shared::{
    delivery::Guarantee,
    id::DeliveryId,
    kind::guarantee,
    time::{MINUTE, Millis},
};

use super::SLOTS;
use crate::{
    audience::{Head, Leased, Plan},
    hub::Hub,
    refusal::Refusal,
    store,
};

/// How long a lease made in the insert lasts: the longest try and the way there. SMTP's takes longest.
const LEASED: Millis = MINUTE;
const LEASED_WITH_MAIL: Millis = 3 * MINUTE;
/// How often the store is told from when on such leases are to be looked for.
const LEASES_TOLD: Millis = 10 * MINUTE;

impl Hub {
    /// How many of an event's deliveries can go this very moment: those are leased as they are written. A
    /// notice that is sent at most once is not among them, since a crash would leave it uncertain though it
    /// never left.
    pub(crate) fn lease_at_once(&self, head: &Head<'_>, plan: &Plan) -> Result<Leased, Refusal> {
        let deliveries = plan.deliveries;
        let dispatcher = &self.dispatcher;
        let free = SLOTS.saturating_sub(dispatcher.in_flight.borrow().len());
        let idle = dispatcher.queue.borrow().len() == 0 && !dispatcher.stale.get() && dispatcher.looked.get();
        let now_or_never = head.deliver_at.is_some() || guarantee(head.urgency) == Guarantee::AtMostOnce;
        // What is read back in batches would not find those that are leased already.
        if now_or_never || !idle || free == 0 || deliveries == 0 || deliveries > crate::events::SMALL {
            return Ok(Leased::default());
        }
        if dispatcher.leases_told.get() + LEASES_TOLD <= head.now {
            self.adopt_leases()?;
            self.ports.sql.run("UPDATE workspace SET leased_since = ?1", &[head.now.into()])?;
            dispatcher.leases_told.set(head.now);
        }
        let lasts = if plan.mail { LEASED_WITH_MAIL } else { LEASED };
        Ok(Leased { first: u32::try_from(free).unwrap_or_default(), until: head.now + lasts })
    }

    /// Gives leases that were made in an insert a due time, by which they are found like any other.
    pub(super) fn adopt_leases(&self) -> Result<(), Refusal> {
        let since = store::number(&*self.ports.sql, "SELECT leased_since FROM workspace", &[])?;
        let adopted = self.ports.sql.exec(
            "UPDATE deliveries SET due_at = lease_until WHERE id >= ?1 AND state = 'sending' AND due_at IS NULL",
            &[DeliveryId::first_at(since).into()],
        )?;
        if adopted > 0 {
            self.dispatcher.leases_known.set(false);
            self.dispatcher.look_by(self.now());
        }
        Ok(())
    }

    /// When the first lease ends that no try in flight holds.
    pub(super) fn next_lost_lease(&self) -> Result<Option<Millis>, Refusal> {
        let leased = self.ports.sql.texts(
            "SELECT id || ' ' || lease_until FROM deliveries WHERE due_at IS NOT NULL AND state = 'sending'",
            &[],
        )?;
        let in_flight = self.dispatcher.in_flight.borrow();
        let lost =
            leased.iter().filter_map(|text| text.split_once(' ')).filter(|(id, _)| !in_flight.contains(*id));
        Ok(lost.filter_map(|(_, at)| at.parse::<Millis>().ok()).min())
    }
}
