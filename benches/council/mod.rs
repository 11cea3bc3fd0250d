//! Councils' sites for benchmarks, served by a process of their own over loopback, and the configuration that watches them.
//!
//! Every source has a listing of posts in a site's frame, as long as real listings are, and a short page for each post.
//! Eight addresses stand for eight hosts, so that as many are asked at a time as usual.

#![allow(dead_code, reason = "no benchmark uses all of it")]

#[path = "../extract/frame.rs"]
#[allow(unreachable_pub, dead_code)]
mod frame;
#[path = "../../tests/it/support/pages.rs"]
#[allow(unreachable_pub, dead_code)]
mod pages;

use axum::Router;
use axum::extract::{Path as At, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use boardwatch::edge::http::install_tls_provider;
use pages::{Chrome, blog};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;

/// The size of a listing, in bytes.
pub(super) const BYTES: usize = 60 * 1024;
/// Addresses that the sites are under.
pub(super) const HOSTS: usize = 8;
/// Posts of each source in the beginning.
pub(super) const POSTS: u32 = 6;

/// What the sites do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mood {
    /// What has not changed is answered with 304.
    Validators,
    /// Every answer is a whole page with other tokens in it, and the same news.
    Tokens,
    /// As before, and there is one more post than in the beginning.
    News,
}

const MOODS: [Mood; 3] = [Mood::Validators, Mood::Tokens, Mood::News];

#[derive(Default)]
struct Site {
    mood: AtomicU64,
    answers: AtomicU64,
}

impl Site {
    fn mood(&self) -> Mood {
        MOODS[usize::try_from(self.mood.load(Ordering::SeqCst)).unwrap()]
    }
}

/// Serves until it is ended; prints its port first.
pub(super) async fn serve() {
    let site = Arc::new(Site::default());
    let router = Router::new()
        .route("/robots.txt", get(async || "User-agent: *\nDisallow: /admin\n"))
        .route(
            "/mood/{mood}",
            post(async |State(site): State<Arc<Site>>, At(mood): At<u64>| site.mood.store(mood, Ordering::SeqCst)),
        )
        .route("/answers", get(async |State(site): State<Arc<Site>>| site.answers.load(Ordering::SeqCst).to_string()))
        .route("/{source}/{page}", get(page))
        .with_state(site);
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    axum::serve(listener, router).await.unwrap();
}

async fn page(State(site): State<Arc<Site>>, At((source, page)): At<(usize, String)>, headers: HeaderMap) -> Response {
    let answer = site.answers.fetch_add(1, Ordering::SeqCst);
    let mood = site.mood();
    if mood == Mood::Validators && headers.contains_key(header::IF_NONE_MATCH) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let posts: Vec<(u32, &str)> = (1..=POSTS + u32::from(mood == Mood::News)).rev().map(|n| (n, WORDS)).collect();
    let token = format!("{:x}", (answer + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let chrome = Chrome {
        head: format!("<meta name=\"csrf-token\" content=\"{token}\"><script nonce=\"{token}\">var t='{token}';</script>"),
        above: format!("<form><input type=\"hidden\" name=\"__VIEWSTATE\" value=\"{token}{token}\"></form>"),
        below: format!("<!-- made in {answer} ms for {token} -->"),
        attributes: String::new(),
    };
    let path = format!("/blog/{page}");
    let Some((_, body)) = blog(&posts, &chrome).into_iter().find(|(at, _)| *at == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = body.replace("/blog/", &format!("/{source}/"));
    let is_listing = page == "updates.aspx";
    let body = if is_listing { frame::around(body.as_bytes(), BYTES) } else { body.into_bytes() };
    ([(header::ETAG, format!("\"{token}\""))], Html(body)).into_response()
}

const WORDS: &str = "The Board met and looked at staff turnover, at caseloads and at the plan for the next quarter.";

/// The sites, as a process.
pub(super) struct Sites {
    child: Child,
    pub(super) port: u16,
}

impl Sites {
    /// Starts this program again, which then serves.
    pub(super) fn start() -> Self {
        install_tls_provider();
        let mut child = Command::new(std::env::current_exe().unwrap()).arg("serve").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap() }
    }

    /// The address of a page of a source.
    pub(super) fn url(&self, source: usize, page: &str) -> String {
        format!("http://127.0.0.{}:{}/{source}/{page}", 1 + source % HOSTS, self.port)
    }

    pub(super) async fn set(&self, mood: Mood) {
        let mood = MOODS.iter().position(|other| *other == mood).unwrap();
        let url = format!("http://127.0.0.1:{}/mood/{mood}", self.port);
        reqwest::Client::new().post(url).send().await.unwrap().error_for_status().unwrap();
    }

    /// Pages asked for so far.
    pub(super) async fn answers(&self) -> u64 {
        let url = format!("http://127.0.0.1:{}/answers", self.port);
        reqwest::get(url).await.unwrap().text().await.unwrap().parse().unwrap()
    }

    /// Writes a configuration that watches `sources` of them, `often` of which are polled every minute.
    pub(super) fn configure(&self, folder: &Path, sources: usize, often: usize) {
        std::fs::create_dir_all(folder.join("sources")).unwrap();
        let text = "[site]\nname = \"Board Watch\"\nurl = \"http://127.0.0.1:8080\"\ncontact = \"admin@example.org\"\ndata_dir = \"../var\"\n\
                    [poll]\nper_host_delay = \"0s\"\nallow_private_networks = true\n[web]\nlisten = \"127.0.0.1:0\"\n";
        std::fs::write(folder.join("boardwatch.toml"), text).unwrap();
        for n in 0..sources {
            // A listing alone: pages of posts that are known are not asked for again.
            let mut text = format!(
                "council = \"Council {n}\"\ntitle = \"Board updates\"\nurl = \"{}\"\ntopics = [\"boards\"]\nreread = 0\n",
                self.url(n, "updates.aspx")
            );
            if n < often {
                writeln!(text, "every = \"1m\"").unwrap();
            }
            std::fs::write(folder.join(format!("sources/council-{n}.toml")), text).unwrap();
        }
    }
}

impl Drop for Sites {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
