//! Requests to the own Worker. The session travels in a cookie; the language in `Accept-Language`.

use std::{future::Future, pin::Pin};

use gloo_net::http::{Method, RequestBuilder};
use shared::{
    error::{Code, ErrorBody},
    lang::{Lang, Text},
};
use web_sys::AbortSignal;

use super::{ahead, browser, json};
use crate::i18n::{lang_now, texts};

texts! {
    OFFLINE "接続できませんでした。通信の状態を確認して、もう一度お試しください。" "The connection failed. Check your network and try again.";
    TIMED_OUT "時間内に応答がありませんでした。もう一度お試しください。" "There was no answer in time. Please try again.";
    UNREADABLE "応答を読み取れませんでした。ページを読み込み直してください。" "The answer could not be read. Please reload the page.";
}

/// Checks of a messenger connection take several round trips to the provider.
const TIMEOUT_MS: u32 = 40_000;

/// Why there is no answer to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server said no, in words.
    Refused(ErrorBody),
    /// The server was not reached.
    Offline,
    /// It may have been done: nothing was heard in time.
    TimedOut,
    /// Not what this version of the page understands.
    Unreadable,
}

impl Failure {
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused(body) => Some(body.code),
            Self::Offline | Self::TimedOut | Self::Unreadable => None,
        }
    }

    /// The sentence for the reader. Refusals carry the server's own, in the language of the moment when it was
    /// asked; the reader may have switched since.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let text: Text = match self {
            Self::Refused(body) => return said_in(lang, body),
            Self::Offline => OFFLINE,
            Self::TimedOut => TIMED_OUT,
            Self::Unreadable => UNREADABLE,
        };
        text.get(lang).to_owned()
    }
}

/// The server's sentence in `lang`, with what it found (a limit, a name) kept.
fn said_in(lang: Lang, body: &ErrorBody) -> String {
    let sentence = body.code.sentence();
    let found = body.message.strip_prefix(sentence.ja).or_else(|| body.message.strip_prefix(sentence.en));
    let between = |found: &str| if lang == Lang::En && !found.is_empty() { " " } else { "" };
    found.map(str::trim_start).map_or_else(
        || body.message.clone(),
        |found| format!("{}{}{found}", sentence.get(lang), between(found)),
    )
}

pub async fn delete(path: &str) -> Result<(), Failure> {
    send("DELETE", path, None).await.map(drop)
}

/// POST that says nothing and whose answer is not read.
pub async fn tell_nothing(path: &str) -> Result<(), Failure> {
    send("POST", path, Some("{}".to_owned())).await.map(drop)
}

pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<String, Failure>>>>;

/// Loads. Signed out: goes to the sign-in page, which comes back here.
pub(crate) fn load(path: String) -> Answer {
    Box::pin(async move {
        let answer = send("GET", &path, None).await;
        if answer.as_ref().err().and_then(Failure::code) == Some(Code::NotSignedIn) {
            leave_for_sign_in().await;
        }
        answer
    })
}

/// Until the browser has gone, the page goes on loading; it may have been stopped.
async fn leave_for_sign_in() {
    let here = browser::here();
    if !here.starts_with("/sign-in") {
        browser::go_instead(&format!("/sign-in?to={}", browser::escape(&here)));
        browser::pause(10_000).await;
    }
}

/// Sends. Signed out: the failure stays on the page, so that nothing typed is lost. Boxed, so that it is not copied
/// into each caller.
pub(crate) fn send(method: &'static str, path: &str, body: Option<String>) -> Answer {
    Box::pin(exchange(method, path.to_owned(), body))
}

async fn exchange(method: &'static str, path: String, body: Option<String>) -> Result<String, Failure> {
    let early = if method == "GET" { ahead::take(&path).await } else { None };
    let (status, text) = match early {
        Some(answer) => answer,
        None => ask(method, &path, body).await?,
    };
    if (200..300).contains(&status) { Ok(text) } else { Err(refusal(status, &text)) }
}

/// Status and body.
async fn ask(method: &'static str, path: &str, body: Option<String>) -> Result<(u16, String), Failure> {
    let signal = AbortSignal::timeout_with_u32(TIMEOUT_MS);
    let request = RequestBuilder::new(path)
        .method(Method::from_bytes(method.as_bytes()).map_err(|_| Failure::Unreadable)?)
        .abort_signal(Some(&signal))
        .header("accept", "application/json")
        .header("accept-language", lang_now().tag());
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body),
        None => request.build(),
    };
    let answer = request.map_err(|_| Failure::Unreadable)?.send().await;
    let answer = answer.map_err(|error| not_answered(&error))?;
    Ok((answer.status(), answer.text().await.map_err(|error| not_answered(&error))?))
}

fn not_answered(error: &gloo_net::Error) -> Failure {
    match error {
        gloo_net::Error::JsError(error) if error.name == "TimeoutError" => Failure::TimedOut,
        _ => Failure::Offline,
    }
}

/// A refusal that is not in our own form comes from something in between: a proxy, the platform.
fn refusal(status: u16, text: &str) -> Failure {
    if let Ok(body) = json::read(text) {
        return Failure::Refused(body);
    }
    let code = match status {
        413 => Code::TooLarge,
        429 => Code::TooManyRequests,
        404 => Code::NotFound,
        502..=504 => Code::Busy,
        500.. => Code::Internal,
        _ => return Failure::Unreadable,
    };
    Failure::Refused(ErrorBody {
        code,
        message: code.sentence().get(lang_now()).to_owned(),
        field: None,
        errors: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_others_become_words() {
        for (status, body, code) in [
            (503, "<html>", Some(Code::Busy)),
            (500, "", Some(Code::Internal)),
            (413, "", Some(Code::TooLarge)),
            (409, r#"{"code":"last_channel","message":"x"}"#, Some(Code::LastChannel)),
            (302, "", None),
        ] {
            assert_eq!(refusal(status, body).code(), code, "{status}");
        }
    }

    #[test]
    fn a_refusal_follows_the_language() {
        for (message, ja, en) in [
            ("長すぎます。(200)", "長すぎます。(200)", "This is too long. (200)"),
            ("This is too long.", "長すぎます。", "This is too long."),
            ("もっと短く。", "もっと短く。", "もっと短く。"),
        ] {
            let body = ErrorBody {
                code: Code::TooLong,
                message: message.to_owned(),
                field: None,
                errors: Vec::new(),
            };
            let failure = Failure::Refused(body);
            assert_eq!((failure.message(Lang::Ja).as_str(), failure.message(Lang::En).as_str()), (ja, en));
        }
    }

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }
}
