//! `sandbox`: the world of messengers as servers on this machine.

use std::process::ExitCode;

use sandbox::server::{Config, serve};

const USAGE: &str = "\
Usage: sandbox [--http-port 8788] [--smtp-port 8025] [--state-dir DIR] [--seed N]
               [--route https://todoke.example=http://127.0.0.1:8787]...

A make-believe LINE WORKS, LINE, Slack, Google Chat, Resend and SMTP server on 127.0.0.1, and phones to look at.
A route plays DNS and TLS: callbacks to that https origin are posted to the plain address.";

#[tokio::main]
async fn main() -> ExitCode {
    let config = match parse(std::env::args().skip(1)) {
        Ok(Some(config)) => config,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(why) => {
            eprintln!("{why}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match serve(config).await {
        Ok(running) => {
            println!("phones      http://{}/", running.http_addr);
            println!(
                "LINE WORKS  http://{0}/lineworks/api/v1.0 and http://{0}/lineworks/auth",
                running.http_addr
            );
            println!("Slack       http://{}/slack/api", running.http_addr);
            println!("LINE        http://{0}/line/api and http://{0}/line/access", running.http_addr);
            println!("Resend      http://{}/resend", running.http_addr);
            println!("SMTP        {}", running.smtp_addr);
            println!("credentials http://{}/control/credentials", running.http_addr);
            if tokio::signal::ctrl_c().await.is_err() {
                eprintln!("cannot listen for Ctrl-C, stopping");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `None` when help was asked for.
fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Config>, String> {
    let mut config = Config::default();
    while let Some(word) = words.next() {
        if matches!(word.as_str(), "-h" | "--help") {
            return Ok(None);
        }
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--http-port" => config.http_port = number(&word, &value()?)?,
            "--smtp-port" => config.smtp_port = number(&word, &value()?)?,
            "--seed" => config.seed = number(&word, &value()?)?,
            "--state-dir" => config.state_dir = Some(value()?.into()),
            "--route" => config.routes.push(value()?.parse().map_err(|error| format!("--route: {error}"))?),
            _ => return Err(format!("unknown option: {word}")),
        }
    }
    Ok(Some(config))
}

fn number<T: std::str::FromStr>(option: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{option} needs a number, not {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(words: &[&str]) -> Result<Option<Config>, String> {
        parse(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn options_are_read_or_refused_by_name() {
        let read = config(&["--http-port", "0", "--route", "https://a.example=http://127.0.0.1:1/"]);
        let read = read.unwrap().unwrap();
        assert_eq!((read.http_port, read.smtp_port), (0, 8025));
        assert_eq!(read.routes[0].to, "127.0.0.1:1");
        assert!(config(&["--help"]).unwrap().is_none());
        for bad in [&["--http-port"][..], &["--http-port", "x"], &["--what"], &["--route", "http://a=b"]] {
            assert!(config(bad).unwrap_err().contains(bad[0]), "{bad:?}");
        }
    }
}
