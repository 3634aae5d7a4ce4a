//! Rows that nearly every request reads and hardly any changes, kept in memory. Whoever writes such a row says
//! so in the same breath; a new object starts empty.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use shared::api::{
    attendance::AttendanceSettings,
    settings::{KindInfo, LineCost},
};

use crate::{clients::IntegrationRow, kinds::CompanyRule, quiet::QuietRules};

#[derive(Default)]
pub(crate) struct Cache {
    pub(crate) integrations: RefCell<Option<Rc<[IntegrationRow]>>>,
    pub(crate) kinds: RefCell<Option<Rc<[KindInfo]>>>,
    /// Where companies differ from the workspace.
    pub(crate) company_rules: RefCell<Option<Rc<[CompanyRule]>>>,
    /// Asked for each line that is said in a room.
    pub(crate) attendance: RefCell<Option<Rc<AttendanceSettings>>>,
    pub(crate) line_cost: Cell<Option<LineCost>>,
    /// Emptied by whoever writes quiet times or the company's calendar.
    pub(crate) quiet: RefCell<Option<Rc<QuietRules>>>,
}

impl Cache {
    /// After a write to `integrations`.
    pub(crate) fn integrations_changed(&self) {
        self.integrations.take();
    }

    /// After a write to `kinds`, `rules`, `company_rules` or `app_permissions`.
    pub(crate) fn kinds_changed(&self) {
        self.kinds.take();
        self.company_rules.take();
    }
}
