//! What is published is whole, readable, inside its folder, and untouched where nothing changed.

use super::*;
use std::os::unix::fs::MetadataExt;
use tempfile::TempDir;

fn feeds() -> (TempDir, FilePublish) {
    let folder = tempfile::tempdir().unwrap();
    let publish = FilePublish::open(folder.path().join("feeds")).unwrap();
    (folder, publish)
}

async fn put(publish: &FilePublish, path: &str, bytes: &[u8]) -> io::Result<()> {
    publish.publish(path.to_owned(), bytes.to_vec()).await
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_published_file_is_readable_by_all_in_folders_made_for_it() {
    let (_folder, publish) = feeds();
    put(&publish, "council/trafford-council.xml", b"<rss/>").await.unwrap();
    let file = publish.root.join("council/trafford-council.xml");
    assert_eq!(fs::read(&file).unwrap(), b"<rss/>");
    assert_eq!((mode(&file), mode(&publish.root), mode(&publish.root.join("council"))), (0o644, 0o755, 0o755));
    assert_eq!(names(&publish.root.join("council")), ["trafford-council.xml"], "nothing is left beside it");
}

#[tokio::test]
async fn a_changed_file_is_replaced_and_an_equal_one_left_alone() {
    let (_folder, publish) = feeds();
    let inode = || fs::metadata(publish.root.join("all.xml")).unwrap().ino();
    put(&publish, "all.xml", b"one").await.unwrap();
    let first = inode();
    put(&publish, "all.xml", b"one").await.unwrap();
    assert_eq!(inode(), first);
    // A reader that has the old file open goes on reading the old bytes.
    let mut reader = File::open(publish.root.join("all.xml")).unwrap();
    put(&publish, "all.xml", b"two").await.unwrap();
    assert_eq!(fs::read(publish.root.join("all.xml")).unwrap(), b"two");
    assert_eq!(io::read_to_string(&mut reader).unwrap(), "one");
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let (folder, publish) = feeds();
    for path in ["../x", "a/../../x", "/x", "/etc/x", "", ".", "./x", "..", "a/..", "a/", "a\\..\\x", "a\0b"] {
        let error = put(&publish, path, b"x").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{path:?}");
    }
    assert_eq!(names(folder.path()), ["feeds"]);
    assert!(names(&publish.root).is_empty());
}

#[tokio::test]
async fn what_a_crash_left_is_removed_at_the_next_start_and_nothing_else() {
    let (folder, publish) = feeds();
    put(&publish, "council/a.xml", b"a").await.unwrap();
    fs::write(publish.root.join(".all.xml.7-0.tmp"), b"half").unwrap();
    fs::write(publish.root.join("council/.a.xml.7-1.tmp"), b"half").unwrap();
    fs::write(publish.root.join("notes.tmp"), b"an admin's").unwrap();
    FilePublish::open(folder.path().join("feeds")).unwrap();
    assert_eq!(names(&publish.root), ["council", "notes.tmp"]);
    assert_eq!(names(&publish.root.join("council")), ["a.xml"]);
}

#[tokio::test]
async fn many_writes_of_one_file_at_once_leave_one_of_them_whole() {
    let (_folder, publish) = feeds();
    let bodies: Vec<Vec<u8>> = (0..16_u8).map(|n| vec![n; 50_000]).collect();
    let writes = bodies.iter().map(|body| put(&publish, "deep/er/all.xml", body));
    futures::future::try_join_all(writes).await.unwrap();
    let present = fs::read(publish.root.join("deep/er/all.xml")).unwrap();
    assert!(bodies.contains(&present));
    assert_eq!(names(&publish.root.join("deep/er")), ["all.xml"]);
}

#[tokio::test]
async fn a_write_that_cannot_happen_says_so_and_leaves_nothing() {
    let (_folder, publish) = feeds();
    fs::create_dir(publish.root.join("all.xml")).unwrap();
    fs::write(publish.root.join("all.xml/x"), b"x").unwrap();
    assert!(put(&publish, "all.xml", b"new").await.is_err());
    assert_eq!(names(&publish.root), ["all.xml"]);
    fs::write(publish.root.join("plain"), b"a file").unwrap();
    assert!(put(&publish, "plain/all.xml", b"new").await.is_err());
}

#[test]
fn a_private_file_is_private_whatever_stood_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail/1.eml");
    write_durably(&path, b"one", 0o600).unwrap();
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    write_durably(&path, b"two", 0o600).unwrap();
    assert_eq!((fs::read(&path).unwrap().as_slice(), mode(&path)), (b"two".as_slice(), 0o600));
}

#[test]
fn a_new_file_never_takes_the_place_of_one_that_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sources/news.toml");
    create_durably(&path, b"first", 0o644).unwrap();
    let refused = create_durably(&path, b"second", 0o644).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"first");
    assert_eq!(names(&dir.path().join("sources")), ["news.toml"], "nothing is left aside");
}
