//! The HTML of the programs and its security headers.

use wasm_bindgen::JsCast as _;
use worker::{Env, Result, Url, web_sys};

use crate::forward::asset;

/// What the platform sends with files that it serves without asking this Worker: one list for both ways.
const HEADERS: &str = include_str!("../../xtask/src/pages/_headers");

/// The page whose HTML the assets hold at `path`.
pub(crate) async fn page(request: &web_sys::Request, env: &Env, path: &str) -> Result<web_sys::Response> {
    let mut url = Url::parse(&request.url())?;
    url.set_path(path);
    url.set_query(None);
    let inner = web_sys::Request::new_with_str_and_init(url.as_str(), request.unchecked_ref())?;
    with_headers(&asset(env, &inner).await?)
}

/// A copy of `answer` with the security headers.
fn with_headers(answer: &web_sys::Response) -> Result<web_sys::Response> {
    let copy = web_sys::Response::new_with_opt_readable_stream_and_init(
        answer.body().as_ref(),
        answer.unchecked_ref(),
    )?;
    let headers = copy.headers();
    for (name, value) in for_every_page() {
        headers.set(name, value)?;
    }
    Ok(copy)
}

/// The headers of the file's first section, `/*`.
fn for_every_page() -> impl Iterator<Item = (&'static str, &'static str)> {
    let section = HEADERS.lines().skip_while(|line| *line != "/*").skip(1);
    section.take_while(|line| line.starts_with(' ')).filter_map(|line| line.trim().split_once(": "))
}

#[cfg(test)]
mod tests {
    use super::for_every_page;

    #[test]
    fn pages_are_guarded() {
        let value = |wanted: &str| for_every_page().find(|(name, _)| *name == wanted).map(|(_, value)| value);
        let policy = value("Content-Security-Policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"), "{policy}");
        assert!(policy.contains("require-trusted-types-for 'script'"), "{policy}");
        assert_eq!(value("X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(value("Referrer-Policy"), Some("same-origin"));
        // The next section is about other files.
        assert_eq!(value("Cache-Control"), None);
    }
}
