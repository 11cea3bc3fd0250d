//! Pages kept, found and swept.

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

fn pages_in(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().unwrap() == "zst").collect()
}

/// Alters the page in a file, and not what is said of it.
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
    let file = format!("20260301T090000000Z-{}.zst", &kept.sha256[..16]);
    assert_eq!(names(&folder.path().join("bury")), [file.as_str()]);
    // Whatever reads such files shows the page.
    let bytes = fs::read(folder.path().join("bury").join(file)).unwrap();
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
    let file = pages_in(&folder.path().join("bury")).remove(0);
    damage(&file);
    let found = snapshots.latest(&source("bury"), &kept.url).await;
    assert!(matches!(found, Err(SnapshotError::Damaged { .. })));
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
    assert_eq!(pages_in(&folder.path().join("bury")).len(), 3);
    assert_eq!(names(&folder.path().join("bury")).len(), 3);
    assert_eq!(pages_in(&folder.path().join("torbay")).len(), 1);
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
    let oldest = names(&folder.path().join("bury")).remove(0);
    assert!(oldest.starts_with("20260303"), "{oldest}");
    let bytes: u64 = ["bury", "torbay"]
        .iter()
        .flat_map(|id| fs::read_dir(folder.path().join(id)).unwrap())
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    assert_eq!(snapshots.sweep(now, Retention { bytes_max: bytes - 1, ..ALL }).await.unwrap(), 1);
    assert_eq!(snapshots.sweep(now, Retention { bytes_max: 0, pages_max: 0, ..ALL }).await.unwrap(), 1);
    assert_eq!(pages_in(&folder.path().join("bury")).len() + pages_in(&folder.path().join("torbay")).len(), 2);
}

#[tokio::test]
async fn a_page_is_found_by_its_hash_and_one_that_was_damaged_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let first = keep(&snapshots, "bury", page("https://bury.example/a", 0, "words")).await.unwrap();
    keep(&snapshots, "bury", page("https://bury.example/a", 1, "other words")).await.unwrap();
    let (found, body) = snapshots.by_hash(&source("bury"), &first.sha256).await.unwrap().unwrap();
    assert_eq!((found, body.as_slice()), (first.clone(), b"words".as_slice()));
    assert_eq!(snapshots.by_hash(&source("bury"), &"0".repeat(64)).await.unwrap(), None);
    assert_eq!(snapshots.by_hash(&source("torbay"), &first.sha256).await.unwrap(), None);
    for body in pages_in(&folder.path().join("bury")) {
        damage(&body);
    }
    let refused = snapshots.by_hash(&source("bury"), &first.sha256).await;
    assert!(matches!(refused, Err(SnapshotError::Damaged { .. })), "{refused:?}");
}

#[tokio::test]
async fn the_pages_of_a_poll_are_kept_together_and_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let pages = || vec![page("https://bury.example/a", 0, "list"), page("https://bury.example/b", 0, "item")];
    let kept = snapshots.record(&source("bury"), pages()).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(pages_in(&folder.path().join("bury")).len(), 2);
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
    let now = start() + TimeDelta::days(9);
    assert_eq!(snapshots.sweep(now, Retention { keep: DAY * 3, ..ALL }).await.unwrap(), 1);
    assert_eq!(names(&bury).len(), 1, "both of its files are gone");
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
