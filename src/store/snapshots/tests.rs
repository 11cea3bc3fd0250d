//! Pages kept, found and swept.

use super::file::entries;
use super::{Page, Retention, Snapshot, SnapshotError, Snapshots};
use crate::domain::source::SourceId;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

const DAY: Duration = Duration::from_secs(86_400);
const ALL: Retention = Retention { keep: Duration::from_secs(30 * 86_400), pages_max: 100, bytes_max: u64::MAX };

fn start() -> DateTime<Utc> {
    "2026-03-01T09:00:00Z".parse().unwrap()
}

fn source(id: &str) -> SourceId {
    SourceId::parse(id).unwrap()
}

fn page(url: &str, day: i64, body: &str) -> Page {
    Page {
        url: Url::parse(url).unwrap(),
        fetched_at: start() + TimeDelta::days(day),
        status: 200,
        content_type: Some("text/html".into()),
        sha256: format!("{:x}", Sha256::digest(body)),
        body: body.into(),
    }
}

/// Keeps one page.
async fn keep(snapshots: &Snapshots, id: &str, page: Page) -> Option<Snapshot> {
    snapshots.record(&source(id), vec![page]).await.unwrap().pop()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    names(folder).into_iter().map(|name| folder.join(name)).filter(|path| path.extension().unwrap() == "zst").collect()
}

/// The bodies that are kept, the first one of each file first.
fn bodies_in(folder: &Path) -> Vec<String> {
    let pages = files_in(folder).into_iter().flat_map(|path| entries(&path).unwrap());
    pages.map(|page| String::from_utf8(page.body().unwrap()).unwrap()).collect()
}

/// Alters the last page in a file, and not what is said of it.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_page_is_kept_with_what_is_known_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let kept = keep(&snapshots, "bury", page("https://bury.example/a", 0, "words")).await.unwrap();
    assert_eq!(kept.sha256, "dba36bffa5cab0f922d087a3aeb179f9d4e745df40b323e1b1471402848c8a3e");
    assert_eq!(names(&folder.path().join("bury")), ["2026-03.zst"]);
    // Whatever reads such files shows the page.
    let bytes = fs::read(folder.path().join("bury/2026-03.zst")).unwrap();
    assert_eq!(zstd::decode_all(bytes.as_slice()).unwrap(), b"words");
    let (found, body) = snapshots.latest(&source("bury"), &kept.url).await.unwrap().unwrap();
    assert_eq!((found, body), (kept, b"words".to_vec()));
}

#[tokio::test]
async fn the_same_page_again_is_not_kept_again_but_another_is() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let bury = source("bury");
    let is_kept = async |page| keep(&snapshots, "bury", page).await.is_some();
    assert!(is_kept(page("https://bury.example/a", 0, "one")).await);
    assert!(!is_kept(page("https://bury.example/a", 1, "one")).await);
    assert!(is_kept(page("https://bury.example/b", 1, "one")).await);
    assert!(is_kept(page("https://bury.example/a", 2, "two")).await);
    assert!(is_kept(page("https://bury.example/a", 3, "one")).await);
    assert!(is_kept(Page { status: 503, ..page("https://bury.example/a", 4, "one") }).await);
    let url = Url::parse("https://bury.example/b").unwrap();
    let (found, _) = snapshots.latest(&bury, &url).await.unwrap().unwrap();
    assert_eq!(found.fetched_at, start() + TimeDelta::days(1));
    assert!(snapshots.latest(&source("torbay"), &url).await.unwrap().is_none());
}

#[tokio::test]
async fn a_page_that_was_altered_on_the_disk_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let kept = keep(&snapshots, "bury", page("https://bury.example/a", 0, "one")).await.unwrap();
    damage(&folder.path().join("bury/2026-03.zst"));
    let found = snapshots.latest(&source("bury"), &kept.url).await;
    assert!(matches!(found, Err(SnapshotError::Damaged { .. })));
    // What the disk has lost is kept again when it comes again.
    keep(&snapshots, "bury", page("https://bury.example/a", 1, "one")).await.unwrap();
    assert!(snapshots.latest(&source("bury"), &kept.url).await.unwrap().is_some());
    assert!(snapshots.by_hash(&source("bury"), &kept.sha256).await.unwrap().is_some());
}

#[tokio::test]
async fn the_old_go_but_the_newest_of_each_address_stays() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    for day in 0..5 {
        let body = format!("day {day}");
        keep(&snapshots, "bury", page("https://bury.example/a", day, &body)).await;
    }
    keep(&snapshots, "torbay", page("https://torbay.example/a", 0, "old")).await;
    keep(&snapshots, "bury", page("https://bury.example/b", 0, "as it still is")).await;
    let now = start() + TimeDelta::days(5);
    assert_eq!(snapshots.sweep(now, ALL).await.unwrap(), 0);
    assert_eq!(snapshots.sweep(now, Retention { keep: DAY * 3, ..ALL }).await.unwrap(), 3);
    assert_eq!(bodies_in(&folder.path().join("bury")), ["day 3", "day 4", "as it still is"]);
    assert_eq!(names(&folder.path().join("bury")), ["2026-03.zst"]);
    assert_eq!(bodies_in(&folder.path().join("torbay")), ["old"]);
}

#[tokio::test]
async fn the_oldest_go_until_the_limits_on_number_and_size_hold() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    for day in 0..6 {
        let id = ["bury", "torbay"][usize::try_from(day % 2).unwrap()];
        keep(&snapshots, id, page("https://council.example/a", day, &format!("day {day}"))).await;
    }
    let now = start() + TimeDelta::days(6);
    assert_eq!(snapshots.sweep(now, Retention { pages_max: 4, ..ALL }).await.unwrap(), 2);
    assert_eq!(bodies_in(&folder.path().join("bury")), ["day 2", "day 4"]);
    let bytes: u64 = ["bury", "torbay"]
        .iter()
        .flat_map(|id| fs::read_dir(folder.path().join(id)).unwrap())
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    assert_eq!(snapshots.sweep(now, Retention { bytes_max: bytes - 1, ..ALL }).await.unwrap(), 1);
    assert_eq!(snapshots.sweep(now, Retention { bytes_max: 0, pages_max: 0, ..ALL }).await.unwrap(), 1);
    assert_eq!(bodies_in(&folder.path().join("bury")), ["day 4"]);
    assert_eq!(bodies_in(&folder.path().join("torbay")), ["day 5"]);
}

#[tokio::test]
async fn a_page_is_found_by_its_hash_and_one_that_was_damaged_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let first = keep(&snapshots, "bury", page("https://bury.example/a", 0, "words")).await.unwrap();
    let other = keep(&snapshots, "bury", page("https://bury.example/a", 1, "other words")).await.unwrap();
    let (found, body) = snapshots.by_hash(&source("bury"), &first.sha256).await.unwrap().unwrap();
    assert_eq!((found, body.as_slice()), (first.clone(), b"words".as_slice()));
    assert_eq!(snapshots.by_hash(&source("bury"), &"0".repeat(64)).await.unwrap(), None);
    assert_eq!(snapshots.by_hash(&source("torbay"), &first.sha256).await.unwrap(), None);
    damage(&folder.path().join("bury/2026-03.zst"));
    assert!(snapshots.by_hash(&source("bury"), &first.sha256).await.unwrap().is_some(), "another page was damaged");
    let refused = snapshots.by_hash(&source("bury"), &other.sha256).await;
    assert!(matches!(refused, Err(SnapshotError::Damaged { .. })), "{refused:?}");
}

#[tokio::test]
async fn the_pages_of_a_poll_are_kept_together_and_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let pages = || vec![page("https://bury.example/a", 0, "list"), page("https://bury.example/b", 0, "item")];
    let kept = snapshots.record(&source("bury"), pages()).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(bodies_in(&folder.path().join("bury")), ["list", "item"]);
    assert_eq!(snapshots.record(&source("bury"), pages()).await.unwrap(), []);
    let twice = vec![page("https://bury.example/c", 1, "new"), page("https://bury.example/c", 1, "new")];
    assert_eq!(snapshots.record(&source("bury"), twice).await.unwrap().len(), 1);
    for (url, body) in [("https://bury.example/a", "list"), ("https://bury.example/b", "item")] {
        let (_, found) = snapshots.latest(&source("bury"), &Url::parse(url).unwrap()).await.unwrap().unwrap();
        assert_eq!(found, body.as_bytes());
    }
}

/// Keeps a page as earlier versions did: the page, and beside it what is known of it.
fn keep_in_two_files(folder: &Path, page: &Page) {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(format!("{}-{}", page.fetched_at.format("%Y%m%dT%H%M%S%3fZ"), &page.sha256[..16]));
    fs::write(path.with_extension("zst"), zstd::encode_all(page.body.as_slice(), 9).unwrap()).unwrap();
    let known = serde_json::json!({
        "url": page.url, "fetched_at": page.fetched_at, "status": page.status,
        "content_type": page.content_type, "sha256": page.sha256, "bytes": page.body.len(),
    });
    fs::write(path.with_extension("json"), known.to_string()).unwrap();
}

#[tokio::test]
async fn a_page_that_an_earlier_version_kept_in_two_files_is_shown_known_again_and_swept() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let bury = folder.path().join("bury");
    let old = page("https://bury.example/a", 0, "as it was");
    keep_in_two_files(&bury, &old);
    let (found, body) = snapshots.by_hash(&source("bury"), &old.sha256).await.unwrap().unwrap();
    assert_eq!((&found.url, found.status, body), (&old.url, 200, b"as it was".to_vec()));
    assert_eq!(snapshots.described(&source("bury"), vec![old.sha256.clone()]).await.unwrap(), [found]);
    assert_eq!(keep(&snapshots, "bury", page("https://bury.example/a", 1, "as it was")).await, None);
    keep(&snapshots, "bury", page("https://bury.example/a", 2, "as it is")).await.unwrap();
    assert_eq!(names(&bury).len(), 3);
    assert_eq!(snapshots.latest(&source("bury"), &old.url).await.unwrap().unwrap().1, b"as it is");
    let now = start() + TimeDelta::days(9);
    assert_eq!(snapshots.sweep(now, Retention { keep: DAY * 3, ..ALL }).await.unwrap(), 1);
    assert_eq!(names(&bury), ["2026-03.zst"], "both of its files are gone");
}

#[tokio::test]
async fn a_page_of_which_nothing_is_known_any_more_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let kept = keep(&snapshots, "bury", page("https://bury.example/a", 0, "words")).await.unwrap();
    let bury = folder.path().join("bury");
    for (n, bytes) in
        [&b""[..], b"\x50\x2a", b"\x50\x2a\x4d\x18\xff\xff\xff\xff{", b"\x50\x2a\x4d\x18\x02\0\0\0{}"].iter().enumerate()
    {
        fs::write(bury.join(format!("2026030{}T090000000Z-{}.zst", n + 2, &kept.sha256[..16])), bytes).unwrap();
    }
    let (found, body) = snapshots.latest(&source("bury"), &kept.url).await.unwrap().unwrap();
    assert_eq!((found, body.as_slice()), (kept.clone(), b"words".as_slice()));
    assert!(snapshots.by_hash(&source("bury"), &kept.sha256).await.unwrap().is_some());
}

#[tokio::test]
async fn each_month_is_a_file_and_what_an_earlier_version_kept_one_by_one_is_read_and_swept() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let bury = folder.path().join("bury");
    let first = keep(&snapshots, "bury", page("https://bury.example/a", 0, "in March")).await.unwrap();
    // Such a file is what a month is, with one page in it and no word of its length.
    let mut bytes = fs::read(bury.join("2026-03.zst")).unwrap();
    let length = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let description = serde_json::to_vec(&first).unwrap();
    bytes.splice(4..8 + length, u32::try_from(description.len()).unwrap().to_le_bytes().into_iter().chain(description));
    fs::remove_file(bury.join("2026-03.zst")).unwrap();
    fs::write(bury.join(format!("20260301T090000000Z-{}.zst", &first.sha256[..16])), bytes).unwrap();

    assert_eq!(keep(&snapshots, "bury", page("https://bury.example/a", 1, "in March")).await, None);
    for (day, body) in [(30, "later in March"), (31, "in April"), (32, "in April, again")] {
        keep(&snapshots, "bury", page("https://bury.example/a", day, body)).await.unwrap();
    }
    assert_eq!(bodies_in(&bury), ["later in March", "in April", "in April, again", "in March"]);
    assert_eq!(names(&bury)[..2], ["2026-03.zst", "2026-04.zst"]);
    let (_, body) = snapshots.by_hash(&source("bury"), &first.sha256).await.unwrap().unwrap();
    assert_eq!(body, b"in March");
    let sweep = async |day| snapshots.sweep(start() + TimeDelta::days(day), ALL).await.unwrap();
    assert_eq!((sweep(30).await, sweep(60).await, sweep(61).await), (1, 1, 1));
    assert_eq!(names(&bury), ["2026-04.zst"]);
    assert_eq!(bodies_in(&bury), ["in April, again"]);
}

/// Wherever a write stops, and whatever the disk makes of its end, the pages before it are there and those after it are kept.
#[tokio::test]
async fn what_a_write_that_broke_off_has_left_hides_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let bury = folder.path().join("bury");
    let file = bury.join("2026-03.zst");
    keep(&snapshots, "bury", page("https://bury.example/a", 0, "one")).await.unwrap();
    let whole = fs::read(&file).unwrap();
    keep(&snapshots, "bury", page("https://bury.example/a", 1, "two")).await.unwrap();
    let both = fs::read(&file).unwrap();
    for stops in whole.len()..both.len() {
        let torn = both[..stops].to_vec();
        let lost = [torn.clone(), vec![0; both.len() - stops]].concat();
        for left in [torn, lost] {
            fs::write(&file, &left).unwrap();
            let first = snapshots.latest(&source("bury"), &Url::parse("https://bury.example/a").unwrap()).await;
            assert!(matches!(first, Ok(Some(_)) | Err(SnapshotError::Damaged { .. })), "{stops}: {first:?}");
            // It comes again, because nothing that was not durable was recorded.
            for (day, body) in [(1, "two"), (2, "three")] {
                let kept = keep(&snapshots, "bury", page("https://bury.example/a", day, body)).await.unwrap();
                let found = snapshots.by_hash(&source("bury"), &kept.sha256).await;
                assert_eq!(found.unwrap().unwrap().1, body.as_bytes(), "{stops}");
            }
            let first = snapshots.by_hash(&source("bury"), &page("https://bury.example/a", 0, "one").sha256).await;
            assert!(first.unwrap().is_some(), "{stops}");
        }
    }
}

/// Sweeps and polls are different threads, and perhaps different processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_come_during_a_sweep_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let polls = {
        let snapshots = snapshots.clone();
        tokio::spawn(async move {
            for minute in 0..200 {
                let body = format!("minute {minute}");
                let page = Page { fetched_at: start() + TimeDelta::minutes(minute), ..page("https://bury.example/a", 0, &body) };
                keep(&snapshots, "bury", page).await.unwrap();
            }
        })
    };
    let few = Retention { pages_max: 3, ..ALL };
    let mut gone = 0;
    while !polls.is_finished() {
        gone += snapshots.sweep(start(), few).await.unwrap();
    }
    polls.await.unwrap();
    gone += snapshots.sweep(start(), few).await.unwrap();
    assert_eq!(gone, 197);
    assert_eq!(bodies_in(&folder.path().join("bury")), ["minute 197", "minute 198", "minute 199"]);
    assert_eq!(names(&folder.path().join("bury")), ["2026-03.zst"]);
}
