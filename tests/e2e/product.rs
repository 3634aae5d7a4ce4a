//! The product as shipped, in real workerd: `wrangler dev` over what `cargo xtask test --only wasm` built.

use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::{
    client::Client,
    failure::{Failure, Outcome, check, there},
};

/// Under which the make-believe messengers call back; the sandbox plays its DNS and TLS.
pub(crate) const CALLBACK_ORIGIN: &str = "https://todoke.example";
pub(crate) const SETUP_TOKEN: &str = "e2e-set-up";
/// 32 bytes in base 64.
const VAULT_KEY: &str = "ZTJlLXZhdWx0LWtleS1lMmUtdmF1bHQta2V5LWUyZS4=";
const START: Duration = Duration::from_secs(90);

/// A product with storage of its own. Dropping it ends it; its storage stays until `dir` goes.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) port: u16,
    dir: PathBuf,
    running: Option<Child>,
}

impl Product {
    /// Writes the settings for a product whose providers are played at `sandbox_port`. Nothing runs yet.
    pub(crate) fn new(dir: &Path, sandbox_port: u16) -> Outcome<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let product = Self { port, dir: dir.to_owned(), running: None };
        let settings = settings(&repository(), &product.url(), sandbox_port)?;
        std::fs::write(dir.join("wrangler.json"), settings.to_string())?;
        Ok(product)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Somebody without a session, whose requests come from the product's own pages.
    pub(crate) fn visitor(&self) -> Client {
        Client::new(self.port).with("origin", self.url())
    }

    /// Starts it and waits until it answers.
    pub(crate) async fn start(&mut self) -> Outcome {
        self.run("wrangler.json").await
    }

    /// Starts another script over the product's storage, where the product is found otherwise.
    pub(crate) async fn start_instead(&mut self, script: &str) -> Outcome {
        let mut settings: Value = serde_json::from_slice(&std::fs::read(self.dir.join("wrangler.json"))?)?;
        let object = there(settings.as_object_mut(), "settings")?;
        object.insert("main".to_owned(), json!(repository().join(script)));
        object.remove("assets");
        std::fs::write(self.dir.join("instead.json"), settings.to_string())?;
        self.run("instead.json").await
    }

    async fn run(&mut self, settings: &str) -> Outcome {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = Command::new("sh");
        // The shell leads a process group and ends all of it when this process closes its standard input, on
        // purpose or by dying: wrangler, esbuild and workerd never outlive the tests.
        command.args(["-c", r#""$@" & read -r _; kill -s KILL 0"#, "sh", "node"]);
        command.arg(repository().join("node_modules/wrangler/bin/wrangler.js"));
        command.args(["dev", "--local", "--ip", "127.0.0.1", "--inspector-port", "0", "--port"]);
        command.arg(self.port.to_string());
        command.arg("--config").arg(self.dir.join(settings));
        command.arg("--persist-to").arg(self.dir.join("state"));
        command.env("WRANGLER_SEND_METRICS", "false").env("CI", "1").current_dir(&self.dir);
        command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log).process_group(0);
        self.running = Some(command.spawn()?);
        let visitor = self.visitor();
        let healthy = async {
            while !visitor.send("GET", "/healthz", "").await.is_ok_and(|answer| answer.status == 200) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        match tokio::time::timeout(START, healthy).await {
            Ok(()) => Ok(()),
            Err(_) => Err(Failure::new(format!("the product does not start:\n{}", self.last_lines()))),
        }
    }

    /// Kills it without a word, as when a machine is lost.
    pub(crate) async fn crash(&mut self) -> Outcome {
        let mut running = there(self.running.take(), "running product")?;
        drop(running.stdin.take());
        running.wait().await?;
        Ok(())
    }

    /// The end of what it printed, without a line for each request.
    pub(crate) fn last_lines(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().filter(|line| !line.starts_with("[wrangler:info]")).collect();
        lines.get(lines.len().saturating_sub(40)..).unwrap_or_default().join("\n")
    }

    fn log(&self) -> PathBuf {
        self.dir.join("product.log")
    }
}

/// The repository's wrangler.toml with absolute paths and the variables of a test. `TODOKE_BUILD` and
/// `TODOKE_DIST` point at another build, e.g. that of `cargo xtask dev`.
fn settings(repository: &Path, url: &str, sandbox_port: u16) -> Outcome<Value> {
    let text = std::fs::read_to_string(repository.join("wrangler.toml"))?;
    let mut settings: Value = toml::from_str(&text)?;
    let place = |variable: &str, usual: &str| {
        std::env::var_os(variable).map_or_else(|| repository.join(usual), PathBuf::from)
    };
    let (script, pages) = (place("TODOKE_BUILD", "build").join("index.js"), place("TODOKE_DIST", "dist"));
    for built in [&script, &pages.join("index.html"), &pages.join("console.html")] {
        let what = format!("{} is missing: `cargo xtask test --only wasm` builds it", built.display());
        check(built.is_file(), what)?;
    }
    let sandbox = format!("http://127.0.0.1:{sandbox_port}");
    let changes = json!({
        "main": script,
        "vars": {
            "PUBLIC_URL": url,
            "CALLBACK_URL": CALLBACK_ORIGIN,
            "DEVELOPMENT": "1",
            "SETUP_TOKEN": SETUP_TOKEN,
            "VAULT_KEY": VAULT_KEY,
            "LINEWORKS_AUTH_URL": format!("{sandbox}/lineworks/auth"),
            "LINEWORKS_API_URL": format!("{sandbox}/lineworks/api/v1.0"),
            "LINEWORKS_V1_AUTH_URL": format!("{sandbox}/lineworks/auth"),
            "LINEWORKS_V1_API_URL": format!("{sandbox}/lineworks/v1"),
            "LINE_API_URL": format!("{sandbox}/line/api"),
            "LINE_ACCESS_URL": format!("{sandbox}/line/access"),
            "LINE_FRIEND_URL": format!("{sandbox}/line/friend"),
            "SLACK_API_URL": format!("{sandbox}/slack/api"),
            "SLACK_AUTHORIZE_URL": format!("{sandbox}/slack/oauth/v2/authorize"),
            "GOOGLE_CHAT_URL": format!("{sandbox}/google_chat/api"),
            "GOOGLE_OAUTH_URL": format!("{sandbox}/google_chat/oauth"),
            "GOOGLE_KEYS_URL": format!("{sandbox}/google_chat/certs"),
            "RESEND_URL": format!("{sandbox}/resend"),
            "WEB_PUSH_URL": format!("{sandbox}/push"),
        },
    });
    let object = there(settings.as_object_mut(), "table in wrangler.toml")?;
    for (name, value) in changes.as_object().into_iter().flatten() {
        object.insert(name.clone(), value.clone());
    }
    let assets = object.get_mut("assets").and_then(Value::as_object_mut);
    there(assets, "[assets] in wrangler.toml")?.insert("directory".to_owned(), json!(pages));
    Ok(settings)
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
