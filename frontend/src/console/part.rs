//! Parts of a page that change, in a form that costs little to ship: whatever a part draws, the browser gets the
//! code that builds it and none that compares it with what it drew before. A changed part is drawn anew.

use std::future::Future;

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::*,
    tachys::{
        hydration::Cursor,
        renderer::{Rndr, types},
        view::{Mountable, Position, PositionState, Render, RenderHtml, add_attr::AddAnyAttr},
    },
};

/// Something drawn whose own type is forgotten.
pub struct Drawn(Box<dyn FnOnce() -> Box<dyn Mountable> + Send>);

/// A part of a page that follows the signals it reads.
pub type Part = Box<dyn Fn() -> Drawn + Send>;

/// A text that follows the signals it reads.
pub type Words = Box<dyn Fn() -> String + Send>;

/// Draws again whenever a signal that `draw` reads changes.
pub fn part(draw: impl Fn() -> Drawn + Send + 'static) -> Part {
    Box::new(draw)
}

/// Says again whenever a signal that `say` reads changes.
pub fn said<S: Into<String>>(say: impl Fn() -> S + Send + 'static) -> Words {
    Box::new(move || say().into())
}

/// Forgets the type of a view: the branches of a part become one type.
pub trait Draw {
    fn drawn(self) -> Drawn;
}

impl<V: IntoView + 'static> Draw for V {
    fn drawn(self) -> Drawn {
        Drawn(Box::new(move || Box::new(self.into_view().build())))
    }
}

/// What stands on the page, and the comment behind it that keeps its place.
pub struct DrawnState {
    content: Box<dyn Mountable>,
    anchor: types::Placeholder,
}

impl Render for Drawn {
    type State = DrawnState;

    fn build(self) -> Self::State {
        DrawnState { content: (self.0)(), anchor: Rndr::create_placeholder() }
    }

    fn rebuild(self, state: &mut Self::State) {
        let mut new = (self.0)();
        state.anchor.insert_before_this(&mut *new);
        std::mem::replace(&mut state.content, new).unmount();
    }
}

impl Mountable for DrawnState {
    fn unmount(&mut self) {
        self.content.unmount();
        self.anchor.unmount();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        self.content.mount(parent, marker);
        self.anchor.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.content.insert_before_this(child) || self.anchor.insert_before_this(child)
    }

    fn elements(&self) -> Vec<types::Element> {
        self.content.elements()
    }
}

impl AddAnyAttr for Drawn {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

/// Only ever drawn in a browser: there is no HTML of it and nothing to take over from a server.
impl RenderHtml for Drawn {
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
