//! Open pages, behind [`hub::ports::Live`]: hibernating WebSockets, found by their tags.

use std::rc::Rc;

use hub::ports::{Audience, Live};
use worker::State;

#[derive(Debug)]
pub(crate) struct Pages(pub(crate) Rc<State>);

impl Live for Pages {
    fn publish(&self, audience: Audience, text: &str) {
        for page in self.0.get_websockets_with_tag(&tag(&audience)) {
            // A page that just went away is no loss: it loads the lists when it is back.
            let _gone = page.send_with_str(text);
        }
    }

    fn close(&self, audience: &Audience) {
        for page in self.0.get_websockets_with_tag(&tag(audience)) {
            // It may have gone by itself.
            let _gone = page.close(Some(4001), Some("signed out"));
        }
    }
}

/// How a WebSocket is tagged when it is accepted.
#[must_use]
pub(crate) fn tag(audience: &Audience) -> String {
    match audience {
        Audience::Admins => "admins".to_owned(),
        Audience::Company(id) => format!("company:{id}"),
        Audience::Member(id) => format!("member:{id}"),
    }
}
