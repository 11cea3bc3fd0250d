//! A council's site on loopback: pages by path, changed while it runs, with a log of who asked for what and when.
//!
//! It keeps to HTTP: gzip where it is wanted, 304 where a page has validators. Pages can be told to break off or to stall.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use boardwatch::edge::clock::SystemClock;
use boardwatch::ports::Clock;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::StreamExt;
use futures::stream;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// What the site says at one path.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    ending: Ending,
}

/// What follows the body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ending {
    /// The end.
    Whole,
    /// The connection closes before the end.
    BreaksOff,
    /// Nothing, for ever.
    Stalls,
}

impl Answer {
    /// 200 with a page in UTF-8.
    pub fn html(body: &str) -> Self {
        Self::bytes("text/html; charset=utf-8", body.as_bytes())
    }

    /// 200 with these very bytes.
    pub fn bytes(content_type: &str, body: &[u8]) -> Self {
        let answer = Self { status: 200, headers: Vec::new(), body: body.to_vec(), ending: Ending::Whole };
        answer.with("content-type", content_type)
    }

    /// An empty answer.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), ending: Ending::Whole }
    }

    /// 302 to `location`.
    pub fn redirect(location: &str) -> Self {
        Self::status(302).with("location", location)
    }

    /// The same with one more header. `etag` and `last-modified` are compared with what requests bring.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, but the line drops after the body's last byte and before its end.
    pub fn breaking_off(self) -> Self {
        Self { ending: Ending::BreaksOff, ..self }
    }

    /// The same, but after the body's last byte nothing comes, and no end.
    pub fn stalling(self) -> Self {
        Self { ending: Ending::Stalls, ..self }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// RFC 9110 §13.2.2: `If-None-Match` decides where it is sent, else `If-Modified-Since`.
    fn is_what_they_have(&self, asked: &HeaderMap) -> bool {
        let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
        match text(header::IF_NONE_MATCH) {
            Some(tag) => self.header("etag") == Some(tag),
            None => text(header::IF_MODIFIED_SINCE).is_some_and(|date| self.header("last-modified") == Some(date)),
        }
    }

    fn response(&self, asked: &HeaderMap) -> Response {
        let mut response = Response::builder();
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        if self.status == 200 && self.is_what_they_have(asked) {
            return response.status(StatusCode::NOT_MODIFIED).body(Body::empty()).unwrap();
        }
        let takes_gzip = asked.get(header::ACCEPT_ENCODING).is_some_and(|value| value.as_bytes() == b"gzip");
        let body = if takes_gzip && !self.body.is_empty() {
            response = response.header(header::CONTENT_ENCODING, "gzip").header(header::VARY, "accept-encoding");
            gzip(&self.body)
        } else {
            self.body.clone()
        };
        let body = Bytes::from(body);
        let start = stream::iter([Ok(body.clone())]);
        let body = match self.ending {
            Ending::Whole => Body::from(body),
            Ending::BreaksOff => Body::from_stream(start.chain(stream::iter([Err(std::io::Error::other("the line drops"))]))),
            Ending::Stalls => Body::from_stream(start.chain(stream::pending::<Result<Bytes, std::io::Error>>())),
        };
        response.status(self.status).body(body).unwrap()
    }
}

/// `bytes` as gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// One request that came in.
#[derive(Clone, Debug)]
pub struct Asked {
    /// When, by the site's clock.
    pub at: DateTime<Utc>,
    /// Path and query.
    pub path: String,
    headers: HeaderMap,
}

impl Asked {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The site; closed when dropped.
pub struct Council {
    base: Url,
    site: Arc<Site>,
    server: JoinHandle<()>,
}

struct Site {
    clock: Arc<dyn Clock>,
    pages: Mutex<HashMap<String, Answer>>,
    asked: Mutex<Vec<Asked>>,
}

impl Council {
    /// A site without pages on a free port: 404 for everything.
    pub async fn open() -> Self {
        Self::open_by(SystemClock).await
    }

    /// The same, with its log in the time of `clock`.
    pub async fn open_by(clock: impl Clock + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let site = Arc::new(Site { clock: Arc::new(clock), pages: Mutex::default(), asked: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&site));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, site, server }
    }

    /// The address of `path`.
    pub fn url(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    /// Puts an answer at `path`; one with a query answers before the one without.
    pub fn publish(&self, path: &str, answer: Answer) -> &Self {
        self.site.pages.lock().unwrap().insert(path.to_owned(), answer);
        self
    }

    /// What was asked so far, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.site.asked.lock().unwrap().clone()
    }

    /// The paths that were asked for so far, in order.
    pub fn asked_paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}

impl Drop for Council {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let uri = request.uri();
    let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let answer = {
        let pages = site.pages.lock().unwrap();
        pages.get(&path).or_else(|| pages.get(uri.path())).cloned().unwrap_or_else(|| Answer::status(404))
    };
    let headers = request.headers().clone();
    let response = answer.response(&headers);
    site.asked.lock().unwrap().push(Asked { at: site.clock.now(), path, headers });
    response
}
