//! `/control/events`: tells pages what changed.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;

use super::Hall;

/// Changes within this time go out together.
const GATHER: Duration = Duration::from_millis(60);

/// Sends the whole world first, then what changed since, each as one JSON text.
pub(super) async fn events(State(hall): State<Arc<Hall>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|socket| push(socket, hall))
}

async fn push(mut socket: WebSocket, hall: Arc<Hall>) {
    let mut changed = hall.changed.subscribe();
    let mut seen = 0;
    loop {
        // Read the bell before the world, so that a change in between rings again.
        changed.mark_unchanged();
        let (view, version) = hall.peek(|world| (world.view(seen).to_string(), world.version()));
        seen = version;
        if socket.send(Message::Text(view.into())).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                rung = changed.changed() => {
                    if rung.is_err() {
                        return;
                    }
                    break;
                }
                received = socket.recv() => match received {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => {}
                },
            }
        }
        tokio::time::sleep(GATHER).await;
    }
}
