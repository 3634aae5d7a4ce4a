//! The table of members.

use leptos::prelude::*;
use shared::{
    api::{
        Page,
        auth::Role,
        members::{Address, Member},
    },
    channel::AddressState,
};

use super::{
    query::{Query, post_of},
    texts::list as more_texts,
    tools::tools,
};
use crate::{
    client::{browser, json},
    console::{
        listing,
        part::Draw,
        pick::{Pick, company_pick},
        search::Search,
        texts::members as texts,
        visit::Visit,
    },
    i18n::{fill, lang, say, signal, t},
    kit::{Badge, ButtonKind, Icon, LinkButton, Loader, Mark, PageTitle, Tone, show},
};

const START: listing::Start = listing::Start {
    title: texts::EMPTY,
    text: texts::EMPTY_NEXT,
    action: texts::ADD,
    href: "/console/members/new",
    icon: Icon::Plus,
    testid: "add-first-member",
    filtered: texts::NOTHING_NEXT,
};

/// `/console/members`.
#[component]
pub fn MembersPage() -> impl IntoView {
    let visit = Visit::expect();
    let query = Memo::new(move |_| Query::read(|name| visit.asked(name)));
    let loader = Loader::new(move || {
        let path = path_of(query, None);
        async move { json::get::<Page<Member>>(&path).await }
    });
    let choose = Callback::new(move |query: Query| {
        visit.change(&format!("/console/members{}", query.text(None)));
    });
    view! {
        <div class="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
            <div>
                <PageTitle text=signal(texts::TITLE) />
                <p class="lead">{t(texts::LEAD)}</p>
            </div>
            <LinkButton label=texts::ADD href="/console/members/new" kind=ButtonKind::Primary icon=Icon::Plus testid="add-member" />
        </div>
        {tools(query).place()}
        <Filters query=query on_choose=choose />
        {show(loader, move |page| {
            let none = {
                let page = page.clone();
                Memo::new(move |_| page.with(|page| page.items.is_empty()))
            };
            move || {
                if none.get() {
                    let unfiltered = Memo::new(move |_| query.with(Query::is_empty));
                    let clear = Callback::new(move |()| choose.run(Query::default()));
                    listing::nothing(START, unfiltered, clear).drawn()
                } else {
                    view! { <Table loader=loader page=page.clone() query=query /> }.drawn()
                }
            }
        })}
    }
}

fn path_of(query: Memo<Query>, cursor: Option<&str>) -> String {
    query.with(|query| format!("/api/v1/members{}", query.text(cursor)))
}

#[component]
fn Filters(query: Memo<Query>, on_choose: Callback<Query>) -> impl IntoView {
    let with = move |change: &dyn Fn(&mut Query)| {
        let mut query = query.get_untracked();
        change(&mut query);
        on_choose.run(query);
    };
    let states = Signal::derive(|| {
        let usable = [("true", more_texts::ACTIVE), ("false", more_texts::INACTIVE)];
        let lack = [
            ("invited", more_texts::NOT_INVITED),
            ("lineworks", more_texts::WITHOUT_LINEWORKS),
            ("line", more_texts::WITHOUT_LINE),
            ("slack", more_texts::WITHOUT_SLACK),
        ];
        let words = |(code, words): (&str, shared::lang::Text)| (code.to_owned(), say(words).to_owned());
        vec![(String::new(), usable.into_iter().chain(lack).map(words).collect())]
    });
    let companies = company_pick(
        Signal::derive(move || query.with(|query| query.company.clone())),
        Callback::new(move |id: String| with(&|query| query.company.clone_from(&id))),
    );
    view! {
        <div class="my-4 flex flex-wrap gap-2">
            <div class="min-w-56 flex-1 max-md:basis-full">
                <Search
                    q=Signal::derive(move || query.with(|query| query.q.clone()))
                    label=texts::SEARCH
                    on_search=move |q: String| with(&|query| q.trim().clone_into(&mut query.q))
                />
            </div>
            <Pick
                label=more_texts::STATE
                any=more_texts::ANY_STATE
                groups=states
                chosen=Signal::derive(move || query.with(|query| if query.usable.is_empty() { query.lack.clone() } else { query.usable.clone() }))
                on_choose=move |code: String| {
                    with(
                        &|query| {
                            let (usable, lack) = if matches!(code.as_str(), "true" | "false") { (code.as_str(), "") } else { ("", code.as_str()) };
                            usable.clone_into(&mut query.usable);
                            lack.clone_into(&mut query.lack);
                        },
                    )
                }
                testid="filter-state"
            />
            {companies}
        </div>
    }
}

#[component]
fn Table(loader: Loader<Page<Member>>, page: ArcRwSignal<Page<Member>>, query: Memo<Query>) -> impl IntoView {
    let page = RwSignal::from(page);
    let path = move |cursor: &str| path_of(query, Some(cursor));
    let members = Memo::new(move |_| page.with(|page| page.items.clone()));
    let shown = move || {
        let (here, total) = page.with(|page| (page.items.len(), page.total));
        let count = total.unwrap_or(u64::try_from(here).unwrap_or_default());
        fill(texts::COUNT, &[&browser::number_text(count)])
    };
    view! {
        <p class="mb-2 text-[13px] text-ink-soft" aria-live="polite" data-testid="member-count">{shown}</p>
        <div class="card overflow-hidden p-0">
            <table class="table" data-testid="members">
                <thead class="max-md:sr-only">
                    <tr>
                        <th scope="col">{t(texts::COLUMN_NAME)}</th>
                        <th scope="col">{t(texts::COLUMN_COMPANY)}</th>
                        <th scope="col">{t(texts::COLUMN_CHANNELS)}</th>
                        <th scope="col">{t(texts::COLUMN_ROLE)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || members.get() key=|member| (member.id.clone(), member.version) let:member>
                        <Row member=member />
                    </For>
                </tbody>
            </table>
        </div>
        {listing::more(loader, path, None).place()}
    }
}

#[component]
fn Row(member: Member) -> impl IntoView {
    let post = post_of(&member);
    let company = member.company_name.clone().unwrap_or_default();
    let (usable, role) = (member.usable, member.role);
    view! {
        <tr
            class="max-md:flex max-md:flex-wrap max-md:items-baseline max-md:gap-x-4 max-md:px-4 max-md:py-2.5 max-md:[&>td]:p-0"
            data-testid="member"
            data-id=member.id.to_string()
        >
            <td class="max-md:basis-full">
                <span class="flex flex-wrap items-baseline gap-x-2">
                    <a class="row-link font-medium text-ink no-underline" href=format!("/console/members/{}", member.id)>
                        {member.name}
                    </a>
                    <span class="text-[13px] text-ink-soft">{member.reading}</span>
                    {(!usable).then(|| view! { <Badge tone=Tone::Quiet text=texts::NOT_USABLE testid="not-usable" /> })}
                </span>
                <span class="block text-[13px] text-ink-soft">{member.login_email}</span>
            </td>
            <td class="text-sm max-md:basis-full max-md:text-[13px] max-md:text-ink-soft">
                <span>{company}</span>
                <span class="max-md:ml-2 md:block md:text-[13px] md:text-ink-soft">{post}</span>
            </td>
            <td>
                <Addresses addresses=member.addresses />
            </td>
            // A plain member is the rule: said on a wide page only, and quietly.
            <td class="text-sm" class=("text-ink-soft", role == Role::Member) class=("max-md:hidden", role == Role::Member)>
                {t(role.name())}
            </td>
        </tr>
    }
}

/// One mark per channel; what is not simply working is said in words.
#[component]
fn Addresses(addresses: Vec<Address>) -> impl IntoView {
    if addresses.is_empty() {
        return view! { <span class="text-[13px] text-shu">{t(texts::NO_CHANNELS)}</span> }.drawn();
    }
    view! {
        <ul class="m-0 flex list-none flex-wrap gap-x-3 p-0 text-[13px] md:block">
            {addresses
                .into_iter()
                .map(|address| {
                    let (state, on) = (address.state, address.on);
                    let words = move || match (on, state) {
                        (false, _) => Some(say(texts::SWITCHED_OFF)),
                        (true, AddressState::Linked) => None,
                        (true, state) => Some(state.name().get(lang())),
                    };
                    view! {
                        <li class="flex items-center gap-1.5 whitespace-nowrap">
                            <Mark channel=address.channel />
                            <span>{t(address.channel.name())}</span>
                            <span class:text-shu=on && state == AddressState::Broken class:text-ink-soft=!(on && state == AddressState::Broken)>
                                {words}
                            </span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .drawn()
}
