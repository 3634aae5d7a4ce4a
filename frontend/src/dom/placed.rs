//! An element of [`super`] as a part of a Leptos view, so that components can be drawn with it.

use std::future::Future;

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    tachys::{
        hydration::Cursor,
        renderer::types,
        view::{Position, PositionState, Render, RenderHtml, add_attr::AddAnyAttr},
    },
};
use send_wrapper::SendWrapper;

use super::El;

/// See [`El::place`]. Drawn again, it takes the place of what it drew before.
pub struct Placed(pub(super) SendWrapper<El>);

impl Render for Placed {
    type State = types::Element;

    fn build(self) -> Self::State {
        self.0.take().0
    }

    fn rebuild(self, state: &mut Self::State) {
        let new = self.build();
        // Refused only where the old one has no parent: then nobody sees either.
        drop(state.replace_with_with_node_1(&new));
        *state = new;
    }
}

impl AddAnyAttr for Placed {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

/// Only ever drawn in a browser: there is no HTML of it and nothing to take over from a server.
impl RenderHtml for Placed {
    type AsyncOutput = Self;
    type Owned = Self;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    fn resolve(self) -> impl Future<Output = Self> + Send {
        std::future::ready(self)
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Self::State {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
