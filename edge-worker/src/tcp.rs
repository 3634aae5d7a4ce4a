//! Outgoing TCP, behind [`hub::ports::Tcp`]: `connect()` of `cloudflare:sockets`.
//!
//! Bound below `worker::Socket`, whose reads take and give back the stream's lock each time and which
//! panics when TLS cannot start.

use std::{future::Future, pin::pin, time::Duration};

use async_trait::async_trait;
use futures_util::future::{Either, select};
use hub::ports::{IoError, Tcp, TcpStream, Tls};
use wasm_bindgen::{JsCast as _, JsValue};
use worker::{
    Delay,
    js_sys::{Object, Promise, Reflect, Uint8Array},
    wasm_bindgen_futures::{JsFuture, spawn_local},
    web_sys::{ReadableStreamDefaultReader, WritableStreamDefaultWriter},
    worker_sys::{self, Socket},
};

/// A server that has not taken the connection by then counts as not there.
const CONNECT_MS: u64 = 10_000;
/// A server that takes no bytes for that long is gone.
const WRITE_MS: u64 = 30_000;

#[derive(Debug, Clone, Copy)]
pub(crate) struct PlatformTcp;

#[async_trait(?Send)]
impl Tcp for PlatformTcp {
    async fn connect(&self, host: &str, port: u16, tls: Tls) -> Result<Box<dyn TcpStream>, IoError> {
        let socket = open(host, port, tls).map_err(|error| IoError::NotSent(text(error)))?;
        let stream = Stream::over(socket).map_err(|error| IoError::NotSent(text(error)))?;
        let opened = stream.socket.opened().map_err(|error| IoError::NotSent(text(error)))?;
        match within(CONNECT_MS, JsFuture::from(opened)).await {
            Some(Ok(_)) => Ok(Box::new(stream)),
            Some(Err(error)) => Err(IoError::NotSent(text(error))),
            None => Err(IoError::NotSent("timed out".to_owned())),
        }
    }
}

/// One connection; dropping it closes it.
struct Stream {
    socket: Socket,
    reader: ReadableStreamDefaultReader,
    writer: WritableStreamDefaultWriter,
    /// The read that nobody waits for any more; the platform takes no second one beside it.
    reading: Option<Promise>,
    /// Another stream has taken the connection over.
    handed_on: bool,
}

impl Stream {
    fn over(socket: Socket) -> Result<Self, JsValue> {
        // Told by the next read or write as well; unheard, the platform logs it as an uncaught rejection.
        hush(socket.closed());
        let reader = socket.readable()?.get_reader().unchecked_into();
        let writer = socket.writable()?.get_writer()?;
        Ok(Self { socket, reader, writer, reading: None, handed_on: false })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if !self.handed_on {
            hush(self.socket.close());
        }
    }
}

#[async_trait(?Send)]
impl TcpStream for Stream {
    async fn read(&mut self, timeout_ms: u32) -> Result<Vec<u8>, IoError> {
        loop {
            let reading = self.reading.take().unwrap_or_else(|| self.reader.read());
            let Some(read) = within(timeout_ms.into(), JsFuture::from(reading.clone())).await else {
                self.reading = Some(reading);
                return Err(IoError::NoAnswer("timed out".to_owned()));
            };
            let read = read.map_err(no_answer)?;
            if Reflect::get(&read, &"done".into()).map_err(no_answer)?.is_truthy() {
                return Ok(Vec::new());
            }
            let chunk = Reflect::get(&read, &"value".into()).map_err(no_answer)?;
            let bytes = Uint8Array::new(&chunk).to_vec();
            // An empty answer means "closed" to the caller; an empty chunk does not.
            if !bytes.is_empty() {
                return Ok(bytes);
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), IoError> {
        let chunk = Uint8Array::from(bytes);
        match within(WRITE_MS, JsFuture::from(self.writer.write_with_chunk(&chunk))).await {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(no_answer(error)),
            None => Err(IoError::NoAnswer("timed out".to_owned())),
        }
    }

    async fn start_tls(mut self: Box<Self>) -> Result<Box<dyn TcpStream>, IoError> {
        // The platform takes the streams over, and refuses while somebody holds their locks.
        self.reader.release_lock();
        self.writer.release_lock();
        let socket = self.socket.start_tls().map_err(no_answer)?;
        self.handed_on = true;
        Ok(Box::new(Stream::over(socket).map_err(no_answer)?))
    }

    async fn close(&mut self) {
        if let Ok(closing) = self.socket.close() {
            let _already_gone = within(CONNECT_MS, JsFuture::from(closing)).await;
        }
    }
}

fn open(host: &str, port: u16, tls: Tls) -> Result<Socket, JsValue> {
    let address = Object::new();
    Reflect::set(&address, &"hostname".into(), &host.into())?;
    Reflect::set(&address, &"port".into(), &port.into())?;
    let options = Object::new();
    let transport = match tls {
        Tls::Off => "off",
        Tls::On => "on",
        Tls::Start => "starttls",
    };
    Reflect::set(&options, &"secureTransport".into(), &transport.into())?;
    worker_sys::connect(address.into(), options.into())
}

/// `None` when `ms` went by first.
async fn within<F: Future>(ms: u64, future: F) -> Option<F::Output> {
    match select(pin!(future), pin!(Delay::from(Duration::from_millis(ms)))).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(((), _)) => None,
    }
}

fn hush(promise: Result<Promise, JsValue>) {
    if let Ok(promise) = promise {
        spawn_local(async move {
            let _told_elsewhere = JsFuture::from(promise).await;
        });
    }
}

fn no_answer(error: JsValue) -> IoError {
    IoError::NoAnswer(text(error))
}

fn text(error: JsValue) -> String {
    worker::Error::from(error).to_string()
}
