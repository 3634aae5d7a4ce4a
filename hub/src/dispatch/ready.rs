//! What a try fetches before its message can leave.

use shared::delivery::Outcome;

use crate::{
    clients::{Client, Outbound},
    hub::Hub,
    queue::Item,
};

impl Hub {
    /// A provider counts a message when it comes, not when it was picked: while a token or a conversation was
    /// fetched for it, the next one may have caught up. So it is fetched before anything is leased, and what had to
    /// wait for that goes back into the queue, uncounted. `Ok(false)`: it is there again.
    pub(crate) async fn get_ready(
        &self,
        item: &Item,
        client: &Client,
        outbound: &Outbound<'_>,
    ) -> Result<bool, Outcome> {
        let asked = self.now();
        client.get_ready(outbound).await?;
        if item.ready || self.now() == asked {
            return Ok(true);
        }
        self.dispatcher.queue.borrow_mut().put_back(Item { ready: true, ..item.clone() });
        Ok(false)
    }
}
