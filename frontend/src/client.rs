//! The browser's side of the wire: requests, the live connection, who is signed in, and what the browser keeps.
//! [`json`] reads and writes without serde; [`wire`] knows the types.

mod ahead;
pub mod browser;
pub mod http;
pub mod json;
pub mod live;
pub mod session;
pub mod times;
pub mod wire;

pub use http::Failure;
pub use session::Session;

/// Lets a task run. Boxed, so that the queue is made once and not for each task.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    wasm_bindgen_futures::spawn_local(task);
}
