//! Rows that nearly every request reads and hardly any changes, kept in memory. Whoever writes such a row says
//! so in the same breath; a new object starts empty.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use shared::api::settings::{KindInfo, LineCost};

use crate::clients::IntegrationRow;

#[derive(Default)]
pub(crate) struct Cache {
    pub(crate) integrations: RefCell<Option<Rc<[IntegrationRow]>>>,
    pub(crate) kinds: RefCell<Option<Rc<[KindInfo]>>>,
    pub(crate) line_cost: Cell<Option<LineCost>>,
}

impl Cache {
    /// After a write to `integrations`.
    pub(crate) fn integrations_changed(&self) {
        self.integrations.take();
    }

    /// After a write to `kinds` or `rules`.
    pub(crate) fn kinds_changed(&self) {
        self.kinds.take();
    }
}
