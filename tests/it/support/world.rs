//! One simulated world: a durable store, a council's site, an inbox, a feeds folder, a clock. Every effect has a boundary
//! before it, at which the program can be stopped as if the machine had lost power; the boundary after an effect is the one
//! before the next.

use boardwatch::config::{
    BounceSettings, Config, FeedSettings, ListedSubscriber, MailSettings, PollSettings, ReturnSettings, Sender, SignupSettings,
    SmtpSettings, SoftLimit, StoreEngine, StoreSettings, SubscriptionList, Tls, Transport, WebSettings,
};
use boardwatch::domain::delivery::{Refusal, RefusalKind};
use boardwatch::domain::site::Site;
use boardwatch::domain::source::{Source, SourceId};
use boardwatch::domain::subscriber::{Address, Cadence, Interests};
use boardwatch::engine::bounds::Bounds;
use boardwatch::engine::deliver;
use boardwatch::engine::pass::{Orders, PassReport, World};
use boardwatch::engine::poll::Poller;
use boardwatch::engine::visit::{Manners, Visitor};
use boardwatch::ports::{
    Arrived as Post, Clock, Fate, Fetch, FetchError, FetchRequest, Fetched, Hanging, Mail, Message, Pages, Parcel, Postbox,
    Publish, RawPage, Unsent,
};
use boardwatch::rules::schedule::DigestTimes;
use boardwatch::rules::token::Keyring;
use boardwatch::store::bodies::{Bodies, Body, BodyError, BodyHash, MemoryBodies, Swept};
use boardwatch::store::engine::{Check, Engine, EngineError, Key, Versioned, Write};
use boardwatch::store::memory::MemoryEngine;
use boardwatch::store::{Store, StoreError};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc, Weekday};
use futures::FutureExt;
use futures::future::{BoxFuture, poll_fn};
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::Notify;
use url::Url;

/// Stops the program at chosen boundaries between effects.
#[derive(Default)]
pub struct Fuse {
    passed: AtomicUsize,
    stop_at: Mutex<Option<usize>>,
    blown: Notify,
    is_off: AtomicBool,
}

impl Fuse {
    /// The program passes a boundary, or stops here for ever.
    async fn boundary(&self) {
        if self.is_off.load(Ordering::SeqCst) {
            return;
        }
        let passed = self.passed.fetch_add(1, Ordering::SeqCst) + 1;
        let Some(stop_at) = *self.stop_at.lock().unwrap() else { return };
        if passed == stop_at {
            self.blown.notify_one();
        }
        if passed >= stop_at {
            // Once it is stopped, nothing of it goes on: not what was under way beside either.
            std::future::pending::<()>().await;
        }
    }

    pub fn arm(&self, stop_at: Option<usize>) {
        self.passed.store(0, Ordering::SeqCst);
        *self.stop_at.lock().unwrap() = stop_at;
    }

    pub fn passed(&self) -> usize {
        self.passed.load(Ordering::SeqCst)
    }
}

/// A message that arrived: recipient, octets, number of copies.
pub type Arrived = (String, Vec<u8>, usize);

/// What outlives the program.
pub struct Outside {
    pub fuse: Fuse,
    engine: MemoryEngine,
    bodies: MemoryBodies,
    now: Mutex<DateTime<Utc>>,
    pages: Mutex<BTreeMap<String, String>>,
    /// Copies of each message that arrived, by Message-ID.
    pub inbox: Mutex<BTreeMap<String, Arrived>>,
    /// What the relay does with the next conversations, before it takes everything.
    pub moods: Mutex<Vec<Mood>>,
    /// Whose mail is refused for what is thought of us: all whose addresses end so; and how often that was said.
    pub refuses: Mutex<Option<&'static str>>,
    pub refused: AtomicUsize,
    /// Whose mail is left without an answer, and how: all whose addresses end so.
    pub unanswered: Mutex<Option<(&'static str, Silence)>>,
    /// Message-IDs whose line broke after they had been taken.
    pub cut: Mutex<BTreeMap<String, usize>>,
    pub feeds: Mutex<BTreeMap<String, Vec<u8>>>,
    /// Mail that came back and waits to be read.
    pub returns: Mutex<Vec<Post>>,
    /// Whether passes leave mail in the outbox.
    pub hold_mail: AtomicBool,
    starts: AtomicUsize,
    /// Commits that still find room on the disk, where that is about to be full.
    room_for: Mutex<Option<usize>>,
}

/// What the relay does with a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    Takes,
    Greylists,
    /// Takes the message, and the line breaks before we hear of it.
    Cuts,
}

/// How the relay leaves a mail without an answer once it was told whom it is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Silence {
    /// It has the text…
    pub has_text: bool,
    /// …and says nothing for five minutes; else it closes the line.
    pub hangs: bool,
}

impl Outside {
    pub fn new(now: &str) -> Arc<Self> {
        Arc::new(Self {
            fuse: Fuse::default(),
            engine: MemoryEngine::new(),
            bodies: MemoryBodies::new(),
            now: Mutex::new(now.parse().unwrap()),
            pages: Mutex::default(),
            inbox: Mutex::default(),
            moods: Mutex::default(),
            refuses: Mutex::default(),
            refused: AtomicUsize::new(0),
            unanswered: Mutex::default(),
            cut: Mutex::default(),
            feeds: Mutex::default(),
            returns: Mutex::default(),
            hold_mail: AtomicBool::new(false),
            starts: AtomicUsize::new(0),
            room_for: Mutex::default(),
        })
    }

    pub fn show(&self, url: &str, page: &str) {
        self.pages.lock().unwrap().insert(url.to_owned(), page.to_owned());
    }

    pub fn set_clock(&self, now: &str) {
        *self.now.lock().unwrap() = now.parse().unwrap();
    }

    pub fn advance(&self, minutes: i64) {
        *self.now.lock().unwrap() += TimeDelta::minutes(minutes);
    }

    /// The same world once more, as it would be found after losing power now.
    pub fn fork(&self) -> Arc<Self> {
        let copy = |moods: &Mutex<Vec<Mood>>| Mutex::new(moods.lock().unwrap().clone());
        Arc::new(Self {
            fuse: Fuse::default(),
            engine: self.engine.fork_durable(),
            bodies: self.bodies.fork_durable(),
            now: Mutex::new(*self.now.lock().unwrap()),
            pages: Mutex::new(self.pages.lock().unwrap().clone()),
            inbox: Mutex::new(self.inbox.lock().unwrap().clone()),
            moods: copy(&self.moods),
            refuses: Mutex::new(*self.refuses.lock().unwrap()),
            refused: AtomicUsize::new(self.refused.load(Ordering::SeqCst)),
            unanswered: Mutex::new(*self.unanswered.lock().unwrap()),
            cut: Mutex::new(self.cut.lock().unwrap().clone()),
            feeds: Mutex::new(self.feeds.lock().unwrap().clone()),
            returns: Mutex::new(self.returns.lock().unwrap().clone()),
            hold_mail: AtomicBool::new(self.hold_mail.load(Ordering::SeqCst)),
            starts: AtomicUsize::new(self.starts.load(Ordering::SeqCst)),
            room_for: Mutex::default(),
        })
    }

    /// What somebody else does to the store: not ours to stop.
    pub async fn meanwhile<T>(self: &Arc<Self>, act: impl AsyncFnOnce(World) -> T) -> T {
        self.fuse.is_off.store(true, Ordering::SeqCst);
        let done = act(self.start()).await;
        self.fuse.is_off.store(false, Ordering::SeqCst);
        done
    }

    /// Starts the program on what is durable.
    pub fn start(self: &Arc<Self>) -> World {
        let outside = Door(self.clone());
        let store = Store::new(Arc::new(outside.clone()), Arc::new(outside.clone()));
        let clock: Arc<dyn Clock> = Arc::new(outside.clone());
        let manners = Manners { respect_robots: true, per_host_delay: Duration::ZERO };
        let visitor = Visitor::new(Arc::new(outside.clone()), clock.clone(), Arc::new(store.clone()), manners);
        let owner = format!("start-{}", self.starts.fetch_add(1, Ordering::SeqCst));
        let poller = Poller {
            store: store.clone(),
            visitor: Arc::new(visitor),
            pages: Arc::new(outside.clone()),
            clock: clock.clone(),
            owner: owner.clone(),
        };
        let postboxes: Vec<Arc<dyn Postbox>> = vec![Arc::new(outside.clone())];
        let (mail, publish) = (Arc::new(outside.clone()), Arc::new(outside));
        let links = Arc::new(Keyring::of([7; 32]));
        World {
            store,
            poller,
            mail,
            hanging: deliver::Hanging::default(),
            postboxes,
            publish,
            clock,
            key: [7; 32],
            links,
            owner,
            bounds: BOUNDS,
        }
    }

    /// Ends when the fuse blows.
    pub async fn blown(&self) {
        self.fuse.blown.notified().await;
    }

    /// From the commit of this number on the disk is full; `None`: it has room.
    pub fn fill_at(&self, commit: Option<usize>) {
        *self.room_for.lock().unwrap() = commit.map(|commit| commit - 1);
    }

    /// Whether a commit, or nothing more than a look, finds room.
    fn find_room(&self, commits: usize) -> Result<(), EngineError> {
        // What somebody else does has room.
        let is_ours = !self.fuse.is_off.load(Ordering::SeqCst);
        let mut room_for = self.room_for.lock().unwrap();
        if let Some(left) = room_for.as_mut().filter(|_| is_ours) {
            let no_room = || EngineError::Io { doing: "find room on the disk", source: io::ErrorKind::StorageFull.into() };
            if *left == 0 {
                return Err(no_room());
            }
            *left -= commits;
        }
        Ok(())
    }

    /// One pass of a program that is running.
    pub async fn try_pass(&self, world: &World, config: &Config) -> Result<PassReport, StoreError> {
        world.store.migrate().await?;
        world.pass(config, &Orders::default(), &|_| {}, &|| false).await
    }

    /// One pass of a fresh start. `None`: the fuse blew, and the program is gone with everything that was not durable.
    pub async fn pass(self: &Arc<Self>, config: &Config) -> Option<PassReport> {
        let world = self.start();
        let orders = Orders { hold_mail: self.hold_mail.load(Ordering::SeqCst), ..Orders::default() };
        let pass = async {
            // As a store is opened.
            world.store.migrate().await.unwrap();
            world.pass(config, &orders, &|_| {}, &|| false).await.unwrap()
        };
        tokio::select! {
            biased;
            () = self.fuse.blown.notified() => None,
            report = pass => Some(report),
        }
    }
}

/// Small enough that a handful of people take several of everything.
const BOUNDS: Bounds = Bounds {
    people: 2,
    bundle: 2,
    looked_at: 2,
    claim: 3,
    turn: Duration::from_secs(5),
    fold: 2,
    fold_wait: Duration::from_millis(30),
    polls: 2,
    // Which polls are recorded together follows from their number alone, and so does the number of boundaries.
    polls_wait: Duration::MAX,
};

/// The world as the program sees it.
#[derive(Clone)]
struct Door(Arc<Outside>);

impl Engine for Door {
    fn get(&self, key: Key) -> BoxFuture<'_, Result<Option<Versioned>, EngineError>> {
        self.0.engine.get(key)
    }
    fn scan(&self, range: Range<Key>, limit: usize) -> BoxFuture<'_, Result<Vec<(Key, Versioned)>, EngineError>> {
        self.0.engine.scan(range, limit)
    }
    fn commit(&self, checks: Vec<Check>, writes: Vec<Write>) -> BoxFuture<'_, Result<u64, EngineError>> {
        async move {
            self.0.fuse.boundary().await;
            self.0.find_room(1)?;
            self.0.engine.commit(checks, writes).await
        }
        .boxed()
    }
    fn look_for_room(&self) -> BoxFuture<'_, Result<(), EngineError>> {
        async move { self.0.find_room(0) }.boxed()
    }
    fn is_exclusive(&self) -> bool {
        true
    }
}

impl Bodies for Door {
    fn put(&self, body: Body) -> BoxFuture<'_, Result<(), BodyError>> {
        async move {
            self.0.fuse.boundary().await;
            self.0.bodies.put(body).await
        }
        .boxed()
    }
    fn get(&self, hash: BodyHash) -> BoxFuture<'_, Result<Vec<u8>, BodyError>> {
        self.0.bodies.get(hash)
    }
    fn sweep(&self, live: HashSet<BodyHash>, age_min: Duration) -> BoxFuture<'_, Result<Swept, BodyError>> {
        self.0.bodies.sweep(live, age_min)
    }
}

impl Clock for Door {
    fn now(&self) -> DateTime<Utc> {
        *self.0.now.lock().unwrap()
    }
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        async move {
            // A wait that is longer than time does not end.
            let Ok(by) = TimeDelta::from_std(duration) else { return std::future::pending().await };
            *self.0.now.lock().unwrap() += by;
        }
        .boxed()
    }
}

impl Fetch for Door {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        async move {
            self.0.fuse.boundary().await;
            let page = self.0.pages.lock().unwrap().get(request.url.as_str()).cloned();
            Ok(Fetched {
                status: if page.is_some() { 200 } else { 404 },
                content_type: Some("text/html; charset=utf-8".into()),
                etag: None,
                last_modified: None,
                location: None,
                retry_after: None,
                body: page.unwrap_or_default().into_bytes(),
            })
        }
        .boxed()
    }
}

impl Mail for Door {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        async move {
            self.0.fuse.boundary().await;
            let mood = self.0.moods.lock().unwrap().pop().unwrap_or(Mood::Takes);
            let refuse = |kind, reply: &str| Err(Refusal { kind, reply: reply.to_owned() });
            if mood == Mood::Greylists {
                return refuse(RefusalKind::Transient, "451 4.7.1 try again later");
            }
            if self.0.refuses.lock().unwrap().is_some_and(|whose| message.to.as_str().ends_with(whose)) {
                self.0.refused.fetch_add(1, Ordering::SeqCst);
                return refuse(RefusalKind::Policy, "550 5.7.26 unauthenticated mail is not accepted");
            }
            let mut id = message.message_id.clone();
            {
                let mut inbox = self.0.inbox.lock().unwrap();
                // Who moves after it had come to the one address may get it at the other, too.
                if inbox.get(&id).is_some_and(|(to, ..)| *to != message.to.as_str()) {
                    id = format!("{id} to {}", message.to.as_str());
                }
                let kept = inbox.entry(id.clone()).or_insert((message.to.as_str().to_owned(), message.bytes.clone(), 0));
                assert_eq!(kept.1, message.bytes, "a repeat is the same message, octet for octet");
                kept.2 += 1;
            }
            if mood == Mood::Cuts {
                *self.0.cut.lock().unwrap().entry(id).or_default() += 1;
                return refuse(RefusalKind::Unknown, "the line broke");
            }
            Ok("250 2.0.0 taken".to_owned())
        }
        .boxed()
    }

    fn send_in_turn(&self, parcel: Parcel) -> BoxFuture<'_, Result<String, Unsent>> {
        async move {
            if !(parcel.is_current)() {
                return Err(Unsent::Outdated);
            }
            let to = parcel.message.to.as_str().to_owned();
            let silence = self.0.unanswered.lock().unwrap().filter(|(whose, _)| to.ends_with(whose));
            let Some((_, Silence { has_text, hangs })) = silence else {
                return self.send(parcel.message).await.map_err(Unsent::Refused);
            };
            if has_text {
                let id = parcel.message.message_id.clone();
                self.send(parcel.message).await.map_err(Unsent::Refused)?;
                *self.0.cut.lock().unwrap().entry(id).or_default() += 1;
            } else {
                self.0.fuse.boundary().await;
            }
            self.0.refused.fetch_add(1, Ordering::SeqCst);
            let kind = if has_text { RefusalKind::Unknown } else { RefusalKind::Relay };
            let refusal = Refusal { kind, reply: "the server did not answer in time".to_owned() };
            let unanswered = Unsent::Unanswered(refusal.clone());
            if !hangs {
                return Err(unanswered);
            }
            let (outside, mut unanswered, mut minutes) = (self.0.clone(), Some(unanswered), 0);
            let rest = poll_fn(move |context| {
                // Whoever looks at it has waited for a while.
                minutes += 1;
                outside.advance(1);
                context.waker().wake_by_ref();
                if minutes < 5 { Poll::Pending } else { Poll::Ready(Err(unanswered.take().unwrap())) }
            });
            Err(Unsent::Hangs(Hanging { refusal, has_text: Arc::new(has_text.into()), elsewhere: false, rest: rest.boxed() }))
        }
        .boxed()
    }
}

impl Postbox for Door {
    fn name(&self) -> String {
        "the mailbox".to_owned()
    }
    fn waiting(&self, limit: usize) -> BoxFuture<'_, io::Result<Vec<Post>>> {
        async move { Ok(self.0.returns.lock().unwrap().iter().take(limit).cloned().collect()) }.boxed()
    }
    fn put_away(&self, id: String, _: Fate) -> BoxFuture<'_, io::Result<()>> {
        async move {
            self.0.fuse.boundary().await;
            self.0.returns.lock().unwrap().retain(|mail| mail.id != id);
            Ok(())
        }
        .boxed()
    }
}

impl Publish for Door {
    fn publish(&self, path: String, bytes: Vec<u8>) -> BoxFuture<'_, io::Result<()>> {
        async move {
            self.0.fuse.boundary().await;
            self.0.feeds.lock().unwrap().insert(path, bytes);
            Ok(())
        }
        .boxed()
    }
}

impl Pages for Door {
    fn keep(&self, _: SourceId, _: Vec<RawPage>) -> BoxFuture<'_, io::Result<()>> {
        async move {
            self.0.fuse.boundary().await;
            Ok(())
        }
        .boxed()
    }
    fn find(&self, _: SourceId, _: String) -> BoxFuture<'_, io::Result<Option<RawPage>>> {
        std::future::ready(Ok(None)).boxed()
    }
    fn sweep(&self, _: DateTime<Utc>, _: Duration) -> BoxFuture<'_, io::Result<u64>> {
        std::future::ready(Ok(0)).boxed()
    }
}

/// A configuration over `sources` with one list of `people`.
pub fn config(site: Site, sources: Vec<Source>, people: &[(&str, Cadence, Interests)]) -> Config {
    let subscribers = people.iter().map(|(address, cadence, interests)| ListedSubscriber {
        address: Address::parse(address).unwrap(),
        cadence: *cadence,
        interests: interests.clone(),
    });
    Config {
        site,
        data_dir: "unused".into(),
        store: StoreSettings { engine: StoreEngine::Sled, snapshots_keep: Duration::from_secs(90 * 86_400) },
        poll: PollSettings {
            every: Duration::from_secs(3600),
            timeout: Duration::from_secs(60),
            body_bytes_max: 10_485_760,
            per_host_delay: Duration::ZERO,
            respect_robots: true,
            allow_private_networks: false,
        },
        mail: MailSettings {
            transport: Transport::Smtp,
            from: Sender {
                name: Some("Improvement Board Watch".into()),
                address: Address::parse("updates@example.org").unwrap(),
            },
            only_to: Vec::new(),
            per_minute_max: None,
            stale_after: Duration::from_secs(7 * 86_400),
            smtp: SmtpSettings { host: "127.0.0.1".into(), port: 25, tls: Tls::None, login: None, connections: 2, hello: None },
            more_relays: Vec::new(),
            dkim: None,
            dkim_also: Vec::new(),
            bounces: BounceSettings {
                mailbox: None,
                is_read: false,
                soft: SoftLimit { max: 5, within: Duration::from_secs(30 * 86_400) },
            },
            returns: ReturnSettings {
                maildir: None,
                imap: None,
                lmtp: None,
                every: Duration::from_secs(60),
                message_bytes_max: 1_048_576,
            },
        },
        digest: DigestTimes {
            daily: NaiveTime::from_hms_opt(7, 30, 0).unwrap(),
            weekly: (Weekday::Sat, NaiveTime::from_hms_opt(7, 30, 0).unwrap()),
        },
        web: WebSettings { listen: "127.0.0.1:0".parse().unwrap(), trusted_proxies: Vec::new() },
        signup: SignupSettings::default(),
        feeds: FeedSettings { items_min: 50, keep: Duration::from_secs(90 * 86_400) },
        sources,
        lists: vec![SubscriptionList { name: "people".into(), note: "a test".into(), subscribers: subscribers.collect() }],
    }
}

/// An address under the site of the simulated councils.
pub fn address(host: &str, path: &str) -> Url {
    Url::parse(&format!("https://{host}.example.org/{path}")).unwrap()
}
