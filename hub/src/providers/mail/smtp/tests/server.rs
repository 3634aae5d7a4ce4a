//! A server that follows a script and refuses any line that is not in it.

use std::{cell::RefCell, rc::Rc};

use async_trait::async_trait;

use super::super::TAKEN_MS;
use crate::ports::{IoError, Tcp, TcpStream, Tls};

#[derive(Clone, Debug)]
pub(super) enum Turn {
    /// The server says.
    S(String),
    /// The client must say.
    C(String),
    /// The client must encrypt.
    Encrypt,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Cut {
    Never,
    /// From this turn on, reads find the connection closed and writes are lost.
    Read(usize),
    /// From this turn on, writes fail.
    Write(usize),
}

pub(super) struct Script {
    pub(super) turns: Vec<Turn>,
    pub(super) at: usize,
    /// How much of the current turn is done.
    done: usize,
    /// Server bytes up to here come in one read, those after in the next; `1` as `every` splits all.
    pub(super) split: usize,
    pub(super) every: usize,
    read: usize,
    pub(super) cut: Cut,
    pub(super) connected: Option<Tls>,
    pub(super) closed: bool,
}

#[derive(Clone)]
pub(super) struct Server(pub(super) Rc<RefCell<Script>>);

impl Server {
    pub(super) fn new(turns: &[Turn]) -> Self {
        Self(Rc::new(RefCell::new(Script {
            turns: turns.to_vec(),
            at: 0,
            done: 0,
            split: usize::MAX,
            every: usize::MAX,
            read: 0,
            cut: Cut::Never,
            connected: None,
            closed: false,
        })))
    }

    pub(super) fn set(self, change: impl FnOnce(&mut Script)) -> Self {
        change(&mut self.0.borrow_mut());
        self
    }
}

#[async_trait(?Send)]
impl Tcp for Server {
    async fn connect(&self, host: &str, port: u16, tls: Tls) -> Result<Box<dyn TcpStream>, IoError> {
        assert!(!host.is_empty() && port != 0);
        let mut script = self.0.borrow_mut();
        if matches!(script.cut, Cut::Write(0)) {
            return Err(IoError::NotSent("refused".into()));
        }
        script.connected = Some(tls);
        drop(script);
        Ok(Box::new(self.clone()))
    }
}

#[async_trait(?Send)]
impl TcpStream for Server {
    async fn read(&mut self, timeout_ms: u32) -> Result<Vec<u8>, IoError> {
        let mut script = self.0.borrow_mut();
        if matches!(script.cut, Cut::Read(at) if script.at >= at) {
            return Ok(Vec::new());
        }
        assert_eq!(
            timeout_ms == TAKEN_MS,
            script.at > 0 && matches!(&script.turns[script.at - 1], Turn::C(line) if line == ".\r\n")
        );
        let Some(Turn::S(text)) = script.turns.get(script.at).cloned() else {
            return Err(IoError::NoAnswer("timeout".into()));
        };
        let left = &text.as_bytes()[script.done..];
        let until_split =
            script.split.checked_sub(script.read).filter(|size| *size > 0).unwrap_or(usize::MAX);
        let size = left.len().min(script.every).min(until_split);
        script.read += size;
        script.done += size;
        if size == left.len() {
            script.at += 1;
            script.done = 0;
        }
        Ok(left[..size].to_vec())
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), IoError> {
        let mut script = self.0.borrow_mut();
        if matches!(script.cut, Cut::Write(at) if script.at >= at) {
            return Err(IoError::NoAnswer("broken pipe".into()));
        }
        if bytes == b"QUIT\r\n" || matches!(script.cut, Cut::Read(at) if script.at >= at) {
            return Ok(());
        }
        let said = String::from_utf8(bytes.to_vec()).unwrap();
        match script.turns.get(script.at) {
            Some(Turn::C(line)) if *line == said => script.at += 1,
            expected => panic!("{said:?} instead of {expected:?}"),
        }
        Ok(())
    }

    async fn start_tls(self: Box<Self>) -> Result<Box<dyn TcpStream>, IoError> {
        let mut script = self.0.borrow_mut();
        if matches!(script.cut, Cut::Read(at) | Cut::Write(at) if script.at >= at) {
            return Err(IoError::NoAnswer("handshake".into()));
        }
        assert!(matches!(script.turns.get(script.at), Some(Turn::Encrypt)), "encrypts too early");
        assert_eq!(script.connected, Some(Tls::Start));
        script.at += 1;
        drop(script);
        Ok(self)
    }

    async fn close(&mut self) {
        self.0.borrow_mut().closed = true;
    }
}
