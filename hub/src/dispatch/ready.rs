//! What a try fetches before its message can leave.

use std::{cell::RefCell, collections::HashSet, rc::Rc};

use shared::delivery::Outcome;

use crate::{
    clients::{Client, Line},
    hub::Hub,
    queue::Item,
    refusal::Refusal,
};

/// Whom to send with, and what went wrong before there was anything to send.
pub(crate) struct Ready {
    /// `Ok(None)`: there is no such integration any more.
    pub(crate) client: Result<Option<Client>, Refusal>,
    pub(crate) fetched: Result<(), Outcome>,
}

/// As long as it lives, nothing of these has left: they can still be withdrawn.
pub(crate) struct Preparing<'a>(&'a RefCell<HashSet<String>>, Vec<String>);

impl Drop for Preparing<'_> {
    fn drop(&mut self) {
        let mut preparing = self.0.borrow_mut();
        for id in &self.1 {
            preparing.remove(id);
        }
    }
}

impl Hub {
    /// A provider counts a message when it comes, not when it was picked: while a token or a conversation was fetched
    /// for it, the next one may have caught up. What had to wait for that goes back into the queue, uncounted: `None`.
    /// Until then nothing has left, and what is withdrawn is withdrawn.
    pub(crate) async fn get_ready(self: &Rc<Self>, item: &Item) -> Option<Ready> {
        let asked = self.now();
        let preparing = self.prepare(std::slice::from_ref(item));
        let client = match item.integration.as_str() {
            "" => Ok(None),
            id => self.client_for_try(id).await,
        };
        let fetched = match (&item.fetched, &client, &item.destination) {
            (Some(fetched), ..) => fetched.clone(),
            (None, Ok(Some(client)), Some(destination)) => client.get_ready(destination).await,
            _ => Ok(()),
        };
        drop(preparing);
        if item.fetched.is_some() || self.now() == asked {
            return Some(Ready { client, fetched });
        }
        self.dispatcher.queue.borrow_mut().put_back(Item { fetched: Some(fetched), ..item.clone() });
        None
    }

    /// The LINE account of one call for several, if theirs is one and can be had: an error must not end the
    /// dispatcher's loop and every try in flight.
    pub(crate) async fn line_for_call(&self, items: &[Item]) -> Option<Rc<Line>> {
        let first = items.first()?;
        let _preparing = self.prepare(items);
        match self.client_for_try(&first.integration).await {
            Ok(Some(Client::Line(account))) => Some(account),
            _ => None,
        }
    }

    fn prepare(&self, items: &[Item]) -> Preparing<'_> {
        let ids: Vec<String> = items.iter().map(|item| item.id.clone()).collect();
        self.dispatcher.preparing.borrow_mut().extend(ids.iter().cloned());
        Preparing(&self.dispatcher.preparing, ids)
    }

    /// The secret may have been replaced between its number and itself: then it is looked for once more.
    async fn client_for_try(&self, integration: &str) -> Result<Option<Client>, Refusal> {
        match self.client(integration).await {
            Err(_) => self.client(integration).await,
            found => found,
        }
    }
}
