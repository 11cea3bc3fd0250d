//! A server that says exact bytes, right or wrong, to whoever connects.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// What follows the bytes.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    /// The connection closes.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing, for ever.
    Hold,
    /// The last byte, over and over, with pauses; no end.
    Drip,
}

/// The server; closed when dropped.
pub struct RawSite {
    /// Its address.
    pub url: Url,
    connections: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl RawSite {
    /// A server on a free port that reads a request's head, says `bytes`, and goes on with `then`.
    pub async fn saying(bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let server = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&bytes), then));
            }
        });
        Self { url, connections, server }
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for RawSite {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut stream: TcpStream, bytes: Arc<[u8]>, then: Then) {
    let mut head = Vec::new();
    // A TLS greeting (0x16) has no such end; who speaks plain HTTP answers it all the same.
    while !head.ends_with(b"\r\n\r\n") && head.first() != Some(&0x16) {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    // The other side may hang up in the middle; that is its affair.
    let _ = stream.write_all(&bytes).await;
    match then {
        Then::Close => {}
        Then::Reset => stream.set_zero_linger().unwrap(),
        Then::Hold => std::future::pending().await,
        Then::Drip => {
            let last = bytes.last().copied().unwrap_or(b'x');
            while stream.write_all(&[last]).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}
