//! Small doors to the browser: what it remembers, where it is, how it writes a time.

use js_sys::Date;
use wasm_bindgen::{JsCast, JsValue};

/// Something kept from an earlier visit; `None` also where storage is forbidden.
#[must_use]
pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a choice of the reader. Never anything secret: the session lives in a cookie that scripts cannot read.
pub fn store(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage costs only the memory of the choice.
        drop(storage.set_item(key, value));
    }
}

/// Where [`keep_here`] keeps; one place for all, so that it goes with one stroke.
const KEPT: &str = "todoke.kept";

/// What [`keep_here`] kept in this tab.
#[must_use]
pub fn kept_here() -> Option<String> {
    session_storage()?.get_item(KEPT).ok().flatten()
}

/// Keeps what is typed for as long as the tab is open; nothing when it is empty. Never anything secret.
pub fn keep_here(text: &str) {
    if let Some(storage) = session_storage() {
        drop(if text.is_empty() { storage.remove_item(KEPT) } else { storage.set_item(KEPT, text) });
    }
}

/// `navigator.language`, or nothing.
#[must_use]
pub fn language_tag() -> String {
    web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default()
}

pub fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        drop(root.set_attribute(name, value));
    }
}

pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

#[must_use]
pub fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Path of the page.
#[must_use]
pub fn path() -> String {
    web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}

/// One value of the page's query.
#[must_use]
pub fn query(name: &str) -> Option<String> {
    let search = web_sys::window()?.location().search().ok()?;
    let pairs = search.strip_prefix('?')?.split('&');
    let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
    js_sys::decode_uri_component(value).ok().map(Into::into)
}

/// Takes the query out of the address bar, without loading anything: what it said was said once.
pub fn forget_query() {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&path())));
    }
}

/// Path and query of the page.
#[must_use]
pub fn here() -> String {
    let Some(location) = web_sys::window().map(|window| window.location()) else { return "/".to_owned() };
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// Scheme, host and port of the page.
#[must_use]
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// The page that the reader comes from, whole; empty when the browser does not say.
#[must_use]
pub fn referrer() -> String {
    web_sys::window().and_then(|window| window.document()).map(|page| page.referrer()).unwrap_or_default()
}

/// Leaves this bundle for another page of the same site.
pub fn go(path: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().assign(path));
    }
}

/// Like [`go`], without a way back: for pages that have done their work.
pub fn go_instead(path: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().replace(path));
    }
}

/// Milliseconds UTC.
#[must_use]
pub fn now() -> i64 {
    millis(Date::now())
}

/// Waits.
pub async fn pause(milliseconds: i64) {
    let wait = js_sys::Promise::new(&mut |done, _| {
        if let Some(window) = web_sys::window() {
            let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
            drop(window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds));
        }
    });
    drop(wasm_bindgen_futures::JsFuture::from(wait).await);
}

/// The beginning of a day that a date field gave (`2026-11-22`) and `later` days more, in the browser's zone.
#[must_use]
pub fn day_start(text: &str, later: i32) -> Option<i64> {
    let [year, month, day] = parse_day(text)?;
    let date = Date::new_with_year_month_day(u32::try_from(year).ok()?, month - 1, day + later);
    Some(millis(date.get_time()))
}

fn parse_day(text: &str) -> Option<[i32; 3]> {
    let mut parts = text.trim().splitn(3, '-').map(|part| part.parse::<i32>().ok());
    let day = [parts.next()??, parts.next()??, parts.next()??];
    ((1_000..=9_999).contains(&day[0]) && (1..=12).contains(&day[1]) && (1..=31).contains(&day[2]))
        .then_some(day)
}

/// Hands a text to the reader as a file.
pub fn save_file(name: &str, kind: &str, parts: &[String]) {
    save_parts(name, kind, &parts.iter().map(|part| JsValue::from_str(part)).collect());
}

/// The same of bytes.
pub fn save_bytes(name: &str, kind: &str, bytes: &[u8]) {
    save_parts(name, kind, &js_sys::Array::of1(&js_sys::Uint8Array::from(bytes)));
}

/// A list of texts and byte arrays.
fn save_parts(name: &str, kind: &str, parts: &js_sys::Array) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let blob = web_sys::Blob::new_with_buffer_source_sequence_and_options(parts, &options);
    let Some(url) = blob.ok().and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob).ok()) else {
        return;
    };
    let link = document().and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(link.set_attribute("href", &url));
        drop(link.set_attribute("download", name));
        link.click();
    }
    // The download has its own hold on the data by then.
    let later =
        wasm_bindgen::closure::Closure::once_into_js(move || drop(web_sys::Url::revoke_object_url(&url)));
    if let Some(window) = web_sys::window() {
        drop(window.set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), 10_000));
    }
}

/// For the `datetime` attribute.
#[must_use]
pub fn iso(at: i64) -> String {
    date(at).to_iso_string().into()
}

/// `12,345`.
#[must_use]
pub fn number_text(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Escapes one part of a path or one value of a query.
#[must_use]
pub fn escape(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// The element that an event came from, as a form control's text.
#[must_use]
pub fn value_of(event: &web_sys::Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<web_sys::HtmlInputElement>() {
        return input.value();
    }
    if let Some(area) = target.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        return area.value();
    }
    target.dyn_ref::<web_sys::HtmlSelectElement>().map(web_sys::HtmlSelectElement::value).unwrap_or_default()
}

fn session_storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of any calendar date are exact in a double")]
pub(super) fn date(at: i64) -> Date {
    Date::new(&JsValue::from_f64(at as f64))
}

#[expect(clippy::cast_possible_truncation, reason = "Date.now() is a whole number far below 2^53")]
fn millis(at: f64) -> i64 {
    at as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read() {
        assert_eq!(parse_day("2026-11-22"), Some([2026, 11, 22]));
        for bad in ["", "2026-11", "2026-13-01", "26-1-1", "2026-1-x", "2026-01-32"] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_are_grouped() {
        let texts: Vec<_> = [0, 999, 1_000, 12_345, 1_234_567].into_iter().map(number_text).collect();
        assert_eq!(texts, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }
}
