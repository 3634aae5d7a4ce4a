//! What a browser gets.

use crate::{
    failure::{Outcome, check, same},
    stage::Stage,
};

pub(crate) async fn both_pages_are_guarded(stage: &mut Stage) -> Outcome {
    let browser = stage.visitor().with("accept", "text/html");
    for path in [
        "/",
        "/me",
        "/s/whatever",
        "/u/whatever",
        "/console",
        "/console/deliveries",
        "/console/members/mb_1",
        "/console/settings/keys",
    ] {
        let page = browser.send("GET", path, "").await?;
        same(page.status, 200, path)?;
        let header = |name: &str| page.header(name).unwrap_or_default().to_owned();
        check(
            header("content-type").starts_with("text/html"),
            format_args!("{path} is {}", header("content-type")),
        )?;
        let policy = header("content-security-policy");
        let guarded = policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline");
        check(guarded, format_args!("{path}: {policy:?}"))?;
        same(header("x-content-type-options"), "nosniff".to_owned(), path)?;
        same(header("referrer-policy"), "same-origin".to_owned(), path)?;
    }
    let mut texts = Vec::new();
    for path in ["/", "/console", "/console/members", "/console/settings"] {
        let text = browser.send("GET", path, "").await?.text();
        check(!texts.contains(&text), format_args!("{path} is the page of another program"))?;
        texts.push(text);
    }
    let pages = texts.swap_remove(0);
    // Built files have a hash in their names and never change.
    let start = pages.find("/assets/").unwrap_or(pages.len());
    let url: String = pages.chars().skip(pages.get(..start).map_or(0, |head| head.chars().count())).collect();
    let url = url.split(['"', '\'', ' ', '>']).next().unwrap_or_default();
    let file = browser.send("GET", url, "").await?;
    same(file.status, 200, url)?;
    check(file.header("cache-control").is_some_and(|value| value.contains("immutable")), url)
}
