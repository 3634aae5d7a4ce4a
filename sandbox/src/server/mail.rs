//! The SMTP port.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::Hall;
use crate::world::smtp::Action;

/// Takes connections until its task is aborted; its connections end with it.
pub(super) async fn listen(listener: TcpListener, hall: Arc<Hall>) {
    let mut talks = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // A broken connection is the client's affair.
                    let hall = Arc::clone(&hall);
                    talks.spawn(async move { drop(talk(stream, hall).await) });
                }
                // Out of file descriptors, say: leave the others time to end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = talks.join_next() => {}
        }
    }
}

async fn talk(mut stream: TcpStream, hall: Arc<Hall>) -> io::Result<()> {
    let mut session = hall.with(|world, _| world.smtp());
    stream.write_all(&session.greeting()).await?;
    let mut buffer = vec![0; 16 * 1024];
    let mut silent = false;
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        if silent {
            continue;
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        let output = hall.with(|world, now_ms| session.feed(world, bytes, now_ms));
        if output.after_ms > 0 {
            tokio::time::sleep(Duration::from_millis(output.after_ms)).await;
        }
        stream.write_all(&output.reply).await?;
        match output.action {
            Action::Continue => {}
            Action::Silence => silent = true,
            // This port never offers STARTTLS.
            Action::Close | Action::StartTls => return stream.shutdown().await,
        }
    }
}
