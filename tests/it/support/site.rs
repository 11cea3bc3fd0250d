//! The web side on a port of its own, over a desk that keeps its subscribers in memory and a folder of feeds.

use boardwatch::config::SignupSettings;
use boardwatch::domain::item::{Item, ItemId, KnownItem, NextMeeting};
use boardwatch::domain::site::Site;
use boardwatch::domain::source::{Source, SourceId};
use boardwatch::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use boardwatch::domain::text::{SafeHtml, Text};
use boardwatch::render::feed::{FeedFile, FeedView, calendar, files, opml};
use boardwatch::render::page::{ArchivePage, ItemRecord, News, Overview, SearchPage, Version, Watched};
use boardwatch::rules::day::Day;
use boardwatch::rules::estimate::Past;
use boardwatch::rules::feed::FeedName;
use boardwatch::rules::health::Health;
use boardwatch::rules::token::{Keyring, Purpose};
use boardwatch::store::lists::Listed;
use boardwatch::store::{Store, StoreError};
use boardwatch::web::desk::Desk;
use boardwatch::web::library::{Library, LibraryError};
use boardwatch::web::{SearchPlaces, SignupLimits, WebState, router, serve};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::{BoxFuture, FutureExt};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;
use url::Url;

pub const KEY: [u8; 32] = [7; 32];

pub fn now() -> DateTime<Utc> {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

pub fn site() -> Site {
    Site {
        name: "Improvement Board Watch".to_owned(),
        url: Url::parse("http://127.0.0.1:8080").unwrap(),
        contact: "admin@example.org".to_owned(),
        postal_address: None,
        timezone: chrono_tz::Europe::London,
        language: "en-GB".to_owned(),
        topics: std::collections::BTreeMap::new(),
    }
}

pub fn source(id: &str, council: &str, title: &str) -> Source {
    Source {
        topics: vec!["childrens-services".to_owned()],
        ..Source::bare(
            SourceId::parse(id).unwrap(),
            council.to_owned(),
            title.to_owned(),
            Url::parse(&format!("https://{id}.example.org/updates")).unwrap(),
        )
    }
}

pub fn known(source: &Source, key: &str, title: &str, published: Option<&str>) -> KnownItem {
    let seen = "2026-11-20T09:30:15Z".parse().unwrap();
    KnownItem {
        id: ItemId::of(&source.id, key),
        source: source.id.clone(),
        revision: 1,
        first_seen: seen,
        revised: seen,
        withdrawn: None,
        before: None,
        item: Item {
            published: published.map(|day| day.parse().unwrap()),
            text: Some(Text::new("The board met and looked at the plan. ".repeat(30).as_str())),
            html: Some(SafeHtml::sanitise("<p>The board met and looked at the plan.</p>", None)),
            next_meeting: Some(NextMeeting {
                date: "2026-12-15".parse().unwrap(),
                start: Some("14:00".parse().unwrap()),
                end: None,
                quote: Text::new("The next meeting is on 15 December at 2pm."),
            }),
            ..Item::bare(
                key.to_owned(),
                Text::line(title),
                Url::parse(&format!("https://{}.example.org/updates/{key}", source.id)).unwrap(),
            )
        },
    }
}

/// Subscribers in a store in memory.
pub struct Book {
    pub store: Store,
    pub clock: Mutex<DateTime<Utc>>,
    pub sources: Mutex<Vec<Source>>,
    pub past: Mutex<Vec<Past>>,
    overview: Mutex<Overview>,
    pub panics: std::sync::atomic::AtomicBool,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            store: Store::in_memory(),
            clock: Mutex::new(now()),
            sources: Mutex::default(),
            past: Mutex::default(),
            overview: Mutex::default(),
            panics: std::sync::atomic::AtomicBool::default(),
        }
    }
}

impl Book {
    pub async fn standing(&self, id: &SubscriberId) -> Option<Ending> {
        self.store.person(id).await.unwrap().unwrap().value.suppressed.map(|(why, _)| why)
    }

    pub fn advance(&self, by: TimeDelta) {
        *self.clock.lock().unwrap() += by;
    }
}

impl Library for Book {
    fn overview(&self) -> BoxFuture<'_, Result<Arc<Overview>, LibraryError>> {
        async {
            assert!(!self.panics.load(std::sync::atomic::Ordering::SeqCst), "asked to panic");
            Ok(Arc::new(self.overview.lock().unwrap().clone()))
        }
        .boxed()
    }

    fn item(&self, source: SourceId, id: ItemId) -> BoxFuture<'_, Result<Option<ItemRecord>, LibraryError>> {
        let overview = self.overview.lock().unwrap().clone();
        let record =
            overview.latest.iter().map(|news| &news.known).find(|known| known.source == source && known.id == id).map(|known| {
                ItemRecord {
                    known: known.clone(),
                    source: overview.watched.iter().find(|watched| watched.source.id == source).unwrap().source.clone(),
                    platform: None,
                    versions: vec![Version {
                        seen: known.revised,
                        recipe: 1,
                        item: known.item.clone(),
                        sha256: None,
                        page: None,
                    }],
                    versions_hidden: 0,
                    withdrawn_by: None,
                }
            });
        std::future::ready(Ok(record)).boxed()
    }

    fn archive(
        &self,
        _: FeedName,
        _: Option<chrono::NaiveDate>,
        _: usize,
    ) -> BoxFuture<'_, Result<Option<ArchivePage>, LibraryError>> {
        std::future::ready(Ok(None)).boxed()
    }

    fn search(&self, _: String, _: FeedName, _: usize) -> BoxFuture<'_, Result<Option<SearchPage>, LibraryError>> {
        std::future::ready(Ok(None)).boxed()
    }
}

impl Desk for Book {
    fn store(&self) -> Store {
        self.store.clone()
    }

    fn links(&self) -> Arc<Keyring> {
        Arc::new(Keyring::of(KEY))
    }

    fn identity(&self, address: &Address) -> SubscriberId {
        SubscriberId::of(address, &KEY)
    }

    fn now(&self) -> DateTime<Utc> {
        *self.clock.lock().unwrap()
    }

    fn sources(&self) -> Vec<Source> {
        self.sources.lock().unwrap().clone()
    }

    fn past(&self) -> BoxFuture<'_, Result<Arc<Vec<Past>>, StoreError>> {
        async move { Ok(Arc::new(self.past.lock().unwrap().clone())) }.boxed()
    }

    fn signup(&self) -> SignupSettings {
        SignupSettings::default()
    }

    fn subscribers_at<'a>(&'a self, organisation: &'a str) -> BoxFuture<'a, Result<u32, StoreError>> {
        async move { Ok(self.store.organisations().await?.get(organisation).copied().unwrap_or(0)) }.boxed()
    }

    fn mail_domain(&self) -> String {
        "example.org".to_owned()
    }

    fn own_mailboxes(&self) -> Vec<Address> {
        ["updates@boards.example.org", "bounces@boards.example.org"].map(|own| Address::parse(own).unwrap()).to_vec()
    }

    fn list_notes(&self) -> HashMap<String, String> {
        HashMap::from([("file:test".to_owned(), "asked at the meeting of 3 March".to_owned())])
    }
}

/// The running web side.
pub struct Served {
    pub base: String,
    pub book: Arc<Book>,
    pub feeds: tempfile::TempDir,
    pub client: reqwest::Client,
    listed: tokio::sync::Mutex<Vec<Listed>>,
    shutdown: CancellationToken,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Served {
    pub async fn start() -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let (book, feeds) = (Arc::new(Book::default()), tempfile::tempdir().unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = WebState {
            desk: book.clone(),
            library: book.clone(),
            site: Arc::new(site()),
            feeds_dir: feeds.path().to_path_buf(),
            trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
            limits: Arc::new(SignupLimits::new(&SignupSettings::default(), [9; 32])),
            searches: Arc::new(SearchPlaces::new(2, [9; 32])),
        };
        let shutdown = CancellationToken::new();
        tokio::spawn(serve(listener, router(state), shutdown.clone()));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_gzip().build().unwrap();
        Self { base, book, feeds, client, listed: tokio::sync::Mutex::default(), shutdown }
    }

    /// Somebody who gets everything once a day, and the token that ends it.
    pub async fn subscribe(&self, address: &str) -> (SubscriberId, String) {
        let listed = Listed {
            origin: "file:test".to_owned(),
            address: Address::parse(address).unwrap(),
            cadence: Cadence::Daily,
            interests: Interests { everything: true, ..Interests::default() },
        };
        let id = SubscriberId::of(&listed.address, &KEY);
        let mut all = self.listed.lock().await;
        all.push(listed);
        self.book.store.reconcile_lists(&all, |address| SubscriberId::of(address, &KEY), now()).await.unwrap();
        let token = Keyring::of(KEY).link(Purpose::Unsubscribe, &id, now());
        (id, token)
    }

    /// Writes every feed over these items, as the engine would, and shows them on the front page.
    pub fn publish(&self, sources: &[Source], items: &[KnownItem]) {
        let site = site();
        let held: Vec<(&Source, KnownItem)> =
            items.iter().map(|known| (sources.iter().find(|s| s.id == known.source).unwrap(), known.clone())).collect();
        let mut written = vec![
            FeedFile { path: opml::PATH.to_owned(), bytes: opml::write(&site, sources) },
            FeedFile { path: calendar::PATH.to_owned(), bytes: calendar::write(&site, &held) },
        ];
        for name in FeedName::every(sources) {
            let items = held.iter().filter(|(source, _)| name.holds(source)).cloned().collect();
            let title = name.title(&site, sources);
            written.extend(files(&FeedView { site: &site, name, title, items }));
        }
        for file in &written {
            let path = self.feeds.path().join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &file.bytes).unwrap();
        }
        let read = "2026-11-21T10:00:00Z".parse().unwrap();
        let watched = sources.iter().map(|source| Watched {
            source: source.clone(),
            last_read: Some(read),
            health: Health::Fine,
            next_read: None,
            items: items.iter().filter(|known| known.source == source.id).count(),
            newest: None,
        });
        *self.book.overview.lock().unwrap() =
            Overview { at: read, watched: watched.collect(), latest: items.iter().map(news).collect() };
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        self.ask(reqwest::Method::GET, path, headers, "").await
    }

    pub async fn ask(&self, method: reqwest::Method, path: &str, headers: &[(&str, &str)], body: &str) -> reqwest::Response {
        let mut request = self.client.request(method, format!("{}{path}", self.base)).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }
}

/// A header of an answer, or nothing.
pub fn header<'a>(response: &'a reqwest::Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// An item of which nobody has been told.
fn news(known: &KnownItem) -> News {
    let first_seen = known.first_seen.with_timezone(&site().timezone).date_naive();
    News { known: known.clone(), day: Day::of(known, site().timezone).news(first_seen) }
}
