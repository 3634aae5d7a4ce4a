//! Long works that go on behind the pages, such as an import of ten thousand people, and the apps' timers: in slices,
//! each a burst of its own, so that notices and pages are not kept waiting and a crash costs no more than one slice. Where each
//! stands is in the store; pages may be left and come back.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use shared::time::Millis;

use crate::{dispatch::earlier, hub::Hub, refusal::Refusal};

impl Hub {
    /// When the next slice of any work is due, which may have passed; `None` while none is under way.
    pub(crate) fn next_errand(&self) -> Result<Option<Millis>, Refusal> {
        let imports = self.next_import_slice()?;
        let invitations = self.next_invitation()?;
        let bulk = self.next_bulk_slice()?;
        let forgetting = earlier(self.next_forgetting()?, self.next_grant_to_forget()?);
        let pages = earlier(earlier(forgetting, bulk), earlier(imports, invitations));
        Ok(earlier(pages, earlier(self.next_app_timer()?, self.next_calendar_entry()?)))
    }

    /// Something was begun: the dispatcher looks at once.
    pub(crate) fn errand_waits(&self) {
        self.dispatcher.look_by(self.now());
        self.dispatcher.wake();
    }

    /// One slice of each work that is due, until none is. A moment between the slices lets others in.
    pub(crate) fn run_errands(self: &Rc<Self>) -> LocalBoxFuture<'static, Result<(), Refusal>> {
        let hub = Rc::clone(self);
        Box::pin(async move {
            while hub.next_errand()?.is_some_and(|at| at <= hub.now()) {
                hub.work_import()?;
                hub.work_bulk()?;
                hub.work_invitations().await?;
                hub.forget_next_grants().await?;
                hub.work_forgetting()?;
                hub.ring_app_timers().await?;
                hub.work_calendars().await?;
                hub.ports.clock.sleep(1).await;
            }
            Ok(())
        })
    }
}
