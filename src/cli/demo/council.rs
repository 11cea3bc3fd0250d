//! The small council site that the demo watches: the pages of four councils, a path for each, as they were before and as
//! they are once the councils have published.
//!
//! As on the real ones, every answer differs in what nobody reads: tokens, view state, the date of today.

use super::fill::fill;
use super::trafford;
use crate::edge::clock::SystemClock;
use crate::ports::Clock;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const HTML: &str = "text/html; charset=utf-8";
const HOME: &str = include_str!("pages/home.html");
/// Search engines and watchers are welcome, but for the search pages.
const ROBOTS: &str = "User-agent: *\nDisallow: /search\n";

/// A page of one path, and what appears in it when the council publishes.
struct Page {
    path: &'static str,
    before: &'static str,
    published: &'static str,
}

const PAGES: [Page; 3] = [
    Page {
        path: "/herefordshire/ieIssueDetails.aspx",
        before: include_str!("pages/herefordshire.html"),
        published: include_str!("pages/herefordshire-2022-12-15.html"),
    },
    Page {
        path: "/bury/ieIssueDetails.aspx",
        before: include_str!("pages/bury.html"),
        published: include_str!("pages/bury-2022-09-07.html"),
    },
    Page {
        path: "/torbay/DemocraticServices/mgAi.aspx",
        before: include_str!("pages/torbay.html"),
        published: include_str!("pages/torbay-minutes.html"),
    },
];

/// The site; it closes when this is dropped.
pub(super) struct CouncilSite {
    address: SocketAddr,
    councils: Arc<Councils>,
    _serving: JoinSet<()>,
}

/// What the site shows.
#[derive(Default)]
struct Councils {
    have_published: AtomicBool,
    answers: AtomicU64,
}

impl CouncilSite {
    /// Opens it on a free port of 127.0.0.1, as it was before the councils published.
    pub(super) async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let councils = Arc::new(Councils::default());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&councils));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the demo's council site ended");
            }
        });
        Ok(Self { address, councils, _serving: serving })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The councils publish: from now on the pages hold what is new.
    pub(super) fn publish(&self) {
        self.councils.have_published.store(true, Ordering::SeqCst);
    }
}

async fn answer(State(councils): State<Arc<Councils>>, uri: Uri) -> Response {
    if uri.path() == "/robots.txt" {
        return ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], ROBOTS).into_response();
    }
    let Some(page) = page(uri.path(), councils.have_published.load(Ordering::SeqCst)) else {
        return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, HTML)], "<h1>Page not found</h1>").into_response();
    };
    let nth = councils.answers.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
    // Spread over all digits, as tokens are (the constant is 2^64 divided by the golden ratio).
    let token = format!("{:016x}", nth.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let today = SystemClock.now().format("%Y-%m-%d").to_string();
    ([(header::CONTENT_TYPE, HTML)], fill(&page, &[("token", &token), ("today", &today)])).into_response()
}

fn page(path: &str, is_published: bool) -> Option<String> {
    if path == "/" {
        return Some(HOME.to_owned());
    }
    let fixed = PAGES.iter().find(|page| page.path == path);
    fixed
        .map(|page| fill(page.before, &[("published", if is_published { page.published.trim_end() } else { "" })]))
        .or_else(|| trafford::page(path, is_published))
}
