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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_power_cut_on_a_real_file_system() {
    let dir = tempfile::tempdir().unwrap();
    let image = dir.path().join("disk.img");
    std::fs::File::create(&image).unwrap().set_len(96 << 20).unwrap();
    let made = works(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image));
    let disk = match made.and_then(|()| Mounted::new(&image, dir.path().join("disk"))) {
        Ok(disk) => disk,
        Err(why) => {
            println!("skipped: no file system of our own can be mounted: {why}");
            return;
        }
    };
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
    let (mut cuts, mut forgiven) = (0, 0);
    for n in 0..PEOPLE {
        bounce(&store, n).await;
        if n % 10 == 4 {
            assert!(matches!(store.lift_suppression(&id(forgiven)).await.unwrap(), Lifted::Was(_)));
            forgiven += 1;
        }
        if n % (PEOPLE / CUTS) == 0 {
            // Acknowledged, and the power fails.
            let copy = dir.path().join(format!("cut{cuts}.img"));
            works(Command::new("cp").arg("--sparse=always").arg(&image).arg(&copy)).unwrap();
            let after = Mounted::new(&copy, dir.path().join(format!("cut{cuts}"))).unwrap();
            let found = open_exclusive(&after.0).await.unwrap();
            hold(&found, n, forgiven).await;
            drop(found);
            // The store's own thread lets go of its files a moment after the last handle does.
            drop(after);
            std::fs::remove_file(&copy).unwrap();
            cuts += 1;
        }
    }
    println!("{cuts} power cuts on ext4: everything acknowledged was there");
    assert_eq!(cuts, CUTS);
}
