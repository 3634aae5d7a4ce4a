//! Who is signed in, for every component that wants to know.

use leptos::prelude::*;
use shared::{api::auth::Me, lang::Lang};

use super::{
    browser, http,
    json::{self, Out},
    spawn,
};
use crate::i18n;

/// Provided once by each program's root.
#[derive(Debug, Clone, Copy)]
pub struct Session(pub RwSignal<Option<Me>>);

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    #[must_use]
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    #[must_use]
    pub fn provide() -> Self {
        let session = Self::new();
        provide_context(session);
        session
    }

    /// Call in a component's body, not in an event handler.
    #[must_use]
    pub fn expect() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Switches the page's language; notices follow when somebody is signed in.
    pub fn speak(self, lang: Lang) {
        i18n::choose(lang);
        if self.0.with_untracked(Option::is_some) {
            spawn(async move {
                // The page has switched already; the next notice in the old language is the whole damage.
                let body = json::object(&[("language", Out::Text(lang.tag()))]);
                drop(http::send("PUT", "/api/me/language", Some(body)).await);
            });
        }
    }

    /// Ends the session and shows the sign-in page.
    pub async fn sign_out() -> Result<(), http::Failure> {
        http::tell_nothing("/api/sign-out").await?;
        browser::keep_here("");
        browser::go_instead("/sign-in");
        Ok(())
    }
}

/// The page to go to after signing in: only a path of this site, whatever the address bar was given.
#[must_use]
pub fn safe_return(to: Option<&str>) -> String {
    match to {
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && !path.contains('\\')
                && !path.chars().any(char::is_control)
                && !path.starts_with("/sign-in") =>
        {
            path.to_owned()
        }
        _ => "/me".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_returned_to() {
        for (to, want) in [
            (None, "/me"),
            (Some("/console/members?q=a"), "/console/members?q=a"),
            (Some("//evil.example"), "/me"),
            (Some("/\\evil.example"), "/me"),
            (Some("/\t/evil.example"), "/me"),
            (Some("https://evil.example"), "/me"),
            (Some("javascript:alert(1)"), "/me"),
            (Some("/sign-in?to=/sign-in"), "/me"),
            (Some(""), "/me"),
        ] {
            assert_eq!(safe_return(to), want, "{to:?}");
        }
    }
}
