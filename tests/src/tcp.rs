//! The world's mail server behind [`hub::ports::Tcp`]. Encryption is a name only: both ends know when it begins.

use async_trait::async_trait;
use hub::ports::{IoError, Tcp, TcpStream, Tls};
use sandbox::world::smtp::{Action, Session};

use crate::{life::Mortal, outside::Door};

pub(crate) struct WorldTcp(pub(crate) Mortal);

#[async_trait(?Send)]
impl Tcp for WorldTcp {
    async fn connect(&self, _: &str, _: u16, tls: Tls) -> Result<Box<dyn TcpStream>, IoError> {
        let port = &self.0;
        port.life.step().await;
        port.pass(port.outside.latency()).await;
        if port.outside.is_closed(Door::Smtp) {
            return Err(IoError::NotSent("connection refused".into()));
        }
        let mut session = port.outside.world.borrow().smtp();
        if tls == Tls::On {
            session.tls_started();
        }
        let greeting = session.greeting();
        Ok(Box::new(Stream {
            port: port.clone(),
            session,
            waiting: greeting,
            ready_in: 0,
            silent: false,
            closed: false,
            start_tls: false,
        }))
    }
}

struct Stream {
    port: Mortal,
    session: Session,
    /// Said by the server, not read yet.
    waiting: Vec<u8>,
    /// The server takes that long before it says it.
    ready_in: u64,
    silent: bool,
    closed: bool,
    start_tls: bool,
}

#[async_trait(?Send)]
impl TcpStream for Stream {
    async fn read(&mut self, timeout_ms: u32) -> Result<Vec<u8>, IoError> {
        self.port.life.step().await;
        let wait = std::mem::take(&mut self.ready_in) + self.port.outside.smtp_step_ms.get();
        let quiet = self.waiting.is_empty() && !self.closed;
        if self.silent || quiet || wait >= u64::from(timeout_ms) {
            self.port.pass(u64::from(timeout_ms)).await;
            return Err(IoError::NoAnswer("timed out".into()));
        }
        self.port.pass(wait + self.port.outside.latency()).await;
        Ok(std::mem::take(&mut self.waiting))
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), IoError> {
        self.port.life.step().await;
        if self.closed {
            return Err(IoError::NoAnswer("connection reset".into()));
        }
        let now = self.port.now();
        let output = self.session.feed(&mut self.port.outside.world.borrow_mut(), bytes, now);
        self.port.life.step().await;
        self.ready_in += output.after_ms;
        self.waiting.extend(output.reply);
        match output.action {
            Action::Continue => {}
            Action::Close => self.closed = true,
            Action::Silence => self.silent = true,
            Action::StartTls => self.start_tls = true,
        }
        Ok(())
    }

    async fn start_tls(mut self: Box<Self>) -> Result<Box<dyn TcpStream>, IoError> {
        self.port.life.step().await;
        if !std::mem::take(&mut self.start_tls) {
            return Err(IoError::NoAnswer("the other side speaks no TLS yet".into()));
        }
        self.session.tls_started();
        self.waiting.clear();
        Ok(self)
    }

    async fn close(&mut self) {
        self.port.life.step().await;
        self.closed = true;
    }
}
