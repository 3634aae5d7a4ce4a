//! What every scenario begins with: a sandbox, the product, a workspace with a few people, both channels
//! connected and the bot in a room.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use sandbox::{
    server::{Config, Route, Running, serve},
    world::{TalkId, World},
};
use serde_json::{Value, json};
use shared::{
    api::{
        auth::Me,
        events::{Accepted, Company, Event},
        integrations::{Integration, IntegrationRequest, IntegrationSettings, MatchResult, Room},
        members::{CompanyForm, Member, MemberForm},
        settings::{KeyRequest, NewKey, Scope},
    },
    id::WorkspaceId,
    integration::{LineworksForm, MailForm, MailVia, SmtpSecurity},
};

use crate::{
    client::{Answer, Client},
    failure::{Failure, Outcome, check, same, there},
    messengers::Messengers,
    product::{CALLBACK_ORIGIN, Product, SETUP_TOKEN},
};

/// What takes longer than this does not happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// 「総務部」 of the demo world.
pub(crate) const ROOM: &str = "7d1c0b52-0e8f-4a6b-9a31-5f2f60a10001";

/// The people besides the owner 佐藤, by the first part of their login.
const PEOPLE: [(&str, &str); 3] =
    [("takahashi", "高橋 美咲"), ("ito", "伊藤 さくら"), ("yamamoto", "山本 葵")];

pub(crate) struct Stage {
    pub(crate) product: Product,
    sandbox: Running,
    /// Answers of the set-ups that raced.
    pub(crate) set_ups: Vec<Answer>,
    pub(crate) workspace: WorkspaceId,
    /// The owner's browser.
    pub(crate) owner: Client,
    /// A business system with a key for everything.
    pub(crate) system: Client,
    pub(crate) lineworks: Integration,
    pub(crate) bot: i64,
    /// The sandbox's controls.
    pub(crate) control: Client,
    /// What was connected besides, once a scenario wanted it.
    pub(crate) messengers: Option<Messengers>,
    dir: PathBuf,
}

impl Stage {
    pub(crate) async fn open() -> Outcome<Self> {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let dir = kept.join(format!("e2e-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        // An RSA key takes seconds to make, so one is kept for all runs.
        let state_dir = Some(kept.join("sandbox"));
        let sandbox = serve(Config { http_port: 0, smtp_port: 0, state_dir, ..Config::default() }).await?;
        let mut product = Product::new(&dir, sandbox.http_addr.port())?;
        sandbox
            .hall
            .set_route(Route { from: CALLBACK_ORIGIN.to_owned(), to: format!("127.0.0.1:{}", product.port) });
        product.start().await?;
        match Self::furnish(&product, &sandbox).await {
            Ok((set_ups, owner, system, workspace, lineworks, bot)) => {
                let control = Client::new(sandbox.http_addr.port()).with("content-type", "application/json");
                let messengers = None;
                Ok(Self {
                    product,
                    sandbox,
                    set_ups,
                    workspace,
                    owner,
                    system,
                    lineworks,
                    bot,
                    control,
                    messengers,
                    dir,
                })
            }
            Err(failure) => Err(Failure::new(format!("{failure}\n{}", product.last_lines()))),
        }
    }

    /// Ends everything and removes what was stored.
    pub(crate) async fn close(mut self) -> Outcome {
        self.product.crash().await?;
        std::fs::remove_dir_all(&self.dir)?;
        Ok(())
    }

    pub(crate) fn visitor(&self) -> Client {
        self.product.visitor()
    }

    /// Posts an event as the business system.
    pub(crate) async fn post(&self, event: &Value) -> Outcome<Accepted> {
        self.system.ask("POST", "/api/v1/events", event).await
    }

    /// The event as soon as `enough` says so.
    pub(crate) async fn event_when(
        &self,
        accepted: &Accepted,
        what: &str,
        enough: impl Fn(&Event) -> bool,
    ) -> Outcome<Event> {
        self.event_within(PATIENCE, accepted, what, enough).await
    }

    /// The same with a patience of its own.
    pub(crate) async fn event_within(
        &self,
        patience: Duration,
        accepted: &Accepted,
        what: &str,
        enough: impl Fn(&Event) -> bool,
    ) -> Outcome<Event> {
        let path = format!("/api/v1/events/{}", accepted.id);
        let mut last = String::new();
        let found = until(patience, async || {
            // The product may be starting again.
            let event: Event = self.system.get(&path).await.ok()?;
            last = format!("{:?}", event.deliveries);
            enough(&event).then_some(event)
        });
        let found = found.await;
        found.ok_or_else(|| Failure::new(format!("{what}: {last}")))
    }

    /// Looks at the world of the messengers.
    pub(crate) fn world<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        self.sandbox.hall.peek(look)
    }

    /// Changes the world of the messengers.
    pub(crate) fn change<T>(&self, work: impl FnOnce(&mut World, i64) -> T) -> T {
        self.sandbox.hall.with(work)
    }

    /// Texts of a person's talk with the bot.
    pub(crate) fn talk(&self, person: &str) -> Vec<String> {
        self.texts(person, &TalkId::Bot(self.bot))
    }

    /// Texts in the room.
    pub(crate) fn room(&self) -> Vec<String> {
        self.texts("sato", &TalkId::Room(ROOM.to_owned()))
    }

    /// Subjects in a mailbox.
    pub(crate) fn mailbox(&self, person: &str) -> Vec<String> {
        let address = format!("{person}@minato.example");
        self.world(|world| world.mails(&address).iter().map(|mail| mail.subject.clone()).collect())
    }

    /// The bot's secret, as LINE WORKS knows it.
    pub(crate) fn bot_secret(&self) -> Outcome<String> {
        there(self.world(|world| world.bots().get(&self.bot).map(|bot| bot.secret().to_owned())), "bot")
    }

    fn texts(&self, person: &str, talk: &TalkId) -> Vec<String> {
        self.world(|world| {
            world.messages(person, talk).iter().map(|message| message.content.to_string()).collect()
        })
    }

    async fn furnish(
        product: &Product,
        sandbox: &Running,
    ) -> Outcome<(Vec<Answer>, Client, Client, WorkspaceId, Integration, i64)> {
        let visitor = product.visitor();
        // Four at once: what becomes of them is a scenario.
        let body = json!({
            "token": SETUP_TOKEN, "workspace": "みなと商事グループ", "name": "佐藤 花子", "email": "sato@minato.example",
        });
        let set_up = || visitor.send("POST", "/api/setup", body.to_string());
        let (a, b, c, d) = tokio::join!(set_up(), set_up(), set_up(), set_up());
        let set_ups = vec![a?, b?, c?, d?];
        let first = there(set_ups.iter().find(|answer| answer.status == 201), "set-up that worked")?;
        let me: Me = serde_json::from_slice(&first.body)?;
        let owner = visitor.with("cookie", there(first.cookie(), "session")?);

        let company = CompanyForm { name: "みなと商事".to_owned() };
        let company: Company = owner.ask("POST", "/api/v1/companies", &company).await?;
        for (login, name) in PEOPLE {
            let form = MemberForm {
                name: name.to_owned(),
                login_email: format!("{login}@minato.example"),
                company: company.id.to_string(),
                ..MemberForm::fresh()
            };
            let _member: Member = owner.ask("POST", "/api/v1/members", &form).await?;
        }
        let mail = IntegrationRequest::Mail(MailForm {
            via: MailVia::Smtp,
            from_address: "todoke@minato.example".to_owned(),
            from_name: "Todoke".to_owned(),
            host: "127.0.0.1".to_owned(),
            port: sandbox.smtp_addr.port().to_string(),
            security: SmtpSecurity::Plain,
            user: "todoke".to_owned(),
            password: "sandbox-mail".to_owned(),
            ..MailForm::default()
        });
        let _mail: Integration = owner.ask("POST", "/api/integrations", &mail).await?;
        let form = sandbox.hall.peek(lineworks_form);
        let form = IntegrationRequest::Lineworks(form);
        let lineworks: Integration = owner.ask("POST", "/api/integrations", &form).await?;
        let IntegrationSettings::Lineworks { bot_id: Some(bot), .. } = lineworks.settings else {
            return Err(Failure::new(format!("no bot was made: {:?}", lineworks.settings)));
        };
        let path = format!("/api/integrations/{}/match", lineworks.id);
        let matched: MatchResult = owner.ask("POST", &path, &json!({})).await?;
        same(matched.matched, 4, "members found in LINE WORKS")?;

        sandbox.hall.with(|world, now| world.invite_bot(ROOM, bot, now))?;
        let rooms = until(PATIENCE, async || {
            let rooms: Vec<Room> = owner.get("/api/v1/rooms").await.ok()?;
            rooms.iter().any(|room| room.provider_id == ROOM && room.open).then_some(rooms)
        });
        check(rooms.await.is_some(), "the room that the bot joined is not listed")?;

        let key = KeyRequest { name: "e2e".to_owned(), scopes: Scope::ALL.to_vec() };
        let key: NewKey = owner.ask("POST", "/api/keys", &key).await?;
        let system = Client::new(product.port).with("authorization", format!("Bearer {}", key.key));
        Ok((set_ups, owner, system, me.workspace.id, lineworks, bot))
    }
}

/// What `look` finds, asked again and again until it finds something or `patience` is over.
pub(crate) async fn until<T>(patience: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let search = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(patience, search).await.ok()
}

fn lineworks_form(world: &World) -> LineworksForm {
    let app = world.app();
    LineworksForm {
        client_id: app.client_id.clone(),
        client_secret: app.client_secret.clone(),
        service_account: app.service_account.clone(),
        private_key: world.keys().private_pem().to_owned(),
        domain_id: world.people().first().map(|person| person.domain_id.to_string()).unwrap_or_default(),
        bot_admin: "sato@minato".to_owned(),
        bot_subadmin: "suzuki@minato".to_owned(),
        ..LineworksForm::default()
    }
}
