//! Pages kept, found and swept.

use super::{Page, Retention, SnapshotError, Snapshots};
use crate::domain::source::SourceId;
use chrono::{DateTime, TimeDelta, Utc};
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
        body: body.into(),
    }
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

#[tokio::test]
async fn a_page_is_kept_with_what_is_known_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let kept = snapshots.record(&source("bury"), page("https://bury.example/a", 0, "words")).await.unwrap().unwrap();
    assert_eq!(kept.sha256, "dba36bffa5cab0f922d087a3aeb179f9d4e745df40b323e1b1471402848c8a3e");
    assert_eq!(
        names(&folder.path().join("bury")),
        ["json", "zst"].map(|end| format!("20260301T090000000Z-{}.{end}", &kept.sha256[..16]))
    );
    let (found, body) = snapshots.latest(&source("bury"), &kept.url).await.unwrap().unwrap();
    assert_eq!((found, body), (kept, b"words".to_vec()));
}

#[tokio::test]
async fn the_same_page_again_is_not_kept_again_but_another_is() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let bury = source("bury");
    let is_kept = async |page| snapshots.record(&bury, page).await.unwrap().is_some();
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
    let kept = snapshots.record(&source("bury"), page("https://bury.example/a", 0, "one")).await.unwrap().unwrap();
    let file = pages_in(&folder.path().join("bury")).remove(0);
    fs::write(file, zstd::encode_all(&b"two"[..], 3).unwrap()).unwrap();
    let found = snapshots.latest(&source("bury"), &kept.url).await;
    assert!(matches!(found, Err(SnapshotError::Damaged { .. })));
}

#[tokio::test]
async fn the_old_go_but_the_newest_of_each_address_stays() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    for day in 0..5 {
        let body = format!("day {day}");
        snapshots.record(&source("bury"), page("https://bury.example/a", day, &body)).await.unwrap();
    }
    snapshots.record(&source("torbay"), page("https://torbay.example/a", 0, "old")).await.unwrap();
    snapshots.record(&source("bury"), page("https://bury.example/b", 0, "as it still is")).await.unwrap();
    let now = start() + TimeDelta::days(5);
    assert_eq!(snapshots.sweep(now, ALL).await.unwrap(), 0);
    assert_eq!(snapshots.sweep(now, Retention { keep: DAY * 3, ..ALL }).await.unwrap(), 3);
    assert_eq!(pages_in(&folder.path().join("bury")).len(), 3);
    assert_eq!(names(&folder.path().join("bury")).len(), 6);
    assert_eq!(pages_in(&folder.path().join("torbay")).len(), 1);
}

#[tokio::test]
async fn the_oldest_go_until_the_limits_on_number_and_size_hold() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    for day in 0..6 {
        let id = ["bury", "torbay"][usize::try_from(day % 2).unwrap()];
        snapshots.record(&source(id), page("https://council.example/a", day, &format!("day {day}"))).await.unwrap();
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
    let first = snapshots.record(&source("bury"), page("https://bury.example/a", 0, "words")).await.unwrap().unwrap();
    snapshots.record(&source("bury"), page("https://bury.example/a", 1, "other words")).await.unwrap().unwrap();
    let (found, body) = snapshots.by_hash(&source("bury"), &first.sha256).await.unwrap().unwrap();
    assert_eq!((found, body.as_slice()), (first.clone(), b"words".as_slice()));
    assert_eq!(snapshots.by_hash(&source("bury"), &"0".repeat(64)).await.unwrap(), None);
    assert_eq!(snapshots.by_hash(&source("torbay"), &first.sha256).await.unwrap(), None);
    for body in pages_in(&folder.path().join("bury")) {
        fs::write(body, "not what was packed").unwrap();
    }
    let refused = snapshots.by_hash(&source("bury"), &first.sha256).await;
    assert!(matches!(refused, Err(SnapshotError::Damaged { .. })), "{refused:?}");
}
