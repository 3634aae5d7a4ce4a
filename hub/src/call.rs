//! One HTTP exchange in plain bytes: what the shell hands in and takes back.

/// A request as the shell read it: the whole body in one buffer and only the headers the hub uses.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: http::Method,
    /// Path and query.
    pub target: String,
    /// Names in lower case, out of [`Call::HEADERS`].
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Call {
    /// Crossing into Wasm costs per header, so the shell copies these and no others.
    pub const HEADERS: [&'static str; 12] = [
        "authorization",
        "cookie",
        "origin",
        "accept-language",
        "content-type",
        "idempotency-key",
        "user-agent",
        "x-works-signature",
        "x-line-signature",
        "x-slack-signature",
        "x-slack-request-timestamp",
        "x-todoke-setup",
    ];
}

/// What goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}
