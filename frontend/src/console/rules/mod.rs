//! 通知ルール: the grid of kinds and channels, what goes into companies' rooms, what members set themselves.
//!
//! Where to start: [`grid`] is the first page, [`model`] is what it decides.

pub mod companies;
pub mod company;
mod company_kinds;
mod company_model;
mod company_room;
pub mod filters;
pub mod grid;
mod grid_rows;
mod kind_dialog;
mod kind_form;
mod kind_icon;
pub mod member;
pub mod members;
pub mod model;
mod tabs;
pub mod texts;
mod walking;
mod wire;
