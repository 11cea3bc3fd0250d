//! The power fails: the store lies on a real ext4 in an image file, and right after an acknowledgement the image is copied
//! as it is, without what the machine had not written yet. The copy is mounted, and everything acknowledged is there.
//!
//! Needs root and loop devices; where they are missing, the test says so and is skipped.

use boardwatch::config::SoftLimit;
use boardwatch::domain::subscriber::{Address, Cadence, Ending, Interests, SubscriberId};
use boardwatch::store::Store;
use boardwatch::store::lists::Listed;
use boardwatch::store::open::open_exclusive;
use boardwatch::store::records::{Came, ReturnKind};
use boardwatch::store::suppressed::Lifted;
use chrono::{DateTime, TimeDelta, Utc};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const PEOPLE: usize = 60;
const CUTS: usize = 12;

fn works(command: &mut Command) -> Result<(), String> {
    let done = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    done.status.success().then_some(()).ok_or_else(|| format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr).trim()))
}

/// An image of ext4, mounted until it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn new(image: &Path, at: PathBuf) -> Result<Self, String> {
        std::fs::create_dir_all(&at).unwrap();
        works(Command::new("mount").args(["-o", "loop"]).arg(image).arg(&at))?;
        Ok(Self(at))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Err(error) = works(Command::new("umount").arg("-l").arg(&self.0)) {
            println!("{error}");
        }
    }
}

fn address(n: usize) -> Address {
    Address::parse(&format!("reader{n}@example.org")).unwrap()
}

fn id(n: usize) -> SubscriberId {
    SubscriberId::of(&address(n), &[7; 32])
}

fn now() -> DateTime<Utc> {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

async fn bounce(store: &Store, n: usize) {
    let limit = SoftLimit { max: 3, within: Duration::from_secs(86_400) };
    let (kind, subscriber) = (if n.is_multiple_of(2) { ReturnKind::Gone } else { ReturnKind::Complaint }, Some(id(n)));
    let came = Came {
        at: now() + TimeDelta::seconds(i64::try_from(n).unwrap()),
        kind,
        subscriber,
        life: None,
        delivery: None,
        spares: false,
        words: None,
        about: None,
        ends: None,
        again: None,
        heard: None,
    };
    store.record_return(&format!("{n:032x}"), &came, limit).await.unwrap();
}

/// What was acknowledged up to `n` is there, each with all that belongs to it.
async fn hold(store: &Store, n: usize, forgiven: usize) {
    let mut counted = 0;
    for n in 0..=n {
        assert!(store.returned(&format!("{n:032x}")).await.unwrap().is_some(), "bounce {n} was acknowledged");
        let person = store.person(&id(n)).await.unwrap().unwrap().value;
        let why = if n.is_multiple_of(2) { Ending::AddressGone } else { Ending::Complained };
        let expected = (n >= forgiven).then_some(why);
        assert_eq!(person.suppressed.map(|(why, _)| why), expected, "person {n}");
        let subscriptions = store.subscriptions(&id(n)).await.unwrap();
        let is_ended = subscriptions.iter().all(|row| row.value.ended.is_some());
        assert_eq!(is_ended, why == Ending::Complained, "subscription {n}");
        counted += 1;
    }
    let counts = store.returns_since(now()).await.unwrap().counts;
    assert_eq!(counts.values().sum::<u64>(), counted);
}

/// A disk of our own in this folder, and its image; `None`, with the reason printed, where there can be none.
fn disk(folder: &Path) -> Option<(Mounted, PathBuf)> {
    let image = folder.join("disk.img");
    std::fs::File::create(&image).unwrap().set_len(96 << 20).unwrap();
    let made = works(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image));
    match made.and_then(|()| Mounted::new(&image, folder.join("disk"))) {
        Ok(disk) => Some((disk, image)),
        Err(why) => {
            println!("skipped: no file system of our own can be mounted: {why}");
            None
        }
    }
}

/// The power fails: the disk as it is now, mounted under this name beside its image.
fn cut(image: &Path, name: &str) -> Mounted {
    let copy = image.with_file_name(format!("{name}.img"));
    works(Command::new("cp").arg("--sparse=always").arg(image).arg(&copy)).unwrap();
    let after = Mounted::new(&copy, image.with_file_name(name)).unwrap();
    // It is there as long as it is mounted.
    std::fs::remove_file(&copy).unwrap();
    after
}

async fn open_with_people(disk: &Mounted) -> Store {
    let store = open_exclusive(&disk.0).await.unwrap();
    let listed: Vec<Listed> = (0..PEOPLE)
        .map(|n| Listed {
            origin: "file:people".into(),
            address: address(n),
            cadence: Cadence::Daily,
            interests: Interests { everything: true, ..Interests::default() },
        })
        .collect();
    store.reconcile_lists(&listed, |address| SubscriberId::of(address, &[7; 32]), now()).await.unwrap();
    store
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_told_that_it_has_ended_has_left_also_where_they_asked_twice_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let Some((disk, image)) = disk(dir.path()) else { return };
    let store = open_with_people(&disk).await;
    for n in 0..CUTS {
        let end = || {
            let store = store.clone();
            tokio::spawn(async move { store.end_subscriptions(&id(n), Ending::Unsubscribed, now()).await.unwrap() })
        };
        // The one who is answered first may be the one for whom nothing was left to end.
        let (first, _) = futures::future::select(end(), end()).await.factor_first();
        first.unwrap();
        let after = cut(&image, &format!("cut{n}"));
        let found = open_exclusive(&after.0).await.unwrap();
        let person = found.person(&id(n)).await.unwrap().unwrap().value;
        assert_eq!(person.suppressed.map(|(why, _)| why), Some(Ending::Unsubscribed), "person {n}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_power_cut_on_a_real_file_system() {
    let dir = tempfile::tempdir().unwrap();
    let Some((disk, image)) = disk(dir.path()) else { return };
    let store = open_with_people(&disk).await;
    let (mut cuts, mut forgiven) = (0, 0);
    for n in 0..PEOPLE {
        bounce(&store, n).await;
        if n % 10 == 4 {
            assert!(matches!(store.lift_suppression(&id(forgiven)).await.unwrap(), Lifted::Was(_)));
            forgiven += 1;
        }
        if n % (PEOPLE / CUTS) == 0 {
            // Acknowledged, and the power fails.
            let after = cut(&image, &format!("cut{cuts}"));
            let found = open_exclusive(&after.0).await.unwrap();
            hold(&found, n, forgiven).await;
            drop(found);
            // The store's own thread lets go of its files a moment after the last handle does.
            drop(after);
            cuts += 1;
        }
    }
    println!("{cuts} power cuts on ext4: everything acknowledged was there");
    assert_eq!(cuts, CUTS);
}
