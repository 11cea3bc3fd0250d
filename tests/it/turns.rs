//! Waiting for a turn at the mail server: who leaves meanwhile is not mailed, and who waits for a letter goes first.

use crate::support::app::App;
use crate::support::pages::{Chrome, blog};
use boardwatch::config::Config;
use boardwatch::domain::bundle::Lane;
use boardwatch::domain::delivery::Refusal;
use boardwatch::domain::occasion::Occasion;
use boardwatch::domain::subscriber::{Address, Ending, SubscriberId};
use boardwatch::engine::pass::{Orders, World};
use boardwatch::ports::{Mail, Message, Parcel, Unsent};
use boardwatch::store::Store;
use chrono::{DateTime, Utc};
use futures::future::{BoxFuture, FutureExt};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;

const READERS: [&str; 6] = ["a@example.org", "b@example.org", "c@example.org", "d@example.org", "e@example.org", "f@example.org"];

/// Six readers with a digest each that is planned and not sent.
async fn planned() -> (App, World, Config) {
    let app = App::set_up().await;
    app.watch("blog", "/blog/updates.aspx", "");
    app.list("people", &READERS.map(|address| (address, "immediate")));
    for posts in [&[(1, "One.")][..], &[(2, "Two."), (1, "One.")]] {
        for (path, page) in blog(posts, &Chrome::default()) {
            app.publish(&path, &page);
        }
        let (world, config) = app.start().await;
        let orders = Orders { all: true, hold_mail: true, ..Orders::default() };
        world.pass(&config, &orders, &|_| {}, &|| false).await.unwrap();
    }
    let (world, config) = app.start().await;
    (app, world, config)
}

fn id(world: &World, address: &str) -> SubscriberId {
    SubscriberId::of(&Address::parse(address).unwrap(), &world.key)
}

/// A server at which somebody leaves while mail waits.
struct SomebodyLeaves {
    store: Store,
    leaver: (SubscriberId, Address),
    now: DateTime<Utc>,
    sent: Mutex<Vec<String>>,
}

impl Mail for SomebodyLeaves {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        self.sent.lock().unwrap().push(message.to.as_str().to_owned());
        async { Ok("250 taken".to_owned()) }.boxed()
    }

    fn send_in_turn(&self, parcel: Parcel) -> BoxFuture<'_, Result<String, Unsent>> {
        async move {
            if parcel.message.to == self.leaver.1 {
                self.store.end_subscriptions(&self.leaver.0, Ending::Unsubscribed, self.now).await.unwrap();
                assert!(!(parcel.is_current)(), "its reader has left");
                return Err(Unsent::Outdated);
            }
            self.send(parcel.message).await.map_err(Unsent::Refused)
        }
        .boxed()
    }
}

#[tokio::test]
async fn who_leaves_while_their_message_waits_for_its_turn_is_not_mailed() {
    let (app, mut world, config) = planned().await;
    let leaver = (id(&world, READERS[0]), Address::parse(READERS[0]).unwrap());
    let mail = Arc::new(SomebodyLeaves { store: world.store.clone(), leaver, now: app.now(), sent: Mutex::default() });
    world.mail = mail.clone();
    let done = world.deliver(&config, &|| false).await.unwrap();
    let sent = mail.sent.lock().unwrap().clone();
    assert_eq!((done.sent, done.cancelled), (5, 1), "{sent:?}");
    assert!(!sent.iter().any(|to| to == READERS[0]), "{sent:?}");
}

/// A server that takes no digest before it was given a letter, which somebody asks for once the first digest waits.
struct LetterFirst {
    store: Store,
    reader: SubscriberId,
    now: DateTime<Utc>,
    came: Mutex<Vec<Lane>>,
    is_asked: AtomicBool,
    gate: Semaphore,
}

impl Mail for LetterFirst {
    fn send(&self, _: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        unreachable!("everything is sent in its turn")
    }

    fn send_in_turn(&self, parcel: Parcel) -> BoxFuture<'_, Result<String, Unsent>> {
        async move {
            if parcel.lane == Lane::Letter {
                self.gate.add_permits(READERS.len());
            } else {
                if !self.is_asked.swap(true, Ordering::SeqCst) {
                    self.store.record_letter(&self.reader, Occasion::Manage, self.now).await.unwrap();
                }
                self.gate.acquire().await.unwrap().forget();
            }
            self.came.lock().unwrap().push(parcel.lane);
            Ok("250 taken".to_owned())
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_letter_that_is_asked_for_while_a_digest_is_under_way_goes_before_what_waits() {
    let (app, mut world, config) = planned().await;
    let reader = id(&world, READERS[3]);
    let (store, now) = (world.store.clone(), app.now());
    let mail = Arc::new(LetterFirst {
        store,
        reader,
        now,
        came: Mutex::default(),
        is_asked: AtomicBool::new(false),
        gate: Semaphore::new(0),
    });
    world.mail = mail.clone();
    // A letter that waited for the digest would wait for ever.
    let done = tokio::time::timeout(Duration::from_secs(120), world.deliver(&config, &|| false)).await.expect("the letter waits");
    assert_eq!(done.unwrap().sent, 7);
    let came = mail.came.lock().unwrap().clone();
    assert_eq!((came.len(), came[0]), (7, Lane::Letter));
}

/// A server that takes everything at once. With the digest of this number somebody asks for a letter.
struct AsksAt {
    store: Store,
    reader: SubscriberId,
    clock: Arc<dyn boardwatch::ports::Clock>,
    number: usize,
    came: Mutex<Vec<(Lane, DateTime<Utc>)>>,
}

impl Mail for AsksAt {
    fn send(&self, _: Message) -> BoxFuture<'_, Result<String, Refusal>> {
        unreachable!("everything is sent in its turn")
    }

    fn send_in_turn(&self, parcel: Parcel) -> BoxFuture<'_, Result<String, Unsent>> {
        async move {
            let now = self.clock.now();
            let came = {
                let mut came = self.came.lock().unwrap();
                came.push((parcel.lane, now));
                came.len()
            };
            if came == self.number {
                self.store.record_letter(&self.reader, Occasion::Manage, now).await.unwrap();
            }
            Ok("250 taken".to_owned())
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_letter_does_not_wait_for_the_next_minute_behind_digests_that_fill_this_one() {
    for number in [1, 2, 3] {
        let (app, mut world, mut config) = planned().await;
        config.mail.per_minute_max = Some(4);
        let reader = id(&world, READERS[3]);
        let (store, clock) = (world.store.clone(), world.clock.clone());
        let mail = Arc::new(AsksAt { store, reader, clock, number, came: Mutex::default() });
        world.mail = mail.clone();
        assert_eq!(world.deliver(&config, &|| false).await.unwrap().sent, 7);
        let came = mail.came.lock().unwrap().clone();
        let (at, (_, when)) = came.iter().enumerate().find(|(_, (lane, _))| *lane == Lane::Letter).unwrap();
        assert!(at <= 4 && *when - app_start(&came) < chrono::TimeDelta::seconds(5), "asked with digest {number}: {came:?}");
        for (_, first) in &came {
            let minute = came
                .iter()
                .filter(|(_, at)| (chrono::TimeDelta::zero()..chrono::TimeDelta::seconds(59)).contains(&(*at - *first)));
            assert!(minute.count() <= 4, "{came:?}");
        }
        drop(app);
    }
}

fn app_start(came: &[(Lane, DateTime<Utc>)]) -> DateTime<Utc> {
    came[0].1
}
