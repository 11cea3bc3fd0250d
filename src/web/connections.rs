//! Connections within bounds: so many at a time, none that keeps us waiting for its request or for taking its answers.
//!
//! A client that sends its request, or takes its answer, a byte at a time holds one place for that long and no longer;
//! one that keeps an idle connection open comes back with a new one.

use axum::serve::Listener;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};

/// Open at a time; more wait in the system's queue.
const CONNECTIONS_MAX: usize = 1024;

/// From accepting a connection to the first octet of an answer, and so for a whole request to arrive.
const FIRST_ANSWER: Duration = Duration::from_secs(15);

/// From then to the last moment at which we wait for it.
const LIFETIME: Duration = Duration::from_secs(40);

/// A listener whose connections are bounded in number and time.
#[derive(Debug)]
pub struct Connections {
    listener: TcpListener,
    places: Arc<Semaphore>,
    first_answer: Duration,
}

impl Connections {
    /// Bounds around `listener`.
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, places: Arc::new(Semaphore::new(CONNECTIONS_MAX)), first_answer: FIRST_ANSWER }
    }
}

impl Listener for Connections {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed, so there always comes a place.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let (stream, from) = Listener::accept(&mut self.listener).await;
        let deadline = Box::pin(sleep_until(Instant::now() + self.first_answer));
        (Connection { stream, deadline, answered: false, _place: place }, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection with its deadline and its place.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    answered: bool,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    /// Once, when the first octets of an answer are taken.
    fn answers<T>(&mut self, written: &Poll<io::Result<T>>) {
        if !self.answered && matches!(written, Poll::Ready(Ok(_))) {
            self.answered = true;
            self.deadline.as_mut().reset(Instant::now() + LIFETIME);
        }
    }

    /// What we would wait for is given up once the deadline has passed.
    fn waited<T>(&mut self, polled: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if polled.is_pending() && self.deadline.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        polled
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.waited(polled, cx)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.answers(&polled);
        self.waited(polled, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.answers(&polled);
        self.waited(polled, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(cx);
        self.waited(polled, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.waited(polled, cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_client_that_dribbles_its_request_is_cut_off() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut connections = Connections::new(listener);
        connections.first_answer = Duration::from_millis(200);
        tokio::spawn(async move {
            let _ = axum::serve(connections, axum::Router::new()).await;
        });
        let (mut answers, mut request) = TcpStream::connect(address).await.unwrap().into_split();
        let dribble = tokio::spawn(async move {
            loop {
                let _ = request.write_all(b"G").await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(60), answers.read_to_end(&mut answer)).await;
        dribble.abort();
        assert!(ended.is_ok(), "still open");
    }
}
