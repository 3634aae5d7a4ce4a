//! The search and the choice of a system above the lists of companies and members; both live in the address.

use leptos::prelude::*;
use shared::{kind::APPS, lang::Text};

use super::texts;
use crate::{
    console::{deliveries::filter::escape, pick::Pick, search::Search, visit::Visit},
    i18n::lang,
};

/// `path?name=value&…` of those that have a value.
pub(crate) fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (index, (name, value)) in pairs.iter().filter(|(_, value)| !value.is_empty()).enumerate() {
        address.push(if index == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        escape(value, &mut address);
    }
    address
}

/// What a list is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Narrow {
    pub q: String,
    pub app: String,
}

impl Narrow {
    /// From the page's address; tracked.
    pub(super) fn read(visit: Visit) -> Self {
        Self { q: visit.asked("q").unwrap_or_default(), app: visit.asked("app").unwrap_or_default() }
    }

    pub(super) fn address(&self, path: &str, cursor: &str) -> String {
        address(path, &[("q", self.q.trim()), ("app", &self.app), ("cursor", cursor)])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.q.trim().is_empty() && self.app.is_empty()
    }
}

/// The search and the choice; `path` is the page's.
#[component]
pub fn Filters(narrow: Memo<Narrow>, path: &'static str, search: Text) -> impl IntoView {
    let visit = Visit::expect();
    let with = move |change: &dyn Fn(&mut Narrow)| {
        let mut narrow = narrow.get_untracked();
        change(&mut narrow);
        visit.change(&narrow.address(path, ""));
    };
    let apps = Signal::derive(move || {
        let app = |app: &shared::kind::App| (app.code.to_owned(), app.name.get(lang()).to_owned());
        vec![(String::new(), APPS.iter().map(app).collect())]
    });
    view! {
        <div class="my-4 flex flex-wrap gap-2">
            <div class="min-w-56 flex-1 max-md:basis-full">
                <Search
                    q=Signal::derive(move || narrow.with(|narrow| narrow.q.clone()))
                    label=search
                    on_search=move |q: String| with(&|narrow| q.trim().clone_into(&mut narrow.q))
                />
            </div>
            <Pick
                label=texts::APP
                any=texts::ANY_APP
                groups=apps
                chosen=Signal::derive(move || narrow.with(|narrow| narrow.app.clone()))
                on_choose=move |app: String| with(&|narrow| narrow.app.clone_from(&app))
                testid="filter-app"
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_carries_what_is_asked_for() {
        assert_eq!(
            address("/a", &[("q", ""), ("app", "fleet"), ("x", "山 1")]),
            "/a?app=fleet&x=%E5%B1%B1%201"
        );
        let narrow = Narrow { q: "  ".into(), app: String::new() };
        assert!(narrow.is_empty());
        assert_eq!(narrow.address("/a", ""), "/a");
    }
}
