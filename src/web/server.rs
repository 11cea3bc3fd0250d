//! Answering on connections: HTTP/1.1, with bounds on the head of a request, until we are asked to stop.

use super::client::Peer;
use super::connections::{Connection, Connections};
use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Of what is sent, so much is held before its line and headers are whole; what is longer is refused (RFC 6585 §5), unread.
const HEAD_BYTES_MAX: usize = 32 * 1024;

/// After a stop is asked for, answers in hand get this long to finish.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Answers on `listener` until `shutdown`, then lets answers in hand finish for a few seconds.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) -> io::Result<()> {
    let mut connections = Connections::new(listener);
    let open = TaskTracker::new();
    loop {
        let (connection, from) = tokio::select! {
            accepted = connections.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        open.spawn(answer(connection, from, router.clone(), shutdown.clone()));
    }
    open.close();
    // Who has not taken their answer by then is not waited for.
    let _ = tokio::time::timeout(LAST_ANSWERS, open.wait()).await;
    Ok(())
}

/// Answers one request after the other, as long as they come.
async fn answer(connection: Connection, from: SocketAddr, router: Router, shutdown: CancellationToken) {
    let pages = TowerToHyperService::new(router);
    let pages = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(Peer::at(from)));
        pages.call(request)
    });
    let mut http = http1::Builder::new();
    http.max_buf_size(HEAD_BYTES_MAX);
    let mut serving = pin!(http.serve_connection(TokioIo::new(connection), pages));
    // A connection that breaks off is the visitor's affair.
    let _ = tokio::select! {
        ended = serving.as_mut() => ended,
        () = shutdown.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
}
