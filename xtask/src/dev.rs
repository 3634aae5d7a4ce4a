//! `cargo xtask dev`: the product and the sandbox on this machine, with demo data.

use std::{
    io::IsTerminal as _,
    net::TcpListener,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::{
    Result,
    args::Args,
    demo, files,
    http::Client,
    json, pages, process,
    process::{Group, Interrupt},
    progress::{self, Ending, Progress, Step},
    repo::Repo,
    setup,
    worker::{self, Mode},
};

/// The origin under which messengers call back. It exists nowhere: the sandbox plays its DNS and TLS, because
/// providers accept https only.
const CALLBACK_URL: &str = "https://todoke.example";

/// How long a program may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was asked for, and where things are.
struct Plan {
    port: u16,
    sandbox_port: u16,
    smtp_port: u16,
    /// The fast builds, or what is shipped (the browser tests look at that).
    mode: Mode,
    /// Everything that dev keeps between starts.
    dir: PathBuf,
}

/// `cargo xtask dev`.
pub(crate) fn command(repo: &Repo, interrupt: &Interrupt, mut args: Args) -> Result {
    let plan = Plan {
        port: args.port("--port", 8787)?,
        sandbox_port: args.port("--sandbox-port", 8788)?,
        smtp_port: args.port("--smtp-port", 8025)?,
        mode: if args.flag("--release") { Mode::Release } else { Mode::Dev },
        dir: repo.path(args.value("--dir")?.as_deref().unwrap_or(".dev")),
    };
    let open = !args.flag("--no-open") && std::io::stdout().is_terminal();
    let fresh = args.flag("--fresh");
    let empty = args.flag("--empty");
    args.finish()?;
    for port in [plan.port, plan.sandbox_port, plan.smtp_port] {
        TcpListener::bind(("127.0.0.1", port))
            .map_err(|error| format!("Port {port} is not free ({error}). Another `cargo xtask dev`? Other ports: --port, --sandbox-port, --smtp-port."))?;
    }
    if fresh {
        files::remove_dir(&plan.state())?;
    }

    let progress = Progress::new(plan.logs(), interrupt)?;
    let tools = setup::install(repo, &progress)?;
    progress.step("Worker", |step| worker::build(repo, &tools, plan.mode, step))?;
    progress.step("Pages: compile", |step| pages::compile(repo, plan.mode, step))?;
    progress.step("Pages: assemble", |step| pages::assemble(repo, &tools, plan.mode, step))?;
    progress.step("Sandbox", |step| {
        step.run(repo.cargo(&["build", "--locked", "-p", "sandbox", "--bin", "sandbox"]))?;
        Ok(Ending::Done)
    })?;
    progress.step("Settings", |_| plan.write_settings(repo))?;

    let mut sandbox = None;
    let mut product = None;
    progress.step("Start", |step| {
        sandbox = Some(plan.start_sandbox(repo)?);
        product = Some(plan.start_product(repo)?);
        for (group, base, path, log) in [
            (&mut sandbox, plan.sandbox_url(), "/control/credentials", plan.sandbox_log()),
            (&mut product, plan.url(), "/healthz", plan.product_log()),
        ] {
            wait_for(group, &base, path, &log, interrupt, step)?;
        }
        Ok(Ending::Done)
    })?;
    let mut seeded = None;
    if !empty {
        progress.step("Demo workspace", |step| {
            let keep = plan.state().join("demo.json");
            let (summary, ending) = demo::seed(
                &plan.url(),
                &plan.sandbox_url(),
                plan.smtp_port,
                &plan.setup_token()?,
                &keep,
                step,
            )?;
            seeded = Some(summary);
            Ok(ending)
        })?;
    }
    let ready = progress.elapsed();
    drop(progress);
    if empty {
        print_empty(&plan, &ready)?;
    }
    if let Some(summary) = &seeded {
        print_addresses(&plan, summary, &ready);
        if open {
            open_browser(repo, &plan.sandbox_url());
            open_browser(repo, &plan.url());
        }
    }
    let (Some(mut sandbox), Some(mut product)) = (sandbox, product) else { return Ok(()) };
    while !interrupt.is_set() {
        for (group, log) in [(&mut sandbox, plan.sandbox_log()), (&mut product, plan.product_log())] {
            if let Some(end) = group.ended_with() {
                return Err(format!("{end}\n{}", tail(&log)));
            }
        }
        thread::sleep(Duration::from_millis(200));
    }
    println!("\nStopping …");
    product.end();
    sandbox.end();
    Ok(())
}

impl Plan {
    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn sandbox_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.sandbox_port)
    }

    fn logs(&self) -> PathBuf {
        self.dir.join("logs")
    }

    fn sandbox_log(&self) -> PathBuf {
        self.logs().join("sandbox.log")
    }

    fn product_log(&self) -> PathBuf {
        self.logs().join("product.log")
    }

    /// The Worker's storage, and what belongs to it.
    fn state(&self) -> PathBuf {
        self.dir.join("state")
    }

    fn secrets(&self) -> PathBuf {
        self.state().join("secrets.json")
    }

    fn setup_token(&self) -> Result<String> {
        json::text(&read_json(&self.secrets())?, "/SETUP_TOKEN")
    }

    /// Writes wrangler's file and the variables beside it, from where `wrangler dev` takes them: secrets never
    /// appear in a list of processes. The two secrets are made once and kept with the state they encrypt.
    fn write_settings(&self, repo: &Repo) -> Result<Ending> {
        if !self.secrets().exists() {
            let secrets = serde_json::json!({ "VAULT_KEY": random(repo, "base64")?, "SETUP_TOKEN": random(repo, "base64url")? });
            files::write_private(&self.secrets(), &secrets.to_string())?;
        }
        let secrets = read_json(&self.secrets())?;
        let sandbox = self.sandbox_url();
        let variables = [
            ("VAULT_KEY", json::text(&secrets, "/VAULT_KEY")?),
            ("SETUP_TOKEN", json::text(&secrets, "/SETUP_TOKEN")?),
            ("PUBLIC_URL", self.url()),
            ("CALLBACK_URL", CALLBACK_URL.to_owned()),
            ("DEVELOPMENT", "1".to_owned()),
            ("LINEWORKS_AUTH_URL", format!("{sandbox}/lineworks/auth")),
            ("LINEWORKS_API_URL", format!("{sandbox}/lineworks/api/v1.0")),
            ("LINEWORKS_V1_AUTH_URL", format!("{sandbox}/lineworks/auth")),
            ("LINEWORKS_V1_API_URL", format!("{sandbox}/lineworks/v1")),
            ("LINE_API_URL", format!("{sandbox}/line/api")),
            ("LINE_ACCESS_URL", format!("{sandbox}/line/access")),
            ("LINE_FRIEND_URL", format!("{sandbox}/line/friend")),
            ("SLACK_API_URL", format!("{sandbox}/slack/api")),
            ("SLACK_AUTHORIZE_URL", format!("{sandbox}/slack/oauth/v2/authorize")),
            ("GOOGLE_CHAT_URL", format!("{sandbox}/google_chat/api")),
            ("GOOGLE_OAUTH_URL", format!("{sandbox}/google_chat/oauth")),
            ("GOOGLE_KEYS_URL", format!("{sandbox}/google_chat/certs")),
            ("RESEND_URL", format!("{sandbox}/resend")),
            ("WEB_PUSH_URL", format!("{sandbox}/push")),
        ];
        let text =
            variables.iter().fold(String::new(), |text, (name, value)| format!("{text}{name}=\"{value}\"\n"));
        files::write_private(&self.dir.join(".dev.vars"), &text)?;
        let shipped = files::read_text(&repo.path("wrangler.toml"))?;
        let (worker, pages) = (repo.path(self.mode.worker_dir()), repo.path(self.mode.pages_dir()));
        let config = dev_config(&shipped, &worker.join("index.js"), &pages)?;
        files::write(&self.dir.join("wrangler.json"), config)?;
        Ok(Ending::Done)
    }

    fn start_sandbox(&self, repo: &Repo) -> Result<Group> {
        let mut sandbox = repo.command(repo.target().join("debug/sandbox"));
        sandbox
            .args(["--http-port", &self.sandbox_port.to_string(), "--smtp-port", &self.smtp_port.to_string()])
            .args(["--route", &format!("{CALLBACK_URL}={}", self.url())])
            .arg("--state-dir")
            .arg(self.state().join("sandbox"));
        Group::start(sandbox, &self.sandbox_log())
    }

    fn start_product(&self, repo: &Repo) -> Result<Group> {
        let mut wrangler = repo.command(repo.npm_bin("wrangler"));
        wrangler
            .args([
                "dev",
                "--local",
                "--ip",
                "127.0.0.1",
                "--port",
                &self.port.to_string(),
                "--show-interactive-dev-session=false",
            ])
            .arg("--config")
            .arg(self.dir.join("wrangler.json"))
            .arg("--persist-to")
            .arg(self.state())
            .env("WRANGLER_SEND_METRICS", "false")
            .env("FORCE_COLOR", "0");
        Group::start(wrangler, &self.product_log())
    }
}

/// wrangler.toml as JSON for another directory: the same, with the builds that `worker` and `pages` name.
fn dev_config(shipped: &str, worker: &Path, pages: &Path) -> Result<String> {
    let mut config: toml::Table = shipped.parse().map_err(|error| format!("wrangler.toml: {error}"))?;
    config.insert("main".to_owned(), worker.display().to_string().into());
    config.remove("observability");
    // Variables come from .dev.vars.
    config.remove("vars");
    match config.get_mut("assets").and_then(toml::Value::as_table_mut) {
        Some(assets) => assets.insert("directory".to_owned(), pages.display().to_string().into()),
        None => return Err("wrangler.toml has no [assets].".to_owned()),
    };
    serde_json::to_string_pretty(&config).map_err(|error| format!("wrangler.toml: {error}"))
}

/// Waits until a program answers; says why when it ends instead.
fn wait_for(
    group: &mut Option<Group>,
    base: &str,
    path: &str,
    log: &Path,
    interrupt: &Interrupt,
    step: &Step<'_>,
) -> Result {
    let client = Client::new(base);
    let started = progress::now();
    let mut last = String::new();
    step.note(base);
    while started.elapsed() < PATIENCE {
        if interrupt.is_set() {
            return Err(process::INTERRUPTED.to_owned());
        }
        if let Some(end) = group.as_mut().and_then(Group::ended_with) {
            return Err(format!("{end}\n{}", tail(log)));
        }
        match client.get(path) {
            Ok(answer) if answer.status == 200 => return Ok(()),
            Ok(answer) => last = format!("{path} answers {}.", answer.status),
            Err(error) => last = error,
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(format!("{base} did not come up. {last}\n{}", tail(log)))
}

fn print_addresses(plan: &Plan, summary: &demo::Summary, ready: &str) {
    let (url, key) = (plan.url(), &summary.key);
    println!("\nTodoke runs (ready after {ready}). Ctrl-C ends it.\n");
    println!("  Product    {url}");
    println!("  Phones     {}   messengers and mail of twelve people", plan.sandbox_url());
    println!("  Logs       {}", plan.product_log().display());
    println!("\n  Sign in (each link once, for 30 minutes)");
    println!("    admin    {}  {}", summary.admin.url, summary.admin.name);
    println!("    member   {}  {}", summary.member.url, summary.member.name);
    println!("\n  API key    {key}");
    println!("\n  Post an event:\n");
    println!("{}", demo::curl(&url, key, &summary.member.email));
    println!();
}

/// Of a workspace that nobody has set up: what the first admin needs.
fn print_empty(plan: &Plan, ready: &str) -> Result {
    println!("\nTodoke runs, and is empty (ready after {ready}). Ctrl-C ends it.\n");
    println!("  Set up     {}/setup", plan.url());
    println!("  Phones     {}", plan.sandbox_url());
    println!("  Logs       {}", plan.product_log().display());
    println!("  Token      {}\n", plan.setup_token()?);
    Ok(())
}

fn open_browser(repo: &Repo, url: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    // A machine without a browser is fine: the addresses are printed.
    let _ = process::ask({
        let mut command = repo.command(program);
        command.arg(url);
        command
    });
}

/// 32 random bytes. From Node, which is here on every platform and has a good source.
fn random(repo: &Repo, encoding: &str) -> Result<String> {
    let mut node = repo.command("node");
    node.args(["-p", &format!("require('crypto').randomBytes(32).toString('{encoding}')")]);
    Ok(process::ask(node)?.trim().to_owned())
}

fn read_json(path: &Path) -> Result<Value> {
    serde_json::from_slice(&files::read(path)?).map_err(|error| format!("{}: {error}", path.display()))
}

/// The end of a log, for an error.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    let last: Vec<_> =
        lines.iter().skip(lines.len().saturating_sub(30)).map(|line| format!("    {line}")).collect();
    last.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devs_file_is_the_shipped_one_with_the_fast_builds() {
        let shipped = include_str!("../../wrangler.toml");
        let (worker, pages) = (Path::new("/clone/.dev/build/index.js"), Path::new("/clone/.dev/dist"));
        let ours: Value = serde_json::from_str(&dev_config(shipped, worker, pages).unwrap()).unwrap();
        let theirs = serde_json::to_value(shipped.parse::<toml::Table>().unwrap()).unwrap();
        assert_eq!(ours["main"].as_str(), Some("/clone/.dev/build/index.js"));
        assert!(ours.get("vars").is_none());
        for same in
            ["name", "compatibility_date", "kv_namespaces", "durable_objects", "migrations", "triggers"]
        {
            assert_eq!(ours[same], theirs[same], "{same}");
        }
        assert_eq!(ours["assets"]["directory"].as_str(), Some("/clone/.dev/dist"));
        assert_eq!(ours["assets"]["run_worker_first"], theirs["assets"]["run_worker_first"]);
    }
}
