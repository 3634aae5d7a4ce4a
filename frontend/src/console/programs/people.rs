//! メンバー, 通知ルール.

use leptos::prelude::*;

use super::{nowhere, whole};
use crate::console::{
    members::{MemberPage, MembersPage, NewMemberPage, companies, import},
    part::{Draw, Drawn},
    place::Place,
    rules,
};

/// The page of a place of this program.
pub fn draw(place: Place) -> Drawn {
    match place {
        Place::Members => MembersPage().drawn(),
        Place::NewMember => NewMemberPage().drawn(),
        Place::ImportMembers => whole(import::page()),
        Place::Companies => whole(companies::page()),
        Place::Member(id) => view! { <MemberPage id=id /> }.drawn(),
        Place::Rules => rules::grid::page().drawn(),
        Place::RuleCompanies => rules::companies::page().drawn(),
        Place::RuleCompany(id) => whole(rules::company::page(id)),
        Place::RuleMembers => rules::members::page().drawn(),
        Place::RuleMember(id) => whole(rules::member::page(id)),
        _ => nowhere(),
    }
}
