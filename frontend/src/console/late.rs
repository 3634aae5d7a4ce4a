//! Answers that come when the reader has left what asked for them.

use leptos::prelude::*;

/// Ends what `busy` stands for; true while it is still there. It belongs to the page that asked, or to one opening of
/// a dialog. Once that is gone, reading any of its signals is a trap, and a dialog that is open now is another one:
/// what came of it is said by toast, and nothing else is touched.
pub(crate) fn still_here(busy: RwSignal<bool>) -> bool {
    busy.try_set(false).is_none()
}
